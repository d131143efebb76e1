"""Reforms that are files: the format, its faults, and everywhere that such a reform is taken."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.scripts import build_tax_benefit_system
from openfisca_core.simulations import SimulationBuilder
from openfisca_web_api.app import create_app

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.droit.reforme import ReformeInvalide
from openfisca_assistant_medical.lois import (
    ReformeInconnue,
    decrire,
    loi,
    sous_l_autre_lecture,
    trouver_reforme,
)
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.en_fichier import ReformeRefusee, lire_reforme
from openfisca_assistant_medical.reforms.en_fichier.controle import (
    _BORNES,
    _BORNES_DU_CHEMIN,
)
from openfisca_assistant_medical.reforms.objectifs_estimes import objectifs_estimes
from openfisca_assistant_medical.tracabilite.differences import differences
from openfisca_assistant_medical.tracabilite.explication import expliquer_situation
from openfisca_assistant_medical.tracabilite.reformes import examiner

RACINE = Path(__file__).parents[1]
PAQUET = Path(openfisca_assistant_medical.__file__).parent
EXEMPLES = RACINE / "examples" / "reformes"
MODULE = "openfisca_assistant_medical.reforms.fichiers"
CONVENTION = "openfisca_assistant_medical.reforms.convention_2024.convention_2024"
VARIABLE = "ASSISTANT_MEDICAL_REFORMES"
UN_ETP = "aide.montant.un_etp.par_defaut.rang_3_et_plus"
P30 = "patientele.pmt.p30.generaliste"
BASE = CountryTaxBenefitSystem()
MEDECIN = {
    "date_signature": "2025-01-01",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "option_etp_initiale": "un_etp",
    "patientele_mt_initiale": 1000,
    "file_active_initiale": 1600,
}


def aide(systeme: Any, annees: Any, **autres: Any) -> list[float]:
    medecin = {
        nom: valeur if isinstance(valeur, dict) else {"ETERNITY": valeur}
        for nom, valeur in (MEDECIN | autres).items()
    }
    simulation = SimulationBuilder().build_from_entities(systeme, {"medecins": {"m": medecin}})
    return [float(simulation.calculate("aide_maximale", annee)[0]) for annee in annees]


def ecrire(dossier: Path, valeurs: str, tete: str = "hypothese: true", nom: str = "essai") -> Path:
    chemin = dossier / f"{nom}.yaml"
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(f"titre: Essai\n{tete}\nvaleurs:\n{valeurs}\n", "utf-8")
    return chemin


def feuilles(systeme: Any) -> dict[str, Any]:
    return {
        f.name: f
        for f in ParameterNode.get_descendants(systeme.parameters)
        if isinstance(f, Parameter)
    }


def chiffres(systeme: Any) -> dict[str, Any]:
    return {
        nom: (f.description, f.metadata, [(v.instant_str, v.value) for v in f.values_list])
        for nom, f in feuilles(systeme).items()
    }


def refus(chemin: Path, *sous: str) -> ReformeRefusee:
    """The refusal of a file, over the base or over reforms."""
    systeme: Any = BASE
    for nom in sous:
        systeme = trouver_reforme(nom)(systeme)
    with pytest.raises(ReformeRefusee) as refusee:
        lire_reforme(chemin)(systeme)
    return refusee.value


# --- The examples ---------------------------------------------------------------------------------


def test_la_hausse_ne_touche_que_le_rang_3_des_annees_qui_commencent_en_2027() -> None:
    sans = loi("convention_2024")[1]
    avec = loi(f"convention_2024+{EXEMPLES / 'hausse_annee_3.yaml'}")[1]
    annees = range(2025, 2029)
    assert aide(sans, annees) == [38_000, 28_000, 22_000, 22_000]
    assert aide(avec, annees) == [38_000, 28_000, 22_000 + 2_200, 22_000 + 2_200]
    # Signed one year before: its third year starts on 1 January 2026, before the rise.
    assert aide(avec, range(2025, 2028), date_signature="2024-07-01") == [28_000, 22_000, 24_200]
    # At the 95th percentile, one amount for every rank: 38 000, untouched.
    assert aide(avec, annees, patientele_mt_initiale=2187) == [38_000] * 4
    # From P90 (1 858) to P95: 26 000, plus 10 %.
    assert aide(avec, [2027], patientele_mt_initiale=1900) == [28_600]
    # Each amount of the file is 10 % more than the one of the convention, and no rank is left out.
    valeurs = examiner(str(EXEMPLES / "hausse_annee_3.yaml"), [])["valeurs"]
    assert [v["apres"] * 10 for v in valeurs] == [v["avant"] * 11 for v in valeurs]
    troisiemes = {nom for nom in feuilles(sans) if re.match(r"aide\.montant.*rang_3_et_plus", nom)}
    fermees = {nom for nom in troisiemes if ".tiers_etp." in nom}
    assert {v["parametre"] for v in valeurs} == troisiemes - fermees


def test_le_seuil_abaisse_se_lit_le_jour_de_la_signature() -> None:
    avec = loi(f"convention_2024+{EXEMPLES / 'p30_abaisse.yaml'}")[1]
    cas = [("2026-12-31", 774), ("2026-12-31", 775), ("2027-01-01", 699), ("2027-01-01", 700)]
    recus = [
        aide(avec, [int(jour[:4])], date_signature=jour, patientele_mt_initiale=patients)[0]
        for jour, patients in cas
    ]
    assert recus == [0, 38_000, 0, 38_000]


def test_deux_etp_s_ouvrent_partout_en_2027_avec_les_autres_conditions() -> None:
    sans = loi("convention_2024")[1]
    avec = loi(f"convention_2024+{EXEMPLES / 'deux_etp_partout.yaml'}")[1]
    annees = [2026, 2027]
    cas: dict[str, Any] = {
        "date_signature": "2024-09-01",
        "zone": "hors_zone",
        "option_etp_avenant": {"2026": "deux_etp", "2027": "deux_etp"},
        "contrat_un_etp_anterieur": {"2026": True, "2027": True},
        "objectifs_integralement_atteints": {"2026": True, "2027": True},
    }
    assert aide(sans, annees, **cas) == [0, 0]
    assert aide(avec, annees, **cas) == [0, 44_000]
    assert aide(avec, annees, **cas, specialite="cardiologue") == [0, 44_000]
    assert aide(avec, annees, **(cas | {"zone": "zip"})) == [44_000, 44_000]
    demi = {"2026": "un_et_demi_etp", "2027": "un_et_demi_etp"}
    assert aide(avec, annees, **(cas | {"option_etp_avenant": demi})) == [0, 33_000]
    # Neither without the objectives, nor before the third year.
    assert aide(avec, annees, **(cas | {"objectifs_integralement_atteints": {}})) == [0, 0]
    assert aide(avec, annees, **(cas | {"date_signature": "2026-02-01"})) == [38_000, 0]


@pytest.mark.parametrize("exemple", sorted(EXEMPLES.iterdir()), ids=lambda f: f.stem)
def test_chaque_exemple_change_le_droit_et_se_dit_hypothese(exemple: Path) -> None:
    rapport = examiner(str(exemple), [])
    assert rapport["reforme"]["titre"]
    for valeur in rapport["valeurs"]:
        assert valeur["hypothese"] is True
        assert valeur["avant"] != valeur["apres"]
        assert not valeur["nouvelle_ligne"]


# --- Laid over a law ------------------------------------------------------------------------------


def test_la_base_et_la_convention_ne_sont_jamais_modifiees() -> None:
    dessous = convention_2024(BASE)
    avant = json.dumps([chiffres(BASE), chiffres(dessous)], default=str)
    for exemple in EXEMPLES.iterdir():
        lire_reforme(exemple)(dessous)
    assert json.dumps([chiffres(BASE), chiffres(dessous)], default=str) == avant


def test_le_dernier_pose_l_emporte(tmp_path: Path) -> None:
    une = ecrire(tmp_path, f"  {UN_ETP}: {{2027-01-01: 23_000, 2029-01-01: 24_000}}", nom="une")
    autre = ecrire(tmp_path, f"  {UN_ETP}: {{2027-01-01: 25_000}}", nom="autre")
    annees = [2027, 2029]
    for ordre, attendu in (([une, autre], [25_000, 24_000]), ([autre, une], [23_000, 24_000])):
        identifiant, systeme = loi("+".join(["convention_2024", *map(str, ordre)]))
        assert aide(systeme, annees) == attendu
        noms = [part.partition("@")[0] for part in identifiant.split(" + ")]
        assert noms == ["convention_2024", *(f.stem for f in ordre)]
    # A file under the convention: its day comes later, and stands.
    assert aide(loi(f"{une}+convention_2024")[1], annees) == [23_000, 24_000]


def test_une_ligne_s_ajoute_avant_celle_par_defaut(tmp_path: Path) -> None:
    ligne = "aide.montant.un_etp.p30_p90.rang_3_et_plus"
    systeme = loi(f"convention_2024+{ecrire(tmp_path, f'  {ligne}: {{2028-01-01: 30_000}}')}")[1]
    assert aide(systeme, [2027, 2028]) == [22_000, 30_000]
    # The 22 000 € of `par_defaut` are what it replaces.
    (valeur,) = examiner(str(tmp_path / "essai.yaml"), ["convention_2024"])["valeurs"]
    assert (valeur["avant"], valeur["apres"], valeur["nouvelle_ligne"]) == (22_000, 30_000, True)
    assert feuilles(systeme)[ligne].metadata["unit"] == "currency"


def test_un_quatrieme_rang_ne_change_pas_le_cinquieme(tmp_path: Path) -> None:
    ligne = "aide.montant.un_etp.par_defaut.rang_4"
    systeme = loi(f"convention_2024+{ecrire(tmp_path, f'  {ligne}: {{2025-01-01: 30_000}}')}")[1]
    # Signed in 2025: the fourth year starts in 2028.
    assert aide(systeme, range(2025, 2030)) == [38_000, 28_000, 22_000, 30_000, 22_000]


def test_rien_de_ce_qui_etait_dit_de_la_valeur_remplacee_ne_reste(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, f"  {UN_ETP}: {{2024-06-22: 23_000}}")
    feuille = feuilles(loi(f"convention_2024+{chemin}")[1])[UN_ETP]
    assert "2024-06-22" not in feuille.metadata["confiance"]
    assert [r["source"] for r in feuille.metadata["reference"]["2024-06-22"]] == ["hypothèse"]
    # The other date keeps what is said of it.
    assert feuille.metadata["confiance"] == {"2019-08-20": "extrait"}
    assert feuille.metadata["reference"]["2019-08-20"][0]["source"] == "THESE"


def test_une_reforme_qui_en_suppose_une_autre_la_veut() -> None:
    with pytest.raises(ReformeInconnue, match="se pose sur la réforme « convention_2024 »"):
        loi(str(EXEMPLES / "hausse_annee_3.yaml"))
    # A day earlier, it is the convention still.
    hausse = EXEMPLES / "hausse_annee_3.yaml"
    assert loi(f"lectures.entree_en_vigueur_2024+{hausse}")[1].parameters


def test_la_verification_pose_d_abord_ce_que_suppose_ce_qui_est_suppose(tmp_path: Path) -> None:
    chemin = ecrire(
        tmp_path,
        "  aide_collective.montant.rang_1: {2027-01-01: 40_000}",
        "hypothese: true\nsur: [aide_collective_2026]",
    )
    assert examiner(str(chemin), [])["loi"]["id"] == "convention_2024 + aide_collective_2026"


# --- Identity -------------------------------------------------------------------------------------


def test_le_meme_contenu_au_meme_endroit_est_la_meme_classe(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, f"  {P30}: {{2027-01-01: 700}}")
    classe = trouver_reforme(str(chemin))
    assert trouver_reforme(str(tmp_path / "." / "essai.yaml")) is classe
    assert classe.empreinte == hashlib.sha256(chemin.read_bytes()).hexdigest()
    # Elsewhere: another class, the same content.
    copie = Path(shutil.copy(chemin, tmp_path / "copie.yaml"))
    assert trouver_reforme(str(copie)) is not classe
    assert trouver_reforme(str(copie)).empreinte == classe.empreinte
    # Another content at the same place: another law, another name.
    ecrire(tmp_path, f"  {P30}: {{2027-01-01: 701}}")
    autre = trouver_reforme(str(chemin))
    assert autre is not classe
    lois = [decrire(c(BASE)) for c in (classe, autre)]
    assert lois[0]["id"] != lois[1]["id"]
    assert {loi["id"].partition("@")[0] for loi in lois} == {"essai"}
    assert lois[0]["reformes"] == [f"{MODULE}.essai"]
    assert lois[0]["nom"] == "Essai"


def test_deux_fichiers_d_un_nom_se_distinguent(tmp_path: Path) -> None:
    noms = [
        loi(str(ecrire(tmp_path / lieu, f"  {P30}: {{2027-01-01: {patients}}}")))[0]
        for lieu, patients in (("a", 700), ("b", 650))
    ]
    assert len(set(noms)) == 2


def test_l_empreinte_d_un_dossier_ne_depend_pas_de_l_endroit(tmp_path: Path) -> None:
    for lieu in ("ici", "la"):
        ecrire_dossier(tmp_path / lieu / "essai")
    classes = [trouver_reforme(str(tmp_path / lieu / "essai")) for lieu in ("ici", "la")]
    assert classes[0].empreinte == classes[1].empreinte
    assert classes[0].identifiant == classes[1].identifiant
    (tmp_path / "la" / "essai" / "patientele" / "pmt.yaml").rename(
        tmp_path / "la" / "essai" / "patientele" / "pfa.yaml"
    )
    assert trouver_reforme(str(tmp_path / "la" / "essai")).empreinte != classes[0].empreinte


def test_l_autre_lecture_se_pose_sur_une_loi_de_fichier() -> None:
    systeme = loi(f"convention_2024+{EXEMPLES / 'p30_abaisse.yaml'}")[1]
    sept_cents = {"date_signature": "2027-01-01", "patientele_mt_initiale": 700}
    assert aide(systeme, [2027], **sept_cents) == [38_000]
    # 700 is the lowered threshold itself: strictly above it, under the other reading.
    autre = sous_l_autre_lecture(systeme, "seuil_p30")
    assert autre is not None
    assert aide(autre, [2027], **sept_cents) == [0]
    assert aide(autre, [2027], **(sept_cents | {"patientele_mt_initiale": 701})) == [38_000]
    # The convention a day earlier: the file is laid again over it.
    avancee = sous_l_autre_lecture(systeme, "entree_en_vigueur_2024")
    assert avancee is not None
    assert decrire(avancee)["id"].startswith("lectures.entree_en_vigueur_2024 + p30_abaisse@")
    assert aide(avancee, [2027], **sept_cents) == [38_000]
    assert aide(avancee, [2024], date_signature="2024-06-21") == [38_000]


# --- A folder -------------------------------------------------------------------------------------


def ecrire_dossier(dossier: Path, tete: str = "titre: Essai", pmt: str | None = None) -> Path:
    (dossier / "patientele").mkdir(parents=True)
    (dossier / "reforme.yaml").write_text(tete, "utf-8")
    pmt = pmt or (
        "metadata:\n  hypothese: true\np30:\n  generaliste:\n    values:\n"
        '      "2027-01-01": {value: 700}\n'
    )
    (dossier / "patientele" / "pmt.yaml").write_text(pmt, "utf-8")
    return dossier


def test_la_convention_en_dossier_est_la_convention(tmp_path: Path) -> None:
    dossier = tmp_path / "convention"
    shutil.copytree(PAQUET / "reforms" / "convention_2024" / "parameters", dossier)
    (dossier / "reforme.yaml").write_text("titre: La convention\n", "utf-8")
    assert chiffres(loi(str(dossier))[1]) == chiffres(convention_2024(BASE))


def test_un_dossier_vaut_le_fichier(tmp_path: Path) -> None:
    dossier = ecrire_dossier(tmp_path / "dossier")
    fichier = ecrire(tmp_path, f"  {P30}: {{2027-01-01: 700}}")
    assert chiffres(loi(str(dossier))[1]) == chiffres(loi(str(fichier))[1])


def test_un_dossier_herite_de_l_index_et_de_sa_table(tmp_path: Path) -> None:
    citee = '{"2027-01-01": [{source: X1, title: Texte X}]}'
    dossier = ecrire_dossier(
        tmp_path / "d",
        pmt="metadata: {unit: patient, confiance: {2027-01-01: extrait}}\n"
        "p30:\n  generaliste:\n    values: {2027-01-01: {value: 700}}\n",
    )
    (dossier / "patientele" / "index.yaml").write_text(f"metadata: {{reference: {citee}}}\n")
    feuille = feuilles(loi(str(dossier))[1])[P30]
    assert feuille.metadata["reference"]["2027-01-01"] == [{"source": "X1", "title": "Texte X"}]
    assert feuille.metadata["confiance"]["2027-01-01"] == "extrait"


@pytest.mark.parametrize(
    ("tete", "pmt", "dites"),
    [
        ("titre: E", "p30: {generaliste: {values: {2027-01-01: {value: 1}}}}", ["sans origine"]),
        (
            "titre: E\nhypothese: true\nvaleurs: {a: 1}",
            "metadata: {axes: [zone]}\np30: {generaliste: {values: {2027-01-01: 1}}}",
            ["le champ « valeurs », inconnu", "le champ « axes », inconnu", "« {value: … } »"],
        ),
        (
            "titre: E\nhypothese: true",
            ("metadata: {unit: currency, confiance: {2027-01-01: sûr}, reference: [X]}\n"
            "p30: {generaliste: {valeurs: 3, values: {2027-13-01: {value: 1}}}}\np90: 4"),
            [
                'confiance : reçu "sûr"',
                "reference : reçu une liste",
                "« valeurs », inconnu",
                "la date « 2027-13-01 »",
                "patientele.pmt.p90 : reçu 4",
            ],
        ),
        ("titre: E\nhypothese: true", ("metadata: {unit: currency}\np30: {generaliste: {values: "
         "{2027-01-01: {value: 1}}}}"), ['reçu "currency" ; attendu : l’unité de la loi']),
    ],
)  # fmt: skip
def test_les_fautes_d_un_dossier(tmp_path: Path, tete: str, pmt: str, dites: list[str]) -> None:
    message = str(refus(ecrire_dossier(tmp_path / "d", tete, pmt)))
    for dite in dites:
        assert dite in message
    assert message.count("\n") == len(dites)


UNE = "values: {2027-01-01: {value: 700}}"
DEUX_FOIS = "patientele.pmt.p30.generaliste au 2027-01-01 : reçu une seconde valeur"


@pytest.mark.parametrize(
    ("fichiers", "dites"),
    [
        # One path and one day, in two files: neither silently takes the place of the other.
        (
            {"patientele/pmt.yaml": f"p30: {{generaliste: {{{UNE}}}}}",
             "patientele/pmt/p30/generaliste.yaml": UNE},
            ["d/patientele/pmt/p30/generaliste.yaml, ligne 1", DEUX_FOIS,
             "il y en a déjà une, d/patientele/pmt.yaml, ligne 1"],
        ),
        (
            {"contrat/duree.yaml": "values: {2027-01-01: {value: 6}}",
             "contrat/duree.YML": "values: {2027-01-01: {value: 7}}"},
            ["contrat/duree.yaml, ligne 1 : contrat.duree au 2027-01-01", "d/contrat/duree.YML"],
        ),
        (
            {"contrat/index.yaml": "metadata: {unit: year}",
             "contrat/index.yml": "metadata: {confiance: {2027-01-01: extrait}}"},
            ["d/contrat/index.yml, ligne 1 : contrat : reçu un second index",
             "il y a déjà d/contrat/index.yaml"],
        ),
        (
            {"contrat/duree.yaml": "metadata: {annonce_le: 2027-13-01}\n"
             "values: {2027-01-01: {value: 6}}"},
            ['contrat.duree annonce_le : reçu "2027-13-01"', "un jour qui existe"],
        ),
        (
            {"contrat/duree.yaml": "metadata: {last_value_still_valid_on: [2027-01-01]}\n"
             "values: {2027-01-01: {value: 6}}"},
            ["contrat.duree last_value_still_valid_on : reçu une liste (1)"],
        ),
        (
            {"contrat/duree.yaml": "metadata: {confiance: {hier: extrait}}\n"
             "values: {2027-01-01: {value: 6}}"},
            ["contrat.duree confiance : reçu la date « hier »"],
        ),
        (
            {"contrat/duree.yaml": "description: [x]\nvalues: {2027-01-01: {value: 6}}"},
            ["contrat.duree description : reçu une liste (1) ; attendu : un texte"],
        ),
    ],
)  # fmt: skip
def test_rien_d_un_dossier_ne_se_perd(
    tmp_path: Path, fichiers: dict[str, str], dites: list[str]
) -> None:
    for nom, texte in {"reforme.yaml": "titre: E\nhypothese: true", **fichiers}.items():
        (tmp_path / "d" / nom).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / nom).write_text(texte, "utf-8")
    refusee = refus(tmp_path / "d")
    assert len(refusee.fautes) == 1
    for dite in dites:
        assert dite in str(refusee)


def test_un_dossier_se_lit_en_entier_ou_est_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = ecrire_dossier(tmp_path / "d")
    (dossier / "contrat").mkdir()
    (dossier / "contrat" / "duree.YAML").write_text(
        "metadata: {hypothese: true}\nvalues: {2027-01-01: {value: 6}}", "utf-8"
    )
    lues = {valeur.chemin for valeur in lire_reforme(dossier).contenu.valeurs}
    assert lues == {P30, "contrat.duree"}
    lister = os.scandir

    def sans_contrat(lieu: Any) -> Any:
        if str(lieu).endswith("contrat"):
            raise PermissionError(13, "Permission denied", str(lieu))
        return lister(lieu)

    monkeypatch.setattr(os, "scandir", sans_contrat)
    with pytest.raises(ReformeInvalide, match="dont la lecture est interdite"):
        lire_reforme(dossier)
    monkeypatch.undo()
    (dossier / "versement").symlink_to(dossier)
    with pytest.raises(ReformeInvalide, match="reçu un lien vers un dossier"):
        lire_reforme(dossier)


@pytest.mark.parametrize("ou", ["dossier", "fichier", "dedans"])
def test_un_nom_qui_n_est_pas_de_l_utf_8_est_refuse(ou: str, tmp_path: Path) -> None:
    dossier = ecrire_dossier(tmp_path / "d")
    mauvais = os.fsdecode(b"r\xff")
    chemin = dossier
    if ou == "dossier":
        chemin = dossier.rename(tmp_path / mauvais)
    elif ou == "fichier":
        chemin = tmp_path / f"{mauvais}.yaml"
        chemin.write_text("titre: E", "utf-8")
    else:
        (dossier / f"{mauvais}.yaml").write_text("values: {2027-01-01: {value: 6}}", "utf-8")
    with pytest.raises(ReformeInconnue, match=r"« 'r\\udcff.*nom de fichier qui ne s’écrit pas"):
        loi(str(chemin))


def test_un_dossier_trop_gros_ou_illisible_est_refuse(tmp_path: Path) -> None:
    dossier = ecrire_dossier(tmp_path / "d")
    for rang in range(6):
        (dossier / f"f{rang}.yaml").write_bytes(b"#" * 190_000)
    with pytest.raises(ReformeInvalide, match="plus de 1000 ko de fichiers YAML ; attendu"):
        lire_reforme(dossier)
    for rang in range(6):
        (dossier / f"f{rang}.yaml").unlink()
    (dossier / "tube.yaml").symlink_to("/dev/zero")
    with pytest.raises(ReformeInvalide, match=r"d/tube.yaml » : reçu un fichier illisible"):
        lire_reforme(dossier)


def test_un_dossier_sans_titre_est_refuse(tmp_path: Path) -> None:
    dossier = ecrire_dossier(tmp_path / "d")
    (dossier / "reforme.yaml").unlink()
    with pytest.raises(ReformeInconnue, match=r"reforme\.yaml dans le dossier"):
        loi(f"{dossier}/")


# --- Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valeurs", "dite"),
    [
        ("aide.montan.un_etp.par_defaut.rang_1: {2027-01-01: 1}",
         "le plus proche : « aide.montant.un_etp.par_defaut.rang_1 »"),
        ("aide.montant.un_etp.p30_p9.rang_1: {2027-01-01: 1}",
         "le plus proche : « aide.montant.un_etp.p30_p90.rang_1 »"),
        ("aide.montant.un_etp.par_defaut.rang2: {2027-01-01: 1}",
         "« aide.montant.un_etp.par_defaut.rang_2 »"),
        ("aide.montant.un_etp.par_defaut.annee: {2027-01-01: 1}",
         "ou une ligne de « aide.montant.un_etp.par_defaut » : rang_1, rang_2"),
        ("patientele.pmt.p70.generaliste: {2027-01-01: 1}", "un chemin que la loi n’a pas"),
        ("patientele.pmt.p30.generalist: {2027-01-01: 1}", "« patientele.pmt.p30.generaliste »"),
        ("patientele.pmt.p30.cardiologue.a: {2027-01-01: 1}", "qui est une ligne, et rien dessous"),
        ("objectif.avenant_7.un_etp.p30: {2027-01-01: 0.1}", "un chemin que la loi n’a pas"),
        ("aide.montant.un_etp: {2027-01-01: 1}", "une de ses lignes : par_defaut, p90_p95"),
        ("aide.montant.un_etp.p95_et_plus.rang_1: {2027-01-01: 1}", "une ligne sous un chiffre"),
        ("..: {2027-01-01: 1}", "un chemin que la loi n’a pas"),
        (f"{P30}: {{2027-02-29: 1}}", "la date « 2027-02-29 »"),
        (f"{P30}: {{2027-1-1: 1}}", "écrit AAAA-MM-JJ"),
        (f"{P30}: {{20270101: 1}}", "écrit AAAA-MM-JJ"),
        (f"{P30}: {{9999-12-31: 1}}", "du 1900-01-01 au 9998-12-31"),
        (f"{P30}: 700", "des dates et leurs valeurs"),
        (f"{P30}: {{2027-01-01: 700.5}}", "reçu 700.5 ; attendu : un nombre entier"),
        (f"{P30}: {{2027-01-01: '700'}}", "écrire 700"),
        (f"{P30}: {{2027-01-01: 0700}}", 'reçu "0700"'),
        (f"{P30}: {{2027-01-01: 7_00}}", ('reçu "7_00" ; attendu : un nombre entier, sans '
         "guillemets, de 0 à 100 000 ; écrire 700")),
        (f"{P30}: {{2027-01-01: 100_001}}", "de 0 à 100 000"),
        (f"{P30}: {{2027-01-01: [700]}}", "une liste (1)"),
        (f"{P30}: {{2027-01-01: true}}", "reçu true ; attendu : un nombre entier"),
        (f"{P30}: {{2027-01-01: {{unite: patient}}}}", "un bloc sans valeur"),
        (f"{P30}: {{2027-01-01: {{valeur: 7, unité: patient}}}}", "le plus proche : « unite »"),
        (f"{P30}: {{2027-01-01: {{valeur: 7, unite: euro}}}}", "l’unité de la loi, « patient »"),
        (f"{UN_ETP}: {{2027-01-01: -1}}", "reçu -1 ; attendu : un nombre, sans guillemets, de 0"),
        (f"{UN_ETP}: {{2027-01-01: 24 200 €}}", "écrire 24200"),
        (f"{UN_ETP}: {{2027-01-01: .inf}}", 'reçu ".inf"'),
        (f"{UN_ETP}: {{2027-01-01: 12:30}}", 'reçu "12:30"'),
        (f"{UN_ETP}: {{2027-01-01: 0x10}}", 'reçu "0x10"'),
        ("eligibilite.honoraires_cliniques.part_minimale: {2027-01-01: 1.01}", "de 0 à 1."),
        ("eligibilite.honoraires_cliniques.part_minimale: {2027-01-01: 80 %}",
         "80 % s’écrit 0.8"),
        ("eligibilite.honoraires_cliniques.part_minimale: {2027-01-01: '0,8'}", "écrire 0.8"),
        ("contrat.reconduction_tacite: {2027-01-01: oui}", "true ou false, sans guillemets"),
        ("contrat.reconduction_tacite: {2027-01-01: 1}", "true ou false, sans guillemets"),
        ("contrat.reconduction_tacite: {2027-01-01: }", "reçu rien ; attendu : une valeur"),
        ("contrat.duree: {2027-01-01: 0}", "de 1 à 50"),
        ("versement.delai_acompte: {2027-01-01: 12}", "de 0 à 11"),
        ("contrat.duree: {2019-08-19: 6}", "au plus tôt le 2019-08-20, celui du premier texte"),
        # Percentiles go up: P50 of PMT is 1 045 since May 2023, P90 was 1 503 before.
        (f"{P30}: {{2027-01-01: 1_046}}",
         "au plus 1045, la valeur de « patientele.pmt.p50.generaliste » le 2027-01-01"),
        (f"{P30}: {{2020-01-01: 1_504}}",
         "au plus 1503, la valeur de « patientele.pmt.p90.generaliste » le 2020-01-01"),
        ("patientele.pmt.p95.generaliste: {2023-05-01: 1_857}",
         "au moins 1858, la valeur de « patientele.pmt.p90.generaliste » le 2023-05-01"),
        ("aide.montant.un_etp: {p30_p90: 3}", "la date « p30_p90 »"),
        ("lectures.seuil_p30: {2027-01-01: exclue}", "le plus proche : « exclu »"),
        ("contrat.texte_en_vigueur: {2027-01-01: convention_2027}", "un mot parmi avenant_7"),
    ],
)  # fmt: skip
def test_chaque_faute_est_dite_avec_sa_ligne(tmp_path: Path, valeurs: str, dite: str) -> None:
    faute = refus(ecrire(tmp_path, f"  {valeurs}"))
    (seule,) = [f for f in faute.fautes if f.recu != "des dates"]
    assert dite in str(seule)
    assert seule.lieu == "essai.yaml, ligne 4"


@pytest.mark.parametrize(
    ("texte", "dites"),
    [
        ("titre: E\n", ["valeurs : reçu rien"]),
        ("hypothese: true\nvaleurs: {contrat.duree: {2027-01-01: 6}}", ["titre : reçu rien"]),
        ("titre: [E]\nvaleurs: {contrat.duree: {2027-01-01: 6}}\nhypothese: vrai",
         ["titre : reçu une liste", 'hypothese : reçu "vrai"']),
        ('titre: "E\\e[31m"\nvaleurs: {contrat.duree: {2027-01-01: 6}}\nhypothese: true',
         ["sur une ligne"]),
        ("titre: E\nvaleurs: {contrat.duree: {2027-01-01: 6}}",
         ["contrat.duree au 2027-01-01 : reçu une valeur sans origine"]),
        (("titre: E\nhypothese: true\nvaleurs: {contrat.duree: {2027-01-01: "
         "{valeur: 6, hypothese: false}}}"), ["une valeur sans origine"]),
        ("titre: E\nreference: {titre: X}\nvaleurs: {contrat.duree: {2027-01-01: 6}}",
         ["le champ « titre », inconnu", "reference : reçu un bloc"]),
        (("titre: E\nreference: {title: X, href: javascript:x}\n"
         "valeurs: {contrat.duree: {2027-01-01: 6}}"), ["une adresse, comme https://…"]),
        ("titre: E\nreference: []\nvaleurs: {contrat.duree: {2027-01-01: 6}}",
         ["au moins une référence"]),
        (("titre: E\nhypothese: true\nsur: convention_2025\n"
         "valeurs: {contrat.duree: {2027-01-01: 6}}"), ["le plus proche : « convention_2024 »"]),
        ("titre: E\nhypothese: true\nvaleur: {contrat.duree: {2027-01-01: 6}}",
         ["le champ « valeur », inconnu", "valeurs : reçu rien"]),
        ("titre: E\nhypothese: true\ndescription: 3\nvaleurs: {contrat.duree: {2027-01-01: 6}}",
         ["description : reçu 3"]),
        (("titre: E\nhypothese: true\nvaleurs:\n  contrat.duree:\n    2027-01-01: 6\n"
         "    2027-01-01: 7"), ["ligne 6 : 2027-01-01 : reçu deux fois le même champ"]),
        (("titre: E\nhypothese: true\nvaleurs:\n  contrat.duree:\n    2027-01-01: 6\n"
         "    '2027-01-01': 7"), ["ligne 6 : 2027-01-01 : reçu deux fois le même champ"]),
        ("- titre: E", ["reçu une liste (1) ; attendu : des champs"]),
        ("", ["reçu rien ; attendu : des champs"]),
    ],
)  # fmt: skip
def test_les_fautes_de_la_tete(tmp_path: Path, texte: str, dites: list[str]) -> None:
    chemin = tmp_path / "essai.yaml"
    chemin.write_text(texte, "utf-8")
    message = str(refus(chemin))
    for dite in dites:
        assert dite in message
    assert message.count("\n") == len(dites)


def test_une_ligne_sous_un_chiffre_de_la_meme_reforme(tmp_path: Path) -> None:
    table = "  aide.montant.un_etp.p30_p90: {2027-01-01: 1}"
    ligne = "  aide.montant.un_etp.p30_p90.rang_1: {2027-01-01: 2}"
    for valeurs, rang in (([table, ligne], 5), ([ligne, table], 4)):
        (faute,) = refus(ecrire(tmp_path, "\n".join(valeurs))).fautes
        assert faute.lieu == f"essai.yaml, ligne {rang}"
        assert "« aide.montant.un_etp.p30_p90 », que la réforme dit déjà" in faute.attendu


def test_les_percentiles_montent_ensemble(tmp_path: Path) -> None:
    p50 = "patientele.pmt.p50.generaliste"
    ensemble = f"  {P30}: {{2027-01-01: 1_100}}\n  {p50}: {{2027-01-01: 1_100}}"
    nouveau = feuilles(loi(str(ecrire(tmp_path, ensemble)))[1])
    assert [nouveau[nom].values_list[0].value for nom in (P30, p50)] == [1_100, 1_100]
    # In 2028 the new P90 is under the new P50, which holds since 2027.
    depuis = f"  {p50}: {{2027-01-01: 1_800}}\n  patientele.pmt.p90.generaliste: {{2028-01-01: 9}}"
    (faute,) = refus(ecrire(tmp_path, depuis)).fautes
    assert faute.champ == "patientele.pmt.p90.generaliste au 2028-01-01"
    assert faute.attendu == f"au moins 1800, la valeur de « {p50} » le 2028-01-01"


def test_toutes_les_fautes_sont_dites_d_un_coup_dans_l_ordre(tmp_path: Path) -> None:
    chemin = ecrire(
        tmp_path,
        f"  {P30}: {{2027-02-30: 1, 2028-01-01: -1}}\n"
        "  contrat.dure: {2027-01-01: 6}\n"
        "  contrat.carence.applicable: {2027-01-01: non}\n"
        f"  {UN_ETP}: {{2027-01-01: {{valeur: 1, note: x}}}}",
        "hypothese: true\nsur: [convention]",
    )
    lignes = [int(faute.lieu.rpartition(" ")[2]) for faute in refus(chemin).fautes]
    # Line 3: `sur`; 5: two values; 6: a path; 7: a truth; 8: a field.
    assert lignes == [3, 5, 5, 6, 7, 8]


def test_rien_n_est_accepte_la_seulement_ou_un_chiffre_peut_ne_pas_etre_publie(
    tmp_path: Path,
) -> None:
    systeme = loi(str(ecrire(tmp_path, f"  {P30}: {{2027-01-01: null}}")))[1]
    # A threshold that is not known refuses nobody.
    peu = {"date_signature": "2027-02-01", "patientele_mt_initiale": 10}
    assert aide(BASE, [2027], **peu) == [0]
    assert aide(systeme, [2027], **peu) == [36_000]
    refuse = ecrire(tmp_path, "  versement.delai_acompte: {2027-01-01: null}")
    assert "reçu rien" in str(refus(refuse))


def test_des_nombres_comme_on_les_ecrit(tmp_path: Path) -> None:
    chemin = ecrire(
        tmp_path,
        "  aide.montant.un_etp.par_defaut.rang_1: {2027-01-01: 1_234_567.5}\n"
        "  eligibilite.honoraires_cliniques.part_minimale: {2027-01-01: 1, 2028-01-01: 0.75}\n"
        "  versement.part_acompte.tiers_etp: {2027-01-01: {valeur: 0.5, unite: part de 1}}\n"
        f"  {UN_ETP}: {{2027-01-01: {{valeur: 2, unite: €}}, '2028-01-01': {{valeur: 3}}}}",
    )
    nouveau = feuilles(loi(str(chemin))[1])
    lus = {
        nom: [v.value for v in f.values_list if v.instant_str >= "2027"]
        for nom, f in nouveau.items()
    }
    assert lus["aide.montant.un_etp.par_defaut.rang_1"] == [1_234_567.5]
    assert lus["eligibilite.honoraires_cliniques.part_minimale"] == [0.75, 1]
    assert lus["versement.part_acompte.tiers_etp"] == [0.5]
    assert lus[UN_ETP] == [3, 2]


@pytest.mark.parametrize(
    ("octets", "dite"),
    [
        (b"titre: &a E\n", "une ancre (&)"),
        (b"titre: *a\n", "un alias (*)"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\n", "une ancre (&)"),
        (b"titre: !!python/object/apply:os.system ['touch piege']\n", "une \xc3\xa9tiquette (!)"),
        (b"titre: !!str E\n", "une \xc3\xa9tiquette (!)"),
        (b"titre: E\n<<: {a: b}\n", "le champ \xc2\xab << \xc2\xbb, inconnu"),
        (b"titre: " + b"[" * 5_000, "du YAML trop imbriqu\xc3\xa9"),
        (b"titre: E\n" + b"#" * 200_000, "plus de 200 Ko"),
        (b"titre: E\n---\ntitre: F\n", "un second document"),
        (b"titre: E\n\tvaleurs: {}\n", "une tabulation"),
        (b"titre: 'E\n", "du YAML mal form\xc3\xa9"),
        (b"titre: E\xff\n", "un octet illisible"),
        (b"titre: E\x00\n", "un caract\xc3\xa8re interdit"),
    ],
)  # fmt: skip
def test_un_fichier_hostile_est_refuse_sans_rien_faire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, octets: bytes, dite: str
) -> None:
    monkeypatch.chdir(tmp_path)
    dite = dite.encode("latin-1").decode("utf-8") if "\xc2" in dite or "\xc3" in dite else dite
    seul = tmp_path / "essai.yaml"
    seul.write_bytes(octets)
    assert dite in str(refus(seul))
    # The same in a file of a folder.
    dossier = ecrire_dossier(tmp_path / "dossier", "titre: E\nhypothese: true")
    (dossier / "contrat.yaml").write_bytes(octets.replace(b"titre", b"metadata"))
    message = str(refus(dossier))
    assert "dossier/contrat.yaml" in message
    assert dite in message or "<<" in dite
    assert not (tmp_path / "piege").exists()


def test_ce_qui_n_est_pas_un_fichier_lisible_est_dit(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.yaml")
    with pytest.raises(ReformeInconnue, match="un fichier illisible"):
        trouver_reforme(str(tmp_path / "tube.yaml"))
    with pytest.raises(ReformeInconnue, match="un nom auquel aucun fichier ne répond"):
        trouver_reforme(str(tmp_path / "absente.yaml"))
    for nom in ("\0", "a" * 5_000, f"{'a' * 5_000}.yaml", "./\0.yaml"):
        with pytest.raises(ReformeInconnue):
            trouver_reforme(nom)


# --- What people are shown ------------------------------------------------------------------------


@pytest.mark.long
def test_l_explication_dit_la_reference_de_la_reforme(tmp_path: Path) -> None:
    avec_source = ecrire(
        tmp_path,
        f"  {UN_ETP}: {{2027-01-01: {{valeur: 25_000, reference: "
        "{title: Texte fictif, href: https://exemple.fr/t}}}",
    )
    schema = json.loads(
        (PAQUET / "tracabilite/explication/schema_explication.json").read_text("utf-8")
    )
    attendues = {
        avec_source: [{"source": "essai", "title": "Texte fictif", "href": "https://exemple.fr/t"}],
        EXEMPLES / "hausse_annee_3.yaml": [
            {
                "source": "hypothèse",
                "title": "Hypothèse de la réforme « Hausse de 10 % de l’aide à partir de la "
                "troisième année »",
            }
        ],
    }
    for fichier, references in attendues.items():
        noms = ["convention_2024", str(fichier)]
        rapport = expliquer_situation(dict(MEDECIN), "aide_maximale", "2027", noms)
        jsonschema.Draft202012Validator(schema).validate(rapport)
        (lu,) = [p for p in rapport["parametres"] if p["parametre"] == UN_ETP]
        assert lu["references"] == references
        # No provision of the law gives this figure, nor says how far it was read.
        assert lu["dispositions"] == []
        assert lu["confiance"] is None
        assert rapport["loi"]["nom"].endswith(trouver_reforme(str(fichier)).name)


def test_les_differences_sont_les_valeurs_du_fichier() -> None:
    lois = [loi(nom) for nom in ("base", str(EXEMPLES / "p30_abaisse.yaml"))]
    rapport = differences((*lois[0], None), (*lois[1], None))
    (ecart,) = rapport["parametres"]
    assert (ecart["parametre"], ecart["avant"], ecart["apres"]) == (P30, 775, 700)
    assert (ecart["depuis"], ecart["jusqu_a"]) == ("2027-01-01", None)
    assert [reference["source"] for reference in ecart["references"]] == ["hypothèse"]
    assert rapport["apres"]["loi"].startswith("p30_abaisse@")


def test_la_commande_verifie_un_fichier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    fichier = EXEMPLES / "p30_abaisse.yaml"
    assert main(["reformes", str(fichier)]) == 0
    sortie = " ".join(capsys.readouterr().out.split())
    assert "775 patients → 700 patients" in sortie
    assert "p30_abaisse.yaml, ligne 9" in sortie
    assert main(["reformes", str(fichier), "--reforme", "convention_2024", "--json"]) == 0
    rapport = json.loads(capsys.readouterr().out)
    assert rapport["loi"]["id"] == "convention_2024"
    assert rapport["reforme"]["empreinte"] == hashlib.sha256(fichier.read_bytes()).hexdigest()
    assert [(v["date"], v["avant"], v["apres"]) for v in rapport["valeurs"]] == [
        ("2027-01-01", 775, 700)
    ]
    # A value that the law has already is said to be so.
    assert main(["reformes", str(ecrire(tmp_path, f"  {P30}: {{2027-01-01: 775}}"))]) == 0
    assert "dont 1 que la loi a déjà" in capsys.readouterr().out
    fautif = ecrire(tmp_path, "  contrat.dure: {2027-01-01: 6}\n  contrat.duree: {2027: 6}")
    for demande in (["reformes"], ["calculer", "--exemple", "senior", "--reforme"]):
        assert main([*demande, str(fautif)]) == 2
        erreur = capsys.readouterr().err
        assert "ligne 4" in erreur
        assert "ligne 5" in erreur
        assert "« contrat.duree »" in erreur
    assert main(["reformes", "convention_2024"]) == 2
    assert "écrite en Python" in capsys.readouterr().err


def test_la_commande_enumere_les_reformes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(EXEMPLES))
    assert main(["reformes", "--json"]) == 0
    reformes = {r["nom"]: r for r in json.loads(capsys.readouterr().out)["reformes"]}
    assert reformes["convention_2024"]["titre"] == "Convention médicale 2024-2029"
    assert reformes["convention_2024"]["fichier"] is None
    assert reformes["hausse_annee_3"]["fichier"] == str(EXEMPLES / "hausse_annee_3.yaml")
    assert not {"fichiers", "en_fichier", "registre", "lectures"} & set(reformes)
    assert main(["reformes"]) == 0
    sortie = " ".join(capsys.readouterr().out.split())
    assert "convention_2024 : Convention médicale 2024-2029" in sortie


@pytest.mark.parametrize(
    "commande",
    [
        pytest.param(["calculer"], id="calculer"),
        pytest.param(["lectures", "--annees", "2027"], id="lectures", marks=pytest.mark.long),
        pytest.param(["calendrier"], id="calendrier"),
        pytest.param(["expliquer"], id="expliquer"),
    ],
)
def test_chaque_commande_prend_un_fichier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], commande: list[str]
) -> None:
    medecin = tmp_path / "medecin.json"
    medecin.write_text(json.dumps(MEDECIN), "utf-8")
    quoi = ["aide_maximale", "2027"] if commande == ["expliquer"] else []
    reformes = ["--reforme", "convention_2024", "--reforme", str(EXEMPLES / "hausse_annee_3.yaml")]
    assert main([commande[0], str(medecin), *quoi, *commande[1:], *reformes, "--json"]) == 0
    sortie = capsys.readouterr().out
    assert "hausse_annee_3@" in sortie
    if commande[0] != "lectures":
        assert "24200" in sortie


# --- By name --------------------------------------------------------------------------------------


@pytest.mark.long
def test_l_api_web_prend_un_fichier_par_son_nom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(EXEMPLES))
    # What `openfisca serve -c … -r … …` does.
    paquet = "openfisca_assistant_medical"
    reformes = [CONVENTION, f"{MODULE}.hausse_annee_3", f"{MODULE}.p30_abaisse"]
    client = create_app(build_tax_benefit_system(paquet, None, reformes)).test_client()
    medecin = {nom: {"ETERNITY": valeur} for nom, valeur in MEDECIN.items()}
    medecin["aide_maximale"] = {"2026": None, "2027": None}  # type: ignore[dict-item]
    reponse = client.post("/calculate", json={"medecins": {"m": medecin}}).get_json()
    assert reponse["medecins"]["m"]["aide_maximale"] == {"2026": 28_000, "2027": 24_200}
    parametre = client.get(f"/parameter/{UN_ETP.replace('.', '/')}").get_json()
    assert parametre["values"]["2027-01-01"] == 24_200
    assert parametre["metadata"]["reference"]["2027-01-01"][0]["source"] == "hypothèse"
    assert client.get("/spec").status_code == 200


def openfisca_test(dossier: Path, *options: str) -> str:
    commande = [sys.executable, "-m", "openfisca_core.scripts.openfisca_command", "test"]
    commande += [str(dossier / "cas.yaml"), "-c", "openfisca_assistant_medical", *options]
    resultat = subprocess.run(commande, capture_output=True, text=True, check=False, cwd=dossier)
    return resultat.stdout + resultat.stderr


@pytest.mark.long
def test_un_cas_de_test_prend_un_fichier_par_son_nom(tmp_path: Path) -> None:
    # No variable: the folder is `reformes`, where the command runs.
    shutil.copytree(EXEMPLES, tmp_path / "reformes")
    cas = {
        "name": "Hausse",
        "period": 2027,
        "input": MEDECIN,
        "output": {"aide_maximale": {"2026": 28_000, "2027": 24_200}},
    }
    reformes = [CONVENTION, f"{MODULE}.hausse_annee_3"]
    fichier = tmp_path / "cas.yaml"
    fichier.write_text(json.dumps([{**cas, "reforms": reformes}]), "utf-8")
    assert "1 passed" in openfisca_test(tmp_path)
    fichier.write_text(json.dumps([cas]), "utf-8")
    assert "1 failed" in openfisca_test(tmp_path)
    assert "1 passed" in openfisca_test(tmp_path, "-r", *reformes)
    fichier.write_text(json.dumps([{**cas, "reforms": [f"{MODULE}.hause_annee_3"]}]), "utf-8")
    assert "« hausse_annee_3 »" in openfisca_test(tmp_path)


def test_un_nom_inconnu_dit_ou_il_a_ete_cherche(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, os.pathsep.join([str(tmp_path), str(EXEMPLES)]))
    with pytest.raises(ReformeInvalide, match="le plus proche : « p30_abaisse »") as refusee:
        BASE.apply_reform(f"{MODULE}.p30_abaise")
    assert str(tmp_path) in str(refusee.value)
    with pytest.raises(ReformeInconnue, match="le plus proche : « p30_abaisse »"):
        trouver_reforme(f"{MODULE}.p30_abaise")
    # The first folder that has the name gives it.
    assert aide(BASE.apply_reform(f"{MODULE}.p30_abaisse"), [2025]) == [36_000]
    ecrire(tmp_path, f"  {P30}: {{2025-01-01: 1_001}}", nom="p30_abaisse")
    assert aide(BASE.apply_reform(f"{MODULE}.p30_abaisse"), [2025]) == [0]
    assert trouver_reforme("p30_abaisse") is trouver_reforme(str(tmp_path / "p30_abaisse.yaml"))
    ecrire_dossier(tmp_path / "p30_abaisse")
    with pytest.raises(ReformeInconnue, match="ont le même nom"):
        trouver_reforme(f"{MODULE}.p30_abaisse")
    assert main(["reformes"]) == 2
    assert "ont le même nom. Remède" in capsys.readouterr().err


def test_un_fichier_ne_prend_pas_la_place_d_une_reforme_du_paquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ecrire(tmp_path, f"  {P30}: {{2027-01-01: 1}}", nom="convention_2024")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert trouver_reforme("convention_2024") is convention_2024


# --- Limits ---------------------------------------------------------------------------------------


def calculable(systeme: Any) -> None:
    """Every variable of a few doctors and of their practice is computed."""
    medecins = {}
    for rang, (option, signature, specialite) in enumerate(
        [
            ("tiers_etp", "2021-03-01", "generaliste"),
            ("un_etp", "2023-06-01", "cardiologue"),
            ("deux_etp", "2025-01-15", "pediatre"),
        ]
    ):
        donnees = MEDECIN | {
            "option_etp_initiale": option,
            "date_signature": signature,
            "specialite": specialite,
            "profil_assistant": ("infirmier", "secretaire_medical", "autre")[rang],
        }
        medecins[f"m{rang}"] = {nom: {"ETERNITY": valeur} for nom, valeur in donnees.items()}
    cabinets = {"c": {"membres": list(medecins)}}
    situation = {"medecins": medecins, "cabinets": cabinets}
    simulation = SimulationBuilder().build_from_entities(systeme, situation)
    periodes = {"eternity": "ETERNITY", "year": "2028", "month": "2028-03"}
    for nom, variable in systeme.variables.items():
        simulation.calculate(nom, periodes[str(variable.definition_period)])


@pytest.mark.long
def test_tout_ce_qui_est_accepte_se_calcule(tmp_path: Path) -> None:
    """The least, the most, and nothing where it is accepted, of each figure."""
    toutes = aide_collective_2026(convention_2024(objectifs_estimes(BASE)))
    calculable(toutes)
    refusees = 0
    for nom, feuille in feuilles(toutes).items():
        unite, mots = feuille.metadata["unit"], feuille.metadata.get("valeurs")
        bornes = _BORNES_DU_CHEMIN.get(nom) or _BORNES.get(unite)
        essais = list(mots) if mots else list(bornes[:2]) if bornes else [True, False]
        jour = max(v.instant_str for v in feuille.values_list)
        for essai in [*essais, None]:
            chemin = ecrire(tmp_path, f"  {nom}: {{{jour}: {json.dumps(essai)}}}")
            try:
                systeme = lire_reforme(chemin)(toutes)
            except ReformeRefusee as refusee:
                # The least and the most of a percentile are those beside it.
                bornee = nom.startswith("patientele.p") and "patientele.p" in str(refusee.fautes[0])
                assert essai is None or bornee, nom
                refusees += 1
                continue
            calculable(systeme)
    assert refusees > 50
