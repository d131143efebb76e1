"""The traceability matrix: every link of the project, both ways, and what has none."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from rich.console import Console

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem, exemples
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes import objectifs_estimes
from openfisca_assistant_medical.textes import Source, dispositions_du_parametre
from openfisca_assistant_medical.tracabilite import matrice
from openfisca_assistant_medical.tracabilite.matrice import (
    GENRES,
    SANS_CAS,
    CasIllisibles,
    NomInconnu,
    cas,
    chercher,
    etablir,
)
from openfisca_assistant_medical.tracabilite.matrice.cas import Cas, dossier_des_cas
from openfisca_assistant_medical.tracabilite.matrice.recueil import (
    Chiffre,
    Donnees,
    Regle,
    recueillir,
)
from openfisca_assistant_medical.tracabilite.matrice.restitution import afficher, en_csv, en_html

TESTS = Path(__file__).parent
BASE = CountryTaxBenefitSystem()
LOIS = (BASE, convention_2024(BASE))
EXEMPLES = [exemples.situation(nom) for nom in exemples.EXEMPLES]
DONNEES = recueillir(TESTS)
RAPPORT = etablir(DONNEES)
MONTANT = "aide.montant.un_etp.par_defaut.rang_1"


def noms(rapport: dict[str, Any], genre: str) -> list[str]:
    return [o["nom"] for o in rapport["orphelins"] if o["genre"] == genre]


def lieu(fichier: str, classe: str) -> str:
    lignes = (
        (Path(openfisca_assistant_medical.__file__).parent / fichier)
        .read_text("utf-8")
        .splitlines()
    )
    return f"{fichier}:{lignes.index(f'class {classe}(Variable):') + 1}"


def lieux(cas: list[dict[str, Any]]) -> list[str]:
    return [f"{c['fichier']}:{c['ligne']} : " for c in cas]


def entree(nom: str, genre: str | None = None) -> dict[str, Any]:
    (trouvee,) = (e for e in chercher(RAPPORT, nom) if genre in (None, e["genre"]))
    return trouvee


# --- Orphans --------------------------------------------------------------------------------------


def test_rien_n_est_orphelin() -> None:
    assert RAPPORT["orphelins"] == []


Planter = Callable[[Donnees], Donnees]


def disposition_avec(identifiant: str, **champs: Any) -> Planter:
    """Plant the fields of a provision."""

    def planter(donnees: Donnees) -> Donnees:
        changee = replace(donnees.dispositions[identifiant], **champs)
        return replace(donnees, dispositions={**donnees.dispositions, identifiant: changee})

    return planter


def citation_de_plus(champ: str, nom: str) -> Planter:
    def planter(donnees: Donnees) -> Donnees:
        deja = getattr(donnees.dispositions["s003_iii_duree"], champ)
        return disposition_avec("s003_iii_duree", **{champ: (*deja, nom)})(donnees)

    return planter


def citation_oubliee(champ: str, nom: str) -> Planter:
    """Take a name away from every provision."""

    def planter(donnees: Donnees) -> Donnees:
        changees = {
            d.id: replace(d, **{champ: tuple(n for n in getattr(d, champ) if n != nom)})
            for d in donnees.dispositions.values()
        }
        return replace(donnees, dispositions=changees)

    return planter


def chiffre_de_plus(**champs: Any) -> Planter:
    def planter(donnees: Donnees) -> Donnees:
        modele = next(c for c in donnees.chiffres if c.parametre == MONTANT)
        return replace(donnees, chiffres=(*donnees.chiffres, replace(modele, **champs)))

    return planter


def source_de_moins(donnees: Donnees) -> Donnees:
    return replace(donnees, sources={n: s for n, s in donnees.sources.items() if n != "THESE"})


def source_de_plus(donnees: Donnees) -> Donnees:
    perdue = Source("PERDUE", "Un titre", "Un éditeur", "secondaire", "extrait")
    return replace(donnees, sources={**donnees.sources, "PERDUE": perdue})


def cas_de_plus(*mots_cles: str) -> Planter:
    nouveau = Cas("Un cas", "nouveau.yaml", 12, mots_cles)
    return lambda donnees: replace(donnees, cas=(*donnees.cas, nouveau))


def mot_cle_oublie(nom: str) -> Planter:
    def sans(cas: Cas) -> Cas:
        return replace(cas, mots_cles=tuple(mot for mot in cas.mots_cles if mot != nom))

    return lambda donnees: replace(donnees, cas=tuple(map(sans, donnees.cas)))


def lecture_sans_exercice(donnees: Donnees) -> Donnees:
    restants = [
        cas
        for cas in donnees.cas
        if "age_senior" not in cas.fichier and not any("age_senior" in r for r in cas.reformes)
    ]
    return replace(donnees, cas=tuple(restants))


def regles_sans_lire(*variables: str) -> Planter:
    """Formulas that no longer read the law."""

    def sans(regle: Regle) -> Regle:
        return replace(regle, lit=()) if regle.variable in variables else regle

    return lambda donnees: replace(donnees, regles=tuple(map(sans, donnees.regles)))


def regle_de_plus(calculee: bool) -> Planter:
    nouvelle = Regle("aide_rabotee", "Aide rabotée", None, calculee)
    return lambda donnees: replace(donnees, regles=(*donnees.regles, nouvelle))


SANS_SOURCE_COMMUNE: dict[str, Any] = {
    "depuis": "2030-01-01",
    "references": ({"source": "EGO21", "title": "Une brève"},),
}
PLANTES: list[tuple[str, Planter, str]] = [
    # The path is claimed, but by no provision of this source.
    (
        "valeur_sans_disposition",
        chiffre_de_plus(**SANS_SOURCE_COMMUNE),
        f"{MONTANT} au 2030-01-01",
    ),
    # The source is, but at no such path.
    (
        "valeur_sans_disposition",
        chiffre_de_plus(parametre="aide.prime"),
        "aide.prime au 2019-08-20",
    ),
    # A value that cites nothing is not claimed by a source.
    (
        "valeur_sans_disposition",
        chiffre_de_plus(parametre="aide.prime", references=()),
        "aide.prime au 2019-08-20",
    ),
    ("formule_sans_disposition", citation_oubliee("variables", "solde"), "solde"),
    ("formule_sans_disposition", regle_de_plus(calculee=True), "aide_rabotee"),
    ("disposition_sans_cas", mot_cle_oublie("s003_iii_avenant_option"), "s003_iii_avenant_option"),
    (
        "disposition_sans_cas",
        disposition_avec("s003_v_employeurs", statut="modelise", variables=("zone",)),
        "s003_v_employeurs",
    ),
    (
        "disposition_sans_cas",
        disposition_avec("s003_v_employeurs", statut="partiel", variables=("aide_due",)),
        "s003_v_employeurs",
    ),
    ("mot_cle_inconnu", cas_de_plus("s003_iii_dure"), "s003_iii_dure"),
    ("cas_sans_mot_cle", cas_de_plus(), "nouveau.yaml:12"),
    ("source_sans_citation", source_de_plus, "PERDUE"),
    ("parametre_inconnu", citation_de_plus("parametres", "aide.montants"), "aide.montants"),
    ("parametre_inconnu", citation_de_plus("parametres", "contrat.duree.an"), "contrat.duree.an"),
    ("variable_inconnue", citation_de_plus("variables", "aide_du"), "aide_du"),
    ("lecture_inconnue", citation_de_plus("lectures", "p95"), "p95"),
    ("source_inconnue", citation_de_plus("autres_sources", "AME25"), "AME25"),
    ("source_inconnue", disposition_avec("s003_iii_duree", source="S009"), "S009"),
    ("source_inconnue", source_de_moins, "THESE"),
    (
        "donnees_inconnues",
        citation_de_plus("donnees", "recrutement/canal.yaml"),
        "recrutement/canal.yaml",
    ),
    # A file that exists, and that its provision no longer names.
    (
        "donnees_sans_disposition",
        citation_oubliee("donnees", "recrutement/canaux.yaml"),
        "recrutement/canaux.yaml",
    ),
    ("lecture_sans_disposition", citation_oubliee("lectures", "p95_inclus"), "p95_inclus"),
    (
        "lecture_sans_disposition",
        citation_oubliee("lectures", "aide_apres_2029"),
        "aide_apres_2029",
    ),
    (
        "lecture_sans_disposition",
        citation_oubliee("lectures", "entree_en_vigueur_2024"),
        "entree_en_vigueur_2024",
    ),
    ("lecture_sans_cas", lecture_sans_exercice, "age_senior"),
    # Its highest table is named, once.
    ("table_sans_formule", regles_sans_lire("aide_maximale"), "aide"),
    (
        "table_sans_formule",
        regles_sans_lire("date_fin_carence", "date_fin_carence_eventuelle"),
        "contrat.carence.duree",
    ),
    ("table_sans_formule", chiffre_de_plus(parametre="contrat.prime.rang_1"), "contrat.prime"),
]


# Enough to plant in: a report on fewer cases is made sooner.
ABREGEES = replace(
    DONNEES,
    cas=tuple(c for c in DONNEES.cas if c.fichier.startswith(("contrat/", "lectures/"))),
)
SANS_PLANT = etablir(ABREGEES)


@pytest.mark.parametrize(("genre", "planter", "nom"), PLANTES)
def test_un_orphelin_plante_est_trouve(genre: str, planter: Planter, nom: str) -> None:
    assert nom not in noms(SANS_PLANT, genre)
    rapport = etablir(planter(ABREGEES))
    assert noms(rapport, genre).count(nom) == 1
    (orphelin,) = (o for o in rapport["orphelins"] if (o["genre"], o["nom"]) == (genre, nom))
    assert orphelin["remede"].endswith(".")


def test_chaque_genre_d_orphelin_est_plante() -> None:
    assert {genre for genre, _, _ in PLANTES} == set(GENRES)


def test_un_nom_inconnu_propose_le_plus_proche() -> None:
    rapport = etablir(cas_de_plus("s003_iii_dure")(ABREGEES))
    (orphelin,) = (o for o in rapport["orphelins"] if o["nom"] == "s003_iii_dure")
    assert "« s003_iii_duree »" in orphelin["remede"]
    assert "nouveau.yaml:12" in orphelin["remede"]


def test_un_parametre_nomme_dont_rien_ne_cite_les_sources_se_voit() -> None:
    rapport = etablir(citation_de_plus("parametres", "eligibilite.exercice_regroupe")(ABREGEES))
    (duree,) = chercher(rapport, "s003_iii_duree")
    assert "eligibilite.exercice_regroupe" in duree["parametres_sans_valeur"]
    assert noms(rapport, "parametre_inconnu") == []


# --- Links ----------------------------------------------------------------------------------------


def test_du_montant_de_2024_a_ses_dispositions_et_retour() -> None:
    valeur = next(e for e in chercher(RAPPORT, MONTANT) if e["depuis"] == "2024-06-22")
    assert (valeur["valeur"], valeur["lois"]) == (38_000, ["convention_2024"])
    assert valeur["fichier"] == "reforms/convention_2024/parameters/aide/montant.yaml"
    assert "s003_ill_2_base" in valeur["dispositions"]
    assert "s000_montants_de_base" not in valeur["dispositions"]
    assert valeur["variables"] == ["aide_maximale"]
    retour = entree("s003_ill_2_base")
    assert {
        "parametre": MONTANT,
        "depuis": "2024-06-22",
        "valeur": 38_000,
        "unite": "currency",
        "lois": ["convention_2024"],
    } in retour["parametres"]
    assert (MONTANT, "2019-08-20") not in [
        (c["parametre"], c["depuis"]) for c in retour["parametres"]
    ]
    assert "verifications_a_la_main.yaml" in [c["fichier"] for c in valeur["cas"]]


def test_d_une_regle_a_sa_lecture_a_ses_cas_et_retour() -> None:
    regle = entree("tranche_pmt")
    assert "lectures.p95_inclus" in regle["parametres"]
    assert regle["lieu"] == lieu("variables/patientele/tranche.py", "tranche_pmt")
    assert "tranche_patientele" in regle["utilisee_par"]
    lecture = entree("p95_inclus")
    assert lecture["executable"]
    (disposition,) = (d for d in lecture["dispositions"] if d == "s003_ill_2_p95")
    assert "p95_inclus" in entree(disposition)["lectures"]
    assert "lectures/p95_inclus.yaml" in [c["fichier"] for c in lecture["cas"]]
    (valeur,) = chercher(RAPPORT, "lectures.p95_inclus")
    assert set(valeur["variables"]) == {"tranche_pmt", "tranche_pfa"}


def test_d_une_source_a_ses_percentiles_et_retour() -> None:
    source = entree("DJIBE")
    assert "patientele.pmt.p95.generaliste" in source["parametres"]
    assert "percentiles_avenant_7" in source["lectures"]
    citees = {
        valeur["depuis"]: [cite["source"] for cite in valeur["references"]]
        for valeur in chercher(RAPPORT, "patientele.pmt.p95.generaliste")
    }
    assert (citees["2019-08-20"], citees["2023-05-01"]) == (["DJIBE"], ["S003"])


def test_d_un_cas_a_ce_qu_il_verifie_et_retour() -> None:
    premier = entree("tests/contrat/option_etp.yaml:1")
    assert premier["nom"].startswith("L’avenant change l’option")
    assert premier["variables"] == ["option_etp"]
    ecrit = Path(__file__).with_name("contrat") / "option_etp.yaml"
    du_fichier = ecrit.read_text("utf-8").count("\n- name: ") + 1
    assert len(chercher(RAPPORT, "contrat/option_etp.yaml")) == du_fichier > 2
    renvoi = {cle: premier[cle] for cle in ("nom", "fichier", "ligne")}
    for identifiant in premier["dispositions"]:
        assert renvoi in entree(identifiant)["cas"]
    assert renvoi in entree("option_etp")["cas"]


@pytest.mark.parametrize(
    ("liste", "nom"),
    [
        ("parametres", lambda chiffre: (chiffre["parametre"], chiffre["depuis"])),
        ("variables", lambda variable: variable["variable"]),
        # A provision gives the id alone.
        ("lectures", lambda lecture: lecture if isinstance(lecture, str) else lecture["id"]),
        ("cas", lambda cas: (cas["fichier"], cas["ligne"])),
    ],
)
def test_chaque_lien_se_suit_dans_les_deux_sens(liste: str, nom: Callable[[Any], Any]) -> None:
    aller = {(d["id"], nom(e)) for d in RAPPORT["dispositions"] for e in d[liste]}
    retour = {(d, nom(e)) for e in RAPPORT[liste] for d in e["dispositions"]}
    assert aller == retour
    assert len(aller) > 100


def test_une_disposition_porte_un_chiffre_comme_le_registre_le_dit() -> None:
    for valeur in RAPPORT["parametres"]:
        citees = [cite["source"] for cite in valeur["references"]]
        attendues = dispositions_du_parametre(valeur["parametre"], citees)
        assert valeur["dispositions"] == [d.id for d in attendues], valeur["parametre"]


def test_la_couverture_compte_chaque_disposition_une_fois() -> None:
    couverture = RAPPORT["couverture"]
    total, autres = couverture["total"], couverture["autres_sources"]
    statuts = Counter(d.statut for d in DONNEES.dispositions.values())
    tous = [total, *autres]
    assert {statut: sum(compte[statut] for compte in tous) for statut in statuts} == statuts
    assert sum(compte["dispositions"] for compte in tous) == len(DONNEES.dispositions)
    for champ in total:
        assert total[champ] == sum(document[champ] for document in couverture["documents"])
    sources = [document["source"] for document in couverture["documents"]]
    assert sources == ["S000", "S001", "S002", "S003", "S004"]


def test_une_source_d_une_reforme_se_compte_a_part() -> None:
    (mesdocs,) = (s for s in RAPPORT["couverture"]["autres_sources"] if s["source"] == "MESDOCS")
    siennes = [d for d in RAPPORT["dispositions"] if d["source"] == "MESDOCS"]
    assert mesdocs["dispositions"] == len(siennes) > 20
    assert {d["confiance"] for d in siennes} == {"secondaire"}
    texte = montrer(RAPPORT)
    # Under the total of the documents, and in the page.
    assert texte.index("Total ") < texte.index(f"MESDOCS {mesdocs['modelise']} (")
    assert 'Hors total : <a href="#document-MESDOCS">' in en_html(RAPPORT)


def test_une_reforme_n_enumere_que_ses_propres_chiffres() -> None:
    chemins = {c["parametre"] for c in RAPPORT["parametres"] if "aide_collective_2026" in c["lois"]}
    assert "aide_collective.montant.rang_1" in chemins
    assert {chemin.split(".")[0] for chemin in chemins} == {"aide_collective"}
    (rang_1,) = chercher(RAPPORT, "aide_collective.montant.rang_1")
    assert (rang_1["valeur"], rang_1["confiance"]) == (38_000, "secondaire")
    assert rang_1["fichier"].startswith("reforms/aide_collective_2026/parameters/")
    assert rang_1["dispositions"] == ["mesdocs_montants"]


def test_le_rapport_est_du_json() -> None:
    assert json.loads(json.dumps(RAPPORT, allow_nan=False)) == RAPPORT


def test_un_fichier_de_donnees_mene_a_ses_dispositions_et_retour() -> None:
    fichier = entree("recrutement/groupements_employeurs.csv")
    assert fichier["existe"]
    assert fichier["dispositions"] == ["s003_v_groupement_regional", "s004_repertoire"]
    assert fichier["fichier"] in entree("s004_repertoire")["donnees"]
    aller = {(d["id"], nom) for d in RAPPORT["dispositions"] for nom in d["donnees"]}
    retour = {(d, f["fichier"]) for f in RAPPORT["donnees"] for d in f["dispositions"]}
    assert aller == retour


def test_un_fichier_de_donnees_inconnu_propose_le_plus_proche() -> None:
    rapport = etablir(citation_de_plus("donnees", "recrutement/canal.yaml")(ABREGEES))
    (orphelin,) = (o for o in rapport["orphelins"] if o["genre"] == "donnees_inconnues")
    assert "« recrutement/canaux.yaml »" in orphelin["remede"]
    assert "s003_iii_duree" in orphelin["remede"]
    (fichier,) = chercher(rapport, "recrutement/canal.yaml")
    assert not fichier["existe"]


# --- By name --------------------------------------------------------------------------------------


def test_une_table_donne_toutes_ses_valeurs() -> None:
    trouvees = chercher(RAPPORT, "contrat.carence")
    assert {e["genre"] for e in trouvees} == {"parametres"}
    assert {e["parametre"] for e in trouvees} == {
        "contrat.carence.applicable",
        "contrat.carence.duree",
    }


@pytest.mark.parametrize(
    ("nom", "propose"),
    [
        ("aide_du", "aide_due"),
        ("s003_iii_durees", "s003_iii_duree"),
        ("aide.montants", "aide.montant"),
        ("p95_inclu", "p95_inclus"),
        ("contrat/option_etps.yaml", "contrat/option_etp.yaml"),
        ("recrutement/canal.yaml", "recrutement/canaux.yaml"),
    ],
)
def test_un_nom_inconnu_est_refuse(nom: str, propose: str) -> None:
    with pytest.raises(NomInconnu, match=f"Reçu « {nom} ».*le plus proche : « {propose} »"):
        chercher(RAPPORT, nom)


# --- Formulas -------------------------------------------------------------------------------------

# What no example gives: the band that sets an objective under avenant 7.
AU_BAREME = {
    "date_signature": {"ETERNITY": "2022-10-01"},
    "option_etp_initiale": {"ETERNITY": "tiers_etp"},
    "tranche_objectif_pmt_declaree": {"ETERNITY": "p30_p50"},
    "tranche_objectif_pfa_declaree": {"ETERNITY": "p70_p90"},
}
# A group of doctors, for the law that has a contract of theirs.
EN_GROUPE = {
    "medecins": {"Camille": {"aide_collective_date_adhesion": {"ETERNITY": "2026-11-02"}}},
    "cabinets": {
        "Tilleuls": {
            "membres": ["Camille"],
            "aide_collective_date_signature": {"ETERNITY": "2026-11-02"},
            "aide_collective_societe": {"ETERNITY": "scm"},
        }
    },
}
COLLECTIVE = aide_collective_2026(LOIS[1])
TRACEES = (*LOIS, objectifs_estimes(LOIS[1]), COLLECTIVE)


def traces() -> Iterator[Any]:
    """Every node of the traces of the examples, under the laws that have rules of their own."""
    for systeme in TRACEES:
        de_plus = [EN_GROUPE] if systeme is COLLECTIVE else []
        for exemple in (*EXEMPLES, {"medecins": {"Camille": AU_BAREME}}, *de_plus):
            simulation = SimulationBuilder().build_from_entities(systeme, exemple)
            simulation.trace = True
            for nom, variable in systeme.variables.items():
                for periode in periodes(variable):
                    simulation.calculate(nom, periode)
            pile = list(simulation.tracer.trees)
            while pile:
                noeud = pile.pop()
                yield noeud
                pile.extend(noeud.children)


def periodes(variable: Any) -> tuple[str, ...]:
    if variable.definition_period == DateUnit.YEAR:
        return "2021", "2023", "2024", "2026"
    return ("ETERNITY" if variable.definition_period == DateUnit.ETERNITY else "2024-10",)


@pytest.mark.long
def test_ce_que_les_formules_lisent_est_ce_que_le_calcul_trace() -> None:
    tracees = {nom for systeme in TRACEES for nom in systeme.variables}
    regles = {regle.variable: regle for regle in DONNEES.regles if regle.variable in tracees}
    lus: set[tuple[str, str]] = set()
    demandees = set()
    for noeud in traces():
        lus |= {(noeud.name, parametre.name) for parametre in noeud.parameters}
        demandees |= {(noeud.name, enfant.name) for enfant in noeud.children}
    servis = set()
    for variable, parametre in lus:
        tables = [t for t in regles[variable].lit if f"{parametre}.".startswith(f"{t}.")]
        assert tables, (variable, parametre)
        servis |= {(variable, table) for table in tables}
    # Nothing is said to be read that no example reads.
    assert servis == {(regle.variable, table) for regle in regles.values() for table in regle.lit}
    assert demandees == {(r.variable, autre) for r in regles.values() for autre in r.demande}


# --- Test cases -----------------------------------------------------------------------------------

FICHIER = """\
# Deux cas.
- name: À plat
  keywords: s003_iii_duree
  period: 2024
  reforms: openfisca_assistant_medical.reforms.lectures.age_senior
  input: {date_signature: 2024-07-01}
  output:
    aide_due: {2024: 22_000 * 0.5}
    inconnue: 1

