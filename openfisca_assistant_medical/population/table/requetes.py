"""The result of a DuckDB query, streamed into a Parquet file.

A query is one SELECT. Its connection writes nothing, loads nothing, does not go on the network, and
reads no file but those in the current folder, or in that of the base or of the `.sql`, and under.
It has so much memory, beyond which DuckDB goes on in the folder of the staged file, so much time,
and gives so many rows at most: one without end is refused.
"""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openfisca_assistant_medical.population.table.entetes import refus_des_noms
from openfisca_assistant_medical.population.table.refus import TableRefusee

PREFIXE = "duckdb:"
SECONDES = 600.0
LIGNES_AU_PLUS = 100_000_000
_LIGNES = 100_000  # rows of a row group
_MEMOIRE = "1GB"
# What a SELECT may hide: a COPY in a WITH, a query made of JSON, an outside resource that is made.
_ECRIT = re.compile("COPY|INSERT|UPDATE|DELETE|MERGE|EXECUTE|EXTERNAL_RESOURCE|CHECKPOINT")
_REMEDE = "Remède : l’essayer dans DuckDB, et la corriger"
_REMEDE_DES_TYPES = "Remède : donner à chaque colonne un type simple (nombre, texte, date, booléen)"
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
        TableRefusee: the query is not one SELECT, fails, has no end, or its base cannot be read.
    """
    import duckdb

    base, requete, dossiers = _lire(source)
    if not _est_de_l_utf_8(requete):
        raise TableRefusee(f"Requête DuckDB mal écrite : reçu des octets sans sens ; {_ATTENDU}.")
    try:
        with (
            duckdb.connect(base or ":memory:", read_only=bool(base)) as connexion,
            _en_temps_voulu(connexion),
        ):
            _enfermer(connexion, dossiers, cible.parent)
            _refuser_l_ecriture(connexion, requete, duckdb)
            return _ecrire(_en_flux(connexion, requete), cible)
    except (duckdb.Error, pa.ArrowException, OSError) as erreur:
        lignes = str(erreur).strip().splitlines()
        raison = f"Requête refusée par DuckDB : {lignes[0].rstrip('.!') if lignes else ''}. "
        if isinstance(erreur, duckdb.PermissionException):
            lus = ", ".join(f"« {dossier} »" for dossier in dossiers)
            raison += (
                f"Elle ne lit que les fichiers de {lus}, et de leurs sous-dossiers. Remède : les "
                "y mettre, ou lancer la commande depuis leur dossier."
            )
        else:
            des_types = isinstance(erreur, pa.ArrowException) and not isinstance(erreur, OSError)
            raison += f"{_REMEDE_DES_TYPES if des_types else _REMEDE}."
        raise TableRefusee(raison) from erreur


@contextmanager
def _en_temps_voulu(connexion: Any) -> Iterator[None]:
    """Interrupt a query that does not end.

    Raises:
        TableRefusee: it was.
    """
    coupee = threading.Event()

    def couper() -> None:
        coupee.set()
        connexion.interrupt()

    minuterie = threading.Timer(SECONDES, couper)
    minuterie.daemon = True
    minuterie.start()
    try:
        yield
    except Exception as erreur:
        if coupee.is_set():
            raise TableRefusee(
                f"Requête refusée : elle n’a pas fini en {SECONDES:.0f} secondes. Remède : en "
                "demander moins, ou écrire son résultat en Parquet, et donner ce fichier."
            ) from erreur
        raise
    finally:
        connexion.interrupt()  # what has rows left would go on, and hold its closing up
        minuterie.cancel()
        minuterie.join()  # the connection is not closed under it


def _ecrire(flux: Any, cible: Path) -> list[str]:
    """Write what a query gives, batch after batch, and give the names of its columns.

    Raises:
        TableRefusee: names that no table may have, or too many rows.
    """
    if erreurs := list(refus_des_noms(flux.schema.names, 0)):
        raise TableRefusee("Requête refusée.", erreurs)
    lues = 0
    with pq.ParquetWriter(cible, flux.schema, compression="snappy") as ecriture:
        for lot in flux:
            lues += lot.num_rows
            if lues > LIGNES_AU_PLUS:
                plus = f"{LIGNES_AU_PLUS:,}".replace(",", " ")
                raise TableRefusee(
                    f"Requête refusée : elle donne plus de {plus} lignes. Remède : en demander "
                    "moins, une ligne par contrat."
                )
            if lot.num_rows:
                ecriture.write_batch(lot, row_group_size=lot.num_rows)
    return list(flux.schema.names)


def _enfermer(connexion: Any, dossiers: Sequence[Path], etape: Path) -> None:
    """Shut all that a query does not need; nothing can be opened again after that."""
    admis = ", ".join(_cite(f"{dossier}/") for dossier in dossiers)
    for reglage in (
        f"memory_limit = '{_MEMOIRE}'",
        f"temp_directory = {_cite(str(etape))}",  # by default, in the current folder
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "python_enable_replacements = false",  # a Python variable is no table
        f"allowed_directories = [{admis}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connexion.execute(f"SET {reglage}")


def _cite(texte: str) -> str:
    return "'" + texte.replace("'", "''") + "'"


def _lire(source: str) -> tuple[str, str, list[Path]]:
    """The base, empty for none, the query, and the folders whose files it may read."""
    if not source.startswith(PREFIXE):
        try:
            if not Path(source).is_file():  # a pipe would wait for ever
                raise FileNotFoundError(source)
            requete = Path(source).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as erreur:
            raison = f"{source} : fichier absent ou illisible ; {_ATTENDU}."
            raise TableRefusee(raison) from erreur
        return "", requete, _dossiers(source)
    base, point, requete = source.removeprefix(PREFIXE).partition("?")
    if not base or not point or not requete.strip():
        raise TableRefusee(f"Requête DuckDB mal écrite : {_ATTENDU}.")
    try:
        est_une_base = Path(base).is_file()
    except OSError:  # no file could have such a name
        est_une_base = False
    if not est_une_base:
        raise TableRefusee(f"{base} : aucune base DuckDB de ce nom ; {_ATTENDU}.")
    return base, requete, _dossiers(base)


def _est_de_l_utf_8(texte: str) -> bool:
    """Whether a text can be written: what a terminal could not read stands in it as half signs."""
    try:
        texte.encode()
    except UnicodeEncodeError:
        return False
    return True


def _dossiers(fichier: str) -> list[Path]:
    return list(dict.fromkeys((Path.cwd(), Path(fichier).absolute().parent)))


def _refuser_l_ecriture(connexion: Any, requete: str, duckdb: Any) -> None:
    """Refuse what is not one SELECT, or is one whose plan, views and macros read, writes.

    Raises:
        TableRefusee: see there.
    """
    instructions = connexion.extract_statements(requete)
    lecture = [i.type == duckdb.StatementType.SELECT for i in instructions]
    recu = f"{len(instructions)} instruction(s)"
    if lecture == [True]:
        plan = connexion.execute(f"EXPLAIN (FORMAT json) {requete}").fetchall()[0][1]
        recu = next((nom for nom in _operateurs(json.loads(plan)) if _ECRIT.search(nom)), "")
    if recu:
        raise TableRefusee(
            f"Requête refusée : {recu}, attendu : un seul SELECT, qui lit sans rien écrire. Remède "
            ": préparer les données à part, puis lire la table."
        )


def _operateurs(etapes: list[dict[str, Any]]) -> Iterator[str]:
    """Name of each step of a plan."""
    for etape in etapes:
        yield etape["name"]
        yield from _operateurs(etape["children"])


def _en_flux(connexion: Any, requete: str) -> Any:
    relation = connexion.sql(requete)
    if hasattr(relation, "to_arrow_reader"):
        return relation.to_arrow_reader(_LIGNES)
    return relation.fetch_arrow_reader(_LIGNES)
