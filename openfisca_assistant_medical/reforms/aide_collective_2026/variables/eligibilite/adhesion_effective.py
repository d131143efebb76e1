"""Has the doctor been in a collective contract that gives a right?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Medecin


class aide_collective_adhesion_effective(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le médecin est entré dans un contrat collectif qui ouvre un droit"
    documentation = """
    Faux aussi pour qui ressort avant d’être entré, ou adhère une fois le contrat fini.
    """

    def formula(medecins, period):
        """Il est admis, le cabinet est éligible, et il entre avant d’en sortir (MESDOCS)."""
        entree = medecins("aide_collective_entree_effective", period)
        return (
            medecins("aide_collective_adhesion_admise", period)
            & medecins.cabinet("aide_collective_eligible", period)
            & (entree < medecins("aide_collective_fin_adhesion", period))
        )
