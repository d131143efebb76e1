"""A file is written beside its place, then put there: it is whole, or as it was."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
