"""A CSV file cut into cells and staged as a Parquet file of words, with the line of each record.

The file is read by pieces. A piece is first looked at as an array of bytes: where records end, how
many cells each has, whether its quotes stand where they may. What does not fit is kept as a row
without cells, with the reason; Arrow cuts the rest. So the line of each record is known whatever
the quotes and the empty lines, and no row is lost without a word.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from openfisca_assistant_medical.population.arrow import nombres, textes, vide
from openfisca_assistant_medical.population.table.decoupage import (
    ENREGISTREMENT,
    REMEDE_UTF8,
    Forme,
    Morceau,
    decouper,
)
from openfisca_assistant_medical.population.table.entetes import gardees, refus_des_noms
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne, TableRefusee

# Columns that the staged file has of its own.
LIGNE, RECU, REFUS = "__ligne__", "__recu__", "__refus__"
MORCEAU = 4 * 2**20  # bytes looked at together: memory is some fifteen times that
_SEPARATEURS = (",", ";", "\t")
_AUTRES_CODAGES = (b"\xff\xfe", b"\xfe\xff")


def mettre_en_parquet(source: Path, cible: Path, ignorer: Sequence[str]) -> list[str]:
    """Stage a CSV file, and give the names of all its columns.

    Args:
        source: the file, compressed by gzip or not.
        cible: the Parquet file to write: `LIGNE`, `RECU`, `REFUS`, then the columns, as words.
        ignorer: columns to leave out.

    Raises:
        TableRefusee: the file cannot be read, or its header cannot.
    """
    try:
        with _ouvrir(source) as flux:
            forme, reste = _lire_l_entete(flux, source.name)
            noms = gardees(forme.noms, ignorer, source.name)
            with pq.ParquetWriter(cible, _schema(noms), compression="snappy") as ecriture:
                for table in _tables(flux, reste, forme, noms, source.name):
                    ecriture.write_table(table, row_group_size=len(table))
    except (EOFError, zlib.error, gzip.BadGzipFile) as erreur:
        raison = f"compression gzip abîmée ou tronquée ({erreur}). Remède : refaire le fichier."
        raise TableRefusee(f"{source.name} : {raison}") from erreur
    return forme.noms


def _ouvrir(source: Path) -> Any:
    with source.open("rb") as flux:
        compresse = flux.read(2) == b"\x1f\x8b"
    return gzip.open(source, "rb") if compresse else source.open("rb")


def _schema(noms: Sequence[str]) -> pa.Schema:
    techniques = [(LIGNE, pa.int64()), (RECU, pa.string()), (REFUS, pa.string())]
    return pa.schema([*techniques, *((nom, pa.string()) for nom in noms)])


# --- The header -----------------------------------------------------------------------------------


def _lire_l_entete(flux: BinaryIO, titre: str) -> tuple[Forme, bytes]:
    """How the file is written, and what was read past its header."""
    debut = flux.read(ENREGISTREMENT)
    if debut.startswith(_AUTRES_CODAGES) or b"\0" in debut[:4096]:
        raison = "ce n’est pas du texte en UTF-8. Remède : enregistrer le fichier en CSV UTF-8."
        raise TableRefusee(f"{titre} : {raison}")
    debut = debut.removeprefix(b"\xef\xbb\xbf")
    if not debut.strip():
        raison = "fichier vide, sans en-tête. Remède : donner, en première ligne, les noms."
        raise TableRefusee(f"{titre} : {raison}")
    fin = _fin_de_l_entete(debut)
    brut = debut[: len(debut) if fin is None else fin].rstrip(b"\r")
    if b"\r" in brut:
        raison = (
            "les lignes finissent par un retour chariot seul. Remède : les finir par LF ou CRLF."
        )
        raise TableRefusee(f"{titre} : {raison}")
    if fin is None and len(debut) == ENREGISTREMENT:
        raise TableRefusee(
            f"{titre} : première ligne de plus de 1 Mo, ou guillemet jamais fermé. Remède : "
            "fermer le guillemet."
        )
    try:
        texte = brut.decode("utf-8")
        separateur = _separateur(texte)
        noms = next(csv.reader(io.StringIO(texte), delimiter=separateur, strict=True), [""])
    except UnicodeDecodeError as cause:
        raise TableRefusee(f"{titre} : en-tête refusé.", [_pas_en_utf8(1)]) from cause
    except csv.Error as cause:
        raison = "guillemet mal placé ou jamais fermé. Remède : le fermer, ou le retirer."
        erreur = ErreurDeLigne(1, "", "", raison)
        raise TableRefusee(f"{titre} : en-tête refusé.", [erreur]) from cause
    if erreurs := list(refus_des_noms(noms, 1)):
        raise TableRefusee(f"{titre} : en-tête refusé.", erreurs)
    if reserves := [nom for nom in noms if nom in (LIGNE, RECU, REFUS)]:
        erreur = ErreurDeLigne(1, reserves[0], "", "nom réservé. Remède : renommer la colonne.")
        raise TableRefusee(f"{titre} : en-tête refusé.", [erreur])
    reste = b"" if fin is None else debut[fin + 1 :]
    return Forme(noms, separateur, 1 + brut.count(b"\n")), reste


def _fin_de_l_entete(debut: bytes) -> int | None:
    """Place of the end of the first record; None where it is the end of the file."""
    fin, guillemets, vu = debut.find(b"\n"), 0, 0
    while fin >= 0:
        guillemets += debut.count(b'"', vu, fin)
        if guillemets % 2 == 0:
            return fin
        vu, fin = fin, debut.find(b"\n", fin + 1)
    return None


def _separateur(entete: str) -> str:
    dehors = "".join(entete.split('"')[::2])
    return max(_SEPARATEURS, key=dehors.count)


def _pas_en_utf8(ligne: int) -> ErreurDeLigne:
    return ErreurDeLigne(ligne, "", "un octet qui n’est pas de l’UTF-8", REMEDE_UTF8)


# --- The rows -------------------------------------------------------------------------------------


def _tables(
    flux: BinaryIO, reste: bytes, forme: Forme, noms: Sequence[str], titre: str
) -> Iterator[pa.Table]:
    ligne = 1 + forme.lignes
    while True:
        lu = flux.read(MORCEAU)
        octets = reste + lu
        if not lu and octets and not octets.endswith(b"\n"):
            octets += b"\n"
        if octets:
            morceau, reste = decouper(octets, forme, ligne)
            if len(reste) > ENREGISTREMENT + 1 or (reste and not lu):
                _refuser_le_guillemet(ligne + octets.count(b"\n") - reste.count(b"\n"), titre)
            if len(morceau.debuts):
                yield _en_cellules(morceau, forme, noms, titre)
            ligne += octets.count(b"\n") - reste.count(b"\n")
        if not lu:
            return


def _refuser_le_guillemet(ligne: int, titre: str) -> None:
    raison = (
        "guillemet ouvert et jamais fermé, ou enregistrement de plus de 1 Mo. Remède : fermer le "
        'guillemet, ou doubler celui qui fait partie du texte ("").'
    )
    raise TableRefusee(f"{titre} : lecture impossible.", [ErreurDeLigne(ligne, "", "", raison)])


def _en_cellules(morceau: Morceau, forme: Forme, noms: Sequence[str], titre: str) -> pa.Table:
    """The records as rows of words, those that cannot be cut as rows without any."""
    nombre = len(morceau.debuts)
    mauvais = numpy.zeros(nombre, bool)
    mauvais[list(morceau.raisons)] = True
    lues = _lire_les_cellules(morceau.octets_sans(mauvais), forme, noms, morceau)
    if len(lues) != nombre - len(morceau.raisons):
        lieu = f"entre les lignes {morceau.lignes[0]} et {morceau.lignes[-1]}"
        raise TableRefusee(f"{titre} : {lieu}, des lignes ne se découpent pas en cellules.")
    recus = raisons = pa.nulls(nombre, pa.string())
    if morceau.raisons:
        places = numpy.cumsum(~mauvais) - 1
        lues = lues.take(nombres(places, pa.int64(), ~mauvais))
        raisons = textes([morceau.raisons.get(rang) for rang in range(nombre)])
        recus = textes([morceau.extrait(r) if mauvais[r] else None for r in range(nombre)])
    techniques = [nombres(morceau.lignes, pa.int64()), recus, raisons]
    return pa.Table.from_arrays([*techniques, *lues.columns], schema=_schema(noms))


def _lire_les_cellules(
    octets: bytes, forme: Forme, noms: Sequence[str], morceau: Morceau
) -> pa.Table:
    schema = pa.schema([(nom, pa.string()) for nom in noms])
    if not octets:
        return vide(schema)
    try:
        return pacsv.read_csv(
            pa.BufferReader(octets),
            read_options=pacsv.ReadOptions(column_names=forme.noms, block_size=4 * ENREGISTREMENT),
            parse_options=pacsv.ParseOptions(
                delimiter=forme.separateur, newlines_in_values=morceau.sur_plusieurs_lignes
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=schema,
                include_columns=list(noms),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        return vide(schema)  # told by the caller, who knows how many rows there are
