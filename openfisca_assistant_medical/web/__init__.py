"""The service: OpenFisca's Web API behind a strict front door, and the page of the simulator."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from openfisca_assistant_medical.web import api, entetes, erreurs, journal, openapi, simulateur
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
    api.inscrire(app, reglages)
    openapi.inscrire(app, reglages)
    simulateur.inscrire(app, reglages)
    if (sauts := reglages.mandataires) > 0:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=sauts, x_proto=sauts, x_host=sauts
        )
    return app
