r"""The front door of the service, in front of stock `openfisca serve`.

    gunicorn --worker-class gthread --threads 4 --timeout 60 \
        "openfisca_assistant_medical.web.garde:application('convention_2024')"

What stock OpenFisca would hang on, or misread, is refused before it; what it is given is canonical;
its answers have ISO dates and no NaN, and its own faults say nothing of what they quote.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

from openfisca_assistant_medical.lois import loi
from openfisca_assistant_medical.web import corps, delai, journal
from openfisca_assistant_medical.web.application import trop_long
from openfisca_assistant_medical.web.configuration import Configuration, lire_configuration
from openfisca_assistant_medical.web.entetes import SECURITE
from openfisca_assistant_medical.web.erreurs import JSON, Refuse, echec
from openfisca_assistant_medical.web.json_strict import analyser

_GARDEES = ("/calculate", "/trace")
# Stock OpenFisca goes through every doctor for each one: a thousand take it seconds.
MEDECINS = 1_000
_ECHEC = 500


class Garde:
    """A WSGI application that stands before another.

    Args:
        application: stock OpenFisca's, of `openfisca_web_api.app.create_app`.
        systeme: the law that it computes.
        configuration: limits of a request; None = the defaults.
    """

    def __init__(
        self, application: Any, systeme: Any, configuration: Configuration | None = None
    ) -> None:
        self._application = application
        self._systeme = systeme
        reglages = configuration or Configuration()
        self._configuration = replace(reglages, medecins=min(reglages.medecins, MEDECINS))

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """One request."""
        try:
            with delai.Limite(self._configuration.delai):
                reponse = self._repondre(environ)
        except delai.Depasse:
            reponse = _refus(trop_long(self._configuration.delai))
        except Refuse as refus:
            reponse = _refus(refus)
        except Exception as erreur:
            journal.noter(erreur)
            reponse = _refus(echec())
        reponse.headers.update(SECURITE)
        return reponse(environ, start_response)

    def _repondre(self, environ: dict[str, Any]) -> Response:
        requete = Request(environ)
        gardee = requete.path.rstrip("/") in _GARDEES and requete.method == "POST"
        if gardee:
            environ = self._canonique(requete)
        reponse = Response.from_app(self._application, environ, buffered=True)
        if reponse.status_code >= _ECHEC:
            raise echec()
        if gardee and reponse.status_code == 200:
            reponse.set_data(self._propre(reponse.get_data()))
        return reponse

    def _canonique(self, requete: Request) -> dict[str, Any]:
        """The request with its situation checked, in its canonical form."""
        reglages = self._configuration
        brut = analyser(corps.octets(requete, reglages), reglages.profondeur)
        situation = json.dumps(corps.situation(brut, self._systeme, reglages)).encode()
        environ = {cle: v for cle, v in requete.environ.items() if not cle.startswith("werkzeug.")}
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        return environ | {
            "wsgi.input": BytesIO(situation),
            "CONTENT_LENGTH": str(len(situation)),
            "CONTENT_TYPE": JSON,
            "PATH_INFO": environ["PATH_INFO"].rstrip("/"),
        }

    def _propre(self, octets: bytes) -> bytes:
        """An answer with ISO dates, and null for what is not a number."""
        donnees = json.loads(octets, parse_constant=lambda _: None)
        if "trace" in donnees:
            for nom, etape in donnees["trace"].items():
                if self._de_dates(nom.partition("<")[0]):
                    etape["value"] = [_iso(jour) for jour in etape["value"]]
        else:
            for objets in donnees.values():
                for nom, valeurs in (paire for objet in objets.values() for paire in objet.items()):
                    if self._de_dates(nom):
                        valeurs |= {periode: _iso(jour) for periode, jour in valeurs.items()}
        return json.dumps(donnees, ensure_ascii=False, allow_nan=False).encode() + b"\n"

    def _de_dates(self, nom: str) -> bool:
        variable = self._systeme.variables.get(nom)
        return variable is not None and variable.value_type is date


def _iso(jour: Any) -> Any:
    """An HTTP date, as stock OpenFisca writes days, as an ISO one."""
    if not isinstance(jour, str) or not jour.endswith("GMT"):
        return jour
    return parsedate_to_datetime(jour).date().isoformat()


def _refus(refus: Refuse) -> Response:
    reponse = Response(refus.octets(), refus.statut, content_type=JSON)
    reponse.headers.update(refus.entetes)
    return reponse


def application(nom: str = "convention_2024") -> Garde:
    """Stock OpenFisca under a law, guarded, for gunicorn; limits come from the environment.

    Args:
        nom: "base", or reforms laid in order, joined by "+".
    """
    from openfisca_web_api.app import create_app

    journal.preparer()
    _, systeme = loi(nom)
    return Garde(create_app(systeme), systeme, lire_configuration({}))
