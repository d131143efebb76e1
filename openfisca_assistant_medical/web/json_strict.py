"""JSON as it is written, and nothing else: nothing in it is guessed, lost or left out.

What the parser of Python lets through is refused here: a key given twice (it keeps the last one),
NaN and Infinity (which JSON has not), `1e400` (read as an infinity), any depth.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import sous
from openfisca_assistant_medical.web.erreurs import Refuse

_MAL_FORME = "Le corps n’est pas du JSON : corriger ce qui suit, puis renvoyer la requête."
# Deeper than any setting accepts, and than faults are looked for.
_PROFOND = 100


def analyser(corps: bytes, profondeur: int) -> Any:
    """Strict JSON.

    Args:
        corps: of the request.
        profondeur: deepest nesting accepted, that of `{"a": 1}` being 1.

    Raises:
        Refuse: 400, with the place (line and column) or the path of each fault.
    """
    valeur = decoder(corps)
    if trop_profond(valeur, profondeur):
        raise profond(profondeur)
    return valeur


def decoder(corps: bytes) -> Any:
    """Strict JSON of any depth that the parser stands; see `analyser`."""
    try:
        texte = corps.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        recu = f"un octet qui n’est pas de l’UTF-8, à la position {erreur.start + 1}"
        raise Refuse(400, _MAL_FORME, [Erreur("", recu, "un texte en UTF-8")]) from None
    if not texte.strip():
        raise Refuse(400, _MAL_FORME, [Erreur("", "un corps vide", "un objet JSON")])
    try:
        return json.loads(
            texte, object_pairs_hook=_objet, parse_float=_decimal, parse_constant=_constante
        )
    except _Impropre:
        raise Refuse(400, _MAL_FORME, _fautes(texte)) from None
    except json.JSONDecodeError as erreur:
        recu = f"du JSON mal formé, ligne {erreur.lineno}, colonne {erreur.colno}"
        raise Refuse(400, _MAL_FORME, [Erreur("", recu, "un document JSON bien formé")]) from None
    except RecursionError:
        raise profond(None) from None
    except ValueError:
        attendu = "des nombres de moins de 20 chiffres"
        raise Refuse(400, _MAL_FORME, [Erreur("", "un nombre démesuré", attendu)]) from None


class _Impropre(Exception):
    """Something that JSON has not, or that would be lost."""


@dataclass(frozen=True)
class _Faute:
    """What stands for a value refused, until its path is known."""

    recu: str
    attendu: str


def _objet(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    resultat = dict(paires)
    if len(resultat) != len(paires):
        raise _Impropre
    return resultat


def _decimal(texte: str) -> float:
    nombre = float(texte)
    if math.isinf(nombre):
        raise _Impropre
    return nombre


def _constante(texte: str) -> Any:
    raise _Impropre


def _fautes(texte: str) -> list[Erreur]:
    """What is refused in a text, with its path: read a second time, with marks."""

    def objet(paires: list[tuple[str, Any]]) -> dict[str, Any]:
        resultat: dict[str, Any] = {}
        for cle, valeur in paires:
            double = _Faute("deux fois le même champ", "chaque champ une seule fois")
            resultat[cle] = double if cle in resultat else valeur
        return resultat

    def decimal(ecrit: str) -> Any:
        nombre = float(ecrit)
        return _Faute(ecrit[:60], "un nombre à portée") if math.isinf(nombre) else nombre

    marque = json.loads(
        texte,
        object_pairs_hook=objet,
        parse_float=decimal,
        parse_constant=lambda ecrit: _Faute(ecrit, "un nombre, ou null pour demander un résultat"),
    )
    if trop_profond(marque, _PROFOND):
        raise profond(None)
    return list(_marques(marque))[:50]


def _marques(valeur: Any, champ: str = "") -> Iterator[Erreur]:
    if isinstance(valeur, _Faute):
        yield Erreur(champ, valeur.recu, valeur.attendu)
    enfants = valeur.items() if isinstance(valeur, dict) else ()
    for cle, enfant in enumerate(valeur) if isinstance(valeur, list) else enfants:
        yield from _marques(enfant, sous(champ, cle))


def trop_profond(valeur: Any, profondeur: int) -> bool:
    """Whether a value is nested deeper than that; level after level, without recursion."""
    niveau = [valeur] if isinstance(valeur, dict | list) else []
    for _ in range(profondeur):
        niveau = [
            enfant
            for objet in niveau
            for enfant in (objet.values() if type(objet) is dict else objet)
            if type(enfant) is dict or type(enfant) is list
        ]
        if not niveau:
            return False
    return bool(niveau)


def profond(profondeur: int | None) -> Refuse:
    """Refusal of what is nested too deep.

    Args:
        profondeur: the limit; None = that of the parser.
    """
    attendu = f"au plus {profondeur} niveaux" if profondeur else "quelques niveaux"
    return Refuse(
        400,
        "Le corps est trop imbriqué pour être une situation.",
        [Erreur("", "des objets ou des listes trop imbriqués", attendu)],
    )
