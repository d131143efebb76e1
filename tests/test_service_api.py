"""The addresses of the API, but for `calculate` and `trace`: content, names, refusals."""

import json
from email.utils import parsedate_to_datetime
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openfisca_web_api.app import create_app
from werkzeug.test import Client, EnvironBuilder

from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.tracabilite.explication import expliquer_situation
from openfisca_assistant_medical.web import Configuration, creer
from openfisca_assistant_medical.web.api import prefixes
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.openapi.exemples import situations

VALIDE = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "patientele_mt_initiale": 1300,
    "file_active_initiale": 1600,
}
TEMOIN = situations()["generaliste_deux_lois"]


@pytest.fixture(scope="module")
def client() -> Any:
    return creer().test_client()


@pytest.fixture(scope="module")
def stock() -> dict[str, Any]:
    """Stock OpenFisca for the law of each prefix."""
    return {p: create_app(loi.systeme).test_client() for p, loi in prefixes().items()}


def strict(reponse: Any) -> Any:
    """The body, once known to be JSON that every reader accepts."""

    def refuser(mot: str) -> None:
        raise AssertionError(mot)

    assert reponse.content_type == "application/json"
    return json.loads(reponse.get_data(as_text=True), parse_constant=refuser)


def refus(reponse: Any, statut: int) -> dict[str, Any]:
    corps = strict(reponse)
    assert reponse.status_code == statut, corps
    assert set(corps) == {"erreur", "erreurs"}
    return {erreur["champ"]: erreur for erreur in corps["erreurs"]}


# --- The law, as stock OpenFisca gives it ---------------------------------------------------------


TEMPS = ("calculation_time", "formula_time")


def normal(valeur: Any) -> Any:
    """Dates in ISO, whichever way they were written; without how long a computation took."""
    if isinstance(valeur, dict):
        return {cle: normal(enfant) for cle, enfant in valeur.items() if cle not in TEMPS}
    if isinstance(valeur, list):
        return [normal(enfant) for enfant in valeur]
    if isinstance(valeur, str) and valeur.endswith(" 00:00:00 GMT"):
        return parsedate_to_datetime(valeur).date().isoformat()
    return valeur


@pytest.mark.long
@pytest.mark.parametrize("prefixe", ["/api", "/api/reglement-arbitral-2023"])
def test_chaque_parametre_est_celui_d_openfisca(client: Any, stock: Any, prefixe: str) -> None:
    notres = strict(client.get(f"{prefixe}/parameters"))
    leurs = stock[prefixe].get("/parameters").get_json()
    assert notres.keys() == leurs.keys()
    assert len(leurs) > 120
    tables = {nom.rpartition(".")[0] for nom in leurs} - {""}
    for nom in [*leurs, *tables]:
        chemin = nom.replace(".", "/")
        attendu = stock[prefixe].get(f"/parameter/{chemin}").get_json()
        assert strict(client.get(f"{prefixe}/parameter/{chemin}")) == normal(attendu)
        assert strict(client.get(f"{prefixe}/parameter/{nom}")) == normal(attendu)


@pytest.mark.parametrize("prefixe", ["/api", "/api/reglement-arbitral-2023"])
def test_chaque_variable_est_celle_d_openfisca(client: Any, stock: Any, prefixe: str) -> None:
    notres = strict(client.get(f"{prefixe}/variables"))
    leurs = stock[prefixe].get("/variables").get_json()
    assert {n: v["description"] for n, v in notres.items()} == {
        n: v["description"] for n, v in leurs.items()
    }
    assert len(leurs) > 150
    for nom in leurs:
        attendu = stock[prefixe].get(f"/variable/{nom}").get_json()
        assert strict(client.get(f"{prefixe}/variable/{nom}")) == normal(attendu)


@pytest.mark.parametrize("prefixe", ["/api", "/api/reglement-arbitral-2023"])
def test_entites_et_document_sont_ceux_d_openfisca(client: Any, stock: Any, prefixe: str) -> None:
    assert strict(client.get(f"{prefixe}/entities")) == stock[prefixe].get("/entities").get_json()
    notre = strict(client.get(f"{prefixe}/spec"))
    assert json.dumps(notre, sort_keys=True).count("GMT") == 0
    leur = normal(stock[prefixe].get("/spec").get_json())
    assert notre.pop("servers") == [{"url": f"http://localhost{prefixe}"}]
    leur.pop("servers")
    assert normal(notre) == leur


