"""What a block of contracts does not know, and how a draw fills it in.

What is known stays: a count where it is not observed, a target where the law finds none. A target
is drawn as an amendment would write it, year by year and law by law, over the start that this law
takes; a count grows from the latest that is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import TypeObjectif
from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.incertitude import ROLES, Hypothese
from openfisca_assistant_medical.population.table.tables import Bloc
from openfisca_assistant_medical.population.traitement import Loi

Supposees = Sequence[tuple[Hypothese, float]]
Remplies = dict[str | tuple[str, int], Tableau]
_ESTIMATION = "objectifs_estimes"
_BORNES = ("patients_en_plus_estimes_pmt_bas", "patients_en_plus_estimes_pmt_haut")
_COMPTES = {
    "pmt": ("patientele_mt_initiale", "patientele_mt"),
    "pfa": ("file_active_initiale", "file_active"),
}
_AUGMENTATION: Any = list(TypeObjectif).index(TypeObjectif.augmentation)
_PAR_PAS = 4  # numbers that Philox gives at each step


@cache
def _estimation() -> Loi:
    return Loi(_ESTIMATION)


@dataclass(frozen=True)
class _Compte:
    """Contracts whose count of a year is not observed, shapes (k,).

    Attributes:
        annee: the year.
        rangs: their ranks in the block.
        dernier: the latest count known of each.
        courues: years from there to the end of that contract year.
    """

    annee: int
    rangs: NDArray[numpy.intp]
    dernier: Tableau
    courues: Tableau


@dataclass(frozen=True)
class _Objectif:
    """Contracts that a law asks to gain patients, and whose target it does not find, shapes (k,).

    Attributes:
        annee: the year.
        rangs: their ranks in the block.
        depart: the start that this law takes.
        bas, haut: the patients to gain that estimates leave open; 0 = not covered.
    """

    annee: int
    rangs: NDArray[numpy.intp]
    depart: Tableau
    bas: Tableau
    haut: Tableau


class Manques:
    """What a block does not know.

    Args:
        bloc: the block.
        annees: years to fill in.
        lois: the laws.
    """

    def __init__(self, bloc: Bloc, annees: Sequence[int], lois: Sequence[Loi]) -> None:
        self._lignes, self._colonnes = bloc.lignes, bloc.colonnes
        self._signature = bloc.colonnes["date_signature"].astype("datetime64[Y]").astype(int) + 1970
        self._comptes = {c: list(self._non_observes(c, annees)) for c in _COMPTES}
        fourchette = self._bornes()
        self._objectifs = [list(self._sans_objectif(loi, annees, fourchette)) for loi in lois]

    def _donnee(self, nom: str | tuple[str, int], sinon: int) -> Tableau:
        donnee: Tableau = self._colonnes.get(
            nom, numpy.full(len(self._lignes), sinon, dtype=numpy.int32)
        )
        return donnee

    def _non_observes(self, compte: str, annees: Sequence[int]) -> Iterator[_Compte]:
        initiale, observee = _COMPTES[compte]
        departs = (f"depart_{compte}_avenant", f"niveau_a_maintenir_{compte}")
        donnees = [
            cle[1]
            for cle in self._colonnes
            if isinstance(cle, tuple) and cle[0] in (observee, *departs)
        ]
        dernier = self._donnee(initiale, -1).astype(numpy.float64)
        fin = self._signature - 1  # the year at whose end it was counted
        precedents = dict.fromkeys(departs, numpy.zeros(len(fin)))
        for annee in range(min([*annees, *donnees]), max(annees) + 1):
            courue = annee >= self._signature
            for nom in departs:
                donne = self._donnee((nom, annee), 0)
                # Given again as it was, it is no newer; and a count observed since is.
                nouveau = courue & (donne > 0) & (donne != precedents[nom])
                nouveau &= (fin < annee - 1) | (dernier < 0)
                precedents[nom] = donne
                dernier = numpy.where(nouveau, donne, dernier)
                fin = numpy.where(nouveau, annee - 1, fin)
            vu = self._donnee((observee, annee), -1)
            if annee in annees:
                rangs = numpy.flatnonzero(courue & (vu < 0) & (dernier >= 0))
                yield _Compte(annee, rangs, dernier[rangs], annee - fin[rangs])
            observe = courue & (vu >= 0)
            dernier = numpy.where(observe, vu, dernier)
            fin = numpy.where(observe, annee, fin)

    def _bornes(self) -> tuple[Tableau, Tableau]:
        """Bounds of the patients to gain that the published point leaves open; 0 = not covered."""
        loi = _estimation()
        sorties = calculer(loi.systeme, loi.siennes(self._colonnes), _BORNES, ())
        bas, haut = (numpy.maximum(sorties[nom, None], 0) for nom in _BORNES)
        return bas, haut

    def _sans_objectif(
        self, loi: Loi, annees: Sequence[int], fourchette: tuple[Tableau, Tableau]
    ) -> Iterator[tuple[str, _Objectif]]:
        """By count. What follows a first installation stays unknown: nothing tells its start."""
        noms = [
            f"{nom}_{compte}{suite}"
            for compte in _COMPTES
            for nom, suite in (("type_objectif", ""), ("objectif", "_connu"), ("depart", ""))
        ]
        du_contrat = ("droit_ouvert", "primo_installe", "option_de_la_signature")
        sorties = calculer(loi.systeme, loi.siennes(self._colonnes), (*noms, *du_contrat), annees)
        for annee in annees:
            ouvert = sorties["droit_ouvert", annee] & ~sorties["primo_installe", None]
            meme_option = sorties["option_de_la_signature", annee]
            for compte, (initiale, _) in _COMPTES.items():
                nature = sorties[f"type_objectif_{compte}", annee].view(numpy.ndarray)
                depart = sorties[f"depart_{compte}", annee]
                inconnu = ouvert & (nature == _AUGMENTATION) & (depart >= 0)
                rangs = numpy.flatnonzero(inconnu & ~sorties[f"objectif_{compte}_connu", annee])
                couvert = meme_option & (depart == self._donnee(initiale, -1)) & (compte == "pmt")
                bas, haut = ((borne * couvert)[rangs] for borne in fourchette)
                yield compte, _Objectif(annee, rangs, depart[rangs], bas, haut)

    def observer(self, supposees: Supposees, graine: int, tirage: int) -> Remplies:
        """The columns of counts, those that are not observed drawn."""
        remplies: Remplies = {}
        for hypothese, valeur in supposees:
            role, _, compte = hypothese.role.partition("_")
            if role != "croissance":
                continue
            croissance = numpy.full(len(self._lignes), valeur)
            if hypothese.dispersion:
                hasard = (graine, tirage, ROLES.index(hypothese.role))
                croissance += hypothese.dispersion * normales(hasard, self._lignes)
            facteur = numpy.maximum(1 + croissance, 0)
            for manque in self._comptes[compte]:
                atteint = numpy.rint(manque.dernier * facteur[manque.rangs] ** manque.courues)
                atteint = numpy.minimum(atteint, numpy.iinfo(numpy.int32).max)
                self._remplir(remplies, (_COMPTES[compte][1], manque), atteint, -1)
        return remplies

    def viser(self, supposees: Supposees, loi: int) -> Remplies:
        """The columns of targets, those that a law, by its rank, does not find drawn."""
        remplies: Remplies = {}
        tirees = {h.role: (h, valeur) for h, valeur in supposees if h.role.startswith("objectif")}
        for compte, manque in self._objectifs[loi]:
            if f"objectif_{compte}" not in tirees:
                continue
            hypothese, valeur = tirees[f"objectif_{compte}"]
            estime = manque.bas + hypothese.rang(valeur) * (manque.haut - manque.bas)
            gain = numpy.rint(numpy.where(manque.haut > 0, estime, manque.depart * valeur))
            vise = numpy.maximum(manque.depart + gain, 1)
            self._remplir(remplies, (f"objectif_{compte}_avenant", manque), vise, 0)
        return remplies

    def _remplir(
        self, remplies: Remplies, ou: tuple[str, _Compte | _Objectif], quoi: Tableau, sinon: int
    ) -> None:
        nom, manque = ou
        if len(manque.rangs):
            colonne = self._donnee((nom, manque.annee), sinon).astype(numpy.int32)
            colonne[manque.rangs] = quoi
            remplies[nom, manque.annee] = colonne


def normales(hasard: tuple[int, ...], lignes: NDArray[numpy.int64]) -> NDArray[numpy.float64]:
    """A standard normal number for each row, shape (n,): of the row, and not of where it is cut.

    Args:
        hasard: what else it depends on, whole numbers from 0.
        lignes: the rows, increasing, from 0.
    """
    from scipy.special import ndtri

    if not len(lignes):
        return numpy.zeros(0)
    philox = numpy.random.Philox(numpy.random.SeedSequence(hasard))
    pas = int(lignes[0]) // _PAR_PAS
    philox.advance(pas)
    places = lignes - pas * _PAR_PAS
    uniformes = numpy.random.Generator(philox).random(int(places[-1]) + 1)[places]
    return numpy.asarray(ndtri(uniformes))
