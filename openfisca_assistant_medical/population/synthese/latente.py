"""The doctors whom contracts come from: counts of patients that follow the published percentiles.

The logarithm of a count is a broken line of its normal score, through each percentile that the
parameters of the law give; beyond them, its slope is an assumption. So they are met exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from openfisca_assistant_medical.nomenclatures import Specialite
from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem

Reels = NDArray[numpy.float64]
Codes = NDArray[numpy.intp]
Choix = NDArray[numpy.bool_]

NIVEAUX = {"p30": 0.3, "p50": 0.5, "p90": 0.9, "p95": 0.95}
SCORES: Reels = ndtri(numpy.array(list(NIVEAUX.values())))
SPECIALITES = list(Specialite.__members__)
GENERALISTE = SPECIALITES.index("generaliste")
COMPTES = ("pmt", "pfa")
_QUADRATURE = 20_001  # points at which a mean over the doctors is worked out


@dataclass(frozen=True)
class Lois:
    """Distributions of the counts, by text and speciality.

    Attributes:
        debuts: first day of each text, shape (t,).
        publies: by count, level, then (text, speciality): the percentile that the law gives.
        ancres: by count, logarithm at P30, shape (t, specialities); NaN where nothing is published.
        pentes: by count, slopes below P30, between percentiles and above P95, shape (t, s, 5).
        un_etp_partout, exercice_libre, tiers_ouvert, prorogeable: by text, what it asks for.
        pente_de_selection: shift of the normal score of general practitioners who sign.
        gain_au_dela_de_p50: patients that those who start above P50 gain in 48 months.
    """

    debuts: NDArray[numpy.datetime64]
    publies: dict[str, dict[str, dict[tuple[int, str], float]]]
    ancres: dict[str, Reels]
    pentes: dict[str, Reels]
    un_etp_partout: NDArray[numpy.bool_]
    exercice_libre: NDArray[numpy.bool_]
    tiers_ouvert: NDArray[numpy.bool_]
    prorogeable: NDArray[numpy.bool_]
    pente_de_selection: float = 0.0
    gain_au_dela_de_p50: float = 0.0

    def texte(self, jours: NDArray[numpy.datetime64]) -> Codes:
        """Text in force on each day."""
        rangs: Codes = numpy.searchsorted(self.debuts, jours, side="right") - 1
        return rangs

    def logarithme(self, compte: str, texte: Codes, specialite: Codes, scores: Reels) -> Reels:
        """Logarithm of a count for normal scores; NaN where nothing is published. Shapes (n,)."""
        pentes = self.pentes[compte][texte, specialite]
        resultat: Reels = self.ancres[compte][texte, specialite]
        resultat = resultat + pentes[:, 0] * numpy.minimum(scores - SCORES[0], 0)
        for rang in (1, 2, 3):
            largeur = SCORES[rang] - SCORES[rang - 1]
            resultat += pentes[:, rang] * numpy.clip(scores - SCORES[rang - 1], 0, largeur)
        resultat += pentes[:, 4] * numpy.maximum(scores - SCORES[3], 0)
        return resultat

    def compte(self, nom: str, texte: Codes, specialite: Codes, scores: Reels) -> Reels:
        """Counts of patients, not rounded."""
        comptes: Reels = numpy.exp(self.logarithme(nom, texte, specialite, scores))
        return comptes

    def percentile(self, nom: str, texte: int, specialite: int, part: float) -> float:
        """Count under which this share of the doctors of a speciality stands."""
        un = numpy.array([texte]), numpy.array([specialite])
        return float(self.compte(nom, *un, ndtri(numpy.array([part])))[0])

    def moyenne(self, nom: str, texte: int, specialite: int, points: int) -> float:
        """Mean count of the doctors of a speciality."""
        scores = ndtri((numpy.arange(points) + 0.5) / points)
        codes = numpy.full(points, texte), numpy.full(points, specialite)
        return float(self.compte(nom, *codes, scores).mean())


def au_dessus(uniformes: Reels, plancher: float, decalage: float) -> Reels:
    """Normal scores of mean `decalage`, kept above `plancher`, from uniform draws."""
    sous = ndtr(plancher - decalage)
    scores: Reels = decalage + ndtri(sous + uniformes * (1 - sous))
    return scores


@cache
def lois_des_comptes() -> Lois:
    """The distributions, read from the law's parameters, and what the studies calibrate."""
    lois = _lire_les_lois(convention_2024(CountryTaxBenefitSystem()))
    hypotheses = lire_hypotheses()
    pente = _caler(lois, hypotheses["pmt_de_depart"]["valeur"])
    scores = au_dessus(_milieux(), SCORES[0], pente)
    part_du_bas = float((scores < SCORES[1]).mean())
    du_bas, moyen = (
        hypotheses[cle]["valeur"] for cle in ("gain_pmt_48_mois_p30_p50", "gain_pmt_48_mois")
    )
    reste = (moyen - part_du_bas * du_bas) / (1 - part_du_bas)
    return Lois(**{**vars(lois), "pente_de_selection": pente, "gain_au_dela_de_p50": reste})


