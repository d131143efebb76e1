"""Where a table comes from: a CSV, Parquet files, a query, a table in memory; each made readable.

A CSV and the result of a query are staged as Parquet first, so that all but a table in memory is
then a suite of row groups.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openfisca_assistant_medical.brouillon import brouillon
from openfisca_assistant_medical.population import lecture_json
from openfisca_assistant_medical.population.mention import CLE, PREFIXE
from openfisca_assistant_medical.population.table import fichiers_csv, requetes
from openfisca_assistant_medical.population.table.entetes import (
    IDENTIFIANT,
    est_un_texte,
    refus_des_noms,
)
from openfisca_assistant_medical.population.table.lots import TAMPON
from openfisca_assistant_medical.population.table.mots_lus import en_texte
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne, TableRefusee, cause

TECHNIQUES = (fichiers_csv.LIGNE, fichiers_csv.RECU, fichiers_csv.REFUS)
ILLISIBLE = (OSError, pa.ArrowException, ValueError)
_CSV = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")
_ATTENDU = (
    "attendu : un fichier .csv (ou .csv.gz) ou .parquet, un dossier de fichiers .parquet, "
    "duckdb:CHEMIN.duckdb?SELECT …, un fichier .sql, ou une table Arrow, Polars ou pandas"
)


@dataclass
class Source:
    """A source that can be read by partitions.

    Attributes:
        titre: how messages name it.
        schema: names and types of its columns, those of the staging apart.
        noms: every column of the source, those that the staging left out too.
        fichiers: its Parquet files, each with the rows of its row groups.
        memoire: the table, for one in memory.
        originaux: files whose bytes make its fingerprint; none where its content does.
        est_un_csv: the Parquet file is a staged CSV.
        metadonnees: what its maker says of it.
        synthetique: its identifiers say so.
        temporaire: holds the staged file until the source is let go.
    """

    titre: str
    schema: pa.Schema
    noms: tuple[str, ...]
    fichiers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    memoire: pa.Table | None = None
    originaux: tuple[str, ...] = ()
    est_un_csv: bool = False
    metadonnees: dict[str, Any] | None = None
    synthetique: bool = False
    temporaire: TemporaryDirectory[str] | None = None


def trouver_source(source: Any, dossier: str | Path | None, ignorer: Sequence[str]) -> Source:
    """Make a source readable.

    Args:
        source: see `tables.ouvrir`.
        dossier: where a CSV or a query is staged; a temporary one if None.
        ignorer: columns to leave out, which a staged CSV does not keep.

    Raises:
        TableRefusee: it cannot be read.
    """
    trouvee = _trouver(source, dossier, ignorer)
    if not trouvee.metadonnees and trouvee.synthetique:  # whoever handed it on lost the rest
        trouvee.metadonnees = {"synthetique": True}
    return trouvee


def _trouver(source: Any, dossier: str | Path | None, ignorer: Sequence[str]) -> Source:
    if not isinstance(source, str | Path):
        return _en_memoire(source)
    if isinstance(source, str) and requetes.est_une_requete(source):
        return _d_une_requete(source, dossier)
    chemin = Path(source)
    if requetes.est_une_requete(chemin.name):
        return _d_une_requete(str(chemin), dossier)
    try:
        est_un_dossier, est_un_fichier = chemin.is_dir(), chemin.is_file()
    except OSError:  # no file could have such a name
        est_un_dossier = est_un_fichier = False
    if est_un_dossier:
        return _de_parquet(_fichiers_du_dossier(chemin), chemin.name)
    if not est_un_fichier:
        raise TableRefusee(f"{chemin} : aucun fichier de ce nom ; {_ATTENDU}.")
    suffixes = [suffixe.lower() for suffixe in chemin.suffixes if suffixe.lower() != ".gz"]
    if suffixes and suffixes[-1] in _CSV:
        return _d_un_csv(chemin, dossier, ignorer)
    if suffixes and suffixes[-1] in _PARQUET:
        return _de_parquet([chemin], chemin.name)
    raise TableRefusee(f"{chemin.name} : format inconnu ; {_ATTENDU}.")


# --- Files ----------------------------------------------------------------------------------------


def _fichiers_du_dossier(dossier: Path) -> list[Path]:
    fichiers = sorted(
        fichier
        for fichier in dossier.iterdir()
        if fichier.suffix.lower() in _PARQUET and not fichier.name.startswith((".", "_"))
    )
    if not fichiers:
        raise TableRefusee(f"{dossier} : aucun fichier .parquet dans ce dossier ; {_ATTENDU}.")
    return fichiers


def _de_parquet(fichiers: Sequence[Path], titre: str) -> Source:
    premier: pa.Schema | None = None
    groupes = []
    metadonnees: dict[str, Any] = {}
    synthetique = False
    for fichier in fichiers:
        lignes, schema, en_porte = _pied(fichier)
        if premier is None:
            premier = schema
        elif differences := _differences(premier, schema):
            raise TableRefusee(
                f"{titre} : {fichier.name} n’a pas les mêmes colonnes que {fichiers[0].name}. "
                "Remède : écrire tous les fichiers du dossier avec les mêmes noms et types.",
                differences,
            )
        groupes.append((str(fichier.absolute()), lignes))
        metadonnees = {**lire_metadonnees(schema, fichier.name), **metadonnees}
        synthetique = synthetique or en_porte
    assert premier is not None
    if erreurs := list(refus_des_noms(premier.names, 0)):
        raise TableRefusee(f"{titre} : colonnes refusées.", erreurs)
    chemins = tuple(chemin for chemin, _ in groupes)
    return Source(
        titre,
        premier,
        tuple(premier.names),
        tuple(groupes),
        originaux=chemins,
        metadonnees=metadonnees,
        synthetique=synthetique,
    )


def _est_synthetique(lu: Any) -> bool:
    """Whether an identifier is that of a synthetic contract.

    Identifiers are read, and not the bounds that the footer says of them: where it is not true, a
    hostile footer would end the process.
    """
    if IDENTIFIANT not in lu.schema_arrow.names:
        return False
    return any(_en_porte(lot.column(0)) for lot in lu.iter_batches(columns=[IDENTIFIANT]))


def _pied(fichier: Path) -> tuple[tuple[int, ...], pa.Schema, bool]:
    """Rows of each row group, names and types, and whether the identifiers are synthetic ones."""
    try:
        with pq.ParquetFile(fichier, buffer_size=TAMPON) as lu:
            pied = lu.metadata
            lignes = (pied.row_group(rang).num_rows for rang in range(pied.num_row_groups))
            return tuple(lignes), lu.schema_arrow, _est_synthetique(lu)
    except ILLISIBLE as erreur:
        raise TableRefusee(
            f"{fichier.name} : ce n’est pas un fichier Parquet lisible (tronqué, ou d’un autre "
            f"format : {cause(erreur)}). Remède : l’écrire de nouveau."
        ) from erreur


def _differences(un: pa.Schema, autre: pa.Schema) -> list[ErreurDeLigne]:
    avant, apres = (dict(zip(s.names, s.types, strict=True)) for s in (un, autre))
    erreurs = []
    for nom in {**avant, **apres}:
        if avant.get(nom) != apres.get(nom):
            recu = f"le type {apres[nom]}" if nom in apres else "une colonne absente"
            attendu = f"le type {avant[nom]}" if nom in avant else "pas de colonne de ce nom"
            erreurs.append(ErreurDeLigne(0, nom, recu, f"attendu : {attendu}."))
    return erreurs


def lire_metadonnees(schema: pa.Schema, titre: str) -> dict[str, Any]:
    """What the maker of a table wrote in its schema.

    Raises:
        TableRefusee: it is not a JSON object.
    """
    return _objet((schema.metadata or {}).get(CLE, b"{}"), titre)


def _objet(octets: bytes, titre: str) -> dict[str, Any]:
    try:
        objet = lecture_json.analyser(octets)
    except ValueError:
        objet = None
    if not isinstance(objet, dict):
        raise TableRefusee(f"{titre} : métadonnées illisibles ; attendu : un objet JSON.")
    return objet


# --- Staged ---------------------------------------------------------------------------------------


def _etape(dossier: str | Path | None, nom: str) -> tuple[Path, TemporaryDirectory[str] | None]:
    """The staged file to write, and its folder if it is a temporary one."""
    temporaire = TemporaryDirectory(prefix="assistant-medical-") if dossier is None else None
    cible = Path(temporaire.name if temporaire else str(dossier)) / f"{nom}.parquet"
    cible.parent.mkdir(parents=True, exist_ok=True)
    return cible, temporaire


def _d_un_csv(chemin: Path, dossier: str | Path | None, ignorer: Sequence[str]) -> Source:
    try:
        cible, temporaire = _etape(dossier, chemin.name)
        with brouillon(cible) as ecrit:
            noms = fichiers_csv.mettre_en_parquet(chemin, ecrit, ignorer)
    except OSError as erreur:
        raise TableRefusee(f"{chemin.name} : lecture impossible ({erreur.strerror}).") from erreur
    source = _de_parquet([cible], chemin.name)
    source.schema = pa.schema([c for c in source.schema if c.name not in TECHNIQUES])
    source.noms, source.est_un_csv, source.temporaire = tuple(noms), True, temporaire
    source.originaux = (str(chemin.absolute()),)
    source.metadonnees = _notice(chemin)
    return source


def _notice(chemin: Path) -> dict[str, Any]:
    """What is said beside a CSV, which may have been compressed since."""
    for nom in dict.fromkeys((chemin.name, re.sub(r"(?i)\.gz$", "", chemin.name))):
        a_cote = chemin.with_name(f"{nom}.json")
        if a_cote.is_file():
            return _objet(a_cote.read_bytes(), a_cote.name)
    return {}


def _d_une_requete(requete: str, dossier: str | Path | None) -> Source:
    try:
        cible, temporaire = _etape(dossier, "requete")
        with brouillon(cible) as ecrit:
            requetes.mettre_en_parquet(requete, ecrit)
    except OSError as erreur:
        raise TableRefusee(f"requête DuckDB : étape impossible ({erreur.strerror}).") from erreur
    source = _de_parquet([cible], "requête DuckDB")
    source.temporaire, source.originaux = temporaire, ()
    return source


# --- In memory ------------------------------------------------------------------------------------


def _en_memoire(source: Any) -> Source:
    titre = f"table {type(source).__name__}"
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if not hasattr(source, "__arrow_c_stream__"):
        remede = " Remède : .collect()" if hasattr(source, "collect") else ""
        raise TableRefusee(f"{titre} : ce n’est pas une table ; {_ATTENDU}.{remede}")
    try:
        table = source
        if not isinstance(source, pa.Table):
            table = pa.RecordBatchReader.from_stream(source).read_all()
        table = table.unify_dictionaries()
    except (*ILLISIBLE, TypeError) as erreur:
        raise TableRefusee(
            f"{titre} : une colonne n’a pas un seul type ({cause(erreur)}). Remède : lui en "
            "donner un."
        ) from erreur
    if erreurs := list(refus_des_noms(table.column_names, 0)):
        raise TableRefusee(f"{titre} : colonnes refusées.", erreurs)
    metadonnees = lire_metadonnees(table.schema, titre)
    noms = tuple(table.column_names)
    dits = table[IDENTIFIANT].chunks if IDENTIFIANT in noms else ()
    return Source(
        titre,
        table.schema,
        noms,
        memoire=table,
        metadonnees=metadonnees,
        synthetique=not metadonnees and any(map(_en_porte, dits)),
    )


def _en_porte(identifiants: pa.Array) -> bool:
    """Whether an identifier is that of a synthetic contract."""
    if pa.types.is_dictionary(identifiants.type):
        identifiants = identifiants.dictionary
    if not est_un_texte(identifiants.type):
        return False
    return bool(pc.any(pc.starts_with(en_texte(identifiants), PREFIXE)).as_py())
