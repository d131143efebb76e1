"""Days, shares and cents: the arithmetic of the documents."""

from calendar import monthrange
from datetime import date
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    annee,
    anniversaire,
    anniversaire_a_venir,
    arrondi_au_centime,
    arrondi_au_patient,
    atteint,
    calendrier,
    dans_l_annee,
    depasse,
    echeance_annuelle,
    part_courue,
    plus_annees,
    plus_mois,
    premiere_echeance,
    rapport,
    seconde_echeance,
)
from openfisca_assistant_medical.droit.calendrier import Dates


def jours(*dates: str) -> numpy.ndarray:
    return numpy.array(dates, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        ("2024-06-22", 2, "2024-08-22"),
        ("2023-08-31", 6, "2024-02-29"),  # the last day of a shorter month
        ("2022-08-31", 6, "2023-02-28"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-03-15", 0, "2024-03-15"),
        ("1850-05-31", 1, "1850-06-30"),
        ("2999-12-31", 12, "3000-12-31"),
        # The first and the last months that are looked up, and their neighbours.
        ("1899-12-31", 1, "1900-01-31"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2199-11-30", 1, "2199-12-30"),
        ("2199-12-31", 0, "2199-12-31"),
        ("2199-12-31", 2, "2200-02-28"),
        ("9999-12-31", 1, "9999-12-31"),  # no such day
        ("9999-11-30", 2, "9999-12-31"),  # saturates
    ],
)
def test_ajouter_des_mois_garde_le_jour_ou_prend_le_dernier(
    jour: str, mois: int, attendu: str
) -> None:
    assert plus_mois(jours(jour), mois) == jours(attendu)


def test_ce_qui_n_est_pas_un_jour_vaut_aucun_jour() -> None:
    assert plus_mois(numpy.array(["NaT"], dtype="datetime64[D]"), 1) == AUCUN_JOUR


def test_un_delai_inconnu_n_ajoute_rien() -> None:
    assert plus_mois(jours("2024-01-31"), numpy.array([numpy.nan])) == jours("2024-01-31")


@pytest.mark.parametrize(
    ("signature", "millesime", "attendu"),
    [
        ("2024-02-29", 2025, "2025-02-28"),
        ("2024-02-29", 2028, "2028-02-29"),
        ("2023-05-01", 2023, "2023-05-01"),
        ("2023-05-01", 2022, "2022-05-01"),
        ("2023-12-31", 2024, "2024-12-31"),
        ("1850-02-28", 2024, "2024-02-28"),  # outside the look-up arrays
        ("2024-02-29", 2300, "2300-02-28"),
        ("2250-06-30", 2024, "2024-06-30"),
        ("9999-12-31", 2024, "9999-12-31"),
        ("NaT", 2024, "9999-12-31"),
    ],
)
def test_anniversaire(signature: str, millesime: int, attendu: str) -> None:
    assert anniversaire(jours(signature), millesime) == jours(attendu)


@pytest.mark.parametrize(
    ("jour", "depuis", "attendu"),
    [
        ("2026-03-01", "2026-02-28", "2026-03-01"),
        ("2026-03-01", "2025-02-01", "2026-03-01"),  # never before the first
        ("2026-03-01", "2026-03-01", "2026-03-01"),
        ("2026-03-01", "2026-03-02", "2027-03-01"),
        ("2026-03-01", "2028-03-01", "2028-03-01"),
        ("2026-03-01", "2028-12-31", "2029-03-01"),
        ("2028-02-29", "2029-02-28", "2029-02-28"),
        ("2028-02-29", "2029-03-01", "2030-02-28"),
        ("2026-03-01", "9999-12-31", "9999-12-31"),
        ("9999-12-31", "2026-03-01", "9999-12-31"),
    ],
)
def test_anniversaire_a_venir(jour: str, depuis: str, attendu: str) -> None:
    assert anniversaire_a_venir(jours(jour), jours(depuis)) == jours(attendu)


def test_le_calendrier_est_celui_de_python() -> None:
    # Every day of eight years, leap ones included, against the standard library.
    tous = numpy.arange("2019-01-01", "2027-01-01", dtype="datetime64[D]")
    for millesime in (2023, 2024, 2025):
        attendus = [
            date(millesime, j.month, min(j.day, monthrange(millesime, j.month)[1]))
            for j in tous.tolist()
        ]
        assert anniversaire(tous, millesime).tolist() == attendus
    for mois in (1, 2, 6, 18):
        attendus = []
        for j in tous.tolist():
            an, mo = divmod(j.year * 12 + j.month - 1 + mois, 12)
            attendus.append(date(an, mo + 1, min(j.day, monthrange(an, mo + 1)[1])))
        assert plus_mois(tous, mois).tolist() == attendus
    assert annee(tous).tolist() == [j.year for j in tous.tolist()]


def test_un_meme_delai_pour_beaucoup_de_jours() -> None:
    # One table for all, with the days that are in none: each as if it were alone.
    tous = numpy.arange("2019-01-01", "2033-01-01", dtype="datetime64[D]")
    tous = numpy.concatenate([tous, jours("1850-05-31", "2199-12-31", "2999-12-31", "9999-12-31")])
    assert len(tous) > 5_000
    for mois in (1, 18, 780):
        seuls = [plus_mois(tous[rang : rang + 1], mois)[0] for rang in range(len(tous))]
        assert plus_mois(tous, mois).tolist() == [jour.astype(object) for jour in seuls]
        # No delay is in force where there is no day.
        delais = numpy.where(tous == AUCUN_JOUR, numpy.nan, float(mois))
        assert plus_mois(tous, delais).tolist() == plus_mois(tous, mois).tolist()
    commun = numpy.broadcast_to(numpy.float64(2), len(tous))
    assert plus_mois(tous, commun).tolist() == plus_mois(tous, 2).tolist()


@pytest.mark.parametrize("sans_le_premier", [True, False])
@pytest.mark.parametrize("premier", [1, 2])
def test_deux_delais_pour_beaucoup_de_jours(premier: int, sans_le_premier: bool) -> None:
    # 31 January and one month, then two: a table of one delay would serve neither.
    tous = numpy.full(6_000, "2024-01-31", dtype="datetime64[D]")
    delais = (numpy.arange(len(tous)) + premier) % 2 + 1
    attendus = numpy.where(delais == 1, *jours("2024-02-29", "2024-03-31"))
    if sans_le_premier:
        tous[0] = attendus[0] = AUCUN_JOUR
    assert plus_mois(tous, delais).tolist() == attendus.tolist()


def test_un_delai_pour_beaucoup_de_jours_aux_bords_des_tables() -> None:
    # Out of the tables by their beginning.
    debuts = numpy.full(6_000, "1900-01-15", dtype="datetime64[D]")
    assert set(plus_mois(debuts, -1).tolist()) == {date(1899, 12, 15)}
    # One delay for all, though the first day is none.
    tous = numpy.full(6_000, "2024-01-31", dtype="datetime64[D]")
    tous[0] = AUCUN_JOUR
    assert plus_mois(tous, 1)[:2].tolist() == jours("9999-12-31", "2024-02-29").tolist()


# --- What is looked up, and what is worked out ----------------------------------------------------


@pytest.fixture
def tableaux_seuls(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy's calendar, ten times as slow, is out of reach."""
    a_part = calendrier._a_part

    def rien_a_part(hors: Any, jours: Any) -> None:
        assert a_part(hors, jours) is None

    def refuser(*_: Any) -> Any:
        raise AssertionError("NumPy’s calendar was called.")

    monkeypatch.setattr(calendrier, "_a_part", rien_a_part)
    monkeypatch.setattr(calendrier, "_plus_mois_de_numpy", refuser)


@pytest.mark.usefixtures("tableaux_seuls")
@pytest.mark.parametrize("fois", [1, 2])  # day by day, then by the table of one delay
def test_trois_siecles_se_lisent_dans_les_tableaux(fois: int) -> None:
    debuts = [date(an, mois, 1) for an in range(1900, 2200) for mois in range(1, 13)]
    fins = [jour.replace(day=monthrange(jour.year, jour.month)[1]) for jour in debuts]
    assert len(debuts) < 5_000 <= 2 * len(debuts)
    for tous, dernier in ((debuts, False), (fins, True)):
        colonne = numpy.array([*tous * fois, date(9999, 12, 31)], dtype="datetime64[D]")
        assert annee(colonne).tolist() == [jour.year for jour in tous] * fois + [9999]
        du_millesime = [
            jour.replace(year=2023, day=min(jour.day, monthrange(2023, jour.month)[1]))
            for jour in tous
        ]
        assert anniversaire(colonne, 2023).tolist() == [*du_millesime * fois, date(9999, 12, 31)]
        assert Dates(colonne[[0, 12, -1]]).atteintes(colonne)[[0, 11, 12, -1]].tolist() == [
            1,
            1,
            2,
            3,
        ]
        # A month more, a month less, and none, from wherever it stays within.
        for mois in (0, 1, -1):
            partants = tous[max(0, -mois) : len(tous) - max(0, mois)]
            arrivees = tous[max(0, mois) : len(tous) + min(0, mois)]
            if dernier and mois:
                arrivees = [
                    jour.replace(day=min(jour.day, depart.day))
                    for depart, jour in zip(partants, arrivees, strict=True)
                ]
            departs = numpy.array([*partants * fois, date(9999, 12, 31)], dtype="datetime64[D]")
            assert plus_mois(departs, mois).tolist() == [*arrivees * fois, date(9999, 12, 31)]


def test_un_delai_commun_a_sa_table(monkeypatch: pytest.MonkeyPatch) -> None:
    tables, delais = [], []
    une_table, commun = calendrier._plus_mois_du_jour, calendrier._commun

    def noter_la_table(mois: int) -> Any:
        tables.append(mois)
        return une_table(mois)

    def noter_le_delai(mois: Any, sans_jour: Any) -> Any:
        delais.append(mois.ndim)
        return commun(mois, sans_jour)

    monkeypatch.setattr(calendrier, "_plus_mois_du_jour", noter_la_table)
    monkeypatch.setattr(calendrier, "_commun", noter_le_delai)
    tous = numpy.full(5_000, "2024-01-31", dtype="datetime64[D]")
    tous[0] = AUCUN_JOUR
    six = numpy.full(5_000, 6)
    sans_le_premier = numpy.where(tous == AUCUN_JOUR, numpy.nan, six)
    for mois, table, dimensions in (
        (6, [6], 0),
        (six, [6], 1),
        (sans_le_premier, [6], 1),  # no delay is in force where there is no day
        (numpy.broadcast_to(numpy.float64(6), 5_000), [6], 0),  # one figure for all
        (six + (numpy.arange(5_000) == 7), [], 1),  # one that is not that of the others
        (six - (numpy.arange(5_000) == 7), [], 1),
    ):
        plus_mois(tous, mois)
        assert (tables, delais) == (table, [dimensions]), mois
        tables.clear()
        delais.clear()
    # A table is not worth its making for fewer days; once made, it is kept.
    for nombre in (1, 4_999, 5_000, 5_001, 9_999):
        plus_mois(numpy.full(nombre, "2024-01-31", dtype="datetime64[D]"), 6)
        assert tables == [6] * (nombre >= 5_000)
        tables.clear()
    assert une_table(6) is une_table(6)
    assert calendrier._jours_de(2024) is calendrier._jours_de(2024)


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2024-01-01", True),
        ("2024-12-31", True),
        ("2023-12-31", False),
        ("2025-01-01", False),
        ("9999-12-31", False),
        ("NaT", False),
    ],
)
def test_dans_l_annee(jour: str, attendu: bool) -> None:
    assert dans_l_annee(jours(jour), 2024) == attendu


