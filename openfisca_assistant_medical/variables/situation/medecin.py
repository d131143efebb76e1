"""Who the doctor is: inputs."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import SecteurConventionnel, Specialite


class specialite(Variable):
    value_type = Enum
    possible_values = Specialite
    default_value = Specialite.generaliste
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Spécialité du médecin"
    documentation = """
    À la signature. Les spécialités sans percentile publié et non nommées sont « autre ».
    """


class secteur_conventionnel(Variable):
    value_type = Enum
    possible_values = SecteurConventionnel
    default_value = SecteurConventionnel.secteur_1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secteur conventionnel du médecin"
    documentation = """
    L’OPTAM comprend l’OPTAM-CO et l’OPTAM-ACO.
    """


class part_honoraires_cliniques(Variable):
    value_type = float
    default_value = 1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "/1"
    label = "Part des honoraires cliniques dans les honoraires"
    documentation = """
    Honoraires hors CCAM sur honoraires totaux sans dépassement, sur les douze mois avant la
    signature ; entre 0 et 1.
    """


class date_naissance(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de naissance du médecin"
    documentation = """
    Sert au 65e anniversaire. 9999-12-31 : non donnée.
    """


class date_installation(Variable):
    value_type = date
    default_value = date(1970, 1, 1)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de première installation dans le département"
    documentation = """
    Par défaut 1970-01-01 : installé de longue date.
    """


class rqth_ou_ald(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Médecin reconnu travailleur handicapé ou en affection de longue durée"
    documentation = """
    Aucune activité minimale n’est exigée ; l’objectif est fixé avec la caisse.
    """


class quotite_activite_liberale(Variable):
    value_type = float
    default_value = 1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "/1"
    label = "Part de l’activité libérale dans une activité mixte"
    documentation = """
    Entre 0 et 1. Les comptes de départ sont ceux que la caisse a reconstitués.
    """
