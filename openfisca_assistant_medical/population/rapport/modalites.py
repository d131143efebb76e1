"""Costs and gains by modality of a dimension, gains by certainty: tables, and published rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pyarrow as pa

from openfisca_assistant_medical.population.cellules import (
    DIMENSIONS,
    ENUMS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.libelles import CERTITUDES_DU_GAIN
from openfisca_assistant_medical.population.rapport.distribution import Lignes
from openfisca_assistant_medical.population.secret import AUTRES, Index

DIMENSIONS_DES_COUTS = ("specialite", "option_etp", "tranche_patientele", "rang", "zone")


def couts_par_modalite(resultat: Resultat) -> Iterator[tuple[str, pa.Table, Index]]:
    """Of each dimension, what is due under the reference, and what each other law adds.

    The doctor's modality is that under the reference, so that a gap is that of the same contracts;
    the option is that of the year under each law.
    """
    reference = resultat.lois[0]
    for dimension in DIMENSIONS_DES_COUTS:
        table = resultat.compute_pivot_table("aide_due", dimension, loi=reference)
        lues = {str(ligne[dimension]): ligne for ligne in table.to_pylist()}
        ajouts: dict[tuple[str, str], float] = {}
        for ligne in resultat.changements(dimension).to_pylist():
            if ligne["reference"] == reference:
                ajouts[ligne["loi"], ligne["modalite"]] = ligne["gain"]
                vide = {"lignes": 0, "contrats": 0.0, "aide_due": 0.0}
                lues.setdefault(ligne["modalite"], vide)
        colonnes: dict[str, Any] = {
            "modalite": list(lues),
            **{
                nom: [ligne[nom] for ligne in lues.values()]
                for nom in ("lignes", "contrats", "aide_due")
            },
            **{_gain(loi): [ajouts.get((loi, m), 0.0) for m in lues] for loi in resultat.lois[1:]},
        }
        types = [pa.string(), pa.int64(), *[pa.float64()] * (len(colonnes) - 2)]
        schema = pa.schema(list(zip(colonnes, types, strict=True)))
        yield _cout(dimension), pa.table(colonnes, schema), {"modalite": dimension}


def _cout(dimension: str) -> str:
    return f"cout, {dimension}"


def _gain(loi: str) -> str:
    return f"gain {loi}"


def lire_les_couts(lois: Sequence[str], protegees: Mapping[str, Lignes]) -> Lignes:
    """Rows of all the dimensions; contracts are those of the reference."""
    lues = []
    for dimension in DIMENSIONS_DES_COUTS:
        lignes = protegees[_cout(dimension)]
        ordre = _ordre(dimension, lignes)
        for loi, ligne in product(lois, sorted(lignes, key=ordre)):
            commune = {"loi": loi, "dimension": dimension, "modalite": ligne["modalite"]}
            if loi == lois[0]:
                lues.append({**ligne, **commune})
            else:
                lues.append({**commune, "aide_due": ligne["aide_due"] + ligne[_gain(loi)]})
    return lues


def index_des_gains(loi: str, dimension: str) -> Index:
    """Who wins under a law is not who wins under another: a dimension of its own."""
    return {"modalite": dimension, "groupe": f"groupe {loi}"}


def lire_les_gains(lois: Sequence[str], protegees: Mapping[str, Lignes]) -> Lignes:
    """Rows of all the dimensions; the mean of merged groups is told, their median is not known."""
    lues = []
    for loi, dimension in product(lois, DIMENSIONS):
        lignes = protegees[f"{loi}, {dimension}"]
        for ligne in sorted(lignes, key=_ordre(dimension, lignes)):
            lues.append({**_avec_la_moyenne(ligne), "loi": loi, "dimension": dimension})
    return lues


def lire_les_certitudes(lois: Sequence[str], protegees: Mapping[str, Lignes]) -> Lignes:
    """Gains by certainty, the surest first; no row where that would merge too much."""
    rangs = {nom: rang for rang, nom in enumerate(CERTITUDES_DU_GAIN)}
    return [
        {**_avec_la_moyenne(ligne), "loi": loi}
        for loi in lois
        for ligne in sorted(
            protegees.get(f"certitude {loi}", []), key=lambda ligne: rangs[ligne["certitude"]]
        )
    ]


def _avec_la_moyenne(ligne: dict[str, Any]) -> dict[str, Any]:
    if ligne["gain_moyen"] is None and ligne["contrats"]:
        return {**ligne, "gain_moyen": ligne["gain_total"] / ligne["contrats"]}
    return ligne


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
    elif dimension == "rang":
        rangs = {nom: int(nom) for nom in tailles if nom.isdigit()}
    elif dimension in ENUMS:
        rangs = {membre.name: membre.index for membre in ENUMS[dimension]}
        rangs["indeterminee"] = len(rangs)
    return lambda ligne: (ligne["modalite"] == AUTRES, rangs.get(ligne["modalite"], 0))
