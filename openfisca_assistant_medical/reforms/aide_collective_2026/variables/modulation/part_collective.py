"""Which part of the collective aid is paid, and is it known?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_annee_proratisee(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "L’aide de l’année du contrat collectif suit les résultats"

    def formula(cabinets, period):
        """À partir de la troisième année, une fois passés les deux ans laissés (MESDOCS)."""
        loi = droit_au(cabinets, cabinets("aide_collective_debut_annee", period))
        premier = loi.aide_collective.lire("premier_rang_proratise", sinon=PREMIER_TEXTE)
        return cabinets("aide_collective_rang_annee", period) >= premier


class aide_collective_resultats_connus(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Départs, objectifs et patientèles observées du groupe sont connus"

    def formula(cabinets, period):
        """Faux quand il manque un compte d’un adhérent de l’année."""
        pmt = (cabinets("aide_collective_pmt_groupe", period) >= 0) & (
            cabinets("aide_collective_objectif_pmt", period) >= 0
        )
        pfa = (cabinets("aide_collective_pfa_groupe", period) >= 0) & (
            cabinets("aide_collective_objectif_pfa", period) >= 0
        )
        return pmt & pfa


class aide_collective_part_versee(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide collective versée selon les résultats"
    documentation = """
    Entre 0 et 1. La source dit « proratisée » sans dire comment : le moins bon des deux taux est
    une lecture.
    """

    def formula(cabinets, period):
        """Part atteinte des deux objectifs à la fois. Lecture : aide_collective_prorata."""
        moins_bon = numpy.minimum(
            cabinets("aide_collective_taux_pmt", period),
            cabinets("aide_collective_taux_pfa", period),
        )
        en_cours = cabinets("aide_collective_rang_annee", period) > 0
        return selon(
            (~cabinets("aide_collective_annee_proratisee", period), en_cours),
            (~cabinets("aide_collective_resultats_connus", period), 1.0),
            sinon=moins_bon.clip(0, 1),
        )


class aide_collective_part_connue(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "La part de l’aide collective ne dépend pas d’un point inconnu"

    def formula(cabinets, period):
        """Faux quand un compte manque une année proratisée : la part est alors entière."""
        return ~cabinets("aide_collective_annee_proratisee", period) | cabinets(
            "aide_collective_resultats_connus", period
        )


class aide_collective_part_hypothese(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "La part de l’aide collective repose sur une lecture du prorata"

    def formula(cabinets, period):
        """Un objectif est manqué, des ETP ajoutés n’en ont pas encore, ou le contrat est renouvelé.

        Lectures : aide_collective_prorata, aide_collective_integralite,
        aide_collective_objectif_des_etp_ajoutes, aide_collective_objectif_renouvele.
        """
        ajoutes = cabinets("aide_collective_etp", period) > cabinets(
            "aide_collective_etp_avec_objectif", period
        )
        atteints = cabinets("aide_collective_pmt_atteinte", period) & cabinets(
            "aide_collective_pfa_atteinte", period
        )
        return (
            cabinets("aide_collective_annee_proratisee", period)
            & cabinets("aide_collective_resultats_connus", period)
            & (~atteints | ajoutes | cabinets("aide_collective_annee_renouvelee", period))
        )
