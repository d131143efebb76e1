"""The wheel installed alone, outside the checkout: with no extra, with each, with all of them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

from publication import NOM, PAQUET, PublicationRefusee, exiger_sans_faute
from publication.archives import contenu_de_la_wheel, lancer

# What works on the checkout, and is of no use without it.
DU_DEPOT = ("dev", "dev-service")
_DELAI = 300
_LOURDS = ("distributed", "duckdb", "joblib", "matplotlib", "mcp", "pyarrow", "scipy")


_SERVICE = f"""
from importlib.metadata import version
from {PAQUET}.web import creer
client = creer().test_client()
adresses = ("/", "/groupements", "/pret", "/api/openapi.json", "/api/documentation", "/sources")
assert [client.get(adresse).status_code for adresse in adresses] == [200] * len(adresses)
dit = client.get("/api/openapi.json").get_json()["info"]["version"]
assert dit == version("{NOM}"), dit
"""
# A scheduler and a worker of this machine; workers import this file again, hence the guard.
_GRAPPE = f"""
from distributed import LocalCluster
from {PAQUET}.cli import main
if __name__ == "__main__":
    options = dict(n_workers=1, threads_per_worker=1, dashboard_address=None)
    with LocalCluster(**options) as grappe:
        adresse = ["--dask", grappe.scheduler_address]
        assert main(["simuler", "p.parquet", "--annees", "2025", "--sortie", "g", *adresse]) == 0
