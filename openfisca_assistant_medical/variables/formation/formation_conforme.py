"""Was the assistant trained in time?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import AUCUN_JOUR, Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class inscription_dans_le_delai(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant a été inscrit en formation dans le délai, s’il le devait"

    def formula(medecins, period):
        """Au plus tard à la date limite (S001, engagement conventionnel ; S003, partie V).

        Lecture : certificat_avant_la_limite_d_inscription.
        """
        inscription = medecins("date_inscription_formation", period)
        certification = medecins("date_certification", period)
        au_plus_tard = selon((inscription < AUCUN_JOUR, inscription), sinon=certification)
        a_temps = au_plus_tard <= medecins("date_limite_inscription", period)
        donnee = au_plus_tard < AUCUN_JOUR
        return ~medecins("inscription_requise", period) | (donnee & a_temps)


class certification_dans_le_delai(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant a eu son certificat ou son attestation dans le délai, s’il le devait"

    def formula(medecins, period):
        """Au plus tard à la date limite (S001, engagement conventionnel ; S003, partie I-2)."""
        certification = medecins("date_certification", period)
        a_temps = certification <= medecins("date_limite_certification", period)
        donnee = certification < AUCUN_JOUR
        aucune = medecins("formation_requise", period) == FormationRequise.aucune
        return aucune | (donnee & a_temps)


class formation_conforme(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant est formé comme il se doit"
    documentation = """
    Ne change rien à l’aide. Une date qui n’est pas donnée n’est pas tenue : voir
    formation_conforme_connue.
    """

    def formula(medecins, period):
        """Rien n’est requis, ou l’inscription et le certificat sont à l’heure (S001 ; S003, V).

        Lectures : formation_sans_effet_sur_l_aide, formation_et_fin_du_contrat.
        """
        return medecins("inscription_dans_le_delai", period) & medecins(
            "certification_dans_le_delai", period
        )


class formation_conforme_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Les dates données suffisent à juger de la formation"

    def formula(medecins, period):
        """Un retard suffit ; sans retard, il faut toutes les dates."""
        inscrit = medecins("date_inscription_formation", period) < AUCUN_JOUR
        certifie = medecins("date_certification", period) < AUCUN_JOUR
        en_retard = (inscrit & ~medecins("inscription_dans_le_delai", period)) | (
            certifie & ~medecins("certification_dans_le_delai", period)
        )
        return medecins("formation_conforme", period) | en_retard
