"""The calendar of a contract: every date and amount is the model's, and an agenda can read it."""

import io
import json
from datetime import date, timedelta
from typing import Any
from unicodedata import category

import pytest
from icalendar import Calendar
from openfisca_core.periods import DateUnit
from rich.console import Console

from openfisca_assistant_medical import CountryTaxBenefitSystem, affichage, calendrier
from openfisca_assistant_medical.calendrier import (
    CERTITUDES,
    GENRES,
    afficher,
    en_ics,
)
from openfisca_assistant_medical.contrats import Calcul, etablir_sous
from openfisca_assistant_medical.lois import ReformeInconnue
from openfisca_assistant_medical.mots import DemandeInconnue
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.situations import SituationInvalide
from openfisca_assistant_medical.textes import dispositions
from openfisca_assistant_medical.tracabilite.explication import expliquer_situation
from tests.medecins_au_hasard import medecins, situation

BASE = CountryTaxBenefitSystem()
LOIS = {"base": BASE, "convention_2024": convention_2024(BASE)}
GENERALISTE = {
    "date_signature": "2024-07-01",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "profil_assistant": "titulaire_cqp",  # no training
    "patientele_mt_initiale": 1000,
    "file_active_initiale": 1500,
}


def etablir(
    *noms: str, annees: range | None = None, medecin: str | None = None, **saisies: Any
) -> dict[str, Any]:
    """The report on one doctor, under the base law or under reforms."""
    return calendrier.calendrier({**GENERALISTE, **saisies}, list(noms), annees, medecin)


def evenements(*noms: str, annees: range | None = None, **saisies: Any) -> list[dict[str, Any]]:
    (medecin,) = etablir(*noms, annees=annees, **saisies)["medecins"]
    trouves: list[dict[str, Any]] = medecin["evenements"]
    return trouves


def de(liste: list[dict[str, Any]], *genres: str) -> list[tuple[str, Any]]:
    """Day and amount of the events of these kinds."""
    return [(e["date"], e["montant"]) for e in liste if e["genre"] in genres]


# --- Events ---------------------------------------------------------------------------------------


def test_un_contrat_entier_dans_l_ordre() -> None:
    connus = {
        "objectif_pmt_contractuel": 1200,
        "objectif_pfa_contractuel": 1600,
        # 100 patients gained of 200, 30 of 100; then both reached; then a fall.
        "patientele_mt": {2025: 1100, 2026: 1200, 2027: 900},
        "file_active": {2025: 1530, 2026: 1600, 2027: 1600},
    }
    trouves = evenements(date_signature="2023-05-15", **connus)
    assert [(e["date"], e["genre"], e["montant"]) for e in trouves] == [
        ("2023-05-15", "signature", None),
        ("2023-06-15", "versement", 36_000),  # one month after the anniversary
        ("2023-11-15", "point_d_etape", None),
        ("2024-05-15", "anniversaire", None),
        ("2024-05-15", "point_d_etape", None),
        ("2024-06-15", "versement", 27_000),
        ("2024-11-15", "point_d_etape", None),
        ("2025-05-15", "anniversaire", None),
        ("2025-05-15", "point_d_etape", None),
        ("2025-06-15", "acompte", 21_000 * 0.5),
        ("2025-11-15", "point_d_etape", None),
        ("2026-05-15", "resultats", None),
        # The best rate is 100/200: 21 000 × 0.5 is due, and was paid in advance: no balance.
        ("2026-05-15", "anniversaire", None),
        ("2026-05-15", "point_d_etape", None),
        ("2026-06-15", "acompte", 21_000 * 0.5),
        ("2026-11-15", "point_d_etape", None),
        ("2027-05-15", "resultats", None),
        ("2027-05-15", "solde", 21_000 * 0.5),
        ("2027-05-15", "anniversaire", None),
        ("2027-05-15", "point_d_etape", None),
        ("2027-06-15", "acompte", 21_000 * 0.5),
        ("2027-11-15", "point_d_etape", None),
        ("2028-05-15", "resultats", None),
        ("2028-05-15", "recuperation", -21_000 * 0.5),
        ("2028-05-15", "terme", None),
        ("2028-05-15", "prorogation_a_signer", None),
    ]
    assert [(e["rang"], e["option"], e["maximum"]) for e in trouves if e["maximum"]] == [
        (1, "un_etp", 36_000),
        (2, "un_etp", 27_000),
        *((rang, "un_etp", 21_000) for rang in (3, 4, 5)),
    ]
    (bilan,) = (e for e in trouves if e["id"] == "resultats-2025")
    assert "PMT : 1\u202f100, objectif 1\u202f200 (augmenter" in bilan["texte"]
    assert "Part de l’aide : 50\u00a0%." in bilan["texte"]


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_chaque_date_et_chaque_montant_est_une_variable_du_modele(loi: str) -> None:
    systeme = LOIS[loi]
    calcul = Calcul({"id": loi}, systeme, situation(medecins(31, 250)))
    vus = set()
    for rang, nom in enumerate(calcul.medecins):
        if calcul.lire("date_signature", "ETERNITY", rang) is None:
            continue  # no contract, a colleague's for instance
        rapport = calendrier._Contrat(calcul, systeme, rang).rapport(None)
        trouves = rapport["evenements"]
        ordre = [(e["date"], list(GENRES).index(e["genre"])) for e in trouves]
        assert ordre == sorted(ordre), nom
        assert len({e["id"] for e in trouves}) == len(trouves), nom
        payes: dict[int, float] = {}
        for e in trouves:
            vus.add(e["genre"])
            jour, *autres = e["variables"]
            annuelle = systeme.variables[jour].definition_period == DateUnit.YEAR
            periode = e["annee"] if annuelle else "ETERNITY"
            assert calcul.lire(jour, periode, rang) == e["date"], (nom, e["id"])
            if e["montant"] is not None:
                assert calcul.lire(autres[0], e["annee"], rang) == e["montant"], (nom, e["id"])
                payes[e["annee"]] = payes.get(e["annee"], 0) + e["montant"]
            assert e["certitudes"] == [nom for nom in CERTITUDES if nom in e["certitudes"]]
            assert e["certitude"] == e["certitudes"][-1]
            assert ("certain" in e["certitudes"]) is not bool(e["reserves"])
            assert set(e["dispositions"]) <= set(dispositions())
        # Nothing that is due is left out, nothing is paid twice.
        for annee in calcul.annees_du_contrat(rang) if rapport["eligible"] else ():
            du = calcul.lire("aide_due", annee, rang)
            assert round(payes.get(annee, 0), 2) == du, (nom, annee)
    # A waiting time that still runs at the signature is too rare to be drawn.
    de_la_convention = {"fin_carence_eventuelle", "reconduction"} if loi == "base" else set()
    assert vus >= set(GENRES) - {"fin_carence"} - de_la_convention


