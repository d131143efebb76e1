"""A light start changes nothing of what is started; how long it takes is not tested here."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem, entities

PAQUET = Path(openfisca_assistant_medical.__file__).parent
LOURDS = ("openfisca_core", "numpy", "yaml", "pendulum", "flask", "icalendar")


def importes_par(instructions: str) -> set[str]:
    """Heavy packages that a fresh interpreter has imported at the end of these instructions."""
    suite = f"import sys; print('importés', *(m for m in {LOURDS} if m in sys.modules))"
    resultat = subprocess.run(
        [sys.executable, "-c", f"{instructions}\n{suite}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(resultat.stdout.splitlines()[-1].split()[1:])


# --- Imports --------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["calculer", "--help"],
        ["calendrier", "--help"],
        ["groupements", "--help"],
        ["--version"],
        ["exemples"],
        ["calcul"],
    ],
)
def test_ce_qui_ne_calcule_pas_n_importe_rien_de_lourd(arguments: list[str]) -> None:
    commande = f"from openfisca_assistant_medical.cli import main; main({arguments})"
    assert importes_par(commande) == set()


@pytest.mark.long
def test_le_paquet_seul_n_importe_rien_de_lourd_puis_donne_le_systeme() -> None:
    assert importes_par("import openfisca_assistant_medical") == set()
    systeme = "from openfisca_assistant_medical import CountryTaxBenefitSystem as s; s()"
    assert {"openfisca_core", "numpy", "yaml"} <= importes_par(systeme)


def test_le_paquet_ne_donne_que_ce_qu_il_annonce() -> None:
    assert "CountryTaxBenefitSystem" in dir(openfisca_assistant_medical)
    assert openfisca_assistant_medical.__all__ == ["CountryTaxBenefitSystem"]
    with pytest.raises(AttributeError, match="CountryTaxBenefitSysteme"):
        openfisca_assistant_medical.__getattr__("CountryTaxBenefitSysteme")


# --- Variables ------------------------------------------------------------------------------------


def test_les_variables_sont_celles_du_coeur_source_comprise() -> None:
    du_coeur = TaxBenefitSystem(entities.entities)
    # The place of a source is counted from the folder of the package.
    du_coeur.get_package_metadata = lambda: {"location": str(PAQUET.parent)}
    du_coeur.add_variables_from_directory(str(PAQUET / "variables"))
    systeme = CountryTaxBenefitSystem()
    assert systeme.get_package_metadata()["location"] == str(PAQUET.parent)
    assert set(systeme.variables) == set(du_coeur.variables)
    for nom, variable in systeme.variables.items():
        attendue = du_coeur.variables[nom].get_introspection_data()
        assert tuple(variable.get_introspection_data()) == attendue, nom
        assert tuple(variable.introspection_data) == attendue, nom


def test_un_clone_garde_les_sources() -> None:
    systeme = CountryTaxBenefitSystem()
    avant, apres = (s.variables["aide_due"].introspection_data for s in (systeme, systeme.clone()))
    assert tuple(avant) == tuple(apres)


def test_deux_systemes_ont_chacun_leurs_variables() -> None:
    un, autre = CountryTaxBenefitSystem(), CountryTaxBenefitSystem()
    assert type(un.variables["aide_due"]) is not type(autre.variables["aide_due"])


def test_un_fichier_de_variables_faux_est_nomme(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fichier = tmp_path / "fausse.py"
    fichier.write_text("class fausse(Variable): pass\n", "utf-8")
    with caplog.at_level(logging.ERROR), pytest.raises(NameError, match="Variable"):
        CountryTaxBenefitSystem().add_variables_from_file(str(fichier))
    assert str(fichier) in caplog.text


def test_une_variable_ajoutee_d_ailleurs_garde_sa_source(tmp_path: Path) -> None:
    source = (
        "from openfisca_core.periods import DateUnit\n"
        "from openfisca_core.variables import Variable\n"
        "from openfisca_assistant_medical.entities import Medecin\n\n\n"
        "class venue_d_ailleurs(Variable):\n"
        "    value_type = int\n"
        "    entity = Medecin\n"
        "    definition_period = DateUnit.YEAR\n"
    )
    (tmp_path / "sous").mkdir()
    (tmp_path / "sous" / "ailleurs.py").write_text(source, "utf-8")
    systeme = CountryTaxBenefitSystem()
    systeme.add_variables_from_directory(str(tmp_path))
    lieu, texte, ligne = systeme.variables["venue_d_ailleurs"].get_introspection_data()
    assert (Path(lieu).name, ligne) == ("ailleurs.py", 5)
    assert texte == source[source.index("class") :]
