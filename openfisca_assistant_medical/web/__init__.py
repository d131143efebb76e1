"""The service: OpenFisca's Web API behind a strict front door, and the page of the simulator."""

from flask import Flask

from openfisca_assistant_medical.web import api, openapi, simulateur
from openfisca_assistant_medical.web.configuration import Configuration

__all__ = ["Configuration", "creer"]


def creer(configuration: Configuration | None = None) -> Flask:
    """The WSGI application.

    Args:
        configuration: settings; None = the defaults.
    """
    reglages = configuration or Configuration()
    app = Flask("openfisca_assistant_medical.web", static_folder=None)
    api.inscrire(app, reglages)
    openapi.inscrire(app, reglages)
    simulateur.inscrire(app, reglages)
    return app
