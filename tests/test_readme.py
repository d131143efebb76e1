"""What the README shows is what happens."""

import json
import re
from pathlib import Path

import pytest

from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.web import creer

RACINE = Path(__file__).parents[1]
README = (RACINE / "README.md").read_text("utf-8")
BLOCS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def bloc(langue: str, contenant: str) -> str:
    (trouve,) = (texte for nom, texte in BLOCS if nom == langue and contenant in texte)
    return trouve


def bloc_de_texte(debut: str) -> str:
    """A block without a language, by its first words."""
    blocs = re.findall(r"^```(\w*)\n(.*?)\n```$", README, re.DOTALL | re.MULTILINE)
    (trouve,) = (texte for langue, texte in blocs if not langue and texte.startswith(debut))
    return str(trouve)


def test_la_requete_donne_ce_qu_elle_dit() -> None:
    corps = re.search(r"-d '(.*?)'", bloc("sh", "curl"), re.DOTALL)
    assert corps is not None
    reponse = creer().test_client().post("/api/calculate", json=json.loads(corps[1])).get_json()
    obtenu = json.dumps({"aide_maximale": reponse["medecins"]["Camille"]["aide_maximale"]})
    assert f"`{obtenu[1:-1]}`" in README


def test_le_medecin_de_quelques_lignes_se_calcule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "medecin.yaml"
    fichier.write_text(bloc("yaml", "# medecin.yaml"), "utf-8")
    assert main(["calculer", str(fichier), "--reforme", "convention_2024", "--json"]) == 0
    (medecin,) = json.loads(capsys.readouterr().out)["medecins"]
    annee = medecin["resultats"][0]["annees"][2]
    # 100 patients gained of 200 to gain: half of 22 000.
    assert (annee["annee"], annee["aide_due"]) == (2026, 22_000 * 0.5)


def test_la_couverture_est_celle_que_la_commande_imprime(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    assert main(["matrice"]) == 0
    imprimees = [ligne.rstrip() for ligne in capsys.readouterr().out.splitlines()]
    montrees = bloc_de_texte("Document").splitlines()
    debut = imprimees.index(montrees[0])
    assert imprimees[debut : debut + len(montrees)] == montrees
    # Heading, documents, total, the source of a reform, legend.
    assert len(montrees) == 1 + 5 + 1 + 1 + 1


def test_les_points_douteux_sont_comptes_comme_la_commande_les_compte(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lectures"]) == 0
    imprimes = re.search(r"(\d+) points douteux, dont (\d+)\s", capsys.readouterr().out)
    dits = re.search(r"(\d+) doubtful points.*for (\d+) of them", README)
    assert imprimes is not None
    assert dits is not None
    assert dits.groups() == imprimes.groups()


def test_la_demonstration_est_celle_qu_il_dit() -> None:
    cible = (RACINE / "Makefile").read_text("utf-8").partition("\ndemo:")[2].partition("\n\n")[0]
    (taille,) = set(re.findall(r"--taille (\d+)", cible))
    dite = f"{int(taille):,}".replace(",", " ")
    assert f"what {dite} contracts cost" in README
    assert f"ce que coûtent {dite} contrats" in README
    for commande in ("calculer", "expliquer", "population", "simuler", "rapport"):
        assert f"assistant-medical {commande}" in cible


def test_un_extra_s_ecrit_entre_guillemets_pour_tous_les_terminaux() -> None:
    # zsh would look for files of that name.
    assert not re.findall(r"pip install [^'`\s]*\[", README)
    assert "pip install '.[population]'" in README


def test_la_carte_de_l_arbre_est_celle_du_paquet() -> None:
    carte = README[README.index("## Map of the tree") : README.index("## Tests")]
    for nom in sorted(chemin.name for chemin in (RACINE / "openfisca_assistant_medical").iterdir()):
        if nom != "__pycache__":
            assert re.search(rf"^  {re.escape(nom)}/?\s", carte, re.MULTILINE), nom