def test_les_points_sont_tous_ceux_du_contrat() -> None:
    trouves = evenements(date_signature="2023-08-31")
    # From 31 August: the last day of February, then 31 August again, up to the term excluded.
    assert [jour for jour, _ in de(trouves, "point_d_etape")] == [
        *("2024-02-29", "2024-08-31", "2025-02-28", "2025-08-31", "2026-02-28"),
        *("2026-08-31", "2027-02-28", "2027-08-31", "2028-02-29"),
    ]
    assert "point_d_etape-2024-2" in {e["id"] for e in trouves}


def test_un_avenant_se_voit_a_son_anniversaire() -> None:
    trouves = evenements(
        "convention_2024",
        option_etp_avenant={2025: "demi_etp", 2026: "demi_etp"},
        objectif_pmt_avenant={2026: 1150},
    )
    textes = {e["id"]: e["texte"].replace("\u202f", " ") for e in trouves}
    assert textes["signature-2024"].startswith("Option 1 ETP, maximum 38 000,00")
    assert textes["anniversaire-2025"].startswith("Option 1/2 ETP par avenant, maximum 14 000,00")
    # The same amendment still holds in 2026, and ends in 2027.
    assert textes["anniversaire-2026"].startswith("Option 1/2 ETP, maximum 11 000,00")
    assert textes["anniversaire-2027"].startswith(
        "Option 1 ETP, retour à l’option de la signature, maximum 22 000,00"
    )
    # An amendment may give that option back.
    rendue = evenements("convention_2024", option_etp_avenant={2025: "demi_etp", 2026: "un_etp"})
    (troisieme,) = (e for e in rendue if e["id"] == "anniversaire-2026")
    assert troisieme["texte"].startswith("Option 1 ETP par avenant, ")
    assert "Objectif fixé par avenant." in textes["anniversaire-2026"]
    assert "Objectif fixé" not in textes["anniversaire-2025"]


# --- The life of the contract ---------------------------------------------------------------------


def test_le_terme_la_prorogation_et_la_reconduction() -> None:
    fins = ("terme", "prorogation_a_signer", "prorogation", "reconduction")

    def voir(*noms: str, **saisies: Any) -> list[tuple[str, str]]:
        trouves = evenements(*noms, **saisies)
        return [(e["date"], e["genre"]) for e in trouves if e["genre"] in fins]

    la_veille = {"date_signature": "2024-06-21"}
    a_signer = [("2029-06-21", "terme"), ("2029-06-21", "prorogation_a_signer")]
    assert voir("convention_2024", **la_veille) == a_signer
    assert voir("convention_2024", **la_veille, prorogation_signee=True) == [
        ("2029-06-21", "prorogation"),
        ("2034-06-21", "terme"),
    ]
    # Ten contract years: the second renewal closes the last of them.
    assert voir("convention_2024", date_signature="2024-06-22") == [
        ("2029-06-22", "reconduction"),
        ("2034-06-22", "reconduction"),
    ]
    sans = voir("lectures.renouvellement_avant_2024", **la_veille)
    assert sans == [("2029-06-21", "terme")]


def test_un_contrat_reconduit_s_arrete_a_la_dixieme_annee_et_le_dit() -> None:
    (medecin,) = etablir("convention_2024")["medecins"]
    assert medecin["se_poursuit"]
    assert medecin["evenements"][-1]["date"] == "2034-07-01"
    assert not [e for e in medecin["evenements"] if e["id"] == "anniversaire-2034"]
    (suite,) = etablir("convention_2024", annees=range(2034, 2036))["medecins"]
    assert de(suite["evenements"], "anniversaire") == [("2034-07-01", None), ("2035-07-01", None)]


def test_la_resiliation_sa_recuperation_et_le_delai_de_carence() -> None:
    resilie = {"date_resiliation": "2025-12-31"}
    trouves = evenements("convention_2024", **resilie)
    # 183 days of the 365 from 1 July 2025 were run: 28 000 × 183/365 = 14 038.36.
    du = round(28_000 * 183 / 365, 2)
    assert de(trouves, "recuperation") == [("2025-12-31", round(du - 28_000, 2))]
    fin = [(e["date"], e["genre"]) for e in trouves if e["date"] >= "2025-12-31"]
    assert fin == [
        ("2025-12-31", "resiliation"),
        ("2025-12-31", "recuperation"),
        ("2027-12-31", "fin_carence_eventuelle"),
    ]
    (carence,) = (e for e in trouves if e["genre"] == "fin_carence_eventuelle")
    assert carence["texte"] == (
        "Ce délai ne court que pour certains motifs de résiliation, que la caisse connaît."
    )
    # No waiting time without the convention.
    assert not de(evenements(**resilie), "fin_carence_eventuelle")


