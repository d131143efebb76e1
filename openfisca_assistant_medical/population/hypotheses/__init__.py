"""What the synthetic population and the draws suppose, in YAML files that say why."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def lire_hypotheses(nom: str = "synthese") -> dict[str, Any]:
    """A file of assumptions, as written; it is not to be changed."""
    texte = (files(__name__) / f"{nom}.yaml").read_bytes()
    chargeur = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lues: dict[str, Any] = yaml.load(texte, Loader=chargeur)
    return lues
