"""Words that people write, and the one they may have meant."""

from collections.abc import Collection
from typing import Any


def proche(mot: Any, noms: Collection[str]) -> str:
    """« ; le plus proche : … », or nothing."""
    import difflib  # here: no word is wrong most of the time

    proches = difflib.get_close_matches(mot[:64], noms, n=1) if isinstance(mot, str) else ()
    return f" ; le plus proche : « {proches[0]} »" if proches else ""
