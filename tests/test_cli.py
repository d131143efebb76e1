"""The command line: what it prints, where, and its exit codes."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from openfisca_assistant_medical import affichage, contrats, lois
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.exemples import EXEMPLES
from tests.medecins_au_hasard import medecins, situation

YAML = """
date_signature: 2023-09-10
specialite: generaliste
secteur_conventionnel: secteur_1
patientele_mt_initiale: 1300
file_active_initiale: 1600
"""


@pytest.fixture
def lancer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command at 80 columns; gives (exit code, standard output, standard error)."""
    monkeypatch.setenv("COLUMNS", "80")

    def _lancer(*arguments: str, entree: bytes | None = None) -> tuple[int, str, str]:
        if entree is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(entree)))
        code = main(list(arguments))
        sorties = capsys.readouterr()
        return code, sorties.out, sorties.err

    return _lancer


def simple(texte: str) -> str:
    """The text with plain spaces, on one line."""
    return re.sub(r"\s+", " ", texte)


def euros(montant: float) -> str:
    return simple(affichage.euros(montant))


# --- Results --------------------------------------------------------------------------------------


def test_le_tableau_dit_ce_que_dit_le_json(lancer: Any) -> None:
    demande = ("calculer", "--exemple", "generaliste_deux_lois", "--reforme", "convention_2024")
    code, texte, erreurs = lancer(*demande)
    assert (code, erreurs) == (0, "")
    rapport = json.loads(lancer(*demande, "--json")[1])
    (resultat,) = rapport["medecins"][0]["resultats"]
    lignes = {ligne[:10]: simple(ligne) for ligne in texte.splitlines()}
    for annee in resultat["annees"]:
        ligne = lignes[affichage.jour(annee["date_anniversaire"])]
        for nom in ("aide_maximale", "aide_due", "acompte", "solde"):
            assert euros(annee[nom]) in ligne
        assert affichage.jour(annee["date_versement_acompte"]) in texte
    for note in resultat["notes"]:
        assert simple(note["texte"]) in simple(texte)
    for annee, montant in resultat["depense_annuelle"].items():
        assert f"{euros(montant)} en {annee}" in simple(texte)


def test_la_structure_du_json(lancer: Any) -> None:
    demande = ("calculer", "--exemple", "generaliste_deux_lois", "--comparer", "--json")
    code, texte, _ = lancer(*demande)
    rapport = json.loads(texte)
    assert code == 0
    assert "é" in texte
    assert list(rapport) == ["format", "version", "lois", "medecins"]
    assert [loi["id"] for loi in rapport["lois"]] == ["base", "convention_2024"]
    (medecin,) = rapport["medecins"]
    assert list(medecin) == ["id", "situation", "contrat", "resultats", "comparaison"]
    assert medecin["situation"]["patientele_mt"] == {"2025": 1430, "2026": 1550}
    base, convention = medecin["resultats"]
    assert base["eligible"] is True
    assert base["date_fin_contrat"] == "2028-09-10"
    assert base["date_fin_carence"] is None
    estimation = {"objectif_pmt_estime", "estimation"}
    assert set(base["annees"][0]) == {"annee", "inconnus", *estimation, *contrats.ANNEE}
    # 36 000 + 27 000 + 10 500 + 21 000 + 21 000, and the same with 28 000, 11 000, 22 000 twice.
    assert base["total"]["aide_due"] == 115_500
    assert convention["total"]["aide_due"] == 119_000
    assert base["annees"][4]["inconnus"] == [
        {"compte": "pmt", "manque": "observe"},
        {"compte": "pfa", "manque": "observe"},
    ]
    # The balance of the last year is paid on 2028-09-10: 21 000 − 10 500.
    assert base["depense_annuelle"]["2028"] == 10_500
    assert sum(base["depense_annuelle"].values()) == base["total"]["aide_due"]


def test_comparer_donne_les_ecarts_et_le_total(lancer: Any) -> None:
    code, texte, _ = lancer("calculer", "--exemple", "generaliste_deux_lois", "--comparer")
    lignes = {ligne.split(" ")[0]: simple(ligne) for ligne in texte.splitlines()}
    assert code == 0
    assert "27 000,00 € 27 000,00 € 28 000,00 € 28 000,00 € 1 000,00 €" in lignes["10/09/2024"]
    assert lignes["10/09/2025"].endswith("10 500,00 € 22 000,00 € 11 000,00 € 500,00 €")
    assert lignes["Total"].endswith("3 500,00 €")  # 0 + 1 000 + 500 + 1 000 + 1 000
    assert lignes["2028"] == "2028 10 500,00 € 11 000,00 € 500,00 €"


def test_comparer_dit_ou_le_contrat_ne_court_que_d_un_cote(lancer: Any) -> None:
    code, texte, _ = lancer("calculer", "--exemple", "senior", "--comparer")
    assert code == 0
    assert "Écart (2029 à 2033) : le contrat ne court que sous l’une des deux lois." in simple(
        texte
    )


