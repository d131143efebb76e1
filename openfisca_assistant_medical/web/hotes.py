"""The names under which the service answers: what it says of itself in an answer is one of them."""

from flask import Flask, request
from werkzeug.sansio.utils import host_is_trusted

from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse

# Those who watch the process ask it by its address, and nothing of it is in the answer.
_SANS_NOM = ("/sante", "/pret")


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Refuse a request under another name, where the settings say which ones are right."""

    def refuser() -> None:
        if request.path not in _SANS_NOM and not host_is_trusted(request.host, configuration.hotes):
            raise Refuse(
                400,
                "Ce service ne répond pas à ce nom.",
                [Erreur("Host", montrer(request.host), ", ".join(configuration.hotes))],
            )

    if configuration.hotes:
        app.before_request(refuser)
