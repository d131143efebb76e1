"""Addresses, methods, statuses and headers of the service."""

from typing import Any

from openfisca_assistant_medical.web.erreurs import JSON
from openfisca_assistant_medical.web.lois import Loi, convention, par_cle
from openfisca_assistant_medical.web.openapi.formes import Schema, nommee

REFUS = {
    400: "Demande refusée : chaque faute, ce qui a été reçu, ce qui est admis.",
    404: "Aucune adresse, aucun nom ne répond : le plus proche est donné.",
    405: "Autre méthode que celles de cette adresse, que donne l’en-tête Allow.",
    408: "Corps coupé avant sa fin.",
    413: "Corps trop long.",
    415: "Corps qui ne dit pas être du JSON en UTF-8.",
    503: "Réponse trop longue à faire, ou service pas encore prêt : demander moins, ou plus tard.",
}
_LECTURE = (400, 405, 503)
_NOMMEE = (400, 404, 405, 503)
_ENVOI = (400, 405, 408, 413, 415, 503)
_HTML = "text/html"
TAGS = {
    "Calcul": "Donner une situation, demander des résultats.",
    "Droit": "Les chiffres, les règles et leurs sources.",
    "Service": "L’état du service et sa documentation.",
}


def entetes() -> dict[str, Schema]:
    """Headers of the answers, by name of component."""
    decrits = {
        "Country-Package": "Nom du paquet.",
        "Country-Package-Version": "Version du paquet (sémantique).",
        "Assistant-Medical-Loi": "Clé de la loi qui a répondu.",
        "Assistant-Medical-Droit": "Dernier jour, ISO, où un chiffre de cette loi change.",
        "Cache-Control": "no-store : ne pas garder la réponse.",
        "Allow": "Méthodes admises.",
        "Retry-After": "Secondes à attendre.",
    }
    schemas: dict[str, Schema] = {nom: {"type": "string"} for nom in decrits}
    schemas["Country-Package-Version"] = nommee("Version")
    schemas["Assistant-Medical-Loi"] = {"enum": list(par_cle())}
    schemas["Assistant-Medical-Droit"] = nommee("Jour")
    schemas["Cache-Control"] = {"const": "no-store"}
    return {
        nom: {"description": texte, "required": nom != "Retry-After", "schema": schemas[nom]}
        for nom, texte in decrits.items()
    }


def refus() -> dict[str, Schema]:
    """Answers that refuse, by name of component."""
    propres = {405: ("Allow",), 503: ("Retry-After",)}
    return {
        f"Refus{statut}": {
            "description": phrase,
            "headers": _entetes("Cache-Control", *propres.get(statut, ())),
            "content": {JSON: {"schema": nommee("Refus")}},
        }
        for statut, phrase in REFUS.items()
    }


def _entetes(*noms: str, loi: bool = False) -> Schema:
    tous = ["Country-Package", "Country-Package-Version", *noms]
    tous += ["Assistant-Medical-Loi", "Assistant-Medical-Droit"] if loi else []
    return {nom: {"$ref": f"#/components/headers/{nom}"} for nom in tous}


class Operation:
    """One method of one address, as the document tells it."""

    def __init__(self, nom: str, tag: str, titre: str, description: str = "") -> None:
        self.contenu: dict[str, Any] = {
            "operationId": nom,
            "tags": [tag],
            "summary": titre,
            "description": description or f"{titre}.",
        }
        self.statuts: tuple[int, ...] = _LECTURE
        self.entetes: Schema = _entetes()

    def de_la_loi(self, loi: Loi) -> "Operation":
        """Says which law answers."""
        self.contenu["operationId"] += "" if loi == convention() else "_2023"
        self.contenu["description"] += f" Loi : {loi.titre}."
        self.entetes |= _entetes(loi=True)
        return self

    def nommant(self, champ: str, schema: Schema, exemple: str, description: str) -> "Operation":
        """Takes a name in its address."""
        self.contenu["parameters"] = [
            {
                "name": champ,
                "in": "path",
                "required": True,
                "description": description,
                "schema": schema,
                "example": exemple,
            }
        ]
        self.statuts = _NOMMEE
        return self

    def avec_option(self, champ: str, schema: Schema, description: str) -> "Operation":
        """Takes an option after its address."""
        option = {"name": champ, "in": "query", "description": description, "schema": schema}
        self.contenu.setdefault("parameters", []).append(option)
        return self

    def recevant(self, schema: str, cas: dict[str, Any]) -> "Operation":
        """Takes a body; `cas` are its examples by name."""
        nommes = {nom: {"value": valeur} for nom, valeur in cas.items()}
        self.contenu["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": nommee(schema), "examples": nommes}},
        }
        self.statuts = _ENVOI
        self.entetes |= _entetes("Cache-Control")
        return self

    def donnant(self, schema: Schema, cas: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answers JSON; the whole operation, once it is told."""
        nommes = {nom: {"value": valeur} for nom, valeur in (cas or {}).items()}
        return self._repondant({JSON: {"schema": schema, **({"examples": nommes} if cas else {})}})

    def donnant_une_page(self) -> dict[str, Any]:
        """Answers a page; the whole operation, once it is told."""
        return self._repondant({_HTML: {"schema": {"type": "string"}}})

    def _repondant(self, contenu: Schema) -> dict[str, Any]:
        reussite = {"description": "Réponse.", "headers": self.entetes, "content": contenu}
        refuses = {
            str(statut): {"$ref": f"#/components/responses/Refus{statut}"}
            for statut in self.statuts
        }
        return {**self.contenu, "responses": {"200": reussite, **refuses}}
