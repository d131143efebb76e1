"""In which band of its speciality is each starting count?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, meme_nom, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele


class tranche_pmt(Variable):
    value_type = Enum
    possible_values = TranchePatientele
    default_value = TranchePatientele.indeterminee
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de la PMT de départ"
    documentation = """
    Celle que la CPAM a dite, sinon celle du compte ; indéterminée si le compte ou le
    percentile manque.
    """

    def formula(medecins, period):
        """Source : S003, illustration 2.

        Lectures : p95_inclus, percentiles_avenant_7, date_des_percentiles_de_2023,
        du_94e_au_95e_percentile.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        percentile = loi.patientele.pmt
        p30, p90, p95 = (
            percentile.p30[specialite],
            percentile.p90[specialite],
            percentile.p95[specialite],
        )
        compte = medecins("patientele_mt_initiale", period)
        au_dela = (compte > p95) | ((compte == p95) & loi.lectures.lire("p95_inclus", sinon=True))
        inconnus = loi.lectures.percentiles_avenant_7.est("inconnus")
        par_le_compte = selon(
            ((compte >= 0) & (compte < p30), TranchePatientele.moins_de_p30),
            (inconnus | ~(compte >= p30), TranchePatientele.indeterminee),
            (au_dela, TranchePatientele.p95_et_plus),
            (compte >= p90, TranchePatientele.p90_p95),
            (compte < p90, TranchePatientele.p30_p90),
            sinon=TranchePatientele.indeterminee,
        )
        declaree = medecins("tranche_pmt_dite", period)
        return meme_nom(declaree, TranchePatientele, sinon=par_le_compte)


class tranche_pfa(Variable):
    value_type = Enum
    possible_values = TranchePatientele
    default_value = TranchePatientele.indeterminee
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de la PFA de départ"
    documentation = """
    Celle que la CPAM a dite, sinon celle du compte ; indéterminée si le compte ou le
    percentile manque.
    """

    def formula(medecins, period):
        """Source : S003, illustration 2.

        Lectures : p95_inclus, date_des_percentiles_de_2023, du_94e_au_95e_percentile.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        percentile = loi.patientele.pfa
        p30, p90, p95 = (
            percentile.p30[specialite],
            percentile.p90[specialite],
            percentile.p95[specialite],
        )
        compte = medecins("file_active_initiale", period)
        au_dela = (compte > p95) | ((compte == p95) & loi.lectures.lire("p95_inclus", sinon=True))
        par_le_compte = selon(
            ((compte >= 0) & (compte < p30), TranchePatientele.moins_de_p30),
            (~(compte >= p30), TranchePatientele.indeterminee),
            (au_dela, TranchePatientele.p95_et_plus),
            (compte >= p90, TranchePatientele.p90_p95),
            (compte < p90, TranchePatientele.p30_p90),
            sinon=TranchePatientele.indeterminee,
        )
        declaree = medecins("tranche_pfa_dite", period)
        return meme_nom(declaree, TranchePatientele, sinon=par_le_compte)