def test_une_resiliation_en_troisieme_annee_se_juge_ce_jour_la() -> None:
    trouves = evenements(
        "convention_2024",
        date_resiliation="2026-09-30",
        objectif_pmt_contractuel=1200,
        objectif_pfa_contractuel=1600,
        patientele_mt={2026: 1200},
        file_active={2026: 1600},
    )
    # The advance was due on 1 September: 11 000; 91 days of 365 of 22 000 are kept.
    assert de(trouves, "acompte") == [("2026-09-01", 11_000)]
    assert de(trouves, "resultats") == [("2026-09-30", None)]
    assert de(trouves, "recuperation") == [("2026-09-30", round(22_000 * 91 / 365, 2) - 11_000)]


def test_une_resiliation_au_terme_n_en_est_pas_une() -> None:
    au_terme = evenements(date_signature="2023-05-15", date_resiliation="2028-05-15")
    assert not de(au_terme, "resiliation", "fin_carence_eventuelle")
    assert de(au_terme, "terme") == [("2028-05-15", None)]
    assert not de(au_terme, "prorogation_a_signer")
    # The day on which it would be renewed, it ends.
    reconduit = evenements("convention_2024", date_resiliation="2029-07-01")
    assert de(reconduit, "resiliation") == [("2029-07-01", None)]
    assert not de(reconduit, "reconduction", "terme")


def test_resilie_le_jour_de_la_signature() -> None:
    trouves = evenements("convention_2024", date_resiliation="2024-07-01")
    assert [e["genre"] for e in trouves] == ["signature", "resiliation", "fin_carence_eventuelle"]


def test_qui_n_est_pas_eligible_n_a_que_sa_signature() -> None:
    (medecin,) = etablir(patientele_mt_initiale=774)["medecins"]
    assert not medecin["eligible"]
    (seul,) = medecin["evenements"]
    assert (seul["date"], seul["genre"]) == ("2024-07-01", "signature")
    assert "sous le seuil minimal" in seul["texte"]
    precedent = {
        "carence_applicable": True,
        "date_resiliation_contrat_precedent": "2023-01-15",
    }
    en_carence = evenements("convention_2024", **precedent)
    assert [(e["date"], e["genre"]) for e in en_carence] == [
        ("2024-07-01", "signature"),
        ("2025-01-15", "fin_carence"),
    ]


def test_les_delais_de_l_assistant() -> None:
    saisies: dict[str, Any] = {
        "profil_assistant": "autre",
        "secretaire_devenu_assistant": True,
        "date_recrutement_assistant": "2024-08-31",
    }
    sans = {e["genre"]: e for e in evenements("convention_2024", **saisies)}
    assert sans["recrutement"]["date"] == "2024-08-31"
    assert sans["remplacement_secretaire"]["date"] == "2025-02-28"
    assert "aucune aide n’est due" in sans["remplacement_secretaire"]["texte"]
    assert "versement" not in sans
    saisies["date_remplacement_secretaire"] = "2025-01-10"
    avec = {e["genre"]: e for e in evenements("convention_2024", **saisies)}
    assert avec["remplacement_secretaire"]["texte"] == "Remplacé le 10/01/2025."
    assert avec["versement"]["montant"] == 28_000
    # Two years after the signature, under the convention.
    assert avec["certification"]["date"] == "2026-07-01"
    assert (avec["certification"]["texte"], avec["inscription_formation"]["texte"]) == ("", "")
    saisies |= {"date_inscription_formation": "2024-10-01", "date_certification": "2026-05-31"}
    forme = {e["genre"]: e for e in evenements("convention_2024", **saisies)}
    assert forme["inscription_formation"]["texte"] == "Inscrit le 01/10/2024."
    assert forme["certification"]["texte"] == "Obtenu le 31/05/2026."


def test_un_delai_compte_d_un_recrutement_inconnu_le_dit() -> None:
    saisies: dict[str, Any] = {"profil_assistant": "autre", "secretaire_devenu_assistant": True}
    genres = ("remplacement_secretaire", "inscription_formation", "certification")

    def certitudes(*noms: str, **autres: Any) -> list[str]:
        trouves = {e["genre"]: e for e in evenements(*noms, **saisies, **autres)}
        return [trouves[genre]["certitude"] for genre in genres]

    assert certitudes() == ["suppose", "suppose", "suppose"]
    # Under the convention, training runs from the signature.
    assert certitudes("convention_2024") == ["suppose", "certain", "certain"]
    donne = {"date_recrutement_assistant": "2024-08-31"}
    assert certitudes(**donne) == ["certain", "certain", "certain"]


@pytest.mark.parametrize("fin", ["2024-12-31", "2026-06-30"])
def test_la_fin_du_contrat_ne_change_rien_aux_delais_de_l_assistant(fin: str) -> None:
    saisies: dict[str, Any] = {
        "profil_assistant": "autre",
        "secretaire_devenu_assistant": True,
        "date_recrutement_assistant": "2024-08-31",
    }
    delais = ("remplacement_secretaire", "inscription_formation", "certification")
    court = de(evenements("convention_2024", **saisies), *delais)
    fini = evenements("convention_2024", **saisies, date_resiliation=fin)
    assert de(fini, *delais) == court
    assert len(court) == 3
    # Ended before the six months were over, it says why nothing is paid.
    assert not de(fini, "versement", "acompte", "solde")
    (signature,) = (e for e in fini if e["genre"] == "signature")
    assert "Rien n’est payé : le secrétaire devenu assistant" in signature["texte"]
    sans = evenements("convention_2024")
    assert not de(sans, *delais)
    assert not any("Rien n’est payé" in e["texte"] for e in sans)


def test_une_option_inaccessible_dit_qu_elle_ne_paie_rien() -> None:
    trouves = {
        e["id"]: e["texte"]
        for e in evenements("convention_2024", option_etp_avenant={2025: "deux_etp"})
    }
    assert (
        "L’option 2 ETP n’est pas accessible et rien n’est payé : il faut à la fois"
        in (trouves["anniversaire-2025"])
    )
    assert "acompte-2025" not in trouves
    assert not any("accessible" in trouves[nom] for nom in ("signature-2024", "anniversaire-2026"))


