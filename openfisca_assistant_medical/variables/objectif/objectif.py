"""How many patients are to be reached or kept?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_patient, droit_au, selon
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TypeObjectif


class mediane_a_atteindre_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PMT à atteindre après une première installation"
    documentation = """
    0 : la médiane n’est pas publiée.
    """

    def formula(medecins, period):
        """Médiane au prorata de l’activité libérale, sans passer sous le P30 (S003, IV-2).

        Lectures : mep_installation, objectif_selon_l_activite_liberale.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        p30 = loi.patientele.pmt.p30.lire(specialite, sinon=0)
        p50 = loi.patientele.pmt.p50.lire(specialite, sinon=0)
        proratisee = arrondi_au_patient(medecins("quotite_activite_liberale", period), p50)
        return numpy.maximum(proratisee, p30) * (p50 > 0)


class mediane_a_atteindre_pfa(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "PFA à atteindre après une première installation"
    documentation = """
    0 : la médiane n’est pas publiée.
    """

    def formula(medecins, period):
        """Médiane au prorata de l’activité libérale, sans passer sous le P30 (S003, IV-2).

        Lecture : objectif_selon_l_activite_liberale.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite = medecins("specialite", period)
        p30 = loi.patientele.pfa.p30.lire(specialite, sinon=0)
        p50 = loi.patientele.pfa.p50.lire(specialite, sinon=0)
        proratisee = arrondi_au_patient(medecins("quotite_activite_liberale", period), p50)
        return numpy.maximum(proratisee, p30) * (p50 > 0)


class objectif_a_fixer_par_avenant(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Un nouvel objectif est à fixer par avenant"

    def formula(medecins, period):
        """Après les trois ans d’un médecin nouvellement installé (S003, partie IV-2).

        Lectures : installation_sous_p30_apres_trois_ans, second_objectif_de_l_installation.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        apres_le_delai = medecins("rang_annee_contrat", period) > loi.objectif.installation
        return medecins("primo_installe", period) & apres_le_delai


class objectif_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PMT à atteindre ou à maintenir"
    documentation = """
    0 : inconnu, à demander à la CPAM.
    """

    def formula(medecins, period):
        """Source : S003, III-4 et IV. Les courbes de l’illustration 4 ne sont pas publiées."""
        nature = medecins("type_objectif_pmt", period)
        avenant = medecins("objectif_pmt_avenant", period)
        contrat = medecins("objectif_pmt_contractuel", period)
        niveau = numpy.maximum(medecins("depart_pmt", period), 0)
        installation = (nature == TypeObjectif.installation) & (contrat <= 0)
        augmentation = nature == TypeObjectif.augmentation
        bareme = augmentation & (contrat <= 0) & medecins("objectif_lu_au_bareme", period)
        return selon(
            (avenant > 0, avenant),
            (nature == TypeObjectif.sans_objet, 0),
            (nature == TypeObjectif.maintien, niveau),
            (installation, medecins("mediane_a_atteindre_pmt", period)),
            (augmentation & medecins("objectif_a_fixer_par_avenant", period), 0),
            (bareme, medecins("objectif_avenant_7_pmt", period)),
            sinon=contrat,
        )


class objectif_pfa(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "patient"
    label = "PFA à atteindre ou à maintenir"
    documentation = """
    0 : inconnu, à demander à la CPAM.
    """

    def formula(medecins, period):
        """Source : S003, III-4 et IV. Les courbes de l’illustration 4 ne sont pas publiées."""
        nature = medecins("type_objectif_pfa", period)
        avenant = medecins("objectif_pfa_avenant", period)
        contrat = medecins("objectif_pfa_contractuel", period)
        niveau = numpy.maximum(medecins("depart_pfa", period), 0)
        installation = (nature == TypeObjectif.installation) & (contrat <= 0)
        augmentation = nature == TypeObjectif.augmentation
        bareme = augmentation & (contrat <= 0) & medecins("objectif_lu_au_bareme", period)
        return selon(
            (avenant > 0, avenant),
            (nature == TypeObjectif.sans_objet, 0),
            (nature == TypeObjectif.maintien, niveau),
            (installation, medecins("mediane_a_atteindre_pfa", period)),
            (augmentation & medecins("objectif_a_fixer_par_avenant", period), 0),
            (bareme, medecins("objectif_avenant_7_pfa", period)),
            sinon=contrat,
        )
