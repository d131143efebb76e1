"""What a formula asks from one entity to the other: a practice and its doctors.

- `cabinets.sum(…)`, `cabinets.all(…)` and `cabinets.any(…)` are worked out member by member: their
  argument is read once for each doctor of the practice, and what comes out is a chain of « + », of
  « et » or of « ou », which anyone can work out again. Nothing is kept of the vectors.
- `cabinets.members("x", period)` is then the value of that doctor; the object of the tree says
  whose it is, in its field `membre`. Outside such an aggregate, it has no single value and is not
  read; given a name in the formula, it is read again wherever the name stands.
- `medecins.cabinet("x", period)` is the value of the practice of the doctor.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy
from numpy.typing import NDArray

MEMBRES, CABINET = "members", "cabinet"
# What an input says at its default, where « non connue » or a day of 1970 would mislead.
SANS = {
    "aide_collective_etp_avenant": "sans avenant",
    "aide_collective_fin_precedente": "aucune",
}


@dataclass(frozen=True, slots=True)
class Differee:
    """What a formula gives a name to, and that has a value for one member only."""

    noeud: ast.expr


# By name of the aggregate: the operator of its chain, what it is without a member, and its value.
Chaine = tuple[str, Any, Callable[[Any, Any], Any]]
AGREGATS: dict[str, Chaine] = {
    # Truths are counted, as NumPy's `bincount` does.
    "sum": ("+", 0.0, lambda a, b: numpy.add(a, b, dtype=float)),
    "all": ("et", True, numpy.logical_and),
    "any": ("ou", False, numpy.logical_or),
}


def enchainer(
    nom: str, termes: Sequence[Any], operation: Callable[[str, Any, Any], Any], vide: Any
) -> Any:
    """The chain of an aggregate.

    Args:
        nom: name of the aggregate.
        termes: one expression a member.
        operation: makes an expression of an operator, a value and two arguments.
        vide: makes an expression of a constant.
    """
    operateur, neutre, calculer = AGREGATS[nom]
    if not termes:
        return vide(neutre)

    def ajouter(gauche: Any, droite: Any) -> Any:
        return operation(operateur, calculer(gauche.valeur, droite.valeur), (gauche, droite))

    return reduce(ajouter, termes)


def au_defaut(variable: Any, valeur: Any) -> str | None:
    """What an input says when it is not given, in words of its own; None = it has none."""
    return SANS.get(variable.name) if str(valeur) == str(variable.default_value) else None


def lignes_des_membres(groupe: Any, cabinet: int) -> NDArray[numpy.integer]:
    """Rows of the doctors of a practice, in their order."""
    return numpy.flatnonzero(groupe.members_entity_id == cabinet)


def groupe_de(populations: dict[str, Any]) -> Any:
    """The practices of a simulation."""
    (groupe,) = (p for p in populations.values() if not p.entity.is_person)
    return groupe
