"""How far is each objective of the group reached, and have its totals fallen?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, rapport, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_taux_pmt(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Taux d’atteinte de l’objectif de PMT du groupe"
    documentation = """
    0 quand l’objectif, le résultat ou le départ est inconnu ; n’est pas plafonné.
    """

    def formula(cabinets, period):
        """Patients gagnés sur patients à gagner. Lecture : aide_collective_mesure_du_taux."""
        observe = cabinets("aide_collective_pmt_groupe", period)
        depart = cabinets("aide_collective_depart_pmt", period)
        gain = cabinets("aide_collective_gain_pmt", period)
        return selon(
            ((observe < 0) | (depart < 0) | (gain < 0), 0.0),
            (gain > 0, rapport(observe - depart, gain)),
            sinon=observe >= depart,
        )


class aide_collective_pmt_atteinte(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Objectif de PMT du groupe intégralement atteint"
    documentation = """
    Faux quand l’objectif ou le résultat est inconnu.
    """

    def formula(cabinets, period):
        """Sans tolérance (MESDOCS). Lecture : aide_collective_integralite."""
        observe = cabinets("aide_collective_pmt_groupe", period)
        cible = cabinets("aide_collective_objectif_pmt", period)
        return (cible >= 0) & (observe >= cible)


class aide_collective_baisse_pmt(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "PMT du groupe en baisse par rapport au départ"
    documentation = """
    Faux quand le résultat ou le départ est inconnu.
    """

    def formula(cabinets, period):
        """Moins de patients qu’au départ, à médecins constants (MESDOCS)."""
        observe = cabinets("aide_collective_pmt_groupe", period)
        depart = cabinets("aide_collective_depart_pmt", period)
        return (observe >= 0) & (observe < depart)


class aide_collective_taux_pfa(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Taux d’atteinte de l’objectif de PFA du groupe"
    documentation = """
    0 quand l’objectif, le résultat ou le départ est inconnu ; n’est pas plafonné.
    """

    def formula(cabinets, period):
        """Patients gagnés sur patients à gagner. Lecture : aide_collective_mesure_du_taux."""
        observe = cabinets("aide_collective_pfa_groupe", period)
        depart = cabinets("aide_collective_depart_pfa", period)
        gain = cabinets("aide_collective_gain_pfa", period)
        return selon(
            ((observe < 0) | (depart < 0) | (gain < 0), 0.0),
            (gain > 0, rapport(observe - depart, gain)),
            sinon=observe >= depart,
        )


class aide_collective_pfa_atteinte(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Objectif de PFA du groupe intégralement atteint"
    documentation = """
    Faux quand l’objectif ou le résultat est inconnu.
    """

    def formula(cabinets, period):
        """Sans tolérance (MESDOCS). Lecture : aide_collective_integralite."""
        observe = cabinets("aide_collective_pfa_groupe", period)
        cible = cabinets("aide_collective_objectif_pfa", period)
        return (cible >= 0) & (observe >= cible)


class aide_collective_baisse_pfa(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "PFA du groupe en baisse par rapport au départ"
    documentation = """
    Faux quand le résultat ou le départ est inconnu.
    """

    def formula(cabinets, period):
        """Moins de patients qu’au départ, à médecins constants (MESDOCS)."""
        observe = cabinets("aide_collective_pfa_groupe", period)
        depart = cabinets("aide_collective_depart_pfa", period)
        return (observe >= 0) & (observe < depart)


class aide_collective_resiliation_possible(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "La caisse peut résilier le contrat collectif, faute de solution"
    documentation = """
    Un signalement : le droit reste ouvert.
    """

    def formula(cabinets, period):
        """La patientèle du groupe baisse (MESDOCS). Lecture : aide_collective_baisse_du_total."""
        baisse = cabinets("aide_collective_baisse_pmt", period) | cabinets(
            "aide_collective_baisse_pfa", period
        )
        return baisse & cabinets("aide_collective_droit_ouvert", period)


class aide_collective_sous_p30(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "PMT moyenne observée du groupe sous le 30e percentile"
    documentation = """
    Un signalement, sans effet : ce n’est pas un motif de résiliation. Faux quand la PMT est
    inconnue.
    """

    def formula(cabinets, period):
        """Y passer en cours de contrat n’est pas un motif de résiliation (MESDOCS)."""
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        p30 = loi.patientele.pmt.p30.generaliste
        observe = cabinets("aide_collective_pmt_groupe", period)
        return (observe >= 0) & (observe < p30 * cabinets("aide_collective_adherents", period))
