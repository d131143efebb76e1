"""A schema told in French, in pieces of text, some of which lead to a schema by its name."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.web.openapi.formes import Schema

_GENRES = {
    "string": "un texte",
    "boolean": "true ou false",
    "integer": "un nombre entier",
    "number": "un nombre",
    "null": "null",
    "object": "un objet",
    "array": "une liste",
}
_COMPOSANTS = "#/components/schemas/"
_MOTS_AU_PLUS = 12


class Morceau(NamedTuple):
    """A piece of text; `vers` is the name of the schema that it leads to."""

    texte: str
    vers: str | None = None


def phrase(schema: Schema) -> list[Morceau]:
    """What a schema accepts, in words."""
    return list(_dire(schema))


def _dire(schema: Schema) -> Iterator[Morceau]:
    for cle in ("oneOf", "anyOf"):
        if cle in schema:
            yield from _ou([_dire(choix) for choix in schema[cle]])
            return
    if "$ref" in schema:
        nom = schema["$ref"].removeprefix(_COMPOSANTS)
        yield Morceau(nom, nom)
    elif "const" in schema:
        yield Morceau(_ecrit(schema["const"]))
    elif "enum" in schema:
        yield Morceau(_un_parmi(schema["enum"]))
    elif schema.get("type") == "array":
        yield Morceau("une liste de : ")
        yield from _dire(schema["items"])
    elif schema.get("type") == "object" and "additionalProperties" in schema:
        yield from _objet(schema)
    else:
        yield Morceau(_simple(schema))


def _ou(choix: list[Iterator[Morceau]]) -> Iterator[Morceau]:
    premier, *suivants = choix
    yield from premier
    yield from chain.from_iterable(((Morceau(", ou "), *dit)) for dit in suivants)


def _objet(schema: Schema) -> Iterator[Morceau]:
    yield Morceau("un objet")
    if schema["additionalProperties"] is False:
        return
    if "propertyNames" in schema:
        yield Morceau(", par ")
        yield from _dire({"type": "string", **schema["propertyNames"]})
    yield Morceau(" : ")
    yield from _dire(schema["additionalProperties"])


def _simple(schema: Schema) -> str:
    genres = schema.get("type", [])
    noms = [_GENRES[genre] for genre in ([genres] if isinstance(genres, str) else genres)]
    texte = " ou ".join(noms) or "une valeur"
    if schema.get("format") == "date":
        texte = "un jour, écrit AAAA-MM-JJ"
    if schema.get("format") == "uri":
        texte = "une adresse"
    if "minimum" in schema and "maximum" in schema:
        texte += f" de {en_mots(schema['minimum'])} à {en_mots(schema['maximum'])}"
    elif "minimum" in schema:
        texte += f" à partir de {en_mots(schema['minimum'])}"
    return texte


def _un_parmi(mots: list[object]) -> str:
    dits = [_ecrit(mot) for mot in mots[:_MOTS_AU_PLUS]]
    suite = "…" if len(mots) > _MOTS_AU_PLUS else ""
    return f"l’un de : {', '.join(dits)}{suite}" if len(dits) > 1 else dits[0]


def _ecrit(valeur: object) -> str:
    return f"{valeur:g}" if isinstance(valeur, float) else str(valeur)
