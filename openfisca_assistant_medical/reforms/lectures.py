"""The other reading of each doubtful point, as a reform of one parameter.

The class of the name of a reading, e.g. `openfisca_assistant_medical.reforms.lectures.p95_inclus`,
puts the `alternative` written in `parameters/lectures/p95_inclus.yaml` in the place of the reading
retained, at each of its dates. `entree_en_vigueur_2024` is the convention itself, a day earlier.
"""

from pathlib import Path
from typing import Any, ClassVar

from openfisca_core.parameters import ParameterNode

from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
from openfisca_assistant_medical.reforms.convention_2024 import ENTREE_EN_VIGUEUR, convention_2024

ENTREE = "entree_en_vigueur_2024"  # the class below, by its name
_DOSSIER = Path(__file__).parents[1] / "parameters" / "lectures"

LECTURES = (
    *sorted(fichier.stem for fichier in _DOSSIER.glob("*.yaml") if fichier.stem != "index"),
    ENTREE,
)


class _Alternative(ReformeDeclarative):
    """One reading replaced by its alternative."""

    lecture: ClassVar[str]

    def apply(self) -> None:
        """Change the one parameter."""
        super().apply()
        self.modify_parameters(self._changer)

    def _changer(self, parameters: ParameterNode) -> ParameterNode:
        lecture = parameters.lectures.children[self.lecture]
        for valeur in lecture.values_list:
            if valeur.value is not None:
                valeur.value = lecture.metadata["alternative"]
        return parameters


class entree_en_vigueur_2024(convention_2024):
    """The convention in force from its publication, on 21 June 2024."""

    name = "Convention médicale 2024-2029, en vigueur le jour de sa publication"
    decalage = (ENTREE_EN_VIGUEUR, "2024-06-21")


def __getattr__(nom: str) -> Any:
    if nom not in LECTURES:
        raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
    classe = type(nom, (_Alternative,), {"lecture": nom, "name": f"Autre lecture : {nom}"})
    globals()[nom] = classe
    return classe
