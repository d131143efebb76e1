"""Is the minimum activity reached, and is it known?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class activite_minimale_atteinte(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Activité minimale atteinte"
    documentation = """
    Vrai aussi quand on ne le sait pas : voir activite_minimale_connue.
    """

    def formula(medecins, period):
        """Source : S003, partie II-3. Lectures : mesure_activite, seuil_p30."""
        par_pmt = medecins("activite_mesuree_sur_pmt", period)
        par_pfa = medecins("activite_mesuree_sur_pfa", period)
        return (par_pmt & medecins("seuil_pmt_atteint", period)) | (
            par_pfa & medecins("seuil_pfa_atteint", period)
        )


class activite_minimale_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "On sait si l’activité minimale est atteinte"

    def formula(medecins, period):
        """Avec deux comptes : l’un est connu et atteint, ou les deux sont connus."""
        par_pmt = medecins("activite_mesuree_sur_pmt", period)
        par_pfa = medecins("activite_mesuree_sur_pfa", period)
        pmt_connue = medecins("seuil_pmt_connu", period)
        pfa_connue = medecins("seuil_pfa_connu", period)
        return (
            (par_pmt & pmt_connue & medecins("seuil_pmt_atteint", period))
            | (par_pfa & pfa_connue & medecins("seuil_pfa_atteint", period))
            | ((~par_pmt | pmt_connue) & (~par_pfa | pfa_connue))
        )


class dispense_activite_minimale(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Dispensé de l’activité minimale"

    def formula(medecins, period):
        """Handicap, longue maladie, première installation (S003, IV-2).

        Lecture : dispense_primo_installe.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        installation = loi.lectures.lire("dispense_primo_installe", sinon=True)
        return medecins("rqth_ou_ald", period) | (medecins("primo_installe", period) & installation)
