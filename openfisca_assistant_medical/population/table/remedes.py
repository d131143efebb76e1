"""What is said of a cell that is refused: what was given, what is accepted, and the remedy."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from openfisca_assistant_medical.population.table.entetes import Champ
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.situations.valeurs import LECTEURS, Refus

_SANS_VALEUR = ("na", "n/a", "nan", "null", "none", "nd", "nc", "-", "?", ".")
_SI_INCONNUE = "Remède : laisser la cellule vide (null) quand la valeur n’est pas connue."


def valeur_de(cellules: pa.Array, rang: int) -> Any:
    """A cell as a message shows it: a word, a number, a boolean, or None."""
    cellule = cellules[rang]
    if pa.types.is_date64(cellules.type) and cellule.is_valid:
        cellule = cellules.slice(rang, 1).cast(pa.timestamp("ms"))[0]
    try:
        valeur = cellule.as_py()
    except (OverflowError, ValueError):  # a day that Python cannot write
        return f"{cellule.value} après le 1970-01-01"
    return str(valeur) if isinstance(valeur, date | Decimal) else valeur


def attendu_de(variable: Any, valeur: Any) -> str:
    """What a variable accepts, as the front door says it of a value that it refuses.

    Args:
        variable: the variable.
        valeur: what was given; None = nothing, which resembles nothing.
    """
    try:
        LECTEURS[variable.value_type](variable, valeur)
    except Refus as refus:
        return str(refus).replace(", sans guillemets", "")
    return "une autre valeur"


def raison(champ: Champ, valeur: Any, *, rapprocher: bool = True) -> str:
    """Why a value is refused, and the remedy.

    Args:
        champ: the column.
        valeur: what was given.
        rapprocher: say which word it may have been.
    """
    suite = remede(valeur, champ.variable.value_type) or "Remède : corriger la cellule" + (
        "." if champ.obligatoire else ", ou la vider si la valeur n’est pas connue."
    )
    return f"attendu : {attendu_de(champ.variable, valeur if rapprocher else None)}. {suite}"


def remede(valeur: Any, genre: Any) -> str:
    """The remedy of the usual slips; empty for the others.

    Args:
        valeur: what was given.
        genre: type of the variable.
    """
    if isinstance(valeur, float) and valeur != valeur:
        return _SI_INCONNUE
    if not isinstance(valeur, str):
        return ""
    if valeur != valeur.strip():
        return "Remède : retirer les espaces autour de la valeur."
    if valeur.lower() in _SANS_VALEUR:
        return _SI_INCONNUE
    return _REMEDES[genre](valeur) if genre in _REMEDES else ""


def _remede_d_un_nombre(texte: str) -> str:
    if "," in texte:
        return f"Remède : écrire le point décimal, {montrer(texte.replace(',', '.'))}."
    if any(signe.isspace() or signe in "'’_" for signe in texte):
        return "Remède : écrire les chiffres sans séparateur de milliers."
    return "Remède : écrire le nombre seul, sans unité." * texte[:1].isdigit()


def _remede_d_un_entier(texte: str) -> str:
    entier, point, suite = texte.partition(".")
    if point and entier.lstrip("-").isdigit() and not suite.strip("0"):
        return f"Remède : écrire {entier}, sans décimales."
    if "," in texte or (point and suite.isdigit()):
        return "Remède : écrire un nombre entier, sans décimales ni séparateur."
    return _remede_d_un_nombre(texte) if not texte.lstrip("-").isdigit() else ""


def _remede_d_un_jour(texte: str) -> str:
    if len(texte) > len("AAAA-MM-JJ") and texte[4:5] == "-":
        return f"Remède : retirer l’heure, {montrer(texte[:10])}."
    if "/" in texte or "." in texte:
        return "Remède : écrire l’année, le mois puis le jour, comme 2024-09-02."
    return ""


def _remede_d_un_booleen(texte: str) -> str:
    return "Remède : écrire vrai ou faux (true ou false)."


_REMEDES: dict[Any, Callable[[str], str]] = {
    int: _remede_d_un_entier,
    float: _remede_d_un_nombre,
    date: _remede_d_un_jour,
    bool: _remede_d_un_booleen,
}
