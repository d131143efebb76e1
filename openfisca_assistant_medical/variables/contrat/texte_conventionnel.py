"""Which text governs the contract."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TexteConventionnel


class texte_signature(Variable):
    value_type = Enum
    possible_values = TexteConventionnel
    default_value = TexteConventionnel.aucun
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Texte en vigueur à la signature"
    documentation = """
    Aucun avant le 20 août 2019, ni sans signature.
    """

    def formula(medecins, period):
        """Les options, l’éligibilité, les percentiles et les objectifs suivent ce texte.

        Lectures : aide_apres_2029, entree_en_vigueur_2024, entree_en_vigueur_avenant_7.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.contrat.texte_en_vigueur.parmi(
            TexteConventionnel, sinon=TexteConventionnel.aucun
        )


class texte_annee(Variable):
    value_type = Enum
    possible_values = TexteConventionnel
    default_value = TexteConventionnel.aucun
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Texte en vigueur au début de l’année de contrat"
    documentation = """
    Un contrat en cours change de texte à son premier anniversaire sous le nouveau, jamais
    avant.
    """

    def formula(medecins, period):
        """Les montants, les versements et la modulation suivent ce texte.

        Lectures : aide_apres_2029, anniversaire_le_jour_de_l_entree_en_vigueur,
        entree_en_vigueur_2024.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        return loi.contrat.texte_en_vigueur.parmi(
            TexteConventionnel, sinon=TexteConventionnel.aucun
        )