- name: Par entité
  keywords: [s003_iii_duree, s000_contrat_cinq_ans]
  output:
    medecins:
      aide_perdue: &commun {aide_due: 0}
      b: {<<: *commun, "solde": {2024: 1}}
    medecin: {acompte: 1}
    zone: zip
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    (tmp_path / "contrat").mkdir()
    (tmp_path / "contrat" / "duree.yaml").write_text(FICHIER, "utf-8")
    (tmp_path / "seul.yml").write_text("name: Seul\noutput: {zone: zip}\n", "utf-8")
    (tmp_path / "reglages.yaml").write_text("rules: {a: 1}\n", "utf-8")
    (tmp_path / "vide.yaml").write_text("", "utf-8")
    return tmp_path


@pytest.mark.long
def test_un_cas_donne_son_lieu_ses_mots_cles_et_les_variables_qu_il_lit(dossier: Path) -> None:
    assert recueillir(dossier).cas == (
        Cas(
            "À plat",
            "contrat/duree.yaml",
            2,
            ("s003_iii_duree",),
            ("aide_due",),
            ("openfisca_assistant_medical.reforms.lectures.age_senior",),
        ),
        # A doctor named as a variable is no variable.
        Cas(
            "Par entité",
            "contrat/duree.yaml",
            11,
            ("s003_iii_duree", "s000_contrat_cinq_ans"),
            ("aide_due", "solde", "acompte", "zone"),
        ),
        Cas("Seul", "seul.yml", 1, (), ("zone",)),
    )


