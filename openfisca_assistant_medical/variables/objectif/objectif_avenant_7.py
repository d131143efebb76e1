"""Which target does the scale of avenant 7 give?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_patient, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class objectif_lu_au_bareme(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Un objectif non donné se lit au barème de l’avenant 7"

    def formula(medecins, period):
        """Contrats de l’avenant 7 (article 9-5-2-2) dont aucun avenant n’a changé l’option."""
        texte = medecins("texte_signature", period)
        meme_option = medecins("option_de_la_signature", period)
        return (texte == TexteConventionnel.avenant_7) & meme_option


class objectif_avenant_7_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Objectif de PMT que donne le barème de l’avenant 7"
    documentation = """
    0 : le taux, la tranche ou le départ n’est pas connu.
    """

    def formula(medecins, period):
        """Part du départ à gagner, selon l’option et la tranche (avenant 7, article 9-5-2-2).

        Lectures : taux_de_l_avenant_7, taux_a_un_demi_et_un_etp, taux_coupe_de_p90_a_p95.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        option = medecins("option_etp_initiale", period)
        tranche = medecins("tranche_objectif_pmt_lue", period)
        part = loi.objectif.avenant_7.lire(option, tranche, sinon=0)
        depart = medecins("patientele_mt_initiale", period)
        connu = (part > 0) & (depart >= 0)
        return (depart + arrondi_au_patient(part, depart)) * connu


class objectif_avenant_7_pfa(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Objectif de PFA que donne le barème de l’avenant 7"
    documentation = """
    0 : le taux, la tranche ou le départ n’est pas connu.
    """

    def formula(medecins, period):
        """Part du départ à gagner, selon l’option et la tranche (avenant 7, article 9-5-2-2).

        Lectures : taux_de_l_avenant_7, taux_a_un_demi_et_un_etp, taux_coupe_de_p90_a_p95.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        option = medecins("option_etp_initiale", period)
        tranche = medecins("tranche_objectif_pfa_lue", period)
        part = loi.objectif.avenant_7.lire(option, tranche, sinon=0)
        depart = medecins("file_active_initiale", period)
        connu = (part > 0) & (depart >= 0)
        return (depart + arrondi_au_patient(part, depart)) * connu
