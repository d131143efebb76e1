"""Time limit of a request: what runs too long is stopped where it is, and answers 503.

One thread a process watches the deadlines and raises `Depasse` in the thread that passed its own:
at the next line of Python there, in whatever module it is. A signal could do it only in the main
thread, of workers that hold one request at a time. A call into C is not cut: those of the model
last milliseconds, and reading a socket has its own limit, in `serveur`.
"""

import contextlib
import ctypes
import math
import os
import threading
import time
from queue import Empty, SimpleQueue
from types import TracebackType

_lever = ctypes.pythonapi.PyThreadState_SetAsyncExc
_lever.argtypes = (ctypes.c_ulong, ctypes.py_object)


class Depasse(BaseException):
    """The time is over; no `except Exception` of a library holds it back."""


class _Echeance:
    """When a thread must be done; whether it is watched, and `Depasse` was raised for it."""

    __slots__ = ("instant", "levee", "suivie")

    def __init__(self, instant: float) -> None:
        self.instant = instant
        self.levee = self.suivie = False


class _Gardien:
    """Deadlines of the threads of a process.

    `Depasse` may come after any call, even between the taking of a lock and what lets go of it:
    the threads that have a deadline take none here. Of the thread and the guardian, who takes the
    deadline away, in one operation, decides whether the time was met.
    """

    def __init__(self) -> None:
        self._echeances: dict[_Echeance, int] = {}
        self._appels: SimpleQueue[None] = SimpleQueue()
        self._reveil = math.inf
        self._veilleurs: dict[str, threading.Thread] = {}

    def ajouter(self, echeance: _Echeance) -> None:
        """Watch a deadline of the current thread."""
        if not self._veilleurs:
            nom = "gardien-des-delais"
            veilleur = threading.Thread(target=self._veiller, name=nom, daemon=True)
            if self._veilleurs.setdefault(nom, veilleur) is veilleur:
                veilleur.start()
        echeance.suivie = True
        self._echeances[echeance] = threading.get_ident()
        if echeance.instant < self._reveil:
            self._appels.put(None)

    def retirer(self, echeance: _Echeance) -> bool:
        """Forget a deadline of the current thread; whether it was met.

        Raises:
            Depasse: it is on its way.
        """
        if self._echeances.pop(echeance, None) is not None:
            echeance.suivie = False
        if not echeance.suivie:
            return True
        while not echeance.levee:
            time.sleep(0.0001)
        # If it has not come through yet, it must not fall on what follows.
        _lever(threading.get_ident(), ctypes.py_object())
        return False

    def _veiller(self) -> None:
        while True:
            self._reveil = math.inf  # who comes from here on calls
            maintenant = time.monotonic()
            for echeance in self._echeances.copy():
                if echeance.instant <= maintenant:
                    self._lever(echeance)
            self._reveil = min((e.instant for e in self._echeances.copy()), default=math.inf)
            attente = None if self._reveil == math.inf else max(self._reveil - maintenant, 0.001)
            with contextlib.suppress(Empty):
                self._appels.get(timeout=attente)

    def _lever(self, echeance: _Echeance) -> None:
        fil = self._echeances.pop(echeance, None)
        if fil is not None:
            _lever(fil, ctypes.py_object(Depasse))
            echeance.levee = True


_gardien = _Gardien()
_local = threading.local()


def _dans_l_enfant() -> None:
    # A thread does not survive a fork, and a lock may have been held by one that did not.
    global _gardien
    _gardien = _Gardien()


os.register_at_fork(after_in_child=_dans_l_enfant)


class Limite:
    """`with Limite(seconds):` raises `Depasse` inside it, once the time is over.

    Args:
        secondes: time given.
    """

    def __init__(self, secondes: float) -> None:
        self._secondes = secondes

    def __enter__(self) -> None:
        dehors: _Echeance | None = getattr(_local, "echeance", None)
        # One that was raised, and cut short the end of its `with`, bounds nothing any more.
        self._dehors = dehors if dehors is not None and _gardien.retirer(dehors) else None
        instant = time.monotonic() + self._secondes
        if self._dehors is not None:
            instant = min(instant, self._dehors.instant)
        self._echeance = _local.echeance = _Echeance(instant)
        _gardien.ajouter(self._echeance)

    def __exit__(
        self,
        genre: type[BaseException] | None,
        erreur: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            _gardien.retirer(self._echeance)
        finally:
            _local.echeance = self._dehors
            if self._dehors is not None:
                _gardien.ajouter(self._dehors)


def restant() -> float:
    """Seconds left to the current thread, to bound a wait that `Depasse` cannot cut.

    Raises:
        Depasse: none.
    """
    echeance: _Echeance | None = getattr(_local, "echeance", None)
    if echeance is None:
        return threading.TIMEOUT_MAX
    reste = echeance.instant - time.monotonic()
    if reste <= 0:
        raise Depasse
    return reste
