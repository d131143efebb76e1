"""Hypothesis strategies of doctors, drawn near what the law tells apart.

Days fall on, one before and one after each text, counts on, one under and one over each
percentile and each threshold of an objective. A doctor is built from small draws whose strategies
never change, which is what makes them quick, and shrink: to a GP of one full-time post who signs
under the last text, without any special case. Format: see `calcul`.
"""

from datetime import date, timedelta
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests import medecins_au_hasard
from tests.medecins_au_hasard import (
    CHIRURGICALES,
    OPTIONS,
    P30_PFA,
    SEUILS_PFA_GENERALISTE,
    SEUILS_PMT_AVENANT_7,
    SEUILS_PMT_GENERALISTE,
    SEUILS_PMT_PEDIATRE,
    TRANCHES_D_OBJECTIF,
    TRANCHES_DECLAREES,
)

Medecin: TypeAlias = dict[str, Any]
Genes: TypeAlias = dict[str, Any]

AVENANT_7, REGLEMENT, CONVENTION_2024 = date(2019, 8, 20), date(2023, 5, 1), date(2024, 6, 22)
RANGS = 7
# The two counts: name of the start, name of what is observed.
COMPTES = {
    "pmt": ("patientele_mt_initiale", "patientele_mt"),
    "pfa": ("file_active_initiale", "file_active"),
}
SPECIALITES = ("generaliste", "pediatre", "cardiologue", "mep", "psychiatre", "chirurgien", "autre")
_JOURS = (
    CONVENTION_2024,
    date(2025, 3, 10),
    date(2024, 2, 29),
    date(2022, 6, 22),
    date(2021, 5, 1),
    REGLEMENT,
    date(2020, 1, 31),
    AVENANT_7,
)
_GAINS = (200, 40, 1, 260, 0, -10)
_CAS = ("aucun", "installe", "senior", "rqth", "avenant", "superieure", "proroge")

_ecart = st.sampled_from((0, 1, -1))
_pour_cent = st.integers(0, 100)
# A landmark by rank, and what is added to it; far ranks give any count, a share of the largest.
_repere = st.tuples(st.integers(0, 9), _ecart, _pour_cent)

signatures = st.builds(lambda jour, n: jour + timedelta(days=n), st.sampled_from(_JOURS), _ecart)


def _pres_de(reperes: tuple[int, ...], gene: tuple[int, int, int]) -> int:
    rang, ecart, pour_cent = gene
    if rang < len(reperes):
        return max(reperes[rang] + ecart, 0)
    return 2 * max(reperes) * pour_cent // 100


def seuils(specialite: str, compte: str) -> tuple[int, ...]:
    """Published percentiles of a count, whatever the text; a count of ours where there is none."""
    if specialite == "generaliste":
        pmt = (*SEUILS_PMT_GENERALISTE, *SEUILS_PMT_AVENANT_7)
        return pmt if compte == "pmt" else SEUILS_PFA_GENERALISTE
    if compte == "pfa":
        return (P30_PFA.get(specialite, 1000),)
    return SEUILS_PMT_PEDIATRE if specialite == "pediatre" else (700,)


