"""The charts of a report, by id: `{"id", "titre", "legende", "svg"}`, from its published tables."""

from collections.abc import Iterator

from openfisca_assistant_medical.population.libelles import DIMENSIONS
from openfisca_assistant_medical.population.rapport.couts import couts, ecarts, par_mois
from openfisca_assistant_medical.population.rapport.effets import (
    distribution,
    gains,
    intervalles,
    lectures,
    variance,
)
from openfisca_assistant_medical.population.rapport.recit import Rapport
from openfisca_assistant_medical.population.rapport.traits import Graphique


def graphiques(rapport: Rapport) -> dict[str, Graphique]:
    """Charts by id; those that would show nothing are left out."""
    dessins = [
        *(couts(rapport, montant) for montant in ("aide_due", "depense")),
        par_mois(rapport),
        *_des_variantes(rapport),
    ]
    return {dessin["id"]: dessin for dessin in dessins if dessin is not None}


def _des_variantes(rapport: Rapport) -> Iterator[Graphique | None]:
    for rang, loi in enumerate(rapport["lois"][1:], 1):
        nom = loi["id"]
        for montant in ("aide_due", "depense"):
            yield ecarts(rapport, nom, montant, f"ecart-{montant}-{rang}")
        yield distribution(rapport, nom, f"distribution-{rang}")
        for dimension in DIMENSIONS:
            if dimension != "ensemble":
                yield gains(rapport, nom, dimension, f"gains-{dimension}-{rang}")
        yield lectures(rapport, nom, f"lectures-{rang}")
        yield intervalles(rapport, nom, f"intervalles-{rang}")
        yield variance(rapport, nom, f"variance-{rang}")
