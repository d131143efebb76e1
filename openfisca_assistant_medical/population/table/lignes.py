"""The rows of a block: each cell checked, then each row, and the refusals told.

A row is refused here if and only if `situations.verifier` refuses the same doctor. A block without
refusal goes through whole columns only; words are built for what is refused alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum, EnumArray

from openfisca_assistant_medical.population.arrow import en_numpy, nombres
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table.bornes import Lues, Masque, valeur_par_defaut
from openfisca_assistant_medical.population.table.entetes import IDENTIFIANT, POIDS, Champ, Entete
from openfisca_assistant_medical.population.table.incoherences import incoherences
from openfisca_assistant_medical.population.table.mots_lus import en_texte
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne
from openfisca_assistant_medical.population.table.remedes import (
    attendu_de,
    raison,
    remede,
    valeur_de,
)
from openfisca_assistant_medical.population.table.valeurs_lues import lire, lire_poids
from openfisca_assistant_medical.situations.contradictions import SIGNATURE
from openfisca_assistant_medical.situations.erreurs import montrer

# Refusals of a block beyond which a row is told by its first one only.
LIMITE_PAR_BLOC = 200_000
# Words of a column for which the closest one that is accepted is looked for: it takes long.
MOTS_RAPPROCHES = 100


@dataclass(frozen=True)
class Controle:
    """A block that was checked; shapes (n,) for the n rows kept.

    Attributes:
        gardees: indices of the rows kept, in the block.
        colonnes: as `calculer` takes them.
        poids: weights.
        identifiants: Arrow array of text, or None.
        erreurs: refusals of the other rows, row after row.
        nombre: how many there were; more than `erreurs` where these were cut short.
    """

    gardees: NDArray[numpy.intp]
    colonnes: dict[str | tuple[str, int], Tableau]
    poids: NDArray[numpy.float64]
    identifiants: Any
    erreurs: list[ErreurDeLigne]
    nombre: int


@dataclass(frozen=True)
class _Refuses:
    """Cells of one column refused for one reason: indices, and what to say of one of them."""

    rangs: NDArray[numpy.intp]
    colonne: str
    dire: Callable[[int], tuple[str, str]]  # index -> what was given, why it is refused


def controler(
    lot: pa.RecordBatch,
    entete: Entete,
    systeme: Any,
    lignes: NDArray[numpy.int64],
    *,
    premieres: int | None = None,
    illisibles: tuple[pa.Array, pa.Array] | None = None,
) -> Controle:
    """Check the rows of a block.

    Args:
        lot: the rows, n of them.
        entete: what its columns give.
        systeme: the law.
        lignes: line of each row, as a refusal tells it, shape (n,).
        premieres: how many refusals to build; by default, at least one of each row refused.
        illisibles: for the rows of a file that could not be cut into cells, what was read and
            why it is refused, null elsewhere; shapes (n,).
    """
    refuses: list[_Refuses] = []
    brisees = _lignes_brisees(illisibles, refuses)
    valeurs: dict[Any, Tableau] = {}
    for champ in entete.champs:
        cellules = lot.column(champ.colonne)
        lues = lire(champ, cellules)
        valeurs[champ.cle] = lues.valeurs
        refuses += _cellules_refusees(champ, cellules, lues, brisees)
    poids = numpy.ones(lot.num_rows)
    if entete.poids:
        lues = lire_poids(lot.column(POIDS))
        poids = lues.valeurs
        refuses += _poids_refuses(lot.column(POIDS), lues, brisees)
    champs = {champ.cle: champ for champ in entete.champs}
    for contredite in incoherences(champs, valeurs, systeme):
        refuses.append(_contredites(contredite.rangs, contredite.champ, contredite.attendu, lot))
    identifiants = lot.column(IDENTIFIANT) if entete.identifiant else None
    erreurs, nombre, gardees = _bilan(refuses, lignes, premieres)
    if nombre:
        valeurs = {cle: colonne[gardees] for cle, colonne in valeurs.items()}
        poids = poids[gardees]
        if identifiants is not None:
            identifiants = identifiants.take(nombres(gardees, pa.int64()))
    colonnes = {cle: _en_membres(champs[cle], colonne) for cle, colonne in valeurs.items()}
    return Controle(gardees, colonnes, poids, _en_mots(identifiants), erreurs, nombre)


def _en_membres(champ: Champ, valeurs: Tableau) -> Tableau:
    if champ.variable.value_type is Enum:
        valeurs = EnumArray(valeurs, champ.variable.possible_values)
    return valeurs


def _en_mots(identifiants: Any) -> Any:
    return None if identifiants is None else en_texte(identifiants)


def _bilan(
    refuses: list[_Refuses], lignes: NDArray[numpy.int64], premieres: int | None
) -> tuple[list[ErreurDeLigne], int, NDArray[numpy.intp]]:
    """The refusals row after row, their number, and the indices of the rows without any."""
    if not refuses:
        return [], 0, numpy.arange(len(lignes))
    rangs = numpy.concatenate([refus.rangs for refus in refuses])
    sources = numpy.repeat(numpy.arange(len(refuses)), [len(refus.rangs) for refus in refuses])
    gardees = numpy.ones(len(lignes), bool)
    gardees[rangs] = False
    ordre = numpy.argsort(rangs, kind="stable")
    nombre = len(ordre)
    if premieres is None and nombre > LIMITE_PAR_BLOC:  # each row told, by its first refusal
        ordre = ordre[numpy.unique(rangs[ordre], return_index=True)[1]]
    erreurs = []
    for place in ordre[:premieres]:
        refus, rang = refuses[sources[place]], int(rangs[place])
        erreurs.append(ErreurDeLigne(int(lignes[rang]), refus.colonne, *refus.dire(rang)))
    return erreurs, nombre, numpy.flatnonzero(gardees)


# --- What is refused ------------------------------------------------------------------------------


def _lignes_brisees(
    illisibles: tuple[pa.Array, pa.Array] | None, refuses: list[_Refuses]
) -> Masque | None:
    """Rows that could not be cut into cells: refused once, and for nothing else."""
    if illisibles is None or illisibles[1].null_count == len(illisibles[1]):
        return None
    recues, raisons = illisibles
    brisees: Masque = en_numpy(raisons.is_valid())

    def dire(rang: int) -> tuple[str, str]:
        return montrer(recues[rang].as_py()), raisons[rang].as_py()

    refuses.append(_Refuses(numpy.flatnonzero(brisees), "", dire))
    return brisees


def _cellules_refusees(
    champ: Champ, cellules: pa.Array, lues: Lues, brisees: Masque | None
) -> Iterator[_Refuses]:
    if lues.refusees is not None:
        deja: dict[Any, tuple[str, str]] = {}  # a slip is often that of a whole column

        def dire(rang: int) -> tuple[str, str]:
            valeur = valeur_de(cellules, rang)
            if valeur not in deja:
                prochain = len(deja) < MOTS_RAPPROCHES
                deja[valeur] = montrer(valeur), raison(champ, valeur, rapprocher=prochain)
            return deja[valeur]

        yield _Refuses(numpy.flatnonzero(lues.refusees), champ.colonne, dire)
    if not champ.obligatoire:
        return
    absentes = lues.absentes
    if champ.cle == SIGNATURE:  # no signature at all: the day that says « no date »
        aucune = lues.valeurs == valeur_par_defaut(champ.variable)
        if aucune.any():
            absentes = aucune if lues.refusees is None else aucune & ~lues.refusees
    if absentes is not None and brisees is not None:
        absentes = absentes & ~brisees
    if absentes is not None and absentes.any():

        def manquer(rang: int) -> tuple[str, str]:
            valeur = valeur_de(cellules, rang)
            recu = "rien" if valeur in (None, "") else f"{montrer(valeur)}, soit aucune date"
            attendu = f"{attendu_de(champ.variable, None)} (information obligatoire)"
            return recu, f"attendu : {attendu}. Remède : la donner pour chaque médecin."

        yield _Refuses(numpy.flatnonzero(absentes), champ.colonne, manquer)


def _poids_refuses(cellules: pa.Array, lues: Lues, brisees: Masque | None) -> Iterator[_Refuses]:
    refusees = lues.refusees
    if lues.absentes is not None:
        absentes = lues.absentes if brisees is None else lues.absentes & ~brisees
        refusees = absentes if refusees is None else refusees | absentes
    if refusees is None or not refusees.any():
        return

    def dire(rang: int) -> tuple[str, str]:
        valeur = valeur_de(cellules, rang)
        suite = remede(valeur, float) or (
            "Remède : donner le poids de chaque ligne, ou retirer la colonne (chacune pèsera 1)."
        )
        recu = "rien" if valeur in (None, "") else montrer(valeur)
        return recu, f"attendu : un nombre fini strictement positif. {suite}"

    yield _Refuses(numpy.flatnonzero(refusees), POIDS, dire)


def _contredites(
    rangs: NDArray[numpy.intp], champ: Champ, attendu: Callable[[int], str], lot: pa.RecordBatch
) -> _Refuses:
    def dire(rang: int) -> tuple[str, str]:
        valeur = valeur_de(lot.column(champ.colonne), rang)
        suite = "Remède : corriger l’une des deux valeurs, ou vider celle qui est de trop."
        return montrer(valeur), f"attendu : {attendu(rang)}. {suite}"

    return _Refuses(rangs, champ.colonne, dire)
