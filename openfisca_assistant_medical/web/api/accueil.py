"""Welcome of the API: the law it answers for, and where to go."""

from typing import Any

from flask import Blueprint, Response, url_for

from openfisca_assistant_medical.web.api.reponses import en_json
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import Loi, version_du_paquet


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add the root of a law."""

    def accueil() -> Response:
        return en_json(_bienvenue(loi))

    blueprint.add_url_rule("/", "accueil", accueil, strict_slashes=False)


def _bienvenue(loi: Loi) -> dict[str, Any]:
    return {
        "bienvenue": "API de l’aide à l’emploi d’un assistant médical : elle ne garde rien de ce "
        "qu’on lui envoie. Lire d’abord la documentation.",
        "version": version_du_paquet(),
        "loi": {"cle": loi.cle, "titre": loi.titre},
        "documentation": url_for("documentation", _external=True),
        "openapi": url_for("openapi", _external=True),
        "versions": url_for("versions", _external=True),
    }
