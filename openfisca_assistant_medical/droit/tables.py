"""Legal tables read at a vector of days.

    loi = droit_au(medecins, medecins("date_anniversaire", period))
    montant = loi.aide.montant.lire(option, tranche, rang, sinon=0)

OpenFisca reads parameters at the first day of a period; here each doctor has their own day. The
dates of all parameters cut time into *states of law*; `droit_au` finds the state of each doctor
once, and each table is a dense array (state × axes) read by one flat `take`.

- The axes come from the Enum of each key, or from the children `rang_1`, `rang_2`,
  `rang_3_et_plus` for a whole number; a child that is no member is refused: it is a typo. A rank
  that no child names reads the nearest `rang_N_et_plus` below it, never the line of another rank.
- A `par_defaut` child serves the lines that a table does not spell out, and a value laid above an
  axis serves the whole axis.
- No figure is NaN for a number, and an error, or the explicit `sinon`, for anything else. A
  condition that no text dates yet may be read in the first text that does: `PREMIER_TEXTE`.
"""

import difflib
import re
import threading
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistant_medical.droit.calendrier import AUCUN_JOUR, Dates, Jours
from openfisca_assistant_medical.droit.choix import Membres

PAR_DEFAUT = "par_defaut"
_RANG = re.compile(r"rang_([1-9]\d*)(_et_plus)?")
_ABSENT = object()
# What to read where no text is in force: the first value that a text gave.
PREMIER_TEXTE = object()


class ParametreInconnu(AttributeError):
    """A formula names a parameter that does not exist."""


class AxeRefuse(ValueError):
    """A legal table has a child that is no member of the axis it is read by."""


class FigureAbsente(ValueError):
    """A formula reads a value that is published at no such day, without saying `sinon`."""


class MotInconnu(ValueError):
    """A word that is not among those a parameter may take."""


class _Axe:
    """Names of the lines of one axis, by code."""

    def __init__(self, enumeration: type[Enum] | None, lignes: list[list[str]]) -> None:
        self.enumeration = enumeration
        self.lignes = lignes
        self.noms = {PAR_DEFAUT, *(nom for noms in lignes for nom in noms)}

    def codes(self, cle: Any) -> NDArray[numpy.integer]:
        if self.enumeration is not None:
            return numpy.asarray(cle.view(numpy.ndarray))
        return numpy.asarray(numpy.maximum(numpy.minimum(cle, len(self.lignes) - 1), 0))


def _lignes_des_rangs(dernier: int) -> list[list[str]]:
    """Names that may serve each rank; the last line is that of the ranks after those named."""
    ouverts: list[str] = []
    lignes = [ouverts]
    for rang in range(1, dernier + 1):
        ouverts = [f"rang_{rang}_et_plus", *ouverts]
        lignes.append([f"rang_{rang}", *ouverts])
    return [*lignes, ouverts]


class _Table:
    """One table, dense: a value and the leaf it comes from for each cell."""

    def __init__(
        self, lois: "_Lois", noeud: ParameterNode | Parameter, axes: list[_Axe], combler: bool
    ) -> None:
        self.nom = noeud.name
        self.mots = noeud.metadata.get("valeurs", {})
        self.axes = axes
        cellules = list(self._cellules(lois, noeud))
        if combler:
            par_etat = len(cellules) // len(lois.etats)
            for rang, (valeur, _) in enumerate(cellules):
                if valeur is None:
                    lignes = cellules[rang % par_etat :: par_etat]
                    cellules[rang] = next((c for c in lignes if c[0] is not None), (None, None))
        self.sources = [source for _, source in cellules]
        self.valeurs = [valeur for valeur, _ in cellules]
        genres = {type(valeur) for valeur in self.valeurs if valeur is not None}
        self.textuelle = str in genres
        self.logique = bool in genres
        self.complete = None not in self.valeurs
        self._colonnes: dict[Any, NDArray[Any]] = {}

    def _cellules(self, lois: "_Lois", noeud: Any) -> Iterator[tuple[Any, Any]]:
        chemins: list[list[list[str]]] = [[]]
        for axe in self.axes:
            chemins = [[*chemin, noms] for chemin in chemins for noms in axe.lignes]
        for etat in lois.etats:
            for chemin in chemins:
                yield self._valeur(noeud, chemin, etat)

    def _valeur(self, noeud: Any, chemin: list[list[str]], etat: str | None) -> tuple[Any, Any]:
        """Value at a state of law, and the leaf and date it comes from."""
        if etat is None or [] in chemin:
            return None, None
        if isinstance(noeud, Parameter):
            for valeur in noeud.values_list:
                if valeur.instant_str <= etat:
                    return valeur.value, (noeud.name, valeur.instant_str, valeur.value)
            return None, None
        if not chemin:
            raise AxeRefuse(f"« {noeud.name} » est une table : il manque une clé pour la lire.")
        for nom in (*chemin[0], PAR_DEFAUT):
            if nom in noeud.children:
                valeur, source = self._valeur(noeud.children[nom], chemin[1:], etat)
                if valeur is not None:
                    return valeur, source
        return None, None

    def colonne(self, cle: Any, convertir: Any) -> NDArray[Any]:
        """The cells as a flat array, made once for each way of reading them."""
        colonne = self._colonnes.get(cle)
        if colonne is None:
            colonne = self._colonnes[cle] = numpy.array([convertir(v) for v in self.valeurs])
            colonne.flags.writeable = False
        return colonne


