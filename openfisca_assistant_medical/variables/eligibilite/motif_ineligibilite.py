"""Why is the doctor not eligible?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import MotifIneligibilite, TexteConventionnel


class motif_ineligibilite(Variable):
    value_type = Enum
    possible_values = MotifIneligibilite
    default_value = MotifIneligibilite.aucun
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Première condition d’éligibilité qui manque"

    def formula(medecins, period):
        """Dans l’ordre de la spécification, section 4."""
        texte = medecins("texte_signature", period)
        activite = medecins("activite_minimale_atteinte", period) | medecins(
            "dispense_activite_minimale", period
        )
        honoraires = medecins("honoraires_cliniques_suffisants", period)
        return selon(
            (texte == TexteConventionnel.aucun, MotifIneligibilite.aucun_texte),
            (medecins("specialite_exclue", period), MotifIneligibilite.specialite_exclue),
            (~honoraires, MotifIneligibilite.honoraires_cliniques),
            (~medecins("secteur_eligible", period), MotifIneligibilite.secteur),
            (~activite, MotifIneligibilite.patientele_insuffisante),
            (~medecins("exercice_conforme", period), MotifIneligibilite.exercice_isole),
            (~medecins("option_ouverte", period), MotifIneligibilite.option_fermee),
            (~medecins("hors_carence", period), MotifIneligibilite.carence),
            sinon=MotifIneligibilite.aucun,
        )
