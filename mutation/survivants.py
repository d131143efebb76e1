"""The mutants that no test can notice, each with its proof: `survivants.yaml`."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mutation.chiffres import Mutant

FICHIER = Path(__file__).parent / "survivants.yaml"
GENRES = ("date", "valeur")


@dataclass(frozen=True)
class Preuve:
    """Why no computed result can depend on some figures.

    Attributes:
        parametres: paths of figures or of tables of figures.
        depuis: their date, None = all.
        genres: what of them cannot be noticed, their dates, their values.
        sens: for a date, -1 the day before, 1 the day after, None = both.
        pourquoi: the proof.
    """

    parametres: tuple[str, ...]
    depuis: str | None
    genres: tuple[str, ...]
    sens: int | None
    pourquoi: str

    def couvre(self, mutant: Mutant) -> bool:
        """Whether the proof is about a mutant."""
        sens = _sens(mutant)
        return (
            ("date" if sens else "valeur") in self.genres
            and self.depuis in (None, mutant.depuis)
            and (not sens or self.sens in (None, sens))
            and any(_dessous(mutant.parametre, chemin) for chemin in self.parametres)
        )


@cache
def preuves() -> tuple[Preuve, ...]:
    """What `survivants.yaml` says.

    Raises:
        ValueError: an entry is not one.
    """
    return tuple(map(_lire, yaml.safe_load(FICHIER.read_text("utf-8")) or []))


def sans_objet(survivants: Collection[Mutant], mutants: Collection[Mutant]) -> list[Preuve]:
    """Proofs that cover no survivor of a whole run, or cover a mutant that a test noticed."""
    vivants = set(survivants)
    return [
        preuve
        for preuve in preuves()
        if not (couverts := {m for m in mutants if preuve.couvre(m)}) or couverts - vivants
    ]


def _lire(entree: Any) -> Preuve:
    genres = tuple(entree.get("genres", GENRES))
    if not entree["pourquoi"].strip() or set(genres) - set(GENRES):
        raise ValueError(f"{FICHIER.name} : entrée mal formée : {entree}")
    return Preuve(
        tuple(entree["parametres"]),
        entree.get("depuis"),
        genres,
        {None: None, "veille": -1, "lendemain": 1}[entree.get("sens")],
        entree["pourquoi"],
    )


def _sens(mutant: Mutant) -> int:
    return (mutant.autre_depuis > mutant.depuis) - (mutant.autre_depuis < mutant.depuis)


def _dessous(parametre: str, chemin: str) -> bool:
    return parametre == chemin or parametre.startswith(f"{chemin}.")
