"""A report written: the page, and the tables beside it."""

import csv
import io
from os import PathLike
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.brouillon import brouillon
from openfisca_assistant_medical.extras import exiger
from openfisca_assistant_medical.pages import page
from openfisca_assistant_medical.population import libelles
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.rapport import mots, recit
from openfisca_assistant_medical.population.rapport.etablissement import (
    GAIN_MINIMAL,
    Rapport,
    etablir,
)
from openfisca_assistant_medical.population.rapport.publication import COLONNES, colonnes
from openfisca_assistant_medical.population.secret import AUTRES, SEUIL

PAGE = "rapport.html"
TABLES = "tables"
# What a spreadsheet would take for a formula.
_FORMULES = ("=", "+", "-", "@", "\t", "\r")


def ecrire_rapport(
    source: Resultat | str | PathLike[str],
    html: str | PathLike[str] | None = None,
    *,
    seuil: int = SEUIL,
    gain_minimal: float = GAIN_MINIMAL,
) -> Rapport:
    """Write the page, and its tables in the folder `tables` beside it; gives the report.

    Args:
        source: see `etablir`.
        html: the page; None = rapport.html in the folder of the result.
        seuil: see `etablir`.
        gain_minimal: see `etablir`.

    Raises:
        ValueError: no place for the page; and as `etablir`.
        OSError: it cannot be written.
    """
    if html is not None:
        cible = Path(html)
    elif isinstance(source, Resultat):
        raise ValueError("html : attendu : le fichier où écrire, pour un résultat en mémoire.")
    else:
        cible = Path(source) / PAGE
    rapport = etablir(source, seuil=seuil, gain_minimal=gain_minimal)
    lieu = cible.parent / TABLES
    textes = {lieu / f"{nom}.csv": en_csv(rapport, nom) for nom in COLONNES}
    textes[cible] = en_html(rapport)
    lieu.mkdir(exist_ok=True)
    for fichier, texte in textes.items():
        with brouillon(fichier) as ecrit:
            ecrit.write_text(texte, "utf-8", newline="")
    return rapport


def en_csv(rapport: Rapport, table: str) -> str:
    """A table of the report as CSV: its columns, then a row a line, with decimal points."""
    texte = io.StringIO()
    ecrivain = csv.writer(texte, lineterminator="\n")
    noms = colonnes(table, rapport["tues"])
    ecrivain.writerow(noms)
    for ligne in rapport["tables"][table]:
        ecrivain.writerow([_en_cellule(ligne[colonne]) for colonne in noms])
    return texte.getvalue()


def _en_cellule(valeur: Any) -> Any:
    if isinstance(valeur, str) and valeur.startswith(_FORMULES):
        return f"'{valeur}"
    if isinstance(valeur, bool):
        return str(valeur).lower()
    return "" if valeur is None else valeur


def en_html(rapport: Rapport) -> str:
    """The report as a page that needs nothing else; the same report gives the same bytes.

    Raises:
        ExtraManquant: what draws the charts is not installed.
    """
    with exiger("population"):
        from openfisca_assistant_medical.population.rapport.graphiques import graphiques

    return page(
        "rapport.html",
        rapport=rapport,
        graphiques=graphiques(rapport),
        mots=mots,
        libelles=libelles,
        recit=recit,
        AUTRES=AUTRES,
        version=rapport["provenance"]["version"],
    )
