"""The same result from a cluster of Dask workers, one of which dies on the way."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.population import comparer
from openfisca_assistant_medical.population.repartition import RepartitionImpossible, repartir
from tests.contrats_au_hasard import contrats, ecrire
from tests.serveurs import port_libre

ANNEES = range(2024, 2027)
TABLES = ("droits", "caisse", "ecarts", "lectures")


@contextmanager
def _processus(*arguments: str, dossier: Path) -> Iterator[subprocess.Popen[bytes]]:
    journal = (dossier / f"journal-{time.monotonic_ns()}").open("wb")
    processus = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        stdout=journal,
        stderr=journal,
        cwd=dossier,
        start_new_session=True,
    )
    try:
        yield processus
    finally:
        processus.kill()
        processus.wait()
        journal.close()


def _travailleur(adresse: str, dossier: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return _processus(
        "dask_worker", adresse, "--nthreads", "1", "--no-nanny", "--no-dashboard",
        "--host", "127.0.0.1", "--local-directory", str(dossier), dossier=dossier,
    )  # fmt: skip


@pytest.mark.long
def test_une_grappe_dont_un_travailleur_meurt(tmp_path: Path) -> None:
    source = tmp_path / "t"
    source.mkdir()
    for rang in range(8):
        table = contrats(1_000, ANNEES, graine=rang, poids=True)
        ecrire(source / f"{rang}.parquet", table)
    comparer(source, ANNEES, sortie=tmp_path / "ici")
    port = port_libre()
    adresse, sortie = f"tcp://127.0.0.1:{port}", tmp_path / "grappe"
    with ExitStack() as pile:
        ouvrir = pile.enter_context
        ouvrir(
            _processus(
                "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard",
                dossier=tmp_path,
            )
        )  # fmt: skip
        premier, _ = (ouvrir(_travailleur(adresse, tmp_path)) for _ in range(2))
        tue: list[int] = []

        def tuer() -> None:
            parties = tmp_path / "grappe.partiel" / "parties"
            fin = time.monotonic() + 120
            while not list(parties.glob("0*")) and time.monotonic() < fin:
                time.sleep(0.01)
            tue.append(len(list(parties.glob("0*"))))
            os.kill(premier.pid, signal.SIGKILL)

        tueur = threading.Thread(target=tuer)
        tueur.start()
        comparer(source, ANNEES, sortie=sortie, dask=adresse)
        tueur.join()
        assert premier.wait(10) == -signal.SIGKILL
    assert 0 < tue[0] < 8  # it died in the middle
    for nom in TABLES:
        fichiers = [(dossier / f"{nom}.parquet") for dossier in (tmp_path / "ici", sortie)]
        assert fichiers[0].read_bytes() == fichiers[1].read_bytes(), nom


@pytest.mark.long
def test_une_adresse_ou_personne_n_ecoute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openfisca_assistant_medical.population.repartition._ATTENTE", 1)
    fichier = ecrire(tmp_path / "t.parquet", contrats(20, ANNEES))
    arguments = ["simuler", str(fichier), "--annees", "2024", "--sortie", str(tmp_path / "r")]
    assert main([*arguments, "--dask", f"tcp://127.0.0.1:{port_libre()}"]) == 2
    assert "aucun ordonnanceur à l’adresse" in capsys.readouterr().err
    assert sorted(chemin.name for chemin in tmp_path.iterdir()) == ["t.parquet"]


def _double(nombre: int) -> int:
    return 2 * nombre


def _mourir(nombre: int) -> None:
    os._exit(3)


def test_un_seul_travailleur_travaille_ici(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    assert list(repartir(_double, [1, 2, 3])) == [2, 4, 6]
    assert list(repartir(_double, [1], travailleurs=4)) == [2]
    assert list(repartir(_double, [], travailleurs=4)) == []


@pytest.mark.long
def test_des_processus_de_la_machine() -> None:
    assert sorted(repartir(_double, [1, 2, 3], travailleurs=2)) == [2, 4, 6]
    with pytest.raises(RepartitionImpossible, match="relancer la même commande"):
        list(repartir(_mourir, [1, 2, 3], travailleurs=2))
