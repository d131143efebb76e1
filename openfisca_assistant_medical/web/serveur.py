"""The service behind gunicorn: workers with the laws already built, slow clients let go.

The workers are threaded: while a client is slow to send, or while several wait, a thread each is
held and the others go on. No header, and no body, may take longer than the settings allow, however
slowly its bytes come; a proxy in front keeps such clients from holding a thread at all.
"""

import contextlib
import gc
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from openfisca_assistant_medical.web import creer, delai, journal
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.entetes import SECURITE
from openfisca_assistant_medical.web.erreurs import Refuse, echec, phrase

Preparation: TypeAlias = Callable[[Configuration], Flask]
_service = logging.getLogger(f"{journal.NOM}.service")
# Threads hand over to one another this often, in seconds: an answer that is ready goes out while
# another is being computed.
_TOUR = 0.001
# Seconds without a byte, after a refusal, before a connection is closed for good.
_RESTE = 0.5
_RAISONS = {400: "Bad Request", 414: "URI Too Long", 431: "Request Header Fields Too Large"}
_STATUTS = {LimitRequestLine: 414, LimitRequestHeaders: 431}


class Ouvrier(ThreadWorker):
    """A worker of gunicorn's, whose clients have a limited time and whose refusals are in JSON."""

    configuration = Configuration()

    def init_process(self) -> None:
        """Start, in the process of the worker."""
        sys.setswitchinterval(_TOUR)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """One request of a connection."""
        reglages = self.configuration
        conn.sock.settimeout(reglages.attente)
        try:
            # The application has its own limit; this one is for what comes before it.
            with delai.Limite(reglages.delai + reglages.attente):
                return super().handle(conn)
        except delai.Depasse:
            return False, conn

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what is no request, or what failed outside of the application."""
        if isinstance(exc, ParseException):
            statut = _STATUTS.get(type(exc), 400)
            refus = Refuse(statut, phrase(statut))
        else:
            statut, refus = 500, echec()
            journal.noter(exc)
        corps = refus.octets()
        entete = (
            f"HTTP/1.1 {statut} {_RAISONS.get(statut, 'Internal Server Error')}\r\n"
            "Connection: close\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
            + "".join(f"{nom}: {valeur}\r\n" for nom, valeur in SECURITE.items())
            + f"Content-Length: {len(corps)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # the client is gone
            client.sendall(entete.encode("ascii") + corps)
            # What it still sends would reset the connection before it reads the answer.
            client.shutdown(socket.SHUT_WR)
            client.settimeout(_RESTE)
            for _ in range(16):
                if not client.recv(65_536):
                    break


class _Serveur(BaseApplication):
    def __init__(self, configuration: Configuration, preparer: Preparation) -> None:
        self._configuration, self._preparer = configuration, preparer
        super().__init__()

    def load_config(self) -> None:
        reglages = self._configuration
        hote = f"[{reglages.adresse}]" if ":" in reglages.adresse else reglages.adresse
        options = {
            "bind": f"{hote}:{reglages.port}",
            "workers": reglages.processus,
            "threads": reglages.fils,
            "worker_class": f"{__name__}.Ouvrier",
            "worker_connections": max(1_000, 2 * reglages.fils),
            "preload_app": True,
            # Longer than any request, so that those under way end before a worker is let go.
            "graceful_timeout": int(reglages.delai + reglages.attente) + 1,
            # Whether X-Forwarded-* are believed is for the application alone to say.
            "forwarded_allow_ips": "",
            "loglevel": "warning",
            "logger_class": journal.JournalDeGunicorn,
            "when_ready": _annoncer,
            "on_exit": _finir,
        }
        for nom, valeur in options.items():
            self.cfg.set(nom, valeur)

    def load(self) -> Flask:
        return self._preparer(self._configuration)


def prete(configuration: Configuration) -> Flask:
    """The application with its laws built and used once, ready to be shared by forks."""
    app = creer(configuration)
    reponse = app.test_client().get("/pret")
    if reponse.status_code != 200:
        raise RuntimeError(f"le service n’est pas prêt : {reponse.get_data(as_text=True)}")
    # What is built stays: no collection goes through it again, nor copies its pages in a worker.
    gc.collect()
    gc.freeze()
    return app


def servir(configuration: Configuration, preparer: Preparation = prete) -> None:
    """Serve until a signal stops it.

    Args:
        configuration: settings.
        preparer: makes the application, before the workers are forked.
    """
    journal.preparer()
    Ouvrier.configuration = configuration
    _Serveur(configuration, preparer).run()


def _annoncer(serveur: Any) -> None:
    adresses = ", ".join(str(prise) for prise in serveur.LISTENERS)
    _service.info("à l’écoute sur %s", adresses)


def _finir(serveur: Any) -> None:
    _service.info("arrêté")
