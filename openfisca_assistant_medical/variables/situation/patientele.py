"""Counts of patients and declared bands: inputs."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TrancheDeclaree


class patientele_mt_initiale(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Patientèle médecin traitant de départ (PMT)"
    documentation = """
    −1 : non donnée ; 0 est un compte. Sous l’avenant 7, adultes seulement, au départ comme
    à l’observation.
    """


class file_active_initiale(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Patientèle file active de départ (PFA)"
    documentation = """
    −1 : non donnée ; 0 est un compte.
    """


class tranche_pmt_declaree(Variable):
    value_type = Enum
    possible_values = TrancheDeclaree
    default_value = TrancheDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PMT indiquée par la CPAM"
    documentation = """
    L’emporte sur le compte.
    """


class tranche_pfa_declaree(Variable):
    value_type = Enum
    possible_values = TrancheDeclaree
    default_value = TrancheDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PFA indiquée par la CPAM"
    documentation = """
    L’emporte sur le compte.
    """


class patientele_mt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT observée pour l’année de contrat"
    documentation = """
    −1 : non observée. Vaut pour l’année de contrat qui commence dans l’année civile.
    """


class file_active(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA observée pour l’année de contrat"
    documentation = """
    −1 : non observée. Vaut pour l’année de contrat qui commence dans l’année civile.
    """
