"""The calendar years that may be asked for: those in which a contract year may start."""

from numbers import Integral

ANNEES = range(1900, 9998)  # the two years after each are still in the calendar
ANNEES_DITES = f"de {ANNEES[0]} à {ANNEES[-1]}"
ANNEES_PAR_DEFAUT = 10


def est_une_annee(valeur: object) -> bool:
    """Whether it is a whole number, and one of these years."""
    return isinstance(valeur, Integral) and not isinstance(valeur, bool) and int(valeur) in ANNEES


def premieres_annees(debut: int) -> range:
    """The first years from one on, ten where the calendar has them."""
    premiere = min(debut, ANNEES[-1])
    return range(premiere, min(premiere + ANNEES_PAR_DEFAUT, ANNEES.stop))
