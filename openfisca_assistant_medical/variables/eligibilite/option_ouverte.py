"""Could the initial option be subscribed on the day of the signature?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP, Zone


class option_ouverte(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Option initiale ouverte à la souscription le jour de la signature"

    def formula(medecins, period):
        """Source : S000, deux options ; S003, illustration 2. Lecture : zone_un_etp."""
        loi = droit_au(medecins, medecins("date_signature", period))
        option = medecins("option_etp_initiale", period)
        zone = medecins("zone", period)
        selon_zone = loi.eligibilite.option.un_etp_selon_zone.lire(zone, sinon=False)
        zac_exclue = (zone == Zone.zac) & loi.lectures.zone_un_etp.est("zip")
        souscription = loi.eligibilite.option.souscription.lire(option, sinon=False)
        return souscription & ((option != OptionETP.un_etp) | (selon_zone & ~zac_exclue))
