"""Settings of Sphinx for the site: French, local, strict."""

from functools import cache
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.search.fr import SearchFrench

from documentation.insecables import Insecables

_RACINE = Path(__file__).parents[2]

project = "Aide à l’emploi d’un assistant médical"
author = "openfisca-assistant-medical"
language = "fr"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
myst_ref_domains = ["std"]
# A table of the law is no command: dashes stay dashes.
smartquotes = False

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
templates_path = ["_templates"]
html_extra_path = [str(_RACINE / "LICENSE")]
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_theme_options = {
    "footer_icons": [],
    "light_css_variables": {"font-stack": "system-ui, 'Segoe UI', Roboto, sans-serif"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


class _Recherche(SearchFrench):
    """Words are the same on all the pages: the root of each is found once."""

    @cache  # noqa: B019 -- as long as the one index of a build
    def stem(self, word: str) -> str:
        return super().stem(word)


def setup(app: Sphinx) -> None:
    """French spaces, French search; and a table is text, no language that pages colour."""
    app.add_search_language(_Recherche)
    app.add_transform(Insecables)
    app.add_lexer("csv", TextLexer)
