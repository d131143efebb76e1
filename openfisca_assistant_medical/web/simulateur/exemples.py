"""The personas, as forms already filled in."""

from functools import cache
from typing import Any

from openfisca_assistant_medical.affichage import jour, libelle
from openfisca_assistant_medical.exemples import EXEMPLES, situation
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.web.simulateur.champs import champs
from openfisca_assistant_medical.web.simulateur.lecture import ecrire
from openfisca_assistant_medical.web.simulateur.saisie import Saisie


def saisie_de(medecin: dict[str, Any], regroupe: bool) -> Saisie:
    """The form that says the same as a doctor of a situation.

    Args:
        medecin: `{variable: {period: value}}`; what is null is asked for, and not given.
        regroupe: whether others practise in the same place.
    """
    saisie = {
        nom if periode == TOUJOURS else f"{nom}.{periode}": ecrire(champs()[nom].variable, valeur)
        for nom, valeurs in medecin.items()
        for periode, valeur in valeurs.items()
        if valeur is not None
    }
    return saisie | ({"exercice_regroupe_declare": "oui"} if regroupe else {})


def exemple(nom: str) -> Saisie:
    """The form of the first doctor of a persona."""
    lue = situation(nom)
    premier, medecin = next(iter(lue["medecins"].items()))
    cabinet = next(c for c in lue["cabinets"].values() if premier in c["membres"])
    return saisie_de(medecin, len(cabinet["membres"]) > 1)


@cache
def liste() -> list[dict[str, str]]:
    """Each persona: its name, a title drawn from its contract, what it shows."""
    return [
        {"nom": nom, "titre": _titre(exemple(nom)), "quoi": quoi} for nom, quoi in EXEMPLES.items()
    ]


def _titre(saisie: Saisie) -> str:
    specialite = libelle("Specialite", saisie["specialite"])
    option = libelle("OptionETP", saisie["option_etp_initiale"])
    return f"{specialite}, {option}, contrat du {jour(saisie['date_signature'])}"
