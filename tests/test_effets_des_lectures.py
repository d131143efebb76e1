"""What the other reading of a doubtful point changes for a doctor, and nothing else."""

import json
from typing import Any

import pytest
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem, exemples, textes
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.tracabilite.lectures import effets

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
LOIS = {(): BASE, ("convention_2024",): CONVENTION}


def seul(noms: tuple[str, ...] = (), annees: range | None = None, **saisies: Any) -> dict[str, Any]:
    """Effects on one doctor, by reading."""
    connues = {"specialite": "generaliste", "secteur_conventionnel": "secteur_1"}
    rapport = effets({"medecins": {"m": connues | saisies}}, list(noms), annees)
    (medecin,) = rapport["medecins"]
    return {effet["lecture"]: effet["changements"] for effet in medecin["effets"]}


def de(changements: list[dict[str, Any]], variable: str) -> dict[int | None, tuple[Any, Any]]:
    return {
        c["annee"]: (c["retenue"], c["autre"]) for c in changements if c["variable"] == variable
    }


@pytest.mark.long
def test_un_taux_mesure_sur_le_niveau_change_la_troisieme_annee() -> None:
    # 1 200 patients at the start, 1 400 to reach, 1 300 observed: 100 gained of 200, half of
    # 21 000. On the level, 21 000 × 1 300 / 1 400 = 19 500. PFA, where none of the 1 300 is gained
    # and the level is 1 700 / 3 000, is never the better of the two.
    vus = seul(
        date_signature="2023-06-01",
        patientele_mt_initiale=1200,
        file_active_initiale=1700,
        objectif_pmt_contractuel=1400,
        objectif_pfa_contractuel=3000,
        patientele_mt={"2025": 1300},
        file_active={"2025": 1700},
        annees=range(2025, 2026),
    )
    assert de(vus["base_du_taux"], "aide_due") == {2025: (21_000 * 0.5, 19_500.0)}
    assert de(vus["base_du_taux"], "part_aide_versee")[2025][0] == 0.5
    assert "seuil_p30" not in vus


@pytest.mark.long
def test_rien_ne_change_avant_tout_texte() -> None:
    assert seul(date_signature="2019-08-19") == {}
    assert seul(("convention_2024",), date_signature="2019-08-19") == {}


@pytest.mark.long
@pytest.mark.parametrize(("patientele", "lecture"), [(775, True), (776, False), (774, False)])
def test_le_30e_percentile_exact_ne_touche_que_qui_y_est(patientele: int, lecture: bool) -> None:
    vus = seul(
        date_signature="2024-09-02", patientele_mt_initiale=patientele, file_active_initiale=1700
    )
    assert ("seuil_p30" in vus) == lecture
    if lecture:
        assert de(vus["seuil_p30"], "eligible") == {None: (True, False)}


@pytest.mark.long
def test_la_veille_de_la_convention_ne_compte_que_sous_elle() -> None:
    saisies = {
        "date_signature": "2024-06-21",
        "patientele_mt_initiale": 1200,
        "file_active_initiale": 1700,
    }
    assert "entree_en_vigueur_2024" not in seul(**saisies)
    vus = seul(("convention_2024",), **saisies)["entree_en_vigueur_2024"]
    assert de(vus, "texte_signature") == {None: ("reglement_arbitral_2023", "convention_2024")}
    assert de(vus, "aide_due")[2024] == (36_000, 38_000)


