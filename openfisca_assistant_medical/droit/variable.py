"""The base class of the project's variables.

It closes four traps of openfisca-core, all of which give a wrong figure without a word:

- money and shares are float64: in float32, 7.7 % of prorated amounts miss a cent;
- a computed variable refuses any input: core would give every other doctor its default value;
- a yearly input given for several calendar years is laid year by year, doctor by doctor;
- a year is a calendar year: `year:2024-07` is refused instead of losing its month.

It also lets an ETERNITY formula be asked at "ETERNITY", which core cannot do, and references be
read when someone asks for them: the registers cost more than the variables.
"""

from collections.abc import Callable
from typing import Any

import numpy
from openfisca_core import periods, variables
from openfisca_core.errors import SituationParsingError
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import DateUnit, Period

# Core's date of a formula that has none.
_TOUJOURS = "0001-01-01"
# Arguments of a formula that reads the law by `droit_au`: persons and period.
_DEUX = 2
# Unit of a count that may be unknown.
_COMPTE = "patient"


def inconnue(variable: Any) -> Any:
    """Value by which a number says that it is not known, or not given; None = it never does.

    A count of patients, and a number whose default is below 0, say it by their default value, as
    their documentation tells.
    """
    if variable.value_type not in (int, float):
        return None
    dit = variable.unit == _COMPTE or variable.default_value < 0
    return variable.default_value if dit else None


class SaisieRefusee(SituationParsingError):
    """An input, or a period, that the model refuses; the Web API answers 400."""


def _refuser(holder: Any, period: Period, array: Any) -> None:
    variable = holder.variable
    autres = "médecins" if variable.entity.is_person else variable.entity.plural
    raise SaisieRefusee(
        [variable.entity.plural, variable.name, str(period)],
        f"« {variable.name} » est calculée : on ne la donne pas, car les autres {autres} de la "
        "même demande perdraient leur calcul. Remède : donner les informations dont elle dépend, "
        f"voir /variable/{variable.name}.",
    )


def _verifier_annee_civile(variable: Any, period: Period) -> None:
    if period.unit == DateUnit.YEAR and period.start[1:] != (1, 1):
        raise SaisieRefusee(
            [variable.entity.plural, variable.name, str(period)],
            f"« {variable.name} » se donne et se demande par année civile : « {period} » ne "
            f"commence pas le 1er janvier. Remède : « {period.start.year} », l’année de contrat "
            "qui commence cette année-là.",
        )


def _repartir_par_annee(holder: Any, period: Period, array: Any) -> None:
    """Lay a yearly input on each calendar year of its period.

    Where a doctor already has a value for one of these years, it wins: the finer period is laid
    first, and speaks only for the doctors whose value differs from the default.
    """
    variable = holder.variable
    _verifier_annee_civile(variable, period)
    if period.unit != DateUnit.YEAR or period.size == 1:
        holder._set(period, array)
        return
    valeurs = holder._to_array(array)
    defaut = holder.default_array()
    for decalage in range(period.size):
        sous_periode = Period((DateUnit.YEAR, period.start.offset(decalage, DateUnit.YEAR), 1))
        deja = holder.get_array(sous_periode)
        if deja is None:
            retenues = valeurs.copy()
        else:
            garder = numpy.asarray(deja != defaut)
            retenues = numpy.where(garder, numpy.asarray(deja), numpy.asarray(valeurs))
            if isinstance(valeurs, EnumArray):
                retenues = EnumArray(retenues, valeurs.possible_values)
        holder._set(sous_periode, retenues)


class Variable(variables.Variable):
    """A variable of the model: an input, without a formula, or a rule, with one.

    Attributes:
        registre: gives more references, read when they are asked for.
    """

    registre: Callable[[], list[str]] | None = None

    def __init__(self, baseline_variable: Any = None) -> None:
        super().__init__(baseline_variable)
        if self.value_type is float:
            self.dtype = numpy.dtype("float64")
        # The formula of all times, which core would look for among dated ones at each call.
        dates = list(self.formulas) if self.end is None else []
        self.formule = self.formulas[_TOUJOURS] if dates == [_TOUJOURS] else None
        self._seule = not self.formulas or (
            self.formule is not None and self.formule.__code__.co_argcount == _DEUX
        )
        if self.formulas:
            self.set_input = _refuser
        elif self.definition_period == DateUnit.YEAR:
            self.set_input = _repartir_par_annee

    @property
    def reference(self) -> list[str] | None:
        """The references written with the variable, then those of `registre`."""
        return [*(self._reference or []), *(self.registre() if self.registre else [])] or None

    @reference.setter
    def reference(self, references: list[str] | None) -> None:
        self._reference = references

    def get_formula(self, period: Any = None) -> Any:
        """Formula for a period; an ETERNITY variable has the same one whatever the period."""
        if self.definition_period == DateUnit.ETERNITY:
            return self.formule or super().get_formula()
        if period is not None:
            periode = period if isinstance(period, Period) else periods.period(period)
            _verifier_annee_civile(self, periode)
        return self.formule or super().get_formula(period)

    def s_applique(self, periode: Any) -> bool:
        """Whether `formule` alone, or the default value without one, is what a period calls for."""
        if not self._seule or not isinstance(periode, Period):
            return False
        unite, debut, nombre = periode
        return (
            bool(unite == self.definition_period)
            and (nombre == 1 or unite == DateUnit.ETERNITY)
            and (unite != DateUnit.YEAR or debut[1:] == (1, 1))
        )
