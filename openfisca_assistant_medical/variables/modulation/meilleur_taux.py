"""Which result stands for the year?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin


class meilleur_taux(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Meilleur taux d’atteinte des objectifs, entre 0 et 1"

    def formula(medecins, period):
        """Le meilleur des taux sur les comptes engagés (S003, illustrations 5.1 à 7)."""
        pmt = medecins("taux_atteinte_pmt", period) * medecins("objectif_sur_pmt", period)
        return numpy.maximum(pmt, medecins("taux_atteinte_pfa", period)).clip(0, 1)


class un_objectif_atteint(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Un objectif au moins est atteint"

    def formula(medecins, period):
        """Sur les comptes engagés (S003, illustrations 5.1 à 7)."""
        pmt = medecins("objectif_sur_pmt", period) & medecins("objectif_pmt_atteint", period)
        return pmt | medecins("objectif_pfa_atteint", period)
