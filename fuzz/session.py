"""A session at a door: inputs drawn until the time is over, or until one is a finding.

The door is in a process of its own. Another one looks at it: an input that takes too long, or too
much memory, or that kills the process, is a finding as well.
"""

import contextlib
import logging
import multiprocessing
import resource
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from fuzz.changements import changer
from fuzz.corpus import lire_le_corpus
from fuzz.portes import PORTES, Porte
from fuzz.verdict import Manquement, Verdict

SECONDES_PAR_ENTREE = 20.0
MEMOIRE = 1_500  # MB more than at the start
_LOT = 200  # inputs drawn from one seed
_ESSAIS_DE_REDUCTION = 400
_SECONDES_DE_REDUCTION = 60.0
_PAUSE = 0.1


@dataclass(frozen=True)
class Trouvaille:
    """An input that a door neither computed nor refused as it should.

    Attributes:
        octets: the input, made small.
        genre: of the fault.
        detail: the message and where it comes from.
    """

    octets: bytes
    genre: str
    detail: str


@dataclass(frozen=True)
class Bilan:
    """What a session did.

    Attributes:
        entrees: inputs tried; `acceptees`: those that were computed.
        trouvaille: what it stopped at.
    """

    entrees: int
    acceptees: int
    trouvaille: Trouvaille | None = None


class _Fini(BaseException):
    """The time is over: no failure, hence no `Exception`, which Hypothesis would make small."""


def juger(essayer: Callable[[bytes], Verdict], octets: bytes) -> Verdict:
    """The verdict of a door; whatever it lets through is a fault.

    Raises:
        Manquement: see there.
    """
    logging.disable(logging.CRITICAL)
    try:
        return essayer(octets)
    except Manquement:
        raise
    except Exception as erreur:
        place = traceback.extract_tb(erreur.__traceback__)[-1]
        genre = f"{type(erreur).__name__} dans {Path(place.filename).name}:{place.name}"
        raise Manquement(genre, "".join(traceback.format_exception(erreur))[-3_000:]) from erreur
    finally:
        logging.disable(logging.NOTSET)


def chercher(
    porte: Porte,
    secondes: float,
    graine: int,
    semences: Sequence[bytes],
    *,
    au_plus: int | None = None,
    avant: Callable[[bytes], object] = lambda octets: None,
    apres: Callable[[bool], object] = lambda accepte: None,
) -> Bilan:
    """Draw inputs for a door, in this process.

    Args:
        porte: the door.
        secondes: how long.
        graine: the same gives the same inputs.
        semences: inputs to change.
        au_plus: most inputs; None = as many as the time allows.
        avant: called with each input.
        apres: called after each, with whether it was accepted.
    """
    tirees = porte.tirer()  # what a door makes once is not of the time
    fin = time.monotonic() + secondes
    compte = [0, 0]
    derniere: list[Any] = [b"", None]
    entrees = st.one_of(tirees, changer(semences, porte.mots)) if semences else tirees

    def essai(octets: bytes) -> None:
        if derniere[1] is None and (time.monotonic() > fin or compte[0] == au_plus):
            raise _Fini
        avant(octets)
        accepte = False
        try:
            accepte = juger(porte.essayer, octets).accepte
        except Manquement as manquement:
            derniere[:] = octets, manquement
            raise
        finally:
            compte[0] += 1
            compte[1] += accepte
            apres(accepte)

    lot = 0
    while time.monotonic() < fin and (au_plus is None or compte[0] < au_plus):
        essayer_un_lot = seed(graine * 1_000_003 + lot)(
            settings(
                max_examples=_LOT,
                database=None,
                deadline=None,
                derandomize=False,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
                print_blob=False,
            )(given(entrees)(essai))
        )
        lot += 1
        with contextlib.suppress(Manquement, Flaky, _Fini):
            essayer_un_lot()
        octets, manquement = derniere
        if manquement is not None:
            octets = reduire(porte, octets, manquement.genre, avant)
            return Bilan(
                compte[0], compte[1], Trouvaille(octets, manquement.genre, str(manquement))
            )
    return Bilan(compte[0], compte[1])


