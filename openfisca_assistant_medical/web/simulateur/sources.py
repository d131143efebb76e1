"""The source code of what runs here, as the licence asks (AGPL, section 13): the package itself."""

import io
import zipfile
from functools import cache
from importlib.metadata import distribution
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from openfisca_assistant_medical.web.lois import PAQUET, version_du_paquet

_RACINE: Final = "openfisca_assistant_medical"
_JAMAIS = (1980, 1, 1, 0, 0, 0)  # the same files, the same archive
_OMIS = ("__pycache__", ".pyc")


@cache
def archive() -> bytes:
    """A ZIP of every file of the installed package, changes made here included, and its licence."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zip_:
        _ajouter(zip_, files(_RACINE), f"{_dossier()}/{_RACINE}")
        for nom in ("METADATA", "licenses/LICENSE"):
            if texte := distribution(PAQUET).read_text(nom):
                _ecrire(zip_, f"{_dossier()}/{nom.rpartition('/')[2]}", texte.encode())
    return tampon.getvalue()


def nom_de_l_archive() -> str:
    """Under which it is saved."""
    return f"{_dossier()}.zip"


def _dossier() -> str:
    return f"{PAQUET}-{version_du_paquet()}"


def _ajouter(zip_: zipfile.ZipFile, lieu: Traversable, chemin: str) -> None:
    for enfant in sorted(lieu.iterdir(), key=lambda element: element.name):
        if enfant.name.endswith(_OMIS):
            continue
        if enfant.is_dir():
            _ajouter(zip_, enfant, f"{chemin}/{enfant.name}")
        else:
            _ecrire(zip_, f"{chemin}/{enfant.name}", enfant.read_bytes())


def _ecrire(zip_: zipfile.ZipFile, chemin: str, octets: bytes) -> None:
    zip_.writestr(zipfile.ZipInfo(chemin, _JAMAIS), octets, zipfile.ZIP_DEFLATED)