def test_dates_atteintes() -> None:
    textes = Dates(jours("2019-08-20", "2023-05-01", "9999-12-31"))
    vus = jours("1850-01-01", "1900-01-01", "2019-08-19", "2019-08-20", "2023-04-30", "2023-05-01")
    assert textes.atteintes(vus).tolist() == [0, 0, 0, 1, 1, 2]
    assert textes.atteintes(jours("2199-12-31", "2200-01-01", "9999-12-30")).tolist() == [2, 2, 2]
    assert textes.atteintes(jours("9999-12-31", "NaT")).tolist() == [3, 0]


def test_65e_anniversaire_d_un_29_fevrier() -> None:
    assert plus_annees(jours("1960-02-29"), 65) == jours("2025-02-28")


def test_annee() -> None:
    assert list(annee(jours("2019-12-31", "2020-01-01", "1969-12-31"))) == [2019, 2020, 1969]
    assert list(annee(jours("1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01"))) == [
        1899,
        1900,
        2199,
        2200,
    ]
    assert list(annee(jours("9999-12-31", "NaT"))) == [9999, 9999]


@pytest.mark.parametrize(
    ("signature", "millesime", "attendu"),
    [
        ("2024-01-15", 2024, "2024-07-15"),  # 6 months
        ("2024-09-01", 2024, "9999-12-31"),  # the first is in 2025
        ("2024-09-01", 2025, "2025-03-01"),
        ("2024-01-15", 2025, "2025-01-15"),  # 12 months: the anniversary itself
        ("2023-08-31", 2024, "2024-02-29"),
        ("2024-09-01", 2020, "9999-12-31"),  # before the signature
        ("1950-01-15", 1960, "1960-01-15"),  # before 1970, where NumPy counts from
    ],
)
def test_premiere_echeance_semestrielle(signature: str, millesime: int, attendu: str) -> None:
    assert premiere_echeance(jours(signature), numpy.array([6.0]), millesime) == jours(attendu)


