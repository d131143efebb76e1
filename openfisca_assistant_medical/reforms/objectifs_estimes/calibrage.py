"""Calibration of the curve of extra patients: plain functions, worked out again by the tests.

Published: patients to gain are the same from P30 to P50, then fewer (S000); the first terms of the
formula of the *règlement arbitral*, cut before its end (FMF1); one point of it (DJIBE); P30, P50,
P90 and P95 (S003). Assumed: the end of the formula, which makes it one straight line from
(P30, P30 × c) to (P99, 0), read at P50 by whoever is under it.

Through the point, each P99 gives one line. P99 is P95 at the least, since percentiles grow; nothing
bounds it above, and without bound the line is flat. From a given start, what a line asks for
goes one way as P99 grows: these two ends are the least and the most of all the lines.
"""

import math
from statistics import NormalDist
from typing import Any, NamedTuple

SANS_BORNE = math.inf


class Reperes(NamedTuple):
    """What is published: one point, and percentiles of PMT of general practitioners (patients)."""

    depart: float
    patients_en_plus: float
    p30: float
    p50: float
    p90: float
    p95: float


def lire_reperes(loi: Any) -> Reperes:
    """What the calibration starts from, as a law with the reform has it.

    Args:
        loi: a tax-benefit system, at the day of the published point.
    """
    ancre = loi.parameters.objectif_estime.ancre
    jour = min(valeur.instant_str for valeur in ancre.depart.values_list)
    ancre, percentiles = ancre(jour), loi.parameters.patientele.pmt(jour)
    publies = (percentiles[nom].generaliste for nom in ("p30", "p50", "p90", "p95"))
    return Reperes(ancre.depart, ancre.patients_en_plus, *publies)


def p99_lognormal(reperes: Reperes) -> tuple[float, float]:
    """Standard deviation of the lognormal tail, and P99 read on it.

    Its median is P50; its deviation is the least-squares slope of ln(P / P50) on the normal
    quantile, at P90 and P95.
    """
    quantiles = [_quantile_normal(nom) for nom in ("p90", "p95")]
    ecarts = [math.log(p / reperes.p50) for p in (reperes.p90, reperes.p95)]
    produits = sum(z * ecart for z, ecart in zip(quantiles, ecarts, strict=True))
    sigma = produits / sum(z * z for z in quantiles)
    return sigma, reperes.p50 * math.exp(sigma * _quantile_normal("p99"))


def _quantile_normal(percentile: str) -> float:
    """Normal quantile of a percentile, by its name."""
    return NormalDist().inv_cdf(float(percentile.replace("p", "0.")))


def patients_en_plus(depart: float, p99: float, reperes: Reperes) -> float:
    """Patients to gain from a start of P30 or more, before rounding."""
    return max(_droite(max(depart, reperes.p50), p99, reperes), 0.0)


def plateau(p99: float, reperes: Reperes) -> float:
    """Patients to gain from P30 to P50: A = P30·c·(P99 − P50)/(P99 − P30)."""
    return patients_en_plus(reperes.p50, p99, reperes)


def coefficient(p99: float, reperes: Reperes) -> float:
    """The c of the formula: the line at P30, over P30."""
    return _droite(reperes.p30, p99, reperes) / reperes.p30


def enveloppe(depart: float, reperes: Reperes) -> tuple[float, float]:
    """The least and the most that the lines ask for from a start, before rounding."""
    bouts = [patients_en_plus(depart, p99, reperes) for p99 in (reperes.p95, SANS_BORNE)]
    return min(bouts), max(bouts)


def _droite(depart: float, p99: float, reperes: Reperes) -> float:
    """The line through the published point that is nothing at P99.

    Raises:
        ValueError: it ends before the point.
    """
    if p99 <= reperes.depart:
        raise ValueError(f"P99 = {p99} : la courbe s’arrête avant {reperes.depart} patients.")
    pente = reperes.patients_en_plus / (p99 - reperes.depart)
    return reperes.patients_en_plus + pente * (reperes.depart - depart)
