"""Calendar of contract years: arithmetic on vectors of days.

Every function takes and gives arrays of `datetime64[D]`, one day a doctor. `AUCUN_JOUR`
(9999-12-31) stands for "no such day": what is added to it, and what would go past it, stays there.
Source: specification, section 2.

Days become months, and months days, through look-up arrays over three centuries: ten times as
fast as NumPy's calendar, which serves the other days. The first and the last cell of the arrays by
day stand for the days outside, `AUCUN_JOUR` being one of them.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

Jours: TypeAlias = NDArray[numpy.datetime64]
Entiers: TypeAlias = NDArray[numpy.integer]

AUCUN_JOUR = numpy.datetime64("9999-12-31", "D")
_AUCUN = int(AUCUN_JOUR.astype(numpy.int64))
_MOIS_PAR_AN = 12
_JOURS_PAR_MOIS = 31
_PREMIERE_ANNEE = 1900
_DEBUT, _FIN = numpy.datetime64("1900-01", "M"), numpy.datetime64("2200-01", "M")
_HORS = 10**6  # month of a day outside the arrays
_NOMBREUX = 5_000  # days for which a table is worth its making

_debuts = numpy.arange(_DEBUT, _FIN + 1).astype("datetime64[D]").astype(numpy.int64)
_durees = numpy.diff(_debuts)
_NOMBRE_DE_MOIS = len(_durees)
# By month since January 1900, then by month outside: first day, and last day counted from it.
_PREMIER_JOUR = numpy.append(_debuts[:-1], _AUCUN)
_DERNIER_QUANTIEME = numpy.append(_durees - 1, 0)


def _par_jour(valeurs: Entiers, hors: int) -> Entiers:
    return numpy.concatenate([[hors], valeurs, [hors]])


# By day since 31 December 1899: month since January 1900, day of the month less one, year, and
# month and day of the month as one number, 31 × (month − 1) + day − 1.
_ORIGINE = int(_debuts[0]) - 1
_mois_du_jour = numpy.repeat(numpy.arange(_NOMBRE_DE_MOIS), _durees)
_quantieme = numpy.arange(len(_mois_du_jour)) - (_debuts[_mois_du_jour] - _debuts[0])
_AUCUN_CODE = _MOIS_PAR_AN * _JOURS_PAR_MOIS
_MOIS = _par_jour(_mois_du_jour, _HORS)
_QUANTIEME = _par_jour(_quantieme, 0)
_ANNEE = _par_jour(_PREMIERE_ANNEE + _mois_du_jour // _MOIS_PAR_AN, 9999)
_CODE = _par_jour(_mois_du_jour % _MOIS_PAR_AN * _JOURS_PAR_MOIS + _quantieme, _AUCUN_CODE)


def _lire(tableau: Entiers, jours: Jours) -> Entiers:
    valeurs: Entiers = tableau.take(jours.view(numpy.int64) - _ORIGINE, mode="clip")
    return valeurs


def _a_part(hors: NDArray[numpy.bool_], jours: Jours) -> NDArray[numpy.bool_] | None:
    """Among days outside the arrays, those that are not `AUCUN_JOUR`; None if there are none."""
    if not hors.any():
        return None
    autres: NDArray[numpy.bool_] = hors & (jours.view(numpy.int64) != _AUCUN)
    return autres if autres.any() else None


class Dates:
    """A series of dates, and how many of them each day has reached."""

    def __init__(self, dates: Jours) -> None:
        """Lay the dates, in ascending order."""
        self._dates = dates.astype(numpy.int64)
        tous = numpy.arange(_debuts[0], _debuts[-1])
        self._atteintes = numpy.concatenate(
            [[0], self._dates.searchsorted(tous, side="right"), [len(dates)]]
        )

    def atteintes(self, jours: Jours) -> Entiers:
        """Number of dates reached by each day, shape (n,): all by `AUCUN_JOUR`, none by NaT."""
        nombres = _lire(self._atteintes, jours)
        autres = _a_part(nombres == len(self._dates), jours)
        if autres is not None:
            nombres[autres] = self._dates.searchsorted(jours[autres].view("i8"), side="right")
        return nombres


def annee(jours: Jours) -> Entiers:
    """Calendar year of each day, shape (n,); 9999 for a day that is not one (NaT)."""
    annees = _lire(_ANNEE, jours)
    autres = _a_part(annees == 9999, jours)
    if autres is not None:
        reelles = jours[autres].astype("datetime64[Y]").astype(numpy.int64) + 1970
        annees[autres] = numpy.where(numpy.isnat(jours[autres]), 9999, reelles)
    return annees


def plus_mois(jours: Jours, mois: Entiers | NDArray[numpy.floating] | int) -> Jours:
    """Each day plus a number of months.

    The day of the month is kept, or becomes the last one of a shorter month: 31 August and six
    months is 28 or 29 February.

    Args:
        jours: days, shape (n,).
        mois: whole months to add, a number or shape (n,); as a figure of law (float64), it is not
            negative, and a missing one (NaN) adds nothing.

    Returns:
        Days, shape (n,), at most 9999-12-31.
    """
    ajout = numpy.asarray(mois)
    if ajout.size and ajout.strides == (0,):  # one figure for all
        ajout = ajout[0]
    if ajout.dtype.kind == "f":
        ajout = numpy.fmax(ajout, 0).astype(numpy.int64)
    sans_jour = jours.view(numpy.int64) == _AUCUN
    commun = _commun(ajout, sans_jour)
    if commun is None:
        arrivee = _lire(_MOIS, jours) + ajout
        resultat = _jour_du_mois(arrivee, _lire(_QUANTIEME, jours))
        hors = arrivee.view(numpy.uint64) >= _NOMBRE_DE_MOIS
    else:
        resultat = _lire(_plus_mois_du_jour(commun), jours)
        hors = resultat == _AUCUN
    hors &= ~sans_jour
    if hors.any():
        resultat[hors] = _plus_mois_de_numpy(
            jours[hors], numpy.broadcast_to(ajout, jours.shape)[hors]
        )
    return resultat.view("datetime64[D]")


def _commun(mois: Entiers, sans_jour: NDArray[numpy.bool_]) -> int | None:
    """Months that all the days are moved by, if there are enough days for a table of its own."""
    if len(sans_jour) < _NOMBREUX:
        return None
    premier = int(numpy.argmin(sans_jour))
    commun = mois.flat[premier if mois.ndim else 0]
    return int(commun) if ((mois == commun) | sans_jour).all() else None


def _jour_du_mois(mois: Entiers, quantieme: Entiers) -> Entiers:
    """That day of a month, or its last one; months outside give `AUCUN_JOUR`."""
    jour: Entiers = numpy.minimum(quantieme, _DERNIER_QUANTIEME.take(mois, mode="clip"))
    jour += _PREMIER_JOUR.take(mois, mode="clip")
    return jour


@lru_cache(maxsize=16)
def _plus_mois_du_jour(mois: int) -> Entiers:
    """Each day of the arrays plus a number of months; `AUCUN_JOUR` where it leaves them."""
    arrivee = _MOIS + mois
    arrivee[arrivee < 0] = _HORS
    return _jour_du_mois(arrivee, _QUANTIEME)


def _plus_mois_de_numpy(jours: Jours, mois: Entiers) -> Jours:
    depart = jours.astype("datetime64[M]")
    debut = (depart + mois).astype("datetime64[D]")
    dernier = (depart + mois + 1).astype("datetime64[D]") - 1
    resultat: Jours = numpy.minimum(debut + (jours - depart), dernier)
    resultat[~(resultat <= AUCUN_JOUR)] = AUCUN_JOUR  # NaT compares to nothing
    return resultat


def plus_annees(jours: Jours, annees: Entiers | NDArray[numpy.floating] | int) -> Jours:
    """Each day plus a number of years; 29 February becomes 28 February of a common year."""
    return plus_mois(jours, numpy.asarray(annees) * _MOIS_PAR_AN)


def anniversaire(jours: Jours, millesime: int) -> Jours:
    """Anniversary of each day in a calendar year, shape (n,)."""
    codes = _lire(_CODE, jours)
    resultat: Jours = _jours_de(millesime).take(codes)
    autres = _a_part(codes == _AUCUN_CODE, jours)
    if autres is not None:
        resultat[autres] = plus_annees(jours[autres], millesime - annee(jours[autres]))
    return resultat


def anniversaire_a_venir(jours: Jours, depuis: Jours) -> Jours:
    """First anniversary of each day on or after another, shape (n,).

    The day itself is the first one; `AUCUN_JOUR` where either is no day.
    """
    ecart = numpy.maximum(annee(depuis) - annee(jours), 0)
    cette_annee = plus_annees(jours, ecart)
    passe = cette_annee < depuis
    resultat: Jours = numpy.where(passe, plus_annees(jours, ecart + 1), cette_annee)
    return resultat


@lru_cache(maxsize=128)
def _jours_de(millesime: int) -> Jours:
    """Day of a calendar year for each code of `_CODE`, or the last one of a shorter month."""
    mois = numpy.arange(_MOIS_PAR_AN + 1) + numpy.datetime64(f"{millesime:04}-01", "M")
    debuts = mois.astype("datetime64[D]")
    jours = debuts[:-1, None] + numpy.arange(_JOURS_PAR_MOIS)
    return numpy.append(numpy.minimum(jours, debuts[1:, None] - 1).ravel(), AUCUN_JOUR)


def premiere_echeance(jours: Jours, mois: NDArray[numpy.floating], millesime: int) -> Jours:
    """First of the dates `jours` + k × `mois` (k ≥ 1) that falls in a calendar year.

    Args:
        jours: days from which the dates are counted, shape (n,).
        mois: months between two dates, shape (n,); NaN or 0 = there is none.
        millesime: calendar year.

    Returns:
        Days, shape (n,); `AUCUN_JOUR` where no date falls in the year.
    """
    return _echeance(jours, mois, millesime, 0)


def seconde_echeance(jours: Jours, mois: NDArray[numpy.floating], millesime: int) -> Jours:
    """Second of the dates that `premiere_echeance` tells, each counted from `jours`.

    From 31 August, every six months: 29 February, then 31 August and not 29.
    """
    return _echeance(jours, mois, millesime, 1)


def echeance_annuelle(jours: Jours, annees: NDArray[numpy.floating], millesime: int) -> Jours:
    """The date `jours` + k × `annees` (k ≥ 1) that falls in a calendar year, or `AUCUN_JOUR`.

    Args:
        jours: days from which the dates are counted, shape (n,).
        annees: whole years between two dates, shape (n,); NaN or 0 = there is none.
        millesime: calendar year.
    """
    return premiere_echeance(jours, annees * _MOIS_PAR_AN, millesime)


def _echeance(jours: Jours, mois: NDArray[numpy.floating], millesime: int, suivantes: int) -> Jours:
    """A date of the year after `suivantes` others, all counted from `jours`."""
    sans = ~(mois > 0)
    pas = numpy.where(sans, 1, mois)
    depart = jours.astype("datetime64[M]").astype(numpy.int64)
    rang = numpy.maximum(numpy.ceil(((millesime - 1970) * _MOIS_PAR_AN - depart) / pas), 1)
    date = plus_mois(jours, (rang + suivantes) * pas)
    return numpy.where(sans | (annee(date) != millesime), AUCUN_JOUR, date)


def dans_l_annee(jours: Jours, millesime: int) -> NDArray[numpy.bool_]:
    """Whether each day falls in a calendar year, shape (n,)."""
    premier, suivant = (_premier_janvier(annee) for annee in (millesime, millesime + 1))
    numeros = jours.view(numpy.int64)
    return numpy.asarray((numeros >= premier) & (numeros < suivant))


def _premier_janvier(millesime: int) -> int:
    return int(numpy.datetime64(f"{millesime:04}", "D").astype(numpy.int64))


def part_courue(debut: Jours, fin: Jours, jour: Jours) -> NDArray[numpy.float64]:
    """Days run from `debut` before `jour`, over the days from `debut` to `fin`, shape (n,).

    Between 0 and 1; 1 where `fin` is not after `debut`.
    """
    part = numpy.ones(len(debut))
    arretees = numpy.flatnonzero(jour < fin)
    debut, fin, jour = debut[arretees], fin[arretees], jour[arretees]
    duree = (fin - debut).astype(numpy.int64)
    courus = numpy.clip((jour - debut).astype(numpy.int64), 0, None)
    part[arretees] = numpy.where(duree > 0, courus / numpy.maximum(duree, 1), 1)
    return part
