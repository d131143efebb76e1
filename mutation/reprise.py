"""Trying again only what survives in a report; the rest is as it tells, in files that stand."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation.cas import PAQUET
from mutation.formules import Mutant


def empreinte(fichier: str) -> str:
    """Digest of a file of the package."""
    return hashlib.sha256((PAQUET / fichier).read_bytes()).hexdigest()


def empreintes(chemins: Iterable[Path]) -> dict[str, str]:
    """Digest of some files, by their path within the package."""
    fichiers = sorted({str(chemin.relative_to(PAQUET)) for chemin in chemins})
    return {fichier: empreinte(fichier) for fichier in fichiers}


@dataclass(frozen=True)
class Reprise:
    """What a report of the formulas tells.

    Attributes:
        fichiers: digest of each file, when its mutants were tried.
        survivants: those that survived, with a reason or not.
    """

    fichiers: dict[str, str]
    survivants: frozenset[str]

    @classmethod
    def lire(cls, rapport: Path) -> "Reprise":
        """Read what `formules --json` wrote.

        Raises:
            ValueError: it is no such report.
        """
        try:
            dit: dict[str, Any] = json.loads(rapport.read_text("utf-8"))["formules"]
            return cls(dict(dit["fichiers"]), frozenset(dit["survivants"]))
        except (OSError, ValueError, KeyError, TypeError) as erreur:
            raise ValueError(f"« {rapport} » is no report of the formulas: {erreur!r}.") from None

    def sait_tue(self, mutant: Mutant) -> bool:
        """Whether it was noticed, in a file that has not changed since."""
        inchange = self.fichiers.get(mutant.fichier) == empreinte(mutant.fichier)
        return inchange and str(mutant) not in self.survivants