class _Lois:
    """States of law and tables of one tree of parameters."""

    def __init__(self, racine: ParameterNode) -> None:
        self.feuilles = [
            (feuille, feuille.values_list)
            for feuille in ParameterNode.get_descendants(racine)  # what a root adds is not read
            if isinstance(feuille, Parameter)
        ]
        dates = sorted({v.instant_str for _, valeurs in self.feuilles for v in valeurs})
        # Before the first date, and on the day that means "none", no law is in force.
        self.etats: list[str | None] = [None, *dates, None]
        self.dates = Dates(numpy.array([*dates, AUCUN_JOUR], dtype="datetime64[D]"))
        self.tables: dict[Any, _Table] = {}

    def a_jour(self) -> bool:
        """Whether no parameter was updated since the tables were laid."""
        return all(feuille.values_list is valeurs for feuille, valeurs in self.feuilles)

    def table(self, noeud: Any, cles: tuple[Any, ...], combler: bool) -> _Table:
        """The table of a node for such keys, laid once."""
        genre = noeud.name, combler, *(getattr(cle, "possible_values", None) for cle in cles)
        table = self.tables.get(genre)
        if table is None:
            table = self.tables[genre] = _Table(self, noeud, _axes(noeud, cles), combler)
        return table


def _axes(noeud: Any, cles: tuple[Any, ...]) -> list[_Axe]:
    niveaux: list[list[Any]] = [[noeud]]
    for _ in cles:
        niveaux.append([e for n in niveaux[-1] for e in getattr(n, "children", {}).values()])
    axes = []
    for cle, niveau in zip(cles, niveaux, strict=False):
        enfants = {nom for parent in niveau for nom in getattr(parent, "children", {})}
        if isinstance(cle, EnumArray):
            axe = _Axe(cle.possible_values, [[membre.name] for membre in cle.possible_values])
        else:
            rangs = [int(trouve[1]) for nom in enfants if (trouve := _RANG.fullmatch(nom))]
            axe = _Axe(None, _lignes_des_rangs(max(rangs, default=1)))
        if inconnus := sorted(enfants - axe.noms):
            raise AxeRefuse(
                f"« {noeud.name} » : « {inconnus[0]} » n’est pas une ligne de cette table ; "
                f"lignes possibles : {', '.join(sorted(axe.noms))}."
            )
        axes.append(axe)
    return axes


class _Cellules:
    """The cell of a flat table that each doctor reads.

    Args:
        rangs: cells, shape (n,).
        presents: look for the cells that are read at all, as they are few.
    """

    def __init__(self, rangs: NDArray[numpy.integer], presents: bool = False) -> None:
        self.rangs = rangs
        # Below some hundred doctors, reading costs less than knowing what is read.
        seules = presents and len(rangs) > _PETITE_COLONNE
        self._lues = numpy.flatnonzero(numpy.bincount(rangs)).tolist() if seules else []

    def lire(self, colonne: NDArray[Any]) -> NDArray[Any]:
        """The value of each doctor, shape (n,).

        One value for all is shared instead of copied: the array is then read-only.
        """
        if self._lues:
            premiere, *autres = self._lues
            valeur = colonne[premiere]
            if all(colonne[autre] == valeur for autre in autres):
                debut = premiere * colonne.itemsize
                return numpy.ndarray(self.rangs.shape, colonne.dtype, colonne, debut, (0,))
        return colonne.take(self.rangs, mode="clip")  # every cell is one of the column


