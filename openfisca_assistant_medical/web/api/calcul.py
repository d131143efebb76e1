"""`POST …/calculate`: OpenFisca's own answer, each null replaced by its result."""

import json
from typing import Any

from flask import Blueprint, Response, request

from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.web import corps, drapeaux, simulations
from openfisca_assistant_medical.web.api.reponses import GENRE
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lecture import Lecture
from openfisca_assistant_medical.web.lois import Loi
from openfisca_assistant_medical.web.lots import Guichet

DRAPEAUX = "drapeaux"


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add `calculate` to a law."""

    def remplir(lectures: list[Lecture]) -> None:
        simulation = simulations.remplir(loi.systeme, lectures)
        drapeaux.poser(simulation, lectures)

    guichet = Guichet(remplir)

    def calculate() -> Response:
        avec_drapeaux = lire_drapeaux(request.args.to_dict(flat=False))
        lue = corps.lire_une_situation(loi.systeme, configuration)
        lue.drapeaux = {} if avec_drapeaux else None
        guichet.calculer(lue)
        reponse = lue.situation
        if lue.drapeaux is not None:
            reponse = {**reponse, DRAPEAUX: lue.drapeaux}
        return repondre(reponse)

    blueprint.add_url_rule("/calculate", "calculate", calculate, methods=["POST"])


def repondre(donnees: Any) -> Response:
    """An answer in JSON; what is in it is plain already, and not gone through again."""
    texte = json.dumps(donnees, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(f"{texte}\n", content_type=GENRE)


def lire_drapeaux(parametres: dict[str, list[str]]) -> bool:
    """Whether the flags of the amounts are asked, by `?drapeaux=1`.

    Raises:
        Refuse: 400, another value or another parameter.
    """
    for nom, valeurs in parametres.items():
        if nom != DRAPEAUX or valeurs not in (["0"], ["1"]):
            raise Refuse(
                400,
                "L’adresse n’accepte que « drapeaux » : le reste est dans le corps.",
                [Erreur(nom[:100], montrer(", ".join(valeurs)), "drapeaux=1, drapeaux=0 ou rien")],
            )
    return parametres.get(DRAPEAUX) == ["1"]


def sans_parametre(parametres: Any) -> None:
    """Refuse any parameter in the address.

    Raises:
        Refuse: 400.
    """
    for nom in parametres:
        erreur = Erreur(nom[:100], "un paramètre de l’adresse", "aucun paramètre")
        raise Refuse(
            400, "Cette adresse n’accepte aucun paramètre : tout est dans le corps.", [erreur]
        )
