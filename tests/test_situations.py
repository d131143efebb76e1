"""What `situations` reads, what it refuses, and how it says so."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.situations import (
    LIMITE_ERREURS,
    LIMITE_OCTETS,
    SituationInvalide,
    analyser,
    informations_utiles,
    lire_situation,
    verifier,
)

SYSTEME = CountryTaxBenefitSystem()
VALIDE = {
    "date_signature": "2023-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
}


def refus(brut: Any) -> list[Any]:
    with pytest.raises(SituationInvalide) as levee:
        verifier(brut, SYSTEME)
    return levee.value.erreurs


def web(medecins: Any, **reste: Any) -> dict[str, Any]:
    """A situation of the Web API; each doctor is valid, and completed by what is given."""
    donnees = {nom: {"ETERNITY": valeur} for nom, valeur in VALIDE.items()}
    return {"medecins": {nom: {**donnees, **objet} for nom, objet in medecins.items()}, **reste}


# --- The two shapes -------------------------------------------------------------------------------


def test_la_forme_plate_et_celle_de_l_api_donnent_la_meme_situation() -> None:
    plate = verifier({**VALIDE, "patientele_mt": {2025: 1200, "year:2026:2": 1250}}, SYSTEME)
    api = verifier(
        web({"medecin": {"patientele_mt": {"2025": 1200, "2026": 1250, "2027": 1250}}}), SYSTEME
    )
    assert plate == api
    assert plate["medecins"]["medecin"]["patientele_mt"] == {
        "2025": 1200,
        "2026": 1250,
        "2027": 1250,
    }
    assert plate["cabinets"] == {"cabinet_de_medecin": {"membres": ["medecin"]}}


def test_le_brut_n_est_pas_modifie() -> None:
    brut = web({"A": {}}, cabinets={"c": {"membres": ["A"]}})
    avant = json.dumps(brut)
    verifier(brut, SYSTEME)
    assert json.dumps(brut) == avant


def test_une_situation_canonique_est_son_propre_resultat() -> None:
    une_fois = verifier({**VALIDE, "file_active": {"year:2025:3": 900}, "eligible": None}, SYSTEME)
    assert verifier(une_fois, SYSTEME) == une_fois


def test_les_demandes_de_resultat_sont_gardees_a_leur_periode() -> None:
    demandes = {
        "eligible": None,
        "aide_due": {"year:2025:2": None},
        "aide_versee": {"2025-03": None},
    }
    medecin = verifier({**VALIDE, **demandes}, SYSTEME)["medecins"]["medecin"]
    assert medecin["eligible"] == {"ETERNITY": None}
    assert medecin["aide_due"] == {"2025": None, "2026": None}
    assert medecin["aide_versee"] == {"2025-03": None}


def test_une_valeur_l_emporte_sur_une_demande_de_la_meme_annee() -> None:
    brut = {**VALIDE, "file_active": {"2025": None, "year:2025:2": 900}}
    assert verifier(brut, SYSTEME)["medecins"]["medecin"]["file_active"]["2025"] == 900


@pytest.mark.parametrize("periode", ["ETERNITY", "eternity", "2024", "year:2024"])
def test_une_information_du_contrat_se_donne_a_toute_periode(periode: str) -> None:
    brut = {**VALIDE, "zone": {periode: "zip"}}
    assert verifier(brut, SYSTEME)["medecins"]["medecin"]["zone"] == {"ETERNITY": "zip"}


@pytest.mark.parametrize(
    ("variable", "donnee", "canonique"),
    [
        ("patientele_mt_initiale", -1, -1),
        ("patientele_mt_initiale", 100_000, 100_000),
        ("patientele_mt_initiale", 1300.0, 1300),
        ("part_honoraires_cliniques", 1, 1.0),
        ("date_naissance", date(1970, 1, 2), "1970-01-02"),
        ("date_resiliation", "9999-12-31", "9999-12-31"),
        ("rqth_ou_ald", True, True),
    ],
)
def test_les_bornes_sont_admises(variable: str, donnee: Any, canonique: Any) -> None:
    lue = verifier({**VALIDE, variable: donnee}, SYSTEME)["medecins"]["medecin"][variable]
    assert lue == {"ETERNITY": canonique}
    assert type(lue["ETERNITY"]) is type(canonique)


def test_une_valeur_par_defaut_ne_contredit_rien() -> None:
    brut = {
        **VALIDE,
        "patientele_mt": {2019: -1},
        "option_etp_avenant": {2023: "sans_avenant"},
        "date_remplacement_secretaire": "9999-12-31",
        "part_aide_decidee": {2024: -1},
    }
    verifier(brut, SYSTEME)


def test_la_situation_se_calcule() -> None:
    situation = verifier(web({"A": {}, "B": {}}, cabinets={"c": {"membres": ["B"]}}), SYSTEME)
    assert situation["cabinets"] == {
        "c": {"membres": ["B"]},
        "cabinet_de_A": {"membres": ["A"]},
    }
    simulation = SimulationBuilder().build_from_entities(SYSTEME, situation)
    assert simulation.calculate("rang_annee_contrat", "2024").tolist() == [2, 2]


def test_le_nom_d_un_cabinet_complete_est_libre() -> None:
    brut = web({"A": {}, "B": {}}, cabinets={"cabinet_de_A": {"membres": ["B"]}})
    assert verifier(brut, SYSTEME)["cabinets"]["cabinet_de_A_"] == {"membres": ["A"]}


# --- Values refused -------------------------------------------------------------------------------

PATIENTS = "un nombre entier, sans guillemets, de 0 à 100 000"
JOUR = "du 1900-01-01 au 9999-12-31, écrit AAAA-MM-JJ"
ANNEE = "une année civile (2025) ou une plage d’années (year:2025:3)"
MOIS = "un mois (2025-03) ou une suite de mois (month:2025-03:6)"
VALEURS_REFUSEES = [
    # (variable, given, field refused, what was given, what is accepted)
    ("specialite", "generalist", "specialite/ETERNITY", '"generalist"', "« generaliste »"),
    ("specialite", True, "specialite/ETERNITY", "true", "un mot parmi generaliste, mep"),
    ("zone", 1.7, "zone/ETERNITY", "1.7", "un mot parmi hors_zone, zac, zip"),
    ("rqth_ou_ald", "false", "rqth_ou_ald/ETERNITY", '"false"', "true ou false, sans guillemets"),
    ("rqth_ou_ald", 1, "rqth_ou_ald/ETERNITY", "1", "true ou false"),
    ("date_naissance", "2023-02-30", "date_naissance/ETERNITY", '"2023-02-30"', JOUR),
    ("date_naissance", "2023-02", "date_naissance/ETERNITY", '"2023-02"', JOUR),
    ("date_naissance", "10/09/1970", "date_naissance/ETERNITY", '"10/09/1970"', JOUR),
    ("date_naissance", "19700910", "date_naissance/ETERNITY", '"19700910"', JOUR),
    ("date_naissance", "1899-12-31", "date_naissance/ETERNITY", '"1899-12-31"', JOUR),
    ("date_naissance", "10000-01-01", "date_naissance/ETERNITY", '"10000-01-01"', JOUR),
    ("date_naissance", "", "date_naissance/ETERNITY", '""', JOUR),
    ("date_naissance", 1970, "date_naissance/ETERNITY", "1970", JOUR),
    ("patientele_mt", {2025: "1200"}, "patientele_mt/2025", '"1200"', PATIENTS),
    ("patientele_mt", {2025: "9**9**9"}, "patientele_mt/2025", '"9**9**9"', PATIENTS),
    ("patientele_mt", {2025: True}, "patientele_mt/2025", "true", PATIENTS),
    ("patientele_mt", {2025: 1.9}, "patientele_mt/2025", "1.9", PATIENTS),
    ("patientele_mt", {2025: float("nan")}, "patientele_mt/2025", "NaN", PATIENTS),
    ("patientele_mt", {2025: float("inf")}, "patientele_mt/2025", "Infinity", PATIENTS),
    ("patientele_mt", {2025: [1]}, "patientele_mt/2025", "une liste de 1 élément(s)", PATIENTS),
    ("patientele_mt", {2025: -2}, "patientele_mt/2025", "-2", "ou -1 (non donné)"),
    ("patientele_mt", {2025: 100_001}, "patientele_mt/2025", "100001", PATIENTS),
    ("objectif_pmt_avenant", {2025: -1}, "objectif_pmt_avenant/2025", "-1", PATIENTS),
    ("part_honoraires_cliniques", 80, "part_honoraires_cliniques/ETERNITY", "80", "de 0 à 1"),
    ("part_honoraires_cliniques", -1, "part_honoraires_cliniques/ETERNITY", "-1", "de 0 à 1"),
    ("quotite_secretaire", "1", "quotite_secretaire/ETERNITY", '"1"', "un nombre, sans guillemets"),
    ("part_aide_decidee", {2025: -0.5}, "part_aide_decidee/2025", "-0.5", "ou -1 (non donné)"),
    ("part_aide_decidee", {2025: 1.01}, "part_aide_decidee/2025", "1.01", "de 0 à 1"),
    ("cout_employeur_annuel", {2025: -1}, "cout_employeur_annuel/2025", "-1", "de 0 à 10 000 000"),
    ("cout_employeur_annuel", {2025: 10**400}, "cout_employeur_annuel/2025", "1000", "de 0 à 10"),
    ("patientele_mt", 1200, "patientele_mt", "1200 sans période", "{2025: …}"),
    ("aide_versee", None, "aide_versee", "null sans période", "{2025-03: …}"),
    ("aide_versee", {"2025": None}, "aide_versee/2025", '"2025"', "un mois (2025-03)"),
    ("patientele_mt", {"year:2024-07": 1}, "patientele_mt/year:2024-07", "year:2024-07", ANNEE),
    ("patientele_mt", {"2024-07": 1}, "patientele_mt/2024-07", "2024-07", "sans période glissante"),
    ("patientele_mt", {"ETERNITY": 1}, "patientele_mt/ETERNITY", "ETERNITY", ANNEE),
    ("patientele_mt", {"year:2017:1000000": 1}, "patientele_mt/year:2017:1000000", "2017", ANNEE),
    ("patientele_mt", {"year:2024:0": 1}, "patientele_mt/year:2024:0", "year:2024:0", ANNEE),
    ("patientele_mt", {"9999": 1}, "patientele_mt/9999", "9999", ANNEE),
    ("aide_versee", {"2025-13": None}, "aide_versee/2025-13", "2025-13", MOIS),
    ("aide_versee", {"2025-00": None}, "aide_versee/2025-00", "2025-00", MOIS),
    ("aide_versee", {"month:2025-13:2": None}, "aide_versee/month:2025-13:2", "2025-13", MOIS),
    ("aide_versee", {"month:9997-12:100": None}, "aide_versee/month:9997-12:100", "9997", MOIS),
    ("zone", {"2025-13": "zip"}, "zone/2025-13", "2025-13", "ETERNITY"),
    ("date_naissance", "9990-01-01", "date_naissance", "9990-01-01", "18 ans au moins avant"),
    ("date_naissance", "9982-01-01", "date_naissance", "9982-01-01", "18 ans au moins avant"),
    ("patientele_mt", {"demain": 1}, "patientele_mt/demain", "demain", ANNEE),
    ("zone", {"demain": "zip"}, "zone/demain", "demain", "« ETERNITY »"),
    (
        "zone",
        {"2024": "zip", "2025": "zac"},
        "zone/ETERNITY",
        '"zip" (2024) et "zac" (2025)',
        "une seule valeur par période",
    ),
    (
        "file_active",
        {"year:2024:3": 900, "2025": 901},
        "file_active/2025",
        "900 (year:2024:3) et 901 (2025)",
        "une seule valeur par période",
    ),
    ("patientele", 3, "patientele", '"patientele"', "le plus proche : « patientele_mt »"),
    (
        "aide_due",
        {2025: 3.0},
        "aide_due/2025",
        "3.0",
        "« Aide due au titre de l’année de contrat »",
    ),
    ("eligible", True, "eligible/ETERNITY", "true", "informations, dont date_signature"),
    ("date_signature", None, "date_signature", "rien", "(information obligatoire)"),
    ("date_signature", "9999-12-31", "date_signature", '"9999-12-31"', "(information obligatoire)"),
    ("specialite", {"ETERNITY": None}, "specialite", "rien", "generaliste, mep"),
    ("secteur_conventionnel", None, "secteur_conventionnel", "rien", "secteur_1, secteur_2_optam"),
]


@pytest.mark.parametrize(("variable", "donnee", "champ", "recu", "attendu"), VALEURS_REFUSEES)
def test_valeur_refusee(variable: str, donnee: Any, champ: str, recu: str, attendu: str) -> None:
    erreurs = refus({**VALIDE, variable: donnee})
    assert [erreur.champ for erreur in erreurs] == [champ]
    assert recu in erreurs[0].recu
    assert attendu in erreurs[0].attendu
    assert str(erreurs[0]) == f"{champ} : reçu {erreurs[0].recu} ; attendu : {erreurs[0].attendu}."


@pytest.mark.parametrize("manquante", list(VALIDE))
def test_information_obligatoire(manquante: str) -> None:
    brut = {nom: valeur for nom, valeur in VALIDE.items() if nom != manquante}
    erreurs = refus(brut)
    assert [(erreur.champ, erreur.recu) for erreur in erreurs] == [(manquante, "rien")]
    erreurs = refus(web({"A": {manquante: {"2024": None}}}))
    assert [erreur.champ for erreur in erreurs] == [f"medecins/A/{manquante}"]


# --- Contradictions -------------------------------------------------------------------------------

CONTRADICTIONS = [
    ({"date_resiliation": "2023-09-09"}, "date_resiliation", "2023-09-09", "2023-09-10"),
    ({"date_naissance": "2023-09-10"}, "date_naissance", "2023-09-10", "18 ans au moins avant"),
    ({"date_naissance": "2005-09-11"}, "date_naissance", "2005-09-11", "18 ans au moins avant"),
    ({"patientele_mt": {2022: 900}}, "patientele_mt/2022", "900", "à partir de 2023"),
    ({"avenant_senior": {2022: True}}, "avenant_senior/2022", "true", "à partir de 2023"),
    (
        {"option_etp_avenant": {2023: "demi_etp"}},
        "option_etp_avenant/2023",
        '"demi_etp"',
        "à partir de 2024",
    ),
    (
        {"date_inscription_formation": "2024-02-01", "date_certification": "2024-01-31"},
        "date_certification",
        "2024-01-31",
        "2024-02-01",
    ),
    (
        {"carence_applicable": True},
        "carence_applicable",
        "true",
        "date_resiliation_contrat_precedent",
    ),
    (
        {"date_resiliation_contrat_precedent": "2023-09-11"},
        "date_resiliation_contrat_precedent",
        "2023-09-11",
        "au plus tard le 2023-09-10",
    ),
    (
        {"date_remplacement_secretaire": "2024-01-01"},
        "date_remplacement_secretaire",
        "2024-01-01",
        "secretaire_devenu_assistant à true",
    ),
    *(
        (
            {"tranche_pmt_declaree": large, "tranche_objectif_pmt_declaree": etroite},
            "tranche_objectif_pmt_declaree",
            f'"{etroite}"',
            f"comprise dans celle de tranche_pmt_declaree, {large}",
        )
        for large, etroite in (
            ("moins_de_p30", "p30_p50"),
            ("p90_p95", "p70_p90"),
            ("p30_p90", "p90_p95"),
            ("p95_et_plus", "p90_p95"),
        )
    ),
    (
        {"tranche_pfa_declaree": "p90_p95", "tranche_objectif_pfa_declaree": "p50_p70"},
        "tranche_objectif_pfa_declaree",
        '"p50_p70"',
        "comprise dans celle de tranche_pfa_declaree, p90_p95",
    ),
    ({"blocs_dispenses": 4}, "blocs_dispenses", "4", "moins de 4, le nombre de blocs"),
]


@pytest.mark.parametrize(("donnees", "champ", "recu", "attendu"), CONTRADICTIONS)
def test_contradiction(donnees: dict[str, Any], champ: str, recu: str, attendu: str) -> None:
    (erreur,) = refus({**VALIDE, **donnees})
    assert erreur.champ == champ
    assert erreur.recu == recu
    assert attendu in erreur.attendu


@pytest.mark.parametrize(
    "donnees",
    [
        {"date_resiliation": "2023-09-10"},
        {"date_naissance": "2005-09-10"},
        {"patientele_mt": {2023: 900}},
        {"option_etp_avenant": {2024: "demi_etp"}},
        {"date_inscription_formation": "2024-02-01", "date_certification": "2024-02-01"},
        {"carence_applicable": True, "date_resiliation_contrat_precedent": "2023-09-10"},
        {"date_remplacement_secretaire": "2024-01-01", "secretaire_devenu_assistant": True},
        {"tranche_pmt_declaree": "p30_p90", "tranche_objectif_pmt_declaree": "p70_p90"},
        {"tranche_pmt_declaree": "p90_p95", "tranche_objectif_pmt_declaree": "p90_p95"},
        {"tranche_pmt_declaree": "p90_p95", "tranche_objectif_pfa_declaree": "p30_p50"},
        {"blocs_dispenses": 3},
        {"blocs_dispenses": 5, "date_signature": "2019-08-19"},
    ],
)
def test_pas_de_contradiction_a_la_limite(donnees: dict[str, Any]) -> None:
    verifier({**VALIDE, **donnees}, SYSTEME)


# --- Structure ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brut", "champ", "recu", "attendu"),
    [
        (None, "situation", "null", "un objet « medecins »"),
        ([], "situation", "une liste", "un objet « medecins »"),
        ({}, "situation", "un objet de 0", "un objet « medecins »"),
        ({"medecins": {}}, "medecins", "0 médecin", "de 1 à 1 000"),
        ({"medecins": None}, "medecins", "0 médecin", "de 1 à 1 000"),
        ({"medecins": [1]}, "medecins", "une liste", "un objet"),
        ({"medecins": {"A": 3}}, "medecins/A", "3", "un objet"),
        (web({"": {}}), "medecins", '""', "de 1 à 100 caractères"),
        (web({"a/b": {}}), "medecins", '"a/b"', "sans « / »"),
        (web({"A\x1b[2J": {}}), "medecins", "u001b", "de 1 à 100 caractères"),
        (web({"A": {}}, cabinet={}), "cabinet", '"cabinet"', "le plus proche : « cabinets »"),
        (web({"A": {}}, axes=[]), "axes", '"axes"', "« medecins » et « cabinets »"),
        (web({"A": {}}, cabinets=[]), "cabinets", "une liste", "un objet"),
        (web({"A": {}}, cabinets={"c": {}}), "cabinets/c/membres", "vide", "au moins un médecin"),
        (
            web({"A": {}}, cabinets={"c": {"membres": []}}),
            "cabinets/c/membres",
            "un cabinet vide",
            "au moins un médecin",
        ),
        (
            web({"Alix": {}}, cabinets={"c": {"membres": ["Alice"]}}),
            "cabinets/c/membres",
            '"Alice"',
            "le plus proche : « Alix »",
        ),
        (
            web({"A": {}}, cabinets={"c": {"membres": ["A"]}, "d": {"membres": ["A"]}}),
            "cabinets/d/membres",
            "déjà membre de « cabinets/c »",
            "dans un seul cabinet",
        ),
        (
            web({"A": {}}, cabinets={"c": {"membres": ["A", "A"]}}),
            "cabinets/c/membres",
            "déjà membre",
            "dans un seul cabinet",
        ),
        (
            web({"A": {}}, cabinets={"c": {"membres": ["A"], "zone": "zip"}}),
            "cabinets/c/zone",
            '"zone"',
            "une variable de « cabinet »",
        ),
    ],
)
def test_structure_refusee(brut: Any, champ: str, recu: str, attendu: str) -> None:
    erreurs = refus(brut)
    assert [erreur.champ for erreur in erreurs] == [champ]
    assert recu in erreurs[0].recu
    assert attendu in erreurs[0].attendu


def test_mille_medecins_au_plus() -> None:
    verifier(web({f"m{rang}": {} for rang in range(1000)}), SYSTEME)
    (erreur,) = refus(web({f"m{rang}": {} for rang in range(1001)}))
    assert (erreur.champ, erreur.recu) == ("medecins", "1001 médecin(s)")


def test_une_entite_mal_nommee_est_rapprochee() -> None:
    erreurs = refus({"medecin": {"A": VALIDE}})
    assert erreurs[0].champ == "medecin"
    assert "le plus proche : « medecins »" in erreurs[0].attendu


def test_toutes_les_erreurs_sont_donnees() -> None:
    erreurs = refus(
        web(
            {
                "A": {"specialite": {"ETERNITY": "x"}, "patientele_mt": {"2025": "1", "2020": 3}},
                "B": {"date_signature": {"ETERNITY": "2023-13-01"}, "zzz": 1},
            },
            cabinets={"c": {"membres": ["C"]}},
        )
    )
    assert {erreur.champ for erreur in erreurs} == {
        "medecins/A/specialite/ETERNITY",
        "medecins/A/patientele_mt/2025",
        "medecins/A/patientele_mt/2020",
        "medecins/B/date_signature/ETERNITY",
        "medecins/B/zzz",
        "cabinets/c/membres",
    }


def test_le_nombre_d_erreurs_est_borne() -> None:
    assert len(refus({f"inconnue_{rang}": 1 for rang in range(5000)})) == LIMITE_ERREURS


def test_les_informations_utiles_sont_les_entrees_dont_depend_un_calcul() -> None:
    assert informations_utiles(SYSTEME, "secteur_eligible") == [
        "date_signature",
        "secteur_conventionnel",
    ]


# --- Files ----------------------------------------------------------------------------------------

YAML = """
date_signature: 2023-09-10   # dates stay text
specialite: generaliste
secteur_conventionnel: secteur_1
patientele_mt_initiale: 0775
patientele_mt: {2025: 1200, year:2026:2: 1250}
rqth_ou_ald: true
eligible:
"""


@pytest.mark.parametrize("suffixe", [".yaml", ".yml", ".txt"])
def test_fichier_yaml(tmp_path: Path, suffixe: str) -> None:
    fichier = tmp_path / f"situation{suffixe}"
    fichier.write_text(YAML, encoding="utf-8")
    medecin = verifier(lire_situation(fichier), SYSTEME)["medecins"]["medecin"]
    assert medecin["date_signature"] == {"ETERNITY": "2023-09-10"}
    assert medecin["patientele_mt_initiale"] == {"ETERNITY": 775}  # not the octal 509 of YAML 1.1
    assert medecin["patientele_mt"] == {"2025": 1200, "2026": 1250, "2027": 1250}


@pytest.mark.parametrize("nom", ["situation.json", "situation"])
def test_fichier_json(tmp_path: Path, nom: str) -> None:
    fichier = tmp_path / nom
    fichier.write_text("\ufeff" + json.dumps(web({"Zoé": {}}), ensure_ascii=False), "utf-8")
    assert list(verifier(lire_situation(fichier), SYSTEME)["medecins"]) == ["Zoé"]


def test_l_oui_et_le_non_de_yaml_1_1_restent_des_mots() -> None:
    brut = analyser(b"a: yes\nb: on\nc: 1_000\nd: 12:30\ne: 1e3\nf: .5\ng: ~", "x.yaml")
    assert brut == {
        "a": "yes",
        "b": "on",
        "c": "1_000",
        "d": "12:30",
        "e": 1000.0,
        "f": 0.5,
        "g": None,
    }


def test_une_date_impossible_d_un_yaml_est_dite_avec_son_champ() -> None:
    brut = analyser(YAML.replace("2023-09-10", "2023-02-30").encode(), "x.yaml")
    (erreur,) = refus(brut)
    assert (erreur.champ, erreur.recu) == ("date_signature/ETERNITY", '"2023-02-30"')


@pytest.mark.parametrize(
    ("octets", "nom", "champ", "recu"),
    [
        (b"{\n  'a'", "x.json", "x.json", "du JSON mal formé, ligne 2, colonne 3"),
        (b'{"a": 1', "entrée", "entrée", "du JSON mal formé, ligne 1, colonne 8"),
        (b"a: 1\nb: {c: 1", "x.yaml", "x.yaml", "du YAML mal formé, ligne 2, colonne 9"),
        (b"a: !!python/name:os.system x", "x.yaml", "x.yaml", "du YAML mal formé, ligne 1"),
        (b"a: &x 1\nb: *x", "x.yaml", "x.yaml", "un alias YAML, ligne 2, colonne 4"),
        (b"? [a]\n: 1", "x.yaml", "x.yaml", "du YAML mal formé, ligne 1, colonne 3"),
        (b"a: 1\n---\na: 2", "x.yaml", "x.yaml", "du YAML mal formé, ligne 2"),
        (b"a: \x07", "x.yaml", "x.yaml", "un caractère interdit, ligne 1, colonne 4"),
        (b"a: 1\nb: \xe9", "x.yaml", "x.yaml", "pas de l’UTF-8, ligne 2, colonne 4"),
        (b"[" * 100_000, "x.json", "x.json", "du JSON trop imbriqué"),
        (b"[" * 10_000, "x.yaml", "x.yaml", "du YAML trop imbriqué"),
        (b'{"a": ' + b"9" * 5000 + b"}", "x.json", "x.json", "un nombre ou une date impossible"),
        (b"x" * (LIMITE_OCTETS + 1), "x.yaml", "x.yaml", "plus de 1 Mo"),
        (b"", "x.yaml", "x.yaml", "null"),
        (b"[1]", "x.json", "x.json", "une liste de 1 élément(s)"),
        (b'{"a": {"b": 1, "b": 2}}', "x.json", "a/b", "deux fois le même champ"),
        (b"a: {2025: 1, '2025': 2}", "x.yaml", "a/2025", "deux fois le même champ"),
        (b"a: 1\na: 2", "x.yaml", "a", "deux fois le même champ"),
    ],
)
def test_fichier_refuse(octets: bytes, nom: str, champ: str, recu: str) -> None:
    with pytest.raises(SituationInvalide) as levee:
        analyser(octets, nom)
    (erreur,) = levee.value.erreurs
    assert erreur.champ == champ
    assert recu in erreur.recu


def test_fichier_absent_ou_dossier(tmp_path: Path) -> None:
    with pytest.raises(SituationInvalide, match="aucun fichier ne répond"):
        lire_situation(tmp_path / "rien.json")
    with pytest.raises(SituationInvalide, match="reçu un dossier"):
        lire_situation(tmp_path)


# --- A law with a contract of the practice --------------------------------------------------------

COLLECTIVE = aide_collective_2026(convention_2024(SYSTEME))
ADHESION = {"aide_collective_date_adhesion": "2026-03-01"}
SIGNE = {"aide_collective_date_signature": "2026-03-01"}


def groupe(
    medecin: dict[str, Any] | None = None, cabinet: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A doctor who joins the contract of their practice."""
    donnees = {"specialite": "generaliste", "secteur_conventionnel": "secteur_1", **ADHESION}
    cabinets = {"c": {"membres": ["A"], **SIGNE, **(cabinet or {})}}
    return {"medecins": {"A": {**donnees, **(medecin or {})}}, "cabinets": cabinets}


