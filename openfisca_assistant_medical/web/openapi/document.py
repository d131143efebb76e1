"""The OpenAPI document: everything in it comes from the model and from the application."""

from functools import cache
from typing import Any

from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.web.api import catalogue, prefixes
from openfisca_assistant_medical.web.api.demandes import MEDECINS_AU_PLUS
from openfisca_assistant_medical.web.api.reponses import clair
from openfisca_assistant_medical.web.api.trace import RESULTATS_AU_PLUS
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import convention, reglement, version_du_paquet
from openfisca_assistant_medical.web.openapi import (
    catalogues,
    demandes,
    operations,
    resultats,
    situations,
)
from openfisca_assistant_medical.web.openapi.chemins import chemins
from openfisca_assistant_medical.web.openapi.formes import Schema

_DESCRIPTION = """\
Calcule l’aide à l’emploi d’un assistant médical : éligibilité, montants, objectifs, part versée, \
dates, avec d’où vient chaque chiffre.

Deux lois répondent aux mêmes adresses : la convention de 2024 sous /api, le règlement arbitral de \
2023 sous /api/reglement-arbitral-2023.

Rien de ce qui est envoyé n’est gardé. Aucun texte officiel n’a pu être lu en entier : chaque \
chiffre dit jusqu’où sa source a été lue (confiance). Ce qui n’est pas connu est dit, et le \
résultat est alors favorable.

Le corps d’une requête est du JSON en UTF-8, de {octets} octets au plus, de {medecins} médecins au \
plus ; trace, expliquer et comparer en prennent {detailles}, et trace {resultats} résultats. Les \
dates sont en ISO, les nombres sans guillemets. Chaque adresse en GET répond aussi à HEAD, et \
toutes à OPTIONS. Un refus est en JSON, en français : le chemin du champ, ce qui a été reçu, ce \
qui est admis.
"""


@cache
def document(configuration: Configuration) -> dict[str, Any]:
    """The document, without its servers.

    Args:
        configuration: limits of the service.
    """
    contenu = {
        "openapi": "3.1.0",
        "info": {
            "title": "Aide à l’emploi d’un assistant médical",
            "version": version_du_paquet(),
            "summary": "Le modèle OpenFisca de l’aide conventionnelle, en API.",
            "description": _DESCRIPTION.format(
                octets=en_mots(configuration.octets),
                medecins=en_mots(configuration.medecins),
                resultats=en_mots(RESULTATS_AU_PLUS),
                detailles=en_mots(min(configuration.medecins, MEDECINS_AU_PLUS)),
            ),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "tags": [{"name": nom, "description": dit} for nom, dit in operations.TAGS.items()],
        "paths": chemins(),
        "components": {
            "schemas": _schemas(configuration),
            "responses": operations.refus(),
            "headers": operations.entetes(),
        },
    }
    return dict(clair(contenu))


def _schemas(configuration: Configuration) -> dict[str, Schema]:
    systeme = convention().systeme  # both laws have the same variables; a test holds it
    lois = [loi.description["id"] for loi in (reglement(), convention())]
    chiffres = {
        f"CheminDeParametre_{loi.cle}": {
            "type": "string",
            "enum": [p["id"] for p in catalogue.donnees(loi.cle)["parameters"].values()],
        }
        for loi in prefixes().values()
    }
    return {
        **situations.schemas(systeme, configuration.medecins),
        **demandes.schemas(systeme),
        **resultats.calculee(systeme),
        "Trace": resultats.trace(systeme),
        "Comparaison": resultats.rapport(systeme, lois),
        **resultats.explication(),
        **catalogues.schemas(systeme, [loi.cle for loi in prefixes().values()]),
        "NomDeVariable": {"type": "string", "enum": sorted(systeme.variables)},
        **chiffres,
    }
