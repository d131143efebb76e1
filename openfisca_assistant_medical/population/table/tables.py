"""A table of contracts: a file, a folder, a query or a table in memory, read block after block.

Whatever its source, a table is a set of partitions that workers read apart, and each partition a
suite of blocks that are checked before anything is computed. What a table lacks has the default of
its variable; what it gives is never changed in silence.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.population.arrow import en_numpy
from openfisca_assistant_medical.population.calcul import TAILLE_DU_BLOC
from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table import fichiers_csv
from openfisca_assistant_medical.population.table.entetes import (
    IDENTIFIANT,
    Entete,
    est_un_texte,
    gardees,
    lire_entete,
)
from openfisca_assistant_medical.population.table.lignes import controler
from openfisca_assistant_medical.population.table.lots import (
    condenser_un_fichier,
    empreinte_de_lots,
    lots_de_memoire,
    lots_de_parquet,
)
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne, TableRefusee, cause
from openfisca_assistant_medical.population.table.sources import (
    ILLISIBLE,
    TECHNIQUES,
    Source,
    trouver_source,
)

TAILLE_D_UNE_PARTITION = 1_000_000
ERREURS_RETENUES = 1_000  # of the block that stops a reading
MODES = ("arreter", "isoler")


@dataclass(frozen=True)
class Partition:
    """Consecutive rows, computed by one worker.

    Attributes:
        index: its place in the table, from 0.
        premiere: row of its first doctor, from 1 (not the line of a CSV).
        nombre: its rows.
        fichier: the Parquet file that holds them; None for a table in memory.
        groupes: row groups of that file.
    """

    index: int
    premiere: int
    nombre: int
    fichier: str | None = None
    groupes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bloc:
    """Doctors checked and ready to compute.

    Attributes:
        lignes: line of each doctor kept, shape (n,); see `ErreurDeLigne.ligne`.
        colonnes: as `calculer` takes them.
        poids: weight of each, shape (n,); 1 where the table has no `poids`.
        erreurs: of the rows set aside (`erreurs="isoler"`), row after row.
        identifiants: Arrow array of text, shape (n,); None where the table has none.
    """

    lignes: NDArray[numpy.int64]
    colonnes: dict[str | tuple[str, int], Tableau]
    poids: NDArray[numpy.float64]
    erreurs: list[ErreurDeLigne]
    identifiants: Any = None


class Table:
    """A table of contracts. Picklable: paths, or an Arrow table, and no open handle.

    Paths are absolute, and a staged file lasts as long as the table that `ouvrir` gave: workers on
    other machines need a file, and a staging folder (`dossier`), that they read by the same path.

    Attributes:
        titre: how messages name it.
        nombre: its rows.
        noms: its columns, those left out apart.
        metadonnees: what its maker says of it, such as `{"synthetique": True}`; empty if nothing.
    """

    def __init__(self, source: Source, ignorees: Iterable[str] = ()) -> None:
        ignorees = set(ignorees)
        self._source = source
        self._schema = pa.schema([c for c in source.schema if c.name not in ignorees])
        self.titre = source.titre
        self.noms: list[str] = self._schema.names
        self.metadonnees: dict[str, Any] = source.metadonnees or {}
        self.nombre: int = (
            sum(sum(groupes) for _, groupes in source.fichiers)
            if source.memoire is None
            else source.memoire.num_rows
        )

    def __getstate__(self) -> dict[str, Any]:
        """All but the hold on a temporary folder, which stays with the table that made it."""
        source = Source(**{**self._source.__dict__, "temporaire": None})
        return {**self.__dict__, "_source": source}

    def empreinte(self) -> str:
        """SHA-256 of the content, in hexadecimal, whatever the process.

        Of the bytes of a file, or of all files of a folder in the order of their names; else of the
        columns, with their types, as an Arrow stream.
        """
        originaux = self._source.originaux
        if not originaux:
            return empreinte_de_lots(self._source.schema, self._tous_les_lots())
        if len(originaux) == 1:
            return condenser_un_fichier(originaux[0]).hex()
        return hashlib.sha256(b"".join(map(condenser_un_fichier, originaux))).hexdigest()

    def partitions(self) -> list[Partition]:
        """Consecutive row groups, of about a million rows; a row group is never split."""
        partitions: list[Partition] = []
        premiere = 1
        for fichier, groupes in self._source.fichiers:
            for suite in _suites(groupes):
                nombre = sum(groupes[rang] for rang in suite)
                partitions.append(
                    Partition(len(partitions), premiere, nombre, fichier, tuple(suite))
                )
                premiere += nombre
        if self._source.memoire is not None:
            for debut in range(0, self.nombre, TAILLE_D_UNE_PARTITION):
                nombre = min(TAILLE_D_UNE_PARTITION, self.nombre - debut)
                partitions.append(Partition(len(partitions), debut + 1, nombre))
        return partitions

    def verifier_colonnes(self, systeme: Any) -> None:
        """Check the names and types of the columns, before any row is read.

        Raises:
            TableRefusee: with every column that is unknown, missing, or of a type that cannot do.
        """
        self._entete(systeme)

    def blocs(
        self,
        partition: Partition,
        systeme: Any,
        *,
        taille: int = TAILLE_DU_BLOC,
        erreurs: str = "arreter",
        identifiants: bool = True,
    ) -> Iterator[Bloc]:
        """The blocks of a partition, in order.

        Args:
            partition: one of `partitions()`.
            systeme: the law whose variables the columns give.
            taille: rows of a block, at most.
            erreurs: "arreter" refuses the table at its first faulty block; "isoler" sets faulty
                rows aside, and goes on.
            identifiants: whether they are wanted; unread, they cost nothing.

        Raises:
            TableRefusee: columns that do not fit, rows refused ("arreter"), a file cut short.
        """
        if taille < 1:
            raise ValueError(f"taille : reçu {taille} ; attendu : 1 au moins.")
        if erreurs not in MODES:
            raise ValueError(f"erreurs : reçu « {erreurs} » ; attendu : {' ou '.join(MODES)}.")
        entete = self._entete(systeme)
        entete = replace(entete, identifiant=entete.identifiant and identifiants)
        return self._blocs(partition, systeme, entete, taille, erreurs == "isoler")

    def _entete(self, systeme: Any) -> Entete:
        entete, erreurs = lire_entete(self._schema, systeme, 1 if self._source.est_un_csv else 0)
        if erreurs:
            nombre = f"{len(erreurs)} colonne{'s' * (len(erreurs) > 1)}"
            raise TableRefusee(f"{self.titre} : {nombre} à revoir.", erreurs)
        return entete

    def _blocs(
        self, partition: Partition, systeme: Any, entete: Entete, taille: int, isoler: bool
    ) -> Iterator[Bloc]:
        premiere = partition.premiere
        noms = [nom for nom in self.noms if nom != IDENTIFIANT or entete.identifiant]
        for lot in self._lots(partition, taille, noms):
            self._refuser_l_illisible(lot)
            lignes = numpy.arange(premiere, premiere + lot.num_rows)
            illisibles = None
            if self._source.est_un_csv:
                lignes = en_numpy(lot.column(fichiers_csv.LIGNE))
                illisibles = lot.column(fichiers_csv.RECU), lot.column(fichiers_csv.REFUS)
            premieres = None if isoler else ERREURS_RETENUES
            controle = controler(
                lot, entete, systeme, lignes, premieres=premieres, illisibles=illisibles
            )
            if controle.erreurs and not isoler:
                raise TableRefusee(
                    f"{self.titre} : des valeurs ne conviennent pas. Remède : les corriger, ou "
                    "écarter ces lignes (--erreurs isoler).",
                    controle.erreurs,
                    controle.nombre,
                )
            yield Bloc(
                lignes[controle.gardees] if controle.nombre else lignes,
                controle.colonnes,
                controle.poids,
                controle.erreurs,
                controle.identifiants,
            )
            premiere += lot.num_rows
            del lot, lignes, illisibles, controle  # before the next one is read
            pa.default_memory_pool().release_unused()

    def _refuser_l_illisible(self, lot: pa.RecordBatch) -> None:
        """Refuse a column of text whose bytes are none: Arrow gives them as they come."""
        for nom, colonne in zip(lot.schema.names, lot.columns, strict=True):
            mots = pa.types.is_dictionary(colonne.type)
            if not est_un_texte(colonne.type.value_type if mots else colonne.type):
                continue
            try:
                colonne.validate(full=True)
            except pa.ArrowInvalid as erreur:
                raison = "attendu : du texte en UTF-8. Remède : écrire la table de nouveau."
                illisible = ErreurDeLigne(0, nom, "des octets illisibles", raison)
                raise TableRefusee(f"{self.titre} : colonne illisible.", [illisible]) from erreur

    def _tous_les_lots(self) -> Iterator[pa.RecordBatch]:
        for partition in self.partitions():
            yield from self._lots(partition, TAILLE_DU_BLOC, self._source.schema.names, mots=False)

    def _lots(
        self, partition: Partition, taille: int, noms: list[str], *, mots: bool = True
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a partition; `mots`: texts come as dictionaries of their words."""
        if self._source.memoire is not None:
            lignes = self._source.memoire.select(noms).slice(
                partition.premiere - 1, partition.nombre
            )
            yield from lots_de_memoire(lignes, taille)
            return
        textes = [c.name for c in self._schema if est_un_texte(c.type) and c.name != IDENTIFIANT]
        try:
            yield from lots_de_parquet(
                str(partition.fichier),
                partition.groupes,
                [*TECHNIQUES, *noms] if self._source.est_un_csv else noms,
                taille,
                textes if mots else [],
            )
        except ILLISIBLE as erreur:
            raise TableRefusee(
                f"{self.titre} : fichier illisible, tronqué ou changé depuis qu’il est ouvert "
                f"({cause(erreur)}). Remède : l’écrire de nouveau."
            ) from erreur


