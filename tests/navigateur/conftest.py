"""The service on loopback, a browser before it, and what every visit must keep to."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from openfisca_assistant_medical.web import creer
from tests.navigateur.chromium import ARGUMENTS, chemin

_GRAVES = ("serious", "critical")
_REFUS_VOULU = "status of 4"  # what Chromium says of a form that is sent back, or of no page


class _Muet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Nothing: the tests say what they ask."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Address of the service, in a thread of its own, closed whatever happens."""
    serveur = make_server("127.0.0.1", 0, creer(), threaded=True, request_handler=_Muet)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()
    fil.join(10)
    serveur.server_close()


# Of the module, as the loop of Playwright must not outlive it: other tests have theirs.
@pytest.fixture(scope="module")
def navigateur() -> Iterator[Browser]:
    executable = chemin()
    with sync_playwright() as outil:
        navigateur = outil.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield navigateur
        navigateur.close()


@pytest.fixture
def visite(site: str, navigateur: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; at the end, nothing was asked elsewhere, kept, or in error."""
    ouvertes: list[tuple[Page, list[str], list[str]]] = []

    def ouvrir(adresse: str = "/", **options: Any) -> Page:
        contexte = navigateur.new_context(base_url=site, locale="fr-FR", **options)
        contexte.set_default_timeout(30_000)
        page = contexte.new_page()
        demandes: list[str] = []
        fautes: list[str] = []
        contexte.on("request", lambda demande: demandes.append(demande.url))
        page.on("console", lambda m: fautes.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda erreur: fautes.append(str(erreur)))
        ouvertes.append((page, demandes, fautes))
        page.goto(adresse)
        return page

    yield ouvrir
    for page, demandes, fautes in ouvertes:
        hotes = {
            urlsplit(adresse).netloc for adresse in demandes if not adresse.startswith("data:")
        }
        # Read from a page that has no script of ours: ours cannot even reach the storage.
        page.goto("/statique/style.css")
        gardes = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        cookies = page.context.cookies()
        page.context.close()
        assert hotes == {urlsplit(site).netloc}
        assert [faute for faute in fautes if _REFUS_VOULU not in faute] == []
        assert (cookies, gardes) == ([], [0, 0, ""])


def sans_faute_d_acces(page: Page) -> None:
    """No serious violation of the rules of accessibility, as axe reads them, on a page."""
    violations = [v for v in Axe().run(page).response["violations"] if v["impact"] in _GRAVES]
    dites = [
        f"{v['id']} ({v['impact']}) : {noeud['html'][:200]} {noeud['failureSummary'][:300]}"
        for v in violations
        for noeud in v["nodes"][:3]
    ]
    assert dites == [], page.url


def tient_en_largeur(page: Page) -> None:
    """The page does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
