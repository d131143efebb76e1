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


class objectif_pmt_estimable(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Un objectif de PMT peut être estimé"

    def formula(medecins, period):
        """Texte, spécialité et option du point publié, du 30e percentile au 95e exclu.

        Jamais pour un médecin nouvellement installé, dont l’objectif se fixe par avenant.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        specialite, texte = medecins("specialite", period), medecins("texte_signature", period)
        option = medecins("option_etp_initiale", period)
        courbe = loi.objectif_estime
        percentile = loi.patientele.pmt
        return (
            courbe.texte_couvert.lire(texte, sinon=False)
            & courbe.specialite_couverte.lire(specialite, sinon=False)
            & (courbe.part_de_la_courbe.lire(option, sinon=0) > 0)
            & (medecins("patientele_mt_initiale", period) >= percentile.p30[specialite])
            & (percentile.p50.lire(specialite, sinon=0) > 0)
            & (medecins("tranche_pmt", period) != TranchePatientele.p95_et_plus)
            & ~medecins("primo_installe", period)
        )


class depart_sur_la_courbe_pmt(Variable):
    value_type = int
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : PMT à laquelle la courbe se lit"

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
        """Droite de P30·c au 30e percentile à 0 au 99e (FMF1, en partie) ; au patient près."""
        loi = droit_au(medecins, medecins("date_signature", period))
        courbe = loi.objectif_estime.courbe.centrale
        p30 = loi.patientele.pmt.p30.lire(medecins("specialite", period), sinon=0)
        p99 = courbe.lire("p99", sinon=0)
        pente = rapport(p30 * courbe.lire("coefficient", sinon=0), p99 - p30)
        part = loi.objectif_estime.part_de_la_courbe
        pente = pente * part.lire(medecins("option_etp_initiale", period), sinon=0)
        reste = numpy.maximum(p99 - medecins("depart_sur_la_courbe_pmt", period), 0)
        estimable = medecins("objectif_pmt_estimable", period)
        return selon((estimable, arrondi_au_patient(pente, reste)), sinon=-1)


class patients_en_plus_pente_faible_pmt(Variable):
    value_type = int
    default_value = -1
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "Estimation : patients de PMT à gagner, courbe de pente faible"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La même droite, pour le 99e percentile le plus haut de la famille."""
        loi = droit_au(medecins, medecins("date_signature", period))
        courbe = loi.objectif_estime.courbe.pente_faible
        p30 = loi.patientele.pmt.p30.lire(medecins("specialite", period), sinon=0)
        p99 = courbe.lire("p99", sinon=0)
        pente = rapport(p30 * courbe.lire("coefficient", sinon=0), p99 - p30)
        part = loi.objectif_estime.part_de_la_courbe
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
    label = "Estimation : patients de PMT à gagner, courbe de pente forte"
    documentation = """
    −1 : non estimés.
    """

    def formula(medecins, period):
        """La même droite, pour le 99e percentile le plus bas de la famille."""
        loi = droit_au(medecins, medecins("date_signature", period))
        courbe = loi.objectif_estime.courbe.pente_forte
        p30 = loi.patientele.pmt.p30.lire(medecins("specialite", period), sinon=0)
        p99 = courbe.lire("p99", sinon=0)
        pente = rapport(p30 * courbe.lire("coefficient", sinon=0), p99 - p30)
        part = loi.objectif_estime.part_de_la_courbe
        pente = pente * part.lire(medecins("option_etp_initiale", period), sinon=0)
        reste = numpy.maximum(p99 - medecins("depart_sur_la_courbe_pmt", period), 0)
        estimable = medecins("objectif_pmt_estimable", period)
        return selon((estimable, arrondi_au_patient(pente, reste)), sinon=-1)