def reduire(
    porte: Porte, octets: bytes, genre: str, avant: Callable[[bytes], object] = lambda octets: None
) -> bytes:
    """A smaller input with the same fault: parts are taken out as long as it stays."""
    fin = time.monotonic() + _SECONDES_DE_REDUCTION
    essais = 0

    def faute(essai: bytes) -> bool:
        avant(essai)
        try:
            juger(porte.essayer, essai)
        except Manquement as manquement:
            return manquement.genre == genre
        return False

    for coupe in (bytes.splitlines, _en_octets):
        morceaux: list[bytes] = coupe(octets, True)
        taille = max(1, len(morceaux) // 2)
        while taille and essais < _ESSAIS_DE_REDUCTION and time.monotonic() < fin:
            debut = 0
            while debut < len(morceaux) and essais < _ESSAIS_DE_REDUCTION:
                reste = morceaux[:debut] + morceaux[debut + taille :]
                essais += 1
                if faute(b"".join(reste)):
                    morceaux = reste
                else:
                    debut += taille
            taille //= 2
        octets = b"".join(morceaux)
    return octets


def _en_octets(octets: bytes, _: bool) -> list[bytes]:
    return [bytes([octet]) for octet in octets]


def semences_de(porte: str) -> list[bytes]:
    """What a session at a door changes: what the corpus and the rest of the project keep for it."""
    gardees = [entree.octets for entree in lire_le_corpus() if entree.porte == porte]
    return [*gardees, *PORTES[porte].ailleurs()]


# --- A process of its own -------------------------------------------------------------------------


def surveiller(
    porte: Porte,
    secondes: float,
    graine: int,
    *,
    semences: Sequence[bytes],
    limite: float = SECONDES_PAR_ENTREE,
    memoire: int = MEMOIRE,
    suivi: Callable[[int, int], object] = lambda entrees, acceptees: None,
) -> Bilan:
    """Draw inputs for a door in a process of its own, which is ended at an input that it dies of.

    Args:
        porte: one of `PORTES`, or one that a forked process can call.
        secondes: how long.
        graine: the same gives the same inputs.
        semences: inputs to change.
        limite: seconds that an input may take.
        memoire: MB that the process may take after its first input.
        suivi: called now and then with the inputs tried and accepted.
    """
    contexte = multiprocessing.get_context("fork")
    essais, acceptees = contexte.Value("q", 0), contexte.Value("q", 0)
    debut = contexte.Value("d", 0.0)  # of the current input; 0 = between two
    ici, la_bas = contexte.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as dossier:
        en_cours = Path(dossier) / "en_cours"

        def avant(octets: bytes) -> None:
            en_cours.write_bytes(octets)
            debut.value = time.monotonic()

        def apres(accepte: bool) -> None:
            debut.value = 0.0
            essais.value += 1
            acceptees.value += accepte

        def enfant() -> None:
            tempfile.tempdir = dossier  # what it leaves goes with it
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            la_bas.send(chercher(porte, secondes, graine, semences, avant=avant, apres=apres))

        processus = contexte.Process(target=enfant)
        processus.start()
        la_bas.close()
        depart: int | None = None
        genre = ""
        while not genre and not ici.poll(_PAUSE):
            suivi(essais.value, acceptees.value)
            prise = _memoire_de(processus.pid)
            if essais.value and depart is None:
                depart = prise
            duree = time.monotonic() - (debut.value or time.monotonic())
            genre = _exces(duree, limite, prise - (prise if depart is None else depart), memoire)
        try:
            bilan = None if genre else ici.recv()
        except EOFError:
            bilan, genre = None, "processus mort"
        processus.kill()
        processus.join()
        if bilan is None:
            fatale = en_cours.read_bytes() if en_cours.exists() else b""
            trouvee = Trouvaille(fatale, genre, f"{genre} ; l’entrée n’est pas réduite")
            bilan = Bilan(essais.value, acceptees.value, trouvee)
        return bilan


def _exces(duree: float, limite: float, prise: int, memoire: int) -> str:
    """What an input has taken too much of; empty if nothing."""
    if duree > limite:
        return f"plus de {limite:g} s pour une entrée"
    return f"plus de {memoire} Mo pris" if prise > memoire else ""


def _memoire_de(pid: int | None) -> int:
    """MB that a process holds; 0 once it is gone, or where that cannot be told."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize() // 2**20


def rejouer(noms: Iterable[str] = ()) -> list[tuple[str, str, str]]:
    """Try every input of the corpus again: door, name, and what it gives other than expected."""
    choisies = set(noms)
    ecarts = []
    for entree in lire_le_corpus():
        if choisies and entree.porte not in choisies:
            continue
        try:
            donne = juger(PORTES[entree.porte].essayer, entree.octets).en_clair()
        except Manquement as manquement:
            ecarts.append((entree.porte, entree.nom, str(manquement)))
            continue
        if donne != entree.attendu:
            ecarts.append((entree.porte, entree.nom, f"{donne}, attendu {entree.attendu}"))
    return ecarts
