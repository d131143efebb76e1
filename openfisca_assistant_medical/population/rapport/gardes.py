"""What a reader could have by subtracting one law from another, for statistical secrecy.

The amounts of two laws in a same cell differ by what changes for some contracts: were they a few,
the gap would be theirs. So the contracts that change, between each two laws, are counted by all
that tells published cells apart, and are put under secrecy with them.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_assistant_medical.population.arrow import nombres
from openfisca_assistant_medical.population.cellules import (
    DIMENSIONS,
    DIMENSIONS_DES_VARIATIONS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.secret import REUNIS, TOTAL, Index, SecretImpossible

_DEUX_LOIS = {"loi": "loi", "reference": "reference"}
_NOMS = {
    "aide_maximale": "l’aide maximale",
    "aide_due": "l’aide",
    "aide_perdue": "l’aide perdue",
    "depense": "la somme versée",
}


def refuser_un_ecart_de_peu(resultat: Resultat, seuil: int) -> None:
    """The totals of two laws differ by what changes for some contracts.

    Raises:
        SecretImpossible: there are a few, fewer than the threshold.
    """
    for grandeur, nom in _NOMS.items():
        for ligne in resultat.changements(TOTAL, grandeur).to_pylist():
            if ligne["lignes"] < seuil:
                raise SecretImpossible(
                    f"Loi « {ligne['loi']} » : {nom} de moins de {seuil} contrats n’est pas celle "
                    f"de la loi « {ligne['reference']} », et l’écart des totaux serait le leur. "
                    "Remède : une table plus grande, ou un résultat sans cette loi."
                )


def gardes(resultat: Resultat) -> Iterator[tuple[str, pa.Table, Index]]:
    """Name, table and index of each count of contracts that change."""
    for dimension in DIMENSIONS[1:]:
        index = {**_DEUX_LOIS, "modalite": dimension}
        yield f"changent, {dimension}", resultat.changements(dimension), index
    for grandeur, dimensions in DIMENSIONS_DES_VARIATIONS.items():
        for dimension in dimensions:
            if dimension == TOTAL:  # see `refuser_un_ecart_de_peu`
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
