"""What the command that makes a synthetic population says of it.

Its report: the mention of the population (`synthetique`, `graine`, `taille`, `jusqu_a`,
`derniere_signature`, `contrats_representes`, `version`, `hypotheses`), `fichier`, and `calage`, the
list of `calage`, where it is asked for.
"""

from collections.abc import Callable
from typing import Any

from rich.console import Console

from openfisca_assistant_medical.affichage import en_mots, jour, paragraphe
from openfisca_assistant_medical.population.synthese.calage import (
    LIGNES_AU_PLUS,
    afficher_le_calage,
    calage,
)
from openfisca_assistant_medical.population.synthese.ecriture import ecrire_population
from openfisca_assistant_medical.population.synthese.engendrement import engendrer


def etablir(
    chemin: str,
    taille: int,
    graine: int,
    avec_le_calage: bool,
    suivi: Callable[[int, int], object],
    options: dict[str, Any],
) -> dict[str, Any]:
    """Write a population and report on it.

    Raises:
        DemandeRefusee, OSError: see `ecrire_population`.
    """
    mention = ecrire_population(chemin, taille, graine, suivi=suivi, **options)
    rapport = {**mention, "fichier": chemin}
    if avec_le_calage:
        # The first rows do not depend on the size: they are drawn again rather than read.
        rapport["calage"] = calage(engendrer(min(taille, LIGNES_AU_PLUS), graine, **options))
    return rapport


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print what the population is, and its calibration."""
    paragraphe(console, "Population synthétique : aucun médecin réel.", style="bold")
    paragraphe(
        console,
        f"{en_mots(rapport['taille'])} contrats, graine {rapport['graine']}, signés jusqu’au "
        f"{jour(rapport['derniere_signature'])} ; à cette date, la courbe des signatures en compte "
        f"{en_mots(rapport['contrats_representes'])}. Patientèles jusqu’en {rapport['jusqu_a']} : "
        "les études s’arrêtent à 48 mois, la suite est une hypothèse.",
    )
    paragraphe(console, "Cibles et hypothèses : population/hypotheses/synthese.yaml.")
    if "calage" in rapport:
        console.print()
        afficher_le_calage(console, rapport["calage"])
