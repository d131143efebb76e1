"""Reading a situation from a JSON or YAML file."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.ecrits import (
    Accroc,
    Illisible,
    decoder,
    lieu_de,
    lire,
    mot_de_yaml,
)
from openfisca_assistant_medical.situations.erreurs import (
    Erreur,
    SituationInvalide,
    mauvais_sommet,
    sous,
)

LIMITE_OCTETS = 1_000_000


class _Doublon:
    """What a key given twice holds, until its path is known."""


def _sans_perte(paires: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """A mapping where a key given twice (1 and "1" are one key) is marked, not lost."""
    resultat: dict[Any, Any] = {}
    for cle, valeur in paires:
        texte = str(cle) if isinstance(cle, int) and not isinstance(cle, bool) else cle
        resultat[texte] = _Doublon() if texte in resultat else valeur
    return resultat


def _doublons(valeur: Any, champ: str = "") -> Iterator[Erreur]:
    if isinstance(valeur, _Doublon):
        yield Erreur(champ, "deux fois le même champ", "chaque champ une seule fois")
    enfants: Iterable[tuple[Any, Any]] = ()
    if isinstance(valeur, dict):
        enfants = valeur.items()
    elif isinstance(valeur, list):
        enfants = enumerate(valeur)
    for cle, enfant in enfants:
        yield from _doublons(enfant, sous(champ, cle))


def lire_situation(chemin: str | Path) -> dict[str, Any]:
    """Read a JSON or YAML file (UTF-8, 1 MB at most).

    Raises:
        SituationInvalide: no such file, too big, not UTF-8, malformed, or a key given twice.
    """
    try:
        with Path(chemin).open("rb") as fichier:
            octets = fichier.read(LIMITE_OCTETS + 1)
    except OSError as erreur:
        recu = {
            FileNotFoundError: "un nom auquel aucun fichier ne répond",
            IsADirectoryError: "un dossier",
            PermissionError: "un fichier dont la lecture est interdite",
        }.get(type(erreur), "un fichier illisible")
        raise SituationInvalide([Erreur(str(chemin), recu, "un fichier JSON ou YAML")]) from erreur
    return analyser(octets, str(chemin))


def analyser(octets: bytes, nom: str) -> dict[str, Any]:
    """Read the content of a file; its name tells the format, else its first character does.

    Raises:
        SituationInvalide: see `lire_situation`.
    """
    try:
        texte = decoder(octets, LIMITE_OCTETS)
    except Illisible as illisible:
        raise _illisible(illisible, nom) from illisible
    suffixe = Path(nom).suffix.lower()
    en_json = suffixe == ".json" or (
        suffixe not in (".yaml", ".yml") and texte.lstrip().startswith("{")
    )
    brut = _du_json(texte, nom) if en_json else _du_yaml(texte, nom)
    if not isinstance(brut, dict):
        raise SituationInvalide([mauvais_sommet(nom, brut)])
    return brut


def _du_yaml(texte: str, nom: str) -> Any:
    try:
        ecrit, accrocs = lire(texte, nom, mot_de_yaml)
    except Illisible as illisible:
        raise _illisible(illisible, nom) from illisible
    if accrocs:
        raise SituationInvalide(_erreur(accroc, nom) for accroc in accrocs)
    return ecrit.nu()


def _du_json(texte: str, nom: str) -> Any:
    attendu = "un document JSON bien formé"
    cause: Exception
    try:
        brut = json.loads(texte, object_pairs_hook=_sans_perte)
        erreurs = list(_doublons(brut))
    except json.JSONDecodeError as erreur:
        recu = f"du JSON mal formé, {_lieu(*lieu_de(texte, erreur.pos))}"
        cause = erreur
    except RecursionError as erreur:
        recu, cause = "du JSON trop imbriqué", erreur
    except ValueError as erreur:
        recu, attendu = "un nombre ou une date impossible", "des nombres de moins de 20 chiffres"
        cause = erreur
    else:
        if erreurs:
            raise SituationInvalide(erreurs)
        return brut
    raise SituationInvalide([Erreur(nom, recu, attendu)]) from cause


# What is told of a situation in other words than the reader's; {} is where.
_DITS = {
    "taille": ("plus de 1 Mo (1 000 000 octets)", "au plus 1 Mo, soit 1 000 médecins"),
    "octet": ("un octet qui n’est pas de l’UTF-8, {}", "un texte en UTF-8"),
    "alias": ("un alias YAML, {}", "chaque valeur écrite en entier"),
    "ancre": ("une ancre YAML, {}", "chaque valeur écrite en entier"),
}
# Refused of the YAML itself, and not of one of its fields.
_MAL_FORME = ("mal_forme", "tabulation", "etiquette", "document", "cle")


def _erreur(accroc: Accroc, nom: str) -> Erreur:
    ou = _lieu(accroc.ligne, accroc.colonne)
    if accroc.genre == "doublon":
        champ = ""
        for cle in accroc.champs:
            champ = sous(champ, cle)
        return Erreur(champ, accroc.recu, accroc.attendu)
    recu, attendu = _DITS.get(accroc.genre, (f"{accroc.recu}, {{}}", accroc.attendu))
    if accroc.genre in _MAL_FORME:
        recu = "du YAML mal formé, {}"
        if accroc.genre != "mal_forme":
            recu += f" : {accroc.recu}"
    return Erreur(nom, recu.replace("{}", ou), attendu)


def _illisible(illisible: Illisible, nom: str) -> SituationInvalide:
    return SituationInvalide(_erreur(accroc, nom) for accroc in illisible.accrocs)


def _lieu(ligne: int, colonne: int) -> str:
    return f"ligne {ligne}, colonne {colonne}" if ligne else "à la fin"
