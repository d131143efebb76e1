"""Mutants of the formulas: the source of a file of the law, changed at one place by cosmic-ray."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from mutation.cas import PAQUET

# Rules of law, and what makes dated law readable; a reform that is a file of YAML has no formula.
_DOSSIERS = (
    "variables/montant",
    "variables/modulation",
    "variables/versement",
    "variables/objectif",
    "variables/eligibilite",
    "variables/contrat",
    "variables/patientele",
    "variables/formation",
    "variables/situation",
    "reforms/*/variables",
    "droit",
)
# Operators that must be told which variables to change.
_A_ARGUMENTS = {"core/VariableReplacer", "core/VariableInserter"}
# In a rule of law, `&` and `|` stand between booleans, where these do the same: a test holds it.
MEMES_SUR_DES_BOOLEENS = {
    "core/ReplaceBinaryOperator_BitAnd_Mul",
    "core/ReplaceBinaryOperator_BitAnd_FloorDiv",
    "core/ReplaceBinaryOperator_BitOr_Add",
}
_DROIT = PAQUET / "droit"


@dataclass(frozen=True)
class Mutant:
    """A place of a file, and what takes its place.

    Attributes:
        fichier: path within the package.
        operateur, occurrence: what cosmic-ray calls the change.
        ligne: first line that changes, from 1.
        avant, apres: the lines that change, before and after, without their margin.
        source: the whole file, with the change.
    """

    fichier: str
    operateur: str
    occurrence: int
    ligne: int
    avant: str
    apres: str
    source: str = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.fichier}:{self.ligne} : {self.avant} → {self.apres}"


def fichiers(sous: str = "") -> Iterator[Path]:
    """Files of the law that hold formulas, under a path within the package."""
    for dossier in _DOSSIERS:
        for trouve in sorted(PAQUET.glob(dossier)):
            for fichier in sorted(trouve.rglob("*.py")):
                if str(fichier.relative_to(PAQUET)).startswith(sous):
                    yield fichier


def places(chemins: Iterable[Path]) -> Iterator[tuple[Path, str, int]]:
    """Each place of some files, as cosmic-ray tells them: file, operator, occurrence."""
    for chemin in chemins:
        exclus = _A_ARGUMENTS if _DROIT in chemin.parents else _A_ARGUMENTS | MEMES_SUR_DES_BOOLEENS
        operateurs = [nom for nom in sorted(operator_names()) if nom not in exclus]
        noeuds = list(ast_nodes(get_ast(chemin.read_text("utf-8"))))
        for nom in operateurs:
            operateur = get_operator(nom)()
            combien = sum(1 for n in noeuds for _ in operateur.mutation_positions(n))
            for occurrence in range(combien):
                yield chemin, nom, occurrence


def mutant(chemin: Path, operateur: str, occurrence: int) -> Mutant | None:
    """The mutant of a place; None where Python compiles both to the same."""
    source = chemin.read_text("utf-8")
    mutee = mutate_code(source, get_operator(operateur)(), occurrence)
    if mutee is None or _compile(mutee, chemin) == _sans_places(vrai(chemin)):
        return None
    ecarts = list(difflib.ndiff(source.splitlines(), mutee.splitlines()))
    ligne = 1 + next(rang for rang, ecart in enumerate(ecarts) if ecart[0] in "-+")
    avant, apres = (_lignes(ecarts, signe) for signe in "-+")
    fichier = str(chemin.relative_to(PAQUET))
    return Mutant(fichier, operateur, occurrence, ligne, avant, apres, mutee)


@cache
def vrai(chemin: Path) -> CodeType:
    """What Python makes of a file, as it is."""
    return compile(chemin.read_text("utf-8"), str(chemin), "exec")


def _compile(source: str, chemin: Path) -> CodeType | None:
    try:
        return _sans_places(compile(source, str(chemin), "exec"))
    except SyntaxError:
        return None


def _sans_places(code: CodeType) -> CodeType:
    """The same, whatever the columns where it is written."""
    dedans = (_sans_places(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=tuple(dedans))


def _lignes(ecarts: list[str], signe: str) -> str:
    return " ".join(mot for e in ecarts if e[0] == signe for mot in e[2:].split())
