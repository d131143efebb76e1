"""From which totals does the group start, and what is observed?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_depart_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT de départ des adhérents de l’année du contrat collectif"
    documentation = """
    −1 : non donnée pour un adhérent.
    """

    def formula(cabinets, period):
        """Mêmes médecins au départ et à l’arrivée.

        Lectures : aide_collective_perimetre, aide_collective_objectif_renouvele.
        """
        adherent = cabinets.members("aide_collective_adherent", period)
        compte = cabinets.members("aide_collective_pmt_initiale", period)
        connus = cabinets.all((compte >= 0) | ~adherent)
        return selon((connus, cabinets.sum(compte * adherent)), sinon=-1)


class aide_collective_pmt_groupe(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT observée des adhérents de l’année du contrat collectif"
    documentation = """
    −1 : non observée pour un adhérent.
    """

    def formula(cabinets, period):
        """Somme des adhérents, nouveaux installés compris.

        Lectures : aide_collective_somme_des_patienteles, aide_collective_installes_dans_le_groupe.
        """
        adherent = cabinets.members("aide_collective_adherent", period)
        compte = cabinets.members("aide_collective_pmt_observee", period)
        connus = cabinets.all((compte >= 0) | ~adherent)
        return selon((connus, cabinets.sum(compte * adherent)), sinon=-1)


class aide_collective_depart_pfa(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA de départ des adhérents de l’année du contrat collectif"
    documentation = """
    −1 : non donnée pour un adhérent.
    """

    def formula(cabinets, period):
        """Mêmes médecins au départ et à l’arrivée.

        Lectures : aide_collective_perimetre, aide_collective_objectif_renouvele.
        """
        adherent = cabinets.members("aide_collective_adherent", period)
        compte = cabinets.members("aide_collective_pfa_initiale", period)
        connus = cabinets.all((compte >= 0) | ~adherent)
        return selon((connus, cabinets.sum(compte * adherent)), sinon=-1)


class aide_collective_pfa_groupe(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA observée des adhérents de l’année du contrat collectif"
    documentation = """
    −1 : non observée pour un adhérent.
    """

    def formula(cabinets, period):
        """Somme des adhérents, nouveaux installés compris.

        Lectures : aide_collective_somme_des_patienteles, aide_collective_installes_dans_le_groupe.
        """
        adherent = cabinets.members("aide_collective_adherent", period)
        compte = cabinets.members("aide_collective_pfa_observee", period)
        connus = cabinets.all((compte >= 0) | ~adherent)
        return selon((connus, cabinets.sum(compte * adherent)), sinon=-1)
