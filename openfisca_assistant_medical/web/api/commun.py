"""What is asked once for both laws: comparison, life of the process, readiness."""

from typing import Any

from flask import Flask, Response

from openfisca_assistant_medical.annees import ANNEES
from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.web.api import catalogue, demandes
from openfisca_assistant_medical.web.api.reponses import en_json
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lois import convention, reglement, version_du_paquet

CHAMPS = {
    "situation": "la situation, comme pour calculate",
    "annees": "la première et la dernière année à montrer ; sans elles, celles du contrat",
}
ANNEES_AU_PLUS = 20
PREMIERE_ANNEE, DERNIERE_ANNEE = ANNEES[0], ANNEES[-1]
_TEMOIN = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
}


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Add the addresses that speak for both laws, or for the process."""

    def comparer() -> Response:
        corps = demandes.lire(CHAMPS, ("situation",), configuration)
        return en_json(comparaison(corps, configuration))

    def sante() -> Response:
        return en_json({"etat": "vivant", "version": version_du_paquet()})

    def pret() -> Response:
        from openfisca_assistant_medical.web.openapi.document import document  # it knows this page

        document(configuration)  # made here, and not while someone waits for it
        return en_json({"etat": "prêt", "version": version_du_paquet(), "lois": _lois_eprouvees()})

    app.add_url_rule("/api/comparer", "comparer", comparer, methods=["POST"])
    app.add_url_rule("/sante", "sante", sante)
    app.add_url_rule("/pret", "pret", pret)


def comparaison(corps: dict[str, Any], configuration: Configuration) -> dict[str, Any]:
    """The report of `contrats` on a situation, under the law of 2023 and under the convention.

    Args:
        corps: the fields of the request, known to be those of `CHAMPS`.
        configuration: limits of the situation.

    Raises:
        Refuse: 400, with the field that is refused.
    """
    annees = _annees(corps.get("annees"))
    lois = [(loi.description, loi.systeme) for loi in (reglement(), convention())]
    situation = demandes.situation(corps["situation"], lois[-1][1], configuration)
    return etablir_sous(lois, situation, annees)


def _annees(annees: Any) -> range | None:
    if annees is None:
        return None
    attendu = (
        '{"premiere": 2024, "derniere": 2028}, des nombres entiers sans guillemets, '
        f"{ANNEES_AU_PLUS} années au plus, de {PREMIERE_ANNEE} à {DERNIERE_ANNEE}"
    )
    if not isinstance(annees, dict) or annees.keys() != {"premiere", "derniere"}:
        raise demandes.refuser("annees", annees, attendu)
    for champ, annee in annees.items():
        entier = isinstance(annee, int | float) and not isinstance(annee, bool)
        if not (entier and annee == annee // 1 and PREMIERE_ANNEE <= annee <= DERNIERE_ANNEE):
            raise demandes.refuser(f"annees/{champ}", annee, attendu)
    suite = range(int(annees["premiere"]), int(annees["derniere"]) + 1)
    if not 0 < len(suite) <= ANNEES_AU_PLUS:
        raise demandes.refuser("annees/derniere", annees["derniere"], attendu)
    return suite


def _lois_eprouvees() -> list[str]:
    """Keys of the laws, once each has computed a sample and told what it is made of.

    Raises:
        Refuse: 503, one of them did not.
    """
    lois = (convention(), reglement())
    for loi in lois:
        (medecin,) = etablir_sous([(loi.description, loi.systeme)], _TEMOIN, range(2024, 2025))[
            "medecins"
        ]
        # Every text of the model pays the first year of an eligible doctor in full.
        if not (medecin["resultats"][0]["total"]["aide_due"] > 0 and catalogue.donnees(loi.cle)):
            recu = "un calcul témoin sans aide"
            raise Refuse(503, "Le service n’est pas prêt.", [Erreur(loi.cle, recu, "une aide")])
    return [loi.cle for loi in lois]
