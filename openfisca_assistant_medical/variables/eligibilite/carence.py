"""Does an earlier contract carry a waiting time?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, plus_mois
from openfisca_assistant_medical.entities import Medecin


class date_fin_carence(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Fin du délai de carence après un contrat précédent"

    def formula(medecins, period):
        """Deux ans sous la convention de 2024 (S003, partie III) ; aucun délai avant elle."""
        loi = droit_au(medecins, medecins("date_signature", period))
        precedente = medecins("date_resiliation_contrat_precedent", period)
        return plus_mois(precedente, loi.contrat.carence)


class hors_carence(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucun délai de carence ne court à la signature"

    def formula(medecins, period):
        """Le délai dépend du motif de la résiliation précédente (S003, partie III)."""
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        delai = (loi.contrat.carence > 0) & medecins("carence_applicable", period)
        return ~delai | (signature >= medecins("date_fin_carence", period))
