"""Tables of contracts drawn at random, which a table of contracts may hold."""

from collections.abc import Iterable
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.medecins import JAMAIS, colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population.table.tables import ouvrir

SYSTEME = CountryTaxBenefitSystem()


def contrats(
    nombre: int, annees: Iterable[int], *, graine: int = 0, poids: bool = False
) -> pa.Table:
    """Doctors of the benchmarks, without what contradicts a date of signature."""
    tires = colonnes(nombre, annees, graine=graine)
    signature = tires["date_signature"].astype("datetime64[Y]").astype(int) + 1970
    sans = ~tires["secretaire_devenu_assistant"]
    for nom in ("date_remplacement_secretaire", "date_recrutement_assistant"):
        tires[nom] = numpy.where(sans, JAMAIS, tires[nom])
    table = {}
    for cle, valeurs in tires.items():
        nom, annee = (cle, None) if isinstance(cle, str) else cle
        variable = SYSTEME.variables[nom]
        manque = None if annee is None else annee < signature
        if hasattr(variable, "possible_values") and variable.possible_values:
            noms = [membre.name for membre in variable.possible_values]
            codes = pa.array(numpy.asarray(valeurs, numpy.int32), mask=manque)
            colonne = pa.DictionaryArray.from_arrays(codes, noms)
        else:
            colonne = pa.array(numpy.ascontiguousarray(valeurs), mask=manque)
        table[nom if annee is None else f"{nom}_{annee}"] = colonne
    if poids:
        table["poids"] = pa.array(numpy.random.default_rng(graine).uniform(0.5, 3, nombre))
    return _admis(pa.table(table))


def _admis(table: pa.Table) -> pa.Table:
    """The rows that a table of contracts may hold."""
    lue = ouvrir(table)
    blocs = [
        bloc.lignes
        for partition in lue.partitions()
        for bloc in lue.blocs(partition, SYSTEME, erreurs="isoler")
    ]
    return table.take(numpy.concatenate(blocs) - 1)


def ecrire(chemin: Path, table: pa.Table, groupe: int = 500) -> Path:
    """Write a table as a Parquet file, so many rows a group."""
    pq.write_table(table, chemin, row_group_size=groupe)
    return chemin
