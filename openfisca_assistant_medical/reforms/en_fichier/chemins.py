"""Where a path of a reform leads in the law: a figure, a line to add to a table, or nowhere."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistant_medical import nomenclatures
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.reforms.en_fichier.contenu import Valeur

PAR_DEFAUT = "par_defaut"
_RANG = re.compile(r"rang_[1-9][0-9]?(_et_plus)?")
_RANGS = "rang_1, rang_2… ou rang_3_et_plus"
_LIGNES_MONTREES = 12


class Refus:
    """A path that leads nowhere: what it met, and the remedy."""

    def __init__(self, recu: str, attendu: str) -> None:
        self.recu, self.attendu = recu, attendu


class Cible:
    """What a path leads to: a figure of the law, or a line to add to one of its tables."""

    def __init__(self, chemin: str, noeud: Any, nouvelle: bool) -> None:
        self.chemin, self.nouvelle = chemin, nouvelle
        self.unite = noeud.metadata.get("unit")
        self.mots = noeud.metadata.get("valeurs", {})
        self._datees = {} if nouvelle else {v.instant_str: v.value for v in noeud.values_list}
        self.valeurs = list(self._datees.values())
        self.a_une_valeur = False  # once the reform is laid

    def poser(self, valeurs: Iterable[Valeur]) -> None:
        """Say which values the reform brings here."""
        ensemble = {**self._datees, **{valeur.jour: valeur.valeur for valeur in valeurs}}
        self.a_une_valeur = any(valeur is not None for valeur in ensemble.values())


def situer(loi: ParameterNode, chemin: str) -> Cible | Refus:
    """What a path of a reform leads to in a law."""
    noms = chemin.split(".")
    noeud, rang = _suivre(loi, noms)
    if rang == len(noms):
        if isinstance(noeud, Parameter):
            return Cible(chemin, noeud, False)
        enfants = ", ".join(list(noeud.children)[:_LIGNES_MONTREES])
        return Refus("un chemin qui s’arrête à une table", f"une de ses lignes : {enfants}")
    if isinstance(noeud, Parameter):
        attendu = f"« {noeud.name} », le chiffre que la loi a pour toutes ces lignes"
        return Refus("une ligne sous un chiffre", attendu)
    if _est_une_ligne(loi, noms, rang):
        return Cible(chemin, noeud, True)
    return Refus("un chemin que la loi n’a pas", _remede(loi, noeud, noms, rang))


def _suivre(loi: ParameterNode, noms: list[str]) -> tuple[Any, int]:
    """The last node of a path that the law has, and how many names lead to it."""
    noeud: Any = loi
    for rang, nom in enumerate(noms):
        if nom not in getattr(noeud, "children", {}):
            return noeud, rang
        noeud = noeud.children[nom]
    return noeud, len(noms)


def _est_une_ligne(loi: ParameterNode, noms: list[str], rang: int) -> bool:
    """Whether what a path has under a table of the law is a line that the table may have."""
    lignes, suite = _lignes(loi, noms[:rang]), noms[rang:]
    return len(suite) <= len(lignes) and all(
        ligne.admet(mot) for ligne, mot in zip(lignes, suite, strict=False)
    )


class _Axe:
    """Names that the lines of a table may have along one axis."""

    def __init__(self, nom: str) -> None:
        self.membres: list[str] | None = None
        if not nom.startswith("rang"):
            self.membres = [*(membre.name for membre in _enumeration(nom)), PAR_DEFAUT]

    def admet(self, nom: str) -> bool:
        if self.membres is None:
            return nom == PAR_DEFAUT or _RANG.fullmatch(nom) is not None
        return nom in self.membres

    def __str__(self) -> str:
        if self.membres is None:
            return _RANGS
        suite = "…" if len(self.membres) > _LIGNES_MONTREES else ""
        return ", ".join(self.membres[:_LIGNES_MONTREES]) + suite


@cache
def _enumeration(axe: str) -> Any:
    """Enum of an axis: the one of its name, or whose name starts with it."""
    classes = {
        nom.lower(): classe
        for nom, classe in vars(nomenclatures).items()
        if isinstance(classe, type) and issubclass(classe, Enum) and classe is not Enum
    }
    cherchee = axe.replace("_", "")
    trouvees = [classe for nom, classe in classes.items() if nom.startswith(cherchee)]
    return classes.get(cherchee) or next(iter(trouvees), ())


def _lignes(loi: ParameterNode, au_dessus: list[str]) -> list[_Axe]:
    """Axes that are left under a node, from it down; none where no line can be added."""
    noeud: Any = loi
    for rang, nom in enumerate(au_dessus):
        noeud = noeud.children[nom]
        if "axes" in noeud.metadata:
            axes = noeud.metadata["axes"]
            # A table may stand under names that are no axis: `patientele.pmt.p30`, by speciality.
            debut = rang + 1 + _profondeur(noeud) - len(axes)
            lues = len(au_dessus) - debut
            return [_Axe(axe) for axe in axes[lues:]] if lues >= 0 else []
    return []


def _profondeur(noeud: Any) -> int:
    enfants = getattr(noeud, "children", {}).values()
    return 1 + max(map(_profondeur, enfants)) if enfants else 0


def _remede(loi: ParameterNode, noeud: Any, noms: list[str], rang: int) -> str:
    """The closest path that exists, or may be added; and the lines that the table may have."""
    import difflib

    lignes = _lignes(loi, noms[:rang])
    admis = [*noeud.children, *((lignes[0].membres or []) if lignes else [])]
    for nom in difflib.get_close_matches(noms[rang][:64], admis, n=3):
        essai = [*noms[:rang], nom, *noms[rang + 1 :]]
        atteint, jusqu_ici = _suivre(loi, essai)
        complet = jusqu_ici == len(essai) and isinstance(atteint, Parameter)
        if complet or (jusqu_ici < len(essai) and _est_une_ligne(loi, essai, jusqu_ici)):
            return f"un chemin de la loi ; le plus proche : « {'.'.join(essai)} »"
    if lignes and lignes[0].admet(noms[rang]):
        sous = f"« {'.'.join(noms[: rang + 1])} »"
        if len(lignes) == 1:
            return f"{sous}, qui est une ligne, et rien dessous"
        return f"sous {sous}, une ligne parmi {lignes[1]}"
    chemins = [f.name for f in ParameterNode.get_descendants(loi) if isinstance(f, Parameter)]
    possibles = f", ou une ligne de « {noeud.name} » : {lignes[0]}" if lignes else ""
    return f"un chemin de la loi{possibles}{proche('.'.join(noms), chemins)}"


def lignes_nouvelles(loi: ParameterNode, valeurs: Iterable[Valeur]) -> Iterator[str]:
    """Paths of the lines that a reform adds to tables of the law."""
    for chemin in dict.fromkeys(valeur.chemin for valeur in valeurs):
        cible = situer(loi, chemin)
        if isinstance(cible, Cible) and cible.nouvelle:
            yield chemin
