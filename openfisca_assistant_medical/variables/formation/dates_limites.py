"""By when must the assistant be enrolled, and certified?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import AUCUN_JOUR, Variable, droit_au, plus_annees, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise, TexteConventionnel


class depart_delai_formation(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Jour d’où courent les délais de formation"
    documentation = """
    9999-12-31 sans contrat sous l’un des textes. Un recrutement qui n’est pas donné a lieu à la
    signature.
    """

    def formula(medecins, period):
        """Recrutement, puis signature depuis la convention de 2024 (S001 ; S003, parties I-2 et V).

        Lecture : depart_du_delai_de_formation.
        """
        signature = medecins("date_signature", period)
        loi = droit_au(medecins, signature)
        recrutement = medecins("date_recrutement_assistant", period)
        du_recrutement = loi.formation.depart_du_delai.est("recrutement")
        return selon(
            (medecins("texte_signature", period) == TexteConventionnel.aucun, AUCUN_JOUR),
            (du_recrutement & (recrutement < AUCUN_JOUR), recrutement),
            sinon=signature,
        )


class depart_delai_formation_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le jour d’où courent les délais de formation est donné"
    documentation = """
    Faux quand les délais courent d’un recrutement qui n’est pas donné.
    """

    def formula(medecins, period):
        """Le recrutement, avant la convention de 2024 (S001) ; sans formation, rien ne court."""
        loi = droit_au(medecins, medecins("date_signature", period))
        du_recrutement = loi.formation.depart_du_delai.est("recrutement")
        requise = medecins("formation_requise", period) != FormationRequise.aucune
        donne = medecins("date_recrutement_assistant", period) < AUCUN_JOUR
        return donne | ~du_recrutement | ~requise


class date_limite_inscription(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date limite d’inscription de l’assistant en formation"
    documentation = """
    9999-12-31 quand aucune inscription n’est requise, ou qu’aucun délai ne court.
    """

    def formula(medecins, period):
        """Deux ans (S001, engagement conventionnel ; S003, partie V).

        Lectures : delais_de_formation_de_2023, formations_pas_encore_en_place.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        depart = medecins("depart_delai_formation", period)
        limite = plus_annees(depart, loi.formation.delai_inscription)
        return selon((medecins("inscription_requise", period), limite), sinon=AUCUN_JOUR)


class date_limite_certification(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Date limite du certificat ou de l’attestation de l’assistant"
    documentation = """
    9999-12-31 quand aucune formation n’est requise, ou qu’aucun délai ne court.
    """

    def formula(medecins, period):
        """Trois ans, deux depuis la convention de 2024 (S001 ; S003, parties I-2 et V).

        Lectures : delais_de_formation_de_2023, certification_de_2024, delai_de_l_adaptation.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        depart = medecins("depart_delai_formation", period)
        limite = plus_annees(depart, loi.formation.delai_certification)
        requise = medecins("formation_requise", period) != FormationRequise.aucune
        return selon((requise, limite), sinon=AUCUN_JOUR)
