"""`POST …/calculate`: OpenFisca's own answer, each null replaced by its result."""

from flask import Blueprint, Response, request

from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.web import corps, drapeaux, simulations
from openfisca_assistant_medical.web.api.reponses import deja_clair
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lecture import SituationLue
from openfisca_assistant_medical.web.lois import Loi
from openfisca_assistant_medical.web.lots import Guichet

DRAPEAUX = "drapeaux"


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add `calculate` to a law."""

    def remplir(lectures: list[SituationLue]) -> None:
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
        return deja_clair(reponse)

    blueprint.add_url_rule("/calculate", "calculate", calculate, methods=["POST"])


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
