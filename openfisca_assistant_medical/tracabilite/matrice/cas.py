"""The test cases: YAML files, as `openfisca test` takes them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openfisca_assistant_medical.entities import entities

_PAQUET = Path(__file__).parents[2]


class CasIllisibles(ValueError):
    """A folder of test cases that does not exist or cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Cas:
    """A test case, with the provisions that its keywords name and the variables of its output."""

    nom: str
    fichier: str
    ligne: int
    mots_cles: tuple[str, ...] = ()
    lues: tuple[str, ...] = ()
    reformes: tuple[str, ...] = ()


def dossier_des_cas(demande: Path | None) -> Path | None:
    """The folder asked for, else that of the package, else that of its checkout.

    Raises:
        CasIllisibles: the folder asked for does not exist.
    """
    if demande is not None:
        if not demande.is_dir():
            raise CasIllisibles(f"--tests : reçu « {demande} » ; attendu : un dossier qui existe.")
        return demande
    depot = _PAQUET.parent
    # A folder named tests beside an installed package would be that of another one.
    du_depot = [depot / "tests"] if (depot / "pyproject.toml").is_file() else []
    return next((d for d in (_PAQUET / "cas_de_test", *du_depot) if d.is_dir()), None)


def lire_cas(dossier: Path, variables: Collection[str]) -> Iterator[Cas]:
    """Cases of the YAML files of a folder, as `openfisca test` takes them."""
    fichiers = [f for f in dossier.rglob("*") if f.suffix in (".yaml", ".yml") and f.is_file()]
    for fichier in sorted(fichiers):
        nom = fichier.relative_to(dossier).as_posix()
        for ligne, entree in _entrees(fichier):
            if isinstance(entree, dict) and isinstance(entree.get("output"), dict):
                yield Cas(
                    nom=str(entree.get("name", "sans nom")),
                    fichier=nom,
                    ligne=ligne,
                    mots_cles=_mots(entree.get("keywords")),
                    lues=tuple(dict.fromkeys(_lues(entree["output"], variables))),
                    reformes=_mots(entree.get("reforms")),
                )


def _entrees(fichier: Path) -> Iterator[tuple[int, Any]]:
    """Line and content of each entry of a file of tests."""
    try:
        chargeur = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(fichier.read_bytes())
        try:
            noeud: Any = chargeur.get_single_node()
            contenu = None if noeud is None else chargeur.construct_document(noeud)
        finally:
            chargeur.dispose()
    except (OSError, ValueError, yaml.YAMLError) as erreur:
        raise CasIllisibles(f"Cas de test illisibles : « {fichier} » ({erreur}).") from None
    if isinstance(contenu, list):
        yield from ((n.start_mark.line + 1, c) for n, c in zip(noeud.value, contenu, strict=True))
    elif noeud is not None:
        yield noeud.start_mark.line + 1, contenu


def _mots(valeur: Any) -> tuple[str, ...]:
    if isinstance(valeur, str):
        return (valeur,)
    mots = valeur if isinstance(valeur, list) else ()
    return tuple(dict.fromkeys(map(str, mots)))


def _lues(sortie: dict[str, Any], variables: Collection[str]) -> Iterator[str]:
    """Variables that an output names, on their own or under a doctor or a practice."""
    pluriels, singuliers = {e.plural for e in entities}, {e.key for e in entities}
    for nom, valeur in sortie.items():
        if nom in variables:
            yield nom
        elif isinstance(valeur, dict):
            fiches = valeur.values() if nom in pluriels else [valeur] if nom in singuliers else ()
            for fiche in fiches:
                if isinstance(fiche, dict):
                    yield from (v for v in fiche if v in variables)
