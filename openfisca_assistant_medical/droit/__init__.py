"""What makes dated law readable by a formula.

`Variable` is the base class of the project's variables, `droit_au` reads the parameters at the day
of each doctor, and the rest is the small arithmetic of the documents: days, shares, cents.
"""

from openfisca_assistant_medical.droit.calendrier import (
    AUCUN_JOUR,
    annee,
    anniversaire,
    anniversaire_a_venir,
    dans_l_annee,
    echeance_annuelle,
    part_courue,
    plus_annees,
    plus_mois,
    premiere_echeance,
    seconde_echeance,
)
from openfisca_assistant_medical.droit.choix import meme_nom, plus_haute, selon
from openfisca_assistant_medical.droit.exact import (
    arrondi_au_centime,
    arrondi_au_patient,
    atteint,
    depasse,
    rapport,
)
from openfisca_assistant_medical.droit.tables import PREMIER_TEXTE, droit_au
from openfisca_assistant_medical.droit.variable import SaisieRefusee, Variable, inconnue

__all__ = [
    "AUCUN_JOUR",
    "PREMIER_TEXTE",
    "SaisieRefusee",
    "Variable",
    "annee",
    "anniversaire",
    "anniversaire_a_venir",
    "arrondi_au_centime",
    "arrondi_au_patient",
    "atteint",
    "dans_l_annee",
    "depasse",
    "droit_au",
    "echeance_annuelle",
    "inconnue",
    "meme_nom",
    "part_courue",
    "plus_annees",
    "plus_haute",
    "plus_mois",
    "premiere_echeance",
    "rapport",
    "seconde_echeance",
    "selon",
]
