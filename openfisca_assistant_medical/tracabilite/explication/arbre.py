"""The arithmetic of one result: a formula's syntax tree, worked out on the trace of its computing.

A formula is read as it is written, and each of its operations is done again for one doctor, on the
values that the trace holds: nothing is told beside the code, so an explanation cannot drift from
it. What comes out is a tree of plain data, one object an operation:

- `{"genre": "variable", "variable", "periode"}`: the value of another variable; `membre` names the
  doctor, where a practice asks it of each of its own (see `groupe`);
- `{"genre": "parametre", "parametre", "table", "cles", "lu_au", "depuis"}`: a figure of the law,
  in force since `depuis`, read in a table by its keys at a day, themselves objects of this kind;
  without a figure in force, `parametre` and `depuis` are null and `valeur` is what the formula
  reads instead;
- `{"genre": "constante"}`: what the formula writes, or (`de`) what it asks of the practice;
- `{"genre": "operation", "operateur", "arguments"}`: see `OPERATIONS`;
- `{"genre": "choix", "lignes": [{"condition", "valeur"}], "sinon", "retenue"}`: the first line
  whose condition holds; `retenue` is its rank, null for `sinon`;
- `{"genre": "nom", "nom"}`: a sub-result given once, under `definitions`.

Each has its `valeur` (dates in ISO, Enums by name, null for no number) and, for an Enum,
`enumeration`. `"indifferent": true` marks what could change without changing the result: the other
terms of a product by zero, the lines under the one that is kept.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter
from openfisca_core.periods import DateUnit, Period

from openfisca_assistant_medical import droit
from openfisca_assistant_medical.droit.tables import Mention
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.tracabilite.explication import groupe as du_groupe

# Operators of the language, then functions of `droit` and of NumPy, as the tree names them.
_BINAIRES = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "et",
    ast.BitOr: "ou",
}
_UNAIRES = {ast.Invert: "non", ast.USub: "oppose"}
_COMPARAISONS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_FONCTIONS: dict[Any, str] = {
    numpy.maximum: "maximum",
    numpy.minimum: "minimum",
    droit.annee: "annee",
    droit.anniversaire: "anniversaire",
    droit.anniversaire_a_venir: "anniversaire_a_venir",
    droit.arrondi_au_centime: "arrondi_au_centime",
    droit.arrondi_au_patient: "arrondi_au_patient",
    droit.atteint: "atteint",
    droit.dans_l_annee: "dans_l_annee",
    droit.depasse: "depasse",
    droit.echeance_annuelle: "echeance_annuelle",
    droit.meme_nom: "meme_nom",
    droit.part_courue: "part_courue",
    droit.plus_annees: "plus_annees",
    droit.plus_haute: "plus_haute",
    droit.plus_mois: "plus_mois",
    droit.premiere_echeance: "premiere_echeance",
    droit.rapport: "rapport",
    droit.seconde_echeance: "seconde_echeance",
}
OPERATIONS = frozenset(
    [
        *_BINAIRES.values(),
        *_UNAIRES.values(),
        *_COMPARAISONS.values(),
        *_FONCTIONS.values(),
        "borne",  # value, lowest, highest
        "est",  # a word of the law, and the word it is compared with
    ]
)


class FormuleIllisible(Exception):
    """A formula that uses more of Python than this module reads."""


class _HorsAgregat(FormuleIllisible):
    """What each member has, where no aggregate says which one is asked."""


@dataclass(eq=False, slots=True)
class Expression:
    """One operation of a formula, with its value for one doctor."""

    genre: str
    valeur: Any
    arguments: tuple["Expression", ...] = ()
    champs: dict[str, Any] = field(default_factory=dict)
    nom_local: str | None = None
    decisive: bool = False
    pivot: bool = False

    @property
    def variable(self) -> bool:
        """Whether it is the value of another variable."""
        return self.genre == "variable"

    def feuilles(self, decisives: bool = True) -> Iterator["Expression"]:
        """Variables and figures it comes from, in reading order, once each.

        Args:
            decisives: those alone that the result hangs on.
        """
        vues: set[int] = set()
        pile = [self]
        while pile:
            expression = pile.pop()
            if id(expression) in vues or (decisives and not expression.decisive):
                continue
            vues.add(id(expression))
            if expression.genre in ("variable", "parametre"):
                yield expression
            pile.extend(reversed(expression.arguments))


# --- Values as plain data -------------------------------------------------------------------------


def en_clair(valeur: Any) -> Any:
    """A value of the model as JSON holds it: ISO dates, names of Enums, None for no number."""
    if isinstance(valeur, EnumArray):
        return valeur.decode_to_str()[0].item()
    if isinstance(valeur, Enum):
        return valeur.name
    if isinstance(valeur, type):
        return valeur.__name__
    if isinstance(valeur, numpy.ndarray):
        valeur = valeur[0] if valeur.ndim else valeur[()]
    if isinstance(valeur, numpy.datetime64):
        return str(valeur.astype("datetime64[D]"))
    if isinstance(valeur, numpy.generic):
        valeur = valeur.item()
    if isinstance(valeur, float):
        return None if valeur != valeur else valeur + 0.0  # NaN is no number, -0.0 is 0
    if valeur is None or isinstance(valeur, (bool, int, str)):
        return valeur
    return str(valeur)


def enumeration(valeur: Any) -> str | None:
    """Name of the Enum of a value."""
    if isinstance(valeur, EnumArray):
        nom: str = valeur.possible_values.__name__
        return nom
    return type(valeur).__name__ if isinstance(valeur, Enum) else None


def rangee(valeurs: Any, rang: int) -> Any:
    """One row of what was computed for all of them."""
    if isinstance(valeurs, EnumArray):
        codes = valeurs.view(numpy.ndarray)[rang : rang + 1]
        return EnumArray(codes, valeurs.possible_values)
    return valeurs[rang : rang + 1]


# --- The trace, for one doctor --------------------------------------------------------------------


class _Traceur:
    """Figures read since last asked."""

    def __init__(self) -> None:
        self.lus: list[tuple[str, str, Any]] = []

    def record_parameter_access(self, chemin: str, depuis: str, valeur: Any) -> None:
        self.lus.append((chemin, depuis, valeur))


class _Simulation:
    """What `droit_au` asks of a simulation."""

    trace = True

    def __init__(self, systeme: Any) -> None:
        self.tax_benefit_system = systeme
        self.tracer = _Traceur()


class _Medecin:
    """One doctor of the persons of a formula."""

    def __init__(self, simulation: _Simulation) -> None:
        self.simulation = simulation


@dataclass(frozen=True, slots=True)
class _Texte:
    """A node of the law, and the day it is read at."""

    loi: Any
    jour: Any


@dataclass(frozen=True, slots=True)
class _Mot:
    """A word of the law, as it was read."""

    mention: Mention
    expression: Expression


@dataclass(frozen=True, slots=True)
class _Personnes:
    """The persons of a formula, or what leads from them to the practice."""

    objet: Any
    chemin: str = ""


@dataclass(frozen=True, slots=True)
class _Methode:
    """A method of what stands for a doctor's value, or for the law."""

    objet: Any
    nom: str


