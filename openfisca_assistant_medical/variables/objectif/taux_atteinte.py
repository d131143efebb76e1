"""How far is each objective reached?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, rapport, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class progression_mesuree_pmt(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le taux de PMT se mesure sur les patients gagnés"

    def formula(medecins, period):
        """Objectifs d’augmentation ou fixés avec la caisse. Lecture : base_du_taux."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        nature = medecins("type_objectif_pmt", period)
        a_gagner = (nature == TypeObjectif.augmentation) | (
            nature == TypeObjectif.fixe_avec_la_caisse
        )
        return a_gagner & ~loi.lectures.base_du_taux.est("niveau")


class taux_atteinte_pmt(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Taux d’atteinte de l’objectif de PMT"
    documentation = """
    0 quand l’objectif, le résultat ou le départ est inconnu ; n’est pas plafonné.
    """

    def formula(medecins, period):
        """Patients gagnés sur patients à gagner (S000 ; S003, IV).

        Lectures : base_du_taux, taux_de_l_installation.
        """
        observe, depart = medecins("patientele_mt", period), medecins("depart_pmt", period)
        cible = medecins("objectif_pmt", period)
        progression = medecins("progression_mesuree_pmt", period)
        base = depart * (progression & (cible > depart))
        deja_la = (
            (medecins("type_objectif_pmt", period) == TypeObjectif.augmentation)
            & progression
            & (cible <= depart)
        )
        return selon(
            ((observe < 0) | (cible <= 0) | (progression & (depart < 0)), 0.0),
            (deja_la, observe >= depart),
            sinon=rapport(observe - base, cible - base),
        )


class progression_mesuree_pfa(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le taux de PFA se mesure sur les patients gagnés"

    def formula(medecins, period):
        """Objectifs d’augmentation ou fixés avec la caisse. Lecture : base_du_taux."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        nature = medecins("type_objectif_pfa", period)
        a_gagner = (nature == TypeObjectif.augmentation) | (
            nature == TypeObjectif.fixe_avec_la_caisse
        )
        return a_gagner & ~loi.lectures.base_du_taux.est("niveau")


class taux_atteinte_pfa(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Taux d’atteinte de l’objectif de PFA"
    documentation = """
    0 quand l’objectif, le résultat ou le départ est inconnu ; n’est pas plafonné.
    """

    def formula(medecins, period):
        """Patients gagnés sur patients à gagner (S000 ; S003, IV).

        Lectures : base_du_taux, taux_de_l_installation.
        """
        observe, depart = medecins("file_active", period), medecins("depart_pfa", period)
        cible = medecins("objectif_pfa", period)
        progression = medecins("progression_mesuree_pfa", period)
        base = depart * (progression & (cible > depart))
        deja_la = (
            (medecins("type_objectif_pfa", period) == TypeObjectif.augmentation)
            & progression
            & (cible <= depart)
        )
        return selon(
            ((observe < 0) | (cible <= 0) | (progression & (depart < 0)), 0.0),
            (deja_la, observe >= depart),
            sinon=rapport(observe - base, cible - base),
        )
