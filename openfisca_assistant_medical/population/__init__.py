"""The model over a population of doctors.

`calculer` needs nothing but the model. `simuler`, which reads a table, and `comparer` need the
libraries of the extra `population`, loaded when one of them is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.colonnes import ColonneRefusee

if TYPE_CHECKING:
    from openfisca_assistant_medical.population.comparaison import Resultat, charger
    from openfisca_assistant_medical.population.rapport import ecrire_rapport
    from openfisca_assistant_medical.population.simulation import comparer, simuler
    from openfisca_assistant_medical.population.synthese import ecrire_population, engendrer

__all__ = [
    "ColonneRefusee",
    "Resultat",
    "calculer",
    "charger",
    "comparer",
    "ecrire_population",
    "ecrire_rapport",
    "engendrer",
    "simuler",
]
_MODULES = {
    "Resultat": "comparaison",
    "charger": "comparaison",
    "comparer": "simulation",
    "ecrire_population": "synthese",
    "ecrire_rapport": "rapport",
    "engendrer": "synthese",
    "simuler": "simulation",
}


def __getattr__(nom: str) -> Any:
    if nom not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
    from openfisca_assistant_medical.extras import exiger

    with exiger("population"):
        module = import_module(f"{__name__}.{_MODULES[nom]}")
    return getattr(module, nom)
