"""The published percentiles, against doctors drawn for that, and against the contracts."""

from collections.abc import Iterator
from itertools import product

import numpy
from scipy.special import ndtri

from openfisca_assistant_medical.affichage import libelle
from openfisca_assistant_medical.population.synthese.latente import (
    COMPTES,
    GENERALISTE,
    NIVEAUX,
    SPECIALITES,
    Lois,
    Reels,
)
from openfisca_assistant_medical.population.synthese.mesures import (
    ERREURS_TYPES,
    Ligne,
    Mesure,
)
from openfisca_assistant_medical.population.synthese.patients import lier

TIRAGE = 50_000  # doctors drawn by text and speciality
_TEXTES = 2  # with percentiles of their own
_ENTIER = 1.0  # counts are whole
_PAS = 4_001  # points of the curve of a count


def temoins(lois: Lois, graine: int) -> Iterator[Ligne]:
    """Percentiles of all the doctors, whether they sign or not."""
    generateur = numpy.random.Generator(numpy.random.Philox(graine))
    scores: dict[str, Reels] = {"pmt": ndtri(generateur.random(TIRAGE))}
    normales = generateur.standard_normal(TIRAGE)
    scores["pfa"] = lier(scores["pmt"], normales, "correlation_pmt_pfa")
    for nom, niveau in product(COMPTES, NIVEAUX):
        for (texte, specialite), publie in lois.publies[nom][niveau].items():
            # The third text has the percentiles of the second; no PFA was published for the first.
            if texte >= _TEXTES or (nom == "pfa" and texte == 0):
                continue
            code, part = SPECIALITES.index(specialite), NIVEAUX[niveau]
            codes = numpy.full(TIRAGE, texte), numpy.full(TIRAGE, code)
            comptes = numpy.floor(lois.compte(nom, *codes, scores[nom]))
            yield {
                "cible": f"{niveau.upper()} de {nom.upper()}, {libelle('Specialite', specialite)}",
                "nature": "construction",  # the curve goes through them
                **_percentile(lois, nom, texte, code, part, 1 / TIRAGE),
                "publie": publie,
                "atteint": float(numpy.quantile(comptes, part)),
            }


def percentiles_des_contrats(mesure: Mesure) -> Iterator[Ligne]:
    """Percentiles of PMT found again from the contracts of general practitioners.

    Those who sign are drawn among those above P30, the larger the likelier: each weighs less by
    that, and the doctors under P30 are put back.
    """
    lois, textes = mesure.lois, mesure.texte[mesure.anciens]
    comptes = mesure.colonne("patientele_mt_initiale")[mesure.anciens]
    plancher = NIVEAUX["p30"]
    grille = numpy.linspace(ndtri(plancher), 6, _PAS)
    for texte in range(_TEXTES):
        ici = numpy.sort(comptes[(textes > 0) == (texte > 0)])
        rangs = numpy.full(_PAS, texte)
        courbe = lois.compte("pmt", rangs, numpy.full(_PAS, GENERALISTE), grille)
        poids = numpy.exp(-lois.pente_de_selection * numpy.interp(ici + 0.5, courbe, grille))
        cumul = numpy.cumsum(poids) / max(poids.sum(), 1e-300)
        efficace = poids.sum() ** 2 / max((poids**2).sum(), 1e-300)
        for niveau, part in NIVEAUX.items():
            publie = lois.publies["pmt"][niveau].get((texte, "generaliste"))
            if publie is None or part == plancher:
                continue
            rang = numpy.searchsorted(cumul, (part - plancher) / (1 - plancher))
            yield {
                "cible": f"{niveau.upper()} de PMT, retrouvé depuis les contrats",
                **_percentile(lois, "pmt", texte, GENERALISTE, part, 1 / max(efficace, 1)),
                "publie": publie,
                "atteint": float(ici[rang]) if rang < len(ici) else None,
            }


def _percentile(lois: Lois, nom: str, texte: int, code: int, part: float, variance: float) -> Ligne:
    """Unit, tolerance and source of a percentile, from the variance of a draw."""
    ecart = ERREURS_TYPES * (part * (1 - part) * variance) ** 0.5
    bornes = [
        lois.percentile(nom, texte, code, min(max(part + signe * ecart, 1e-6), 1 - 1e-6))
        for signe in (-1, 1)
    ]
    centre = lois.percentile(nom, texte, code, part)
    return {
        "unite": "patients",
        "tolerance": max(abs(borne - centre) for borne in bornes) + _ENTIER,
        "date": str(lois.debuts[texte]),
        "source": f"patientele.{nom}",
        "pourquoi": "Paramètre de la loi.",
    }
