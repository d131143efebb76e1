"""What people type, read as values of the model, and the other way round.

Numbers are read the French way: « 1 200 », « 12,5 »; « 1.200 » and « 1,200 » could mean two things
and are refused. Days are read as a date field sends them (2024-07-01) or as people write them
(01/07/2024). Nothing is guessed and nothing is dropped.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.situations.valeurs import (
    LIMITE_EUROS,
    LIMITE_PATIENTS,
    PREMIER_JOUR,
    en_milliers,
)

OUI, NON = "oui", "non"
ESPACES = re.compile("[\u00a0\u2009\u202f]")
_ENTIER = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?: [0-9]{3}){1,3}")
_DECIMAL = re.compile(rf"(?P<entier>{_ENTIER.pattern})(?:[.,](?P<decimales>[0-9]{{1,2}}))?")
_ISO = re.compile(r"(?P<an>[0-9]{4})-(?P<mois>[0-9]{2})-(?P<jour>[0-9]{2})")
_JOUR = re.compile(r"(?P<jour>[0-9]{1,2})/(?P<mois>[0-9]{1,2})/(?P<an>[0-9]{4})")
_DERNIER_JOUR = date(2099, 12, 31)  # beyond, a year is a slip: 2204 for 2024
_LIMITE_BLOCS = 100


class Illisible(ValueError):
    """A text that is not a value; the message is what is accepted."""


def lire(variable: Any, texte: str) -> Any:
    """Value of a text that is not empty, as `situations.verifier` takes it.

    Args:
        variable: an input of the model.
        texte: as it was typed.

    Raises:
        Illisible: not a value of this variable, or one that would mean « not given ».
    """
    return _LECTEURS[genre(variable)](variable, " ".join(ESPACES.sub(" ", texte).split()))


def ecrire(variable: Any, valeur: Any) -> str:
    """The text that `lire` reads as this value; empty for a box that is not ticked."""
    sorte = genre(variable)
    if sorte == "case":
        return OUI if valeur else ""
    if sorte == "oui_non":
        return OUI if valeur else NON
    if sorte == "pourcent":
        return _court(Decimal(str(valeur)) * 100)
    if sorte == "euros":
        return _court(Decimal(str(valeur)))
    return str(valeur)


def genre(variable: Any) -> str:
    """How an input is asked for."""
    sorte = variable.value_type
    if sorte is Enum:
        return "liste"
    if sorte is bool:
        return "oui_non" if variable.default_value else "case"
    if sorte is date:
        return "date"
    if sorte is int:
        return "entier"
    return {"/1": "pourcent", "currency": "euros"}[variable.unit]


def _court(nombre: Decimal) -> str:
    return f"{nombre.normalize():f}".replace(".", ",")


def _membre(variable: Any, texte: str) -> str:
    if texte in variable.possible_values.__members__:
        return texte
    raise Illisible("un des choix de la liste")


def _oui_non(variable: Any, texte: str) -> bool:
    if texte in (OUI, NON):
        return texte == OUI
    raise Illisible("oui ou non")


def _date(variable: Any, texte: str) -> str:
    attendu = "un jour qui existe, de 1900 à 2099, écrit jj/mm/aaaa"
    lu = _ISO.fullmatch(texte) or _JOUR.fullmatch(texte)
    if lu is None:
        raise Illisible(attendu)
    try:
        lue = date(int(lu["an"]), int(lu["mois"]), int(lu["jour"]))
    except ValueError:
        raise Illisible(attendu) from None
    if not PREMIER_JOUR <= lue <= _DERNIER_JOUR:
        raise Illisible(attendu)
    return lue.isoformat()


def _entier(variable: Any, texte: str) -> int:
    maximum = LIMITE_PATIENTS if variable.unit == "patient" else _LIMITE_BLOCS
    minimum = 1 if variable.unit == "patient" and variable.default_value == 0 else 0
    lu = int(texte.replace(" ", "")) if _ENTIER.fullmatch(texte) else -1
    if minimum <= lu <= maximum:
        return lu
    vide = ", ou rien s’il n’y en a pas" if minimum else ""
    raise Illisible(f"un nombre entier de {minimum} à {en_milliers(maximum)}, comme 1 200{vide}")


def _decimal(texte: str) -> Decimal | None:
    lu = _DECIMAL.fullmatch(texte)
    if lu is None:
        return None
    return Decimal(f"{lu['entier'].replace(' ', '')}.{lu['decimales'] or 0}")


def _pourcent(variable: Any, texte: str) -> float:
    lu = _decimal(texte.removesuffix("%").strip())
    if lu is None or lu > 100:
        raise Illisible("un pourcentage de 0 à 100, avec deux décimales au plus, comme 87,5")
    return float(lu / 100)


def _euros(variable: Any, texte: str) -> float:
    lu = _decimal(texte.removesuffix("€").strip())
    if lu is None or not 0 < lu <= LIMITE_EUROS:
        raise Illisible("un montant en euros, plus que 0, comme 38 000 ou 38000,50")
    return float(lu)


_LECTEURS: dict[str, Callable[[Any, str], Any]] = {
    "liste": _membre,
    "case": _oui_non,
    "oui_non": _oui_non,
    "date": _date,
    "entier": _entier,
    "pourcent": _pourcent,
    "euros": _euros,
}
