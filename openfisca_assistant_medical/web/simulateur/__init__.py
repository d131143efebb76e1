"""The page of the simulator: a form, its result, what can be made of it.

Forms go by POST and nothing of them is kept: each page carries what was typed in hidden fields.
Only the link of `lien`, which holds a listed subset, puts anything in an address.
"""

from typing import Any

from flask import Blueprint, Flask, Response, redirect, request

from openfisca_assistant_medical.web import statiques
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.rendu import page
from openfisca_assistant_medical.web.simulateur import pages
from openfisca_assistant_medical.web.simulateur.exemples import liste
from openfisca_assistant_medical.web.simulateur.exports import FORMATS, exporter
from openfisca_assistant_medical.web.simulateur.formulaire import vue
from openfisca_assistant_medical.web.simulateur.lien import ecrire_lien, lire_lien, tus
from openfisca_assistant_medical.web.simulateur.resultats import routes as resultats
from openfisca_assistant_medical.web.simulateur.saisie import Faute, Saisie, analyser, recevoir

_SIGNATURE = "date_signature"
# Addresses that show nothing without a form: a browser that comes back to them gets the form.
_SANS_GET = ("/resultat", "/partager", "/export/<format_>", "/pourquoi", "/fiche")


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Add the addresses to the application."""
    plan = Blueprint("simulateur", __name__)
    plan.add_url_rule("/", "accueil", _accueil)
    plan.add_url_rule("/", "reprendre", _reprendre, methods=["POST"])
    plan.add_url_rule("/resultat", "resultat", _resultat, methods=["POST"])
    plan.add_url_rule("/partager", "partager", _partager, methods=["POST"])
    plan.add_url_rule("/export/<format_>", "export", _exporter, methods=["POST"])
    for rang, adresse in enumerate(_SANS_GET):
        plan.add_url_rule(adresse, f"retour_{rang}", _retour)
    resultats.ajouter(plan)
    pages.ajouter(plan)
    app.register_blueprint(plan)
    statiques.inscrire(app)


# --- The form -------------------------------------------------------------------------------------


def _formulaire(saisie: Saisie, fautes: list[Faute] | None = None, **contexte: Any) -> str:
    return page(
        "simulateur/formulaire.html",
        **{"saisie": saisie, "exemples": liste(), "avis": None}
        | vue(saisie, fautes or ())
        | contexte,
    )


def _accueil() -> Any:
    """The form, empty or as a link fills it."""
    saisie, refus, dits = lire_lien(request.args)
    if not request.args:
        return _formulaire(saisie)
    titre = "Ce lien n’a pas pu être lu en entier" if refus else "Formulaire rempli par un lien"
    if not refus and not dits:
        titre, dits = "Formulaire rempli par un exemple", ["Tout peut être changé."]
    avis = {"titre": titre, "phrases": dits, "refus": refus}
    return _formulaire(saisie, avis=avis), 400 if refus else 200


def _reprendre() -> Any:
    """The form again, with the years of the contract; only the signature needs to be right."""
    saisie, _ = recevoir()
    fautes = [faute for faute in analyser(saisie)[1] if faute.nom == _SIGNATURE]
    # In place, what is not yet a day is no fault: the years of the contract are just not known.
    en_place = request.headers.get("HX-Request") == "true"
    return _formulaire(saisie, fautes), 422 if fautes and not en_place else 200


def _retour(**lieu: str) -> Any:
    """Back to the form, from an address that shows nothing without one."""
    return redirect("/", 303)


# --- What is made of it ---------------------------------------------------------------------------


def _lire() -> tuple[Saisie, dict[str, Any], Any]:
    """What was typed, the situation, and the form to show instead where it has faults."""
    saisie, _ = recevoir()
    brut, fautes = analyser(saisie)
    return saisie, brut, (_formulaire(saisie, fautes), 422) if fautes else None


def _resultat() -> Any:
    saisie, brut, refus = _lire()
    return refus or resultats.rendre(saisie, brut)


def _partager() -> Any:
    saisie, _, refus = _lire()
    return refus or page(
        "simulateur/partager.html",
        saisie=saisie,
        lien=request.host_url.rstrip("/") + ecrire_lien(saisie),
        tus=tus(saisie),
    )


def _exporter(format_: str) -> Any:
    if format_ not in FORMATS:
        raise Refuse(404, f"Format d’export inconnu ; attendu : {', '.join(FORMATS)}.")
    _, brut, refus = _lire()
    if refus:
        return refus
    fichier = exporter(format_, brut)
    reponse = Response(fichier.octets, content_type=fichier.genre)
    reponse.headers["Content-Disposition"] = f'attachment; filename="{fichier.nom}"'
    return reponse
