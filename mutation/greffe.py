"""Putting the changed source of a file in the place of the true one, in a process that will die."""

import functools
import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType
from typing import Any
from unittest import mock

from openfisca_core.tools import test_runner

from mutation.cas import PAQUET, Cas, Cle, cle_de
from mutation.formules import Mutant, vrai
from openfisca_assistant_medical.droit import tables

_NOM = PAQUET.name


@dataclass(frozen=True)
class Ecart:
    """What a change of source changes.

    Attributes:
        fonctions: functions whose own code changes, with their new code.
        classes: names of the classes whose body changes; "<module>", the file itself.
    """

    fonctions: dict[Cle, CodeType]
    classes: frozenset[str]

    @property
    def variables(self) -> frozenset[str]:
        """Names of what is changed, as far as names at the top of a file tell."""
        dedans = {nom.partition(".")[0] for _, nom, _ in self.fonctions}
        return frozenset(dedans | {nom.partition(".")[0] for nom in self.classes})


def ecart(mutant: Mutant) -> Ecart:
    """What a mutant changes.

    Raises:
        SyntaxError: the change cannot be compiled.
    """
    chemin = str(PAQUET / mutant.fichier)
    vrais = dict(_corps(vrai(PAQUET / mutant.fichier)))
    mutes = dict(_corps(compile(mutant.source, chemin, "exec")))
    if vrais.keys() != mutes.keys():
        return Ecart({}, frozenset({"<module>"}))
    changes = [cle for cle, code in mutes.items() if _propre(code) != _propre(vrais[cle])]
    return Ecart(
        {cle: mutes[cle] for cle in changes if _est_une_fonction(mutes[cle])},
        frozenset(cle[1] for cle in changes if not _est_une_fonction(mutes[cle])),
    )


def _corps(code: CodeType) -> Iterator[tuple[Cle, CodeType]]:
    yield cle_de(code), code
    for dedans in code.co_consts:
        if isinstance(dedans, CodeType):
            yield from _corps(dedans)


def _propre(code: CodeType) -> tuple[Any, ...]:
    """What a code does itself, apart from those it holds."""
    constantes = [
        c.co_qualname if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts
    ]
    return code.co_code, code.co_names, code.co_varnames, constantes, code.co_freevars


def _est_une_fonction(code: CodeType) -> bool:
    return bool(code.co_flags & 0x2)  # CO_NEWLOCALS: neither a module nor a class


class Greffe:
    """The functions of the law that live in this process, and what they keep.

    Args:
        construction: the functions that building the laws goes through.
        traversees: those that the cases go through: a mutant of one that is not found would be put
            nowhere, and taken for one that no case notices.

    Raises:
        RuntimeError: one of them is not found.
    """

    def __init__(self, construction: set[Cle], traversees: Iterable[Cle]) -> None:
        self._construction = construction
        self._fonctions: dict[tuple[str, str], list[FunctionType]] = {}
        self._caches = []
        gc.unfreeze()  # what is frozen is not listed
        for objet in gc.get_objects():
            if isinstance(objet, FunctionType) and objet.__code__.co_filename.startswith(
                str(PAQUET)
            ):
                cle = objet.__code__.co_filename, objet.__code__.co_qualname
                self._fonctions.setdefault(cle, []).append(objet)
            elif isinstance(objet, functools._lru_cache_wrapper):
                self._caches.append(objet)
        perdues = {
            f"{fichier} : {nom}"
            for fichier, nom, _ in traversees
            if "<" not in nom and (fichier, nom) not in self._fonctions
        }  # a function within another lives as long as a call
        if perdues:
            raise RuntimeError(f"Functions of the law not found: {', '.join(sorted(perdues))}")

    def poser(self, mutant: Mutant, change: Ecart, cas: list[Cas]) -> None:
        """Put a mutant in place; whatever it raises is a mutant noticed."""
        if change.classes:
            self._relire(mutant, cas)
            return
        chemin = str(PAQUET / mutant.fichier)
        for cle, code in _corps(compile(mutant.source, chemin, "exec")):
            for fonction in self._fonctions.get(cle[:2], ()):
                if fonction.__code__.co_firstlineno == code.co_firstlineno:
                    fonction.__code__ = code
        if mutant.fichier.startswith("droit/"):
            for cache in self._caches:
                cache.cache_clear()
            tables._LOIS.clear()
        if change.fonctions.keys() & self._construction:
            _reconstruire(cas)

    def _relire(self, mutant: Mutant, cas: list[Cas]) -> None:
        """Import the law again, the changed file included."""
        chemin, code = str(PAQUET / mutant.fichier), mutant.source
        lire = SourceFileLoader.get_code

        def lire_le_mutant(chargeur: Any, nom: str) -> Any:
            return compile(code, chemin, "exec") if chargeur.path == chemin else lire(chargeur, nom)

        for nom in [n for n in sys.modules if n.partition(".")[0] == _NOM]:
            del sys.modules[nom]
        # Until the process ends: a module of the law may be imported later.
        mock.patch.object(SourceFileLoader, "get_code", lire_le_mutant).start()
        _reconstruire(cas)


def _reconstruire(cas: list[Cas]) -> None:
    from openfisca_assistant_medical import CountryTaxBenefitSystem

    test_runner._tax_benefit_system_cache.clear()
    loi = CountryTaxBenefitSystem()
    for un in cas:
        un.sous(loi)
