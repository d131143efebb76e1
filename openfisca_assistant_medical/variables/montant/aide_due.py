"""What is due for a contract year, lost, and left to pay?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_centime, selon
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
    documentation = """
    Négatif quand l’aide dépasse le coût.
    """

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


class part_du_cout_couverte(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part du coût de l’assistant que l’aide couvre"
    documentation = """
    Au-dessus de 1 quand l’aide dépasse le coût ; 0 quand le coût n’est pas donné : voir
    reste_a_charge_connu.
    """

    def formula(medecins, period):
        """Aide due sur coût de l’employeur, la même année (S004, interview)."""
        connu = medecins("reste_a_charge_connu", period)
        cout = selon((connu, medecins("cout_employeur_annuel", period)), sinon=1)
        return connu * medecins("aide_due", period) / cout