def test_comparer_applique_une_lecture_des_deux_cotes(lancer: Any) -> None:
    _, texte, _ = lancer(
        "calculer", "--exemple", "generaliste_p95", "--comparer", "--json",
        "--reforme", "lectures.p95_inclus",
    )  # fmt: skip
    rapport = json.loads(texte)
    assert [loi["id"] for loi in rapport["lois"]] == [
        "lectures.p95_inclus",
        "convention_2024 + lectures.p95_inclus",
    ]


@pytest.mark.parametrize("nom", ["convention_2024", "lectures.entree_en_vigueur_2024"])
def test_une_reforme_qui_contient_la_convention_n_est_que_d_un_cote(nom: str) -> None:
    gauche, droite = lois.lois([nom], comparer=True)
    assert gauche[0]["id"] == "base"
    assert droite[0]["id"] == nom


def test_un_chemin_complet_designe_une_reforme() -> None:
    chemin = "openfisca_assistant_medical.reforms.lectures.p95_inclus"
    assert lois.trouver_reforme(chemin) is lois.trouver_reforme("lectures.p95_inclus")


def test_les_notes_du_plancher_et_des_sommes_a_recuperer(lancer: Any) -> None:
    _, cardiologue, _ = lancer("calculer", "--exemple", "cardiologue_percentiles_non_publies")
    assert "≥ 36 000,00 €" in simple(cardiologue)
    assert "le maximum est un plancher (2024 à 2028)" in simple(cardiologue)
    assert "faute de connaître : PFA observée. À demander à la CPAM." in simple(cardiologue)
    _, resilie, _ = lancer("calculer", "--exemple", "contrat_resilie")
    # 27 000 − 27 000 × 183/365 = 13 463.01
    assert "Trop-versé que la CPAM récupère : 13 463,01 € pour 2025." in simple(resilie)
    assert "−13 463,01 €" in simple(resilie)
    # The head says when it ended, and not the term that it had.
    assert "Éligible à l’aide ; contrat résilié le 31/12/2025." in simple(resilie)
    assert "terme du contrat" not in simple(resilie)


COUT = "cout_employeur_annuel: {2023: 28656, 2025: 28656.5}\n"  # 12 × 2 388, and half a euro


def test_le_cout_de_l_assistant_se_montre_pour_les_annees_ou_il_est_donne(lancer: Any) -> None:
    entree = (YAML + COUT).encode()
    code, texte, _ = lancer("calculer", "-", entree=entree)
    apres = texte[texte.index("Coût de l’assistant") :]
    lignes = {ligne[:10]: simple(ligne) for ligne in apres.splitlines()}
    assert code == 0
    # 28 656 − 36 000 = −7 344 and 36 000 / 28 656 = 1.2563; 28 656.50 − 21 000 = 7 656.50 and
    # 21 000 / 28 656.50 = 0.73282, for want of the counts observed.
    assert lignes["10/09/2023"] == "10/09/2023 28 656,00 € 36 000,00 € −7 344,00 € 125,6 %"
    assert simple(lignes["10/09/2025"]) == "10/09/2025 28 656,50 € 21 000,00 € 7 656,50 € 73,28 %?"
    assert "10/09/2024" not in lignes
    assert "Un reste à charge négatif est un excédent" in simple(apres)
    assert max(map(len, texte.splitlines())) <= 80
    (resultat,) = json.loads(lancer("calculer", "-", "--json", entree=entree)[1])["medecins"][0][
        "resultats"
    ]
    premiere, deuxieme, troisieme = resultat["annees"][:3]
    assert premiere["cout_employeur_annuel"] == 28_656
    assert premiere["reste_a_charge"] == 28_656 - 36_000
    assert premiere["part_du_cout_couverte"] == pytest.approx(36_000 / 28_656)
    assert premiere["reste_a_charge_connu"] is True
    assert troisieme["reste_a_charge"] == 7_656.5
    # A cost given for a year is not carried to the next one.
    assert deuxieme["reste_a_charge_connu"] is False
    for nom in ("cout_employeur_annuel", "reste_a_charge", "part_du_cout_couverte"):
        assert deuxieme[nom] is None


def test_le_cout_se_compare_sous_les_deux_lois(lancer: Any) -> None:
    cout = "cout_employeur_annuel: {2024: 30000}\n"
    _, texte, _ = lancer("calculer", "-", "--comparer", entree=(YAML + cout).encode())
    apres = texte[texte.index("Coût de l’assistant") :]
    # 30 000 − 27 000 and 27 000 / 30 000 = 0.9; 30 000 − 28 000 and 28 000 / 30 000 = 0.9333
    ligne = "10/09/2024 30 000,00 € 3 000,00 € 90 % 2 000,00 € 93,33 %"
    assert ligne in [simple(ligne) for ligne in apres.splitlines()]
    assert "excédent" not in apres
    assert max(map(len, texte.splitlines())) <= 80


