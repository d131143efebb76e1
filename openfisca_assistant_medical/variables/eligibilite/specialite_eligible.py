"""Is the speciality eligible?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class specialite_exclue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Spécialité exclue de l’aide"

    def formula(medecins, period):
        """Source : S000, spécialités éligibles ; S003, partie II-1.

        Lecture : specialites_avenant_7.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        return loi.eligibilite.specialite_exclue.lire(specialite, sinon=PREMIER_TEXTE)


class honoraires_cliniques_suffisants(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Part d’honoraires cliniques suffisante, si elle est exigée"

    def formula(medecins, period):
        """Source : S000, S003, partie II-1.

        Lectures : honoraires_cliniques, specialites_a_honoraires_cliniques.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        condition = loi.eligibilite.honoraires_cliniques
        specialite = medecins("specialite", period)
        concerne = condition.specialite_concernee.lire(specialite, sinon=PREMIER_TEXTE)
        part = medecins("part_honoraires_cliniques", period)
        minimum = condition.lire("part_minimale", sinon=PREMIER_TEXTE)
        egale_admise = loi.lectures.honoraires_cliniques.est("atteint")
        return ~concerne | (part > minimum) | (egale_admise & (part == minimum))


class specialite_eligible(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Spécialité éligible à l’aide"

    def formula(medecins, period):
        """Source : S000, spécialités éligibles ; S003, partie II-1."""
        return ~medecins("specialite_exclue", period) & medecins(
            "honoraires_cliniques_suffisants", period
        )
