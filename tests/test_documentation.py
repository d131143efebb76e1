"""The documentation: every snippet runs, every name and link of the site leads somewhere."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openfisca_web_api.app import create_app
from werkzeug.serving import make_server

from documentation.construction import DOCS, SiteRefuse, assembler, construire
from documentation.courbes import courbe
from documentation.guides import mentions, relier
from documentation.liens import liens_morts
from documentation.modele import Modele
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.extraits import RACINE, Execution, Extrait, ExtraitFaux, extraits

PAGES = ["README.md", "CONTRIBUTING.md"] + [
    chemin.relative_to(RACINE).as_posix() for chemin in sorted(DOCS.rglob("*.md"))
]
EXTRAITS = {page: list(extraits(page, (RACINE / page).read_text("utf-8"))) for page in PAGES}
A_JOUER = [page for page, liste in EXTRAITS.items() if any(e.role != "aucun" for e in liste)]


# --- Snippets -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of the Web API under the convention, on this machine alone."""
    application = create_app(convention_2024(CountryTaxBenefitSystem()))
    serveur = make_server("127.0.0.1", 0, application)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    yield int(serveur.server_port)
    serveur.shutdown()
    fil.join(timeout=30)


def apres_simuler(dossier: Path) -> None:
    assert "neuf tirages sur dix" in (dossier / "tires" / "rapport.html").read_text("utf-8")
    # The record of the run is on the page.
    page = (dossier / "hausse" / "rapport.html").read_text("utf-8")
    assert "aide.montant.un_etp.par_defaut.rang_3_et_plus" in page
    assert "convention_2024 + hausse_annee_3@" in page


def apres_calendrier(dossier: Path) -> None:
    assert (dossier / "contrat.ics").read_text("utf-8").startswith("BEGIN:VCALENDAR")


APRES: dict[str, Callable[[Path], None]] = {
    "docs/simuler.md": apres_simuler,
    "docs/calendrier.md": apres_calendrier,
}


