"""On which day does a doctor’s entry into the contract, or exit from it, take effect?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, anniversaire_a_venir
from openfisca_assistant_medical.entities import Medecin


class aide_collective_entree_effective(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Jour où l’adhésion au contrat collectif prend effet"
    documentation = """
    9999-12-31 pour qui n’adhère pas. Le bulletin n’est qu’une annexe du contrat.
    """

    def formula(medecins, period):
        """La signature du contrat, ou l’anniversaire qui suit le bulletin (MESDOCS).

        Lecture : aide_collective_entree_hors_anniversaire.
        """
        signature = medecins.cabinet("aide_collective_date_signature", period)
        adhesion = medecins("aide_collective_date_adhesion", period)
        return anniversaire_a_venir(signature, adhesion)


class aide_collective_sortie_effective(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Jour où la sortie du contrat collectif prend effet"
    documentation = """
    9999-12-31 pour qui ne sort pas avant la fin du contrat.
    """

    def formula(medecins, period):
        """L’anniversaire du contrat, ce jour-là ou le suivant (MESDOCS).

        Lecture : aide_collective_entree_hors_anniversaire.
        """
        signature = medecins.cabinet("aide_collective_date_signature", period)
        sortie = medecins("aide_collective_date_sortie", period)
        return anniversaire_a_venir(signature, sortie)
