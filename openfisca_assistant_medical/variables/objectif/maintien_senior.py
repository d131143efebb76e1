"""Does the senior rule apply to a contract year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au, plus_annees
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class maintien_senior(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Objectif de maintien du médecin senior"
    documentation = """
    N’agit que sur les comptes dont l’objectif est de maintien.
    """

    def formula(medecins, period):
        """À la signature, ou par avenant au contrat en cours (S003, IV-2).

        Lectures : age_senior, avenant_senior_a_l_anniversaire.
        """
        debut = medecins("date_anniversaire", period)
        loi = droit_au(medecins, debut)
        anniversaire_senior = plus_annees(
            medecins("date_naissance", period), loi.lectures.lire("age_senior", sinon=PREMIER_TEXTE)
        )
        signature = medecins("date_signature", period)
        sous_la_convention = (
            medecins("texte_signature", period) == TexteConventionnel.convention_2024
        )
        a_la_signature = sous_la_convention & (anniversaire_senior <= signature)
        par_avenant = medecins("avenant_senior", period) & (anniversaire_senior <= debut)
        regle = loi.objectif.lire("maintien_senior", sinon=False)
        return regle & (a_la_signature | par_avenant)