def test_les_champs_d_un_cabinet_sont_lus_comme_ceux_d_un_medecin() -> None:
    cabinet = {
        "aide_collective_societe": "scm",
        "aide_collective_etp_demandes": 1,
        "aide_collective_etp_avenant": {"year:2027:2": 0.5},
        "aide_collective_due": {2026: None},
    }
    lu = verifier(groupe(cabinet=cabinet), COLLECTIVE)
    assert lu["cabinets"]["c"] == {
        "membres": ["A"],
        "aide_collective_date_signature": {"ETERNITY": "2026-03-01"},
        "aide_collective_societe": {"ETERNITY": "scm"},
        "aide_collective_etp_demandes": {"ETERNITY": 1.0},
        "aide_collective_etp_avenant": {"2027": 0.5, "2028": 0.5},
        "aide_collective_due": {"2026": None},
    }
    assert verifier(lu, COLLECTIVE) == lu
    simulation = SimulationBuilder().build_from_entities(COLLECTIVE, lu)
    # 38 000 × 1, then 28 000 × 0.5
    assert simulation.calculate("aide_collective_due", "2026").tolist() == [38_000]
    assert simulation.calculate("aide_collective_due", "2027").tolist() == [14_000]


def test_un_contrat_collectif_dispense_de_contrat_individuel() -> None:
    medecin = verifier(groupe(), COLLECTIVE)["medecins"]["A"]
    assert "date_signature" not in medecin
    # Its speciality and its fee sector stay required, and a doctor who stays out signs alone.
    sans = groupe()
    del sans["medecins"]["A"]["specialite"]
    sans["medecins"]["B"] = {**VALIDE, "date_signature": None}
    with pytest.raises(SituationInvalide) as levee:
        verifier(sans, COLLECTIVE)
    champs = [erreur.champ for erreur in levee.value.erreurs]
    assert champs == ["medecins/A/specialite", "medecins/B/date_signature"]


