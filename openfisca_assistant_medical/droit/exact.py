"""Exact comparisons and roundings.

Binary floats miss the cases that the law names: 0.95 × 400 is not always reached by 380, and half
a cent falls on either side. Counts are compared in whole numbers against a share held as a
parameter, and money is rounded once, half up. Source: design, section 2; specification, section 6.
"""

from typing import TypeAlias

import numpy
from numpy.typing import ArrayLike, NDArray

Nombres: TypeAlias = NDArray[numpy.integer] | NDArray[numpy.floating]

# A share is held to the millionth, finer than any share of the documents, and a count stays under
# 10⁸: shares of counts are equal or a millionth apart, and their float product errs far less.
_ECHELLE = 1_000_000
_DEMI_PAS = 0.5 / _ECHELLE
# Distance to a half under which a product of floats is that half. The error of three float
# products under 10⁷ cents stays below 5e-9; two distinct fractions of at most 1.3e5 patients and
# 366 days lie farther apart than 1e-8.
_TOLERANCE = 1e-8
_CENTIMES = 100


def atteint(observe: ArrayLike, part: ArrayLike, cible: ArrayLike) -> NDArray[numpy.bool_]:
    """Whether a whole number is at least a share of another: observe ≥ part × cible, exactly.

    Args:
        observe: whole numbers, shape (n,).
        part: share, in millionths at the finest; a number or shape (n,).
        cible: whole numbers, shape (n,).

    Returns:
        Booleans, shape (n,); false where there is no share (NaN).
    """
    return numpy.greater_equal(observe, numpy.multiply(part, cible) - _DEMI_PAS)


def depasse(observe: ArrayLike, part: ArrayLike, cible: ArrayLike) -> NDArray[numpy.bool_]:
    """Whether a whole number is strictly more than a share of another, exactly; see `atteint`."""
    return numpy.greater(observe, numpy.multiply(part, cible) + _DEMI_PAS)


def rapport(gagne: ArrayLike, a_gagner: ArrayLike) -> NDArray[numpy.float64]:
    """Quotient of two whole numbers, shape (n,); 0 where the second is not positive."""
    diviseur = numpy.asarray(a_gagner)
    return numpy.asarray(gagne / numpy.maximum(diviseur, 1) * (diviseur > 0))


def arrondi_au_patient(part: ArrayLike, cible: ArrayLike) -> NDArray[numpy.int64]:
    """Share of a whole number of patients, to the nearest one, half up, shape (n,)."""
    return numpy.floor(numpy.multiply(part, cible) + 0.5 + _DEMI_PAS).astype(numpy.int64)


def arrondi_au_centime(euros: NDArray[numpy.floating]) -> NDArray[numpy.float64]:
    """Amount in euros to the cent, half up, as the float64 nearest to that cent, shape (n,)."""
    centimes: NDArray[numpy.float64] = numpy.multiply(euros, float(_CENTIMES))
    centimes += 0.5 + _TOLERANCE
    numpy.floor(centimes, out=centimes)
    centimes /= _CENTIMES
    return centimes
