"""Every link of the pages that were made, anchors included; every page is led to."""

import os
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ACCUEIL = "index.html"
_PAR_LE_MENU = frozenset({"search.html"})  # its form, not a link, leads there
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
    """Links to a file or an anchor that is not there, and what a page would fetch from outside.

    A page where no link leads, from the home page on, is one too.
    """
    pages = {chemin.relative_to(site).as_posix(): _lire(chemin) for chemin in _html(site)}
    fichiers = {f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file()}
    ancres = {nom: page.ancres for nom, page in pages.items()}
    morts = [
        f"{nom} : {adresse}"
        for nom, page in pages.items()
        for balise, adresse in dict.fromkeys(page.adresses)
        if not _vivant(nom, balise, adresse, fichiers, ancres)
    ]
    seules = set(pages) - _menees(pages) - _PAR_LE_MENU
    return [*morts, *(f"{nom} : aucune page n’y mène" for nom in sorted(seules))]


def _menees(pages: Mapping[str, _Page]) -> set[str]:
    """Pages that links lead to, from the home page on."""
    vues, restantes = {_ACCUEIL}, [_ACCUEIL]
    while restantes:
        nom = restantes.pop()
        liens = {_vise(nom, adresse) for balise, adresse in pages[nom].adresses if balise == "a"}
        nouvelles = (liens & pages.keys()) - vues
        vues |= nouvelles
        restantes += nouvelles
    return vues


def _vise(page: str, adresse: str) -> str:
    """Path of the file that a link of a page points to, from the root of the site."""
    chemin = unquote(urlsplit(adresse).path)
    return os.path.normpath(os.path.join(os.path.dirname(page), chemin)) if chemin else page


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
    vise = _vise(page, adresse)
    ancre = unquote(parties.fragment)
    return vise in fichiers and (not ancre or vise not in ancres or ancre in ancres[vise])
