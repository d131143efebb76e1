"""Refusals of a situation: the field, what was given, what is accepted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Erreur:
    """One field refused.

    Attributes:
        champ: path of the field (doctor, variable, period), separated by « / ».
        recu: what was given.
        attendu: what is accepted.
    """

    champ: str
    recu: str
    attendu: str

    def __str__(self) -> str:
        return f"{self.champ} : reçu {self.recu} ; attendu : {self.attendu}."


class SituationInvalide(ValueError):
    """A situation that cannot be computed; `erreurs` holds all its refusals, one a field."""

    def __init__(self, erreurs: Iterable[Erreur]) -> None:
        self.erreurs = list(erreurs)
        super().__init__("\n".join(map(str, self.erreurs)))


def montrer(valeur: Any) -> str:
    """A value given, as a message shows it: short, and told apart from its text."""
    if isinstance(valeur, dict | list):
        return (
            f"{'un objet' if isinstance(valeur, dict) else 'une liste'} de {len(valeur)} élément(s)"
        )
    texte = json.dumps(valeur, ensure_ascii=False, default=str)
    return texte if len(texte) <= 60 else f"{texte[:59]}…"


def sous(champ: str, cle: Any) -> str:
    """Path of a field inside another."""
    nom = str(cle)[:100]
    return f"{champ}/{nom}" if champ else nom


def mauvais_sommet(champ: str, brut: Any) -> Erreur:
    """Refusal of what is neither a situation nor the fields of one doctor."""
    return Erreur(
        champ,
        montrer(brut),
        "un objet « medecins » (et, au besoin, « cabinets »), ou les champs d’un seul médecin, "
        "comme date_signature",
    )
