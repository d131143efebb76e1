"""Time limit of a request: what runs too long is stopped where it is, and answers 503.

One thread a process watches the deadlines and raises `Depasse` in the thread that passed its own:
at the next line of Python there, in whatever module it is. A signal could do it only in the main
thread, of workers that hold one request at a time. A call into C is not cut: those of the model
last milliseconds, and reading a socket has its own limit, in `serveur`.
"""

import ctypes
import os
import threading
import time
from types import TracebackType

_lever = ctypes.pythonapi.PyThreadState_SetAsyncExc
_lever.argtypes = (ctypes.c_ulong, ctypes.py_object)


class Depasse(BaseException):
    """The time is over; no `except Exception` of a library holds it back."""


class _Gardien:
    """Deadlines of the threads of a process."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._echeances: dict[int, float] = {}
        self._reveil: float | None = None
        self._veille = False

    def ajouter(self, fil: int, echeance: float) -> None:
        with self._change:
            if not self._veille:
                self._veille = True
                nom = "gardien-des-delais"
                threading.Thread(target=self._veiller, name=nom, daemon=True).start()
            self._echeances[fil] = echeance
            if self._reveil is None or echeance < self._reveil:
                self._change.notify()

    def retirer(self, fil: int) -> None:
        with self._change:
            if self._echeances.pop(fil, None) is None:
                # It was raised; if it has not come through yet, it must not fall on what follows.
                _lever(fil, ctypes.py_object())

    def _veiller(self) -> None:
        with self._change:
            while True:
                maintenant = time.monotonic()
                for fil, echeance in list(self._echeances.items()):
                    if echeance <= maintenant:
                        del self._echeances[fil]
                        _lever(fil, ctypes.py_object(Depasse))
                self._reveil = min(self._echeances.values(), default=None)
                attente = None if self._reveil is None else max(self._reveil - maintenant, 0.001)
                self._change.wait(attente)


_gardien = _Gardien()
_local = threading.local()


def _dans_l_enfant() -> None:
    # A thread does not survive a fork, and a lock may have been held by one that did not.
    _gardien.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_dans_l_enfant)


class limite:  # noqa: N801 (reads as a statement)
    """`with limite(seconds):` raises `Depasse` inside it, once the time is over.

    Args:
        secondes: time given.
    """

    def __init__(self, secondes: float) -> None:
        self._secondes = secondes

    def __enter__(self) -> None:
        self._fil = threading.get_ident()
        self._dehors: float | None = getattr(_local, "echeance", None)
        echeance = time.monotonic() + self._secondes
        _local.echeance = echeance if self._dehors is None else min(echeance, self._dehors)
        _gardien.ajouter(self._fil, _local.echeance)

    def __exit__(
        self,
        genre: type[BaseException] | None,
        erreur: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _local.echeance = self._dehors
        _gardien.retirer(self._fil)
        if self._dehors is not None:
            _gardien.ajouter(self._fil, self._dehors)


def restant() -> float:
    """Seconds left to the current thread, to bound a wait that `Depasse` cannot cut.

    Raises:
        Depasse: none.
    """
    echeance: float | None = getattr(_local, "echeance", None)
    if echeance is None:
        return threading.TIMEOUT_MAX
    reste = echeance - time.monotonic()
    if reste <= 0:
        raise Depasse
    return reste
