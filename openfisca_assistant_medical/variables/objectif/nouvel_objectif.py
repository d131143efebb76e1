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
    label = "Dernier jour pour atteindre le nouvel objectif à fixer dans l’année civile"
    documentation = """
    9999-12-31 quand il n’y en a pas à fixer.
    """

    def formula(medecins, period):
        """Deux ans, comptés du jour où il est à fixer au plus tard (S003, partie IV-2)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        return plus_annees(medecins("date_nouvel_objectif", period), loi.objectif.nouvel_objectif)
