"""One part of a table, computed under each law and reduced to cells, block after block.

It is what a worker does: it is given names of laws and builds them itself, once a process, and it
gives back sums.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical import lois as par_nom
from openfisca_assistant_medical.brouillon import brouillon, mettre_sur_le_disque
from openfisca_assistant_medical.population.calcul import (
    TAILLE_DU_BLOC,
    Sorties,
    calculer,
)
from openfisca_assistant_medical.population.cellules import (
    CENTIMES,
    SCHEMAS,
    Cellules,
    annees_a_calculer,
    celluler,
    en_micro,
    faire_place,
    fusionner,
    sorties_de,
)
from openfisca_assistant_medical.population.colonnes import Colonnes
from openfisca_assistant_medical.population.empreintes import empreintes_d_une_loi
from openfisca_assistant_medical.population.lois import nom_de_loi, reformes_de
from openfisca_assistant_medical.population.reprise import (
    Lectures,
    Partie,
    SimulationRefusee,
)
from openfisca_assistant_medical.population.sensibilite import Ecarts, Lecteur
from openfisca_assistant_medical.population.table.tables import (
    Bloc,
    Partition,
    Table,
)

# A worker of a cluster may have several threads; a law is built once, and blocks take turns.
VERROU = threading.RLock()
# Doctors × years of a block, so that a worker stays within some 700 MB: fewer with the readings,
# which keep what a law has computed.
_MEDECINS_ANNEES, _AVEC_LECTURES = 300_000, 180_000

# Its name, and the fingerprints of its figures and of its formulas.
CleDeLoi: TypeAlias = tuple[str, str, str]


class Loi:
    """A law, by the name it is asked by.

    Raises:
        ReformeInconnue: unknown reform.
    """

    def __init__(self, nom: str) -> None:
        self.nom = nom_de_loi(nom)
        _, self.systeme = par_nom.loi(self.nom)

    @cached_property
    def description(self) -> dict[str, Any]:
        """`{"id", "nom", "reformes"}`, see `lois.decrire`."""
        return par_nom.decrire(self.systeme)

    @cached_property
    def empreintes(self) -> dict[str, Any]:
        """See `empreintes.empreintes_d_une_loi`."""
        return empreintes_d_une_loi(self.systeme)

    @property
    def fichiers(self) -> dict[str, str]:
        """Fingerprint of each reform that is a file, by what it is asked by."""
        classes = ((nom, par_nom.trouver_reforme(nom)) for nom in reformes_de(self.nom))
        trouvees = {nom: getattr(classe, "empreinte", None) for nom, classe in classes}
        return {nom: str(trouvee) for nom, trouvee in trouvees.items() if trouvee}

    @property
    def cle(self) -> CleDeLoi:
        """What makes it the same law in another process."""
        return self.nom, self.empreintes["parametres"], self.empreintes["formules"]

    @cached_property
    def lecteur(self) -> Lecteur:
        """Its other readings."""
        return Lecteur(self.systeme)

    def siennes(self, colonnes: Colonnes) -> Colonnes:
        """The columns that this law knows; a reform may have inputs of its own."""
        return {
            cle: valeurs
            for cle, valeurs in colonnes.items()
            if (cle if isinstance(cle, str) else cle[0]) in self.systeme.variables
        }


_LOIS: dict[CleDeLoi, Loi] = {}


def connaitre(loi: Loi) -> Loi:
    """Keep a law for this process."""
    return _LOIS.setdefault(loi.cle, loi)


def retrouver(cle: CleDeLoi) -> Loi:
    """The law of a process, which must be that of the process that asks.

    Raises:
        SimulationRefusee: another version of the package, or of the file of a reform.
    """
    if cle not in _LOIS:
        loi = Loi(cle[0])
        if loi.cle != cle:
            raise SimulationRefusee(
                f"Loi « {cle[0]} » : ce travailleur n’a pas les mêmes chiffres ou les mêmes règles "
                "que le poste qui demande. Remède : installer partout la même version, et donner "
                "les fichiers de réforme sur un disque que tous voient."
            )
        _LOIS[cle] = loi
    return _LOIS[cle]


def systeme_des_entrees(lois: list[Loi]) -> Any:
    """The system by which a table is read: the one that knows most inputs."""
    return max((loi.systeme for loi in lois), key=lambda systeme: len(systeme.variables))


def taille_permise(annees: Sequence[int], *, lectures: bool) -> int:
    """Rows computed together by default: what goes fastest, and fits in memory."""
    permis = _AVEC_LECTURES if lectures else _MEDECINS_ANNEES
    return min(TAILLE_DU_BLOC, max(1, permis // (len(annees) + 1)))


@dataclass(frozen=True)
class Demande:
    """What each part of a run is asked; picklable.

    Attributes:
        table: where the rows are.
        annees: calendar years in which the contract years start.
        lois: keys of the laws, the first the reference.
        erreurs: "arreter" or "isoler".
        lectures: whether the other readings are computed.
        taille: rows of a block.
        detail: folder of the amounts of each contract; None = they are not kept.
    """

    table: Table
    annees: tuple[int, ...]
    lois: tuple[CleDeLoi, ...]
    erreurs: str
    lectures: bool
    taille: int
    detail: Path | None = None


def traiter(
    demande: Demande, partition: Partition, suivi: Callable[[int], object] | None = None
) -> Partie:
    """Cells of one part of the table.

    Args:
        demande: see above.
        partition: the part.
        suivi: called after each block with the rows done in it.

    Raises:
        TableRefusee: bad rows, where they are not set aside.
    """
    with VERROU:
        lois = [retrouver(cle) for cle in demande.lois]
        partie = Partie(partition.index, Cellules(*[None] * len(SCHEMAS)))
        with ExitStack() as pile:
            ecrire = (
                pile.enter_context(_detail(demande.detail / f"{partition.index:05d}.parquet"))
                if demande.detail is not None
                else None
            )
            cellules = _par_bloc(demande, partition, lois, partie, ecrire, suivi)
            partie.cellules = fusionner(cellules)
        faire_place()
    return partie


def _par_bloc(
    demande: Demande,
    partition: Partition,
    lois: list[Loi],
    partie: Partie,
    ecrire: Callable[[Any], None] | None,
    suivi: Callable[[int], object] | None,
) -> Iterator[Cellules]:
    annees = annees_a_calculer(demande.annees)
    blocs = demande.table.blocs(
        partition,
        systeme_des_entrees(lois),
        taille=demande.taille,
        erreurs=demande.erreurs,
        identifiants=ecrire is not None,
    )
    for bloc in blocs:
        sorties: dict[str, Sorties] = {}
        sensibles: dict[str, NDArray[numpy.bool_]] = {}
        for loi in lois:
            colonnes, voulues = loi.siennes(bloc.colonnes), sorties_de(loi.systeme)
            if demande.lectures:
                sorties[loi.nom], ecarts = loi.lecteur.calculer(colonnes, voulues, annees)
                sensibles[loi.nom] = _sensibles(ecarts, len(annees), len(bloc.poids))
                _compter(partie.lectures, loi.nom, ecarts, annees, demande.annees, bloc.poids)
                del ecarts
            else:
                sorties[loi.nom] = calculer(loi.systeme, colonnes, voulues, annees)
        partie.erreurs.extend(bloc.erreurs)
        partie.lignes += len(bloc.poids)
        partie.poids += en_micro(bloc.poids)
        if ecrire is not None:
            for nom, lues in sorties.items():
                ecrire(_contrats(bloc, nom, lues, demande.annees))
        cellules = celluler(bloc, sorties, demande.annees, sensibles if demande.lectures else None)
        faites = len(bloc.poids) + len({erreur.ligne for erreur in bloc.erreurs})
        del bloc, sorties, sensibles  # before the next block is read
        yield cellules
        if suivi is not None:
            suivi(faites)


def _sensibles(ecarts: Ecarts, annees: int, nombre: int) -> NDArray[numpy.bool_]:
    sensibles = numpy.zeros((annees, nombre), bool)
    for ecart in ecarts.values():
        sensibles |= ecart != 0
    return sensibles


def _compter(
    lectures: Lectures,
    loi: str,
    ecarts: Ecarts,
    annees: list[int],
    demandees: tuple[int, ...],
    poids: NDArray[numpy.float64],
) -> None:
    """Add up what the readings change in the years asked for; those that change nothing are 0."""
    for nom, ecart in ecarts.items():
        for annee, ligne in zip(annees, ecart, strict=True):
            if annee in demandees:
                somme = lectures.setdefault((loi, nom, annee), [0, 0, 0])
                change = ligne != 0
                somme[0] += int(numpy.count_nonzero(change))
                somme[1] += en_micro(poids[change])
                somme[2] += en_micro(ligne * poids / CENTIMES)


@contextmanager
def _detail(fichier: Path) -> Iterator[Callable[[Any], None]]:
    """Writer of the contracts of a part: its file is there once it is whole.

    A worker may outlive a run that was killed, and write while the run is taken up again.
    """
    import pyarrow.parquet as pq

    with brouillon(fichier) as ecrit, ExitStack() as pile:
        ecrivain: Any = None

        def ecrire(table: Any) -> None:
            nonlocal ecrivain
            if ecrivain is None:
                ecrivain = pile.enter_context(pq.ParquetWriter(ecrit, table.schema))
            ecrivain.write_table(table)

        yield ecrire
        pile.close()
        mettre_sur_le_disque(ecrit)
    mettre_sur_le_disque(fichier.parent)


_MONTANTS = ("aide_maximale", "aide_due", "aide_perdue")


def _contrats(bloc: Bloc, loi: str, sorties: Sorties, annees: tuple[int, ...]) -> Any:
    """Contract years of a block under a law: ligne, identifiant, poids, loi, annee, rang, €."""
    tables = []
    for annee in annees:
        rangs = numpy.flatnonzero(sorties["rang_annee_contrat", annee] > 0)
        colonnes = {"ligne": pa.array(bloc.lignes[rangs])}
        if bloc.identifiants is not None:
            colonnes["identifiant"] = bloc.identifiants.take(pa.array(rangs)).cast(pa.string())
        colonnes["poids"] = pa.array(bloc.poids[rangs])
        colonnes["loi"] = pa.array([loi] * len(rangs), pa.string())
        colonnes["annee"] = pa.array(numpy.full(len(rangs), annee, numpy.int32))
        rang = sorties["rang_annee_contrat", annee][rangs]
        colonnes["rang"] = pa.array(numpy.asarray(rang, numpy.int32))
        for nom in _MONTANTS:
            colonnes[nom] = pa.array(sorties[nom, annee][rangs])
        tables.append(pa.table(colonnes))
    return pa.concat_tables(tables)
