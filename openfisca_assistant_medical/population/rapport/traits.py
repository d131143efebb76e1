"""What the charts of a report share: certainties are told by a hatch as well as by a colour."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from openfisca_assistant_medical.population.libelles import CERTITUDES
from openfisca_assistant_medical.population.rapport.mots import nombre
from openfisca_assistant_medical.population.rapport.svg import COULEURS, en_svg, figure
from openfisca_assistant_medical.population.secret import AUTRES

Graphique = dict[str, str]
LARGEUR = 5.2
_HACHURES = {"droit": "", "lecture": "/////", "hypothese": "xxxxx", "inconnu": "", AUTRES: "-----"}
_TEINTES = {**{n: n for n in ("droit", "lecture", "hypothese", "inconnu")}, AUTRES: "encre"}
_COUPE, _LIGNES = 34, 3  # letters of a line of a label, lines


def rendre(dessin: Any, nom: str, titre: str, legende: str, description: str) -> Graphique:
    """A chart drawn: its id, its words, its SVG."""
    svg = en_svg(dessin, f"g-{nom.replace('_', '-')}", titre, description)
    return {"id": nom, "titre": titre, "legende": legende, "svg": svg}


def _coupe(texte: str) -> str:
    """A label on a few lines."""
    return "\n".join(textwrap.wrap(texte, _COUPE, max_lines=_LIGNES, placeholder="…"))


def en_millions(axe: Any) -> None:
    """Graduate an axis in millions."""
    axe.set_major_locator(MaxNLocator(nbins=6))
    axe.set_major_formatter(FuncFormatter(lambda valeur, _: nombre(valeur / 1e6, 2)))


def habiller(axes: Any, *, horizontal: bool = False) -> None:
    """Thin grey lines along the values, no tick marks, ink that follows the page."""
    axes.grid(True, axis="x" if horizontal else "y", color=COULEURS["trait"], linewidth=0.5)
    for cote in ("left", "bottom"):
        axes.spines[cote].set_color(COULEURS["pale"])
    axes.tick_params(length=0, colors=COULEURS["encre"])
    for axe in (axes.xaxis, axes.yaxis):
        axe.label.set_color(COULEURS["pale"])


def _style(certitude: str) -> dict[str, Any]:
    teinte = COULEURS[_TEINTES[certitude]]
    plein = certitude == "droit"
    return {
        "facecolor": teinte if plein else COULEURS["papier"],
        "edgecolor": teinte,
        "hatch": _HACHURES[certitude],
        "linewidth": 0.8,
    }


def legender(axes: Any, colonnes: int) -> None:
    """A legend over the chart."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.01), ncols=colonnes, frameon=False,
        labelcolor=COULEURS["encre"], handlelength=1.8, columnspacing=1.2, borderaxespad=0,
    )  # fmt: skip


def empiler(
    axes: Any, places: Sequence[float], piles: Sequence[Sequence[float]], noms: list[str],
    largeur: float,
) -> None:  # fmt: skip
    """Bars piled by certainty, what is negative downwards."""
    haut, bas = [0.0] * len(places), [0.0] * len(places)
    for rang, nom in enumerate(noms):
        valeurs = [pile[rang] for pile in piles]
        pieds = [h if v >= 0 else b for v, h, b in zip(valeurs, haut, bas, strict=True)]
        axes.bar(places, valeurs, largeur, bottom=pieds, label=CERTITUDES[nom], **_style(nom))
        haut = [h + max(v, 0) for h, v in zip(haut, valeurs, strict=True)]
        bas = [b + min(v, 0) for b, v in zip(bas, valeurs, strict=True)]


def barres(
    nom: str, titre: str, legende: str, noms: list[str], valeurs: list[float],
    dire: Callable[[float], str], teinte: Callable[[int], str], axe: str, *, en_euros: bool = True,
) -> Graphique | None:  # fmt: skip
    """Horizontal bars, each with its value at its end."""
    if not noms:
        return None
    marques = [_coupe(nom) for nom in noms]
    ligne = 0.14 + 0.13 * max(1 + marque.count("\n") for marque in marques)
    with figure(LARGEUR, 0.75 + ligne * len(noms)) as dessin:
        axes = dessin.add_subplot()
        places = list(range(len(noms)))[::-1]
        axes.barh(places, valeurs, 0.66, color=[COULEURS[teinte(r)] for r in range(len(noms))])
        for place, valeur in zip(places, valeurs, strict=True):
            axes.annotate(
                dire(valeur), (valeur, place), xytext=(4 if valeur >= 0 else -4, 0),
                textcoords="offset points", va="center", ha="left" if valeur >= 0 else "right",
                fontsize=8.5, color=COULEURS["encre"],
            )  # fmt: skip
        axes.axvline(0, color=COULEURS["encre"], linewidth=0.9)
        axes.margins(x=0.24, y=0.01)
        if min(valeurs) >= 0:
            axes.set_xlim(left=0)
        elif max(valeurs) <= 0:
            axes.set_xlim(right=0)
        habiller(axes, horizontal=True)
        axes.spines["left"].set_visible(False)
        axes.set_yticks(places, marques, fontsize=9)
        if en_euros:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda valeur, _: nombre(valeur, 2)))
        else:
            axes.set_xticks([])
            axes.grid(False)
            axes.spines["bottom"].set_visible(False)
        axes.set_xlabel(axe)
        dits = [f"{n} : {dire(v)}" for n, v in zip(noms, valeurs, strict=True)]
        return rendre(dessin, nom, titre, legende, " ; ".join(dits) + ".")
