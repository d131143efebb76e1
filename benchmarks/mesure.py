"""Measures as ratios: the cases of a round run one after the other, in one process.

A time alone says what the machine was doing; the ratio of two times of the same round says what
the code does. Each figure is given with its median, its minimum and its maximum.
"""

import gc
import os
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any


@dataclass(frozen=True)
class Mesure:
    """A series of values, one a round, held against a limit where there is one.

    Attributes:
        nom: what is measured.
        valeurs: one value a round.
        unite: unit of the values; "×" for a ratio to a reference of the same round.
        cible: what the median must not exceed; None = for information.
    """

    nom: str
    valeurs: Sequence[float]
    unite: str = "×"
    cible: float | None = None

    @property
    def mediane(self) -> float:
        """Median of the rounds."""
        return statistics.median(self.valeurs)

    def tenue(self, marge: float = 1.0) -> bool:
        """Whether the median is at most the limit times a margin."""
        return self.cible is None or self.mediane <= self.cible * marge

    def en_clair(self) -> dict[str, Any]:
        """The measure as plain data, for JSON."""
        return asdict(self) | {
            "valeurs": list(self.valeurs),
            "mediane": self.mediane,
            "minimum": min(self.valeurs),
            "maximum": max(self.valeurs),
            "tenue": self.tenue(),
        }


def rondes(cas: Mapping[str, Callable[[], object]], nombre: int) -> dict[str, list[float]]:
    """Seconds of each case in each of a number of rounds, after one round to warm up.

    The order of the cases turns from one round to the next, and the garbage collector runs
    between two cases, never inside one.
    """
    temps: dict[str, list[float]] = {nom: [] for nom in cas}
    for fonction in cas.values():
        fonction()
    noms = list(cas)
    collecte = gc.isenabled()
    try:
        for ronde in range(nombre):
            depart = ronde % len(noms)
            for nom in noms[depart:] + noms[:depart]:
                gc.collect()
                gc.disable()
                debut = time.perf_counter()
                cas[nom]()
                temps[nom].append(time.perf_counter() - debut)
    finally:
        if collecte:
            gc.enable()
    return temps


def rapports(temps: Mapping[str, Sequence[float]], nom: str, reference: str) -> list[float]:
    """Time of a case over the time of a reference in the same round."""
    return [t / r for t, r in zip(temps[nom], temps[reference], strict=True)]


def pic_de_memoire(fonction: Callable[[], object]) -> int:
    """Bytes allocated at the highest point of a call, over what was there before it."""
    gc.collect()
    tracemalloc.start()
    try:
        fonction()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def en_milliers(nombre: int) -> str:
    """A number with a space between thousands."""
    return f"{nombre:,}".replace(",", "\u202f")


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "processeur": _processeur(),
        "cœurs": str(os.cpu_count()),
        "système": platform.platform(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "openfisca-core": version("openfisca-core"),
        "openfisca-assistant-medical": version("openfisca-assistant-medical"),
    }


def _processeur() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lignes:
            noms = [ligne.split(":")[1].strip() for ligne in lignes if ligne.startswith("model n")]
    except OSError:
        noms = []
    return noms[0] if noms else platform.processor() or platform.machine()
