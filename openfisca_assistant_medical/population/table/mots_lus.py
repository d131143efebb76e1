"""The words of a text column, each read once, as strictly as the front door reads a value."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from openfisca_assistant_medical.population.arrow import en_numpy, scalaire, textes
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table.bornes import Masque, admis_par, ranger, type_de
from openfisca_assistant_medical.situations.valeurs import LECTEURS, Refus

ENTIER = r"^-?[0-9]{1,18}$"
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$"
_BOOLEENS = {"true": True, "vrai": True, "false": False, "faux": False}
_VRAI, _FAUX = (scalaire(vrai, pa.bool_()) for vrai in (True, False))
ORIGINE = date(1970, 1, 1).toordinal()
Mots = tuple[Tableau, Masque, Masque]  # values, refused, giving nothing: shapes (words,)


def lire_des_mots(variable: Any, mots: pa.Array, defaut: Any) -> Mots:
    """The value of each word, with the default for those that give none or are refused."""
    if variable.value_type is int:
        return _mots_nombres(variable, mots, defaut, ENTIER)
    if variable.value_type is float:
        return _mots_nombres(variable, mots, defaut, DECIMAL)
    return _mots(variable, mots, defaut)


def en_texte(cellules: pa.Array) -> pa.Array:
    """The same cells as plain text."""
    if types.is_string(cellules.type):
        return cellules
    try:
        return cellules.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # views, for older versions of Arrow
        return textes([None if c is None else str(c) for c in cellules.to_pylist()])


def _mots(variable: Any, mots: pa.Array, defaut: Any) -> Mots:
    """Words whose values are few or quickly told: members, booleans, days."""
    lecteur = _lecteur_de_mots(variable)
    ecrits = mots.to_pylist()
    lus = [lecteur(texte) if texte else None for texte in ecrits]
    vides = numpy.fromiter((not texte for texte in ecrits), bool, len(ecrits))
    refusees = numpy.fromiter((lu is None for lu in lus), bool, len(lus)) & ~vides
    if variable.value_type is date:
        defaut = int(numpy.datetime64(defaut, "D").astype("int64"))
        jours = numpy.array([defaut if lu is None else lu for lu in lus], "int64")
        return jours.view("datetime64[D]"), refusees, vides
    valeurs = numpy.array([defaut if lu is None else lu for lu in lus], type_de(variable))
    return valeurs, refusees, vides


def _lecteur_de_mots(variable: Any) -> Callable[[str], Any]:
    if variable.value_type is date:
        return _jour
    if variable.value_type is bool:
        return lambda texte: _BOOLEENS.get(texte.lower())
    return {membre.name: membre.index for membre in variable.possible_values}.get


@lru_cache(maxsize=200_000)
def _jour(texte: str) -> int | None:
    """Days from 1970-01-01 to a day as the front door reads it; None for what it refuses."""
    try:
        return date.fromisoformat(LECTEURS[date](None, texte)).toordinal() - ORIGINE
    except Refus:
        return None


def _mots_nombres(variable: Any, mots: pa.Array, defaut: Any, motif: str) -> Mots:
    valeurs, refusees, absentes = nombres_d_un_texte(mots, motif)
    lues = ranger(
        valeurs, admis_par(variable, valeurs), refusees, absentes, defaut, type_de(variable)
    )
    vides = numpy.zeros(len(mots), bool) if absentes is None else absentes
    refusees = numpy.zeros(len(mots), bool) if lues.refusees is None else lues.refusees
    return lues.valeurs, refusees, vides


def nombres_d_un_texte(ecrits: pa.Array, motif: str) -> tuple[Tableau, Masque, Masque | None]:
    """Numbers of texts written as `motif`: values, those that are not, those that say nothing."""
    vides = pc.fill_null(pc.equal(ecrits, scalaire("", ecrits.type)), _VRAI)
    bien_ecrits = pc.fill_null(pc.match_substring_regex(ecrits, motif), _FAUX)
    refusees = en_numpy(pc.and_(pc.invert(vides), pc.invert(bien_ecrits)))
    genre = pa.int64() if motif == ENTIER else pa.float64()
    valeurs = pc.if_else(bien_ecrits, ecrits, scalaire("0", ecrits.type)).cast(genre)
    absentes = en_numpy(vides)
    return en_numpy(valeurs), refusees, absentes if absentes.any() else None
