"""Was the secretary who became the assistant replaced?"""

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


class remplacement_secretaire_conforme(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secrétaire devenu assistant remplacé comme il se doit"
    documentation = """
    Vrai si l’assistant n’était pas le secrétaire du cabinet.
    """

    def formula(medecins, period):
        """Dans les six mois du recrutement, à temps de travail au moins égal (S000 ; S003, I-2)."""
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        delai = loi.eligibilite.lire("secretaire", sinon=PREMIER_TEXTE)
        recrutement = medecins("date_recrutement_assistant", period)
        debut = selon((recrutement == AUCUN_JOUR, signature), sinon=recrutement)
        remplacement = medecins("date_remplacement_secretaire", period)
        a_temps = (remplacement < AUCUN_JOUR) & (remplacement <= plus_mois(debut, delai))
        suffisant = medecins("quotite_remplacement", period) >= medecins(
            "quotite_secretaire", period
        )
        return ~medecins("secretaire_devenu_assistant", period) | (a_temps & suffisant)
