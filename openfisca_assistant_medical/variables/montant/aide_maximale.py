"""What is the maximum amount of a contract year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele


class aide_maximale(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Montant maximal de l’aide pour l’année de contrat"
    documentation = """
    0 si le droit n’est pas ouvert.
    """

    def formula(medecins, period):
        """Source : S000, tableau des montants ; S003, illustrations 2 et 3.

        Lectures : exempte_sous_p30, rangs_1_et_2_de_p90_a_p95, tiers_etp_deuxieme_annee.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        montant = loi.aide.montant.lire(
            medecins("option_etp", period),
            medecins("tranche_patientele", period),
            medecins("rang_annee_contrat", period),
            sinon=0,
        )
        return montant * medecins("droit_ouvert", period)


class aide_maximale_plancher(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le montant maximal est un plancher"

    def formula(medecins, period):
        """Un compte qui fixe la tranche est inconnu : le montant réel peut être plus élevé."""
        indeterminee = TranchePatientele.indeterminee
        par_pmt = medecins("tranche_lue_sur_pmt", period) & (
            medecins("tranche_pmt", period) == indeterminee
        )
        par_pfa = medecins("tranche_lue_sur_pfa", period) & (
            medecins("tranche_pfa", period) == indeterminee
        )
        au_plafond = medecins("tranche_patientele", period) == TranchePatientele.p95_et_plus
        return medecins("droit_ouvert", period) & (par_pmt | par_pfa) & ~au_plafond
