"""The result page: its figures are those worked out by hand, and its doubts are said in words."""

import json
import re
from datetime import date
from functools import cache
from typing import Any

import pytest

from openfisca_assistant_medical.affichage import euros
from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.situations import SituationInvalide
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.simulateur.resultats import preparer
from openfisca_assistant_medical.web.simulateur.resultats.chronologie import delai
from openfisca_assistant_medical.web.simulateur.resultats.courbe import PalierInegal, _series
from openfisca_assistant_medical.web.simulateur.resultats.dessin import FORMATS, dessin
from openfisca_assistant_medical.web.simulateur.resultats.pourquoi import lire_question
from tests import simulateur

CE_JOUR = date(2026, 11, 22)
GENERALISTE: dict[str, Any] = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "option_etp_initiale": "un_etp",
    "patientele_mt_initiale": 1_000,
    "file_active_initiale": 1_500,
}
AVEC_OBJECTIFS = {
    **GENERALISTE,
    "objectif_pmt_contractuel": 1_200,
    "objectif_pfa_contractuel": 1_600,
    "patientele_mt": {2026: 1_100},
    "file_active": {2026: 1_530},
}
CARDIOLOGUE = {
    "date_signature": "2024-09-10",
    "specialite": "cardiologue",
    "secteur_conventionnel": "secteur_1",
    "file_active_initiale": 1_457,
}


def resultat(**change: Any) -> dict[str, Any]:
    return _prepare(json.dumps({**GENERALISTE, **change}))


@cache
def _prepare(brut: str) -> dict[str, Any]:
    """Once a situation: nobody changes what it gives."""
    return preparer(json.loads(brut), aujourd_hui=CE_JOUR)


def textes(r: dict[str, Any], quoi: str) -> list[str]:
    return [annee[quoi].texte for annee in r["annees"]]


# --- Amounts, under both laws ---------------------------------------------------------------------


def test_un_contrat_de_2023_sous_les_deux_lois() -> None:
    r = resultat(
        date_signature="2023-09-10", patientele_mt_initiale=1_300, file_active_initiale=1_600
    )
    assert textes(r, "maximum") == [euros(x) for x in (36_000, 28_000, *[22_000] * 3)]
    lignes = r["comparaison"]["annees"]
    sans = [ligne["sans"]["maximum"].texte for ligne in lignes]
    assert sans == [euros(x) for x in (36_000, 27_000, *[21_000] * 3)]
    # Paid in full as nothing is observed: 28 000 − 27 000, then 22 000 − 21 000.
    ecarts = [ligne["ecart"] for ligne in lignes]
    assert ecarts == [euros(0), *[f"+{euros(1_000)}"] * 4]
    assert r["comparaison"]["ecart"] == f"+{euros(4 * 1_000)}"
    assert r["total"]["maximum"].texte == euros(36_000 + 28_000 + 3 * 22_000)


@pytest.mark.parametrize(("jour", "montant"), [("2024-06-21", 36_000), ("2024-06-22", 38_000)])
def test_le_jour_de_la_convention(jour: str, montant: int) -> None:
    assert textes(resultat(date_signature=jour), "maximum")[0] == euros(montant)


def test_la_part_est_le_meilleur_taux_de_progression() -> None:
    r = resultat(**AVEC_OBJECTIFS)
    troisieme = r["annees"][2]
    # (1 100 − 1 000) / (1 200 − 1 000) = 50 % ; (1 530 − 1 500) / (1 600 − 1 500) = 30 %.
    assert troisieme["part"].texte == "50\u00a0%"
    assert troisieme["du"].texte == euros(22_000 * 0.5)
    assert (troisieme["acompte"].texte, troisieme["solde"].texte) == (euros(11_000), euros(0))
    assert troisieme["du"].mentions == ()


def test_une_baisse_fait_recuperer_l_acompte() -> None:
    r = preparer({**AVEC_OBJECTIFS, "file_active": {2026: 1_499}}, aujourd_hui=CE_JOUR)
    troisieme = r["annees"][2]
    assert (troisieme["du"].texte, troisieme["recuperation"]) == (euros(0), euros(22_000 * 0.5))