@pytest.mark.parametrize("comparer", [(), ("--comparer",)])
def test_sans_cout_la_commande_n_en_dit_rien(lancer: Any, comparer: tuple[str, ...]) -> None:
    # The year 2040 is no year of the contract shown.
    cout = "cout_employeur_annuel: {2040: 30000}\n"
    for plus in ("", cout):
        _, texte, _ = lancer("calculer", "-", *comparer, entree=(YAML + plus).encode())
        assert "Coût" not in texte
        assert "excédent" not in texte


REFUS = [
    ("date_signature: 2018-01-01", "Aucun texte n’est en vigueur", "vérifier la date"),
    ("specialite: radiologue", "Spécialité exclue", "rien n’y remédie"),
    ("{specialite: chirurgien, part_honoraires_cliniques: 0.8}", "honoraires cliniques", "CPAM"),
    ("secteur_conventionnel: secteur_2", "Secteur conventionnel non éligible", "l’OPTAM"),
    ("patientele_mt_initiale: 774", "sous le seuil minimal", "30e percentile"),
    ("{date_signature: 2022-01-01, option_etp_initiale: demi_etp}", "Exercice isolé", "regroupé"),
    ("option_etp_initiale: tiers_etp", "Option non ouverte", "1/2 ETP l’est toujours"),
]


@pytest.mark.parametrize(("yaml_en_plus", "motif", "remede"), REFUS)
def test_un_refus_de_la_loi_est_un_resultat(
    lancer: Any, yaml_en_plus: str, motif: str, remede: str
) -> None:
    import yaml

    brut = {**yaml.safe_load(YAML), **yaml.safe_load(yaml_en_plus)}
    code, texte, erreurs = lancer("calculer", "-", entree=yaml.safe_dump(brut).encode())
    assert (code, erreurs) == (0, "")
    assert "Non éligible" in texte
    assert motif in simple(texte)
    assert remede in simple(texte)
    assert "Acompte" not in texte


def test_la_carence_dit_le_jour_ou_signer(lancer: Any) -> None:
    plus = "carence_applicable: true\ndate_resiliation_contrat_precedent: 2024-01-15\n"
    entree = (YAML.replace("2023-09-10", "2025-01-01") + plus).encode()
    _, texte, _ = lancer("calculer", "-", "--reforme", "convention_2024", entree=entree)
    assert "signer à partir du 15/01/2026" in simple(texte)  # 24 months later


def test_option_inaccessible_et_secretaire(lancer: Any) -> None:
    plus = "option_etp_avenant: {2025: deux_etp}\nsecretaire_devenu_assistant: true\n"
    code, texte, _ = lancer("calculer", "-", entree=(YAML + plus).encode())
    assert code == 0
    assert "L’option 2 ETP n’est pas accessible et rien n’est payé (2025)" in simple(texte)
    assert "le secrétaire devenu assistant n’est pas remplacé à temps" in simple(texte)


def test_eligibilite_et_objectifs_inconnus(lancer: Any) -> None:
    entree = b"date_signature: 2023-09-10\nspecialite: mep\nsecteur_conventionnel: secteur_1"
    _, texte, _ = lancer("calculer", "-", "--json", entree=entree)
    (resultat,) = json.loads(texte)["medecins"][0]["resultats"]
    codes = [note["code"] for note in resultat["notes"]]
    assert codes == ["eligibilite_inconnue", "plancher", "part_inconnue", "hypothese_modulation"]
    assert resultat["annees"][2]["inconnus"] == [
        {"compte": compte, "manque": manque}
        for compte in ("pmt", "pfa")
        for manque in ("observe", "depart", "objectif")
    ]


@pytest.mark.long
def test_ce_qui_est_inconnu_est_toujours_dit() -> None:
    tires = medecins(7, 200)
    donnees = situation(tires)
    (loi,) = lois.lois(["convention_2024"], comparer=False)
    calcul = contrats.Calcul(*loi, donnees)
    for rang, nom in enumerate(calcul.medecins):
        for annee in range(2021, 2031) if "_" not in nom else ():
            ligne = calcul._annee(rang, annee)
            assert bool(ligne["inconnus"]) is not ligne["part_aide_connue"], (nom, annee)


# --- Years ----------------------------------------------------------------------------------------


def test_les_annees_demandees(lancer: Any) -> None:
    _, texte, _ = lancer("calculer", "-", "--annees", "2024-2025", "--json", entree=YAML.encode())
    (resultat,) = json.loads(texte)["medecins"][0]["resultats"]
    assert [annee["annee"] for annee in resultat["annees"]] == [2024, 2025]
    # The balance of 2025 is paid in 2026, with the advance of 2026.
    assert resultat["depense_annuelle"] == {"2024": 27_000, "2025": 10_500, "2026": 21_000}


