"""What may be handed over: no published cell rests on fewer than a threshold of contracts.

A cell that is blanked beside its total can be had by subtraction. So modalities are merged, never
blanked, and a dimension has the same groups in all the tables that are published together. What is
published is then a function of the merged table alone: any contract of a group could have another
modality of that group, and the tables would be the same. No subtraction, between rows, columns or
tables, tells the modalities of a group apart.

This is a rule of frequency: it does not look at whether one contract makes most of a sum, nor at
other tables of the same contracts that were handed over another time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, TypeAlias

import pyarrow as pa

SEUIL = 11
AUTRES = "autres (regroupées)"
# A row of totals beside its parts: merged with none of them.
TOTAL = "ensemble"
# Contracts behind the amounts of a row; a table has one column of them at least.
COMPTES = ("lignes", "payes", "varient")
# Contracts of all the certainties of a year together, known apart: what they come to once merged.
REUNIS, _REUNIE = "reunis", "certitude"
# Laws are not modalities of contracts. Years and months are merged when nothing else is left.
_JAMAIS = ("loi", "reference")
_TEMPS = ("annee", "mois")
# A contract may be behind several modalities of these: they are counted as if it always were. It is
# in one certainty a year, but may be paid in several, and go from one to another under another law.
_REPETEES = {
    "lignes": (*_TEMPS, "rang"),
    "payes": (*_TEMPS, "rang", "certitude"),
    "varient": (*_TEMPS, "rang", "certitude", "option_etp"),
}
# What is not a sum; see `Resultat.regrouper` to have it of groups.
_NON_ADDITIVES = ("gain_moyen", "gain_median")

Index: TypeAlias = str | Sequence[str] | Mapping[str, str]
Groupes: TypeAlias = dict[str, dict[str, str]]
# Modalities; for each count, those of the dimensions that it repeats; counts; `REUNIS`, or 0.
_Ligne: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...], int]


class SecretImpossible(ValueError):
    """Too few contracts for anything to be handed over; the message says how many it takes."""


def groupes(
    tables: Mapping[str, pa.Table], index: Mapping[str, Index], seuil: int = SEUIL
) -> Groupes:
    """The new name of each modality to merge, by dimension, for each cell to have enough contracts.

    Args:
        tables: long tables of one population to publish together, by name, with `lignes`.
        index: by table, the columns that tell its rows apart, with the dimension of each where it
            has another name: {"modalite": "zone", "groupe": "groupe"}.
        seuil: contracts that a cell that is not empty must have.

    Raises:
        SecretImpossible: all merged, there are still too few contracts.
        ValueError: a table without `lignes`, or a threshold under 1.
    """
    if seuil < 1:
        raise ValueError(f"seuil : reçu {seuil} ; attendu : 1 contrat au moins.")
    lues = [_Cases.lire(table, _colonnes(index[nom]), nom) for nom, table in tables.items()]
    tailles: dict[str, dict[str, int]] = {}
    for cases in lues:
        cases.tailles(tailles)
    autres: dict[str, set[str]] = {dimension: set() for dimension in tailles}
    # A modality that is too small by itself first: no merger of other dimensions would help.
    for etape in ([marge for cases in lues for marge in cases.marges()], lues):
        while trop_petite := _plus_petite(etape, autres, seuil):
            _fusionner_une(*trop_petite, tailles, autres, seuil)
    return {
        dimension: dict.fromkeys(sorted(fondues), AUTRES)
        for dimension, fondues in autres.items()
        if fondues
    }


class _Cases:
    """The cells of a table: their modalities as text, their years and months, their counts."""

    def __init__(self, dimensions: tuple[str, ...], lignes: list[_Ligne]) -> None:
        self.dimensions, self._lignes = dimensions, lignes

    @classmethod
    def lire(cls, table: pa.Table, colonnes: Mapping[str, str], nom: str) -> "_Cases":
        """The cells of a table, by the dimension of its columns."""
        comptes = [colonne for colonne in COMPTES if colonne in table.column_names]
        if "lignes" not in comptes:
            raise ValueError(
                f"Table « {nom} » : il manque la colonne « lignes », qui dit sur combien de "
                "contrats reposent ses cases. Remède : donner une table longue, sans columns."
            )
        reunis = [nom for nom in (REUNIS,) if nom in table.column_names]
        lues = table.select([*colonnes, *comptes, *reunis]).to_pylist()
        repetees = [[c for c, d in colonnes.items() if d in _REPETEES[n]] for n in comptes]
        lignes = [
            (
                tuple(str(ligne[c]) for c in colonnes),
                tuple(tuple(str(ligne[c]) for c in siennes) for siennes in repetees),
                tuple(int(ligne[c] or 0) for c in comptes),
                int(ligne.get(REUNIS) or 0),
            )
            for ligne in lues
        ]
        return cls(tuple(colonnes.values()), lignes)

    def marges(self) -> Iterator["_Cases"]:
        """The table summed on each of its dimensions, laws apart."""
        for voulue in self.dimensions:
            gardees = [d in (*_JAMAIS, voulue) for d in self.dimensions]
            lignes = self._lignes
            for rang, gardee in enumerate(gardees):
                parties = [ligne for ligne in lignes if ligne[0][rang] != TOTAL]
                lignes = parties if parties and not gardee else lignes
            yield _Cases(
                tuple(compress(self.dimensions, gardees)),
                [(tuple(compress(cle, gardees)), p, n, r) for cle, p, n, r in lignes],
            )

    def tailles(self, tailles: dict[str, dict[str, int]]) -> None:
        """Add the contracts of each modality."""
        for cle, _, comptes, _ in self._lignes:
            for dimension, modalite in zip(self.dimensions, cle, strict=True):
                siennes = tailles.setdefault(dimension, {})
                siennes[modalite] = siennes.get(modalite, 0) + max(comptes)

    def fondues(self, autres: Mapping[str, set[str]]) -> dict[tuple[str, ...], list[int]]:
        """Contracts of each merged cell, at least: those of a year may be those of another."""
        par_periode: dict[tuple[tuple[str, ...], int, tuple[str, ...]], int] = {}
        cases: dict[tuple[str, ...], list[int]] = {}
        for cle, periodes, comptes, reunis in self._lignes:
            fondue = tuple(
                AUTRES if modalite in autres[dimension] else modalite
                for dimension, modalite in zip(self.dimensions, cle, strict=True)
            )
            plus = cases.setdefault(fondue, [0] * len(comptes))
            for rang, (periode, compte) in enumerate(zip(periodes, comptes, strict=True)):
                lieu = fondue, rang, periode
                par_periode[lieu] = par_periode.get(lieu, 0) + compte
                plus[rang] = max(plus[rang], par_periode[lieu])
            if reunis and self._toutes_fondues(autres):
                cases[fondue] = [max(compte, reunis) for compte in plus]
        return cases

    def _toutes_fondues(self, autres: Mapping[str, set[str]]) -> bool:
        """Whether no certainty is told apart any more."""
        if _REUNIE not in self.dimensions:
            return True
        place = self.dimensions.index(_REUNIE)
        fondues = {*autres[_REUNIE], AUTRES}  # those of tables merged before too
        return all(ligne[0][place] in fondues for ligne in self._lignes)


def _plus_petite(
    tables: Iterable[_Cases], autres: Mapping[str, set[str]], seuil: int
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The smallest cell under the threshold: its dimensions and modalities; the first by name."""
    petites = [
        (compte, cases.dimensions, cle)
        for cases in tables
        for cle, comptes in cases.fondues(autres).items()
        for compte in comptes
        if 0 < compte < seuil
    ]
    return min(petites)[1:] if petites else None


