"""What the service writes down: which address answered what, how fast, and its own faults.

No body, no query string, no address of a client, and of an address only the rule that answered:
what people write, even by mistake, is in none of these. A fault is told by its kind and by the
lines of code it went through; its message, which may quote a situation, is left out.
"""

import logging
import sys
import time
import traceback
from typing import Any

from flask import Flask, Response, g, request
from gunicorn.glogging import Logger

NOM = "assistant_medical"
_acces = logging.getLogger(f"{NOM}.acces")
_fautes = logging.getLogger(f"{NOM}.fautes")


def inscrire(app: Flask) -> None:
    """Write a line an answer."""

    def commencer() -> None:
        g.debut = time.perf_counter()

    def finir(reponse: Response) -> Response:
        _acces.info(
            "%s %s %d %s %.1f",
            request.method if request.method.isalpha() and len(request.method) < 10 else "-",
            request.url_rule.rule if request.url_rule else "-",
            reponse.status_code,
            reponse.content_length if reponse.content_length is not None else "-",
            (time.perf_counter() - g.get("debut", time.perf_counter())) * 1_000,
        )
        return reponse

    app.before_request(commencer)
    app.after_request(finir)


def noter(erreur: BaseException | None) -> None:
    """Write down a fault of the service, without what it says."""
    _fautes.error("%s", en_clair(erreur))


def en_clair(erreur: BaseException | None) -> str:
    """Kind of a fault and of its causes, and the lines of code it went through."""
    if erreur is None:
        return "faute inconnue"
    lignes = [
        f"  {lieu.filename}:{lieu.lineno} {lieu.name}"
        for lieu in traceback.extract_tb(erreur.__traceback__)
    ]
    texte = "\n".join([f"{type(erreur).__module__}.{type(erreur).__name__}", *lignes])
    cause = erreur.__cause__ or erreur.__context__
    return texte if cause is None else f"{texte}\ncausée par {en_clair(cause)}"


def preparer() -> None:
    """Send what is written to the standard error, one line each."""
    racine = logging.getLogger(NOM)
    if not racine.handlers:
        sortie = logging.StreamHandler()
        sortie.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        racine.addHandler(sortie)
        racine.setLevel(logging.INFO)
        racine.propagate = False


class JournalDeGunicorn(Logger):
    """What gunicorn writes of itself: starts and stops, and its faults without what they quote."""

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """A fault, by its kind and its lines; a client that is slow, or gone, is none."""
        erreur = sys.exc_info()[1]
        if not isinstance(erreur, OSError):
            noter(erreur)

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the application writes its own line."""