class _Lecture:
    """What one simulation reads: the tables of its law, at each of its columns of days."""

    def __init__(self, racine: ParameterNode, lois: _Lois) -> None:
        self.racine = racine
        self.lois = lois
        self._colonnes: dict[tuple[int, int], tuple[Jours, Loi]] = {}

    def au(self, jours: Jours, tracer: Any) -> "Loi":
        """The law at each day; laid once for a column that core hands out again."""
        cle = id(jours), id(tracer)  # both are kept below: no other object takes their place
        connue = self._colonnes.get(cle)
        if connue is not None:
            return connue[1]
        etats = self.lois.dates.atteintes(jours)
        loi = Loi(self.lois, _Cellules(etats, presents=True), tracer, self.racine)
        if len(self._colonnes) >= _COLONNES_GARDEES:
            self._colonnes.pop(next(iter(self._colonnes)), None)
        self._colonnes[cle] = (jours, loi)
        return loi


# The signature, and the anniversaries of the year being computed and of its neighbours.
_COLONNES_GARDEES = 4
_PETITE_COLONNE = 500
_VERROU = threading.RLock()
_LOIS: WeakKeyDictionary[ParameterNode, _Lois] = WeakKeyDictionary()
_LECTURES: WeakKeyDictionary[Any, _Lecture] = WeakKeyDictionary()


def _lecture_de(simulation: Any) -> _Lecture:
    """Tables of the law that a simulation runs under.

    They are kept by tree of parameters, so that several systems live side by side, and checked
    once a simulation, so that an update of the parameters shows in the next one.
    """
    racine = simulation.tax_benefit_system.parameters
    lecture = _LECTURES.get(simulation)
    if lecture is not None and lecture.racine is racine:
        return lecture
    with _VERROU:
        lois = _LOIS.get(racine)
        if lois is None or not lois.a_jour():
            lois = _LOIS[racine] = _Lois(racine)
        lecture = _LECTURES[simulation] = _Lecture(racine, lois)
    return lecture


class Mention:
    """A parameter whose value is a word, doctor by doctor."""

    def __init__(self, table: _Table, cellules: "_Cellules") -> None:
        self._table = table
        self._cellules = cellules

    def est(self, mot: str) -> NDArray[numpy.bool_]:
        """Whether the word in force is this one, shape (n,); false where there is none.

        Raises:
            MotInconnu: a word that the parameter cannot take.
        """
        if mot not in self._table.mots:
            raise MotInconnu(_mot_inconnu(self._table, mot, self._table.mots))
        return self._cellules.lire(self._table.colonne(("est", mot), lambda v: v == mot))

    def parmi(self, enumeration: type[Enum], sinon: Enum) -> EnumArray:
        """The word in force as a member of an Enum, shape (n,); `sinon` where there is none.

        Raises:
            MotInconnu: a word that is no member.
        """
        membres = {membre.name: membre.index for membre in enumeration}

        def code(mot: str | None) -> int:
            if mot is not None and mot not in membres:
                raise MotInconnu(_mot_inconnu(self._table, mot, membres))
            index: int = sinon.index if mot is None else membres[mot]
            return index

        codes = self._table.colonne((enumeration, sinon), code).astype(enumeration.indices.dtype)
        return Membres(codes.take(self._cellules.rangs), enumeration)


def _mot_inconnu(table: _Table, mot: str, admis: Any) -> str:
    return f"« {table.nom} » : « {mot} » n’est pas une valeur possible ({', '.join(admis)})."


