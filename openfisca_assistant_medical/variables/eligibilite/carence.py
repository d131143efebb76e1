"""Does an earlier contract carry a waiting time?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    PREMIER_TEXTE,
    Variable,
    droit_au,
    plus_mois,
    selon,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class date_fin_carence(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Fin du délai de carence après un contrat précédent"

    def formula(medecins, period):
        """Deux ans (S003, partie III) ; le délai ne court que sous la convention de 2024."""
        loi = droit_au(medecins, medecins("date_signature", period))
        precedente = medecins("date_resiliation_contrat_precedent", period)
        return plus_mois(precedente, loi.contrat.carence.lire("duree", sinon=PREMIER_TEXTE))


class hors_carence(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucun délai de carence ne court à la signature"

    def formula(medecins, period):
        """Le délai dépend du motif de la résiliation précédente (S003, partie III).

        Lectures : carence_avant_2024, carence_d_une_resiliation_anterieure.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        prevue = loi.contrat.carence.lire("applicable", sinon=False)
        court = prevue & medecins("carence_applicable", period)
        return ~court | (signature >= medecins("date_fin_carence", period))


class date_fin_carence_eventuelle(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Fin du délai de carence que la résiliation du contrat peut emporter"
    documentation = """
    Selon le motif de la résiliation, que la caisse connaît ; 9999-12-31 sans résiliation
    avant le terme, ou quand le délai s’achève sous un texte qui n’en prévoit pas.
    """

    def formula(medecins, period):
        """Deux ans de la résiliation (S003, partie III)."""
        resiliation = medecins("date_resiliation", period)
        duree = droit_au(medecins, resiliation).contrat.carence.lire("duree", sinon=PREMIER_TEXTE)
        fin = plus_mois(resiliation, duree)
        prevue = droit_au(medecins, fin).contrat.carence.lire("applicable", sinon=False)
        sous_contrat = medecins("texte_signature", period) != TexteConventionnel.aucun
        interrompu = resiliation < medecins("date_fin_contrat", period)
        return selon((prevue & sous_contrat & interrompu, fin), sinon=AUCUN_JOUR)
