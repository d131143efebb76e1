"""What keeps a release from going out, each on a planted fault; `.ci/run` makes a whole one."""

import copy
import hashlib
import json
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.web import creer
from publication import NOM, PAQUET, PublicationRefusee, composants, essais, journal
from publication.__main__ import ecrire_les_sommes
from publication.__main__ import main as publier
from publication.archives import attendu_de_la_wheel, ecarts, fichiers, lancer
from publication.essais import DU_DEPOT, ESSAIS, Essai
from publication.etat import fautes_du_depot, fautes_du_journal
from publication.etat import version as version_du_projet

RACINE = Path(__file__).parents[1]
PROJET: dict[str, Any] = tomllib.loads((RACINE / "pyproject.toml").read_text("utf-8"))["project"]


# --- The version, the changelog -------------------------------------------------------------------


def test_la_version_est_dite_une_fois_et_partout_la_meme(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert version(NOM) == PROJET["version"] == version_du_projet()
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.split()[-1] == PROJET["version"]
    assert (
        creer().test_client().get("/api/openapi.json").json["info"]["version"] == PROJET["version"]
    )
    sources = [
        f for f in (RACINE / PAQUET).rglob("*.py") if PROJET["version"] in f.read_text("utf-8")
    ]
    assert sources == []


def test_le_journal_dit_la_version_et_ce_qu_elle_touche() -> None:
    assert fautes_du_journal() == []
    (derniere, *_) = journal.lire(journal.JOURNAL.read_text("utf-8"))
    # The two laws of the model come into force on these days.
    droit = [c for c in derniere.changements if c.nature == "Tax and benefit system evolution"]
    assert {c.zones[0]: c.dates for c in droit}["reforms/convention_2024"] == ["2024-06-22"]
    assert sum(len(c.details) for c in derniere.changements) >= 29


def entree(titre: str, **autres: str) -> str:
    dit = {
        "nature": "Tax and benefit system evolution",
        "periodes": "from 2024-06-22",
        "zones": "`reforms/convention_2024`",
        "details": "  - One.\n    On two lines.\n  - Two.",
        **autres,
    }
    return (
        f"{titre}\n\n* {dit['nature']}.\n* Impacted periods: {dit['periodes']}.\n"
        f"* Impacted areas: {dit['zones']}.\n* Details:\n{dit['details']}\n\n"
    )


PREMIERE = entree("# 1.0.0 - 2026-01-01")
SECONDE = "## 1.1.0 - 2026-02-01"


def test_un_journal_bien_tenu_se_lit() -> None:
    texte = "# Changelog\n\n" + entree(SECONDE) + PREMIERE
    assert journal.fautes(texte, "1.1.0") == []
    seconde, premiere = journal.lire(texte)
    assert (seconde.version, seconde.jour, premiere.nom) == ((1, 1, 0), "2026-02-01", "1.0.0")
    (changement,) = seconde.changements
    assert changement.zones == ["reforms/convention_2024"]
    assert changement.details == ("One.", "Two.")


@pytest.mark.parametrize(
    ("seconde", "dite"),
    [
        (entree("## 1.2.0 - 2026-02-01"), "la première entrée n’est pas 1.1.0"),
        (entree("# 1.1.0 - 2026-02-01"), "titre de niveau 1, 2 attendu"),
        (entree("## 1.1 - 2026-02-01"), "titre mal écrit"),
        (entree("## 1.1.0 — 2026-02-01"), "titre mal écrit"),
        (entree("## 1.1.0 - 2026-02-31"), "n’est pas un jour"),
        (entree("## 1.1.0 - 2025-12-31"), "est datée d’avant 1.0.0"),
        (f"{SECONDE}\n\n", "aucun changement"),
        (entree(SECONDE, nature="Improvement"), "n’est pas une nature"),
        (entree(SECONDE, nature="Breaking change"), "ne tient pas dans une version de ce rang"),
        (entree(SECONDE, periodes="since 2024"), "périodes mal écrites"),
        (entree(SECONDE, periodes="from 2024-06-23"), "aucun chiffre de ces zones ne change le"),
        # A date of the law, but of another place.
        (entree(SECONDE, periodes="from 2019-08-20"), "ne change le 2019-08-20"),
        (entree(SECONDE, zones="reforms"), "zones mal écrites"),
        (entree(SECONDE, zones="`reforms/perdue`"), "rien dans le paquet ni à la racine à"),
        (entree(SECONDE, zones="`web`", periodes="all"), "ne touche que parameters"),
        (entree(SECONDE, details=""), "aucun détail"),
        (entree(SECONDE, details="One."), "ligne d’aucun changement"),
        (entree(SECONDE).replace("* Impacted areas", "* Places"), "il faut, dans l’ordre"),
    ],
)
def test_un_journal_mal_tenu_est_refuse(seconde: str, dite: str) -> None:
    trouvees = journal.fautes("# Changelog\n\n" + seconde + PREMIERE, "1.1.0")
    assert any(dite in faute for faute in trouvees), trouvees


@pytest.mark.parametrize("suivante", ["### 1.0.2", "## 1.2.0", "# 3.0.0", "# 1.0.0"])
def test_une_version_suit_la_precedente(suivante: str) -> None:
    texte = "# Changelog\n\n" + entree(f"{suivante} - 2026-02-01", nature="Correction") + PREMIERE
    nom = suivante.split()[1]
    assert f"{nom} ne suit pas 1.0.0" in journal.fautes(texte, nom)


# --- The archives ---------------------------------------------------------------------------------


def test_ce_que_la_wheel_doit_tenir_est_le_paquet_et_ses_cas() -> None:
    attendu = attendu_de_la_wheel(RACINE)
    for present in (
        "parameters/aide/montant.yaml",
        "reforms/convention_2024/parameters/aide/montant.yaml",
        "textes/sources.yaml",
        "gabarits/explication.html",
        "web/statique/style.css",
        "recrutement/groupements_employeurs.csv",
        "situation_examples/senior.json",
        "cas_de_test/verifications_a_la_main.yaml",
    ):
        assert f"{PAQUET}/{present}" in attendu
    assert {chemin.split("/")[0] for chemin in attendu} == {PAQUET}
    assert not [chemin for chemin in attendu if "__pycache__" in chemin]
    cas = {c.relative_to(RACINE / "tests").as_posix() for c in (RACINE / "tests").rglob("*.yaml")}
    debut = f"{PAQUET}/cas_de_test/"
    assert {c.removeprefix(debut) for c in attendu if c.startswith(debut)} == cas


def test_les_fichiers_d_un_arbre_sont_ceux_que_git_n_ignore_pas(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("build/\n")
    for chemin in ("a.py", "é/b c.yaml", "build/x"):
        (tmp_path / chemin).parent.mkdir(exist_ok=True)
        (tmp_path / chemin).write_text("x")
    assert fichiers(tmp_path) == [".gitignore", "a.py", "é/b c.yaml"]


def test_un_fichier_de_moins_de_plus_ou_autre_se_voit() -> None:
    assert ecarts({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"2"}) == []
    assert ecarts({"a": b"1", "b": b"2"}, {"b": b"3", "c": b""}) == [
        "manque : a",
        "en trop : c",
        "autre : b",
    ]


# --- The wheel alone ------------------------------------------------------------------------------


def test_chaque_extra_de_la_wheel_est_essaye_seul_et_avec_les_autres() -> None:
    offerts = set(PROJET["optional-dependencies"]) - set(DU_DEPOT)
    (tous,) = (extras for extras in ESSAIS if "," in extras)
    assert set(tous.split(",")) == offerts == ESSAIS.keys() - {"", tous}


@pytest.mark.parametrize(
    ("essai", "dit"),
    [
        (Essai(("python", "-c", "print('dit')"), dit="dit", ecrit="."), None),
        (Essai(("python", "-c", "raise SystemExit(3)")), "code 3, 0 attendu"),
        (Essai(("python", "-c", "pass"), code=2), "code 0, 2 attendu"),
        (Essai(("python", "-c", "print('autre')"), dit="{version}"), "ne dit pas « 1.0.0 »"),
        (Essai(("python", "-c", "pass"), ecrit="perdu"), "n’a pas écrit perdu"),
    ],
)
def test_un_essai_qui_tourne_mal_se_voit(essai: Essai, dit: str | None, tmp_path: Path) -> None:
    bin_ = Path(sys.executable).parent
    # The package of the checkout is not one that a wheel laid in this environment.
    ailleurs, *autres = essais.jouer((essai,), bin_, tmp_path, "1.0.0", "x")
    assert "n’est pas celui qui est installé" in ailleurs
    assert [faute.split(" ; ")[0].split(" : ")[-1] for faute in autres] == ([dit] if dit else [])


# --- The components -------------------------------------------------------------------------------


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel of metadata alone, that asks for a library, which asks for another."""
    chemin = tmp_path / "x-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr(
            "x-1.0.0.dist-info/METADATA",
            f"Name: {NOM}\nVersion: 1.0.0\nLicense-Expression: AGPL-3.0-or-later\n"
            "Requires-Dist: jinja2>=3.1\nRequires-Dist: duckdb; extra == 'population'\n",
        )
    return chemin


@pytest.fixture
def verrou(tmp_path: Path) -> Path:
    """A lock file of those libraries, of one that a marker leaves out, and of one of an extra."""
    fichier = tmp_path / "uv.lock"
    fichier.write_text(
        '[[package]]\nname = "jinja2"\nversion = "3.1.6"\ndependencies = [\n'
        """{ name = "markupsafe" },\n{ name = "numpy", marker = "python_full_version < '3'" }]\n"""
        '[[package]]\nname = "markupsafe"\nversion = "3.0.3"\n'
        '[[package]]\nname = "numpy"\nversion = "2.4.0"\n'
        '[[package]]\nname = "duckdb"\nversion = "2.0.0"\n',
        "utf-8",
    )
    return fichier


def composant(nom: str, version: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": nom,
        "name": nom,
        "version": version,
        "purl": f"pkg:pypi/{nom}@{version}",
        "licenses": [{"license": {"id": "BSD-3-Clause"}}],
    }


@pytest.fixture
def dits(wheel: Path) -> dict[str, Any]:
    """The components of that wheel."""
    racine = {
        "type": "library",
        "bom-ref": "racine",
        "name": NOM,
        "version": "1.0.0",
        "purl": f"pkg:pypi/{NOM}@1.0.0",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}],
        "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": racine},
        "components": [composant("jinja2", "3.1.6"), composant("markupsafe", "3.0.3")],
        "dependencies": [
            {"ref": "racine", "dependsOn": ["jinja2"]},
            {"ref": "jinja2", "dependsOn": ["markupsafe"]},
            {"ref": "markupsafe"},
        ],
    }


@pytest.mark.long
def test_des_composants_justes_et_entiers_passent(
    dits: dict[str, Any], wheel: Path, verrou: Path
) -> None:
    assert list(composants.fautes(json.dumps(dits), wheel, verrou)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "valeur", "dite"),
    [
        (["specVersion"], "1", "schéma CycloneDX"),
        (["components", 0, "type"], "bibliotheque", "schéma CycloneDX"),
        (["metadata", "component", "version"], "0.9.0", "version : 0.9.0, 1.0.0 attendu"),
        (["metadata", "component", "hashes", 0, "content"], "0" * 64, "hashes :"),
        (["metadata", "component", "licenses", 0, "license", "id"], "MIT", "licence : ['MIT']"),
        (["components", 1, "version"], "0.0.1", "markupsafe : 0.0.1, au verrou"),
        (["components", 1, "name"], "numpy", "markupsafe : n’est pas dit"),
        (["components", 1, "name"], "duckdb", "duckdb : n’est demandé par rien"),
        (["components", 1, "name"], "numpy", "numpy : n’est demandé par rien"),
        (["components", 1, "licenses"], [], "markupsafe : licence non dite"),
        (["components", 1, "purl"], "pkg:pypi/a@1?download_url=x", "adresse de paquet inattendue"),
        (["dependencies"], [{"ref": "racine"}], "jinja2 : ce dont il dépend n’est pas dit"),
        (["components", 0, "description"], f"de {RACINE}/uv.lock", "dit d’où il vient"),
        (["components", 0, "description"], "file:///ici", "dit d’où il vient : « file: »"),
    ],
)
def test_des_composants_faux_sont_refuses(
    place: list[Any], valeur: Any, dite: str, dits: dict[str, Any], wheel: Path, verrou: Path
) -> None:
    faux = copy.deepcopy(dits)
    *chemin, dernier = place
    lieu: Any = faux
    for pas in chemin:
        lieu = lieu[pas]
    lieu[dernier] = valeur
    trouvees = list(composants.fautes(json.dumps(faux), wheel, verrou))
    assert any(dite in faute for faute in trouvees), trouvees


# --- The checkout, the sums -----------------------------------------------------------------------


def git(depot: Path, *mots: str) -> None:
    qui = (
        "-c",
        "user.name=Essai",
        "-c",
        "user.email=essai@exemple.fr",
        "-c",
        "commit.gpgsign=false",
    )
    subprocess.run(["git", *qui, *mots], cwd=depot, check=True, capture_output=True)


def test_seul_un_depot_propre_et_sans_l_etiquette_se_publie(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n')
    depot = tmp_path
    git(depot, "init", "--quiet")
    assert fautes_du_depot(depot) == ["non enregistré : pyproject.toml"]
    git(depot, "add", ".")
    git(depot, "commit", "--quiet", "--message", "Version")
    git(depot, "tag", "1.1.0")
    assert fautes_du_depot(depot) == []
    git(depot, "tag", "1.2.0")
    assert fautes_du_depot(depot) == ["l’étiquette 1.2.0 existe : changer de version"]
    (depot / "pyproject.toml").write_text('[project]\nversion = "1.3.0"\n')
    assert fautes_du_depot(depot) == ["non enregistré : pyproject.toml"]


def test_les_sommes_se_verifient(tmp_path: Path) -> None:
    for nom in ("b.whl", "a.tar.gz"):
        (tmp_path / nom).write_text(nom)
    ecrire_les_sommes(tmp_path, [tmp_path / "b.whl", tmp_path / "a.tar.gz"])
    verifier = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    dit = subprocess.run(verifier, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert dit.stdout.split() == ["a.tar.gz:", "OK", "b.whl:", "OK"]
    (tmp_path / "b.whl").write_text("autre")
    assert subprocess.run(verifier, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_un_programme_qui_echoue_refuse_la_publication_et_dit_pourquoi(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def echouer() -> None:
        lancer("bash", "-c", "echo raison; exit 4")

    with pytest.raises(PublicationRefusee, match="a rendu 4"):
        echouer()
    assert publier(echouer) == 1
    assert "- raison" in capsys.readouterr().err