@pytest.mark.long
def test_un_fichier_illisible_ou_un_dossier_absent_est_refuse(dossier: Path) -> None:
    with pytest.raises(CasIllisibles, match="absent"):
        recueillir(dossier / "absent")
    (dossier / "faux.yaml").write_text("- name: [\n", "utf-8")
    with pytest.raises(CasIllisibles, match=r"faux\.yaml"):
        recueillir(dossier)


@pytest.mark.long
def test_sans_cas_la_matrice_le_dit(tmp_path: Path) -> None:
    rapport = matrice.matrice(tmp_path)
    assert (rapport["tests"], rapport["cas"]) == (None, [])
    assert not {"disposition_sans_cas", "lecture_sans_cas"} & {
        o["genre"] for o in rapport["orphelins"]
    }
    assert SANS_CAS in montrer(rapport)
    assert SANS_CAS in en_html(rapport)


def test_les_cas_sont_ceux_du_paquet_sinon_ceux_du_depot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dossier_des_cas(None) == TESTS
    paquet = tmp_path / "openfisca_assistant_medical"
    monkeypatch.setattr(cas, "_PAQUET", paquet)
    # Tests beside an installed package are those of another one.
    (tmp_path / "tests").mkdir()
    assert dossier_des_cas(None) is None
    (tmp_path / "pyproject.toml").touch()
    assert dossier_des_cas(None) == tmp_path / "tests"
    (paquet / "cas_de_test").mkdir(parents=True)
    assert dossier_des_cas(None) == paquet / "cas_de_test"


