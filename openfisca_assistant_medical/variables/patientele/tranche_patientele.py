"""Which band sets the amount?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au, plus_haute, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele


class tranche_lue_sur_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La PMT compte dans la tranche qui fixe le montant"

    def formula(medecins, period):
        """Généralistes et pédiatres (S003, partie II-3)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        return loi.patientele.compte_retenu.tranche_pmt.lire(specialite, sinon=PREMIER_TEXTE)


class tranche_lue_sur_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La PFA compte dans la tranche qui fixe le montant"

    def formula(medecins, period):
        """Toutes les spécialités. Lecture : mesure_tranche."""
        loi = droit_au(medecins, medecins("date_signature", period))
        pmt_seule = loi.lectures.mesure_tranche.est("pmt")
        return ~(medecins("tranche_lue_sur_pmt", period) & pmt_seule)


class tranche_patientele(Variable):
    value_type = Enum
    possible_values = TranchePatientele
    default_value = TranchePatientele.indeterminee
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de patientèle qui fixe le montant"

    def formula(medecins, period):
        """La plus haute des tranches qui comptent, pour tout le contrat (une lecture).

        Lecture : tranche_de_la_signature.
        """
        pmt = medecins("tranche_pmt", period)
        pfa = medecins("tranche_pfa", period)
        return selon(
            (~medecins("tranche_lue_sur_pmt", period), pfa),
            (~medecins("tranche_lue_sur_pfa", period), pmt),
            sinon=plus_haute(pmt, pfa),
        )
