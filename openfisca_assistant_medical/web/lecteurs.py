"""How the values and the periods of each variable of a law are read, when they are canonical."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period
from openfisca_core.periods import period as lire_la_periode

from openfisca_assistant_medical.situations.valeurs import LECTEURS, Refus, periodes_de


class AutreEcriture(Exception):
    """Something that only `situations.verifier` can judge."""


@dataclass(slots=True)
class Lecteur:
    """How the values and the periods of one variable are read."""

    variable: Any
    valeur: Callable[[Any], Any] | None
    codes: dict[str, int] | None
    periodes: dict[str, Period] = field(default_factory=dict)

    def periode(self, cle: str) -> Period:
        """The period of a key that is canonical."""
        lue = self.periodes.get(cle)
        if lue is None:
            try:
                canoniques = periodes_de(self.variable, cle)
            except Refus:
                raise AutreEcriture from None
            if canoniques != [cle]:
                raise AutreEcriture
            eternelle = self.variable.definition_period == DateUnit.ETERNITY
            lue = Period.eternity() if eternelle else lire_la_periode(cle)
            self.periodes[cle] = lue
        return lue


_CONNUS: WeakKeyDictionary[Any, dict[str, dict[str, Lecteur]]] = WeakKeyDictionary()


def lecteurs_de(systeme: Any) -> dict[str, dict[str, Lecteur]]:
    """Readers of the variables of a law, by plural of the entity and name."""
    if systeme not in _CONNUS:
        lecteurs: dict[str, dict[str, Lecteur]] = {e.plural: {} for e in systeme.entities}
        for nom, variable in systeme.variables.items():
            codes, valeur = None, None
            if not variable.formulas:
                valeur = partial(LECTEURS[variable.value_type], variable)
                if variable.value_type is Enum:
                    codes = {membre.name: membre.index for membre in variable.possible_values}
            lecteurs[variable.entity.plural][nom] = Lecteur(variable, valeur, codes)
        _CONNUS[systeme] = lecteurs
    return _CONNUS[systeme]
