"""The folder of a run: what is finished stays there, and the same command takes it up again.

`DIR.partiel/` holds `demande.json` (what the run is), `parties/00007/` (cells of a part that is
finished), `resultat/` (what will be DIR), `ancien/` (what DIR was, while it is being replaced) and
`verrou`. A part, and the result, are written beside their place, handed over to the disk, then
renamed: whatever is in its place is whole. Only who holds `verrou` touches anything.
"""

import csv
import glob
import json
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.brouillon import ecrire_json, mettre_sur_le_disque
from openfisca_assistant_medical.population import lecture_json
from openfisca_assistant_medical.population.cellules import SCHEMAS, Cellules
from openfisca_assistant_medical.population.fiche import fautes_du_bilan
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne

ENREGISTREMENT = "enregistrement.json"
# What a reading changes in a year: rows, weights and euros × weights, both in millionths: whole
# numbers add up to the same in any order.
Lectures = dict[tuple[str, str, int], list[int]]


class SimulationRefusee(ValueError):
    """A run that cannot start, or go on; the message says why and what to do."""


@dataclass
class Partie:
    """What one part of the table gives: sums, never contracts."""

    index: int
    cellules: Cellules
    lectures: Lectures = field(default_factory=dict)
    erreurs: list[ErreurDeLigne] = field(default_factory=list)
    lignes: int = 0
    poids: int = 0  # in millionths


