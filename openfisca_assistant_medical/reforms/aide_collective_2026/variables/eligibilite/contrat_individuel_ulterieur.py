"""Does an individual contract, signed after the entry, run against the collective one?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin


class aide_collective_cumul_ulterieur(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Un contrat individuel est signé pendant l’adhésion au contrat collectif"
    documentation = """
    Un signalement : le médecin reste dans le contrat collectif, et son aide individuelle est
    calculée comme si elle était due.
    """

    def formula(medecins, period):
        """Le cumul n’est pas possible (MESDOCS).

        Lecture : aide_collective_contrat_individuel_ulterieur.
        """
        signature = medecins("date_signature", period)
        return (
            medecins("aide_collective_adhesion_effective", period)
            & (signature >= medecins("aide_collective_entree_effective", period))
            & (signature < medecins("aide_collective_fin_adhesion", period))
        )


class aide_collective_carence_a_declarer(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Un contrat individuel est signé pendant la carence du contrat collectif"
    documentation = """
    Un signalement : cette carence ne vaut pour le contrat individuel que donnée par
    date_resiliation_contrat_precedent et carence_applicable.
    """

    def formula(medecins, period):
        """Deux ans avant un contrat, individuel ou collectif (MESDOCS).

        Lecture : aide_collective_contrat_individuel_ulterieur.
        """
        signature = medecins("date_signature", period)
        fin_adhesion = medecins("aide_collective_fin_adhesion", period)
        declaree = medecins("carence_applicable", period) & (
            medecins("date_resiliation_contrat_precedent", period) >= fin_adhesion
        )
        return (
            medecins("aide_collective_adhesion_effective", period)
            & (signature >= fin_adhesion)
            & (signature < medecins("aide_collective_fin_carence", period))
            & ~declaree
            & ~medecins("aide_collective_carence_levee", period)
        )
