"""Is the aid open for a contract year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin


class droit_ouvert(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Droit à l’aide ouvert pour l’année de contrat"

    def formula(medecins, period):
        """Éligible à la signature, contrat en cours, option accessible, secrétaire remplacé."""
        return (
            medecins("eligible", period)
            & (medecins("rang_annee_contrat", period) > 0)
            & medecins("option_accessible", period)
            & medecins("remplacement_secretaire_conforme", period)
        )
