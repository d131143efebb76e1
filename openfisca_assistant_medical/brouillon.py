"""A file is written beside its place, then put there: it is whole, or as it was."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def brouillon(cible: str | Path) -> Iterator[Path]:
    """Path of a draft, which takes the place of a file when the block ends, and goes if it fails.

    Its name tells the machine and the process: others may write the same file at once, the last one
    stands.

    Raises:
        OSError, ValueError: there can be no such file.
    """
    place = Path(cible)
    ecrit = place.with_name(f".{place.name}.{socket.gethostname()}.{os.getpid()}")
    try:
        yield ecrit
        ecrit.replace(place)
    finally:
        ecrit.unlink(missing_ok=True)


def mettre_sur_le_disque(*chemins: Path) -> None:
    """Have files, and the names that folders hold, outlive a power cut.

    Raises:
        OSError: one of them is not there.
    """
    if not hasattr(os, "O_DIRECTORY"):  # elsewhere than on a Unix
        return
    for chemin in chemins:
        ouvert = os.open(chemin, os.O_RDONLY)
        try:
            os.fsync(ouvert)
        finally:
            os.close(ouvert)


def ecrire_json(fichier: Path, objet: Any) -> None:
    """Write plain data as JSON, whole or not at all; the same data gives the same bytes.

    Raises:
        OSError: it cannot be written.
    """
    texte = json.dumps(objet, ensure_ascii=False, indent=2, sort_keys=True)
    with brouillon(fichier) as ecrit:
        ecrit.write_text(f"{texte}\n", encoding="utf-8")
        mettre_sur_le_disque(ecrit)
