"""Choosing, doctor by doctor, the first line of a table that fits."""

from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum, EnumArray

# Rows for which the fewest calls win.
_QUELQUES = 2_000


class Membres(EnumArray):
    """Members of an Enum, one a doctor; comparing them to a member is one pass, not ten checks."""

    def __eq__(self, autre: Any) -> Any:
        if autre.__class__ is self.possible_values:
            return self.view(numpy.ndarray) == autre.index
        return super().__eq__(autre)

    def __ne__(self, autre: Any) -> Any:
        if autre.__class__ is self.possible_values:
            return self.view(numpy.ndarray) != autre.index
        return super().__ne__(autre)


def selon(*lignes: tuple[NDArray[numpy.bool_], Any], sinon: Any) -> Any:
    """First line whose condition holds, as one reads a table from top to bottom.

    Args:
        lignes: pairs (condition of shape (n,), value); values are members of one Enum, numbers,
            booleans or arrays of shape (n,).
        sinon: value where no condition holds, of the same kind.

    Returns:
        An `EnumArray` where `sinon` belongs to an Enum, else an array of shape (n,).
    """
    if isinstance(sinon, (Enum, EnumArray)):
        possibles = sinon.possible_values if isinstance(sinon, EnumArray) else type(sinon)
        codes = [(condition, _codes(membre)) for condition, membre in lignes]
        return Membres(_choisir(codes, _codes(sinon), possibles.indices.dtype), possibles)
    genre = numpy.result_type(*(valeur for _, valeur in lignes), sinon)
    return _choisir(lignes, sinon, genre)


def _codes(membre: Any) -> Any:
    return membre.index if isinstance(membre, Enum) else membre.view(numpy.ndarray)


def _choisir(lignes: Any, sinon: Any, genre: numpy.dtype[Any]) -> NDArray[Any]:
    """First value whose condition holds, in a type of numbers."""
    (premiere, _), *_ = lignes
    choisies = numpy.empty(len(premiere), dtype=genre)
    choisies[:] = sinon
    for condition, valeur in reversed(lignes):
        _poser(choisies, condition, valeur)
    return choisies


def _poser(choisies: NDArray[Any], condition: NDArray[numpy.bool_], valeur: Any) -> None:
    """Lay a value where a condition holds; in place.

    The bits that differ are multiplied by the condition, without a branch: doctors follow no
    pattern that a processor could guess, and `numpy.where` or a masked copy cost two to ten times
    as much, except for a few rows.
    """
    if len(choisies) < _QUELQUES:
        numpy.copyto(choisies, valeur, where=condition, casting="unsafe")
    elif condition.any():
        entier = f"i{choisies.itemsize}"
        bits = choisies.view(entier)
        if not isinstance(valeur, numpy.ndarray) and not valeur:
            bits *= ~condition
            return
        ecart = bits ^ numpy.asarray(valeur, dtype=choisies.dtype).view(entier)
        ecart *= condition
        bits ^= ecart


def plus_haute(une: EnumArray, autre: EnumArray) -> EnumArray:
    """The later member of two, in the order in which the Enum declares them, shape (n,)."""
    return Membres(
        numpy.maximum(une.view(numpy.ndarray), autre.view(numpy.ndarray)), une.possible_values
    )


def meme_nom(valeurs: EnumArray, enumeration: type[Enum], sinon: EnumArray) -> EnumArray:
    """The member of the same name in another Enum, shape (n,); `sinon` where there is none."""
    noms = [membre.name for membre in enumeration]
    absent = len(noms)
    codes = [noms.index(m.name) if m.name in noms else absent for m in valeurs.possible_values]
    trouves = numpy.array(codes, dtype=enumeration.indices.dtype).take(valeurs.view(numpy.ndarray))
    _poser(trouves, trouves == absent, sinon.view(numpy.ndarray))
    return Membres(trouves, enumeration)
