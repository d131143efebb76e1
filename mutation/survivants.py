"""The mutants that no test can notice, each with its reason: two files of YAML beside this one."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mutation import chiffres, formules

FICHIER = Path(__file__).parent / "survivants.yaml"
FICHIER_DES_FORMULES = Path(__file__).parent / "survivants_formules.yaml"
GENRES = ("date", "valeur")


@dataclass(frozen=True)
class Preuve:
    """Why no computed result can depend on some figures.

    Attributes:
        parametres: paths of figures or of tables of figures.
        depuis: their date, None = all.
        valeur: their value, None = all; devient: what takes its place, None = whatever does.
        genres: what of them cannot be noticed, their dates, their values.
        sens: for a date, -1 the day before, 1 the day after, None = both.
        pourquoi: the proof.
    """

    parametres: tuple[str, ...]
    depuis: str | None
    valeur: Any
    devient: Any
    genres: tuple[str, ...]
    sens: int | None
    pourquoi: str

    def __str__(self) -> str:
        return f"{', '.join(self.parametres)} : {self.pourquoi}"

    def couvre(self, mutant: chiffres.Mutant) -> bool:
        """Whether the proof is about a mutant."""
        sens = _sens(mutant)
        return (
            ("date" if sens else "valeur") in self.genres
            and self.depuis in (None, mutant.depuis)
            and self.valeur in (None, mutant.valeur)
            and self.devient in (None, mutant.autre_valeur)
            and (not sens or self.sens in (None, sens))
            and any(_dessous(mutant.parametre, chemin) for chemin in self.parametres)
        )


@dataclass(frozen=True)
class Equivalence:
    """Why some changes of a formula change no result.

    Attributes:
        fichiers: paths within the package.
        avant: the line that changes; apres: what it becomes, None = whatever it becomes.
        pourquoi: the reason.
    """

    fichiers: tuple[str, ...]
    avant: str
    apres: tuple[str, ...] | None
    pourquoi: str

    def __str__(self) -> str:
        return f"{', '.join(self.fichiers)} : {self.avant} : {self.pourquoi}"

    def couvre(self, mutant: formules.Mutant) -> bool:
        """Whether the reason is about a mutant."""
        ici = mutant.fichier in self.fichiers and mutant.avant == self.avant
        return ici and (self.apres is None or mutant.apres in self.apres)


@cache
def preuves() -> tuple[Preuve, ...]:
    """What `survivants.yaml` says.

    Raises:
        ValueError: an entry is not one.
    """
    return tuple(map(_preuve, _entrees(FICHIER)))


@cache
def preuves_des_formules() -> tuple[Equivalence, ...]:
    """What `survivants_formules.yaml` says.

    Raises:
        ValueError: an entry is not one.
    """
    return tuple(map(_equivalence, _entrees(FICHIER_DES_FORMULES)))


def _entrees(fichier: Path) -> list[dict[str, Any]]:
    entrees: list[dict[str, Any]] = yaml.safe_load(fichier.read_text("utf-8")) or []
    for entree in entrees:
        if not str(entree.get("pourquoi", "")).strip():
            raise ValueError(f"{fichier.name} : il manque « pourquoi » : {entree}")
    return entrees


def _preuve(entree: dict[str, Any]) -> Preuve:
    genres = tuple(entree.get("genres", GENRES))
    if set(genres) - set(GENRES):
        raise ValueError(f"{FICHIER.name} : genre inconnu : {entree}")
    sens = {None: None, "veille": -1, "lendemain": 1}[entree.get("sens")]
    parametres = tuple(entree["parametres"])
    depuis, valeur, devient = (entree.get(cle) for cle in ("depuis", "valeur", "devient"))
    return Preuve(parametres, depuis, valeur, devient, genres, sens, entree["pourquoi"].strip())


def _equivalence(entree: dict[str, Any]) -> Equivalence:
    apres = entree.get("apres")
    return Equivalence(
        tuple(entree["fichiers"]),
        entree["avant"],
        None if apres is None else tuple(apres),
        entree["pourquoi"].strip(),
    )


def _sens(mutant: chiffres.Mutant) -> int:
    return (mutant.autre_depuis > mutant.depuis) - (mutant.autre_depuis < mutant.depuis)


def _dessous(parametre: str, chemin: str) -> bool:
    return parametre == chemin or parametre.startswith(f"{chemin}.")
