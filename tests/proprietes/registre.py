"""What a property is: something that hypothesis tries to break, and the provisions that imply it.

`@propriete("s003_ill_5_1_prorata", lot=lots())` names, on a test, provisions of the register
(`openfisca_assistant_medical/textes/dispositions.yaml`), and the strategies of its arguments.
`test_registre` checks that each id is there, runs each property on more examples, and checks that
each one is broken by a fault planted in the law.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import tests.proprietes

# Why a smaller example fails is told by the assertions, and costs more than to find it.
_PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
_SANS_REDUIRE = (Phase.explicit, Phase.generate)


@dataclass(frozen=True)
class Propriete:
    """A property: where it is, and how to run it.

    Attributes:
        nom: module and test, `module::test`.
        dispositions: ids of the provisions that imply it.
        essayer: runs it on so many examples; raises AssertionError where it is broken.
    """

    nom: str
    dispositions: tuple[str, ...]
    essayer: Callable[[int], None]


def propriete(
    *dispositions: str, exemples: int = 6, **strategies: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Any]:
    """Make a test of a property.

    Args:
        dispositions: ids of the provisions that imply it.
        exemples: draws of the quick run.
        strategies: strategies of the arguments, by name.
    """

    def marquer(fonction: Callable[..., None]) -> Any:
        def essayer(nombre: int) -> None:
            reglages = settings(
                max_examples=nombre,
                phases=_SANS_REDUIRE,
                suppress_health_check=list(HealthCheck),
            )
            reglages(given(**strategies)(fonction))()

        test = settings(max_examples=exemples, phases=_PHASES)(given(**strategies)(fonction))
        test.dispositions, test.essayer = dispositions, essayer  # type: ignore[attr-defined]
        return test

    return marquer


def proprietes() -> Iterator[Propriete]:
    """Every property of this folder."""
    for module in sorted(m.name for m in pkgutil.iter_modules(tests.proprietes.__path__)):
        if not module.startswith("test_") or module == "test_registre":
            continue
        contenu = vars(importlib.import_module(f"{tests.proprietes.__name__}.{module}"))
        for nom, objet in contenu.items():
            if nom.startswith("test_") and hasattr(objet, "essayer"):
                yield Propriete(f"{module}::{nom}", objet.dispositions, objet.essayer)