"""
_SANS_LOURDS = f"""
import sys
from {PAQUET}.cli import main
assert main(["calculer", "--exemple", "senior"]) == 0
from {PAQUET}.web import creer
creer()
lourds = [nom for nom in {_LOURDS} if nom in sys.modules]
assert not lourds, lourds
"""


@dataclass(frozen=True, slots=True)
class Essai:
    """A command that a user types, its exit code, and words that it must say."""

    commande: tuple[str, ...]
    code: int = 0
    dit: str = ""
    ecrit: str = ""


def _commande(ligne: str, code: int = 0, dit: str = "", ecrit: str = "") -> Essai:
    return Essai(("assistant-medical", *ligne.split()), code, dit, ecrit)


def _manque(ligne: str, extra: str) -> Essai:
    return _commande(ligne, code=2, dit=f"Remède : pip install {NOM}[{extra}]")


def _python(programme: str) -> Essai:
    return Essai(("python", "-c", programme))


_CAS = "cas_de_test/verifications_a_la_main.yaml"
_SIMULER = "simuler p.parquet --annees 2025-2026 --sortie r"
_SANS_POPULATION = tuple(
    _manque(ligne, "population")
    for ligne in ("population --taille 500 --graine 1 --sortie p.parquet", _SIMULER, "rapport r")
)
_POPULATION = (
    _commande("population --taille 500 --graine 1 --sortie p.parquet", ecrit="p.parquet"),
    _commande(f"{_SIMULER} --tirages 4"),
    _commande("rapport r", ecrit="r/rapport.html"),
    _commande("verifier r"),
)
_SANS_AGENTS = (_manque("mcp", "agents"),)
_AGENTS = (_commande("mcp"),)
_SOCLE = (
    _commande("--help", dit="calculer"),
    _commande("--version", dit="{version}"),
    _commande("calculer --exemple generaliste_deux_lois --comparer --json", dit='"medecins"'),
    _commande("expliquer --exemple senior aide_due 2027 --html aide.html", ecrit="aide.html"),
    _commande("calendrier --exemple senior --ics contrat.ics", ecrit="contrat.ics"),
    _commande("groupements --json"),
    # Fails where something leads nowhere: a case of the tests, a provision.
    _commande("matrice --csv", dit="documents/s003"),
    Essai(("openfisca", "test", f"{{paquet}}/{_CAS}", "-c", PAQUET)),
    _commande("servir --verifier"),
    _python(_SERVICE),
)
# By what is installed beside the package; each in an environment of its own.
ESSAIS: dict[str, tuple[Essai, ...]] = {
    "": (*_SOCLE, *_SANS_POPULATION, *_SANS_AGENTS),
    "population": (
        *_POPULATION,
        *_SANS_AGENTS,
        _manque(f"{_SIMULER}2 --dask tcp://x:1", "cluster"),
    ),
    "cluster": (_POPULATION[0], Essai(("python", "grappe.py"), ecrit="g"), *_SANS_AGENTS),
    "agents": (*_AGENTS, _SANS_POPULATION[1]),
    "agents,cluster,population": (
        *_AGENTS,
        *_POPULATION[:2],
        _python(_SANS_LOURDS),
        _python("import distributed"),
    ),
}


def essayer(wheel: Path) -> int:
    """Install the wheel in each of the ways that it offers, and use it.

    Returns:
        How many commands were run.

    Raises:
        PublicationRefusee: an extra is not tried, or a command does not do what is expected.
    """
    (metadonnees,) = (o for n, o in contenu_de_la_wheel(wheel).items() if n.endswith("/METADATA"))
    lues = BytesParser().parsebytes(metadonnees)
    offerts = set(lues.get_all("Provides-Extra", [])) - set(DU_DEPOT)
    exiger_sans_faute("Extras jamais essayés", sorted(offerts - ESSAIS.keys()))
    with ThreadPoolExecutor(os.cpu_count()) as files:
        fautes = files.map(lambda extras: _fautes(wheel, extras, lues["Version"]), ESSAIS)
        exiger_sans_faute("Wheel installée seule", [f for liste in fautes for f in liste])
    return sum(map(len, ESSAIS.values()))


def installer(wheel: Path, environnement: Path, extras: str = "") -> Path:
    """A new environment with a wheel and its extras; the folder of its commands."""
    uv = (sys.executable, "-m", "uv")
    lancer(*uv, "venv", "--quiet", "--no-project", "--python", sys.executable, environnement)
    bin_ = environnement / ("Scripts" if os.name == "nt" else "bin")
    demande = f"{NOM}{f'[{extras}]' if extras else ''} @ {wheel.resolve().as_uri()}"
    lancer(*uv, "pip", "install", "--quiet", "--python", bin_ / "python", demande)
    return bin_


def _fautes(wheel: Path, extras: str, version: str) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="essai-") as dossier:
        ailleurs = Path(dossier) / "ailleurs"
        ailleurs.mkdir()
        (ailleurs / "grappe.py").write_text(_GRAPPE, "utf-8")
        try:
            bin_ = installer(wheel, Path(dossier) / "environnement", extras)
            return list(jouer(ESSAIS[extras], bin_, ailleurs, version, extras or "sans extra"))
        except PublicationRefusee as refus:
            return [f"{extras or 'sans extra'} : {refus}"]


def jouer(
    essais: tuple[Essai, ...], bin_: Path, ailleurs: Path, version: str, nom: str
) -> Iterator[str]:
    """Run commands in an empty folder; what goes wrong, in French.

    Args:
        essais: the commands, in order.
        bin_: folder of the commands of the environment that is tried.
        ailleurs: that folder, outside the checkout.
        version: the one that the package must tell.
        nom: that of the environment, for messages.
    """
    ou = f"import {PAQUET}; print(*{PAQUET}.__path__)"
    lieu = _executer((str(bin_ / "python"), "-c", ou), ailleurs).stdout.strip()
    if not Path(lieu).is_relative_to(bin_.parent):
        yield f"{nom} : le paquet importé n’est pas celui qui est installé : {lieu}"
    for essai in essais:
        programme, *mots = (mot.replace("{paquet}", lieu) for mot in essai.commande)
        fait = _executer((str(bin_ / programme), *mots), ailleurs)
        # Rich folds what it says at the width of the terminal.
        dit = " ".join((fait.stdout + fait.stderr).split())
        attendu = essai.dit.replace("{version}", version)
        commande = f"{nom} : {' '.join((programme, *mots))[:200]}"
        if fait.returncode != essai.code:
            yield f"{commande} : code {fait.returncode}, {essai.code} attendu ; {dit[-600:]}"
        elif attendu not in dit:
            yield f"{commande} : ne dit pas « {attendu} » ; {dit[-600:]}"
        elif essai.ecrit and not (ailleurs / essai.ecrit).exists():
            yield f"{commande} : n’a pas écrit {essai.ecrit}"


def _executer(commande: tuple[str, ...], ailleurs: Path) -> subprocess.CompletedProcess[str]:
    propres = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        commande,
        cwd=ailleurs,
        env={**propres, "COLUMNS": "300", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DELAI,
        check=False,
    )