def test_les_annees_du_cabinet_ne_se_comptent_pas_de_la_signature_du_medecin() -> None:
    medecin = {"date_signature": "2033-03-01", "aide_collective_pmt_observee": {2028: 1300}}
    verifier(groupe(medecin), COLLECTIVE)


CABINETS_REFUSES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    # (fields of the doctor, fields of the practice, field refused, given, accepted)
    (
        {},
        {"aide_collective_societe": "sissa"},
        "cabinets/c/aide_collective_societe/ETERNITY",
        '"sissa"',
        "un mot parmi scp, scm, sisa, sel, autre, non_declaree ; le plus proche : « sisa »",
    ),
    (
        {},
        {"aide_collective_etp_demandes": "2"},
        "cabinets/c/aide_collective_etp_demandes/ETERNITY",
        '"2"',
        "un nombre, sans guillemets, de 0 à 1 000, ou -1 (non donné)",
    ),
    (
        {},
        {"aide_collective_etp_demandes": -0.5},
        "cabinets/c/aide_collective_etp_demandes/ETERNITY",
        "-0.5",
        "de 0 à 1 000",
    ),
    (
        {},
        {"aide_collective_etp_avenant": 2},
        "cabinets/c/aide_collective_etp_avenant",
        "2 sans période",
        "{2025: …}",
    ),
    (
        {},
        {"aide_collective_etp": {2026: 2}},
        "cabinets/c/aide_collective_etp/2026",
        "2",
        "rien, car « Nombre d’ETP de l’année du contrat collectif » se calcule",
    ),
    (
        {},
        {"aide_collective_etp_demande": 2},
        "cabinets/c/aide_collective_etp_demande",
        '"aide_collective_etp_demande"',
        "une variable de « cabinet » ; le plus proche : « aide_collective_etp_demandes »",
    ),
    (
        {"aide_collective_societe": "scm"},
        {},
        "medecins/A/aide_collective_societe",
        '"aide_collective_societe"',
        "une variable de « medecin »",
    ),
    (
        {},
        {"aide_collective_date_resiliation": "2026-02-28"},
        "cabinets/c/aide_collective_date_resiliation",
        "2026-02-28",
        "au plus tôt le 2026-03-01",
    ),
    (
        {},
        {"aide_collective_etp_avenant": {2026: 2}},
        "cabinets/c/aide_collective_etp_avenant/2026",
        "2.0",
        "à partir de 2027 : la première année suit aide_collective_etp_demandes",
    ),
    (
        {},
        {"aide_collective_etp_avenant": {2025: 2}},
        "cabinets/c/aide_collective_etp_avenant/2025",
        "2.0",
        "à partir de 2026, celle de la signature du cabinet",
    ),
    (
        {"aide_collective_pmt_observee": {2025: 900}},
        {},
        "medecins/A/aide_collective_pmt_observee/2025",
        "900",
        "à partir de 2026, celle de la signature du cabinet",
    ),
    (
        {"aide_collective_date_sortie": "2026-02-28"},
        {},
        "medecins/A/aide_collective_date_sortie",
        "2026-02-28",
        "au plus tôt le 2026-03-01, celui de l’adhésion",
    ),
    (
        {},
        {"aide_collective_date_signature": None},
        "medecins/A/aide_collective_date_adhesion",
        "2026-03-01",
        "aucune date, ou aide_collective_date_signature au cabinet « c »",
    ),
    (
        {**VALIDE, "aide_collective_date_adhesion": None, "aide_collective_pamsu": True},
        {},
        "medecins/A/aide_collective_date_adhesion",
        "rien",
        "(information obligatoire, car aide_collective_pamsu parle d’un contrat collectif)",
    ),
    (
        {**VALIDE, "aide_collective_date_adhesion": None},
        {"aide_collective_date_signature": None, "aide_collective_societe": "scm"},
        "cabinets/c/aide_collective_date_signature",
        "rien",
        "(information obligatoire, car aide_collective_societe parle d’un contrat collectif)",
    ),
]


