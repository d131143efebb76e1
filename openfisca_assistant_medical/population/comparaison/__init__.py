"""What laws cost and change, read in cells: the result of a comparison.

Methods bear the names that openfisca-survey-manager gives them. Each gives an Arrow table, amounts
in euros (float64), weighted; `contrats` are contract years where several years are added up.
`lignes` is how many contracts of the table are behind a row, at least: where years, or months of
cash, are added up, it is what can be told without following contracts.
"""

from openfisca_assistant_medical.population.comparaison.gagnants import GROUPES
from openfisca_assistant_medical.population.comparaison.resultat import Resultat, charger
from openfisca_assistant_medical.population.comparaison.sql import Filtre

__all__ = ["GROUPES", "Filtre", "Resultat", "charger"]
