"""The cells of one column, checked as the front door checks a situation, a whole column at once.

A word is read once, however many doctors bear it: a text column goes through the dictionary of its
words.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy
import pyarrow as pa
from pyarrow import types

from openfisca_assistant_medical.population.arrow import en_numpy, scalaire
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table.bornes import (
    Lues,
    Masque,
    admis_par,
    ranger,
    type_de,
    valeur_par_defaut,
)
from openfisca_assistant_medical.population.table.entetes import Champ, est_un_texte
from openfisca_assistant_medical.population.table.mots_lus import (
    DECIMAL,
    ENTIER,
    ORIGINE,
    en_texte,
    lire_des_mots,
    nombres_d_un_texte,
)
from openfisca_assistant_medical.situations.valeurs import LIMITE_DECIMALE, PREMIER_JOUR

_PREMIER, _DERNIER = (jour.toordinal() - ORIGINE for jour in (PREMIER_JOUR, date.max))
_MS = 86_400_000  # of a day


def lire(champ: Champ, cellules: pa.Array) -> Lues:
    """Read the cells of a column, shape (n,), of a type that `refus_du_type` lets through."""
    variable = champ.variable
    defaut = valeur_par_defaut(variable)
    if types.is_null(cellules.type):
        n = len(cellules)
        return Lues(numpy.full(n, defaut, type_de(variable)), None, numpy.ones(n, bool))
    if types.is_dictionary(cellules.type):
        return _lire_un_dictionnaire(champ, cellules, defaut)
    if est_un_texte(cellules.type):
        return _lire_un_dictionnaire(champ, en_texte(cellules).dictionary_encode(), defaut)
    lues = _TYPEES[variable.value_type](variable, cellules, defaut)
    if champ.obligatoire and cellules.null_count:
        lues = replace(lues, absentes=_masque_des_nuls(cellules))
    return lues


def lire_poids(cellules: pa.Array) -> Lues:
    """Weights: finite and above 0; a cell that gives none is refused by the caller."""
    if types.is_dictionary(cellules.type):
        cellules = cellules.dictionary_decode()
    if types.is_null(cellules.type):
        cellules = cellules.cast(pa.float64())
    if est_un_texte(cellules.type) or types.is_decimal(cellules.type):
        valeurs, refusees, absentes = nombres_d_un_texte(en_texte(cellules), DECIMAL)
    else:
        refusees, absentes = None, _masque_des_nuls(cellules)
        valeurs = _remplir(cellules.cast(pa.float64(), safe=False), 1.0)
    admis = (valeurs > 0) & (valeurs <= LIMITE_DECIMALE)
    return ranger(valeurs, admis, refusees, absentes, 1.0, numpy.dtype("float64"))


def _masque_des_nuls(cellules: pa.Array) -> Masque | None:
    if not cellules.null_count:
        return None
    return en_numpy(cellules.is_null())


def _lire_un_dictionnaire(champ: Champ, cellules: pa.DictionaryArray, defaut: Any) -> Lues:
    """Read the words of a dictionary, then give each cell the value of its word."""
    if not est_un_texte(cellules.dictionary.type):
        return lire(champ, cellules.dictionary_decode())
    mots = en_texte(cellules.dictionary)
    valeurs, refusees, vides = lire_des_mots(champ.variable, mots, defaut)
    codes = cellules.indices
    nuls = codes.null_count > 0
    if nuls:  # one more word, which gives nothing
        codes = codes.cast(pa.int64()).fill_null(scalaire(len(mots), pa.int64()))
        valeurs = numpy.append(valeurs, numpy.asarray(defaut, valeurs.dtype))
        refusees, vides = numpy.append(refusees, False), numpy.append(vides, True)
    rangs = en_numpy(codes)
    mauvaises = refusees[rangs] if refusees.any() else None
    if mauvaises is not None and not mauvaises.any():
        mauvaises = None  # a word of the dictionary that nobody bears
    return Lues(valeurs[rangs], mauvaises, vides[rangs] if vides.any() else None)


# --- Typed columns --------------------------------------------------------------------------------


def _remplir(cellules: pa.Array, defaut: Any) -> Tableau:
    """Values, with the default for null; without a copy where none is null."""
    if cellules.null_count:
        cellules = cellules.fill_null(scalaire(defaut, cellules.type))
    return en_numpy(cellules)


def _nombres(variable: Any, cellules: pa.Array, defaut: Any) -> Lues:
    genre = type_de(variable)
    if types.is_decimal(cellules.type):
        motif = ENTIER if variable.value_type is int else DECIMAL
        valeurs, refusees, absentes = nombres_d_un_texte(en_texte(cellules), motif)
        return ranger(valeurs, admis_par(variable, valeurs), refusees, absentes, defaut, genre)
    if types.is_unsigned_integer(cellules.type):  # which has no room for a default of -1
        valeurs, absentes = _remplir(cellules, 0), _masque_des_nuls(cellules)
        admis = admis_par(variable, valeurs)
        valeurs = numpy.where(admis, valeurs, 0).astype("int64")
        return ranger(valeurs, admis, None, absentes, defaut, genre)
    if types.is_integer(cellules.type) and variable.value_type is float:
        defaut = int(defaut)
    valeurs = _remplir(cellules, defaut)
    return ranger(valeurs, admis_par(variable, valeurs), None, None, defaut, genre)


def _jours(variable: Any, cellules: pa.Array, defaut: Any) -> Lues:
    origine = int(numpy.datetime64(defaut, "D").astype("int64"))
    exacts: Masque | bool = True
    if types.is_date64(cellules.type):
        jours, reste = numpy.divmod(_remplir(cellules.cast(pa.int64()), origine * _MS), _MS)
        exacts = reste == 0
    else:
        jours = _remplir(cellules.cast(pa.int32()), origine)
    admis: Masque | bool = True
    if len(jours) and not (jours.min() >= _PREMIER and jours.max() <= _DERNIER):
        admis = (jours >= _PREMIER) & (jours <= _DERNIER)
    if not numpy.all(exacts):
        admis = exacts & admis
    valeurs = jours.astype("int64").view("datetime64[D]")
    return ranger(valeurs, admis, None, None, defaut, valeurs.dtype)


def _booleens(variable: Any, cellules: pa.Array, defaut: Any) -> Lues:
    return Lues(_remplir(cellules, bool(defaut)), None, None)


_TYPEES: dict[Any, Callable[[Any, pa.Array, Any], Lues]] = {
    int: _nombres,
    float: _nombres,
    date: _jours,
    bool: _booleens,
}
