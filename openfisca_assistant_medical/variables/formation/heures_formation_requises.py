"""How many hours of training?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class heures_formation_requises(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "heure"
    label = "Heures de la formation requise"
    documentation = """
    Pour un parcours entier : voir heures_formation_plafond.
    """

    def formula(medecins, period):
        """Selon la formation, au jour de la signature (S001, cursus ; S002, formation).

        Lectures : formation_des_soignants, heures_du_certificat, heures_de_la_signature.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.formation.heures.lire(medecins("formation_requise", period), sinon=PREMIER_TEXTE)


class heures_formation_plafond(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Les heures de formation sont un plafond"

    def formula(medecins, period):
        """Un allègement sans date d’effet, des blocs dispensés, des acquis validés (S001, cursus).

        L’allègement se lit au dernier jour pour le certificat : la formation peut être suivie
        jusque-là. Lecture : heures_du_certificat.
        """
        loi = droit_au(medecins, medecins("date_limite_certification", period))
        requise = medecins("formation_requise", period)
        allegees = loi.formation.heures_allegees.lire(requise, sinon=False)
        dispense = (requise != FormationRequise.aucune) & (medecins("blocs_dispenses", period) > 0)
        return allegees | dispense | medecins("acquis_valides", period)
