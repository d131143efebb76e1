"""The YAML cases, collected and run by openfisca-core, each with the tables of law that it reads."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.tools import test_runner

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import tables

TESTS = Path(__file__).parent.parent / "tests"


@dataclass
class Cas:
    """A YAML case.

    Attributes:
        nom, fichier: its sentence, and its file.
        duree: seconds that it takes.
    """

    nom: str
    fichier: str
    duree: float
    _item: Any
    _tables: frozenset[str]
    _feuilles: frozenset[tuple[str, str]]

    def echoue(self) -> bool:
        """Whether the case fails: by a figure, or because it can no longer be computed."""
        try:
            self._item.runtest()
        except Exception:
            return True
        return False

    def proximite(self, parametre: str, depuis: str) -> int | None:
        """How near its computation is to a figure: 0, it reads it; None, it cannot depend on it."""
        if (parametre, depuis) in self._feuilles:
            return 0
        if any(parametre == nom or parametre.startswith(f"{nom}.") for nom in self._tables):
            return 1
        return None


def avec_les_cas(faire: Callable[[list[Cas], list[Any]], None]) -> None:
    """Collect the cases, run each once, and hand them over with the laws that they run under.

    Args:
        faire: takes the cases and the tax-benefit systems.

    Raises:
        RuntimeError: a case fails before any mutant.
    """
    greffon = _Greffon(faire)
    loi = CountryTaxBenefitSystem()
    fichiers = sorted(map(str, TESTS.rglob("*.yaml")))
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(TESTS)]
    pytest.main(
        [*options, *fichiers], plugins=[test_runner.OpenFiscaPlugin(loi, {}), greffon]
    )
    if greffon.erreur is not None:
        raise greffon.erreur


class _Greffon:
    """Takes the place of pytest's loop, once the cases are collected."""

    def __init__(self, faire: Callable[[list[Cas], list[Any]], None]) -> None:
        self._faire = faire
        self.erreur: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        try:
            cas = [_essayer(item) for item in session.items]
            lois = [item.tax_benefit_system for item in session.items]
            self._faire(cas, lois)
        except BaseException as erreur:
            self.erreur = erreur
        return True


def _essayer(item: Any) -> Cas:
    """Run a case on the true law, noting what it reads."""
    lues: set[str] = set()
    poser = tables._Lois.table

    def noter(lois: Any, noeud: Any, *reste: Any) -> Any:
        lues.add(noeud.name)
        return poser(lois, noeud, *reste)

    item.print_computation_log = lambda *_: None
    item.options = {"verbose": True}  # traces the computation
    tables._Lois.table = noter  # type: ignore[method-assign]
    try:
        item.runtest()
    except Exception as erreur:
        raise RuntimeError(f"« {item.test.name} » échoue sur la loi elle-même : {erreur}") from None
    finally:
        tables._Lois.table = poser  # type: ignore[method-assign]
        item.options = {}
    feuilles = frozenset(_lues(item.simulation.tracer))
    debut = time.perf_counter()
    item.runtest()
    duree = time.perf_counter() - debut
    fichier = str(Path(item.path).relative_to(TESTS))
    return Cas(item.test.name, fichier, duree, item, frozenset(lues), feuilles)


def _lues(tracer: Any) -> Iterable[tuple[str, str]]:
    for noeud in tracer.browse_trace():
        for lu in noeud.parameters:
            yield lu.name, str(lu.period)
