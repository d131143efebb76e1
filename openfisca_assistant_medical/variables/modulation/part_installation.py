"""Which part does illustration 7 pay to a newly installed doctor?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Medecin


class seuil_p30_pmt(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "30e percentile de PMT de la spécialité"
    documentation = """
    0 : non publié.
    """

    def formula(medecins, period):
        """Source : S003, illustration 1.

        Lecture : seuil_installation_entier.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.patientele.pmt.p30.lire(medecins("specialite", period), sinon=0)


class seuil_p30_pfa(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.ETERNITY
    unit = "patient"
    label = "30e percentile de PFA de la spécialité"
    documentation = """
    0 : non publié.
    """

    def formula(medecins, period):
        """Source : S003, illustration 1.

        Lecture : seuil_installation_entier.
        """
        loi = droit_au(medecins, medecins("date_signature", period))
        return loi.patientele.pfa.p30.lire(medecins("specialite", period), sinon=0)


class seuils_installation_connus(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Le 30e percentile des comptes engagés est publié"

    def formula(medecins, period):
        """Non publié, on ne sait pas si le résultat est sous le seuil."""
        pmt = (medecins("seuil_p30_pmt", period) > 0) | ~medecins("objectif_sur_pmt", period)
        return pmt & (medecins("seuil_p30_pfa", period) > 0)


class installation_sous_seuil(Variable):
    value_type = bool
    entity = Medecin
    definition_period = DateUnit.YEAR
    label = "Un résultat reste sous le 30e percentile, ce qui prive d’aide"

    def formula(medecins, period):
        """Source : S003, illustration 7. Lecture : installation_sous_p30."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        pmt = medecins("objectif_sur_pmt", period) & (
            medecins("patientele_mt", period) < medecins("seuil_p30_pmt", period)
        )
        pfa = medecins("file_active", period) < medecins("seuil_p30_pfa", period)
        return (pmt | pfa) & ~loi.lectures.installation_sous_p30.est("meilleur_taux")


class part_installation(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "/1"
    label = "Part de l’aide d’un médecin nouvellement installé"

    def formula(medecins, period):
        """Source : S003, illustration 7. Lectures : installation_sous_p30, installation_seuil."""
        return selon(
            (medecins("installation_sous_seuil", period), 0.0),
            (medecins("un_objectif_atteint", period), 1.0),
            sinon=medecins("meilleur_taux", period),
        )
