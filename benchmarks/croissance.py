"""How the cost grows: with the doctors, the years, the reforms laid one over the other."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.medecins import colonnes
from benchmarks.mesure import Mesure, en_milliers, rapports, rondes
from benchmarks.population import SORTIES, TROIS, systemes
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.reforms import lectures

ANNEES = range(2024, 2029)
TOUTES = range(2019, 2034)
MORCEAU = 1_000_000
NOMBRES = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
LECTURES = ("age_senior", "solde_negatif", "base_du_taux", "seuil_p30")


def _duree(fonction: Callable[[], object], fois: int) -> list[float]:
    fonction()
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        fonction()
        durees.append(time.perf_counter() - debut)
    return durees


def par_medecins(loi: Any, plafond: int) -> list[Mesure]:
    """Microseconds a doctor, five years; beyond a million, three outputs, piece by piece."""
    mesures = []
    for nombre in (n for n in NOMBRES if n <= plafond):
        medecins = colonnes(min(nombre, MORCEAU), ANNEES)
        sorties = SORTIES if nombre <= MORCEAU else TROIS

        def tout(medecins: Any = medecins, sorties: Any = sorties, nombre: int = nombre) -> None:
            for _ in range(-(-nombre // MORCEAU)):
                calculer(loi, medecins, sorties, ANNEES)

        durees = _duree(tout, 3 if nombre < MORCEAU else 1)
        titre = f"{en_milliers(nombre):>10} médecins"
        titre += " (trois sorties, par million)" if nombre > MORCEAU else ""
        mesures.append(Mesure(titre, [d / nombre * 1e6 for d in durees], "µs/médecin"))
    return mesures


def par_annees(loi: Any, nombre: int = 100_000) -> list[Mesure]:
    """Microseconds a doctor and a year, from one year to fifteen."""
    medecins = colonnes(nombre, TOUTES)
    mesures = []
    for annees in (1, 2, 3, 5, 10, 15):
        durees = _duree(partial(calculer, loi, medecins, SORTIES, TOUTES[-annees:]), 3)
        titre = f"{annees:>2} année{'s' if annees > 1 else ''}"
        par_annee = [duree / nombre / annees * 1e6 for duree in durees]
        mesures.append(Mesure(titre, par_annee, "µs/médecin/année"))
    return mesures


def par_reformes(loi: Any, nombre: int = 100_000) -> list[Mesure]:
    """Time under one to five reforms laid over one another, over that under the first."""
    medecins = colonnes(nombre, ANNEES)
    lois = {"1 réforme": loi}
    for rang, nom in enumerate(LECTURES, 2):
        loi = getattr(lectures, nom)(loi)
        lois[f"{rang} réformes"] = loi
    temps = rondes(
        {
            nom: partial(calculer, empilee, medecins, SORTIES, ANNEES)
            for nom, empilee in lois.items()
        },
        5,
    )
    return [Mesure(nom, rapports(temps, nom, "1 réforme")) for nom in lois]


def mesurer(plafond: int) -> list[Mesure]:
    """The three tables, one after the other."""
    loi = systemes()["convention_2024"]
    return [*par_medecins(loi, plafond), *par_annees(loi), *par_reformes(loi)]
