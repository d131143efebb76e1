"""When the synthetic contracts are signed, and by whom: curves through the published counts.

A contract has a rank among those ever signed. The rank gives its day, by the curve of signatures,
and the shares among the contracts of its time, by the slope of each published count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.synthese.latente import (
    GENERALISTE,
    SPECIALITES,
    Reels,
    lois_des_comptes,
)

_PAS = 30  # days between two points of the extrapolated curve
JOURS_PAR_AN = 365.25


@dataclass(frozen=True)
class Parts:
    """A share that changes with the rank of the contract.

    Attributes:
        bornes: ranks where it changes, shape (k,).
        parts: shares before, between and after, shape (k + 1, …).
    """

    bornes: Reels
    parts: Reels

    def au(self, rangs: Reels) -> Reels:
        """Share at each rank, shape (n, …)."""
        resultat: Reels = self.parts[numpy.searchsorted(self.bornes, rangs, side="right")]
        return resultat


@dataclass(frozen=True)
class Signatures:
    """The curve of signatures, up to a day.

    Attributes:
        jours, cumuls: its points: days since 1970 at their start, contracts signed before.
        total: contracts signed up to the last day.
    """

    jours: Reels
    cumuls: Reels
    total: float

    def jour(self, rangs: Reels) -> NDArray[numpy.datetime64]:
        """Day on which the contract of each rank is signed."""
        jours = numpy.floor(numpy.interp(rangs, self.cumuls, self.jours))
        return jours.astype("int64").astype("datetime64[D]")

    def cumul(self, jour: str | date) -> float:
        """Contracts signed up to the end of a day."""
        return float(numpy.interp(_debut(jour) + 1, self.jours, self.cumuls))


def _debut(jour: str | date) -> int:
    return int(numpy.datetime64(jour, "D").astype("int64"))


@cache
def signatures(derniere: date) -> Signatures:
    """The curve of signatures: the published counts, then the assumed growth.

    Args:
        derniere: last day on which a contract is signed.
    """
    hypotheses = lire_hypotheses()
    observes = hypotheses["contrats_cumules"]
    # A count is that of the end of its day; the first, none, that of the start.
    jours = [float(_debut(o["date"]) + (rang > 0)) for rang, o in enumerate(observes)]
    cumuls = [float(o["valeur"]) for o in observes]
    publie, fin = jours[-1], _debut(derniere) + 1
    for jour in [*numpy.arange(publie + _PAS, fin, _PAS), *([fin] if fin > publie else [])]:
        annees = (jour - publie) / JOURS_PAR_AN
        croissance = (1 + hypotheses["signatures_apres_la_publication"]["valeur"]) ** annees
        jours.append(float(jour))
        cumuls.append(float(observes[-1]["valeur"] * croissance))
    total = float(numpy.interp(fin, jours, cumuls))
    return Signatures(numpy.array(jours), numpy.array(cumuls), total)


def cumul_publie(observation: Mapping[str, Any]) -> float:
    """Contracts of a kind signed by the day of an observation, a count or a share."""
    return float(observation.get("contrats") or observation["part"] * _tous(observation["date"]))


def _tous(jour: str) -> float:
    return next(
        float(o["valeur"]) for o in lire_hypotheses()["contrats_cumules"] if o["date"] == jour
    )


def _parts(observations: Sequence[Mapping[str, Any]]) -> Parts:
    """Share between two observations; that of the last two goes on after."""
    rangs = numpy.array([0.0, *(_tous(o["date"]) for o in observations)])
    cumuls = numpy.array([0.0, *(cumul_publie(o) for o in observations)])
    pentes = numpy.diff(cumuls) / numpy.diff(rangs)
    return Parts(rangs[1:-1], pentes)


@cache
def parts_publiees() -> dict[str, Parts]:
    """Shares in under-dense zones, at 1/3 and at 1 full time, by rank."""
    hypotheses = lire_hypotheses()
    return {
        "sous_dense": _parts(hypotheses["sous_dense"]),
        **{nom: _parts(observes) for nom, observes in hypotheses["options"].items()},
    }


@cache
def parts_des_specialites() -> Parts:
    """Share of each speciality, by rank, in the order of the Enum; rows sum to 1."""
    hypotheses = lire_hypotheses()
    generalistes = _parts(hypotheses["generalistes"])
    detail = hypotheses["autres_specialites"]
    dates = sorted({o["date"] for observes in detail.values() for o in observes})
    autres = {o["date"]: _tous(o["date"]) - cumul_publie(o) for o in hypotheses["generalistes"]}
    stocks = _stocks([autres[d] for d in dates], dates, detail)
    # Between two details, what was added; after the last, its own shares.
    ajouts = numpy.diff(stocks, axis=0, prepend=0)
    parts_autres = numpy.vstack([ajouts, stocks[-1:]])
    parts_autres /= parts_autres.sum(axis=1, keepdims=True)
    bornes_autres = numpy.array([_tous(d) for d in dates])
    bornes = numpy.union1d(generalistes.bornes, bornes_autres)
    milieux = numpy.convolve([0, *bornes, bornes[-1] + 2], [0.5, 0.5], "valid")
    part = generalistes.au(milieux)
    parts = Parts(bornes_autres, parts_autres).au(milieux) * (1 - part)[:, None]
    parts[:, GENERALISTE] = part
    return Parts(bornes, parts)


def _stocks(
    totaux: Sequence[float], dates: Sequence[str], detail: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Reels:
    """Contracts of each speciality but the first by the day of each detail, shape (dates, s).

    What a detail does not give is shared as at the last one; there, equally.
    """
    publiees = {nom for texte, nom in lois_des_comptes().publies["pfa"]["p30"] if texte > 0}
    cles = numpy.array([float(nom in publiees) for nom in SPECIALITES])
    cles[GENERALISTE] = 0
    stocks: list[Reels] = []
    for jour, total in zip(reversed(dates), reversed(totaux), strict=True):
        donnes = {
            SPECIALITES.index(nom): float(o["contrats"])
            for nom, observes in detail.items()
            for o in observes
            if o["date"] == jour
        }
        cles = (stocks[0] if stocks else cles).copy()
        cles[list(donnes)] = 0
        stock = cles / cles.sum() * (total - sum(donnes.values()))
        stock[list(donnes)] = list(donnes.values())
        stocks.insert(0, stock)
    return numpy.array(stocks)
