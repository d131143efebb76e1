"""When does a newly installed doctor get a new objective, and until when to reach it?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import AUCUN_JOUR, Variable, droit_au, plus_annees, selon
from openfisca_assistant_medical.entities import Medecin


class date_nouvel_objectif(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Jour de l’année civile où un nouvel objectif est à fixer par avenant, au plus tard"
    documentation = """
    9999-12-31 quand l’objectif d’installation ne s’achève pas dans l’année, ou qu’un
    avenant l’a remplacé.
    """

    def formula(medecins, period):
        """Fin de la troisième année d’un médecin nouvellement installé (S003, partie IV-2)."""
        precedente = period.last_year
        loi = droit_au(medecins, medecins("date_signature", period))
        derniere = medecins("rang_annee_contrat", precedente) == loi.objectif.installation
        acheve = derniere & medecins("objectif_d_installation", precedente)
        return selon((acheve, medecins("date_anniversaire", period)), sinon=AUCUN_JOUR)


class date_limite_nouvel_objectif(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Dernier jour pour atteindre l’objectif qui suit celui d’une première installation"
    documentation = """
    Donné pour l’année civile d’où le délai court ; 9999-12-31 les autres années.
    """

    def formula(medecins, period):
        """De l’anniversaire du premier avenant, ou de la fin de la troisième année (S003, IV-2).

        Lectures : depart_du_second_objectif, delai_du_second_objectif_avant_2024.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        succede = medecins("objectif_d_installation", period.last_year) & ~medecins(
            "objectif_d_installation", period
        )
        depart = selon((succede, medecins("date_anniversaire", period)), sinon=AUCUN_JOUR)
        return plus_annees(depart, loi.objectif.nouvel_objectif)
