"""What must be checked first: everything is there once, weighed by the examples."""

import io
import json
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from openfisca_core.simulations import SimulationBuilder
from rich.console import Console

from openfisca_assistant_medical import CountryTaxBenefitSystem, textes
from openfisca_assistant_medical.affichage import jour
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.tracabilite.verification import a_verifier, afficher

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
ANNEES = range(2019, 2036)
pytestmark = pytest.mark.long
EXEMPLES = [
    json.loads(fichier.read_text("utf-8"))
    for fichier in (files("openfisca_assistant_medical") / "situation_examples").iterdir()
    if fichier.name.endswith(".json")
]


@pytest.fixture(scope="module")
def rapport() -> dict[str, Any]:
    return a_verifier()


def point(rapport: dict[str, Any], identifiant: str, depuis: str | None = None) -> dict[str, Any]:
    (trouve,) = (p for p in rapport["points"] if (p["id"], p["depuis"]) == (identifiant, depuis))
    return trouve


def aides(systeme: Any) -> list[float]:
    """Aid due by each example's doctors, year after year."""
    dues = []
    for exemple in EXEMPLES:
        simulation = SimulationBuilder().build_from_entities(systeme, exemple)
        for annee in ANNEES:
            dues += simulation.calculate("aide_due", str(annee)).tolist()
    return dues


def test_chaque_lecture_est_la_une_fois(rapport: dict[str, Any]) -> None:
    noms = Counter(p["id"] for p in rapport["points"] if p["genre"] != "chiffres")
    assert set(noms) == {*lectures.LECTURES, *textes.lectures()}
    assert set(noms.values()) == {1}
    # 20 that are parameters, and the day of the convention.
    lues = [p for p in rapport["points"] if p["genre"] == "lecture"]
    assert len(lues) == len(BASE.parameters.lectures.children) + 1 == 21
    genres = {p["id"]: p["genre"] for p in rapport["points"]}
    assert genres["entree_en_vigueur_2024"] == "lecture"
    assert genres["tranche_de_la_signature"] == "doute"


def dates(noeud: Any) -> set[str]:
    """Days of the values of a file of figures."""
    if not isinstance(noeud, dict):
        return set()
    siennes = {jour for jour, v in noeud.get("values", {}).items() if v["value"] is not None}
    return siennes.union(*(dates(enfant) for enfant in noeud.values()))


def test_chaque_fichier_de_chiffres_est_la_une_fois_par_date(rapport: dict[str, Any]) -> None:
    paquet = Path(str(files("openfisca_assistant_medical")))
    attendues = {
        (".".join(fichier.relative_to(racine).with_suffix("").parts), jour)
        for racine in (
            paquet / "parameters",
            paquet / "reforms/convention_2024/parameters",
            paquet / "reforms/aide_collective_2026/parameters",
        )
        for fichier in racine.rglob("*.yaml")
        if fichier.parent.name != "lectures"
        for jour in dates(yaml.safe_load(fichier.read_text("utf-8")))
    }
    cles = Counter((p["id"], p["depuis"]) for p in rapport["points"] if p["genre"] == "chiffres")
    assert set(cles) == attendues
    assert set(cles.values()) == {1}
    assert ("aide.montant", "2024-06-22") in attendues


def test_chaque_point_dit_sa_source_et_son_doute(rapport: dict[str, Any]) -> None:
    assert (rapport["format"], len(rapport["exemples"])) == (1, len(EXEMPLES))
    assert json.loads(json.dumps(rapport, allow_nan=False)) == rapport
    doutes = {"integral": 1, "extrait": 2, "secondaire": 3, "inference": 4}
    for p in rapport["points"]:
        assert p["quoi"]
        assert p["sources"]
        assert bool(p["retenu"]) is (p["genre"] != "chiffres")
        assert bool(p["depuis"]) is (p["genre"] == "chiffres")
        if p["genre"] == "doute":
            assert (p["euros"], p["poids"]) == (None, None)
        else:
            assert p["poids"] == pytest.approx(p["euros"] * doutes[p["confiance"]], abs=0.03)
    # The least sure of its figures makes the doubt of a table: zones, deduced for the RA.
    assert point(rapport, "eligibilite.exercice_regroupe", "2019-08-20")["confiance"] == "inference"
    assert "s003_ill_2_base" in point(rapport, "aide.montant", "2024-06-22")["dispositions"]
    assert "s003_ill_2_p95" in point(rapport, "p95_inclus")["dispositions"]


