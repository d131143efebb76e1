"""What is due to the company of the practice for a contract year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_centime, droit_au
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_droit_ouvert(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Droit à l’aide collective ouvert pour l’année de contrat"

    def formula(cabinets, period):
        """Cabinet éligible, année de contrat en cours, un adhérent au moins (MESDOCS).

        Passer sous le 30e percentile n’y change rien. Lecture : aide_collective_nombre_de_medecins.
        """
        return (
            cabinets("aide_collective_eligible", period)
            & (cabinets("aide_collective_rang_annee", period) > 0)
            & (cabinets("aide_collective_adherents", period) > 0)
        )


class aide_collective_montant_par_etp(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Montant de l’aide collective par ETP"

    def formula(cabinets, period):
        """Dégressif, sans majoration des fortes patientèles (MESDOCS)."""
        loi = droit_au(cabinets, cabinets("aide_collective_debut_annee", period))
        rang = cabinets("aide_collective_rang_annee", period)
        return loi.aide_collective.montant.lire(rang, sinon=0)


class aide_collective_maximale(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Montant maximal de l’aide collective pour l’année de contrat"
    documentation = """
    0 si le droit n’est pas ouvert.
    """

    def formula(cabinets, period):
        """Montant par ETP et nombre d’ETP, au centime (MESDOCS)."""
        montant = cabinets("aide_collective_montant_par_etp", period)
        entier = arrondi_au_centime(montant * cabinets("aide_collective_etp", period))
        return entier * cabinets("aide_collective_droit_ouvert", period)


class aide_collective_due(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Aide collective due à la société au titre de l’année de contrat"
    documentation = """
    N’entre pas dans l’aide due aux médecins. Ses dates de versement ne sont pas publiées.
    """

    def formula(cabinets, period):
        """Maximum, part versée et part d’année courue, au centime (MESDOCS)."""
        return arrondi_au_centime(
            cabinets("aide_collective_maximale", period)
            * cabinets("aide_collective_part_versee", period)
            * cabinets("aide_collective_fraction_courue", period)
        )
