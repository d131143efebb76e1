"""A DuckDB query whose result is a table of contracts: of a base, or of files beside a `.sql`."""

import contextlib
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import duckdb
from hypothesis import strategies as st

from fuzz.portes.table import ANNEES
from fuzz.verdict import Verdict, exiger, refuse, verifier_une_annee
from openfisca_assistant_medical.population import simuler
from openfisca_assistant_medical.population.table import requetes
from openfisca_assistant_medical.population.table.refus import TableRefusee

_ICI, _AILLEURS = "ici", "ailleurs"
_CACHE = "mot-de-passe"  # held by files that no query may read
_SECONDES, _LIGNES = 3.0, 50_000
_CONTRATS = (
    "date_signature,specialite,secteur_conventionnel,patientele_mt_initiale\n"
    "2024-09-10,generaliste,secteur_1,1000\n2021-01-01,cardiologue,secteur_1,900\n"
)
MOTS = (
    *("SELECT", "FROM", "WITH", "x AS", "(", ")", "*", ";", "UNION ALL", "RECURSIVE", "-- ", "AS"),
    *("contrats", "'contrats.csv'", "'../ailleurs/contrats.csv'", "'/etc/passwd'", "'*'"),
    *("COPY", "TO 'sortie.csv'", "INSERT INTO contrats", "ATTACH", "SET", "PRAGMA", "SHOW TABLES"),
    *(
        "read_text(",
        "read_csv(",
        "read_blob(",
        "glob(",
        "query(",
        "range(1000000000000)",
        "getenv(",
    ),
    *("json_execute_serialized_sql(", "json_serialize_sql(", "INTERVAL 1 DAY", "::BLOB", "::DATE"),
    *("date_signature", "specialite", "patientele_mt_2026", "poids", "'https://exemple.fr/c.csv'"),
    *("$1", "?", "NULL", "'infinity'", "1e308", "[1, 2]", "{'a': 1}", "checkpoint()", "CROSS JOIN"),
)


@cache
def _atelier() -> TemporaryDirectory[str]:
    """A folder with a base and a table, where a query is put; and another, which none may read."""
    atelier = TemporaryDirectory()
    ici, ailleurs = (Path(atelier.name) / nom for nom in (_ICI, _AILLEURS))
    ici.mkdir()
    ailleurs.mkdir()
    (ici / "contrats.csv").write_text(_CONTRATS, "utf-8")
    (ici / "lien").symlink_to(ailleurs)
    entete, *lignes = _CONTRATS.splitlines()
    fermee = [f"identifiant,{entete}", *(f"{_CACHE},{ligne}" for ligne in lignes)]
    (ailleurs / "contrats.csv").write_text("\n".join(fermee), "utf-8")
    with duckdb.connect(str(ici / "base.duckdb")) as connexion:
        connexion.execute(f"CREATE TABLE contrats AS FROM '{ici}/contrats.csv'")
        connexion.execute(f"CREATE VIEW dehors AS FROM '{ailleurs}/contrats.csv'")
    return atelier


def _contenu(dossier: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(dossier)): f.read_bytes()
        for f in sorted(dossier.rglob("*"))
        if f.is_file()
    }


def essayer(octets: bytes) -> Verdict:
    """Contracts of a query: after a first line « base », of a base; else of the files beside it."""
    ici = Path(_atelier().name) / _ICI
    genre, _, demande = octets.partition(b"\n")
    if genre.strip() == b"base":
        # No argument of a command holds what follows a NUL.
        demande = demande.partition(b"\0")[0]
        source = f"duckdb:base.duckdb?{demande.decode('utf-8', 'surrogateescape')}"
    else:
        source = "requete.sql"
        (ici / source).write_bytes(demande)
    avant = _contenu(ici.parent)
    try:
        with (
            contextlib.chdir(ici),
            patch.multiple(requetes, SECONDES=_SECONDES, LIGNES_AU_PLUS=_LIGNES),
        ):
            resultat = simuler(source, ANNEES).to_pylist()
    except TableRefusee as refus:
        message = str(refus).replace(os.fspath(ici.parent), "")
        exiger(_CACHE not in message, "fichier d’ailleurs lu", message)
        if refus.erreurs:
            premiere = refus.erreurs[0]
            return refuse(message, f"ligne {premiere.ligne}, {premiere.colonne}", octets)
        return refuse(message, message.partition(" : ")[0], octets)
    finally:
        exiger(_contenu(ici.parent) == avant, "fichier écrit par une requête")
    for ligne in resultat:
        exiger(_CACHE not in str(ligne), "fichier d’ailleurs lu", ligne)
        for annee in ANNEES:
            verifier_une_annee(
                ligne[f"aide_maximale_{annee}"], ligne[f"aide_due_{annee}"], ligne["ligne"]
            )
    return Verdict(True)


_VALEURS = (
    *("'2024-09-10'", "DATE '2024-06-22'", "NULL", "'generaliste'", "'secteur_1'", "1000", "-1"),
    *("i", "1e308", "'infinity'::DATE", "TIMESTAMP '2024-09-10 00:00:00'", "170141183460469231731"),
    *("12.5::DECIMAL(10, 2)", "true", "[1]", "{'a': 1}", "x'ff'::BLOB", "INTERVAL 1 DAY", "uuid()"),
    *("'nan'::DOUBLE", "'a' || chr(0)", "'é'", "0.8::FLOAT", "'zip'::ENUM ('zac', 'zip')", "$1"),
)
_SOURCES = (
    *("contrats", "'contrats.csv'", "'contrats.*'", "range(3) t(i)", "dehors", "'lien/*.csv'"),
    *("read_csv('contrats.csv', store_rejects = true)", "read_text('../ailleurs/contrats.csv')"),
    *("range(1000000000000) t(i)", "(SELECT * FROM contrats)", "duckdb_settings()", "glob('/*')"),
    *("query('FROM contrats')", "read_blob('base.duckdb')", "read_duckdb('base.duckdb')"),
)


@st.composite
def demandes(draw: st.DrawFn) -> bytes:
    """A query with columns of every type, of what may be read or not, right most of the time."""
    colonnes = {
        "date_signature": "'2024-09-10'",
        "specialite": "'generaliste'",
        "secteur_conventionnel": "'secteur_1'",
    }
    autres = ("patientele_mt_initiale", "poids", "zone", "patientele_mt_2026", "identifiant")
    for _ in range(draw(st.integers(0, 2))):
        nom = draw(st.sampled_from((*colonnes, *autres)))
        colonnes[nom] = draw(st.sampled_from(_VALEURS))
    dites = ", ".join(f"{valeur} AS {nom}" for nom, valeur in colonnes.items())
    source = draw(st.sampled_from(("range(3) t(i)", "range(3) t(i)", *_SOURCES)))
    tous = draw(st.integers(0, 3)) == 0
    requete = f"SELECT {'*' if tous else dites} FROM {source}"
    if draw(st.integers(0, 5)) == 0:
        requete = f"WITH x AS ({requete}) FROM x"
    if draw(st.integers(0, 9)) == 0:
        requete = f"WITH x AS (COPY ({requete}) TO 'contrats.csv') FROM x"
    return f"{draw(st.sampled_from(('base', 'sql')))}\n{requete}".encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Queries by their structure."""
    return demandes()