# --- For people -----------------------------------------------------------------------------------


def montrer(rapport: dict[str, Any], nom: str | None = None) -> str:
    sortie = io.StringIO()
    console = Console(file=sortie, width=120, highlight=False, markup=False, emoji=False)
    afficher(console, rapport, nom)
    return " ".join(sortie.getvalue().split())


def test_la_matrice_s_affiche_avec_sa_couverture_et_ses_orphelins() -> None:
    texte = montrer({**RAPPORT, "orphelins": []})
    for d in RAPPORT["dispositions"]:
        assert d["id"] in texte
    for donnees in RAPPORT["donnees"]:
        assert f"{donnees['fichier']} : {', '.join(donnees['dispositions'])}" in texte
    assert f"Total {RAPPORT['couverture']['total']['modelise']} (" in texte
    assert texte.endswith("Aucun orphelin.")
    texte = montrer(etablir(cas_de_plus()(ABREGEES)))
    assert "cas de test sans mot-clé : nouveau.yaml:12 Nommer en keywords" in texte


@pytest.mark.parametrize(
    ("nom", "attendus"),
    [
        (
            "s003_ill_2_base",
            [
                DONNEES.dispositions["s003_ill_2_base"].enonce,
                f"{MONTANT} : 38\u202f000,00 € depuis le 22/06/2024 (convention_2024)",
                f"({lieu('variables/montant/aide_maximale.py', 'aide_maximale')})",
                *lieux(entree("s003_ill_2_base")["cas"]),
            ],
        ),
        (
            "contrat.carence.duree",
            ["24 mois depuis le 22/06/2024", "S003 : URPS", "date_fin_carence (variables/"],
        ),
        ("aide_due", ["Aide due au titre", "s003_iii_financement : L’aide", "solde (variables/"]),
        ("tranche_pmt", ["Paramètres lus : lectures.p95_inclus", "patientele.pmt.p30"]),
        (
            "p95_inclus",
            [
                "Autre lecture (lectures.p95_inclus) : non.",
                "tranche_pmt (variables/patientele/tranche.py:11)",
                "s003_ill_2_p95 : ",
                "lectures/p95_inclus.yaml:1 : ",
            ],
        ),
        (
            "aide_apres_2029",
            ["Retenu : elle continue, faute de texte", "Autre lecture (non calculable) : aucune"],
        ),
        ("DJIBE", ["Paramètres qui la citent", "percentiles_avenant_7"]),
        ("contrat/option_etp.yaml:11", ["Un avenant ne change pas", "option_etp (variables/"]),
        ("s004_sisa", ["Fichiers de données : recrutement/canaux.yaml"]),
        ("recrutement/canaux.yaml", ["sans calcul", "s004_sisa : En maison de santé"]),
    ],
)
def test_un_nom_mene_a_tout_ce_qui_s_y_rattache(nom: str, attendus: list[str]) -> None:
    texte = montrer(RAPPORT, nom)
    for attendu in attendus:
        assert " ".join(attendu.split()) in texte


