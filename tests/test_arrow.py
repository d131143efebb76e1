"""Arrow columns laid on NumPy arrays: the values and the types that pyarrow itself gives."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pytest

from openfisca_assistant_medical.population.arrow import en_numpy, nombres, textes, vide
from openfisca_assistant_medical.population.synthese import ecrire_population
from openfisca_assistant_medical.population.table.tables import ouvrir
from tests.contrats_au_hasard import SYSTEME

BOOLEENS = [rang % 3 == 0 for rang in range(37)]
COMPARER = """
import sys
from openfisca_assistant_medical.population import comparer

assert comparer(sys.argv[1], [2025], lectures=False).droits.num_rows
assert "pandas" not in sys.modules
"""


@pytest.mark.parametrize(
    ("valeurs", "genre"),
    [
        ([*range(-18, 19)], pa.int8()),
        ([*range(37)], pa.uint16()),
        ([2**62 - rang for rang in range(37)], pa.int64()),
        ([rang / 7 for rang in range(37)], pa.float64()),
        (BOOLEENS, pa.bool_()),
    ],
)
@pytest.mark.parametrize(("debut", "nombre"), [(0, 37), (3, 20), (8, 29), (17, 1), (37, 0)])
def test_une_tranche_de_colonne_se_lit_comme_par_pyarrow(
    valeurs: list[Any], genre: pa.DataType, debut: int, nombre: int
) -> None:
    lue = en_numpy(pa.array(valeurs, genre).slice(debut, nombre))
    assert lue.tolist() == valeurs[debut : debut + nombre]
    assert lue.dtype == genre.to_pandas_dtype()


def test_une_colonne_sans_octets_est_vide() -> None:
    assert en_numpy(pa.nulls(0, pa.int32())).tolist() == []


def test_nombres_et_textes_font_les_colonnes_de_pyarrow() -> None:
    entiers = numpy.arange(20)[::2]
    assert nombres(entiers, pa.int32()).equals(pa.array([*range(0, 20, 2)], pa.int32()))
    assert nombres([], pa.float64()).equals(pa.array([], pa.float64()))
    mots = ["", "été", "a", "\U0001d11e"]
    assert textes(mots).equals(pa.array(mots, pa.string()))
    assert textes([]).equals(pa.array([], pa.string()))
    schema = pa.schema([("a", pa.dictionary(pa.int32(), pa.string()))])
    assert vide(schema).schema == schema


def test_les_identifiants_ne_sont_lus_que_s_ils_servent(tmp_path: Path) -> None:
    chemin = tmp_path / "contrats.parquet"
    ecrire_population(chemin, 5, 1)
    table = ouvrir(chemin)
    for voulus in (True, False):
        (bloc,) = table.blocs(table.partitions()[0], SYSTEME, identifiants=voulus)
        assert (bloc.identifiants is not None) == voulus
        assert len(bloc.lignes) == 5


@pytest.mark.long
def test_un_calcul_n_importe_pas_pandas(tmp_path: Path) -> None:
    chemin = tmp_path / "contrats.parquet"
    ecrire_population(chemin, 100, 1)
    subprocess.run([sys.executable, "-c", COMPARER, str(chemin)], check=True)
