"""May the doctor join the collective contract?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    PREMIER_TEXTE,
    Variable,
    droit_au,
    plus_mois,
    selon,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import AssocieEnNomPropre, MotifRefusAdhesion


class aide_collective_specialite_admise(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Spécialité admise dans le contrat collectif"

    def formula(medecins, period):
        """Généralistes, hors exercice particulier (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_entree_effective", period))
        specialite = medecins("specialite", period)
        return loi.aide_collective.specialite.lire(specialite, sinon=PREMIER_TEXTE)


class aide_collective_secteur_admis(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secteur conventionnel admis dans le contrat collectif"

    def formula(medecins, period):
        """Secteur 1, ou secteur 2 avec l’OPTAM (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_entree_effective", period))
        secteur = medecins("secteur_conventionnel", period)
        return loi.aide_collective.secteur.lire(secteur, sinon=PREMIER_TEXTE)


class aide_collective_sans_cumul(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucun contrat individuel ne court à l’entrée dans le contrat collectif"
    documentation = """
    Un contrat individuel signé ensuite ne l’en exclut pas : voir aide_collective_cumul_ulterieur.
    """

    def formula(medecins, period):
        """Celui qui courait est clos d’abord (MESDOCS).

        Lecture : aide_collective_cloture_le_jour_meme.
        """
        entree = medecins("aide_collective_entree_effective", period)
        clos = (medecins("date_fin_contrat", period) <= entree) | (
            medecins("date_resiliation", period) <= entree
        )
        return clos | (medecins("date_signature", period) >= entree)


class aide_collective_hors_carence(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucune carence d’un contrat collectif précédent ne court à l’entrée"

    def formula(medecins, period):
        """Deux ans par médecin, sauf circonstances exceptionnelles (MESDOCS).

        Lecture : aide_collective_carence_d_un_contrat_individuel.
        """
        entree = medecins("aide_collective_entree_effective", period)
        loi = droit_au(medecins, entree)
        duree = loi.aide_collective.lire("carence", sinon=PREMIER_TEXTE)
        fin = plus_mois(medecins("aide_collective_fin_precedente", period), duree)
        return (entree >= fin) | medecins("aide_collective_carence_levee", period)


class aide_collective_adhesion_admise(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le médecin est admis dans le contrat collectif"

    def formula(medecins, period):
        """Il adhère, et remplit toutes les conditions le jour où il entre (MESDOCS)."""
        associe = medecins("aide_collective_associe", period)
        return (
            (medecins("aide_collective_entree_effective", period) < AUCUN_JOUR)
            & medecins("aide_collective_specialite_admise", period)
            & medecins("aide_collective_secteur_admis", period)
            & (associe != AssocieEnNomPropre.non_associe)
            & medecins("aide_collective_sans_cumul", period)
            & medecins("aide_collective_hors_carence", period)
        )


class aide_collective_motif_adhesion(Variable):
    value_type = Enum
    possible_values = MotifRefusAdhesion
    default_value = MotifRefusAdhesion.aucun
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Première condition d’adhésion qui manque"

    def formula(medecins, period):
        """Dans l’ordre où la source les donne (MESDOCS)."""
        motif = MotifRefusAdhesion
        adhere = medecins("aide_collective_entree_effective", period) < AUCUN_JOUR
        associe = medecins("aide_collective_associe", period)
        return selon(
            (~adhere, motif.sans_adhesion),
            (~medecins("aide_collective_specialite_admise", period), motif.specialite),
            (~medecins("aide_collective_secteur_admis", period), motif.secteur),
            (associe == AssocieEnNomPropre.non_associe, motif.non_associe),
            (~medecins("aide_collective_sans_cumul", period), motif.contrat_individuel),
            (~medecins("aide_collective_hors_carence", period), motif.carence),
            sinon=motif.aucun,
        )
