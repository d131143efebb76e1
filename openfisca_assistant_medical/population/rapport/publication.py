"""The tables of a result that may be handed over, put under statistical secrecy all together.

Each is a list of rows: plain values by column; see `COLONNES`. Amounts are euros. Every count,
chart and sentence of a report is made from them, and from nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.nomenclatures import (
    OptionETP,
    Specialite,
    TranchePatientele,
    Zone,
)
from openfisca_assistant_medical.population.cellules import (
    CERTITUDES,
    DIMENSIONS,
    MONTANTS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.intervalles import intervalles, parts_de_variance
from openfisca_assistant_medical.population.rapport.distribution import Lignes, distribution
from openfisca_assistant_medical.population.secret import (
    AUTRES,
    TOTAL,
    Index,
    SecretImpossible,
    groupes,
    proteger_ensemble,
)

COLONNES = {
    "cout_par_annee": ("loi", "annee", "lignes", "contrats", *MONTANTS, "payes", "depense"),
    "certitude": ("loi", "annee", "certitude", "contrats", *MONTANTS, "depense"),
    "cout_par_mois": ("loi", "mois", "lignes", "depense"),
    "gagnants_perdants": (
        *("loi", "dimension", "modalite", "groupe", "lignes", "contrats"),
        *("gain_total", "gain_moyen", "gain_median"),
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
    "lectures": ("loi", "lecture"),
}
ENUMS: dict[str, Any] = {
    "specialite": Specialite,
    "option_etp_initiale": OptionETP,
    "tranche_patientele": TranchePatientele,
    "zone": Zone,
}


def publier(resultat: Resultat, seuil: int, gain_minimal: float) -> dict[str, Lignes]:
    """The tables of `COLONNES`, in their order; those that the result has no cells for are empty.

    Winners and losers are told by dimension where that merges nothing; elsewhere, the gains alone.

    Args:
        resultat: what `comparer` gave.
        seuil: contracts that a cell that is not empty must have.
        gain_minimal: euros over all the years from which a contract wins or loses.

    Raises:
        SecretImpossible: too few contracts for anything to be handed over.
        ValueError: a threshold that is not one.
    """
    for loi in resultat.lois[1:]:
        _refuser_un_ecart_de_peu(resultat, loi, seuil)
    tables, index = _a_publier(resultat, gain_minimal)
    communs = groupes(tables, index, seuil)
    regroupe = resultat.regrouper(communs)
    tables, index = _a_publier(regroupe, gain_minimal)
    communs = groupes(tables, index, seuil)
    for loi, dimension in product(resultat.lois[1:], DIMENSIONS[1:]):
        nom = f"{loi}, {dimension}"
        detail = _gains(regroupe, loi, dimension, gain_minimal)
        if any(0 < lignes < seuil for lignes in detail["lignes"].to_pylist()):
            continue
        avec = {**tables, nom: detail}
        if groupes(avec, index, seuil) == communs:
            tables = avec
    protegees = {
        nom: table.to_pylist() for nom, table in proteger_ensemble(tables, index, seuil).items()
    }
    gains = _lire_les_gains(resultat.lois[1:], protegees)
    publiees: dict[str, Lignes] = {nom: protegees.get(nom, []) for nom in _COUTS}
    publiees["gagnants_perdants"] = gains
    publiees["distribution"] = list(distribution(regroupe, gains, gain_minimal, seuil))
    annees = {ligne["annee"] for ligne in publiees["cout_par_annee"]}
    publiees |= _tirages(resultat, AUTRES not in annees)
    return {
        nom: [{c: ligne.get(c) for c in colonnes} for ligne in publiees[nom]]
        for nom, colonnes in COLONNES.items()
    }


def _refuser_un_ecart_de_peu(resultat: Resultat, loi: str, seuil: int) -> None:
    """The totals of two laws differ by the gains of the contracts that change.

    Raises:
        SecretImpossible: there are a few, fewer than the threshold.
    """
    changent = sum(
        ligne["lignes"]
        for ligne in resultat.ecarts.to_pylist()
        if (ligne["loi"], ligne["dimension"]) == (loi, TOTAL) and ligne["gain_centimes"]
    )
    if 0 < changent < seuil:
        raise SecretImpossible(
            f"Loi « {loi} » : elle change l’aide de moins de {seuil} contrats, et l’écart des "
            "coûts serait le leur. Remède : une table plus grande, ou un résultat sans cette loi."
        )


def _a_publier(
    resultat: Resultat, gain_minimal: float
) -> tuple[dict[str, pa.Table], dict[str, Index]]:
    tables = {
        "cout_par_annee": resultat.cout_par_annee(),
        "certitude": resultat.par_certitude(),
        "cout_par_mois": resultat.cout_par_mois(),
    }
    if resultat.lectures is not None and len(resultat.lectures):
        tables["lectures"] = _par_lecture(resultat.lectures)
    index = {nom: _COUTS[nom] for nom in tables}
    for loi in resultat.lois[1:]:
        for dimension in DIMENSIONS:
            gains = _gains(resultat, loi, dimension, gain_minimal)
            if dimension != TOTAL:
                gains = gains.filter(pc.equal(gains["groupe"], TOTAL))
            tables[f"{loi}, {dimension}"] = gains
            index[f"{loi}, {dimension}"] = _index_des_gains(loi, dimension)
    return tables, index


def _index_des_gains(loi: str, dimension: str) -> Index:
    """Who wins under a law is not who wins under another: a dimension of its own."""
    return {"modalite": dimension, "groupe": f"groupe {loi}"}


def _gains(resultat: Resultat, loi: str, dimension: str, gain_minimal: float) -> pa.Table:
    """Winners and losers under a law."""
    return resultat.compute_winners_losers(loi, gain_minimal, dimension)


def _par_lecture(lectures: pa.Table) -> pa.Table:
    """Readings over all the years; `lignes` are those of the year that has most."""
    sommes: dict[tuple[str, str], dict[str, Any]] = {}
    for ligne in lectures.to_pylist():
        cle = ligne["loi"], ligne["lecture"]
        somme = sommes.setdefault(
            cle,
            {"loi": cle[0], "lecture": cle[1], "lignes": 0, "contrats": 0.0, "ecart": 0.0},
        )
        somme["lignes"] = max(somme["lignes"], ligne["lignes"])
        somme["contrats"] += ligne["contrats"]
        somme["ecart"] += ligne["ecart"]
    return pa.Table.from_pylist(list(sommes.values()))


def _lire_les_gains(lois: Sequence[str], protegees: Mapping[str, Lignes]) -> Lignes:
    """Rows of all the dimensions; the mean of merged groups is told, their median is not known."""
    lues = []
    for loi, dimension in product(lois, DIMENSIONS):
        lignes = protegees[f"{loi}, {dimension}"]
        for ligne in sorted(lignes, key=_ordre(dimension, lignes)):
            if ligne["gain_moyen"] is None and ligne["contrats"]:
                ligne["gain_moyen"] = ligne["gain_total"] / ligne["contrats"]
            lues.append({**ligne, "loi": loi, "dimension": dimension})
    return lues


def _ordre(dimension: str, lignes: Lignes) -> Callable[[dict[str, Any]], Any]:
    """How modalities are put in order: specialities by size, the rest as the model has them.

    Groups stay in the order in which they came, merged ones last.
    """
    tailles: dict[str, float] = {}
    for ligne in lignes:
        tailles[ligne["modalite"]] = max(tailles.get(ligne["modalite"], 0), ligne["contrats"])
    rangs: dict[str, float] = {nom: rang for rang, nom in enumerate(sorted(tailles))}
    if dimension == "specialite":
        rangs = {nom: -taille for nom, taille in tailles.items()}
    elif dimension in ENUMS:
        rangs = {membre.name: membre.index for membre in ENUMS[dimension]}
        rangs["indeterminee"] = len(rangs)
    return lambda ligne: (ligne["modalite"] == AUTRES, rangs.get(ligne["modalite"], 0))


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
