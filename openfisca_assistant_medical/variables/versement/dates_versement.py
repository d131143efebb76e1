"""When are the advance and the balance paid?"""

from datetime import date

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import AUCUN_JOUR, Variable, droit_au, plus_mois, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP


class date_versement_acompte(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Date de versement de l’acompte, au plus tard"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(medecins, period):
        """Délai compté du début de l’année de contrat (S000, versements ; S003, partie III-2).

        Lectures : depart_du_delai_d_acompte, jour_du_versement, le_mois_suivant.
        """
        debut = medecins("date_anniversaire", period)
        return plus_mois(debut, droit_au(medecins, debut).versement.delai_acompte)


class date_versement_solde(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Date de versement du solde"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(medecins, period):
        """Anniversaire suivant, ou résiliation (S003, partie III).

        Lectures : solde_tiers_etp, solde_de_la_premiere_annee_avenant_7.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        avec_acompte = (medecins("option_etp", period) == OptionETP.tiers_etp) & (
            loi.lectures.solde_tiers_etp.est("avec_acompte")
        )
        prevue = selon(
            (avec_acompte, medecins("date_versement_acompte", period)),
            sinon=medecins("date_prochain_anniversaire", period),
        )
        en_cours = medecins("rang_annee_contrat", period) > 0
        versement = numpy.minimum(prevue, medecins("date_resiliation", period))
        return selon((en_cours, versement), sinon=AUCUN_JOUR)
