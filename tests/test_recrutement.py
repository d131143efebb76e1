"""Reference data on employing the assistant: what is published, and nobody's name."""

import csv
import io
import re
from importlib.resources import files
from typing import Any

import pytest
import yaml
from rich.console import Console

from openfisca_assistant_medical.recrutement import (
    PORTEES,
    RegionInconnue,
    afficher,
    groupements,
    regions,
    repertoire,
    trouver_region,
)
from openfisca_assistant_medical.textes import dispositions, sources

DOSSIER = files("openfisca_assistant_medical.recrutement")
TEXTE = (DOSSIER / "groupements_employeurs.csv").read_text("utf-8")
LIGNES = list(csv.DictReader(io.StringIO(TEXTE)))
A_PROPOS = yaml.safe_load((DOSSIER / "groupements_employeurs.yaml").read_text("utf-8"))
# What stands before @, judged one by one: a function, or the group itself, and nobody.
ADMISES = {
    *("accueil", "agencebergerac", "assistantgde77", "contact", "contactge", "direction"),
    *("geda52", "gegeplozere", "geodes24", "recrutement", "sisalibertepolesante"),
}
CIVILITE = re.compile(
    r"\b(Mme|Mlle|Mr|Dr|Docteur|Madame|Monsieur|Président|Présidente)\b|\bM\. ", re.I
)


# --- The directory --------------------------------------------------------------------------------


def test_le_repertoire_a_les_vingt_trois_lignes_de_la_page() -> None:
    assert TEXTE.splitlines()[0] == "region,nom,courriel,telephone,site"
    assert len(LIGNES) == 23
    assert len({(ligne["region"], ligne["nom"]) for ligne in LIGNES}) == 23
    par_portee = [groupement.portee for groupement in groupements()]
    assert [par_portee.count(portee) for portee in PORTEES] == [21, 1, 1]


def test_chaque_groupement_a_un_nom_et_un_moyen_de_le_joindre() -> None:
    for ligne in LIGNES:
        assert ligne["nom"] == ligne["nom"].strip() != ""
        assert ligne["courriel"] or ligne["telephone"] or ligne["site"], ligne["nom"]
        assert re.fullmatch(r"(0\d( \d\d){4})?", ligne["telephone"]), ligne["telephone"]
        assert re.fullmatch(r"([a-z0-9.-]+@[a-z0-9-]+(\.[a-z]+)+)?", ligne["courriel"])
        # As the page writes it, http and bare names included: nothing is added.
        assert re.fullmatch(r"((https?://|www\.)[!-~]+)?", ligne["site"]), ligne["site"]


def test_chaque_region_du_repertoire_en_est_une() -> None:
    for groupement in groupements():
        assert set(groupement.regions) <= set(regions()), groupement.nom
    assert len(regions()) == 18


def test_aucune_adresse_ne_nomme_une_personne() -> None:
    ecrites = {ligne["courriel"].partition("@")[0] for ligne in LIGNES if ligne["courriel"]}
    assert ecrites == ADMISES


@pytest.mark.parametrize("fichier", ["groupements_employeurs.csv", "groupements_employeurs.yaml"])
def test_aucun_nom_de_personne(fichier: str) -> None:
    assert CIVILITE.search("(N° RNA : W000 / Président Mme Prénom Nom)")
    assert not CIVILITE.search((DOSSIER / fichier).read_text("utf-8"))


def test_la_source_et_les_retouches_sont_dites() -> None:
    assert A_PROPOS["source"] in sources()
    assert A_PROPOS["date"] is None
    assert "non datée" in A_PROPOS["consultation"]
    retouches = {retouche["nom"]: retouche["quoi"] for retouche in A_PROPOS["retouches"]}
    assert set(retouches) <= {ligne["nom"] for ligne in LIGNES}
    # A group without an address that had one says so.
    assert "Courriel retiré" in retouches["Groupement d’employeurs CLEF JOB"]


# --- By region ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ecrite", "nom"),
    [
        ("Île-de-France", "Île-de-France"),
        ("ile de france", "Île-de-France"),
        ("  ILE-DE-FRANCE ", "Île-de-France"),
        ("idf", "Île-de-France"),
        ("PACA", "Provence-Alpes-Côte d'Azur"),
        ("Provence Alpes Côte d’Azur", "Provence-Alpes-Côte d'Azur"),
        ("provence-alpes-cote-d'azur", "Provence-Alpes-Côte d'Azur"),
        ("aura", "Auvergne-Rhône-Alpes"),
        ("reunion", "La Réunion"),
        ("Nouvelle Aquitaine", "Nouvelle-Aquitaine"),
        ("centre", "Centre-Val de Loire"),
        ("grand est", "Grand Est"),
    ],
)
def test_une_region_s_ecrit_de_plusieurs_facons(ecrite: str, nom: str) -> None:
    assert trouver_region(ecrite) == nom