@pytest.mark.parametrize(
    ("signature", "millesime", "attendu"),
    [
        ("2024-01-15", 2024, "9999-12-31"),  # only one in the year of the signature
        ("2024-01-15", 2025, "2025-07-15"),  # 12 months, then 18
        ("2024-07-01", 2024, "9999-12-31"),
        ("2024-07-01", 2025, "2025-07-01"),
        ("2023-08-31", 2024, "2024-08-31"),  # counted from the signature, not from 29 February
        ("2024-02-29", 2025, "2025-08-29"),
        ("2024-09-01", 2023, "9999-12-31"),  # before the signature
        ("9999-12-31", 2024, "9999-12-31"),
    ],
)
def test_seconde_echeance_semestrielle(signature: str, millesime: int, attendu: str) -> None:
    assert seconde_echeance(jours(signature), numpy.array([6.0]), millesime) == jours(attendu)


def test_les_deux_echeances_sont_toutes_celles_de_l_annee() -> None:
    signatures = numpy.arange("2023-01-01", "2027-01-01", dtype="datetime64[D]")
    six = numpy.full(len(signatures), 6.0)
    toutes = numpy.stack([plus_mois(signatures, 6 * rang) for rang in range(1, 40)])
    for millesime in range(2022, 2040):
        de_l_annee = toutes.astype("datetime64[Y]") == numpy.datetime64(f"{millesime}")
        attendues = numpy.sort(numpy.where(de_l_annee, toutes, AUCUN_JOUR), axis=0)
        assert (premiere_echeance(signatures, six, millesime) == attendues[0]).all()
        assert (seconde_echeance(signatures, six, millesime) == attendues[1]).all()
        assert (attendues[2] == AUCUN_JOUR).all()


