"""The option of a contract year."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, meme_nom, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP


class option_etp(Variable):
    value_type = Enum
    possible_values = OptionETP
    default_value = OptionETP.un_etp
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Option d’ETP de l’année de contrat"

    def formula(medecins, period):
        """Celle de l’avenant dès la deuxième année, sinon celle de la signature (S003, III).

        Lecture : avenant_des_la_deuxieme_annee.
        """
        initiale = medecins("option_etp_initiale", period)
        avenant = meme_nom(medecins("option_etp_avenant", period), OptionETP, sinon=initiale)
        return selon((medecins("rang_annee_contrat", period) > 1, avenant), sinon=initiale)


class option_de_la_signature(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’option de l’année de contrat est celle de la signature"

    def formula(medecins, period):
        """Un avenant peut la changer (S003, III).

        Lecture : objectif_apres_un_changement_d_option.
        """
        return medecins("option_etp", period) == medecins("option_etp_initiale", period)
