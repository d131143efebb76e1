"""How many patients would the curve ask for? An estimate, never the law."""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    Variable,
    arrondi_au_patient,
    droit_au,
    rapport,
    selon,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import TranchePatientele


class estimation_couvre_le_contrat(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Estimation : la courbe couvre le texte, la spécialité et l’option du contrat"

    def formula(medecins, period):
        """Ceux du point publié (DJIBE, FMF1).

        Lectures : courbe_a_un_demi_etp, adoucissement_de_2024.
        """
        courbe = droit_au(medecins, medecins("date_signature", period)).objectif_estime
        option = medecins("option_etp_initiale", period)
        return (
            courbe.texte_couvert.lire(medecins("texte_signature", period), sinon=False)
            & courbe.specialite_couverte.lire(medecins("specialite", period), sinon=False)
            & (courbe.part_de_la_courbe.lire(option, sinon=0) > 0)
        )


class objectif_pmt_estimable(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Un objectif de PMT peut être estimé"

    def formula(medecins, period):
        """Contrat que la courbe couvre, du 30e percentile au 95e exclu.

        Une tranche déclarée l’emporte sur le compte. Jamais pour un médecin nouvellement installé,
        dont l’objectif se fixe par avenant.
        """
        percentile = droit_au(medecins, medecins("date_signature", period)).patientele.pmt
        specialite = medecins("specialite", period)
        tranche = medecins("tranche_pmt", period)
        return (
            medecins("estimation_couvre_le_contrat", period)
            & (medecins("patientele_mt_initiale", period) >= percentile.p30[specialite])
            & (percentile.p50.lire(specialite, sinon=0) > 0)
            & (tranche != TranchePatientele.moins_de_p30)
            & (tranche != TranchePatientele.p95_et_plus)
            & ~medecins("primo_installe", period)
        )


class depart_sur_la_courbe_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : PMT à laquelle la courbe se lit"
    documentation = """
    0 : ni le départ ni la médiane n’est connu.
    """

    def formula(medecins, period):
        """Le même effort du 30e au 50e percentile : la courbe se lit au 50e (S000)."""
        loi = droit_au(medecins, medecins("date_signature", period))
        p50 = loi.patientele.pmt.p50.lire(medecins("specialite", period), sinon=0)
        return numpy.maximum(medecins("patientele_mt_initiale", period), p50)


class patients_en_plus_estimes_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, courbe centrale"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """Droite par le point publié, nulle au 99e percentile (FMF1, en partie) ; au patient près.

        Lectures : fin_de_la_formule_de_2023, point_de_la_courbe_de_2023, arrondi_de_la_courbe,
        bouts_de_la_courbe_de_2023.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        ancre, part = loi.objectif_estime.ancre, loi.objectif_estime.part_de_la_courbe
        p99 = loi.objectif_estime.lire("p99_central", sinon=0)
        pente = rapport(
            ancre.lire("patients_en_plus", sinon=0), p99 - ancre.lire("depart", sinon=0)
        )
        pente = pente * part.lire(medecins("option_etp_initiale", period), sinon=0)
        reste = numpy.maximum(p99 - medecins("depart_sur_la_courbe_pmt", period), 0)
        estimable = medecins("objectif_pmt_estimable", period)
        return selon((estimable, arrondi_au_patient(pente, reste)), sinon=-1)


class patients_en_plus_pente_forte_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, pente la plus forte possible"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La même droite, nulle au 95e percentile : le 99e ne peut être plus bas.

        Lecture : bouts_de_la_courbe_de_2023.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        ancre, part = loi.objectif_estime.ancre, loi.objectif_estime.part_de_la_courbe
        p95 = loi.patientele.pmt.p95.lire(medecins("specialite", period), sinon=0)
        pente = rapport(
            ancre.lire("patients_en_plus", sinon=0), p95 - ancre.lire("depart", sinon=0)
        )
        pente = pente * part.lire(medecins("option_etp_initiale", period), sinon=0)
        reste = numpy.maximum(p95 - medecins("depart_sur_la_courbe_pmt", period), 0)
        estimable = medecins("objectif_pmt_estimable", period)
        return selon((estimable, arrondi_au_patient(pente, reste)), sinon=-1)


class patients_en_plus_pente_nulle_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, pente la plus faible possible"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """Le même effort à tout départ : la droite dont le 99e percentile n’a pas de borne.

        Lecture : bouts_de_la_courbe_de_2023.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        gain = loi.objectif_estime.ancre.lire("patients_en_plus", sinon=0)
        part = loi.objectif_estime.part_de_la_courbe
        part = part.lire(medecins("option_etp_initiale", period), sinon=0)
        estimable = medecins("objectif_pmt_estimable", period)
        return selon((estimable, arrondi_au_patient(part, gain)), sinon=-1)
