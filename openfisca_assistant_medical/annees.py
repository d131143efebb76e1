"""The calendar years that may be asked for: those in which a contract year may start."""

from collections.abc import Iterable
from numbers import Integral
from typing import TypeGuard

ANNEES = range(1900, 9998)  # the two years after each are still in the calendar
ANNEES_DITES = f"de {ANNEES[0]} à {ANNEES[-1]}"
ANNEES_PAR_DEFAUT = 10
_LONG = 60


def est_une_annee(valeur: object) -> TypeGuard[int]:
    """Whether it is a whole number, and one of these years."""
    return isinstance(valeur, Integral) and not isinstance(valeur, bool) and int(valeur) in ANNEES


class AnneeRefusee(ValueError):
    """A year that is none of these; the message says which are."""


def verifier_les_annees(annees: Iterable[object]) -> list[int]:
    """These years, each once, in order.

    Raises:
        AnneeRefusee: one that may not be asked for.
    """
    demandees: list[int] = []
    for annee in annees:
        if not est_une_annee(annee):
            recu = repr(annee)
            raise AnneeRefusee(
                f"Années : reçu {recu if len(recu) <= _LONG else recu[:_LONG] + '…'} ; attendu : "
                f"des années {ANNEES_DITES}, comme 2024."
            )
        demandees.append(int(annee))
    return sorted(set(demandees))


def premieres_annees(debut: int) -> range:
    """The first years from one on, ten where the calendar has them."""
    premiere = min(debut, ANNEES[-1])
    return range(premiere, min(premiere + ANNEES_PAR_DEFAUT, ANNEES.stop))
