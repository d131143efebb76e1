"""The guides beside the reference: a name of the model, written as code, is a link to its page."""

import re
from collections.abc import Iterator, Mapping

_CLOTURE = re.compile(r"^\s*(`{3,}|~{3,})")
# A name alone in a span of code, outside the text of a link.
_NOM = re.compile(r"(?<![`\[\\])`([A-Za-z0-9_.]+)`(?![`\]])")
_TITRE = re.compile(r"^# (.+)$", re.MULTILINE)


def titre(texte: str) -> str:
    """Title of a page."""
    trouve = _TITRE.search(texte)
    return trouve[1] if trouve else ""


def relier(texte: str, noms: Mapping[str, str]) -> str:
    """A page whose names of the model are links.

    Args:
        texte: in Markdown.
        noms: the label of each name of the model.
    """

    def lien(trouve: re.Match[str]) -> str:
        cible = noms.get(trouve[1])
        return trouve[0] if cible is None else f"[`{trouve[1]}`](#{cible})"

    return "".join(_NOM.sub(lien, ligne) if prose else ligne for ligne, prose in _lignes(texte))


def mentions(
    textes: Mapping[str, str], noms: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Guides, each as (path, title), that name each label of the model.

    Neither a decision nor the home page is one.
    """
    cites: dict[str, dict[tuple[str, str], None]] = {}
    for chemin, texte in textes.items():
        if chemin.startswith("adr/") or chemin == "index.md":
            continue
        for ligne, prose in _lignes(texte):
            for nom in _NOM.findall(ligne) if prose else ():
                if nom in noms:
                    cites.setdefault(noms[nom], {})[chemin, titre(texte)] = None
    return {cible: list(vus) for cible, vus in cites.items()}


def _lignes(texte: str) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each is prose: neither a heading nor inside a block."""
    ouverte = ""
    for ligne in texte.splitlines(keepends=True):
        cloture = _CLOTURE.match(ligne)
        prose = not ouverte and not cloture and not ligne.startswith("#")
        if cloture:
            if not ouverte:
                ouverte = cloture[1]
            elif ligne.strip() == ouverte:
                ouverte = ""
        yield ligne, prose
