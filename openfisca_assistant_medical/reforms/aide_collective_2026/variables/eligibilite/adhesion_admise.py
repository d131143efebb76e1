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
from openfisca_assistant_medical.nomenclatures import MotifRefusAdhesion


class aide_collective_specialite_admise(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Spécialité admise dans le contrat collectif"

    def formula(medecins, period):
        """Généralistes, hors exercice particulier (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_date_adhesion", period))
        specialite = medecins("specialite", period)
        return loi.aide_collective.specialite.lire(specialite, sinon=PREMIER_TEXTE)


class aide_collective_secteur_admis(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Secteur conventionnel admis dans le contrat collectif"

    def formula(medecins, period):
        """Secteur 1, ou secteur 2 avec l’OPTAM (MESDOCS)."""
        loi = droit_au(medecins, medecins("aide_collective_date_adhesion", period))
        secteur = medecins("secteur_conventionnel", period)
        return loi.aide_collective.secteur.lire(secteur, sinon=PREMIER_TEXTE)


class aide_collective_sans_cumul(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucun contrat individuel ne court pendant l’adhésion"

    def formula(medecins, period):
        """Le contrat individuel est clos d’abord, ou signé après la sortie (MESDOCS)."""
        adhesion = medecins("aide_collective_date_adhesion", period)
        clos = (medecins("date_fin_contrat", period) <= adhesion) | (
            medecins("date_resiliation", period) <= adhesion
        )
        signature = medecins("date_signature", period)
        return clos | (signature >= medecins("aide_collective_fin_adhesion", period))


class aide_collective_hors_carence(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Aucune carence d’un contrat collectif précédent ne court à l’adhésion"

    def formula(medecins, period):
        """Deux ans par médecin, sauf circonstances exceptionnelles (MESDOCS)."""
        adhesion = medecins("aide_collective_date_adhesion", period)
        loi = droit_au(medecins, adhesion)
        duree = loi.aide_collective.lire("carence", sinon=PREMIER_TEXTE)
        fin = plus_mois(medecins("aide_collective_fin_precedente", period), duree)
        return (adhesion >= fin) | medecins("aide_collective_carence_levee", period)


class aide_collective_adhesion_admise(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le médecin est admis dans le contrat collectif"

    def formula(medecins, period):
        """Il adhère, et toutes les conditions sont remplies à son adhésion (MESDOCS)."""
        return (
            (medecins("aide_collective_date_adhesion", period) < AUCUN_JOUR)
            & medecins("aide_collective_specialite_admise", period)
            & medecins("aide_collective_secteur_admis", period)
            & medecins("aide_collective_associe", period)
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
        adhere = medecins("aide_collective_date_adhesion", period) < AUCUN_JOUR
        return selon(
            (~adhere, motif.sans_adhesion),
            (~medecins("aide_collective_specialite_admise", period), motif.specialite),
            (~medecins("aide_collective_secteur_admis", period), motif.secteur),
            (~medecins("aide_collective_associe", period), motif.non_associe),
            (~medecins("aide_collective_sans_cumul", period), motif.contrat_individuel),
            (~medecins("aide_collective_hors_carence", period), motif.carence),
            sinon=motif.aucun,
        )
