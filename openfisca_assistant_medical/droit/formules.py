"""What a formula reads, by its syntax tree alone: figures or tables of the law, and variables."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any


def lire_formule(formule: Any) -> tuple[set[str], set[str]]:
    """What a formula reads, whatever the doctor.

    Returns:
        Paths of the figures or tables that it reads, and names of the variables that it asks.
    """
    arbre = ast.parse(textwrap.dedent(inspect.getsource(formule)))
    fonction = next(noeud for noeud in ast.walk(arbre) if isinstance(noeud, ast.FunctionDef))
    lecteur = _Lecteur(fonction.args.args[0].arg)
    for instruction in fonction.body:
        lecteur.visit(instruction)
    return lecteur.lus, lecteur.demandees


class _Lecteur(ast.NodeVisitor):
    """What the body of a formula reads of the law, and the variables that it asks.

    A name given to a node of the law is followed; where a node leaves the formula whole, as the
    argument of a function, all that is under it counts as read.

    Args:
        population: name of the first argument of the formula.
    """

    def __init__(self, population: str) -> None:
        self.lus: set[str] = set()
        self.demandees: set[str] = set()
        self._population = population
        self._noeuds: dict[str, str] = {}  # names of the formula that stand for a node of the law

    def visit_Assign(self, noeud: ast.Assign) -> None:
        """`seuil = loi.objectif.seuil_atteinte` reads nothing yet."""
        for cible, valeur in _paires(noeud):
            chemin = self._chemin(valeur) if isinstance(cible, ast.Name) else None
            if chemin is None:
                self.visit(valeur)
            if isinstance(cible, ast.Name):
                self._noeuds.pop(cible.id, None)
                if chemin is not None:
                    self._noeuds[cible.id] = chemin

    def visit_Call(self, noeud: ast.Call) -> None:
        """`loi.lire("secretaire")`, `table.lire(zone)`, `mot.est("zip")`, `medecins("zone")`."""
        premier = noeud.args[0] if noeud.args else None
        nom = premier.value if isinstance(premier, ast.Constant) else None
        if isinstance(noeud.func, ast.Attribute):
            chemin = self._chemin(noeud.func.value)
            if chemin is not None:
                un_chiffre = noeud.func.attr == "lire" and isinstance(nom, str)
                self._lire(_joindre(chemin, str(nom)) if un_chiffre else chemin)
                self._visiter([*noeud.args, *noeud.keywords])
                return
        if isinstance(nom, str) and _racine(noeud.func) == self._population:
            self.demandees.add(nom)
        self.generic_visit(noeud)

    def visit_Subscript(self, noeud: ast.Subscript) -> None:
        """`loi.patientele.pmt.p30[specialite]`."""
        self._lire_ou_visiter(noeud.value, [noeud.value, noeud.slice])

    def visit_Attribute(self, noeud: ast.Attribute) -> None:
        """`loi.contrat.duree`."""
        self._lire_ou_visiter(noeud, [noeud.value])

    def visit_Name(self, noeud: ast.Name) -> None:
        """A name that stands for a figure, or for a table that a function is given."""
        self._lire(self._noeuds.get(noeud.id))

    def _lire_ou_visiter(self, lu: ast.expr, sinon: list[ast.expr]) -> None:
        chemin = self._chemin(lu)
        self._lire(chemin)
        self._visiter(sinon[1:] if chemin is not None else sinon)

    def _lire(self, chemin: str | None) -> None:
        if chemin:
            self.lus.add(chemin)

    def _visiter(self, noeuds: Iterable[ast.AST]) -> None:
        for noeud in noeuds:
            self.visit(noeud)

    def _chemin(self, noeud: ast.expr) -> str | None:
        """Path of a node of the law, "" for its root; None for anything else."""
        if isinstance(noeud, ast.Name):
            return self._noeuds.get(noeud.id)
        if isinstance(noeud, ast.Attribute):
            parent = self._chemin(noeud.value)
            return None if parent is None else _joindre(parent, noeud.attr)
        if isinstance(noeud, ast.Call) and getattr(noeud.func, "id", None) == "droit_au":
            self._visiter(noeud.args)
            return ""
        return None


def _paires(noeud: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets and values of an assignment, one by one where both are written so."""
    for cible in noeud.targets:
        if isinstance(cible, ast.Tuple) and isinstance(noeud.value, ast.Tuple):
            yield from zip(cible.elts, noeud.value.elts, strict=False)
        else:
            yield cible, noeud.value


def _joindre(chemin: str, nom: str) -> str:
    return f"{chemin}.{nom}".lstrip(".")


def _racine(noeud: ast.expr) -> str | None:
    """First name of `medecins` or of `medecins.cabinet.members`."""
    while isinstance(noeud, ast.Attribute):
        noeud = noeud.value
    return noeud.id if isinstance(noeud, ast.Name) else None
