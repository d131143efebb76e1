"""`POST …/trace`: every step of a computation, as OpenFisca gives them."""

from typing import Any

from flask import Blueprint, Response
from openfisca_core.tracers import FlatTrace

from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.web import corps, simulations
from openfisca_assistant_medical.web.api.demandes import MEDECINS_AU_PLUS, sans_parametre
from openfisca_assistant_medical.web.api.reponses import clair, deja_clair
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lecture import SituationLue
from openfisca_assistant_medical.web.lois import Loi

# Each with its own steps: a century of every variable would be millions of them.
RESULTATS_AU_PLUS = 1_000


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add `trace` to a law."""

    def trace() -> Response:
        sans_parametre()
        lue = corps.lire_une_situation(loi.systeme, configuration)
        if lue.nombre > MEDECINS_AU_PLUS:
            recu, attendu = f"{lue.nombre} médecins", f"de 1 à {MEDECINS_AU_PLUS} médecins"
            raise Refuse(
                400,
                "Une trace donne chaque étape pour chaque médecin : en demander moins à la fois.",
                [Erreur(loi.systeme.person_entity.plural, recu, attendu)],
            )
        if (demandes := _demandes(lue)) > RESULTATS_AU_PLUS:
            raise Refuse(
                400,
                "Une trace donne chaque étape de chaque résultat : demander moins d’années ou de "
                "variables à la fois.",
                [
                    Erreur(
                        "situation",
                        f"{demandes} résultats demandés",
                        f"au plus {RESULTATS_AU_PLUS} résultats, un par médecin, par variable et "
                        "par période",
                    )
                ],
            )
        return deja_clair(tracer(loi.systeme, lue))

    blueprint.add_url_rule("/trace", "trace", trace, methods=["POST"])


def _demandes(lue: SituationLue) -> int:
    """Results asked, each of one doctor or practice at one period."""
    return sum(len(c.demandes) for colonnes in lue.colonnes.values() for c in colonnes)


def tracer(systeme: Any, lue: SituationLue) -> dict[str, Any]:
    """The steps that lead to each result asked, under the keys of OpenFisca's own answer.

    Args:
        systeme: the law.
        lue: the situation; it is not changed.
    """
    simulation = simulations.simuler(systeme, [lue])
    simulation.trace = True
    demandes = []
    for entite, objets in lue.situation.items():
        colonnes = {(c.variable.name, c.cle): c for c in lue.colonnes[entite]}
        for objet in objets.values():
            for nom, valeurs in objet.items():
                for cle in (c for c, v in valeurs.items() if v is None) if nom != "membres" else ():
                    demandes.append(f"{nom}<{cle}>")
                    simulation.calculate(nom, colonnes[nom, cle].periode)
    etapes = FlatTrace(simulation.tracer).get_trace()
    return {
        "trace": {nom: _etape(etape) for nom, etape in etapes.items()},
        "entitiesDescription": simulation.describe_entities(),
        "requestedCalculations": demandes,
    }


def _etape(etape: dict[str, Any]) -> dict[str, Any]:
    valeurs = simulations.en_clair(etape["value"])
    return {**etape, "value": valeurs, "parameters": clair(etape["parameters"])}
