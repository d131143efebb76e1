"""`calculate` and `trace` of the service: the values of stock OpenFisca, in clean JSON."""

import copy
import json
import math
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from flask.testing import FlaskClient
from openfisca_web_api import handlers

from openfisca_assistant_medical.situations import SituationInvalide, verifier
from openfisca_assistant_medical.web import creer, lecture, lois, simulations
from tests import corpus_yaml

LOIS = {"": lois.convention, "/reglement-arbitral-2023": lois.reglement}
EXEMPLES = {
    exemple.name.removesuffix(".json"): json.loads(exemple.read_text("utf-8"))
    for exemple in files("openfisca_assistant_medical").joinpath("situation_examples").iterdir()
    if exemple.name.endswith(".json")
}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return creer().test_client()


def en_clair(valeur: Any) -> Any:
    """What stock OpenFisca gives, with ISO dates and null for what is not a number."""
    if isinstance(valeur, dict):
        return {cle: en_clair(enfant) for cle, enfant in valeur.items()}
    if isinstance(valeur, list):
        return [en_clair(enfant) for enfant in valeur]
    if isinstance(valeur, float) and not math.isfinite(valeur):
        return None
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def strict(texte: str) -> Any:
    """JSON without what JSON has not."""

    def refuser(constante: str) -> Any:
        raise AssertionError(constante)

    return json.loads(texte, parse_constant=refuser)


def comparer(situation: dict[str, Any], systeme: Any) -> bool:
    """Hold a situation against stock OpenFisca, if the front door takes it, and say so."""
    try:
        verifiee = verifier(situation, systeme)
    except SituationInvalide:
        assert lecture.lire(copy.deepcopy(situation), systeme, 1_000) is None
        return False
    rapide = lecture.lire(copy.deepcopy(situation), systeme, 1_000)
    assert rapide is not None
    assert rapide.situation == verifiee
    simulations.remplir(systeme, [rapide])
    assert rapide.situation == en_clair(handlers.calculate(systeme, copy.deepcopy(verifiee)))
    return True


@pytest.mark.long
def test_chaque_cas_des_tests_donne_ce_que_donne_openfisca() -> None:
    comptes = {True: 0, False: 0}
    for nom, un in corpus_yaml.cas():
        loi = lois.convention() if corpus_yaml.sous_la_convention(un) else lois.reglement()
        situation = corpus_yaml.situation(un, loi.systeme)
        try:
            comptes[comparer(situation, loi.systeme)] += 1
        except AssertionError as erreur:
            raise AssertionError(nom) from erreur
    # The others try what a request may not say: a year before the signature, a share over 1…
    assert comptes[True] > 450, comptes
    assert sum(comptes.values()) > 570, comptes


@pytest.mark.parametrize("prefixe", LOIS)
@pytest.mark.parametrize("exemple", EXEMPLES)
def test_chaque_exemple_a_les_valeurs_d_openfisca(
    client: FlaskClient, exemple: str, prefixe: str
) -> None:
    systeme = LOIS[prefixe]().systeme
    canonique = verifier(EXEMPLES[exemple], systeme)
    attendu = en_clair(handlers.calculate(systeme, copy.deepcopy(canonique)))
    reponse = client.post(f"/api{prefixe}/calculate", json=EXEMPLES[exemple])
    assert reponse.status_code == 200
    assert strict(reponse.get_data(as_text=True)) == attendu
    assert reponse.headers["Country-Package"] == "openfisca-assistant-medical"
    assert reponse.headers["Country-Package-Version"] == lois.version_du_paquet()
    assert reponse.headers["Assistant-Medical-Loi"] == LOIS[prefixe]().cle


@pytest.mark.long
@pytest.mark.parametrize("prefixe", LOIS)
@pytest.mark.parametrize("exemple", ["generaliste_deux_lois", "ancien_tiers_etp"])
def test_la_trace_a_les_etapes_d_openfisca(client: FlaskClient, exemple: str, prefixe: str) -> None:
    systeme = LOIS[prefixe]().systeme
    attendue = en_clair(handlers.trace(systeme, verifier(EXEMPLES[exemple], systeme)))
    corps = json.dumps(EXEMPLES[exemple])  # in its order, which the steps follow
    reponse = client.post(f"/api{prefixe}/trace", data=corps, content_type="application/json")
    assert reponse.status_code == 200
    trace = strict(reponse.get_data(as_text=True))
    for etapes in (trace["trace"], attendue["trace"]):
        for etape in etapes.values():
            # Times differ from one run to the next.
            assert {etape.pop("calculation_time") >= 0, etape.pop("formula_time") >= 0} == {True}
    assert trace == attendue


