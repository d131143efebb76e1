"""What is due for a contract year, lost, and left to pay?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_centime
from openfisca_assistant_medical.entities import Medecin


class aide_due(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Aide due au titre de l’année de contrat"

    def formula(medecins, period):
        """Maximum, part versée et part d’année courue ; au centime (S003, parties III et IV)."""
        return arrondi_au_centime(
            medecins("aide_maximale", period)
            * medecins("part_aide_versee", period)
            * medecins("fraction_annee_couverte", period)
        )


class aide_perdue(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Aide perdue faute d’objectif atteint"

    def formula(medecins, period):
        """Ce que l’année aurait donné en entier, moins ce qui est dû."""
        entiere = arrondi_au_centime(
            medecins("aide_maximale", period) * medecins("fraction_annee_couverte", period)
        )
        return arrondi_au_centime(entiere - medecins("aide_due", period))


class reste_a_charge(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Coût de l’assistant qui reste au médecin"

    def formula(medecins, period):
        """Coût de l’employeur moins l’aide due ; n’a de sens que si le coût est donné."""
        cout = medecins("cout_employeur_annuel", period)
        return arrondi_au_centime(cout - medecins("aide_due", period))


class reste_a_charge_connu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le coût de l’assistant est donné, le reste à charge a un sens"

    def formula(medecins, period):
        """Faux quand le coût pour l’employeur n’est pas donné."""
        return medecins("cout_employeur_annuel", period) > 0
