"""Which part of the aid is paid, and is it known?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import CasModulation, TexteConventionnel


class part_aide_versee(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide versée selon les résultats"
    documentation = """
    Entre 0 et 1.
    """

    def formula(medecins, period):
        """Source : S003, partie IV. Ce qu’on ignore est payé en entier, et signalé."""
        cas = medecins("cas_modulation", period)
        return selon(
            (cas == CasModulation.aucune_annee, 0.0),
            (cas == CasModulation.decision_cpn, medecins("part_aide_decidee", period)),
            (cas == CasModulation.prorata, medecins("meilleur_taux", period)),
            (cas == CasModulation.installation, medecins("part_installation", period)),
            (cas == CasModulation.maintien, medecins("part_maintien", period)),
            (cas == CasModulation.mixte, medecins("part_mixte", period)),
            (cas == CasModulation.standard, medecins("part_standard", period)),
            sinon=1.0,
        ).clip(0, 1)


class part_aide_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "La part versée ne dépend pas d’un point inconnu"

    def formula(medecins, period):
        """Faux quand un objectif ou un résultat manque : la part est alors favorable."""
        return medecins("cas_modulation", period) != CasModulation.inconnu


class part_aide_hypothese(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "La part versée repose sur une hypothèse"

    def formula(medecins, period):
        """Aucune table d’avant 2024 n’a été trouvée. Lecture : modulation_avant_2024."""
        texte = medecins("texte_annee", period)
        return medecins("annee_modulee", period) & (texte != TexteConventionnel.convention_2024)
