"""The tables of a result that may be handed over, put under statistical secrecy all together.

Each is a list of rows: plain values by column; see `COLONNES`. Amounts are euros. Every count,
chart and sentence of a report is made from them, and from nothing else.
"""

from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.cellules import (
    CERTITUDES,
    DIMENSIONS,
    MONTANTS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.intervalles import intervalles, parts_de_variance
from openfisca_assistant_medical.population.libelles import INCERTAIN
from openfisca_assistant_medical.population.rapport.distribution import Lignes, distribution
from openfisca_assistant_medical.population.rapport.gardes import (
    changent,
    gardes,
    refuser_un_ecart_de_peu,
)
from openfisca_assistant_medical.population.rapport.modalites import (
    couts_par_modalite,
    index_des_gains,
    lire_les_certitudes,
    lire_les_couts,
    lire_les_gains,
)
from openfisca_assistant_medical.population.secret import (
    AUTRES,
    TOTAL,
    Groupes,
    Index,
    SecretImpossible,
    fondre,
    groupes,
)

Lot = dict[str, tuple[pa.Table, Index]]
COLONNES = {
    "cout_par_annee": ("loi", "annee", "lignes", "contrats", *MONTANTS, "payes", "depense"),
    "certitude": ("loi", "annee", "certitude", "contrats", *MONTANTS, "depense"),
    "cout_par_mois": ("loi", "mois", "lignes", "depense"),
    "cout_par_modalite": ("loi", "dimension", "modalite", "lignes", "contrats", "aide_due"),
    "gagnants_perdants": (
        *("loi", "dimension", "modalite", "groupe", "lignes", "contrats"),
        *("gain_total", "gain_moyen", "gain_median"),
    ),
    "certitude_des_gains": (
        *("loi", "certitude", "groupe", "lignes", "contrats", "gain_total", "gain_moyen"),
    ),
    "distribution": ("loi", "classe", "de", "a", "lignes", "contrats", "gain_total"),
    "lectures": ("loi", "lecture", "lignes", "contrats", "ecart"),
    "intervalles": ("loi", "annee", "grandeur", "difference", "moyenne", "bas", "mediane", "haut"),
    "variance": ("loi", "grandeur", "difference", "hypothese", "part"),
}
_COUTS: dict[str, Index] = {
    "cout_par_annee": ("loi", "annee"),
    "certitude": ("loi", "annee", "certitude"),
    "cout_par_mois": ("loi", "mois"),
}
_TEMPS = ("annee", "mois")
# Certainties of gains, where three would be too many.
_INCERTAINS = {"plancher": INCERTAIN, "inconnu": INCERTAIN}


def publier(resultat: Resultat, seuil: int, gain_minimal: float) -> dict[str, Lignes]:
    """The tables of `COLONNES`, in their order; those that the result has no cells for are empty.

    Winners and losers are told by dimension, and by certainty of the gain, where that merges
    nothing else; elsewhere, the gains alone.

    Args:
        resultat: what `comparer` gave.
        seuil: contracts that a cell that is not empty must have.
        gain_minimal: euros over all the years from which a contract wins or loses.

    Raises:
        SecretImpossible: too few contracts for anything to be handed over.
        ValueError: a threshold that is not one.
    """
    refuser_un_ecart_de_peu(resultat, seuil)
    sommes = _sommes(resultat)
    premiers = _communs({**sommes, **_gains(resultat, gain_minimal)}, seuil)
    # Medians are those of the groups: gains are read again, once put together.
    regroupe = resultat.regrouper({d: n for d, n in premiers.items() if d not in _TEMPS})
    lot: Lot = {nom: (fondre(t, index, premiers, 1), index) for nom, (t, index) in sommes.items()}
    lot |= _gains(regroupe, gain_minimal)
    communs = _communs(lot, seuil)
    lot = _avec_les_details(lot, regroupe, communs, seuil, gain_minimal)
    communs = _communs(lot, seuil)
    protegees = {
        nom: fondre(table, index, communs, seuil).to_pylist() for nom, (table, index) in lot.items()
    }
    lois = resultat.lois
    publiees: dict[str, Lignes] = {nom: protegees[nom] for nom in _COUTS}
    publiees["cout_par_modalite"] = lire_les_couts(lois, protegees)
    publiees["gagnants_perdants"] = lire_les_gains(lois[1:], protegees)
    publiees["certitude_des_gains"] = lire_les_certitudes(lois[1:], protegees)
    publiees["distribution"] = list(
        distribution(regroupe, publiees["gagnants_perdants"], gain_minimal, seuil)
    )
    publiees["lectures"] = _lectures(resultat, seuil)
    annees = {ligne["annee"] for ligne in publiees["cout_par_annee"]}
    publiees |= _tirages(resultat, AUTRES not in annees)
    return {
        nom: [{c: ligne.get(c) for c in colonnes} for ligne in publiees[nom]]
        for nom, colonnes in COLONNES.items()
    }


def _communs(lot: Lot, seuil: int) -> Groupes:
    tables = {nom: table for nom, (table, _) in lot.items()}
    return groupes(tables, {nom: index for nom, (_, index) in lot.items()}, seuil)


def _sommes(resultat: Resultat) -> Lot:
    """What adds up: costs, and the contracts that change."""
    tables = {
        "cout_par_annee": resultat.cout_par_annee(),
        "certitude": resultat.par_certitude(),
        "cout_par_mois": resultat.cout_par_mois(),
    }
    lot: Lot = {nom: (table, _COUTS[nom]) for nom, table in tables.items()}
    for nom, table, index in (*couts_par_modalite(resultat), *gardes(resultat)):
        lot[nom] = table, index
    return lot


def _gains(resultat: Resultat, gain_minimal: float) -> Lot:
    """Winners and losers in all, and the gains of each dimension."""
    lot: Lot = {}
    for loi, dimension in product(resultat.lois[1:], DIMENSIONS):
        table = resultat.compute_winners_losers(loi, gain_minimal, dimension)
        if dimension != TOTAL:
            table = table.filter(pc.equal(table["groupe"], TOTAL))
        lot |= _avec_ce_qui_change(f"{loi}, {dimension}", table, index_des_gains(loi, dimension))
    return lot


def _avec_ce_qui_change(nom: str, table: pa.Table, index: Index) -> Lot:
    return {nom: (table, index), f"changent, {nom}": (changent(table), index)}


def _avec_les_details(
    lot: Lot, resultat: Resultat, communs: Groupes, seuil: int, gain_minimal: float
) -> Lot:
    """The same, with winners and losers where they merge nothing else.

    By rank, a contract may be behind several merged rows: they are not told apart then.
    """
    for loi in resultat.lois[1:]:
        certitude = f"certitude {loi}"
        table = resultat.compute_winners_losers(loi, gain_minimal, par_certitude=True)
        table = table.drop_columns(["modalite"])
        index = {"certitude": certitude, "groupe": f"groupe {loi}"}
        deux = fondre(table, index, {certitude: _INCERTAINS}, 1)
        ensemble = table.filter(pc.equal(table["groupe"], TOTAL))
        for essai in (table, deux, ensemble):
            avec = lot | _avec_ce_qui_change(certitude, essai, index)
            if _sans(_essayer(avec, seuil), certitude) == communs:
                lot, communs = avec, _communs(avec, seuil)
                break
        for dimension in DIMENSIONS[1:]:
            detail = resultat.compute_winners_losers(loi, gain_minimal, dimension)
            if (dimension == "rang" and "rang" in communs) or any(
                0 < lignes < seuil for lignes in detail["lignes"].to_pylist()
            ):
                continue
            nom = f"{loi}, {dimension}"
            avec = lot | _avec_ce_qui_change(nom, detail, index_des_gains(loi, dimension))
            if _essayer(avec, seuil) == communs:
                lot = avec
    return lot


def _essayer(lot: Lot, seuil: int) -> Groupes | None:
    try:
        return _communs(lot, seuil)
    except SecretImpossible:
        return None


def _sans(communs: Groupes | None, dimension: str) -> Groupes | None:
    if communs is None:
        return None
    return {nom: fondues for nom, fondues in communs.items() if nom != dimension}


def _lectures(resultat: Resultat, seuil: int) -> Lignes:
    """Readings over all the years; `lignes` are those of the year that has most.

    They do not add up, and no total holds them: those that touch too few contracts are left out,
    and told by one row of nothing.
    """
    sommes: dict[tuple[str, str], dict[str, Any]] = {}
    for ligne in [] if resultat.lectures is None else resultat.lectures.to_pylist():
        cle = ligne["loi"], ligne["lecture"]
        vide = {"loi": cle[0], "lecture": cle[1], "lignes": 0, "contrats": 0.0, "ecart": 0.0}
        somme = sommes.setdefault(cle, vide)
        somme["lignes"] = max(somme["lignes"], ligne["lignes"])
        somme["contrats"] += ligne["contrats"]
        somme["ecart"] += ligne["ecart"]
    publiees = [
        {**somme, "lignes": somme["lignes"] // seuil * seuil}
        for somme in sommes.values()
        if not 0 < somme["lignes"] < seuil
    ]
    tues = dict.fromkeys(s["loi"] for s in sommes.values() if 0 < s["lignes"] < seuil)
    return [*publiees, *({"loi": loi, "lecture": AUTRES} for loi in tues)]


# --- Draws ----------------------------------------------------------------------------------------


def _tirages(resultat: Resultat, par_annee: bool) -> dict[str, Lignes]:
    """Intervals and shares of variance: of everybody, hence of no one in particular."""
    if resultat.tirages is None:
        return {"intervalles": [], "variance": []}
    cotes = (False, True)
    return {
        "intervalles": [
            {**ligne, "difference": difference}
            for difference in cotes
            for ligne in intervalles(resultat.tirages, difference=difference).to_pylist()
            if par_annee or ligne["annee"] is None
        ],
        "variance": [
            {**ligne, "difference": difference}
            for difference in cotes
            for ligne in parts_de_variance(resultat.tirages, difference=difference).to_pylist()
        ],
    }


def ordre_des_certitudes(lignes: Lignes) -> list[str]:
    """Certainties of published rows, the surest first, merged ones last."""
    presentes = {ligne["certitude"] for ligne in lignes}
    return [nom for nom in (*CERTITUDES, AUTRES) if nom in presentes]
