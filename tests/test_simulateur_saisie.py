"""The form: what it asks, what it reads, what it refuses and how it says so."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.exemples import EXEMPLES, situation
from openfisca_assistant_medical.nomenclatures import Specialite
from openfisca_assistant_medical.situations.verification import OBLIGATOIRES
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.simulateur.champs import champs, trouver
from openfisca_assistant_medical.web.simulateur.exemples import saisie_de
from openfisca_assistant_medical.web.simulateur.lecture import Illisible, ecrire, genre, lire
from openfisca_assistant_medical.web.simulateur.saisie import LIMITE_CHAMPS, LIMITE_OCTETS, analyser
from tests.simulateur import FORME, SIMPLE, client, demander, envoi, poster, texte, un

NOMS = list(champs())
MEDECINS = [(nom, medecin) for nom in EXEMPLES for medecin in situation(nom)["medecins"]]
ILLISIBLES = {
    "liste": "aucun_choix_pareil",
    "case": "peut-être",
    "oui_non": "peut-être",
    "date": "31/02/2024",
    "entier": "douze",
    "pourcent": "120",
    "euros": "-3",
}


def variable(nom: str) -> Any:
    return convention().systeme.variables[nom]


def champ_de(nom: str) -> str:
    """Name in a form, for the third contract year of `SIMPLE` where it is given by year."""
    return f"{nom}.2026" if champs()[nom].annuel else nom


# --- What the form asks ---------------------------------------------------------------------------


def test_chaque_donnee_du_medecin_a_son_champ() -> None:
    donnees = {
        nom
        for nom, v in convention().systeme.variables.items()
        if not v.formulas and v.entity.key == "medecin"
    }
    assert set(NOMS) == donnees


def test_les_choix_sont_ceux_de_la_nomenclature() -> None:
    choix = un(demander("/"), ".//select[@id='specialite']").findall("option")
    attendus = [("", "Choisir…"), *((membre.name, membre.value) for membre in Specialite)]
    assert [(option.get("value"), texte(option)) for option in choix] == attendus


def test_les_champs_obligatoires_sont_dits() -> None:
    racine = demander("/")
    requis = [e.get("name") for e in racine.iter() if e.get("required") is not None]
    assert sorted(filter(None, requis)) == sorted(OBLIGATOIRES)
    for nom in OBLIGATOIRES:
        assert "(obligatoire)" in texte(un(racine, f".//label[@for='{nom}']"))


def test_sans_signature_les_annees_sont_a_demander() -> None:
    racine = demander("/")
    assert not racine.findall(".//fieldset[@class='annee']")
    boutons = [b for b in racine.iter("button") if b.get("formaction")]
    assert [(b.get("formaction"), texte(b)) for b in boutons] == [
        ("/", "Afficher les années de mon contrat")
    ]


def test_la_signature_donne_les_annees() -> None:
    racine = poster("/", SIMPLE)
    legendes = [texte(un(a, "legend")) for a in racine.findall(".//fieldset[@class='annee']")]
    assert legendes[0] == "1re année de contrat (celle qui commence en 2024)"
    assert legendes[9] == "10e année de contrat (celle qui commence en 2033)"
    assert len(legendes) == 10
    # Those after the fifth are folded: the contract is of five years.
    suite = [d for d in racine.iter("details") if "Après la 5e année" in texte(un(d, "summary"))]
    assert len(suite[0].findall("fieldset")) == 5


def test_la_touche_entree_donne_le_resultat_et_non_les_annees() -> None:
    """A browser then uses the first button of the form."""
    formulaire = un(demander("/"), ".//form[@id='formulaire']")
    assert next(formulaire.iter("button")).get("formaction") is None
    assert formulaire.get("action") == "/resultat"


def test_un_champ_plie_s_ouvre_s_il_est_rempli() -> None:
    def ouverts(saisie: dict[str, str]) -> list[str]:
        plis = un(poster("/", saisie), ".//form[@id='formulaire']").iter("details")
        return [texte(un(d, "summary")) for d in plis if d.get("open") is not None]

    assert ouverts(SIMPLE) == []
    assert ouverts(SIMPLE | {"date_resiliation": "2025-12-31"}) == [
        "Contrat résilié, prorogé, ou qui en suit un autre"
    ]


# --- What is typed --------------------------------------------------------------------------------

LUS = [
    ("patientele_mt_initiale", "1200", 1200),
    ("patientele_mt_initiale", "1 200", 1200),
    ("patientele_mt_initiale", "1\u00a0200", 1200),
    ("patientele_mt_initiale", "1\u202f200", 1200),
    ("patientele_mt_initiale", "0", 0),  # 0 is a count
    ("patientele_mt_initiale", "100 000", 100_000),
    ("blocs_dispenses", "0", 0),
    ("part_honoraires_cliniques", "80,5", 0.805),
    ("part_honoraires_cliniques", "80.5 %", 0.805),
    ("part_honoraires_cliniques", "100", 1.0),
    ("part_aide_decidee", "0", 0.0),
    ("cout_employeur_annuel", "38 000", 38_000.0),
    ("cout_employeur_annuel", "38000,50 €", 38_000.5),
    ("date_signature", "2024-06-22", "2024-06-22"),
    ("date_signature", "22/06/2024", "2024-06-22"),
    ("date_signature", "1/7/2024", "2024-07-01"),
    ("date_naissance", "29/02/1960", "1960-02-29"),
    ("date_naissance", "01/01/1900", "1900-01-01"),
    ("date_signature", "31/12/2099", "2099-12-31"),
    ("zone", "zip", "zip"),
    ("rqth_ou_ald", "oui", True),
    ("diplome_niveau_4", "non", False),
]
REFUSES = [
    ("patientele_mt_initiale", "1.200"),  # 1,2 or 1200?
    ("patientele_mt_initiale", "1,200"),
    ("patientele_mt_initiale", "12 00"),
    ("patientele_mt_initiale", "-1"),  # « not given » is said by leaving it empty
    ("patientele_mt_initiale", "100 001"),
    ("patientele_mt_initiale", "1e3"),
    ("patientele_mt_initiale", "١٢٠٠"),
    ("patientele_mt_initiale", "9**9"),
    ("objectif_pmt_contractuel", "0"),
    ("blocs_dispenses", "101"),
    ("part_honoraires_cliniques", "100,01"),
    ("part_honoraires_cliniques", "0,805 1"),
    ("part_honoraires_cliniques", "12,345"),
    ("part_aide_decidee", "-1"),
    ("cout_employeur_annuel", "38,000"),  # 38 euros or 38 000?
    ("cout_employeur_annuel", "38.000,50"),
    ("cout_employeur_annuel", "0"),
    ("cout_employeur_annuel", "10 000 001"),
    ("cout_employeur_annuel", "inf"),
    ("date_signature", "06/22/2024"),
    ("date_signature", "29/02/2023"),
    ("date_signature", "2024-6-22"),
    ("date_signature", "22/06/24"),
    ("date_signature", "31/12/1899"),
    ("date_signature", "9999-12-31"),  # « no date » is said by leaving it empty
    ("date_signature", "01/01/2100"),
    ("date_signature", "20244-07-01"),
    ("zone", "ZIP"),
    ("rqth_ou_ald", "on"),
    ("diplome_niveau_4", "true"),
]


@pytest.mark.parametrize(("nom", "ecrit", "valeur"), LUS)
def test_ce_qui_est_lu(nom: str, ecrit: str, valeur: Any) -> None:
    lu = lire(variable(nom), ecrit)
    assert (lu, type(lu)) == (valeur, type(valeur))


@pytest.mark.parametrize(("nom", "ecrit"), REFUSES)
def test_ce_qui_ne_peut_pas_etre_lu(nom: str, ecrit: str) -> None:
    with pytest.raises(Illisible):
        lire(variable(nom), ecrit)


JOURS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(st.integers(0, 100_000), st.integers(0, 10_000), st.integers(1, 10**9), JOURS)
def test_ce_qui_est_ecrit_se_relit(compte: int, part: int, centimes: int, jour: Any) -> None:
    valeurs = {
        "file_active": compte,
        "quotite_secretaire": part / 10_000,
        "cout_employeur_annuel": centimes / 100,
        "date_signature": jour.isoformat(),
    }
    for nom, valeur in valeurs.items():
        assert lire(variable(nom), ecrire(variable(nom), valeur)) == valeur


# --- The personas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("nom", "medecin"), MEDECINS)
def test_un_personnage_par_le_formulaire_a_les_chiffres_de_contrats(nom: str, medecin: str) -> None:
    persona = situation(nom)
    lois = [(loi.description, loi.systeme) for loi in (reglement(), convention())]
    rapports = etablir_sous(lois, persona, None)["medecins"]
    attendu = next(rapport for rapport in rapports if rapport["id"] == medecin)
    cabinets = [c["membres"] for c in persona["cabinets"].values() if medecin in c["membres"]]
    saisie = saisie_de(persona["medecins"][medecin], len(cabinets[0]) > 1)
    reponse = client().post("/export/json", data=saisie)
    (recu,) = json.loads(reponse.text)["medecins"]
    assert recu["resultats"] == attendu["resultats"]
    assert recu["comparaison"] == attendu["comparaison"]


@pytest.mark.long
@pytest.mark.parametrize("nom", EXEMPLES)
def test_un_exemple_remplit_le_formulaire_et_donne_un_resultat(nom: str) -> None:
    formulaire = un(demander(f"/?exemple={nom}"), ".//form[@id='formulaire']")
    medecin = next(iter(situation(nom)["medecins"].values()))
    lue, fautes = analyser(envoi(formulaire))
    assert not fautes
    for donnee, valeurs in medecin.items():
        for periode, valeur in valeurs.items():
            if valeur is not None:
                assert (
                    lue[donnee] if periode == "ETERNITY" else lue[donnee][int(periode)]
                ) == valeur
    poster("/resultat", envoi(formulaire))


def test_chaque_personnage_a_son_lien() -> None:
    liens = {a.get("href") for a in demander("/").iter("a")}
    fichiers = {f"/?exemple={nom}" for nom in EXEMPLES}
    assert fichiers <= liens


# --- From page to page ----------------------------------------------------------------------------


def tout_rempli() -> dict[str, str]:
    """A form with every field, in its own way of typing, and no contradiction."""
    exemples = {
        "liste": lambda v: next(m.name for m in v.possible_values),
        "case": lambda v: "oui",
        "oui_non": lambda v: "non",
        "date": lambda v: "15/06/2026",
        "entier": lambda v: "1 300" if v.unit == "patient" else "1",
        "pourcent": lambda v: "87,5",
        "euros": lambda v: "41 000,50",
    }
    saisie = {champ_de(n): exemples[genre(variable(n))](variable(n)) for n in NOMS}
    return saisie | {
        "date_signature": "2024-07-01",
        "date_naissance": "20/05/1958",
        "date_resiliation_contrat_precedent": "30/06/2024",
        "date_certification": "15/06/2027",
        "tranche_pmt_declaree": "p30_p90",
        "tranche_pfa_declaree": "p30_p90",
    }


@pytest.mark.long
def test_rien_ne_se_perd_d_une_page_a_l_autre() -> None:
    saisie = tout_rempli()
    brut, fautes = analyser(saisie)
    assert not fautes
    for adresse in ("/", "/resultat", "/partager"):
        formulaires = poster(adresse, saisie).findall(".//form[@method='post']")
        assert formulaires
        for formulaire in formulaires:
            assert analyser(envoi(formulaire)) == (brut, []), (adresse, formulaire.get("action"))


def test_une_valeur_d_une_annee_hors_du_contrat_reste_visible() -> None:
    saisie = SIMPLE | {"patientele_mt.2040": "1300"}
    racine = poster("/", saisie)
    assert un(racine, ".//input[@id='patientele_mt-2040']").get("value") == "1300"


def test_revenir_a_une_adresse_sans_formulaire_mene_au_formulaire() -> None:
    for adresse in ("/resultat", "/partager", "/export/csv", "/pourquoi", "/fiche"):
        reponse = client().get(adresse)
        assert (reponse.status_code, reponse.headers["Location"]) == (303, "/")


# --- Faults ---------------------------------------------------------------------------------------


def faute_montree(saisie: dict[str, str], nom: str) -> str:
    """The message beside a field, checked: in the summary, linked, described, the text kept."""
    racine = poster("/resultat", saisie, 422)
    assert texte(un(racine, ".//title")).startswith("À corriger : ")
    identifiant = nom.replace(".", "-")
    resume = un(racine, ".//div[@id='fautes']")
    assert resume.get("role") == "alert"
    assert [a.get("href") for a in resume.iter("a")].count(f"#{identifiant}") == 1
    (champ,) = [e for e in racine.iter() if e.get("id") == identifiant]
    assert champ.get("aria-invalid") == "true"
    assert f"{identifiant}-erreur" in champ.get("aria-describedby", "").split()
    if champ.tag == "input" and champ.get("type") != "checkbox":
        assert champ.get("value") == saisie.get(nom, "")
    return texte(un(racine, f".//*[@id='{identifiant}-erreur']"))


@pytest.mark.parametrize("nom", NOMS)
def test_chaque_champ_dit_sa_faute(nom: str) -> None:
    ecrit = ILLISIBLES[genre(variable(nom))]
    message = faute_montree(SIMPLE | {champ_de(nom): ecrit}, champ_de(nom))
    assert message.startswith(f"Reçu « {ecrit} » ; attendu : ")


def test_les_champs_obligatoires_vides_sont_tous_dits() -> None:
    racine = poster("/resultat", {}, 422)
    resume = un(racine, ".//div[@id='fautes']")
    assert texte(un(resume, "h2")) == "3 champs sont à corriger"
    assert [a.get("href") for a in resume.iter("a")] == [
        "#specialite",
        "#secteur_conventionnel",
        "#date_signature",
    ]


CONTRADICTIONS = [
    ({"date_resiliation": "2024-06-30"}, "date_resiliation", "un jour au plus tôt le 01/07/2024"),
    ({"date_naissance": "2010-01-01"}, "date_naissance", "18 ans au moins avant la signature"),
    ({"patientele_mt.2023": "1200"}, "patientele_mt.2023", "une année à partir de 2024"),
    ({"option_etp_avenant.2024": "demi_etp"}, "option_etp_avenant.2024", "Option d’ETP souscrite"),
    ({"carence_applicable": "oui"}, "carence_applicable", "« Date de résiliation d’un contrat"),
    (
        {"date_remplacement_secretaire": "2024-09-01"},
        "date_remplacement_secretaire",
        "« L’assistant était le secrétaire du cabinet » à oui",
    ),
    (
        {"tranche_pmt_declaree": "p90_p95", "tranche_objectif_pmt_declaree": "p30_p50"},
        "tranche_objectif_pmt_declaree",
        "« Du 90e au 95e percentile »",
    ),
    ({"blocs_dispenses": "4"}, "blocs_dispenses", "moins de 4, le nombre de blocs"),
    (
        {"date_inscription_formation": "2025-06-01", "date_certification": "2025-05-31"},
        "date_certification",
        "un jour au plus tôt le 01/06/2025",
    ),
]


@pytest.mark.parametrize(("ajout", "nom", "dit"), CONTRADICTIONS)
def test_une_contradiction_est_dite_pres_de_son_champ_en_francais(
    ajout: dict[str, str], nom: str, dit: str
) -> None:
    message = faute_montree(SIMPLE | ajout, nom)
    assert dit in message
    assert not re.search(r"\w_\w|\d{4}-\d{2}-\d{2}|\btrue\b", message), message


def test_une_date_fausse_reste_dans_un_champ_qui_la_montre() -> None:
    racine = poster("/resultat", SIMPLE | {"date_signature": "31/02/2024"}, 422)
    champ = un(racine, ".//input[@id='date_signature']")
    assert (champ.get("type"), champ.get("value")) == ("text", "31/02/2024")


def test_une_date_a_la_francaise_passe_dans_un_champ_de_date() -> None:
    champ = un(
        poster("/", SIMPLE | {"date_signature": "1/7/2024"}), ".//input[@id='date_signature']"
    )
    assert (champ.get("type"), champ.get("value")) == ("date", "2024-07-01")


def test_les_autres_champs_n_empechent_pas_de_voir_les_annees() -> None:
    racine = poster("/", {"date_signature": "2024-07-01", "patientele_mt_initiale": "douze"})
    assert len(racine.findall(".//fieldset[@class='annee']")) == 10
    assert un(racine, ".//input[@id='patientele_mt_initiale']").get("value") == "douze"


def test_ce_qui_est_tape_est_echappe() -> None:
    mechant = '"><script>alert(1)</script>'
    reponse = client().post("/resultat", data=SIMPLE | {"patientele_mt_initiale": mechant})
    assert reponse.status_code == 422
    assert "<script>alert" not in reponse.text
    assert "&lt;script&gt;" in reponse.text


# --- Hostile bodies -------------------------------------------------------------------------------

HOSTILES = {
    "un champ inconnu": (b"specialite=generaliste&admin=1", FORME, 400),
    "un champ deux fois": (b"specialite=generaliste&specialite=mep", FORME, 400),
    "une annee qui n'en est pas une": (b"patientele_mt.12=3", FORME, 400),
    "une annee a ce qui n'en a pas": (b"specialite.2024=generaliste", FORME, 400),
    "un champ annuel sans annee": (b"patientele_mt=3", FORME, 400),
    "le résultat demandé en entrée": (b"aide_due.2024=1000000", FORME, 400),
    "un texte trop long": (b"zone=" + b"z" * 101, FORME, 400),
    "pas de l'UTF-8": (b"zone=%E9", FORME, 400),
    "un caractère nul": (b"zone=zip%00", FORME, 400),
    "un saut de ligne": (b"zone=zi%0Ap", FORME, 400),
    "un mégaoctet": (b"zone=" + b"z" * 1_000_000, FORME, 413),
    "juste trop long": (b"zone=" + b"z" * LIMITE_OCTETS, FORME, 413),
    "trop de champs": (
        b"&".join(b"patientele_mt.%d=1" % an for an in range(1900, 1900 + LIMITE_CHAMPS + 1)),
        FORME,
        413,
    ),
    "trop de fois le même": (b"zone=zip&" * (LIMITE_CHAMPS + 1), FORME, 413),
    "du JSON": (b'{"specialite": "generaliste"}', "application/json", 415),
    "plusieurs parties": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "aucun type": (b"specialite=generaliste", "", 415),
    "du texte": (b"specialite=generaliste", "text/plain", 415),
    "des octets": (bytes(range(256)), FORME, 400),
}
ADRESSES = ("/", "/resultat", "/partager", "/export/json", "/fiche", "/pourquoi")


@pytest.mark.parametrize("adresse", ADRESSES)
@pytest.mark.parametrize("cas", HOSTILES)
def test_un_corps_hostile_est_refuse_par_une_page(cas: str, adresse: str) -> None:
    corps, type_, statut = HOSTILES[cas]
    reponse = client().post(adresse, data=corps, content_type=type_)
    assert reponse.status_code == statut
    assert reponse.content_type == "text/html; charset=utf-8"
    assert "Revenir au simulateur" in reponse.text
    assert reponse.headers["Cache-Control"] == "no-store"


def test_un_corps_annonce_plus_long_qu_il_n_est() -> None:
    entetes = {"CONTENT_LENGTH": "50000"}
    reponse = client().post(
        "/resultat", data=b"zone=zip", content_type=FORME, environ_overrides=entetes
    )
    assert reponse.status_code in (400, 408, 422)


def test_rien_n_est_lu_dans_l_adresse_d_un_formulaire() -> None:
    assert client().post("/resultat?rqth_ou_ald=oui", data=SIMPLE).status_code == 400


def test_aucun_nom_de_champ_n_est_ambigu() -> None:
    assert trouver("patientele_mt.2024") == (champs()["patientele_mt"], 2024)
    for nom in ("patientele_mt", "patientele_mt.1899", "patientele_mt.2200", "specialite.2024", ""):
        assert trouver(nom) is None


def test_chaque_liste_a_un_choix_par_membre() -> None:
    racine = poster("/", SIMPLE)
    for nom in NOMS:
        if variable(nom).value_type is Enum:
            options = un(racine, f".//select[@id='{champ_de(nom).replace('.', '-')}']")
            assert {texte(o) for o in options} >= {m.value for m in variable(nom).possible_values}
