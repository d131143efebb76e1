"""The model against an independent, exact, scalar reading of the specification.

Thousands of generated doctors, under both laws and under each other reading: unknowns, amendments,
terminations and declared bands included. Every variable, every year, to the cent.
"""

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy
import pytest
from openfisca_core import periods
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.lecture_independante import lire
from tests.medecins_au_hasard import medecins

ANNEES = range(2018, 2035)
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)


def situation(tirage: list[dict[str, Any]]) -> dict[str, Any]:
    """The generated doctors as a situation; each with the number of members of the practice."""
    personnes: dict[str, Any] = {}
    cabinets: dict[str, Any] = {}
    for rang, tire in enumerate(tirage):
        nom = f"m{rang}"
        personnes[nom] = {
            variable: (
                {str(an): _valeur(v) for an, v in valeur.items()}
                if isinstance(valeur, dict)
                else {"ETERNITY": _valeur(valeur)}
            )
            for variable, valeur in tire.items()
            if variable != "membres_du_cabinet"
        }
        confreres = [f"{nom}_{i}" for i in range(1, tire.get("membres_du_cabinet", 1))]
        personnes |= {confrere: {} for confrere in confreres}
        cabinets[f"c{rang}"] = {"membres": [nom, *confreres]}
    return {"medecins": personnes, "cabinets": cabinets}


def _valeur(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


# core reads a period again for each value, more than half of what a simulation costs to build.
_lue = cache(periods.period)


def calculer(systeme: Any, tirage: list[dict[str, Any]]) -> Any:
    """A function (variable, period) -> values of the drawn doctors, as Python objects."""
    donnees = situation(tirage)
    donnees["medecins"] = {
        nom: {v: {_lue(cle): un for cle, un in datees.items()} for v, datees in champs.items()}
        for nom, champs in donnees["medecins"].items()
    }
    simulation = SimulationBuilder().build_from_entities(systeme, donnees)
    index = {identifiant: rang for rang, identifiant in enumerate(simulation.persons.ids)}
    tires = [index[f"m{rang}"] for rang in range(len(tirage))]

    def valeurs(variable: str, periode: str) -> list[Any]:
        tableau = simulation.calculate(variable, _lue(periode))
        if isinstance(tableau, EnumArray):
            tableau = tableau.decode_to_str()
        return list(numpy.asarray(tableau)[tires].tolist())

    return valeurs


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
