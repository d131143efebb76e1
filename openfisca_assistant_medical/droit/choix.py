"""Choosing, doctor by doctor, the first line of a table that fits."""

from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum, EnumArray


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
        codes = numpy.empty(len(lignes[0][0]), dtype=possibles.indices.dtype)
        codes[:] = sinon.index if isinstance(sinon, Enum) else sinon.view(numpy.ndarray)
        for condition, membre in reversed(lignes):
            code = membre.index if isinstance(membre, Enum) else membre.view(numpy.ndarray)
            numpy.copyto(codes, code, where=condition, casting="unsafe")
        return EnumArray(codes, possibles)
    genre = numpy.result_type(*(valeur for _, valeur in lignes), sinon)
    valeurs = numpy.empty(len(lignes[0][0]), dtype=genre)
    valeurs[:] = sinon
    for condition, valeur in reversed(lignes):
        numpy.copyto(valeurs, valeur, where=condition)
    return valeurs


def plus_haute(une: EnumArray, autre: EnumArray) -> EnumArray:
    """The later member of two, in the order in which the Enum declares them, shape (n,)."""
    return EnumArray(
        numpy.maximum(une.view(numpy.ndarray), autre.view(numpy.ndarray)), une.possible_values
    )


def meme_nom(valeurs: EnumArray, enumeration: type[Enum], sinon: EnumArray) -> EnumArray:
    """The member of the same name in another Enum, shape (n,); `sinon` where there is none."""
    noms = [membre.name for membre in enumeration]
    absent = len(noms)
    codes = [noms.index(m.name) if m.name in noms else absent for m in valeurs.possible_values]
    trouves = numpy.array(codes, dtype=enumeration.indices.dtype).take(valeurs.view(numpy.ndarray))
    retenus = numpy.where(trouves == absent, sinon.view(numpy.ndarray), trouves)
    return EnumArray(retenus, enumeration)
