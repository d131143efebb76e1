"""Doctors laid in columns, and computed together: one simulation a batch.

A doctor is a dictionary, as those of `tests/medecins_au_hasard.py`: input name -> value, a missing
name being the default; dates are ``datetime.date``, Enums the names of their members, yearly
inputs ``{year: value}``. Each is alone in a practice.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray
from openfisca_core import periods
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes import objectifs_estimes

Tire: TypeAlias = dict[str, Any]
Tableau: TypeAlias = NDArray[Any]

TOUJOURS = "ETERNITY"
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
LOIS: dict[str, Any] = {
    "base": BASE,
    "convention_2024": CONVENTION,
    "aide_collective_2026": aide_collective_2026(CONVENTION),
    "objectifs_estimes": objectifs_estimes(CONVENTION),
}
DEUX_LOIS = ("convention_2024", "base")
_lue = cache(periods.period)


def colonnes(systeme: Any, medecins: list[Tire]) -> dict[Any, Tableau]:
    """Inputs in columns, shape (n,): by name, by (name, year) for the yearly ones."""
    cles: dict[Any, None] = {}
    for medecin in medecins:
        for nom, valeur in medecin.items():
            annees = valeur if isinstance(valeur, dict) else (None,)
            cles |= dict.fromkeys(nom if an is None else (nom, an) for an in annees)
    return {cle: _colonne(systeme, cle, medecins) for cle in cles}


def _colonne(systeme: Any, cle: Any, medecins: list[Tire]) -> Any:
    nom, annee = (cle, None) if isinstance(cle, str) else cle
    variable = systeme.variables[nom]
    defaut = variable.default_value
    valeurs = [m.get(nom, defaut) if annee is None else m.get(nom, {}) for m in medecins]
    if annee is not None:
        valeurs = [datees.get(annee, defaut) for datees in valeurs]
    possibles = getattr(variable, "possible_values", None)
    if possibles is not None:
        noms = [membre.name for membre in possibles]
        codes = [noms.index(v if isinstance(v, str) else v.name) for v in valeurs]
        return numpy.array(codes, dtype=numpy.int16)
    if variable.value_type is date:
        return numpy.array(valeurs, dtype="datetime64[D]")
    return numpy.array(valeurs, dtype=variable.dtype)


def construire(systeme: Any, entrees: dict[Any, Tableau]) -> Simulation:
    """A simulation of doctors given in columns, each alone in a practice."""
    nombre = len(next(iter(entrees.values())))
    simulation = SimulationBuilder().build_default_simulation(systeme, nombre)
    for cle, colonne in entrees.items():
        nom, periode = (cle, TOUJOURS) if isinstance(cle, str) else cle
        possibles = getattr(systeme.variables[nom], "possible_values", None)
        valeurs = colonne if possibles is None else EnumArray(colonne, possibles)
        simulation.set_input(nom, _lue(str(periode)), valeurs)
    return simulation


class Resultats:
    """Results of a batch: `resultats("aide_due", 2026)`, shape (n,), Enums by name."""

    def __init__(self, loi: str, medecins: list[Tire] | dict[Any, Tableau]) -> None:
        """A law by name; doctors, or their columns."""
        systeme = LOIS[loi]
        entrees = medecins if isinstance(medecins, dict) else colonnes(systeme, medecins)
        self.simulation = construire(systeme, entrees)

    def __call__(self, variable: str, periode: int | str = TOUJOURS) -> Tableau:
        valeurs = self.simulation.calculate(variable, _lue(str(periode)))
        if isinstance(valeurs, EnumArray):
            valeurs = valeurs.decode_to_str()
        return numpy.asarray(valeurs)

    def somme(self, variable: str, annees: Iterable[int]) -> Tableau:
        """Sum over calendar years, shape (n,)."""
        return numpy.asarray(sum(self(variable, an) for an in annees))


def avec(medecin: Tire, **changes: Any) -> Tire:
    """The same doctor but for these inputs; a yearly one is replaced as a whole."""
    return {**medecin, **changes}


def sans(medecin: Tire, nom: str) -> Tire:
    """The same doctor but for one input that is not given."""
    return {autre: valeur for autre, valeur in medecin.items() if autre != nom}


def balayer(loi: str, medecin: Tire, valeurs: dict[Any, Tableau]) -> Resultats:
    """One doctor, again and again but for columns of inputs, shape (n,): name or (name, year)."""
    nombre = len(next(iter(valeurs.values())))
    seul = colonnes(LOIS[loi], [medecin])
    return Resultats(loi, {cle: numpy.repeat(un, nombre) for cle, un in seul.items()} | valeurs)


def fautifs(medecins: list[Tire], tient: Any) -> list[Tire]:
    """The doctors of whom a property does not hold, the first three: what an assertion shows."""
    assert len(tient) == len(medecins)
    return [medecins[rang] for rang in numpy.flatnonzero(~numpy.asarray(tient))[:3]]
