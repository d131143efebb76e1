"""The folder of a run: interrupted, killed at the worst moment, taken up again, refused."""

import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from openfisca_assistant_medical.brouillon import ecrire_json
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.population import comparer, reprise, simulation, simuler
from openfisca_assistant_medical.population.arrow import vide
from openfisca_assistant_medical.population.cellules import SCHEMAS, Cellules
from openfisca_assistant_medical.population.reprise import Chantier, Partie, SimulationRefusee
from openfisca_assistant_medical.population.table.refus import TableRefusee

CSV = """date_signature,specialite,secteur_conventionnel,patientele_mt_initiale,file_active_initiale
2023-09-10,generaliste,secteur_1,1300,1600
"""
DEMANDE = {"table": "celle-ci"}


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    fichier = tmp_path / "contrats.csv"
    fichier.write_text(CSV, encoding="utf-8")
    return fichier


class _Panne(Exception):
    pass


def _en_panne(*_: Any) -> Any:
    raise _Panne


def interrompre(
    monkeypatch: pytest.MonkeyPatch, source: Path, sortie: Path, **options: Any
) -> None:
    """A run that stops when its only part is finished."""
    with monkeypatch.context() as la:
        la.setattr(simulation, "_conclure", _en_panne)
        with pytest.raises(_Panne):
            comparer(source, [2024], sortie=sortie, lectures=False, **options)
    assert parties(sortie) == ["00000"]


def parties(sortie: Path) -> list[str]:
    return [p.name for p in sortie.with_name(f"{sortie.name}.partiel").glob("parties/*")]


def partie(index: int = 0) -> Partie:
    return Partie(index, Cellules(*map(vide, SCHEMAS.values())))


def resultat(dossier: Path, texte: str) -> Path:
    dossier.mkdir()
    (dossier / reprise.ENREGISTREMENT).write_text(texte, encoding="utf-8")
    return dossier


# --- A run taken up again -------------------------------------------------------------------------


