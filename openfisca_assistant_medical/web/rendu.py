"""Pages of the service, from the templates of `web/gabarits`, in the shell of the simulator.

A page extends `simulateur/base.html`, which names its blocks. The shell is given what it shows:
version, state of the law, link to the source code.
"""

from functools import cache
from typing import Any

from flask import current_app, has_request_context, request
from jinja2 import Environment

from openfisca_assistant_medical.affichage import euros, jour, libelle, pourcent
from openfisca_assistant_medical.pages import environnement
from openfisca_assistant_medical.web.lois import convention, dernier_changement, version_du_paquet
from openfisca_assistant_medical.web.statiques import adresse_de

_NAVIGATION = (
    ("/", "Simulateur"),
    ("/groupements", "Trouver un employeur"),
    ("/api/documentation", "API"),
)
_PIED = (
    ("/donnees", "Données personnelles"),
    ("/accessibilite", "Accessibilité"),
    ("/mentions", "À propos et mentions"),
)
_SOURCES = "/sources"


def page(gabarit: str, **contexte: Any) -> str:
    """A template of `web/gabarits` filled in; whatever comes from data is escaped.

    Inside an application made by `web.creer`, whose configuration tells the source code's address.
    """
    cadre = {
        "ici": request.path if has_request_context() else "",
        "navigation": _NAVIGATION,
        "pages_du_pied": _PIED,
        "droit": _etat_du_droit(),
        "sources": current_app.config.get("SOURCES") or _SOURCES,
        "version": version_du_paquet(),
    }
    return _environnement().get_template(gabarit).render(cadre | contexte)


@cache
def _etat_du_droit() -> str:
    """The text in force, the last day on which it changes, the day of what gives the amounts."""
    loi = convention()
    racine, dernier = loi.systeme.parameters, dernier_changement(loi.cle)
    texte = libelle("TexteConventionnel", racine.contrat.texte_en_vigueur(dernier))
    lue = racine.aide.montant.metadata["last_value_still_valid_on"]
    return (
        f"État du droit : {texte}, dernier changement connu du modèle le {jour(dernier)} ; "
        f"montants lus dans une source du {jour(lue)}."
    )


@cache
def _environnement() -> Environment:
    prepare = environnement("openfisca_assistant_medical.web")
    prepare.filters |= {"euros": euros, "pourcent": pourcent}
    prepare.globals |= {"statique": adresse_de, "libelle": libelle}
    return prepare
