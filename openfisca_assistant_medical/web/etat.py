"""The state of the law that the pages speak of, in a sentence."""

from functools import cache

from openfisca_assistant_medical.affichage import jour, libelle
from openfisca_assistant_medical.web.lois import convention, dernier_changement


@cache
def phrase_du_droit() -> str:
    """The text in force, the last day on which it changes, the day of what gives the amounts."""
    loi = convention()
    racine, dernier = loi.systeme.parameters, dernier_changement(loi.cle)
    texte = libelle("TexteConventionnel", racine.contrat.texte_en_vigueur(dernier))
    lue = racine.aide.montant.metadata["last_value_still_valid_on"]
    return (
        f"État du droit : {texte}, dernier changement connu du modèle le {jour(dernier)} ; "
        f"montants lus dans une source du {jour(lue)}."
    )
