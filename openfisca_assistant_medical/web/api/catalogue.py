"""What a law is made of, as OpenFisca's Web API gives it: figures, variables, entities, document.

The content is core's own, built once a law, with ISO dates; the addresses in it are those of the
request, whatever the prefix.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Response, url_for
from openfisca_web_api.loader import build_data

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.web.api.reponses import clair, en_json
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lois import Loi, par_cle


@cache
def donnees(cle: str) -> dict[str, Any]:
    """What the law of that key is made of, by kind, as core builds it."""
    brutes = build_data(par_cle()[cle].systeme)
    return {
        sorte: clair(brutes[sorte])
        for sorte in ("parameters", "variables", "entities", "openAPI_spec")
    }


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add the addresses that describe a law."""

    def parametres() -> Response:
        connus = donnees(loi.cle)["parameters"]
        feuilles = {chemin: p for chemin, p in connus.items() if "subparams" not in p}
        return en_json(
            {
                parametre["id"]: {
                    "description": parametre["description"],
                    "href": url_for(".parametre", chemin=chemin, _external=True),
                }
                for chemin, parametre in feuilles.items()
            }
        )

    def parametre(chemin: str) -> Response:
        connus = donnees(loi.cle)["parameters"]
        return en_json(
            _trouver("chemin", chemin, chemin.strip("/").replace(".", "/"), connus, "un paramètre")
        )

    def variables() -> Response:
        return en_json(
            {
                nom: {
                    "description": variable["description"],
                    "href": url_for(".variable", nom=nom, _external=True),
                }
                for nom, variable in donnees(loi.cle)["variables"].items()
            }
        )

    def variable(nom: str) -> Response:
        return en_json(_trouver("nom", nom, nom, donnees(loi.cle)["variables"], "une variable"))

    def entites() -> Response:
        return en_json(donnees(loi.cle)["entities"])

    def spec() -> Response:
        adresse = url_for(".accueil", _external=True).removesuffix("/")
        return en_json({**donnees(loi.cle)["openAPI_spec"], "servers": [{"url": adresse}]})

    vues: dict[str, Callable[..., Response]] = {
        "/parameters": parametres,
        "/parameter/<path:chemin>": parametre,
        "/variables": variables,
        "/variable/<path:nom>": variable,
        "/entities": entites,
        "/spec": spec,
    }
    for adresse, vue in vues.items():
        blueprint.add_url_rule(adresse, vue.__name__, vue, strict_slashes=False)


def _trouver(
    champ: str, recu: str, nom: str, connus: dict[str, Any], attendu: str
) -> dict[str, Any]:
    """What bears a name.

    Raises:
        Refuse: 404, with the closest name.
    """
    trouve = connus.get(nom)
    if trouve is None:
        voisin = proche(nom, list(connus))
        raise Refuse(
            404,
            f"Aucun nom de cette loi n’est celui-là{voisin}. La liste est à l’adresse au pluriel.",
            [Erreur(champ, montrer(recu), f"{attendu} de cette loi{voisin}")],
        )
    return dict(trouve)
