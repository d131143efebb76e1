"""Every link of the pages that were made, anchors included."""

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "iframe": "src"}


class _Page(HTMLParser):
    """Addresses that a page gives, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.adresses: list[tuple[str, str]] = []
        self.ancres: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributs = dict(attrs)
        self.ancres.update(filter(None, (attributs.get("id"), attributs.get("name"))))
        adresse = attributs.get(_ADRESSES.get(tag, ""))
        if adresse is not None:
            self.adresses.append((tag, adresse))


def liens_morts(site: Path) -> list[str]:
    """Links to a file or an anchor that is not there, and what a page would fetch from outside."""
    pages = {chemin.relative_to(site).as_posix(): _lire(chemin) for chemin in _html(site)}
    fichiers = {f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file()}
    ancres = {nom: page.ancres for nom, page in pages.items()}
    return [
        f"{nom} : {adresse}"
        for nom, page in pages.items()
        for balise, adresse in dict.fromkeys(page.adresses)
        if not _vivant(nom, balise, adresse, fichiers, ancres)
    ]


def _html(site: Path) -> Iterator[Path]:
    return iter(sorted(site.rglob("*.html")))


def _lire(chemin: Path) -> _Page:
    page = _Page()
    page.feed(chemin.read_text("utf-8"))
    return page


def _vivant(
    page: str, balise: str, adresse: str, fichiers: set[str], ancres: dict[str, set[str]]
) -> bool:
    parties = urlsplit(adresse)
    if parties.scheme or parties.netloc:
        # A reader may follow a link; the page itself asks nothing of anyone.
        return balise == "a" or parties.scheme == "data"
    chemin = unquote(parties.path)
    vise = os.path.normpath(os.path.join(os.path.dirname(page), chemin)) if chemin else page
    ancre = unquote(parties.fragment)
    return vise in fichiers and (not ancre or vise not in ancres or ancre in ancres[vise])
