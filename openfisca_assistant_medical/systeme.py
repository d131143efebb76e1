"""The tax-benefit system that the package gives by name."""

import ast
import gc
import linecache
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from openfisca_core.parameters import ParameterNode
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_assistant_medical import entities
from openfisca_assistant_medical.droit.dossiers import lire_parametres
from openfisca_assistant_medical.droit.heritage import heriter
from openfisca_assistant_medical.droit.personnes import instancier
from openfisca_assistant_medical.exemples import situation

_RACINE = Path(__file__).parent
_journal = logging.getLogger(__name__)


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """The law from avenant 7 (2019) to the *règlement arbitral* (2023), which goes on after it."""

    CURRENCY = "€"

    def __init__(self) -> None:
        super().__init__(entities.entities)
        with _sans_ramassage():
            for dossier, _, fichiers in os.walk(_RACINE / "variables"):
                for fichier in fichiers:
                    if fichier.endswith(".py") and fichier != "__init__.py":
                        self.add_variables_from_file(os.path.join(dossier, fichier))
            self.load_parameters(str(_RACINE / "parameters"))
        self.open_api_config = {
            "variable_example": "aide_due",
            "parameter_example": "aide.montant.un_etp.par_defaut.rang_1",
            "simulation_example": situation("generaliste_deux_lois"),
        }

    def add_variables_from_file(self, file_path: str) -> None:
        """Add the variables of a file, as core does; their source is read when it is asked for."""
        # As in core, a module belongs to one system and one file, whose name others may have too.
        nom = f"{id(self)}_{hash(file_path)}_{os.path.basename(file_path)[:-3]}"
        origines = cache(partial(_origines, file_path))
        try:
            module = sys.modules[nom] = ModuleType(nom)
            module.__file__ = file_path
            SourceFileLoader(nom, file_path).exec_module(module)
            for _, objet in sorted(vars(module).items()):
                ici = isinstance(objet, type) and objet.__module__ == nom
                if ici and issubclass(objet, Variable):
                    objet.introspection_data = _Origine(origines, objet.__name__)
                    self.inscrire(self.add_variable(objet))
        except Exception:
            _journal.exception('Unable to load OpenFisca variables from file "%s"', file_path)
            raise

    def inscrire(self, variable: Any) -> None:
        """Give a variable, of this law or of a reform, its references in the registers."""
        variable.registre = partial(_references, variable.name)

    def load_parameters(self, path_to_yaml_dir: str) -> None:
        """Load the figures of a folder."""
        self.parameters = self.preprocess_parameters(lire_parametres(path_to_yaml_dir, _Racine))

    def preprocess_parameters(self, parameters: ParameterNode) -> ParameterNode:
        """Give each figure the references of its table."""
        return heriter(parameters)

    def instantiate_entities(self) -> dict[str, Any]:
        """Populations of a new simulation."""
        return instancier(self)

    def get_package_metadata(self) -> dict[str, str]:
        """Name, version and place of the package."""
        metadata = super().get_package_metadata()
        # No public repository yet: the Web API gives the path of a source, not "None/blob/…".
        return {**metadata, "repository_url": metadata["repository_url"] or ""}


@contextmanager
def _sans_ramassage() -> Iterator[None]:
    """No garbage collection meanwhile: all that is made is kept, and looking for what is not costs
    a seventh of the building.
    """
    actif = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if actif:
            gc.enable()


class _Racine(ParameterNode):
    """The law: whoever lists its figures is told the provisions that they come from.

    The registers are read then, as the Web API does, and not at each start.
    """

    def get_descendants(self) -> Iterator[Any]:
        from openfisca_assistant_medical.textes import annoter

        for noeud in super().get_descendants():
            annoter(noeud)
            yield noeud


def _references(variable: str) -> list[str]:
    """Provisions and readings of a variable."""
    from openfisca_assistant_medical.textes import references

    return references(variable)


class _Origine(Sequence[Any]):
    """File, text and line of a variable, as core keeps them, read when they are asked for.

    Core parses the files of variables at each start, half of what they cost, for the Web API alone.
    """

    def __init__(self, du_fichier: Callable[[], dict[str, Any]], variable: str) -> None:
        self._du_fichier = du_fichier
        self._variable = variable

    def __getitem__(self, rang: Any) -> Any:
        return self._du_fichier()[self._variable][rang]

    def __len__(self) -> int:
        return 3


def _origines(chemin: str) -> dict[str, tuple[str, str, int]]:
    """File, text and line before it of each class of a file."""
    lieu = chemin.replace(str(_RACINE.parent), "")
    lignes = linecache.getlines(chemin)
    return {
        noeud.name: (lieu, "".join(lignes[noeud.lineno - 1 : noeud.end_lineno]), noeud.lineno - 1)
        for noeud in ast.parse("".join(lignes)).body
        if isinstance(noeud, ast.ClassDef)
    }


def lieu(variable: Any) -> str | None:
    """File of the package and line of a variable: "variables/montant/aide_due.py:9"."""
    if variable.introspection_data is None:
        return None
    fichier, _, avant = variable.introspection_data
    return f"{fichier.removeprefix(f'/{_RACINE.name}/')}:{avant + 1}"
