"""What a reader could have by subtracting one law from another, for statistical secrecy.

The amounts of two laws in a same cell differ by what changes for some contracts: were they a few,
the gap would be theirs. So the contracts that change, between each two laws, are counted by all
that tells published cells apart, and are put under secrecy with them.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.cellules import DIMENSIONS, PAR_PERIODE
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.secret import TOTAL, Index, SecretImpossible

_DEUX_LOIS = {"loi": "loi", "reference": "reference"}


def refuser_un_ecart_de_peu(resultat: Resultat, seuil: int) -> None:
    """The totals of two laws differ by the gains of the contracts that change.

    Raises:
        SecretImpossible: there are a few, fewer than the threshold.
    """
    for ligne in resultat.changements(TOTAL).to_pylist():
        if ligne["lignes"] < seuil:
            raise SecretImpossible(
                f"Loi « {ligne['loi']} » : l’aide de moins de {seuil} contrats n’est pas celle de "
                f"la loi « {ligne['reference']} », et l’écart des coûts serait le leur. Remède : "
                "une table plus grande, ou un résultat sans cette loi."
            )


def gardes(resultat: Resultat) -> Iterator[tuple[str, pa.Table, Index]]:
    """Name, table and index of each count of contracts that change."""
    for dimension in (*DIMENSIONS[1:], *PAR_PERIODE):
        table = resultat.changements(dimension)
        index = {**_DEUX_LOIS, "modalite": dimension}
        if dimension == "certitude":
            parties = pc.split_pattern(table["modalite"].cast(pa.string()), " ", max_splits=1)
            table = table.drop_columns(["modalite"])
            for place, nom in enumerate(("annee", "certitude")):
                table = table.append_column(nom, pc.list_element(parties, place))
            index = {**_DEUX_LOIS, "annee": "annee", "certitude": "certitude"}
        yield f"changent, {dimension}", table, index


def changent(gains: pa.Table) -> pa.Table:
    """Contracts that change in each row of winners and losers: those that are « unaffected » too.

    Under `gain_minimal`, a gain is unaffected, but its euros are in the total.
    """
    return gains.set_column(gains.schema.get_field_index("lignes"), "lignes", gains["changent"])