def part_entiere(part: int, compte: int) -> int:
    """Least whole number that is at least `part` hundredths of a count."""
    return -(-part * compte // 100)


def _observe(depart: int, cible: int, gene: tuple[int, int, int]) -> int:
    """Near the start, the target, what 90 or 95 % of them asks, between them, or any."""
    gain = max(cible - depart, 0)
    reperes = (
        cible,
        depart,
        depart + gain * gene[2] // 100,
        depart + part_entiere(95, gain),
        part_entiere(95, depart),
        part_entiere(90, depart),
    )
    return _pres_de(reperes, gene)


def _compte(genes: Genes, compte: str) -> Medecin:
    """Start, target, bands and observed counts."""
    initiale, observee = COMPTES[compte]
    repere, gain, vues, bande, fine = genes[compte]
    depart = _pres_de(seuils(genes["specialite"], compte), repere)
    cible = max(depart + gain, 1)
    premiere = genes["signature"].year
    saisies: Medecin = {
        initiale: depart,
        f"objectif_{compte}_contractuel": cible,
        observee: {
            premiere + rang: _observe(depart, cible, vues[rang % len(vues)])
            for rang in range(RANGS)
        },
    }
    if bande:
        saisies[f"tranche_{compte}_declaree"] = bande
    elif fine:
        saisies[f"tranche_objectif_{compte}_declaree"] = fine
    return saisies


def anniversaire(signature: date, annees: int) -> date:
    """Day of the signature so many years later; 28 February stands for a 29th."""
    return signature.replace(year=signature.year + annees, day=min(signature.day, 28))


def _cas_particulier(genes: Genes) -> Medecin:
    """What makes one of the special cases of S003, part IV-2, or of illustration 2."""
    signature, (cas, rang, ecart, pour_cent) = genes["signature"], genes["cas"]
    suite = range(signature.year + 2, signature.year + RANGS)
    jour = timedelta(days=ecart)
    if cas == "installe":
        recul = (0, -1)[rang % 2]
        return {
            "date_installation": min(anniversaire(signature, recul) + jour, signature),
            "quotite_activite_liberale": (100 - pour_cent) / 100,
        }
    if cas == "senior":
        naissance = {"date_naissance": anniversaire(signature, rang - 65) + jour}
        return naissance | ({"avenant_senior": dict.fromkeys(suite, True)} if rang % 2 else {})
    if cas == "rqth":
        return {"rqth_ou_ald": True}
    if cas == "avenant":
        champs = ("objectif_pmt", "objectif_pfa", "depart_pmt", "depart_pfa")
        return {
            f"{champ}_avenant": dict.fromkeys(suite, 900 + 8 * pour_cent)
            for place, champ in enumerate(champs)
            if (rang + 1) >> place & 1
        }
    if cas == "superieure":
        return {
            "zone": "zip",
            "option_etp_avenant": dict.fromkeys(suite, OPTIONS[rang % len(OPTIONS)]),
            "contrat_un_etp_anterieur": dict.fromkeys(suite, True),
            "objectifs_integralement_atteints": dict.fromkeys(suite, True),
        }
    return {"prorogation_signee": True} if cas == "proroge" else {}


def _fin(signature: date, gene: tuple[int, int, int]) -> date:
    """About an anniversary, or any day of six years; the day of the signature at least."""
    rang, ecart, pour_cent = gene
    jours = ecart if rang < RANGS else 22 * pour_cent
    return max(anniversaire(signature, rang % RANGS) + timedelta(days=jours), signature)


def _medecin(genes: Genes) -> Medecin:
    signature, specialite = genes["signature"], genes["specialite"]
    medecin: Medecin = {
        "date_signature": signature,
        "specialite": specialite,
        "secteur_conventionnel": "secteur_1",
        "option_etp_initiale": genes["option"],
        "zone": genes["zone"],
        "exercice_regroupe_declare": True,
        **_compte(genes, "pmt"),
        **_compte(genes, "pfa"),
    }
    if specialite in CHIRURGICALES:
        medecin["part_honoraires_cliniques"] = genes["honoraires"]
    medecin |= _cas_particulier(genes)
    if genes["fini"]:
        medecin["date_resiliation"] = _fin(signature, genes["fin"])
    return medecin


_compte_tire = st.tuples(
    _repere,
    st.sampled_from(_GAINS),
    st.tuples(_repere, _repere, _repere),
    st.sampled_from((None, None, None, *TRANCHES_DECLAREES)),
    st.sampled_from((None, None, None, *(nom for nom, _ in TRANCHES_D_OBJECTIF))),
)


def medecins(
    *,
    dates: st.SearchStrategy[date] = signatures,
    specialites: tuple[str, ...] = SPECIALITES,
    cas: tuple[str, ...] = _CAS,
    options: tuple[str, ...] = ("un_etp", "demi_etp", "tiers_etp"),
    fini: bool | None = None,
) -> st.SearchStrategy[Medecin]:
    """Doctors with observed counts in every contract year.

    Args:
        dates: days of signature.
        specialites: those drawn from.
        cas: special cases drawn from.
        options: options of the signature.
        fini: whether the contract is ended early; None = now and then.
    """
    finis = {True: (True,), False: (False,), None: (False, False, False, True)}[fini]
    return st.fixed_dictionaries(
        {
            "signature": dates,
            "specialite": st.sampled_from(specialites),
            "option": st.sampled_from(options),
            "zone": st.sampled_from(("zip", "zac", "hors_zone")),
            "honoraires": st.sampled_from((0.95, 0.81, 0.8)),
            "pmt": _compte_tire,
            "pfa": _compte_tire,
            "cas": st.tuples(st.sampled_from(cas), st.integers(0, 9), _ecart, _pour_cent),
            "fini": st.sampled_from(finis),
            "fin": _repere,
        }
    ).map(_medecin)


def lots(**options: Any) -> st.SearchStrategy[list[Medecin]]:
    """A batch of doctors: one simulation, which costs the same whatever their number."""
    return st.lists(medecins(**options), min_size=8, max_size=16)


def lot_au_hasard(graine: int) -> list[Medecin]:
    """A batch of the other generator, which draws what `medecins` does not.

    Decisions of the commission, secretaries, odd quotas; it does not shrink.
    """
    tires = medecins_au_hasard.medecins(graine, 150)
    return [{n: v for n, v in m.items() if n != "membres_du_cabinet"} for m in tires]


graines = st.integers(0, 2**20)
annees = st.integers(2022, 2028)
lois = st.sampled_from(("convention_2024", "base"))


def annees_de(lot: list[Medecin]) -> range:
    """Calendar years in which the contract years that have inputs may start."""
    debuts = [medecin["date_signature"].year for medecin in lot]
    return range(min(debuts), max(debuts) + RANGS)
