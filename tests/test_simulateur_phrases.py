"""What the pages say of a contract is what the law and its figures say: no word more, none less."""

from datetime import date
from typing import Any

import pytest

from openfisca_assistant_medical.affichage import euros
from openfisca_assistant_medical.web.simulateur.resultats import preparer
from openfisca_assistant_medical.web.simulateur.resultats.chronologie import delai
from openfisca_assistant_medical.web.simulateur.resultats.fiche import questions
from tests.simulateur import poster, texte, un

CE_JOUR = date(2026, 11, 22)
FORMULAIRE = {
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "option_etp_initiale": "un_etp",
    "date_signature": "2024-09-10",
    "patientele_mt_initiale": "1000",
    "file_active_initiale": "1500",
}


def resultat(**change: Any) -> dict[str, Any]:
    situation: dict[str, Any] = {
        **FORMULAIRE,
        "patientele_mt_initiale": 1_000,
        "file_active_initiale": 1_500,
        **change,
    }
    return preparer(situation, aujourd_hui=CE_JOUR)


def page(adresse: str, **change: str) -> str:
    return texte(un(poster(adresse, {**FORMULAIRE, **change}), ".//main"))


# --- Verdict --------------------------------------------------------------------------------------


def test_le_refus_ne_compte_que_ce_qui_mesure_l_activite() -> None:
    # A generalist is measured on the PMT alone: that the PFA is under its P30, 1 219, is no matter.
    phrase = resultat(patientele_mt_initiale=700, file_active_initiale=800)["verdict"]["phrase"]
    assert f"il manque {775 - 700}" in phrase
    assert "PFA" not in phrase


def test_le_refus_d_un_pediatre_dit_ses_deux_comptes() -> None:
    r = resultat(specialite="pediatre", patientele_mt_initiale=40, file_active_initiale=900)
    phrase = r["verdict"]["phrase"]
    assert f"il manque {51 - 40}" in phrase
    assert f"il manque {949 - 900}" in phrase
    assert phrase.count("(") == 1


@pytest.mark.long
def test_une_resiliation_est_dite_avec_le_maximum() -> None:
    r = resultat(date_resiliation="2024-09-20")
    assert "réduite aux jours courus" in r["verdict"]["phrase"]
    # 10 days of 365: 38 000 × 10 / 365 = 1 041.096.
    assert r["annees"][0]["du"].texte == euros(1_041.10)
    lue = page("/resultat", date_resiliation="2024-09-20")
    assert "seuls les jours courus comptent" in lue
    assert "versées en entier." not in lue
    assert "jours courus" not in resultat()["verdict"]["phrase"]


@pytest.mark.long
def test_les_sigles_restent_en_capitales() -> None:
    lue = page("/resultat", secteur_conventionnel="secteur_2_optam", zone="zac")
    assert "secteur 2 avec OPTAM, OPTAM-CO ou OPTAM-ACO, zone d’action complémentaire (ZAC)" in lue


# --- Objectives -----------------------------------------------------------------------------------


def premiere(r: dict[str, Any], rang: int = 0) -> dict[str, Any]:
    periode: dict[str, Any] = r["objectifs"][rang]["periodes"][0]
    return periode


def test_un_niveau_a_maintenir_n_est_pas_publie_et_dit_sa_tolerance() -> None:
    p = premiere(resultat(patientele_mt_initiale=2_187, file_active_initiale=3_300))
    assert (p["mention"], p["atteint_a"]) == ("à maintenir", "dès 95\u00a0%")


@pytest.mark.long
def test_un_senior_a_sa_propre_tolerance() -> None:
    # 66 on the signature: a fall of less than 10 %.
    p = premiere(resultat(date_naissance="1958-05-01"))
    assert (p["mention"], p["atteint_a"]) == ("à maintenir", "au-dessus de 90\u00a0%")
    assert "atteint au-dessus de 90 % de ce nombre" in page(
        "/resultat", date_naissance="1958-05-01"
    )


@pytest.mark.long
def test_une_estimation_sans_intervalle_n_en_montre_pas() -> None:
    # The published point itself: 1 300 gives 260 whatever the curve.
    point = {"date_signature": "2023-09-10", "patientele_mt_initiale": "1300"}
    assert "entre 260 et 260" not in page("/resultat", **point)
    assert "260 patients de plus" in page("/resultat", **point)
    assert "260 à 260" not in page("/fiche", **point)


# --- Amounts and days -----------------------------------------------------------------------------


def test_un_maximum_plancher_s_elide() -> None:
    lue = page("/resultat", specialite="cardiologue", file_active_initiale="2000")
    assert "pour un maximum d’au moins" in lue
    assert "de au moins" not in lue


@pytest.mark.parametrize(
    ("change", "solde"),
    [
        # Paid 38 000 on 10 November 2024, then half of it decided: 19 000 to give back.
        ({"part_aide_decidee.2024": "50"}, 38_000 / 2 - 38_000),
        # Ended after 100 days of 365: 38 000 × 100 / 365 = 10 410.96.
        ({"date_resiliation": "2024-12-19"}, 10_410.96 - 38_000),
    ],
)
def test_la_fiche_montre_un_trop_verse(change: dict[str, str], solde: float) -> None:
    assert texte_simple(euros(solde)) in texte_simple(page("/fiche", **change))


def test_la_fiche_dit_quand_vient_l_acompte_selon_le_texte() -> None:
    ancien = {"date_signature": "2022-10-01", "zone": "zip"}
    lue = page("/fiche", **ancien)
    # Avenant 7: from the anniversary on; règlement arbitral: a month after it; convention: two.
    assert "à partir du 01/10/2022" in lue
    assert "au plus tard le 01/11/2023" in lue
    assert "au plus tard le 01/12/2024" in lue


def texte_simple(lu: str) -> str:
    return " ".join(lu.replace("\u202f", " ").split())


def test_deux_mois_ne_sont_pas_un_mois() -> None:
    assert delai(date(2027, 1, 21), CE_JOUR) == "dans 60 jours"
    assert delai(date(2027, 1, 23), CE_JOUR) == "dans 2 mois environ"


# --- Charts, as they are heard --------------------------------------------------------------------


def test_un_graphique_s_entend_palier_par_palier() -> None:
    arbre = poster("/resultat", FORMULAIRE)
    lues = {texte(d) for d in arbre.findall(".//{*}desc")}
    attendu = "Année 1 : de 0 à 774, 0 € ; de 775 à 1 044, 38 000 € ;"
    assert any(attendu in texte_simple(lue) for lue in lues)


def test_un_refus_sans_rapport_avec_les_comptes_n_a_pas_de_graphique() -> None:
    assert resultat(secteur_conventionnel="secteur_3")["sans_courbe"] == []
    assert "Pas de graphique" not in page("/resultat", specialite="radiologue")


# --- The worksheet --------------------------------------------------------------------------------


def test_la_fiche_ne_demande_pas_la_pmt_de_qui_n_en_a_pas() -> None:
    cardiologue = questions(resultat(specialite="cardiologue", patientele_mt_initiale=-1))
    posees = " ".join(ligne["question"] for ligne in cardiologue)
    assert "objectif de PFA" in posees
    assert "PMT" not in posees


def test_la_fiche_d_un_refus_demande_le_motif_et_non_les_objectifs() -> None:
    lue = page("/fiche", secteur_conventionnel="secteur_3")
    assert "le même motif de refus" in lue
    assert "Quel objectif" not in lue
    assert "Quelle tranche" not in lue
    assert "Quelle tranche" in page("/fiche", patientele_mt_initiale="700")