def test_une_trace_est_bornee(client: FlaskClient) -> None:
    (medecin,) = EXEMPLES["generaliste_deux_lois"]["medecins"].values()
    corps = {"medecins": {f"m{rang}": medecin for rang in range(101)}}
    reponse = client.post("/api/trace", json=corps)
    assert reponse.status_code == 400
    assert reponse.get_json()["erreurs"][0]["recu"] == "101 médecins"


def test_une_trace_de_siecles_entiers_est_refusee(client: FlaskClient) -> None:
    (nom,) = EXEMPLES["generaliste_deux_lois"]["medecins"]
    corps = copy.deepcopy(EXEMPLES["generaliste_deux_lois"])
    siecle = {str(annee): None for annee in range(1950, 2050)}
    demandes = ("aide_maximale", "aide_due", "acompte", "solde", "part_aide_versee", "droit_ouvert")
    demandes += ("recuperation", "reste_a_charge", "objectif_pmt", "objectif_pfa", "option_etp")
    corps["medecins"][nom] = {
        champ: valeurs
        for champ, valeurs in corps["medecins"][nom].items()
        if None not in valeurs.values()
    } | dict.fromkeys(demandes, siecle)
    reponse = client.post("/api/trace", json=corps)
    assert reponse.status_code == 400
    # Eleven variables over a hundred years.
    assert reponse.get_json()["erreurs"][0]["recu"] == "1100 résultats demandés"
    assert client.post("/api/calculate", json=corps).status_code == 200


def test_l_etat_du_droit_est_celui_de_la_loi(client: FlaskClient) -> None:
    corps = EXEMPLES["generaliste_deux_lois"]
    dates = {
        prefixe: client.post(f"/api{prefixe}/calculate", json=corps).headers[
            "Assistant-Medical-Droit"
        ]
        for prefixe in LOIS
    }
    # Entry into force of the convention; the base too has a figure of that day, carence.duree.
    assert dates == {"": "2024-06-22", "/reglement-arbitral-2023": "2024-06-22"}


def test_plusieurs_ensemble_ont_ce_que_chacun_a_seul() -> None:
    loi = lois.convention()
    seuls, ensemble = [], []
    for exemple in EXEMPLES.values():
        for lues in (seuls, ensemble):
            lues.append(
                lecture.lire_ce_qui_est_verifie(verifier(exemple, loi.systeme), loi.systeme)
            )
        simulations.remplir(loi.systeme, [seuls[-1]])
    simulations.remplir(loi.systeme, ensemble)
    assert [lue.situation for lue in ensemble] == [lue.situation for lue in seuls]


def medecin(**champs: Any) -> dict[str, Any]:
    return {
        "date_signature": {"ETERNITY": "2024-09-10"},
        "specialite": {"ETERNITY": "generaliste"},
        "secteur_conventionnel": {"ETERNITY": "secteur_1"},
        "option_etp_initiale": {"ETERNITY": "un_etp"},
        **champs,
    }


def drapeaux(client: FlaskClient, prefixe: str = "", **champs: Any) -> dict[str, Any]:
    corps = {"medecins": {"Camille": medecin(**champs)}}
    reponse = client.post(f"/api{prefixe}/calculate?drapeaux=1", json=corps)
    assert reponse.status_code == 200, reponse.get_json()
    donnees = strict(reponse.get_data(as_text=True))
    sans = client.post(f"/api{prefixe}/calculate", json=corps).get_json()
    lus: dict[str, Any] = donnees.pop("drapeaux")["medecins"]["Camille"]
    assert donnees == sans
    return lus


