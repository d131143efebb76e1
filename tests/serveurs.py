"""Servers for the tests: on loopback, on a free port."""

import http.client
import socket
import time


def port_libre() -> int:
    """A port that nobody listens on."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def attendre(port: int, chemin: str, secondes: float = 60) -> None:
    """Wait until a server answers."""
    fin = time.monotonic() + secondes
    while True:
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connexion.request("GET", chemin)
            if connexion.getresponse().status == 200:
                return
        except OSError:
            if time.monotonic() > fin:
                raise
        finally:
            connexion.close()
        time.sleep(0.2)
