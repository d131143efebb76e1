"""Calibration of the curve of extra patients: plain functions, worked out again by the tests.

Published: patients to gain are the same from P30 to P50, then fewer (S000); the first terms of the
formula of the *règlement arbitral*, cut before its end (FMF1); one point of it (DJIBE). Assumed:
the end of the formula, which makes it one straight line from (P30, P30 × c) to (P99, 0), read at
P50 by whoever is under it. Two unknowns and one point: for each P99 there is one c.
"""

from typing import NamedTuple


class Ancre(NamedTuple):
    """The published point, and the percentiles of PMT of general practitioners (patients)."""

    depart: int = 1_300
    patients_en_plus: int = 260
    p30: int = 775
    p50: int = 1_045


ANCRE = Ancre()


class Courbe(NamedTuple):
    """One curve of the family."""

    coefficient: float
    p99: float


def coefficient(p99: float, ancre: Ancre = ANCRE) -> float:
    """The c for which the curve that ends at P99 goes through the published point.

    Raises:
        ValueError: the curve ends before the point.
    """
    if p99 <= ancre.depart:
        raise ValueError(f"P99 = {p99} : la courbe s’arrête avant {ancre.depart} patients.")
    pente = ancre.patients_en_plus / (p99 - ancre.depart)
    return pente * (p99 - ancre.p30) / ancre.p30


def patients_en_plus(depart: float, courbe: Courbe, ancre: Ancre = ANCRE) -> float:
    """Patients to gain from a start of P30 or more, before rounding."""
    pente = ancre.p30 * courbe.coefficient / (courbe.p99 - ancre.p30)
    return pente * max(courbe.p99 - max(depart, ancre.p50), 0)


def plateau(courbe: Courbe, ancre: Ancre = ANCRE) -> float:
    """Patients to gain from P30 to P50: A = P30·c·(P99 − P50)/(P99 − P30)."""
    return patients_en_plus(ancre.p50, courbe, ancre)


def famille(p99: list[float], ancre: Ancre = ANCRE) -> list[Courbe]:
    """The curves that go through the published point, one for each P99."""
    return [Courbe(coefficient(borne, ancre), borne) for borne in p99]


def enveloppe(depart: float, courbes: list[Courbe], ancre: Ancre = ANCRE) -> tuple[float, float]:
    """The least and the most that some curves ask for from a start, before rounding.

    Between two curves of the family, all the others lie: under the point, the later P99 asks for
    less; over it, for more.
    """
    gains = [patients_en_plus(depart, courbe, ancre) for courbe in courbes]
    return min(gains), max(gains)
