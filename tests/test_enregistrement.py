"""The record of a result, and what computing it again says of it."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openfisca_assistant_medical import CountryTaxBenefitSystem, lois
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.population import comparer
from openfisca_assistant_medical.population.empreintes import (
    OUTILS,
    PAQUET,
    differences,
    empreinte_de_table,
    empreintes_d_une_loi,
)
from openfisca_assistant_medical.population.enregistrement import (
    VerificationImpossible,
    verifier,
)
from openfisca_assistant_medical.population.rapport import recit
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.contrats_au_hasard import contrats, ecrire

ANNEES = [2024, 2025]
SYSTEMES = {
    "base": CountryTaxBenefitSystem,
    "convention_2024": lambda: convention_2024(CountryTaxBenefitSystem()),
}


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("modele")
    source = ecrire(dossier / "contrats.parquet", contrats(200, ANNEES, poids=True))
    comparer(source, ANNEES, sortie=dossier / "r", lectures=False)
    return dossier


@pytest.fixture
def lieu(modele: Path, tmp_path: Path) -> Path:
    """A folder with a table and its result, to be changed."""
    shutil.copytree(modele, tmp_path, dirs_exist_ok=True)
    fiche = tmp_path / "r" / "enregistrement.json"
    lue = json.loads(fiche.read_text("utf-8"))
    lue["entree"] |= dict.fromkeys(("chemin", "absolu"), str(tmp_path / "contrats.parquet"))
    fiche.write_text(json.dumps(lue), "utf-8")
    return tmp_path


def quoi(rapport: dict[str, Any]) -> set[tuple[str, str]]:
    return {(ecart["quoi"], ecart["nom"]) for ecart in rapport["differences"]}


@pytest.mark.long
def test_le_recalcul_donne_le_meme_resultat(lieu: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verifier", str(lieu / "r")]) == 0
    assert "le recalcul donne le même résultat" in capsys.readouterr().out


def test_ce_que_l_enregistrement_dit(lieu: Path) -> None:
    fiche = json.loads((lieu / "r" / "enregistrement.json").read_text("utf-8"))
    assert fiche["options"]["annees"] == ANNEES
    assert [loi["nom"] for loi in fiche["lois"]] == ["base", "convention_2024"]
    assert fiche["synthetique"] is False
    assert set(fiche["versions"]) == {
        *("openfisca-assistant-medical", "openfisca-core", "numpy"),
        *("python", "duckdb", "joblib", "pyarrow", "scipy"),
    }
    base, convention = fiche["lois"]
    assert base["parametres"] != convention["parametres"]
    assert base["formules"] == convention["formules"]  # the convention is figures alone
    assert base["detail"]["parametres"].keys() <= convention["detail"]["parametres"].keys()
    assert set(fiche["resultats"]) == {
        *(f"{nom}.parquet" for nom in ("droits", "caisse", "ecarts", "variations")),
        "erreurs.csv",
        "description.json",
    }


@pytest.mark.long
def test_un_resultat_modifie_est_nomme(lieu: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = lieu / "r" / "droits.parquet"
    table = pq.ParquetFile(fichier).read()
    rang = table.column_names.index("aide_due")
    valeurs = table.column("aide_due").to_pylist()
    valeurs[3] += 1
    pq.write_table(table.set_column(rang, "aide_due", pa.array(valeurs)), fichier)
    rapport = verifier(lieu / "r")
    assert quoi(rapport) == {("resultat", "droits.parquet")}
    assert main(["verifier", str(lieu / "r")]) == 1
    texte = capsys.readouterr().out
    assert "droits.parquet : le fichier a été modifié depuis le calcul" in texte
    assert main(["verifier", str(lieu / "r"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["identique"] is False
    (lieu / "r" / "caisse.parquet").unlink()
    assert ("resultat", "caisse.parquet") in quoi(verifier(lieu / "r"))


def test_un_resultat_et_son_empreinte_modifies_ne_passent_pas(lieu: Path) -> None:
    fichier, fiche = lieu / "r" / "caisse.parquet", lieu / "r" / "enregistrement.json"
    table = pq.ParquetFile(fichier).read()
    rang = table.column_names.index("depense")
    valeurs = [2 * valeur for valeur in table.column("depense").to_pylist()]
    table = table.set_column(rang, "depense", pa.array(valeurs))
    pq.write_table(table, fichier)
    lue = json.loads(fiche.read_text("utf-8"))
    lue["resultats"]["caisse.parquet"] = empreinte_de_table(pq.ParquetFile(fichier).read())
    fiche.write_text(json.dumps(lue), "utf-8")
    (ecart,) = verifier(lieu / "r")["differences"]
    assert (ecart["quoi"], ecart["nom"]) == ("recalcul", "caisse.parquet")
    assert "d’abord à la ligne 1 (loi=base, mois=2024-" in ecart["detail"]
    assert f"depense {valeurs[0]} → {valeurs[0] / 2}" in ecart["detail"]


def test_une_table_modifiee_est_nommee(lieu: Path) -> None:
    source = lieu / "contrats.parquet"
    table = pq.ParquetFile(source).read()
    rang = table.column_names.index("poids")
    poids = [2 * p for p in table.column("poids").to_pylist()]
    ecrire(source, table.set_column(rang, "poids", pa.array(poids)))
    ecarts = quoi(verifier(lieu / "r"))
    assert ("entree", str(source)) in ecarts
    assert ("recalcul", "droits.parquet") in ecarts


def test_une_table_devenue_mauvaise_est_dite(lieu: Path) -> None:
    source = lieu / "contrats.parquet"
    table = pq.ParquetFile(source).read()
    rang = table.column_names.index("poids")
    ecrire(source, table.set_column(rang, "poids", pa.array([-1.0] * len(table))))
    (ecart,) = verifier(lieu / "r")["differences"]
    assert ecart["quoi"] == "entree"
    assert "elle est maintenant refusée" in ecart["detail"]
    assert "poids" in ecart["detail"]


def test_la_meme_table_recoupee_donne_le_meme_resultat(lieu: Path) -> None:
    # Another file: it is said, and the results are the same.
    table = pq.ParquetFile(lieu / "contrats.parquet").read()
    pq.write_table(table, lieu / "contrats.parquet", row_group_size=37, compression="zstd")
    assert quoi(verifier(lieu / "r")) == {("entree", str(lieu / "contrats.parquet"))}


@pytest.mark.long
def test_une_table_deplacee_se_retrouve(lieu: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ailleurs = lieu / "ailleurs.parquet"
    (lieu / "contrats.parquet").rename(ailleurs)
    assert main(["verifier", str(lieu / "r")]) == 2
    assert "n’est plus là. Remède : dire où elle est, avec --contrats" in capsys.readouterr().err
    assert main(["verifier", str(lieu / "r"), "--contrats", str(ailleurs)]) == 0


@pytest.mark.long
def test_un_chiffre_et_une_regle_qui_changent_sont_nommes(
    lieu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loi(nom: str) -> Any:
        systeme = SYSTEMES[nom]()  # one of its own, to be changed
        parametre = systeme.parameters.versement.delai_acompte
        parametre.values_list[0].value += 1
        variable = systeme.variables["recuperation"]
        lieu, source, ligne = variable.introspection_data
        variable.introspection_data = (lieu, source.replace("-medecins", "medecins"), ligne)
        return nom, systeme

    monkeypatch.setattr(lois, "loi", loi)
    rapport = verifier(lieu / "r")
    ecarts = quoi(rapport)
    assert {nom for genre, nom in ecarts if genre == "parametre"} == {"versement.delai_acompte"}
    assert {nom for genre, nom in ecarts if genre == "formule"} == {"recuperation"}
    assert ("recalcul", "caisse.parquet") in ecarts  # a month later
    assert ("recalcul", "droits.parquet") not in ecarts


def test_l_empreinte_d_une_loi_ne_tient_qu_a_elle() -> None:
    une, meme = (empreintes_d_une_loi(lois.loi("convention_2024")[1]) for _ in range(2))
    assert une == meme
    autre = empreintes_d_une_loi(lois.loi("convention_2024+lectures.p95_inclus")[1])
    assert differences(une, autre) == {"parametres": ["lectures.p95_inclus"], "formules": []}
    avec = differences(une, empreintes_d_une_loi(lois.loi("convention_2024+objectifs_estimes")[1]))
    assert "objectif_pmt_estime" in avec["formules"]


def test_l_empreinte_d_une_loi_porte_ce_qui_calcule_avec_elle() -> None:
    detail = empreintes_d_une_loi(lois.loi("base")[1])["detail"]["formules"]
    for nom in ("calcul", "sensibilite", "traitement", "tirages", "manques", "incertitude"):
        assert f"(population/{nom}.py)" in detail
    assert {nom.split("/")[1] for nom in detail if nom.count("/") == 2} == {"cellules", "table"}


def test_ce_qui_calcule_est_la_ou_l_empreinte_le_cherche() -> None:
    assert [motif for motif in OUTILS if not any(PAQUET.glob(motif))] == []


def test_l_autre_reponse_d_une_lecture_est_dans_l_empreinte() -> None:
    systeme = SYSTEMES["base"]()
    avant = empreintes_d_une_loi(systeme)
    systeme.parameters.lectures.age_senior.metadata["alternative"] += 1
    apres = empreintes_d_une_loi(systeme)
    assert differences(avant, apres) == {"parametres": ["lectures.age_senior"], "formules": []}


def test_l_empreinte_d_une_table_est_celle_de_son_contenu() -> None:
    table = pa.table({"a": ["x", "y", "x"], "b": [1.0, 2.0, 3.0]})
    codee = table.set_column(0, "a", table["a"].dictionary_encode())
    en_deux = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert len({empreinte_de_table(t) for t in (table, codee, en_deux)}) == 1
    autres = (table.slice(1), table.rename_columns(["b", "a"]), table.take([1, 0, 2]))
    assert len({empreinte_de_table(t) for t in (table, *autres)}) == 4


def test_ce_qui_ne_se_verifie_pas(
    lieu: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verifier", str(tmp_path / "absent")]) == 2
    assert "il n’existe pas. Remède" in capsys.readouterr().err
    fiche = lieu / "r" / "enregistrement.json"
    lue = json.loads(fiche.read_text("utf-8"))
    lue["lois"][1]["nom"] = "convention_2025"
    fiche.write_text(json.dumps(lue), "utf-8")
    with pytest.raises(VerificationImpossible, match="Loi « convention_2025 »"):
        verifier(lieu / "r")
    fiche.write_text(json.dumps(lue | {"format": 99}), "utf-8")
    with pytest.raises(VerificationImpossible, match="format 99"):
        verifier(lieu / "r")


@pytest.fixture
def piege(lieu: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a result whose second law names a reform of a module that leaves a trace."""
    (lieu / "piege_du_dossier.py").write_text(
        "from pathlib import Path\n"
        f"Path({str(lieu / 'execute')!r}).touch()\n"
        "from openfisca_assistant_medical.reforms.convention_2024 import convention_2024\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(lieu)
    monkeypatch.delitem(sys.modules, "piege_du_dossier", raising=False)
    fiche = lieu / "r" / "enregistrement.json"
    lue = json.loads(fiche.read_text("utf-8"))
    lue["lois"][1]["nom"] = "piege_du_dossier.convention_2024"
    lue["lois"][1]["fichiers"] = {"piege_du_dossier.convention_2024": "0" * 64}
    fiche.write_text(json.dumps(lue), "utf-8")
    return lieu


def test_le_code_que_nomme_un_resultat_n_est_pas_execute(
    piege: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for refuse in ("piege_du_dossier.convention_2024", "base+os.path.join", "os..system.x"):
        fiche = piege / "r" / "enregistrement.json"
        lue = json.loads(fiche.read_text("utf-8"))
        lue["lois"][1]["nom"] = refuse
        fiche.write_text(json.dumps(lue), "utf-8")
        assert main(["verifier", str(piege / "r")]) == 2
        nom = refuse.removeprefix("base+")
        assert f"« {nom} » n’est ni une réforme du paquet, ni" in capsys.readouterr().err
    assert recit.lois({"lois": ["x"]}, {"lois": [{**lue["lois"][1], "id": "x"}]})[0]["fichiers"]
    assert not (piege / "execute").exists()


@pytest.mark.long
def test_le_code_admis_est_execute(piege: Path) -> None:
    admises = ["piege_du_dossier.convention_2024"]
    genres = {genre for genre, _ in quoi(verifier(piege / "r", admises=admises))}
    assert genres == {"reforme", "recalcul"}  # what the record was made to say, and its name
    assert (piege / "execute").exists()
    assert main(["verifier", str(piege / "r"), "--admettre", *admises]) == 1


@pytest.mark.parametrize(
    "nom",
    [
        "convention_2024",
        "lectures.p95_inclus",
        "openfisca_assistant_medical.reforms.lectures.p95_inclus",
        "examples/reformes/hausse_annee_3.yaml",
        "inconnue",
    ],
)
def test_ce_qui_n_execute_pas_de_code(nom: str) -> None:
    assert not lois.execute_du_code(nom)


@pytest.mark.long
def test_une_table_en_memoire_ne_se_verifie_pas_seule(tmp_path: Path) -> None:
    table = contrats(30, [2024])
    comparer(table, [2024], sortie=tmp_path / "r", lectures=False)
    with pytest.raises(VerificationImpossible, match="en mémoire"):
        verifier(tmp_path / "r")
    fichier = ecrire(tmp_path / "t.parquet", table)
    assert quoi(verifier(tmp_path / "r", source=str(fichier))) == {("entree", str(fichier))}
