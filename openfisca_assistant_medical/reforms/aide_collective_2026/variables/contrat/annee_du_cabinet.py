"""The contract year of the practice that starts in a calendar year."""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    Variable,
    annee,
    anniversaire,
    droit_au,
    part_courue,
    selon,
)
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_rang_annee(Variable):
    value_type = int
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "rang"
    label = "Rang de l’année du contrat collectif qui commence dans l’année civile"
    documentation = """
    1 la première année ; 0 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(cabinets, period):
        """Les années de contrat du cabinet se comptent comme celles du contrat individuel."""
        millesime = period.start.year
        signature = cabinets("aide_collective_date_signature", period)
        debut = anniversaire(signature, millesime)
        en_cours = (
            cabinets("aide_collective_en_vigueur", period)
            & (debut >= signature)
            & (debut < cabinets("aide_collective_date_fin", period))
            & (debut < cabinets("aide_collective_date_resiliation", period))
        )
        return (millesime - annee(signature) + 1) * en_cours


class aide_collective_annee_renouvelee(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Année d’un contrat collectif renouvelé"

    def formula(cabinets, period):
        """Après les cinq ans du contrat (MESDOCS). Lecture : aide_collective_renouvellement."""
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        duree = loi.aide_collective.lire("duree", sinon=0)
        rang = cabinets("aide_collective_rang_annee", period)
        return rang > duree


class aide_collective_debut_annee(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Début de l’année du contrat collectif qui commence dans l’année civile"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(cabinets, period):
        """Anniversaire de la signature : même jour, ou dernier jour d’un mois plus court."""
        debut = anniversaire(cabinets("aide_collective_date_signature", period), period.start.year)
        return selon((cabinets("aide_collective_rang_annee", period) > 0, debut), sinon=AUCUN_JOUR)


class aide_collective_fin_annee(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Fin de l’année du contrat collectif qui commence dans l’année civile"
    documentation = """
    9999-12-31 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(cabinets, period):
        """Anniversaire suivant de la signature."""
        signature = cabinets("aide_collective_date_signature", period)
        fin = anniversaire(signature, period.start.year + 1)
        return selon((cabinets("aide_collective_rang_annee", period) > 0, fin), sinon=AUCUN_JOUR)


class aide_collective_fraction_courue(Variable):
    value_type = float
    default_value = 1
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’année du contrat collectif courue avant la résiliation"
    documentation = """
    1 sans résiliation dans l’année de contrat.
    """

    def formula(cabinets, period):
        """Au prorata des jours. Lecture : aide_collective_annee_interrompue."""
        return part_courue(
            cabinets("aide_collective_debut_annee", period),
            cabinets("aide_collective_fin_annee", period),
            cabinets("aide_collective_date_resiliation", period),
        )