@pytest.mark.long
def test_une_faute_dans_le_nom_de_la_table_ne_perd_rien(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sortie = tmp_path / "r"
    interrompre(monkeypatch, csv, sortie)
    with pytest.raises(TableRefusee, match="aucun fichier de ce nom"):
        comparer(tmp_path / "contrat.csv", [2024], sortie=sortie, lectures=False)
    assert parties(sortie) == ["00000"]
    autre = tmp_path / "autre.csv"
    autre.write_text(CSV.replace("1300", "1301"), encoding="utf-8")
    with pytest.raises(SimulationRefusee, match="ce qui diffère : table"):
        comparer(autre, [2024], sortie=sortie, lectures=False)
    assert parties(sortie) == ["00000"]
    comparer(csv, [2024], sortie=sortie, lectures=False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["autre.csv", "contrats.csv", "r"]


@pytest.mark.long
@pytest.mark.parametrize("options", [{"travailleurs": 3}, {"dask": "tcp://127.0.0.1:1"}])
def test_reprendre_quand_rien_ne_manque(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    interrompre(monkeypatch, csv, tmp_path / "r")
    repris = comparer(csv, [2024], sortie=tmp_path / "r", lectures=False, **options)
    assert repris.description["lignes"] == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("avant", "apres", "differe"),
    [
        ({"tirages": 2}, {}, "graine, hypotheses, tirages"),
        ({}, {"tirages": 2}, "tirages, graine, hypotheses"),
        ({"tirages": 2}, {"tirages": 2, "graine": 1}, "graine"),
    ],
)
def test_d_autres_tirages_ne_se_melent_pas(
    csv: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    avant: dict[str, int],
    apres: dict[str, int],
    differe: str,
) -> None:
    interrompre(monkeypatch, csv, tmp_path / "r", **avant)
    with pytest.raises(SimulationRefusee, match=rf"ce qui diffère : {differe}\. Remède"):
        comparer(csv, [2024], sortie=tmp_path / "r", lectures=False, **apres)
    assert parties(tmp_path / "r") == ["00000"]


def test_la_meme_table_autrement_coupee_n_est_pas_reprise(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the result of a query may be, whose content alone is fingerprinted.
    interrompre(monkeypatch, csv, tmp_path / "r")
    monkeypatch.setattr(simulation.Table, "partitions", lambda _: [])
    with pytest.raises(SimulationRefusee, match="diffère : parties"):
        comparer(csv, [2024], sortie=tmp_path / "r", lectures=False)


# --- Tables without a contract --------------------------------------------------------------------


def test_une_table_sans_contrat_est_refusee(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv.write_text(CSV.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(TableRefusee, match=r"contrats\.csv : aucun contrat\. Remède"):
        comparer(csv, [2024], sortie=tmp_path / "r", travailleurs=2)
    with pytest.raises(TableRefusee, match="aucun contrat"):
        simuler(pa.table({"date_signature": pa.array([], pa.date32())}), [2024])
    assert main(["simuler", str(csv), "--annees", "2024", "--travailleurs", "2"]) == 2
    assert "aucun contrat" in capsys.readouterr().err
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["contrats.csv"]


def test_une_table_dont_tout_est_ecarte_donne_un_resultat_vide(csv: Path) -> None:
    csv.write_text(CSV.replace("generaliste", "geralniste"), encoding="utf-8")
    vide = comparer(csv, [2024], erreurs="isoler", lectures=False)
    assert (vide.description["lignes"], vide.description["lignes_ecartees"]) == (0, 1)
    assert vide.cout_par_annee().num_rows == 0
    assert simuler(csv, [2024], erreurs="isoler").num_rows == 0


# --- Killed at the worst moment -------------------------------------------------------------------


def test_tue_entre_l_ancien_resultat_et_le_nouveau(tmp_path: Path) -> None:
    sortie = resultat(tmp_path / "r", "ancien")
    tue = Chantier(sortie, remplacer=True)
    tue.reconnaitre(DEMANDE)
    tue.deposer(partie())
    sortie.rename(tue.dossier / "ancien")
    tue.fermer()
    # The old result is back; the run goes on from its part.
    with pytest.raises(SimulationRefusee, match="contient déjà un résultat"):
        Chantier(sortie)
    assert (sortie / reprise.ENREGISTREMENT).read_text("utf-8") == "ancien"
    repris = Chantier(sortie, remplacer=True)
    repris.reconnaitre(DEMANDE)
    assert repris.faites() == {0}
    (repris.resultat / reprise.ENREGISTREMENT).write_text("nouveau", encoding="utf-8")
    repris.publier()
    assert (sortie / reprise.ENREGISTREMENT).read_text("utf-8") == "nouveau"
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_tue_apres_avoir_publie(tmp_path: Path) -> None:
    tue = Chantier(tmp_path / "r")
    tue.reconnaitre(DEMANDE)
    tue.deposer(partie())
    resultat(tue.resultat / "x", "nouveau").rename(tmp_path / "r")
    tue.resultat.rmdir()
    (tue.dossier / "parties" / "00000" / "bilan.json").unlink()  # half deleted
    tue.fermer()
    autre = Chantier(tmp_path / "r", remplacer=True)
    assert autre.neuf
    assert autre.faites() == set()
    autre.reconnaitre({"table": "une autre"})
    autre.abandonner()


def test_ce_qui_est_a_moitie_supprime_n_est_plus_en_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chantier = Chantier(tmp_path / "r")
    chantier.reconnaitre(DEMANDE)
    chantier.deposer(partie())
    with monkeypatch.context() as la:
        la.setattr(shutil, "rmtree", lambda *_, **__: None)  # killed before it deletes anything
        chantier.abandonner()
    assert not (tmp_path / "r.partiel").exists()
    suivant = Chantier(tmp_path / "r")
    assert suivant.faites() == set()
    suivant.abandonner()
    assert list(tmp_path.iterdir()) == []


def test_une_partie_ecrite_a_moitie_n_est_pas_finie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chantier = Chantier(tmp_path / "r")
    chantier.reconnaitre(DEMANDE)
    with monkeypatch.context() as la:
        la.setattr(reprise, "ecrire_erreurs", _en_panne)
        with pytest.raises(_Panne):
            chantier.deposer(partie())
    assert chantier.faites() == set()
    chantier.deposer(partie())
    assert [p.index for p in chantier.parties()] == [0]
    chantier.abandonner()


def test_rien_n_est_mis_en_place_avant_d_etre_sur_le_disque(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surs: set[str] = set()
    vrai_fsync, vrai_rename = os.fsync, Path.rename

    def fsync(ouvert: int) -> None:
        surs.add(Path(os.readlink(f"/proc/self/fd/{ouvert}")).name)
        vrai_fsync(ouvert)

    def rename(de: Path, a: Path) -> Path:
        if a.name in ("00000", "r"):
            deplaces.append(a.name)
            assert {p.name for p in [de, *de.rglob("*")]} <= surs
        return vrai_rename(de, a)

    deplaces: list[str] = []
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    chantier = Chantier(tmp_path / "r")
    chantier.reconnaitre(DEMANDE)
    chantier.deposer(partie())
    ecrire_json(chantier.resultat / reprise.ENREGISTREMENT, {})
    (chantier.resultat / "contrats").mkdir()
    (chantier.resultat / "contrats" / "0.parquet").touch()
    chantier.publier()
    assert deplaces == ["00000", "r"]


# --- Two processes --------------------------------------------------------------------------------


def _juste_avant_le_verrou(monkeypatch: pytest.MonkeyPatch, faire: Any) -> None:
    vrai = reprise._fermer_aux_autres

    def ensuite(verrou: Any) -> None:
        monkeypatch.setattr(reprise, "_fermer_aux_autres", vrai)
        faire()
        vrai(verrou)

    monkeypatch.setattr(reprise, "_fermer_aux_autres", ensuite)


def test_le_verrou_d_un_dossier_qui_vient_de_partir_ne_vaut_rien(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    premier = Chantier(tmp_path / "r")
    _juste_avant_le_verrou(monkeypatch, premier.abandonner)
    second = Chantier(tmp_path / "r")
    with pytest.raises(SimulationRefusee, match="un autre calcul y est en cours"):
        Chantier(tmp_path / "r")
    second.reconnaitre(DEMANDE)
    second.deposer(partie())
    assert second.faites() == {0}
    second.abandonner()


def test_un_resultat_publie_entre_temps_n_est_pas_remplace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _juste_avant_le_verrou(monkeypatch, lambda: resultat(tmp_path / "r", "publié"))
    with pytest.raises(SimulationRefusee, match="contient déjà un résultat"):
        Chantier(tmp_path / "r")
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


# --- Folders that are not one's own ---------------------------------------------------------------


def test_le_dossier_de_quelqu_un_n_est_pas_un_chantier(tmp_path: Path) -> None:
    (tmp_path / "r.partiel").mkdir()
    (tmp_path / "r.partiel" / "these.odt").write_text("dix ans de travail")
    with pytest.raises(SimulationRefusee, match="n’est pas celui d’une simulation"):
        Chantier(tmp_path / "r")
    assert (tmp_path / "r.partiel" / "these.odt").exists()


def test_le_dossier_ou_l_on_est_n_est_pas_un_resultat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SimulationRefusee, match="n’est pas le résultat d’une simulation"):
        Chantier(Path("."))


def test_une_demande_illisible_se_dit(tmp_path: Path) -> None:
    chantier = Chantier(tmp_path / "r")
    chantier.reconnaitre(DEMANDE)
    (chantier.dossier / "demande.json").write_text("{", encoding="utf-8")
    chantier.fermer()
    repris = Chantier(tmp_path / "r")
    with pytest.raises(SimulationRefusee, match=r"diffère : table\. Remède"):
        repris.reconnaitre(DEMANDE)
    repris.fermer()


def test_des_parties_dont_rien_ne_repond_sont_refaites(tmp_path: Path) -> None:
    chantier = Chantier(tmp_path / "r")
    chantier.reconnaitre(DEMANDE)
    chantier.deposer(partie())
    (chantier.dossier / "demande.json").unlink()
    chantier.fermer()
    repris = Chantier(tmp_path / "r")
    assert repris.neuf
    assert repris.faites() == set()
    repris.abandonner()
