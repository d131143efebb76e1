"""The kept inputs: `tests/corpus/<door>/<name>.octets`; `index.json` says what each gives."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from openfisca_assistant_medical.brouillon import brouillon

DOSSIER = Path(__file__).parents[1] / "tests" / "corpus"
TROUVAILLES = DOSSIER / "trouvailles"  # new ones, beside what is kept
SUFFIXE = ".octets"


@dataclass(frozen=True)
class Entree:
    """An input that is kept.

    Attributes:
        porte: the door it is for.
        nom: what it holds, in a few words.
        octets: itself.
        attendu: as `Verdict.en_clair` says it.
        pourquoi: what it once made, or what must be told of it.
    """

    porte: str
    nom: str
    octets: bytes
    attendu: dict[str, str]
    pourquoi: str


def lire_le_corpus(dossier: Path = DOSSIER) -> list[Entree]:
    """Every input, in the order of the index.

    Raises:
        FileNotFoundError: the index names one that is not there.
    """
    index = json.loads((dossier / "index.json").read_text("utf-8"))
    return [
        Entree(
            porte,
            nom,
            (dossier / porte / f"{nom}{SUFFIXE}").read_bytes(),
            {cle: texte for cle, texte in dit.items() if cle != "pourquoi"},
            dit["pourquoi"],
        )
        for porte, dits in index.items()
        for nom, dit in dits.items()
    ]


def fichiers(dossier: Path = DOSSIER) -> Iterator[tuple[str, str]]:
    """Door and name of each file that is kept."""
    for fichier in sorted(dossier.glob(f"*/*{SUFFIXE}")):
        if fichier.parent.name != TROUVAILLES.name:
            yield fichier.parent.name, fichier.stem


def poser(octets: bytes, porte: str, genre: str, dossier: Path = TROUVAILLES) -> Path:
    """Write a finding, whole or not at all; the same one again takes its own place.

    Args:
        octets: the input.
        porte: of which door.
        genre: what it made, in a few words.
        dossier: where findings are laid.
    """
    sans_accent = normalize("NFKD", genre).encode("ascii", "ignore").decode().lower()
    mots = "-".join(re.findall("[a-z0-9]+", sans_accent))[:60]
    cible = dossier / f"{porte}-{mots or 'faute'}{SUFFIXE}"
    dossier.mkdir(parents=True, exist_ok=True)
    with brouillon(cible) as ecrit:
        ecrit.write_bytes(octets)
    return cible
