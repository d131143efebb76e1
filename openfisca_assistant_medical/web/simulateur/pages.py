"""Pages that compute nothing: employers by region, source code, data, accessibility, mentions."""

from functools import cache
from typing import Any

from flask import Blueprint, Response, request

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.recrutement import PORTEES, RegionInconnue, regions, repertoire
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.textes import Source
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lois import PAQUET
from openfisca_assistant_medical.web.rendu import page
from openfisca_assistant_medical.web.simulateur import sources
from openfisca_assistant_medical.web.simulateur.saisie import LIMITE_TEXTE, montrer

_FIXES = ("donnees", "accessibilite", "mentions", "sources")


def ajouter(plan: Blueprint) -> None:
    """Add these pages to the simulator's."""
    plan.add_url_rule("/groupements", "groupements", _groupements)
    plan.add_url_rule("/sources/archive", "archive", _archive)
    for nom in _FIXES:
        plan.add_url_rule(f"/{nom}", nom, _fixe, defaults={"nom": nom})


def _fixe(nom: str) -> str:
    return page(f"simulateur/{nom}.html", paquet=PAQUET)


def _archive() -> Response:
    reponse = Response(sources.archive(), content_type="application/zip")
    reponse.headers["Content-Disposition"] = f'attachment; filename="{sources.nom_de_l_archive()}"'
    return reponse


def _groupements() -> Any:
    region, refus, rapport = _region(), "", None
    try:
        rapport = repertoire(region) if region else None
    except RegionInconnue as erreur:
        refus = str(erreur)
    contenu = page(
        "simulateur/groupements.html",
        regions=list(regions()),
        region=rapport["region"] if rapport else region,
        refus=refus,
        rapport=rapport or repertoire(),
        par_portee=_par_portee(rapport),
        citees=_citees(),
    )
    return contenu, 404 if refus else 200


def _region() -> str:
    """The region asked for, as it was written; empty where none is.

    Raises:
        Refuse: 400, something else is asked for.
    """
    lus = request.args.getlist("region")
    trop = [(nom, "un paramètre en trop") for nom in request.args if nom != "region"]
    trop += [("region", f"{len(lus)} valeurs")] * (len(lus) > 1)
    trop += [("region", "un nom trop long")] * any(len(texte) > LIMITE_TEXTE for texte in lus)
    if trop:
        refus = [Erreur(montrer(nom), recu, "« region », une fois") for nom, recu in trop]
        raise Refuse(400, "Cette adresse n’accepte que « region », une seule fois.", refus)
    return lus[0].strip() if lus else ""


@cache
def _citees() -> list[Source]:
    """What the ways of employing come from."""
    cites = {
        texte.partition(",")[0] for canal in repertoire()["canaux"] for texte in canal["sources"]
    }
    return [source for nom, source in textes.sources().items() if nom in cites]


def _par_portee(rapport: dict[str, Any] | None) -> list[tuple[str, list[dict[str, Any]]]]:
    """Groups of the region, of several regions, of the whole country, those that there are."""
    if rapport is None:
        return []
    titres = {portee: titre or "Dans la région" for portee, titre in PORTEES.items()}
    par_portee = [
        (titre, [g for g in rapport["groupements"] if g["portee"] == portee])
        for portee, titre in titres.items()
    ]
    return [(titre, groupes) for titre, groupes in par_portee if groupes]