def test_le_reste_a_charge_suit_le_cout_donne() -> None:
    r = preparer({**AVEC_OBJECTIFS, "cout_employeur_annuel": {2026: 40_000}}, aujourd_hui=CE_JOUR)
    assert r["annees"][1]["cout"] is None
    assert r["annees"][2]["cout"]["reste"].texte == euros(40_000 - 11_000)


def test_les_annees_qui_suivent_sont_a_part() -> None:
    r = resultat(**AVEC_OBJECTIFS)
    assert [annee["rang"] for annee in r["annees"]] == [1, 2, 3, 4, 5]
    assert [annee["rang"] for annee in r["suite"]] == [6, 7, 8, 9, 10]
    # Without the convention, the contract ends at its term.
    assert [ligne["sans"] for ligne in r["comparaison"]["suite"]] == [None] * 5


# --- What is not certain is said ------------------------------------------------------------------


def test_un_montant_plancher_et_une_part_supposee() -> None:
    r = preparer(CARDIOLOGUE, aujourd_hui=CE_JOUR)
    assert all("au moins" in annee["maximum"].mentions for annee in r["annees"])
    assert r["annees"][1]["part"].mentions == ()  # paid in full whatever happens
    assert r["annees"][2]["part"].mentions == ("supposé favorable",)
    assert r["annees"][2]["du"].mentions == ("au moins", "supposé favorable")
    assert "au moins" in r["total"]["du"].mentions
    assert "un maximum d’au moins" in r["verdict"]["phrase"]
    # The same doubts, both of them, beside the same balance at its date.
    dates = [e for an in r["chronologie"]["annees"] for e in an["evenements"]]
    soldes = [e["montant"].mentions for e in dates if e["titre"].startswith("Solde")]
    assert soldes == [("au moins", "supposé favorable")] * len(soldes)
    assert soldes


def test_un_delai_compte_d_un_recrutement_inconnu_n_est_pas_dit_favorable() -> None:
    def mentions(**change: Any) -> list[tuple[str, ...]]:
        brut = {**GENERALISTE, "date_signature": "2023-09-10", **change}
        annees = preparer(brut, aujourd_hui=date(2023, 9, 10))["chronologie"]["annees"]
        delais = "Dernier jour pour"
        dites = [e for an in annees for e in an["evenements"] if e["titre"].startswith(delais)]
        return [e["mentions"] for e in dites]

    assert mentions() == [("date supposée",)] * 2
    assert mentions(date_recrutement_assistant="2023-10-01") == [()] * 2


def test_la_table_d_avant_2024_est_une_hypothese() -> None:
    lignes = resultat(**AVEC_OBJECTIFS)["comparaison"]["annees"]
    assert lignes[2]["sans"]["part"].mentions == ("hypothèse",)
    assert lignes[3]["sans"]["part"].mentions == ("hypothèse", "supposé favorable")  # not observed
    assert lignes[2]["avec"]["part"].mentions == ()
    # 21 000 × 50 %, against 22 000 × 50 %.
    assert lignes[2]["ecart"] == f"+{euros(11_000 - 10_500)}"


def test_une_eligibilite_inconnue_est_dite_avec_le_remede() -> None:
    r = preparer(
        {
            **CARDIOLOGUE,
            "date_signature": "2022-05-01",
            "option_etp_initiale": "demi_etp",
            "exercice_regroupe_declare": True,
            "file_active_initiale": 2_000,
        },
        aujourd_hui=CE_JOUR,
    )
    assert r["verdict"]["etat"] == "reserve"
    assert "On ne sait pas" in r["verdict"]["phrase"]
    assert any("À la CPAM" in phrase for phrase in r["verdict"]["que_faire"])
    montants = (18_000, 13_500, 10_500, 11_000, 11_000)
    assert textes(r, "maximum") == [euros(montant) for montant in montants]


