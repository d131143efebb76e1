"""When the contract ends, and whether it goes on past its term."""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import AUCUN_JOUR, Variable, droit_au, plus_annees, selon
from openfisca_assistant_medical.entities import Medecin


class contrat_reconduit(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le contrat se poursuit après son terme"

    def formula(medecins, period):
        """Tacitement sous la convention de 2024, par prorogation signée avant elle.

        Source : S003, partie III. Lecture : renouvellement_avant_2024.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        tacite = loi.contrat.lire("reconduction_tacite", sinon=False)
        prorogeable = loi.lectures.renouvellement_avant_2024 > 0
        return tacite | (medecins("prorogation_signee", period) & prorogeable)


class date_fin_contrat(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date à laquelle le contrat prend fin"
    documentation = """
    9999-12-31 quand le contrat n’a pas de terme, ou qu’il n’y a pas de contrat. La
    résiliation n’y change rien.
    """

    def formula(medecins, period):
        """Cinq ans, dix si le contrat est prorogé, sans terme s’il est reconduit tacitement.

        Source : S003, partie III. Lecture : renouvellement_avant_2024.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        prorogations = (
            medecins("contrat_reconduit", period) * loi.lectures.renouvellement_avant_2024
        )
        terme = plus_annees(signature, loi.contrat.duree * (1 + prorogations))
        sans_terme = loi.contrat.lire("reconduction_tacite", sinon=True)
        return selon((sans_terme, AUCUN_JOUR), sinon=terme)
