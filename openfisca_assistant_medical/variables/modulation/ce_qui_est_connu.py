"""Is what the modulation needs known?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele, TypeObjectif


class resultats_connus(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Tous les résultats qui comptent sont observés"

    def formula(medecins, period):
        """Patientèles observées pour l’année de contrat, sur chaque compte engagé."""
        pmt = (medecins("patientele_mt", period) >= 0) | ~medecins("objectif_sur_pmt", period)
        pfa = (medecins("file_active", period) >= 0) | ~medecins("objectif_sur_pfa", period)
        return pmt & pfa


class objectif_pmt_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’objectif de PMT, et le départ dont il a besoin, sont connus"

    def formula(medecins, period):
        """Une augmentation, ou un objectif fixé avec la caisse, a besoin d’un départ.

        Dans une tranche inconnue, le contrat dit seul, par son objectif et son départ, si la PMT
        est à augmenter ou à maintenir (voir type_objectif_pmt).
        """
        nature = medecins("type_objectif_pmt", period)
        depart_requis = (nature == TypeObjectif.augmentation) | (
            nature == TypeObjectif.fixe_avec_la_caisse
        )
        connu = (medecins("objectif_pmt", period) > 0) & (
            ~depart_requis | (medecins("depart_pmt", period) >= 0)
        )
        dite_par_le_contrat = (medecins("objectif_pmt_contractuel", period) > 0) & (
            medecins("patientele_mt_initiale", period) >= 0
        )
        tranche_connue = medecins("tranche_pmt", period) != TranchePatientele.indeterminee
        supposee = (nature == TypeObjectif.augmentation) & ~(tranche_connue | dite_par_le_contrat)
        return (connu & ~supposee) | (nature == TypeObjectif.sans_objet)


class objectif_pfa_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’objectif de PFA, et le départ dont il a besoin, sont connus"

    def formula(medecins, period):
        """Une augmentation, ou un objectif fixé avec la caisse, a besoin d’un départ.

        Dans une tranche inconnue, le contrat dit seul, par son objectif et son départ, si la PFA
        est à augmenter ou à maintenir (voir type_objectif_pfa).
        """
        nature = medecins("type_objectif_pfa", period)
        depart_requis = (nature == TypeObjectif.augmentation) | (
            nature == TypeObjectif.fixe_avec_la_caisse
        )
        connu = (medecins("objectif_pfa", period) > 0) & (
            ~depart_requis | (medecins("depart_pfa", period) >= 0)
        )
        dite_par_le_contrat = (medecins("objectif_pfa_contractuel", period) > 0) & (
            medecins("file_active_initiale", period) >= 0
        )
        tranche_connue = medecins("tranche_pfa", period) != TranchePatientele.indeterminee
        supposee = (nature == TypeObjectif.augmentation) & ~(tranche_connue | dite_par_le_contrat)
        return (connu & ~supposee) | (nature == TypeObjectif.sans_objet)
