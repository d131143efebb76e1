"""Draws over what is not known: an interval on each total, and what it comes from.

A draw gives one value to each assumption (`incertitude`), fills in with it what the table does not
know, and computes every law on the same doctors. What is known is never changed. The draws are
those of a seed, whatever the workers.

The table of draws has a row a draw, law, year and quantity: `tirage`, `loi`, `annee` (null: all of
them), `grandeur` and `valeur`. The quantities are aide_due (contract years that start in the year)
and depense (paid in the year), in euros; for a null law, the value of each assumption, by role.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import TypeObjectif
from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.incertitude import Hypothese, lire_hypotheses, rangs
from openfisca_assistant_medical.population.repartition import repartir
from openfisca_assistant_medical.population.reprise import SimulationRefusee
from openfisca_assistant_medical.population.table.tables import Bloc, Partition, Table, ouvrir
from openfisca_assistant_medical.population.traitement import (
    VERROU,
    CleDeLoi,
    Loi,
    connaitre,
    retrouver,
    systeme_des_entrees,
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
_ESTIMATION = "objectifs_estimes"
_BORNES = ("patients_en_plus_estimes_pmt_bas", "patients_en_plus_estimes_pmt_haut")
_COMPTES = {"pmt": ("patientele_mt_initiale", "patientele_mt"),
            "pfa": ("file_active_initiale", "file_active")}  # fmt: skip
_PAR_TACHE = 25  # draws of one task
_AUGMENTATION: Any = list(TypeObjectif).index(TypeObjectif.augmentation)
Suivi = Callable[[int, int], object]
Totaux = NDArray[numpy.float64]


def tirer(
    source: Any,
    annees: Sequence[int],
    *,
    lois: Sequence[str] = ("base", "convention_2024"),
    tirages: int = 200,
    graine: int = 0,
    hypotheses: str | PathLike[str] | None = None,
    erreurs: str = "arreter",
    ignorer: Sequence[str] = (),
    travailleurs: int = 1,
    dask: str | None = None,
    suivi: Suivi | None = None,
) -> pa.Table:
    """Draw what is not known, and compute the laws at each draw.

    Args:
        source: contracts, as `tables.ouvrir` takes them.
        annees: calendar years in which the contract years start.
        lois: names as `contrats.loi` takes them, the reference first.
        tirages: number of draws, 2 at least.
        graine: seed, 0 or more.
        hypotheses: file of assumptions; None = those by default.
        erreurs: see `simulation.comparer`.
        ignorer: columns to leave out.
        travailleurs: processes of this machine.
        dask: address of a Dask scheduler.
        suivi: called with the parts done and their number.

    Returns:
        The table of draws described at the top.

    Raises:
        HypothesesRefusees, TableRefusee, ReformeInconnue: what is given cannot be used.
        SimulationRefusee: fewer than two draws, or a negative seed.
    """
    demande = Tirages(tirages, graine, lire_hypotheses(hypotheses))
    connues = [connaitre(Loi(nom)) for nom in lois]
    table = ouvrir(source, ignorer=ignorer)
    table.verifier_colonnes(systeme_des_entrees(connues))
    cles = [loi.cle for loi in connues]
    return tirer_de(
        table, annees, cles, demande, erreurs=erreurs, travailleurs=travailleurs, dask=dask,
        suivi=suivi,
    )  # fmt: skip


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


def tirer_de(
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
    """The same for an open table, and laws that this process knows."""
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
    faites: dict[tuple[int, int], Totaux] = {}
    for cle, totaux in repartir(_Tache.calculer, taches, travailleurs=travailleurs, dask=dask):
        faites[cle] = totaux
        if suivi is not None:
            suivi(len(faites), len(taches))
    # In the order of the table, so that rounding does not depend on who came first.
    sommes = numpy.zeros((demande.nombre, len(lois), len(annees), len(GRANDEURS)))
    for partition, debut in sorted(faites):
        totaux = faites[partition, debut]
        sommes[debut : debut + len(totaux)] += totaux
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

    def calculer(self) -> tuple[tuple[int, int], Totaux]:
        """Totals, shape (draws, laws, years, quantities), with the place of the task."""
        with VERROU:
            return (self.partition.index, self.passage.start), self._totaux()

    def _totaux(self) -> Totaux:
        lois = [retrouver(cle) for cle in self.lois]
        totaux = numpy.zeros((len(self.passage), len(lois), len(self.annees), len(GRANDEURS)))
        blocs = self.table.blocs(self.partition, systeme_des_entrees(lois), erreurs=self.erreurs)
        for rang, bloc in enumerate(blocs):
            manques = _Manques(bloc, self.annees, lois)
            for place, tirage in enumerate(self.passage):
                supposees = list(zip(self.hypotheses, self.valeurs[place], strict=True))
                alea = numpy.random.default_rng((self.graine, tirage, self.partition.index, rang))
                colonnes = manques.remplir(supposees, alea)
                for numero, loi in enumerate(lois):
                    poids = bloc.poids * _recours(supposees, variante=numero > 0)
                    totaux[place, numero] += _totaux(loi, colonnes, self.annees, poids)
        return totaux


@cache
def _estimation() -> Loi:
    return Loi(_ESTIMATION)


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
    # Not `@`: the threads of a linear algebra library cost more than such a sum.
    return numpy.array(
        [[float((poids * sorties[nom, annee]).sum()) for nom in variables] for annee in annees]
    )


class _Manques:
    """What a block does not know, and how to fill it in."""

    def __init__(self, bloc: Bloc, annees: tuple[int, ...], lois: list[Loi]) -> None:
        self._colonnes = bloc.colonnes
        self._nombre = len(bloc.lignes)
        signature = bloc.colonnes["date_signature"].astype("datetime64[Y]").astype(int) + 1970
        # What is paid in the first year comes from the contract year before, too.
        self._rangs = {annee: annee - signature + 1 for annee in (annees[0] - 1, *annees)}
        self._sans_objectif = {c: self._inconnus(c, annees, lois) for c in _COMPTES}
        self._fourchette = self._bornes()

    def _donnee(self, nom: str | tuple[str, int], sinon: int) -> Tableau:
        donnee: Tableau = self._colonnes.get(nom, numpy.full(self._nombre, sinon, numpy.int32))
        return donnee

    def _inconnus(self, compte: str, annees: tuple[int, ...], lois: list[Loi]) -> Tableau:
        """Whether a target to gain is asked for under a law, and not known; shape (n,).

        That of a first installation is left as it is: what an amendment will set is not known.
        """
        nature, connu = f"type_objectif_{compte}", f"objectif_{compte}_connu"
        manque = numpy.zeros(self._nombre, dtype=bool)
        for loi in lois:
            variables = (nature, connu, "droit_ouvert", "primo_installe")
            sorties = calculer(loi.systeme, loi.siennes(self._colonnes), variables, annees)
            for annee in annees:
                a_gagner = sorties[nature, annee].view(numpy.ndarray) == _AUGMENTATION
                ouvert = sorties["droit_ouvert", annee] & ~sorties["primo_installe", None]
                manque |= a_gagner & ouvert & ~sorties[connu, annee]
        return manque & (self._donnee(f"objectif_{compte}_contractuel", 0) <= 0)

    def _bornes(self) -> tuple[Tableau, Tableau]:
        """Bounds of the patients to gain that the published point leaves open; 0 = not covered."""
        loi = _estimation()
        sorties = calculer(loi.systeme, loi.siennes(self._colonnes), _BORNES, ())
        bas, haut = (sorties[nom, None] for nom in _BORNES)
        return bas, haut

    def remplir(
        self, supposees: list[tuple[Hypothese, float]], alea: numpy.random.Generator
    ) -> dict[Any, Tableau]:
        """The columns of the block, with what is not known drawn."""
        colonnes = dict(self._colonnes)
        for hypothese, valeur in supposees:
            role, _, compte = hypothese.role.partition("_")
            if role == "objectif":
                colonnes[f"objectif_{compte}_contractuel"] = self._objectif(
                    compte, valeur, hypothese
                )
            elif role == "croissance":
                propre = valeur + hypothese.dispersion * alea.standard_normal(self._nombre)
                colonnes |= self._observes(compte, propre)
        return colonnes

    def _objectif(self, compte: str, valeur: float, hypothese: Hypothese) -> Tableau:
        depart = self._donnee(_COMPTES[compte][0], -1)
        gain = numpy.rint(depart * valeur)
        if compte == "pmt":
            bas, haut = self._fourchette
            place = hypothese.rang(valeur)
            gain = numpy.where(haut > 0, numpy.rint(bas + place * (haut - bas)), gain)
        vise = numpy.maximum(depart + gain, 1).astype(numpy.int32)
        a_tirer = self._sans_objectif[compte] & (depart >= 0)
        contrat = self._donnee(f"objectif_{compte}_contractuel", 0)
        return numpy.where(a_tirer, vise, contrat).astype(numpy.int32)

    def _observes(self, compte: str, croissance: Tableau) -> Iterator[tuple[Any, Tableau]]:
        """Counts of each contract year that are not observed, from the start and the growth."""
        initiale, observee = _COMPTES[compte]
        depart = self._donnee(initiale, -1)
        for annee, rang in self._rangs.items():
            vu = self._donnee((observee, annee), -1)
            annees_courues = numpy.clip(rang, 0, None)
            suivi = numpy.rint(depart * numpy.maximum(1 + croissance, 0) ** annees_courues)
            a_tirer = (vu < 0) & (depart >= 0) & (rang > 0)
            tire = numpy.minimum(suivi, numpy.iinfo(numpy.int32).max).astype(numpy.int32)
            yield (observee, annee), numpy.where(a_tirer, tire, vu)


def _en_table(
    sommes: Totaux,
    lois: list[str],
    annees: list[int],
    hypotheses: list[Hypothese],
    valeurs: NDArray[numpy.float64],
) -> pa.Table:
    tirages = len(sommes)
    ensemble = numpy.concatenate([sommes, sommes.sum(axis=2, keepdims=True)], axis=2)
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