@pytest.mark.parametrize(("medecin", "cabinet", "champ", "recu", "attendu"), CABINETS_REFUSES)
def test_un_champ_du_contrat_collectif_est_refuse(
    medecin: dict[str, Any], cabinet: dict[str, Any], champ: str, recu: str, attendu: str
) -> None:
    with pytest.raises(SituationInvalide) as levee:
        verifier(groupe(medecin, cabinet), COLLECTIVE)
    (erreur,) = levee.value.erreurs
    assert (erreur.champ, erreur.recu.removeprefix("un nom inconnu, ")) == (champ, recu)
    assert attendu in erreur.attendu


@pytest.mark.parametrize(
    ("medecin", "cabinet", "champs"),
    [
        (
            {},
            {"aide_collective_date_signature": "2026-02-30", "aide_collective_societe": "scm"},
            ["cabinets/c/aide_collective_date_signature/ETERNITY"],
        ),
        (
            {"aide_collective_date_adhesion": "2026-02-30", "aide_collective_pamsu": True},
            {},
            ["medecins/A/aide_collective_date_adhesion/ETERNITY"],
        ),
        ({}, {"membres": []}, ["cabinets/c/membres"]),
        ({}, {"membres": ["B"]}, ["cabinets/c/membres"]),
    ],
)
def test_un_champ_refuse_n_en_fait_pas_refuser_d_autres(
    medecin: dict[str, Any], cabinet: dict[str, Any], champs: list[str]
) -> None:
    with pytest.raises(SituationInvalide) as levee:
        verifier(groupe(medecin, cabinet), COLLECTIVE)
    assert [erreur.champ for erreur in levee.value.erreurs] == champs


