"""The benchmarks run, and their guard fails where it should; how long they take is not tested."""

from pathlib import Path
from typing import Any

import numpy
import pytest
from typer.testing import CliRunner

from benchmarks import croissance, demarrage, jumeau_de_table, population, requete, table
from benchmarks.__main__ import app
from benchmarks.mesure import Mesure, pic_de_memoire, rapports, rondes
from openfisca_assistant_medical.population.cellules import CERTITUDES, MONTANTS
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.synthese import ecrire_population
from tests.contrats_au_hasard import SYSTEME, contrats, ecrire


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


CLES = (*jumeau_de_table.TAILLES, "certitude")
Cellules = dict[Any, list[float]]


def mot(nom: str, code: int) -> Any:
    """What a code of the twin stands for."""
    nom = {"option_etp": "option_etp_initiale"}.get(nom, nom)
    if nom == "certitude":
        return CERTITUDES[code]
    possibles = SYSTEME.variables[nom].possible_values if nom in SYSTEME.variables else None
    return code if possibles is None else list(possibles)[code].name


def droits_du_jumeau(tables: jumeau_de_table.Tables) -> Cellules:
    tailles = (*jumeau_de_table.TAILLES.values(), len(CERTITUDES))
    cellules = {}
    for (loi, annee), sommes in tables.droits.items():
        for case in numpy.flatnonzero(sommes[0]):
            codes = dict(zip(CLES, numpy.unravel_index(case, tailles), strict=True))
            if codes["rang"] > 0:
                noms = (mot(nom, int(code)) for nom, code in codes.items())
                cellules[loi, annee, *noms] = sommes[:, case].tolist()
    return cellules


def caisse_du_jumeau(tables: jumeau_de_table.Tables) -> Cellules:
    mois = [f"{annee}-{rang:02}" for annee in table.ANNEES for rang in range(1, 13)]
    return {
        (loi, mois[case // len(CERTITUDES)], CERTITUDES[case % len(CERTITUDES)]): lues.tolist()
        for loi, sommes in tables.caisse.items()
        for case, lues in enumerate(sommes.T)
        if lues[0]
    }


def ecarts_du_jumeau(tables: jumeau_de_table.Tables) -> Cellules:
    def modalite(dimension: str, code: int) -> str:
        if dimension == "millesime":
            return str(code)
        return dimension if dimension == "ensemble" else mot(dimension, code)

    return {
        (dimension, modalite(dimension, int(code)), gain): [lignes]
        for dimension in jumeau_de_table.DIMENSIONS
        for code, gain, lignes in tables.ecarts[dimension].T.tolist()
    }


def de_l_outil(resultat: Resultat, nom: str, cles: tuple[str, ...], sommes: Any) -> Cellules:
    lignes = getattr(resultat, nom).to_pylist()
    return {tuple(li[c] for c in cles): [float(li[s]) for s in sommes] for li in lignes}


def ecarts_de_l_outil(resultat: Resultat) -> Cellules:
    """Without what the twin leaves out: the certainty of gains, those of ranks and of periods."""
    return {
        (dimension, ligne["modalite"], ligne["gain_centimes"]): [float(ligne["lignes"])]
        for dimension in jumeau_de_table.DIMENSIONS
        for ligne in resultat.gains(dimension=dimension).to_pylist()
    }


def egales(unes: Cellules, autres: Cellules) -> None:
    assert unes.keys() == autres.keys()
    for cle, sommes in unes.items():
        assert sommes == pytest.approx(autres[cle], abs=0.005), cle


@pytest.mark.parametrize("synthetique", [False, pytest.param(True, marks=pytest.mark.long)])
def test_le_jumeau_et_l_outil_donnent_les_memes_cellules(synthetique: bool, tmp_path: Path) -> None:
    chemin = tmp_path / "contrats.parquet"
    if synthetique:
        ecrire_population(chemin, 3_000, 1)
    else:  # every input, empty cells, doctors of every kind; several row groups
        annees = range(table.ANNEES[0] - 1, table.ANNEES[-1] + 1)
        ecrire(chemin, contrats(4_000, annees), 700)
    tables, resultat = table.jumeau(chemin), table.outil(chemin)
    droits = de_l_outil(resultat, "droits", ("loi", "annee", *CLES), ("lignes", *MONTANTS))
    assert {cle[-1] for cle in droits} == {"droit", "hypothese", "inconnu"}
    egales(droits_du_jumeau(tables), droits)
    cles = ("loi", "mois", "certitude")
    egales(caisse_du_jumeau(tables), de_l_outil(resultat, "caisse", cles, ("lignes", "depense")))
    egales(ecarts_du_jumeau(tables), ecarts_de_l_outil(resultat))


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
        *table.vitesse(10, 1),
        *table.memoire((10, 20)),
        *table.deux_travailleurs(10, 1),
    ]
    assert all(valeur > 0 for mesure in mesures for valeur in mesure.valeurs)
    # 2 laws × 3, 2 × 3, 2; 1 and 10 doctors, 6 spans of years, 1 to 5 reforms; 6; 8; 3, 3, 1.
    assert len(mesures) == 6 + 6 + 2 + 2 + 6 + 5 + 6 + 8 + 3 + 3 + 1


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
    monkeypatch.setattr(table, "vitesse", lambda *_: [])
    monkeypatch.setattr(demarrage, "mesurer", lambda _: [])
    resultat = CliRunner().invoke(app, ["garde"])
    assert resultat.exit_code == code
    assert ("Au-delà de 1.5 × la cible : 100000 médecins" in resultat.output) == bool(code)
