"""What a variable accepts, as a whole column is held against it.

Types and bounds are those of `situations.valeurs`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.situations.valeurs import bornes

Masque = NDArray[numpy.bool_]


@dataclass(frozen=True)
class Lues:
    """Values of a column, shape (n,).

    Attributes:
        valeurs: in the type of the variable (codes for an Enum); its default where a cell gives
            none or is refused.
        refusees: cells that are not a value of the variable; None if there is none.
        absentes: cells that give nothing; None if there is none, or if nobody minds.
    """

    valeurs: Tableau
    refusees: Masque | None
    absentes: Masque | None


def valeur_par_defaut(variable: Any) -> Any:
    """Default of a variable, as a column holds it."""
    if variable.value_type is Enum:
        return variable.default_value.index
    if variable.value_type is date:
        return numpy.datetime64(variable.default_value, "D")
    return variable.default_value


def type_de(variable: Any) -> Any:
    """Type of the values of a variable in a column."""
    if variable.value_type is Enum:
        return variable.possible_values.indices.dtype
    return numpy.dtype("datetime64[D]") if variable.value_type is date else variable.dtype


def admis_par(variable: Any, valeurs: Tableau) -> Masque | bool:
    """Which values are in the bounds of their variable; True when all are, told at a glance."""
    bas, haut, nul = bornes(variable)
    if not len(valeurs) or (bas <= valeurs.min() and valeurs.max() <= haut):
        return True
    admis: Masque = (valeurs >= bas) & (valeurs <= haut) | (valeurs == nul)
    return admis


def ranger(
    valeurs: Tableau,
    admis: Masque | bool,
    refusees: Masque | None,
    absentes: Masque | None,
    defaut: Any,
    genre: Any,
) -> Lues:
    """The values in their type, with the default where a cell gives none or is refused."""
    autres = ~admis if isinstance(admis, numpy.ndarray) else None
    if autres is not None and absentes is not None:
        autres &= ~absentes
    refusees = _ou(refusees, autres)
    if refusees is not None and not refusees.any():
        refusees = None
    remplacees = _ou(refusees, absentes)
    if remplacees is not None:
        valeurs = numpy.where(remplacees, numpy.asarray(defaut, valeurs.dtype), valeurs)
    return Lues(valeurs.astype(genre, copy=False), refusees, absentes)


def _ou(un: Masque | None, autre: Masque | None) -> Masque | None:
    if un is None or autre is None:
        return autre if un is None else un
    return un | autre
