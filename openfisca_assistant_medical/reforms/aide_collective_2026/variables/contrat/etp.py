"""How many full-time assistants does the collective contract pay for?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au, selon
from openfisca_assistant_medical.entities import Cabinet


class aide_collective_plafond_signature(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "etp"
    label = "Nombre maximal d’ETP à la signature du contrat collectif"

    def formula(cabinets, period):
        """Un par adhérent, et un demi de plus par docteur junior (MESDOCS).

        Lectures : aide_collective_novembre_2026, aide_collective_structure_agreee.
        """
        loi = droit_au(cabinets, cabinets("aide_collective_date_signature", period))
        signataires = cabinets("aide_collective_signataires", period)
        pamsu = cabinets.members("aide_collective_pamsu", period)
        accueillants = selon(
            (cabinets("aide_collective_terrain_de_stage", period), signataires),
            sinon=cabinets.sum(pamsu & cabinets.members("aide_collective_signataire", period)),
        )
        table = loi.aide_collective.etp
        supplement = table.lire("par_docteur_junior", sinon=0) * accueillants
        return table.lire("par_adherent", sinon=0) * signataires + supplement


class aide_collective_plafond_annee(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "etp"
    label = "Nombre maximal d’ETP au début de l’année du contrat collectif"

    def formula(cabinets, period):
        """Le plafond qu’un avenant ne dépasse pas.

        Lectures : aide_collective_avenant_etp, aide_collective_novembre_2026,
        aide_collective_structure_agreee.
        """
        loi = droit_au(cabinets, cabinets("aide_collective_debut_annee", period))
        adherents = cabinets("aide_collective_adherents", period)
        pamsu = cabinets.members("aide_collective_pamsu", period)
        accueillants = selon(
            (cabinets("aide_collective_terrain_de_stage", period), adherents),
            sinon=cabinets.sum(pamsu & cabinets.members("aide_collective_adherent", period)),
        )
        table = loi.aide_collective.etp
        supplement = table.lire("par_docteur_junior", sinon=0) * accueillants
        return table.lire("par_adherent", sinon=0) * adherents + supplement


class aide_collective_etp_signature(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.ETERNITY
    unit = "etp"
    label = "Nombre d’ETP retenu à la signature du contrat collectif"

    def formula(cabinets, period):
        """La demande, ramenée au plafond. Lecture : aide_collective_etp_au_dela_du_plafond."""
        demandes = cabinets("aide_collective_etp_demandes", period)
        plafond = cabinets("aide_collective_plafond_signature", period)
        return selon((demandes >= 0, numpy.minimum(demandes, plafond)), sinon=plafond)


class aide_collective_etp(Variable):
    value_type = float
    entity = Cabinet
    definition_period = DateUnit.YEAR
    unit = "etp"
    label = "Nombre d’ETP de l’année du contrat collectif"
    documentation = """
    0 quand aucune année de contrat ne commence dans l’année civile.
    """

    def formula(cabinets, period):
        """Celui de la signature, ou d’un avenant dès la deuxième année.

        Une sortie n’entame pas le nombre choisi à la signature (MESDOCS).
        Lecture : aide_collective_avenant_etp.
        """
        rang = cabinets("aide_collective_rang_annee", period)
        choisis = cabinets("aide_collective_etp_signature", period)
        avenant = cabinets("aide_collective_etp_avenant", period)
        plafond = numpy.maximum(cabinets("aide_collective_plafond_annee", period), choisis)
        fixes = selon(((rang > 1) & (avenant >= 0), numpy.minimum(avenant, plafond)), sinon=choisis)
        return fixes * (rang > 0)


class aide_collective_etp_reduits(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Le nombre d’ETP demandé dépasse le plafond et y est ramené"

    def formula(cabinets, period):
        """Le plafond est un maximum (MESDOCS). Lecture : aide_collective_etp_au_dela_du_plafond."""
        rang = cabinets("aide_collective_rang_annee", period)
        avenant = cabinets("aide_collective_etp_avenant", period)
        voulus = selon(
            ((rang > 1) & (avenant >= 0), avenant),
            sinon=cabinets("aide_collective_etp_demandes", period),
        )
        return (rang > 0) & (voulus > cabinets("aide_collective_etp", period))


class aide_collective_etp_connus(Variable):
    value_type = bool
    entity = Cabinet
    definition_period = DateUnit.YEAR
    label = "Le nombre d’ETP de l’année du contrat collectif est donné"

    def formula(cabinets, period):
        """Faux quand ni la signature ni un avenant ne le dit : il est supposé au plafond."""
        rang = cabinets("aide_collective_rang_annee", period)
        avenant = (rang > 1) & (cabinets("aide_collective_etp_avenant", period) >= 0)
        return (rang <= 0) | avenant | (cabinets("aide_collective_etp_demandes", period) >= 0)