def test_ce_qui_manque_dit_ses_annees_et_a_qui_demander() -> None:
    r = resultat(**AVEC_OBJECTIFS)
    (seul,) = r["inconnus"]
    assert (seul["annees"], seul["manque"]) == ("2027 et 2028", "PMT observée, PFA observée")
    assert seul["demander"].startswith("À la CPAM")


def test_tout_est_connu_quand_tout_est_donne() -> None:
    observees = {
        "patientele_mt": {"year:2026:3": 1_200},
        "file_active": {"year:2026:3": 1_600},
    }
    r = preparer({**AVEC_OBJECTIFS, **observees, "date_resiliation": "2029-09-10"})
    assert r["inconnus"] == []
    assert r["total"]["du"] == (euros(38_000 + 28_000 + 3 * 22_000), ())


# --- Verdict --------------------------------------------------------------------------------------


def test_un_refus_dit_ce_qui_manque_et_que_faire() -> None:
    r = resultat(patientele_mt_initiale=700)
    assert (r["verdict"]["etat"], r["annees"], r["objectifs"]) == ("non", [], [])
    assert f"il manque {775 - 700}\u00a0patients" in r["verdict"]["phrase"]
    assert "Remède" in r["verdict"]["que_faire"][0]


@pytest.mark.parametrize(
    ("change", "mots"),
    [
        ({"specialite": "radiologue"}, "spécialité exclue"),
        ({"secteur_conventionnel": "secteur_3"}, "secteur conventionnel non éligible"),
        ({"date_signature": "2019-01-01"}, "aucun texte n’est en vigueur"),
        ({"option_etp_initiale": "tiers_etp"}, "option non ouverte"),
        (
            {"carence_applicable": True, "date_resiliation_contrat_precedent": "2024-01-15"},
            # 15 January 2024 + 24 months.
            "délai de carence après un contrat résilié, jusqu’au 15/01/2026",
        ),
    ],
)
def test_chaque_motif_de_refus_est_dit(change: dict[str, Any], mots: str) -> None:
    assert mots in resultat(**change)["verdict"]["phrase"]


def test_eligible_sans_rien_de_paye() -> None:
    r = resultat(secretaire_devenu_assistant=True)
    assert r["verdict"]["etat"] == "rien"
    assert "n’est pas remplacé" in r["verdict"]["que_faire"][0]
    assert "s’il n’est pas donné, de la signature" in r["verdict"]["que_faire"][0]
    assert textes(r, "du") == [euros(0)] * 5


def test_deux_verdicts_quand_les_lois_different() -> None:
    r = resultat(carence_applicable=True, date_resiliation_contrat_precedent="2024-01-15")
    assert [v["etat"] for v in r["comparaison"]["verdicts"]] == ["oui", "non"]


def test_une_situation_refusee() -> None:
    with pytest.raises(SituationInvalide):
        preparer({"specialite": "generaliste"})


# --- How many more patients -----------------------------------------------------------------------


def objectif(r: dict[str, Any], sigle: str) -> dict[str, Any]:
    (compte,) = [compte for compte in r["objectifs"] if compte["sigle"] == sigle]
    premiere: dict[str, Any] = compte["periodes"][0]
    return premiere


def test_un_objectif_donne() -> None:
    p = objectif(resultat(**AVEC_OBJECTIFS), "PMT")
    assert (p["origine"], p["de_plus"], p["estimation"]) == ("donne", 1_200 - 1_000, None)
    assert p["atteint_a"] == "dès 95\u00a0%"


def test_un_objectif_estime_a_son_intervalle_et_n_entre_dans_aucun_montant() -> None:
    r = resultat()
    p = objectif(r, "PMT")
    assert (p["origine"], p["mention"], p["objectif"]) == ("estime", "estimation", None)
    # Read at P50 = 1 045: 260 × (2 970 − 1 045) / (2 970 − 1 300) = 299.7; flat, 260;
    # 260 × (2 187 − 1 045) / (2 187 − 1 300) = 334.7.
    bornes = [p["estimation"][nom] for nom in ("au_moins", "patients_en_plus", "au_plus")]
    assert bornes == [260, 300, 335]
    assert p["estimation"]["hypotheses"] == ["sous_la_convention"]
    assert r["annees"][2]["du"] == (euros(22_000), ("supposé favorable",))


