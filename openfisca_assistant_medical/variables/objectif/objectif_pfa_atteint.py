"""Is the objective on the PFA reached?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    PREMIER_TEXTE,
    Variable,
    atteint,
    depasse,
    droit_au,
    selon,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class maintien_pfa_tenu(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "PFA maintenue, tolérance comprise"

    def formula(medecins, period):
        """Baisse de 5 % au plus, de moins de 10 % pour un senior (S003, partie IV-2).

        Lectures : borne_tolerance_senior, points_de_tolerance, senior_et_forte_patientele.
        """
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        seuil = loi.objectif.seuil_atteinte
        observe, cible = medecins("file_active", period), medecins("objectif_pfa", period)
        incluse = loi.lectures.borne_tolerance_senior.est("incluse")
        senior = depasse(observe, seuil.maintien_senior, cible) | (
            incluse & atteint(observe, seuil.maintien_senior, cible)
        )
        return selon(
            (medecins("maintien_senior", period), senior),
            sinon=atteint(observe, seuil.lire("maintien", sinon=PREMIER_TEXTE), cible),
        )


class progression_pfa_suffisante(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Progression de PFA suffisante"

    def formula(medecins, period):
        """95 % au moins des patients à gagner, comparés en nombres entiers (S003, partie IV-1)."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        part = loi.objectif.seuil_atteinte.lire("augmentation", sinon=PREMIER_TEXTE)
        observe, depart = medecins("file_active", period), medecins("depart_pfa", period)
        cible = medecins("objectif_pfa", period)
        progression = medecins("progression_mesuree_pfa", period)
        augmentation = medecins("type_objectif_pfa", period) == TypeObjectif.augmentation
        base = depart * (progression & (cible > depart))
        return selon(
            (progression & (depart < 0), False),
            (progression & augmentation & (cible <= depart), observe >= depart),
            sinon=atteint(observe - base, part, cible - base),
        )


class objectif_pfa_atteint(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Objectif de PFA atteint"
    documentation = """
    Faux quand l’objectif ou le résultat est inconnu.
    """

    def formula(medecins, period):
        """Source : S003, partie IV. Lecture : installation_seuil."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        observe, cible = medecins("file_active", period), medecins("objectif_pfa", period)
        part = loi.lectures.lire("installation_seuil", sinon=PREMIER_TEXTE)
        nature = medecins("type_objectif_pfa", period)
        resultat = selon(
            (nature == TypeObjectif.maintien, medecins("maintien_pfa_tenu", period)),
            (
                nature == TypeObjectif.installation,
                atteint(observe, part, cible),
            ),
            sinon=medecins("progression_pfa_suffisante", period),
        )
        return (observe >= 0) & (cible > 0) & resultat
