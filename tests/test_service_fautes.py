"""The service behind gunicorn, with workers that die and clients that are slow, cut or too long."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.requetes import medecin
from tests.serveurs import attendre, port_libre

pytestmark = pytest.mark.long
CORPS = json.dumps({"medecins": {"A": medecin(aide_maximale={"2024": None})}}).encode()
ATTENTE = 2


class Serveur:
    def __init__(self, port: int, processus: subprocess.Popen[bytes], journal: Path) -> None:
        self.port, self.processus, self._journal = port, processus, journal

    def ecrit(self) -> str:
        return self._journal.read_text("utf-8")

    def ouvriers(self) -> list[int]:
        chemin = f"/proc/{self.processus.pid}/task/{self.processus.pid}/children"
        return [int(pid) for pid in Path(chemin).read_text("utf-8").split()]

    def calculer(self, corps: bytes = CORPS) -> int:
        connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connexion.request("POST", "/api/calculate", corps, {"Content-Type": "application/json"})
            reponse = connexion.getresponse()
            json.loads(reponse.read())
            return reponse.status
        finally:
            connexion.close()

    def envoyer(self, octets: bytes) -> socket.socket:
        prise = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        prise.sendall(octets)
        return prise


@pytest.fixture
def serveur(tmp_path: Path) -> Iterator[Serveur]:
    port, journal = port_libre(), tmp_path / "journal"
    commande = [sys.executable, "-c", "from openfisca_assistant_medical.cli import main; main()"]
    commande += ["servir", "--port", str(port), "--processus", "2", "--fils", "4"]
    commande += ["--attente", str(ATTENTE), "--delai", "20"]
    with (
        journal.open("wb") as sortie,
        subprocess.Popen(commande, stdout=sortie, stderr=sortie, env=os.environ) as processus,
    ):
        try:
            attendre(port, "/sante", 120)
            yield Serveur(port, processus, journal)
        finally:
            processus.terminate()
            try:
                processus.wait(40)
            except subprocess.TimeoutExpired:
                processus.kill()


def entete(longueur: int | str) -> bytes:
    return (
        f"POST /api/calculate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {longueur}\r\n\r\n"
    ).encode()


def repondu(prise: socket.socket) -> bytes:
    """All that comes until the server closes."""
    recu = b""
    while morceau := prise.recv(65_536):
        recu += morceau
    return recu


def test_un_ouvrier_tue_sous_la_charge_revient(serveur: Serveur) -> None:
    statuts: list[int | None] = []
    fin = threading.Event()

    def client() -> None:
        while not fin.is_set():
            try:
                statuts.append(serveur.calculer())
            except (OSError, http.client.HTTPException, ValueError):
                statuts.append(None)  # was in the worker that died

    fils = [threading.Thread(target=client) for _ in range(4)]
    for fil in fils:
        fil.start()
    time.sleep(2)
    avant = serveur.ouvriers()
    tue = avant[0]
    os.kill(tue, signal.SIGKILL)
    limite = time.monotonic() + 30
    while (len(serveur.ouvriers()) < 2 or tue in serveur.ouvriers()) and time.monotonic() < limite:
        time.sleep(0.1)
    faits = len(statuts)
    time.sleep(3)
    fin.set()
    for fil in fils:
        fil.join(60)
    assert len(serveur.ouvriers()) == 2
    assert tue not in serveur.ouvriers()
    # Each client had at most one request in the worker that died.
    assert statuts.count(None) <= len(fils)
    assert set(statuts) <= {200, None}
    assert statuts[faits + len(fils) :].count(200) > 0


def test_un_client_lent_n_arrete_pas_les_autres_puis_est_congedie(serveur: Serveur) -> None:
    debut = time.monotonic()
    # As many as would hold seven of the eight threads: in their headers, and in their body.
    lents = [serveur.envoyer(b"POST /api/calculate HTTP/1.1\r\nHost: lo") for _ in range(3)]
    lents += [serveur.envoyer(entete(1_000) + b'{"medecins"') for _ in range(3)]
    assert serveur.calculer() == 200
    for prise in lents[3:]:
        recu = repondu(prise)
        assert b" 408 " in recu.split(b"\r\n")[0]
        assert json.loads(recu.partition(b"\r\n\r\n")[2])["erreur"]
    for prise in lents[:3]:
        assert repondu(prise) == b""
    assert ATTENTE * 0.5 < time.monotonic() - debut < ATTENTE + 30
    assert serveur.calculer() == 200


def test_un_corps_coupe_ne_laisse_rien(serveur: Serveur) -> None:
    for octets in (entete(1_000) + b'{"medecins"', entete(1_000), b"POST /api/calc", b""):
        serveur.envoyer(octets).close()
    assert serveur.calculer() == 200
    assert "Traceback" not in serveur.ecrit()


def test_dix_megaoctets_sont_refuses_annonces_ou_non(serveur: Serveur) -> None:
    assert serveur.calculer(b" " * 10_000_000) == 413
    prise = serveur.envoyer(
        b"POST /api/calculate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    try:
        for _ in range(160):
            prise.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        prise.sendall(b"0\r\n\r\n")
        assert b" 413 " in repondu(prise).split(b"\r\n")[0]
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server had enough, and hung up
    assert serveur.calculer() == 200


@pytest.mark.parametrize(
    ("requete", "statut"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
    ],
)
def test_ce_qui_n_est_pas_une_requete_a_une_reponse_en_json(
    serveur: Serveur, requete: bytes, statut: int
) -> None:
    tete, _, corps = repondu(serveur.envoyer(requete)).partition(b"\r\n\r\n")
    assert tete.startswith(b"HTTP/1.1 %d " % statut)
    assert json.loads(corps)["erreur"]
    assert "127.0.0.1 " not in serveur.ecrit()


def test_sigterm_laisse_finir_ce_qui_est_en_cours(serveur: Serveur) -> None:
    champs: dict[str, Any] = {"aide_due": {"year:2024:10": None}}
    grand = {"medecins": {f"m{rang}": medecin(**champs) for rang in range(2_000)}}
    statuts: list[int] = []
    fil = threading.Thread(
        target=lambda: statuts.append(serveur.calculer(json.dumps(grand).encode()))
    )
    fil.start()
    time.sleep(0.3)
    serveur.processus.send_signal(signal.SIGTERM)
    fil.join(60)
    assert statuts == [200]
    assert serveur.processus.wait(40) == 0
    with pytest.raises(OSError, match="refused"):
        serveur.envoyer(b"")


def test_le_journal_du_serveur_dit_son_adresse_et_ses_reponses(serveur: Serveur) -> None:
    assert serveur.calculer() == 200
    ecrit = serveur.ecrit()
    assert f"à l’écoute sur http://127.0.0.1:{serveur.port}" in ecrit
    assert re.search(r"assistant_medical\.acces POST /api/calculate 200 \d+ \d+\.\d", ecrit)
