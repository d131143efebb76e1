"""The arithmetic that an explanation shows, worked out again from its JSON alone.

Written apart from the model: plain Python, dates and fractions, no NumPy. Values written beside an
operation are not read; only those of its leaves are. The figures of the law are looked up again in
the parameters, at the day that the explanation gives.
"""

import calendar
import math
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from openfisca_core.parameters import Parameter

AUCUN_JOUR = date(9999, 12, 31)


def rejouer(calcul: dict[str, Any]) -> Any:
    """Result of `{"definitions", "resultat"}`: numbers as fractions, dates, words, truths."""
    noms: dict[str, Any] = {}
    for definition in calcul["definitions"]:
        noms[definition["nom"]] = valeur(definition["expression"], noms)
    return valeur(calcul["resultat"], noms)


def feuille(valeur: Any) -> Any:
    if isinstance(valeur, str) and len(valeur) == 10 and valeur[4] == valeur[7] == "-":
        return date.fromisoformat(valeur)
    if isinstance(valeur, float):
        return Fraction(valeur)
    return valeur


def valeur(noeud: dict[str, Any], noms: dict[str, Any]) -> Any:
    genre = noeud["genre"]
    if genre == "nom":
        return noms[noeud["nom"]]
    if genre == "choix":
        for ligne in noeud["lignes"]:
            if valeur(ligne["condition"], noms):
                return valeur(ligne["valeur"], noms)
        return valeur(noeud["sinon"], noms)
    if genre == "operation":
        arguments = [valeur(argument, noms) for argument in noeud["arguments"]]
        return OPERATIONS[noeud["operateur"]](*arguments)
    assert genre in ("variable", "parametre", "constante"), genre
    return feuille(noeud["valeur"])


def sans_nombre(operation: Callable[..., Any], defaut: Any) -> Callable[..., Any]:
    """What is not published is no number: no comparison with it holds."""

    def calculer(*arguments: Any) -> Any:
        return defaut if None in arguments else operation(*arguments)

    return calculer


def centimes(euros: Fraction) -> Fraction:
    # A share such as 2/3 comes as a binary number: half a cent is met to a hundred-millionth.
    return Fraction(math.floor(Fraction(euros) * 100 + Fraction(1, 2) + Fraction(1, 10**8)), 100)


def plus_mois(jour: date, mois: Any) -> date:
    if jour == AUCUN_JOUR or mois is None:
        return jour
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + int(mois), 12)
    if annee > 9998:
        return AUCUN_JOUR
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))


def plus_annees(jour: date, annees: Any) -> date:
    return plus_mois(jour, None if annees is None else annees * 12)


def anniversaire(jour: date, annee: int) -> date:
    return jour if jour == AUCUN_JOUR else plus_annees(jour, annee - jour.year)


def anniversaire_a_venir(jour: date, depuis: date) -> date:
    if AUCUN_JOUR in (jour, depuis):
        return AUCUN_JOUR
    return next(echeance for n in range(200) if (echeance := plus_annees(jour, n)) >= depuis)


def part_courue(debut: date, fin: date, jour: date) -> Fraction:
    if jour >= fin or fin <= debut:
        return Fraction(1)
    return Fraction(max((jour - debut).days, 0), (fin - debut).days)


def premiere_echeance(jour: date, mois: Any, annee: int, passees: int = 0) -> date:
    if not mois:
        return AUCUN_JOUR
    for fois in range(1, 12 * 200):
        echeance = plus_mois(jour, fois * mois)
        if echeance.year >= annee:
            if passees:
                echeance = plus_mois(jour, (fois + passees) * mois)
            return echeance if echeance.year == annee else AUCUN_JOUR
    return AUCUN_JOUR


def egaux(une: Any, autre: Any) -> bool:
    return bool(une == autre)


# Bands from the lowest to the highest, as the documents order them.
TRANCHES = ["moins_de_p30", "p30_p90", "indeterminee", "p90_p95", "p95_et_plus"]
SANS_EQUIVALENT = ("non_declaree", "sans_avenant")

OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: None if None in (a, b) else a - b,
    "*": sans_nombre(lambda a, b: a * b, None),
    "/": lambda a, b: a / b,
    "et": lambda a, b: bool(a) and bool(b),
    "ou": lambda a, b: bool(a) or bool(b),
    "non": lambda a: not a,
    "oppose": lambda a: -a,
    "<": sans_nombre(lambda a, b: a < b, False),
    "<=": sans_nombre(lambda a, b: a <= b, False),
    ">": sans_nombre(lambda a, b: a > b, False),
    ">=": sans_nombre(lambda a, b: a >= b, False),
    "==": sans_nombre(egaux, False),
    "!=": lambda a, b: a != b,
    "maximum": max,
    "minimum": min,
    "annee": lambda jour: jour.year,
    "anniversaire": anniversaire,
    "anniversaire_a_venir": anniversaire_a_venir,
    "arrondi_au_centime": centimes,
    "arrondi_au_patient": sans_nombre(
        lambda part, n: math.floor(part * n + Fraction(1, 2) + Fraction(1, 10**7)), 0
    ),
    # Shares of the law are written to the millionth at the finest.
    "atteint": sans_nombre(lambda o, part, c: o >= part.limit_denominator(10**6) * c, False),
    "depasse": sans_nombre(lambda o, part, c: o > part.limit_denominator(10**6) * c, False),
    "echeance_annuelle": lambda jour, annees, an: premiere_echeance(
        jour, annees and annees * 12, an
    ),
    "borne": lambda a, bas, haut: min(max(a, bas), haut),
    "dans_l_annee": lambda jour, annee: jour.year == annee and jour != AUCUN_JOUR,
    "est": egaux,
    "meme_nom": lambda a, _, sinon: sinon if a in SANS_EQUIVALENT else a,
    "part_courue": part_courue,
    "plus_annees": plus_annees,
    "plus_haute": lambda a, b: max(a, b, key=TRANCHES.index),
    "plus_mois": plus_mois,
    "premiere_echeance": premiere_echeance,
    "rapport": lambda a, b: Fraction(a) / Fraction(b) if b > 0 else Fraction(0),
    "seconde_echeance": lambda jour, mois, an: premiere_echeance(jour, mois, an, passees=1),
}


def feuilles(noeud: Any) -> list[dict[str, Any]]:
    """Every leaf of an arithmetic, wherever it is."""
    if isinstance(noeud, list):
        return [f for element in noeud for f in feuilles(element)]
    if not isinstance(noeud, dict):
        return []
    sous = [f for element in noeud.values() for f in feuilles(element)]
    return [noeud, *sous] if noeud.get("genre") in ("variable", "parametre") else sous


def figure(systeme: Any, noeud: dict[str, Any]) -> Any:
    """The figure of the law that a leaf names, at the date it gives."""
    parametre = systeme.parameters
    for nom in noeud["parametre"].split("."):
        parametre = parametre.children[nom]
    assert isinstance(parametre, Parameter)
    return {v.instant_str: v.value for v in parametre.values_list}[noeud["depuis"]]