@pytest.mark.parametrize(
    ("medecin", "cabinet"),
    [
        ({}, {"aide_collective_date_resiliation": "2026-03-01"}),
        ({}, {"aide_collective_etp_avenant": {2026: -1, 2027: 2}}),
        ({"aide_collective_pmt_observee": {2025: -1, 2026: 900}}, {}),
        ({"aide_collective_date_sortie": "2026-03-01"}, {}),
        # Said before the contract is signed; and what stands at its default says nothing.
        ({"aide_collective_date_adhesion": "2026-02-01"}, {}),
        (
            {
                **VALIDE,
                "aide_collective_date_adhesion": None,
                "aide_collective_associe": "non_declare",
            },
            {"aide_collective_date_signature": None, "aide_collective_societe": "non_declaree"},
        ),
        # What the law refuses is a result.
        ({"specialite": "mep"}, {"aide_collective_societe": "sel"}),
        ({**VALIDE}, {}),
    ],
)
def test_un_contrat_collectif_sans_contradiction_est_admis(
    medecin: dict[str, Any], cabinet: dict[str, Any]
) -> None:
    verifier(groupe(medecin, cabinet), COLLECTIVE)


def test_un_medecin_seul_n_adhere_a_rien() -> None:
    with pytest.raises(SituationInvalide) as levee:
        verifier({**VALIDE, **ADHESION}, COLLECTIVE)
    (erreur,) = levee.value.erreurs
    assert erreur.champ == "aide_collective_date_adhesion"
    assert "au cabinet « cabinet_de_medecin »" in erreur.attendu


def test_sans_la_reforme_ses_champs_sont_inconnus_et_le_remede_est_dit() -> None:
    erreurs = refus(groupe(VALIDE))
    assert [erreur.champ for erreur in erreurs] == [
        "medecins/A/aide_collective_date_adhesion",
        "cabinets/c/aide_collective_date_signature",
    ]
    for erreur in erreurs:
        assert erreur.attendu.endswith("ce champ demande la réforme aide_collective_2026")
