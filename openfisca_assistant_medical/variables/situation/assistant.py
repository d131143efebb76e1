"""The assistant, and the post that the assistant leaves: inputs."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import ProfilAssistant


class date_recrutement_assistant(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de recrutement de l’assistant"
    documentation = """
    9999-12-31 : non donnée, la signature en tient lieu.
    """


class secretaire_devenu_assistant(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant était le secrétaire du cabinet"
    documentation = """
    Le poste qu’il quitte doit alors être remplacé.
    """


class date_remplacement_secretaire(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de remplacement du secrétaire devenu assistant"
    documentation = """
    9999-12-31 : non remplacé.
    """


class quotite_secretaire(Variable):
    value_type = float
    default_value = 1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "/1"
    label = "Temps de travail du poste de secrétaire à remplacer"
    documentation = """
    En part d’un temps plein.
    """


class quotite_remplacement(Variable):
    value_type = float
    default_value = 1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "/1"
    label = "Temps de travail de ce qui remplace le secrétaire"
    documentation = """
    Secrétaire ou secrétariat téléphonique, en part d’un temps plein.
    """


class profil_assistant(Variable):
    value_type = Enum
    possible_values = ProfilAssistant
    default_value = ProfilAssistant.autre
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Profil de l’assistant au recrutement"
    documentation = """
    Décide de la formation requise.
    """


class diplome_niveau_4(Variable):
    value_type = bool
    default_value = True
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant a un diplôme de niveau 4"
    documentation = """
    Exigé pour accéder à la formation.
    """


class date_inscription_formation(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date d’inscription de l’assistant en formation"
    documentation = """
    9999-12-31 : non inscrit.
    """


class date_certification(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date de certification de l’assistant"
    documentation = """
    Certificat de qualification professionnelle ou attestation ; 9999-12-31 : aucune.
    """


class blocs_dispenses(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "bloc"
    label = "Blocs de compétence dont l’assistant est dispensé"
    documentation = """
    Par la commission paritaire de la branche, au vu de son expérience.
    """


class validation_des_acquis(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant obtient son certificat par validation des acquis"
    documentation = """
    De son expérience, sans suivre la formation entière.
    """


class cout_employeur_annuel(Variable):
    value_type = float
    default_value = 0
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Coût annuel de l’assistant pour l’employeur"
    documentation = """
    Facultatif : sert au reste à charge de l’année de contrat qui commence dans l’année civile, et
    d’elle seule ; celui des jours courus, si une résiliation l’interrompt. 0 : non donné.
    """
