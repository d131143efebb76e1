"""Pages for people: self-contained HTML, from the templates of `gabarits`."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from openfisca_assistant_medical.affichage import en_mots, jour


def page(gabarit: str, **contexte: Any) -> str:
    """A template filled in; whatever comes from data is escaped."""
    return _environnement().get_template(gabarit).render(contexte)


@cache
def _environnement() -> Environment:
    environnement = Environment(
        loader=PackageLoader("openfisca_assistant_medical", "gabarits"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environnement.filters |= {"jour": jour, "en_mots": en_mots}
    return environnement
