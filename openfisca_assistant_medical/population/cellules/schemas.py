"""What cells are made of: their columns, their words, and the outputs that they need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy
import pyarrow as pa

from openfisca_assistant_medical.nomenclatures import (
    OptionETP,
    Specialite,
    TranchePatientele,
    Zone,
)
from openfisca_assistant_medical.population.arrow import nombres, textes, vide
from openfisca_assistant_medical.population.colonnes import Tableau

# What `calculer` must give for each law; see `sorties_de` and `annees_a_calculer`.
SORTIES: tuple[str, ...] = (
    "date_signature",
    "specialite",
    "zone",
    "option_etp_initiale",
    "tranche_patientele",
    "eligibilite_connue",
    "rang_annee_contrat",
    "option_etp",
    "aide_maximale",
    "aide_due",
    "aide_perdue",
    "aide_maximale_plancher",
    "cas_modulation",
    "part_aide_connue",
    "part_aide_hypothese",
    "acompte",
    "solde",
    "date_versement_acompte",
    "date_versement_solde",
)
ESTIME = "objectif_pmt_estime"
CERTITUDES = ("droit", "lecture", "hypothese", "inconnu")
CERTITUDES_DU_GAIN = ("connu", "plancher", "inconnu")
DIMENSIONS = (
    "ensemble",
    "specialite",
    "option_etp_initiale",
    "tranche_patientele",
    "zone",
    "millesime",
    "rang",
)
PAR_PERIODE = ("option_etp", "annee", "certitude", "mois")
MONTANTS = ("aide_maximale", "aide_due", "aide_perdue")
ENUMS: dict[str, Any] = {
    "specialite": Specialite,
    "option_etp_initiale": OptionETP,
    "option_etp": OptionETP,
    "tranche_patientele": TranchePatientele,
    "zone": Zone,
}
CENTIMES = 100  # in a euro
MICRO = 1_000_000  # in a weight, or a weighted euro
_MOT = pa.dictionary(pa.int32(), pa.string())
DROITS = pa.schema(
    [
        ("loi", _MOT),
        ("annee", pa.int32()),
        ("specialite", _MOT),
        ("option_etp", _MOT),
        ("tranche_patientele", _MOT),
        ("rang", pa.int32()),
        ("zone", _MOT),
        ("certitude", _MOT),
        ("lignes", pa.int64()),
        ("contrats", pa.float64()),
        ("aide_maximale", pa.float64()),
        ("aide_due", pa.float64()),
        ("aide_perdue", pa.float64()),
    ]
)
CAISSE = pa.schema(
    [
        ("loi", _MOT),
        ("mois", _MOT),
        ("certitude", _MOT),
        ("lignes", pa.int64()),
        ("depense", pa.float64()),
    ]
)
ECARTS = pa.schema(
    [
        ("loi", _MOT),
        ("reference", _MOT),
        ("dimension", _MOT),
        ("modalite", _MOT),
        ("certitude", _MOT),
        ("gain_centimes", pa.int64()),
        ("lignes", pa.int64()),
        ("contrats", pa.float64()),
        ("gain", pa.float64()),
    ]
)
SCHEMAS = {"droits": DROITS, "caisse": CAISSE, "ecarts": ECARTS}
Partie: TypeAlias = dict[str, Any]  # columns of a schema, by name


@dataclass
class Cellules:
    """Cells of some contracts: tables of the schemas `DROITS`, `CAISSE`, `ECARTS`."""

    droits: pa.Table
    caisse: pa.Table
    ecarts: pa.Table


def sorties_de(systeme: Any) -> tuple[str, ...]:
    """`SORTIES`, and what only some laws have: whether an objective is an estimate."""
    return SORTIES + ((ESTIME,) if ESTIME in systeme.variables else ())


def annees_a_calculer(annees: Iterable[int]) -> list[int]:
    """Years to give to `calculer`: those asked for, and the one before, which is paid in them."""
    return sorted({annee - avant for annee in annees for avant in (0, 1)})


def mots(noms: Iterable[Any], codes: Tableau) -> pa.Array:
    """A column of words, from their codes and the words or members that they stand for."""
    ecrits = [nom if isinstance(nom, str) else nom.name for nom in noms]
    return pa.DictionaryArray.from_arrays(nombres(codes, pa.int32()), textes(ecrits))


def repete(mot: str, lignes: Tableau) -> pa.Array:
    """A column of one word, as long as another."""
    return mots([mot], numpy.zeros(len(lignes), dtype=numpy.int32))


def en_table(schema: pa.Schema, parties: Iterable[Partie]) -> pa.Table:
    """One table of a schema, from the columns of its parts."""

    def colonne(champ: pa.Field, valeurs: Any) -> pa.Array:
        return valeurs if isinstance(valeurs, pa.Array) else nombres(valeurs, champ.type)

    def tables() -> Iterator[pa.Table]:
        yield vide(schema)
        for partie in parties:
            colonnes = [colonne(champ, partie[champ.name]) for champ in schema]
            yield pa.Table.from_arrays(colonnes, schema=schema)

    return pa.concat_tables(tables())