def test_le_nouvel_objectif_d_une_premiere_installation() -> None:
    saisies = {
        "date_installation": "2024-01-02",
        "patientele_mt_initiale": 800,
        "file_active_initiale": 900,
    }
    trouves = evenements("convention_2024", **saisies)
    assert de(trouves, "nouvel_objectif") == [("2027-07-01", None)]
    assert de(trouves, "fin_nouvel_objectif") == [("2029-07-01", None)]
    seule = evenements("convention_2024", annees=range(2029, 2030), **saisies)
    assert de(seule, "fin_nouvel_objectif") == [("2029-07-01", None)]
    # Ended before, there is nothing to reach.
    fini = evenements("convention_2024", date_resiliation="2028-01-01", **saisies)
    assert de(fini, "nouvel_objectif", "fin_nouvel_objectif") == [("2027-07-01", None)]
    condition = "Si la médiane ou, à défaut, le 30e percentile est atteint."
    genres = ("nouvel_objectif", "fin_nouvel_objectif")
    assert [e["texte"] for e in trouves if e["genre"] in genres] == [condition, condition]
    # One year before the convention.
    assert de(evenements(**saisies), "fin_nouvel_objectif") == [("2028-07-01", None)]


@pytest.mark.parametrize(("annee", "limite"), [(2027, "2029-07-01"), (2026, "2028-07-01")])
def test_un_avenant_fixe_le_nouvel_objectif(annee: int, limite: str) -> None:
    trouves = evenements(
        "convention_2024",
        date_installation="2024-01-02",
        patientele_mt_initiale=800,
        file_active_initiale=900,
        objectif_pmt_avenant=dict.fromkeys(range(annee, 2029), 1100),
    )
    assert not de(trouves, "nouvel_objectif")
    (fin,) = (e for e in trouves if e["genre"] == "fin_nouvel_objectif")
    assert (fin["date"], fin["texte"]) == (limite, "")


# --- How sure -------------------------------------------------------------------------------------


def test_la_certitude_d_un_montant() -> None:
    def certitudes(*noms: str, **saisies: Any) -> dict[str, str]:
        return {e["id"]: e["certitude"] for e in evenements(*noms, **saisies)}

    connus = {
        "objectif_pmt_contractuel": 1200,
        "objectif_pfa_contractuel": 1600,
        "patientele_mt": {2026: 1200},
        "file_active": {2026: 1600},
    }
    sous_la_convention = certitudes("convention_2024", **connus)
    assert sous_la_convention["acompte-2024"] == "certain"
    assert sous_la_convention["acompte-2027"] == "certain"
    assert sous_la_convention["solde-2026"] == "certain"
    assert sous_la_convention["solde-2027"] == "suppose"  # nothing observed yet
    assert sous_la_convention["resultats-2027"] == "suppose"
    # Before the convention, the table of modulation is a hypothesis.
    avant = certitudes(**connus)
    assert (avant["solde-2026"], avant["acompte-2026"]) == ("hypothese", "certain")
    specialiste = {"specialite": "cardiologue", "file_active_initiale": 2000}
    plancher = certitudes("convention_2024", **specialiste)
    assert {plancher[nom] for nom in ("signature-2024", "acompte-2024", "acompte-2026")} == {
        "plancher"
    }
    assert plancher["solde-2026"] == "suppose"
    inconnu = certitudes("convention_2024", specialite="mep", file_active_initiale=-1)
    assert inconnu["acompte-2024"] == "suppose"
    assert inconnu["point_d_etape-2025"] == "certain"


def test_chaque_doute_d_un_evenement_se_dit() -> None:
    specialiste = {"specialite": "cardiologue", "file_active_initiale": 2000}
    rapport = etablir("convention_2024", **specialiste)
    vus = {e["id"]: e for e in rapport["medecins"][0]["evenements"]}
    assert vus["acompte-2026"]["certitudes"] == ["plancher"]
    # Half of the maximum, or more, if the results that are not observed are good.
    assert vus["solde-2026"]["certitudes"] == ["plancher", "suppose"]
    assert vus["resultats-2026"]["certitudes"] == ["suppose"]
    assert vus["point_d_etape-2025"]["certitudes"] == ["certain"]
    texte = " ".join(montrer(rapport).split())
    assert "≥ 11 000,00 €?" in texte
    assert "« ≥ » montant plancher ; « ? » supposé, faute d’information" in texte
    (solde,) = (e for e in agenda(rapport).walk("VEVENT") if "solde-2026" in e["uid"])
    assert "Montant plancher ; supposé, faute d’information." in solde["description"]
    # The table of before 2024, and nothing observed; where both are known, a floor and the table.
    avant = {e["id"]: e["certitudes"] for e in evenements(**specialiste)}
    assert avant["solde-2026"] == ["plancher", "hypothese", "suppose"]
    observe = {"objectif_pfa_contractuel": 2100, "file_active": {2026: 2100}}
    avant = {e["id"]: e["certitudes"] for e in evenements(**specialiste, **observe)}
    assert avant["solde-2026"] == ["plancher", "hypothese"]


ATTEINTS: dict[str, Any] = {
    "date_signature": "2023-07-01",
    "objectif_pfa_contractuel": 1600,
    "patientele_mt": {2025: 1300, 2026: 1300},
    "file_active": {2025: 1600, 2026: 1600},
}


