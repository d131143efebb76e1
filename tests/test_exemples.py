"""The personas: valid, computed under both laws, with figures worked out by hand."""

from importlib.resources import files

import pytest
from openfisca_core.simulations import SimulationBuilder
from openfisca_web_api.app import create_app

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.exemples import EXEMPLES
from openfisca_assistant_medical.exemples import situation as exemple
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.situations import verifier

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
LOIS = {"base": BASE, "convention": CONVENTION}
DOSSIER = files("openfisca_assistant_medical") / "situation_examples"


def aide_due(nom: str, loi: str, annees: range, rang: int = 0) -> list[float]:
    simulation = SimulationBuilder().build_from_entities(LOIS[loi], exemple(nom))
    return [float(simulation.calculate("aide_due", str(an))[rang]) for an in annees]


def test_chaque_fichier_a_sa_ligne() -> None:
    fichiers = {f.name.removesuffix(".json") for f in DOSSIER.iterdir() if f.name.endswith(".json")}
    assert fichiers == set(EXEMPLES)


@pytest.mark.parametrize("nom", EXEMPLES)
@pytest.mark.parametrize("loi", LOIS)
def test_l_exemple_est_valide_canonique_et_eligible(nom: str, loi: str) -> None:
    situation = exemple(nom)
    assert verifier(situation, LOIS[loi]) == situation
    simulation = SimulationBuilder().build_from_entities(LOIS[loi], situation)
    assert simulation.calculate("eligible", "ETERNITY").all()


@pytest.mark.long
@pytest.mark.parametrize("nom", EXEMPLES)
def test_l_api_repond_a_chaque_demande(nom: str) -> None:
    reponse = create_app(CONVENTION).test_client().post("/calculate", json=exemple(nom))
    assert reponse.status_code == 200
    for medecin in reponse.get_json()["medecins"].values():
        assert medecin["eligible"] == {"ETERNITY": True}
        assert None not in medecin["aide_due"].values()


# Generalist, signed on 2023-09-10. Year 3: PMT (1430 − 1300)/(1560 − 1300) = 0.5, PFA 30/100 = 0.3,
# none under its start: best rate, 0.5. Year 4: PMT 250/260 = 96.2 % ≥ 95 %, reached: 1.
# Year 5: not observed, paid whole.
# 95th percentile: year 3, PMT 2080 ≥ 0.95 × 2187 = 2077.65, kept: 1. Year 4: none kept, best of
# 2000/2187 and 3000/3300.
# Newly installed: year 3, PMT 1060 ≥ P50 1045, PFA 1300 ≥ P30 1219: 1. Year 4: PMT 1200 reached,
# PFA missed without a fall: 1.
# Senior, under the convention only: year 3, 901 > 0.9 × 1000: 1. Year 4: 900 and 1350 are not
# more than 90 %: best of 0.9 and 0.9.
# Cardiologist: year 3, (1507 − 1457)/(1557 − 1457) = 0.5.
# 1/3 FTE, Alix: year 3, PMT 145/150 = 96.7 %: 1; year 4, PMT 90/150 = 0.6. Noa: year 3, PMT 690
# under its start of 700: 0; year 4, PMT 70/140 = 0.5.
# Ended on 2025-12-31: 183 days of the 365 from 2025-07-01.
ATTENDUS = [
    ("generaliste_deux_lois", "base", 0, 2023, [36_000, 27_000, 21_000 * 0.5, 21_000, 21_000, 0]),
    (
        "generaliste_deux_lois",
        "convention",
        0,
        2023,
        [36_000, 28_000, 22_000 * 0.5, 22_000, 22_000, 0],
    ),
    (
        "generaliste_p95",
        "base",
        0,
        2024,
        [18_000, 18_000, 18_000, round(18_000 * 2000 / 2187, 2), 18_000, 0],
    ),
    (
        "generaliste_p95",
        "convention",
        0,
        2024,
        [19_000, 19_000, 19_000, round(19_000 * 2000 / 2187, 2), 19_000, 19_000],
    ),
    ("primo_installe", "base", 0, 2025, [36_000, 27_000, 21_000, 21_000, 21_000, 0]),
    ("primo_installe", "convention", 0, 2025, [38_000, 28_000, 22_000, 22_000, 22_000, 22_000]),
    ("senior", "base", 0, 2024, [36_000, 27_000, 21_000, 21_000, 21_000, 0]),
    ("senior", "convention", 0, 2024, [38_000, 28_000, 22_000, 22_000 * 0.9, 22_000, 22_000]),
    ("cardiologue_percentiles_non_publies", "base", 0, 2024, [36_000, 27_000, 21_000 * 0.5]),
    ("cardiologue_percentiles_non_publies", "convention", 0, 2024, [38_000, 28_000, 22_000 * 0.5]),
    ("ancien_tiers_etp", "base", 0, 2022, [12_000, 9_000, 7_000, 7_000 * 0.6, 7_000, 0]),
    ("ancien_tiers_etp", "convention", 0, 2022, [12_000, 9_000, 7_350, 7_350 * 0.6, 7_350, 0]),
    ("ancien_tiers_etp", "convention", 1, 2022, [12_000, 9_000, 0, 7_350 * 0.5, 7_350, 0]),
    ("contrat_resilie", "base", 0, 2024, [36_000, round(27_000 * 183 / 365, 2), 0]),
    ("contrat_resilie", "convention", 0, 2024, [38_000, round(28_000 * 183 / 365, 2), 0]),
]


@pytest.mark.parametrize(("nom", "loi", "rang", "debut", "attendus"), ATTENDUS)
def test_aide_due(nom: str, loi: str, rang: int, debut: int, attendus: list[float]) -> None:
    assert aide_due(nom, loi, range(debut, debut + len(attendus)), rang) == attendus


def test_le_montant_du_cardiologue_est_un_plancher() -> None:
    situation = exemple("cardiologue_percentiles_non_publies")
    simulation = SimulationBuilder().build_from_entities(CONVENTION, situation)
    assert simulation.calculate("aide_maximale_plancher", "2026").tolist() == [True]