def _milieux() -> Reels:
    return (numpy.arange(_QUADRATURE) + 0.5) / _QUADRATURE


def _caler(lois: Lois, moyenne: float) -> float:
    """Shift of the score that gives general practitioners of the first text this mean PMT."""
    zeros = numpy.zeros(_QUADRATURE, numpy.intp)
    bas, haut = -3.0, 3.0
    for _ in range(60):
        milieu = (bas + haut) / 2
        scores = au_dessus(_milieux(), SCORES[0], milieu)
        trop = lois.compte("pmt", zeros, zeros + GENERALISTE, scores).mean() > moyenne
        bas, haut = (bas, milieu) if trop else (milieu, haut)
    return (bas + haut) / 2


def _lire_les_lois(systeme: Any) -> Lois:
    parametres = systeme.parameters
    textes = parametres.contrat.texte_en_vigueur.values_list
    jours = sorted(v.instant_str for v in textes)
    publies = {
        compte: {niveau: _publies(parametres, compte, niveau, jours) for niveau in NIVEAUX}
        for compte in COMPTES
    }
    for niveau in NIVEAUX:
        # No percentile of PFA before 2023: those of the next text stand for them.
        connus = publies["pfa"][niveau]
        for (rang, nom), valeur in sorted(connus.items(), reverse=True):
            if rang > 0:
                connus.setdefault((rang - 1, nom), valeur)
    ecarts = lire_hypotheses()["ecart_type_log"]
    courbes = {c: _courbes(publies[c], len(jours), ecarts[c]) for c in COMPTES}
    conditions = [parametres.eligibilite.get_at_instant(jour) for jour in jours]
    return Lois(
        debuts=numpy.array(jours, "datetime64[D]"),
        publies=publies,
        ancres={c: courbes[c][0] for c in COMPTES},
        pentes={c: courbes[c][1] for c in COMPTES},
        un_etp_partout=numpy.array([c.option.un_etp_selon_zone.hors_zone for c in conditions]),
        exercice_libre=numpy.array([not c.exercice_regroupe.requis for c in conditions]),
        tiers_ouvert=numpy.array([c.option.souscription.tiers_etp for c in conditions]),
        prorogeable=numpy.array(
            [not parametres.contrat.reconduction_tacite.get_at_instant(jour) for jour in jours]
        ),
    )


def _publies(
    parametres: Any, compte: str, niveau: str, jours: list[str]
) -> dict[tuple[int, str], float]:
    table = parametres.patientele.children[compte].children.get(niveau)
    trouves = {}
    for rang, jour in enumerate(jours):
        for nom, feuille in table.children.items():
            valeur = feuille.get_at_instant(jour)
            if valeur is not None:
                trouves[rang, nom] = float(valeur)
    return trouves


def _courbes(
    publies: dict[str, dict[tuple[int, str], float]], textes: int, ecarts: Mapping[str, float]
) -> tuple[Reels, Reels]:
    """Logarithm at P30 and slopes of each segment; see `Lois`."""
    ancres = numpy.full((textes, len(SPECIALITES)), numpy.nan)
    pentes = numpy.full((textes, len(SPECIALITES), len(SCORES) + 1), ecarts["au_dessus"])
    pentes[..., 0] = ecarts["sous_p30"]
    for texte, nom in publies["p30"]:
        case = texte, SPECIALITES.index(nom)
        logs = numpy.array([publies[n].get((texte, nom), numpy.nan) for n in NIVEAUX])
        logs = numpy.log(logs)
        connus = numpy.flatnonzero(~numpy.isnan(logs))
        ancres[case] = logs[0]
        for un, suivant in pairwise(connus):
            pente = (logs[suivant] - logs[un]) / (SCORES[suivant] - SCORES[un])
            pentes[(*case, slice(un + 1, suivant + 1))] = pente
    return ancres, pentes
