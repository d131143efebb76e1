"""What every page has: its shell, its colours, its files; and the pages that compute nothing."""

import io
import re
import zipfile
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise, product
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from openfisca_assistant_medical import recrutement
from openfisca_assistant_medical.web import Configuration, creer
from openfisca_assistant_medical.web.lois import version_du_paquet
from openfisca_assistant_medical.web.statiques import TYPES, adresse_de
from tests.simulateur import SIMPLE, client, demander, lire, poster, texte, un

PAGES = (
    "/",
    "/?exemple=primo_installe",
    "/groupements",
    "/groupements?region=Bretagne",
    "/donnees",
    "/accessibilite",
    "/mentions",
    "/sources",
)
STATIQUE = files("openfisca_assistant_medical.web") / "statique"
STYLE = (STATIQUE / "style.css").read_text("utf-8")


def toutes() -> list[tuple[str, Element]]:
    """Every page of the shell, those of errors and of a form with faults included."""
    fautive = SIMPLE | {"date_naissance": "31/02/1960", "patientele_mt.2026": "douze"}
    return [
        *((adresse, demander(adresse)) for adresse in PAGES),
        ("404", demander("/rien", 404)),
        ("lien fautif", demander("/?zone=zi", 400)),
        ("région inconnue", demander("/groupements?region=Atlantide", 404)),
        ("fautes", poster("/resultat", fautive, 422)),
        ("années", poster("/", SIMPLE)),
        ("partager", poster("/partager", SIMPLE)),
    ]


@pytest.fixture(scope="module")
def pages() -> list[tuple[str, Element]]:
    return toutes()


# --- HTML -----------------------------------------------------------------------------------------