@pytest.mark.long
@pytest.mark.parametrize("page", A_JOUER)
def test_chaque_extrait_fait_ce_que_la_page_dit(
    page: str, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    execution = Execution(tmp_path, page, port)
    for extrait in EXTRAITS[page]:
        execution.jouer(extrait)
    APRES.get(page, lambda _: None)(tmp_path)


def test_chaque_bloc_est_execute_ou_dit_pourquoi_il_ne_l_est_pas() -> None:
    roles = [extrait.role for liste in EXTRAITS.values() for extrait in liste]
    assert roles.count("sh") > 30
    assert roles.count("python") > 5
    # What is left out is the exception.
    assert sum(bool(e.raison) for liste in EXTRAITS.values() for e in liste) < len(roles) / 5


def jouer(texte: str, dossier: Path) -> None:
    execution = Execution(dossier, "essai.md", 9)
    for extrait in extraits("essai.md", texte):
        execution.jouer(extrait)


@pytest.mark.parametrize(
    "texte",
    [
        "```sh\nfalse\n```",
        "```sh\nassistant-medical calculer perdu.yaml\n```",
        "```python\nprint(1 + 1)\n# 3\n```",
        "```python\nprint(1 + 1)\n```",
        "```python\nperdu\n```",
        "```sh\necho un deux\n```\n\n```text\nun trois\n```",
        "```sh\necho '[1]'\n```\n\n```json\n[2]\n```",
        "```yaml\nsans: nom\n```",
        "```text\nsans commande\n```",
        "```sh\necho un\n```\n\n# Titre\n\n```text\nun\n```",
    ],
)
def test_un_extrait_faux_est_refuse(texte: str, tmp_path: Path) -> None:
    with pytest.raises(ExtraitFaux, match=r"essai\.md:\d+"):
        jouer(texte, tmp_path)


def test_un_extrait_juste_est_joue(tmp_path: Path) -> None:
    jouer(
        "```yaml\n# a/b.yaml\nun: 1\n```\n"
        "<!-- fichier : c.csv -->\n```csv\nx\n```\n"
        "<!-- non exécuté : il faut un réseau -->\n```sh\nfalse\n```\n"
        "```sh\nexport NOM=deux\n```\n```sh\ncat a/b.yaml c.csv\necho  $NOM  fois\n```\n\n"
        "Soit :\n\n```text\nun: 1\n…\ndeux fois\n```\n"
        "```python\nn = 3\n```\n```python\nprint(n)\n# 3\n```\n",
        tmp_path,
    )
    assert (tmp_path / "c.csv").read_text() == "x\n"


def test_la_raison_d_un_bloc_laisse_de_cote_est_dans_la_source() -> None:
    (bloc,) = extraits("p.md", "<!-- non exécuté : il faut un réseau -->\n```sh\nfalse\n```\n")
    assert bloc == Extrait("p.md", 2, "sh", "false\n", raison="il faut un réseau")


# --- Links ----------------------------------------------------------------------------------------

NOMS = {"aide_due": "variables-aide_due", "S003": "sources-s003"}


def test_un_nom_du_modele_est_un_lien_hors_des_blocs_et_des_titres() -> None:
    texte = "# Sur `aide_due`\n`aide_due`, `perdu`, [`S003`](x)\n```sh\n`aide_due`\n```\n`S003`\n"
    attendu = texte.replace("\n`aide_due`, ", "\n[`aide_due`](#variables-aide_due), ")
    attendu = attendu.replace("\n`S003`\n", "\n[`S003`](#sources-s003)\n")
    assert relier(texte, NOMS) == attendu


def test_une_page_de_reference_sait_quels_guides_la_nomment() -> None:
    guides = {
        "a.md": "# Un\n`aide_due` `aide_due`",
        "b.md": "# Deux\n`aide_due`",
        "adr/c.md": "`S003`",
    }
    assert mentions(guides, NOMS) == {"variables-aide_due": [("a.md", "Un"), ("b.md", "Deux")]}


@pytest.mark.parametrize(
    ("page", "mort"),
    [
        ('<a href="b.html">', True),
        ('<a href="a.html#perdu">', True),
        ('<a href="a.html#la">', False),
        ('<a href="#la">', False),
        ('<a href="https://exemple.fr/">', False),
        ('<img src="https://exemple.fr/i.png">', True),
        ('<script src="//exemple.fr/x.js"></script>', True),
    ],
)
def test_un_lien_mort_ou_une_demande_au_dehors_se_voit(
    page: str, mort: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text(f'<p id="la">{page}', "utf-8")
    assert bool(liens_morts(tmp_path)) is mort


@pytest.mark.long
@pytest.mark.parametrize("lien", ["[perdu](perdu.md)", "[perdu](index.md#perdu)", "[x](#perdu)"])
def test_un_lien_mort_refuse_le_site(lien: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Accueil\n\n```{toctree}\nreference/index\n```\n", "utf-8")
    assert construire(tmp_path / "site", docs, Modele()) > 5
    (docs / "index.md").write_text(
        f"# Accueil\n\n{lien}\n\n```{{toctree}}\nreference/index\n```\n", "utf-8"
    )
    with pytest.raises(SiteRefuse):
        construire(tmp_path / "site", docs, Modele())


# --- The site -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sortie = tmp_path_factory.mktemp("documentation") / "site"
    assert construire(sortie) > 700
    return sortie


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "dit"),
    [
        # The first amount of the règlement arbitral, then that of the convention.
        ("parametres/aide.montant", ["36 000,00 €", "38 000,00 €", "<svg", "aide_maximale.html"]),
        ("variables/aide_maximale", ["aide.montant.html", "s003_ill_2_p95.html", "plancher"]),
        ("dispositions/s003_ill_2_p95", ["S003.html", "p95_inclus.html", "aide_maximale.html"]),
        ("lectures/p95_inclus", ["S000.html", "s003_ill_2_p95.html", "lectures.p95_inclus"]),
        ("sources/S003", ["s003_ill_2_p95.html", "aide.montant.html", "lue en entier"]),
        ("reserves", ["aide_maximale_plancher.html", "patientele.pmt.html"]),
    ],
)
def test_une_page_mene_a_ce_qui_la_touche(page: str, dit: list[str], site: Path) -> None:
    texte = (site / "reference" / f"{page}.html").read_text("utf-8")
    texte = re.sub(r"[\u00a0\u202f]", " ", texte)
    for morceau in dit:
        assert morceau in texte, morceau


@pytest.mark.long
def test_le_site_se_cherche_en_francais_et_donne_sa_licence(site: Path) -> None:
    accueil = (site / "index.html").read_text("utf-8")
    assert '<html class="no-js" lang="fr"' in accueil
    assert "AGPL-3.0-or-later" in accueil
    for anglais in ("Skip to", "Toggle", "On this page", "Back to top"):
        assert anglais not in accueil
    assert (site / "LICENSE").is_file()
    assert "French" in (site / "_static" / "language_data.js").read_text("utf-8")


def test_un_site_sans_modele_garde_les_guides(tmp_path: Path) -> None:
    assembler(DOCS, tmp_path, Modele())
    assert (tmp_path / "docs" / "index.md").is_file()
    assert (tmp_path / "docs" / "reference" / "variables" / "index.md").is_file()


def test_une_courbe_monte_ou_la_valeur_monte() -> None:
    datees = [("2020-01-01", 10.0), ("2022-01-01", 20.0)]
    trace = courbe({"loi": datees}, "essai", "currency")
    # The height of 10 is half-way between 0, at the bottom, and 20, at the top.
    (chemin,) = re.findall(r'class="loi-1" d="([^"]+)"', trace)
    hauteurs = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", chemin)]
    assert hauteurs == [(24 + 96) / 2, 24]
    assert "01/01/2022" in trace
    assert courbe({"loi": [("2020-01-01", None)]}, "essai", None) == ""
