"""Is the mean PMT of the group at least the 30th percentile?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, rapport, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_pmt_signature(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT totale des adhérents à la signature du contrat collectif"
    documentation = """
    −1 : la PMT d’un adhérent n’est pas donnée.
    """

    def formula(cabinets, period):
        """Somme des PMT des adhérents. Lecture : aide_collective_moyenne_du_groupe."""
        signataire = cabinets.members("aide_collective_signataire", period)
        pmt = cabinets.members("aide_collective_pmt_initiale", period)
        connues = cabinets.all((pmt >= 0) | ~signataire)
        return selon((connues, cabinets.sum(pmt * signataire)), sinon=-1)


class aide_collective_pmt_moyenne(Variable):
    value_type = float
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT moyenne du groupe à la signature du contrat collectif"
    documentation = """
    −1 : non connue.
    """

    def formula(cabinets, period):
        """PMT totale sur nombre d’adhérents (MESDOCS)."""
        nombre = cabinets("aide_collective_signataires", period)
        total = cabinets("aide_collective_pmt_signature", period)
        return selon(((total >= 0) & (nombre > 0), rapport(total, nombre)), sinon=-1)


class aide_collective_seuil_atteint(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "PMT moyenne du groupe au 30e percentile ou au-delà"

    def formula(cabinets, period):
        """Comparée en nombres entiers, P30 compris (MESDOCS) ; inconnue, supposée suffisante."""
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        p30 = loi.patientele.pmt.p30.generaliste
        total = cabinets("aide_collective_pmt_signature", period)
        return (total < 0) | (total >= p30 * cabinets("aide_collective_signataires", period))


class aide_collective_seuil_connu(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "La PMT de chaque adhérent à la signature est donnée"

    def formula(cabinets, period):
        """Faux quand la PMT d’un adhérent manque : la moyenne est supposée suffisante."""
        return cabinets("aide_collective_pmt_signature", period) >= 0