class Chantier:
    """The partial folder of a run.

    Args:
        sortie: folder of the result.
        remplacer: whether a result that is already there may be replaced.

    Attributes:
        neuf: nothing was left there by another run.

    Raises:
        SimulationRefusee: there is a result already, or something else, or another run at work.
    """

    def __init__(self, sortie: Path, remplacer: bool = False) -> None:
        self.sortie = Path(os.path.abspath(sortie))
        self.dossier = self.sortie.with_name(f"{self.sortie.name}.partiel")
        self.resultat = self.dossier / "resultat"
        self._parties, self._ancien = self.dossier / "parties", self.dossier / "ancien"
        self._demande = self.dossier / "demande.json"
        self._refuser_la_sortie(remplacer)
        self._refuser_un_autre_dossier()
        self._verrou = self._verrouiller()
        self._rattraper()
        # Whoever held the lock until now may have put a result there.
        self.neuf = not self._demande.exists()
        try:
            self._refuser_la_sortie(remplacer)
            self._preparer()
        except SimulationRefusee:
            self.refuser()
            raise

    def _refuser_la_sortie(self, remplacer: bool) -> None:
        if not self.sortie.exists():
            return
        if not (self.sortie / ENREGISTREMENT).is_file():
            raise SimulationRefusee(
                f"--sortie : « {self.sortie} » existe et n’est pas le résultat d’une simulation. "
                "Remède : un dossier qui n’existe pas encore."
            )
        if not remplacer:
            raise SimulationRefusee(
                f"--sortie : « {self.sortie} » contient déjà un résultat. Remède : un autre "
                "dossier, ou --remplacer pour le remplacer une fois le calcul fini."
            )

    def _refuser_un_autre_dossier(self) -> None:
        """What no run has made is neither used nor cleared."""
        if not self.dossier.exists() or self._demande.exists():
            return
        connus = {"parties", "resultat", "ancien", "source", "verrou"}
        la = {p.name for p in self.dossier.iterdir()} if self.dossier.is_dir() else {""}
        if any(nom not in connus and not nom.startswith(".") for nom in la):
            raise SimulationRefusee(
                f"« {self.dossier} », où le calcul se ferait, existe et n’est pas celui d’une "
                "simulation. Remède : un autre --sortie."
            )

    def _verrouiller(self) -> Any:
        """Keep other processes out; the system lets go when this one ends, however it ends."""
        place = self.dossier / "verrou"
        while True:
            try:
                self.dossier.mkdir(parents=True, exist_ok=True)
                verrou = place.open("w")
            except OSError as erreur:
                if isinstance(erreur, FileNotFoundError) and self.dossier.parent.is_dir():
                    continue  # a run has just ended, and its folder with it
                raise self._impossible(erreur) from None
            try:
                _fermer_aux_autres(verrou)
                if os.path.samestat(os.fstat(verrou.fileno()), place.stat()):
                    return verrou
                verrou.close()  # that of a run that has just ended
            except FileNotFoundError:
                verrou.close()
            except BlockingIOError:
                verrou.close()
                raise SimulationRefusee(
                    f"« {self.dossier} » : un autre calcul y est en cours. Remède : attendre sa "
                    "fin, ou choisir un autre dossier."
                ) from None
            except OSError as erreur:
                verrou.close()
                raise self._impossible(erreur) from None

    def _impossible(self, erreur: OSError) -> SimulationRefusee:
        return SimulationRefusee(
            f"--sortie : « {self.dossier} » ne peut pas être créé ({erreur.strerror}). Remède : un "
            "dossier où l’on peut écrire."
        )

    def _rattraper(self) -> None:
        """Go back to before a run that was killed while it put its result in its place."""
        for reste in self.dossier.parent.glob(f".{glob.escape(self.dossier.name)}.*"):
            shutil.rmtree(reste, ignore_errors=True)
        if self._ancien.exists() and not self.sortie.exists():
            self._ancien.rename(self.sortie)
        if self._demande.exists() and not self.resultat.exists():  # it did
            self._demande.unlink()

    def _preparer(self) -> None:
        """Make what lacks; what no run answers for is cleared."""
        if self.neuf:
            for reste in (self._parties, self.resultat, self._ancien):
                shutil.rmtree(reste, ignore_errors=True)
        try:
            self._parties.mkdir(exist_ok=True)
            self.resultat.mkdir(exist_ok=True)
        except OSError as erreur:
            raise self._impossible(erreur) from None

    def reconnaitre(self, demande: dict[str, Any]) -> None:
        """Say what the run is, or check that it is the one that was left unfinished.

        Args:
            demande: plain data; a key is what people are told where it differs.

        Raises:
            SimulationRefusee: the folder is that of another run.
        """
        demande = json.loads(json.dumps(demande))
        if self.neuf:
            ecrire_json(self._demande, demande)
            return
        try:
            ancienne = lecture_json.analyser(self._demande.read_bytes())
        except (OSError, ValueError):
            ancienne = {}
        if not isinstance(ancienne, dict):
            ancienne = {}
        autres = [nom for nom in {**demande, **ancienne} if ancienne.get(nom) != demande.get(nom)]
        if autres:
            raise SimulationRefusee(
                f"« {self.dossier} » est celui d’un autre calcul, interrompu ; ce qui diffère : "
                f"{', '.join(autres)}. Remède : relancer la commande d’alors pour la finir, "
                "choisir un autre --sortie, ou supprimer ce dossier."
            )

    def faites(self) -> set[int]:
        """Parts that are finished."""
        noms = (partie.name for partie in self._parties.iterdir())
        return {int(nom) for nom in noms if nom.isascii() and nom.isdigit()}

    def deposer(self, partie: Partie) -> None:
        """Keep a part that is finished."""
        import pyarrow.parquet as pq

        place = self._parties / f"{partie.index:05d}"
        a_cote = self._parties / f".{place.name}"
        shutil.rmtree(a_cote, ignore_errors=True)
        a_cote.mkdir()
        for nom in SCHEMAS:
            pq.write_table(getattr(partie.cellules, nom), a_cote / f"{nom}.parquet")
        ecrire_erreurs(a_cote / "erreurs.csv", partie.erreurs)
        bilan = {
            "lignes": partie.lignes,
            "poids": partie.poids,
            "lectures": [[*cle, *sommes] for cle, sommes in partie.lectures.items()],
        }
        ecrire_json(a_cote / "bilan.json", bilan)
        mettre_sur_le_disque(a_cote, *a_cote.iterdir())
        a_cote.rename(place)
        mettre_sur_le_disque(self._parties)

    def parties(self) -> Iterator[Partie]:
        """Parts that are finished, in the order of the table; one at a time in memory.

        Raises:
            SimulationRefusee: one of them is not as it was written.
        """
        for index in sorted(self.faites()):
            place = self._parties / f"{index:05d}"
            try:
                partie = _lire_une_partie(index, place)
            except (OSError, ValueError, csv.Error) as erreur:
                raise SimulationRefusee(
                    f"« {place} » : la partie ne se lit pas, elle est abîmée ou d’un autre calcul. "
                    f"Remède : supprimer « {self.dossier} », et relancer la commande."
                ) from erreur
            yield partie

    def publier(self) -> None:
        """Put the result in its place, and clear what made it."""
        mettre_sur_le_disque(self.resultat, *self.resultat.rglob("*"))
        if self.sortie.exists():
            self.sortie.rename(self._ancien)
        self.resultat.rename(self.sortie)
        mettre_sur_le_disque(self.sortie.parent)
        self.abandonner()

    def abandonner(self) -> None:
        """Leave nothing behind."""
        # Out of the way at once: half deleted, the folder would be one to go on from.
        reste = self.dossier.with_name(f".{self.dossier.name}.{socket.gethostname()}.{os.getpid()}")
        shutil.rmtree(reste, ignore_errors=True)
        if os.name == "nt":  # it moves no folder of an open file, and has no such lock
            self.fermer()
        self.dossier.rename(reste)
        self.fermer()
        shutil.rmtree(reste, ignore_errors=True)

    def interrompre(self) -> None:
        """Leave what is finished, if anything is."""
        if self.neuf and not self.faites():
            self.abandonner()
        else:
            self.fermer()

    def refuser(self) -> None:
        """Leave nothing of a table that is refused, but what an earlier run had left."""
        if self.neuf:
            self.abandonner()
        else:
            self.fermer()

    def fermer(self) -> None:
        """Let another process take the run up again."""
        self._verrou.close()


