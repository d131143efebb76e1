"""The Flask application: each request has its time, and a fault is told without what it quotes."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from openfisca_assistant_medical.web import delai, journal
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse


class Service(Flask):
    """The application of the service.

    Args:
        nom: import name, where templates and files are.
        configuration: settings.
    """

    def __init__(self, nom: str, configuration: Configuration) -> None:
        super().__init__(nom, static_folder=None)
        self._delai = configuration.delai
        self.config["MAX_CONTENT_LENGTH"] = configuration.octets
        self.config["SOURCES"] = configuration.sources
        sauts = configuration.mandataires
        self._entree = ProxyFix(super().wsgi_app, x_for=sauts, x_proto=sauts, x_host=sauts)

    def wsgi_app(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """One request, seen as the proxies in front received it; as it came where there is none."""
        return self._entree(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        """What the address answers, within its time."""
        try:
            with delai.Limite(self._delai):
                return super().dispatch_request()
        except delai.Depasse:
            raise trop_long(self._delai) from None

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Write a fault down, without what it quotes."""
        journal.noter(exc_info[1])


def trop_long(secondes: float) -> Refuse:
    """Refusal of what could not be done in time."""
    return Refuse(
        503,
        f"La réponse a demandé plus de {secondes:g} s, et le calcul a été arrêté : demander moins "
        "de médecins, d’années ou de résultats à la fois, ou réessayer plus tard.",
        entetes={"Retry-After": "5"},
    )
