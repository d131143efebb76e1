"""The model over a population, against its twin in hand-written NumPy.

Same inputs, same outputs, both laws. The model goes through `population.calculer`; the twin is
called once on whole columns.
"""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import jumeau
from benchmarks.medecins import Colonnes, colonnes
from benchmarks.mesure import Mesure, en_milliers, pic_de_memoire, rapports, rondes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

ANNEES = range(2024, 2029)
SORTIES = (*jumeau.SORTIES_PERMANENTES, *jumeau.SORTIES_ANNUELLES)
# Times the twin: what the model aims at, by number of doctors, and what it had reached when these
# lines were written, which the guard watches over.
CIBLES = {1: 10.0, 100_000: 1.35, 1_000_000: 1.25}
ATTEINTS = {1: 6.5, 100_000: 2.3}
CIBLE_MEMOIRE = 1.2
TROIS = ("aide_due", "part_aide_versee", "depense_annuelle")
LOIS = ("base", "convention_2024")


def systemes() -> dict[str, Any]:
    """The two laws, by name."""
    base = CountryTaxBenefitSystem()
    return {"base": base, "convention_2024": convention_2024(base)}


def paires(
    lois: dict[str, Any], medecins: Colonnes
) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Model and twin on the same doctors, by law."""

    def paire(nom: str) -> tuple[Callable[[], object], Callable[[], object]]:
        return (
            lambda: calculer(lois[nom], medecins, SORTIES, ANNEES),
            lambda: jumeau.calculer(medecins, ANNEES, convention_2024=nom != "base"),
        )

    return {nom: paire(nom) for nom in lois}


def vitesse(nombre: int, rondes_voulues: int, cibles: Mapping[int, float] = CIBLES) -> list[Mesure]:
    """Time of the model over that of the twin, for a number of doctors, under each law."""
    cas: dict[str, Callable[[], object]] = {}
    for loi, (modele, double) in paires(systemes(), colonnes(nombre, ANNEES)).items():
        cas |= {f"modèle, {loi}": modele, f"jumeau, {loi}": double}
    temps = rondes(cas, rondes_voulues)
    mesures = []
    for loi in LOIS:
        quoi = f"{loi}, {_medecins(nombre)} × {len(ANNEES)} années"
        mesures += [
            Mesure(f"jumeau, {quoi}", temps[f"jumeau, {loi}"], "s"),
            Mesure(f"modèle, {quoi}", temps[f"modèle, {loi}"], "s"),
            Mesure(
                f"modèle sur jumeau, {quoi}",
                rapports(temps, f"modèle, {loi}", f"jumeau, {loi}"),
                cible=cibles.get(nombre),
            ),
        ]
    return mesures


def memoire(nombre: int) -> list[Mesure]:
    """Peak of memory of the model over that of the twin, the same outputs being kept."""
    mesures = []
    for loi, (modele, double) in paires(systemes(), colonnes(nombre, ANNEES)).items():
        modele()  # what is made once: tables of the law, counts of demands
        quoi = f"{loi}, {_medecins(nombre)} × {len(ANNEES)} années"
        pic, repere = pic_de_memoire(modele), pic_de_memoire(double)
        mesures += [
            Mesure(f"pic du jumeau, {quoi}", [repere / 1e6], "Mo"),
            Mesure(f"pic du modèle, {quoi}", [pic / 1e6], "Mo"),
            Mesure(f"mémoire, modèle sur jumeau, {quoi}", [pic / repere], cible=CIBLE_MEMOIRE),
        ]
    return mesures


def memoire_par_morceaux(morceaux: int, taille: int = 50_000) -> list[Mesure]:
    """Peak of memory with three outputs and a table read by pieces, over that of one piece."""
    loi = systemes()["convention_2024"]

    def lire(nombre: int) -> None:
        total = 0.0
        for graine in range(nombre):
            medecins = colonnes(taille, ANNEES, graine=graine)
            total += calculer(loi, medecins, TROIS, ANNEES)["depense_annuelle", ANNEES[-1]].sum()

    lire(1)
    un, tous = pic_de_memoire(lambda: lire(1)), pic_de_memoire(lambda: lire(morceaux))
    return [
        Mesure(f"pic pour {_medecins(taille)}, trois sorties", [un / 1e6], "Mo"),
        Mesure(
            f"mémoire, {_medecins(morceaux * taille)} par morceaux sur un morceau",
            [tous / un],
            cible=1.05,
        ),
    ]


def _medecins(nombre: int) -> str:
    quoi = "médecin" if nombre == 1 else "médecins"
    return f"{en_milliers(nombre)} {quoi}"
