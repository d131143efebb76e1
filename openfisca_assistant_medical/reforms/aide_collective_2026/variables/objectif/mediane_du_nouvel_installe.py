"""Must a newly installed doctor of the group reach the median, and is it reached?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    PREMIER_TEXTE,
    Variable,
    droit_au,
    plus_annees,
    plus_mois,
)
from openfisca_assistant_medical.entities import Medecin


class aide_collective_primo_installe(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Médecin nouvellement installé à son entrée dans le contrat collectif"

    def formula(medecins, period):
        """Depuis moins de douze mois (MESDOCS). Lecture : aide_collective_douze_mois."""
        entree = medecins("aide_collective_entree_effective", period)
        loi = droit_au(medecins, entree)
        installation = medecins("date_installation", period)
        anciennete = loi.aide_collective.installation.lire("anciennete", sinon=PREMIER_TEXTE)
        return (
            medecins("aide_collective_adhesion_admise", period)
            & (installation <= entree)
            & (entree < plus_mois(installation, anciennete))
        )


class aide_collective_mediane_due(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le nouvel installé doit avoir atteint la médiane à la fin de l’année de contrat"

    def formula(medecins, period):
        """Après trois ans d’adhésion (MESDOCS)."""
        entree = medecins("aide_collective_entree_effective", period)
        loi = droit_au(medecins, entree)
        delai = loi.aide_collective.installation.lire("delai", sinon=PREMIER_TEXTE)
        fin = medecins.cabinet("aide_collective_fin_annee", period)
        return (
            medecins("aide_collective_adherent", period)
            & medecins("aide_collective_primo_installe", period)
            & (plus_annees(entree, delai) <= fin)
        )


class aide_collective_mediane_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT médiane que doit atteindre le nouvel installé du contrat collectif"
    documentation = """
    0 : aucune, pour les autres médecins.
    """

    def formula(medecins, period):
        """50e percentile national, lu à l’entrée (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_entree_effective", period))
        mediane = loi.patientele.pmt.p50.lire("generaliste", sinon=PREMIER_TEXTE)
        return mediane * medecins("aide_collective_primo_installe", period)


class aide_collective_mediane_pfa(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PFA médiane que doit atteindre le nouvel installé du contrat collectif"
    documentation = """
    0 : aucune, pour les autres médecins.
    """

    def formula(medecins, period):
        """50e percentile national, lu à l’entrée (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_entree_effective", period))
        mediane = loi.patientele.pfa.p50.lire("generaliste", sinon=PREMIER_TEXTE)
        return mediane * medecins("aide_collective_primo_installe", period)


class aide_collective_mediane_atteinte(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le nouvel installé a atteint les deux médianes"
    documentation = """
    Faux quand elles ne sont pas dues, ou qu’un résultat est inconnu. Sans effet sur l’aide.
    """

    def formula(medecins, period):
        """PMT et PFA (MESDOCS). Lecture : aide_collective_mediane_manquee."""
        pmt = medecins("aide_collective_pmt_observee", period)
        pfa = medecins("aide_collective_pfa_observee", period)
        return (
            medecins("aide_collective_mediane_due", period)
            & (pmt >= medecins("aide_collective_mediane_pmt", period))
            & (pfa >= medecins("aide_collective_mediane_pfa", period))
        )


class aide_collective_mediane_connue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Les patientèles du nouvel installé à comparer à la médiane sont connues"

    def formula(medecins, period):
        """Faux quand la médiane est due et qu’une patientèle n’est pas observée."""
        pmt = medecins("aide_collective_pmt_observee", period)
        pfa = medecins("aide_collective_pfa_observee", period)
        return ~medecins("aide_collective_mediane_due", period) | ((pmt >= 0) & (pfa >= 0))
