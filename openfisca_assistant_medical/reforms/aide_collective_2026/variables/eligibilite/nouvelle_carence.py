"""When may a doctor sign again after the collective contract?"""

from datetime import date

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import (
    AUCUN_JOUR,
    PREMIER_TEXTE,
    Variable,
    droit_au,
    plus_mois,
    selon,
)
from openfisca_assistant_medical.entities import Medecin


class aide_collective_fin_carence(Variable):
    value_type = date
    default_value = date(9999, 12, 31)
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    label = "Jour où le médecin peut signer un nouveau contrat, individuel ou collectif"
    documentation = """
    9999-12-31 pour qui n’est entré dans aucun contrat collectif qui ouvre un droit.
    """

    def formula(medecins, period):
        """Deux ans après la fin du contrat (MESDOCS).

        Lecture : aide_collective_carence_apres_sortie.
        """
        fin_adhesion = medecins("aide_collective_fin_adhesion", period)
        fin_contrat = medecins.cabinet("aide_collective_fin_du_contrat", period)
        loi = droit_au(medecins, fin_contrat)
        duree = loi.aide_collective.lire("carence", sinon=PREMIER_TEXTE)
        return selon(
            (~medecins("aide_collective_adhesion_effective", period), AUCUN_JOUR),
            (fin_adhesion < fin_contrat, fin_adhesion),
            sinon=plus_mois(fin_contrat, duree),
        )