def test_un_objectif_estime_a_son_propre_signe() -> None:
    noms = ("objectifs_estimes",)
    (medecin,) = etablir(*noms, **ATTEINTS)["medecins"]
    vus = {e["id"]: e for e in medecin["evenements"]}
    assert vus["solde-2025"]["certitude"] == "estime"
    assert set(vus["solde-2025"]["reserves"]) == {"part_aide_hypothese", "objectif_pmt_estime"}
    assert vus["acompte-2025"]["certitude"] == "certain"
    texte = " ".join(montrer(etablir(*noms, **ATTEINTS)).split())
    assert vus["solde-2025"]["certitudes"] == ["hypothese", "estime"]
    assert "10 500,00 €*~" in texte
    assert "« ~ » fondé sur un objectif estimé" in texte
    # Terminated in the second year, which no objective changes.
    tot = evenements(
        *noms, **{**ATTEINTS, "patientele_mt": {}, "file_active": {}}, date_resiliation="2025-01-01"
    )
    (recuperation,) = (e for e in tot if e["genre"] == "recuperation")
    assert recuperation["certitude"] == "certain"


@pytest.mark.parametrize("noms", [(), ("objectifs_estimes",)])
def test_une_decision_n_est_ni_une_hypothese_ni_une_estimation(noms: tuple[str, ...]) -> None:
    brut = {**GENERALISTE, **ATTEINTS, "part_aide_decidee": {2025: 0.7}}
    (medecin,) = calendrier.calendrier(brut, list(noms), range(2025, 2028))["medecins"]
    certitudes = {e["id"]: e["certitude"] for e in medecin["evenements"]}
    assert (certitudes["solde-2025"], certitudes["resultats-2025"]) == ("certain", "certain")
    assert certitudes["solde-2026"] == ("estime" if noms else "suppose")
    lois = calendrier.lois(list(noms), comparer=False)
    rapport = etablir_sous(lois, brut, range(2025, 2026))
    (resultat,) = rapport["medecins"][0]["resultats"]
    assert resultat["annees"][0]["part_aide_versee"] == 0.7
    codes = {note["code"] for note in resultat["notes"]}
    assert "modulation" in codes
    assert not codes & {"hypothese_modulation", "estimation"}
    sortie = io.StringIO()
    affichage.afficher(Console(file=sortie, width=100), rapport)
    assert "70\u00a0%" in sortie.getvalue()
    assert not any(f"70\u00a0%{signe}" in sortie.getvalue() for signe in "*~?")


def test_ce_qui_manque_est_dit_une_fois_avec_qui_le_demander() -> None:
    (medecin,) = etablir("convention_2024", specialite="cardiologue", file_active_initiale=2000)[
        "medecins"
    ]
    vues = {nom for e in medecin["evenements"] for nom in e["reserves"]}
    assert vues == {"aide_maximale_plancher", "part_aide_connue", "objectif_pfa_connu"}
    assert [reserve["variable"] for reserve in medecin["reserves"]] == [
        "aide_maximale_plancher",
        "part_aide_connue",
        "objectif_pfa_connu",
    ]
    assert all("CPAM" in reserve["demander"] for reserve in medecin["reserves"])
    assert not any("{" in reserve["texte"] for reserve in medecin["reserves"])


def test_un_objectif_inconnu_est_dit_la_ou_il_compte() -> None:
    def dites(**saisies: Any) -> dict[str, set[str]]:
        trouves = evenements("convention_2024", **saisies)
        return {e["id"]: set(e["reserves"]) for e in trouves}

    inconnus = dites()
    objectifs = {"objectif_pmt_connu", "objectif_pfa_connu"}
    assert inconnus["resultats-2026"] == {"part_aide_connue", *objectifs}
    assert inconnus["solde-2026"] == {"part_aide_connue"}
    connus = {"objectif_pmt_contractuel": 1200, "objectif_pfa_contractuel": 1600}
    assert dites(**connus)["resultats-2026"] == {"part_aide_connue"}
    # The decision of the commission asks for none.
    assert dites(part_aide_decidee={2026: 1})["resultats-2026"] == set()


def test_un_booleen_faux_n_est_pas_un_inconnu() -> None:
    donnees = {"medecins": {"A": {n: {"ETERNITY": v} for n, v in GENERALISTE.items()}}}
    calcul = Calcul({"id": "base"}, BASE, donnees)
    assert calcul.lire("objectif_pmt_connu", 2026, 0) is False
    assert calcul.lire("objectif_pmt", 2026, 0) is None  # 0: not known
    assert calcul.lire("patientele_mt", 2026, 0) is None


# --- What is asked for ----------------------------------------------------------------------------


def test_les_annees_sont_celles_des_jours_montres() -> None:
    (medecin,) = etablir("convention_2024", annees=range(2027, 2028))["medecins"]
    trouves = medecin["evenements"]
    assert {e["date"][:4] for e in trouves} == {"2027"}
    # The balance of the contract year that started in 2026, and the advance of the next.
    assert [(e["annee"], e["montant"]) for e in trouves if e["montant"]] == [
        (2026, 11_000),
        (2027, 11_000),
    ]
    assert medecin["se_poursuit"]
    assert evenements(annees=range(2040, 2042)) == []


@pytest.mark.parametrize(
    ("noms", "annees", "saisies", "se_poursuit"),
    [
        ([], None, {}, False),
        (["convention_2024"], None, {}, True),  # ten years shown, and no term
        ([], range(2028, 2029), {}, True),  # the term is 2029-07-01
        ([], range(2029, 2030), {}, False),
        ([], range(2020, 2022), {}, True),  # not begun yet
        ([], range(2040, 2042), {}, False),
        ([], None, {"patientele_mt_initiale": 774}, False),  # not eligible
        (["convention_2024"], range(2024, 2025), {"patientele_mt_initiale": 774}, False),
        (["convention_2024"], None, {"date_resiliation": "2025-12-31"}, False),
        (["convention_2024"], range(2025, 2026), {"date_resiliation": "2025-12-31"}, False),
        (["convention_2024"], range(2025, 2026), {"date_resiliation": "2026-01-01"}, True),
        (["convention_2024"], None, {"date_resiliation": "2024-07-01"}, False),
    ],
)
def test_le_contrat_se_poursuit_apres_le_dernier_jour_montre(
    noms: list[str], annees: range | None, saisies: dict[str, Any], se_poursuit: bool
) -> None:
    rapport = etablir(*noms, annees=annees, **saisies)
    assert rapport["medecins"][0]["se_poursuit"] is se_poursuit
    assert ("se poursuit au-delà" in " ".join(montrer(rapport).split())) is se_poursuit