def test_un_contrat_sans_terme_montre_dix_annees(lancer: Any) -> None:
    entree = YAML.replace("2023-09-10", "2024-09-10").encode()
    _, texte, _ = lancer("calculer", "-", "--reforme", "convention_2024", entree=entree)
    assert "contrat sans terme" in simple(texte)
    debuts = [ligne[:10] for ligne in texte.splitlines() if ligne.startswith("10/09/")]
    assert debuts == [f"10/09/{annee}" for annee in range(2024, 2034)]
    assert "se poursuit au-delà des années montrées" in simple(texte)


# --- The calendar, and who may employ -------------------------------------------------------------


def test_le_calendrier_en_tableau_et_en_json(lancer: Any) -> None:
    demande = ("calendrier", "--exemple", "contrat_resilie", "--reforme", "convention_2024")
    code, texte, erreurs = lancer(*demande)
    assert (code, erreurs) == (0, "")
    rapport = json.loads(lancer(*demande, "--json")[1])
    (medecin,) = rapport["medecins"]
    for evenement in medecin["evenements"]:
        assert f"{affichage.jour(evenement['date'])} {evenement['titre']}" in simple(texte)
    # 28 000 × 183/365 = 14 038.36 is due, of 28 000 that were paid.
    assert "−13 961,64 €" in simple(texte)
    assert max(map(len, texte.splitlines())) <= 80


def test_le_calendrier_d_une_annee_et_d_un_medecin(lancer: Any) -> None:
    demande = ("calendrier", "--exemple", "ancien_tiers_etp", "--annees", "2023", "--json")
    noms = [medecin["id"] for medecin in json.loads(lancer(*demande)[1])["medecins"]]
    assert len(noms) == 2
    code, texte, _ = lancer(*demande, "--medecin", noms[1])
    (seul,) = json.loads(texte)["medecins"]
    assert (code, seul["id"]) == (0, noms[1])
    assert {evenement["date"][:4] for evenement in seul["evenements"]} == {"2023"}
    code, texte, erreurs = lancer(*demande, "--medecin", noms[1] + "x")
    assert (code, texte) == (2, "")
    assert f"le plus proche : « {noms[1]} »" in simple(erreurs)


