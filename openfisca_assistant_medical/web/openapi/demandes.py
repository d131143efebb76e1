"""Schemas of what `expliquer` and `comparer` are asked."""

from typing import Any

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.web.api import commun, expliquer
from openfisca_assistant_medical.web.openapi.formes import (
    LOGIQUE,
    Schema,
    nommee,
    objet,
    ou_rien,
)
from openfisca_assistant_medical.web.openapi.situations import UNE_PERIODE

_TITRES = {
    DateUnit.ETERNITY: "Résultat qui vaut pour tout le contrat",
    DateUnit.YEAR: "Résultat d’une année de contrat",
    DateUnit.MONTH: "Résultat d’un mois",
}


def schemas(systeme: Any) -> dict[str, Schema]:
    """Both schemas, by name.

    Args:
        systeme: the law, for its variables.
    """
    return {
        "DemandeExplication": {
            "title": "Ce qu’il faut expliquer",
            "oneOf": [_explication(systeme, unite) for unite in UNE_PERIODE],
        },
        "DemandeComparaison": objet(
            "Ce qu’il faut comparer.",
            ("annees",),
            situation=nommee("SituationDetaillee"),
            annees=ou_rien(_annees()),
        ),
    }


def _explication(systeme: Any, unite: Any) -> Schema:
    noms = sorted(n for n, v in systeme.variables.items() if v.definition_period == unite)
    periode = UNE_PERIODE[unite]
    toujours = unite == DateUnit.ETERNITY
    return {
        **objet(
            "Ce qu’il faut expliquer.",
            ("medecin", "lectures", *(["periode"] if toujours else [])),
            situation=nommee("SituationDetaillee"),
            variable={"enum": noms, "description": "Le résultat à expliquer."},
            periode=ou_rien(periode) if toujours else periode,
            medecin={**ou_rien(nommee("Identifiant")), "description": expliquer.CHAMPS["medecin"]},
            lectures={**LOGIQUE, "default": False, "description": expliquer.CHAMPS["lectures"]},
        ),
        "title": _TITRES[unite],
    }


def _annees() -> Schema:
    annee = {
        "type": "integer",
        "minimum": commun.PREMIERE_ANNEE,
        "maximum": commun.DERNIERE_ANNEE,
    }
    dites = f"Années civiles de début des années de contrat, {commun.ANNEES_AU_PLUS} au plus."
    return objet(dites, premiere=annee, derniere=annee)
