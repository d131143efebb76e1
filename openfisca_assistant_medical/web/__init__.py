"""The service: OpenFisca's Web API behind a strict front door, and the page of the simulator."""

from flask import Flask

from openfisca_assistant_medical.web import (
    api,
    entetes,
    erreurs,
    hotes,
    journal,
    openapi,
    simulateur,
)
from openfisca_assistant_medical.web.application import Service
from openfisca_assistant_medical.web.configuration import Configuration

__all__ = ["Configuration", "creer"]


def creer(configuration: Configuration | None = None) -> Flask:
    """The WSGI application.

    Args:
        configuration: settings; None = the defaults.
    """
    reglages = configuration or Configuration()
    app = Service("openfisca_assistant_medical.web", reglages)
    journal.inscrire(app)
    entetes.inscrire(app, reglages)
    erreurs.inscrire(app)
    hotes.inscrire(app, reglages)
    api.inscrire(app, reglages)
    openapi.inscrire(app, reglages)
    simulateur.inscrire(app, reglages)
    return app
