"""On which counts does the doctor commit, and as a newcomer?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class objectif_sur_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le médecin s’engage sur la PMT cette année de contrat"

    def formula(medecins, period):
        """Généralistes, MEP inclus, et pédiatres (S001, objectifs ; S003, partie III-4)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        retenue = loi.patientele.compte_retenu.objectif_pmt.lire(specialite, sinon=PREMIER_TEXTE)
        return retenue & (medecins("rang_annee_contrat", period) > 0)


class objectif_sur_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le médecin s’engage sur la PFA cette année de contrat"

    def formula(medecins, period):
        """Toutes les spécialités (S001, objectifs ; S003, partie III-4)."""
        return medecins("rang_annee_contrat", period) > 0


class objectif_d_installation(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’objectif est celui d’une première installation"

    def formula(medecins, period):
        """Trois ans pour atteindre la médiane, sauf avenant avant ce terme (S003, partie IV-2)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        sans_avenant = (medecins("objectif_pmt_avenant", period) <= 0) & (
            medecins("objectif_pfa_avenant", period) <= 0
        )
        dans_le_delai = medecins("rang_annee_contrat", period) <= loi.objectif.installation
        return medecins("primo_installe", period) & dans_le_delai & sans_avenant
