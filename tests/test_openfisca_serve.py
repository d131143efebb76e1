"""Stock OpenFisca serves the model: its own Web API, with and without the convention."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate
from openfisca_web_api.app import create_app

from openfisca_assistant_medical import CountryTaxBenefitSystem, textes
from openfisca_assistant_medical.exemples import EXEMPLES, situation
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.serveurs import attendre, port_libre

BASE = CountryTaxBenefitSystem()
SYSTEMES = {"base": BASE, "convention_2024": convention_2024(BASE)}
SITUATIONS = {nom: situation(nom) for nom in EXEMPLES}


@pytest.fixture(scope="module", params=SYSTEMES)
def client(request: pytest.FixtureRequest) -> Any:
    return create_app(SYSTEMES[request.param]).test_client()


@pytest.mark.long
def test_le_document_openapi_est_valide(client: Any) -> None:
    spec = client.get("/spec").get_json()
    validate(spec)
    assert spec["info"]["version"]
    exemple = spec["components"]["schemas"]["SituationOutput"]["example"]
    assert exemple["medecins"]


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_chaque_exemple_se_calcule(client: Any, exemple: str) -> None:
    reponse = client.post("/calculate", json=SITUATIONS[exemple])
    assert reponse.status_code == 200, reponse.get_json()
    assert "null" not in reponse.get_data(as_text=True)


@pytest.mark.long
@pytest.mark.parametrize("exemple", EXEMPLES)
def test_la_trace_nomme_des_parametres_dates(client: Any, exemple: str) -> None:
    trace = client.post("/trace", json=SITUATIONS[exemple]).get_json()["trace"]
    parametres = {cle for etape in trace.values() for cle in etape["parameters"]}
    assert all(re.fullmatch(r"[a-z0-9_.]+<\d{4}-\d{2}-\d{2}>", cle) for cle in parametres)
    assert any(cle.startswith("aide.montant.") for cle in parametres)


@pytest.mark.long
def test_la_convention_se_voit_dans_la_reponse() -> None:
    maximums = {}
    for nom, systeme in SYSTEMES.items():
        reponse = (
            create_app(systeme)
            .test_client()
            .post("/calculate", json=SITUATIONS["generaliste_deux_lois"])
        )
        (medecin,) = reponse.get_json()["medecins"].values()
        maximums[nom] = {an: medecin["aide_maximale"][an] for an in ("2023", "2024", "2025")}
    assert maximums == {
        "base": {"2023": 36000, "2024": 27000, "2025": 21000},
        "convention_2024": {"2023": 36000, "2024": 28000, "2025": 22000},
    }


def test_un_parametre_montre_sa_reference_par_date(client: Any) -> None:
    reponse = client.get("/parameter/aide/montant/un_etp/par_defaut/rang_1").get_json()
    assert reponse["values"]["2019-08-20"] == 36000
    assert reponse["metadata"]["unit"] == "currency"
    assert reponse["metadata"]["reference"]["2019-08-20"][0]["title"]
    assert reponse["description"].startswith("Montant maximal annuel")


def test_une_variable_montre_sa_regle_et_sa_source(client: Any) -> None:
    reponse = client.get("/variable/part_standard").get_json()
    (formule,) = reponse["formulas"].values()
    assert "illustrations 5.1 et 5.2" in formule["documentation"]
    assert "objectif_manque_avec_baisse" in formule["content"]
    assert "/openfisca_assistant_medical/variables/modulation/part_standard.py" in reponse["source"]
    assert "None" not in reponse["source"]


@pytest.mark.parametrize(
    ("saisie", "lieu"),
    [
        ({"eligible": {"ETERNITY": True}}, ["medecins", "eligible", "ETERNITY"]),
        ({"patientele_mt": {"year:2024-07": 1200}}, ["medecins", "patientele_mt", "year:2024-07"]),
        ({"specialite": {"ETERNITY": "sorcier"}}, ["medecins", "m", "specialite", "ETERNITY"]),
        ({"date_signature": {"ETERNITY": "2023-02-30"}}, ["medecins", "m", "date_signature"]),
    ],
)
def test_une_mauvaise_saisie_repond_400_et_dit_ou(
    client: Any, saisie: dict[str, Any], lieu: list[str]
) -> None:
    reponse = client.post("/calculate", json={"medecins": {"m": saisie}})
    assert reponse.status_code == 400
    erreur = reponse.get_json()
    for cle in lieu:
        erreur = erreur[cle]
    assert erreur


def montre(nom: str, chemin: str) -> Any:
    return create_app(SYSTEMES[nom]).test_client().get(chemin).get_json()


def test_un_parametre_dit_ses_dispositions_a_chaque_date_et_ses_lectures() -> None:
    chemin = "/parameter/aide/montant/un_etp/p95_et_plus"
    metadonnees = montre("convention_2024", chemin)["metadata"]
    dispositions = metadonnees["dispositions"]
    # 36 000 € come from the table of S000, 38 000 € from illustration 2 of S003.
    assert "s000_montant_p95" in dispositions["2019-08-20"]
    assert "s003_ill_2_p95" not in dispositions["2019-08-20"]
    assert "s003_ill_2_p95" in dispositions["2024-06-22"]
    assert "p95_inclus" in metadonnees["lectures"]
    assert metadonnees["last_value_still_valid_on"] == "2024-09-01"
    assert list(montre("base", chemin)["metadata"]["dispositions"]) == ["2019-08-20"]


def test_une_table_et_une_lecture_disent_leurs_dispositions(client: Any) -> None:
    table = client.get("/parameter/contrat/carence").get_json()["metadata"]
    assert table["dispositions"] == ["s003_iii_carence"]
    lecture = client.get("/parameter/lectures/age_senior").get_json()["metadata"]
    assert lecture["dispositions"] == {"2019-08-20": ["s003_iv_2_senior_objectif"]}


def test_une_variable_cite_ses_dispositions_et_ses_lectures(client: Any) -> None:
    references = client.get("/variable/tranche_patientele").get_json()["references"]
    assert any(r.startswith("S003, ") and "(s003_iii_1_criteres, " in r for r in references)
    assert "Lecture mesure_tranche : voir /parameter/lectures/mesure_tranche" in references
    assert any(r.startswith("Lecture tranche_de_la_signature : La tranche") for r in references)


def test_chaque_chiffre_et_chaque_table_renvoient_aux_registres(client: Any) -> None:
    connues = {*textes.lectures(), *lectures.LECTURES}
    feuilles = 0
    for chemin in client.get("/parameters").get_json():
        reponse = client.get(f"/parameter/{chemin.replace('.', '/')}").get_json()
        dispositions = reponse["metadata"]["dispositions"]
        if "values" in reponse:
            assert set(dispositions) == set(reponse["values"]), chemin
            feuilles += 1
        else:
            assert isinstance(dispositions, list)
            dispositions = {"": dispositions}
        citees = {nom for liste in dispositions.values() for nom in liste}
        assert citees <= set(textes.dispositions()), chemin
        douteuses = {n for nom in citees for n in textes.dispositions()[nom].lectures}
        assert set(reponse["metadata"]["lectures"]) == douteuses <= connues, chemin
    assert feuilles > 120


@pytest.mark.long
def test_une_autre_lecture_garde_ses_dispositions_et_ses_renvois() -> None:
    autre = create_app(lectures.p95_inclus(SYSTEMES["convention_2024"])).test_client()
    chemin = "/parameter/lectures/p95_inclus"
    retenue, prise = montre("convention_2024", chemin), autre.get(chemin).get_json()
    assert (retenue["values"], prise["values"]) == ({"2019-08-20": True}, {"2019-08-20": False})
    assert prise["metadata"] == retenue["metadata"]
    assert "s003_ill_2_p95" in prise["metadata"]["dispositions"]["2019-08-20"]
    chemin = "/variable/tranche_pmt"
    assert autre.get(chemin).get_json()["references"] == montre("base", chemin)["references"]


@pytest.mark.long
def test_construire_la_loi_ne_lit_pas_les_registres() -> None:
    # They cost as much as a third of the law, and serve those who ask where a figure comes from.
    source = (
        "import sys; from openfisca_assistant_medical import CountryTaxBenefitSystem as C; "
        "from openfisca_assistant_medical.reforms.convention_2024 import convention_2024; "
        "systeme = convention_2024(C()); nom = 'openfisca_assistant_medical.textes'; "
        "assert nom not in sys.modules; assert systeme.variables['aide_due'].reference; "
        "assert nom in sys.modules"
    )
    subprocess.run([sys.executable, "-c", source], check=True)


@pytest.fixture(
    params=[[], ["-r", "openfisca_assistant_medical.reforms.convention_2024.convention_2024"]]
)
def serveur(request: pytest.FixtureRequest) -> Iterator[tuple[str, bool]]:
    port = port_libre()
    commande = [sys.executable, "-m", "openfisca_core.scripts.openfisca_command", "serve"]
    commande += ["-c", "openfisca_assistant_medical", "--port", str(port), *request.param]
    with subprocess.Popen(
        commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as processus:
        try:
            attendre(port, "/spec")
            yield f"http://127.0.0.1:{port}", bool(request.param)
        finally:
            processus.terminate()


@pytest.mark.long
def test_openfisca_serve(serveur: tuple[str, bool]) -> None:
    url, sous_la_convention = serveur
    with urllib.request.urlopen(f"{url}/spec", timeout=30) as reponse:
        validate(json.load(reponse))
    requete = urllib.request.Request(
        f"{url}/calculate",
        data=json.dumps(SITUATIONS["generaliste_deux_lois"]).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(requete, timeout=30) as reponse:
        (medecin,) = json.load(reponse)["medecins"].values()
    assert medecin["aide_maximale"]["2024"] == (28000 if sous_la_convention else 27000)


# --- A contract of the practice -------------------------------------------------------------------

ADHERENT = {
    "aide_collective_date_adhesion": {"ETERNITY": "2026-03-01"},
    "aide_collective_pmt_initiale": {"ETERNITY": 1000},
}
EN_GROUPE = {
    "medecins": {"Alix": ADHERENT, "Bo": ADHERENT, "Mo": {}},
    "cabinets": {
        "Tilleuls": {
            "membres": ["Alix", "Bo"],
            "aide_collective_date_signature": {"ETERNITY": "2026-03-01"},
            "aide_collective_societe": {"ETERNITY": "scm"},
            "aide_collective_etp_demandes": {"ETERNITY": 1.5},
            "aide_collective_motif": {"ETERNITY": None},
            "aide_collective_pmt_moyenne": {"ETERNITY": None},
            "aide_collective_due": {"2026": None, "2027": None},
        },
        "Ormes": {"membres": ["Mo"], "aide_collective_due": {"2026": None}},
    },
}


@pytest.fixture(scope="module")
def client_collectif() -> Any:
    return create_app(aide_collective_2026(SYSTEMES["convention_2024"])).test_client()


@pytest.mark.long
def test_un_contrat_collectif_se_calcule(client_collectif: Any) -> None:
    validate(client_collectif.get("/spec").get_json())
    reponse = client_collectif.post("/calculate", json=EN_GROUPE)
    assert reponse.status_code == 200, reponse.get_json()
    cabinets = reponse.get_json()["cabinets"]
    # 38 000 × 1.5, then 28 000 × 1.5
    assert cabinets["Tilleuls"]["aide_collective_due"] == {"2026": 57_000, "2027": 42_000}
    assert cabinets["Tilleuls"]["aide_collective_motif"] == {"ETERNITY": "aucun"}
    assert cabinets["Tilleuls"]["aide_collective_pmt_moyenne"] == {"ETERNITY": 1000}
    assert cabinets["Ormes"]["aide_collective_due"] == {"2026": 0}
    trace = client_collectif.post("/trace", json=EN_GROUPE).get_json()["trace"]
    lus = {cle for etape in trace.values() for cle in etape["parameters"]}
    assert "aide_collective.montant.rang_1<2026-02-25>" in lus


def test_l_api_dit_que_la_source_de_l_aide_collective_est_secondaire(client_collectif: Any) -> None:
    variable = client_collectif.get("/variable/aide_collective_due").get_json()
    assert variable["entity"] == "cabinet"
    assert "Source secondaire" in variable["documentation"]
    assert any("MESDOCS (source secondaire)" in r for r in variable["references"])
    saisie = client_collectif.get("/variable/aide_collective_etp_demandes").get_json()
    assert "Source secondaire" in saisie["documentation"]
    montant = client_collectif.get("/parameter/aide_collective/montant/rang_1").get_json()
    assert montant["values"] == {"2026-02-25": 38_000}
    assert "source secondaire" in montant["description"]
    assert montant["metadata"]["confiance"] == {"2026-02-25": "secondaire"}
    assert montant["metadata"]["dispositions"] == {"2026-02-25": ["mesdocs_montants"]}
    table = client_collectif.get("/parameter/aide_collective").get_json()
    assert "source secondaire" in table["description"]


def test_une_mauvaise_saisie_du_cabinet_repond_400(client_collectif: Any) -> None:
    saisies: list[dict[str, Any]] = [
        {"aide_collective_etp": {"2026": 2}},
        {"aide_collective_societe": {"ETERNITY": "gaec"}},
        {"aide_collective_etp_avenant": {"year:2027-03": 2}},
    ]
    for saisie in saisies:
        corps = {"medecins": {"A": {}}, "cabinets": {"c": {"membres": ["A"], **saisie}}}
        reponse = client_collectif.post("/calculate", json=corps)
        assert reponse.status_code == 400, saisie
        assert next(iter(saisie)) in reponse.get_data(as_text=True)


def test_la_base_n_a_pas_d_aide_collective(client: Any) -> None:
    assert client.get("/variable/aide_collective_due").status_code == 404
    assert client.get("/parameter/aide_collective").status_code == 404
