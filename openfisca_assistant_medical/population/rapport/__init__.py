"""The report of a comparison: a page, and tables that may be handed over; see `etablissement`."""

from openfisca_assistant_medical.population.rapport.ecriture import (
    ecrire_rapport,
    en_csv,
    en_html,
)
from openfisca_assistant_medical.population.rapport.etablissement import etablir

__all__ = ["ecrire_rapport", "en_csv", "en_html", "etablir"]
