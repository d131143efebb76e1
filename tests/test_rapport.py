"""The report: its figures, what it hides, a page that stands alone and can be read by anyone."""

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.population import comparer, engendrer
from openfisca_assistant_medical.population.cellules import (
    CAISSE,
    DROITS,
    ECARTS,
    VARIATIONS,
)
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.rapport import (
    ecrire_rapport,
    en_csv,
    en_html,
    etablir,
)
from openfisca_assistant_medical.population.rapport.provenance import source as source_publiee
from openfisca_assistant_medical.population.rapport.publication import COLONNES
from openfisca_assistant_medical.population.resume import afficher, resumer
from openfisca_assistant_medical.population.secret import AUTRES, SecretImpossible
from openfisca_assistant_medical.population.tirages import SCHEMA

# Each one writes a page and its charts.
pytestmark = pytest.mark.long

RACINE = Path(__file__).parents[1]
ANNEES = (2024, 2025)
# Contracts that are all alike: speciality, option, zone, band, year of signature, how many, aid of
# a year under the reference and under the variant, certainty.
CONTRATS = [
    ("generaliste", "un_etp", "zip", "p30_p90", "2022", 40, 20_000, 22_000, "droit"),
    ("generaliste", "demi_etp", "zac", "indeterminee", "2023", 40, 10_000, 10_000, "lecture"),
    ("cardiologue", "un_etp", "hors_zone", "p95_et_plus", "2022", 15, 12_000, 11_500, "inconnu"),
    # Nine contracts in all: nothing of them alone may be handed over.
    ("pediatre", "un_etp", "zip", "p30_p90", "2022", 4, 6_543, 9_876, "droit"),
    ("dermatologue", "un_etp", "zip", "p30_p90", "2022", 5, 7_777, 8_888, "droit"),
]
NOMBRE = 40 + 40 + 15 + 4 + 5
DUE = {
    "reference": 40 * 20_000 + 40 * 10_000 + 15 * 12_000 + 4 * 6_543 + 5 * 7_777,
    "variante": 40 * 22_000 + 40 * 10_000 + 15 * 11_500 + 4 * 9_876 + 5 * 8_888,
}
LOIS = ("base", "convention_2024")
HOSTILE = '<script>alert("x")</script> $\\frac{1}{2}$ & =1+1'


