"""Adding cells up, exactly, within a bounded memory."""

from collections.abc import Iterable, Iterator
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.arrow import en_numpy, nombres, vide
from openfisca_assistant_medical.population.calcul import rendre_la_memoire
from openfisca_assistant_medical.population.cellules.schemas import (
    MICRO,
    SCHEMAS,
    Cellules,
)

# Rows of parts kept until they are added up, and rows of a table added up together; a row is 50
# bytes or so, and four times that while it is added up.
_EN_ATTENTE = 500_000
_ENSEMBLE = 200_000
# Of what DuckDB keeps; past it, it writes to the disk.
_MEMOIRE = "96MB"
# First columns of a table that tell the rows that are added up together.
_PREMIERES = 3
# Sums are whole numbers of millionths of a euro, or of a weight. A float64 holds each of them up to
# 9 × 10⁹ a cell, and each whole number of cents up to 10¹³.


def fusionner(parties: Iterable[Cellules]) -> Cellules:
    """Add cells up, one part after the other; rows sorted by their keys.

    The order of the parts, and how they are put together, change nothing.
    """
    sommes = {nom: [vide(schema)] for nom, schema in SCHEMAS.items()}
    with TemporaryDirectory() as dossier, duckdb.connect() as connexion:
        connexion.execute(f"SET memory_limit = '{_MEMOIRE}'")
        connexion.execute("SET temp_directory = $dossier", {"dossier": dossier})
        connexion.execute("SET threads = 1")  # each has memory of its own
        for partie in parties:
            for nom, tables in sommes.items():
                tables.append(getattr(partie, nom))
                if sum(map(len, tables[1:])) > max(_EN_ATTENTE, len(tables[0])):
                    faire_place()
                    tables.append(_additionner(connexion, nom, tables))
                    faire_place()
        faire_place()
        return Cellules(
            **{
                nom: _additionner(connexion, nom, tables) if len(tables) > 1 else tables[0]
                for nom, tables in sommes.items()
            }
        )


def faire_place() -> None:
    """Give back the memory that no table and no array holds any more, before large sums."""
    pa.default_memory_pool().release_unused()
    rendre_la_memoire()


def en_entier(expression: str) -> str:
    """SQL of an amount as a whole number of millionths, which adds up exactly."""
    return f"round({expression} * {MICRO})::HUGEINT"


def en_clair(expression: str) -> str:
    """SQL of what `en_entier` gave, as an amount again."""
    return f"({expression})::DOUBLE / {MICRO}"


def _additionner(connexion: Any, nom: str, tables: list[pa.Table]) -> pa.Table:
    """One row a key, sorted; whole numbers are added up, exactly; `tables` are let go."""
    schema, colonnes = SCHEMAS[nom], []
    for champ in schema:
        if champ.name == "lignes":
            colonnes.append("sum(lignes)::BIGINT AS lignes")
        elif pa.types.is_floating(champ.type):
            colonnes.append(f"{en_clair(f'sum({en_entier(champ.name)})')} AS {champ.name}")
        else:
            colonnes.append(champ.name)
    table, mots = _en_rangs(pa.concat_tables(tables).unify_dictionaries())
    tables.clear()
    requete = f"SELECT {', '.join(colonnes)} FROM parties GROUP BY ALL ORDER BY ALL"
    sommes = []
    for parties in _morceaux(table):
        connexion.register("parties", parties)
        sommes.append(connexion.sql(requete).to_arrow_table())
        connexion.unregister("parties")
    del table
    return _en_mots(pa.concat_tables(sommes), mots, schema) if sommes else vide(schema)


def _morceaux(table: pa.Table) -> Iterator[pa.Table]:
    """Rows to add up together, in the order of their first keys, which no two pieces share."""
    codes = numpy.zeros(len(table), dtype=numpy.int64)
    for colonne in table.columns[:_PREMIERES]:
        rangs = en_numpy(colonne.combine_chunks())
        codes = codes * (int(rangs.max(initial=0)) + 1) + rangs
    lignes = numpy.bincount(codes)
    coupes = numpy.cumsum(lignes) // _ENSEMBLE
    for coupe in numpy.unique(coupes[lignes > 0]):
        yield table.filter(nombres(coupes[codes] == coupe, pa.bool_()))


def _en_rangs(table: pa.Table) -> tuple[pa.Table, dict[str, pa.Array]]:
    """Words as ranks among the words of their column, in order: twice as fast to add up."""
    mots = {}
    for place, champ in enumerate(table.schema):
        if pa.types.is_dictionary(champ.type):
            colonne = table.column(place).combine_chunks()
            ordre = pc.sort_indices(colonne.dictionary)
            mots[champ.name] = colonne.dictionary.take(ordre)
            rangs = pc.sort_indices(ordre).cast(pa.int32()).take(colonne.indices)
            table = table.set_column(place, champ.name, rangs)
    return table, mots


def _en_mots(somme: pa.Table, mots: dict[str, pa.Array], schema: pa.Schema) -> pa.Table:
    """Ranks as words again: those that are there, in order."""
    for place, champ in enumerate(schema):
        if champ.name in mots:
            rangs = en_numpy(somme.column(place).combine_chunks())
            presents = numpy.bincount(rangs) > 0
            codes = nombres((numpy.cumsum(presents) - 1)[rangs], pa.int32())
            siens = mots[champ.name].take(nombres(numpy.flatnonzero(presents), pa.int64()))
            colonne = pa.DictionaryArray.from_arrays(codes, siens)
            somme = somme.set_column(place, champ.name, colonne)
    return somme.cast(schema)