def test_une_resiliation_change_la_fin_qui_est_dite() -> None:
    def dit(fin: str | None) -> str:
        saisies = {} if fin is None else {"date_resiliation": fin}
        return " ".join(montrer(etablir(**saisies)).split())

    assert "Éligible à l’aide ; contrat résilié le 31/12/2025." in dit("2025-12-31")
    for fin in (None, "2029-07-01", "2030-01-01"):
        assert "Éligible à l’aide ; terme du contrat le 01/07/2029." in dit(fin)
    # Once the contract is over, it changes nothing.
    apres = "La résiliation du 01/01/2030 n’a pas d’effet : le contrat a pris fin le 01/07/2029"
    assert apres in dit("2030-01-01")
    assert not any("n’a pas d’effet" in dit(fin) for fin in (None, "2029-07-01", "2025-12-31"))


def test_l_avance_de_l_avenant_7_n_a_que_son_premier_jour() -> None:
    titres = {
        e["id"]: e["titre"]
        for e in evenements(
            date_signature="2022-07-01",
            exercice_regroupe_declare=True,
            option_etp_initiale="demi_etp",
        )
    }
    assert titres["acompte-2022"] == "Acompte de la 1re année, à partir de ce jour"
    assert titres["acompte-2023"] == "Aide de la 2e année, versée en entier, au plus tard"
    assert titres["acompte-2024"] == "Acompte de la 3e année, au plus tard"


def test_un_seul_medecin_parmi_plusieurs() -> None:
    donnees = {nom: {"ETERNITY": valeur} for nom, valeur in GENERALISTE.items()}
    brut = {"medecins": {"Camille": donnees, "Sacha": donnees}}
    tous = calendrier.calendrier(brut, [])
    assert [medecin["id"] for medecin in tous["medecins"]] == ["Camille", "Sacha"]
    (seul,) = calendrier.calendrier(brut, [], medecin="Sacha")["medecins"]
    assert seul == tous["medecins"][1]
    with pytest.raises(DemandeInconnue, match="le plus proche : « Camille »"):
        calendrier.calendrier(brut, [], medecin="Camile")


def test_les_refus_sont_ceux_de_la_situation_et_de_la_loi() -> None:
    with pytest.raises(SituationInvalide):
        etablir(specialite="generalist")
    with pytest.raises(ReformeInconnue):
        etablir("convention_2025")


def test_le_rapport_est_du_json_et_tient_sa_structure() -> None:
    rapport = etablir("convention_2024")
    assert json.loads(json.dumps(rapport, allow_nan=False)) == rapport
    assert list(rapport) == ["format", "version", "loi", "medecins"]
    (medecin,) = rapport["medecins"]
    documentation = calendrier.__doc__ or ""
    (note, *_) = etablir(date_resiliation="2030-01-01")["medecins"][0]["notes"]
    for champ in (*medecin, *medecin["evenements"][0], *medecin["reserves"][0], *note):
        assert f'"{champ}"' in documentation, champ


# --- For people -----------------------------------------------------------------------------------


def montrer(rapport: dict[str, Any], largeur: int = 80) -> str:
    sortie = io.StringIO()
    afficher(Console(file=sortie, width=largeur, highlight=False, markup=False), rapport)
    return sortie.getvalue()


@pytest.mark.parametrize("largeur", [80, 110])
@pytest.mark.parametrize("signature", ["2023-05-15", "2023-06-15"])
def test_aucun_nombre_n_est_coupe(largeur: int, signature: str) -> None:
    rapport = etablir(
        "convention_2024",
        date_signature=signature,
        objectif_pmt_contractuel=1234,
        objectif_pfa_contractuel=1678,
        patientele_mt=dict.fromkeys(range(2025, 2028), 1111),
        file_active=dict.fromkeys(range(2025, 2028), 1543),
    )
    lignes = montrer(rapport, largeur).splitlines()
    assert max(map(len, lignes)) <= largeur
    # On one line each, with the words that French ties to them.
    for nombre in ("1\u202f111", "1\u202f234", "1\u202f543", "1\u202f678", "22\u202f000,00\u00a0€"):
        assert any(nombre in ligne for ligne in lignes), nombre
    textes = [e["texte"] for e in rapport["medecins"][0]["evenements"]]
    for espace in "\u202f\u00a0":
        attendus = sum(texte.count(espace) for texte in textes)
        ecrits = sum(ligne.count(espace) for ligne in lignes)
        assert ecrits >= attendus > 0
    assert not any(ligne.rstrip().endswith(("PMT", "\u202f", "\u00a0", "«")) for ligne in lignes)


def test_un_terminal_etroit_garde_chaque_montant() -> None:
    texte = montrer(etablir("convention_2024"), 30)
    assert "38\u202f000,00\u00a0€" in texte
    assert "…" not in texte


def test_le_tableau_dit_chaque_evenement() -> None:
    rapport = etablir("convention_2024", specialite="cardiologue", file_active_initiale=2000)
    texte = montrer(rapport)
    simple = " ".join(texte.split())
    for e in rapport["medecins"][0]["evenements"]:
        jour = date.fromisoformat(e["date"]).strftime("%d/%m/%Y")
        assert f"{jour} {e['titre']}" in simple
    assert "≥ 38 000,00 €" in simple
    assert "11 000,00 €?" in simple
    assert "« ≥ » montant plancher" in simple
    assert "hypothèse" not in simple
    assert max(map(len, texte.splitlines())) <= 80


