"""On which counts is the minimum activity measured?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class activite_mesuree_sur_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’activité minimale se mesure sur la PMT"

    def formula(medecins, period):
        """Généralistes et pédiatres (S001, S003, partie II-3).

        Lecture : mesure_activite_hors_generaliste.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        return loi.patientele.compte_retenu.activite_pmt.lire(specialite, sinon=PREMIER_TEXTE)


class activite_mesuree_sur_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’activité minimale se mesure sur la PFA"

    def formula(medecins, period):
        """Toutes les spécialités sauf les généralistes.

        Lectures : mesure_activite, mesure_activite_hors_generaliste.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        retenue = loi.patientele.compte_retenu.activite_pfa.lire(specialite, sinon=PREMIER_TEXTE)
        l_une_ou_l_autre = loi.lectures.mesure_activite.est("pmt_ou_pfa")
        return retenue | (medecins("activite_mesuree_sur_pmt", period) & l_une_ou_l_autre)
