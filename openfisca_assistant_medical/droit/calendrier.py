"""Calendar of contract years: arithmetic on vectors of days.

Every function takes and gives arrays of `datetime64[D]`, one day a doctor. `AUCUN_JOUR`
(9999-12-31) stands for "no such day": what is added to it, and what would go past it, stays there.
Source: specification, section 2.
"""

from typing import TypeAlias

import numpy
from numpy.typing import NDArray

Jours: TypeAlias = NDArray[numpy.datetime64]
Entiers: TypeAlias = NDArray[numpy.integer]

AUCUN_JOUR = numpy.datetime64("9999-12-31", "D")
_DERNIER_MOIS = AUCUN_JOUR.astype("datetime64[M]").astype(numpy.int64)
_MOIS_PAR_AN = 12


def _mois(jours: Jours) -> Entiers:
    """Months since January 1970; a day that is not one (NaT) counts as `AUCUN_JOUR`."""
    return numpy.where(numpy.isnat(jours), AUCUN_JOUR, jours).astype("datetime64[M]").astype("i8")


def annee(jours: Jours) -> Entiers:
    """Calendar year of each day, shape (n,)."""
    return numpy.asarray(_mois(jours) // _MOIS_PAR_AN + 1970)


def plus_mois(jours: Jours, mois: Entiers | NDArray[numpy.floating] | int) -> Jours:
    """Each day plus a number of months.

    The day of the month is kept, or becomes the last one of a shorter month: 31 August and six
    months is 28 or 29 February.

    Args:
        jours: days, shape (n,).
        mois: whole months to add, a number or shape (n,); a missing figure (NaN) adds nothing.

    Returns:
        Days, shape (n,), at most 9999-12-31.
    """
    depart = _mois(jours)
    ajout = numpy.nan_to_num(numpy.asarray(mois, dtype=numpy.float64)).astype(numpy.int64)
    arrivee = depart + ajout
    hors_calendrier = (jours >= AUCUN_JOUR) | numpy.isnat(jours) | (arrivee > _DERNIER_MOIS)
    debut = arrivee.astype("datetime64[M]").astype("datetime64[D]")
    dernier = (arrivee + 1).astype("datetime64[M]").astype("datetime64[D]") - 1
    quantieme = jours - depart.astype("datetime64[M]").astype("datetime64[D]")
    return numpy.where(hors_calendrier, AUCUN_JOUR, numpy.minimum(debut + quantieme, dernier))


def plus_annees(jours: Jours, annees: Entiers | NDArray[numpy.floating] | int) -> Jours:
    """Each day plus a number of years; 29 February becomes 28 February of a common year."""
    return plus_mois(jours, numpy.asarray(annees) * _MOIS_PAR_AN)


def anniversaire(jours: Jours, millesime: int) -> Jours:
    """Anniversary of each day in a calendar year, shape (n,)."""
    return plus_annees(jours, millesime - annee(jours))


def premiere_echeance(jours: Jours, mois: NDArray[numpy.floating], millesime: int) -> Jours:
    """First of the dates `jours` + k × `mois` (k ≥ 1) that falls in a calendar year.

    Args:
        jours: days from which the dates are counted, shape (n,).
        mois: months between two dates, shape (n,); NaN or 0 = there is none.
        millesime: calendar year.

    Returns:
        Days, shape (n,); `AUCUN_JOUR` where no date falls in the year.
    """
    pas = numpy.nan_to_num(mois)
    sans = pas <= 0
    pas = numpy.where(sans, 1, pas)
    jusqu_a_janvier = (millesime - 1970) * _MOIS_PAR_AN - _mois(jours)
    rang = numpy.maximum(numpy.ceil(jusqu_a_janvier / pas), 1)
    date = plus_mois(jours, rang * pas)
    return numpy.where(sans | (annee(date) != millesime), AUCUN_JOUR, date)


def part_courue(debut: Jours, fin: Jours, jour: Jours) -> NDArray[numpy.float64]:
    """Days run from `debut` before `jour`, over the days from `debut` to `fin`, shape (n,).

    Between 0 and 1; 1 where `fin` is not after `debut`.
    """
    duree = (fin - debut).astype(numpy.int64)
    courus = numpy.clip((jour - debut).astype(numpy.int64), 0, duree)
    part = numpy.ones(duree.shape)
    numpy.divide(courus, duree, out=part, where=duree > 0)
    return part
