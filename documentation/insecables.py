"""French spaces that may not break, put in the prose of the pages; the sources keep plain ones."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

_FINE, _MOT = "\u202f", "\u00a0"
_REGLES = (
    (re.compile(r"(?<=«) | (?=»)| (?=:(?:\s|$))"), _MOT),
    (re.compile(r" (?=[;!?%€](?:\W|$))|(?<=\d) (?=\d{3}(?!\d))"), _FINE),
)
_TELS_QUELS = (nodes.literal, nodes.literal_block, nodes.raw, nodes.comment)


def insecables(texte: str) -> str:
    """The text, where a line no longer breaks before « : » or inside a number."""
    for motif, espace in _REGLES:
        texte = motif.sub(espace, texte)
    return texte


class Insecables(SphinxTransform):
    """Every text of a page but code."""

    default_priority = 990  # once the text is what it will be

    def apply(self, **_: object) -> None:
        """Replace the texts in place."""
        for texte in list(self.document.findall(nodes.Text)):
            parent = texte.parent
            if parent is not None and not isinstance(parent, _TELS_QUELS):
                nouveau = insecables(str(texte))
                if nouveau != str(texte):
                    parent.replace(texte, nodes.Text(nouveau))
