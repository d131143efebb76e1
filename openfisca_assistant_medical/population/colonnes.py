"""Columns of inputs, one value a doctor: what a variable takes, as it takes it.

openfisca-core converts in silence (1.9 patients become 1, an unknown code is dropped); here a
column fits its variable, or is refused with its place and the remedy.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import numpy
from numpy.typing import ArrayLike, NDArray
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations.erreurs import montrer

# By name for what is permanent, by (name, year) for what is yearly.
Colonnes: TypeAlias = Mapping[str | tuple[str, int], ArrayLike]
Tableau: TypeAlias = NDArray[Any]

_ENTIERS = numpy.iinfo(numpy.int32)


class ColonneRefusee(ValueError):
    """A column that no variable takes as it is; the message names column, row and remedy."""


def lire_colonnes(systeme: Any, colonnes: Colonnes) -> dict[tuple[str, int | None], Tableau]:
    """The columns by variable and year, in the type of their variable; no copy where it fits.

    Args:
        systeme: tax-benefit system whose variables they are.
        colonnes: inputs, shapes (n,): days `datetime64`, Enums by name, by code or `EnumArray`.

    Raises:
        ColonneRefusee: see the message.
    """
    lues = {}
    for donnee, valeurs in colonnes.items():
        nom, annee = (donnee, None) if isinstance(donnee, str) else donnee
        variable = systeme.variables.get(nom)
        if variable is None:
            raise ColonneRefusee(
                f"Colonne « {nom} » : ce n’est pas une variable{proche(nom, systeme.variables)}."
            )
        refuser_du_cabinet(variable, f"Colonne « {nom} »")
        if variable.formulas:
            raise ColonneRefusee(
                f"Colonne « {nom} » : elle est calculée. Remède : donner les informations dont "
                "elle dépend, ou la demander parmi les sorties."
            )
        if (annee is None) != (variable.definition_period == DateUnit.ETERNITY):
            remede = f"« {nom} » seul" if annee is not None else f"(« {nom} », année)"
            raise ColonneRefusee(
                f"Colonne « {nom} » : la donner sous la clé {remede}, car elle "
                f"{'ne change pas' if annee is not None else 'change'} d’une année à l’autre."
            )
        lues[nom, annee] = _lire(variable, numpy.asanyarray(valeurs), _titre(nom, annee))
    tailles = {len(colonne): cle for cle, colonne in lues.items()}
    if len(tailles) > 1:
        (une, cle), (autre, cle_autre) = list(tailles.items())[:2]
        raise ColonneRefusee(
            f"{_titre(*cle)} : {une} lignes, mais {autre} pour {_titre(*cle_autre)}. Remède : "
            "donner une valeur par médecin dans chaque colonne."
        )
    return lues


def refuser_du_cabinet(variable: Any, titre: str) -> None:
    """Refuse what is of a practice: a table has one doctor a row, each alone in theirs.

    Raises:
        ColonneRefusee: the variable is not of a doctor.
    """
    if not variable.entity.is_person:
        raise ColonneRefusee(
            f"{titre} : elle est celle d’un cabinet, et un tableau met chaque médecin seul dans le "
            "sien. Remède : décrire le cabinet dans une situation (assistant-medical calculer)."
        )


def _titre(nom: str, annee: int | None) -> str:
    return f"Colonne « {nom} »" + (f" de {annee}" if annee is not None else "")


def _lire(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    if valeurs.ndim != 1:
        raise ColonneRefusee(f"{titre} : attendu : une valeur par médecin, en une dimension.")
    lecture = {bool: _booleens, int: _entiers, float: _nombres, date: _jours, Enum: _membres}
    return lecture[variable.value_type](variable, valeurs, titre)


def _verifier(admises: Tableau | bool, valeurs: Tableau, titre: str, attendu: str) -> None:
    """Refuse the first row that does not fit."""
    if numpy.all(admises):
        return
    rang = int(numpy.argmin(numpy.broadcast_to(admises, valeurs.shape)))
    recu = valeurs[rang] if len(valeurs) else valeurs.dtype
    recu = recu if isinstance(recu, str) else str(recu)
    raise ColonneRefusee(f"{titre}, indice {rang} : reçu {montrer(recu)} ; attendu : {attendu}.")


def _booleens(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    _verifier(valeurs.dtype.kind == "b", valeurs, titre, "vrai ou faux (booléen)")
    return valeurs


def _entiers(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    attendu = "un nombre entier"
    _verifier(valeurs.dtype.kind in "iu", valeurs, titre, attendu)
    if valeurs.dtype != variable.dtype:
        admis = (valeurs >= _ENTIERS.min) & (valeurs <= _ENTIERS.max)
        _verifier(admis, valeurs, titre, f"{attendu} entre {_ENTIERS.min} et {_ENTIERS.max}")
    return valeurs.astype(variable.dtype, copy=False)


def _nombres(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    attendu = "un nombre fini"
    _verifier(valeurs.dtype.kind in "iuf", valeurs, titre, attendu)
    _verifier(numpy.isfinite(valeurs), valeurs, titre, attendu)
    return valeurs.astype(variable.dtype, copy=False)


def _jours(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    attendu = "un jour (datetime64) ; « pas de date » se dit 9999-12-31"
    _verifier(valeurs.dtype.kind == "M", valeurs, titre, attendu)
    valeurs = valeurs.astype(variable.dtype, copy=False)
    if len(valeurs) and numpy.isnat(valeurs.min()):  # NaT wins
        _verifier(~numpy.isnat(valeurs), valeurs, titre, attendu)
    return valeurs


def _membres(variable: Any, valeurs: Tableau, titre: str) -> Tableau:
    possibles = variable.possible_values
    noms = [membre.name for membre in possibles]
    attendu = f"l’un de {', '.join(noms)}"
    if isinstance(valeurs, EnumArray):
        _verifier(valeurs.possible_values is possibles, valeurs, titre, attendu)
        valeurs = valeurs.view(numpy.ndarray)
    if valeurs.dtype.kind in "iu":
        if len(valeurs) and not 0 <= valeurs.min() <= valeurs.max() < len(noms):
            admis = (valeurs >= 0) & (valeurs < len(noms))
            _verifier(admis, valeurs, titre, f"un code de 0 à {len(noms) - 1}")
        codes = valeurs
    else:
        _verifier(valeurs.dtype.kind in "UO", valeurs, titre, attendu)
        codes = numpy.full(len(valeurs), -1)
        for code, nom in enumerate(noms):
            codes[valeurs == nom] = code
        _verifier(codes >= 0, valeurs, titre, attendu)
    membres: Tableau = EnumArray(codes.astype(possibles.indices.dtype, copy=False), possibles)
    return membres