def test_aucune_facon_d_ecrire_ne_designe_deux_regions() -> None:
    for nom, dites in regions().items():
        for dite in (nom, *dites):
            assert trouver_region(dite) == nom


@pytest.mark.parametrize(
    ("ecrite", "propose"),
    [
        ("Ile de Frence", "Île-de-France"),
        ("occitannie", "Occitanie"),
        ("Provence", "Provence-Alpes-Côte d'Azur"),
    ],
)
def test_une_region_inconnue_propose_la_plus_proche_et_les_donne_toutes(
    ecrite: str, propose: str
) -> None:
    with pytest.raises(RegionInconnue) as refus:
        trouver_region(ecrite)
    assert f"reçu « {ecrite} »" in str(refus.value)
    assert f"la plus proche : « {propose} »" in str(refus.value)
    assert all(nom in str(refus.value) for nom in regions())


@pytest.mark.parametrize("ecrite", ["", "Genève", "zzz", "é" * 10_000])
def test_rien_de_proche_n_est_pas_invente(ecrite: str) -> None:
    with pytest.raises(RegionInconnue, match="attendu : Auvergne") as refus:
        trouver_region(ecrite)
    assert "la plus proche" not in str(refus.value)


@pytest.mark.parametrize(
    ("region", "propres", "interregional"),
    [
        # Its own, then the one for nine regions, then the one for all.
        ("Occitanie", 2, False),
        ("Grand Est", 3, True),
        ("Nouvelle-Aquitaine", 4, True),
        ("Bretagne", 0, True),
        ("La Réunion", 1, False),
        ("Martinique", 0, False),
    ],
)
def test_une_region_a_les_siens_ceux_de_plusieurs_regions_et_le_national(
    region: str, propres: int, interregional: bool
) -> None:
    trouves = repertoire(region)["groupements"]
    attendus = ["regionale"] * propres + ["interregionale"] * interregional + ["nationale"]
    assert [groupement["portee"] for groupement in trouves] == attendus
    assert all(region in groupement["regions"] for groupement in trouves)


def test_sans_region_tous_les_groupements_une_fois() -> None:
    rapport = repertoire()
    assert rapport["region"] is None
    assert len(rapport["groupements"]) == 23
    assert rapport["source"]["id"] == "S004"


# --- The ways of employing ------------------------------------------------------------------------


def test_chaque_voie_tient_a_des_dispositions_qui_la_citent() -> None:
    canaux = repertoire()["canaux"]
    noms = ["direct", "plusieurs_medecins", "groupement_employeurs", "sisa"]
    assert [canal["id"] for canal in canaux] == noms
    citees = {identifiant for canal in canaux for identifiant in canal["dispositions"]}
    porteuses = {d.id for d in dispositions().values() if "recrutement/canaux.yaml" in d.donnees}
    assert citees == porteuses
    for canal in canaux:
        cites = {source.partition(",")[0] for source in canal["sources"]}
        assert cites == {dispositions()[nom].source for nom in canal["dispositions"]}, canal["id"]


# --- For people -----------------------------------------------------------------------------------


def montrer(rapport: dict[str, Any], largeur: int = 80) -> str:
    sortie = io.StringIO()
    afficher(Console(file=sortie, width=largeur, highlight=False, markup=False), rapport)
    return sortie.getvalue()


def test_le_tableau_dit_ce_que_dit_le_rapport() -> None:
    rapport = repertoire("paca")
    texte = montrer(rapport, 160).replace("\u00a0", " ")
    for groupement in rapport["groupements"]:
        for champ in ("nom", "courriel", "telephone", "site"):
            assert (groupement[champ] or "").replace("'", "’") in texte
        assert groupement["telephone"] or "sans téléphone" in texte
    assert "Dans toute la France" in texte
    assert "Normandie" not in texte
    assert "non datée" in texte
    simple = " ".join(texte.split())
    for canal in rapport["canaux"]:
        assert " ".join(canal["effet"].split())[:40] in simple.replace("\u00a0", " ")


def test_le_tableau_tient_en_quatre_vingts_colonnes_sans_couper_un_lien() -> None:
    lignes = montrer(repertoire()).splitlines()
    liens = [ligne for ligne in lignes if "http" in ligne or "@" in ligne or "www." in ligne]
    assert max(len(ligne) for ligne in lignes if ligne not in liens) <= 80
    sites = [groupement["site"] for groupement in repertoire()["groupements"]]
    assert {ligne.strip() for ligne in liens} >= set(filter(None, sites))