# --- For spreadsheets -----------------------------------------------------------------------------


def test_le_tableur_a_une_ligne_par_lien_et_les_memes_liens() -> None:
    lignes = list(csv.DictReader(io.StringIO(en_csv(RAPPORT))))
    obtenus = Counter((ligne["disposition"], ligne["genre"], ligne["nom"]) for ligne in lignes)
    assert obtenus == Counter(
        (d["id"], genre, nom)
        for d in RAPPORT["dispositions"]
        for genre, liens in (
            ("parametre", [c["parametre"] for c in d["parametres"]]),
            ("variable", [v["variable"] for v in d["variables"]]),
            ("lecture", d["lectures"]),
            ("donnees", d["donnees"]),
            ("cas", [cas["nom"] for cas in d["cas"]]),
        )
        for nom in liens
    )
    assert {
        "disposition": "s003_ill_2_base",
        "source": "S003",
        "endroit": DONNEES.dispositions["s003_ill_2_base"].endroit,
        "statut": DONNEES.dispositions["s003_ill_2_base"].statut,
        "genre": "parametre",
        "nom": MONTANT,
        "depuis": "2024-06-22",
        "valeur": "38000",
        "lieu": "reforms/convention_2024/parameters/aide/montant.yaml",
    } in lignes
    assert all(ligne["lieu"] for ligne in lignes if ligne["genre"] != "lecture")


