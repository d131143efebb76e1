"""How one formula asks for another variable.

A formula asks `medecins("date_signature", period)` some fifteen hundred times for five years of one
doctor, and three times out of four the value is already there. openfisca-core answers through ten
calls, which cost more than the arithmetic of a small simulation; here a value that is there is
handed out at once, and a variable of the model is computed with nothing around its formula.

Whatever is out of the ordinary goes through core: a trace, an option, a period that does not fit, a
neutralised variable, a store on disk, a variable that is asked while it is being computed (core
knows how to tell a cycle).
"""

from collections import Counter
from typing import Any

from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import Period
from openfisca_core.populations import GroupPopulation, Population

from openfisca_assistant_medical.droit.choix import Membres
from openfisca_assistant_medical.droit.variable import Variable

_TOUJOURS = Period.eternity()


class Personnes(Population):
    """The persons of a simulation; formulas see the same interface as core's."""

    def __init__(self, entity: Any) -> None:
        super().__init__(entity)
        self._en_cours: set[str] = set()
        self._demandes: Counter[tuple[str, Any]] | None = None
        self._pas: int  # of `_noter`; `compter` and `rendre` say which

    def __call__(self, variable_name: str, period: Any, options: Any = None) -> Any:
        """Values of a variable for a period, shape (n,); see core's `Population`."""
        if options is not None or self.simulation is None or self.simulation.trace:
            return super().__call__(variable_name, period, options)
        holder = self._holders.get(variable_name) or self.get_holder(variable_name)
        periode = _TOUJOURS if holder._eternal else period
        valeurs = holder._memory_storage._arrays.get(periode)
        if valeurs is None:
            if not self._ordinaire(holder.variable, periode):
                return super().__call__(variable_name, period)
            valeurs = self._calculer(holder, periode)
        elif valeurs.__class__ is EnumArray:
            valeurs = holder._memory_storage._arrays[periode] = valeurs.view(Membres)
        if self._demandes is not None:
            self._noter(self._demandes, holder, periode)
        return valeurs

    def _ordinaire(self, variable: Any, periode: Any) -> bool:
        simulation = self.simulation
        return (
            isinstance(variable, Variable)
            and variable.s_applique(periode)
            and variable.name not in self._en_cours
            and all(appel["name"] != variable.name for appel in simulation.tracer.stack)
            and not variable.is_neutralized
            and not simulation.opt_out_cache
            and simulation.memory_config is None
            and simulation.start_computation_period is None
        )

    def _calculer(self, holder: Any, periode: Period) -> Any:
        variable = holder.variable
        if variable.formule is None:
            valeurs = holder.default_array()
        else:
            self._en_cours.add(variable.name)
            try:
                valeurs = variable.formule(self, periode)
            finally:
                self._en_cours.discard(variable.name)
            if variable.value_type is Enum or getattr(valeurs, "dtype", None) != variable.dtype:
                valeurs = self.simulation._cast_formula_result(valeurs, variable)
        holder._memory_storage._arrays[periode] = valeurs
        return valeurs

    def compter(self) -> Counter[tuple[str, Any]]:
        """From now on, count how often each value is asked for; gives the counter."""
        self._demandes, self._pas = Counter(), 1
        return self._demandes

    def rendre(self, demandes: Counter[tuple[str, Any]]) -> None:
        """From now on, let go of each computed value once it was asked that many times.

        Memory just used serves again, instead of new pages that the system must give and the
        processor fetch. A value asked once more is computed again.
        """
        self._demandes, self._pas = demandes.copy(), -1

    def _noter(self, demandes: Counter[tuple[str, Any]], holder: Any, periode: Any) -> None:
        cle = holder.variable.name, periode
        demandes[cle] += self._pas
        if not demandes[cle] and holder.variable.formulas:
            del holder._memory_storage._arrays[periode]

    def clone(self, simulation: Any) -> "Personnes":
        """The same persons in another simulation."""
        copie: Personnes = super().clone(simulation)
        copie.__class__ = Personnes
        copie._en_cours = set()
        copie._demandes = None
        return copie


def instancier(systeme: Any) -> dict[str, Any]:
    """Populations of a new simulation, by key of entity."""
    personnes = Personnes(systeme.person_entity)
    populations: dict[str, Any] = {systeme.person_entity.key: personnes}
    for entite in systeme.group_entities:
        populations[entite.key] = GroupPopulation(entite, personnes)
    return populations
