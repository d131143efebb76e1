"""A synthetic population: contracts that nobody signed, held to what is published of the real ones.

What it stands on is in `population/hypotheses/synthese.yaml` and in the percentiles of the law.
`latente` is the doctors, `signatures` when contracts are signed and by whom, `tirage` a block of
them, `engendrement` the table, `ecriture` the file, `calage` what was reached.
"""

from openfisca_assistant_medical.population.synthese.calage import calage
from openfisca_assistant_medical.population.synthese.ecriture import ecrire_population
from openfisca_assistant_medical.population.synthese.engendrement import DemandeRefusee, engendrer

__all__ = ["DemandeRefusee", "calage", "ecrire_population", "engendrer"]