def test_le_tableur_garde_guillemets_virgules_et_booleens() -> None:
    cas = Cas('Un "cas", deux\nlignes', "nouveau.yaml", 12, ("s003_iii_duree",))
    rapport = etablir(replace(ABREGEES, cas=(cas,)))
    lignes = list(csv.DictReader(io.StringIO(en_csv(rapport))))
    assert [ligne["nom"] for ligne in lignes if ligne["genre"] == "cas"] == [cas.nom]
    tacite = next(ligne for ligne in lignes if ligne["nom"] == "contrat.reconduction_tacite")
    assert tacite["valeur"] in ("oui", "non")


# --- For the Web ----------------------------------------------------------------------------------

VIDES = {"meta", "br"}


class Page(HTMLParser):
    """What a page holds; tags that close in the wrong order are a fault."""

    def __init__(self, texte: str) -> None:
        super().__init__()
        self.ouvertes: list[str] = []
        self.balises: Counter[str] = Counter()
        self.identifiants: list[str] = []
        self.attributs: list[tuple[str, str, str | None]] = []
        self.texte = texte
        self.feed(texte)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.balises[tag] += 1
        self.attributs += [(tag, nom, valeur) for nom, valeur in attrs]
        self.identifiants += [valeur or "" for nom, valeur in attrs if nom == "id"]
        if tag not in VIDES:
            self.ouvertes.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.ouvertes.pop() == tag


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(en_html(RAPPORT))


