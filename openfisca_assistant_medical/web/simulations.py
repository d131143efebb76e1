"""From situations that were read to their results, in one simulation.

Core's builder looks up each name in a list and keeps periods as text, and its answer is made value
after value: both grow as the square of the doctors. Here the holders are set from columns, each
result is computed once for all the doctors who ask for it, and handed out by rank.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy
from openfisca_core.simulations import Simulation

from openfisca_assistant_medical.web.lecture import Colonne, SituationLue

_Morceaux = list[tuple[int, Colonne]]


def simuler(systeme: Any, lues: Sequence[SituationLue]) -> Any:
    """A simulation of all the doctors of some situations, one situation after the other.

    Args:
        systeme: the law.
        lues: under that law; none is changed.
    """
    populations = systeme.instantiate_entities()
    for population in populations.values():
        population.ids = [nom for lue in lues for nom in lue.noms[population.entity.plural]]
        population.count = len(population.ids)
        if not population.entity.is_person:
            population.members_entity_id = _lieux(lues, population.entity.plural)
    simulation = Simulation(systeme, populations)
    for population in populations.values():
        for morceaux in _ensemble(lues, population.entity.plural).values():
            donnes = [morceau for morceau in morceaux if morceau[1].rangs]
            if donnes:
                colonne = donnes[0][1]
                holder = population.get_holder(colonne.variable.name)
                holder.set_input(colonne.periode, colonne.tableau(population.count, donnes))
    return simulation


def _lieux(lues: Sequence[SituationLue], groupe: str) -> Any:
    """Rank of the practice of each doctor."""
    lieux: list[int] = []
    debut = 0
    for lue in lues:
        lieux += [debut + lieu for lieu in lue.lieux]
        debut += len(lue.noms[groupe])
    return numpy.array(lieux, dtype=numpy.int64)


def _ensemble(lues: Sequence[SituationLue], entite: str) -> dict[tuple[str, str], _Morceaux]:
    """The columns of an entity by variable and period, each with the rank where it starts."""
    ensemble: dict[tuple[str, str], _Morceaux] = {}
    debut = 0
    for lue in lues:
        for colonne in lue.colonnes[entite]:
            cle = colonne.variable.name, colonne.cle
            ensemble.setdefault(cle, []).append((debut, colonne))
        debut += len(lue.noms[entite])
    return ensemble


def demandes(lues: Sequence[SituationLue], entite: str) -> Iterator[_Morceaux]:
    """The columns of an entity that someone asks for, those of one result together."""
    for morceaux in _ensemble(lues, entite).values():
        siennes = [morceau for morceau in morceaux if morceau[1].demandes]
        if siennes:
            yield siennes


def remplir(systeme: Any, lues: Sequence[SituationLue]) -> Any:
    """Fill the results asked into each situation; gives the simulation.

    Args:
        systeme: the law.
        lues: under that law.
    """
    simulation = simuler(systeme, lues)
    for population in simulation.populations.values():
        for morceaux in demandes(lues, population.entity.plural):
            _, premiere = morceaux[0]
            tableau = population(premiere.variable.name, premiere.periode)
            valeurs = en_clair(tableau)
            for debut, colonne in morceaux:
                for rang, objet in colonne.demandes:
                    objet[colonne.cle] = valeurs[debut + rang]
    return simulation


def en_clair(tableau: Any) -> list[Any]:
    """Values as JSON has them: names of members, ISO dates, null for what is not a number."""
    if hasattr(tableau, "decode_to_str"):
        noms: list[Any] = tableau.decode_to_str().tolist()
        return noms
    if tableau.dtype.kind == "M":
        jours = tableau.astype("datetime64[D]").astype(str).tolist()
        return [None if jour == "NaT" else jour for jour in jours]
    valeurs: list[Any] = tableau.tolist()
    if tableau.dtype.kind == "f" and not numpy.isfinite(tableau).all():
        return [valeur if numpy.isfinite(valeur) else None for valeur in valeurs]
    return valeurs
