"""What is not known, which years it weighs on, and whom to ask."""

from collections.abc import Callable
from typing import Any

from openfisca_assistant_medical.affichage import decidee, suite

Annee = dict[str, Any]
_MANQUES = {
    "observe": "{} observée",
    "objectif": "objectif de {}",
    "depart": "{} de départ",
    "percentile": "30e percentile de {}, non publié",
}
# Notes of `contrats` that a reserve says better, or that speak of the command line.
_DITES = (
    "suite",
    "plancher",
    "part_inconnue",
    "eligibilite_inconnue",
    "hypothese_modulation",
    "estimation",
)


def _sans_objectif(compte: str) -> Callable[[Annee], bool]:
    def manque(annee: Annee) -> bool:
        return any(i["compte"] == compte and i["manque"] != "observe" for i in annee["inconnus"])

    return manque


# Which years a reserve weighs on; those of the register that are not here hold for the contract.
_ANNEES: dict[str, Callable[[Annee], bool]] = {
    "aide_maximale_plancher": lambda annee: bool(annee["aide_maximale_plancher"]),
    "part_aide_connue": lambda annee: not annee["part_aide_connue"],
    "part_aide_hypothese": lambda annee: bool(
        annee["part_aide_hypothese"] and not decidee(annee["cas_modulation"])
    ),
    "objectif_pmt_connu": _sans_objectif("pmt"),
    "objectif_pfa_connu": _sans_objectif("pfa"),
}


def inconnus(contrat: dict[str, Any], resultat: dict[str, Any]) -> list[dict[str, str]]:
    """`[{"texte", "annees", "manque", "demander"}]`, from the register of what is not known.

    Args:
        contrat: of one doctor, as `calendrier` gives it: the reserves that weigh on it.
        resultat: of `contrats`, under the same law.
    """
    return [
        {
            "texte": reserve["texte"],
            "annees": _annees(reserve["variable"], resultat["annees"]),
            "manque": _manque(resultat["annees"])
            if reserve["variable"] == "part_aide_connue"
            else "",
            "demander": reserve["demander"],
        }
        for reserve in contrat["reserves"]
    ]


def notes(resultat: dict[str, Any]) -> list[str]:
    """What else must be said of a result."""
    return [note["texte"] for note in resultat["notes"] if note["code"] not in _DITES]


def _annees(variable: str, annees: list[Annee]) -> str:
    pese = _ANNEES.get(variable)
    # The calendar covers ten years, the page those shown: it may weigh on none of these.
    pesent = [annee["annee"] for annee in annees if pese and pese(annee)]
    return suite(pesent) if pesent else ""


def _manque(annees: list[Annee]) -> str:
    manques = dict.fromkeys(
        _MANQUES[i["manque"]].format(i["compte"].upper())
        for annee in annees
        for i in annee["inconnus"]
    )
    return ", ".join(manques)