def _fermer_aux_autres(verrou: Any) -> None:
    """Lock a file that is open.

    Raises:
        BlockingIOError: another process has.
    """
    try:
        import fcntl
    except ImportError:  # elsewhere than on a Unix, nothing keeps other processes out
        return
    fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lire_une_partie(index: int, place: Path) -> Partie:
    """What `Chantier.deposer` wrote.

    Raises:
        OSError, ValueError, csv.Error: it is not there, or not so.
    """
    bilan = lecture_json.analyser((place / "bilan.json").read_bytes())
    if not isinstance(bilan, dict):
        raise ValueError(f"{type(bilan)}")
    for faute in fautes_du_bilan(bilan):
        raise ValueError(faute)
    return Partie(
        index,
        Cellules(**{nom: _lire(place / f"{nom}.parquet", nom) for nom in SCHEMAS}),
        {(loi, nom, an): sommes for loi, nom, an, *sommes in bilan["lectures"]},
        list(lire_erreurs(place / "erreurs.csv")),
        bilan["lignes"],
        bilan["poids"],
    )


def _lire(fichier: Path, nom: str) -> Any:
    import pyarrow.parquet as pq

    with pq.ParquetFile(fichier) as ouvert:  # `read_table` would import pandas
        lue = ouvert.read()
    if lue.column_names != SCHEMAS[nom].names:
        raise ValueError(f"{lue.column_names}")
    return lue


def ecrire_erreurs(fichier: Path, erreurs: Iterable[ErreurDeLigne]) -> None:
    """Write the rows set aside: ligne, colonne, valeur, raison."""
    with fichier.open("w", encoding="utf-8", newline="") as flux:
        ecrivain = csv.writer(flux)
        ecrivain.writerow(("ligne", "colonne", "valeur", "raison"))
        ecrivain.writerows((e.ligne, e.colonne, e.valeur, e.raison) for e in erreurs)


def lire_erreurs(fichier: Path) -> Iterator[ErreurDeLigne]:
    """The rows that `ecrire_erreurs` wrote."""
    with fichier.open(encoding="utf-8", newline="") as flux:
        lignes = csv.reader(flux)
        next(lignes, None)
        for numero, colonne, valeur, raison in lignes:
            yield ErreurDeLigne(int(numero), colonne, valeur, raison)