def test_l_agenda_s_ecrit_entier_ou_pas_du_tout(
    lancer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demande = ("calendrier", "--exemple", "senior", "--reforme", "convention_2024", "--ics")
    fichier = tmp_path / "agenda.ics"
    code, texte, erreurs = lancer(*demande, str(fichier))
    assert (code, texte) == (0, "")
    assert erreurs == f"Écrit : {fichier}\n"
    octets = fichier.read_bytes()
    assert octets.startswith(b"BEGIN:VCALENDAR\r\n")
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["agenda.ics"]

    def sans_place(*_: Any) -> None:
        raise OSError("plus de place")

    monkeypatch.setattr(Path, "replace", sans_place)
    code, texte, erreurs = lancer(*demande, str(fichier))
    assert (code, texte) == (2, "")
    assert "--ics : " in erreurs
    assert "plus de place" in erreurs
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["agenda.ics"]
    assert fichier.read_bytes() == octets


def test_un_agenda_sans_evenement_ne_s_ecrit_pas(lancer: Any, tmp_path: Path) -> None:
    fichier = tmp_path / "agenda.ics"
    demande = ("calendrier", "--exemple", "contrat_resilie", "--annees", "2050", "--ics")
    for cible in (str(fichier), "-"):
        code, texte, erreurs = lancer(*demande, cible)
        assert (code, texte) == (2, "")
        assert "--ics : aucun événement à écrire" in simple(erreurs)
    assert not fichier.exists()


def test_l_agenda_sur_la_sortie_standard_a_les_octets_du_fichier(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    demande = ["calendrier", "--exemple", "senior", "--ics"]
    assert main([*demande, str(tmp_path / "agenda.ics")]) == 0
    capfdbinary.readouterr()
    assert main([*demande, "-"]) == 0
    assert capfdbinary.readouterr().out == (tmp_path / "agenda.ics").read_bytes()


@pytest.mark.parametrize("option", ["--ics", "--html"])
@pytest.mark.parametrize("chemin", ["", ".", "/", "absent/agenda", "a\0b", "pyproject.toml/x"])
def test_un_fichier_impossible_est_refuse_en_francais(
    lancer: Any, option: str, chemin: str
) -> None:
    exemple = ("--exemple", "senior")
    demande = ("calendrier",) if option == "--ics" else ("expliquer", "aide_due", "2024")
    code, texte, erreurs = lancer(*demande, *exemple, option, chemin)
    assert (code, texte) == (2, "")
    assert "ne peut pas être écrit" in erreurs
    assert "Remède" in erreurs


def test_les_groupements_d_une_region(lancer: Any) -> None:
    code, texte, erreurs = lancer("groupements", "--region", "ile de france")
    assert (code, erreurs) == (0, "")
    assert "contact@geyvo.fr" in texte
    assert "contact@legroupement.org" in texte
    assert "geda52" not in texte
    assert "Emploi direct. Employeur : le médecin lui-même." in simple(texte)
    rapport = json.loads(lancer("groupements", "--region", "IDF", "--json")[1])
    assert rapport["region"] == "Île-de-France"
    assert len(rapport["groupements"]) == 3 + 1 + 1
    assert len(json.loads(lancer("groupements", "--json")[1])["groupements"]) == 23


# --- Layout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("comparer", [(), ("--comparer",)])
@pytest.mark.parametrize("nom", ["cardiologue_percentiles_non_publies", "ancien_tiers_etp"])
def test_quatre_vingts_colonnes(lancer: Any, nom: str, comparer: tuple[str, ...]) -> None:
    _, texte, _ = lancer("calculer", "--exemple", nom, *comparer)
    assert max(map(len, texte.splitlines())) <= 80
    assert "\x1b" not in texte
    assert "00…" not in texte


def test_un_terminal_etroit_ne_coupe_aucun_montant(
    lancer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    _, texte, _ = lancer("calculer", "--exemple", "generaliste_deux_lois", "--comparer")
    assert "…" not in texte
    assert "36 000,00 €" in simple(texte)


@pytest.mark.parametrize(
    ("montant", "texte"),
    [
        (38_000, "38\u202f000,00\u00a0€"),
        (-13_961.64, "−13\u202f961,64\u00a0€"),
        (-0.0, "0,00\u00a0€"),
    ],
)
def test_montant_a_la_francaise(montant: float, texte: str) -> None:
    assert affichage.euros(montant) == texte


def test_dates_parts_et_suites_a_la_francaise() -> None:
    assert affichage.jour("2024-09-10") == "10/09/2024"
    assert affichage.jour(None) == "–"
    assert affichage.pourcent(0.9144947) == "91,45\u00a0%"
    assert affichage.suite([2024]) == "2024"
    assert affichage.suite([2025, 2024]) == "2024 et 2025"
    assert affichage.suite([2024, 2025, 2026]) == "2024 à 2026"
    assert affichage.suite([2024, 2026, 2027]) == "2024, 2026 et 2027"


# --- Other commands, errors -----------------------------------------------------------------------


def test_exemples_version_et_aide(lancer: Any) -> None:
    _, texte, _ = lancer("calculer", "--help")
    for nom in ("objectifs_estimes", "aide_collective_2026", "lectures.<nom>"):
        assert nom in texte
    assert "Années civiles des dates" in simple(lancer("calendrier", "--help")[1].replace("│", " "))
    _, texte, _ = lancer("exemples")
    assert [ligne.split(" : ")[0] for ligne in texte.splitlines()] == list(EXEMPLES)
    assert re.fullmatch(r"assistant-medical \d+\.\d+\.\d+\n", lancer("--version")[1])
    for demande in (
        (),
        ("--help",),
        ("calculer", "--help"),
        ("calendrier", "--help"),
        ("groupements", "--help"),
    ):
        code, texte, _ = lancer(*demande)
        assert code == 0
        assert "Affiche cette aide." in texte
        assert "Show this message" not in texte


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["calculer"], "Donner soit un fichier"),
        (["calculer", "x.json", "--exemple", "senior"], "Donner soit un fichier"),
        (["calculer", "--exemple", "seniors"], "le plus proche : « senior »"),
        (["calculer", "--exemple", "senior", "--annees", "2030-2020"], "reçu « 2030-2020 »"),
        (["calculer", "--exemple", "senior", "--annees", "2000-2090"], "au plus 50 années"),
        (["calculer", "--exemple", "senior", "--annees"], "--annees attend une valeur"),
        (
            ["calculer", "--exemple", "senior", "--reforme", "convention_2023"],
            "reçu « convention_2023 » ; attendu : convention_2024, lectures.<nom>",
        ),
        (
            ["calculer", "--exemple", "senior", "--reforme", "lectures.p95"],
            "le plus proche : « lectures.p95_inclus »",
        ),
        (["calculer", "--exemple", "senior", "--reforme", "os.path"], "reçu « os.path »"),
        (["calculer", "--exemple", "senior", "--reforme", "."], "reçu « . »"),
        (["calculer", "--comparez"], "le plus proche : « --comparer »"),
        (["calculer", "a", "b"], "Argument en trop, ou mal écrit : « b »"),
        (["calculez"], "Commande inconnue : « calculez »"),
        (["calculer", "/nulle/part.yaml"], "aucun fichier ne répond"),
        (["calendrier"], "Donner soit un fichier"),
        (["calendrier", "--exemple", "senior", "--annees", "demain"], "reçu « demain »"),
        (["calendrier", "--exemple", "senior", "--medecin", "Andre"], "« Andrea »"),
        (["calendrier", "--exemple", "senior", "--reforme", "convention"], "convention_2024"),
        (
            ["calendrier", "--exemple", "senior", "--ics", "-", "--json"],
            "Donner --ics ou --json, pas les deux.",
        ),
        (["calendriers"], "le plus proche : « calendrier »"),
        (["groupements", "--region", "Ocitanie"], "la plus proche : « Occitanie »"),
        (["groupements", "--region"], "--region attend une valeur"),
    ],
)
def test_mauvaise_demande(lancer: Any, arguments: list[str], message: str) -> None:
    code, texte, erreurs = lancer(*arguments)
    assert (code, texte) == (2, "")
    assert message in simple(erreurs)
    assert "Traceback" not in erreurs


