"""A tree of arithmetic (see `arbre`) in French, line by line.

`lignes` gives `{"niveau", "marque", "texte", "indifferent"}`: how deep the line is, « oui » or
« non » for a condition, « → » for the line of a table that is kept, the words, and whether the
result would be the same without it. `chiffres` gives an arithmetic expression with figures alone.
Both read nothing but the tree and the labels of the law.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any

from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.affichage import en_mots, minuscule
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.tracabilite.explication.groupe import au_defaut

INCONNUE = "non connue"
Noeud = dict[str, Any]
Ligne = dict[str, Any]
_Nommer = Callable[[Noeud], str]

# From the loosest to the tightest; what is not here is said by a turn of phrase, or alone.
_PRIORITES = {"ou": 2, "et": 2, "+": 5, "-": 5, "*": 6, "/": 6}
_TOURNURE, _COMPARAISON, _ATOME = 1, 4, 9
_SIGNES = {
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "÷",
    "et": "et",
    "ou": "ou",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "==": "=",
    "!=": "≠",
}
_TOURNURES = {
    "annee": "année de {0}",
    "anniversaire": "anniversaire, en {1}, de : {0}",
    "anniversaire_a_venir": "premier anniversaire de : {0}, à partir de : {1}",
    "arrondi_au_centime": "{0}, arrondi au centime",
    "arrondi_au_patient": "{0} × {1}, arrondi au patient",
    "atteint": "{0} ≥ {1} × {2}",
    "borne": "{0}, borné entre {1} et {2}",
    "dans_l_annee": "{0} tombe en {1}",
    "depasse": "{0} > {1} × {2}",
    "echeance_annuelle": "échéance en {2}, au pas de : {1}, depuis : {0}",
    "maximum": "le plus grand de : {0} ; {1}",
    "meme_nom": "{0} ; à défaut : {2}",
    "minimum": "le plus petit de : {0} ; {1}",
    "non": "l’inverse de : {0}",
    "oppose": "−{0}",
    "part_courue": "jours de : {0}, jusqu’à : {2}, sur les jours jusqu’à : {1}",
    "plus_annees": "{0} + {1}",
    "plus_haute": "la plus haute de : {0} ; {1}",
    "plus_mois": "{0} + {1}",
    "premiere_echeance": "première échéance en {2}, au pas de : {1}, depuis : {0}",
    "rapport": "{0} ÷ {1}",
    "seconde_echeance": "seconde échéance en {2}, au pas de : {1}, depuis : {0}",
}
# Turns of phrase that read as one of the signs above.
_COMME_UN_SIGNE = {"atteint": 4, "depasse": 4, "plus_annees": 5, "plus_mois": 5, "rapport": 6}
_ARITHMETIQUES = ("+", "-", "*", "/", "arrondi_au_centime", "arrondi_au_patient", "rapport")
_PERCENTILE = re.compile(r"\bp(\d\d)\b")


def etiquette(variable: Any) -> str:
    """Label of a variable, its name without one; core lays that of a neutralised one in a tuple."""
    label = variable.label
    return str((label[0] if isinstance(label, tuple) else label) or variable.name)


class Vocabulaire:
    """Labels, units and words of a law.

    Args:
        systeme: a tax-benefit system.
        periode: period that goes without saying; None = every one does.
    """

    def __init__(self, systeme: Any, periode: str | None = None) -> None:
        self._systeme = systeme
        self._periode = periode
        # A reform may bring its own.
        self._enumerations = {
            variable.possible_values.__name__: variable.possible_values
            for variable in systeme.variables.values()
            if variable.value_type is Enum
        }

    def a(self, periode: str) -> "Vocabulaire":
        """The same words, for a result of that period."""
        autre = copy(self)
        autre._periode = periode
        return autre

    def noeud(self, chemin: str) -> Any:
        """A table or a figure of the law, by its path."""
        noeud = self._systeme.parameters
        for nom in chemin.split("."):
            noeud = noeud.children[nom]
        return noeud

    def valeur(self, noeud: Noeud) -> str:
        """The value of an object of the tree, in words."""
        valeur, enumeration = noeud["valeur"], noeud.get("enumeration")
        if enumeration is not None:
            return minuscule(str(self._enumerations[enumeration][valeur].value))
        if noeud["genre"] == "parametre":
            return self._figure(noeud)
        if noeud["genre"] == "variable":
            variable = self._systeme.variables[noeud["variable"]]
            if (dit := au_defaut(variable, valeur)) is not None:
                return dit
            sans_compte = valeur == variable.default_value == -1
            return INCONNUE if sans_compte else en_mots(valeur, variable.unit)
        if noeud["genre"] == "constante" and type(valeur) is int:
            return str(valeur)  # 0, 1, a year
        return "non publié" if valeur is None else en_mots(valeur)

    def _figure(self, noeud: Noeud) -> str:
        valeur = noeud["valeur"]
        if noeud["parametre"] is None:
            return "non publié" + ("" if valeur is None else f", lu comme {en_mots(valeur)}")
        if valeur is None:
            return "sans objet à cette date"
        metadonnees = self.noeud(noeud["parametre"]).metadata
        mots = metadonnees.get("valeurs", {})
        return str(mots[valeur]) if valeur in mots else en_mots(valeur, metadonnees.get("unit"))

    def mot(self, parametre: Noeud, mot: Noeud) -> str:
        """A word that a figure of the law is compared with, as the law spells it out."""
        valeurs = self.noeud(parametre["table"]).metadata.get("valeurs", {})
        return str(valeurs.get(mot["valeur"], mot["valeur"]))

    def nom(self, noeud: Noeud) -> str:
        """What an object of the tree is called."""
        if noeud["genre"] == "variable":
            label = etiquette(self._systeme.variables[noeud["variable"]])
            tue = self._periode is None or noeud["periode"] in (self._periode, TOUJOURS)
            precisions = [] if tue else [noeud["periode"]]
            return ", ".join((minuscule(label), *precisions, *filter(None, [noeud.get("membre")])))
        if noeud["genre"] == "parametre":
            return self._table(noeud)
        return "médecins du cabinet" if noeud.get("de") else str(noeud.get("nom", ""))

    def _table(self, noeud: Noeud) -> str:
        chemin = noeud["table"]
        if chemin.startswith("lectures."):
            return f"lecture {chemin.removeprefix('lectures.')}"
        description = self.noeud(chemin).description or chemin
        titre, *precisions = description.split(" — ")
        details = [*precisions, *(self.valeur(cle) for cle in noeud["cles"])]
        entre_crochets = f" [{', '.join(details)}]" if details else ""
        return minuscule(titre) + _PERCENTILE.sub(r"P\1", entre_crochets)


# --- Lines ----------------------------------------------------------------------------------------


def lignes(calcul: dict[str, Any], mots: Vocabulaire) -> list[Ligne]:
    """The arithmetic of a result, line by line: its sub-results first."""
    resultat: list[Ligne] = []
    for definition in calcul["definitions"]:
        expression = definition["expression"]
        resultat.append(_ligne(0, "", f"{definition['nom']} :", expression))
        resultat += _developper(expression, mots, 1)
    return [*resultat, *_developper(calcul["resultat"], mots, 0)]


def _ligne(niveau: int, marque: str, texte: str, noeud: Noeud) -> Ligne:
    indifferent = bool(noeud.get("indifferent"))
    return {"niveau": niveau, "marque": marque, "texte": texte, "indifferent": indifferent}


def _developper(noeud: Noeud, mots: Vocabulaire, niveau: int) -> list[Ligne]:
    if noeud["genre"] == "choix":
        return list(_choix(noeud, mots, niveau))
    marque = "" if not isinstance(noeud["valeur"], bool) else "oui" if noeud["valeur"] else "non"
    termes = _termes(noeud)
    if len(termes) == 1:
        ligne = _ligne(niveau, marque, phrase(noeud, mots), noeud)
        return [ligne, *_tables_dites(noeud.get("arguments", ()), mots, niveau + 1)]
    titre = "toutes ces conditions" if noeud["operateur"] == "et" else "l’une de ces conditions"
    sous_lignes = (ligne for terme in termes for ligne in _developper(terme, mots, niveau + 1))
    return [_ligne(niveau, marque, f"{titre} :", noeud), *sous_lignes]


def _termes(noeud: Noeud) -> list[Noeud]:
    """Terms of a chain of « et », or of « ou »."""
    operateur = noeud.get("operateur")
    if operateur not in ("et", "ou"):
        return [noeud]
    return [
        terme
        for argument in noeud["arguments"]
        for terme in (_termes(argument) if argument.get("operateur") == operateur else [argument])
    ]


def _choix(noeud: Noeud, mots: Vocabulaire, niveau: int) -> Iterator[Ligne]:
    """Lines of a table, up to the one that is kept."""
    for rang, ligne in enumerate(noeud["lignes"]):
        si = f"si {phrase(ligne['condition'], mots)}"
        if rang == noeud["retenue"]:
            yield from _retenue(f"{si} :", ligne["valeur"], mots, niveau)
            return
        valeur = ligne["valeur"]
        donne = f" : {mots.valeur(valeur)}" if valeur["genre"] == "constante" else ""
        yield _ligne(niveau, "non", si + donne, ligne["condition"])
        yield from _tables_dites([ligne["condition"]], mots, niveau + 1)
    yield from _retenue("sinon :", noeud["sinon"], mots, niveau)


def _retenue(debut: str, valeur: Noeud, mots: Vocabulaire, niveau: int) -> Iterator[Ligne]:
    if valeur["genre"] == "choix" or len(_termes(valeur)) > 1:
        yield _ligne(niveau, "→", debut, valeur)
        yield from _developper(valeur, mots, niveau + 1)
    else:
        yield _ligne(niveau, "→", f"{debut} {phrase(valeur, mots)}", valeur)
        yield from _tables_dites([valeur], mots, niveau + 1)


def _tables_dites(noeuds: Iterable[Noeud], mots: Vocabulaire, niveau: int) -> Iterator[Ligne]:
    """Lines of the tables that a phrase tells by what they come to."""
    for noeud in noeuds:
        if noeud["genre"] == "choix":
            yield from _choix(noeud, mots, niveau)
        else:
            yield from _tables_dites(noeud.get("arguments", ()), mots, niveau)


# --- Phrases --------------------------------------------------------------------------------------


def phrase(noeud: Noeud, mots: Vocabulaire) -> str:
    """An object of the tree on one line: names, each with its value."""

    def nommer(feuille: Noeud) -> str:
        nom = mots.nom(feuille)
        return f"{nom} ({mots.valeur(feuille)})" if nom else mots.valeur(feuille)

    return _dire(noeud, nommer, mots)[0]


def chiffres(calcul: dict[str, Any], mots: Vocabulaire, resultat: str) -> str | None:
    """The arithmetic of a result with figures alone; None where there is nothing to work out."""
    definitions = {d["nom"]: d["expression"] for d in calcul["definitions"]}
    noeud = _retenu(calcul["resultat"])
    while noeud["genre"] == "nom":
        noeud = _retenu(definitions[noeud["nom"]])
    if noeud.get("operateur") == "borne":
        noeud = _retenu(noeud["arguments"][0])
    if noeud.get("operateur") not in _ARITHMETIQUES:
        return None

    return f"{_dire(_en_chiffres(noeud), mots.valeur, mots)[0]} = {resultat}"


def _en_chiffres(noeud: Noeud) -> Noeud:
    """The same arithmetic with nothing but figures: a truth is 0 or 1, a day its year."""
    noeud = _retenu(noeud)
    if isinstance(noeud["valeur"], bool) or noeud.get("operateur") == "annee":
        return {"genre": "constante", "valeur": int(noeud["valeur"])}
    if noeud["genre"] != "operation":
        return noeud
    return {**noeud, "arguments": [_en_chiffres(argument) for argument in noeud["arguments"]]}


def _retenu(noeud: Noeud) -> Noeud:
    """What a choice comes to."""
    while noeud["genre"] == "choix":
        retenue = noeud["retenue"]
        noeud = noeud["sinon"] if retenue is None else noeud["lignes"][retenue]["valeur"]
    return noeud


def _dire(noeud: Noeud, nommer: _Nommer, mots: Vocabulaire) -> tuple[str, int]:
    """The words, and how tightly they hold together."""
    noeud = _retenu(noeud)
    if noeud["genre"] != "operation":
        return nommer(noeud), _ATOME
    operateur, arguments = noeud["operateur"], noeud["arguments"]
    if operateur == "est":
        parametre, mot = arguments
        return f"{nommer(parametre)} = « {mots.mot(parametre, mot)} »", _COMPARAISON
    if operateur in _TOURNURES:
        return _tournure(noeud, nommer, mots)
    priorite = _PRIORITES.get(operateur, _COMPARAISON)
    parts = []
    for rang, argument in enumerate(arguments):
        texte, sienne = _dire(argument, nommer, mots)
        meme = sienne == priorite and _retenu(argument).get("operateur") != operateur
        serre = sienne < priorite or (meme and (rang or operateur in ("et", "ou")))
        parts.append(f"({texte})" if serre or _soustraite(operateur, rang, sienne) else texte)
    return f" {_SIGNES[operateur]} ".join(parts), priorite


def _soustraite(operateur: str, rang: int, priorite: int) -> bool:
    """Whether an operand on the right of a subtraction, or of a division, needs brackets."""
    return operateur in ("-", "/") and rang == 1 and priorite == _PRIORITES[operateur]


def _tournure(noeud: Noeud, nommer: _Nommer, mots: Vocabulaire) -> tuple[str, int]:
    operateur, arguments = noeud["operateur"], noeud["arguments"]
    seule = operateur in ("arrondi_au_centime", "non")
    parties = []
    for argument in arguments:
        texte, priorite = _dire(argument, nommer, mots)
        serre = priorite < (_PRIORITES["et"] + 1 if seule else _ATOME)
        parties.append(f"({texte})" if serre else texte)
    return _TOURNURES[operateur].format(*parties), _COMME_UN_SIGNE.get(operateur, _TOURNURE)
