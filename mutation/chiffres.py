"""Mutants of the figures of the law: one dated value changed, or one date moved by a day."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openfisca_core.parameters import Parameter, ParameterAtInstant, ParameterNode

from openfisca_assistant_medical.tracabilite.matrice.recueil import Chiffre, recueillir

# What a figure is changed by, by unit: a cent of a share would be rounded away, and would be one
# share more than the texts write.
_PAS_D_UNE_PART = 0.01


@dataclass(frozen=True)
class Mutant:
    """A dated value of the law, and what takes its place.

    Attributes:
        parametre: path of the figure.
        depuis, valeur: date and value in the law.
        autre_depuis, autre_valeur: date and value of the mutant.
        fichier: where the figure is written.
    """

    parametre: str
    depuis: str
    valeur: Any
    autre_depuis: str
    autre_valeur: Any
    fichier: str

    def __str__(self) -> str:
        avant, apres = f"{self.valeur}", f"{self.autre_valeur}"
        if self.depuis != self.autre_depuis:
            avant, apres = "", f"depuis {self.autre_depuis}"
        return f"{self.parametre} {self.depuis} : {avant}{' → ' if avant else ''}{apres}"


def de_la_loi(systemes: Iterable[Any]) -> list[Mutant]:
    """Every mutant of the figures of the law, of its reforms included.

    Args:
        systemes: tax-benefit systems, which say what words a figure may take.
    """
    mots = {
        feuille.name: tuple(feuille.metadata["valeurs"])
        for racine in {id(systeme.parameters): systeme.parameters for systeme in systemes}.values()
        for feuille in _descendants(racine)
        if isinstance(feuille, Parameter) and feuille.metadata.get("valeurs")
    }
    return list(mutants(recueillir().chiffres, mots))


def _descendants(racine: Any) -> Iterator[Any]:
    """Figures and tables of a law, without the references that its root adds."""
    return iter(ParameterNode.get_descendants(racine))


def mutants(chiffres: Iterable[Chiffre], mots: dict[str, tuple[str, ...]]) -> Iterator[Mutant]:
    """Every mutant of some figures.

    Args:
        chiffres: dated values, as the matrix gathers them.
        mots: words that a figure may take, by path.
    """
    for chiffre in chiffres:
        jour = date.fromisoformat(chiffre.depuis)
        for valeur in _autres(chiffre, mots.get(chiffre.parametre, ())):
            yield _mutant(chiffre, chiffre.depuis, valeur)
        for ecart in (-1, 1):
            yield _mutant(chiffre, (jour + timedelta(ecart)).isoformat(), chiffre.valeur)


def _mutant(chiffre: Chiffre, depuis: str, valeur: Any) -> Mutant:
    return Mutant(
        chiffre.parametre, chiffre.depuis, chiffre.valeur, depuis, valeur, chiffre.fichier
    )


def _autres(chiffre: Chiffre, mots: tuple[str, ...]) -> list[Any]:
    """Values that may take the place of one: see the guide."""
    valeur = chiffre.valeur
    if valeur is None:
        return []
    if isinstance(valeur, bool):
        return [not valeur]
    if isinstance(valeur, str):
        return [mot for mot in mots if mot != valeur]
    pas = _PAS_D_UNE_PART if chiffre.unite == "/1" else 1
    return [round(valeur - pas, 10), round(valeur + pas, 10)]


class Loi:
    """Tax-benefit systems in which a figure is changed for a while, then put back."""

    def __init__(self, systemes: Iterable[Any]) -> None:
        self._feuilles: dict[str, list[Parameter]] = {}
        vus: set[int] = set()
        for systeme in systemes:
            racine = systeme.parameters
            if id(racine) in vus:
                continue
            vus.add(id(racine))
            for noeud in _descendants(racine):
                if isinstance(noeud, Parameter):
                    self._feuilles.setdefault(noeud.name, []).append(noeud)

    def sans_effet(self, mutant: Mutant) -> bool:
        """Whether a mutant moves a date on which nothing changes: the law is then the same."""
        if mutant.depuis == mutant.autre_depuis:
            return False
        jour = min(mutant.depuis, mutant.autre_depuis)
        feuilles = self._feuilles.get(mutant.parametre, [])
        avant = [_au(feuille.values_list, jour) for feuille in feuilles]
        with self.sous(mutant):
            apres = [_au(feuille.values_list, jour) for feuille in feuilles]
        return bool(feuilles) and avant == apres

    @contextmanager
    def sous(self, mutant: Mutant) -> Iterator[int]:
        """The law with a mutant; gives in how many systems the figure was found."""
        touchees: list[tuple[Parameter, list[ParameterAtInstant]]] = []
        for feuille in self._feuilles.get(mutant.parametre, ()):
            avant = feuille.values_list
            if any(_est(datee, mutant) for datee in avant):
                # Another list: the tables of `droit` are laid again.
                apres = [_mutee(feuille, d, mutant) if _est(d, mutant) else d for d in avant]
                apres.sort(key=lambda datee: datee.instant_str, reverse=True)
                feuille.values_list = apres
                touchees.append((feuille, avant))
        try:
            yield len(touchees)
        finally:
            for feuille, avant in touchees:
                feuille.values_list = avant


def _au(valeurs: Iterable[Any], jour: str) -> Any:
    """Value on a day; None = none."""
    return next((datee.value for datee in valeurs if datee.instant_str <= jour), None)


def _est(datee: Any, mutant: Mutant) -> bool:
    memes = datee.instant_str == mutant.depuis and type(datee.value) is type(mutant.valeur)
    return bool(memes and datee.value == mutant.valeur)


def _mutee(feuille: Parameter, datee: Any, mutant: Mutant) -> ParameterAtInstant:
    return ParameterAtInstant(
        feuille.name,
        mutant.autre_depuis,
        data={"value": mutant.autre_valeur},
        file_path=datee.file_path,
        metadata=datee.metadata,
    )
