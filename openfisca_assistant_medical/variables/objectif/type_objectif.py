"""What does the doctor commit to, for each count?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele, TypeObjectif


class type_objectif_pmt(Variable):
    value_type = Enum
    possible_values = TypeObjectif
    default_value = TypeObjectif.sans_objet
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Nature de l’objectif de PMT"

    def formula(medecins, period):
        """Première ligne qui convient (S003, partie IV ; spécification, section 6).

        Lectures : maintien_avant_2024, objectif_avec_la_caisse.
        """
        sur_ce_compte = medecins("objectif_sur_pmt", period)
        tranche = medecins("tranche_pmt", period)
        depart = medecins("patientele_mt_initiale", period)
        cible = medecins("objectif_pmt_contractuel", period)
        sans_hausse = (cible > 0) & (depart >= 0) & (cible <= depart)
        maintien = (
            (tranche == TranchePatientele.p95_et_plus)
            | medecins("maintien_senior", period)
            | ((tranche == TranchePatientele.indeterminee) & sans_hausse)
        )
        return selon(
            (~sur_ce_compte, TypeObjectif.sans_objet),
            (medecins("rqth_ou_ald", period), TypeObjectif.fixe_avec_la_caisse),
            (medecins("objectif_d_installation", period), TypeObjectif.installation),
            (maintien, TypeObjectif.maintien),
            sinon=TypeObjectif.augmentation,
        )


class type_objectif_pfa(Variable):
    value_type = Enum
    possible_values = TypeObjectif
    default_value = TypeObjectif.sans_objet
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Nature de l’objectif de PFA"

    def formula(medecins, period):
        """Première ligne qui convient (S003, partie IV ; spécification, section 6).

        Lectures : maintien_avant_2024, objectif_avec_la_caisse.
        """
        sur_ce_compte = medecins("objectif_sur_pfa", period)
        tranche = medecins("tranche_pfa", period)
        depart = medecins("file_active_initiale", period)
        cible = medecins("objectif_pfa_contractuel", period)
        sans_hausse = (cible > 0) & (depart >= 0) & (cible <= depart)
        maintien = (
            (tranche == TranchePatientele.p95_et_plus)
            | medecins("maintien_senior", period)
            | ((tranche == TranchePatientele.indeterminee) & sans_hausse)
        )
        return selon(
            (~sur_ce_compte, TypeObjectif.sans_objet),
            (medecins("rqth_ou_ald", period), TypeObjectif.fixe_avec_la_caisse),
            (medecins("objectif_d_installation", period), TypeObjectif.installation),
            (maintien, TypeObjectif.maintien),
            sinon=TypeObjectif.augmentation,
        )
