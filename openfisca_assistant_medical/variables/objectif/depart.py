"""Which level is the result compared with?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class depart_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT à laquelle le résultat se compare"
    documentation = """
    −1 : non donné.
    """

    def formula(medecins, period):
        """Départ fixé par avenant, sinon niveau à maintenir d’un senior, sinon compte de départ.

        Lectures : date_des_comptes_de_depart, date_du_niveau_a_maintenir.
        """
        avenant = medecins("depart_pmt_avenant", period)
        niveau = medecins("niveau_a_maintenir_pmt", period)
        senior = medecins("maintien_senior", period) & (
            medecins("type_objectif_pmt", period) == TypeObjectif.maintien
        )
        return selon(
            (avenant > 0, avenant),
            (senior & (niveau > 0), niveau),
            sinon=medecins("patientele_mt_initiale", period),
        )


class depart_pfa(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA à laquelle le résultat se compare"
    documentation = """
    −1 : non donné.
    """

    def formula(medecins, period):
        """Départ fixé par avenant, sinon niveau à maintenir d’un senior, sinon compte de départ.

        Lectures : date_des_comptes_de_depart, date_du_niveau_a_maintenir.
        """
        avenant = medecins("depart_pfa_avenant", period)
        niveau = medecins("niveau_a_maintenir_pfa", period)
        senior = medecins("maintien_senior", period) & (
            medecins("type_objectif_pfa", period) == TypeObjectif.maintien
        )
        return selon(
            (avenant > 0, avenant),
            (senior & (niveau > 0), niveau),
            sinon=medecins("file_active_initiale", period),
        )
