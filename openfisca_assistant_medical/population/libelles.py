"""What certainties, groups, dimensions and options are called, for people."""

from openfisca_assistant_medical.affichage import euros
from openfisca_assistant_medical.population.secret import AUTRES

# Gains that are not known for sure, whatever the way.
INCERTAIN = "incertain"
CERTITUDES = {
    "droit": "De droit",
    "lecture": "Selon une lecture",
    "hypothese": "Hypothèse",
    "inconnu": "Inconnu",
    AUTRES: "Autres (regroupées)",
}
CERTITUDES_DU_GAIN = {
    "connu": "Connu",
    "plancher": "Au moins",
    "inconnu": "Inconnu",
    INCERTAIN: "Au moins, ou inconnu",
    AUTRES: "Autres (regroupées)",
}
GROUPES = {
    "gagnants": "Gagnants",
    "perdants": "Perdants",
    "inchanges": "Inchangés",
    "ensemble": "Ensemble",
    AUTRES: "Autres (regroupés)",
}
DIMENSIONS = {
    "ensemble": "Ensemble",
    "specialite": "Spécialité",
    "option_etp_initiale": "Option à la signature",
    "tranche_patientele": "Tranche de patientèle",
    "zone": "Zone",
    "millesime": "Année de signature",
    "rang": "Rang de l’année",
    "option_etp": "Option de l’année",
}
GRANDEURS = {
    "aide_due": "Aide due, par année où commence l’année de contrat",
    "depense": "Versé, par année civile",
}


def argent(montant: float | None, signe: bool = False) -> str:
    """Whole euros; a dash where there is none; with its sign, if asked for."""
    if montant is None:
        return "–"
    texte = euros(round(montant)).replace(",00", "")
    return f"+{texte}" if signe and round(montant) > 0 else texte
