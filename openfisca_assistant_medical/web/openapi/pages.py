"""The reference of the API and its versions, as pages for people."""

import json
from functools import cache
from typing import Any, NamedTuple

from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import dernier_changement, par_cle
from openfisca_assistant_medical.web.openapi.document import document
from openfisca_assistant_medical.web.openapi.operations import TAGS
from openfisca_assistant_medical.web.openapi.phrases import Morceau, phrase
from openfisca_assistant_medical.web.rendu import page

_EXPLICATION = "Explication"


class Champ(NamedTuple):
    """A field of a schema, as a line of its table."""

    nom: str
    titre: str
    phrase: list[Morceau]
    description: str
    obligatoire: bool


class Forme(NamedTuple):
    """A schema of the document: its fields, or its words where it has none."""

    nom: str
    description: str
    phrase: list[Morceau]
    champs: list[Champ]
    langue: str


class Adresse(NamedTuple):
    """An operation, with the addresses of the laws that answer to it."""

    nom: str
    methode: str
    chemins: list[str]
    operation: dict[str, Any]


def documentation(configuration: Configuration) -> str:
    """The reference page, from the document."""
    return page("openapi/documentation.html", **_reference(configuration))


def versions() -> str:
    """The page on versions and deprecation."""
    lois = [(loi.titre, cle, dernier_changement(cle)) for cle, loi in par_cle().items()]
    return page("openapi/versions.html", lois=lois)


@cache
def _reference(configuration: Configuration) -> dict[str, Any]:
    contenu = document(configuration)
    composants = contenu["components"]
    return {
        "paragraphes": contenu["info"]["description"].strip().split("\n\n"),
        "tags": TAGS,
        "adresses": _adresses(contenu["paths"]),
        "refus": composants["responses"],
        "entetes": composants["headers"],
        "formes": [_forme(nom, schema) for nom, schema in composants["schemas"].items()],
        "phrase": phrase,
        "ecrire": _ecrire,
    }


def _adresses(chemins: dict[str, Any]) -> dict[str, list[Adresse]]:
    """Operations by tag; the same one of two laws is told once."""
    trouvees: dict[str, Adresse] = {}
    for chemin, methodes in chemins.items():
        for methode, operation in methodes.items():
            nom = operation["operationId"].removesuffix("_2023")
            adresse = trouvees.setdefault(nom, Adresse(nom, methode.upper(), [], operation))
            adresse.chemins.append(chemin)
    return {tag: [a for a in trouvees.values() if a.operation["tags"] == [tag]] for tag in TAGS}


def _forme(nom: str, schema: dict[str, Any]) -> Forme:
    obligatoires = schema.get("required", ())
    champs = [
        Champ(
            cle,
            champ.get("title", ""),
            phrase(champ),
            champ.get("description", ""),
            cle in obligatoires,
        )
        for cle, champ in schema.get("properties", {}).items()
    ]
    langue = "en" if nom.startswith(_EXPLICATION) else "fr"
    dite = [] if champs else phrase(schema)
    return Forme(nom, schema.get("description", ""), dite, champs, langue)


def _ecrire(valeur: Any) -> str:
    return json.dumps(valeur, ensure_ascii=False, indent=1)
