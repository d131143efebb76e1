"""The values of a figure over time, as a drawing inside a page: a step for each date.

The colours are those of the page, light or dark; the same figure gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from openfisca_assistant_medical.affichage import en_mots, jour

Serie = Sequence[tuple[str, float | None]]
_LARGEUR, _HAUT, _BAS, _GAUCHE, _DROITE, _MARGE = 640.0, 24.0, 96.0, 8.0, 632.0, 126.0
_APRES = 600  # days shown after the last date


def courbe(series: Mapping[str, Serie], titre: str, unite: str | None) -> str:
    """A step line for each law.

    Args:
        series: for each law, the values by date, in order; None ends the one before it.
        titre: said by a screen reader.
        unite: unit of the values.

    Returns:
        An element of HTML, or nothing where there is no number to draw.
    """
    valeurs = [v for serie in series.values() for _, v in serie if v is not None]
    if not valeurs:
        return ""
    jours = sorted({d for serie in series.values() for d, _ in serie})
    echelle = _Echelle(_rang(jours[0]), _rang(jours[-1]) + _APRES, max(*valeurs, 0) or 1)
    traces, mots = [], []
    dits: set[tuple[str, float]] = set()
    for rang, serie in enumerate(series.values(), start=1):
        traces += _trace(serie, echelle, rang)
        for d, v in _changements(serie):
            if (d, v) not in dits:  # two laws that agree say it once
                ou = echelle.x(d), echelle.y(v) - 5
                mots.append(_mot(*ou, en_mots(v, unite), "valeur"))
            dits.add((d, v))
    return _dessin([*traces, *_jours(jours, echelle), *mots], titre, _legende(series, unite))


def _rang(jour_iso: str) -> int:
    return date.fromisoformat(jour_iso).toordinal()


@dataclass(frozen=True, slots=True)
class _Echelle:
    """Where a day and a value are in the drawing; values start at 0."""

    premier: int
    dernier: int
    sommet: float

    def x(self, jour_iso: str) -> float:
        part = (_rang(jour_iso) - self.premier) / (self.dernier - self.premier)
        return _GAUCHE + (_DROITE - _GAUCHE) * part

    def y(self, valeur: float) -> float:
        return _BAS - (_BAS - _HAUT) * valeur / self.sommet


def _changements(serie: Serie) -> list[tuple[str, float]]:
    """Values that are not those of the date before."""
    avant = [None, *(v for _, v in serie)]
    return [(d, v) for (d, v), a in zip(serie, avant, strict=False) if v is not None and v != a]


def _trace(serie: Serie, echelle: _Echelle, rang: int) -> list[str]:
    debuts = [echelle.x(d) for d, _ in serie]
    chemin, ouvert = "", False
    for (_, valeur), x, fin in zip(serie, debuts, [*debuts[1:], _DROITE], strict=True):
        if valeur is not None:
            chemin += f"{'L' if ouvert else 'M'}{x:.1f} {echelle.y(valeur):.1f}H{fin:.1f}"
        ouvert = valeur is not None
    return [f'<path class="loi-{rang}" d="{chemin}"/>'] if chemin else []


def _jours(jours: list[str], echelle: _Echelle) -> list[str]:
    """The axis, and the days that are far enough from one another to be written."""
    traits = [f'<path class="axe" d="M{_GAUCHE} {_BAS}H{_DROITE}"/>']
    libre = -_LARGEUR
    for d in jours:
        ici = echelle.x(d)
        traits.append(f'<path class="axe" d="M{ici:.1f} {_BAS}v5"/>')
        if ici - libre > 125 and ici < _DROITE - 100:
            traits.append(_mot(ici, _BAS + 20, jour(d), "jour"))
            libre = ici
    return traits


def _mot(x: float, y: float, texte: str, classe: str) -> str:
    return f'<text class="{classe}" x="{x:.1f}" y="{y:.1f}">{escape(texte)}</text>'


def _legende(series: Mapping[str, Serie], unite: str | None) -> str:
    return " ; ".join(
        f"{loi} : "
        + ", ".join(f"{en_mots(v, unite)} depuis le {jour(d)}" for d, v in _changements(serie))
        for loi, serie in series.items()
    )


def _dessin(elements: Sequence[str], titre: str, description: str) -> str:
    return (
        f'<svg class="courbe" viewBox="0 0 {_LARGEUR:.0f} {_MARGE:.0f}" role="img" '
        f'aria-label="{escape(titre)}. {escape(description)}.">{"".join(elements)}</svg>'
    )
