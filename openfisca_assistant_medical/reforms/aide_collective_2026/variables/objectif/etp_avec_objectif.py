"""Which full times carry an objective by now?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_etp_avec_objectif(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "etp"
    label = "Nombre d’ETP dont l’objectif compte pour l’année du contrat collectif"
    documentation = """
    Sans ceux qu’un avenant a ajoutés depuis moins que le délai laissé, de quatre ans au plus.
    """

    def formula(cabinets, period):
        """Un délai est laissé pour chaque ETP (MESDOCS) : le moins d’ETP des années qu’il couvre.

        Lecture : aide_collective_objectif_des_etp_ajoutes.
        """
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        reste = loi.aide_collective.lire("delai_des_etp_ajoutes", sinon=0)
        moins = cabinets("aide_collective_etp", period)
        n_2 = period.n_2
        for annee in (period.last_year, n_2, n_2.last_year, n_2.n_2):
            court = (cabinets("aide_collective_rang_annee", annee) > 0) & (reste > 0)
            avant = selon((court, cabinets("aide_collective_etp", annee)), sinon=moins)
            moins = numpy.minimum(moins, avant)
            reste = reste - 1
        return moins
