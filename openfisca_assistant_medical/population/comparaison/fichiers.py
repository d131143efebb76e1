"""A result as a folder: a Parquet file a table, and description.json."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from openfisca_assistant_medical.brouillon import brouillon, ecrire_json
from openfisca_assistant_medical.population import lecture_json
from openfisca_assistant_medical.population.cellules import SCHEMAS
from openfisca_assistant_medical.population.fiche import fautes_de_la_description
from openfisca_assistant_medical.situations.erreurs import montrer

_EN_PLUS = ("lectures", "tirages")
_EN_LIGNES = ("droits", "caisse")
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
    voulus = [*(f"{nom}.parquet" for nom in SCHEMAS), _DESCRIPTION]
    manquants = [nom for nom in voulus if not (lieu / nom).is_file()]
    if manquants:
        raise FileNotFoundError(
            f"{lieu} : il manque {', '.join(manquants)} ; attendu : le dossier que donne "
            "« assistant-medical simuler … --sortie DOSSIER »."
        )
    lues = {
        nom: _lire_une_table(lieu / f"{nom}.parquet")
        for nom in (*SCHEMAS, *_EN_PLUS)
        if (lieu / f"{nom}.parquet").is_file()
    }
    for nom, schema in SCHEMAS.items():
        absentes = [colonne for colonne in schema.names if colonne not in lues[nom].column_names]
        if absentes:
            raise ResultatIllisible(
                f"{lieu / nom}.parquet : il manque les colonnes {', '.join(absentes)} ; le "
                f"résultat vient d’une autre version. {_REFAIRE}"
            )
    description = _lire_la_description(lieu / _DESCRIPTION)
    _refuser_d_autres_lois(lieu / _DESCRIPTION, description, lues)
    return {**lues, "description": description}


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
        lue = lecture_json.analyser(fichier.read_bytes())
    except (OSError, ValueError) as erreur:
        raise ResultatIllisible(
            f"{fichier} : le fichier ne se lit pas, il est abîmé ou incomplet. {_REFAIRE}"
        ) from erreur
    if not isinstance(lue, dict):
        raise ResultatIllisible(
            f"{fichier} : reçu {montrer(lue)} ; attendu : un objet JSON. {_REFAIRE}"
        )
    if faute := next(fautes_de_la_description(lue), None):
        raise ResultatIllisible(f"{fichier} : {faute}. {_REFAIRE}")
    return lue


def _refuser_d_autres_lois(
    fichier: Path, description: Mapping[str, Any], tables: Mapping[str, pa.Table]
) -> None:
    """The laws of a description are those of the tables, and those that are compared have gains.

    Raises:
        ResultatIllisible: they are not.
    """
    lois = description.get("lois")
    if lois is None:
        return
    comparees = _lois(tables["ecarts"], "loi")
    connues = comparees.union(
        _lois(tables["ecarts"], "reference"), *(_lois(tables[nom], "loi") for nom in _EN_LIGNES)
    )
    if not connues <= set(lois) or (comparees and not set(lois[1:]) <= comparees):
        raise ResultatIllisible(
            f"{fichier} : « lois » : reçu {montrer(lois)} ; attendu : les lois des tables du "
            f"dossier, {', '.join(sorted(connues))}. {_REFAIRE}"
        )


def _lois(table: pa.Table, colonne: str) -> set[str]:
    return {str(loi) for loi in pc.unique(table[colonne]).to_pylist()}


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
    for nom in (*SCHEMAS, *_EN_PLUS):
        table = tables[nom]
        if table is None:
            (lieu / f"{nom}.parquet").unlink(missing_ok=True)
            continue
        if nom in _EN_PLUS:
            table = _triee(table)
        with brouillon(lieu / f"{nom}.parquet") as ecrit:
            pyarrow.parquet.write_table(table, ecrit)
    ecrire_json(lieu / _DESCRIPTION, description)


def _triee(table: pa.Table) -> pa.Table:
    with duckdb.connect() as connexion:
        connexion.register("lue", table)
        return connexion.sql("FROM lue ORDER BY ALL").to_arrow_table().cast(table.schema)
