"""Is the fee sector eligible?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class secteur_eligible(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secteur conventionnel éligible à l’aide"

    def formula(medecins, period):
        """Secteur 1, ou secteur 2 avec OPTAM (S001, conditions ; S003, partie II-2)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        secteur = medecins("secteur_conventionnel", period)
        return loi.eligibilite.secteur.lire(secteur, sinon=PREMIER_TEXTE)
