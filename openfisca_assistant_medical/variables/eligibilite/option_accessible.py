"""May the option of a contract year be had that year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP, Zone


class options_superieures_accessibles(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Conditions cumulatives des options 1,5 et 2 ETP réunies"

    def formula(medecins, period):
        """Source : S003, illustration 2. Lecture : rang_options_superieures."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        condition = loi.eligibilite.options_superieures
        return (
            condition.zone.lire(medecins("zone", period), sinon=False)
            & condition.specialite.lire(medecins("specialite", period), sinon=False)
            & medecins("contrat_un_etp_anterieur", period)
            & medecins("objectifs_integralement_atteints", period)
            & (medecins("rang_annee_contrat", period) >= loi.lectures.rang_options_superieures)
        )


class option_accessible(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Option accessible pour l’année de contrat"
    documentation = """
    Une option inaccessible ne paie rien cette année-là.
    """

    def formula(medecins, period):
        """Lue au début de l’année de contrat.

        Lectures : zone_un_etp, option_inaccessible.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        option = medecins("option_etp", period)
        initiale = medecins("option_etp_initiale", period)
        zone = medecins("zone", period)
        selon_zone = loi.eligibilite.option.un_etp_selon_zone.lire(zone, sinon=False)
        zac_exclue = (zone == Zone.zac) & loi.lectures.zone_un_etp.est("zip")
        return selon(
            (option == OptionETP.tiers_etp, initiale == OptionETP.tiers_etp),
            (option == OptionETP.demi_etp, True),
            (option == OptionETP.un_etp, selon_zone & ~zac_exclue),
            sinon=medecins("options_superieures_accessibles", period),
        )
