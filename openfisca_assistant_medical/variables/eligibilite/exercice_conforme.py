"""Is the way of practising the one that avenant 7 asked for?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class exercice_regroupe(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Exercice regroupé"

    def formula(medecins, period):
        """Déclaré, ou deux médecins au moins dans le cabinet (S002, conditions)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        membres = medecins.cabinet.nb_persons()
        condition = loi.eligibilite.exercice_regroupe
        minimum = condition.lire("nombre_de_medecins", sinon=PREMIER_TEXTE)
        return medecins("exercice_regroupe_declare", period) | (membres >= minimum)


class exercice_conforme(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Condition d’exercice regroupé remplie"

    def formula(medecins, period):
        """Exigée par l’avenant 7 hors zone sous-dense (S002) ; supprimée en 2023 (S001).

        Lecture : zone_dispensee_d_exercice_regroupe.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        condition = loi.eligibilite.exercice_regroupe
        requis = condition.lire("requis", sinon=False)
        dispense = condition.zone_dispensee.lire(medecins("zone", period), sinon=False)
        return ~requis | medecins("exercice_regroupe", period) | dispense
