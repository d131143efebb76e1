"""The contract as it was signed and amended: inputs."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP, OptionETPAvenant


class date_signature(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de signature du contrat d’aide"
    documentation = """
    9999-12-31 : aucun contrat.
    """


class option_etp_initiale(Variable):
    value_type = Enum
    possible_values = OptionETP
    default_value = OptionETP.un_etp
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Option d’ETP souscrite à la signature"
    documentation = """
    Part de temps plein de l’assistant ; l’option 1/3 ETP est fermée depuis le 1er mai 2023.
    """


class option_etp_avenant(Variable):
    value_type = Enum
    possible_values = OptionETPAvenant
    default_value = OptionETPAvenant.sans_avenant
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Option d’ETP fixée par avenant pour l’année de contrat"
    documentation = """
    Vaut pour son année seulement : donner une plage d’années (year:2025:3) pour plusieurs.
    """


class contrat_un_etp_anterieur(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le médecin a déjà signé un contrat à 1 ETP"
    documentation = """
    Condition des options 1,5 et 2 ETP.
    """


class objectifs_integralement_atteints(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le médecin a atteint l’intégralité des objectifs de son contrat"
    documentation = """
    Condition des options 1,5 et 2 ETP.
    """


class prorogation_signee(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le contrat, signé avant la convention de 2024, a été prorogé à son terme"
    documentation = """
    Avenant de cinq ans aux mêmes conditions ; combien de fois est une lecture,
    renouvellement_avant_2024.
    """


class date_resiliation(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de résiliation anticipée du contrat"
    documentation = """
    9999-12-31 : aucune.
    """


class date_resiliation_contrat_precedent(Variable):
    value_type = date
    default_value = date(1970, 1, 1)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de résiliation d’un contrat précédent"
    documentation = """
    1970-01-01 : aucun contrat précédent.
    """


class carence_applicable(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La fin du contrat précédent emporte le délai de carence"
    documentation = """
    Le délai dépend du motif de la résiliation, que la caisse connaît.
    """
