"""Counts of patients of the doctors of a collective contract: inputs."""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin


class aide_collective_pmt_initiale(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT du médecin au départ du contrat collectif"
    documentation = """
    À la signature, ou à l’adhésion de qui entre ensuite ; −1 : non donnée.
    """


class aide_collective_pfa_initiale(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PFA du médecin au départ du contrat collectif"
    documentation = """
    À la signature, ou à l’adhésion de qui entre ensuite ; −1 : non donnée.
    """


class aide_collective_pmt_deja_gagnee(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT déjà gagnée sous l’ancien contrat individuel"
    documentation = """
    Se déduit de l’objectif du groupe ; −1 : non donnée.
    """


class aide_collective_pfa_deja_gagnee(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PFA déjà gagnée sous l’ancien contrat individuel"
    documentation = """
    Se déduit de l’objectif du groupe ; −1 : non donnée.
    """


class aide_collective_pmt_observee(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT du médecin observée pour l’année de contrat du cabinet"
    documentation = """
    −1 : non observée.
    """


class aide_collective_pfa_observee(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA du médecin observée pour l’année de contrat du cabinet"
    documentation = """
    −1 : non observée.
    """