def test_un_percentile_non_publie_fait_un_plancher(client: FlaskClient) -> None:
    lus = drapeaux(
        client,
        specialite={"ETERNITY": "cardiologue"},
        file_active_initiale={"ETERNITY": 2000},
        aide_maximale={"2024": None},
        aide_due={"2024": None},
        reste_a_charge={"2024": None},
        cout_employeur_annuel={"2024": 45_000},
        depense_annuelle={"2024": None, "2023": None},
    )
    # Over P30 (1 457 patients), hence eligible; P90 and P95 of cardiology are not published.
    connu = {"connu": True, "plancher": True, "hypothese": False}
    assert lus["aide_maximale"]["2024"] == connu
    assert lus["aide_due"]["2024"] == connu
    assert lus["reste_a_charge"]["2024"] == {"connu": True, "plafond": True, "hypothese": False}
    # The advance of the first year is paid in 2024; nothing is the year before the signature.
    assert lus["depense_annuelle"]["2024"] == connu
    assert lus["depense_annuelle"]["2023"] == {**connu, "plancher": False}


def test_un_resultat_inconnu_se_dit(client: FlaskClient) -> None:
    lus = drapeaux(
        client,
        patientele_mt_initiale={"ETERNITY": 2300},
        file_active_initiale={"ETERNITY": 3300},
        aide_maximale={"2024": None, "2026": None},
        aide_due={"2024": None, "2026": None},
        acompte={"2026": None},
        part_aide_versee={"2026": None},
        reste_a_charge={"2024": None},
    )
    # The third year is modulated by results that nobody gave: paid in full, and said.
    assert lus["aide_due"]["2024"] == {"connu": True, "plancher": False, "hypothese": False}
    assert lus["aide_due"]["2026"]["connu"] is False
    assert lus["part_aide_versee"]["2026"]["connu"] is False
    # The maximum and its advance do not depend on them.
    assert lus["aide_maximale"]["2026"]["connu"] is True
    assert lus["acompte"]["2026"]["connu"] is True
    # What is left to pay means nothing without the cost.
    assert lus["reste_a_charge"]["2024"]["connu"] is False


def test_la_table_d_avant_la_convention_est_une_hypothese(client: FlaskClient) -> None:
    champs: dict[str, Any] = {
        "date_signature": {"ETERNITY": "2023-05-02"},
        "patientele_mt_initiale": {"ETERNITY": 1200},
        "file_active_initiale": {"ETERNITY": 1700},
        "objectif_pmt_contractuel": {"ETERNITY": 1400},
        "objectif_pfa_contractuel": {"ETERNITY": 1900},
        "patientele_mt": {"2025": 1300},
        "file_active": {"2025": 1900},
        "aide_due": {"2025": None},
        "aide_maximale": {"2025": None},
        "aide_versee": {"2026-06": None, "2025-01": None},
    }
    sous_le_reglement = drapeaux(client, "/reglement-arbitral-2023", **champs)
    assert sous_le_reglement["aide_due"]["2025"]["hypothese"] is True
    assert sous_le_reglement["aide_maximale"]["2025"]["hypothese"] is False
    assert drapeaux(client, **champs)["aide_due"]["2025"]["hypothese"] is False


@pytest.mark.parametrize("adresse", ["?drapeaux=oui", "?drapeaux=1&drapeaux=1", "?nom=Camille"])
def test_l_adresse_n_accepte_que_les_drapeaux(client: FlaskClient, adresse: str) -> None:
    reponse = client.post(f"/api/calculate{adresse}", json=EXEMPLES["senior"])
    assert reponse.status_code == 400
    assert reponse.get_json()["erreurs"][0]["attendu"] == "drapeaux=1, drapeaux=0 ou rien"


def test_ce_qui_n_est_pas_un_nombre_est_nul() -> None:
    import numpy

    en_json: Callable[[Any], list[Any]] = simulations.en_clair
    assert en_json(numpy.array([1.5, numpy.nan, numpy.inf])) == [1.5, None, None]
    jours = numpy.array(["2024-06-22", "NaT", "9999-12-31"], dtype="datetime64[D]")
    # "No date" of the model stays the day that stock OpenFisca gives for it.
    assert en_json(jours) == ["2024-06-22", None, "9999-12-31"]
