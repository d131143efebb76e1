"""The wheel and the source distribution: made, held to the tree, made again byte for byte."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

from publication import NOM, PAQUET, RACINE, exiger_sans_faute
from publication.journal import JOURNAL, lire

# Tests of what is read the most, run from the source distribution; the whole suite needs minutes,
# and runs from the same files in the checkout.
_ESSAIS_DES_SOURCES = ("tests/test_parametres.py", "tests/test_textes.py")
_DIST_INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")


class Archives(NamedTuple):
    """The two files that an index takes."""

    wheel: Path
    sources: Path


def epoque() -> str:
    """The day of the version, as `SOURCE_DATE_EPOCH`: the same for whoever has the sources."""
    jour = lire(JOURNAL.read_text("utf-8"))[0].jour
    return str(int(datetime.fromisoformat(jour).replace(tzinfo=UTC).timestamp()))


def construire(arbre: Path, sortie: Path) -> Archives:
    """Make the source distribution of a tree, and the wheel of that source distribution."""
    lancer(sys.executable, "-m", "build", "--installer", "uv", "-o", sortie, arbre)
    (wheel,), (sources,) = sortie.glob("*.whl"), sortie.glob("*.tar.gz")
    return Archives(wheel, sources)


def controler(archives: Archives, arbre: Path = RACINE) -> None:
    """Hold the archives to the tree, to the tools of the index, and to themselves made again.

    Raises:
        PublicationRefusee: with each fault.
    """
    wheel, sources = contenu_de_la_wheel(archives.wheel), contenu_des_sources(archives.sources)
    exiger_sans_faute("Wheel", ecarts(attendu_de_la_wheel(arbre), _hors_dist_info(wheel)))
    exiger_sans_faute("Métadonnées de la wheel", list(_fautes_de_dist_info(wheel)))
    exiger_sans_faute("Distribution des sources", ecarts(attendu_des_sources(arbre), sources))
    lancer(sys.executable, "-m", "twine", "check", "--strict", *archives)
    lancer(Path(sys.executable).with_name("check-wheel-contents"), archives.wheel)
    with tempfile.TemporaryDirectory() as dossier:
        # Elsewhere, from the source distribution alone: no path nor time of this machine counts.
        autre = Path(dossier) / "autre"
        extraire(archives.sources, autre)
        exiger_sans_faute("Archives refaites", differences(archives, autre, Path(dossier)))
        essai = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
        lancer(*essai, *_ESSAIS_DES_SOURCES, dans=autre)


def differences(archives: Archives, arbre: Path, dossier: Path) -> list[str]:
    """Archives that are not the same, byte for byte, when they are made of another tree."""
    refaites = construire(arbre, dossier / "refaites")
    return [
        f"{une.name} n’est pas la même deux fois"
        for une, autre in zip(archives, refaites, strict=True)
        if une.read_bytes() != autre.read_bytes()
    ]


def extraire(sources: Path, dossier: Path) -> None:
    """Lay the tree of a source distribution, without what its making adds."""
    with tarfile.open(sources) as archive:
        archive.extractall(dossier.with_suffix(".extrait"), filter="data")
    (racine,) = dossier.with_suffix(".extrait").iterdir()
    shutil.move(racine, dossier)
    (dossier / "PKG-INFO").unlink()


# --- What they should hold, told by the tree and not by what makes them ---------------------------


def fichiers(arbre: Path) -> list[str]:
    """Paths of what git does not ignore; of the tree as it is, a checkout or not."""
    with tempfile.TemporaryDirectory() as depot:
        lancer("git", "init", "--quiet", "--bare", depot)
        cote = ("git", f"--git-dir={depot}", f"--work-tree={arbre}")
        liste = lancer(*cote, "ls-files", "-z", "--others", "--exclude-standard", dans=arbre)
    return sorted(chemin for chemin in liste.split("\0") if chemin)


def attendu_des_sources(arbre: Path) -> dict[str, bytes]:
    """Every file of the tree."""
    return {chemin: (arbre / chemin).read_bytes() for chemin in fichiers(arbre)}


def attendu_de_la_wheel(arbre: Path) -> dict[str, bytes]:
    """Every file of the package, and every YAML case of the tests, which the matrix leads to."""
    return {
        destination: (arbre / chemin).read_bytes()
        for chemin in fichiers(arbre)
        if (destination := _dans_la_wheel(chemin))
    }


def _dans_la_wheel(chemin: str) -> str | None:
    if chemin.startswith("tests/") and chemin.endswith(".yaml"):
        return f"{PAQUET}/cas_de_test/{chemin.removeprefix('tests/')}"
    return chemin if chemin.startswith(f"{PAQUET}/") else None


# --- What they hold -------------------------------------------------------------------------------


def contenu_de_la_wheel(wheel: Path) -> dict[str, bytes]:
    """Each file of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def contenu_des_sources(sources: Path) -> dict[str, bytes]:
    """Each file of a source distribution, but the metadata that its making adds."""
    with tarfile.open(sources) as archive:
        lus = {m.name.split("/", 1)[1]: archive.extractfile(m) for m in archive if m.isfile()}
        contenu = {nom: fichier.read() for nom, fichier in lus.items() if fichier}
    contenu.pop("PKG-INFO")
    return contenu