def test_un_objectif_que_rien_n_estime_est_dit_inconnu() -> None:
    p = objectif(resultat(), "PFA")
    assert (p["origine"], p["mention"], p["estimation"]) == ("inconnu", "non connu", None)


def test_un_objectif_publie_de_l_avenant_7() -> None:
    r = resultat(
        date_signature="2022-10-01",
        option_etp_initiale="tiers_etp",
        zone="zip",
        tranche_objectif_pmt_declaree="p30_p50",
    )
    p = objectif(r, "PMT")
    # 20 % of the start, for the option 1/3 ETP from the 30th to the 50th percentile.
    assert (p["origine"], p["de_plus"], p["objectif"]) == ("publie", 200, 1_000 + 200)


def test_un_objectif_de_maintien() -> None:
    p = objectif(resultat(patientele_mt_initiale=2_187, file_active_initiale=3_300), "PMT")
    assert (p["maintien"], p["de_plus"], p["objectif"]) == (True, None, 2_187)


def test_apres_une_premiere_installation() -> None:
    r = resultat(
        patientele_mt_initiale=500, file_active_initiale=800, date_installation="2024-05-01"
    )
    (pmt, _) = r["objectifs"]
    trois_ans, ensuite = pmt["periodes"]
    assert (trois_ans["annees"], trois_ans["objectif"]) == ("2024 à 2026", 1_045)  # the median
    assert trois_ans["origine"] == "publie"
    assert (ensuite["annees"], ensuite["origine"]) == ("2027 et 2028", "a_fixer")


def test_un_objectif_fixe_avec_la_caisse() -> None:
    assert objectif(resultat(rqth_ou_ald=True), "PMT")["origine"] == "caisse"


# --- Days -----------------------------------------------------------------------------------------


def test_la_prochaine_echeance_depend_du_jour() -> None:
    avant = preparer(AVEC_OBJECTIFS, aujourd_hui=date(2026, 11, 10))["chronologie"]
    # Two months after the third anniversary: half of 22 000, due that very day.
    assert (avant["prochaine"]["date"], avant["prochaine"]["dans"]) == ("2026-11-10", "aujourd’hui")
    assert avant["versement"]["evenements"][0]["montant"].texte == euros(22_000 / 2)
    apres = preparer(AVEC_OBJECTIFS, aujourd_hui=date(2026, 11, 11))["chronologie"]
    assert apres["prochaine"]["date"] == "2027-03-10"  # the review, 30 months from the signature
    # Nothing is left of the third year: the next payment is the advance of the fourth.
    assert apres["versement"]["date"] == "2027-11-10"
    assert apres["versement"]["dans"] == "dans 11 mois environ"


def test_un_contrat_fini_n_a_plus_d_echeance() -> None:
    c = preparer(AVEC_OBJECTIFS, aujourd_hui=date(2060, 1, 1))["chronologie"]
    assert (c["prochaine"], c["versement"], c["annees"]) == (None, None, [])
    assert c["passes"]


@pytest.mark.parametrize(
    ("jour", "mots"),
    [
        (date(2026, 11, 22), "aujourd’hui"),
        (date(2026, 11, 23), "demain"),
        (date(2026, 12, 22), "dans 30 jours"),
        (date(2027, 3, 10), "dans 3 mois environ"),
        (date(2027, 3, 22), "dans 4 mois environ"),
    ],
)
def test_un_delai_en_mots(jour: date, mots: str) -> None:
    assert delai(jour, CE_JOUR) == mots


# --- Charts ---------------------------------------------------------------------------------------