def _fusionner_une(
    dimensions: Sequence[str],
    cle: Sequence[str],
    tailles: Mapping[str, Mapping[str, int]],
    autres: Mapping[str, set[str]],
    seuil: int,
) -> None:
    """Merge the modality of a cell where the least share of contracts loses its own; time last."""
    possibles = []
    for dimension, modalite in zip(dimensions, cle, strict=True):
        entrantes = _entrantes(modalite, tailles[dimension], autres[dimension])
        if dimension not in _JAMAIS and entrantes:
            part = sum(tailles[dimension][nom] for nom in entrantes) / sum(
                tailles[dimension].values()
            )
            possibles.append((dimension in _TEMPS, part, dimension, entrantes))
    if not possibles:
        raise SecretImpossible(
            f"Rien ne peut être remis : {', '.join(cle) or 'la table'} repose sur moins de "
            f"{seuil} contrats, et il ne reste rien à regrouper. Remède : une table de contrats "
            "plus grande."
        )
    _, _, dimension, entrantes = min(possibles)
    autres[dimension].update(entrantes)


def _entrantes(modalite: str, tailles: Mapping[str, int], fondues: set[str]) -> list[str]:
    """Modalities that join the merged ones for one of them to be larger; none if none is left.

    The smallest that is not empty comes with the first: nothing is hidden in a group of one.
    """
    restantes = tailles.keys() - fondues - {TOTAL, modalite}
    if modalite == TOTAL or not (fondues or restantes):
        return []
    entrantes = [] if modalite == AUTRES else [modalite]
    if modalite == AUTRES or not fondues:
        entrantes += sorted(restantes, key=lambda nom: (not tailles[nom], tailles[nom], nom))[:1]
    return entrantes


