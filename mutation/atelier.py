"""Trying mutants, each in a process of its own, forked from the one that holds the cases.

Whatever a mutant breaks, an endless loop included, dies with its process.
"""

import gc
import multiprocessing
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

M = TypeVar("M")

# Seconds of processor without a word after which a mutant is taken to run for ever: a busy machine
# kills none. One that only waits is given the seconds of the clock.
_SANS_NOUVELLE, _IMMOBILE = 60, 900.0
SANS_FIN = "ne finit pas"

# Tries a mutant: what killed it, or None. The second argument is called from time to time.
Essai = Callable[[M, Callable[[], None]], str | None]

_FOURCHE = multiprocessing.get_context("fork")


def essayer(
    mutants: Iterable[M], essai: Essai[M], processus: int
) -> Iterator[tuple[M, str | None]]:
    """Try mutants, several at a time, in any order.

    Args:
        mutants: what to try.
        essai: tries one, in a process of its own.
        processus: how many at a time.

    Yields:
        The mutant, and what killed it, None = it survived.

    Raises:
        RuntimeError: a try failed by itself; the message tells.
    """
    gc.collect()
    gc.freeze()  # the children share what is there, untouched
    reste = iter(mutants)
    en_cours: dict[Any, _Essai[M]] = {}  # by where its news comes from
    try:
        while True:
            while len(en_cours) < processus and (mutant := next(reste, None)) is not None:
                lance = _Essai(mutant, essai)
                en_cours[lance.reception] = lance
            if not en_cours:
                return
            for reception in wait(list(en_cours), timeout=1):
                fini = en_cours[reception].ecouter()
                if fini:
                    yield en_cours.pop(reception).resultat()
            for reception in [r for r, e in en_cours.items() if e.muet()]:
                yield en_cours.pop(reception).resultat()
    finally:
        for lance in en_cours.values():
            lance.resultat()


class _Essai(Generic[M]):
    """A mutant being tried."""

    def __init__(self, mutant: M, essai: Essai[M]) -> None:
        self._mutant = mutant
        self._tueur: str | None = None
        self._entendu = time.monotonic()
        self.reception, envoi = _FOURCHE.Pipe(duplex=False)
        self._processus = _FOURCHE.Process(target=_dans_l_enfant, args=(mutant, essai, envoi))
        self._processus.start()
        envoi.close()

    def ecouter(self) -> bool:
        """Take the news of the child; whether it has done."""
        self._entendu = time.monotonic()
        try:
            nouvelle = self.reception.recv()
        except EOFError:
            self._processus.join()
            arrete = self._processus.exitcode == -signal.SIGXCPU
            self._tueur = SANS_FIN if arrete else "le calcul s’effondre"
            return True
        if nouvelle is None:
            return False
        self._tueur, erreur = nouvelle
        if erreur is not None:
            raise RuntimeError(f"{self._mutant} : {erreur}")
        return True

    def muet(self) -> bool:
        """Whether the child has given no news for too long."""
        if time.monotonic() - self._entendu < _IMMOBILE:
            return False
        self._tueur = SANS_FIN
        return True

    def resultat(self) -> tuple[M, str | None]:
        """The mutant and what killed it; the child is no more."""
        self._processus.kill()
        self._processus.join()
        self.reception.close()
        return self._mutant, self._tueur


def _dans_l_enfant(mutant: M, essai: Essai[M], envoi: Connection) -> None:
    with open(os.devnull, "w") as rien:
        os.dup2(rien.fileno(), 1)  # what a test says is not a result
        os.dup2(rien.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def signe() -> None:
        _accorder_du_temps()
        envoi.send(None)

    try:
        _accorder_du_temps()
        envoi.send((essai(mutant, signe), None))
    except Exception:
        envoi.send((None, traceback.format_exc()))
    finally:
        os._exit(0)


def _accorder_du_temps() -> None:
    """Let this process, a mutant, run for a while more: past it, the system stops it."""
    _, plafond = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(time.process_time()) + 1 + _SANS_NOUVELLE, plafond)
    )