_D_UN_MEDECIN = (Expression, _Texte, _Mot, _Personnes, _Methode)


class Formule:
    """A formula worked out again for one doctor.

    Args:
        fonction: the formula.
        systeme: the law it runs under.
        personnes: the persons of the simulation, or the practices of a formula about them.
        periode: the period it is asked for.
        lire: value of a variable for a period, shape (n,), as the trace holds it.
        rang: rank of the doctor, or of the practice.
    """

    def __init__(
        self,
        fonction: Any,
        systeme: Any,
        personnes: Any,
        periode: Period,
        lire: Callable[[str, Any], Any],
        rang: int,
    ) -> None:
        self._lire = lire
        self._personnes = personnes
        self._rang = rang
        self._membre: int | None = None  # row of the doctor that an aggregate has come to
        self._simulation = _Simulation(systeme)
        self._variables = systeme.variables
        self._globales, noeud = _syntaxe(fonction)
        noms = [argument.arg for argument in noeud.args.args]
        donnes = (_Personnes(personnes), periode)
        if len(noms) != len(donnes):
            raise FormuleIllisible(f"une formule de {len(noms)} arguments")
        self._noms: dict[str, Any] = dict(zip(noms, donnes, strict=True))
        self._corps = noeud.body

    def expression(self) -> Expression:
        """The tree of the result.

        Raises:
            FormuleIllisible: the formula uses more of Python than this module reads.
        """
        try:
            resultat = self._executer(self._corps)
        except FormuleIllisible:
            raise
        except Exception as erreur:  # whatever a formula may raise on one row
            raise FormuleIllisible(f"{type(erreur).__name__} : {erreur}") from erreur
        if not isinstance(resultat, Expression):
            resultat = _constante(resultat)
        for marque in ("decisive", "pivot"):
            _marquer(resultat, marque)
        return resultat

    # Statements.

    def _executer(self, corps: list[ast.stmt]) -> Any:
        for instruction in corps:
            resultat = self._instruction(instruction)
            if resultat is not None:
                return resultat
        return None

    def _instruction(self, noeud: ast.stmt) -> Any:
        if isinstance(noeud, ast.Return) and noeud.value is not None:
            return self._evaluer(noeud.value)
        if isinstance(noeud, ast.Assign) and len(noeud.targets) == 1:
            self._poser(noeud.targets[0], self._evaluer_ou_differer(noeud.value))
        elif isinstance(noeud, ast.For) and not noeud.orelse:
            for element in self._iterer(self._evaluer(noeud.iter)):
                self._poser(noeud.target, element)
                if (resultat := self._executer(noeud.body)) is not None:
                    return resultat
        elif not (isinstance(noeud, ast.Expr) and isinstance(noeud.value, ast.Constant)):
            raise FormuleIllisible(f"« {ast.unparse(noeud).splitlines()[0]} »")
        return None

    def _iterer(self, valeur: Any) -> Any:
        if isinstance(valeur, (tuple, list)):
            return valeur
        raise FormuleIllisible("une boucle sur autre chose qu’une suite écrite dans la formule")

    def _poser(self, cible: ast.expr, valeur: Any) -> None:
        if isinstance(cible, ast.Tuple):
            for sous_cible, element in zip(cible.elts, self._iterer(valeur), strict=True):
                self._poser(sous_cible, element)
        elif isinstance(cible, ast.Name):
            if isinstance(valeur, Expression) and valeur.genre in ("operation", "choix"):
                valeur.nom_local = valeur.nom_local or cible.id
            self._noms[cible.id] = valeur
        else:
            raise FormuleIllisible(f"« {ast.unparse(cible)} »")

    # Expressions: an `Expression` where a doctor's value is at stake, else a Python object.

    def _evaluer_ou_differer(self, noeud: ast.expr) -> Any:
        """What a name is given; left for the aggregate that will say of whom, if it has to."""
        if isinstance(noeud, ast.Tuple):
            return tuple(self._evaluer_ou_differer(element) for element in noeud.elts)
        try:
            return self._evaluer(noeud)
        except _HorsAgregat:
            return du_groupe.Differee(noeud)

    def _evaluer(self, noeud: ast.expr) -> Any:
        lecteur = getattr(self, f"_lire_{type(noeud).__name__.lower()}", None)
        if lecteur is None:
            raise FormuleIllisible(f"« {ast.unparse(noeud)} »")
        return lecteur(noeud)

    def _lire_constant(self, noeud: ast.Constant) -> Any:
        return noeud.value

    def _lire_tuple(self, noeud: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self._evaluer(element) for element in noeud.elts)

    def _lire_name(self, noeud: ast.Name) -> Any:
        if noeud.id in self._noms:
            connu = self._noms[noeud.id]
            return self._evaluer(connu.noeud) if isinstance(connu, du_groupe.Differee) else connu
        if noeud.id in self._globales:
            return self._globales[noeud.id]
        raise FormuleIllisible(f"« {noeud.id} »")

    def _lire_binop(self, noeud: ast.BinOp) -> Any:
        return self._operer(_BINAIRES, noeud.op, noeud.left, noeud.right)

    def _lire_unaryop(self, noeud: ast.UnaryOp) -> Any:
        return self._operer(_UNAIRES, noeud.op, noeud.operand)

    def _lire_compare(self, noeud: ast.Compare) -> Any:
        if len(noeud.ops) > 1:
            raise FormuleIllisible(f"« {ast.unparse(noeud)} »")
        return self._operer(_COMPARAISONS, noeud.ops[0], noeud.left, noeud.comparators[0])

    def _operer(self, operateurs: dict[Any, str], operateur: Any, *noeuds: ast.expr) -> Any:
        nom = operateurs.get(type(operateur))
        if nom is None:
            raise FormuleIllisible(f"l’opérateur {type(operateur).__name__}")
        valeurs = [self._evaluer(noeud) for noeud in noeuds]
        calculer = _CALCULS[nom]
        if not any(isinstance(valeur, Expression) for valeur in valeurs):
            return calculer(*valeurs)
        arguments = tuple(_constante(valeur) for valeur in valeurs)
        return _operation(nom, calculer(*(a.valeur for a in arguments)), arguments)

    def _lire_attribute(self, noeud: ast.Attribute) -> Any:
        objet = self._evaluer(noeud.value)
        if isinstance(objet, _Texte):
            if noeud.attr == "lire":
                return _Methode(objet, "lire")
            if isinstance(objet.loi._noeud.children.get(noeud.attr), Parameter):
                return self._figure(objet, (noeud.attr,), {})
            return _Texte(getattr(objet.loi, noeud.attr), objet.jour)
        if isinstance(objet, _Personnes):
            chemin = f"{objet.chemin}.{noeud.attr}".lstrip(".")
            return _Personnes(getattr(objet.objet, noeud.attr), chemin)
        if isinstance(objet, (Expression, _Mot)):
            return _Methode(objet, noeud.attr)
        return getattr(objet, noeud.attr)

    def _lire_subscript(self, noeud: ast.Subscript) -> Any:
        objet = self._evaluer(noeud.value)
        if not isinstance(objet, _Texte):
            raise FormuleIllisible(f"« {ast.unparse(noeud)} »")
        cles = self._evaluer(noeud.slice)
        return self._figure(objet, cles if isinstance(cles, tuple) else (cles,), {})

    def _lire_call(self, noeud: ast.Call) -> Any:
        fonction = self._evaluer(noeud.func)
        if isinstance(fonction, _Personnes) and fonction.chemin in du_groupe.AGREGATS:
            return self._agreger(fonction, noeud)
        arguments = [self._evaluer(argument) for argument in noeud.args]
        nommes = {str(cle.arg): self._evaluer(cle.value) for cle in noeud.keywords}
        if isinstance(fonction, _Personnes):
            demander = self._du_groupe if fonction.chemin else self._variable
            return demander(*((fonction,) if fonction.chemin else ()), *arguments, **nommes)
        if isinstance(fonction, _Methode):
            return self._methode(fonction, arguments, nommes)
        if fonction is droit.droit_au:
            return self._droit_au(arguments[1])
        if fonction is droit.selon:
            return self._selon(arguments, nommes["sinon"])
        return self._appeler(fonction, [*arguments, *nommes.values()], arguments, nommes)

    def _appeler(
        self, fonction: Any, tous: list[Any], arguments: list[Any], nommes: dict[str, Any]
    ) -> Any:
        if not any(isinstance(valeur, _D_UN_MEDECIN) for valeur in tous):
            return fonction(*arguments, **nommes)
        nom = _FONCTIONS.get(fonction)
        if nom is None:
            raise FormuleIllisible(f"la fonction {getattr(fonction, '__name__', fonction)}")
        valeur = fonction(
            *(_valeur_de(a) for a in arguments), **{cle: _valeur_de(a) for cle, a in nommes.items()}
        )
        return _operation(nom, valeur, tuple(_constante(a) for a in tous))

    # What formulas call.

    def _variable(self, nom: str, periode: Any) -> Expression:
        return self._de_la_ligne(nom, periode, self._rang)

    def _de_la_ligne(self, nom: str, periode: Any, rang: int) -> Expression:
        """Value of a variable for one row of its entity."""
        eternelle = self._variables[nom].definition_period == DateUnit.ETERNITY
        champs = {"variable": nom, "periode": TOUJOURS if eternelle else str(periode)}
        return Expression("variable", rangee(self._lire(nom, periode), rang), (), champs)

    def _droit_au(self, jour: Any) -> _Texte:
        jours = _valeur_de(jour)
        return _Texte(droit.droit_au(_Medecin(self._simulation), jours), jour)

    def _figure(self, texte: _Texte, cles: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """A figure of the law, with where it comes from."""
        loi, self._simulation.tracer.lus = texte.loi, []
        lue = loi.lire(*(_valeur_de(cle) for cle in cles), **options)
        noeud, noms = loi._noeud, cles
        if len(cles) == 1 and isinstance(cles[0], str):
            noeud, noms = noeud.children[cles[0]], ()
        chemin, depuis, valeur = next(iter(self._simulation.tracer.lus), (None, None, None))
        champs = {
            "parametre": chemin,
            "table": noeud.name,
            "depuis": depuis,
        }
        arguments = tuple(_constante(cle) for cle in (*noms, texte.jour))
        if isinstance(lue, Mention):
            return _Mot(lue, Expression("parametre", valeur, arguments, champs))
        return Expression("parametre", lue, arguments, champs)

    def _selon(self, lignes: list[Any], sinon: Any) -> Expression:
        paires = [(_constante(condition), _constante(valeur)) for condition, valeur in lignes]
        defaut = _constante(sinon)
        valeur = droit.selon(
            *((_valeur_de(condition), _valeur_de(valeur)) for condition, valeur in paires),
            sinon=_valeur_de(sinon),
        )
        retenue = next((r for r, (c, _) in enumerate(paires) if numpy.all(c.valeur)), None)
        return Expression(
            "choix", valeur, (*(e for p in paires for e in p), defaut), {"retenue": retenue}
        )

    def _methode(self, methode: _Methode, arguments: list[Any], nommes: dict[str, Any]) -> Any:
        objet, nom = methode.objet, methode.nom
        if isinstance(objet, _Texte):
            return self._figure(objet, tuple(arguments), nommes)
        if isinstance(objet, _Mot) and nom == "est":
            (mot,) = arguments
            return _operation("est", objet.mention.est(mot), (objet.expression, _constante(mot)))
        if isinstance(objet, _Mot) and nom == "parmi":
            lue = objet.mention.parmi(*arguments, **nommes)
            return Expression("parametre", lue, objet.expression.arguments, objet.expression.champs)
        if isinstance(objet, Expression) and nom == "clip":
            bornes = tuple(_constante(a) for a in arguments)
            return _operation("borne", objet.valeur.clip(*arguments), (objet, *bornes))
        raise FormuleIllisible(f"la méthode {nom}")

    def _agreger(self, methode: _Personnes, noeud: ast.Call) -> Expression:
        """What a practice makes of its doctors: its argument is read once for each of them."""
        if len(noeud.args) != 1 or noeud.keywords or self._membre is not None:
            raise FormuleIllisible(f"« {ast.unparse(noeud)} »")
        termes = []
        for ligne in du_groupe.lignes_des_membres(self._personnes, self._rang):
            self._membre = int(ligne)
            try:
                termes.append(_constante(self._evaluer(noeud.args[0])))
            finally:
                self._membre = None
        return du_groupe.enchainer(methode.chemin, termes, _operation, _constante)  # type: ignore[no-any-return]

    def _d_un_membre(self, nom: str, periode: Any) -> Expression:
        """`cabinets.members("x", period)`, for the doctor that an aggregate has come to."""
        if self._membre is None:
            raise _HorsAgregat(f"« {nom} » de chaque médecin, hors d’une somme")
        lue = self._de_la_ligne(nom, periode, self._membre)
        lue.champs["membre"] = str(self._personnes.members.ids[self._membre])
        return lue

    def _du_cabinet(self, nom: str, periode: Any) -> Expression:
        """`medecins.cabinet("x", period)`: the value of the practice of the doctor."""
        groupe = du_groupe.groupe_de(self._personnes.simulation.populations)
        return self._de_la_ligne(nom, periode, int(groupe.members_entity_id[self._rang]))

    def _du_groupe(self, groupe: _Personnes, *arguments: Any) -> Expression:
        """What is asked of the group, such as `medecins.cabinet.nb_persons()`."""
        if arguments and groupe.chemin in (du_groupe.MEMBRES, du_groupe.CABINET):
            demander = self._d_un_membre if groupe.chemin == du_groupe.MEMBRES else self._du_cabinet
            return demander(*arguments)
        if arguments:  # a variable asked there would be told nowhere
            raise FormuleIllisible(f"« {groupe.chemin} » avec des arguments")
        valeurs = numpy.asarray(groupe.objet())
        return Expression("constante", rangee(valeurs, self._rang), (), {"de": groupe.chemin})


def _operation(nom: str, valeur: Any, arguments: tuple[Expression, ...]) -> Expression:
    return Expression("operation", valeur, arguments, {"operateur": nom})


def _constante(valeur: Any) -> Expression:
    return valeur if isinstance(valeur, Expression) else Expression("constante", valeur)


def _valeur_de(valeur: Any) -> Any:
    return valeur.valeur if isinstance(valeur, Expression) else valeur


_CALCULS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "et": lambda a, b: a & b,
    "ou": lambda a, b: a | b,
    "non": lambda a: ~a,
    "oppose": lambda a: -a,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@lru_cache(maxsize=512)
def _syntaxe(fonction: Any) -> tuple[dict[str, Any], ast.FunctionDef]:
    """Names that a formula sees, and its syntax tree."""
    try:
        module = ast.parse(textwrap.dedent(inspect.getsource(fonction)))
    except (OSError, TypeError, SyntaxError) as erreur:
        raise FormuleIllisible("le texte de la formule est introuvable") from erreur
    (noeud,) = module.body
    if not isinstance(noeud, ast.FunctionDef):
        raise FormuleIllisible("une formule qui n’est pas une fonction écrite par « def »")
    vues = inspect.getclosurevars(fonction)
    return {**vues.builtins, **vues.globals, **vues.nonlocals}, noeud


# --- What the result hangs on ---------------------------------------------------------------------


def _marquer(racine: Expression, marque: str) -> None:
    """Mark what the result hangs on: with what is « decisive » held, it cannot change.

    A « pivot » is what nothing else makes up for: of two conditions that fail, neither is one.
    """
    pile = [racine]
    while pile:
        expression = pile.pop()
        if not getattr(expression, marque):
            setattr(expression, marque, True)
            decisifs, un_suffit = _decisifs(expression)
            if marque == "decisive" or not un_suffit or len(decisifs) == 1:
                pile.extend(decisifs)


def _decisifs(expression: Expression) -> tuple[list[Expression], bool]:
    """Terms that a value hangs on, and whether any one of them would do."""
    arguments = list(expression.arguments)
    if expression.genre == "choix":
        retenue = expression.champs["retenue"]
        conditions, valeurs = arguments[:-1:2], arguments[1::2]
        if retenue is None:
            return [*conditions, arguments[-1]], False
        return [*conditions[: retenue + 1], valeurs[retenue]], False
    if expression.genre != "operation":
        return arguments, False
    operateur, valeur = expression.champs["operateur"], en_clair(expression.valeur)
    if operateur == "et" and valeur is False:
        return [a for a in arguments if en_clair(a.valeur) is False], True
    if operateur == "ou" and valeur is True:
        return [a for a in arguments if en_clair(a.valeur) is True], True
    if operateur == "*" and valeur == 0:
        return [a for a in arguments if en_clair(a.valeur) in (0, False)] or arguments, True
    if operateur == "meme_nom" and en_clair(arguments[0].valeur) == valeur:
        return arguments[:2], False
    return arguments, False


# --- The tree as plain data -----------------------------------------------------------------------


def en_donnees(racine: Expression) -> dict[str, Any]:
    """The tree as JSON: `{"definitions": [{"nom", "expression"}], "resultat"}`."""
    parents: dict[int, int] = {}
    ordre: list[Expression] = []
    _compter(racine, parents, ordre)
    noms: dict[int, str] = {}
    for expression in ordre:
        if expression.nom_local and parents[id(expression)] > 1 and expression is not racine:
            base, rang = expression.nom_local, 1
            nom = base
            while nom in noms.values():
                rang += 1
                nom = f"{base}_{rang}"
            noms[id(expression)] = nom
    definitions = [
        {
            "nom": noms[id(e)],
            "expression": _donnees(e, {k: v for k, v in noms.items() if k != id(e)}),
        }
        for e in ordre
        if id(e) in noms
    ]
    return {"definitions": definitions, "resultat": _donnees(racine, noms)}


def _compter(expression: Expression, parents: dict[int, int], ordre: list[Expression]) -> None:
    """Number of parents of each expression, and the order in which they are needed."""
    parents[id(expression)] = parents.get(id(expression), 0) + 1
    if parents[id(expression)] == 1:
        for argument in expression.arguments:
            _compter(argument, parents, ordre)
        ordre.append(expression)


def _donnees(expression: Expression, noms: dict[int, str]) -> dict[str, Any]:
    commun = {"valeur": en_clair(expression.valeur)}
    if (enum := enumeration(expression.valeur)) is not None:
        commun["enumeration"] = enum
    if not expression.decisive:
        commun["indifferent"] = True
    if (nom := noms.get(id(expression))) is not None:
        return {"genre": "nom", "nom": nom, **commun}
    donnees = {"genre": expression.genre, **expression.champs, **commun}
    if expression.genre == "parametre":
        *cles, jour = [_donnees(a, noms) for a in expression.arguments]
        donnees |= {"cles": cles, "lu_au": jour}
    elif expression.genre == "operation":
        donnees["arguments"] = [_donnees(a, noms) for a in expression.arguments]
    elif expression.genre == "choix":
        *lignes, sinon = [_donnees(a, noms) for a in expression.arguments]
        donnees["lignes"] = [
            {"condition": condition, "valeur": valeur}
            for condition, valeur in zip(lignes[::2], lignes[1::2], strict=True)
        ]
        donnees["sinon"] = sinon
    return donnees
