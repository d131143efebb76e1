"""Which line of the documents gives the part paid?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import CasModulation, TypeObjectif


class modulation_au_prorata(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’aide est modulée au prorata, sans palier"

    def formula(medecins, period):
        """Seulement avant la convention de 2024, et par choix. Lecture : modulation_avant_2024."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        return loi.lectures.modulation_avant_2024.est("prorata")


class annee_modulee(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’aide de l’année de contrat est modulée selon les résultats"

    def formula(medecins, period):
        """À partir de la troisième année (S000, tableau des montants ; S003, partie III-2)."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        return medecins("rang_annee_contrat", period) >= loi.modulation.premier_rang


class cas_modulation(Variable):
    value_type = Enum
    possible_values = CasModulation
    default_value = CasModulation.aucune_annee
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Ligne des documents qui donne la part versée"

    def formula(medecins, period):
        """Première ligne qui convient (S003, illustrations 5.1 à 7 ; spécification, section 6).

        Lecture : senior_et_objectif_mixte.
        """
        pmt, pfa = medecins("type_objectif_pmt", period), medecins("type_objectif_pfa", period)
        prorata = medecins("modulation_au_prorata", period)
        installation = ~prorata & (pfa == TypeObjectif.installation)
        pmt_maintien, pfa_maintien = pmt == TypeObjectif.maintien, pfa == TypeObjectif.maintien
        tous_maintien = pfa_maintien & (pmt_maintien | (pmt == TypeObjectif.sans_objet))
        sous_seuil = installation & medecins("installation_sous_seuil", period)
        sans_seuil = installation & ~medecins("seuils_installation_connus", period)
        suppose = installation & medecins("primo_installe_suppose", period)
        objectifs_connus = medecins("objectif_pmt_connu", period) & medecins(
            "objectif_pfa_connu", period
        )
        return selon(
            (medecins("rang_annee_contrat", period) == 0, CasModulation.aucune_annee),
            (medecins("part_aide_decidee", period) >= 0, CasModulation.decision_cpn),
            (~medecins("annee_modulee", period), CasModulation.versement_integral),
            (~medecins("resultats_connus", period) | sans_seuil | suppose, CasModulation.inconnu),
            (sous_seuil, CasModulation.installation),
            (~objectifs_connus, CasModulation.inconnu),
            (prorata, CasModulation.prorata),
            (installation, CasModulation.installation),
            (tous_maintien, CasModulation.maintien),
            (pmt_maintien | pfa_maintien, CasModulation.mixte),
            sinon=CasModulation.standard,
        )
