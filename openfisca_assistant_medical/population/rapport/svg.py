"""A figure of matplotlib as SVG to lay inside a page.

Text stays text, in the type of the page. Colours are those of the page, so that they follow its
scheme. The same figure gives the same bytes.
"""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import matplotlib
from matplotlib.figure import Figure

_XLINK = "{http://www.w3.org/1999/xlink}href"
_REGLAGES: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "assistant-medical",
    "text.parse_math": False,  # a law may have a dollar in its name
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "hatch.linewidth": 1.2,
}
# What is drawn in one of these takes the colour of that name from the page.
COULEURS = {
    "encre": "#1b1b1c",
    "pale": "#54545d",
    "trait": "#b9b9c4",
    "papier": "#fffffe",
    "droit": "#0b3d91",
    "lecture": "#3f7fd0",
    "hypothese": "#a85d00",
    "inconnu": "#77777f",
    "gagnants": "#0f6b4f",
    "perdants": "#a3271d",
    "inchanges": "#8c8c94",
    "reference": "#54545e",
    "variante": "#0b3d92",
}
_COULEUR = re.compile(r"#[0-9a-f]{6}\b")
_PAR_CODE = {code: nom for nom, code in COULEURS.items()}
_POLICE = re.compile(r"font-family: [^;]*;? ?")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")


@contextmanager
def figure(largeur: float, hauteur: float) -> Iterator[Figure]:
    """A figure to draw on, in inches, with the settings of the house."""
    with matplotlib.rc_context(_REGLAGES):
        yield Figure(figsize=(largeur, hauteur), layout="constrained")


def en_svg(dessin: Figure, identifiant: str, titre: str, description: str) -> str:
    """The figure as an element of HTML, with its title and its description.

    Args:
        dessin: made under `figure`, and given here while it is still open.
        identifiant: before each id of the drawing, so that a page has each once.
        titre: said by a screen reader.
        description: likewise: what is drawn, and the main figures.
    """
    octets = io.BytesIO()
    sans = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    dessin.savefig(octets, format="svg", metadata=sans, transparent=True)
    racine = ElementTree.fromstring(octets.getvalue())
    _nettoyer(racine, identifiant)
    for rang, (balise, texte) in enumerate((("title", titre), ("desc", description))):
        enfant = ElementTree.Element(balise, {"id": f"{identifiant}-{balise}"})
        enfant.text = texte
        racine.insert(rang, enfant)
    racine.attrib = {
        "viewBox": racine.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{identifiant}-title {identifiant}-desc",
        "style": "stroke-linejoin: round; stroke-linecap: butt",
    }
    return ElementTree.tostring(racine, encoding="unicode", short_empty_elements=False)


def _nettoyer(racine: Any, identifiant: str) -> None:
    """Plain elements, ids of their own, colours of the page; no style sheet, which would leak."""
    cites = set(_cites(racine))
    for element in racine.iter():
        element.tag = element.tag.rpartition("}")[2]
        for enfant in [e for e in element if e.tag.rpartition("}")[2] in ("metadata", "style")]:
            element.remove(enfant)
        if element.tag != "text":
            element.text = None
        element.tail = None
        element.attrib = dict(_attributs(element.attrib, identifiant, cites))


def _attributs(
    attributs: Mapping[str, str], identifiant: str, cites: set[str]
) -> Iterator[tuple[str, str]]:
    """Attributes of an element in a page, where a colour only counts inside a style."""
    style = attributs.get("style", "")
    for nom, valeur in attributs.items():
        if nom == "id":
            if valeur in cites:
                yield nom, f"{identifiant}-{valeur}"
        elif nom == _XLINK:
            yield "href", f"#{identifiant}-{valeur.removeprefix('#')}"
        elif nom == "clip-path":
            yield nom, _REFERENCE.sub(rf"url(#{identifiant}-\1)", valeur)
        elif nom in ("fill", "stroke"):
            style = f"{style};{nom}:{valeur}".strip(";")
        elif nom != "style":
            yield nom, " ".join(valeur.split()) if nom == "d" else valeur
    if style:
        style = _REFERENCE.sub(rf"url(#{identifiant}-\1)", _POLICE.sub("", style))
        yield "style", _COULEUR.sub(_de_la_page, style)


def _cites(racine: Any) -> Iterator[str]:
    for element in racine.iter():
        for nom, valeur in element.attrib.items():
            if nom == _XLINK:
                yield valeur.removeprefix("#")
            elif nom != "id":
                yield from _REFERENCE.findall(valeur)


def _de_la_page(trouve: re.Match[str]) -> str:
    nom = _PAR_CODE.get(trouve[0])
    return trouve[0] if nom is None else f"var(--g-{nom}, {trouve[0]})"