def test_les_paliers_sont_ceux_des_percentiles() -> None:
    pmt, pfa = resultat()["courbes"]
    assert [palier["de"] for palier in pmt["paliers"]] == [0, 775, 1_045, 1_858, 2_187]
    assert [palier["a"] for palier in pmt["paliers"]] == [774, 1_044, 1_857, 2_186, None]
    assert [serie["annees"] for serie in pmt["series"]] == [[2024], [2025], [2026, 2027, 2028]]
    assert [serie["montants"] for serie in pmt["series"]] == [
        [0, 38_000, 38_000, 38_000, 38_000],
        [0, 28_000, 28_000, 28_000, 38_000],
        [0, 22_000, 22_000, 26_000, 38_000],
    ]
    # Below P30 of the PFA, a general practitioner is eligible on the PMT.
    assert pfa["series"][0]["montants"] == [38_000] * 5
    assert [serie["ici"] for serie in pmt["series"]] == [38_000, 28_000, 22_000]


@pytest.mark.parametrize("percentile", [775, 1_045, 1_858, 2_187])
@pytest.mark.parametrize("cote", [-1, 0])
def test_les_paliers_sont_les_montants_des_deux_cotes(percentile: int, cote: int) -> None:
    depart = percentile + cote
    loi = convention()
    brut = {**GENERALISTE, "patientele_mt_initiale": depart}
    rapport = etablir_sous([(loi.description, loi.systeme)], brut, range(2024, 2029))
    calcules = {
        annee["annee"]: annee["aide_maximale"]
        for annee in rapport["medecins"][0]["resultats"][0]["annees"]
    }
    pmt = resultat()["courbes"][0]
    rang = max(r for r, palier in enumerate(pmt["paliers"]) if palier["de"] <= depart)
    for serie in pmt["series"]:
        assert [calcules[annee] for annee in serie["annees"]] == (
            [serie["montants"][rang]] * len(serie["annees"])
        )


def test_un_palier_qui_change_ailleurs_est_refuse() -> None:
    lues = {2024: {0: (0.0, False), 774: (1.0, False)}}
    with pytest.raises(PalierInegal):
        list(_series(lues, [0], [774], None))


def test_les_paliers_d_une_specialite_sans_p90_sont_des_planchers() -> None:
    (pfa,) = preparer(CARDIOLOGUE)["courbes"]
    assert [palier["de"] for palier in pfa["paliers"]] == [0, 1_457]
    assert pfa["series"][0]["planchers"] == [False, True]
    assert pfa["manquants"] == ["P50", "P90", "P95"]


def test_sans_percentile_pas_de_courbe() -> None:
    r = preparer({**CARDIOLOGUE, "specialite": "chirurgien", "part_honoraires_cliniques": 0.9})
    assert r["courbes"] == []
    assert [s["sigle"] for s in r["sans_courbe"]] == ["PFA"]


@pytest.mark.parametrize("format_", FORMATS)
def test_le_dessin_place_les_paliers_a_l_echelle(format_: str) -> None:
    courbe = resultat()["courbes"][0]
    d = dessin(courbe, format_)
    largeur = d["droite"] - d["gauche"]
    for percentile in d["percentiles"]:
        patients = int(re.sub(r"\D", "", percentile["valeur"]))
        attendu = d["gauche"] + largeur * patients / courbe["maximum"]
        assert percentile["x"] == pytest.approx(attendu, abs=0.06)
    # The path goes up at each percentile, and nowhere else: flat, then upright.
    montees = re.findall(r"H([\d.]+)V", d["traces"][2]["chemin"])
    assert [float(x) for x in montees[1:]] == [p["x"] for p in d["percentiles"]]
    hauteurs = [float(y) for y in re.findall(r"V([\d.]+)", d["traces"][2]["chemin"])]
    pleine = d["bas"] - d["haut"]
    attendues = [d["bas"] - pleine * m / 38_000 for m in (0, 22_000, 22_000, 26_000, 38_000)]
    assert hauteurs == pytest.approx(attendues, abs=0.06)


# --- Pages ----------------------------------------------------------------------------------------

FORMULAIRE = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "patientele_mt_initiale": "1 000",
    "file_active_initiale": "1 500",
    "patientele_mt.2026": "1 100",
}


@pytest.fixture(scope="module")
def client() -> Any:
    return simulateur.client()


