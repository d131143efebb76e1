"""Writing a synthetic population, piece after piece, whole or not at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from openfisca_assistant_medical.brouillon import brouillon
from openfisca_assistant_medical.population.synthese.engendrement import (
    DemandeRefusee,
    demander,
    morceaux,
)

EXTENSIONS = (".parquet", ".csv")
COMPRESSION = "zstd"


def ecrire_population(
    chemin: str | Path,
    taille: int,
    graine: int,
    *,
    travailleurs: int = 1,
    suivi: Callable[[int, int], object] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Write a synthetic population; memory does not grow with it.

    Args:
        chemin: a `.parquet` file, or a `.csv` beside which `….csv.json` says what it is. They are
            written aside, then put in their place.
        taille: rows.
        graine: seed.
        travailleurs: threads; they change nothing of the file.
        suivi: called with the rows done and their number.
        options: `jusqu_a` and `derniere_signature` of `engendrer`.

    Returns:
        The mention of the population, as its metadata have it.

    Raises:
        DemandeRefusee: an argument, or the extension, does not fit.
        OSError: the file cannot be written.
    """
    cible = Path(chemin)
    demande = demander(taille, graine, **options)
    if cible.suffix not in EXTENSIONS:
        raise DemandeRefusee(
            f"sortie : reçu « {cible.name} » ; attendu : un nom qui finit par "
            f"{' ou '.join(EXTENSIONS)}."
        )
    with brouillon(cible) as ecrit:
        with _ecrivain(ecrit, cible.suffix, demande.schema()) as ecrivain:
            for morceau in morceaux(demande, travailleurs, suivi):
                ecrivain.write_table(_en_texte(morceau) if cible.suffix == ".csv" else morceau)
        if cible.suffix == ".csv":
            texte = json.dumps(demande.mention(), ensure_ascii=False, indent=2)
            with brouillon(f"{cible}.json") as notice:
                notice.write_text(f"{texte}\n", "utf-8")
    return demande.mention()


def _ecrivain(chemin: Path, extension: str, schema: pa.Schema) -> Any:
    if extension == ".csv":
        from pyarrow import csv

        options = csv.WriteOptions(quoting_style="none")
        return csv.CSVWriter(chemin, _schema_en_texte(schema), write_options=options)
    from pyarrow import parquet

    mots = [champ.name for champ in schema if pa.types.is_dictionary(champ.type)]
    # Counts are too many for a dictionary to pay.
    return parquet.ParquetWriter(chemin, schema, compression=COMPRESSION, use_dictionary=mots)


def _schema_en_texte(schema: pa.Schema) -> pa.Schema:
    """The same columns, with words for what is coded."""
    return pa.schema(
        [
            (champ.name, pa.string() if pa.types.is_dictionary(champ.type) else champ.type)
            for champ in schema
        ]
    )


def _en_texte(morceau: pa.Table) -> pa.Table:
    return morceau.cast(_schema_en_texte(morceau.schema))
