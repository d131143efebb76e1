"""What a release asks of the checkout: nothing pending, and a version that is still to be given."""

import tomllib
from pathlib import Path

from publication import RACINE, PublicationRefusee
from publication.archives import lancer
from publication.journal import JOURNAL, fautes


def version(arbre: Path = RACINE) -> str:
    """The version, from the one place that tells it."""
    lu = tomllib.loads((arbre / "pyproject.toml").read_text("utf-8"))
    return str(lu["project"]["version"])


def fautes_du_depot(arbre: Path = RACINE) -> list[str]:
    """Why a checkout cannot be released as its version, in French."""
    try:
        pendants = lancer("git", "status", "--porcelain", dans=arbre).splitlines()
        etiquettes = lancer("git", "tag", "--list", version(arbre), dans=arbre).split()
    except PublicationRefusee:
        return ["une publication part d’un dépôt git"]
    return [
        *(f"non enregistré : {ligne[3:]}" for ligne in pendants),
        *(f"l’étiquette {nom} existe : changer de version" for nom in etiquettes),
    ]


def fautes_du_journal() -> list[str]:
    """What is wrong with the changelog of the version, in French."""
    return fautes(JOURNAL.read_text("utf-8"), version())
