"""Refusals of a situation: the field, what was given, what is accepted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openfisca_assistant_medical.ecrits import montrer

__all__ = ["Erreur", "SituationInvalide", "mauvais_sommet", "montrer", "sous"]


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
