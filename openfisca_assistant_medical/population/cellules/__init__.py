"""Cells: the sums of a block of contracts, small enough to be kept and added up.

Three tables, whose columns `DROITS`, `CAISSE` and `ECARTS` give. Amounts are euros × weights, in
float64; weights are 1 where the table has none. A row is one contract, whose amounts are whole
numbers of cents before they are weighted; see `exactes` for how they are added up.

- `droits`: contract years that exist (rank > 0), by law, calendar year in which they start,
  speciality, option of the year, band, rank, zone and certainty.
- `caisse`: what is paid in each month of the calendar years asked for, recoveries taken away, by
  law and certainty; `lignes` counts contracts, once a cell, that are paid or give back something.
- `ecarts`: for each two laws, in their order, by dimension, certainty and gain of one contract over
  all the years (aide_due, in cents, `loi` minus `reference`), with the sum of these gains in
  weighted euros, which is that of `droits`. Every contract is there, at 0 if nothing changes, once
  in each of `DIMENSIONS`; but for `rang`, where it is there once for each rank of its years, with
  the gain of that year. `PAR_PERIODE` has only contracts that change, which is what statistical
  secrecy looks at: by option of the year, by year, by year and certainty, and by month, where the
  gain is of what is paid in it.

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
    fusionner,
)
from openfisca_assistant_medical.population.cellules.schemas import (
    CAISSE,
    CERTITUDES,
    CERTITUDES_DU_GAIN,
    DIMENSIONS,
    DROITS,
    ECARTS,
    ENUMS,
    MICRO,
    MONTANTS,
    PAR_PERIODE,
    SORTIES,
    Cellules,
    annees_a_calculer,
    sorties_de,
)
from openfisca_assistant_medical.population.cellules.sommes import celluler

__all__ = [
    "CAISSE",
    "CERTITUDES",
    "CERTITUDES_DU_GAIN",
    "DIMENSIONS",
    "DROITS",
    "ECARTS",
    "ENUMS",
    "MICRO",
    "MONTANTS",
    "PAR_PERIODE",
    "SORTIES",
    "Cellules",
    "annees_a_calculer",
    "celluler",
    "en_clair",
    "en_entier",
    "fusionner",
    "sorties_de",
]