def test_chaque_page_est_du_html_valide_en_francais(pages: list[tuple[str, Element]]) -> None:
    """`lire` refuses what is not; one language, one title, one h1, no level of heading skipped."""
    for nom, racine in pages:
        assert racine.get("lang") == "fr", nom
        assert len(racine.findall(".//h1")) == 1, nom
        assert texte(un(racine, ".//title")).endswith("Aide à l’emploi d’un assistant médical")
        niveaux = [int(e.tag[1]) for e in racine.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        for avant, apres in pairwise(niveaux):
            assert apres <= avant + 1, (nom, niveaux)


def test_les_identifiants_sont_uniques_et_ce_qui_y_renvoie_les_trouve(
    pages: list[tuple[str, Element]],
) -> None:
    for nom, racine in pages:
        identifiants = [e.get("id") for e in racine.iter() if e.get("id")]
        assert len(identifiants) == len(set(identifiants)), nom
        for element in racine.iter():
            for attribut in ("for", "aria-describedby", "aria-labelledby", "form"):
                for cible in (element.get(attribut) or "").split():
                    assert cible in identifiants, (nom, attribut, cible)
            ancre = element.get("href") or ""
            assert not ancre.startswith("#") or ancre[1:] in identifiants, (nom, ancre)


def test_chaque_champ_a_son_etiquette_et_chaque_groupe_sa_legende(
    pages: list[tuple[str, Element]],
) -> None:
    for nom, racine in pages:
        etiquettes = {label.get("for") for label in racine.iter("label") if texte(label)}
        for champ in racine.iter():
            if champ.tag in ("input", "select") and champ.get("type") != "hidden":
                assert champ.get("id") in etiquettes, (nom, champ.get("name"))
        for groupe in racine.iter("fieldset"):
            assert texte(un(groupe, "legend")), nom


def test_rien_ne_contrevient_a_la_politique_de_securite(pages: list[tuple[str, Element]]) -> None:
    """No inline script or style, nothing loaded from elsewhere."""
    for nom, racine in pages:
        for element in racine.iter():
            assert element.tag != "style", nom
            assert element.tag != "script" or (element.get("src") and not texte(element)), nom
            for attribut in element.attrib:
                assert attribut != "style", nom
                assert not attribut.startswith("on"), (nom, attribut)
            if element.tag in ("script", "link", "img"):
                source = element.get("src") or element.get("href") or ""
                assert source.startswith("/statique/"), (nom, source)


def test_chaque_page_a_son_pied(pages: list[tuple[str, Element]]) -> None:
    for nom, racine in pages:
        pied = texte(un(racine, ".//footer"))
        assert f"version {version_du_paquet()}" in pied, nom
        # The convention, in force on 22 June 2024, is the last text that the model knows.
        assert "Convention médicale 2024-2029" in pied, nom
        assert "22/06/2024" in pied, nom
        assert "n’est pas un service de l’Assurance Maladie" in pied, nom
        assert "n’est pas une décision" in pied, nom
        liens = [a.get("href") for a in un(racine, ".//footer").iter("a")]
        assert liens == ["/sources", "/donnees", "/accessibilite", "/mentions"], nom


def test_le_lien_d_evitement_est_le_premier(pages: list[tuple[str, Element]]) -> None:
    for nom, racine in pages:
        premier = next(un(racine, ".//body").iter("a"))
        assert (premier.get("href"), texte(premier)) == ("#contenu", "Aller au contenu"), nom


@pytest.mark.long
def test_les_liens_du_site_menent_quelque_part(pages: list[tuple[str, Element]]) -> None:
    liens = {a.get("href", "") for _, racine in pages for a in racine.iter("a")}
    for lien in liens:
        if lien.startswith("/"):
            assert client().get(lien).status_code == 200, lien


def test_sans_cookie() -> None:
    for adresse in PAGES:
        assert "Set-Cookie" not in client().get(adresse).headers
    assert "Set-Cookie" not in client().post("/partager", data=SIMPLE).headers


# --- Colours --------------------------------------------------------------------------------------

TEXTES = ("encre", "pale", "accent", "accent-vif", "alerte", "attente")
FONDS = ("papier", "carte", "voile")
# (what is over, what is under, least contrast): 4.5 for a text, 3 for an edge that tells something.
COUPLES = [
    *((texte_, fond, 4.5) for texte_, fond in product(TEXTES, FONDS)),
    *((texte_, fond, 4.5) for texte_ in ("encre", "accent", "pale") for fond in ("doux",)),
    ("accent-vif", "doux", 4.5),
    ("encre", "alerte-doux", 4.5),
    ("alerte", "alerte-doux", 4.5),
    ("accent", "alerte-doux", 4.5),
    ("encre", "attente-doux", 4.5),
    ("attente", "attente-doux", 4.5),
    ("sur-accent", "accent", 4.5),
    ("sur-accent", "accent-vif", 4.5),
    *(("bord", fond, 3) for fond in FONDS),
]


def palette(sombre: bool) -> dict[str, str]:
    clair, _, reste = STYLE.partition("@media screen and (prefers-color-scheme: dark)")
    blocs = [clair, reste.partition("\n}")[0]] if sombre else [clair]
    return {n: c for bloc in blocs for n, c in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", bloc)}


def luminance(couleur: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    canaux = [int(couleur[rang : rang + 2], 16) / 255 for rang in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return sum(p * c for p, c in zip((0.2126, 0.7152, 0.0722), lineaires, strict=True))


def contraste(une: str, autre: str) -> float:
    haute, basse = sorted((luminance(une), luminance(autre)), reverse=True)
    return (haute + 0.05) / (basse + 0.05)


def test_le_contraste_se_calcule() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sombre", [False, True])
@pytest.mark.parametrize(("dessus", "dessous", "minimum"), COUPLES)
def test_le_contraste_de_la_palette(
    dessus: str, dessous: str, minimum: float, sombre: bool
) -> None:
    couleurs = palette(sombre)
    assert contraste(couleurs[dessus], couleurs[dessous]) >= minimum


def test_la_palette_sombre_change_chaque_couleur() -> None:
    claire, sombre = palette(False), palette(True)
    assert claire.keys() == sombre.keys()
    assert all(claire[nom] != sombre[nom] for nom in claire)


def test_le_style_garde_le_contour_du_focus_et_l_immobilite() -> None:
    assert re.search(r":focus-visible[^{]*\{ outline: 3px solid", STYLE)
    mobile = STYLE.partition("@media (prefers-reduced-motion: no-preference)")
    assert mobile[1]
    assert "transition" not in mobile[0]
    assert "scroll-behavior" not in mobile[0]
    for feuille in (f for f in STATIQUE.iterdir() if f.name.endswith(".css")):
        assert "http" not in feuille.read_text("utf-8")


# --- Files ----------------------------------------------------------------------------------------


def test_htmx_est_celui_du_paquet_avec_sa_licence() -> None:
    note = (STATIQUE / "htmx.VERSION.txt").read_text("utf-8")
    empreinte = sha256((STATIQUE / "htmx.min.js").read_bytes()).hexdigest()
    assert f"sha256 {empreinte}" in note
    assert "htmx.org 2.0.11" in note
    assert "Zero-Clause BSD" in (STATIQUE / "htmx.LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("nom", TYPES)
def test_un_fichier_se_garde_a_son_adresse_et_se_verifie_ailleurs(nom: str) -> None:
    daté = client().get(adresse_de(nom))
    assert daté.status_code == 200
    assert daté.content_type == TYPES[nom]
    assert daté.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    empreinte = sha256(daté.data).hexdigest()[:16]
    assert adresse_de(nom) == f"/statique/{nom}?v={empreinte}"
    for adresse in (f"/statique/{nom}", f"/statique/{nom}?v=ancienne"):
        reponse = client().get(adresse)
        assert reponse.headers["Cache-Control"] == "public, no-cache"
        revue = client().get(adresse, headers={"If-None-Match": reponse.headers["ETag"]})
        assert (revue.status_code, revue.data) == (304, b"")


@pytest.mark.parametrize(
    "nom", ["htmx.VERSION.txt", "../rendu.py", "%2e%2e/rendu.py", "style.css%00", "rien.js", ""]
)
def test_aucun_autre_fichier_n_est_servi(nom: str) -> None:
    assert client().get(f"/statique/{nom}").status_code == 404


# --- Source code ----------------------------------------------------------------------------------


def test_le_code_source_est_celui_qui_tourne() -> None:
    reponse = client().get("/sources/archive")
    dossier = f"openfisca-assistant-medical-{version_du_paquet()}"
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="{dossier}.zip"'
    paquet = Path(str(files("openfisca_assistant_medical")))
    with zipfile.ZipFile(io.BytesIO(reponse.data)) as archive:
        noms = archive.namelist()
        for chemin in ("web/rendu.py", "parameters/aide/montant.yaml", "web/statique/style.css"):
            contenu = archive.read(f"{dossier}/openfisca_assistant_medical/{chemin}")
            assert contenu == (paquet / chemin).read_bytes()
        licence = archive.read(f"{dossier}/LICENSE")
    assert b"GNU AFFERO GENERAL PUBLIC LICENSE" in licence
    assert not [nom for nom in noms if "__pycache__" in nom or nom.endswith(".pyc")]


def test_l_adresse_des_sources_se_regle() -> None:
    adresse = "https://exemple.fr/depot"
    navigateur = creer(Configuration(sources=adresse)).test_client()
    liens = [a.get("href") for a in lire(navigateur.get("/donnees").text).iter("a")]
    assert adresse in liens
    assert adresse in navigateur.get("/sources").text


# --- Employers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", recrutement.regions())
def test_chaque_region_a_les_groupements_du_repertoire(region: str) -> None:
    racine = lire(client().get("/groupements", query_string={"region": region}).text)
    noms = [texte(un(carte, "p/strong")) for carte in racine.findall(".//ul[@class='cartes']/li")]
    attendus = recrutement.repertoire(region)["groupements"]
    assert noms == [" ".join(groupement["nom"].split()) for groupement in attendus]
    assert texte(un(racine, ".//option[@selected]")) == region


def test_une_abreviation_suffit() -> None:
    assert "Île-de-France" in texte(un(demander("/groupements?region=IDF"), ".//h1"))


def test_une_region_inconnue_est_dite() -> None:
    dite = texte(un(demander("/groupements?region=Bretagn", 404), ".//div[@role='alert']"))
    assert "reçu « Bretagn »" in dite
    assert "la plus proche : « Bretagne »" in dite


@pytest.mark.parametrize(
    "demande",
    ["region=Corse&region=Bretagne", "region=Corse&specialite=mep", f"region={'a' * 101}"],
)
def test_une_demande_de_trop_est_refusee(demande: str) -> None:
    demander(f"/groupements?{demande}", 400)
