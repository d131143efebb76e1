"""The few files that pages load, each under an address that changes with its content."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from flask import Flask, Response, request

from openfisca_assistant_medical.web.erreurs import Refuse

TYPES = {
    "style.css": "text/css; charset=utf-8",
    "resultats.css": "text/css; charset=utf-8",
    "sans_trace.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "htmx.LICENSE.txt": "text/plain; charset=utf-8",
    "icone.svg": "image/svg+xml",
}
_TOUJOURS = "public, max-age=31536000, immutable"
_VERIFIER = "public, no-cache"


@cache
def _lu(nom: str) -> tuple[bytes, str]:
    """Content of a listed file, and the start of its hash."""
    octets = (files("openfisca_assistant_medical.web") / "statique" / nom).read_bytes()
    return octets, sha256(octets).hexdigest()[:16]


def adresse_de(nom: str) -> str:
    """Address of a listed file, which may be kept for ever."""
    return f"/statique/{nom}?v={_lu(nom)[1]}"


def inscrire(app: Flask) -> None:
    """Add `/statique/<nom>` to the application."""
    app.add_url_rule("/statique/<nom>", "statique", _servir)


def _servir(nom: str) -> Response:
    if nom not in TYPES:
        raise Refuse(404, f"Aucun fichier ne répond à /statique/{nom[:60]}.")
    octets, empreinte = _lu(nom)
    reponse = Response(octets, content_type=TYPES[nom])
    reponse.headers["Cache-Control"] = (
        _TOUJOURS if request.args.get("v") == empreinte else _VERIFIER
    )
    reponse.set_etag(empreinte)
    reponse.make_conditional(request)
    return reponse