def test_le_plus_lourd_vient_d_abord(rapport: dict[str, Any]) -> None:
    poids = [p["poids"] or 0 for p in rapport["points"]]
    assert poids == sorted(poids, reverse=True)
    assert poids[0] > 0


def test_une_lecture_pese_ce_que_l_autre_change(rapport: dict[str, Any]) -> None:
    change = 0.0
    for loi in (BASE, CONVENTION):
        autre = lectures.base_du_taux(loi)
        change += sum(abs(a - b) for a, b in zip(aides(loi), aides(autre), strict=True))
    assert change > 0
    trouve = point(rapport, "base_du_taux")
    assert trouve["euros"] == pytest.approx(change, abs=0.01)
    # A reading is a deduction: the heaviest doubt, 4.
    assert trouve["poids"] == pytest.approx(4 * change, abs=0.05)
    assert point(rapport, "age_senior")["euros"] == 0  # the examples' senior is 66


def test_les_montants_de_2024_portent_toute_l_aide_de_leurs_annees(rapport: dict[str, Any]) -> None:
    # Every euro due for a contract year that starts under the convention comes from its amounts.
    attendue = 0.0
    for exemple in EXEMPLES:
        simulation = SimulationBuilder().build_from_entities(CONVENTION, exemple)
        for annee in ANNEES:
            debuts = simulation.calculate("date_anniversaire", str(annee)).astype(str)
            dues = simulation.calculate("aide_due", str(annee)).tolist()
            attendue += sum(
                due
                for debut, due in zip(debuts, dues, strict=True)
                if "2024-06-22" <= debut < "9999"
            )
    trouve = point(rapport, "aide.montant", "2024-06-22")
    assert trouve["euros"] == pytest.approx(attendue, abs=0.01)
    # Read in whole in S003: the lightest doubt, 1.
    assert (trouve["confiance"], trouve["poids"]) == ("integral", trouve["euros"])


def test_le_delai_de_paiement_porte_l_aide_qu_il_date(rapport: dict[str, Any]) -> None:
    # Every contract year that starts under the convention has the delay of the convention.
    delai = point(rapport, "versement.delai_acompte", "2024-06-22")
    assert delai["euros"] == point(rapport, "aide.montant", "2024-06-22")["euros"]


def test_ce_dont_rien_ne_depend_ne_pese_rien(rapport: dict[str, Any]) -> None:
    # No amount and no payment reads when the doctor and the caisse meet.
    assert point(rapport, "contrat.point_d_etape", "2019-08-20")["euros"] == 0


def test_la_regle_du_senior_ne_porte_que_sur_le_senior(rapport: dict[str, Any]) -> None:
    # Observed in 2026 and 2027 alone: PMT kept, then both counts at 90 %.
    trouve = point(rapport, "objectif.maintien_senior", "2024-06-22")
    assert trouve["euros"] == 22_000 + 22_000 * 0.9
    # At 90 % exactly, the other reading pays the tenth that is lost.
    assert point(rapport, "borne_tolerance_senior")["euros"] == pytest.approx(22_000 * 0.1)


def test_les_points_s_affichent_du_plus_lourd_au_plus_leger(rapport: dict[str, Any]) -> None:
    sortie = io.StringIO()
    afficher(Console(file=sortie, width=100, highlight=False, markup=False, emoji=False), rapport)
    texte = " ".join(sortie.getvalue().split())
    pesants = [p for p in rapport["points"] if p["poids"]]
    rangs = re.findall(r"^(\d+)\. ", sortie.getvalue(), re.MULTILINE)
    assert rangs == [str(rang) for rang in range(1, len(pesants) + 1)]
    places = [texte.index(f"{rang}. {p['quoi']}") for rang, p in enumerate(pesants, 1)]
    assert places == sorted(places)
    for p in rapport["points"]:
        assert p["id"] in texte
        depuis = f", au {jour(p['depuis'])})" if p["depuis"] else ")"
        assert bool(p["poids"]) is (f"{p['quoi']} ({p['id']}{depuis}" in texte)