def test_situation_refusee(lancer: Any, tmp_path: Path) -> None:
    fichier = tmp_path / "situation.yaml"
    fichier.write_text(YAML + "patientele_mt: {2025: '1200'}\nzone: zipp\n", encoding="utf-8")
    code, texte, erreurs = lancer("calculer", str(fichier))
    assert (code, texte) == (2, "")
    entier = "un nombre entier, sans guillemets, de 0 à 100 000, ou -1 (non donné)"
    mot = "un mot parmi hors_zone, zac, zip ; le plus proche : « zip »"
    assert erreurs.splitlines() == [
        "Situation refusée :",
        f'- patientele_mt/2025 : reçu "1200" ; attendu : {entier}.',
        f'- zone/ETERNITY : reçu "zipp" ; attendu : {mot}.',
    ]


def test_beaucoup_de_refus_sont_comptes(lancer: Any) -> None:
    entree = "\n".join(f"inconnue_{rang}: 1" for rang in range(60)).encode()
    code, _, erreurs = lancer("calculer", "-", entree=entree)
    assert code == 2
    assert "… et 33 autres refus" in erreurs  # 60 and 3 required inputs, 30 of them shown


def test_une_erreur_inattendue_rend_1(lancer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def echouer(*_: Any) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr(contrats, "etablir", echouer)
    code, _, erreurs = lancer("calculer", "--exemple", "senior")
    assert (code, erreurs) == (1, "Erreur inattendue (RuntimeError) : panne\n")


@pytest.mark.long
@pytest.mark.parametrize(
    ("encodage", "attendu"), [("ascii", "38 000,00 EUR"), ("cp1252", "38 000,00 €")]
)
def test_la_commande_installee_dans_un_tuyau(encodage: str, attendu: str) -> None:
    """As a process: piped, without colours, in an encoding that lacks some signs."""
    resultat = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from openfisca_assistant_medical.cli import main; sys.exit(main())",
            "calculer", "--exemple", "contrat_resilie", "--reforme", "convention_2024",
        ],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": encodage, "COLUMNS": "80"},
    )  # fmt: skip
    texte = resultat.stdout.decode(encodage)
    assert attendu in texte.replace("\u00a0", " ")
    assert "?" not in texte
    assert "\x1b" not in texte
    assert resultat.stderr == b""


# --- Explanations, matrix, what to check ----------------------------------------------------------

SENIOR = ("expliquer", "--exemple", "senior", "aide_due", "2027", "--reforme", "convention_2024")
LEGERE = ("expliquer", "--exemple", "senior", "texte_signature")
TESTS = Path(__file__).parent


def valide(rapport: Any) -> bool:
    schema = files("openfisca_assistant_medical.tracabilite.explication").joinpath(
        "schema_explication.json"
    )
    jsonschema.Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(rapport)
    return True


@pytest.mark.long
def test_expliquer_donne_le_json_de_son_schema(lancer: Any) -> None:
    code, texte, erreurs = lancer(*SENIOR, "--json")
    assert (code, erreurs) == (0, "")
    rapport = json.loads(texte)
    assert valide(rapport)
    # 900 of 1 000 patients: 10 % lost, 90 % of 22 000.
    assert (rapport["medecin"], rapport["valeur"]) == ("Andrea", 22_000 * 0.9)
    assert rapport["loi"]["id"] == "convention_2024"
    donnees = {(s["variable"], s["periode"]) for s in rapport["saisies"] if s["donnee"]}
    assert ("patientele_mt", "2027") in donnees
    assert "é" in texte


@pytest.mark.long
def test_expliquer_montre_le_resultat_et_la_profondeur_demandee(lancer: Any) -> None:
    _, texte, _ = lancer(*SENIOR)
    assert "(aide_due, 2027) : 19 800,00 €" in simple(texte)
    assert max(map(len, texte.splitlines())) <= 80
    demande = ("expliquer", "--exemple", "senior", "rang_annee_contrat", "2027")
    textes = [lancer(*demande, "--profondeur", n)[1] for n in ("1", "2", "0")]
    etapes = [len(re.findall(r"^\d+\. ", texte, re.MULTILINE)) for texte in textes]
    # The rank; the text of the signature and the end of the contract; the renewal.
    assert etapes == [1, 3, 4]
    assert lancer(*demande)[1] == textes[1]


def test_expliquer_une_saisie_lue_sur_l_entree_standard(lancer: Any) -> None:
    code, texte, erreurs = lancer("expliquer", "-", "date_signature", entree=YAML.encode())
    assert (code, erreurs) == (0, "")
    assert "date_signature) : 10/09/2023" in simple(texte)


