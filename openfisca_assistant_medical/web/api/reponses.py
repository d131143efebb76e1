"""Answers in JSON that every reader of JSON accepts."""

import json
import math
from datetime import date
from typing import Any

from flask import Response

from openfisca_assistant_medical.web.erreurs import JSON


def clair(valeur: Any) -> Any:
    """A value as plain data: ISO dates, null for what is not a number, names as keys."""
    if isinstance(valeur, dict):
        return {str(cle): clair(enfant) for cle, enfant in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [clair(enfant) for enfant in valeur]
    if isinstance(valeur, float):
        return valeur if math.isfinite(valeur) else None
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def en_json(donnees: Any) -> Response:
    """An answer in JSON, in UTF-8, its keys in the order in which they are given."""
    return deja_clair(clair(donnees))


def deja_clair(donnees: Any) -> Response:
    """The same, of what is plain already, and is not gone through again."""
    texte = json.dumps(donnees, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(f"{texte}\n", content_type=JSON)
