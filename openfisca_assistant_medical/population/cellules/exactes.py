"""Sums of weights, and of weighted euros, that come out the same in any order.

A weight is any number: what a contract's cents weigh is rounded once, contract by contract, to the
millionth of a euro. Whole numbers of millionths then add up exactly, in whatever blocks, order or
table, as long as a cell holds less than 9 × 10⁹ € (2⁵³ millionths). A total is thus within half a
millionth of a euro a contract and amount: for a million contracts, 50 cents at the very most, and
less than a tenth of a cent in general. Where every weight is 1, sums are of whole cents.
"""

from collections.abc import Iterable

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.population.cellules.schemas import CENTIMES, MICRO
from openfisca_assistant_medical.population.colonnes import Tableau


class Poids:
    """The weights of a block, shape (n,)."""

    def __init__(self, poids: NDArray[numpy.float64]) -> None:
        # None: every weight is 1.
        self._poids = None if bool((poids == 1).all()) else poids
        self._unite = CENTIMES if self._poids is None else MICRO

    def peser(self, centimes: Tableau, contrats: Tableau | None = None) -> Tableau:
        """What cents of each contract weigh, in whole units that `euros` adds up.

        Args:
            centimes: of each of `contrats`.
            contrats: ranks in the block; None = all of them, in order.
        """
        if self._poids is None:
            return centimes
        poids = self._poids if contrats is None else self._poids[contrats]
        unites: Tableau = numpy.rint(centimes * poids * (MICRO // CENTIMES))
        return unites

    def en_euros(self, unites: Tableau) -> Tableau:
        """Sums of whole units, in euros."""
        euros: Tableau = unites / self._unite
        return euros

    def euros(self, presents: Tableau, versements: Iterable[tuple[Tableau, Tableau]]) -> Tableau:
        """Sum of some codes, in euros, in their order.

        Args:
            presents: codes to give, sorted.
            versements: codes and units of contracts, in as many goes as there are.
        """
        taille = int(presents[-1]) + 1 if len(presents) else 0
        somme = numpy.zeros(len(presents))
        for codes, unites in versements:
            somme += numpy.bincount(codes, unites, taille)[presents]
        return self.en_euros(somme)

    def contrats(
        self, codes: Tableau, presents: Tableau, contrats: Tableau | None = None
    ) -> Tableau:
        """Sum of the weights of some codes, each to the millionth, in their order.

        Args:
            codes: code of each of `contrats`.
            presents: codes to give, sorted.
            contrats: ranks in the block; None = all of them, in order.
        """
        if self._poids is None:
            return numpy.bincount(codes)[presents].astype(numpy.float64)
        poids = self._poids if contrats is None else self._poids[contrats]
        sommes: Tableau = numpy.bincount(codes, numpy.rint(poids * MICRO))[presents] / MICRO
        return sommes


def en_micro(valeurs: NDArray[numpy.float64]) -> int:
    """Sum of values rounded to the millionth, in millionths."""
    return int(numpy.rint(valeurs * MICRO).astype(numpy.int64).sum())


def en_centimes(euros: Tableau) -> Tableau:
    """Whole cents of one contract, before it is weighted."""
    centimes: Tableau = numpy.rint(euros * CENTIMES)
    return centimes


def en_codes(valeurs: Tableau) -> Tableau:
    """Codes of a column of words of the model."""
    codes: Tableau = valeurs.view(numpy.ndarray)
    return codes