@pytest.mark.parametrize(
    ("signature", "millesime", "attendu"),
    [
        ("2024-06-22", 2024, "9999-12-31"),
        ("2024-06-22", 2029, "2029-06-22"),
        ("2024-06-22", 2030, "9999-12-31"),
        ("2024-06-22", 2034, "2034-06-22"),
        ("2024-02-29", 2029, "2029-02-28"),
        ("2024-02-29", 2044, "2044-02-29"),  # counted from the signature
        ("2024-06-22", 2019, "9999-12-31"),  # before it
    ],
)
def test_echeance_tous_les_cinq_ans(signature: str, millesime: int, attendu: str) -> None:
    assert echeance_annuelle(jours(signature), numpy.array([5.0]), millesime) == jours(attendu)


def test_sans_delai_il_n_y_a_pas_d_echeance() -> None:
    assert premiere_echeance(jours("2024-01-15"), numpy.array([1.0]), 2025) == jours("2025-01-15")
    for sans in (numpy.array([numpy.nan]), numpy.array([0.0])):
        assert premiere_echeance(jours("2024-01-15"), sans, 2024) == AUCUN_JOUR
        assert premiere_echeance(jours("2024-01-15"), sans, 2020) == AUCUN_JOUR
        assert seconde_echeance(jours("2024-01-15"), sans, 2025) == AUCUN_JOUR
        assert echeance_annuelle(jours("2024-01-15"), sans, 2029) == AUCUN_JOUR


def test_part_d_annee_courue() -> None:
    debut, fin = jours("2024-07-01"), jours("2025-07-01")
    assert part_courue(debut, fin, jours("2024-07-11")) == 10 / 365
    assert part_courue(debut, fin, jours("2024-07-01")) == 0
    assert part_courue(debut, fin, jours("2030-01-01")) == 1
    assert part_courue(fin, fin, jours("2030-01-01")) == 1  # no contract year
    assert part_courue(debut, fin, jours("2024-06-01")) == 0  # before it starts
    assert part_courue(debut, debut + 1, debut) == 0  # a year of one day, not begun
    assert part_courue(debut + 1, debut, debut - 1) == 1  # it ends before it starts


@pytest.mark.parametrize(
    ("observe", "cible", "attendu"),
    [(380, 400, True), (379, 400, False), (95, 100, True), (94, 100, False), (19, 20, True)],
)
def test_exactement_95_pour_cent_est_atteint(observe: int, cible: int, attendu: bool) -> None:
    assert atteint([observe], 0.95, [cible])[0] == attendu


