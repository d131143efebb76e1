"""Has a count fallen under its start?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, atteint, droit_au
from openfisca_assistant_medical.entities import Medecin


class baisse_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "PMT en baisse par rapport au départ"

    def formula(medecins, period):
        """Moins de patients qu’au départ (S003, partie IV-1). Lecture : tolerance_augmentation."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        gardee = 1 - loi.lectures.lire("tolerance_augmentation", sinon=PREMIER_TEXTE)
        observe, depart = medecins("patientele_mt", period), medecins("depart_pmt", period)
        return (observe >= 0) & (depart >= 0) & ~atteint(observe, gardee, depart)


class baisse_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "PFA en baisse par rapport au départ"

    def formula(medecins, period):
        """Moins de patients qu’au départ (S003, partie IV-1). Lecture : tolerance_augmentation."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        gardee = 1 - loi.lectures.lire("tolerance_augmentation", sinon=PREMIER_TEXTE)
        observe, depart = medecins("file_active", period), medecins("depart_pfa", period)
        return (observe >= 0) & (depart >= 0) & ~atteint(observe, gardee, depart)
