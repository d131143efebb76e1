"""The folder of a run: what is finished stays there, and the same command takes it up again.

`DIR.partiel/` holds `demande.json` (what the run is), `parties/00007/` (cells of a part that is
finished), `resultat/` (what will be DIR) and `verrou`. A part, and the result, are written beside
their place, then renamed: whatever is in its place is whole.
"""

import csv
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.population.cellules import Cellules
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne

ENREGISTREMENT = "enregistrement.json"
_TABLES = ("droits", "caisse", "ecarts")
# What a reading changes in a year: rows, weights and euros × weights, both in millionths: whole
# numbers add up to the same in any order.
Lectures = dict[tuple[str, str, int], list[int]]
MICRO = 1_000_000


def en_micro(valeurs: NDArray[numpy.float64]) -> int:
    """Sum of values rounded to the millionth, in millionths."""
    return int(numpy.rint(valeurs * MICRO).astype(numpy.int64).sum())


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

    Raises:
        SimulationRefusee: there is a result already, or something else, or another run at work.
    """

    def __init__(self, sortie: Path, remplacer: bool = False) -> None:
        self.sortie = sortie
        self.dossier = sortie.with_name(f"{sortie.name}.partiel")
        self.resultat = self.dossier / "resultat"
        self._parties = self.dossier / "parties"
        self._refuser_la_sortie(remplacer)
        self.neuf = not self.dossier.exists()
        try:
            self._parties.mkdir(parents=True, exist_ok=True)
            self.resultat.mkdir(exist_ok=True)
        except OSError as erreur:
            raise SimulationRefusee(
                f"--sortie : « {self.dossier} » ne peut pas être créé ({erreur.strerror}). Remède "
                ": un dossier où l’on peut écrire."
            ) from None
        self._verrou = self._verrouiller()

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

    def _verrouiller(self) -> Any:
        """Keep other processes out; the system lets go when this one ends, however it ends."""
        try:
            import fcntl
        except ImportError:  # elsewhere than on a Unix
            return None
        verrou = (self.dossier / "verrou").open("w")
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            verrou.close()
            raise SimulationRefusee(
                f"« {self.dossier} » : un autre calcul y est en cours. Remède : attendre sa fin, "
                "ou choisir un autre dossier."
            ) from None
        return verrou

    def reconnaitre(self, demande: dict[str, Any]) -> None:
        """Say what the run is, or check that it is the one that was left unfinished.

        Args:
            demande: plain data; a key is what people are told where it differs.

        Raises:
            SimulationRefusee: the folder is that of another run.
        """
        fichier = self.dossier / "demande.json"
        demande = json.loads(json.dumps(demande))
        if not fichier.exists():
            ecrire_json(fichier, demande)
            return
        ancienne = json.loads(fichier.read_text("utf-8"))
        autres = [cle for cle in demande if ancienne.get(cle) != demande[cle]]
        if autres:
            raise SimulationRefusee(
                f"« {self.dossier} » est celui d’un autre calcul, interrompu ; ce qui diffère : "
                f"{', '.join(autres)}. Remède : relancer la commande d’alors pour la finir, "
                "choisir un autre --sortie, ou supprimer ce dossier."
            )

    def faites(self) -> set[int]:
        """Parts that are finished."""
        return {int(partie.name) for partie in self._parties.iterdir() if partie.name.isdigit()}

    def deposer(self, partie: Partie) -> None:
        """Keep a part that is finished."""
        import pyarrow.parquet as pq

        place = self._parties / f"{partie.index:05d}"
        brouillon = self._parties / f".{place.name}"
        shutil.rmtree(brouillon, ignore_errors=True)
        brouillon.mkdir()
        for nom in _TABLES:
            pq.write_table(getattr(partie.cellules, nom), brouillon / f"{nom}.parquet")
        ecrire_erreurs(brouillon / "erreurs.csv", partie.erreurs)
        bilan = {
            "lignes": partie.lignes,
            "poids": partie.poids,
            "lectures": [[*cle, *sommes] for cle, sommes in partie.lectures.items()],
        }
        ecrire_json(brouillon / "bilan.json", bilan)
        brouillon.rename(place)

    def parties(self) -> Iterator[Partie]:
        """Parts that are finished, in the order of the table; one at a time in memory."""
        for index in sorted(self.faites()):
            place = self._parties / f"{index:05d}"
            bilan = json.loads((place / "bilan.json").read_text("utf-8"))
            yield Partie(
                index,
                Cellules(**{nom: _lire(place / f"{nom}.parquet") for nom in _TABLES}),
                {(loi, nom, an): sommes for loi, nom, an, *sommes in bilan["lectures"]},
                list(lire_erreurs(place / "erreurs.csv")),
                bilan["lignes"],
                bilan["poids"],
            )

    def publier(self) -> None:
        """Put the result in its place, and clear what made it."""
        ancien = self.sortie.with_name(f".{self.sortie.name}.{os.getpid()}.ancien")
        if self.sortie.exists():
            self.sortie.rename(ancien)
        self.resultat.rename(self.sortie)
        shutil.rmtree(ancien, ignore_errors=True)
        self.abandonner()

    def abandonner(self) -> None:
        """Leave nothing behind."""
        self.fermer()
        shutil.rmtree(self.dossier, ignore_errors=True)

    def interrompre(self) -> None:
        """Leave what is finished, if anything is."""
        if self.neuf and not self.faites():
            self.abandonner()
        else:
            self.fermer()

    def fermer(self) -> None:
        """Let another process take the run up again."""
        if self._verrou is not None:
            self._verrou.close()


def _lire(fichier: Path) -> Any:
    import pyarrow.parquet as pq

    with pq.ParquetFile(fichier) as lu:  # `read_table` would import pandas
        return lu.read()


def ecrire_json(fichier: Path, objet: Any) -> None:
    """Write plain data, whole or not at all."""
    brouillon = fichier.with_name(f".{fichier.name}")
    texte = json.dumps(objet, ensure_ascii=False, indent=2, sort_keys=True)
    brouillon.write_text(f"{texte}\n", encoding="utf-8")
    brouillon.replace(fichier)


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
        next(lignes)
        for numero, colonne, valeur, raison in lignes:
            yield ErreurDeLigne(int(numero), colonne, valeur, raison)