def test_95_pour_cent_est_exact_pour_tous_les_comptes() -> None:
    cibles = numpy.arange(1, 20_001)
    seuils = -(-cibles * 95 // 100)  # the smallest whole number that is 95 % or more
    assert atteint(seuils, 0.95, cibles).all()
    assert not atteint(seuils - 1, 0.95, cibles).any()


def test_depasser_est_strict() -> None:
    assert list(depasse([900, 901], 0.9, [1000, 1000])) == [False, True]


def test_une_part_est_exacte_ou_les_flottants_ne_le_sont_pas() -> None:
    # In floats, 0.07 × 100 is above 7, 0.29 × 100 below 29, 0.145 × 100 below 14.5.
    assert atteint([7], 0.07, [100])[0]
    assert not depasse([29], 0.29, [100])[0]
    assert arrondi_au_patient([0.145], [100])[0] == 15


def test_un_millionieme_de_part_se_voit() -> None:
    assert list(atteint([1, 1], [1.000001, 1], [1, 1])) == [False, True]
    assert list(depasse([1, 1], [0.999999, 1], [1, 1])) == [True, False]


def test_sans_part_rien_n_est_atteint() -> None:
    assert not atteint([10], [numpy.nan], [10])[0]
    assert not depasse([10], [numpy.nan], [10])[0]


def test_rapport_sans_diviseur() -> None:
    assert list(rapport([50, 50, 50], [200, 0, -200])) == [0.25, 0, 0]


@pytest.mark.parametrize(
    ("part", "cible", "attendu"),
    [(0.5, 1045, 523), (0.7, 1045, 732), (0.1, 1514, 151), (1, 775, 775)],
)
def test_le_demi_patient_monte(part: float, cible: int, attendu: int) -> None:
    # 522.5, 731.5 (731.4999… in floats), 151.4, 775
    assert arrondi_au_patient([part], [cible])[0] == attendu


def test_le_demi_centime_monte() -> None:
    # 0.285 × 100 is 28.499999999999996 in floats; 1.005 × 100 is 100.49999999999999.
    assert list(arrondi_au_centime(numpy.array([0.285, 1.005, 2.675]))) == [0.29, 1.01, 2.68]
    assert list(arrondi_au_centime(numpy.array([-0.285, -0.286]))) == [-0.28, -0.29]


@pytest.mark.long
def test_une_aide_proratisee_est_juste_au_centime() -> None:
    hasard = Random(0)
    for _ in range(20_000):
        montant = hasard.choice([7000, 8350, 8767, 21000, 22000, 38000, 76000])
        a_gagner = hasard.randint(1, 3000)
        gagne, jours_courus = hasard.randint(0, a_gagner), hasard.randint(1, 365)
        exact = Fraction(montant) * gagne / a_gagner * jours_courus / 365
        attendu = Fraction(floor(exact * 100 + Fraction(1, 2)), 100)
        obtenu = arrondi_au_centime(
            numpy.array([montant * (gagne / a_gagner) * (jours_courus / 365)])
        )
        assert obtenu[0] == float(attendu), (montant, gagne, a_gagner, jours_courus)


@pytest.mark.long
@given(
    observe=st.integers(-100_000, 100_000),
    cible=st.integers(1, 100_000),
    part=st.integers(0, 10_000),
)
def test_comparer_a_une_part_est_exact(observe: int, cible: int, part: int) -> None:
    # The share as a decimal of four figures, 0.95 = 9500/10000.
    exact = Fraction(part, 10_000) * cible
    assert atteint([observe], part / 10_000, [cible])[0] == (observe >= exact)
    assert depasse([observe], part / 10_000, [cible])[0] == (observe > exact)
    arrondi = floor(exact + Fraction(1, 2))
    assert arrondi_au_patient([part / 10_000], [cible])[0] == arrondi


@pytest.mark.long
@given(jour=st.dates(date(1700, 1, 1), date(2600, 12, 31)), mois=st.integers(0, 600))
def test_ajouter_des_mois_suit_le_calendrier_de_python(jour: date, mois: int) -> None:
    an, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    attendu = date(an, rang + 1, min(jour.day, monthrange(an, rang + 1)[1]))
    assert plus_mois(jours(jour.isoformat()), mois).tolist() == [attendu]
    meme_jour = date(an, jour.month, min(jour.day, monthrange(an, jour.month)[1]))
    assert anniversaire(jours(jour.isoformat()), an).tolist() == [meme_jour]
