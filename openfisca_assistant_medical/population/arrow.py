"""Arrow columns laid on NumPy arrays and on words, and back.

`pyarrow.array` and `to_numpy` import pandas wherever it is installed: two seconds of each worker.
What every run does goes through here instead.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray


def nombres(valeurs: ArrayLike, genre: pa.DataType) -> pa.Array:
    """A column of whole or floating numbers, shape (n,); no copy where the type is that one."""
    tableau = numpy.ascontiguousarray(valeurs, dtype=genre.to_pandas_dtype())
    return pa.Array.from_buffers(genre, len(tableau), [None, pa.py_buffer(tableau)])


def textes(mots: Sequence[str]) -> pa.Array:
    """A column of texts."""
    octets = [mot.encode("utf-8") for mot in mots]
    bornes = numpy.cumsum([0, *map(len, octets)], dtype=numpy.int32)
    tampons = [None, pa.py_buffer(bornes), pa.py_buffer(b"".join(octets))]
    return pa.Array.from_buffers(pa.string(), len(octets), tampons)


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
