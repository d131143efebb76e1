"""A doctor who joins the contract of the practice, and may leave it: inputs."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import AssocieEnNomPropre


class aide_collective_date_adhesion(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date d’adhésion du médecin au contrat collectif"
    documentation = """
    Celle du bulletin individuel annexé au contrat ; 9999-12-31 : n’adhère pas. Les conditions se
    lisent le jour où elle prend effet : voir aide_collective_entree_effective.
    """


class aide_collective_date_sortie(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de sortie du médecin du contrat collectif"
    documentation = """
    9999-12-31 : aucune. Hors anniversaire, elle prend effet à l’anniversaire suivant.
    """


class aide_collective_associe(Variable):
    value_type = Enum
    possible_values = AssocieEnNomPropre
    default_value = AssocieEnNomPropre.non_declare
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le médecin est associé en son nom propre dans la société signataire"
    documentation = """
    Non déclaré : supposé associé, et signalé.
    """


class aide_collective_pamsu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le médecin, agréé PAMSU, accueille un docteur junior"
    documentation = """
    PAMSU : praticien agréé maître de stage des universités.
    """


class aide_collective_fin_precedente(Variable):
    value_type = date
    default_value = date(1970, 1, 1)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de fin d’un contrat collectif précédent"
    documentation = """
    Résiliation ou terme ; 1970-01-01 : aucun contrat collectif précédent. Avant un nouveau
    contrat individuel, donner plutôt date_resiliation_contrat_precedent et carence_applicable.
    """


class aide_collective_carence_levee(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La caisse lève la carence pour circonstances exceptionnelles"
    documentation = """
    Au cas par cas, avec le directeur de la caisse.
    """
