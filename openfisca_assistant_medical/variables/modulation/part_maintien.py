"""Which part do illustrations 6.1 and 6.2 pay?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class part_maintien(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide quand tous les objectifs sont de maintien"

    def formula(medecins, period):
        """Source : S003, illustrations 6.1 et 6.2 (autres spécialités)."""
        return selon(
            (medecins("un_objectif_atteint", period), 1.0),
            sinon=medecins("meilleur_taux", period),
        )


class part_mixte(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide avec un objectif de maintien et un d’augmentation"

    def formula(medecins, period):
        """Le maintien tenu, et l’augmentation atteinte ou manquée sans baisse (S003, ill. 6.2).

        Lecture : mixte_maintien_en_hausse.
        """
        pmt_atteint = medecins("objectif_pmt_atteint", period)
        pfa_atteint = medecins("objectif_pfa_atteint", period)
        maintien_sur_pmt = medecins("type_objectif_pmt", period) == TypeObjectif.maintien
        croissance_pmt = pmt_atteint | ~medecins("baisse_pmt", period)
        croissance_pfa = pfa_atteint | ~medecins("baisse_pfa", period)
        return selon(
            (maintien_sur_pmt, pmt_atteint & croissance_pfa),
            sinon=pfa_atteint & croissance_pmt,
        )
