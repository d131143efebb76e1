"""The benchmarks run, and their guard fails where it should; how long they take is not tested."""

from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks import croissance, demarrage, population, requete
from benchmarks.__main__ import app
from benchmarks.mesure import Mesure, pic_de_memoire, rapports, rondes


def test_une_mesure_se_tient_a_sa_cible() -> None:
    mesure = Mesure("rapport", [1.0, 9.0, 1.5], cible=1.0)
    assert mesure.mediane == 1.5
    assert not mesure.tenue()
    assert not mesure.tenue(1.49)
    assert mesure.tenue(1.5)
    assert Mesure("pour information", [100.0]).tenue()
    assert mesure.en_clair()["minimum"] == 1.0
    assert mesure.en_clair()["maximum"] == 9.0


def test_les_cas_d_une_ronde_se_suivent_et_tournent() -> None:
    vus: list[str] = []
    temps = rondes({"a": lambda: vus.append("a"), "b": lambda: vus.append("b")}, 3)
    # Once to warm up, then each round starts with the next case.
    assert "".join(vus) == "ab" + "ab" + "ba" + "ab"
    assert [len(serie) for serie in temps.values()] == [3, 3]
    assert rapports({"a": [2.0, 3.0], "b": [1.0, 2.0]}, "a", "b") == [2.0, 1.5]


def test_le_pic_est_celui_de_l_appel() -> None:
    deja_la = bytearray(5_000_000)
    assert 1_000_000 <= pic_de_memoire(lambda: bytearray(1_000_000)) < 2_000_000
    assert len(deja_la) == 5_000_000


@pytest.mark.long
def test_chaque_banc_donne_ses_mesures() -> None:
    loi = population.systemes()["convention_2024"]
    mesures = [
        *population.vitesse(10, 1),
        *population.memoire(10),
        *population.memoire_par_morceaux(2, taille=10),
        *croissance.par_medecins(loi, 10),
        *croissance.par_annees(loi, 10),
        *croissance.par_reformes(loi, 10),
        *requete.mesurer(1),
        *demarrage.mesurer(1),
    ]
    assert all(valeur > 0 for mesure in mesures for valeur in mesure.valeurs)
    # 2 laws × 3, 2 × 3, 2; 1 and 10 doctors, 6 spans of years, 1 to 5 reforms; 6; 8.
    assert len(mesures) == 6 + 6 + 2 + 2 + 6 + 5 + 6 + 8


@pytest.mark.parametrize(("rapport", "code"), [(3.4, 0), (3.5, 1)])
def test_la_garde_echoue_au_dela_de_la_marge(
    rapport: float, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was reached, 2.3, times 1.5 is 3.45.
    def vitesse(nombre: int, _: int, cibles: Any) -> list[Mesure]:
        valeur = rapport if nombre == 100_000 else 1.0
        return [Mesure(f"{nombre} médecins", [valeur], cible=cibles[nombre])]

    monkeypatch.setattr(population, "vitesse", vitesse)
    monkeypatch.setattr(population, "memoire", lambda _: [])
    monkeypatch.setattr(demarrage, "mesurer", lambda _: [])
    resultat = CliRunner().invoke(app, ["garde"])
    assert resultat.exit_code == code
    assert ("Au-delà de 1.5 × la cible : 100000 médecins" in resultat.output) == bool(code)
