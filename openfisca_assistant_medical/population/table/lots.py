"""Rows read by batches of a given size, and the fingerprint of what they hold."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openfisca_assistant_medical.population.mention import CLE

TAMPON = 2**18  # bytes read ahead of each column


def lots_de_parquet(
    fichier: str, groupes: Sequence[int], colonnes: list[str], taille: int, mots: list[str]
) -> Iterator[pa.RecordBatch]:
    """The rows of row groups, `taille` at most together, page after page.

    Args:
        fichier: path of the file.
        groupes: ranks of the row groups.
        colonnes: names of the columns to read.
        taille: rows of a batch.
        mots: columns of text to give as dictionaries of their words.
    """
    with pq.ParquetFile(fichier, read_dictionary=mots, buffer_size=TAMPON, pre_buffer=False) as lu:
        lots = lu.iter_batches(taille, row_groups=list(groupes), columns=colonnes)
        yield from _regrouper(lots, taille)


def lots_de_memoire(table: pa.Table, taille: int) -> Iterator[pa.RecordBatch]:
    """The rows of a table, `taille` at most together."""
    for debut in range(0, table.num_rows, taille):
        yield from _en_lots(table.slice(debut, taille))


def _regrouper(lots: Iterable[pa.RecordBatch], taille: int) -> Iterator[pa.RecordBatch]:
    """Small batches joined up to `taille` rows: a block has a cost of its own."""
    attente: list[pa.RecordBatch] = []
    nombre = 0
    for lot in lots:
        if attente and nombre + lot.num_rows > taille:
            yield from _joindre(attente)
            attente, nombre = [], 0
        if lot.num_rows:
            attente.append(lot)
            nombre += lot.num_rows
    if attente:
        yield from _joindre(attente)


def _joindre(lots: list[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    return lots if len(lots) == 1 else _en_lots(pa.Table.from_batches(lots))


def _en_lots(table: pa.Table) -> list[pa.RecordBatch]:
    """The rows in one batch; in several where their texts are too long for one."""
    morceaux: list[pa.RecordBatch] = table.to_batches()
    return morceaux if len(morceaux) == 1 else list(table.combine_chunks().to_batches())


def condenser_un_fichier(chemin: str) -> bytes:
    """SHA-256 of the bytes of a file."""
    with open(chemin, "rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").digest()


def empreinte_de_lots(schema: pa.Schema, lots: Iterable[pa.RecordBatch]) -> str:
    """SHA-256 of rows, with the names and types of their columns, as an Arrow stream."""
    condense, schema = hashlib.sha256(), _sans_histoire(schema)
    with pa.ipc.new_stream(pa.PythonFile(_Puits(condense), "w"), schema) as flux:
        for lot in lots:
            flux.write_batch(lot)
    return condense.hexdigest()


def _sans_histoire(schema: pa.Schema) -> pa.Schema:
    """A schema without what its writer notes for itself, such as the version of pandas."""
    dites = {c: v for c, v in (schema.metadata or {}).items() if c == CLE}
    return pa.schema([c.remove_metadata() for c in schema], metadata=dites or None)


class _Puits(io.RawIOBase):
    """A file that keeps the fingerprint of what is written to it."""

    def __init__(self, condense: Any) -> None:
        self.condense = condense

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, octets: Any) -> int:
        """Take bytes in."""
        self.condense.update(octets)
        return len(octets)
