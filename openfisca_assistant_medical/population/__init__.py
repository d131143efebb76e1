"""The model over a population of doctors."""

from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.colonnes import ColonneRefusee

__all__ = ["ColonneRefusee", "calculer"]