def resultat(variante: str = "variante", **autres: Any) -> Resultat:
    droits, caisse, ecarts, variations = [], [], [], []
    for loi, rang in (("reference", 6), (variante, 7)):
        for contrat in CONTRATS:
            specialite, option, zone, tranche, _, nombre, *_, certitude = contrat
            montant = float(nombre * contrat[rang])
            for annee in ANNEES:
                droits.append(
                    (loi, annee, specialite, option, tranche, 1, zone, certitude, nombre,
                     float(nombre), montant, montant, 0.0)
                )  # fmt: skip
                caisse += [
                    (loi, f"{annee}-03", certitude, nombre, montant * 0.75),
                    (loi, f"{annee}-09", certitude, nombre, montant * 0.25),
                ]
    for specialite, option, zone, tranche, millesime, nombre, avant, apres, certitude in CONTRATS:
        gain = (apres - avant) * len(ANNEES) * 100
        for dimension, modalite in (
            ("ensemble", "ensemble"), ("specialite", specialite), ("option_etp_initiale", option),
            ("zone", zone), ("tranche_patientele", tranche), ("millesime", millesime),
        ):  # fmt: skip
            ecarts.append(un_ecart(variante, dimension, modalite, certitude, gain, nombre))
        ecarts += [un_ecart(variante, "rang", "1", certitude, gain // 2, nombre)] * len(ANNEES)
        if gain:
            variations += ce_qui_varie(variante, option, certitude, gain / 100, nombre)
    return Resultat(
        en_table(droits, DROITS),
        en_table(caisse, CAISSE),
        en_table(ecarts, ECARTS),
        en_table(variations, VARIATIONS),
        description={
            "lois": ["reference", variante],
            "annees": list(ANNEES),
            "contrats": float(NOMBRE),
            "lignes": NOMBRE,
            "lignes_ecartees": 3,
            "synthetique": True,
        },
        **autres,
    )


def un_ecart(
    loi: str, dimension: str, modalite: str, certitude: str, gain: int, nombre: int
) -> tuple[Any, ...]:
    """A row of gaps; what is « inconnu » under both laws is so of the gain."""
    sure = "inconnu" if certitude == "inconnu" else "connu"
    return (
        loi, "reference", dimension, modalite, sure, gain, nombre, float(nombre),
        gain * nombre / 100,
    )  # fmt: skip


def ce_qui_varie(
    loi: str, option: str, certitude: str, gain: float, nombre: int
) -> list[tuple[Any, ...]]:
    """Rows of variations: half of the gain each year, three quarters of it paid in March."""
    lignes: list[tuple[Any, ...]] = [("aide_due", "option_etp", option, gain)]
    for grandeur in ("aide_maximale", "aide_due", "depense"):
        if grandeur != "aide_due":
            lignes.append((grandeur, "ensemble", "ensemble", gain))
        for annee in ANNEES:
            lignes.append((grandeur, "annee", str(annee), gain / 2))
            lignes.append((grandeur, "certitude", f"{annee} {certitude}", gain / 2))
    for annee in ANNEES:
        lignes.append(("depense", "mois", f"{annee}-03", gain * 0.375))
        lignes.append(("depense", "mois", f"{annee}-09", gain * 0.125))
    return [
        (loi, "reference", grandeur, dimension, modalite, nombre, ecart * nombre)
        for grandeur, dimension, modalite, ecart in lignes
    ]


def peu_varient(grandeur: str, dimension: str, modalites: Any, nombre: int = 9) -> Resultat:
    """The same result, but so many contracts change there."""
    peu = resultat()
    lignes = peu.variations.to_pylist()
    for ligne in lignes:
        la = ligne["grandeur"], ligne["dimension"]
        if la == (grandeur, dimension) and ligne["modalite"] in modalites:
            ligne["lignes"] = nombre
    peu.variations = pa.Table.from_pylist(lignes, VARIATIONS)
    return peu


def en_table(lignes: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    noms = [schema.field(rang).name for rang in range(len(schema))]
    # The same key may come several times: cells are one row a key.
    cles = [
        nom
        for nom in noms
        if nom not in ("lignes", "contrats", "depense", "gain", "ecart") and "aide" not in nom
    ]
    sommes: dict[tuple[Any, ...], dict[str, Any]] = {}
    for ligne in (dict(zip(noms, valeurs, strict=True)) for valeurs in lignes):
        deja = sommes.setdefault(tuple(ligne[cle] for cle in cles), dict.fromkeys(noms, 0))
        for nom, valeur in ligne.items():
            deja[nom] = valeur if nom in cles else deja[nom] + valeur
    return pa.table(
        [
            pa.array([somme[champ.name] for somme in sommes.values()],
                     champ.type.value_type if pa.types.is_dictionary(champ.type) else champ.type)
            .cast(champ.type)
            for champ in schema
        ],
        schema=schema,
    )  # fmt: skip


def lectures(nom: str, lignes: int, ecart: float) -> pa.Table:
    return pa.table(
        {
            "loi": ["variante", "variante"],
            "lecture": [nom, "age_senior"],
            "annee": pa.array([2024, 2024], pa.int32()),
            "lignes": [lignes, 20],
            "contrats": [float(lignes), 20.0],
            "ecart": [ecart, -1_000.0],
        }
    )


def tirages(nombre: int = 40) -> pa.Table:
    lignes = []
    for tirage in range(nombre):
        for loi, montant in (("reference", 100.0), ("variante", 100.0 + tirage)):
            for annee in (*ANNEES, None):
                for grandeur in ("aide_due", "depense"):
                    lignes.append((tirage, loi, annee, grandeur, montant * 1e6))
        lignes.append((tirage, None, None, "recours", float(tirage)))
    colonnes = zip(*lignes, strict=True)
    return pa.table([pa.array(c, f.type) for c, f in zip(colonnes, SCHEMA, strict=True)], SCHEMA)


class Page(HTMLParser):
    """Elements of a page, and the text of each cell and caption."""

    def __init__(self, texte: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.textes: list[tuple[str, str]] = []
        self._ouverts: list[str] = []
        self.feed(texte)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self._ouverts.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._ouverts and self._ouverts.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._ouverts:
            self.textes.append((self._ouverts[-1], data.strip()))

    def de(self, balise: str) -> list[dict[str, str | None]]:
        return [attributs for nom, attributs in self.elements if nom == balise]


def chiffres(texte: str) -> str:
    """Without the spaces of French numbers."""
    return re.sub(r"(?<=\d)\s(?=\d)", "", texte)


@pytest.fixture(scope="module")
def rapport() -> dict[str, Any]:
    return etablir(resultat(lectures=lectures("p95_inclus", 4, 5_432.0), tirages=tirages()))


@pytest.fixture(scope="module")
def page(rapport: dict[str, Any]) -> str:
    return en_html(rapport)


# --- Figures --------------------------------------------------------------------------------------


def test_le_cout_est_la_somme_des_contrats(rapport: dict[str, Any], page: str) -> None:
    couts = {(li["loi"], li["annee"]): li for li in rapport["tables"]["cout_par_annee"]}
    for loi, montant in DUE.items():
        for annee in ANNEES:
            assert couts[loi, annee]["aide_due"] == montant
            assert couts[loi, annee]["depense"] == montant
            assert couts[loi, annee]["contrats"] == NOMBRE
    # 1,445,057 and 1,536,444 a year, hence 182,774 more over the two.
    assert DUE == {"reference": 1_445_057, "variante": 1_536_444}
    nus = chiffres(page)
    for attendu in ("1445057 €", "1536444 €", "+182774 €", "2890114 €"):
        assert attendu.replace(" ", "\u00a0") in nus, attendu


def test_chaque_total_est_montre_avec_son_partage(rapport: dict[str, Any]) -> None:
    for loi, montant in DUE.items():
        siennes = [li for li in rapport["tables"]["certitude"] if li["loi"] == loi]
        for annee in ANNEES:
            parts = [li["aide_due"] for li in siennes if li["annee"] == annee]
            assert len(parts) == 3
            assert sum(parts) == montant
    droit = [li for li in rapport["tables"]["certitude"] if li["certitude"] == "droit"]
    assert droit[0]["aide_due"] == 40 * 20_000 + 4 * 6_543 + 5 * 7_777


def test_gagnants_et_perdants(rapport: dict[str, Any]) -> None:
    groupes = {
        ligne["groupe"]: ligne
        for ligne in rapport["tables"]["gagnants_perdants"]
        if ligne["dimension"] == "ensemble"
    }
    # Two years: 4,000 for forty, 6,666 for four, 2,222 for five; a loss of 1,000 for fifteen.
    assert groupes["gagnants"]["contrats"] == 40 + 4 + 5
    assert groupes["gagnants"]["gain_total"] == 40 * 4_000 + 4 * 6_666 + 5 * 2_222
    assert groupes["gagnants"]["gain_median"] == 4_000
    assert (groupes["perdants"]["contrats"], groupes["perdants"]["gain_moyen"]) == (15, -1_000)
    assert groupes["inchanges"]["contrats"] == 40
    assert groupes["ensemble"]["gain_total"] == 2 * (DUE["variante"] - DUE["reference"])
    # Counts of rows are told by elevens.
    assert [groupes[g]["lignes"] for g in ("gagnants", "perdants", "inchanges")] == [44, 11, 33]


def test_la_distribution_partage_les_groupes(rapport: dict[str, Any]) -> None:
    classes = [(li["classe"], li["contrats"]) for li in rapport["tables"]["distribution"]]
    # The five at 2,222 and the four at 6,666 join the forty.
    assert classes == [("perdants", 15), ("inchanges", 40), ("gagnants", 49)]


def test_une_grande_population_a_plusieurs_classes() -> None:
    grand = etablir(resultat(), seuil=4)["tables"]["distribution"]
    assert [(li["classe"], li["de"], li["a"], li["contrats"]) for li in grand] == [
        ("perdants", -2_000, -1_000, 15),
        ("inchanges", None, None, 40),
        ("gagnants", 2_000, 3_000, 5),
        ("gagnants", 4_000, 5_000, 40),
        ("gagnants", 6_000, 7_000, 4),
    ]


def test_les_intervalles_sont_ceux_des_tirages(rapport: dict[str, Any], page: str) -> None:
    (ecart,) = (
        li for li in rapport["tables"]["intervalles"]
        if li["difference"] and li["annee"] is None and li["grandeur"] == "aide_due"
    )  # fmt: skip
    bas, haut = numpy.quantile(numpy.arange(40) * 1e6, (0.05, 0.95))
    assert (ecart["bas"], ecart["haut"]) == pytest.approx((bas, haut))
    assert f"{round(haut)} €".replace(" ", "\u00a0") in chiffres(page)
    parts = {
        li["hypothese"]: li["part"] for li in rapport["tables"]["variance"]
        if li["difference"] and li["grandeur"] == "aide_due"
    }  # fmt: skip
    # The gap is the draw itself.
    assert parts["recours"] == pytest.approx(1)


def test_une_part_qui_manque_dit_pourquoi() -> None:
    peu = resultat(tirages=tirages(5))
    rapport = etablir(peu)
    assert {part["raison"] for part in rapport["tables"]["variance"] if part["difference"]} == {
        "5 tirages ; il en faut 10"
    }
    assert "– (5 tirages ; il en faut 10)" in en_html(rapport)
    console = Console(width=100, file=(sortie := io.StringIO()))
    peu.description["lectures"] = False
    afficher(console, resumer(peu))
    dite = " ".join(sortie.getvalue().split())
    assert "n’est pas donné : 5 tirages ; il en faut 10." in dite


def test_les_csv_donnent_les_memes_chiffres(rapport: dict[str, Any], tmp_path: Path) -> None:
    ecrit = ecrire_rapport(resultat(), tmp_path / "page.html")
    assert (tmp_path / "page.html").is_file()
    assert {f.stem for f in (tmp_path / "tables").iterdir()} == set(COLONNES)
    for nom, lignes in ecrit["tables"].items():
        with (tmp_path / "tables" / f"{nom}.csv").open(encoding="utf-8", newline="") as flux:
            lues = list(csv.DictReader(flux))
        assert len(lues) == len(lignes)
        for lue, ligne in zip(lues, lignes, strict=True):
            for colonne, valeur in ligne.items():
                if isinstance(valeur, float):
                    assert float(lue[colonne]) == valeur
                elif not isinstance(valeur, bool):
                    assert lue[colonne] == ("" if valeur is None else str(valeur))


# --- Statistical secrecy --------------------------------------------------------------------------


def test_rien_sous_le_seuil_ne_parait(rapport: dict[str, Any], page: str) -> None:
    tout = chiffres(page) + json.dumps(rapport) + "".join(en_csv(rapport, n) for n in COLONNES)
    # Amounts and gains of the four and of the five, alone or together; the reading that touches 4.
    seuls = (4 * 6_543, 4 * 9_876, 5 * 7_777, 5 * 8_888, 6_666, 2_222, 4 * 6_666, 5 * 2_222, 5_432)
    for montant in (*seuls, 4 * 6_543 + 5 * 7_777, 4 * 6_666 + 5 * 2_222):
        # To the cent: the 89 gains that are known are of 197,774 / 89 = 2,222.18 in the mean.
        assert not re.search(rf"(?<![\d.]){montant}(?!\d|\.0*[1-9])", tout), montant
    for nom in ("pediatre", "dermatologue", "p95_inclus"):
        assert f'"{nom}"' not in tout
    specialites = {
        li["modalite"]: li["contrats"]
        for li in rapport["tables"]["gagnants_perdants"]
        if li["dimension"] == "specialite" and li["groupe"] == "ensemble"
    }
    # Nine is too few: the smallest of the others joins them.
    assert specialites == {"generaliste": 80, AUTRES: 4 + 5 + 15}
    for table in rapport["tables"].values():
        for ligne in table:
            assert not 0 < (ligne.get("contrats") or 0) < 11
    # Three rows were set aside.
    assert rapport["lignes_ecartees"] is None


def test_le_detail_des_gagnants_parait_quand_il_ne_cache_rien() -> None:
    tables = etablir(resultat(), seuil=1)["tables"]
    zones = {
        (li["modalite"], li["groupe"]): li["contrats"]
        for li in tables["gagnants_perdants"]
        if li["dimension"] == "zone"
    }
    assert zones["zip", "gagnants"] == 49
    assert zones["hors_zone", "perdants"] == 15
    assert zones["zac", "inchanges"] == 40


def test_le_seuil_qui_ne_permet_rien_est_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resultat().ecrire(tmp_path / "r")
    assert main(["rapport", str(tmp_path / "r"), "--seuil", "105"]) == 2
    assert "moins de 105 contrats" in capsys.readouterr().err
    assert not (tmp_path / "r" / "rapport.html").exists()


# --- The page -------------------------------------------------------------------------------------


def test_la_page_ne_demande_rien_a_personne(page: str) -> None:
    for balise, attributs in Page(page).elements:
        assert balise not in ("script", "link", "img", "iframe", "object")
        for nom, valeur in attributs.items():
            if nom in ("href", "src", "xlink:href"):
                assert (valeur or "").startswith("#"), (balise, valeur)
            assert not nom.startswith("on")
    assert "http://" not in page
    assert "https://" not in page
    assert "@import" not in page
    assert set(re.findall(r"url\((.)", page)) == {"#"}


def test_les_identifiants_sont_uniques_et_les_renvois_mennent(page: str) -> None:
    lue = Page(page)
    ids = Counter(a["id"] for _, a in lue.elements if "id" in a)
    assert max(ids.values()) == 1
    for _, attributs in lue.elements:
        for nom in ("href", "aria-labelledby"):
            for cible in (attributs.get(nom) or "").split():
                assert cible.removeprefix("#") in ids, cible
    for cible in re.findall(r"url\(#([^)]*)\)", page):
        assert cible in ids


def test_la_page_se_lit_sans_les_yeux(page: str) -> None:
    lue = Page(page)
    assert lue.de("html")[0]["lang"] == "fr"
    titres = [int(nom[1]) for nom, _ in lue.elements if re.fullmatch("h[1-6]", nom)]
    assert titres[0] == 1
    assert titres.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(titres))
    assert all(th.get("scope") in ("col", "row") for th in lue.de("th"))
    assert len(lue.de("caption")) == len(lue.de("table"))
    # A chart has a title, a description, a caption.
    figures = len(lue.de("figure"))
    assert figures == len(lue.de("svg")) == len(lue.de("figcaption")) == len(lue.de("desc"))
    assert figures >= 12
    assert all(svg["role"] == "img" for svg in lue.de("svg"))
    assert lue.de("a")[0] == {"class": "evitement", "href": "#contenu"}


def test_ce_que_dit_un_graphique_est_dans_une_table(page: str) -> None:
    """The ends of bars in euros, and the words beside them."""
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        cellules = {texte for nom, texte in Page(section).textes if nom in ("td", "th", "strong")}
        for svg in re.findall(r"<svg.*?</svg>", section, re.DOTALL):
            assert cellules, "a chart without a table"
            textes = [texte for nom, texte in Page(svg).textes if nom == "text"]
            for montant in (texte for texte in textes if texte.endswith("€") and texte[0] in "+−"):
                assert montant in cellules


def test_les_textes_se_lisent_dans_les_deux_teintes(page: str) -> None:
    clair, sombre = ({}, {})  # type: tuple[dict[str, str], dict[str, str]]
    for bloc, teintes in zip(re.findall(r":root \{(.*?)\}", page, re.DOTALL),
                             (clair, sombre, clair, sombre), strict=True):  # fmt: skip
        teintes |= dict(re.findall(r"--([\w-]+): (#\w+)", bloc))
    for teintes in (clair, sombre):
        for nom, couleur in teintes.items():
            if nom in ("trait", "fond", "papier", "cible"):
                continue
            # Bars and their hatches are told from the page; words are read.
            attendu = 3 if nom.startswith("g-") else 4.5
            assert contraste(couleur, teintes["papier"]) >= attendu, nom


def contraste(une: str, autre: str) -> float:
    """As WCAG has it."""

    def clarte(couleur: str) -> float:
        code = couleur.lstrip("#")
        code = "".join(c * 2 for c in code) if len(code) == 3 else code
        canaux = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
        r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
        return 0.2126 * r + 0.7152 * v + 0.0722 * b

    haute, basse = sorted((clarte(une), clarte(autre)), reverse=True)
    return (haute + 0.05) / (basse + 0.05)


def test_les_noms_hostiles_sont_du_texte() -> None:
    mauvais = resultat(HOSTILE)
    table = lectures('"><img src=x onerror=alert(1)>$', 30, 2e6)
    noms = pa.array([HOSTILE, HOSTILE])
    mauvais.lectures = table.set_column(0, "loi", noms)
    rapport = etablir(mauvais)
    page = en_html(rapport)
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    test_la_page_ne_demande_rien_a_personne(page)
    # What a spreadsheet would run is quoted.
    dangereux = {**rapport, "tables": {**rapport["tables"], "lectures": [
        {**ligne, "loi": "=cmd|calc"} for ligne in rapport["tables"]["lectures"]
    ]}}  # fmt: skip
    assert "\n'=cmd|calc," in en_csv(dangereux, "lectures")


def test_la_meme_demande_donne_les_memes_octets(tmp_path: Path) -> None:
    un, autre = tmp_path / "un", tmp_path / "autre"
    for dossier in (un, autre):
        dossier.mkdir()
        ecrire_rapport(resultat(), dossier / "rapport.html")
    for fichier in un.rglob("*"):
        if fichier.is_file():
            assert fichier.read_bytes() == (autre / fichier.relative_to(un)).read_bytes()
    assert not [f for f in un.rglob(".*") if f.is_file()]


def test_la_population_synthetique_est_annoncee(page: str) -> None:
    assert "Population synthétique." in page
    reelle = resultat()
    reelle.description["synthetique"] = False
    assert "Population synthétique" not in en_html(etablir(reelle))


# --- The command ----------------------------------------------------------------------------------


def test_la_commande_ecrit_et_dit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = tmp_path / "r"
    resultat().ecrire(dossier)
    assert main(["rapport", str(dossier), "--json"]) == 0
    sortie = capsys.readouterr()
    assert json.loads(sortie.out)["tables"]["cout_par_annee"][0]["aide_due"] == DUE["reference"]
    assert not (dossier / "rapport.html").exists()
    assert main(["rapport", str(dossier)]) == 0
    sortie = capsys.readouterr()
    assert sortie.err.splitlines() == [f"Écrit : {dossier}/rapport.html"]
    assert "augmente" in sortie.out
    assert (dossier / "rapport.html").is_file()
    assert Resultat.charger(dossier).lois == ["reference", "variante"]


def test_l_ecart_de_quelques_contrats_n_est_pas_montre() -> None:
    peu = resultat()
    # The wins of forty, and the loss of fifteen, are taken away: nine contracts still change.
    lignes = [li for li in peu.ecarts.to_pylist() if li["lignes"] < 11 or not li["gain_centimes"]]
    peu.ecarts = pa.Table.from_pylist(lignes, ECARTS)
    with pytest.raises(SecretImpossible, match="moins de 11 contrats"):
        etablir(peu)


def publies(rapport: dict[str, Any], dimension: str) -> set[str]:
    """Modalities of a dimension whose gains are told."""
    gains = rapport["tables"]["gagnants_perdants"]
    return {li["modalite"] for li in gains if li["dimension"] == dimension}


def test_l_ecart_de_quelques_contrats_d_une_modalite_n_est_pas_montre(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty contracts in the zone, but its cost under a law minus the other is that of four."""
    peu = ("generaliste", "demi_etp", "zac", "indeterminee", "2023", 4, 10_000, 10_500, "lecture")
    avec = [(*CONTRATS[1][:5], 36, *CONTRATS[1][6:]), peu, *(c for c in CONTRATS if c[2] != "zac")]
    monkeypatch.setitem(globals(), "CONTRATS", avec)
    rapport = etablir(resultat())
    assert publies(rapport, "zone") == {"zip", AUTRES}
    assert publies(rapport, "tranche_patientele") == {"p30_p90", AUTRES}
    couts = rapport["tables"]["cout_par_modalite"]
    for dimension in ("zone", "tranche_patientele", "option_etp"):
        lois = {
            (li["loi"], li["modalite"]): li["aide_due"]
            for li in couts
            if li["dimension"] == dimension
        }
        for modalite in {cle[1] for cle in lois}:
            ecart = lois["variante", modalite] - lois["reference", modalite]
            assert ecart != 4 * 500 * 2, (dimension, modalite)
    assert publies(etablir(resultat(), seuil=1), "zone") == {"zip", "zac", "hors_zone"}


def test_l_ecart_de_quelques_contrats_d_un_mois_n_est_pas_montre() -> None:
    """All are paid in September 2024; under the other law, only nine are not paid the same."""
    peu = peu_varient("depense", "mois", {"2024-09"})
    mois = {li["mois"] for li in etablir(peu)["tables"]["cout_par_mois"]}
    assert AUTRES in mois
    assert "2024-09" not in mois


@pytest.mark.parametrize("grandeur", ["aide_maximale", "aide_due", "aide_perdue", "depense"])
def test_l_ecart_de_quelques_contrats_d_une_annee_n_est_pas_montre(grandeur: str) -> None:
    """Whatever amount it is of: one may change where what is due does not."""
    peu = peu_varient(grandeur, "annee", {"2025"})
    if grandeur == "aide_perdue":  # nothing is lost: some lose as much as their maximum grows
        communes = ("variante", "reference", grandeur, "annee")
        lues = [(*communes, "2024", 30, 9.0), (*communes, "2025", 9, 9.0)]
        lignes = [dict(zip(VARIATIONS.names, ligne, strict=True)) for ligne in lues]
        peu.variations = pa.Table.from_pylist([*peu.variations.to_pylist(), *lignes], VARIATIONS)
    assert {li["annee"] for li in etablir(peu)["tables"]["cout_par_annee"]} == {AUTRES}


@pytest.mark.parametrize("grandeur", ["aide_due", "depense"])
def test_l_ecart_de_quelques_contrats_d_une_certitude_n_est_pas_montre(grandeur: str) -> None:
    """Amounts due, and paid, by year and certainty."""
    assert certitudes(resultat()) == {"droit", "lecture", "inconnu"}
    assert "droit" not in certitudes(peu_varient(grandeur, "certitude", {"2025 droit"}))


@pytest.mark.parametrize("grandeur", ["aide_maximale", "aide_perdue"])
def test_ce_qui_n_est_pas_dit_par_certitude_n_y_fait_rien_regrouper(grandeur: str) -> None:
    rapport = etablir(peu_varient(grandeur, "certitude", {"2025 droit"}))
    for ligne in rapport["tables"]["certitude"]:
        assert grandeur not in ligne
        assert ligne["certitude"] != AUTRES


def certitudes(source: Resultat) -> set[str]:
    return {li["certitude"] for li in etablir(source)["tables"]["certitude"]}


def test_deux_certitudes_regroupees_sont_peut_etre_des_memes_contrats() -> None:
    """Six go from a certainty to another with what they are due: six contracts, not twelve."""
    communs = ("variante", "reference", "depense", "certitude")
    lignes = [("2025 droit", 6), ("2025 inconnu", 6), ("2025 lecture", 30)]
    peu = resultat()
    siennes = [li for li in peu.variations.to_pylist() if "2025 " not in li["modalite"]]
    peu.variations = pa.Table.from_pylist(
        [
            *siennes,
            *(dict(zip(VARIATIONS.names, (*communs, *li, 1), strict=True)) for li in lignes),
        ],
        VARIATIONS,
    )
    assert certitudes(peu) == {AUTRES}


def total_de_peu(grandeur: str, nombre: int = 10, source: Resultat | None = None) -> Resultat:
    """The total of an amount, in two laws, differs by what so many contracts make of it."""
    peu = source or resultat()
    siennes = [
        li
        for li in peu.variations.to_pylist()
        if (li["grandeur"], li["dimension"]) != (grandeur, "ensemble")
    ]
    une = ("variante", "reference", grandeur, "ensemble", "ensemble", nombre, 5.0)
    peu.variations = pa.Table.from_pylist(
        [*siennes, dict(zip(VARIATIONS.names, une, strict=True))], VARIATIONS
    )
    return peu


@pytest.mark.parametrize(
    ("grandeur", "tues"),
    [  # what is due being told, the maximum and what is lost give each other
        ("aide_maximale", {"aide_maximale", "aide_perdue"}),
        ("aide_perdue", {"aide_maximale", "aide_perdue"}),
        ("depense", {"depense", "payes"}),
    ],
)
def test_un_montant_qui_change_pour_peu_de_contrats_n_est_dit_nulle_part(
    grandeur: str, tues: set[str]
) -> None:
    entier = etablir(total_de_peu(grandeur, 11))
    assert entier["tues"] == []
    assert tues <= set(entier["tables"]["cout_par_annee"][0])
    rapport = etablir(total_de_peu(grandeur, source=resultat(tirages=tirages())))
    assert set(rapport["tues"]) == tues - {"payes"}
    for nom, lignes in rapport["tables"].items():
        dites = {valeur for ligne in lignes for valeur in ligne.values() if isinstance(valeur, str)}
        assert not tues & {*dites, *(colonne for ligne in lignes for colonne in ligne)}, nom
        assert not tues & set(en_csv(rapport, nom).splitlines()[0].split(",")), nom
    # What is due is still there, and so is why the rest is not.
    assert {"loi", "annee", "aide_due"} <= set(rapport["tables"]["cout_par_annee"][0])
    quoi = "Ce qui est versé n’est donné" if grandeur == "depense" else "l’aide perdue ne sont"
    assert sum(quoi in phrase for phrase in rapport["secret"]) == 1
    assert not any(quoi in phrase for phrase in entier["secret"])
    lue = en_html(rapport)
    assert quoi in lue
    if grandeur == "depense":
        assert rapport["tables"]["cout_par_mois"] == []
        assert not any("versé" in t for p in rapport["phrases"] for t in p["textes"])


def test_deux_montants_de_peu_de_contrats_sont_tus_tous_les_deux() -> None:
    rapport = etablir(total_de_peu("depense", source=total_de_peu("aide_perdue")))
    assert set(rapport["tues"]) == {"aide_maximale", "aide_perdue", "depense"}
    assert {"loi", "annee", "lignes", "contrats", "aide_due"} == set(
        rapport["tables"]["cout_par_annee"][0]
    )
    en_html(rapport)


def test_sans_secret_rien_n_est_tu() -> None:
    assert etablir(total_de_peu("aide_perdue", 1), seuil=1)["tues"] == []


@pytest.mark.parametrize("taille", [500, 1_000])
def test_une_petite_population_a_son_rapport_et_ne_dit_rien_de_peu(
    taille: int, tmp_path: Path
) -> None:
    """Attacked with the amounts of each contract: no published gap of two laws is that of a few."""
    table, dossier = engendrer(taille, 1), tmp_path / "r"
    comparer(table, (2025, 2026), lois=LOIS, sortie=dossier, detail=True, lectures=False)
    rapport = etablir(Resultat.charger(dossier))
    detail = pq.read_table(dossier / "contrats").to_pylist()
    montants = {(li["loi"], li["annee"], li["ligne"]): li for li in detail}
    rangs = {cle[2] for cle in montants}

    def changent(colonne: str, annees: Any) -> int:
        """Contracts whose amount is not the same in all these years, under the two laws."""
        combien = 0
        for rang in rangs:
            de = {
                loi: [montants.get((loi, an, rang), {}).get(colonne, 0) for an in annees]
                for loi in LOIS
            }
            combien += de["base"] != de["convention_2024"]
        return combien

    couts = rapport["tables"]["cout_par_annee"]
    dits = {"aide_maximale", "aide_due", "aide_perdue"} & set(couts[0])
    assert "aide_due" in dits
    for colonne in dits:
        for annees in [(2025, 2026), *([li["annee"]] for li in couts if li["annee"] != AUTRES)]:
            combien = changent(colonne, annees)
            assert combien == 0 or combien >= 11, (colonne, annees, combien)
    # Nothing is left out without need; here, an amount had to be, in all or each year alone.
    assert set(rapport["tues"]) == {"aide_maximale", "aide_perdue"}
    assert min(changent("aide_perdue", annees) for annees in ((2025, 2026), (2025,), (2026,))) < 11


def test_l_ecart_de_deux_variantes_n_est_pas_montre_s_il_est_de_peu() -> None:
    deux = resultat()
    siens = deux.ecarts.to_pylist()
    autres = [{**li, "loi": "autre"} for li in siens]
    # The other law is the same, but for five contracts: it differs from the first by many.
    de_plus = [
        dict(zip(ECARTS.names, un_ecart("autre", dimension, mot, "droit", gain, n), strict=True))
        for dimension, mot in (("ensemble", "ensemble"), ("zone", "zip"))
        for gain, n in ((100_00, 5), (0, 99))
    ]
    autres += [{**li, "reference": "variante"} for li in de_plus]
    deux.ecarts = pa.Table.from_pylist([*siens, *autres], ECARTS)
    deux.description["lois"].append("autre")
    with pytest.raises(SecretImpossible, match=r"« autre » .* celle de la loi « variante »"):
        etablir(deux)


def test_une_perte_de_centimes_n_est_pas_celle_de_peu_de_contrats() -> None:
    """Under a euro, five contracts are « unaffected » with forty others; not so their euros."""
    peu = resultat()
    lignes = peu.ecarts.to_pylist()
    for ligne in lignes:
        if (ligne["dimension"], ligne["gain_centimes"]) == ("ensemble", 0):
            ligne["lignes"], ligne["contrats"] = 35, 35.0
    trop_peu = un_ecart("variante", "ensemble", "ensemble", "droit", 50, 5)
    lignes.append(dict(zip(ECARTS.names, trop_peu, strict=True)))
    peu.ecarts = pa.Table.from_pylist(lignes, ECARTS)
    groupes = {
        li["groupe"]: li["gain_total"]
        for li in etablir(peu)["tables"]["gagnants_perdants"]
        if li["dimension"] == "ensemble"
    }
    assert "inchanges" not in groupes
    assert 2.5 not in groupes.values()


def test_les_lectures_ne_s_additionnent_pas() -> None:
    """Two readings of six contracts may be of the same six: neither is told, nor their sum."""
    deux = lectures("p95_inclus", 6, 5_432.0).set_column(3, "lignes", pa.array([6, 6]))
    rapport = etablir(resultat(lectures=deux))
    assert [
        (li["lecture"], li["lignes"], li["contrats"], li["ecart"])
        for li in rapport["tables"]["lectures"]
    ] == [(AUTRES, None, None, None)]
    page = en_html(rapport)
    assert "moins de 11 contrats : leur effet n’est pas donné" in page


def test_aucune_perte_n_est_sure_quand_la_reference_est_supposee() -> None:
    """Fifteen lose against what the reference pays in full for want of information."""
    rapport = etablir(resultat())
    certitudes = {
        (li["certitude"], li["groupe"]): li["contrats"]
        for li in rapport["tables"]["certitude_des_gains"]
    }
    assert certitudes["connu", "gagnants"] == 49
    assert certitudes["connu", "perdants"] == 0
    assert certitudes["inconnu", "perdants"] == 15
    (phrases,) = rapport["phrases"]
    assert any("sur 15 pertes, aucune n’est connue" in texte for texte in phrases["textes"])
    assert "contrats selon la certitude de leur gain" in en_html(rapport)


def test_le_cout_se_lit_selon_le_medecin_et_l_annee_de_contrat() -> None:
    couts = {
        (li["loi"], li["dimension"], li["modalite"]): li["aide_due"]
        for li in etablir(resultat(), seuil=1)["tables"]["cout_par_modalite"]
    }
    # Two years of each: 15 contracts of 12 000 € out of the zones, 11 500 € under the variant.
    assert couts["reference", "zone", "hors_zone"] == 2 * 15 * 12_000
    assert couts["variante", "zone", "hors_zone"] == 2 * 15 * 11_500
    assert couts["reference", "option_etp", "demi_etp"] == 2 * 40 * 10_000
    for loi, montant in DUE.items():
        for dimension in ("specialite", "option_etp", "tranche_patientele", "rang", "zone"):
            somme = sum(v for cle, v in couts.items() if cle[:2] == (loi, dimension))
            assert somme == 2 * montant, (loi, dimension)


def test_une_loi_qui_change_peu_ne_cache_pas_les_gagnants_d_une_autre() -> None:
    deux = resultat()
    # Another law, under which twenty win and five lose.
    autres = [
        un_ecart("autre", dimension, modalite, "droit", gain, n)
        for dimension, modalite in (("ensemble", "ensemble"), ("zone", "zip"))
        for gain, n in ((100_00, 20), (-100_00, 5), (0, 79))
    ]
    deux.ecarts = pa.concat_tables([deux.ecarts, en_table(autres, ECARTS)]).unify_dictionaries()
    deux.description["lois"].append("autre")
    groupes = {
        (li["loi"], li["groupe"]): li["contrats"]
        for li in etablir(deux)["tables"]["gagnants_perdants"]
        if li["dimension"] == "ensemble"
    }
    assert groupes["variante", "perdants"] == 15
    # The five are with the twenty, the smallest of the other groups.
    assert groupes["autre", AUTRES] == 25
    assert ("autre", "perdants") not in groupes


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["nulle_part"], "il manque droits.parquet"),
        (["ABIME"], "caisse.parquet : le fichier ne se lit pas"),
        (["DOSSIER", "--seuil", "0"], "--seuil : reçu 0"),
        (["DOSSIER", "--gain-minimal", "1,5"], "--gain-minimal : reçu « 1,5 »"),
        (["DOSSIER", "--gain-minimal", "nan"], "--gain-minimal : reçu « nan »"),
        (["DOSSIER", "--html", "/nulle/part/x.html"], "ne peut pas être écrit"),
    ],
)
def test_ce_qui_ne_va_pas_est_dit(
    arguments: list[str], attendu: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resultat().ecrire(tmp_path / "r")
    resultat().ecrire(tmp_path / "abime")
    (tmp_path / "abime" / "caisse.parquet").write_bytes(b"PAR1")
    lieux = {"DOSSIER": str(tmp_path / "r"), "ABIME": str(tmp_path / "abime")}
    reels = [lieux.get(a, a) for a in arguments]
    assert main(["rapport", *reels]) == 2
    assert attendu in capsys.readouterr().err


def test_le_gain_minimal_change_les_groupes() -> None:
    groupes = {
        li["groupe"]: li["contrats"]
        for li in etablir(resultat(), gain_minimal=1_500)["tables"]["gagnants_perdants"]
        if li["dimension"] == "ensemble"
    }
    # The loss of 1,000 of the fifteen is now no change.
    assert (groupes["gagnants"], groupes["perdants"], groupes["inchanges"]) == (49, 0, 55)


# --- Where it comes from --------------------------------------------------------------------------

FICHE = {
    "format": 1,
    "date": "2026-03-01T10:00:00+00:00",
    "duree_secondes": 1.0,
    "commande": "assistant-medical simuler '/home/une personne/t.parquet' --loi "
    "base+/mnt/part/r.yaml --sortie=/srv/x/r --dask tcp://noeud7:8786 --tirages 3",
    "versions": {"python": "3.11.7"},
    "options": {
        "annees": [2024, 2025], "erreurs": "isoler", "lectures": True, "ignorer": [], "taille": 9,
        "detail": False, "tirages": 3, "graine": 0, "hypotheses": [{"role": "recours", "de": 0.9}],
    },
    "entree": {
        "chemin": "duckdb:/home/une personne/b.duckdb?SELECT * FROM '/mnt/part/x.csv'",
        "absolu": "/home/x", "empreinte": "e" * 64, "lignes": 104, "metadonnees": {},
    },
    "synthetique": True,
    "lois": [
        {
            "nom": "base+/mnt/part/r.yaml", "id": "reference", "titre": "une loi", "reformes": [],
            "fichiers": {"/mnt/part/r.yaml": "f" * 64}, "parametres": "a" * 64,
            "formules": "b" * 64,
            "detail": {"parametres": {}, "formules": {}},
        }
    ],
    "resultats": {"droits.parquet": "c" * 64},
}  # fmt: skip


def test_ce_qu_une_table_dit_d_elle_meme_n_est_montre_que_s_il_est_du_bon_genre() -> None:
    dit = {"synthetique": True, "taille": 20, "graine": 3, "contrats_representes": 40, "autre": 1}
    assert source_publiee(dit) == {nom: v for nom, v in dit.items() if nom != "autre"}
    for etrange in ([1], "<script>x", -1, 10**400, None, {}):
        assert source_publiee(dict.fromkeys(dit, etrange)) == {}
    assert source_publiee({"graine": 3}) == {}  # the page says it with the size


def test_la_provenance_ne_dit_rien_de_la_machine(tmp_path: Path) -> None:
    un = resultat()
    un.description["source"] = {"graine": 4, "chemin": "/home/une personne/t.parquet"}
    un.ecrire(tmp_path)
    (tmp_path / "enregistrement.json").write_text(json.dumps(FICHE), "utf-8")
    rapport = etablir(tmp_path)
    page = en_html(rapport)
    for texte in (page, json.dumps(rapport, ensure_ascii=False)):
        for secret in ("/home", "/mnt", "/srv", "personne", "noeud7", "x.csv", str(tmp_path)):
            assert secret not in texte, secret
        assert not re.search(r"[a-f]{13}", texte)  # fingerprints are cut
    assert "simuler t.parquet --loi base+r.yaml --sortie=r --dask … --tirages 3" in page
    assert "duckdb:b.duckdb?…" in page
    # Words, not the names that the code has for them; no list or dict as Python writes it.
    assert "Lignes refusées : elles sont écartées" in page
    assert "Fichier de réforme r.yaml" in page
    for code in ("{&#39;", "[&#39;", "{'", "isoler", "&#39;role&#39;"):
        assert code not in page, code
