"""The result of a DuckDB query, streamed into a Parquet file.

The connection reads and cannot write; a query is one SELECT.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openfisca_assistant_medical.population.table.entetes import refus_des_noms
from openfisca_assistant_medical.population.table.refus import TableRefusee

PREFIXE = "duckdb:"
_LIGNES = 100_000  # rows of a row group
_ATTENDU = "attendu : duckdb:CHEMIN.duckdb?SELECT …, ou le chemin d’un fichier .sql"


def est_une_requete(source: str) -> bool:
    """Whether a source is a query, and not a table."""
    return source.startswith(PREFIXE) or source.lower().endswith(".sql")


def mettre_en_parquet(source: str, cible: Path) -> list[str]:
    """Stage the result of a query, and give the names of its columns.

    Args:
        source: `duckdb:PATH?SELECT …`, or a path to a `.sql` file, whose query reads files.
        cible: the Parquet file to write.

    Raises:
        TableRefusee: the query is not one SELECT, fails, or its base cannot be read.
    """
    import duckdb

    base, requete = _lire(source)
    try:
        with duckdb.connect(base or ":memory:", read_only=bool(base)) as connexion:
            connexion.execute("SET autoinstall_known_extensions = false")
            _refuser_l_ecriture(connexion, requete, duckdb)
            flux = _en_flux(connexion, requete)
            if erreurs := list(refus_des_noms(flux.schema.names, 0)):
                raise TableRefusee("Requête refusée.", erreurs)
            with pq.ParquetWriter(cible, flux.schema, compression="snappy") as ecriture:
                for lot in flux:
                    if lot.num_rows:
                        ecriture.write_batch(lot, row_group_size=lot.num_rows)
            return list(flux.schema.names)
    except (duckdb.Error, pa.ArrowException, OSError) as erreur:
        lignes = str(erreur).strip().splitlines()
        raise TableRefusee(f"Requête refusée par DuckDB : {lignes[0] if lignes else ''}") from None


def _lire(source: str) -> tuple[str, str]:
    """The base, empty for none, and the query."""
    if not source.startswith(PREFIXE):
        try:
            return "", Path(source).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise TableRefusee(f"{source} : fichier absent ou illisible ; {_ATTENDU}.") from None
    base, point, requete = source.removeprefix(PREFIXE).partition("?")
    if not base or not point or not requete.strip():
        raise TableRefusee(f"Requête DuckDB mal écrite : {_ATTENDU}.")
    if not Path(base).is_file():
        raise TableRefusee(f"{base} : aucune base DuckDB de ce nom ; {_ATTENDU}.")
    return base, requete


def _refuser_l_ecriture(connexion: Any, requete: str, duckdb: Any) -> None:
    instructions = connexion.extract_statements(requete)
    lecture = [i.type == duckdb.StatementType.SELECT for i in instructions]
    if lecture != [True]:
        raise TableRefusee(
            f"Requête refusée : {len(instructions)} instruction(s), attendu : un seul SELECT, qui "
            "lit sans rien écrire. Remède : préparer les données à part, puis lire la table."
        )


def _en_flux(connexion: Any, requete: str) -> Any:
    relation = connexion.sql(requete)
    if hasattr(relation, "to_arrow_reader"):
        return relation.to_arrow_reader(_LIGNES)
    return relation.fetch_arrow_reader(_LIGNES)
