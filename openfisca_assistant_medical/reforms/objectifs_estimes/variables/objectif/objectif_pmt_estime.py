"""Which target stands where none is known? An estimate, with its range, never the law."""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class patients_en_plus_estimes_pmt_bas(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, au moins"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La plus basse des courbes de la famille, à ce départ."""
        pente_faible = medecins("patients_en_plus_pente_faible_pmt", period)
        pente_forte = medecins("patients_en_plus_pente_forte_pmt", period)
        return numpy.minimum(pente_faible, pente_forte)


class patients_en_plus_estimes_pmt_haut(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, au plus"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La plus haute des courbes de la famille, à ce départ."""
        pente_faible = medecins("patients_en_plus_pente_faible_pmt", period)
        pente_forte = medecins("patients_en_plus_pente_forte_pmt", period)
        return numpy.maximum(pente_faible, pente_forte)


class patients_en_plus_retenus_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner que l’objectif retient"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La courbe centrale, ou l’une des deux bornes."""
        loi = droit_au(medecins, medecins("date_signature", period))
        retenue = loi.objectif_estime.courbe_retenue
        return selon(
            (retenue.est("basse"), medecins("patients_en_plus_estimes_pmt_bas", period)),
            (retenue.est("haute"), medecins("patients_en_plus_estimes_pmt_haut", period)),
            sinon=medecins("patients_en_plus_estimes_pmt", period),
        )


class objectif_pmt_estime(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’objectif de PMT est une estimation"

    def formula(medecins, period):
        """Une augmentation dont ni le contrat, ni un avenant, ni un barème ne donne la cible."""
        augmentation = medecins("type_objectif_pmt", period) == TypeObjectif.augmentation
        inconnu = medecins("objectif_pmt_hors_estimation", period) <= 0
        meme_option = medecins("option_de_la_signature", period)
        estimable = medecins("objectif_pmt_estimable", period)
        return augmentation & inconnu & meme_option & estimable


class objectif_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT à atteindre ou à maintenir, estimée faute d’être connue"
    documentation = """
    0 : inconnu, à demander à la CPAM.
    """

    def formula(medecins, period):
        """Départ et patients à gagner de la courbe, quand aucun objectif n’est donné."""
        depart = medecins("patientele_mt_initiale", period)
        estime = depart + medecins("patients_en_plus_retenus_pmt", period)
        return selon(
            (medecins("objectif_pmt_estime", period), estime),
            sinon=medecins("objectif_pmt_hors_estimation", period),
        )
