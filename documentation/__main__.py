"""The command: build the site, and say where to open it."""

import argparse
import sys
from pathlib import Path

from documentation.construction import RACINE, SiteRefuse, construire


def main() -> int:
    """Build the site; 1 where it is refused."""
    parseur = argparse.ArgumentParser(prog="python -m documentation", description=__doc__)
    parseur.add_argument("--sortie", type=Path, default=RACINE / "build" / "docs")
    sortie: Path = parseur.parse_args().sortie
    try:
        nombre = construire(sortie)
    except SiteRefuse as refus:
        print(refus, file=sys.stderr)
        return 1
    print(f"{nombre} pages, à ouvrir dans un navigateur : {sortie / 'index.html'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
