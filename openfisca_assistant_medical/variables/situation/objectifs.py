"""Targets written in the contract and its amendments: inputs."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TrancheObjectifDeclaree


class objectif_pmt_contractuel(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Objectif de PMT écrit au contrat"
    documentation = """
    Nombre de patients à atteindre ; 0 : non donné.
    """


class objectif_pfa_contractuel(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Objectif de PFA écrit au contrat"
    documentation = """
    Nombre de patients à atteindre ; 0 : non donné.
    """


class tranche_objectif_pmt_declaree(Variable):
    value_type = Enum
    possible_values = TrancheObjectifDeclaree
    default_value = TrancheObjectifDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PMT qui fixe l’objectif sous l’avenant 7, indiquée par la CPAM"
    documentation = """
    À lire au contrat, ou à demander : les percentiles qui la bornent ne sont pas publiés. Une fois
    pour tout le contrat : p30_p50, p50_p70, p70_p90 ou p90_p95. Ne sert qu’aux contrats signés sous
    l’avenant 7 ; fixe l’objectif non donné d’un 1/3 ETP et, pour toute option, dit aussi la tranche
    plus large de tranche_pmt_declaree, qui l’emporte.
    """


class tranche_objectif_pfa_declaree(Variable):
    value_type = Enum
    possible_values = TrancheObjectifDeclaree
    default_value = TrancheObjectifDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PFA qui fixe l’objectif sous l’avenant 7, indiquée par la CPAM"
    documentation = """
    À lire au contrat, ou à demander : les percentiles qui la bornent ne sont pas publiés. Une fois
    pour tout le contrat : p30_p50, p50_p70, p70_p90 ou p90_p95. Ne sert qu’aux contrats signés sous
    l’avenant 7 ; fixe l’objectif non donné d’un 1/3 ETP et, pour toute option, dit aussi la tranche
    plus large de tranche_pfa_declaree, qui l’emporte.
    """


class objectif_pmt_avenant(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "Objectif de PMT fixé par avenant"
    documentation = """
    0 : aucun.
    """


class objectif_pfa_avenant(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "Objectif de PFA fixé par avenant"
    documentation = """
    0 : aucun.
    """


class depart_pmt_avenant(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT dont part l’objectif d’un avenant"
    documentation = """
    0 : aucune.
    """


class depart_pfa_avenant(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA dont part l’objectif d’un avenant"
    documentation = """
    0 : aucune.
    """


class niveau_a_maintenir_pmt(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT qu’un médecin senior doit maintenir"
    documentation = """
    Au 30 juin de l’année ou au 31 décembre précédent ; 0 : le compte de départ.
    """


class niveau_a_maintenir_pfa(Variable):
    value_type = int
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA qu’un médecin senior doit maintenir"
    documentation = """
    Au 30 juin de l’année ou au 31 décembre précédent ; 0 : le compte de départ.
    """


class avenant_senior(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le contrat en cours a été révisé pour le 65e anniversaire"
    documentation = """
    Vaut pour son année seulement : donner une plage d’années pour plusieurs.
    """


class part_aide_decidee(Variable):
    value_type = float
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide décidée par la commission paritaire nationale"
    documentation = """
    Circonstances exceptionnelles ; −1 : aucune décision.
    """
