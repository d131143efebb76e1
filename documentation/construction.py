"""From the sources to the pages: guides and reference side by side, Sphinx, then every link."""

import os
import shutil
from pathlib import Path

from sphinx.cmd.build import build_main

from documentation.guides import mentions, relier
from documentation.liens import liens_morts
from documentation.modele import Modele, lire_le_modele
from documentation.reference import pages

RACINE = Path(__file__).parents[1]
DOCS = RACINE / "docs"
_SITE = Path(__file__).parent / "site"
# What the guides link to outside `docs`, given to read beside the pages.
_A_COTE = ("examples", "notebooks", "openfisca_assistant_medical", "LICENSE", "CHANGELOG.md")

# What the theme says in English whatever the language of the site.
_EN_FRANCAIS = {
    ">Skip to content<": ">Aller au contenu<",
    "<span>Back to top</span>": "<span>Haut de la page</span>",
    ">On this page<": ">Sur cette page<",
    "Toggle Light / Dark / Auto color theme": "Thème clair, sombre ou automatique",
    "Toggle site navigation sidebar": "Ouvrir ou fermer le menu",
    "Toggle table of contents sidebar": "Ouvrir ou fermer le sommaire de la page",
    "Toggle navigation of ": "Ouvrir ou fermer ",
}


class SiteRefuse(RuntimeError):
    """A warning of Sphinx or a dead link; the message has them all."""


def construire(sortie: Path, docs: Path = DOCS, modele: Modele | None = None) -> int:
    """Make the site anew in a folder, which holds nothing else.

    Args:
        sortie: folder of the pages; that of the sources that they are made of is beside it.
        docs: folder of the guides.
        modele: what the reference shows; None = the whole model.

    Returns:
        How many pages were made.

    Raises:
        SiteRefuse: Sphinx warns of something, or a link leads nowhere.
    """
    sources = sortie.with_name(f"{sortie.name}-sources")
    for dossier in (sortie, sources):
        shutil.rmtree(dossier, ignore_errors=True)
    assembler(docs, sources, modele or lire_le_modele())
    options = ["-W", "--keep-going", "-n", "-q", "-j", "auto", "-c", str(_SITE)]
    if build_main([*options, "-b", "html", str(sources / "docs"), str(sortie)]):
        raise SiteRefuse(f"Sphinx refuse les sources : voir plus haut, et {sources}.")
    nombre = _franciser(sortie)
    morts = liens_morts(sortie)
    if morts:
        raise SiteRefuse("\n".join(["Liens qui ne mènent nulle part :", *morts]))
    return nombre


def _franciser(sortie: Path) -> int:
    """Put the words of the theme in French; how many pages there are."""
    chemins = list(sortie.rglob("*.html"))
    for chemin in chemins:
        texte = chemin.read_text("utf-8")
        for anglais, francais in _EN_FRANCAIS.items():
            texte = texte.replace(anglais, francais)
        chemin.write_text(texte, "utf-8")
    return len(chemins)


def assembler(docs: Path, sources: Path, modele: Modele) -> None:
    """Lay the guides, linked to the reference, and the reference, linked to the guides."""
    textes = {
        chemin.relative_to(docs).as_posix(): chemin.read_text("utf-8")
        for chemin in sorted(docs.rglob("*.md"))
    }
    cites = mentions(textes, modele.noms)
    relies = {nom: relier(texte, modele.noms) for nom, texte in textes.items()}
    for nom, texte in {**relies, **pages(modele, cites)}.items():
        chemin = sources / "docs" / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(texte, "utf-8")
    for nom in _A_COTE:
        os.symlink(RACINE / nom, sources / nom)
