"""Which target stands where none is known? An estimate, with its range, never the law."""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import OptionETP, TexteConventionnel, TypeObjectif


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
        """Le moins que demandent, à ce départ, les courbes possibles.

        Lecture : bouts_de_la_courbe_de_2023.
        """
        pente_nulle = medecins("patients_en_plus_pente_nulle_pmt", period)
        pente_forte = medecins("patients_en_plus_pente_forte_pmt", period)
        return numpy.minimum(pente_nulle, pente_forte)


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
        """Le plus que demandent, à ce départ, les courbes possibles.

        Lecture : bouts_de_la_courbe_de_2023.
        """
        pente_nulle = medecins("patients_en_plus_pente_nulle_pmt", period)
        pente_forte = medecins("patients_en_plus_pente_forte_pmt", period)
        return numpy.maximum(pente_nulle, pente_forte)


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
        """La courbe centrale, ou le moins, ou le plus, que demandent les courbes possibles."""
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
        """Une augmentation dont ni le contrat, ni un avenant, ni un barème ne donne la cible.

        Un avenant qui change l’option, ou le départ, fixe un autre objectif, que rien n’estime.
        """
        augmentation = medecins("type_objectif_pmt", period) == TypeObjectif.augmentation
        inconnu = medecins("objectif_pmt_hors_estimation", period) <= 0
        meme_option = medecins("option_de_la_signature", period)
        depart = medecins("patientele_mt_initiale", period)
        meme_depart = medecins("depart_pmt", period) == depart
        estimable = medecins("objectif_pmt_estimable", period)
        return augmentation & inconnu & meme_option & meme_depart & estimable


class estimation_sous_la_convention(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’estimation suppose que la convention de 2024 garde la courbe de 2023"

    def formula(medecins, period):
        """Contrat signé après le point publié. Lecture : adoucissement_de_2024."""
        texte = medecins("texte_signature", period)
        estime = medecins("objectif_pmt_estime", period)
        return estime & (texte == TexteConventionnel.convention_2024)


class estimation_a_demi_etp(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "L’estimation suppose qu’un 1/2 ETP demande la moitié de la courbe"

    def formula(medecins, period):
        """Option 1/2 ETP, hors du point publié. Lecture : courbe_a_un_demi_etp."""
        option = medecins("option_etp_initiale", period)
        estime = medecins("objectif_pmt_estime", period)
        return estime & (option == OptionETP.demi_etp)


class objectif_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT à atteindre ou à maintenir, donnée, ou à défaut estimée"
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
