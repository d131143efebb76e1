"""Calendar of contract years: arithmetic on vectors of days.

Every function takes and gives arrays of `datetime64[D]`, one day a doctor. `AUCUN_JOUR`
(9999-12-31) stands for "no such day": what is added to it, and what would go past it, stays there.
Source: specification, section 2.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

Jours: TypeAlias = NDArray[numpy.datetime64]
Entiers: TypeAlias = NDArray[numpy.integer]

AUCUN_JOUR = numpy.datetime64("9999-12-31", "D")
_MOIS_PAR_AN = 12
_DERNIER_MOIS = (9999 - 1970) * _MOIS_PAR_AN + 11

# Conversions between days and months go through look-up arrays over these centuries: ten times as
# fast as NumPy's calendar, which serves the other days.
_DEBUT, _FIN = numpy.datetime64("1900-01", "M"), numpy.datetime64("2200-01", "M")
_MOIS_CONNUS = numpy.arange(_DEBUT, _FIN + 1)
_PREMIER_JOUR = _MOIS_CONNUS.astype("datetime64[D]").astype(numpy.int64)
_DUREE = numpy.diff(_PREMIER_JOUR)
_PREMIER_MOIS = int(_DEBUT.astype(numpy.int64))
_MOIS_DU_JOUR = numpy.repeat(numpy.arange(_PREMIER_MOIS, _PREMIER_MOIS + len(_DUREE)), _DUREE)
# Month and day of the month of a day, as one number: 31 × (month − 1) + day − 1.
_JOURS_PAR_MOIS = 31
_CODE_DU_JOUR = (
    (_MOIS_DU_JOUR % _MOIS_PAR_AN) * _JOURS_PAR_MOIS
    + numpy.arange(len(_MOIS_DU_JOUR))
    - numpy.repeat(_PREMIER_JOUR[:-1] - _PREMIER_JOUR[0], _DUREE)
).astype(numpy.int16)


def _mois(jours: Jours) -> Entiers:
    """Months since January 1970; a day that is not one (NaT) counts as `AUCUN_JOUR`."""
    rangs = jours.astype(numpy.int64) - _PREMIER_JOUR[0]
    connus = (rangs >= 0) & (rangs < len(_MOIS_DU_JOUR))
    mois: Entiers = _MOIS_DU_JOUR.take(rangs, mode="clip")
    if not connus.all():
        mois[~connus] = _DERNIER_MOIS
        if (autres := ~connus & ~numpy.isnat(jours) & (jours != AUCUN_JOUR)).any():
            mois[autres] = jours[autres].astype("datetime64[M]").astype(numpy.int64)
    return mois


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
    ajout = numpy.asarray(mois)
    if ajout.dtype.kind == "f":
        ajout = numpy.nan_to_num(ajout).astype(numpy.int64)
    arrivee = depart + ajout
    quantieme = jours.astype(numpy.int64) - _debut_du_mois(depart)
    debut = _debut_du_mois(arrivee)
    quantieme = numpy.minimum(quantieme, _debut_du_mois(arrivee + 1) - debut - 1)
    resultat: Jours = (debut + quantieme).view("datetime64[D]")
    resultat[(depart >= _DERNIER_MOIS) | (arrivee > _DERNIER_MOIS)] = AUCUN_JOUR
    return resultat


def _debut_du_mois(mois: Entiers) -> Entiers:
    """First day of each month before the last, in days since 1970."""
    rangs = mois - _PREMIER_MOIS
    jours: Entiers = _PREMIER_JOUR.take(rangs, mode="clip")
    autres = ((rangs < 0) | (rangs >= len(_PREMIER_JOUR))) & (mois <= _DERNIER_MOIS)
    if autres.any() and (mois[autres] < _DERNIER_MOIS).any():
        jours[autres] = mois[autres].astype("datetime64[M]").astype("datetime64[D]").view("i8")
    return jours


def plus_annees(jours: Jours, annees: Entiers | NDArray[numpy.floating] | int) -> Jours:
    """Each day plus a number of years; 29 February becomes 28 February of a common year."""
    return plus_mois(jours, numpy.asarray(annees) * _MOIS_PAR_AN)


def anniversaire(jours: Jours, millesime: int) -> Jours:
    """Anniversary of each day in a calendar year, shape (n,)."""
    rangs = jours.astype(numpy.int64) - _PREMIER_JOUR[0]
    connus = (rangs >= 0) & (rangs < len(_CODE_DU_JOUR))
    resultat: Jours = _jours_de(millesime).take(_CODE_DU_JOUR.take(rangs, mode="clip"))
    if not connus.all():
        autres = jours[~connus]
        resultat[~connus] = plus_annees(autres, millesime - annee(autres))
    return resultat


@lru_cache(maxsize=128)
def _jours_de(millesime: int) -> Jours:
    """Day of a calendar year for each code of `_CODE_DU_JOUR`, or the last of a shorter month."""
    mois = numpy.arange(_MOIS_PAR_AN + 1) + numpy.datetime64(f"{millesime:04}-01", "M")
    debuts = mois.astype("datetime64[D]")
    jours = debuts[:-1, None] + numpy.arange(_JOURS_PAR_MOIS)
    return numpy.asarray(numpy.minimum(jours, debuts[1:, None] - 1).ravel())


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
