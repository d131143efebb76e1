"""What the files of parameters hold: their schema, and figures that are one of a kind."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

PAQUET = Path(openfisca_assistant_medical.__file__).parent
TESTS = Path(__file__).parent
BASE_DIR, SURCOUCHE_DIR = PAQUET / "parameters", PAQUET / "reforms/convention_2024/parameters"
ESTIMES_DIR = PAQUET / "reforms/objectifs_estimes"
COLLECTIF_DIR = PAQUET / "reforms/aide_collective_2026/parameters"
FICHIERS = sorted(
    fichier
    for dossier in (BASE_DIR, SURCOUCHE_DIR, ESTIMES_DIR, COLLECTIF_DIR)
    for fichier in dossier.rglob("*.yaml")
)
SCHEMA = json.loads((TESTS / "schema_parametres.json").read_text("utf-8"))
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: str(f.relative_to(PAQUET)))
def test_le_fichier_suit_le_schema(fichier: Path) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(fichier.read_text("utf-8")))


@pytest.mark.parametrize(
    ("faute", "lieu"),
    [
        ({"values": {"2019-8-20": {"value": 1}}}, "2019-8-20"),
        ({"values": {"2019-08-20": {"valeur": 1}}}, "valeur"),
        ({"metadata": {"unité": "currency"}}, "unité"),
        ({"metadata": {"last_value_still_valid_on": "2024-09"}}, "2024-09"),
        ({"metadata": {"last_value_still_valid_on": 2024}}, "2024"),
        ({"metadata": {"annonce_le": "mai 2026"}}, "mai 2026"),
        ({"metadata": {"confiance": {"2019-08-20": "sûr"}}}, "sûr"),
        ({"metadata": {"hypothese": "oui"}}, "oui"),
        ({"metadata": {"reference": {"2019-08-20": []}}}, "[]"),
        ({"Rang_1": {"values": {"2019-08-20": {"value": 1}}}}, "Rang_1"),
    ],
)
def test_le_schema_refuse_une_faute_plantee(faute: dict[str, Any], lieu: str) -> None:
    with pytest.raises(jsonschema.ValidationError, match=lieu.replace("[", r"\[")):
        jsonschema.Draft202012Validator(SCHEMA).validate({"description": "Essai", **faute})


def test_le_schema_admet_le_jour_d_une_validite() -> None:
    metadonnees = {"metadata": {"last_value_still_valid_on": "2024-09-01"}}
    jsonschema.Draft202012Validator(SCHEMA).validate({"description": "Essai", **metadonnees})


@pytest.mark.parametrize("systeme", [BASE, CONVENTION], ids=["base", "convention_2024"])
def test_un_acompte_est_verse_dans_l_annee(systeme: Any) -> None:
    # Payments are looked for in the contract years of this calendar year and the one before.
    delai = systeme.parameters.versement.delai_acompte
    assert all(0 <= valeur.value < 12 for valeur in delai.values_list)


def test_les_lectures_sont_toutes_la() -> None:
    # The 21 of the specification less the date of the reform.
    assert len(BASE.parameters.lectures.children) == 20


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
