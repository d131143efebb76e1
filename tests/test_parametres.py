"""Every file of parameters, of the base and of the convention: schema, units, references."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy
import pytest
import yaml
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import SimulationBuilder

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem, nomenclatures
from openfisca_assistant_medical.droit import droit_au
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

PAQUET = Path(openfisca_assistant_medical.__file__).parent
TESTS = Path(__file__).parent
BASE_DIR, SURCOUCHE_DIR = PAQUET / "parameters", PAQUET / "reforms/convention_2024/parameters"
FICHIERS = sorted([*BASE_DIR.rglob("*.yaml"), *SURCOUCHE_DIR.rglob("*.yaml")])
SCHEMA = json.loads((TESTS / "schema_parametres.json").read_text("utf-8"))
UNITES = {unite["name"] for unite in yaml.safe_load((PAQUET / "units.yaml").read_text("utf-8"))}
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)

AXES = {
    "option_etp": nomenclatures.OptionETP,
    "tranche_patientele": nomenclatures.TranchePatientele,
    "specialite": nomenclatures.Specialite,
    "secteur_conventionnel": nomenclatures.SecteurConventionnel,
    "zone": nomenclatures.Zone,
}
GENRE_D_UNITE = {"booleen": bool, "mention": str}


def feuilles(systeme: Any) -> list[Parameter]:
    return [f for f in systeme.parameters.get_descendants() if isinstance(f, Parameter)]


TOUTES = [*feuilles(BASE), *feuilles(CONVENTION)]


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: str(f.relative_to(PAQUET)))
def test_le_fichier_suit_le_schema(fichier: Path) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(fichier.read_text("utf-8")))


@pytest.mark.parametrize(
    ("faute", "lieu"),
    [
        ({"values": {"2019-8-20": {"value": 1}}}, "2019-8-20"),
        ({"values": {"2019-08-20": {"valeur": 1}}}, "valeur"),
        ({"metadata": {"unité": "currency"}}, "unité"),
        ({"metadata": {"confiance": {"2019-08-20": "sûr"}}}, "sûr"),
        ({"metadata": {"reference": {"2019-08-20": []}}}, "[]"),
        ({"Rang_1": {"values": {"2019-08-20": {"value": 1}}}}, "Rang_1"),
    ],
)
def test_le_schema_refuse_une_faute_plantee(faute: dict[str, Any], lieu: str) -> None:
    with pytest.raises(jsonschema.ValidationError, match=lieu.replace("[", r"\[")):
        jsonschema.Draft202012Validator(SCHEMA).validate({"description": "Essai", **faute})


@pytest.mark.parametrize("feuille", TOUTES, ids=lambda f: f.name)
def test_chaque_chiffre_dit_son_unite_sa_reference_et_sa_confiance(feuille: Parameter) -> None:
    assert feuille.metadata.get("unit") in UNITES
    assert feuille.description
    for valeur in feuille.values_list:
        if valeur.value is not None:
            assert feuille.metadata["reference"].get(valeur.instant_str), valeur.instant_str
            assert feuille.metadata["confiance"].get(valeur.instant_str), valeur.instant_str


@pytest.mark.parametrize("feuille", TOUTES, ids=lambda f: f.name)
def test_la_valeur_est_du_genre_de_son_unite(feuille: Parameter) -> None:
    genre = GENRE_D_UNITE.get(feuille.metadata["unit"])
    for valeur in feuille.values_list:
        if valeur.value is None:
            continue
        if genre is None:
            assert type(valeur.value) in (int, float)
            assert valeur.value >= 0
        else:
            assert type(valeur.value) is genre
        if genre is str:
            assert valeur.value in feuille.metadata["valeurs"]


@pytest.mark.parametrize("feuille", TOUTES, ids=lambda f: f.name)
def test_une_part_est_entre_0_et_1_et_un_acompte_dans_l_annee(feuille: Parameter) -> None:
    valeurs = [v.value for v in feuille.values_list if v.value is not None]
    if feuille.metadata["unit"] == "/1":
        assert all(0 <= v <= 1 for v in valeurs)
    if feuille.name == "versement.delai_acompte":
        # Payments are looked for in the contract years of this calendar year and the one before.
        assert all(0 <= v < 12 for v in valeurs)


@pytest.mark.parametrize("systeme", [BASE, CONVENTION], ids=["base", "convention_2024"])
def test_chaque_table_se_lit_par_les_axes_qu_elle_declare(systeme: Any) -> None:
    simulation = SimulationBuilder().build_default_simulation(systeme, 1)
    loi = droit_au(simulation.persons, numpy.array(["2024-07-01"], dtype="datetime64[D]"))
    tables = [
        noeud
        for noeud in systeme.parameters.get_descendants()
        if "axes" in noeud.metadata and not isinstance(noeud, Parameter)
    ]
    noms = {noeud.name for noeud in tables}
    tetes = [noeud for noeud in tables if noeud.name.rpartition(".")[0] not in noms]
    assert len(tetes) >= 10
    for tete in tetes:
        cles = [
            EnumArray(numpy.zeros(1, "u1"), AXES[axe]) if axe in AXES else numpy.ones(1, int)
            for axe in tete.metadata["axes"]
        ]
        noeud = loi
        for nom in tete.name.split("."):
            noeud = getattr(noeud, nom)
        # Some files hold several tables of the same axes, one a child.
        sous_tables = ["p30", "p50", "p90", "p95", "activite_pmt", "activite_pfa", "tranche_pmt"]
        sous_tables += ["objectif_pmt", "installation_pmt"]
        presentes = [nom for nom in sous_tables if nom in tete.children]
        for table in [getattr(noeud, nom) for nom in presentes] or [noeud]:
            assert len(table.lire(*cles, sinon=0)) == 1


def test_une_lecture_a_une_alternative_du_meme_genre_et_differente() -> None:
    lectures = BASE.parameters.lectures.children
    assert len(lectures) == 20  # the 21 of the specification less the date of the reform
    for lecture in lectures.values():
        alternative = lecture.metadata["alternative"]
        for valeur in lecture.values_list:
            if valeur.value is not None:
                assert valeur.value != alternative
        if lecture.metadata["unit"] == "mention":
            assert alternative in lecture.metadata["valeurs"]


def test_une_valeur_de_la_convention_porte_sa_propre_reference() -> None:
    montant = CONVENTION.parameters.aide.montant.un_etp.par_defaut.rang_1
    assert [(v.instant_str, v.value) for v in montant.values_list] == [
        ("2024-06-22", 38000),
        ("2019-08-20", 36000),
    ]
    assert [r["source"] for r in montant.metadata["reference"]["2024-06-22"]] == ["S003", "AME24"]
    assert montant.metadata["confiance"] == {"2019-08-20": "extrait", "2024-06-22": "integral"}


def test_ce_qui_n_est_pas_publie_est_absent() -> None:
    p50 = BASE.parameters.patientele.pfa.p50
    assert set(p50.children) == {"generaliste"}
    assert "cardiologue" not in BASE.parameters.patientele.pmt.p30.children
    assert "un_et_demi_etp" not in BASE.parameters.aide.montant.children


def test_le_registre_des_autres_lectures_dit_les_deux_cotes() -> None:
    registre = yaml.safe_load((PAQUET / "textes/lectures.yaml").read_text("utf-8"))
    identifiants = [entree["id"] for entree in registre]
    assert len(set(identifiants)) == len(identifiants)
    assert not set(identifiants) & set(BASE.parameters.lectures.children)
    for entree in registre:
        assert set(entree) == {"id", "question", "lecture", "alternative", "sources"}
        assert all(entree.values())
