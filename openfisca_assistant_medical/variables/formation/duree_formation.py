"""Over how long, and in how many weeks, does the training run?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, rapport
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class duree_formation(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "month"
    label = "Durée de la formation requise"
    documentation = """
    0 si elle n’est pas publiée : voir duree_formation_connue.
    """

    def formula(medecins, period):
        """Douze mois pour le certificat (S001, cursus). Lecture : rythme_du_certificat."""
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.formation.duree.lire(medecins("formation_requise", period), sinon=0)


class duree_formation_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La durée de la formation requise est publiée"

    def formula(medecins, period):
        """Celle de l’adaptation d’un soignant ne l’est pas (S001, cursus)."""
        aucune = medecins("formation_requise", period) == FormationRequise.aucune
        return aucune | (medecins("duree_formation", period) > 0)


class semaines_de_formation(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "semaine"
    label = "Semaines de formation, au rythme publié"
    documentation = """
    0 si le rythme n’est pas publié : voir semaines_de_formation_connues.
    """

    def formula(medecins, period):
        """Heures de la formation sur heures par semaine (S001, cursus).

        Lecture : rythme_du_certificat.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        requise = medecins("formation_requise", period)
        par_semaine = loi.formation.heures_par_semaine.lire(requise, sinon=0)
        return rapport(medecins("heures_formation_requises", period), par_semaine)


class semaines_de_formation_connues(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le rythme de la formation requise est publié"

    def formula(medecins, period):
        """Seul celui du premier cursus du certificat l’est (S001, cursus)."""
        aucune = medecins("formation_requise", period) == FormationRequise.aucune
        return aucune | (medecins("semaines_de_formation", period) > 0)
