"""OpenFisca's Web API for two laws, and what is asked once for both.

Each law has a blueprint: the convention of 2024 under `/api`, the law of 2023 under its own name.
Every module of this package that answers for one law has `ajouter(blueprint, loi, configuration)`.
"""

from flask import Blueprint, Flask

from openfisca_assistant_medical.web.api import (
    accueil,
    adresses,
    calcul,
    catalogue,
    commun,
    expliquer,
    trace,
)
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import Loi, convention, reglement

RACINE = "/api"
_PAR_LOI = (accueil, calcul, trace, catalogue, expliquer)


def prefixes() -> dict[str, Loi]:
    """The law that answers under each prefix, the default first."""
    autre = reglement()
    return {RACINE: convention(), f"{RACINE}/{autre.cle}": autre}


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Add the addresses of the API to the application."""
    app.url_map.merge_slashes = False  # `//` is another address, not a redirection
    for prefixe, loi in prefixes().items():
        blueprint = Blueprint(loi.cle, __name__, url_prefix=prefixe)
        for module in _PAR_LOI:
            module.ajouter(blueprint, loi, configuration)
        app.register_blueprint(blueprint)
    commun.inscrire(app, configuration)
    adresses.inscrire(app)
