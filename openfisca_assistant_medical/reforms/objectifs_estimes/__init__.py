"""Estimated objectives: an assumption laid over the law, never the law itself.

Where the target of PMT of a general practitioner at one full time is not known, it is read on a
curve whose shape is published in part, and that goes through the one published point (see
`calibrage` and docs/objectifs_estimes.md). Whatever rests on it says so, with its range. It stands
over the base or over the convention; each further assumption is a reform of its own over it.
"""

import copy
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative

_ICI = Path(__file__).parent
_HYPOTHESES = _ICI / "hypotheses"
# The reforms of this module that lie over `objectifs_estimes`, one assumption each.
HYPOTHESES = ("courbe_basse", "courbe_haute", "demi_etp", "sous_la_convention")
# Rules for which an estimated target is a known one: their label, and the rule that tells.
_CONNUS_OU_ESTIMES = {
    "objectif_pmt_connu": (
        "L’objectif de PMT, et le départ dont il a besoin, sont connus, ou l’objectif estimé",
        "objectif_pmt_estime",
    ),
    "part_aide_connue": (
        "La part versée ne dépend pas d’un point inconnu, ou ce point est un objectif estimé",
        "part_aide_estimee",
    ),
}


class objectifs_estimes(ReformeDeclarative):
    """Target of PMT of a general practitioner at one full time under the *règlement arbitral*."""

    name = "Objectifs estimés (PMT des généralistes à 1 ETP, courbe centrale)"
    dossier = _ICI / "parameters"
    apporte = ("objectif_estime",)
    regles = _ICI / "variables"
    mention = "Estimation, à ne pas présenter comme le droit : voir docs/objectifs_estimes.md."

    def apply(self) -> None:
        """Lay the curves; the target of the law stays as it was, under another name."""
        if "objectif_pmt_hors_estimation" not in self.variables:
            self.variables["objectif_pmt_hors_estimation"] = _renommee(
                self.variables.pop("objectif_pmt"),
                "objectif_pmt_hors_estimation",
                "PMT à atteindre ou à maintenir selon la loi, hors estimation",
            )
        super().apply()
        self.inscrire(self.variables["objectif_pmt_hors_estimation"])
        for nom, (label, voir) in _CONNUS_OU_ESTIMES.items():
            self.variables[nom] = _qui_compte_l_estimation(self.variables[nom], label, voir)


def _qui_compte_l_estimation(variable: Any, label: str, voir: str) -> Any:
    """The same rule, which says that an estimate stands as known."""
    autre = copy.copy(variable)
    autre.label = label
    ecrite = " ".join((variable.documentation or "").split())
    vrai = f"Vrai aussi où l’objectif de PMT est une estimation : voir {voir}."
    autre.documentation = f"{ecrite} {vrai}".strip()
    return autre


def _renommee(variable: Any, nom: str, label: str) -> Any:
    """The same rule under another name and label; the law, so without the reform's mention."""
    gardes = ("value_type", "entity", "definition_period", "unit", "documentation")
    champs = {champ: getattr(variable, champ) for champ in (*gardes, "introspection_data")}
    return type(nom, (Variable,), {**champs, "label": label, "formula": variable.formule})()


class _BoutDeLIntervalle(ReformeDeclarative):
    """One end of the range: a law takes one."""


class courbe_basse(_BoutDeLIntervalle):
    """The least that the possible curves ask for, at each start."""

    name = "Objectifs estimés, le moins que demandent les courbes possibles"
    suppose = (objectifs_estimes,)
    seule_parmi = _BoutDeLIntervalle
    dossier = _HYPOTHESES / "courbe_basse"


class courbe_haute(_BoutDeLIntervalle):
    """The most that the possible curves ask for, at each start."""

    name = "Objectifs estimés, le plus que demandent les courbes possibles"
    suppose = (objectifs_estimes,)
    seule_parmi = _BoutDeLIntervalle
    dossier = _HYPOTHESES / "courbe_haute"


class demi_etp(ReformeDeclarative):
    """Half the curve for half a full time, for which nothing is published."""

    name = "Objectifs estimés, hypothèse : la moitié de la courbe à 1/2 ETP"
    suppose = (objectifs_estimes,)
    dossier = _HYPOTHESES / "demi_etp"


class sous_la_convention(ReformeDeclarative):
    """The curve of 2023 under the 2024 convention, which softened it by an unknown amount."""

    name = "Objectifs estimés, hypothèse : la même courbe sous la convention de 2024"
    suppose = (objectifs_estimes,)
    dossier = _HYPOTHESES / "sous_la_convention"
