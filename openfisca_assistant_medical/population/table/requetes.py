"""The result of a DuckDB query, streamed into a Parquet file.

A query is one SELECT. Its connection writes nothing, loads nothing, does not go on the network, and
reads no file but those in the current folder, or in that of the base or of the `.sql`, and under.
"""

from collections.abc import Sequence
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

    base, requete, dossiers = _lire(source)
    try:
        with duckdb.connect(base or ":memory:", read_only=bool(base)) as connexion:
            _enfermer(connexion, dossiers)
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
        raison = f"Requête refusée par DuckDB : {lignes[0] if lignes else ''}"
        if isinstance(erreur, duckdb.PermissionException):
            lus = ", ".join(f"« {dossier} »" for dossier in dossiers)
            raison += (
                f". Elle ne lit que les fichiers de {lus}, et de leurs sous-dossiers. Remède : les "
                "y mettre, ou lancer la commande depuis leur dossier."
            )
        raise TableRefusee(raison) from erreur


def _enfermer(connexion: Any, dossiers: Sequence[Path]) -> None:
    """Shut all that a query does not need; nothing can be opened again after that."""
    admis = ", ".join("'{}/'".format(str(dossier).replace("'", "''")) for dossier in dossiers)
    for reglage in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "python_enable_replacements = false",  # a Python variable is no table
        f"allowed_directories = [{admis}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connexion.execute(f"SET {reglage}")


def _lire(source: str) -> tuple[str, str, list[Path]]:
    """The base, empty for none, the query, and the folders whose files it may read."""
    if not source.startswith(PREFIXE):
        try:
            requete = Path(source).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as erreur:
            raison = f"{source} : fichier absent ou illisible ; {_ATTENDU}."
            raise TableRefusee(raison) from erreur
        return "", requete, _dossiers(source)
    base, point, requete = source.removeprefix(PREFIXE).partition("?")
    if not base or not point or not requete.strip():
        raise TableRefusee(f"Requête DuckDB mal écrite : {_ATTENDU}.")
    if not Path(base).is_file():
        raise TableRefusee(f"{base} : aucune base DuckDB de ce nom ; {_ATTENDU}.")
    return base, requete, _dossiers(base)


def _dossiers(fichier: str) -> list[Path]:
    return list(dict.fromkeys((Path.cwd(), Path(fichier).absolute().parent)))


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
