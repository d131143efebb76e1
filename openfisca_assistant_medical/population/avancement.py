"""How far a long computation is: a bar in a terminal, a line a minute elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from openfisca_assistant_medical.affichage import en_mots

Suivi = Callable[[int, int], object]  # told the rows done and their number
_PERIODE = 60  # seconds


@contextmanager
def suivre(titre: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told the rows done and their number, and says so on the standard error."""
    if sys.stderr.isatty():
        yield from _barre(titre)
    else:
        yield _lignes(titre)


def _barre(titre: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    colonnes = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*colonnes, console=console, transient=True) as progression:
        tache = progression.add_task(titre, total=None)
        yield lambda faits, total: progression.update(tache, completed=faits, total=total)


def _lignes(titre: str) -> Callable[[int, int], None]:
    derniere = time.monotonic()

    def dire(faits: int, total: int) -> None:
        nonlocal derniere
        if time.monotonic() - derniere >= _PERIODE:
            derniere = time.monotonic()
            print(f"{titre} : {en_mots(faits)} lignes sur {en_mots(total)}", file=sys.stderr)

    return dire