@pytest.mark.long
def test_un_contrat_qui_continue_se_compare_aux_memes_annees() -> None:
    vus = seul(
        date_signature="2020-03-02",
        exercice_regroupe_declare=True,
        patientele_mt_initiale=1200,
        file_active_initiale=1700,
        prorogation_signee=True,
    )["renouvellement_avant_2024"]
    rangs = de(vus, "rang_annee_contrat")
    assert rangs == {annee: (annee - 2019, 0) for annee in range(2025, 2030)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("exemple", "noms"),
    [
        *((exemple, ("convention_2024",)) for exemple in exemples.EXEMPLES),
        ("generaliste_deux_lois", ()),
        ("ancien_tiers_etp", ()),
    ],
)
def test_chaque_montant_est_celui_d_une_simulation(
    exemple: str, noms: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    options = [mot for nom in noms for mot in ("--reforme", nom)]
    assert main(["lectures", "--exemple", exemple, *options, "--json"]) == 0
    rapport = json.loads(capsys.readouterr().out)
    situation = exemples.situation(exemple)
    for medecin in situation["medecins"].values():
        for nom in [n for n, valeurs in medecin.items() if None in valeurs.values()]:
            del medecin[nom]  # an output asked for

    def dus(loi: Any) -> dict[int, list[float]]:
        simulation = SimulationBuilder().build_from_entities(loi, situation)
        return {
            annee: simulation.calculate("aide_due", annee).tolist() for annee in range(2020, 2031)
        }

    retenus = dus(LOIS[noms])
    for lecture in lectures.LECTURES:
        if lecture == "entree_en_vigueur_2024":
            continue
        autres = dus(getattr(lectures, lecture)(LOIS[noms]))
        for rang, medecin in enumerate(rapport["medecins"]):
            vus = {e["lecture"]: e["changements"] for e in medecin["effets"]}.get(lecture, [])
            montants = de(vus, "aide_due")
            for annee in retenus:
                retenu, autre = retenus[annee][rang], autres[annee][rang]
                assert montants.get(annee, (retenu, retenu)) == (retenu, autre), (lecture, annee)


@pytest.mark.long
def test_la_commande_montre_la_question_et_les_deux_lectures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lectures", "--exemple", "generaliste_p95", "--reforme", "convention_2024"]) == 0
    sortie = " ".join(capsys.readouterr().out.split())
    assert "95e percentile" in sortie
    assert "Retenu : oui. Autre lecture : non." in sortie
    assert "Sans effet ici" in sortie
    assert main(["lectures", "--exemple", "primo_installe", "--reforme", "convention_2024"]) == 0
    sortie = " ".join(capsys.readouterr().out.split())
    assert "2028 : taux d’atteinte de l’objectif de PFA, 60 % → 94,67 %" in sortie
    assert "médecin éligible à l’aide à la signature, oui → non" in sortie
    assert "2025 : aide due au titre de l’année de contrat, 38 000,00 € → 0,00 €" in sortie


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--exemple", "generaliste_p9"], "generaliste_p95"),
        (["--exemple", "senior", "--reforme", "lectures.age_seniors"], "lectures.age_senior"),
        (["--exemple", "senior", "--annees", "2030-2020"], "--annees"),
        (["un.yaml", "--exemple", "senior"], "--exemple NOM"),
    ],
)
def test_la_commande_refuse_et_dit_pourquoi(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lectures", *arguments]) == 2
    assert message in capsys.readouterr().err


# --- The register ---------------------------------------------------------------------------------


def test_sans_situation_la_commande_donne_tout_le_registre(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lectures", "--json"]) == 0
    rapport = json.loads(capsys.readouterr().out)
    fiches = {fiche["id"]: fiche for fiche in rapport["lectures"]}
    assert set(fiches) == {*lectures.LECTURES, *textes.lectures()}
    assert len(rapport["lectures"]) == len(fiches)
    for fiche in fiches.values():
        assert fiche["question"].endswith(" ?")
        assert fiche["retenue"] != fiche["autre"]
        assert fiche["dispositions"], fiche["id"]
    assert fiches["seuil_p30"]["executable"]
    assert fiches["seuil_p30"]["variables"] == ["seuil_pfa_atteint", "seuil_pmt_atteint"]
    # Illustration 2 excludes P30, part II-3 does not.
    assert any("illustration 2" in source for source in fiches["seuil_p30"]["sources_de_l_autre"])
    assert not any("illustration 2" in source for source in fiches["seuil_p30"]["sources"])
    assert not fiches["tranche_de_la_signature"]["executable"]


def test_une_lecture_deja_prise_a_l_envers_s_oppose_au_registre(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fiches = []
    for reformes in ([], ["--reforme", "lectures.seuil_p30"]):
        assert main(["lectures", "--json", *reformes]) == 0
        lues = json.loads(capsys.readouterr().out)["lectures"]
        fiches.append(next(fiche for fiche in lues if fiche["id"] == "seuil_p30"))
    endroit, envers = fiches
    assert (envers["retenue"], envers["autre"]) == (endroit["autre"], endroit["retenue"])
    assert envers["sources"] == endroit["sources_de_l_autre"]
    assert envers["sources_de_l_autre"] == endroit["sources"]


def test_le_registre_se_lit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lectures"]) == 0
    texte = " ".join(capsys.readouterr().out.split())
    assert "Retenu : P30 lui-même est éligible" in texte
    assert "Autre lecture : il faut dépasser P30" in texte
    assert "points douteux, dont 21 se calculent dans les deux sens" in texte
