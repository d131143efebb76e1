"""How many patients must the group gain, and which totals must it reach?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_patient, droit_au, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_gain_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT que le groupe doit gagner"
    documentation = """
    −1 : non connue.
    """

    def formula(cabinets, period):
        """Tant de patients par ETP, moins ceux déjà gagnés (MESDOCS).

        Lectures : aide_collective_deduction_plafonnee, aide_collective_objectif_renouvele.
        """
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        par_etp = loi.aide_collective.objectif.lire("pmt_par_etp", sinon=0)
        brut = arrondi_au_patient(cabinets("aide_collective_etp_avec_objectif", period), par_etp)
        deduction = cabinets("aide_collective_deduction_pmt", period)
        return selon((deduction < 0, -1), sinon=numpy.maximum(brut - deduction, 0))


class aide_collective_objectif_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT que le groupe doit atteindre"
    documentation = """
    −1 : non connue.
    """

    def formula(cabinets, period):
        """Départ et patients à gagner (MESDOCS). Lecture : aide_collective_perimetre."""
        depart = cabinets("aide_collective_depart_pmt", period)
        gain = cabinets("aide_collective_gain_pmt", period)
        return selon(((depart < 0) | (gain < 0), -1), sinon=depart + gain)


class aide_collective_gain_pfa(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA que le groupe doit gagner"
    documentation = """
    −1 : non connue.
    """

    def formula(cabinets, period):
        """Tant de patients par ETP, moins ceux déjà gagnés (MESDOCS).

        Lectures : aide_collective_deduction_plafonnee, aide_collective_objectif_renouvele.
        """
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        par_etp = loi.aide_collective.objectif.lire("pfa_par_etp", sinon=0)
        brut = arrondi_au_patient(cabinets("aide_collective_etp_avec_objectif", period), par_etp)
        deduction = cabinets("aide_collective_deduction_pfa", period)
        return selon((deduction < 0, -1), sinon=numpy.maximum(brut - deduction, 0))


class aide_collective_objectif_pfa(Variable):
    value_type = int
    default_value = -1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA que le groupe doit atteindre"
    documentation = """
    −1 : non connue.
    """

    def formula(cabinets, period):
        """Départ et patients à gagner (MESDOCS). Lecture : aide_collective_perimetre."""
        depart = cabinets("aide_collective_depart_pfa", period)
        gain = cabinets("aide_collective_gain_pfa", period)
        return selon(((depart < 0) | (gain < 0), -1), sinon=depart + gain)
