"""Laws by their names: the base, and reforms laid over it in order, each built once a process."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from openfisca_core.reforms import Reform

from openfisca_assistant_medical import reforms
from openfisca_assistant_medical.droit.reforme import ReformeInvalide
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.en_fichier import (
    ReformeEnFichier,
    disponibles,
    lire_reforme,
    semble_un_fichier,
)
from openfisca_assistant_medical.reforms.lectures import ENTREE
from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem

_LOIS_GARDEES = 8
_SANS_REFORME = "avenant 7 et règlement arbitral, sans la convention de 2024"


class ReformeInconnue(ValueError):
    """A reform that does not exist, or cannot be applied; the message says what is accepted."""


def reformes_en_fichier() -> dict[str, Path]:
    """Reforms of the folders of `ASSISTANT_MEDICAL_REFORMES`, by name.

    Raises:
        ReformeInconnue: two of one name in the same folder.
    """
    try:
        return disponibles()
    except ReformeInvalide as erreur:
        raise ReformeInconnue(f"Réforme : {erreur}") from None


def trouver_reforme(nom: str) -> Any:
    """The class of a reform, from a short name, a full dotted path, or a file.

    A file, or a folder, is given by its path; by its name alone where it is in a folder of
    `ASSISTANT_MEDICAL_REFORMES`. A dotted path may be that of any module, whose code then runs: it
    is for whoever types it. A name that was handed over goes through `execute_du_code` first.

    Raises:
        ReformeInconnue: no such reform; the message gives the closest name.
    """
    connues = registre.connues()
    if nom in connues:
        return registre.trouver(nom)
    en_fichier = {nom: Path(nom)} if semble_un_fichier(nom) else reformes_en_fichier()
    if nom in en_fichier:
        try:
            return lire_reforme(en_fichier[nom])
        except ReformeInvalide as erreur:
            raise ReformeInconnue(f"Réforme : {erreur}") from None
    module, _, classe = nom.rpartition(".")
    try:
        trouvee = getattr(import_module(module), classe)
    except ReformeInvalide as erreur:
        raise ReformeInconnue(f"Réforme : {erreur}") from None
    except (ImportError, AttributeError, TypeError, ValueError):  # TypeError: a name in « . »
        trouvee = None
    if not (isinstance(trouvee, type) and issubclass(trouvee, Reform)):
        raise ReformeInconnue(
            f"Réforme : reçu « {nom} » ; attendu : convention_2024, lectures.<nom>, "
            f"objectifs_estimes, objectifs_estimes.<nom>, aide_collective_2026, le chemin d’un "
            f"fichier de réforme (.yaml) ou le chemin complet d’une classe de réforme"
            f"{proche(nom, [*connues, *en_fichier])}."
        )
    return trouvee


def execute_du_code(nom: str) -> bool:
    """Whether to look for a reform by its name imports a module that is not of the package.

    Raises:
        ReformeInconnue: see `reformes_en_fichier`.
    """
    du_paquet = nom in registre.connues() or nom.startswith(f"{reforms.__name__}.")
    if du_paquet or semble_un_fichier(nom) or "." not in nom:
        return False
    return nom not in reformes_en_fichier()


def lois(noms: list[str], comparer: bool) -> list[tuple[dict[str, Any], Any]]:
    """The law, or the two laws to compare, each as (description, tax-benefit system).

    Under `comparer`, the reforms asked for apply to both sides; one that contains the convention
    stands for it on the second side, and is left out of the first, as is one that supposes it.

    Raises:
        ReformeInconnue: unknown reform.
    """
    classes = [(nom, trouver_reforme(nom)) for nom in noms]
    if not comparer:
        return [_loi(classes)]
    sans = [(nom, classe) for nom, classe in classes if not _veut_la_convention(classe)]
    dedans = any(issubclass(classe, convention_2024) for _, classe in classes)
    avec = classes if dedans else [("convention_2024", convention_2024), *classes]
    return [_loi(sans), _loi(avec)]


def _veut_la_convention(classe: Any) -> bool:
    """Whether a reform contains the convention, or lies over it, or over one that does."""
    supposees = getattr(classe, "suppose", ())
    return issubclass(classe, convention_2024) or any(map(_veut_la_convention, supposees))


def loi(nom: str) -> tuple[str, Any]:
    """A law by name: "base", or reforms laid in order, "convention_2024+lectures.age_senior".

    Raises:
        ReformeInconnue: unknown reform.
    """
    noms = [] if nom == "base" else nom.split("+")
    description, systeme = _loi([(n, trouver_reforme(n)) for n in noms])
    return description["id"], systeme


def _loi(classes: list[tuple[str, Any]]) -> tuple[dict[str, Any], Any]:
    systeme = _poser(tuple(classes))
    return decrire(systeme), systeme


@lru_cache(maxsize=_LOIS_GARDEES)
def _poser(classes: tuple[tuple[str, Any], ...]) -> Any:
    """A law under reforms, built once a process; it is nobody's to change.

    Over a base of its own: what a reform in Python does to it stays there. The class of a file is
    told by its content, and so is the law.
    """
    systeme: Any = CountryTaxBenefitSystem()
    for nom, classe in classes:
        try:
            systeme = classe(systeme)
        except ReformeInvalide as erreur:
            raise ReformeInconnue(f"Réforme {nom} : {erreur}") from None
    return systeme


def decrire(systeme: Any) -> dict[str, Any]:
    """A law by its reforms: `{"id", "nom", "reformes": [dotted path]}`.

    In the id, a reform that is a file has the start of the hash of its content.
    """
    classes = _reformes(systeme)
    chemins = [f"{classe.__module__}.{classe.__name__}" for classe in classes]
    titres = [getattr(classe, "name", None) or classe.__name__ for classe in classes]
    return {
        "id": " + ".join(map(_identifiant, classes, chemins)) or "base",
        "nom": " ; puis ".join(titres) or _SANS_REFORME,
        "reformes": chemins,
    }


def _reformes(systeme: Any) -> list[Any]:
    """Classes of the reforms of a law, in the order in which they were laid."""
    classes: list[Any] = []
    while isinstance(systeme, Reform):
        classes.append(type(systeme))
        systeme = systeme.baseline
    return classes[::-1]


def _identifiant(reforme: Any, chemin: str) -> str:
    if issubclass(reforme, ReformeEnFichier):
        return str(reforme.identifiant)
    *_, module, classe = chemin.split(".")
    if not chemin.startswith(f"{reforms.__name__}."):
        return chemin
    return classe if module == classe else f"{module}.{classe}"


def sous_l_autre_lecture(systeme: Any, lecture: str) -> Any | None:
    """The same law under the other reading of a doubtful point.

    Args:
        systeme: a tax-benefit system; where a reform already takes the alternative, the other
            reading is the one of the register.
        lecture: a name of `LECTURES`.

    Returns:
        A new system; None where the law has no such doubt.
    """
    autre, classes = trouver_reforme(f"lectures.{lecture}"), _reformes(systeme)
    if lecture != ENTREE and autre not in classes:
        return autre(systeme)
    remplacement: dict[Any, Any] = {autre: None}
    if lecture == ENTREE:  # the convention laid a day earlier, or back at its day
        remplacement = {convention_2024: autre, autre: convention_2024}
        if not remplacement.keys() & set(classes):
            return None
    rejouee: Any = CountryTaxBenefitSystem()
    for classe in classes:
        posee = remplacement.get(classe, classe)
        rejouee = rejouee if posee is None else posee(rejouee)
    return rejouee
