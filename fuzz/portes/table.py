"""A table of contracts, CSV or Parquet; each of its first rows alone at the door of one doctor."""

import csv
import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from openfisca_core.indexed_enums import Enum

from fuzz.portes.medecins import OBLIGATOIRES, entrees, medecin
from fuzz.verdict import Verdict, exiger, refuse, verifier_une_annee
from openfisca_assistant_medical.contrats import etablir
from openfisca_assistant_medical.population import simuler
from openfisca_assistant_medical.population.table.refus import TableRefusee
from openfisca_assistant_medical.population.table.tables import ouvrir
from openfisca_assistant_medical.situations import SituationInvalide
from openfisca_assistant_medical.situations.valeurs import defaut
from openfisca_assistant_medical.web.lois import convention

ANNEES = range(2024, 2028)
LIGNES_RELUES = 2
_CENT = 0.01


def essayer_csv(octets: bytes) -> Verdict:
    """Contracts of a CSV under the convention."""
    return _essayer(octets, "contrats.csv")


def essayer_parquet(octets: bytes) -> Verdict:
    """Contracts of a Parquet file, likewise."""
    return _essayer(octets, "contrats.parquet")


def _essayer(octets: bytes, nom: str) -> Verdict:
    with TemporaryDirectory() as dossier:
        fichier = Path(dossier) / nom
        fichier.write_bytes(octets)
        try:
            resultat = simuler(fichier, ANNEES).to_pylist()
        except TableRefusee as refus:
            exiger([f.name for f in Path(dossier).iterdir()] == [nom], "fichier laissé à côté")
            if not refus.erreurs:
                return refuse(str(refus), "tout", octets)
            premiere = refus.erreurs[0]
            return refuse(str(refus), f"ligne {premiere.ligne}, {premiere.colonne}", octets)
        for ligne in resultat:
            for annee in ANNEES:
                verifier_une_annee(
                    ligne[f"aide_maximale_{annee}"], ligne[f"aide_due_{annee}"], ligne["ligne"]
                )
            exiger(ligne["poids"] >= 0, "poids négatif", ligne["ligne"])
        _relire_une_a_une(fichier, resultat)
    return Verdict(True)


def _relire_une_a_une(fichier: Path, resultat: list[dict[str, Any]]) -> None:
    """Hold the first rows to be taken by the door of one doctor, with the same amounts."""
    table, systeme = ouvrir(fichier), convention().systeme
    bloc = next(table.blocs(table.partitions()[0], systeme))
    for rang in range(min(LIGNES_RELUES, len(bloc.lignes))):
        try:
            rapport = etablir(_situation(bloc.colonnes, rang), ["convention_2024"], False, ANNEES)
        except SituationInvalide as refus:
            exiger(False, "ligne acceptée, refusée pour un médecin", refus)
            return
        for annee in rapport["medecins"][0]["resultats"][0]["annees"]:
            lue = resultat[rang][f"aide_due_{annee['annee']}"]
            exiger(abs(lue - annee["aide_due"]) < _CENT, "autre montant pour un médecin", annee)


def _situation(colonnes: Any, rang: int) -> dict[str, Any]:
    situation: dict[str, Any] = {}
    for cle, valeurs in colonnes.items():
        nom, annee = (cle, None) if isinstance(cle, str) else cle
        variable = convention().systeme.variables[nom]
        lues = valeurs.decode_to_str() if variable.value_type is Enum else valeurs
        valeur = lues[rang].item() if isinstance(lues[rang], numpy.generic) else lues[rang]
        valeur = valeur.isoformat() if hasattr(valeur, "isoformat") else valeur
        if valeur == defaut(variable) and nom not in OBLIGATOIRES:
            continue
        if annee is None:
            situation[nom] = valeur
        else:
            situation.setdefault(nom, {})[annee] = valeur
    return situation


# --- Tables drawn ---------------------------------------------------------------------------------


@st.composite
def lignes(draw: st.DrawFn, rares: bool) -> list[dict[str, Any]]:
    """Rows by column: `variable`, or `variable_year`."""
    tirees = []
    for champs in draw(st.lists(medecin(rares), max_size=4)):
        ligne: dict[str, Any] = {}
        for nom, valeur in champs.items():
            if isinstance(valeur, dict) and valeur and nom in entrees():
                ligne |= {f"{nom}_{annee}": v for annee, v in valeur.items()}
            else:
                ligne[nom] = valeur
        autres = st.sampled_from(("poids", "identifiant", "departement", "poids_2024", ""))
        if draw(st.booleans()):
            ligne[draw(autres)] = draw(st.sampled_from((1, 0.5, -1, "x", 0, 1e300, None)))
        tirees.append(ligne)
    return tirees


@st.composite
def en_csv(draw: st.DrawFn) -> bytes:
    """A CSV in one of the ways that spreadsheets write them."""
    rangees = draw(lignes(rares=draw(st.booleans())))
    noms = list({nom: None for ligne in rangees for nom in ligne})
    sortie = io.StringIO(newline="")
    ecriture = csv.DictWriter(
        sortie,
        noms,
        delimiter=draw(st.sampled_from((",", ";", "\t", "|"))),
        quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
        lineterminator=draw(st.sampled_from(("\n", "\r\n", "\r"))),
    )
    if draw(st.integers(0, 9)):
        ecriture.writeheader()
    ecriture.writerows(rangees)
    codage = draw(st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")))
    return sortie.getvalue().encode(codage, "replace")


_TYPES = (
    *(pa.string(), pa.int32(), pa.int64(), pa.uint64(), pa.float64(), pa.float32(), pa.float16()),
    *(pa.bool_(), pa.date32(), pa.date64(), pa.timestamp("ns"), pa.timestamp("us", "UTC")),
    *(pa.decimal128(10, 2), pa.large_string(), pa.binary(), pa.null(), pa.list_(pa.int32())),
    *(pa.dictionary(pa.int8(), pa.string()), pa.time32("s"), pa.duration("s")),
)


@st.composite
def en_parquet(draw: st.DrawFn) -> bytes:
    """A Parquet file whose columns have the types that libraries give them, or others."""
    rangees = draw(lignes(rares=False))
    colonnes: dict[str, pa.Array] = {}
    for nom in {nom: None for ligne in rangees for nom in ligne}:
        tiree = pa.array([None if ligne.get(nom) is None else str(ligne[nom]) for ligne in rangees])
        if draw(st.booleans()):
            with suppress(pa.ArrowException):
                tiree = pa.array([ligne.get(nom) for ligne in rangees])
        if draw(st.integers(0, 3)) == 0:
            with suppress(pa.ArrowException):
                tiree = tiree.cast(draw(st.sampled_from(_TYPES)))
        colonnes[nom] = tiree
    sortie = io.BytesIO()
    try:
        pq.write_table(
            pa.table(colonnes), sortie, row_group_size=draw(st.sampled_from((1, 2, 1_000)))
        )
    except pa.ArrowException:  # a type that Parquet has not
        return b""
    octets = sortie.getvalue()
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2, 8)))):
        place = draw(st.integers(0, len(octets) - 1))
        octets = octets[:place] + bytes([draw(st.integers(0, 255))]) + octets[place + 1 :]
    return octets


def tirer_csv() -> st.SearchStrategy[bytes]:
    """Tables as CSV."""
    return en_csv()


def tirer_parquet() -> st.SearchStrategy[bytes]:
    """Tables as Parquet."""
    return en_parquet()
