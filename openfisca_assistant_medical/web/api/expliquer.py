"""`expliquer`: where one result of one doctor comes from, with its sources."""

from typing import Any

from flask import Blueprint, Response
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations.valeurs import TOUJOURS, Refus, periodes_de
from openfisca_assistant_medical.tracabilite.explication import expliquer_sous
from openfisca_assistant_medical.web.api import demandes
from openfisca_assistant_medical.web.api.reponses import en_json
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lois import Loi

CHAMPS = {
    "situation": "la situation, comme pour calculate",
    "variable": "le nom d’une variable",
    "periode": "une année ou un mois ; rien pour ce qui vaut pour tout le contrat",
    "medecin": "le nom d’un médecin de la situation ; inutile s’il est seul",
    "lectures": "true pour calculer aussi ce que donnerait l’autre lecture des points douteux",
}


def ajouter(blueprint: Blueprint, loi: Loi, configuration: Configuration) -> None:
    """Add `expliquer` to the addresses of a law."""

    def expliquer() -> Response:
        corps = demandes.lire(CHAMPS, ("situation", "variable"), configuration)
        return en_json(rapport(corps, loi, configuration))

    blueprint.add_url_rule("/expliquer", "expliquer", expliquer, methods=["POST"])


def rapport(corps: dict[str, Any], loi: Loi, configuration: Configuration) -> dict[str, Any]:
    """The explanation; see `schema_explication.json`.

    Args:
        corps: the fields of the request, known to be those of `CHAMPS`.
        loi: the law to explain.
        configuration: limits of the situation.

    Raises:
        Refuse: 400, with the field that is refused.
    """
    variable = _variable(corps["variable"], loi.systeme)
    periode = _periode(corps.get("periode"), variable)
    lectures = corps.get("lectures", False)
    if not isinstance(lectures, bool):
        raise demandes.refuser("lectures", lectures, "true ou false, sans guillemets")
    situation = demandes.situation(corps["situation"], loi.systeme, configuration)
    medecin = _medecin(corps.get("medecin"), list(situation["medecins"]))
    couple = loi.description, loi.systeme
    return expliquer_sous(couple, situation, variable.name, periode, medecin, lectures)


def _variable(nom: Any, systeme: Any) -> Any:
    if not isinstance(nom, str) or nom not in systeme.variables:
        voisin = proche(nom, list(systeme.variables))
        raise demandes.refuser("variable", nom, f"le nom d’une variable de cette loi{voisin}")
    return systeme.variables[nom]


def _periode(periode: Any, variable: Any) -> str | None:
    """The period asked, canonical; None for what holds for the whole contract."""
    if variable.definition_period == DateUnit.ETERNITY and periode is None:
        return None
    attendu = "une seule période"
    try:
        if not isinstance(periode, str):
            raise Refus(_ATTENDUES[variable.definition_period])
        lues = periodes_de(variable, periode)
    except Refus as refus:
        attendu, lues = str(refus), []
    if len(lues) != 1:
        raise demandes.refuser("periode", periode, attendu)
    return None if lues == [TOUJOURS] else lues[0]


_ATTENDUES = {
    DateUnit.YEAR: 'une année entre guillemets, comme "2026"',
    DateUnit.MONTH: 'un mois entre guillemets, comme "2026-03"',
    DateUnit.ETERNITY: 'aucune période, ou "ETERNITY"',
}


def _medecin(nom: Any, medecins: list[str]) -> str:
    """The doctor asked for, the only one unless it is said."""
    if nom is None and len(medecins) == 1:
        return medecins[0]
    if not isinstance(nom, str) or nom not in medecins:
        noms = ", ".join(medecins[:10]) + ("…" if len(medecins) > 10 else "")
        attendu = f"un médecin de la situation, qui a {noms}{proche(nom, medecins)}"
        raise demandes.refuser("medecin", nom, attendu)
    return nom
