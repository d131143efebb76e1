"""What a file of reform holds, each value with its line, and its faults.

Words are those of YAML 1.2 but for `24_200`, a number where the groups are thousands, and `0700`,
which is none.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from openfisca_assistant_medical import ecrits
from openfisca_assistant_medical.ecrits import Accroc, Ecrit, Illisible

LIMITE_OCTETS = 200_000
_ENTIER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,15}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,4})")
_DECIMAL = re.compile(rf"(?:{_ENTIER.pattern})\.[0-9]{{1,15}}")
_MOTS = {"": None, "~": None, "null": None, "true": True, "false": False}

montrer = partial(
    ecrits.montrer, objet="un bloc de champs ({})", liste="une liste ({})", rien="rien"
)


@dataclass(frozen=True)
class Faute:
    """One fault of a reform.

    Attributes:
        lieu: file, and line where there is one.
        champ: what it is about: a path, a date, a field; empty = the whole file.
        recu: what was written.
        attendu: what is accepted, with the remedy.
    """

    lieu: str
    champ: str
    recu: str
    attendu: str

    def __str__(self) -> str:
        ou = f"{self.lieu} : {self.champ}" if self.champ else self.lieu
        return f"{ou} : reçu {self.recu} ; attendu : {self.attendu}."


def lire(octets: bytes, nom: str) -> tuple[Ecrit | None, list[Faute]]:
    """Read the content of a file.

    Args:
        octets: its content.
        nom: how the file is named to people.

    Returns:
        The mapping at its top, None where it cannot be read; and the faults.
    """
    try:
        ecrit, accrocs = ecrits.lire(ecrits.decoder(octets, LIMITE_OCTETS), nom, _mot)
    except Illisible as illisible:
        return None, [_faute(accroc, nom) for accroc in illisible.accrocs]
    if not isinstance(ecrit.valeur, dict):
        attendu = "des champs, comme « titre: … » et « valeurs: … »"
        return None, [Faute(nom, "", montrer(ecrit.nu()), attendu)]
    return ecrit, [_faute(accroc, nom) for accroc in accrocs]


def _faute(accroc: Accroc, nom: str) -> Faute:
    lieu = f"{nom}, ligne {accroc.ligne}" if accroc.ligne else nom
    attendu = accroc.attendu
    if accroc.genre == "taille":
        attendu += " : les chiffres qui changent"
    champ = str(accroc.champs[-1]) if accroc.genre == "doublon" else ""
    return Faute(lieu, champ, accroc.recu, attendu)


def _mot(texte: str) -> Any:
    """Value of a word without quotes."""
    if texte.lower() in _MOTS:
        return _MOTS[texte.lower()]
    if _ENTIER.fullmatch(texte):
        return int(texte)
    return float(texte) if _DECIMAL.fullmatch(texte) else texte
