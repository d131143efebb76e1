"""How the values and the periods of each variable of a law are read, when they are canonical."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
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

    def periode(self, cle: str) -> Period:
        """The period of a key that is canonical."""
        return _periode(self.variable.definition_period, cle)


@dataclass(frozen=True, slots=True)
class _Periodique:
    """What `periodes_de` looks at in a variable."""

    definition_period: DateUnit


# Bounded: there are a hundred thousand months that a request may name.
@lru_cache(maxsize=4_096)
def _periode(unite: DateUnit, cle: str) -> Period:
    try:
        canoniques = periodes_de(_Periodique(unite), cle)
    except Refus:
        raise AutreEcriture from None
    if canoniques != [cle]:
        raise AutreEcriture
    return Period.eternity() if unite == DateUnit.ETERNITY else lire_la_periode(cle)


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
