"""Pages for people: self-contained HTML, from the templates of `gabarits`."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from openfisca_assistant_medical.affichage import en_mots, jour


def page(gabarit: str, **contexte: Any) -> str:
    """A template filled in; whatever comes from data is escaped."""
    return environnement("openfisca_assistant_medical").get_template(gabarit).render(contexte)


@cache
def environnement(paquet: str) -> Environment:
    """How the templates of the folder `gabarits` of a package are filled in."""
    prepare = Environment(
        loader=PackageLoader(paquet, "gabarits"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    prepare.filters |= {"jour": jour, "en_mots": en_mots}
    return prepare
