"""Was the secretary who became the assistant replaced?"""

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


class date_limite_remplacement(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Dernier jour pour remplacer le secrétaire devenu assistant"
    documentation = """
    9999-12-31 si l’assistant n’était pas le secrétaire du cabinet.
    """

    def formula(medecins, period):
        """Six mois après le recrutement, sinon après la signature (S000 ; S003, I-2).

        Lectures : depart_du_remplacement_du_secretaire, secretaire_avenant_7.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        delai = loi.eligibilite.lire("secretaire", sinon=PREMIER_TEXTE)
        recrutement = medecins("date_recrutement_assistant", period)
        debut = selon((recrutement == AUCUN_JOUR, signature), sinon=recrutement)
        secretaire = medecins("secretaire_devenu_assistant", period)
        return selon((secretaire, plus_mois(debut, delai)), sinon=AUCUN_JOUR)


class depart_remplacement_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le jour d’où court le délai de remplacement du secrétaire est donné"
    documentation = """
    Vrai aussi si l’assistant n’était pas le secrétaire du cabinet.
    """

    def formula(medecins, period):
        """Un recrutement qui n’est pas donné est supposé à la signature (S000 ; S003, I-2).

        Lecture : depart_du_remplacement_du_secretaire.
        """
        donne = medecins("date_recrutement_assistant", period) < AUCUN_JOUR
        return donne | ~medecins("secretaire_devenu_assistant", period)


class remplacement_secretaire_conforme(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secrétaire devenu assistant remplacé comme il se doit"
    documentation = """
    Vrai si l’assistant n’était pas le secrétaire du cabinet.
    """

    def formula(medecins, period):
        """Dans les six mois du recrutement, à temps de travail au moins égal (S000 ; S003, I-2).

        Lectures : secretaire_et_fin_du_contrat, preuve_d_un_service_telephonique,
        remplacement_tardif_du_secretaire.
        """
        remplacement = medecins("date_remplacement_secretaire", period)
        limite = medecins("date_limite_remplacement", period)
        a_temps = (remplacement < AUCUN_JOUR) & (remplacement <= limite)
        suffisant = medecins("quotite_remplacement", period) >= medecins(
            "quotite_secretaire", period
        )
        return ~medecins("secretaire_devenu_assistant", period) | (a_temps & suffisant)
