"""Headers of every answer: what a browser may do with it, which law and which version gave it."""

from flask import Flask, Response, request
from flask_cors import CORS

from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import (
    PAQUET,
    dernier_changement,
    par_cle,
    version_du_paquet,
)

# No inline script or style, nothing from elsewhere, no page of another site around ours.
_POLITIQUE = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_INUTILES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
)
# HSTS is left to the proxy: it knows whether the site is in TLS.
SECURITE = {
    "Content-Security-Policy": _POLITIQUE,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{nom}=()" for nom in _INUTILES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAQUET_SERVI, VERSION = "Country-Package", "Country-Package-Version"
LOI, DROIT = "Assistant-Medical-Loi", "Assistant-Medical-Droit"
_UN_JOUR = 86_400


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Set the headers of every answer, and what other sites may read."""
    if configuration.origines:
        app.after_request(_selon_l_origine)
        CORS(
            app,
            resources={r"/api(/.*)?": {"origins": list(configuration.origines)}},
            methods=["GET", "HEAD", "POST", "OPTIONS"],
            allow_headers=["Content-Type"],
            expose_headers=[PAQUET_SERVI, VERSION, LOI, DROIT],
            max_age=_UN_JOUR,
            vary_header=False,
        )
    app.after_request(poser)


def _selon_l_origine(reponse: Response) -> Response:
    """What a cache keeps for one site is not for another, nor for a request that names none."""
    if request.path == "/api" or request.path.startswith("/api/"):
        reponse.vary.add("Origin")
    return reponse


def poser(reponse: Response) -> Response:
    """The headers of one answer."""
    reponse.headers.extend(SECURITE)
    reponse.headers.add(PAQUET_SERVI, PAQUET)
    reponse.headers.add(VERSION, version_du_paquet())
    if loi := par_cle().get(request.blueprint or ""):
        reponse.headers.add(LOI, loi.cle)
        reponse.headers.add(DROIT, dernier_changement(loi.cle))
    if request.method == "POST" or reponse.status_code >= 400:
        reponse.headers["Cache-Control"] = "no-store"
    return reponse
