"""Does the part paid rest on an estimated objective?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import CasModulation


class part_aide_estimee(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "La part versée repose sur un objectif estimé"

    def formula(medecins, period):
        """Les lignes de la modulation qui lisent un objectif de PMT en augmentation."""
        cas = medecins("cas_modulation", period)
        lit_l_objectif = (
            (cas == CasModulation.prorata)
            | (cas == CasModulation.mixte)
            | (cas == CasModulation.standard)
        )
        return medecins("objectif_pmt_estime", period) & lit_l_objectif
