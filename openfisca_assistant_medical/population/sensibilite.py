"""What each other reading of the register would change, contract by contract.

Each reading is a law of its own, and there are some twenty for each law: computed whole, they
would cost several times the comparison. But a reading is one figure of the law. What no rule that
reads it leads to is taken from the law itself; the rules that read it are computed for everybody,
and only the doctors for whom one of them differs are computed to the end.

That is exact while each rule sees one doctor at a time and all that it asks can be read in its
source; where it cannot, or where the other reading is more than figures, it is computed whole.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.periods import DateUnit, Instant, Period

from openfisca_assistant_medical.droit.formules import lire_formule
from openfisca_assistant_medical.droit.personnes import Personnes
from openfisca_assistant_medical.lois import sous_l_autre_lecture
from openfisca_assistant_medical.population.calcul import (
    Entrees,
    Sorties,
    a_calculer,
    dissoudre,
    en_membres,
    garder_la_memoire,
    simuler_le_bloc,
)
from openfisca_assistant_medical.population.cellules import CENTIMES
from openfisca_assistant_medical.population.colonnes import Colonnes, lire_colonnes
from openfisca_assistant_medical.reforms.lectures import LECTURES

Ecarts = dict[str, NDArray[numpy.int64]]
_OBJET = "aide_due"
# What a law has computed is kept while its readings are compared: beyond this many doctors × years,
# a block is cut.
_MEDECINS_ANNEES = 600_000
_TOUT = ("",)  # what a rule that cannot be read is held to read


class Lecteur:
    """The other readings of one law. Made once a process: it reads the source of every rule."""

    def __init__(self, systeme: Any) -> None:
        self.systeme = systeme
        toutes = {nom: sous_l_autre_lecture(systeme, nom) for nom in LECTURES}
        self.autres = {nom: autre for nom, autre in toutes.items() if autre is not None}
        self._touchees = {nom: self._suivre(autre) for nom, autre in self.autres.items()}

    @cached_property
    def _regles(self) -> dict[str, tuple[set[str], set[str]]]:
        """Figures and variables that each variable reads."""
        return {nom: _lire(variable) for nom, variable in self.systeme.variables.items()}

    def _suivre(self, autre: Any) -> tuple[list[str], set[str], set[str]] | None:
        """Rules that read what differs, all that they lead to, and what the latter ask for.

        None: the rules themselves differ, or one cannot be followed.
        """
        memes = autre.variables.keys() == self.systeme.variables.keys() and all(
            autre.variables[nom].formulas == variable.formulas
            for nom, variable in self.systeme.variables.items()
        )
        if not memes or any(lus >= set(_TOUT) for lus, _ in self._regles.values()):
            return None
        changees = _feuilles_qui_changent(self.systeme, autre)
        directes = [
            nom
            for nom, (lus, _) in self._regles.items()
            if any(_sous(feuille, lu) for feuille in changees for lu in lus)
        ]
        touchees, suite = set(directes), set(directes)
        while suite:
            suite = {
                nom for nom, (_, demandees) in self._regles.items() if demandees & suite
            } - touchees
            touchees |= suite
        bord = {d for nom in touchees for d in self._regles[nom][1]} - touchees
        return directes, touchees, bord

    def calculer(
        self, colonnes: Colonnes, sorties: Iterable[str], annees: list[int]
    ) -> tuple[Sorties, Ecarts]:
        """Outputs of a block under the law, and what the other readings change.

        Args:
            colonnes: inputs, as `population.calculer` takes them.
            sorties: variables to give.
            annees: years in which the contract years start.

        Returns:
            The outputs, as `population.calculer` gives them; by reading, `aide_due` of the other
            reading minus that of the law, in cents, shape (years, n).
        """
        entrees = lire_colonnes(self.systeme, colonnes)
        nombre = max(map(len, entrees.values()), default=0)
        taille = max(1, _MEDECINS_ANNEES // max(1, len(annees)))
        garder_la_memoire()
        morceaux = [
            self._morceau(entrees, slice(debut, min(debut + taille, nombre)), sorties, annees)
            for debut in range(0, nombre, taille) or [0]
        ]
        if len(morceaux) == 1:
            return morceaux[0]
        lues = {
            cle: en_membres(
                self.systeme,
                cle[0],
                numpy.concatenate([numpy.asarray(m[0][cle]) for m in morceaux]),
            )
            for cle in morceaux[0][0]
        }
        ecarts = {
            nom: numpy.concatenate([m[1][nom] for m in morceaux], axis=1) for nom in self.autres
        }
        return lues, ecarts

    def _morceau(
        self, entrees: Entrees, bloc: slice, sorties: Iterable[str], annees: list[int]
    ) -> tuple[Sorties, Ecarts]:
        simulation = simuler_le_bloc(self.systeme, entrees, bloc)
        lues = {
            cle: en_membres(self.systeme, cle[0], simulation.persons(cle[0], periode))
            for cle, periode in a_calculer(self.systeme, sorties, annees).items()
        }
        periodes = [Period((DateUnit.YEAR, Instant((annee, 1, 1)), 1)) for annee in annees]
        ecarts = {nom: self._ecart(nom, simulation, entrees, bloc, periodes) for nom in self.autres}
        dissoudre(simulation)
        return lues, ecarts

    def _ecart(
        self, nom: str, simulation: Any, entrees: Entrees, bloc: slice, periodes: list[Period]
    ) -> NDArray[numpy.int64]:
        retenues = numpy.stack([simulation.persons(_OBJET, periode) for periode in periodes])
        suivies = self._touchees[nom] if isinstance(simulation.persons, Personnes) else None
        ecart = numpy.zeros(retenues.shape, numpy.int64)
        autre = simuler_le_bloc(self.autres[nom], entrees, bloc)
        if suivies is not None:
            directes, touchees, bord = suivies
            if _OBJET not in touchees:
                return ecart
            _reprendre(autre, simulation, bord, None)
            medecins = _qui_different(autre, simulation, directes)
            if not medecins.size:
                dissoudre(autre)
                return ecart
            if medecins.size < retenues.shape[1] // 2:
                dissoudre(autre)
                rangs = medecins + bloc.start
                quelques = {cle: valeurs[rangs] for cle, valeurs in entrees.items()}
                autre = simuler_le_bloc(self.autres[nom], quelques, slice(0, len(rangs)))
                _reprendre(autre, simulation, bord, medecins)
                autrement = numpy.stack([autre.persons(_OBJET, periode) for periode in periodes])
                ecart[:, medecins] = _en_centimes(autrement) - _en_centimes(retenues[:, medecins])
                dissoudre(autre)
                return ecart
        autrement = numpy.stack([autre.persons(_OBJET, periode) for periode in periodes])
        dissoudre(autre)
        return _en_centimes(autrement) - _en_centimes(retenues)


def _en_centimes(montants: NDArray[numpy.float64]) -> NDArray[numpy.int64]:
    return numpy.rint(montants * CENTIMES).astype(numpy.int64)


def _lire(variable: Any) -> tuple[set[str], set[str]]:
    """Figures and variables that a variable reads; everything, where its source is not there."""
    lus: set[str] = set()
    demandees: set[str] = set()
    for formule in variable.formulas.values():
        try:
            figures, variables = lire_formule(formule)
        except (OSError, TypeError, SyntaxError, StopIteration):
            return set(_TOUT), set()
        lus |= figures
        demandees |= variables
    return lus, demandees


def _sous(feuille: str, chemin: str) -> bool:
    """Whether a figure is the one of a path, or in its table."""
    return feuille == chemin or feuille.startswith(f"{chemin}.")


def _feuilles_qui_changent(systeme: Any, autre: Any) -> set[str]:
    valeurs = [
        {
            feuille.name: [(v.instant_str, v.value) for v in feuille.values_list]
            for feuille in ParameterNode.get_descendants(loi.parameters)
            if isinstance(feuille, Parameter)
        }
        for loi in (systeme, autre)
    ]
    return {nom for nom in {*valeurs[0], *valeurs[1]} if valeurs[0].get(nom) != valeurs[1].get(nom)}


def _arrays(simulation: Any, nom: str) -> dict[Any, Any]:
    holder = simulation.persons._holders.get(nom)
    return {} if holder is None else holder._memory_storage._arrays


def _reprendre(
    autre: Any, simulation: Any, noms: Iterable[str], medecins: NDArray[numpy.int64] | None
) -> None:
    """Lay in a simulation what another one has computed, and that does not differ."""
    for nom in noms:
        valeurs = _arrays(simulation, nom)
        if valeurs and autre.tax_benefit_system.variables[nom].formulas:
            la = autre.persons.get_holder(nom)._memory_storage._arrays
            la |= valeurs if medecins is None else {p: v[medecins] for p, v in valeurs.items()}


def _qui_different(autre: Any, simulation: Any, directes: Iterable[str]) -> NDArray[numpy.int64]:
    """Doctors for whom one of the rules that read the point differs, in a year computed."""
    differe = numpy.zeros(simulation.persons.count, bool)
    for nom, periode, valeurs in _connues(simulation, directes):
        differe |= numpy.asarray(autre.persons(nom, periode)) != numpy.asarray(valeurs)
    return numpy.flatnonzero(differe)


def _connues(simulation: Any, noms: Iterable[str]) -> Iterator[tuple[str, Any, Any]]:
    for nom in noms:
        for periode, valeurs in list(_arrays(simulation, nom).items()):
            yield nom, periode, valeurs
