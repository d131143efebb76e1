"""When does the collective contract end, and a doctor’s part in it?"""

from datetime import date

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, plus_annees
from openfisca_assistant_medical.entities import Cabinet, Medecin


class aide_collective_date_fin(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Terme du contrat collectif"
    documentation = """
    9999-12-31 sans contrat. La résiliation n’y change rien.
    """

    def formula(cabinets, period):
        """Cinq ans, renouvelables (MESDOCS). Lecture : aide_collective_renouvellement."""
        signature = cabinets("aide_collective_date_signature", period)
        duree = droit_au(cabinets, signature).aide_collective.lire("duree", sinon=0)
        return plus_annees(
            signature, duree * (1 + cabinets("aide_collective_renouvellements", period))
        )


class aide_collective_fin_du_contrat(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Jour où le contrat collectif cesse, terme ou résiliation"
    documentation = """
    9999-12-31 sans contrat.
    """

    def formula(cabinets, period):
        """Le premier des deux (MESDOCS)."""
        return numpy.minimum(
            cabinets("aide_collective_date_fin", period),
            cabinets("aide_collective_date_resiliation", period),
        )


class aide_collective_fin_adhesion(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Jour où le médecin n’est plus dans le contrat collectif"
    documentation = """
    Sa sortie, le jour où elle prend effet, ou la fin du contrat.
    """

    def formula(medecins, period):
        """Chacun peut sortir avant la fin du contrat, à un anniversaire (MESDOCS)."""
        return numpy.minimum(
            medecins("aide_collective_sortie_effective", period),
            medecins.cabinet("aide_collective_fin_du_contrat", period),
        )
