"""The notebook runs, and gives what a computation of its own gives."""

import importlib.util
import tempfile
from pathlib import Path
from typing import Any

import pytest

from openfisca_assistant_medical.lois import loi
from openfisca_assistant_medical.population import calculer, engendrer
from openfisca_assistant_medical.population.table.tables import ouvrir

RACINE = Path(__file__).parents[1]
CARNET = RACINE / "notebooks" / "reforme.py"
HAUSSE = RACINE / "examples" / "reformes" / "hausse_annee_3.yaml"


@pytest.mark.long
def test_le_carnet_donne_le_cout_de_la_reforme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    description = importlib.util.spec_from_file_location("carnet", CARNET)
    assert description is not None
    assert description.loader is not None
    carnet: Any = importlib.util.module_from_spec(description)
    description.loader.exec_module(carnet)
    _, valeurs = carnet.app.run()
    assert list(tmp_path.glob("**/*.yaml")) == []
    # Doctor by doctor, under the file of the examples, which the notebook copies.
    table, annees = ouvrir(engendrer(2_000, 1)), range(2026, 2030)
    attendu = dict.fromkeys(annees, 0.0)
    for nom, signe in ((f"convention_2024+{HAUSSE}", 1), ("convention_2024", -1)):
        systeme = loi(nom)[1]
        for partition in table.partitions():
            for bloc in table.blocs(partition, systeme):
                sorties = calculer(systeme, bloc.colonnes, ("aide_due",), annees)
                for annee in annees:
                    attendu[annee] += signe * float(sorties["aide_due", annee].sum())
    lignes = {ligne["annee"]: ligne["aide_due"] for ligne in valeurs["cout"].to_pylist()}
    assert lignes == {annee: pytest.approx(montant) for annee, montant in attendu.items()}
    # From 2027 on only.
    assert lignes[2026] == 0
    assert all(lignes[annee] > 0 for annee in (2027, 2028, 2029))
    gagnants = valeurs["gagnants"].to_pylist()
    assert {ligne["modalite"] for ligne in gagnants} >= {"demi_etp", "un_etp"}
    perdants = [ligne["lignes"] for ligne in gagnants if ligne["groupe"] == "perdants"]
    assert set(perdants) == {0}
