"""The OpenAPI document of the service, its reference page, and the page on versions."""

from flask import Flask, Response, request

from openfisca_assistant_medical.web.api.reponses import en_json
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.openapi import pages
from openfisca_assistant_medical.web.openapi.document import document


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Add `/api/openapi.json`, `/api/documentation` and `/api/versions` to the application."""

    def openapi() -> Response:
        serveurs = [{"url": request.url_root.removesuffix("/")}]
        return en_json({**document(configuration), "servers": serveurs})

    def documentation() -> str:
        return pages.documentation(configuration)

    def versions() -> str:
        return pages.versions()

    app.add_url_rule("/api/openapi.json", "openapi", openapi)
    app.add_url_rule("/api/documentation", "documentation", documentation)
    app.add_url_rule("/api/versions", "versions", versions)
