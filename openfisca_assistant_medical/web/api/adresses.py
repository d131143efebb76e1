"""What is said of an address that does not exist, or of a method that one does not accept."""

from flask import Flask, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.web.erreurs import DE_L_API, Refuse, pour_un_programme


def inscrire(app: Flask) -> None:
    """Refuse, under the API, an unknown address with the closest, a method with those accepted."""

    def refuser() -> None:
        faute = request.routing_exception
        if not pour_un_programme():
            return
        if isinstance(faute, NotFound):
            raise _introuvable(app)
        if isinstance(faute, MethodNotAllowed):
            raise _methode(sorted(faute.valid_methods or ()))

    app.before_request(refuser)


def _introuvable(app: Flask) -> Refuse:
    connues = {
        regle.rule
        for regle in app.url_map.iter_rules()
        if regle.rule.startswith(DE_L_API) and not regle.arguments
    }
    voisine = proche(request.path, sorted(connues))
    return Refuse(
        404,
        f"Rien ne répond à cette adresse{voisine}. Voir /api/documentation.",
        [Erreur("adresse", montrer(request.path), f"une adresse de l’API{voisine}")],
    )


def _methode(admises: list[str]) -> Refuse:
    noms = ", ".join(admises)
    return Refuse(
        405,
        f"Cette adresse n’accepte que {noms}.",
        [Erreur("méthode", montrer(request.method), noms)],
        {"Allow": noms},
    )
