"""Servers to measure behind the same workers: `python -m benchmarks.serveurs echo PORT 2 16`."""

import logging
import sys

import flask

from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.journal import NOM
from openfisca_assistant_medical.web.lois import convention
from openfisca_assistant_medical.web.serveur import prete, servir


def echo(configuration: Configuration) -> flask.Flask:
    """Sends back the body it receives, read and written as JSON."""
    app = flask.Flask("echo")
    app.add_url_rule("/sante", "sante", lambda: "")
    app.add_url_rule(
        "/api/calculate",
        "calculate",
        lambda: flask.jsonify(flask.request.get_json()),
        methods=["POST"],
    )
    return app


def openfisca(configuration: Configuration) -> flask.Flask:
    """Stock OpenFisca under the convention."""
    from openfisca_web_api.app import create_app

    app: flask.Flask = create_app(convention().systeme)
    app.add_url_rule("/api/calculate", view_func=app.view_functions["calculate"], methods=["POST"])
    app.add_url_rule("/sante", "sante", lambda: "")
    return app


GENRES = {"echo": echo, "openfisca": openfisca, "service": prete}

if __name__ == "__main__":
    genre, port, processus, fils = sys.argv[1:]
    logging.getLogger(f"{NOM}.acces").setLevel(logging.WARNING)
    servir(Configuration(port=int(port), processus=int(processus), fils=int(fils)), GENRES[genre])
