"""Arrow columns laid on NumPy arrays and on words, and back.

`pyarrow.array`, `scalar` and `to_numpy` import pandas wherever it is installed: two seconds of each
worker. What every run does goes through here instead.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray


def nombres(
    valeurs: ArrayLike, genre: pa.DataType, donnees: NDArray[numpy.bool_] | None = None
) -> pa.Array:
    """A column of numbers, of days or of booleans, shape (n,); no copy of what has that type.

    Args:
        valeurs: what it holds.
        genre: its type.
        donnees: which are given, the others being null; None = all.
    """
    if pa.types.is_boolean(genre):
        bits = numpy.asarray(valeurs, bool)
        return _colonne(genre, len(bits), donnees, _bits(bits))
    if pa.types.is_date32(genre):
        valeurs = numpy.asarray(valeurs, "datetime64[D]").astype(numpy.int32)
    type_numpy = numpy.int32 if pa.types.is_date32(genre) else genre.to_pandas_dtype()
    tableau = numpy.ascontiguousarray(valeurs, dtype=type_numpy)
    return _colonne(genre, len(tableau), donnees, tableau)


def textes(mots: Sequence[str | None]) -> pa.Array:
    """A column of texts, None being null."""
    octets = [(mot or "").encode("utf-8") for mot in mots]
    donnees = numpy.fromiter((mot is not None for mot in mots), bool, len(octets))
    return lettres(b"".join(octets), list(map(len, octets)), None if donnees.all() else donnees)


def lettres(
    octets: Any, longueurs: ArrayLike, donnees: NDArray[numpy.bool_] | None = None
) -> pa.Array:
    """A column of texts that follow one another in UTF-8 bytes, by their lengths."""
    bornes = numpy.concatenate([[0], numpy.cumsum(longueurs)]).astype(numpy.int32)
    return _colonne(pa.string(), len(bornes) - 1, donnees, bornes, octets)


def _colonne(
    genre: pa.DataType, nombre: int, donnees: NDArray[numpy.bool_] | None, *tampons: Any
) -> pa.Array:
    presents = None if donnees is None else pa.py_buffer(_bits(donnees))
    return pa.Array.from_buffers(genre, nombre, [presents, *map(pa.py_buffer, tampons)])


def _bits(booleens: NDArray[numpy.bool_]) -> NDArray[numpy.uint8]:
    return numpy.packbits(booleens, bitorder="little")


def scalaire(valeur: Any, genre: pa.DataType) -> pa.Scalar:
    """One text, number or boolean, as what works on columns takes it: it would make one itself."""
    un = textes([valeur]) if pa.types.is_string(genre) else nombres([valeur], genre)
    return un[0]


def en_numpy(cellules: pa.Array) -> NDArray[Any]:
    """Numbers or booleans without a null, shape (n,); numbers are not copied, and read-only."""
    octets, debut, nombre = cellules.buffers()[1], cellules.offset, len(cellules)
    genre = numpy.dtype(cellules.type.to_pandas_dtype())
    if octets is None:
        return numpy.empty(0, genre)
    if pa.types.is_boolean(cellules.type):  # a bit each
        premier, reste = divmod(debut, 8)
        bits = numpy.frombuffer(octets, numpy.uint8, -(-(reste + nombre) // 8), premier)
        return numpy.unpackbits(bits, bitorder="little")[reste : reste + nombre].view(bool)
    return numpy.frombuffer(octets, genre, nombre, debut * genre.itemsize)


def vide(schema: pa.Schema) -> pa.Table:
    """A table without rows."""
    return pa.Table.from_batches([], schema)
