"""Explanations of results: they come from the computation itself, and say all it rests on."""

from fractions import Fraction
from typing import Any

import pytest
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.tracabilite.explication import Explicable
from tests.medecins_au_hasard import medecins
from tests.rejeu import feuille, feuilles, figure, rejouer
from tests.test_lecture_independante import situation

BASE = CountryTaxBenefitSystem()
LOIS = {"base": BASE, "convention_2024": convention_2024(BASE)}


def explicable(loi: str, tirage: list[dict[str, Any]]) -> tuple[Explicable, list[int]]:
    """Drawn doctors under a law, and their ranks among the members of their practices."""
    simulation = SimulationBuilder().build_from_entities(LOIS[loi], situation(tirage))
    noms = list(simulation.persons.ids)
    return Explicable(simulation), [noms.index(f"m{rang}") for rang in range(len(tirage))]


def ecarts(loi: str, rapport: dict[str, Any]) -> list[str]:
    """Steps whose arithmetic does not give their value, and figures that are not the law's."""
    fautes = []
    for etape in rapport["etapes"]:
        ou = f"{etape['variable']}@{etape['periode']}"
        if etape["calcul"] is None:
            fautes.append(f"{ou} : {etape['obstacle']}")
            continue
        attendu, rejoue = feuille(etape["valeur"]), rejouer(etape["calcul"])
        if not _egal(rejoue, attendu):
            fautes.append(f"{ou} : {rejoue} rejoué, {attendu} annoncé")
        for lue in feuilles(etape["calcul"]):
            publiee = lue["genre"] == "parametre" and lue["parametre"] is not None
            if publiee and figure(LOIS[loi], lue) != lue["valeur"]:
                fautes.append(f"{ou} : {lue}")
    return fautes


def _egal(rejoue: Any, attendu: Any) -> bool:
    if isinstance(attendu, Fraction):
        return abs(Fraction(rejoue) - attendu) < Fraction(1, 10**9)
    return bool(rejoue == attendu)


@pytest.mark.parametrize("loi", LOIS)
def test_rejouer_l_arithmetique_montree_redonne_chaque_resultat(loi: str) -> None:
    tirage = medecins(20, 60)
    calcul, rangs = explicable(loi, tirage)
    rejouees = 0
    fautes = []
    for tour, rang in enumerate(rangs):
        annee = tirage[tour]["date_signature"].year + tour % 6 if tour % 9 else 2025
        for variable in ("aide_due", "depense_annuelle", "aide_maximale_plancher"):
            rapport = calcul.expliquer(variable, min(annee, 2033), rang)
            rejouees += len(rapport["etapes"])
            fautes += ecarts(loi, rapport)
    assert not fautes, f"{len(fautes)} fautes, dont :\n" + "\n".join(fautes[:8])
    assert rejouees > 2000
