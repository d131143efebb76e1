"""Requests through gunicorn, with wrk on loopback: as ratios to an echo of the same body.

The yard-stick is a Flask application that reads the body and sends it back, behind the same workers
and threads. Each round runs every case, one after the other, and a ratio is of one round. The
processor time of the workers, which depends less on who else uses the machine, gives the requests
that a core serves.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mesure import Mesure, rapports
from benchmarks.requete import situation

PROCESSUS, FILS = 2, 32
# Connections of wrk: one at a time, then enough to keep every thread busy.
SEUL, AFFLUENCE = 1, PROCESSUS * FILS
# Doctors of the large requests, and how much longer each of their runs is.
_GRANDS = {1_000: 2, 5_000: 4}
_REPOS = 120.0  # seconds
_MILLISECONDES = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
_SCRIPT = """
local corps = io.open("{corps}", "rb")
wrk.method, wrk.body = "POST", corps:read("*a")
wrk.headers["Content-Type"] = "application/json"
"""


class WrkManquant(RuntimeError):
    """The command `wrk` is not there."""


@dataclass(frozen=True)
class Tir:
    """What one run of wrk saw.

    Attributes:
        p50: milliseconds under which half of the answers came.
        reponses: answers. `par_coeur`: answers a second of processor.
    """

    p50: float
    reponses: int
    par_coeur: float


class Serveur:
    """A server of `benchmarks.serveurs`, in its own processes."""

    def __init__(self, genre: str) -> None:
        with socket.socket() as prise:
            prise.bind(("127.0.0.1", 0))
            self.port = int(prise.getsockname()[1])
        commande = [sys.executable, "-m", "benchmarks.serveurs", genre, str(self.port)]
        self._processus = subprocess.Popen([*commande, str(PROCESSUS), str(FILS)])

    def attendre(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante", timeout=5).close()
                return
            time.sleep(0.1)
        raise RuntimeError("un serveur ne répond pas")

    def fermer(self) -> None:
        """Stop it."""
        self._processus.send_signal(signal.SIGTERM)
        self._processus.wait(60)

    def _ouvriers(self) -> list[str]:
        pid = self._processus.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()

    def processeur(self) -> float:
        """Seconds of processor of its workers."""
        ticks = 0
        for pid in self._ouvriers():
            champs = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += int(champs[11]) + int(champs[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def reposer(self) -> None:
        """Wait until it has nothing left to do: wrk leaves a request a connection behind it."""
        fin = time.monotonic() + _REPOS
        while time.monotonic() < fin:
            avant = self.processeur()
            time.sleep(0.2)
            if self.processeur() == avant:
                return
        raise RuntimeError("un serveur ne finit pas")

    def memoire(self) -> int:
        """Bytes that its workers hold and share with nobody else."""
        kilos = 0
        for pid in self._ouvriers():
            releve = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
            kilos += sum(map(int, re.findall(r"^Private_\w+:\s+(\d+)", releve, re.MULTILINE)))
        return 1024 * kilos

    def tirer(self, corps: str, connexions: int, secondes: float) -> Tir:
        """Send one body over and over."""
        with tempfile.TemporaryDirectory() as dossier:
            Path(dossier, "corps.json").write_text(corps, "utf-8")
            script = Path(dossier, "tir.lua")
            script.write_text(_SCRIPT.format(corps=Path(dossier, "corps.json")), "utf-8")
            avant = self.processeur()
            sortie = subprocess.run(
                [
                    *("wrk", "--threads", "1", "--connections", str(connexions), "--latency"),
                    *("--duration", f"{max(1, round(secondes))}s", "--timeout", "60s"),
                    *("--script", str(script), f"http://127.0.0.1:{self.port}/api/calculate"),
                ],
                capture_output=True,
                check=True,
                encoding="utf-8",
            ).stdout
            apres = self.processeur()
        self.reposer()
        return _lire(sortie, apres - avant)


def _lire(sortie: str, processeur: float) -> Tir:
    if faute := re.search(r"(Non-2xx.*|Socket errors.*)", sortie):
        raise RuntimeError(f"wrk : {faute[0]}")
    p50 = re.search(r"50%\s+([\d.]+)(us|ms|s|m)\b", sortie)
    reponses = re.search(r"(\d+) requests in", sortie)
    if p50 is None or reponses is None:
        raise RuntimeError(f"wrk : {sortie}")
    nombre = int(reponses[1])
    return Tir(float(p50[1]) * _MILLISECONDES[p50[2]], nombre, nombre / max(processeur, 0.01))


@contextlib.contextmanager
def _serveurs(*genres: str) -> Iterator[dict[str, Serveur]]:
    if shutil.which("wrk") is None:
        raise WrkManquant("wrk manque : apt install wrk.")
    serveurs: dict[str, Serveur] = {}
    try:
        for genre in genres:
            serveurs[genre] = Serveur(genre)
        for serveur in serveurs.values():
            serveur.attendre()
        yield serveurs
    finally:
        for serveur in serveurs.values():
            serveur.fermer()


def corps(medecins: int) -> str:
    """A request for a number of doctors over five years, written short."""
    demande = situation()
    (medecin,) = demande["medecins"].values()
    demande = {"medecins": {f"m{rang}": medecin for rang in range(medecins)}}
    return json.dumps(demande, separators=(",", ":"))


def mesurer(rondes: int, secondes: float) -> list[Mesure]:
    """One doctor against the echo and stock OpenFisca, then a thousand and five thousand.

    Args:
        rondes: rounds.
        secondes: length of each run of wrk.
    """
    cas: dict[str, tuple[str, int, int, float]] = {
        f"{genre} {connexions}": (genre, 1, connexions, secondes)
        for connexions in (SEUL, AFFLUENCE)
        for genre in ("echo", "openfisca", "service")
    }
    cas |= {f"service ×{n}": ("service", n, SEUL, secondes * fois) for n, fois in _GRANDS.items()}
    p50: dict[str, list[float]] = {nom: [] for nom in cas}
    par_coeur: list[float] = []
    with _serveurs("echo", "openfisca", "service") as serveurs:
        for genre in serveurs:
            serveurs[genre].tirer(corps(1), AFFLUENCE, 1)
        for _ in range(rondes):
            for nom, (genre, medecins, connexions, duree) in cas.items():
                tir = serveurs[genre].tirer(corps(medecins), connexions, duree)
                p50[nom].append(tir.p50)
                if nom == f"service {AFFLUENCE}":
                    par_coeur.append(tir.par_coeur)
    return _mesures(p50, par_coeur)


def _mesures(p50: dict[str, list[float]], par_coeur: list[float]) -> list[Mesure]:
    def sur(nom: str, reference: str) -> list[float]:
        return rapports(p50, nom, reference)

    seul, foule = f"service {SEUL}", f"service {AFFLUENCE}"
    return [
        Mesure(
            f"écho, une connexion ({PROCESSUS} processus, {FILS} fils)", p50[f"echo {SEUL}"], "ms"
        ),
        Mesure("un médecin, cinq ans, une connexion, sur l’écho", sur(seul, f"echo {SEUL}")),
        Mesure(
            f"un médecin, cinq ans, {AFFLUENCE} connexions, sur l’écho",
            sur(foule, f"echo {AFFLUENCE}"),
            cible=6,
        ),
        Mesure(
            "openfisca serve, une connexion, sur l’écho", sur(f"openfisca {SEUL}", f"echo {SEUL}")
        ),
        Mesure(
            f"openfisca serve, {AFFLUENCE} connexions, sur l’écho",
            sur(f"openfisca {AFFLUENCE}", f"echo {AFFLUENCE}"),
        ),
        Mesure("1 000 médecins, sur un seul", sur("service ×1000", seul), cible=12),
        Mesure("5 000 médecins, sur 1 000", sur("service ×5000", "service ×1000"), cible=6),
        Mesure("un médecin, cinq ans, par cœur et par seconde", par_coeur, "req/s"),
    ]


def memoire(requetes: int) -> list[Mesure]:
    """Memory of the workers after a number of requests, over that after the first tenth."""
    with _serveurs("service") as serveurs:
        serveur, texte = serveurs["service"], corps(1)
        faites, debut = 0, 0
        while faites < requetes:
            faites += serveur.tirer(texte, AFFLUENCE, 10).reponses
            if not debut and faites >= requetes / 10:
                debut = serveur.memoire()
        rapport = serveur.memoire() / debut
    return [
        Mesure(
            f"mémoire après {faites} requêtes, sur celle du premier dixième", [rapport], cible=1.1
        )
    ]
