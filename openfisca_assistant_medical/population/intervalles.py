"""What draws tell: an interval on each total, and what each assumption explains of it."""

from collections.abc import Iterator
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.population.tirages import SCHEMA

# Degree of the polynomials by which an assumption explains a total, by number of draws; and the
# draws that each of their terms needs: with fewer, they would fit chance.
_DEGRES = ((400, 3), (100, 2), (0, 1))
_PAR_TERME = 10


def _series(
    tirages: pa.Table, difference: bool
) -> Iterator[tuple[str, int | None, str, NDArray[numpy.float64]]]:
    """Law, year, quantity and its values by draw; minus those of the first law if asked for."""
    series: dict[Any, dict[int, float]] = {}
    for ligne in tirages.to_pylist():
        cle = ligne["loi"], ligne["annee"], ligne["grandeur"]
        series.setdefault(cle, {})[ligne["tirage"]] = ligne["valeur"]
    lois = [loi for loi in dict.fromkeys(cle[0] for cle in series) if loi is not None]
    for (loi, annee, grandeur), valeurs in series.items():
        if loi is None or (difference and loi == lois[0]):
            continue
        tableau = numpy.array([valeurs[tirage] for tirage in sorted(valeurs)])
        if difference:
            reference = series[lois[0], annee, grandeur]
            tableau = tableau - numpy.array([reference[tirage] for tirage in sorted(reference)])
        yield loi, annee, grandeur, tableau


def intervalles(tirages: pa.Table, niveau: float = 0.9, difference: bool = False) -> pa.Table:
    """Mean, median and bounds of each total.

    Args:
        tirages: as `tirages.tirer` gives them.
        niveau: share of the draws between the bounds, the same left out on each side.
        difference: of each law minus the first.

    Returns:
        loi, annee (null: all), grandeur, moyenne, bas, mediane, haut, in euros.
    """
    if not 0 < niveau < 1:
        raise ValueError(f"niveau : reçu {niveau} ; attendu entre 0 et 1, bornes exclues.")
    reste = (1 - niveau) / 2
    lignes = []
    for loi, annee, grandeur, valeurs in _series(tirages, difference):
        bas, mediane, haut = numpy.quantile(valeurs, (reste, 0.5, 1 - reste))
        lignes.append(
            {"loi": loi, "annee": annee, "grandeur": grandeur, "moyenne": valeurs.mean(),
             "bas": bas, "mediane": mediane, "haut": haut}
        )  # fmt: skip
    nombres = [(nom, pa.float64()) for nom in ("moyenne", "bas", "mediane", "haut")]
    cles = [SCHEMA.field(nom) for nom in ("loi", "annee", "grandeur")]
    return pa.Table.from_pylist(lignes, schema=pa.schema([*cles, *nombres]))


def parts_de_variance(tirages: pa.Table, difference: bool = False) -> pa.Table:
    """What each assumption explains of the variance of each total over all the years.

    From the draws themselves: a polynomial of each assumption is fitted to the total, and its share
    is its covariance with it. What they leave (each contract's own chance, assumptions acting
    together) is « reste »; shares add up to 1, and one may be a little under 0 by chance.
    With a hundred draws, chance alone explains a few hundredths; with fewer than ten for each term
    of the polynomials, nothing is said.

    Returns:
        loi, grandeur, hypothese, part, raison (why the part is null; else null).
    """
    latentes: dict[str, dict[int, float]] = {}
    for ligne in tirages.filter(tirages["loi"].is_null()).to_pylist():
        latentes.setdefault(ligne["grandeur"], {})[ligne["tirage"]] = ligne["valeur"]
    roles = list(latentes)
    nombre = max(map(len, latentes.values()), default=0)
    permis = nombre // (_PAR_TERME * max(len(roles), 1))
    degre = next((d for seuil, d in _DEGRES if nombre >= seuil and d <= permis), 0)
    bases = []
    for tiree in latentes.values():
        tableau = numpy.array([tiree[tirage] for tirage in sorted(tiree)])
        uniforme = 2 * (numpy.argsort(numpy.argsort(tableau)) + 0.5) / len(tableau) - 1
        bases.append(numpy.polynomial.legendre.legvander(uniforme, degre)[:, 1:])
    lignes = []
    for loi, annee, grandeur, valeurs in _series(tirages, difference):
        if annee is not None:
            continue
        ecarts = valeurs - valeurs.mean()
        variance = float(ecarts @ ecarts)
        parts: list[float | None] = [None] * (len(roles) + 1)
        raison = None
        if variance <= 0:
            raison = "le total ne varie pas"
        elif not degre:
            raison = f"{nombre} tirages ; il en faut {_PAR_TERME * len(roles)}"
        else:
            coefficients = numpy.linalg.lstsq(numpy.hstack(bases), ecarts, rcond=None)[0]
            expliquees = [
                float((base @ coefficients[degre * r : degre * (r + 1)]) @ ecarts) / variance
                for r, base in enumerate(bases)
            ]
            parts = [*expliquees, max(1 - sum(expliquees), 0.0)]
        for role, part in zip((*roles, "reste"), parts, strict=True):
            lignes.append(
                {"loi": loi, "grandeur": grandeur, "hypothese": role, "part": part,
                 "raison": raison}
            )  # fmt: skip
    textes = [(nom, pa.string()) for nom in ("loi", "grandeur", "hypothese", "raison")]
    schema = pa.schema([*textes[:3], ("part", pa.float64()), textes[3]])
    return pa.Table.from_pylist(lignes, schema=schema)