def test_un_nom_entre_crochets_n_est_pas_un_style() -> None:
    donnees = {nom: {"ETERNITY": valeur} for nom, valeur in GENERALISTE.items()}
    rapport = calendrier.calendrier({"medecins": {"[bold]Camille": donnees}}, [])
    texte = montrer(rapport).replace("\u00a0", " ")
    assert "[bold]Camille : contrat signé le 01/07/2024" in texte


def collectif(**individuel: Any) -> dict[str, Any]:
    """A doctor in a collective contract, and in an individual one if it is given."""
    adherent = {
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
        "aide_collective_date_adhesion": "2026-11-02",
        **individuel,
    }
    return {
        "medecins": {
            "Camille": adherent,
            "Sacha": {**adherent, "aide_collective_date_adhesion": "9999-12-31", **GENERALISTE},
        },
        "cabinets": {
            "Tilleuls": {
                "membres": ["Camille", "Sacha"],
                "aide_collective_date_signature": "2026-11-02",
                "aide_collective_societe": "sisa",
            }
        },
    }


COLLECTIVE = ["convention_2024", "aide_collective_2026"]


def test_un_medecin_du_seul_contrat_collectif_n_a_pas_de_date() -> None:
    rapport = calendrier.calendrier(collectif(), COLLECTIVE)
    seul, autre = rapport["medecins"]
    assert list(seul) == list(autre)
    inconnus = ("date_signature", "eligible", "motif_ineligibilite", "eligibilite_connue")
    assert [seul[champ] for champ in inconnus] == [None] * 4
    assert (seul["evenements"], seul["se_poursuit"]) == ([], False)
    (note,) = seul["notes"]
    (dite,) = affichage.sans_contrat_individuel()
    assert note["texte"] == f"{dite['texte']} Ses versements ne sont pas datés par la source."
    assert autre["notes"] == []  # he does not adhere
    texte = " ".join(montrer(rapport).split())
    assert f"Camille - {note['texte']}" in texte
    assert texte.count("Ses versements") == 1
    assert "–" not in texte
    assert len(agenda(rapport).walk("VEVENT")) == len(autre["evenements"]) > 0


def test_un_medecin_des_deux_contrats_a_ses_dates_et_la_reserve() -> None:
    les_deux = collectif(date_signature="2024-07-01", patientele_mt_initiale=1000)
    (medecin, _) = calendrier.calendrier(les_deux, COLLECTIVE)["medecins"]
    assert medecin["evenements"]
    (note,) = medecin["notes"]
    assert note["texte"] == (
        "L’aide du contrat collectif va à la société. Ses versements ne sont pas datés par la "
        "source."
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("signature", "reserve"),
    [
        ("2028-03-01", "aide_collective_cumul_ulterieur"),
        # After the five years of the collective contract, and before two more.
        ("2032-03-01", "aide_collective_carence_a_declarer"),
    ],
)
def test_un_contrat_individuel_signe_ensuite_se_dit_suppose_du(
    signature: str, reserve: str
) -> None:
    ensuite = collectif(
        date_signature=signature,
        patientele_mt_initiale=1000,
        file_active_initiale=1500,
    )
    medecin, autre = calendrier.calendrier(ensuite, COLLECTIVE)["medecins"]
    (versement,) = (e for e in medecin["evenements"] if e["id"] == f"acompte-{signature[:4]}")
    assert versement["montant"] == 38_000
    assert (versement["certitude"], versement["reserves"]) == ("suppose", [reserve])
    dites = {r["variable"] for r in medecin["reserves"]}
    assert reserve in dites
    assert not any("collective" in r["variable"] for r in autre["reserves"])
    # The explanation of the same amount says it too.
    demande = (ensuite, "aide_maximale", signature[:4], COLLECTIVE, "Camille")
    assert [r["variable"] for r in expliquer_situation(*demande)["reserves"]] == [reserve]


def test_rien_dans_ces_annees_se_dit() -> None:
    assert "Aucun événement dans ces années." in montrer(etablir(annees=range(2040, 2041)))


# --- For calendars --------------------------------------------------------------------------------


def agenda(rapport: dict[str, Any]) -> Any:
    return Calendar.from_ical(en_ics(rapport))


def test_l_agenda_relu_est_le_calendrier() -> None:
    rapport = etablir("convention_2024")
    relu = agenda(rapport)
    assert (str(relu["version"]), str(relu["prodid"])) == (
        "2.0",
        "-//openfisca-assistant-medical//calendrier//FR",
    )
    lus = list(relu.walk("VEVENT"))
    attendus = rapport["medecins"][0]["evenements"]
    assert len(lus) == len(attendus) > 40
    for lu, e in zip(lus, attendus, strict=True):
        assert lu["dtstart"].dt == date.fromisoformat(e["date"])
        assert str(lu["summary"]) == f"medecin : {e['titre']}"
        assert str(lu["transp"]) == "TRANSPARENT"
        assert "dtend" not in lu  # a day without a time lasts that day
        description = str(lu["description"])
        assert e["texte"] in description
        assert not any(identifiant in description for identifiant in e["dispositions"])
        for identifiant in e["dispositions"]:
            assert dispositions()[identifiant].source in description
        assert ("Montant :" in description) == (e["montant"] is not None)
    uids = [str(lu["uid"]) for lu in lus]
    assert len(set(uids)) == len(uids)
    assert all(uid.endswith("@openfisca-assistant-medical") for uid in uids)


def test_l_agenda_suit_la_rfc_5545_a_la_lettre() -> None:
    octets = en_ics(etablir("convention_2024"))
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n")
    lignes = octets.split(b"\r\n")
    assert max(map(len, lignes)) <= 75
    assert lignes[0] == b"BEGIN:VCALENDAR"
    nombre = lignes.count(b"BEGIN:VEVENT")
    for debut in (b"DTSTART;VALUE=DATE:", b"DTSTAMP:", b"UID:", b"TRANSP:TRANSPARENT"):
        assert sum(ligne.startswith(debut) for ligne in lignes) == nombre
    assert all(ligne.endswith(b"T000000Z") for ligne in lignes if ligne.startswith(b"DTSTAMP:"))
    octets.decode("utf-8")


