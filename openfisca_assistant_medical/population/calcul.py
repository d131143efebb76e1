"""Outputs of a population, computed block after block.

A simulation keeps every value that it computes. Cut into blocks, a population of any size takes the
memory of its inputs, its outputs and one block; and a value of the block is let go as soon as no
formula asks for it any more, which one doctor computed first tells.
"""

import ctypes
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, Instant, Period
from openfisca_core.simulations import Simulation

from openfisca_assistant_medical.droit.personnes import Personnes
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.population.colonnes import (
    ColonneRefusee,
    Colonnes,
    Tableau,
    lire_colonnes,
    refuser_du_cabinet,
)

# Doctors computed together: enough to forget the cost of a call, few enough to be near at hand.
TAILLE_DU_BLOC = 100_000
_MOIS_PAR_AN = 12

_GRAND_TABLEAU = 31 * 2**20  # bytes; glibc looks at sizes up to 32 MiB
_PEU = 1_000  # doctors under which it does not pay to learn when values can be let go

# By system and outputs. Wrong counts would change no value, only what stays in memory.
_DEMANDES: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()

Cle: TypeAlias = tuple[str, int | str | None]
Sorties: TypeAlias = dict[Cle, Tableau]
Calculs: TypeAlias = dict[Cle, Period]
Entrees: TypeAlias = dict[tuple[str, int | None], Tableau]


def calculer(
    systeme: Any,
    colonnes: Colonnes,
    sorties: Iterable[str],
    annees: Iterable[int],
    *,
    taille_du_bloc: int = TAILLE_DU_BLOC,
    suivi: Callable[[int, int], object] | None = None,
) -> Sorties:
    """Compute variables for a table of doctors, each alone in a practice.

    Args:
        systeme: the law: a tax-benefit system or a reform of it.
        colonnes: inputs, shapes (n,), by name, or by (name, year) for the yearly ones; what is not
            given has the default of its variable. None is changed.
        sorties: names of the variables to give.
        annees: calendar years in which the contract years start.
        taille_du_bloc: doctors computed together; changes nothing but speed and memory.
        suivi: called after each block with the doctors done and their number.

    Returns:
        Arrays of shape (n,): by (name, None) for permanent variables, (name, year) for yearly
        ones, (name, "2025-03") for those of the twelve months of each year. Enums are `EnumArray`.

    Raises:
        ColonneRefusee: a column or an output that does not fit; the message says which and why.
    """
    if taille_du_bloc < 1:
        raise ValueError(f"taille_du_bloc : reçu {taille_du_bloc} ; attendu : 1 au moins.")
    entrees = lire_colonnes(systeme, colonnes)
    nombre = max(map(len, entrees.values()), default=0)
    calculs = a_calculer(systeme, sorties, sorted(set(annees)))
    demandes = _demandes_par_valeur(systeme, entrees, calculs) if nombre > _PEU else None
    garder_la_memoire()
    resultats: Sorties = {}
    for debut in range(0, nombre, taille_du_bloc) or [0]:
        bloc = slice(debut, min(debut + taille_du_bloc, nombre))
        simulation = simuler_le_bloc(systeme, entrees, bloc)
        if demandes is not None:
            simulation.persons.rendre(demandes)
        for cle, periode in calculs.items():
            _ranger(resultats, cle, simulation.persons(cle[0], periode), bloc, nombre)
        dissoudre(simulation)
        if suivi is not None:
            suivi(bloc.stop, nombre)
    return {cle: en_membres(systeme, cle[0], valeurs) for cle, valeurs in resultats.items()}


def _ranger(resultats: Sorties, cle: Cle, valeurs: Tableau, bloc: slice, nombre: int) -> None:
    """Lay the values of a block in a result; those of a single block are taken as they are."""
    if len(valeurs) == nombre:
        # An input, a shared value or one already given would change with another array.
        seules = valeurs.base is None and all(valeurs is not autre for autre in resultats.values())
        resultats[cle] = valeurs if seules else valeurs.copy()
        return
    if cle not in resultats:
        resultats[cle] = numpy.empty(nombre, valeurs.dtype)
    resultats[cle][bloc] = valeurs


def a_calculer(systeme: Any, sorties: Iterable[str], annees: list[int]) -> Calculs:
    """Keys of the outputs and their periods: what is permanent, then year after year."""
    variables = {}
    for nom in sorties:
        variables[nom] = systeme.variables.get(nom)
        if variables[nom] is None:
            raise ColonneRefusee(
                f"Sortie « {nom} » : ce n’est pas une variable{proche(nom, systeme.variables)}."
            )
        refuser_du_cabinet(variables[nom], f"Sortie « {nom} »")
    calculs: Calculs = {
        (nom, None): Period.eternity()
        for nom, variable in variables.items()
        if variable.definition_period == DateUnit.ETERNITY
    }
    for annee in annees:
        for nom, variable in variables.items():
            if variable.definition_period == DateUnit.YEAR:
                calculs[nom, annee] = Period((DateUnit.YEAR, Instant((annee, 1, 1)), 1))
            elif variable.definition_period == DateUnit.MONTH:
                for mois in range(1, _MOIS_PAR_AN + 1):
                    periode = Period((DateUnit.MONTH, Instant((annee, mois, 1)), 1))
                    calculs[nom, f"{annee:04}-{mois:02}"] = periode
    return calculs


def _demandes_par_valeur(systeme: Any, entrees: Entrees, calculs: Calculs) -> Any:
    """How often each value is asked for, learnt from one doctor; None if nobody can tell."""
    connues = _DEMANDES.setdefault(systeme, {})
    cles = tuple(calculs)
    if cles not in connues:
        medecins = simuler_le_bloc(systeme, entrees, slice(0, 1)).persons
        if not isinstance(medecins, Personnes):
            return None
        demandes = medecins.compter()
        for cle, periode in calculs.items():
            medecins(cle[0], periode)
        connues[cles] = demandes
    return connues[cles]


def garder_la_memoire() -> None:
    """Have the C library keep the memory that is freed, for the arrays that follow.

    glibc gives a large array back to the system at once, and takes new pages for the next one,
    which costs as much as filling it. It stops once it has seen one of that size come and go.
    """
    numpy.empty(_GRAND_TABLEAU, dtype=numpy.uint8)


def rendre_la_memoire() -> None:
    """Have the C library give back to the system what it kept, once such arrays no longer come."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # elsewhere than with glibc
        return


def simuler_le_bloc(systeme: Any, entrees: Entrees, bloc: slice) -> Any:
    """A simulation of the doctors of a block, each alone in a practice.

    Core's builder would go through lists of whole numbers, as long as the arithmetic.
    """
    populations = systeme.instantiate_entities()
    rangs = numpy.arange(bloc.stop - bloc.start)
    for population in populations.values():
        population.count = len(rangs)
        population.ids = rangs
        if not population.entity.is_person:
            population.members_entity_id = rangs
    simulation = Simulation(systeme, populations)
    for (nom, annee), valeurs in entrees.items():
        simulation.set_input(nom, "ETERNITY" if annee is None else annee, valeurs[bloc])
    return simulation


def dissoudre(simulation: Any) -> None:
    """Cut the links by which a simulation holds itself, and its columns, until a collection."""
    for population in simulation.populations.values():
        population._holders.clear()
        population.simulation = None


def en_membres(systeme: Any, nom: str, valeurs: Tableau) -> Tableau:
    """The values of an Enum as an `EnumArray`; others as they are."""
    variable = systeme.variables[nom]
    if variable.value_type is Enum:
        valeurs = EnumArray(valeurs, variable.possible_values)
    return valeurs