def test_un_refus_de_la_loi_s_explique(lancer: Any) -> None:
    entree = (YAML + "specialite: radiologue\n").replace("specialite: generaliste\n", "").encode()
    code, texte, _ = lancer("expliquer", "-", "aide_due", "2023", entree=entree)
    assert code == 0
    assert "eligibilite.specialite_exclue.radiologue = oui" in simple(texte)


def test_la_page_est_ecrite_entiere_ou_donnee(lancer: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("ancienne", "utf-8")
    code, texte, erreurs = lancer(*LEGERE, "--html", str(page))
    assert (code, texte, erreurs) == (0, "", f"Écrit : {page}\n")
    assert os.listdir(tmp_path) == ["page.html"]
    ecrite = page.read_text("utf-8")
    assert ecrite.startswith("<!DOCTYPE html>")
    assert ecrite.endswith("</html>")
    code, texte, erreurs = lancer(*LEGERE, "--html", "-")
    assert (code, texte, erreurs) == (0, ecrite + "\n", "")


@pytest.mark.parametrize(
    ("commande", "cible"),
    [
        *(
            (LEGERE, cible)
            for cible in ("absent/page.html", "fichier/page.html", "dossier", ".", "\0")
        ),
        (("matrice",), "absent/page.html"),
    ],
)
def test_une_page_qui_ne_peut_etre_ecrite_est_refusee_sans_reste(
    lancer: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    commande: tuple[str, ...],
    cible: str,
) -> None:
    (tmp_path / "fichier").write_text("intact", "utf-8")
    (tmp_path / "dossier").mkdir()
    monkeypatch.chdir(tmp_path)
    code, texte, erreurs = lancer(*commande, "--html", cible)
    assert (code, texte) == (2, "")
    assert "ne peut pas être écrit" in erreurs
    assert "Remède : " in erreurs
    assert sorted(os.listdir(tmp_path)) == ["dossier", "fichier"]
    assert os.listdir(tmp_path / "dossier") == []
    assert (tmp_path / "fichier").read_text("utf-8") == "intact"


DEUX = ("expliquer", "--exemple", "ancien_tiers_etp")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["expliquer"], "Demande : rien reçu ; attendu : SITUATION VARIABLE [PÉRIODE]"),
        (["expliquer", "senior.json"], "attendu : SITUATION VARIABLE [PÉRIODE]"),
        (["expliquer", "--exemple", "senior"], "attendu : VARIABLE [PÉRIODE]"),
        (["expliquer", "a", "b", "2026", "c"], "reçu « a b 2026 c »"),
        (["expliquer", "/nulle/part.yaml", "aide_due", "2026"], "aucun fichier ne répond"),
        (["expliquer", "--exemple", "seniors", "aide_due", "2026"], "proche : « senior »"),
        (
            ["expliquer", "--exemple", "senior", "aides_dues", "2026"],
            "reçu « aides_dues » ; attendu : une variable du modèle ; le plus proche : « aide_due",
        ),
        (["expliquer", "--exemple", "senior", "aide_due"], "Période : rien reçu"),
        (["expliquer", "--exemple", "senior", "aide_due", "2026-03"], "reçu « 2026-03 »"),
        (["expliquer", "--exemple", "senior", "aide_versee", "2026"], "comme 2026-03"),
        (["expliquer", "--exemple", "senior", "aide_due", "26 ans"], "reçu « 26 ans »"),
        ([*SENIOR, "--reforme", "lectures.p95"], "le plus proche : « lectures.p95_inclus »"),
        ([*SENIOR, "--reforme", "convention_2023"], "reçu « convention_2023 »"),
        (
            [*SENIOR, "--medecin", "Andréa"],
            "reçu « Andréa » ; attendu : un médecin de la situation",
        ),
        ([*DEUX, "aide_due", "2024"], "2 médecins : dire lequel par --medecin (Alix, Noa)."),
        ([*DEUX, "aide_due", "2024", "--medecin", "Noé"], "le plus proche : « Noa »"),
        (
            [*SENIOR, "--profondeur", "-1"],
            "--profondeur : reçu « -1 » ; attendu : un nombre entier",
        ),
        ([*SENIOR, "--profondeur", "deux"], "--profondeur : reçu « deux »"),
        ([*SENIOR, "--profondeurs", "1"], "le plus proche : « --profondeur »"),
        (["matrice", "s003_iii_durees"], "le plus proche : « s003_iii_duree »"),
        (["matrice", "aide.montants"], "le plus proche : « aide.montant »"),
        (["matrice", "p95_inclu"], "le plus proche : « p95_inclus »"),
        (["matrice", "rien de tel"], "Reçu « rien de tel » ; attendu : une disposition"),
        (["matrice", "--tests", "/nulle/part"], "--tests : reçu « /nulle/part »"),
        (["matrice", "--csvs"], "le plus proche : « --csv »"),
        (["a-verifier", "--jsons"], "le plus proche : « --json »"),
        (["a-verifier", "tout"], "Argument en trop, ou mal écrit : « tout »"),
    ],
)
def test_mauvaise_demande_de_tracabilite(lancer: Any, arguments: list[str], message: str) -> None:
    code, texte, erreurs = lancer(*arguments)
    assert (code, texte) == (2, "")
    assert message in simple(erreurs)
    assert "Traceback" not in erreurs


