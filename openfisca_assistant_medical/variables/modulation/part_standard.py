"""Which part do illustrations 5.1 and 5.2 pay?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin


class objectif_manque_avec_baisse(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Un objectif est manqué avec une baisse de patientèle"

    def formula(medecins, period):
        """Source : S003, illustrations 5.1 et 5.2. Lecture : tolerance_augmentation."""
        pmt = ~medecins("objectif_pmt_atteint", period) & medecins("baisse_pmt", period)
        pfa = ~medecins("objectif_pfa_atteint", period) & medecins("baisse_pfa", period)
        return (medecins("objectif_sur_pmt", period) & pmt) | pfa


class part_standard(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide quand les objectifs sont d’augmentation"

    def formula(medecins, period):
        """Source : S003, illustrations 5.1 et 5.2."""
        return selon(
            (medecins("objectif_manque_avec_baisse", period), 0.0),
            (medecins("un_objectif_atteint", period), 1.0),
            sinon=medecins("meilleur_taux", period),
        )
