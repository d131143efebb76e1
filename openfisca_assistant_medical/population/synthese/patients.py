"""Patients of synthetic contracts: at the signature, then at the end of each contract year."""

from dataclasses import dataclass
from functools import cache

import numpy
from numpy.typing import NDArray
from scipy.special import ndtri

from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.synthese.latente import (
    COMPTES,
    GENERALISTE,
    SCORES,
    Choix,
    Codes,
    Lois,
    Reels,
    au_dessus,
)
from openfisca_assistant_medical.situations.valeurs import LIMITE_PATIENTS

PREMIERE_ANNEE = 2019
ENTREES = {"pmt": "patientele_mt", "pfa": "file_active"}
_NON_DONNE = -1
_MOIS = 12
_ETUDE = 48  # months of the longest study
_MEDIANE = 0.5
_PEU = 2.0**-54  # a draw of 0 has no finite score


@dataclass(frozen=True)
class HasardDesPatients:
    """Draws of a block, shapes (n,): uniform for the count that decides, else normal."""

    compte: Reels
    autre_compte: Reels
    evolution_pmt: Reels
    evolution_pfa: Reels


@dataclass(frozen=True)
class Compte:
    """A count of patients over the life of a contract, shapes (n,).

    Attributes:
        depart: at the signature; NaN where it is not given.
        gain: patients gained on average at the end of the studies.
        rythme: row of `_rythmes`.
        ecart: what the doctor departs from that average by, in standard deviations.
    """

    depart: Reels
    gain: Reels
    rythme: Codes
    ecart: Reels


def _scores(
    lois: Lois, hasard: HasardDesPatients, generaliste: Choix, nouveau: Choix
) -> dict[str, Reels]:
    """Normal scores of both counts of those who sign.

    The count of the minimum activity, PMT for general practitioners, PFA for the others, is above
    P30; under the median for the newly installed, who are exempt. The other count follows it.
    """
    decalages = (lois.pente_de_selection, 0.0)
    anciens = [au_dessus(hasard.compte, SCORES[0], decalage) for decalage in decalages]
    nouveaux = ndtri(numpy.maximum(hasard.compte, _PEU) * _MEDIANE)
    mesure = numpy.where(nouveau, nouveaux, numpy.where(generaliste, *anciens))
    autre = lier(mesure, hasard.autre_compte, "correlation_pmt_pfa")
    return {
        "pmt": numpy.where(generaliste, mesure, autre),
        "pfa": numpy.where(generaliste, autre, mesure),
    }


def lier(scores: Reels, normales: Reels, hypothese: str) -> Reels:
    """Normal scores that follow others, by the correlation of an assumption."""
    lien = lire_hypotheses()[hypothese]["valeur"]
    resultat: Reels = lien * scores + numpy.sqrt(1 - lien**2) * normales
    return resultat


def comptes(
    lois: Lois, hasard: HasardDesPatients, texte: Codes, specialite: Codes, nouveau: Choix
) -> dict[str, Compte]:
    """Both counts of the doctors who sign, by their short name."""
    hypotheses = lire_hypotheses()
    generaliste = specialite == GENERALISTE
    tires = _scores(lois, hasard, generaliste, nouveau)
    ecarts = {"pmt": hasard.evolution_pmt}
    ecarts["pfa"] = lier(ecarts["pmt"], hasard.evolution_pfa, "correlation_des_evolutions")
    gain, moyenne = hypotheses["gain_pmt_48_mois"]["valeur"], hypotheses["pmt_de_depart"]["valeur"]
    lus = {}
    for rang, nom in enumerate(COMPTES):
        depart = numpy.floor(lois.compte(nom, texte, specialite, tires[nom]))
        mediane = numpy.floor(lois.compte(nom, texte, specialite, numpy.zeros(len(depart))))
        if nom == "pmt":
            du_bas = hypotheses["gain_pmt_48_mois_p30_p50"]["valeur"]
            par_niveau = numpy.where(depart < mediane, du_bas, lois.gain_au_dela_de_p50)
            acquis = numpy.where(generaliste, par_niveau, depart * (gain / moyenne))
        else:
            acquis = depart * hypotheses["gain_pfa_48_mois"]["valeur"]
        acquis = numpy.where(nouveau, numpy.maximum(mediane - depart, 0), acquis)
        rythme = numpy.where(nouveau, len(COMPTES), rang)
        lus[nom] = Compte(depart, acquis, rythme, ecarts[nom])
    return lus


@cache
def _rythmes() -> tuple[Reels, Reels]:
    """By rank of the contract year, what its end has of the gain, shape (3, ranks), and of the gap.

    Rows: PMT, PFA, newly installed. The first rank, 0, is the signature; the last one goes on.
    """
    hypotheses = lire_hypotheses()
    mois = numpy.arange(0, _ETUDE + 1, _MOIS)
    lignes = [
        numpy.interp(
            mois,
            [0, 30, _ETUDE],
            [
                0,
                hypotheses[f"gain_{nom}_30_mois"]["valeur"]
                / hypotheses[f"gain_{nom}_48_mois"]["valeur"],
                1,
            ],
        )
        for nom in COMPTES
    ]
    terme = hypotheses["evolution_des_nouveaux_installes"]["valeur"]
    lignes.append(numpy.minimum(mois / terme, 1))
    return numpy.array(lignes), mois / _ETUDE * hypotheses["ecart_type_de_l_evolution"]["valeur"]


def observations(
    suivis: dict[str, Compte], jours: NDArray[numpy.datetime64], jusqu_a: int
) -> dict[str, NDArray[numpy.int32]]:
    """Counts at the end of each contract year, by the year in which it starts."""
    rythmes, ecarts = _rythmes()
    millesime = jours.astype("datetime64[Y]").astype("int64") + 1970
    donnees = {}
    for annee in range(PREMIERE_ANNEE, jusqu_a + 1):
        rang = annee + 1 - millesime
        borne = numpy.clip(rang, 0, len(ecarts) - 1)
        for nom, compte in suivis.items():
            moyenne = compte.depart + compte.gain * rythmes[compte.rythme, borne]
            observe = numpy.rint(moyenne * (1 + ecarts[borne] * compte.ecart))
            donnees[f"{ENTREES[nom]}_{annee}"] = en_patients(
                numpy.where(rang > 0, numpy.maximum(observe, 0), numpy.nan)
            )
    return donnees


def en_patients(valeurs: Reels) -> NDArray[numpy.int32]:
    """Whole counts; −1, not given, for NaN."""
    bornees = numpy.minimum(valeurs, LIMITE_PATIENTS)
    return numpy.where(numpy.isnan(valeurs), _NON_DONNE, bornees).astype("int32")