def test_le_meme_rapport_donne_le_meme_fichier_a_l_octet() -> None:
    un, autre = (en_ics(etablir("convention_2024")) for _ in range(2))
    assert un == autre
    # A count that is observed later keeps the events: an agenda brings them up to date.
    plus_tard = etablir(
        "convention_2024",
        objectif_pmt_contractuel=1200,
        objectif_pfa_contractuel=1600,
        patientele_mt={2026: 1100},
        file_active={2026: 1530},
    )
    avant = {str(lu["uid"]) for lu in agenda(etablir("convention_2024")).walk("VEVENT")}
    apres = {str(lu["uid"]) for lu in agenda(plus_tard).walk("VEVENT")}
    # 100 of 200 gained: the advance was all that is due, and the balance is gone.
    assert {uid.split("-", 1)[1].split("@")[0] for uid in avant - apres} == {"solde-2026"}
    assert apres < avant


def test_ce_qui_prend_la_place_d_un_evenement_garde_son_identifiant() -> None:
    """An agenda has one advance, one balance and one term, whatever they become."""
    avant = {
        e["id"]: e["genre"] for e in evenements("convention_2024", date_signature="2024-06-21")
    }
    proroge = {
        e["id"]: e["genre"]
        for e in evenements(
            "convention_2024",
            date_signature="2024-06-21",
            prorogation_signee=True,
        )
    }
    assert (avant["terme-2029"], proroge["terme-2029"]) == ("terme", "prorogation")
    connus = {"objectif_pmt_contractuel": 1200, "objectif_pfa_contractuel": 1600}
    for pmt, pfa, genre in ((1200, 1600, "solde"), (900, 1400, "recuperation")):
        observe = {"patientele_mt": {2026: pmt}, "file_active": {2026: pfa}}
        vus = {e["id"]: e["genre"] for e in evenements("convention_2024", **connus, **observe)}
        assert vus["solde-2026"] == genre
    assert {nom for nom in avant if nom.startswith(("versement", "recuperation"))} == set()


def test_l_agenda_cite_les_sources_et_leurs_endroits() -> None:
    rapport = etablir("convention_2024")
    vus = zip(agenda(rapport).walk("VEVENT"), rapport["medecins"][0]["evenements"], strict=True)
    descriptions = {e["id"]: str(lu["description"]) for lu, e in vus}
    acompte = next(li for li in descriptions["acompte-2026"].splitlines() if "Sources" in li)
    assert acompte.startswith("Sources : S000, ")
    assert "S003, " in acompte
    assert "partie III-2" in acompte
    endroits = acompte.removeprefix("Sources : ").rstrip(".").replace(" ; ", ", ").split(", ")
    assert acompte.count("S003") == 1
    assert len(endroits) == len(set(endroits))


def test_deux_medecins_et_deux_contrats_ne_se_confondent_pas() -> None:
    donnees = {nom: {"ETERNITY": valeur} for nom, valeur in GENERALISTE.items()}
    rapport = calendrier.calendrier({"medecins": {"A": donnees, "B": donnees}}, [])
    uids = [str(lu["uid"]) for lu in agenda(rapport).walk("VEVENT")]
    assert len(set(uids)) == len(uids)
    autre = {str(lu["uid"]) for lu in agenda(etablir(date_signature="2024-07-02")).walk("VEVENT")}
    memes = {str(lu["uid"]) for lu in agenda(etablir()).walk("VEVENT")}
    assert not autre & memes


@pytest.mark.parametrize(
    "nom",
    [
        "Camille\nSUMMARY:Autre",
        "Camille\r\nEND:VEVENT\r\nBEGIN:VEVENT",
        "Dr A, B; C\\n : « D »",
        "é" * 5_000,
        "🩺" * 400,
        "\u202eellimaC\x00\x07",
        "surrogat \ud800",
        "BEGIN:VCALENDAR",
        "",
    ],
)
def test_un_nom_hostile_ne_casse_pas_l_agenda(nom: str) -> None:
    rapport = etablir("convention_2024")
    rapport["medecins"][0]["id"] = nom
    octets = en_ics(rapport)
    assert max(map(len, octets.split(b"\r\n"))) <= 75
    for ligne in octets.replace(b"\r\n ", b"").split(b"\r\n"):
        assert not {category(c) for c in ligne.decode("utf-8")} & {"Cc", "Cf", "Cs"}
    lus = list(Calendar.from_ical(octets).walk("VEVENT"))
    assert len(lus) == len(rapport["medecins"][0]["evenements"])
    assert len(list(Calendar.from_ical(octets).walk("VCALENDAR"))) == 1
    une_ligne = " ".join("".join(c if c.isprintable() else " " for c in nom).split())
    attendu = " : ".join(filter(None, (une_ligne, "Signature du contrat d’aide")))
    assert str(lus[0]["summary"]) == attendu


def test_l_agenda_ne_dit_du_medecin_que_son_nom() -> None:
    octets = en_ics(
        etablir(date_naissance="1961-03-04", rqth_ou_ald=True, cout_employeur_annuel={2024: 31_234})
    )
    texte = octets.replace(b"\r\n ", b"").decode("utf-8")
    for prive in ("1961", "04/03", "rqth", "handicap", "31 234", "31\u202f234", "generaliste"):
        assert prive not in texte


def test_un_agenda_vide_reste_un_agenda() -> None:
    relu = agenda(etablir(annees=range(2040, 2041)))
    assert list(relu.walk("VEVENT")) == []


def test_les_jours_de_l_agenda_sont_des_jours_entiers() -> None:
    (premier, *_) = agenda(etablir()).walk("VEVENT")
    assert premier["dtstart"].params["VALUE"] == "DATE"
    assert premier.duration == timedelta(days=1)
