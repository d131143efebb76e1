"""The simulator as tests use it: its application, built once, and its pages as trees."""

from functools import cache
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient

from openfisca_assistant_medical.web import creer

COCHE = "checkbox"
FORME = "application/x-www-form-urlencoded"
# A generalist under the convention of 2024: the fewest fields that give a result, and the counts.
SIMPLE = {
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "date_signature": "2024-07-01",
    "patientele_mt_initiale": "1200",
    "file_active_initiale": "1550",
}


@cache
def _application() -> Any:
    return creer()


def client() -> FlaskClient:
    """A browser without JavaScript, new each time."""
    return _application().test_client()  # type: ignore[no-any-return]


def lire(html: str) -> Element:
    """The tree of a page.

    Raises:
        html5lib.html5parser.ParseError: it is not valid as it is written.
    """
    tree = html5lib.getTreeBuilder("etree")
    analyseur = html5lib.HTMLParser(tree, strict=True, namespaceHTMLElements=False)
    racine: Element = analyseur.parse(html)
    return racine


def poster(adresse: str, saisie: dict[str, str], statut: int = 200) -> Element:
    """The page that a form gives, which has this status."""
    reponse = client().post(adresse, data=urlencode(saisie), content_type=FORME)
    assert reponse.status_code == statut, texte(lire(reponse.text))
    return lire(reponse.text)


def demander(adresse: str, statut: int = 200) -> Element:
    """The page at an address, which has this status."""
    reponse = client().get(adresse)
    assert reponse.status_code == statut
    return lire(reponse.text)


def texte(element: Element) -> str:
    """What is read in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def un(racine: Element, chemin: str) -> Element:
    """The only element at a path.

    Raises:
        AssertionError: there is none, or several.
    """
    (trouve,) = racine.findall(chemin)
    return trouve


def envoi(formulaire: Element) -> dict[str, str]:
    """What a browser would send of a form, what is empty left out."""
    recus: dict[str, str] = {}
    for champ in formulaire.iter():
        nom, valeur = champ.get("name"), champ.get("value", "")
        if champ.tag == "select":
            choisis = [o for o in champ.findall("option") if o.get("selected") is not None]
            valeur = (choisis or champ.findall("option"))[0].get("value", "")
        elif champ.tag != "input" or (champ.get("type"), champ.get("checked")) == (COCHE, None):
            continue
        assert nom is not None
        assert nom not in recus, f"{nom} : deux fois"
        recus[nom] = valeur
    return {nom: valeur for nom, valeur in recus.items() if valeur}
