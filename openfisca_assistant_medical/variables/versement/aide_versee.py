"""What is paid in a month, and in a calendar year?"""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, arrondi_au_centime, dans_l_annee
from openfisca_assistant_medical.entities import Medecin


class aide_versee(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.MONTH
    unit = "currency"
    label = "Aide versée dans le mois"
    documentation = """
    Négative quand un trop-versé est récupéré.
    """

    def formula(medecins, period):
        """Acomptes et soldes de l’année de contrat en cours et de la précédente."""
        debut, fin = numpy.datetime64(period.start.date), numpy.datetime64(period.stop.date)
        total = 0
        for contrat in (period.last_year, period.this_year):
            acompte = medecins("date_versement_acompte", contrat)
            solde = medecins("date_versement_solde", contrat)
            total = total + medecins("acompte", contrat) * ((debut <= acompte) & (acompte <= fin))
            total = total + medecins("solde", contrat) * ((debut <= solde) & (solde <= fin))
        return arrondi_au_centime(total)


class depense_annuelle(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Aide versée dans l’année civile"

    def formula(medecins, period):
        """Somme des douze mois, écrite à l’année."""
        millesime = period.start.year
        total = 0
        for contrat in (period.last_year, period):
            acompte = medecins("date_versement_acompte", contrat)
            solde = medecins("date_versement_solde", contrat)
            total = total + medecins("acompte", contrat) * dans_l_annee(acompte, millesime)
            total = total + medecins("solde", contrat) * dans_l_annee(solde, millesime)
        return arrondi_au_centime(total)
