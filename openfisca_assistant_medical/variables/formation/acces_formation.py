"""May the assistant enter the training, and must they enrol?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class acces_formation(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant a accès à la formation qu’il doit suivre"
    documentation = """
    Faux aussi quand aucune formation n’est requise.
    """

    def formula(medecins, period):
        """Avec un diplôme de niveau 4 (S001, profils). Lecture : diplome_pour_la_formation."""
        loi = droit_au(medecins, medecins("date_signature", period))
        exige = loi.formation.lire("diplome_niveau_4", sinon=PREMIER_TEXTE)
        requise = medecins("formation_requise", period) != FormationRequise.aucune
        return requise & (medecins("diplome_niveau_4", period) | ~exige)


class acquis_valides(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le certificat requis s’obtient par validation des acquis"

    def formula(medecins, period):
        """Pour qui doit le certificat (S000, formation).

        Lecture : validation_des_acquis_d_un_soignant.
        """
        certificat = medecins("formation_requise", period) == FormationRequise.cqp
        return certificat & medecins("validation_des_acquis", period)


class inscription_requise(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant doit être inscrit en formation"

    def formula(medecins, period):
        """Si une formation est requise, sauf acquis validés (S001, engagement conventionnel).

        Lecture : validation_sans_inscription.
        """
        requise = medecins("formation_requise", period) != FormationRequise.aucune
        return requise & ~medecins("acquis_valides", period)