@pytest.mark.long
def test_la_page_est_bien_formee_et_ses_renvois_existent(page: Page) -> None:
    assert page.ouvertes == []
    assert max(Counter(page.identifiants).values()) == 1
    assert not any(not nom or any(c.isspace() for c in nom) for nom in page.identifiants)
    cibles = [valeur or "" for tag, nom, valeur in page.attributs if (tag, nom) == ("a", "href")]
    assert {cible.removeprefix("#") for cible in cibles} <= set(page.identifiants)
    assert all(cible.startswith("#") for cible in cibles)
    nommees = {valeur for _, nom, valeur in page.attributs if nom == "aria-labelledby"}
    assert nommees <= set(page.identifiants)


def test_la_page_se_suffit_et_se_lit(page: Page) -> None:
    assert ("html", "lang", "fr") in page.attributs
    assert page.balises["title"] == page.balises["h1"] == page.balises["main"] == 1
    assert not {"script", "link", "img", "iframe", "object"} & set(page.balises)
    assert not any(nom in ("src", "style") or nom.startswith("on") for _, nom, _ in page.attributs)
    assert "url(" not in page.texte
    assert "@import" not in page.texte
    assert page.balises["table"] == page.balises["caption"]
    entetes = page.balises["th"]
    assert entetes == sum(tag == "th" and nom == "scope" for tag, nom, _ in page.attributs)


