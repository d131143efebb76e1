"""The tables of a result that may be handed over, put under statistical secrecy all together.

Each is a list of rows: plain values by column; see `COLONNES`. Amounts are euros. Every count,
chart and sentence of a report is made from them, and from nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa

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
from openfisca_assistant_medical.population.secret import (
    AUTRES,
    TOTAL,
    Index,
    groupes,
    proteger_ensemble,
)
from openfisca_assistant_medical.population.tirages import intervalles, parts_de_variance

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
_SANS_GROUPE = ("loi", "modalite")
# Classes of gain, in euros: the first step with which eight of them hold most gains.
_PAS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_CLASSES, _PART = 8, 0.95
_CENTIMES = 100
Lignes = list[dict[str, Any]]


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
    tables, index = _a_publier(resultat, gain_minimal)
    communs = groupes(tables, index, seuil)
    regroupe = resultat.regrouper(communs)
    tables, index = _a_publier(regroupe, gain_minimal)
    communs = groupes(tables, index, seuil)
    for dimension in DIMENSIONS[1:]:
        nom = f"{dimension}, par groupe"
        detail = _gains(regroupe, dimension, gain_minimal) if len(resultat.lois) > 1 else None
        if detail is None or any(0 < n < seuil for n in detail["lignes"].to_pylist()):
            continue
        avec = {**tables, nom: detail}, {**index, nom: _index_des_gains(dimension)}
        if groupes(*avec, seuil) == communs:
            tables, index = avec
    protegees = {
        nom: table.to_pylist() for nom, table in proteger_ensemble(tables, index, seuil).items()
    }
    gains = _lire_les_gains(protegees)
    publiees: dict[str, Lignes] = {nom: protegees.get(nom, []) for nom in _COUTS}
    publiees["gagnants_perdants"] = gains
    publiees["distribution"] = list(_distribution(regroupe, gains, gain_minimal, seuil))
    annees = {ligne["annee"] for ligne in publiees["cout_par_annee"]}
    publiees |= _tirages(resultat, AUTRES not in annees)
    return {
        nom: [{c: ligne.get(c) for c in colonnes} for ligne in publiees[nom]]
        for nom, colonnes in COLONNES.items()
    }


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
    if len(resultat.lois) > 1:
        tables[TOTAL] = _gains(resultat, TOTAL, gain_minimal)
        index[TOTAL] = _index_des_gains(TOTAL)
        for dimension in DIMENSIONS[1:]:
            lignes = _gains(resultat, dimension, gain_minimal).to_pylist()
            ensembles = [ligne for ligne in lignes if ligne["groupe"] == TOTAL]
            tables[dimension] = pa.Table.from_pylist(ensembles, tables[TOTAL].schema)
            index[dimension] = dict(zip(_SANS_GROUPE, ("loi", dimension), strict=True))
    return tables, index


def _index_des_gains(dimension: str) -> Index:
    return {"loi": "loi", "modalite": dimension, "groupe": "groupe"}


def _gains(resultat: Resultat, dimension: str, gain_minimal: float) -> pa.Table:
    """Winners and losers under each law but the first."""
    tables = []
    for loi in resultat.lois[1:]:
        table = resultat.compute_winners_losers(loi, gain_minimal, dimension)
        tables.append(table.add_column(0, "loi", pa.array([loi] * len(table), pa.string())))
    return pa.concat_tables(tables).unify_dictionaries()


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


def _lire_les_gains(protegees: Mapping[str, Lignes]) -> Lignes:
    """Rows of all the dimensions; the mean of merged groups is told, their median is not known."""
    lues = []
    for dimension in DIMENSIONS:
        lignes = protegees.get(f"{dimension}, par groupe") or protegees.get(dimension, [])
        for ligne in sorted(lignes, key=_ordre(dimension, lignes)):
            if ligne["gain_moyen"] is None and ligne["contrats"]:
                ligne["gain_moyen"] = ligne["gain_total"] / ligne["contrats"]
            lues.append({**ligne, "dimension": dimension})
    return lues


def _ordre(dimension: str, lignes: Lignes) -> Callable[[dict[str, Any]], Any]:
    """How modalities are put in order: specialities by size, the rest as the model has them.

    Laws and groups stay in the order in which they came, merged ones last.
    """
    tailles: dict[str, float] = {}
    for ligne in lignes:
        tailles[ligne["modalite"]] = max(tailles.get(ligne["modalite"], 0), ligne["contrats"])
    rangs: dict[str, float] = {nom: rang for rang, nom in enumerate(sorted(tailles))}
    if dimension == "specialite":
        rangs = {nom: -taille for nom, taille in tailles.items()}
    elif dimension in ENUMS:
        rangs = {membre.name: membre.index for membre in ENUMS[dimension]}
    lois = list(dict.fromkeys(ligne["loi"] for ligne in lignes))
    return lambda ligne: (
        lois.index(ligne["loi"]),
        ligne["modalite"] == AUTRES,
        rangs.get(ligne["modalite"], 0),
    )


# --- Classes of gain ------------------------------------------------------------------------------


def _distribution(
    resultat: Resultat, gains: Lignes, gain_minimal: float, seuil: int
) -> Iterator[dict[str, Any]]:
    """Classes that part the published groups, each with enough contracts; empty ones left out."""
    ecarts = [ligne for ligne in resultat.ecarts.to_pylist() if ligne["dimension"] == TOTAL]
    for loi in resultat.lois[1:]:
        publies = {g["groupe"] for g in gains if (g["loi"], g["dimension"]) == (loi, TOTAL)}
        siens: dict[str, Lignes] = {}
        for ligne in (e for e in ecarts if e["loi"] == loi):
            groupe = _groupe(ligne["gain_centimes"] / _CENTIMES, gain_minimal)
            siens.setdefault(groupe if groupe in publies else AUTRES, []).append(ligne)
        pas = _pas(siens.get("gagnants", []) + siens.get("perdants", []))
        perdants = list(_classes(siens.get("perdants", []), pas, seuil, -1))
        gagnants = _classes(siens.get("gagnants", []), pas, seuil, 1)
        reste = [
            _classe(nom, None, None, siens[nom]) for nom in ("inchanges", AUTRES) if nom in siens
        ]
        for classe in (*reversed(perdants), *reste, *gagnants):
            yield {"loi": loi, **classe, "lignes": classe["lignes"] // seuil * seuil}


def _groupe(gain: float, gain_minimal: float) -> str:
    """As `compute_winners_losers` has it."""
    if abs(gain) < gain_minimal:
        return "inchanges"
    return "gagnants" if gain > 0 else "perdants"


def _pas(lignes: Lignes) -> int:
    """Width of the classes."""
    tout = sum(ligne["contrats"] for ligne in lignes)
    for pas in _PAS:
        dedans = sum(
            ligne["contrats"]
            for ligne in lignes
            if abs(ligne["gain_centimes"]) < pas * _CLASSES * _CENTIMES
        )
        if dedans >= _PART * tout:
            return pas
    return _PAS[-1]


def _classes(lignes: Lignes, pas: int, seuil: int, signe: int) -> Iterator[dict[str, Any]]:
    """Classes of one side, from the smallest gains; the last is open, and holds what is left."""
    rangees: dict[int, Lignes] = {}
    for ligne in lignes:
        rang = min(abs(ligne["gain_centimes"]) // (pas * _CENTIMES), _CLASSES)
        rangees.setdefault(rang, []).append(ligne)
    finies: list[tuple[int, int, Lignes]] = []
    debut, attente = 0, list[dict[str, Any]]()
    for rang in sorted(rangees):
        debut = debut if attente else rang
        attente += rangees[rang]
        if sum(ligne["lignes"] for ligne in attente) >= seuil:
            finies.append((debut, rang + 1, attente))
            attente = []
    if attente and finies:
        debut, _, derniere = finies.pop()
        finies.append((debut, _CLASSES + 1, derniere + attente))
    for debut, fin, siennes in finies:
        bornes = (debut * pas, None if fin > _CLASSES else fin * pas)
        de, a = bornes if signe > 0 else (None if bornes[1] is None else -bornes[1], -bornes[0])
        yield _classe("gagnants" if signe > 0 else "perdants", de, a, siennes)


def _classe(nom: str, de: int | None, a: int | None, lignes: Lignes) -> dict[str, Any]:
    return {
        "classe": nom,
        "de": de,
        "a": a,
        "lignes": sum(ligne["lignes"] for ligne in lignes),
        "contrats": sum(ligne["contrats"] for ligne in lignes),
        "gain_total": sum(ligne["contrats"] * ligne["gain_centimes"] for ligne in lignes)
        / _CENTIMES,
    }


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
