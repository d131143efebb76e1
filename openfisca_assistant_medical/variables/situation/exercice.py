"""Where the doctor practises: inputs."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import Zone


class zone(Variable):
    value_type = Enum
    possible_values = Zone
    default_value = Zone.hors_zone
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Zone d’exercice"
    documentation = """
    Au sens de l’agence régionale de santé.
    """


class exercice_regroupe_declare(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Exercice regroupé déclaré par le médecin"
    documentation = """
    Voir exercice_regroupe, qui compte aussi les membres du cabinet.
    """
