"""What a formula reads of the law, by its syntax tree alone."""

from typing import Any

import numpy
import pytest

from openfisca_assistant_medical.droit import atteint, droit_au
from openfisca_assistant_medical.droit.formules import lire_formule


def par_alias(medecins: Any, period: Any) -> Any:
    debut = medecins("date_anniversaire", period)
    loi, specialite = droit_au(medecins, debut), medecins("specialite", period)
    pmt, pfa = loi.patientele.pmt, loi.patientele.pfa
    seuil = loi.objectif.seuil_atteinte
    duree = droit_au(medecins, medecins("date_signature", period)).contrat.duree
    lue = numpy.maximum(pmt.p30[specialite], pfa.p50.lire(specialite, sinon=0)) * duree
    mot = loi.lectures.zone_un_etp
    seuil = seuil.lire("maintien", sinon=loi.objectif.installation)
    return lue * seuil * mot.est("zip") * medecins.cabinet.members("zone", period)


def table_donnee_a_une_fonction(assures: Any, period: Any) -> Any:
    loi = droit_au(assures, assures("date_signature", period))
    nom = "duree"
    return atteint(loi.versement, loi.contrat.lire(nom), period("pas_une_variable"))


def cle_et_noms_par_paires(medecins: Any, period: Any) -> Any:
    loi = droit_au(medecins, medecins("date_signature", period))
    un, deux = medecins.couple(loi.contrat.duree)
    paire = (un, loi.patientele.pmt.p30[medecins("specialite", period)])
    return paire, deux, loi.lectures.zone_un_etp.prendre("zip"), len("pas_une_variable")


@pytest.mark.parametrize(
    ("formule", "lus", "demandees"),
    [
        (
            par_alias,
            {
                "contrat.duree",
                "patientele.pmt.p30",
                "patientele.pfa.p50",
                "objectif.seuil_atteinte.maintien",
                "objectif.installation",
                "lectures.zone_un_etp",
            },
            {"date_anniversaire", "specialite", "date_signature", "zone"},
        ),
        (
            cle_et_noms_par_paires,
            {"contrat.duree", "patientele.pmt.p30", "lectures.zone_un_etp"},
            {"date_signature", "specialite"},
        ),
        # What is not known before running counts as read whole.
        (table_donnee_a_une_fonction, {"versement", "contrat"}, {"date_signature"}),
    ],
)
def test_une_formule_se_lit_sans_etre_calculee(
    formule: Any, lus: set[str], demandees: set[str]
) -> None:
    assert lire_formule(formule) == (lus, demandees)
