"""One request: a doctor over five years, as a Python simulation and through the Web API.

The yard-stick is a Flask application that sends back the body it receives, through the same test
client.
"""

import cProfile
import pstats
from typing import Any

import flask
from openfisca_core.populations import Population
from openfisca_core.simulations import SimulationBuilder
from openfisca_web_api.app import create_app

from benchmarks.mesure import Mesure, rapports, rondes
from openfisca_assistant_medical import CountryTaxBenefitSystem, exemples
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

ANNEES = range(2023, 2028)
# What a page about one contract asks for.
SORTIES = (
    *("rang_annee_contrat", "aide_maximale", "part_aide_versee", "aide_due"),
    *("acompte", "solde", "depense_annuelle"),
)


def situation() -> dict[str, Any]:
    """A persona that asks for each output of each year."""
    lue = exemples.situation("generaliste_deux_lois")
    for medecin in lue["medecins"].values():
        for nom in SORTIES:
            medecin[nom] = dict.fromkeys(map(str, ANNEES))
    return lue


def calculer(systeme: Any, demande: dict[str, Any]) -> Any:
    """What the Web API computes for the request, without the Web."""
    simulation = SimulationBuilder().build_from_entities(systeme, demande)
    for nom in SORTIES:
        for annee in ANNEES:
            simulation.calculate(nom, annee)
    return simulation


def mesurer(rondes_voulues: int) -> list[Mesure]:
    """Time of one request over that of an echo of the same body."""
    loi, demande = convention_2024(CountryTaxBenefitSystem()), situation()
    echo = flask.Flask("echo")
    echo.post("/")(lambda: flask.jsonify(flask.request.get_json()))
    repere, service = echo.test_client(), create_app(loi).test_client()
    assert service.post("/calculate", json=demande).status_code == 200

    def par_core() -> None:
        # The same simulation, whose formulas ask for each other through openfisca-core.
        simulation = SimulationBuilder().build_from_entities(loi, demande)
        simulation.persons.__class__ = Population
        for nom in SORTIES:
            for annee in ANNEES:
                simulation.calculate(nom, annee)

    temps = rondes(
        {
            "écho": lambda: repere.post("/", json=demande),
            "situation lue": lambda: SimulationBuilder().build_from_entities(loi, demande),
            "simulation": lambda: calculer(loi, demande),
            "simulation par le cœur": par_core,
            "/calculate": lambda: service.post("/calculate", json=demande),
        },
        rondes_voulues,
    )
    return [
        Mesure("écho", temps["écho"], "s"),
        *(
            Mesure(f"{nom}, sur l’écho", rapports(temps, nom, "écho"))
            for nom in temps
            if nom != "écho"
        ),
        Mesure(
            "simulation, sur la même par le cœur",
            rapports(temps, "simulation", "simulation par le cœur"),
        ),
    ]


def profil(lignes: int = 25) -> None:
    """Print where the time of a request goes."""
    loi, demande = convention_2024(CountryTaxBenefitSystem()), situation()
    calculer(loi, demande)
    releve = cProfile.Profile()
    for _ in range(20):
        releve.runcall(calculer, loi, demande)
    pstats.Stats(releve).sort_stats("tottime").print_stats(lignes)