def test_une_meme_adresse_repond_de_chaque_loi(client: Any) -> None:
    chemin = "parameter/aide/montant/un_etp/par_defaut/rang_1"
    avec = strict(client.get(f"/api/{chemin}"))["values"]
    sans = strict(client.get(f"/api/reglement-arbitral-2023/{chemin}"))["values"]
    assert (avec["2024-06-22"], sans) == (38000, {"2019-08-20": 36000})


@pytest.mark.parametrize("prefixe", ["/api", "/api/reglement-arbitral-2023"])
def test_les_adresses_donnees_repondent(client: Any, prefixe: str) -> None:
    for liste in ("parameters", "variables"):
        for nom, entree in strict(client.get(f"{prefixe}/{liste}")).items():
            assert entree["href"].startswith(f"http://localhost{prefixe}/{liste[:-1]}/")
            assert strict(client.get(entree["href"]))["id"] == nom


def test_les_adresses_suivent_le_mandataire_et_le_lieu_du_service() -> None:
    derriere = Client(creer(Configuration(mandataires=1)))
    entetes = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "aide.exemple.fr"}
    liste = derriere.get("/api/variables", headers=entetes).get_json()
    assert liste["aide_due"]["href"] == "https://aide.exemple.fr/api/variable/aide_due"
    sous = EnvironBuilder("/api/parameters", base_url="http://exemple.fr/assistants/")
    (lu,) = {e["href"] for n, e in derriere.open(sous).get_json().items() if n == "contrat.duree"}
    assert lu == "http://exemple.fr/assistants/api/parameter/contrat/duree"


def test_sans_mandataire_dit_les_entetes_de_mandataire_sont_ignores(client: Any) -> None:
    entetes = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "mechant.exemple"}
    liste = client.get("/api/variables", headers=entetes).get_json()
    assert liste["aide_due"]["href"] == "http://localhost/api/variable/aide_due"


def test_chaque_reponse_dit_sa_loi(client: Any) -> None:
    avec, sans = client.get("/api/entities"), client.get("/api/reglement-arbitral-2023/entities")
    assert avec.headers["Assistant-Medical-Loi"] == "convention-2024"
    assert sans.headers["Assistant-Medical-Loi"] == "reglement-arbitral-2023"
    assert avec.headers["Assistant-Medical-Droit"] >= sans.headers["Assistant-Medical-Droit"]


# --- Welcome, life, readiness ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "cle"),
    [
        ("/api", "convention-2024"),
        ("/api/", "convention-2024"),
        ("/api/reglement-arbitral-2023/", "reglement-arbitral-2023"),
    ],
)
def test_l_accueil_dit_la_loi_et_ou_aller(client: Any, adresse: str, cle: str) -> None:
    accueil = strict(client.get(adresse))
    assert accueil["loi"]["cle"] == cle
    for champ in ("documentation", "openapi", "versions"):
        assert client.get(accueil[champ]).status_code == 200


def test_le_service_dit_qu_il_vit_et_qu_il_est_pret(client: Any) -> None:
    assert strict(client.get("/sante"))["etat"] == "vivant"
    pret = strict(client.get("/pret"))
    assert (pret["etat"], pret["lois"]) == ("prêt", ["convention-2024", "reglement-arbitral-2023"])


