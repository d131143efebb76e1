"""The contract year that starts in a calendar year."""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    Variable,
    annee,
    anniversaire,
    part_courue,
    selon,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class rang_annee_contrat(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "rang"
    label = "Rang de l’année de contrat qui commence dans l’année civile"
    documentation = """
    1 la première année ; 0 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(medecins, period):
        """Les rangs se suivent (6, 7…) si le contrat est prolongé (S003, partie III).

        Lecture : prorogation_au_terme.
        """
        millesime = period.start.year
        signature = medecins("date_signature", period)
        debut = anniversaire(signature, millesime)
        en_cours = (
            (medecins("texte_signature", period) != TexteConventionnel.aucun)
            & (debut >= signature)
            & (debut < medecins("date_fin_contrat", period))
            & (debut < medecins("date_resiliation", period))
        )
        return (millesime - annee(signature) + 1) * en_cours


class date_anniversaire(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Début de l’année de contrat qui commence dans l’année civile"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(medecins, period):
        """Anniversaire de la signature : même jour, ou dernier jour d’un mois plus court."""
        debut = anniversaire(medecins("date_signature", period), period.start.year)
        return selon((medecins("rang_annee_contrat", period) > 0, debut), sinon=AUCUN_JOUR)


class fraction_annee_couverte(Variable):
    value_type = float
    default_value = 1
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’année de contrat courue avant la résiliation"
    documentation = """
    1 sans résiliation dans l’année de contrat.
    """

    def formula(medecins, period):
        """Jours courus avant la résiliation sur jours de l’année de contrat (S003, partie III).

        Lectures : duree_restante_a_la_resiliation, part_d_une_annee_interrompue.
        """
        return part_courue(
            medecins("date_anniversaire", period),
            medecins("date_prochain_anniversaire", period),
            medecins("date_resiliation", period),
        )


class date_prochain_anniversaire(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Fin de l’année de contrat qui commence dans l’année civile"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(medecins, period):
        """Anniversaire suivant de la signature."""
        fin = anniversaire(medecins("date_signature", period), period.start.year + 1)
        return selon((medecins("rang_annee_contrat", period) > 0, fin), sinon=AUCUN_JOUR)
