"""Words to write a schema in."""

from typing import Any

Schema = dict[str, Any]
TEXTE: Schema = {"type": "string"}
TEXTE_OU_RIEN: Schema = {"type": ["string", "null"]}
LOGIQUE: Schema = {"type": "boolean"}
EUROS: Schema = {"type": "number", "description": "En euros."}
ADRESSE: Schema = {"type": "string", "format": "uri"}
JOUR_ISO: Schema = {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}


def objet(description: str, facultatifs: tuple[str, ...] = (), /, **champs: Schema) -> Schema:
    """An object whose fields are all there, but for some, and no other."""
    return {
        "type": "object",
        "description": description,
        "required": [nom for nom in champs if nom not in facultatifs],
        "additionalProperties": False,
        "properties": champs,
    }


def liste(elements: Schema, description: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": elements, **_decrit(description)}


def par_nom(valeurs: Schema, noms: Schema | None = None, description: str = "") -> Schema:
    """An object whose keys are names, or whatever `noms` says."""
    dits = {"propertyNames": noms} if noms else {}
    return {"type": "object", **dits, "additionalProperties": valeurs, **_decrit(description)}


def nommee(nom: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{nom}"}


def ou_rien(schema: Schema) -> Schema:
    """A schema, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


def _decrit(description: str) -> Schema:
    return {"description": description} if description else {}
