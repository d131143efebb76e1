"""Is the doctor eligible on the day of the signature?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class eligible(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Médecin éligible à l’aide à la signature"

    def formula(medecins, period):
        """Un texte est en vigueur et toutes les conditions sont remplies."""
        activite = medecins("activite_minimale_atteinte", period) | medecins(
            "dispense_activite_minimale", period
        )
        return (
            (medecins("texte_signature", period) != TexteConventionnel.aucun)
            & medecins("specialite_eligible", period)
            & medecins("secteur_eligible", period)
            & activite
            & medecins("exercice_conforme", period)
            & medecins("option_ouverte", period)
            & medecins("hors_carence", period)
        )


class eligibilite_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’éligibilité ne dépend pas d’une activité inconnue"

    def formula(medecins, period):
        """Faux quand l’éligibilité suppose une activité minimale qu’on ne connaît pas."""
        dispense_connue = medecins("dispense_activite_minimale", period) & (
            medecins("rqth_ou_ald", period) | ~medecins("primo_installe_suppose", period)
        )
        return (
            ~medecins("eligible", period)
            | medecins("activite_minimale_connue", period)
            | dispense_connue
        )
