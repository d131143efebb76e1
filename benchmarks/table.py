"""A run over a table, from a Parquet file to cells, against its twin: time, memory, workers.

The file is a synthetic population, whose rows are all valid. Both read the same file from a cold
start of the reading, under both laws, and give the same cells; only the tool checks each cell of
each column and writes its result.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy
from openfisca_core.indexed_enums import Enum

from benchmarks.jumeau_de_table import ANNUELLES, JAMAIS, Lecteur, Tables, totaliser
from benchmarks.medecins import colonnes
from benchmarks.mesure import Mesure, en_milliers, rapports, rondes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.simulation import comparer
from openfisca_assistant_medical.population.synthese import ecrire_population

ANNEES = range(2024, 2029)
CIBLE = 1.5
# What was reached when these lines were written, which the guard watches over.
ATTEINT = 2.5
CIBLE_MEMOIRE = 700  # MB a worker
CIBLE_CROISSANCE = 1.1  # of the memory, from a table to a larger one
CIBLE_DEUX = 1 / 1.6  # time of two workers over that of one
_COMPARER = """
import sys
from openfisca_assistant_medical.population.simulation import comparer

comparer(sys.argv[1], range(2024, 2029), lectures=False)
with open("/proc/self/status") as lignes:
    print(next(ligne.split()[1] for ligne in lignes if ligne.startswith("VmHWM")))
"""


@contextmanager
def population(nombre: int) -> Iterator[Path]:
    """A file of so many synthetic contracts, which goes with the block."""
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "contrats.parquet"
        ecrire_population(chemin, nombre, 1)
        yield chemin


@cache
def _vocabulaire() -> tuple[dict[str, list[str]], dict[str, Any]]:
    """Names of the words of each Enum, and defaults of the permanent inputs."""
    systeme = CountryTaxBenefitSystem()
    permanentes: dict[str, Any] = {}
    for nom in (cle for cle in colonnes(1, []) if isinstance(cle, str)):
        variable = systeme.variables[nom]
        permanentes[nom] = variable.default_value
        if variable.value_type is Enum:
            permanentes[nom] = numpy.uint8(variable.default_value.index)
        elif variable.value_type is date:
            permanentes[nom] = JAMAIS
    mots = {
        nom: [membre.name for membre in systeme.variables[nom].possible_values]
        for nom in (*permanentes, *ANNUELLES)
        if systeme.variables[nom].value_type is Enum
    }
    return mots, permanentes


def lecteur(chemin: Path, annees: Iterable[int] = ANNEES) -> Lecteur:
    """The reader of the twin, which knows the columns by heart: what tells it so is not timed."""
    return Lecteur(chemin, annees, *_vocabulaire())


def jumeau(chemin: Path) -> Tables:
    """The cells of a file, by hand."""
    return totaliser(lecteur(chemin), ANNEES)


def outil(chemin: Path, travailleurs: int = 1) -> Resultat:
    """The cells of a file, by the tool."""
    return comparer(chemin, ANNEES, lectures=False, travailleurs=travailleurs)


def vitesse(nombre: int, rondes_voulues: int, cible: float = CIBLE) -> list[Mesure]:
    """Time of the tool over that of the twin."""
    _vocabulaire()
    with population(nombre) as chemin:
        temps = rondes(
            {"jumeau": lambda: jumeau(chemin), "outil": lambda: outil(chemin)}, rondes_voulues
        )
    quoi = f"{_contrats(nombre)} × {len(ANNEES)} années × 2 lois"
    return [
        Mesure(f"jumeau, {quoi}", temps["jumeau"], "s"),
        Mesure(f"du fichier aux totaux, {quoi}", temps["outil"], "s"),
        Mesure(f"outil sur jumeau, {quoi}", rapports(temps, "outil", "jumeau"), cible=cible),
    ]


def memoire(nombres: tuple[int, int]) -> list[Mesure]:
    """Peak of memory of a process that runs over a table, then over a larger one."""
    pics = []
    for nombre in nombres:
        with population(nombre) as chemin:
            dit = subprocess.run(
                [sys.executable, "-c", _COMPARER, str(chemin)],
                check=True,
                capture_output=True,
                encoding="utf-8",
            )
            pics.append(int(dit.stdout) * 1024 / 1e6)
    petite, grande = map(_contrats, nombres)
    return [
        Mesure(f"pic d’un processus, {petite}", pics[:1], "Mo", cible=CIBLE_MEMOIRE),
        Mesure(f"pic d’un processus, {grande}", pics[1:], "Mo", cible=CIBLE_MEMOIRE),
        Mesure(f"mémoire, {grande} sur {petite}", [pics[1] / pics[0]], cible=CIBLE_CROISSANCE),
    ]


def deux_travailleurs(nombre: int, rondes_voulues: int) -> list[Mesure]:
    """Time of two workers over that of one."""
    with population(nombre) as chemin:
        temps = rondes(
            {"un": lambda: outil(chemin), "deux": lambda: outil(chemin, 2)}, rondes_voulues
        )
    titre = f"deux travailleurs sur un, {_contrats(nombre)}"
    return [Mesure(titre, rapports(temps, "deux", "un"), cible=CIBLE_DEUX)]


def _contrats(nombre: int) -> str:
    return f"{en_milliers(nombre)} contrats"
