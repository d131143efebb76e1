"""Which doctors are in the collective contract, at the signature and each year?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.entities import Cabinet, Medecin


class aide_collective_signataire(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Médecin adhérent à la signature du contrat collectif"

    def formula(medecins, period):
        """Un bulletin par médecin ; un associé peut rester dehors (MESDOCS)."""
        signature = medecins.cabinet("aide_collective_date_signature", period)
        return (
            medecins("aide_collective_adhesion_admise", period)
            & (medecins("aide_collective_entree_effective", period) == signature)
            & (signature < medecins("aide_collective_sortie_effective", period))
        )


class aide_collective_signataires(Variable):
    value_type = int
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "medecin"
    label = "Nombre de médecins adhérents à la signature du contrat collectif"

    def formula(cabinets, period):
        """Ceux qui sont admis seuls. Lecture : aide_collective_medecin_non_admis."""
        return cabinets.sum(cabinets.members("aide_collective_signataire", period))


class aide_collective_adherent(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Médecin adhérent au début de l’année du contrat collectif"

    def formula(medecins, period):
        """Entrées et sorties à l’anniversaire (MESDOCS).

        Lecture : aide_collective_entree_hors_anniversaire.
        """
        debut = medecins.cabinet("aide_collective_debut_annee", period)
        return (
            medecins("aide_collective_adhesion_admise", period)
            & (medecins("aide_collective_entree_effective", period) <= debut)
            & (debut < medecins("aide_collective_sortie_effective", period))
        )


class aide_collective_adherents(Variable):
    value_type = int
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "medecin"
    label = "Nombre de médecins adhérents au début de l’année du contrat collectif"

    def formula(cabinets, period):
        """Une entrée ou une sortie ne change pas le nombre d’ETP (MESDOCS)."""
        return cabinets.sum(cabinets.members("aide_collective_adherent", period))
