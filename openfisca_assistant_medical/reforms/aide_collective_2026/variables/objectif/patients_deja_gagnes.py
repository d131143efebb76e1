"""Which patients, gained under former individual contracts, are taken off the objective?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Cabinet, Medecin


class aide_collective_pmt_a_deduire(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT d’un ancien contrat individuel, à déduire de l’objectif du groupe"
    documentation = """
    −1 : non connue. 0 pour qui n’avait pas de contrat individuel.
    """

    def formula(medecins, period):
        """Les patients déjà gagnés réduisent l’objectif (MESDOCS)."""
        gagnee = medecins("aide_collective_pmt_deja_gagnee", period)
        entree = medecins("aide_collective_entree_effective", period)
        ancien = medecins("date_signature", period) < entree
        return selon((gagnee >= 0, gagnee), (ancien, -1), sinon=0)


class aide_collective_deduction_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT déjà gagnée sous d’anciens contrats individuels par les adhérents"
    documentation = """
    −1 : non connue pour un adhérent.
    """

    def formula(cabinets, period):
        """Somme des adhérents de l’année. Lecture : aide_collective_perimetre."""
        adherent = cabinets.members("aide_collective_adherent", period)
        gagnee = cabinets.members("aide_collective_pmt_a_deduire", period)
        connues = cabinets.all((gagnee >= 0) | ~adherent)
        return selon((connues, cabinets.sum(gagnee * adherent)), sinon=-1)


class aide_collective_pfa_a_deduire(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PFA d’un ancien contrat individuel, à déduire de l’objectif du groupe"
    documentation = """
    −1 : non connue. 0 pour qui n’avait pas de contrat individuel.
    """

    def formula(medecins, period):
        """Les patients déjà gagnés réduisent l’objectif (MESDOCS)."""
        gagnee = medecins("aide_collective_pfa_deja_gagnee", period)
        entree = medecins("aide_collective_entree_effective", period)
        ancien = medecins("date_signature", period) < entree
        return selon((gagnee >= 0, gagnee), (ancien, -1), sinon=0)


class aide_collective_deduction_pfa(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA déjà gagnée sous d’anciens contrats individuels par les adhérents"
    documentation = """
    −1 : non connue pour un adhérent.
    """

    def formula(cabinets, period):
        """Somme des adhérents de l’année. Lecture : aide_collective_perimetre."""
        adherent = cabinets.members("aide_collective_adherent", period)
        gagnee = cabinets.members("aide_collective_pfa_a_deduire", period)
        connues = cabinets.all((gagnee >= 0) | ~adherent)
        return selon((connues, cabinets.sum(gagnee * adherent)), sinon=-1)
