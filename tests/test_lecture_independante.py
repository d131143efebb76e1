"""The model against an independent, exact, scalar reading of the specification.

Thousands of generated doctors, under both laws and under each other reading: unknowns, amendments,
terminations and declared bands included. Every variable, every year, to the cent.
"""

from fractions import Fraction
from typing import Any

import pytest

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.lecture_independante import lire
from tests.medecins_au_hasard import calculer, medecins, situation

ANNEES = range(2018, 2035)
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)


def ecarts(systeme: Any, tirage: list[dict[str, Any]], **loi: Any) -> list[str]:
    """Differences between the model and the independent reading, one line each."""
    attendus = [lire(tire, ANNEES, **loi) for tire in tirage]
    valeurs = calculer(systeme, tirage)
    trouves = []
    for variable, exemple in attendus[0].items():
        cles = list(exemple) if isinstance(exemple, dict) else [None]
        for cle in cles:
            periode = "ETERNITY" if cle is None else _periode(cle)
            for tire, attendu, obtenu in zip(
                tirage, attendus, valeurs(variable, periode), strict=True
            ):
                voulu = attendu[variable] if cle is None else attendu[variable][cle]
                if not _egal(voulu, obtenu):
                    trouves.append(f"{variable}@{periode}: {obtenu} ≠ {voulu} pour {tire}")
    return trouves


def _periode(cle: Any) -> str:
    return f"{cle[0]}-{cle[1]:02}" if isinstance(cle, tuple) else str(cle)


def _egal(voulu: Any, obtenu: Any) -> bool:
    # Money is the float64 nearest to the cent: exact equality. A rate is a quotient of counts.
    if isinstance(voulu, Fraction):
        return obtenu == float(voulu) or abs(obtenu - voulu) < Fraction(1, 10**12)
    return bool(voulu == obtenu)


@pytest.mark.parametrize("sous_la_convention", [False, True], ids=["base", "convention_2024"])
@pytest.mark.parametrize(
    "graine", [0, *(pytest.param(graine, marks=pytest.mark.long) for graine in range(1, 4))]
)
def test_le_modele_et_la_lecture_independante_s_accordent(
    graine: int, sous_la_convention: bool
) -> None:
    systeme = CONVENTION if sous_la_convention else BASE
    trouves = ecarts(systeme, medecins(graine, 500), convention_2024=sous_la_convention)
    assert not trouves, f"{len(trouves)} écarts, dont :\n" + "\n".join(trouves[:5])


@pytest.mark.long
@pytest.mark.parametrize("sous_la_convention", [False, True], ids=["base", "convention_2024"])
@pytest.mark.parametrize("lecture", lectures.LECTURES)
def test_chaque_autre_lecture_s_accorde_aussi(lecture: str, sous_la_convention: bool) -> None:
    if lecture == "entree_en_vigueur_2024" and not sous_la_convention:
        systeme, sous_la_convention = getattr(lectures, lecture)(BASE), True
    else:
        systeme = getattr(lectures, lecture)(CONVENTION if sous_la_convention else BASE)
    trouves = ecarts(
        systeme,
        medecins(100 + lectures.LECTURES.index(lecture), 150),
        convention_2024=sous_la_convention,
        alternatives=frozenset({lecture}),
    )
    assert not trouves, f"{len(trouves)} écarts, dont :\n" + "\n".join(trouves[:5])


def test_la_situation_des_medecins_tires_nomme_chaque_membre() -> None:
    donnees = situation([{"membres_du_cabinet": 3}, {}])
    assert donnees["cabinets"] == {
        "c0": {"membres": ["m0", "m0_1", "m0_2"]},
        "c1": {"membres": ["m1"]},
    }
