"""How long a start takes, each round in fresh interpreters.

The system and the reform are held against the import of openfisca-core that comes before them, in
the same process; the help of the command against that of the smallest typer program.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmarks.mesure import Mesure, rapports, rondes

# Seconds of each step, one after the other, and peak of memory after the first and the third.
_SYSTEME = """
import json, resource, time

def pic():
    try:
        with open("/proc/self/status") as lignes:
            return next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

instants = [time.perf_counter()]
import openfisca_core.taxbenefitsystems
instants.append(time.perf_counter())
nu = pic()
instants.append(time.perf_counter())
from openfisca_assistant_medical import CountryTaxBenefitSystem
instants.append(time.perf_counter())
systeme = CountryTaxBenefitSystem()
instants.append(time.perf_counter())
construit = pic()
instants.append(time.perf_counter())
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
convention_2024(systeme)
instants.append(time.perf_counter())
coeur, _, paquet, construction, _, reforme = (b - a for a, b in zip(instants, instants[1:]))
print(json.dumps({
    "coeur": coeur,
    "paquet": paquet / coeur,
    "construction": construction / coeur,
    "ensemble": (paquet + construction) / coeur,
    "reforme": reforme / coeur,
    "memoire": construit / nu,
}))
"""
_COMMANDE = """
import sys
from openfisca_assistant_medical.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""
_TYPER_NU = """
import sys
import typer
app = typer.Typer(add_completion=False)

@app.command()
def calculer(fichier: str, annee: int = 2025) -> None:
    "Calcule."

if __name__ == "__main__":
    sys.exit(app())
"""


def mesurer(rondes_voulues: int) -> list[Mesure]:
    """Start of the system, of the reform and of the command, over a number of rounds."""
    with tempfile.TemporaryDirectory() as dossier:
        programmes = {"systeme": _SYSTEME, "commande": _COMMANDE, "typer_nu": _TYPER_NU}
        chemins = {nom: Path(dossier, f"{nom}.py") for nom in programmes}
        for nom, source in programmes.items():
            chemins[nom].write_text(source, encoding="utf-8")
            # Once to write the bytecode, which the measured runs read and leave alone.
            _lancer(chemins[nom], {"PYTHONDONTWRITEBYTECODE": ""})
        sobre = {"PYTHONDONTWRITEBYTECODE": "1"}
        departs = [json.loads(_lancer(chemins["systeme"], sobre)) for _ in range(rondes_voulues)]
        aides = rondes(
            {nom: partial(_lancer, chemins[nom], sobre) for nom in ("commande", "typer_nu")},
            rondes_voulues,
        )

    def serie(nom: str) -> list[float]:
        return [depart[nom] for depart in departs]

    return [
        Mesure("import d’openfisca-core", serie("coeur"), "s"),
        Mesure("construction du système, sur l’import du cœur", serie("construction"), cible=0.15),
        Mesure("import du paquet, sur l’import du cœur", serie("paquet")),
        Mesure("import du paquet et construction, sur l’import du cœur", serie("ensemble")),
        Mesure("réforme, sur l’import du cœur", serie("reforme"), cible=0.08),
        Mesure("mémoire du système construit, sur celle du cœur seul", serie("memoire")),
        Mesure("aide de la commande", aides["commande"], "s"),
        Mesure(
            "aide de la commande, sur un programme typer nu",
            rapports(aides, "commande", "typer_nu"),
            cible=1.3,
        ),
    ]


def _lancer(programme: Path, variables: Mapping[str, str]) -> str:
    """What a program prints with --help, in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, str(programme), "--help"],
        env={**os.environ, **variables},
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
