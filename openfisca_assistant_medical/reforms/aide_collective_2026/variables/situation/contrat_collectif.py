"""The contract that the company of a practice signs: inputs."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Cabinet
from openfisca_assistant_medical.nomenclatures import SocieteSignataire


class aide_collective_date_signature(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Date de signature du contrat collectif"
    documentation = """
    9999-12-31 : aucun contrat collectif.
    """


class aide_collective_societe(Variable):
    value_type = Enum
    possible_values = SocieteSignataire
    default_value = SocieteSignataire.non_declaree
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Société qui signe le contrat collectif"
    documentation = """
    Non déclarée : supposée admise, et signalée.
    """


class aide_collective_etp_demandes(Variable):
    value_type = float
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "etp"
    label = "Nombre d’ETP d’assistants demandé à la signature"
    documentation = """
    −1 : non donné, supposé au plafond, et signalé.
    """


class aide_collective_etp_avenant(Variable):
    value_type = float
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "etp"
    label = "Nombre d’ETP fixé par avenant pour l’année de contrat"
    documentation = """
    −1 : sans avenant. Vaut pour son année seulement : donner une plage d’années (year:2027:3)
    pour plusieurs.
    """


class aide_collective_terrain_de_stage(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "La structure est agréée comme terrain de stage ambulatoire"
    documentation = """
    Chaque médecin adhérent compte alors comme accueillant un docteur junior.
    """


class aide_collective_renouvellements(Variable):
    value_type = int
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "prorogation"
    label = "Nombre de renouvellements du contrat collectif"
    documentation = """
    Chacun vaut la durée du contrat. Ni leur nombre ni leur forme ne sont publiés.
    """


class aide_collective_date_resiliation(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Date de résiliation anticipée du contrat collectif"
    documentation = """
    9999-12-31 : aucune.
    """
