"""Adding cells up, exactly, within a bounded memory."""

from collections.abc import Iterable
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.arrow import vide
from openfisca_assistant_medical.population.cellules.schemas import (
    MICRO,
    SCHEMAS,
    Cellules,
)

# Rows of parts kept until they are added up; a row is 50 bytes or so.
_EN_ATTENTE = 1_000_000
# Of what DuckDB keeps; past it, it writes to the disk.
_MEMOIRE = "192MB"
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
                    tables.append(_additionner(connexion, nom, tables))
        return Cellules(
            **{nom: _additionner(connexion, nom, tables) for nom, tables in sommes.items()}
        )


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
    connexion.register("parties", table)
    del table
    requete = f"SELECT {', '.join(colonnes)} FROM parties GROUP BY ALL ORDER BY ALL"
    somme = connexion.sql(requete).to_arrow_table()
    connexion.unregister("parties")
    pa.default_memory_pool().release_unused()
    for rang, colonne in enumerate(schema.names):
        if colonne in mots:
            somme = somme.set_column(rang, colonne, mots[colonne].take(somme[colonne]))
    return somme.cast(schema)


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