def ecarts(attendu: dict[str, bytes], obtenu: dict[str, bytes]) -> list[str]:
    """Files that are missing, in excess, or other."""
    return [
        *(f"manque : {nom}" for nom in sorted(attendu.keys() - obtenu.keys())),
        *(f"en trop : {nom}" for nom in sorted(obtenu.keys() - attendu.keys())),
        *(
            f"autre : {nom}"
            for nom in sorted(attendu.keys() & obtenu.keys())
            if attendu[nom] != obtenu[nom]
        ),
    ]


def _hors_dist_info(contenu: dict[str, bytes]) -> dict[str, bytes]:
    return {nom: octets for nom, octets in contenu.items() if ".dist-info/" not in nom}


def _fautes_de_dist_info(contenu: dict[str, bytes]) -> Iterator[str]:
    propres = {nom.split("/", 1)[1]: o for nom, o in contenu.items() if ".dist-info/" in nom}
    yield from ecarts(dict.fromkeys(_DIST_INFO, b""), dict.fromkeys(propres, b""))
    lues = BytesParser().parsebytes(propres["METADATA"])
    attendues = {
        "Name": NOM,
        "Version": lire(JOURNAL.read_text("utf-8"))[0].nom,
        "License-Expression": "AGPL-3.0-or-later",
        "License-File": "LICENSE",
    }
    for champ, valeur in attendues.items():
        if lues[champ] != valeur:
            yield f"{champ} : {lues[champ]}, {valeur} attendu"
    for nom, octets in propres.items():
        if str(RACINE).encode() in octets:
            yield f"{nom} dit où l’archive a été faite"


def lancer(*commande: str | Path, dans: Path | None = None) -> str:
    """Run a program; what it prints.

    Raises:
        PublicationRefusee: it fails; the message has what it said.
    """
    fait = subprocess.run(
        list(map(str, commande)),
        cwd=dans,
        env={**os.environ, "SOURCE_DATE_EPOCH": epoque()},
        capture_output=True,
        text=True,
        check=False,
    )
    if fait.returncode:
        exiger_sans_faute(
            f"« {' '.join(_courts(commande))} » a rendu {fait.returncode}",
            (fait.stdout + fait.stderr).strip().splitlines()[-40:] or ["rien n’est dit"],
        )
    return fait.stdout


def _courts(commande: Iterable[str | Path]) -> Iterator[str]:
    return (Path(mot).name if isinstance(mot, Path) else str(mot) for mot in commande)
