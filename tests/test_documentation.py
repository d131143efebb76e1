"""The documentation: every snippet runs, every name and link of the site leads somewhere."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from documentation.construction import DOCS, SiteRefuse, assembler, construire
from documentation.courbes import courbe
from documentation.guides import mentions, relier
from documentation.insecables import insecables
from documentation.liens import liens_morts
from documentation.modele import Modele
from openfisca_assistant_medical.web import Configuration, creer
from tests.extraits import RACINE, Execution, Extrait, ExtraitFaux, extraits

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PAGES = ["README.md", "CONTRIBUTING.md"] + [
    chemin.relative_to(RACINE).as_posix() for chemin in sorted(DOCS.rglob("*.md"))
]
EXTRAITS = {page: list(extraits(page, (RACINE / page).read_text("utf-8"))) for page in PAGES}
# Measured: each takes a second at most. A page that is not here is long.
RAPIDES = {f"docs/{nom}.md" for nom in ("agents", "api", "calendrier", "objectifs_estimes")}
A_JOUER = [
    pytest.param(page, marks=() if page in RAPIDES else pytest.mark.long)
    for page, liste in EXTRAITS.items()
    if not all(e.laisse for e in liste)
]


# --- Snippets -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The service as `make serve` gives it, on this machine alone."""
    with servi(creer()) as ouvert:
        yield ouvert


@contextmanager
def servi(application: "WSGIApplication") -> Iterator[int]:
    """Port of this machine, and of it alone, where an application answers."""
    serveur = make_server("127.0.0.1", 0, application, threaded=True)
    fil = threading.Thread(target=serveur.serve_forever, args=(0.05,), daemon=True)
    fil.start()
    try:
        yield int(serveur.server_port)
    finally:
        serveur.shutdown()
        serveur.server_close()
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


