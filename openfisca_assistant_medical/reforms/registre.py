"""The reforms of the package, by their short names."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from openfisca_assistant_medical import reforms
from openfisca_assistant_medical.reforms.lectures import LECTURES
from openfisca_assistant_medical.reforms.objectifs_estimes import HYPOTHESES

# Modules that are no reform, or hold several.
_SANS_NOM_COURT = ("en_fichier", "fichiers", "lectures", "registre")


def connues() -> list[str]:
    """Short names, in the order in which people are told them."""
    modules = [module.name for module in iter_modules(reforms.__path__)]
    return [
        *(nom for nom in modules if nom not in _SANS_NOM_COURT and not nom.startswith("_")),
        *(f"objectifs_estimes.{hypothese}" for hypothese in HYPOTHESES),
        *(f"lectures.{lecture}" for lecture in LECTURES),
    ]


def chemin(nom: str) -> str:
    """Full dotted path of a reform of the package."""
    return f"{reforms.__name__}.{nom if '.' in nom else f'{nom}.{nom}'}"


def trouver(nom: str) -> Any:
    """Class of a reform of the package, by a name of `connues`."""
    module, _, classe = chemin(nom).rpartition(".")
    return getattr(import_module(module), classe)