class Loi:
    """A node of the law, read at the day of each doctor as if it were native."""

    def __init__(self, lois: _Lois, etats: "_Cellules", tracer: Any, noeud: ParameterNode) -> None:
        self._lois = lois
        self._etats = etats
        self._tracer = tracer
        self._noeud = noeud

    def __getattr__(self, nom: str) -> Any:
        enfant = self._enfant(nom)
        if isinstance(enfant, Parameter):
            return self._lire(enfant, (), _ABSENT)
        self.__dict__[nom] = enfant  # found at once the next time
        return enfant

    def __getitem__(self, cles: Any) -> Any:
        return self.lire(*(cles if isinstance(cles, tuple) else (cles,)))

    def lire(self, cle: Any, *autres: Any, sinon: Any = _ABSENT) -> Any:
        """Read a table of this node, or, by its name, a single figure.

        Args:
            cle: the name of a child, or the key of the first axis of this table.
            autres: one key an axis, like the first: an `EnumArray` or whole numbers (ranks),
                shape (n,); none for a child that holds one figure.
            sinon: what to give where no figure is in force; `PREMIER_TEXTE` = the first one.

        Returns:
            float64 or bool array of shape (n,), or a `Mention` for words.

        Raises:
            AxeRefuse: a child of the table is no member of its axis.
            FigureAbsente: a value that is no number is missing, and `sinon` was not said.
        """
        if isinstance(cle, str):
            return self._lire(self._enfant(cle), autres, sinon)
        return self._lire(self._noeud, (cle, *autres), sinon)

    def _enfant(self, nom: str) -> Any:
        enfant = self._noeud.children.get(nom)
        if enfant is None:
            proche = next(iter(difflib.get_close_matches(nom, self._noeud.children)), None)
            remede = f" Le plus proche : « {proche} »." if proche else ""
            chemin = f"{self._noeud.name}.{nom}".lstrip(".")
            raise ParametreInconnu(f"Le paramètre « {chemin} » n’existe pas.{remede}")
        if isinstance(enfant, Parameter):
            return enfant
        return Loi(self._lois, self._etats, self._tracer, enfant)

    def _lire(self, noeud: Any, cles: tuple[Any, ...], sinon: Any) -> Any:
        combler = sinon is PREMIER_TEXTE
        if combler:
            sinon = _ABSENT
        table = self._lois.table(noeud, cles, combler)
        cellules = self._etats
        if cles:
            rangs = cellules.rangs
            for axe, cle in zip(table.axes, cles, strict=True):
                rangs = rangs * len(axe.lignes)
                rangs += axe.codes(cle)
            cellules = _Cellules(rangs)
        if self._tracer is not None:
            self._tracer_lecture(table, cellules.rangs)
        if table.textuelle:
            return Mention(table, cellules)
        if table.logique or isinstance(sinon, bool):
            return self._lire_logique(noeud, table, cellules, sinon)
        manque = numpy.nan if sinon is _ABSENT else sinon
        colonne = table.colonne(manque, lambda v: float(manque if v is None else v))
        return cellules.lire(colonne)

    def _lire_logique(self, noeud: Any, table: _Table, cellules: "_Cellules", sinon: Any) -> Any:
        if sinon is _ABSENT and not table.complete:
            absentes = table.colonne("absentes", lambda v: v is None)
            if cellules.lire(absentes).any():
                raise FigureAbsente(
                    f"« {noeud.name} » n’est pas publié à toutes les dates demandées : "
                    "dire « sinon » pour lire ce qui manque."
                )
        remplace = sinon is True
        colonne = table.colonne(("logique", remplace), lambda v: remplace if v is None else bool(v))
        return cellules.lire(colonne)

    def _tracer_lecture(self, table: _Table, cellules: NDArray[numpy.integer]) -> None:
        for source in dict.fromkeys(table.sources[cellule] for cellule in numpy.unique(cellules)):
            if source is not None:
                self._tracer.record_parameter_access(*source)


def droit_au(population: Any, jours: Jours) -> Loi:
    """The law in force on the day of each doctor.

    Args:
        population: persons of a simulation, n of them.
        jours: one day a person, shape (n,); 9999-12-31 = no law.

    Returns:
        The root of the parameters; see `Loi`.
    """
    simulation = population.simulation
    lecture = _lecture_de(simulation)
    tracer = simulation.tracer if simulation.trace else None
    return lecture.au(jours, tracer)
