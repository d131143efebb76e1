"""The YAML cases, collected and run by openfisca-core, each with what it reads and goes through."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

import numpy
import pytest
from openfisca_core.tools import test_runner

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import tables

RACINE = Path(__file__).parent.parent
TESTS = RACINE / "tests"
PAQUET = RACINE / "openfisca_assistant_medical"
_SUIVIS = tuple(str(PAQUET / nom) + "/" for nom in ("variables", "droit", "reforms"))

Cle = tuple[str, str, int]


def cle_de(code: CodeType) -> Cle:
    """What tells a function of the law from the others: file, qualified name, first line."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


@dataclass
class Cas:
    """A YAML case.

    Attributes:
        nom, fichier: its sentence, and its file.
        duree: seconds that it takes.
        variables, demandees: names of what it computes, of what it asserts.
        fonctions: the functions of the law that it goes through.
    """

    nom: str
    fichier: str
    duree: float
    variables: frozenset[str]
    demandees: frozenset[str]
    fonctions: frozenset[Cle]
    _item: Any
    _jours: dict[str, frozenset[str] | None]
    _feuilles: frozenset[tuple[str, str]]

    @property
    def loi(self) -> Any:
        """The tax-benefit system that it runs under."""
        return self._item.tax_benefit_system

    def echoue(self) -> bool:
        """Whether the case fails: by a figure, or because it can no longer be computed."""
        try:
            self._item.runtest()
        except Exception:
            return True
        return False

    def sous(self, loi: Any) -> None:
        """Run under another law from now on, and the case's reforms over it."""
        self._item.baseline_tax_benefit_system = loi

    def lit(self, parametre: str, debut: str, fin: str | None) -> int | None:
        """How near its computation is to a figure whose value changes between two days.

        Args:
            parametre: path of the figure.
            debut: first day.
            fin: the day after the last; None = no end.

        Returns:
            0: it reads the figure; 1: its table on such a day; None: it cannot depend on it.
        """
        for nom, jours in self._jours.items():
            if parametre != nom and not parametre.startswith(f"{nom}."):
                continue
            if jours is None or any(debut <= j and (fin is None or j < fin) for j in jours):
                return 0 if any(lu == parametre for lu, _ in self._feuilles) else 1
        return None


def avec_les_cas(faire: Callable[[list[Cas], set[Cle]], None], contenant: str = "") -> None:
    """Collect the cases, run each once, and hand them over.

    Args:
        faire: takes the cases, and the functions that building the laws goes through.
        contenant: only the cases of the files whose path has this in it.

    Raises:
        RuntimeError: a case fails before any mutant.
    """
    greffon = _Greffon(faire)
    suivi = _Suivi()
    with suivi.executees(suivi.construction):
        loi = CountryTaxBenefitSystem()
    greffon.suivi = suivi
    fichiers = sorted(str(f) for f in TESTS.rglob("*.yaml") if contenant in str(f))
    if not fichiers:
        raise RuntimeError(f"« {contenant} » : no file of cases has this in its path.")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(TESTS)]
    pytest.main([*options, *fichiers], plugins=[test_runner.OpenFiscaPlugin(loi, {}), greffon])
    if greffon.erreur is not None:
        raise greffon.erreur


@dataclass
class _Suivi:
    """What is gone through and read while something runs."""

    construction: set[Cle] = field(default_factory=set)

    @contextmanager
    def executees(self, cles: set[Cle]) -> Iterator[None]:
        """Note the functions of the law that are called."""
        codes: set[CodeType] = set()

        def noter(cadre: Any, _evenement: str, _: Any) -> None:
            codes.add(cadre.f_code)

        sys.settrace(noter)  # told of calls alone, as it follows none
        try:
            yield
        finally:
            sys.settrace(None)
            cles.update(cle_de(c) for c in codes if c.co_filename.startswith(_SUIVIS))

    @contextmanager
    def lectures(self, jours: dict[str, set[str] | None]) -> Iterator[None]:
        """Note the tables that are read, and on which days; None = whatever the day."""
        au, lire = tables._Lecture.au, tables.Loi._lire
        par_etats: dict[int, tuple[Any, set[str]]] = {}

        def noter_jours(lecture: Any, demandes: Any, tracer: Any) -> Any:
            loi = au(lecture, demandes, tracer)
            vus = par_etats.setdefault(id(loi._etats), (loi, set()))[1]
            vus.update(str(j) for j in numpy.unique(numpy.asarray(demandes, "datetime64[D]")))
            return loi

        def noter_table(loi: Any, noeud: Any, cles: Any, sinon: Any) -> Any:
            connus = jours.setdefault(noeud.name, set())
            if sinon is tables.PREMIER_TEXTE:
                jours[noeud.name] = None
            elif connus is not None:
                connus.update(par_etats[id(loi._etats)][1])
            return lire(loi, noeud, cles, sinon)

        with (
            mock.patch.object(tables._Lecture, "au", noter_jours),
            mock.patch.object(tables.Loi, "_lire", noter_table),
        ):
            yield


class _Greffon:
    """Takes the place of pytest's loop, once the cases are collected."""

    suivi: _Suivi

    def __init__(self, faire: Callable[[list[Cas], set[Cle]], None]) -> None:
        self._faire = faire
        self.erreur: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        try:
            cas = [self._essayer(item) for item in session.items]
            self._faire(cas, self.suivi.construction)
        except BaseException as erreur:
            self.erreur = erreur
        return True

    def _essayer(self, item: Any) -> Cas:
        """Run a case on the true law, noting what it reads and goes through."""
        with self.suivi.executees(self.suivi.construction):
            test_runner._get_tax_benefit_system(
                item.baseline_tax_benefit_system, item.test.reforms, item.test.extensions
            )
        jours: dict[str, set[str] | None] = {}
        fonctions: set[Cle] = set()
        item.print_computation_log = lambda *_: None
        item.options = {"verbose": True}  # traces the computation
        debut = time.perf_counter()
        try:
            with self.suivi.lectures(jours), self.suivi.executees(fonctions):
                item.runtest()
        except Exception as erreur:
            message = f"« {item.test.name} » échoue sur la loi elle-même : {erreur}"
            raise RuntimeError(message) from erreur
        finally:
            item.options = {}
        return _cas(item, time.perf_counter() - debut, jours, fonctions)


def _cas(item: Any, duree: float, jours: dict[str, set[str] | None], fonctions: set[Cle]) -> Cas:
    noeuds = list(item.simulation.tracer.browse_trace())
    lois = item.tax_benefit_system
    demandees = {nom for nom in _cles(item.test.output) if lois.get_variable(nom)}
    return Cas(
        nom=item.test.name,
        fichier=str(Path(item.path).relative_to(TESTS)),
        duree=duree,
        variables=frozenset(noeud.name for noeud in noeuds) | demandees,
        demandees=frozenset(demandees),
        fonctions=frozenset(fonctions),
        _item=item,
        _jours={nom: None if lus is None else frozenset(lus) for nom, lus in jours.items()},
        _feuilles=frozenset((lu.name, str(lu.period)) for n in noeuds for lu in n.parameters),
    )


def _cles(sortie: Any) -> Iterator[str]:
    if isinstance(sortie, dict):
        for cle, valeur in sortie.items():
            if isinstance(cle, str):
                yield cle
            if not isinstance(valeur, date):
                yield from _cles(valeur)
