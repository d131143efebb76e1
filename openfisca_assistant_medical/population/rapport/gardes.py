"""What a reader could have by subtracting one law from another, for statistical secrecy.

The amounts of two laws in a same cell differ by what changes for some contracts: were they a few,
the gap would be theirs. So the contracts that change, between each two laws, are counted by all
that tells published cells apart, and are put under secrecy with them. Where the totals themselves
differ by a few, no merger helps: the amount is left out of the report, under every law.
"""

from collections.abc import Collection, Iterator
from itertools import chain, combinations
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.arrow import nombres
from openfisca_assistant_medical.population.cellules import (
    DEPENSE,
    DIMENSIONS,
    DIMENSIONS_DES_VARIATIONS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.secret import REUNIS, TOTAL, Index, SecretImpossible

_DEUX_LOIS = {"loi": "loi", "reference": "reference"}
# Amounts that may be left out. Due and lost make the maximum, but where a contract ends within its
# year: with what is due, which is always told, one gives the other.
SEPARABLES = (("aide_maximale", "aide_perdue"), (DEPENSE,))


def refuser_un_ecart_de_peu(resultat: Resultat, seuil: int) -> None:
    """What is due in all differs by what changes for some contracts.

    Raises:
        SecretImpossible: there are a few, fewer than the threshold.
    """
    for ligne in _de_peu(resultat, "aide_due", seuil):
        raise SecretImpossible(
            f"Loi « {ligne['loi']} » : l’aide de moins de {seuil} contrats n’est pas celle "
            f"de la loi « {ligne['reference']} », et l’écart des totaux serait le leur. "
            "Remède : une table plus grande, ou un résultat sans cette loi."
        )


def a_taire(resultat: Resultat, seuil: int) -> list[tuple[str, ...]]:
    """Amounts to leave out, then more and more of them, where the rest cannot be merged enough."""
    tues = [noms for noms in SEPARABLES if any(_de_peu(resultat, nom, seuil) for nom in noms)]
    autres = [noms for noms in SEPARABLES if noms not in tues]
    return [
        tuple(chain(*tues, *de_plus))
        for combien in range(len(autres) + 1)
        for de_plus in combinations(autres, combien)
    ]


def _de_peu(resultat: Resultat, grandeur: str, seuil: int) -> list[dict[str, Any]]:
    """Pairs of laws whose totals differ by fewer contracts than the threshold."""
    lignes = resultat.changements(TOTAL, grandeur).to_pylist()
    return [ligne for ligne in lignes if ligne["lignes"] < seuil]


def gardes(resultat: Resultat, tues: Collection[str] = ()) -> Iterator[tuple[str, pa.Table, Index]]:
    """Name, table and index of each count of contracts that change, but for what is left out."""
    for dimension in DIMENSIONS[1:]:
        index = {**_DEUX_LOIS, "modalite": dimension}
        yield f"changent, {dimension}", resultat.changements(dimension), index
    for grandeur, dimensions in DIMENSIONS_DES_VARIATIONS.items():
        for dimension in dimensions if grandeur not in tues else ():
            if dimension == TOTAL:  # see `a_taire`
                continue
            if dimension == "certitude" and grandeur in SEPARABLES[0]:  # not told by certainty
                continue
            table = resultat.changements(dimension, grandeur)
            # Merged modalities may be of the same contracts.
            table = table.append_column("varient", table["lignes"])
            index = {**_DEUX_LOIS, "modalite": dimension}
            if dimension == "certitude":
                parties = pc.split_pattern(table["modalite"].cast(pa.string()), " ", max_splits=1)
                table = table.drop_columns(["modalite"])
                for place, nom in enumerate(("annee", "certitude")):
                    table = table.append_column(nom, pc.list_element(parties, place))
                table = _avec_les_reunis(table, resultat.changements("annee", grandeur))
                index = {**_DEUX_LOIS, "annee": "annee", "certitude": "certitude"}
            yield f"changent, {grandeur}, {dimension}", table, index


def _avec_les_reunis(table: pa.Table, par_annee: pa.Table) -> pa.Table:
    """How many contracts change in the year of each row, whatever their certainty."""
    cles = ("loi", "reference")
    tous = {
        (*(ligne[cle] for cle in cles), str(ligne["modalite"])): ligne["lignes"]
        for ligne in par_annee.to_pylist()
    }
    lignes = table.select([*cles, "annee"]).to_pylist()
    reunis = [tous[(*(ligne[cle] for cle in cles), str(ligne["annee"]))] for ligne in lignes]
    return table.append_column(REUNIS, nombres(reunis, pa.int64()))


def changent(gains: pa.Table) -> pa.Table:
    """Contracts that change in each row of winners and losers: those that are « unaffected » too.

    Under `gain_minimal`, a gain is unaffected, but its euros are in the total.
    """
    return gains.set_column(gains.schema.get_field_index("lignes"), "lignes", gains["changent"])
