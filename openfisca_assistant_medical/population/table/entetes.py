"""The columns of a table: which variable each one gives, and whether its type can give it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from pyarrow import types

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne, TableRefusee
from openfisca_assistant_medical.situations.valeurs import DERNIERE_ANNEE, PREMIER_JOUR
from openfisca_assistant_medical.situations.verification import OBLIGATOIRES

POIDS, IDENTIFIANT = "poids", "identifiant"
_ANNUELLE = re.compile(r"(.+)_([0-9]{4})")


@dataclass(frozen=True)
class Champ:
    """A column of the table that gives a variable.

    Attributes:
        colonne: its name in the table.
        cle: as `calculer` takes it.
        variable: the variable; its default is that of a cell which is not given.
        obligatoire: a cell that is not given is refused.
    """

    colonne: str
    cle: str | tuple[str, int]
    variable: Any
    obligatoire: bool


@dataclass(frozen=True)
class Entete:
    """What the columns of a table give."""

    champs: tuple[Champ, ...]
    poids: bool
    identifiant: bool


def lire_entete(schema: pa.Schema, systeme: Any, ligne: int) -> tuple[Entete, list[ErreurDeLigne]]:
    """The columns that can be read, and what is refused of the others.

    Args:
        schema: names and types of the columns.
        systeme: the law whose variables they give.
        ligne: line of the header, as a refusal tells it.
    """
    champs: list[Champ] = []
    erreurs: list[ErreurDeLigne] = []
    for nom, genre in zip(schema.names, schema.types, strict=True):
        champ = None if nom in (POIDS, IDENTIFIANT) else trouver(nom, systeme)
        raison = champ if isinstance(champ, str) else refus_du_type(champ, nom, genre)
        if raison:
            recu = "" if isinstance(champ, str) else f"des valeurs de type {genre}"
            erreurs.append(ErreurDeLigne(ligne, nom, recu, raison))
        elif isinstance(champ, Champ):
            champs.append(champ)
    for nom in OBLIGATOIRES:
        if nom not in schema.names:
            raison = (
                "colonne obligatoire, absente de la table. Remède : l’ajouter, avec une valeur par "
                "médecin ; dans un CSV, la première ligne donne les noms des colonnes, séparés par "
                "« , », « ; » ou une tabulation."
            )
            erreurs.append(ErreurDeLigne(ligne, nom, "", raison))
    entete = Entete(tuple(champs), POIDS in schema.names, IDENTIFIANT in schema.names)
    return entete, erreurs


def refus_des_noms(noms: Sequence[str], ligne: int) -> Iterator[ErreurDeLigne]:
    """Names that are empty or given twice, which no law can tell apart."""
    for nom, fois in Counter(noms).items():
        if not nom:
            lieu = ", ".join(str(place) for place, n in enumerate(noms, 1) if not n)
            raison = (
                f"colonne(s) sans nom, à la place {lieu}. Remède : la nommer ou la retirer ; avec "
                "pandas, écrire la table sans son index (index=False)."
            )
            yield ErreurDeLigne(ligne, "", "", raison)
        elif fois > 1:
            raison = f"nom donné à {fois} colonnes. Remède : n’en garder qu’une de ce nom."
            yield ErreurDeLigne(ligne, nom, "", raison)


def gardees(noms: Sequence[str], ignorees: Iterable[str], titre: str) -> list[str]:
    """Names of the columns that are not left out.

    Raises:
        TableRefusee: none is left.
    """
    ecartees = set(ignorees)
    gardees = [nom for nom in noms if nom not in ecartees]
    if not gardees and ecartees:
        raise TableRefusee(
            f"{titre} : toutes les colonnes sont à ignorer. Remède : garder au moins "
            f"{', '.join(OBLIGATOIRES)}."
        )
    return gardees


def trouver(nom: str, systeme: Any) -> Champ | str:
    """The variable that a column gives, or why it gives none."""
    variable, annee = systeme.variables.get(nom), None
    decoupe = _ANNUELLE.fullmatch(nom)
    if variable is None and decoupe:
        variable, annee = systeme.variables.get(decoupe[1]), int(decoupe[2])
    ignorer = f"--ignorer {nom}"
    if variable is None:
        permis = [*noms_admis(systeme), POIDS, IDENTIFIANT]
        voisin = proche(decoupe[1] if decoupe else nom, permis)
        return f"colonne inconnue{voisin}. Remède : la renommer, ou la laisser de côté ({ignorer})."
    if variable.formulas:
        return (
            f"« {variable.label} » se calcule : on ne la donne pas. Remède : {ignorer}, et donner "
            "les informations dont elle dépend."
        )
    if not variable.entity.is_person:
        return (
            f"information d’un cabinet, et chaque médecin d’une table est seul dans le sien. "
            f"Remède : {ignorer}, et décrire le cabinet dans une situation (assistant-medical "
            "calculer)."
        )
    return _periode(nom, variable, annee)


def noms_admis(systeme: Any) -> list[str]:
    """Names of the inputs of a doctor."""
    return [nom for nom, v in systeme.variables.items() if not v.formulas and v.entity.is_person]


def _periode(nom: str, variable: Any, annee: int | None) -> Champ | str:
    obligatoire = variable.name in OBLIGATOIRES
    if variable.definition_period == DateUnit.ETERNITY:
        if annee is None:
            return Champ(nom, variable.name, variable, obligatoire)
        return (
            "cette information vaut pour tout le contrat, sans année. Remède : nommer la colonne "
            f"« {variable.name} »."
        )
    if variable.definition_period != DateUnit.YEAR:
        return f"une table ne donne rien par mois. Remède : --ignorer {nom}."
    if annee is None:
        return (
            "cette information change d’une année à l’autre. Remède : une colonne par année, "
            f"comme « {variable.name}_2026 »."
        )
    if not PREMIER_JOUR.year <= annee <= DERNIERE_ANNEE:
        return f"attendu : une année de {PREMIER_JOUR.year} à {DERNIERE_ANNEE}."
    return Champ(nom, (variable.name, annee), variable, obligatoire)


def est_un_texte(genre: pa.DataType) -> bool:
    """Whether a type is of words."""
    vue = getattr(types, "is_string_view", lambda _: False)
    return bool(types.is_string(genre) or types.is_large_string(genre) or vue(genre))


def _simple(genre: pa.DataType) -> pa.DataType:
    return genre.value_type if types.is_dictionary(genre) else genre


def refus_du_type(champ: Champ | None, nom: str, genre: pa.DataType) -> str:
    """Why no value of that type can be one of the column; empty where it can.

    Args:
        champ: what the column gives; None for the weight and the identifier.
        nom: the column.
        genre: its Arrow type.
    """
    genre = _simple(genre)
    if types.is_null(genre) or est_un_texte(genre):
        return ""
    if champ is None:
        return _refus_du_poids(genre) if nom == POIDS else _refus_de_l_identifiant(genre)
    return _REFUS[champ.variable.value_type](nom, genre)


def _refus_du_poids(genre: pa.DataType) -> str:
    admis = types.is_integer(genre) or types.is_floating(genre) or types.is_decimal(genre)
    return "" if admis else "attendu : des nombres strictement positifs."


def _refus_de_l_identifiant(genre: pa.DataType) -> str:
    admis = types.is_integer(genre) or types.is_boolean(genre) or types.is_date(genre)
    return "" if admis else "attendu : du texte ou des nombres entiers."


def _refus_d_un_entier(nom: str, genre: pa.DataType) -> str:
    if types.is_integer(genre) or (types.is_decimal(genre) and genre.scale == 0):
        return ""
    return (
        "attendu : des nombres entiers (type int32). Remède : convertir la colonne, par exemple "
        f'CAST({nom} AS INTEGER) en SQL, .astype("Int32") avec pandas, .cast(pl.Int32) avec '
        "Polars ; une valeur inconnue s’y écrit null, pas NaN."
    )


def _refus_d_un_nombre(nom: str, genre: pa.DataType) -> str:
    if types.is_float64(genre) or types.is_integer(genre) or types.is_decimal(genre):
        return ""
    court = types.is_floating(genre)  # 0.95 in 32 bits is not 0.95: it would miss its threshold
    perte = " : en 32 bits, 0,95 n’est plus exactement 0,95" if court else ""
    return (
        f"attendu : des nombres en double précision (float64){perte}. Remède : partir des données "
        f"d’origine et écrire la colonne en float64, ou CAST(CAST({nom} AS VARCHAR) AS DOUBLE)."
    )


def _refus_d_un_jour(nom: str, genre: pa.DataType) -> str:
    if types.is_date(genre):
        return ""
    heure = ", sans heure" if types.is_timestamp(genre) else ""
    return (
        f"attendu : des jours{heure} (type date32). Remède : CAST({nom} AS DATE) en SQL, .dt.date "
        "avec pandas, .dt.date() avec Polars."
    )


def _refus_d_un_booleen(nom: str, genre: pa.DataType) -> str:
    if types.is_boolean(genre):
        return ""
    return f"attendu : des booléens (vrai ou faux). Remède : CAST({nom} AS BOOLEAN) en SQL."


def _refus_d_un_mot(nom: str, genre: pa.DataType) -> str:
    return (
        "attendu : des mots (texte, ou dictionnaire de textes), car un code ne dit pas duquel il "
        "s’agit. Remède : écrire le nom de chaque modalité."
    )


_REFUS: dict[Any, Callable[[str, pa.DataType], str]] = {
    int: _refus_d_un_entier,
    float: _refus_d_un_nombre,
    date: _refus_d_un_jour,
    bool: _refus_d_un_booleen,
    Enum: _refus_d_un_mot,
}