@pytest.mark.parametrize("page", A_JOUER)
def test_chaque_extrait_fait_ce_que_la_page_dit(
    page: str, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    Execution(tmp_path, page, port).jouer(EXTRAITS[page])
    APRES.get(page, lambda _: None)(tmp_path)


def test_chaque_bloc_est_execute_ou_dit_pourquoi_il_ne_l_est_pas() -> None:
    roles = [extrait.role for liste in EXTRAITS.values() for extrait in liste]
    assert roles.count("sh") > 30
    assert roles.count("python") > 5
    # What is left out is the exception.
    assert sum(bool(e.raison) for liste in EXTRAITS.values() for e in liste) < len(roles) / 5


def test_le_guide_de_l_api_montre_de_tout_et_dit_les_limites() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    commandes = [e for e in EXTRAITS["docs/api.md"] if e.role == "sh"]
    assert sum(len(re.findall(r"^curl ", e.texte, re.MULTILINE)) for e in commandes) >= 11
    assert sum(e.langue == "json" and e.role == "sortie" for e in EXTRAITS["docs/api.md"]) >= 5
    limites = Configuration()
    dites = f"{limites.medecins:,} médecins et {limites.octets // 10**6} Mo par requête"
    assert dites.replace(",", " ") in re.sub(r"[\u00a0\u202f]", " ", page)


def jouer(texte: str, dossier: Path, port: int = 9, delai: float = 60) -> None:
    Execution(dossier, "essai.md", port, delai).jouer(list(extraits("essai.md", texte)))


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


@pytest.mark.parametrize(
    "commande",
    [
        "assistant-medical servir --port 8000  # http://127.0.0.1:8000",
        ".venv/bin/assistant-medical servir",
        "assistant-medical mcp",
        "export A=b\nmake serve &",
        "openfisca serve -c openfisca_assistant_medical",
        'gunicorn --threads 4 "module:application()"',
    ],
)
def test_une_commande_qui_ne_finit_pas_est_refusee_sans_etre_lancee(
    commande: str, tmp_path: Path
) -> None:
    with pytest.raises(ExtraitFaux, match=r"essai\.md:1 : .* ne finit pas"):
        jouer(f"```sh\n{commande}\n```", tmp_path)
    (dite,) = extraits("p.md", f"<!-- non exécuté : elle écoute -->\n```sh\n{commande}\n```")
    assert dite.role == "aucun"


@pytest.mark.parametrize(
    "commande",
    [
        "assistant-medical servir --verifier",
        "assistant-medical servir --port 1 --verifier",
        "assistant-medical servir --help",
    ],
)
def test_une_commande_de_serveur_qui_finit_se_joue(commande: str, tmp_path: Path) -> None:
    (bloc,) = extraits("p.md", f"```sh\n{commande}\n```")
    assert bloc.role == "sh"


@pytest.mark.parametrize(
    "texte",
    [
        "```python\nwhile True:\n    pass\n```",
        "```sh\nsleep 3600\n```",
        # The one that waits holds the output of the one that is done.
        "```sh\nsleep 3600 &\n```",
    ],
)
def test_un_extrait_qui_dure_est_arrete(texte: str, tmp_path: Path) -> None:
    with pytest.raises(ExtraitFaux, match=r"essai\.md:1 : .*encore en cours après 0.2 s"):
        jouer(texte, tmp_path, delai=0.2)


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


@pytest.mark.parametrize("statut", [200, 404, 503])
def test_une_requete_refusee_doit_etre_montree(statut: int, tmp_path: Path) -> None:
    def repondre(_: object, commencer: "StartResponse") -> list[bytes]:
        commencer(f"{statut} -", [("Content-Type", "application/json")])
        return [b'{"a": 1}']

    with servi(repondre) as port:
        jouer('```sh\ncurl -s localhost:5000/\n```\n\n```json\n{"a": 1}\n```', tmp_path, port)
    with servi(repondre) as port, pytest.raises(ExtraitFaux) if statut > 200 else nullcontext():
        jouer("```sh\ncurl -s $API/x > x\n```", tmp_path / "seule", port)


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
        ('<a href="perdu.html">', True),
        ('<a href="index.html#perdu">', True),
        ('<a href="index.html#la">', False),
        ('<a href="#la">', False),
        ('<a href="https://exemple.fr/">', False),
        ('<img src="https://exemple.fr/i.png">', True),
        ('<script src="//exemple.fr/x.js"></script>', True),
    ],
)
def test_un_lien_mort_ou_une_demande_au_dehors_se_voit(
    page: str, mort: bool, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(f'<p id="la">{page}', "utf-8")
    assert bool(liens_morts(tmp_path)) is mort


@pytest.mark.parametrize(
    ("liens", "seules"),
    [
        ({"index": ["a"], "a": ["b"], "b": []}, []),
        ({"index": ["a"], "a": [], "b": ["a"], "search": []}, ["b.html"]),
        ({"index": ["#la"], "a": ["b"], "b": ["a"]}, ["a.html", "b.html"]),
    ],
)
def test_une_page_ou_rien_ne_mene_se_voit(
    liens: dict[str, list[str]], seules: list[str], tmp_path: Path
) -> None:
    for nom, cibles in liens.items():
        ecrits = (f'<a href="{c if c[0] == "#" else c + ".html#la"}">' for c in cibles)
        (tmp_path / f"{nom}.html").write_text(f'<p id="la">{"".join(ecrits)}', "utf-8")
    assert liens_morts(tmp_path) == [f"{nom} : aucune page n’y mène" for nom in seules]


ACCUEIL = "# Accueil\n\n```{toctree}\nreference/index\n```\n"


def test_l_accueil_nomme_chaque_page() -> None:
    accueil = (DOCS / "index.md").read_text("utf-8")
    nommees = set(re.findall(r"\]\(([\w/]+\.md)\)", accueil))
    guides = {chemin.relative_to(DOCS).as_posix() for chemin in DOCS.rglob("*.md")}
    decisions = {nom for nom in guides if nom.startswith("adr/")}  # in the menu
    assert nommees == guides - decisions - {"index.md"}
    assert "<reference/index>`" in accueil  # made with the site: no file to link to


@pytest.mark.long
def test_un_petit_site_sans_modele_est_accepte(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(ACCUEIL, "utf-8")
    assert construire(tmp_path / "site", docs, Modele()) > 5


@pytest.mark.long
@pytest.mark.parametrize("lien", ["[perdu](perdu.md)", "[perdu](index.md#perdu)", "[x](#perdu)"])
def test_un_lien_mort_refuse_le_site(lien: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"{ACCUEIL}\n{lien}\n", "utf-8")
    with pytest.raises(SiteRefuse):
        construire(tmp_path / "site", docs, Modele())


# --- The site -------------------------------------------------------------------------------------


# Of a page, what it must hold.
MENE_A = {
    # The first amount of the règlement arbitral, then that of the convention.
    "parametres/aide.montant": ["36 000,00 €", "38 000,00 €", "<svg", "aide_maximale.html"],
    "variables/aide_maximale": ["aide.montant.html", "s003_ill_2_p95.html", "plancher"],
    "dispositions/s003_ill_2_p95": ["S003.html", "p95_inclus.html", "aide_maximale.html"],
    "lectures/p95_inclus": ["S000.html", "s003_ill_2_p95.html", "lectures.p95_inclus"],
    "sources/S003": ["s003_ill_2_p95.html", "aide.montant.html", "lue en entier"],
    "reserves": ["aide_maximale_plancher.html", "patientele.pmt.html"],
}


@pytest.mark.long
def test_le_site_mene_d_une_page_a_ce_qui_la_touche_en_francais(tmp_path: Path) -> None:
    """One test, for one building of the site."""
    site = tmp_path / "site"
    assert construire(site) > 700
    for page, dit in MENE_A.items():
        texte = (site / "reference" / f"{page}.html").read_text("utf-8")
        texte = re.sub(r"[\u00a0\u202f]", " ", texte)
        assert [morceau for morceau in dit if morceau not in texte] == [], page
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


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("« dit » : 38 000 € ; 95 %.", "«_dit_»_: 38-000-€-; 95-%."),
        ("1 234 567 patients ?", "1-234-567 patients-?"),
        # Neither a time, nor an address, nor two numbers side by side.
        ("à 12:30, en 2024 12 fois", "à 12:30, en 2024 12 fois"),
        ("Camille :", "Camille_:"),
    ],
)
def test_une_espace_qui_ne_se_coupe_pas(ecrit: str, lu: str) -> None:
    assert insecables(ecrit) == lu.replace("_", "\u00a0").replace("-", "\u202f")


def test_une_courbe_monte_ou_la_valeur_monte() -> None:
    datees = [("2020-01-01", 10.0), ("2022-01-01", 20.0)]
    trace = courbe({"loi": datees}, "essai", "currency")
    # The height of 10 is half-way between 0, at the bottom, and 20, at the top.
    (chemin,) = re.findall(r'class="loi-1" d="([^"]+)"', trace)
    hauteurs = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", chemin)]
    assert hauteurs == [(24 + 96) / 2, 24]
    # Both days, and each value once where two laws agree.
    assert [jour in trace for jour in ("01/01/2020", "01/01/2022")] == [True, True]
    deux = courbe({"loi": datees, "autre": datees}, "essai", "currency")
    assert deux.count('class="valeur') == trace.count('class="valeur') == 2
    assert courbe({"loi": [("2020-01-01", None)]}, "essai", None) == ""
