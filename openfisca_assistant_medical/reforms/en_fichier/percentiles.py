"""Percentiles of the law once a reform is laid: those of higher rank are not lower."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from openfisca_core.parameters import ParameterNode

from openfisca_assistant_medical.reforms.en_fichier.contenu import Valeur
from openfisca_assistant_medical.reforms.en_fichier.ecrit import Faute, montrer

_TABLES = ("patientele.pmt", "patientele.pfa")  # then the rank (p30), then the line


def rangs_inverses(loi: ParameterNode, datees: Mapping[str, list[Valeur]]) -> Iterator[Faute]:
    """Faults of the values that put a percentile under one of lower rank, on some day.

    Args:
        loi: the parameters of the law.
        datees: values of the reform by path, each of which fits its path.
    """
    lignes = dict.fromkeys(
        (table, chemin.rpartition(".")[2])
        for chemin in datees
        for table in _TABLES
        if chemin.startswith(f"{table}.")
    )
    for table, ligne in lignes:
        dites: dict[tuple[str, str], Faute] = {}
        for faute in _fautes_d_une_ligne(loi, datees, table, ligne):
            dites.setdefault((faute.lieu, faute.champ), faute)  # told at its first day
        yield from dites.values()


def _fautes_d_une_ligne(
    loi: ParameterNode, datees: Mapping[str, list[Valeur]], table: str, ligne: str
) -> Iterator[Faute]:
    noeud: Any = loi
    for nom in table.split("."):
        noeud = noeud.children[nom]
    chemins = [f"{table}.{rang}.{ligne}" for rang in sorted(noeud.children)]
    series = [_serie(noeud, chemin, datees.get(chemin, ())) for chemin in chemins]
    for jour in sorted({jour for serie in series for jour in serie}):
        lues = zip(chemins, (_en_vigueur(serie, jour) for serie in series), strict=True)
        publies = [(chemin, *lu) for chemin, lu in lues if lu[0] is not None]
        for (bas, moins, dit), (haut, plus, dit_aussi) in pairwise(publies):
            if moins <= plus:
                continue
            if dit_aussi is not None:
                attendu = f"au moins {moins}, la valeur de « {bas} » le {jour}"
            else:
                attendu = f"au plus {plus}, la valeur de « {haut} » le {jour}"
            valeur = dit_aussi or dit
            if valeur is not None:
                ici = f"{valeur.chemin} au {valeur.jour}"
                yield Faute(valeur.lieu, ici, montrer(valeur.valeur), attendu)


def _serie(noeud: Any, chemin: str, siennes: Any) -> dict[str, tuple[Any, Valeur | None]]:
    """Values of a figure by day, those of the reform with where they are written."""
    *_, rang, ligne = chemin.split(".")
    feuille = noeud.children[rang].children.get(ligne)
    datees = {v.instant_str: (v.value, None) for v in getattr(feuille, "values_list", ())}
    return {**datees, **{valeur.jour: (valeur.valeur, valeur) for valeur in siennes}}


def _en_vigueur(
    serie: dict[str, tuple[Any, Valeur | None]], jour: str
) -> tuple[Any, Valeur | None]:
    dernier = max((autre for autre in serie if autre <= jour), default=None)
    return (None, None) if dernier is None else serie[dernier]
