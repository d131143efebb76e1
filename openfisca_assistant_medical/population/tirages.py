"""Draws over what is not known: an interval on each total, and what it comes from.

A draw gives one value to each assumption (`incertitude`), fills in with it what the table does not
know (`manques`), and computes every law on the same doctors. What is known is never changed. The
draws are those of a seed and of the rows, whatever the workers, the parts or the blocks.

The table of draws has a row a draw, law, year and quantity: `tirage`, `loi`, `annee` (null: all of
them), `grandeur` and `valeur`. The quantities are aide_due (contract years that start in the year)
and depense (paid in the year), in euros; for a null law, the value of each assumption, by role.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.population.avancement import Suivi
from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.cellules import MICRO, annees_a_calculer, en_micro
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.incertitude import Hypothese, rangs
from openfisca_assistant_medical.population.manques import Manques
from openfisca_assistant_medical.population.repartition import repartir
from openfisca_assistant_medical.population.reprise import SimulationRefusee
from openfisca_assistant_medical.population.table.tables import Partition, Table
from openfisca_assistant_medical.population.traitement import (
    VERROU,
    CleDeLoi,
    Loi,
    retrouver,
    systeme_des_entrees,
    taille_permise,
)

GRANDEURS = ("aide_due", "depense")
SCHEMA = pa.schema(
    [
        ("tirage", pa.int32()),
        ("loi", pa.string()),
        ("annee", pa.int32()),
        ("grandeur", pa.string()),
        ("valeur", pa.float64()),
    ]
)
_PAR_TACHE = 25  # draws of one task
Totaux = NDArray[numpy.int64]  # in millionths: they add up to the same in any order


@dataclass(frozen=True)
class Tirages:
    """How many draws, from which seed, under which assumptions.

    Raises:
        SimulationRefusee: fewer than two draws, or a negative seed.
    """

    nombre: int
    graine: int
    hypotheses: list[Hypothese]

    def __post_init__(self) -> None:
        if self.nombre < 2 or self.graine < 0:
            raise SimulationRefusee(
                f"Tirages : reçu {self.nombre}, graine {self.graine} ; attendu : deux tirages au "
                "moins, et une graine de 0 ou plus."
            )

    def en_clair(self) -> dict[str, Any]:
        """As options that ask for them again."""
        return {
            "tirages": self.nombre,
            "graine": self.graine,
            "hypotheses": [hypothese.en_clair() for hypothese in self.hypotheses],
        }

    def valeurs(self) -> NDArray[numpy.float64]:
        """Value of each assumption at each draw, shape (draws, assumptions)."""
        probabilites = rangs(self.nombre, len(self.hypotheses), self.graine)
        colonnes = zip(self.hypotheses, probabilites.T, strict=True)
        return numpy.stack([h.quantiles(tirees) for h, tirees in colonnes], axis=1)


def tirer(
    table: Table,
    annees: Sequence[int],
    lois: Sequence[CleDeLoi],
    demande: Tirages,
    *,
    erreurs: str = "arreter",
    travailleurs: int = 1,
    dask: str | None = None,
    suivi: Suivi | None = None,
) -> pa.Table:
    """Draw what a table does not know, and compute laws at each draw.

    Args:
        table: the contracts, whose columns these laws know.
        annees: calendar years in which the contract years start.
        lois: keys of laws that this process knows, the reference first.
        demande: the draws.
        erreurs: see `simulation.comparer`.
        travailleurs: processes of this machine.
        dask: address of a Dask scheduler.
        suivi: called with the parts done and their number.

    Returns:
        The table of draws described at the top.

    Raises:
        TableRefusee: bad rows, where they are not set aside.
    """
    valeurs = demande.valeurs()
    passages = [
        range(debut, min(debut + _PAR_TACHE, demande.nombre))
        for debut in range(0, demande.nombre, _PAR_TACHE)
    ]
    taches = [
        _Tache(table, partition, passage, demande.hypotheses,
               valeurs[passage.start : passage.stop], tuple(annees), tuple(lois), demande.graine,
               erreurs)
        for partition in table.partitions()
        for passage in passages
    ]  # fmt: skip
    sommes = numpy.zeros((demande.nombre, len(lois), len(annees), len(GRANDEURS)), numpy.int64)
    calculs = repartir(_Tache.calculer, taches, travailleurs=travailleurs, dask=dask)
    for faites, (debut, totaux) in enumerate(calculs, start=1):
        sommes[debut : debut + len(totaux)] += totaux
        if suivi is not None:
            suivi(faites, len(taches))
    noms = [cle[0] for cle in lois]
    return _en_table(sommes, noms, list(annees), demande.hypotheses, valeurs)


class _Tache:
    """Some draws of one part of the table."""

    def __init__(
        self,
        table: Table,
        partition: Partition,
        passage: range,
        hypotheses: list[Hypothese],
        valeurs: NDArray[numpy.float64],
        annees: tuple[int, ...],
        lois: tuple[CleDeLoi, ...],
        graine: int,
        erreurs: str,
    ) -> None:
        self.table, self.partition, self.passage = table, partition, passage
        self.hypotheses, self.valeurs = hypotheses, valeurs
        self.annees, self.lois, self.graine, self.erreurs = annees, lois, graine, erreurs

    def calculer(self) -> tuple[int, Totaux]:
        """Its first draw, and totals, shape (draws, laws, years, quantities)."""
        with VERROU:
            return self.passage.start, self._totaux()

    def _totaux(self) -> Totaux:
        lois = [retrouver(cle) for cle in self.lois]
        calculees = annees_a_calculer(self.annees)
        totaux = numpy.zeros(
            (len(self.passage), len(lois), len(self.annees), len(GRANDEURS)), numpy.int64
        )
        blocs = self.table.blocs(
            self.partition,
            systeme_des_entrees(lois),
            taille=taille_permise(self.annees, lectures=False),
            erreurs=self.erreurs,
        )
        for bloc in blocs:
            manques = Manques(bloc, calculees, lois)
            for place, tirage in enumerate(self.passage):
                supposees = list(zip(self.hypotheses, self.valeurs[place], strict=True))
                observees = manques.observer(supposees, self.graine, tirage)
                for numero, loi in enumerate(lois):
                    colonnes = {**bloc.colonnes, **observees, **manques.viser(supposees, numero)}
                    poids = bloc.poids * _recours(supposees, variante=numero > 0)
                    totaux[place, numero] += _totaux(loi, colonnes, self.annees, poids)
        return totaux


def _recours(supposees: list[tuple[Hypothese, float]], variante: bool) -> float:
    facteur = 1.0
    for hypothese, valeur in supposees:
        if hypothese.role == "recours" and (variante or not hypothese.variantes):
            facteur *= max(valeur, 0)
    return facteur


def _totaux(loi: Loi, colonnes: Any, annees: tuple[int, ...], poids: Tableau) -> Totaux:
    """Weighted sums of a law, shape (years, quantities)."""
    variables = ("aide_due", "depense_annuelle")
    sorties = calculer(loi.systeme, loi.siennes(colonnes), variables, annees)
    return numpy.array(
        [[en_micro(poids * sorties[nom, annee]) for nom in variables] for annee in annees],
        dtype=numpy.int64,
    )


def _en_table(
    sommes: Totaux,
    lois: list[str],
    annees: list[int],
    hypotheses: list[Hypothese],
    valeurs: NDArray[numpy.float64],
) -> pa.Table:
    tirages = len(sommes)
    ensemble = numpy.concatenate([sommes, sommes.sum(axis=2, keepdims=True)], axis=2) / MICRO
    cles = [
        (loi, annee, grandeur)
        for loi in lois
        for annee in (*annees, None)
        for grandeur in GRANDEURS
    ] + [(None, None, hypothese.role) for hypothese in hypotheses]
    colonnes = numpy.concatenate([ensemble.reshape(tirages, -1), valeurs], axis=1)
    numeros = numpy.repeat(numpy.arange(tirages, dtype=numpy.int32), len(cles))
    repetees = [
        pa.array([cle[rang] for cle in cles] * tirages, type=SCHEMA.field(nom).type)
        for rang, nom in enumerate(("loi", "annee", "grandeur"))
    ]
    return pa.Table.from_arrays(
        [pa.array(numeros), *repetees, pa.array(colonnes.ravel())], schema=SCHEMA
    )