def _colonnes(index: Index) -> dict[str, str]:
    """Dimension of each column of an index."""
    if isinstance(index, Mapping):
        return dict(index)
    return {nom: nom for nom in ([index] if isinstance(index, str) else index)}


def fondre(table: pa.Table, index: Index, communs: Groupes, seuil: int) -> pa.Table:
    """A table with its modalities merged, in the order in which they came, merged ones last.

    Args:
        table: a table that `groupes` was given.
        index: its own there.
        communs: what it gave.
        seuil: counts of contracts are rounded down to a multiple of it.

    Returns:
        The same columns. Those of index are text where modalities are merged; what is not a sum is
        null there.
    """
    colonnes = _colonnes(index)
    rangs: dict[str, dict[str, int]] = {colonne: {} for colonne in colonnes}
    cases: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for ligne in table.to_pylist():
        cle = tuple(
            communs.get(d, {}).get(str(ligne[c]), str(ligne[c])) for c, d in colonnes.items()
        )
        for colonne, modalite in zip(colonnes, cle, strict=True):
            rang = len(table) if modalite == AUTRES else len(rangs[colonne])
            rangs[colonne].setdefault(modalite, rang)
        cases.setdefault(cle, []).append(ligne)
    ordre = sorted(cases, key=lambda cle: [rangs[c][m] for c, m in zip(colonnes, cle, strict=True)])
    champs = [
        pa.field(champ.name, pa.string()) if colonnes.get(champ.name) in communs else champ
        for champ in table.schema
    ]
    donnees = {
        champ.name: [
            cle[list(colonnes).index(champ.name)]
            if champ.name in colonnes and colonnes[champ.name] in communs
            else _valeur(champ.name, cases[cle], colonnes, seuil)
            for cle in ordre
        ]
        for champ in table.schema
    }
    return pa.table(donnees, pa.schema(champs))


def _valeur(
    nom: str, lignes: Sequence[Mapping[str, Any]], colonnes: Mapping[str, str], seuil: int
) -> Any:
    if nom in colonnes or (len(lignes) == 1 and nom not in COMPTES):
        return lignes[0][nom]
    if nom in _NON_ADDITIVES:
        return None
    if nom == REUNIS:
        return max(ligne[nom] or 0 for ligne in lignes)
    if nom not in COMPTES:
        return sum(ligne[nom] or 0 for ligne in lignes)
    periodes: dict[tuple[Any, ...], int] = {}
    repetees = [c for c, dimension in colonnes.items() if dimension in _REPETEES[nom]]
    for ligne in lignes:
        periode = tuple(ligne[c] for c in repetees)
        periodes[periode] = periodes.get(periode, 0) + (ligne[nom] or 0)
    return max(periodes.values()) // seuil * seuil