def test_la_page_a_une_ancre_par_chose(page: Page) -> None:
    attendues = {
        *(f"dispositions-{d['id']}" for d in RAPPORT["dispositions"]),
        *(f"parametres-{c['parametre']}" for c in RAPPORT["parametres"]),
        *(f"variables-{v['variable']}" for v in RAPPORT["variables"]),
        *(f"lectures-{lecture['id']}" for lecture in RAPPORT["lectures"]),
        *(f"donnees-{f['fichier']}" for f in RAPPORT["donnees"]),
        *(f"sources-{s['id']}" for s in RAPPORT["sources"]),
        *(f"cas-{rang + 1}" for rang in range(len(RAPPORT["cas"]))),
    }
    assert attendues <= set(page.identifiants)
    # A formula that reads a whole table leads to its figures.
    premiere = next(c["parametre"] for c in chercher(RAPPORT, "aide.montant"))
    assert ("a", "href", f"#parametres-{premiere}") in page.attributs


@pytest.mark.long
def test_un_texte_hostile_reste_du_texte() -> None:
    hostile = '<script>alert("1")</script>'
    enonce = disposition_avec("s003_iii_duree", enonce=hostile, endroit="<b>", pourquoi='" onx="')
    donnees = enonce(replace(ABREGEES, cas=(Cas(hostile, "<i>.yaml", 1, ('"><script>',)),)))
    page = Page(en_html(etablir(donnees)))
    assert not {"script", "b", "i"} & set(page.balises)
    assert "&lt;script&gt;alert(" in page.texte
    assert not any(nom == "onx" for _, nom, _ in page.attributs)


@pytest.mark.long
def test_la_page_montre_les_orphelins_d_abord() -> None:
    texte = en_html(etablir(cas_de_plus()(ABREGEES)))
    assert texte.index("nouveau.yaml:12") < texte.index('id="couverture"')
    assert "Aucun orphelin." in en_html({**SANS_PLANT, "orphelins": []})


def test_un_chiffre_du_rapport_est_celui_de_la_loi() -> None:
    assert all(isinstance(c, Chiffre) for c in DONNEES.chiffres)
    for loi, systeme in zip(("base", "convention_2024"), LOIS, strict=True):
        for valeur in DONNEES.chiffres:
            if loi in valeur.lois:
                noeud = systeme.parameters
                for nom in valeur.parametre.split("."):
                    noeud = noeud.children[nom]
                assert noeud.get_at_instant(valeur.depuis) == valeur.valeur
