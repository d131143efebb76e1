"""How is what is due split into an advance and a balance?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_centime, droit_au, selon
from openfisca_assistant_medical.entities import Medecin


class acompte(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Acompte de l’année de contrat"
    documentation = """
    0 si le contrat est résilié avant son versement.
    """

    def formula(medecins, period):
        """Part du maximum (S000 ; S003, III-2 et III-3).

        Lectures : acompte_tiers_etp_avant_2024, assiette_de_l_acompte,
        versement_troisieme_annee_avenant_7.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        rang = medecins("rang_annee_contrat", period)
        table = loi.versement.part_acompte
        part = selon(
            (
                loi.lectures.acompte_tiers_etp_avant_2024.est("droit_commun"),
                table.par_defaut.lire(rang, sinon=0),
            ),
            sinon=table.lire(medecins("option_etp", period), rang, sinon=0),
        )
        verse = medecins("date_resiliation", period) > medecins("date_versement_acompte", period)
        return arrondi_au_centime(part * medecins("aide_maximale", period)) * verse


class solde(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Solde de l’année de contrat"

    def formula(medecins, period):
        """Aide due moins acompte, négatif s’il est à récupérer.

        Lectures : solde_negatif, solde_module_du_tiers_etp.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        difference = arrondi_au_centime(medecins("aide_due", period) - medecins("acompte", period))
        sans_recuperation = loi.lectures.solde_negatif.est("plancher_zero")
        return selon((sans_recuperation & (difference < 0), 0), sinon=difference)


class recuperation(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Somme à récupérer sur l’année de contrat"

    def formula(medecins, period):
        """Solde négatif (S003, partie III, résiliation ; III-2)."""
        return numpy.maximum(-medecins("solde", period), 0)
