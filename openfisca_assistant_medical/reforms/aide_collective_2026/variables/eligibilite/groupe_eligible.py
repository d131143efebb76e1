"""May the company of the practice sign a collective contract?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Cabinet
from openfisca_assistant_medical.nomenclatures import (
    AssocieEnNomPropre,
    MotifRefusCollectif,
    SocieteSignataire,
)


class aide_collective_en_vigueur(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "L’aide collective existe à la signature"

    def formula(cabinets, period):
        """Depuis le 25 février 2026 (MESDOCS). Lecture : aide_collective_entree_en_vigueur."""
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        return loi.aide_collective.lire("en_vigueur", sinon=False)


class aide_collective_societe_admise(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "La société peut signer le contrat collectif"

    def formula(cabinets, period):
        """SCP, SCM ou SISA, jamais une SEL (MESDOCS) ; non déclarée, supposée admise."""
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        societe = cabinets("aide_collective_societe", period)
        return loi.aide_collective.societe.lire(societe, sinon=True)


class aide_collective_eligible(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Cabinet éligible à l’aide collective à la signature"

    def formula(cabinets, period):
        """Toutes les conditions du groupe (MESDOCS).

        Lecture : aide_collective_nombre_de_medecins.
        """
        return (
            cabinets("aide_collective_en_vigueur", period)
            & cabinets("aide_collective_societe_admise", period)
            & (cabinets("aide_collective_signataires", period) > 0)
            & cabinets("aide_collective_seuil_atteint", period)
        )


class aide_collective_motif(Variable):
    value_type = Enum
    possible_values = MotifRefusCollectif
    default_value = MotifRefusCollectif.aucun
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "Première condition du contrat collectif qui manque"

    def formula(cabinets, period):
        """Dans l’ordre où la source les donne (MESDOCS)."""
        motif = MotifRefusCollectif
        signataires = cabinets("aide_collective_signataires", period)
        return selon(
            (~cabinets("aide_collective_en_vigueur", period), motif.aucun_texte),
            (~cabinets("aide_collective_societe_admise", period), motif.societe),
            (signataires <= 0, motif.aucun_adherent),
            (~cabinets("aide_collective_seuil_atteint", period), motif.patientele_insuffisante),
            sinon=motif.aucun,
        )


class aide_collective_eligibilite_connue(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    label = "L’éligibilité du cabinet ne dépend pas d’un point inconnu"

    def formula(cabinets, period):
        """Faux quand manque la société, une PMT de départ ou la qualité d’associé d’un médecin.

        Elles sont supposées favorables.
        """
        societe = cabinets("aide_collective_societe", period)
        admis = cabinets.members("aide_collective_adhesion_admise", period)
        associe = cabinets.members("aide_collective_associe", period)
        declares = cabinets.all((associe != AssocieEnNomPropre.non_declare) | ~admis)
        return ~cabinets("aide_collective_eligible", period) | (
            (societe != SocieteSignataire.non_declaree)
            & declares
            & cabinets("aide_collective_seuil_connu", period)
        )
