"""The doctor and the caisse meet every six months."""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    Variable,
    droit_au,
    premiere_echeance,
    seconde_echeance,
    selon,
)
from openfisca_assistant_medical.entities import Medecin


class date_point_d_etape(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Premier point d’étape de l’année civile avec la caisse"
    documentation = """
    9999-12-31 s’il n’y en a pas dans l’année.
    """

    def formula(medecins, period):
        """Tous les six mois à compter de la signature, tant que le contrat court (S003, S004).

        Lectures : depart_des_points_d_etape, point_d_etape_au_terme, point_d_etape_toute_la_duree.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        date_prevue = premiere_echeance(signature, loi.contrat.point_d_etape, period.start.year)
        en_cours = (date_prevue < medecins("date_fin_contrat", period)) & (
            date_prevue < medecins("date_resiliation", period)
        )
        return selon((en_cours, date_prevue), sinon=AUCUN_JOUR)


class date_second_point_d_etape(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Second point d’étape de l’année civile avec la caisse"
    documentation = """
    9999-12-31 s’il n’y en a pas deux dans l’année.
    """

    def formula(medecins, period):
        """Compté de la signature, comme le premier, et non de celui-ci (S003, S004).

        Lectures : depart_des_points_d_etape, point_d_etape_au_terme, point_d_etape_toute_la_duree.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        date_prevue = seconde_echeance(signature, loi.contrat.point_d_etape, period.start.year)
        en_cours = (date_prevue < medecins("date_fin_contrat", period)) & (
            date_prevue < medecins("date_resiliation", period)
        )
        return selon((en_cours, date_prevue), sinon=AUCUN_JOUR)
