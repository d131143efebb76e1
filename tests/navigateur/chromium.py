"""The browser of these tests: Debian's Chromium, or the one that CHROMIUM names."""

import os
import shutil
from pathlib import Path

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NOMS = ("chromium", "chromium-browser", "google-chrome")


def chemin() -> str:
    """Path of the browser; without one, these tests fail, and say what to install."""
    nomme = os.environ.get("CHROMIUM")
    trouves = [nomme] if nomme else ["/usr/bin/chromium", *map(shutil.which, _NOMS)]
    for trouve in trouves:
        if trouve and Path(trouve).is_file():
            return trouve
    pytest.fail("no Chromium: install it (apt-get install chromium), or set CHROMIUM to its path")