def texte_de(html: str) -> str:
    """What is read of a page: its text, spaces made plain."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def poster(client: Any, adresse: str, **change: str) -> str:
    reponse = client.post(adresse, data={**FORMULAIRE, **change})
    assert reponse.status_code == 200, reponse.text[:500]
    return str(reponse.text)


RIEN_NE_MANQUE = "rien de ce dont les montants dépendent ne manque"
DECOCHEE = "une case laissée décochée y vaut « non »"


@pytest.mark.parametrize(
    ("change", "rien_ne_manque", "decochee"),
    [
        # Alone under avenant 7, with a box that is not ticked: refused.
        ({"date_signature": "2022-03-01", "option_etp_initiale": "demi_etp"}, False, True),
        # Two full times from the third year, without the boxes of its conditions: years unpaid.
        ({"option_etp_avenant.2026": "deux_etp"}, False, True),
        # Terminated at the end of two years that nothing modulates.
        ({"date_resiliation": "2026-09-10"}, True, False),
    ],
)
def test_une_case_decochee_ne_passe_pas_pour_connue(
    client: Any, change: dict[str, str], rien_ne_manque: bool, decochee: bool
) -> None:
    lue = texte_de(poster(client, "/resultat", **change))
    assert (RIEN_NE_MANQUE in lue) is rien_ne_manque
    assert (DECOCHEE in lue) is decochee


@pytest.mark.long
def test_la_page_dit_les_doutes_en_mots(client: Any) -> None:
    lue = texte_de(poster(client, "/resultat"))
    for mots in ("estimation", "supposé favorable", "non connu", "entre 260 et 335"):
        assert mots in lue
    objectifs = {"objectif_pmt_contractuel": "1 200", "objectif_pfa_contractuel": "1 600"}
    connus = texte_de(poster(client, "/resultat", **objectifs, **{"file_active.2026": "1 530"}))
    assert "10 500,00 € hypothèse" in connus
    cardiologue = {"specialite": "cardiologue", "patientele_mt.2026": ""}
    assert "au moins 38 000,00 €" in texte_de(poster(client, "/resultat", **cardiologue))


@pytest.mark.long
@pytest.mark.parametrize("adresse", ["/resultat", "/fiche", "/pourquoi"])
def test_une_page_n_a_ni_style_ni_script_dans_le_texte_et_des_identifiants_uniques(
    client: Any, adresse: str
) -> None:
    question = {"question": "aide_due/2026/convention-2024"} if adresse == "/pourquoi" else {}
    html = poster(client, adresse, **question)
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]+src=)", html)
    identifiants = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiants) == len(set(identifiants))


@pytest.mark.long
def test_une_cible_d_aria_existe(client: Any) -> None:
    html = poster(client, "/resultat")
    identifiants = set(re.findall(r'\sid="([^"]+)"', html))
    cites = {c for liste in re.findall(r'aria-labelledby="([^"]+)"', html) for c in liste.split()}
    ancres = set(re.findall(r'href="#([^"]+)"', html))
    cibles = set(re.findall(r'hx-target="#([^"]+)"', html))
    assert cites | ancres | cibles <= identifiants


@pytest.mark.long
def test_pourquoi_donne_le_texte_la_date_et_la_source_sous_chaque_loi(client: Any) -> None:
    sous = {
        loi: texte_de(poster(client, "/pourquoi", question=f"aide_maximale/2026/{loi}"))
        for loi in (convention().cle, reglement().cle)
    }
    assert "22 000,00 €, depuis le 22/06/2024" in sous[convention().cle]
    assert "URPS Occitanie, fiche « Assistant médical » (septembre 2024)" in sous[convention().cle]
    assert "21 000,00 €, depuis le 20/08/2019" in sous[reglement().cle]


@pytest.mark.long
def test_pourquoi_dit_l_autre_lecture_qui_change_le_chiffre(client: Any) -> None:
    html = poster(
        client,
        "/pourquoi",
        question="aide_due/2026/convention-2024",
        objectif_pmt_contractuel="1 200",
        objectif_pfa_contractuel="1 600",
        **{"file_active.2026": "1 530"},
    )
    # 1 530 / 1 600 = 95.6 %: reached under the other reading of the base of the rate.
    assert "donnerait 22 000,00 €" in texte_de(html)


def test_pourquoi_en_place_n_est_qu_un_morceau(client: Any) -> None:
    donnees = {**FORMULAIRE, "question": "eligible/contrat/convention-2024"}
    reponse = client.post("/pourquoi", data=donnees, headers={"HX-Request": "true"})
    assert reponse.status_code == 200
    assert "<html" not in reponse.text
    assert reponse.text.count("<details open") == 1


@pytest.mark.parametrize(
    "question",
    [
        "",
        "aide_due",
        "aide_due/2026",
        "aide_due/2026/autre",
        "date_naissance/contrat/convention-2024",
        "aide_due/contrat/convention-2024",
        "eligible/2026/convention-2024",
        "aide_due/year:2026/convention-2024",
        "aide_due/٢٠٢٦/convention-2024",
        "aide_due/0000/convention-2024",
    ],
)
def test_une_question_qui_n_en_est_pas_une_est_refusee(client: Any, question: str) -> None:
    assert lire_question(question, (convention(), reglement())) is None
    reponse = client.post("/pourquoi", data={**FORMULAIRE, "question": question})
    assert reponse.status_code == 400


def test_un_formulaire_fautif_est_refuse_ailleurs_que_sur_le_formulaire(client: Any) -> None:
    fautif = {**FORMULAIRE, "patientele_mt_initiale": "beaucoup"}
    for adresse in ("/pourquoi", "/fiche"):
        donnees = {**fautif, **({"question": "x"} if adresse == "/pourquoi" else {})}
        assert client.post(adresse, data=donnees).status_code == 422


def test_la_fiche_a_les_donnees_et_les_questions_du_doute_d_abord(client: Any) -> None:
    lue = texte_de(poster(client, "/fiche"))
    assert "Patientèle médecin traitant de départ (PMT) 1 000 patients" in lue
    assert "Spécialité du médecin Médecine générale (01)" in lue
    objectif_, tranche = (lue.index(mots) for mots in ("Quel objectif de PMT", "Quelle tranche de"))
    assert objectif_ < tranche  # the objective is not known, the band is


def test_rien_de_ce_qui_est_saisi_ne_sort_sans_echappement(client: Any) -> None:
    reponse = client.post("/resultat", data={**FORMULAIRE, "zone": "<script>x</script>"})
    assert reponse.status_code == 422
    assert "<script>x" not in reponse.text


@pytest.mark.long
def test_pourquoi_suit_une_part_jusqu_au_taux_et_un_refus_jusqu_au_seuil(client: Any) -> None:
    objectifs = {"objectif_pmt_contractuel": "1 200", "objectif_pfa_contractuel": "1 600"}
    part = {
        **objectifs,
        "file_active.2026": "1 530",
        "question": "part_aide_versee/2026/convention-2024",
    }
    ici = {"HX-Request": "true"}
    lue = texte_de(client.post("/pourquoi", data={**FORMULAIRE, **part}, headers=ici).text)
    assert "(1 100 patients − 1 000) ÷ (1 200 patients − 1 000) = 50 %" in lue
    refus = {"patientele_mt_initiale": "700", "question": "eligible/contrat/convention-2024"}
    lue = texte_de(client.post("/pourquoi", data={**FORMULAIRE, **refus}, headers=ici).text)
    assert "Pourquoi « non » ?" in lue
    assert "775 patients, depuis le 22/06/2024" in lue


@pytest.mark.long
def test_les_mots_du_doute_sont_expliques(client: Any) -> None:
    cardiologue = resultat(**CARDIOLOGUE, patientele_mt_initiale=-1)
    assert list(cardiologue["legende"]) == ["au moins", "supposé favorable"]
    lue = texte_de(poster(client, "/resultat"))
    assert "« supposé favorable » : une information manque" in lue
    assert "« au moins »" not in lue
