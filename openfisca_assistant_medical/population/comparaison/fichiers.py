"""A result as a folder: a Parquet file a table, and description.json."""

import json
import os
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet

from openfisca_assistant_medical.population.cellules import CAISSE, DROITS, ECARTS

TABLES = {"droits": DROITS, "caisse": CAISSE, "ecarts": ECARTS}
_EN_PLUS = ("lectures", "tirages")
_DESCRIPTION = "description.json"


class ResultatIllisible(ValueError):
    """A folder of results that is damaged, or of another version; the message says what to do."""


def lire_le_dossier(dossier: str | PathLike[str]) -> dict[str, Any]:
    """Tables and description of a folder, by name.

    Raises:
        FileNotFoundError: it does not hold a result; the message says what is missing.
        ResultatIllisible: a file that cannot be read.
    """
    lieu = Path(dossier)
    voulus = [*(f"{nom}.parquet" for nom in TABLES), _DESCRIPTION]
    manquants = [nom for nom in voulus if not (lieu / nom).is_file()]
    if manquants:
        raise FileNotFoundError(
            f"{lieu} : il manque {', '.join(manquants)} ; attendu : le dossier que donne "
            "« assistant-medical simuler … --sortie DOSSIER »."
        )
    lues = {
        nom: _lire_une_table(lieu / f"{nom}.parquet")
        for nom in (*TABLES, *_EN_PLUS)
        if (lieu / f"{nom}.parquet").is_file()
    }
    for nom, schema in TABLES.items():
        absentes = [colonne for colonne in schema.names if colonne not in lues[nom].column_names]
        if absentes:
            raise ResultatIllisible(
                f"{lieu / nom}.parquet : il manque les colonnes {', '.join(absentes)} ; le "
                f"résultat vient d’une autre version. {_REFAIRE}"
            )
    return {**lues, "description": _lire_la_description(lieu / _DESCRIPTION)}


_REFAIRE = "Remède : refaire le calcul, par « assistant-medical simuler … --remplacer »."


def _lire_une_table(fichier: Path) -> pa.Table:
    try:
        with pyarrow.parquet.ParquetFile(fichier) as lu:
            return lu.read()
    except (OSError, pa.ArrowException) as erreur:
        raise ResultatIllisible(
            f"{fichier} : le fichier ne se lit pas, il est abîmé ou incomplet. {_REFAIRE}"
        ) from erreur


def _lire_la_description(fichier: Path) -> dict[str, Any]:
    try:
        lue = json.loads(fichier.read_text("utf-8"))
    except (OSError, ValueError) as erreur:
        raise ResultatIllisible(
            f"{fichier} : le fichier ne se lit pas, il est abîmé ou incomplet. {_REFAIRE}"
        ) from erreur
    if not isinstance(lue, dict):
        raise ResultatIllisible(
            f"{fichier} : reçu {type(lue).__name__} ; attendu : un objet JSON. {_REFAIRE}"
        )
    return lue


def ecrire_le_dossier(
    dossier: str | PathLike[str],
    tables: Mapping[str, pa.Table | None],
    description: Mapping[str, Any],
) -> None:
    """Write a result, in a folder made if it is not there.

    The same cells and description give the same bytes, in whatever order they come.

    Args:
        dossier: the folder.
        tables: cells, sorted; readings and draws, or None where there are none.
        description: plain data.
    """
    lieu = Path(dossier)
    lieu.mkdir(parents=True, exist_ok=True)
    for nom in (*TABLES, *_EN_PLUS):
        table = tables[nom]
        if table is None:
            (lieu / f"{nom}.parquet").unlink(missing_ok=True)
            continue
        if nom in _EN_PLUS:
            table = _triee(table)
        pyarrow.parquet.write_table(table, lieu / f"{nom}.parquet.partiel")
        os.replace(lieu / f"{nom}.parquet.partiel", lieu / f"{nom}.parquet")
    texte = json.dumps(description, ensure_ascii=False, indent=2, sort_keys=True)
    (lieu / f"{_DESCRIPTION}.partiel").write_text(f"{texte}\n", "utf-8")
    os.replace(lieu / f"{_DESCRIPTION}.partiel", lieu / _DESCRIPTION)


def _triee(table: pa.Table) -> pa.Table:
    with duckdb.connect() as connexion:
        connexion.register("lue", table)
        return connexion.sql("FROM lue ORDER BY ALL").to_arrow_table().cast(table.schema)