def ouvrir(source: Any, *, dossier: str | Path | None = None, ignorer: Iterable[str] = ()) -> Table:
    """Open a table of contracts, one doctor a row.

    Args:
        source: path of a `.csv` (also `.csv.gz`; UTF-8; separated by « , », « ; » or tabs), of a
            `.parquet`, or of a folder of them; a DuckDB query, `duckdb:PATH?SELECT …` or the path
            of a `.sql`; an Arrow, Polars or pandas table.
        dossier: where a CSV or the result of a query is staged; a temporary one, which goes with
            the table, if None.
        ignorer: columns to leave out.

    Raises:
        TableRefusee: it cannot be read; the message says where and what to do.
    """
    ignorees = (ignorer,) if isinstance(ignorer, str) else tuple(ignorer)
    trouvee = trouver_source(source, dossier, ignorees)
    connues = set(trouvee.noms)
    for nom in ignorees:
        if nom not in connues:
            raise TableRefusee(
                f"{trouvee.titre} : « {nom} », à ignorer, n’en est pas une colonne"
                f"{proche(nom, trouvee.noms)}."
            )
    gardees(trouvee.noms, ignorees, trouvee.titre)
    return Table(trouvee, ignorees)


def _suites(groupes: Sequence[int]) -> Iterator[list[int]]:
    """Ranks of consecutive row groups, `TAILLE_D_UNE_PARTITION` rows at most if one allows it."""
    suite: list[int] = []
    nombre = 0
    for rang, lignes in enumerate(groupes):
        if suite and nombre + lignes > TAILLE_D_UNE_PARTITION:
            yield suite
            suite, nombre = [], 0
        if lignes:
            suite.append(rang)
            nombre += lignes
    if suite:
        yield suite
