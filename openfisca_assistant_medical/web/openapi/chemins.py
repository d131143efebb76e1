"""The paths of the document: for each law, then once for both."""

from functools import cache
from typing import Any

from openfisca_assistant_medical.web.api import prefixes
from openfisca_assistant_medical.web.api.calcul import DRAPEAUX
from openfisca_assistant_medical.web.lois import Loi
from openfisca_assistant_medical.web.openapi import exemples
from openfisca_assistant_medical.web.openapi.formes import nommee
from openfisca_assistant_medical.web.openapi.operations import Operation

_CALCULER = (
    "La réponse est la situation envoyée, où chaque null est devenu son résultat. Une donnée qui "
    "manque est dite inconnue, et le résultat est alors favorable : drapeaux=1 le dit de chaque "
    "montant. Les périodes y sont écrites d’une seule façon (2025, 2025-03, ETERNITY), et chaque "
    "médecin y est dans un cabinet."
)
_DRAPEAUX = "1 : dit de chaque montant demandé s’il est connu, un plancher, une hypothèse."
_EXPLIQUER = (
    "D’où vient un résultat : son calcul, les chiffres du droit et leur date, les dispositions, "
    "les sources, ce qui n’est pas connu et à qui le demander. Un seul médecin, une seule période."
)
_COMPARER = (
    "Le contrat année par année, sous la loi de 2023 puis sous la convention de 2024, et l’écart. "
    "annees borne ce qui est montré ; sinon, les années du contrat."
)


@cache
def chemins() -> dict[str, Any]:
    """Every address, by path."""
    tous: dict[str, Any] = {}
    for prefixe, loi in prefixes().items():
        de_la_loi = {**_calcul(loi), **_droit(loi)}
        tous |= {f"{prefixe}{chemin}": methodes for chemin, methodes in de_la_loi.items()}
    return tous | _communs()


def _calcul(loi: Loi) -> dict[str, Any]:
    envois = exemples.situations()
    return {
        "/calculate": {
            "post": Operation("calculer", "Calcul", "Calculer des résultats", _CALCULER)
            .de_la_loi(loi)
            .avec_option(DRAPEAUX, {"enum": ["0", "1"]}, _DRAPEAUX)
            .recevant("Situation", envois)
            .donnant(nommee("SituationCalculee"), exemples.calculs(loi))
        },
        "/trace": {
            "post": Operation("tracer", "Calcul", "Suivre chaque pas d’un calcul")
            .de_la_loi(loi)
            .recevant("SituationDetaillee", {"une_date": exemples.a_tracer(), **envois})
            .donnant(nommee("Trace"), {"une_date": exemples.trace(loi)})
        },
        "/expliquer": {
            "post": Operation("expliquer", "Calcul", "Expliquer un résultat", _EXPLIQUER)
            .de_la_loi(loi)
            .recevant("DemandeExplication", {"une_date": exemples.a_expliquer()})
            .donnant(nommee("Explication"), {"une_date": exemples.explication(loi)})
        },
    }


def _droit(loi: Loi) -> dict[str, Any]:
    def lire(nom: str, titre: str) -> Operation:
        return Operation(nom, "Droit", titre).de_la_loi(loi)

    un_chiffre = lire("parametre", "Lire un chiffre ou une table du droit").nommant(
        "chemin",
        nommee(f"CheminDeParametre_{loi.cle}"),
        exemples.PARAMETRE,
        "Identifiant du paramètre, à points ; des « / » sont admis aussi.",
    )
    une_variable = lire("variable", "Lire une variable, sa formule, ses références").nommant(
        "nom", nommee("NomDeVariable"), exemples.VARIABLE, "Nom de la variable."
    )
    return {
        "/": {"get": lire("accueil", "Lire l’accueil d’une loi").donnant(nommee("Accueil"))},
        "/parameters": {
            "get": lire("parametres", "Lister les chiffres du droit").donnant(nommee("Parametres"))
        },
        "/parameter/{chemin}": {
            "get": un_chiffre.donnant(nommee("Parametre"), {"un_montant": exemples.parametre(loi)})
        },
        "/variables": {
            "get": lire("variables", "Lister les variables").donnant(nommee("Variables"))
        },
        "/variable/{nom}": {
            "get": une_variable.donnant(nommee("Variable"), {"une_regle": exemples.variable(loi)})
        },
        "/entities": {"get": lire("entites", "Lire les entités").donnant(nommee("Entites"))},
        "/spec": {
            "get": lire("spec", "Lire le document OpenAPI d’OpenFisca pour cette loi").donnant(
                {"type": "object", "required": ["openapi", "paths"]}
            )
        },
    }


def _communs() -> dict[str, Any]:
    def service(nom: str, titre: str) -> Operation:
        return Operation(nom, "Service", titre)

    return {
        "/api/comparer": {
            "post": Operation("comparer", "Calcul", "Comparer les deux lois", _COMPARER)
            .recevant("DemandeComparaison", {"une_annee": exemples.a_comparer()})
            .donnant(nommee("Comparaison"), {"une_annee": exemples.comparaison()})
        },
        "/api/openapi.json": {
            "get": service("openapi", "Lire ce document").donnant(
                {"type": "object", "required": ["openapi", "info", "paths", "components"]}
            )
        },
        "/api/documentation": {
            "get": service("documentation", "Lire ce document en page").donnant_une_page()
        },
        "/api/versions": {
            "get": service(
                "versions", "Lire ce qui change d’une version à l’autre"
            ).donnant_une_page()
        },
        "/sante": {
            "get": service("sante", "Savoir si le processus répond").donnant(nommee("Sante"))
        },
        "/pret": {"get": service("pret", "Savoir si le service est prêt").donnant(nommee("Pret"))},
    }
