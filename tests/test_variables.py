"""Habits of the house that hold of every variable."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import Variable

PAQUET = Path(openfisca_assistant_medical.__file__).parent
FICHIERS = sorted((PAQUET / "variables").rglob("[a-z]*.py"))
UNITES = {unite["name"] for unite in yaml.safe_load((PAQUET / "units.yaml").read_text("utf-8"))}
BASE = CountryTaxBenefitSystem()
VARIABLES = list(BASE.variables.values())


def litteraux(source: str) -> list[Any]:
    """Numbers other than 0 and 1 written in the formulas of a file."""
    formules = [
        noeud
        for noeud in ast.walk(ast.parse(source))
        if isinstance(noeud, ast.FunctionDef) and noeud.name.startswith("formula")
    ]
    return [
        constante.value
        for formule in formules
        for constante in ast.walk(formule)
        if isinstance(constante, ast.Constant)
        and type(constante.value) in (int, float)
        and constante.value not in (0, 1)
    ]


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: str(f.relative_to(PAQUET)))
def test_une_formule_n_a_pas_de_litteral(fichier: Path) -> None:
    assert litteraux(fichier.read_text("utf-8")) == []


def test_un_litteral_plante_est_trouve() -> None:
    source = "class a:\n    def formula(m, p):\n        return m('x', p) * 0.95 + 1 - 0\n"
    assert litteraux(source) == [0.95]


def choix_hors_de_selon(source: str) -> list[str]:
    """Choices made otherwise than by `selon`: one way to say it, and the only fast one."""
    return [
        noeud.func.attr
        for noeud in ast.walk(ast.parse(source))
        if isinstance(noeud, ast.Call)
        and isinstance(noeud.func, ast.Attribute)
        and noeud.func.attr in ("where", "select", "choose", "putmask", "copyto")
    ]


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: str(f.relative_to(PAQUET)))
def test_un_choix_se_dit_par_selon(fichier: Path) -> None:
    assert choix_hors_de_selon(fichier.read_text("utf-8")) == []


def test_un_choix_plante_est_trouve() -> None:
    source = "class a:\n    def formula(m, p):\n        return numpy.where(m('x', p) > 0, 1, 0)\n"
    assert choix_hors_de_selon(source) == ["where"]


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.name)
def test_une_variable_se_presente(variable: Any) -> None:
    assert isinstance(variable, Variable)
    assert variable.label
    if variable.is_input_variable():
        assert variable.documentation
    else:
        (formule,) = variable.formulas.values()
        assert formule.__doc__
    assert variable.unit is None or variable.unit in UNITES
    if variable.value_type is float:
        assert variable.unit


def test_les_entrees_et_les_regles_sont_rangees_a_part() -> None:
    for variable in VARIABLES:
        lieu = variable.introspection_data[0]
        assert ("/variables/situation/" in lieu) == variable.is_input_variable(), variable.name
