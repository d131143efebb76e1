"""The model against its twin, written by hand for speed: cell by cell, under both laws."""

from typing import Any

import numpy
import pytest
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import SimulationBuilder

from benchmarks.jumeau import SORTIES_ANNUELLES, SORTIES_PERMANENTES, calculer
from benchmarks.medecins import colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

ANNEES = range(2020, 2031)
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
TAUX = ("taux_atteinte_pmt", "taux_atteinte_pfa", "part_aide_versee")
TOLERANCE = 1e-9
SORTIES = [
    *((nom, None) for nom in SORTIES_PERMANENTES),
    *((nom, annee) for annee in ANNEES for nom in SORTIES_ANNUELLES),
]


def simuler(systeme: Any, donnees: dict[Any, Any], nombre: int) -> Any:
    """A simulation of the model whose inputs are these columns."""
    simulation = SimulationBuilder().build_default_simulation(systeme, nombre)
    for cle, colonne in donnees.items():
        nom, periode = cle if isinstance(cle, tuple) else (cle, "ETERNITY")
        variable = systeme.get_variable(nom)
        if variable.value_type is Enum:
            colonne = EnumArray(colonne, variable.possible_values)
        else:
            assert colonne.dtype == variable.dtype, nom
        simulation.set_input(nom, periode, colonne)
    return simulation


def verifier(donnees: dict[Any, Any], sous_la_convention: bool) -> None:
    nombre = len(donnees["date_signature"])
    modele = simuler(CONVENTION if sous_la_convention else BASE, donnees, nombre)
    jumeau = calculer(donnees, ANNEES, convention_2024=sous_la_convention)
    assert set(jumeau) == set(SORTIES)
    for nom, annee in SORTIES:
        periode = "ETERNITY" if annee is None else annee
        attendu = numpy.asarray(modele.calculate(nom, periode)).view(numpy.ndarray)
        obtenu = jumeau[nom, annee]
        # Counts, codes and money are the same to the last bit.
        marge = TOLERANCE if nom in TAUX else 0
        fautifs = numpy.flatnonzero(~(abs(obtenu.astype(float) - attendu) <= marge))
        if fautifs.size:
            premier = fautifs[0]
            saisie = {
                cle: colonne[premier]
                for cle, colonne in donnees.items()
                if not isinstance(cle, tuple) or annee in (None, cle[1], cle[1] + 1)
            }
            pytest.fail(
                f"{nom}, {annee} : {obtenu[premier]} au lieu de {attendu[premier]}, "
                f"{fautifs.size} médecins, dont {saisie}"
            )


@pytest.mark.long
@pytest.mark.parametrize("sous_la_convention", [False, True], ids=["base", "convention_2024"])
@pytest.mark.parametrize("rares", [None, 0.5], ids=["plausibles", "aux_bords"])
def test_le_jumeau_et_le_modele_s_accordent(sous_la_convention: bool, rares: float | None) -> None:
    verifier(colonnes(20_000, ANNEES, graine=1, rares=rares), sous_la_convention)


def test_une_annee_seule_vaut_la_meme_annee_parmi_d_autres() -> None:
    donnees = colonnes(1_000, ANNEES, graine=3, rares=0.3)
    ensemble = calculer(donnees, ANNEES, convention_2024=True)
    for annees in ([2021], [2028, 2024]):
        for cle, obtenu in calculer(donnees, annees, convention_2024=True).items():
            numpy.testing.assert_array_equal(obtenu, ensemble[cle])
