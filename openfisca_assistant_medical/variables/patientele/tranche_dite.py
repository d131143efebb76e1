"""Which band has the CPAM told, in one input or the other?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import (
    TexteConventionnel,
    TrancheDeclaree,
    TrancheObjectifDeclaree,
)


class tranche_objectif_pmt_lue(Variable):
    value_type = Enum
    possible_values = TrancheObjectifDeclaree
    default_value = TrancheObjectifDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PMT dite par la CPAM qui fixe l’objectif, sous l’avenant 7"
    documentation = """
    Non déclarée pour un contrat signé sous un autre texte, que cette tranche ne concerne pas.
    """

    def formula(medecins, period):
        """Les tranches de l’avenant 7, que les textes suivants n’ont pas (article 9-5-2-2)."""
        avenant_7 = medecins("texte_signature", period) == TexteConventionnel.avenant_7
        declaree = medecins("tranche_objectif_pmt_declaree", period)
        return selon((~avenant_7, TrancheObjectifDeclaree.non_declaree), sinon=declaree)


class tranche_pmt_dite(Variable):
    value_type = Enum
    possible_values = TrancheDeclaree
    default_value = TrancheDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de la PMT de départ que la CPAM a dite"
    documentation = """
    Celle de tranche_pmt_declaree, sinon celle où tombe, sous l’avenant 7, la tranche plus étroite
    de tranche_objectif_pmt_declaree.
    """

    def formula(medecins, period):
        """Les tranches de l’objectif de l’avenant 7 découpent les autres (article 9-5-2-2)."""
        large = medecins("tranche_pmt_declaree", period)
        etroite = medecins("tranche_objectif_pmt_lue", period)
        return selon(
            (large != TrancheDeclaree.non_declaree, large),
            (etroite == TrancheObjectifDeclaree.non_declaree, TrancheDeclaree.non_declaree),
            (etroite == TrancheObjectifDeclaree.p90_p95, TrancheDeclaree.p90_p95),
            sinon=TrancheDeclaree.p30_p90,
        )


class tranche_objectif_pfa_lue(Variable):
    value_type = Enum
    possible_values = TrancheObjectifDeclaree
    default_value = TrancheObjectifDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de PFA dite par la CPAM qui fixe l’objectif, sous l’avenant 7"
    documentation = """
    Non déclarée pour un contrat signé sous un autre texte, que cette tranche ne concerne pas.
    """

    def formula(medecins, period):
        """Les tranches de l’avenant 7, que les textes suivants n’ont pas (article 9-5-2-2)."""
        avenant_7 = medecins("texte_signature", period) == TexteConventionnel.avenant_7
        declaree = medecins("tranche_objectif_pfa_declaree", period)
        return selon((~avenant_7, TrancheObjectifDeclaree.non_declaree), sinon=declaree)


class tranche_pfa_dite(Variable):
    value_type = Enum
    possible_values = TrancheDeclaree
    default_value = TrancheDeclaree.non_declaree
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Tranche de la PFA de départ que la CPAM a dite"
    documentation = """
    Celle de tranche_pfa_declaree, sinon celle où tombe, sous l’avenant 7, la tranche plus étroite
    de tranche_objectif_pfa_declaree.
    """

    def formula(medecins, period):
        """Les tranches de l’objectif de l’avenant 7 découpent les autres (article 9-5-2-2)."""
        large = medecins("tranche_pfa_declaree", period)
        etroite = medecins("tranche_objectif_pfa_lue", period)
        return selon(
            (large != TrancheDeclaree.non_declaree, large),
            (etroite == TrancheObjectifDeclaree.non_declaree, TrancheDeclaree.non_declaree),
            (etroite == TrancheObjectifDeclaree.p90_p95, TrancheDeclaree.p90_p95),
            sinon=TrancheDeclaree.p30_p90,
        )


class tranche_pmt_dite_au_dela_de_p50(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La CPAM a dit la PMT de départ au-delà de la médiane, sous le 90e percentile"

    def formula(medecins, period):
        """Deux des tranches qui fixent l’objectif de l’avenant 7 (article 9-5-2-2)."""
        etroite = medecins("tranche_objectif_pmt_lue", period)
        p50_p70 = etroite == TrancheObjectifDeclaree.p50_p70
        return p50_p70 | (etroite == TrancheObjectifDeclaree.p70_p90)


class tranche_pfa_dite_au_dela_de_p50(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "La CPAM a dit la PFA de départ au-delà de la médiane, sous le 90e percentile"

    def formula(medecins, period):
        """Deux des tranches qui fixent l’objectif de l’avenant 7 (article 9-5-2-2)."""
        etroite = medecins("tranche_objectif_pfa_lue", period)
        p50_p70 = etroite == TrancheObjectifDeclaree.p50_p70
        return p50_p70 | (etroite == TrancheObjectifDeclaree.p70_p90)