def test_un_temoin_qui_echoue_dit_que_le_service_n_est_pas_pret(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is paid before the first text, in 2019.
    temoin = {**VALIDE, "date_signature": "2001-01-01"}
    monkeypatch.setattr("openfisca_assistant_medical.web.api.commun._TEMOIN", temoin)
    assert "convention-2024" in refus(client.get("/pret"), 503)
    assert client.get("/sante").status_code == 200


# --- Explanation ----------------------------------------------------------------------------------

SCHEMA = json.loads(
    files("openfisca_assistant_medical.tracabilite.explication")
    .joinpath("schema_explication.json")
    .read_text("utf-8")
)


def demande(**champs: Any) -> dict[str, Any]:
    return {"situation": VALIDE, "variable": "aide_maximale", "periode": "2025", **champs}


def test_expliquer_donne_le_calcul_et_ses_sources(client: Any) -> None:
    rapport = strict(client.post("/api/expliquer", json=demande()))
    Draft202012Validator(SCHEMA).validate(rapport)
    # Second year of a contract at 1 ETP, between P30 and P90: 28 000 € since the convention.
    assert (rapport["valeur"], rapport["loi"]["id"]) == (28_000, "convention_2024")
    assert rapport["sources"]
    assert rapport["dispositions"]
    assert rapport["etapes"][0]["variable"] == "aide_maximale"


def test_expliquer_sous_l_autre_loi(client: Any) -> None:
    rapport = strict(client.post("/api/reglement-arbitral-2023/expliquer", json=demande()))
    assert (rapport["valeur"], rapport["loi"]["id"]) == (27_000, "base")


@pytest.mark.long
def test_expliquer_est_ce_que_donne_la_commande(client: Any) -> None:
    corps = demande(situation=TEMOIN, variable="eligible", periode=None, lectures=True)
    rapport = strict(client.post("/api/expliquer", json=corps))
    attendu = expliquer_situation(TEMOIN, "eligible", None, ["convention_2024"])
    assert rapport == json.loads(json.dumps(attendu))
    assert any(lecture["change"] is not None for lecture in rapport["lectures"])


@pytest.mark.long
@pytest.mark.parametrize("prefixe", ["/api", "/api/reglement-arbitral-2023"])
def test_sans_les_demander_les_autres_lectures_sont_nommees_et_non_calculees(
    client: Any, prefixe: str
) -> None:
    # What is read after June 2024 hangs on the day of the convention, where the law has it.
    courte = strict(client.post(f"{prefixe}/expliquer", json=demande()))
    longue = strict(client.post(f"{prefixe}/expliquer", json=demande(lectures=True)))
    noms = [lecture["id"] for lecture in courte["lectures"]]
    assert noms == [lecture["id"] for lecture in longue["lectures"]]
    assert ("entree_en_vigueur_2024" in noms) == (prefixe == "/api")
    assert all(lecture["change"] is None for lecture in courte["lectures"])
    for rapport in (courte, longue):
        rapport.pop("lectures")
    assert courte == longue


def test_expliquer_un_medecin_parmi_d_autres(client: Any) -> None:
    situation = {"medecins": {"A": VALIDE, "B": {**VALIDE, "patientele_mt_initiale": 2300}}}
    rapport = strict(client.post("/api/expliquer", json=demande(situation=situation, medecin="B")))
    # 2 300 patients: at the 95th percentile or above, the same amount every year.
    assert (rapport["medecin"], rapport["valeur"]) == ("B", 38_000)
    faute = refus(client.post("/api/expliquer", json=demande(situation=situation)), 400)["medecin"]
    assert "A, B" in faute["attendu"]


@pytest.mark.parametrize(
    ("champs", "champ", "mot"),
    [
        ({"variable": "aide_maximal"}, "variable", "« aide_maximale »"),
        ({"variable": 3}, "variable", "le nom d’une variable"),
        ({"periode": "2025-03"}, "periode", "une année civile"),
        ({"periode": 2025}, "periode", "entre guillemets"),
        ({"periode": "year:2025:2"}, "periode", "une seule période"),
        ({"periode": None}, "periode", "une année"),
        ({"medecin": "B"}, "medecin", "medecin"),
        ({"lectures": "oui"}, "lectures", "true ou false"),
        ({"lecture": True}, "lecture", "« lectures »"),
        (
            {"situation": {**VALIDE, "specialite": "generalist"}},
            "situation/specialite/ETERNITY",
            "« generaliste »",
        ),
        ({"situation": {"medecins": {"A": VALIDE}, "axes": []}}, "situation/axes", "aucun champ"),
    ],
)
def test_expliquer_refuse_en_disant_ou(client: Any, champs: Any, champ: str, mot: str) -> None:
    assert (
        mot in refus(client.post("/api/expliquer", json=demande(**champs)), 400)[champ]["attendu"]
    )


# --- Comparison -----------------------------------------------------------------------------------


def test_comparer_met_les_deux_lois_cote_a_cote(client: Any) -> None:
    annees = {"premiere": 2024, "derniere": 2025}
    corps = {"situation": TEMOIN, "annees": annees}
    rapport = strict(client.post("/api/comparer", json=corps))
    (medecin,) = rapport["medecins"]
    # Year 2: 28 000 − 27 000. Year 3: 22 000 and 21 000, of which the part paid is the same.
    assert medecin["comparaison"]["annees"][0] == {
        "annee": 2024,
        "base": 27_000,
        "convention_2024": 28_000,
        "ecart": 1_000,
    }
    lois = [(loi.description, loi.systeme) for loi in (reglement(), convention())]
    assert rapport == json.loads(json.dumps(etablir_sous(lois, TEMOIN, range(2024, 2026))))


def test_comparer_montre_sans_annees_tout_le_contrat(client: Any) -> None:
    (medecin,) = strict(client.post("/api/comparer", json={"situation": TEMOIN}))["medecins"]
    assert [annee["annee"] for annee in medecin["comparaison"]["annees"]][:5] == [
        2023,
        2024,
        2025,
        2026,
        2027,
    ]


@pytest.mark.parametrize(
    ("annees", "champ"),
    [
        ([2024, 2025], "annees"),
        ({"premiere": 2024}, "annees"),
        ({"premiere": 2024, "derniere": 2044}, "annees/derniere"),
        ({"premiere": 2024, "derniere": 2023}, "annees/derniere"),
        ({"premiere": "2024", "derniere": 2025}, "annees/premiere"),
        ({"premiere": True, "derniere": 2025}, "annees/premiere"),
        ({"premiere": 1899, "derniere": 1900}, "annees/premiere"),
        ({"premiere": 9997, "derniere": 9998}, "annees/derniere"),
    ],
)
def test_comparer_refuse_des_annees_impossibles(client: Any, annees: Any, champ: str) -> None:
    reponse = client.post("/api/comparer", json={"situation": TEMOIN, "annees": annees})
    assert "20 années au plus" in refus(reponse, 400)[champ]["attendu"]


def test_comparer_prend_vingt_annees_et_cent_medecins_pas_plus(client: Any) -> None:
    annees = {"premiere": 2024, "derniere": 2043}
    assert (
        client.post("/api/comparer", json={"situation": VALIDE, "annees": annees}).status_code
        == 200
    )
    trop = {"medecins": {f"m{rang}": VALIDE for rang in range(101)}}
    faute = refus(client.post("/api/comparer", json={"situation": trop}), 400)
    assert faute["situation/medecins"]["attendu"] == "de 1 à 100 médecins"


def test_une_demande_ne_prend_rien_dans_l_adresse(client: Any) -> None:
    for adresse in ("/api/expliquer", "/api/comparer"):
        assert "variable" in refus(client.post(f"{adresse}?variable=aide_due", json={}), 400)


# --- Addresses and methods ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "champ", "proche"),
    [
        ("/api/calculat", "adresse", "« /api/calculate »"),
        ("/api/reglement-arbitral-2023/variable", "adresse", "« /api/reglement-arbitral-2023/va"),
        ("/api/parameter/aide/montan", "chemin", "« aide/montant »"),
        ("/api/variable/aide_dues", "nom", "« aide_due »"),
        ("/api//parameters", "adresse", "« /api/parameters »"),
        ("/sante/x", "adresse", "« /sante »"),
    ],
)
def test_une_adresse_inconnue_donne_la_plus_proche(
    client: Any, adresse: str, champ: str, proche: str
) -> None:
    assert proche in refus(client.get(adresse), 404)[champ]["attendu"]


