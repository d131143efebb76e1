"""The 2024-2029 convention, over the law of 2023.

It changes no formula: every rule that it adds (1.5 and 2 ETP, senior, tacit renewal, waiting time)
is read from a table that the base leaves closed.
"""

from pathlib import Path

from openfisca_assistant_medical.droit.reforme import ReformeDeclarative

# The day written in the overlay: publication on 21 June, in force the day after.
ENTREE_EN_VIGUEUR = "2024-06-22"


class convention_2024(ReformeDeclarative):
    """Amounts, 1.5 and 2 ETP, payment delay, tacit renewal, waiting time and senior rule."""

    name = "Convention médicale 2024-2029"
    dossier = Path(__file__).parent / "parameters"
