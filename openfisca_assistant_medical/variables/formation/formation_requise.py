"""Which training must the assistant follow?"""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import PREMIER_TEXTE, Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class qualification_reconnue(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "L’assistant a déjà une qualification qui permet d’exercer"

    def formula(medecins, period):
        """Soignant diplômé ou titulaire du certificat (S001, profils)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        profil = medecins("profil_assistant", period)
        return loi.formation.qualification.lire(profil, sinon=PREMIER_TEXTE)


class formation_requise(Variable):
    value_type = Enum
    possible_values = FormationRequise
    default_value = FormationRequise.aucune
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Formation que l’assistant doit suivre"
    documentation = """
    Ne change rien à l’aide.
    """

    def formula(medecins, period):
        """Certificat, adaptation d’un soignant, ou aucune si le certificat est déjà là.

        Source : S000, formation ; S001, profils et cursus. Lecture : formation_des_soignants.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        profil = medecins("profil_assistant", period)
        adaptation = loi.formation.adaptation.lire(profil, sinon=PREMIER_TEXTE)
        return selon(
            (~medecins("qualification_reconnue", period), FormationRequise.cqp),
            (adaptation, FormationRequise.fae),
            sinon=FormationRequise.aucune,
        )