def test_expliquer_refuse_une_situation_comme_calculer(lancer: Any) -> None:
    entree = (YAML + "zone: zipp\n").encode()
    code, texte, erreurs = lancer("expliquer", "-", "aide_due", "2025", entree=entree)
    assert (code, texte) == (2, "")
    assert erreurs == lancer("calculer", "-", entree=entree)[2]
    assert "le plus proche : « zip »" in erreurs


def copier_les_cas(dossier: Path) -> Path:
    """The YAML cases of the model, alone."""
    for cas in TESTS.rglob("*.yaml"):
        cible = dossier / cas.relative_to(TESTS)
        cible.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(cas, cible)
    return dossier


@pytest.mark.long
def test_la_matrice_rend_1_quand_un_cas_est_orphelin(lancer: Any, tmp_path: Path) -> None:
    cas = copier_les_cas(tmp_path / "cas")
    code, texte, erreurs = lancer("matrice", "--tests", str(cas))
    assert (code, erreurs) == (0, "")
    assert texte.endswith("\nAucun orphelin.\n")
    (cas / "plante.yaml").write_text(
        "- name: Cas planté\n  period: 2024\n  keywords: s003_iii_durees\n"
        "  input: {date_signature: 2024-07-01}\n  output: {aide_due: {2024: 38_000}}\n",
        "utf-8",
    )
    code, texte, _ = lancer("matrice", "--tests", str(cas), "--json")
    orphelins = json.loads(texte)["orphelins"]
    assert (code, [o["genre"] for o in orphelins]) == (1, ["mot_cle_inconnu"])
    assert orphelins[0]["nom"] == "s003_iii_durees"
    code, texte, _ = lancer("matrice", "--tests", str(cas))
    assert code == 1
    assert "plante.yaml:1" in texte
    # One name asked for is an answer, whatever else is an orphan.
    assert lancer("matrice", "s003_iii_duree", "--tests", str(cas))[0] == 0


@pytest.mark.long
def test_la_matrice_pour_un_tableur_et_pour_un_programme(lancer: Any) -> None:
    code, texte, erreurs = lancer("matrice", "--csv")
    assert (code, erreurs) == (0, "")
    lignes = list(csv.DictReader(io.StringIO(texte)))
    assert len({ligne["disposition"] for ligne in lignes}) > 100
    assert {ligne["genre"] for ligne in lignes} == {
        "cas",
        "donnees",
        "lecture",
        "parametre",
        "variable",
    }
    montant = "aide.montant.un_etp.par_defaut.rang_1"
    assert {
        ligne["valeur"]
        for ligne in lignes
        if (ligne["nom"], ligne["depuis"]) == (montant, "2024-06-22")
    } == {"38000"}
    code, texte, _ = lancer("matrice", "p95_inclus", "--json")
    (lecture,) = (trouve for trouve in json.loads(texte) if trouve["genre"] == "lectures")
    assert (code, lecture["id"], lecture["executable"]) == (0, "p95_inclus", True)


def test_a_verifier_en_json_et_en_clair(lancer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from openfisca_assistant_medical.tracabilite import verification

    # One example and one law: what is measured is the command.
    (exemple,) = [v for nom, v in verification._exemples().items() if nom == "generaliste_p95"]
    monkeypatch.setattr(verification, "_LOIS", (["convention_2024"],))
    monkeypatch.setattr(verification, "LECTURES", ("base_du_taux", "p95_inclus"))
    monkeypatch.setattr(verification, "_ANNEES", range(2024, 2026))
    monkeypatch.setattr(verification, "_exemples", lambda: {"generaliste_p95": exemple})
    code, texte, erreurs = lancer("a-verifier", "--json")
    assert (code, erreurs) == (0, "")
    rapport = json.loads(texte)
    assert (rapport["format"], rapport["exemples"]) == (1, ["generaliste_p95"])
    # Half-time at P95: 19 000 € each year of contract, of which none is of the base line.
    montant = next(
        p for p in rapport["points"] if (p["id"], p["depuis"]) == ("aide.montant", "2024-06-22")
    )
    assert (montant["euros"], montant["poids"]) == (19_000 * 2, 19_000 * 2)
    inclus = next(p for p in rapport["points"] if p["id"] == "p95_inclus")
    # PMT is P95 itself, but PFA is above its own: the band stays the highest of the two.
    assert inclus["euros"] == 0
    code, texte, _ = lancer("a-verifier")
    assert code == 0
    assert "À vérifier au Journal officiel" in simple(texte)
    assert "1. " in texte
    assert max(map(len, texte.splitlines())) <= 80
