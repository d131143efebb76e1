"""Cells: the sums of a block of contracts, small enough to be kept and added up.

Four tables, whose columns `SCHEMAS` gives. Amounts are euros × weights, in float64; weights are 1
where the table has none. A row is one contract, whose amounts are whole numbers of cents before
they are weighted; see `exactes` for how they are added up.

- `droits`: contract years that exist (rank > 0), by law, calendar year in which they start,
  speciality, option of the year, band, rank, zone and certainty.
- `caisse`: what is paid in each month of the calendar years asked for, recoveries taken away, by
  law and certainty; `lignes` counts contracts, once a cell, that are paid or give back something.
- `ecarts`: for each two laws, in their order, by dimension, certainty and gain of one contract over
  all the years (aide_due, in cents, `loi` minus `reference`), with the sum of these gains in
  weighted euros, which is that of `droits`. Every contract is there, at 0 if nothing changes, once
  in each of `DIMENSIONS`; but for `rang`, where it is there once for each rank of its years, with
  the gain of that year.
- `variations`: for each two laws, contracts for which an amount changes, and what it changes by in
  all, which is what statistical secrecy looks at. By quantity (`MONTANTS`, `DEPENSE`) and by what
  `DIMENSIONS_DES_VARIATIONS` gives: in all, by year, by year and certainty (« 2026 droit »), by
  option of the year, by month of payment. Certainty and option are those of each law for what it
  gives: a contract may be behind two of them.

Certainty of an amount, the first that holds: « inconnu », paid as the law supposes for want of
information; « hypothese », rests on a hypothesis or on an estimated objective; « lecture », would
change under another reading of the register; « droit ». Of a gain (`CERTITUDES_DU_GAIN`):
« connu », no amount that makes it is « inconnu »; « plancher », what is missing can only make it
larger: the reference is paid in full for want of information, or the other law at the least;
« inconnu ».
"""

from openfisca_assistant_medical.population.cellules.addition import (
    en_clair,
    en_entier,
    faire_place,
    fusionner,
)
from openfisca_assistant_medical.population.cellules.exactes import en_micro
from openfisca_assistant_medical.population.cellules.schemas import (
    CAISSE,
    CENTIMES,
    CERTITUDES,
    CERTITUDES_DU_GAIN,
    DEPENSE,
    DIMENSIONS,
    DIMENSIONS_DES_VARIATIONS,
    DROITS,
    ECARTS,
    ENUMS,
    MICRO,
    MONTANTS,
    SCHEMAS,
    SORTIES,
    VARIATIONS,
    Cellules,
    annees_a_calculer,
    sorties_de,
)
from openfisca_assistant_medical.population.cellules.sommes import celluler

__all__ = [
    "CAISSE",
    "CENTIMES",
    "CERTITUDES",
    "CERTITUDES_DU_GAIN",
    "DEPENSE",
    "DIMENSIONS",
    "DIMENSIONS_DES_VARIATIONS",
    "DROITS",
    "ECARTS",
    "ENUMS",
    "MICRO",
    "MONTANTS",
    "SCHEMAS",
    "SORTIES",
    "VARIATIONS",
    "Cellules",
    "annees_a_calculer",
    "celluler",
    "en_clair",
    "en_entier",
    "en_micro",
    "faire_place",
    "fusionner",
    "sorties_de",
]
