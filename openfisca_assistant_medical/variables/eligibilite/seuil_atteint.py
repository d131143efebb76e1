"""Does a starting count reach the 30th percentile?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TrancheDeclaree


class seuil_pmt_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "On sait si la PMT de départ atteint le 30e percentile"

    def formula(medecins, period):
        """La CPAM a dit la tranche, ou le percentile est publié et le compte donné."""
        loi = droit_au(medecins, medecins("date_signature", period))
        p30 = loi.patientele.pmt.p30[medecins("specialite", period)]
        declaree = medecins("tranche_pmt_dite", period) != TrancheDeclaree.non_declaree
        return declaree | ((p30 >= 0) & (medecins("patientele_mt_initiale", period) >= 0))


class seuil_pmt_atteint(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La PMT de départ atteint le 30e percentile"

    def formula(medecins, period):
        """Vrai aussi quand on ne le sait pas. Source : S003, partie II-3. Lecture : seuil_p30."""
        loi = droit_au(medecins, medecins("date_signature", period))
        p30 = loi.patientele.pmt.p30[medecins("specialite", period)]
        compte = medecins("patientele_mt_initiale", period)
        tranche = medecins("tranche_pmt_dite", period)
        exclu = loi.lectures.seuil_p30.est("exclu")
        return selon(
            (tranche != TrancheDeclaree.non_declaree, tranche != TrancheDeclaree.moins_de_p30),
            (~medecins("seuil_pmt_connu", period), True),
            sinon=(compte > p30) | ((compte == p30) & ~exclu),
        )


class seuil_pfa_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "On sait si la PFA de départ atteint le 30e percentile"

    def formula(medecins, period):
        """La CPAM a dit la tranche, ou le percentile est publié et le compte donné."""
        loi = droit_au(medecins, medecins("date_signature", period))
        p30 = loi.patientele.pfa.p30[medecins("specialite", period)]
        declaree = medecins("tranche_pfa_dite", period) != TrancheDeclaree.non_declaree
        return declaree | ((p30 >= 0) & (medecins("file_active_initiale", period) >= 0))


class seuil_pfa_atteint(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La PFA de départ atteint le 30e percentile"

    def formula(medecins, period):
        """Vrai aussi quand on ne le sait pas. Source : S003, partie II-3. Lecture : seuil_p30."""
        loi = droit_au(medecins, medecins("date_signature", period))
        p30 = loi.patientele.pfa.p30[medecins("specialite", period)]
        compte = medecins("file_active_initiale", period)
        tranche = medecins("tranche_pfa_dite", period)
        exclu = loi.lectures.seuil_p30.est("exclu")
        return selon(
            (tranche != TrancheDeclaree.non_declaree, tranche != TrancheDeclaree.moins_de_p30),
            (~medecins("seuil_pfa_connu", period), True),
            sinon=(compte > p30) | ((compte == p30) & ~exclu),
        )
