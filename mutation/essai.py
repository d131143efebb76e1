"""Trying a mutant: the nearest cases first, until one fails."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from mutation import chiffres, formules
from mutation.cas import TESTS, Cas, Cle
from mutation.greffe import Ecart, Greffe, ecart

# Cases of a mutant of `droit` that are run before the Python tests of `droit`, which cost more, and
# in all: most cases go through the same lines of it.
_AVANT, _EN_TOUT = 25, 200
_DROIT = "droit/"
# What a variable says beside its formula: its unit, and the value by which it is not known.
_CE_QUI_EST_DIT = f"{TESTS / 'test_sante.py'}::test_les_variables_sont_sans_faute"

Signal = Callable[[], None]


class Chiffres:
    """Tries the mutants of the figures."""

    def __init__(self, cas: list[Cas]) -> None:
        self._cas = cas
        self._loi = chiffres.Loi(un.loi for un in cas)
        self.sans_effet = self._loi.sans_effet

    def __call__(self, mutant: chiffres.Mutant, signe: Signal) -> str | None:
        """The case that notices a mutant; None = none does."""
        with self._loi.sous(mutant):
            return _premier(self._du_plus_proche(mutant), signe)

    def _du_plus_proche(self, mutant: chiffres.Mutant) -> list[Cas]:
        """The cases that read the figure on a day when it changes."""
        debut, fin = sorted((mutant.depuis, mutant.autre_depuis))
        limite = None if debut == fin else fin
        if mutant.valeur is None:
            # A figure that ceases: what goes on a day more may be read as the last one known.
            debut = str(date.fromisoformat(debut) - timedelta(1))
        rangs = [
            (proche, un.duree, rang)
            for rang, un in enumerate(self._cas)
            if (proche := un.lit(mutant.parametre, debut, limite)) is not None
        ]
        return [self._cas[rang] for *_, rang in sorted(rangs)]


class Formules:
    """Tries the mutants of the formulas."""

    def __init__(self, cas: list[Cas], construction: set[Cle]) -> None:
        self._cas = cas
        self._construction = construction
        self._greffe = Greffe(construction, frozenset().union(*(un.fonctions for un in cas)))

    def __call__(self, mutant: formules.Mutant, signe: Signal) -> str | None:
        """The case or the test that notices a mutant; None = none does."""
        try:
            change = ecart(mutant)
            proches = self._du_plus_proche(mutant, change)
            self._greffe.poser(mutant, change, proches)
        except Exception as erreur:
            return f"la loi ne se construit pas : {type(erreur).__name__}"
        if mutant.fichier.startswith(_DROIT):
            return (
                _premier(proches[:_AVANT], signe)
                or _tests_python(_tests_du_droit(mutant.fichier), signe)
                or _premier(proches[_AVANT:_EN_TOUT], signe)
            )
        dit = [_CE_QUI_EST_DIT] if change.classes else []
        return _premier(proches, signe) or _tests_python(dit, signe)

    def _du_plus_proche(self, mutant: formules.Mutant, change: Ecart) -> list[Cas]:
        """The cases that may notice: of its name, of its folder, then that assert it."""
        ici = Path(mutant.fichier)
        rangs = []
        for rang, un in enumerate(self._cas):
            if self._concerne(un, mutant, change):
                la = Path(un.fichier)
                loin = la.stem != ici.stem, la.parent.name not in (ici.parent.name, "lectures")
                rangs.append((*loin, not un.demandees & change.variables, un.duree, rang))
        return [self._cas[rang] for *_, rang in sorted(rangs)]

    def _concerne(self, cas: Cas, mutant: formules.Mutant, change: Ecart) -> bool:
        if change.fonctions.keys() & cas.fonctions:
            return True
        if mutant.fichier.startswith(_DROIT):
            return bool(change.classes or change.fonctions.keys() & self._construction)
        if change.fonctions and not change.classes:
            return bool(change.fonctions.keys() & self._construction)
        if "<module>" in change.classes:
            dedans = any(fichier.endswith(mutant.fichier) for fichier, *_ in cas.fonctions)
            return dedans or bool(cas.variables & _classes(mutant))
        return bool(cas.variables & change.variables)


def _premier(cas: list[Cas], signe: Signal) -> str | None:
    for un in cas:
        signe()
        if un.echoue():
            return f"{un.fichier} : {un.nom}"
    return None


def _classes(mutant: formules.Mutant) -> set[str]:
    lignes = mutant.source.splitlines()
    return {ligne[6:].partition("(")[0] for ligne in lignes if ligne.startswith("class ")}


def _tests_du_droit(fichier: str) -> list[str]:
    """The tests in Python of `droit`, those of a file first."""
    siens = TESTS / f"test_droit_{Path(fichier).stem}.py"
    tests = sorted(TESTS.glob("test_droit_*.py"), key=lambda test: (test != siens, test))
    if Path(fichier).stem in {"reforme", "heritage", "dossiers"}:
        tests.insert(0, TESTS / "test_reforme.py")
    return list(map(str, tests))


def _tests_python(tests: list[str], signe: Signal) -> str | None:
    """The first of some tests in Python that notices a mutant."""
    for test in tests:
        signe()
        options = ["-q", "-x", "-m", "not long", "-p", "no:cacheprovider", "-p", "no:xdist"]
        if pytest.main([*options, "--rootdir", str(TESTS.parent), test]):
            return Path(test).name
    return None
