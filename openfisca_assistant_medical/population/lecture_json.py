"""JSON that was handed over: what Python's parser lets through or guesses is refused."""

import json
import math
from typing import Any


def analyser(texte: str | bytes) -> Any:
    """What a text says.

    Raises:
        ValueError: it is not JSON, is nested without end, or holds a number that is none, a key
            twice, half of a sign.
    """
    try:
        lu = json.loads(texte, object_pairs_hook=_objet, parse_float=_fini, parse_constant=_fini)
        json.dumps(lu, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested without end") from None
    return lu


def _objet(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet = dict(paires)
    if len(objet) < len(paires):
        raise ValueError("a key twice")
    return objet


def _fini(texte: str) -> float:
    nombre = float(texte)
    if not math.isfinite(nombre):
        raise ValueError(texte)
    return nombre
