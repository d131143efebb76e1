"""Cells with modalities put together."""

from collections.abc import Mapping

import pyarrow as pa

from openfisca_assistant_medical.population.cellules import (
    CAISSE,
    DROITS,
    ECARTS,
    Cellules,
    fusionner,
)
from openfisca_assistant_medical.population.comparaison.sql import CLES, ENTIERES, lire

Groupes = Mapping[str, Mapping[str, str]]


def regrouper(cellules: Cellules, groupes: Groupes) -> Cellules:
    """Cells where the modalities of each dimension bear their new names, added up.

    `variations` stay as they are: contracts may be behind several modalities of them.
    """
    droits = _renommer(cellules.droits, groupes, set(CLES["droits"]) - set(ENTIERES))
    caisse = _renommer(cellules.caisse, groupes, {"certitude"})
    return fusionner(
        [
            Cellules(
                droits.cast(DROITS),
                _une_fois(caisse).cast(CAISSE),
                _ecarts(cellules, groupes),
                cellules.variations,
            )
        ]
    )


def _renommer(table: pa.Table, groupes: Groupes, possibles: set[str]) -> pa.Table:
    """A table with the words of some columns changed."""
    for place, champ in enumerate(table.schema):
        noms = groupes.get(champ.name, {}) if champ.name in possibles else {}
        if noms:
            colonne = table.column(place).combine_chunks().dictionary_encode()
            mots = [noms.get(mot, mot) for mot in colonne.dictionary.to_pylist()]
            renommee = pa.array(mots, pa.string()).take(colonne.indices)
            table = table.set_column(place, champ.name, renommee)
    return table


def _une_fois(caisse: pa.Table) -> pa.Table:
    """Cells of cash, one a key: `lignes` of the largest, for a contract may be paid in several."""
    return lire(
        """
        WITH rangees AS (
            SELECT *, row_number() OVER (
                PARTITION BY loi, mois, certitude ORDER BY lignes DESC
            ) AS place FROM caisse
        )
        SELECT loi, mois, certitude, CASE WHEN place = 1 THEN lignes ELSE 0 END AS lignes, depense
        FROM rangees
        """,
        {"caisse": caisse},
        {},
    )


def _ecarts(cellules: Cellules, groupes: Groupes) -> pa.Table:
    trios = [(d, mot, nouveau) for d, noms in groupes.items() for mot, nouveau in noms.items()]
    noms = pa.table(
        {
            nom: pa.array([trio[place] for trio in trios], pa.string())
            for place, nom in enumerate(("dimension", "modalite", "nouveau"))
        }
    )
    requete = """
        SELECT ecarts.* REPLACE (coalesce(nouveau, ecarts.modalite) AS modalite)
        FROM ecarts LEFT JOIN noms ON ecarts.dimension = noms.dimension
        AND ecarts.modalite = noms.modalite
    """
    return lire(requete, {"ecarts": cellules.ecarts, "noms": noms}, {}).cast(ECARTS)
