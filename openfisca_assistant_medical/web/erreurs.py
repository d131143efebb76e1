"""Refusals of the service: a status, and what to say of it.

A JSON body of error is `{"erreur": phrase, "erreurs": [{"champ", "recu", "attendu"}]}`; the second
is empty where the fault has no field. Pages say the same in words.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as ReponseHTTP

from openfisca_assistant_medical.situations import Erreur, SituationInvalide
from openfisca_assistant_medical.web import journal

JSON = "application/json"
# Addresses for programs, which get JSON; the others are for people.
DE_L_API = ("/api", "/sante", "/pret")
_PHRASES = {
    400: "La requête n’est pas comprise : vérifier son adresse et ses en-têtes.",
    404: "Rien ne répond à cette adresse : partir de /api/documentation, ou de /.",
    405: "Cette adresse n’accepte pas cette méthode.",
    406: "Cette adresse ne répond pas dans la forme demandée.",
    408: "La requête s’est arrêtée avant sa fin : l’envoyer en entier.",
    413: "Le corps de la requête est trop long : le couper en plusieurs requêtes.",
    414: "L’adresse est trop longue : envoyer les données dans le corps, par POST.",
    415: "Le type du corps n’est pas accepté.",
    431: "Les en-têtes de la requête sont trop longs.",
    500: "Le calcul a échoué par une faute du service, qui est notée ; rien n’est à corriger dans "
    "la demande.",
    503: "Le service n’a pas pu répondre à temps.",
}


class Refuse(Exception):
    """A request that is refused.

    Args:
        statut: HTTP status, 4xx or 503.
        erreur: sentence in French, with the remedy.
        erreurs: field, what was received, what is accepted, for each fault.
        entetes: headers of the answer, such as Allow or Retry-After.
    """

    def __init__(
        self,
        statut: int,
        erreur: str,
        erreurs: Iterable[Erreur] = (),
        entetes: dict[str, str] | None = None,
    ) -> None:
        super().__init__(erreur)
        self.statut, self.erreur, self.erreurs = statut, erreur, tuple(erreurs)
        self.entetes = entetes or {}

    def corps(self) -> dict[str, Any]:
        """Body of the answer."""
        return {"erreur": self.erreur, "erreurs": [asdict(erreur) for erreur in self.erreurs]}

    def octets(self) -> bytes:
        """Body of the answer, as it is sent."""
        # A half of a surrogate pair, which JSON can write and UTF-8 cannot, comes out as "?".
        return json.dumps(self.corps(), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def refusee(refus: SituationInvalide) -> Refuse:
    """Refusal of a situation, as an answer."""
    return Refuse(
        400, "La situation est refusée : corriger chaque champ de « erreurs ».", refus.erreurs
    )


def phrase(statut: int) -> str:
    """What is said of a status that has nothing more precise to say."""
    return _PHRASES.get(statut) or _PHRASES[400 if statut < 500 else 500]


def de_http(erreur: HTTPException) -> Refuse:
    """An error of Werkzeug's, in French; none of its own words is sent."""
    statut = erreur.code or 500
    garder = ("Allow", "Retry-After")
    entetes = {nom: valeur for nom, valeur in erreur.get_headers() if nom in garder}
    return Refuse(statut, phrase(statut), entetes=entetes)


def echec() -> Refuse:
    """What is answered to a fault of the service: nothing of the fault."""
    return Refuse(500, _PHRASES[500])


def inscrire(app: Flask) -> None:
    """Answer every error in JSON under the API, by a page elsewhere."""

    def de_la_situation(refus: SituationInvalide) -> Response:
        return repondre(refusee(refus))

    def http(erreur: HTTPException) -> ReponseHTTP:
        if isinstance(erreur, InternalServerError):
            return repondre(echec())
        if erreur.response is not None or (erreur.code or 500) < 400:
            return erreur.get_response()  # a redirection
        return repondre(de_http(erreur))

    app.register_error_handler(Refuse, repondre)
    app.register_error_handler(SituationInvalide, de_la_situation)
    app.register_error_handler(HTTPException, http)


def repondre(refus: Refuse) -> Response:
    """The answer to a refusal, for whoever asked."""
    if pour_un_programme():
        reponse = Response(refus.octets(), refus.statut, content_type=JSON)
    else:
        reponse = Response(_page(refus), refus.statut, content_type="text/html; charset=utf-8")
    reponse.headers.update(refus.entetes)
    return reponse


def pour_un_programme() -> bool:
    """Whether the current request is of a program, and not of a person."""
    return any(request.path == debut or request.path.startswith(f"{debut}/") for debut in DE_L_API)


def _page(refus: Refuse) -> str:
    from openfisca_assistant_medical.web.rendu import page  # the shell needs the laws

    try:
        return page(
            "simulateur/erreur.html",
            statut=refus.statut,
            erreur=refus.erreur,
            erreurs=refus.erreurs,
        )
    except Exception as faute:  # the shell itself may be what failed
        journal.noter(faute)
        titre = f"<title>{refus.statut}</title>"
        return f'<!doctype html><html lang="fr">{titre}<p>{escape(refus.erreur)}</p></html>'
