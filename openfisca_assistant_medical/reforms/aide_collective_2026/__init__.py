"""The collective aid of 2026, over the 2024 convention: a contract of a practice.

It changes no figure and no rule of the law: it brings a table, `aide_collective`, and rules of its
own, on the practice and on the doctors who join its contract. All of it comes from a secondary
source, a commercial site citing ameli.fr, that no official text could confirm.
"""

from pathlib import Path

from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

_ICI = Path(__file__).parent


class aide_collective_2026(ReformeDeclarative):
    """Contract that the company of a group of general practitioners signs for its assistants."""

    name = "Aide collective de 2026 (source secondaire)"
    suppose = (convention_2024,)
    dossier = _ICI / "parameters"
    apporte = ("aide_collective",)
    regles = _ICI / "variables"
    mention = (
        "Source secondaire : un site commercial qui cite ameli.fr (MESDOCS), sans texte officiel "
        "pour le confirmer."
    )
