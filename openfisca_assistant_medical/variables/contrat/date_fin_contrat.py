"""When the contract ends, and whether it goes on past its term."""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    Variable,
    droit_au,
    echeance_annuelle,
    plus_annees,
    selon,
)
from openfisca_assistant_medical.entities import Medecin


class prorogation_possible(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le contrat peut être prorogé par avenant à son terme"
    documentation = """
    Faux quand il est reconduit tacitement, et sans contrat.
    """

    def formula(medecins, period):
        """Contrat signé avant la convention de 2024, qui sinon est clos (S003, partie III).

        Lecture : renouvellement_avant_2024.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        avec_un_terme = ~loi.contrat.lire("reconduction_tacite", sinon=True)
        return avec_un_terme & (loi.lectures.renouvellement_avant_2024 > 0)


class contrat_reconduit(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le contrat se poursuit après son terme"

    def formula(medecins, period):
        """Tacitement sous la convention de 2024, par prorogation signée avant elle.

        Source : S003, partie III.

        Lecture : reconductions_tacites.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        tacite = loi.contrat.lire("reconduction_tacite", sinon=False)
        prorogeable = medecins("prorogation_possible", period)
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


class date_terme(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Jour de l’année civile où une période du contrat arrive à son terme"
    documentation = """
    Le contrat y est clos, prorogé ou reconduit ; 9999-12-31 quand aucune période ne
    s’achève dans l’année, ou que le contrat a été résilié avant.
    """

    def formula(medecins, period):
        """Tous les cinq ans à compter de la signature (S003, partie III ; S000, contrat)."""
        signature = medecins("date_signature", period)
        duree = droit_au(medecins, signature).contrat.duree
        terme = echeance_annuelle(signature, duree, period.start.year)
        en_cours = (terme <= medecins("date_fin_contrat", period)) & (
            terme <= medecins("date_resiliation", period)
        )
        return selon((en_cours, terme), sinon=AUCUN_JOUR)
