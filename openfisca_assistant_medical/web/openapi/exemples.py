"""Examples of the document: situations of the package, and what the service answers to them."""

from functools import cache
from typing import Any

from openfisca_assistant_medical.exemples import EXEMPLES, situation
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.web import simulations
from openfisca_assistant_medical.web.api import catalogue, commun, expliquer
from openfisca_assistant_medical.web.api.trace import tracer
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.lecture import SituationLue, lire_ce_qui_est_verifie
from openfisca_assistant_medical.web.lois import Loi

# The doctor whose contract lives under both laws.
_TEMOIN = "generaliste_deux_lois"
VARIABLE, PARAMETRE = "aide_due", "aide.montant.un_etp.par_defaut.rang_1"


@cache
def situations() -> dict[str, dict[str, Any]]:
    """Situations of the package, by name, the one under both laws first."""
    return {nom: situation(nom) for nom in EXEMPLES}


def a_expliquer() -> dict[str, Any]:
    """A short request for an explanation."""
    return {"situation": situations()[_TEMOIN], "variable": "date_fin_contrat"}


def a_comparer() -> dict[str, Any]:
    """A short request for a comparison."""
    annees = {"premiere": 2025, "derniere": 2025}
    return {"situation": situations()[_TEMOIN], "annees": annees}


def a_tracer() -> dict[str, Any]:
    """A situation that asks for one short result."""
    (medecin,) = situations()[_TEMOIN]["medecins"].items()
    donnees = {nom: dit for nom, dit in medecin[1].items() if None not in dit.values()}
    return {"medecins": {medecin[0]: {**donnees, "date_fin_contrat": {"ETERNITY": None}}}}


def calculs(loi: Loi) -> dict[str, Any]:
    """What `calculate` answers to the situations of the package, by name."""
    lues = {nom: _lue(brut, loi) for nom, brut in situations().items()}
    simulations.remplir(loi.systeme, list(lues.values()))
    return {nom: lue.situation for nom, lue in lues.items()}


def trace(loi: Loi) -> Any:
    """What `trace` answers to `a_tracer`."""
    return tracer(loi.systeme, _lue(a_tracer(), loi))


def _lue(brut: dict[str, Any], loi: Loi) -> SituationLue:
    return lire_ce_qui_est_verifie(verifier(brut, loi.systeme), loi.systeme)


def explication(loi: Loi) -> dict[str, Any]:
    """What is answered to `a_expliquer`."""
    return expliquer.rapport(a_expliquer(), loi, Configuration())


def comparaison() -> dict[str, Any]:
    """What is answered to `a_comparer`."""
    return commun.comparaison(a_comparer(), Configuration())


def parametre(loi: Loi) -> Any:
    """A figure of the law."""
    return catalogue.donnees(loi.cle)["parameters"][PARAMETRE.replace(".", "/")]


def variable(loi: Loi) -> Any:
    """A rule of the law."""
    return catalogue.donnees(loi.cle)["variables"][VARIABLE]
