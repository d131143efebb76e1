"""How many blocks of skills are left to follow?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import FormationRequise


class blocs_de_competence(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "bloc"
    label = "Blocs de compétence de la formation requise"
    documentation = """
    0 si leur nombre n’est pas publié : voir blocs_connus.
    """

    def formula(medecins, period):
        """Quatre blocs pour le certificat (S001, cursus ; S002, formation)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.formation.blocs.lire(medecins("formation_requise", period), sinon=0)


class blocs_connus(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Le nombre de blocs de la formation requise est publié"

    def formula(medecins, period):
        """Celui de l’adaptation d’un soignant ne l’est pas (S001, cursus)."""
        aucune = medecins("formation_requise", period) == FormationRequise.aucune
        return aucune | (medecins("blocs_de_competence", period) > 0)


class blocs_a_suivre(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "bloc"
    label = "Blocs de compétence qui restent à suivre"

    def formula(medecins, period):
        """Sans ceux dont la commission paritaire de la branche dispense (S001, cursus)."""
        restants = medecins("blocs_de_competence", period) - medecins("blocs_dispenses", period)
        return numpy.maximum(restants, 0)
