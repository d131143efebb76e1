"""Reading a situation from a JSON or YAML file."""

import json
import re
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from openfisca_assistant_medical.situations.erreurs import (
    Erreur,
    SituationInvalide,
    mauvais_sommet,
    sous,
)

LIMITE_OCTETS = 1_000_000


class _Doublon:
    """What a key given twice holds, until its path is known."""


class _Chargeur(yaml.SafeLoader):
    """Safe YAML, without aliases, whose scalars are those of YAML 1.2: dates stay as written."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (as the parent class has it)

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            marque = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=marque)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        paires = []
        for cle, valeur in node.value:
            nom = self.construct_object(cle, deep=True)
            if not isinstance(nom, Hashable):
                raise yaml.MarkedYAMLError(problem="clé", problem_mark=cle.start_mark)
            paires.append((nom, self.construct_object(valeur, deep=True)))
        return _sans_perte(paires)


for _etiquette, _motif, _debuts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan",
        list("-+0123456789."),
    ),
):
    _Chargeur.add_implicit_resolver(
        f"tag:yaml.org,2002:{_etiquette}", re.compile(rf"(?:{_motif})$"), _debuts
    )
_Chargeur.add_constructor("tag:yaml.org,2002:int", lambda chargeur, noeud: int(noeud.value))


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
        raise SituationInvalide([Erreur(str(chemin), recu, "un fichier JSON ou YAML")]) from None
    return analyser(octets, str(chemin))


def analyser(octets: bytes, nom: str) -> dict[str, Any]:
    """Read the content of a file; its name tells the format, else its first character does.

    Raises:
        SituationInvalide: see `lire_situation`.
    """
    if len(octets) > LIMITE_OCTETS:
        recu = "plus de 1 Mo (1 000 000 octets)"
        raise SituationInvalide([Erreur(nom, recu, "au plus 1 Mo, soit 1 000 médecins")])
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        lieu = _lieu(octets[: erreur.start].decode("utf-8"), erreur.start)
        raise SituationInvalide(
            [Erreur(nom, f"un octet qui n’est pas de l’UTF-8, {lieu}", "un texte en UTF-8")]
        ) from None
    suffixe = Path(nom).suffix.lower()
    en_json = suffixe == ".json" or (
        suffixe not in (".yaml", ".yml") and texte.lstrip().startswith("{")
    )
    brut = _decoder(texte, nom, en_json)
    if erreurs := list(_doublons(brut)):
        raise SituationInvalide(erreurs)
    if not isinstance(brut, dict):
        raise SituationInvalide([mauvais_sommet(nom, brut)])
    return brut


def _decoder(texte: str, nom: str, en_json: bool) -> Any:
    genre = "JSON" if en_json else "YAML"
    attendu = f"un document {genre} bien formé"
    try:
        if en_json:
            return json.loads(texte, object_pairs_hook=_sans_perte)
        return yaml.load(texte, Loader=_Chargeur)
    except json.JSONDecodeError as erreur:
        recu = f"du JSON mal formé, {_lieu(texte, erreur.pos)}"
    except yaml.MarkedYAMLError as erreur:
        marque = erreur.problem_mark or erreur.context_mark
        lieu = _lieu(texte, marque.index) if marque else "à la fin"
        recu = f"du YAML mal formé, {lieu}"
        if erreur.problem == "alias":
            recu, attendu = f"un alias YAML, {lieu}", "chaque valeur écrite en entier"
    except yaml.reader.ReaderError as erreur:
        recu = f"un caractère interdit, {_lieu(texte, erreur.position)}"
    except RecursionError:
        recu = f"du {genre} trop imbriqué"
    except ValueError:
        recu, attendu = "un nombre ou une date impossible", "des nombres de moins de 20 chiffres"
    raise SituationInvalide([Erreur(nom, recu, attendu)])


def _lieu(texte: str, position: int) -> str:
    avant = texte[:position]
    return f"ligne {avant.count(chr(10)) + 1}, colonne {len(avant) - avant.rfind(chr(10))}"
