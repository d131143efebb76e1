"""Which full times carry an objective by now?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_etp_avec_objectif(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "etp"
    label = "Nombre d’ETP dont l’objectif compte pour l’année du contrat collectif"
    documentation = """
    Sans ceux qu’un avenant a ajoutés cette année ou la précédente.
    """

    def formula(cabinets, period):
        """Deux ans sont laissés pour chaque ETP (MESDOCS).

        Lecture : aide_collective_objectif_des_etp_ajoutes.
        """
        etp = cabinets("aide_collective_etp", period)
        un_an_avant = selon(
            (
                cabinets("aide_collective_rang_annee", period.last_year) > 0,
                cabinets("aide_collective_etp", period.last_year),
            ),
            sinon=etp,
        )
        deux_ans_avant = selon(
            (
                cabinets("aide_collective_rang_annee", period.n_2) > 0,
                cabinets("aide_collective_etp", period.n_2),
            ),
            sinon=etp,
        )
        return numpy.minimum(etp, numpy.minimum(un_an_avant, deux_ans_avant))
