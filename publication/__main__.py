"""`python -m publication`: make a release, or one of its steps, in `dist/`."""

import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from publication import RACINE, PublicationRefusee, exiger_sans_faute
from publication.archives import Archives, construire, controler
from publication.composants import ecrire
from publication.essais import essayer
from publication.etat import fautes_du_depot, fautes_du_journal, version

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
Sortie = Annotated[Path, typer.Option(help="Folder that is made anew.")]
_DIST = RACINE / "dist"


@app.callback()
def _racine() -> None:
    """Make a release. Code 0: it may go out. 1: the message says what keeps it from it."""


@app.command("archives")
def _archives(sortie: Sortie = _DIST) -> None:
    """The wheel and the source distribution, checked."""
    faire_les_archives(sortie)


@app.command("paquet")
def _paquet(sortie: Sortie = _DIST) -> None:
    """The same, the wheel tried where it is installed alone, its components, the sums."""
    faire_le_paquet(sortie)


@app.command("publier")
def _publier(sortie: Sortie = _DIST) -> None:
    """The same, from a clean checkout whose version has no tag; then what is left to do."""
    exiger_sans_faute("Ce dépôt ne se publie pas", fautes_du_depot())
    faire_le_paquet(sortie)
    etiquette = version()
    print(f"""
Prêt dans {sortie}. Reste à faire, à la main :
  git tag {etiquette} && git push origin {etiquette}
  python -m twine upload {sortie}/*.whl {sortie}/*.tar.gz
  joindre à la publication : SHA256SUMS et le fichier .cdx.json""")


def faire_les_archives(sortie: Path) -> Archives:
    """Make and check the archives, in a folder that then holds nothing else.

    Raises:
        PublicationRefusee: what keeps them from going out.
    """
    exiger_sans_faute("CHANGELOG.md", fautes_du_journal())
    shutil.rmtree(sortie, ignore_errors=True)
    with _etape("archives construites"):
        archives = construire(RACINE, sortie)
    with _etape("archives contrôlées : contenu, métadonnées, mêmes octets deux fois, tests"):
        controler(archives)
    return archives


def faire_le_paquet(sortie: Path) -> None:
    """Make, check and try all that goes out with a version.

    Raises:
        PublicationRefusee: what keeps it from going out.
    """
    archives = faire_les_archives(sortie)
    with _etape("wheel installée seule, avec chaque extra"):
        nombre = essayer(archives.wheel)
    print(f"  {nombre} commandes")
    with _etape("composants"):
        composants = ecrire(archives.wheel, sortie)
    ecrire_les_sommes(sortie, [*archives, composants])


def ecrire_les_sommes(sortie: Path, fichiers: list[Path]) -> Path:
    """Write SHA256SUMS, as `sha256sum --check` reads it."""
    lignes = [
        f"{hashlib.sha256(fichier.read_bytes()).hexdigest()}  {fichier.name}\n"
        for fichier in sorted(fichiers)
    ]
    sommes = sortie / "SHA256SUMS"
    sommes.write_text("".join(lignes), "utf-8")
    return sommes


@contextmanager
def _etape(nom: str) -> Iterator[None]:
    debut = time.monotonic()
    yield
    print(f"{nom} ({time.monotonic() - debut:.0f} s)", flush=True)


def main(commande: Callable[[], None] = app) -> int:
    """Run the command; 1 where the release is refused."""
    try:
        commande()
    except PublicationRefusee as refus:
        print(refus, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
