"""Is the doctor newly installed, with a small *patientèle*?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au, plus_mois, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TrancheDeclaree, TranchePatientele


class sous_mediane_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "PMT de départ sous la médiane nationale"

    def formula(medecins, period):
        """Ce qu’on ignore est favorable, sauf dans une tranche haute. Source : S003, IV-2.

        Lecture : mediane_non_publiee.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        p50 = loi.patientele.pmt.p50[medecins("specialite", period)]
        compte = medecins("patientele_mt_initiale", period)
        tranche = medecins("tranche_pmt", period)
        haute = (tranche == TranchePatientele.p90_p95) | (tranche == TranchePatientele.p95_et_plus)
        connue = (p50 >= 0) & (compte >= 0)
        sous_p30 = medecins("tranche_pmt_dite", period) == TrancheDeclaree.moins_de_p30
        dite_au_dela = medecins("tranche_pmt_dite_au_dela_de_p50", period)
        return ~haute & ~dite_au_dela & (sous_p30 | ~connue | (compte < p50))


class sous_mediane_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "PFA de départ sous la médiane nationale"

    def formula(medecins, period):
        """Ce qu’on ignore est favorable, sauf dans une tranche haute. Source : S003, IV-2.

        Lecture : mediane_non_publiee.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        p50 = loi.patientele.pfa.p50[medecins("specialite", period)]
        compte = medecins("file_active_initiale", period)
        tranche = medecins("tranche_pfa", period)
        haute = (tranche == TranchePatientele.p90_p95) | (tranche == TranchePatientele.p95_et_plus)
        connue = (p50 >= 0) & (compte >= 0)
        sous_p30 = medecins("tranche_pfa_dite", period) == TrancheDeclaree.moins_de_p30
        dite_au_dela = medecins("tranche_pfa_dite_au_dela_de_p50", period)
        return ~haute & ~dite_au_dela & (sous_p30 | ~connue | (compte < p50))


class primo_installe(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Médecin nouvellement installé sous la médiane"

    def formula(medecins, period):
        """Première installation dans le département depuis douze mois au plus (S003, IV-2).

        Lectures : compte_de_la_mediane, installation_avant_2024.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        installation = medecins("date_installation", period)
        delai = loi.eligibilite.lire("primo_installation", sinon=PREMIER_TEXTE)
        specialite = medecins("specialite", period)
        comptes = loi.patientele.compte_retenu
        sur_pmt = comptes.installation_pmt.lire(specialite, sinon=PREMIER_TEXTE)
        sous_mediane = selon(
            (sur_pmt, medecins("sous_mediane_pmt", period)),
            sinon=medecins("sous_mediane_pfa", period),
        )
        return (
            (installation <= signature)
            & (signature <= plus_mois(installation, delai))
            & sous_mediane
        )


class primo_installe_suppose(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tenu pour nouvellement installé, faute du compte de départ"

    def formula(medecins, period):
        """Sans le compte, ni sa tranche, la médiane ne se compare à rien (S003, IV-2)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        comptes = loi.patientele.compte_retenu
        sur_pmt = comptes.installation_pmt.lire(medecins("specialite", period), sinon=PREMIER_TEXTE)
        depart = selon(
            (sur_pmt, medecins("patientele_mt_initiale", period)),
            sinon=medecins("file_active_initiale", period),
        )
        dite = selon(
            (sur_pmt, medecins("tranche_pmt_dite", period)),
            sinon=medecins("tranche_pfa_dite", period),
        )
        sous_p30 = dite == TrancheDeclaree.moins_de_p30
        return medecins("primo_installe", period) & (depart < 0) & ~sous_p30
