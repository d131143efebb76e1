"""Small requests that wait together are computed together.

Most of what one doctor costs is the fixed cost of some hundreds of operations on arrays of one
value; it is the same for ten. While a thread computes, those that come wait; the first to follow it
takes all who wait into one simulation. Doctors do not depend on each other, so that each
gets what it would have had alone; a fault, or a time that is over, touches the request that has it
and no other.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from openfisca_assistant_medical.web import delai
from openfisca_assistant_medical.web.lecture import SituationLue

# Doctors over which a request gains nothing from company, and would make it wait.
_PEU = 50
_ENSEMBLE = 200
# Variables and periods over which even one doctor would make the others wait.
_PEU_DE_COLONNES = 300
# Seconds between two looks at who came, and without anyone before one stops looking.
_PAS = 0.001
_SILENCE = 0.005
_TOUR = "tour"
# Seconds after which one who waits looks by itself whether its turn has come.
_RELANCE = 0.1


@dataclass(slots=True, eq=False)
class _Demande:
    lue: SituationLue
    faite: bool = False
    seule: bool = False
    abandonnee: bool = False
    signal: SimpleQueue[None] = field(default_factory=SimpleQueue)


class Guichet:
    """Where the requests under one law are computed.

    `delai.Depasse` may come between any two calls. So nothing here is a lock, which it could leave
    taken: whose turn it is, who has it can give up twice, and a signal is one operation.

    Args:
        remplir: fills the results of some situations, together.
    """

    def __init__(self, remplir: Callable[[list[SituationLue]], Any]) -> None:
        self._remplir = remplir
        self._tour: dict[str, _Demande] = {}
        self._attente: deque[_Demande] = deque()
        self._attendus = 1

    def calculer(self, lue: SituationLue) -> None:
        """Fill the results of a situation, by itself or with others.

        Raises:
            delai.Depasse: the time of the request is over.
        """
        if lue.nombre > _PEU or _nombre_de_colonnes(lue) > _PEU_DE_COLONNES:
            self._remplir([lue])
            return
        demande = _Demande(lue)
        self._attente.append(demande)
        try:
            try:
                self._passer(demande)
            finally:
                self._laisser(demande)
        except delai.Depasse:
            self._laisser(demande)  # it may have cut the first one, and comes once
            raise
        if demande.seule:
            self._remplir([lue])

    def _passer(self, demande: _Demande) -> None:
        """Wait for one's turn, unless another thread answers meanwhile."""
        while not (demande.faite or demande.seule):
            if self._tour.setdefault(_TOUR, demande) is demande:
                if not (demande.faite or demande.seule):
                    self._traiter(self._prendre(demande))
                return
            with contextlib.suppress(Empty):
                demande.signal.get(timeout=min(delai.restant(), _RELANCE))

    def _laisser(self, demande: _Demande) -> None:
        """Wait no more, and give one's turn to the next."""
        demande.abandonnee = True
        if self._tour.get(_TOUR) is demande:
            suivante = self._suivante()
            del self._tour[_TOUR]
            if suivante is not None:
                suivante.signal.put(None)

    def _suivante(self) -> _Demande | None:
        """The first that still waits; those that do not are let go, by whose turn it is."""
        while self._attente:
            demande = self._attente[0]
            if not (demande.faite or demande.seule or demande.abandonnee):
                return demande
            self._attente.popleft()
        return None

    def _prendre(self, demande: _Demande) -> list[_Demande]:
        """One's own request, and those that wait, as long as they are few doctors."""
        self._attendre_les_autres()
        lot, nombre = [demande], demande.lue.nombre
        while self._attente and nombre < _ENSEMBLE:
            autre = self._attente.popleft()
            if autre is not demande and not (autre.faite or autre.abandonnee):
                lot.append(autre)
                nombre += autre.lue.nombre
        return lot

    def _attendre_les_autres(self) -> None:
        """In company, let in those who were just answered and come back: ten cost what one does."""
        venus, depuis = -1, 0.0
        while (nombre := len(self._attente)) < self._attendus:
            maintenant = time.monotonic()
            if nombre != venus:
                venus, depuis = nombre, maintenant
            elif maintenant - depuis > _SILENCE:
                break
            time.sleep(_PAS)

    def _traiter(self, lot: list[_Demande]) -> None:
        try:
            self._remplir([demande.lue for demande in lot])
        except Exception:
            # Whose fault it is shows when each one is alone, in its own thread.
            for demande in lot:
                demande.seule = True
        else:
            for demande in lot:
                demande.faite = True
        for demande in lot:
            demande.signal.put(None)
        # Those who are answered and those who wait are all who may be there next time.
        self._attendus = len(lot) + len(self._attente)


def _nombre_de_colonnes(lue: SituationLue) -> int:
    return sum(len(colonnes) for colonnes in lue.colonnes.values())
