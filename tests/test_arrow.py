"""Arrow columns laid on NumPy arrays: the values and the types that pyarrow itself gives."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pytest

from openfisca_assistant_medical.population.arrow import en_numpy, nombres, scalaire, textes, vide
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
    assert textes(["a", None, ""]).equals(pa.array(["a", None, ""], pa.string()))
    donnees = numpy.array([True, False, True])
    assert nombres([1, 2, 3], pa.int16(), donnees).equals(pa.array([1, None, 3], pa.int16()))
    jours = numpy.array(["1969-12-31", "2024-02-29"], "M8[D]")
    assert nombres(jours, pa.date32()).equals(pa.array(jours, pa.date32()))
    assert nombres(BOOLEENS, pa.bool_()).equals(pa.array(BOOLEENS))
    for valeur, genre in ((-1, pa.int8()), (0.5, pa.float64()), (True, pa.bool_()), ("é", None)):
        assert scalaire(valeur, genre or pa.string()).equals(pa.scalar(valeur, genre))
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


LIRE = """
import sys
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population.table.tables import ouvrir

systeme, lues, refusees = CountryTaxBenefitSystem(), 0, 0
table = ouvrir(sys.argv[1])
for partition in table.partitions():
    for bloc in table.blocs(partition, systeme, erreurs="isoler"):
        lues, refusees = lues + len(bloc.lignes), refusees + len(bloc.erreurs)
assert (lues, refusees) == (2, 3), (lues, refusees)
assert "pandas" not in sys.modules
"""


@pytest.mark.long
def test_une_table_ne_fait_pas_importer_pandas(tmp_path: Path) -> None:
    """Cells that are empty, words that are wrong, lines that cannot be cut: nothing needs it."""
    csv = tmp_path / "contrats.csv"
    csv.write_text(
        "date_signature,specialite,secteur_conventionnel,zone,patientele_mt_2026,poids,identifiant\n"
        "2024-09-02,generaliste,secteur_1,,900,1,a\n"
        "2024-09-02,generaliste,secteur_1,zip,,1.5,\n"
        "2024-09-02,generaliste,secteur_1,zipp,900,1,c\n"
        "2024-09-02,generaliste,secteur_1,zip,1 000,1,d\n"
        "2024-09-02,generaliste\n",
        "utf-8",
    )
    subprocess.run([sys.executable, "-c", LIRE, str(csv)], check=True)
