"""What a run shows, and the score that the README quotes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from mutation.atelier import SANS_FIN

SCORE = Path(__file__).parent / "score.json"
# The least share of the mutants of the formulas that a test must notice.
MINIMUM_DES_FORMULES = 0.95


class Preuve(Protocol):
    """Why a mutant cannot be noticed."""

    def couvre(self, mutant: Any) -> bool:
        """Whether it is about a mutant."""

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Bilan:
    """A run.

    Attributes:
        mutants, tues, prouves: how many were tried, were noticed, survive with a reason.
        sans_fin: how many of those noticed never end.
        survivants: those that survive.
        inattendus: those of them that survive without a reason.
        sans_objet: reasons given for what a test notices; after a whole run, for no survivor too.
        fichiers: digest of each file that was changed, as it was then.
    """

    mutants: int
    tues: int
    prouves: int
    sans_fin: int
    survivants: tuple[str, ...]
    inattendus: tuple[str, ...]
    sans_objet: tuple[str, ...]
    fichiers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def de(
        cls, essais: Mapping[Any, str | None], preuves: Sequence[Preuve], entier: bool
    ) -> "Bilan":
        """What some tries show.

        Args:
            essais: what killed each mutant, None = it survived.
            preuves: the reasons given.
            entier: every mutant was tried, so a reason that serves for none is one too many.
        """
        survivants = [mutant for mutant, tueur in essais.items() if tueur is None]
        tues = [mutant for mutant, tueur in essais.items() if tueur is not None]
        inattendus = [m for m in survivants if not any(p.couvre(m) for p in preuves)]
        dementies = [p for p in preuves if any(p.couvre(m) for m in tues)]
        vaines = [p for p in preuves if entier and not any(p.couvre(m) for m in survivants)]
        return cls(
            mutants=len(essais),
            tues=len(tues),
            prouves=len(survivants) - len(inattendus),
            sans_fin=sum(tueur == SANS_FIN for tueur in essais.values()),
            survivants=tuple(sorted(map(str, survivants))),
            inattendus=tuple(sorted(map(str, inattendus))),
            sans_objet=tuple(map(str, [*dementies, *vaines])),
        )

    @property
    def part_tuee(self) -> float:
        """Share of the mutants that a test notices."""
        return self.tues / self.mutants if self.mutants else 1.0

    @property
    def reussi(self) -> bool:
        """Whether nothing survives without a reason, and no reason is idle."""
        return not self.inattendus and not self.sans_objet

    def en_donnees(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "mutants": self.mutants,
            "tues": self.tues,
            "prouves": self.prouves,
            "sans_fin": self.sans_fin,
            "part_tuee": round(self.part_tuee, 4),
            "survivants": list(self.survivants),
            "inattendus": list(self.inattendus),
            "preuves_sans_objet": list(self.sans_objet),
            "fichiers": dict(self.fichiers),
        }


def afficher(quoi: str, bilan: Bilan) -> str:
    """A run, told to people."""
    tete = (
        f"{quoi} : {bilan.mutants} mutants, {bilan.tues} tués ({100 * bilan.part_tuee:.1f} %), "
        f"{bilan.prouves} survivants justifiés, {len(bilan.inattendus)} inattendus."
    )
    survit = [f"  survit : {mutant}" for mutant in bilan.inattendus]
    vains = [f"  justification sans objet : {preuve}" for preuve in bilan.sans_objet]
    return "\n".join([tete, *survit, *vains])


def ecrire_le_score(lot: str, bilan: Bilan, commande: str) -> None:
    """Write what the README quotes of a run, in place of its parts and beside the others.

    Args:
        lot: what was changed; "formules", or "formules" and a path.
        bilan: the run, of the whole lot.
        commande: what runs it again.
    """
    score = json.loads(SCORE.read_text("utf-8")) if SCORE.exists() else {}
    score = {nom: dit for nom, dit in score.items() if not nom.startswith((f"{lot} ", f"{lot}/"))}
    score[lot] = {
        "date": datetime.now(UTC).date().isoformat(),
        "commande": commande,
        "mutants": bilan.mutants,
        "tues": bilan.tues,
        "part_tuee": round(bilan.part_tuee, 4),
        "prouves": bilan.prouves,
        "inattendus": len(bilan.inattendus),
    }
    SCORE.write_text(json.dumps(score, ensure_ascii=False, indent=2) + "\n", "utf-8")


def tableau(score: Mapping[str, Mapping[str, Any]]) -> str:
    """The table of the README; a sentence while no whole run is recorded."""
    if not score:
        return "No whole run is recorded yet: `make mutation` writes `mutation/score.json`."
    lignes = [
        f"| {lot} | {dit['mutants']} | {dit['tues']} ({100 * dit['part_tuee']:.1f} %) "
        f"| {dit['prouves']} | {dit['date']} | `{dit['commande']}` |"
        for lot, dit in score.items()
    ]
    tete = "| changed | mutants | killed | surviving, with the proof | on | by |"
    return "\n".join([tete, "|---|---|---|---|---|---|", *lignes])