@pytest.mark.parametrize("nom", ["é à", "a/b", "%00", "__class__", "{{7*7}}", "x" * 3000])
def test_un_nom_etrange_est_un_nom_inconnu(client: Any, nom: str) -> None:
    assert refus(client.get(f"/api/variable/{nom}"), 404)["nom"]
    assert refus(client.get(f"/api/parameter/{nom}"), 404)["chemin"]


def test_une_autre_methode_dit_lesquelles_sont_admises(client: Any) -> None:
    reponse = client.get("/api/calculate")
    assert refus(reponse, 405)["méthode"]["attendu"] == "OPTIONS, POST"
    assert reponse.headers["Allow"] == "OPTIONS, POST"
    assert refus(client.delete("/api/parameters"), 405)["méthode"]["recu"] == '"DELETE"'


def test_head_et_options(client: Any) -> None:
    for adresse in ("/api/parameters", "/api/variable/aide_due", "/sante"):
        lue, tete = client.get(adresse), client.head(adresse)
        assert (tete.status_code, tete.data) == (200, b"")
        assert tete.headers["Content-Length"] == str(len(lue.data))
        assert set(client.options(adresse).headers["Allow"].split(", ")) == {
            "GET",
            "HEAD",
            "OPTIONS",
        }
    assert client.head("/api/calculate").status_code == 405
