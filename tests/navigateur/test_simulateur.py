"""The simulator in a real browser: whole visits, as people make them."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import sans_faute_d_acces, tient_en_largeur

pytestmark = [pytest.mark.long, pytest.mark.navigateur]

Visite = Callable[..., Page]
TELEPHONE = {"width": 390, "height": 844}
ENVOYER, REVENIR = "Voir le résultat", "Revenir au résultat"
FICHE = "Fiche à imprimer pour le rendez-vous avec la CPAM"


def remplir(page: Page, **change: str) -> None:
    """A general practitioner, in secteur 1, who signed on 10 September 2024."""
    champs = {
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
        "patientele_mt_initiale": "1 000",
        "file_active_initiale": "1 500",
        "date_signature": "2024-09-10",
        **change,
    }
    for nom, valeur in champs.items():
        champ = page.locator(f"#{nom}")
        if champ.evaluate("champ => champ.tagName") == "SELECT":
            champ.select_option(valeur)
        else:
            champ.fill(valeur)


def envoyer(page: Page) -> None:
    page.get_by_role("button", name=ENVOYER).first.click()
    page.wait_for_load_state()


def annee(page: Page, rang: int) -> str:
    """What is read of a contract year."""
    return " ".join(page.locator(".annee-du-contrat").nth(rang - 1).inner_text().split())


def test_un_generaliste_de_bout_en_bout(visite: Visite, tmp_path: Path) -> None:
    page = visite()
    sans_faute_d_acces(page)
    remplir(page, objectif_pmt_contractuel="1200", objectif_pfa_contractuel="1600")
    # The years of the contract come once its day is known, without leaving the page.
    page.locator("#date_signature").dispatch_event("change")
    page.locator("[id='patientele_mt-2026']").fill("1 100")
    page.locator("[id='file_active-2026']").fill("1 530")
    sans_faute_d_acces(page)
    envoyer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Éligible")
    assert "38 000,00 €" in annee(page, 1)
    # (1 100 − 1 000) / (1 200 − 1 000) = 50 % of 22 000.
    assert "50 %" in annee(page, 3)
    assert "11 000,00 €" in annee(page, 3)
    assert "avec-montant" in page.locator(".chronologie").first.inner_html()
    sans_faute_d_acces(page)
    _pourquoi_en_place(page)
    _la_fiche(page)
    _les_exports(page, tmp_path)
    _le_lien(page)


def _pourquoi_en_place(page: Page) -> None:
    """The answer opens beside the figure, and the focus goes to it; the whole is one step away."""
    adresse = page.url
    page.locator(".annee-du-contrat").nth(2).get_by_role("button", name="ce qui est dû").click()
    reponse = page.locator("#pourquoi-2026 > details")
    expect(reponse).to_contain_text("22 000,00 € × 50 % × 100 %", use_inner_text=True)
    expect(reponse).to_contain_text("URPS Occitanie")
    expect(reponse).to_contain_text("Lectures qui changeraient ce chiffre")
    expect(reponse.locator("summary").first).to_be_focused()
    assert page.url == adresse
    sans_faute_d_acces(page)
    reponse.get_by_role("button", name="Toute l’explication").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pourquoi 11 000,00 €")
    expect(page.get_by_role("heading", name="Le calcul, pas à pas")).to_be_visible()
    sans_faute_d_acces(page)
    page.get_by_role("button", name=REVENIR).click()


def _la_fiche(page: Page) -> None:
    page.get_by_role("button", name=FICHE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fiche pour le rendez-vous")
    expect(page.get_by_text("Quelle tranche de patientèle")).to_be_visible()
    sans_faute_d_acces(page)
    page.get_by_role("button", name=REVENIR).click()


def _les_exports(page: Page, tmp_path: Path) -> None:
    lus = {}
    for nom in ("CSV", "JSON", "YAML", "ICS"):
        with page.expect_download() as attendu:
            page.get_by_role("button", name=nom).click()
        fichier = tmp_path / attendu.value.suggested_filename
        attendu.value.save_as(fichier)
        lus[nom] = fichier.read_text("utf-8-sig")
    assert json.loads(lus["JSON"])["medecins"][0]["resultats"]
    assert len(list(csv.reader(io.StringIO(lus["CSV"])))) > 5
    assert yaml.safe_load(lus["YAML"])
    assert lus["ICS"].startswith("BEGIN:VCALENDAR")


def _le_lien(page: Page) -> None:
    page.get_by_role("button", name="Partager").click()
    lien = page.locator(".lien-a-copier a").get_attribute("href") or ""
    assert "patientele_mt_initiale=1000" in lien
    assert "2024-09-10" not in lien
    sans_faute_d_acces(page)
    page.goto(lien)
    expect(page.locator("#specialite")).to_have_value("generaliste")


def test_un_refus_dit_pourquoi_et_que_faire(visite: Visite) -> None:
    page = visite()
    remplir(page, patientele_mt_initiale="700")
    envoyer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Non éligible")
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("il manque 75 patients")  # 775 − 700
    expect(verdict).to_contain_text("Remède")
    expect(page.locator(".annee-du-contrat")).to_have_count(0)
    # What the aid would be on the other side of the threshold is drawn.
    expect(page.get_by_role("img", name="Aide maximale selon la patientèle")).to_be_visible()
    sans_faute_d_acces(page)


def test_un_objectif_inconnu_est_estime_en_le_disant(visite: Visite) -> None:
    page = visite()
    remplir(page)
    envoyer(page)
    cartes = page.locator("section[aria-labelledby=objectifs] .carte")
    expect(cartes.nth(0)).to_contain_text("entre 260 et 335 patients de plus")
    expect(cartes.nth(0)).to_contain_text("estimation")
    expect(cartes.nth(1)).to_contain_text("non connu")
    expect(page.locator(".annee-du-contrat").nth(2)).to_contain_text("supposé favorable")
    sans_faute_d_acces(page)


def test_une_faute_renvoie_au_champ(visite: Visite) -> None:
    page = visite()
    remplir(page, patientele_mt_initiale="beaucoup", date_signature="")
    envoyer(page)
    resume = page.locator("#fautes")
    expect(resume).to_be_focused()
    expect(resume.get_by_role("listitem")).to_have_count(2)
    sans_faute_d_acces(page)
    resume.get_by_role("link", name="Patientèle médecin traitant").click()
    champ = page.locator("#patientele_mt_initiale")
    expect(champ).to_be_focused()
    expect(champ).to_have_value("beaucoup")
    expect(champ).to_have_attribute("aria-invalid", "true")
    # Said with the field, not only seen near it.
    decrit = champ.get_attribute("aria-describedby") or ""
    assert any("entier" in page.locator(f"#{nom}").inner_text() for nom in decrit.split())


def test_sans_javascript(visite: Visite) -> None:
    page = visite(java_script_enabled=False)
    remplir(page, objectif_pmt_contractuel="1200")
    page.get_by_role("button", name="Afficher les années").click()
    page.locator("[id='patientele_mt-2026']").fill("1 100")
    envoyer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Éligible")
    page.locator(".annee-du-contrat").nth(2).get_by_role("button", name="ce maximum").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pourquoi 22 000,00 €")
    expect(page.get_by_text("URPS Occitanie").first).to_be_visible()
    page.get_by_role("button", name=REVENIR).click()
    page.get_by_role("button", name=FICHE).click()
    expect(page.get_by_text("1 100 patients")).to_be_visible()


def test_sur_un_telephone(visite: Visite) -> None:
    page = visite(viewport=TELEPHONE, has_touch=True, is_mobile=True)
    tient_en_largeur(page)
    remplir(page)
    envoyer(page)
    tient_en_largeur(page)
    sans_faute_d_acces(page)
    # Every button can be touched: 24 pixels at least (WCAG 2.2, 2.5.8).
    tailles = page.locator("button:visible").evaluate_all(
        "boutons => boutons.map(b => Math.min(b.offsetWidth, b.offsetHeight))"
    )
    assert min(tailles) >= 24
    # The chart for phones is the one that is drawn, whole.
    assert page.locator("svg.courbe:visible").first.get_attribute("class") == "courbe etroit"
    page.locator(".annee-du-contrat").nth(1).get_by_role("button", name="cette part").tap()
    expect(page.locator("#pourquoi-2025 > details")).to_be_visible()
    tient_en_largeur(page)
    page.locator("#pourquoi-2025").get_by_role("button", name="Toute l’explication").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pourquoi 100 %")
    tient_en_largeur(page)
    page.get_by_role("button", name=REVENIR).tap()
    page.get_by_role("button", name=FICHE).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fiche")
    tient_en_largeur(page)


def test_dans_le_noir(visite: Visite) -> None:
    page = visite(color_scheme="dark")
    fond = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", fond)[:3])) < 60
    sans_faute_d_acces(page)
    remplir(page)
    envoyer(page)
    sans_faute_d_acces(page)
    page.get_by_role("button", name="ce verdict").click()
    expect(page.locator("#pourquoi-verdict > details")).to_be_visible()
    sans_faute_d_acces(page)


def test_la_fiche_s_imprime(visite: Visite) -> None:
    page = visite()
    remplir(page)
    envoyer(page)
    page.get_by_role("button", name=FICHE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fiche")
    page.emulate_media(media="print")
    for cache in (page.get_by_role("navigation", name="Principale"), page.locator("main button")):
        for element in cache.all():
            expect(element).to_be_hidden()
    assert page.locator(".blanc:visible").count() > 10
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4


def test_le_resultat_s_imprime_sans_ses_boutons(visite: Visite) -> None:
    page = visite()
    remplir(page)
    envoyer(page)
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0
    expect(page.locator("svg.courbe.large").first).to_be_visible()
    tient_en_largeur(page)


def test_au_clavier_seul(visite: Visite) -> None:
    page = visite()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    saisies = {
        "specialite": "Médecine g",
        "secteur_conventionnel": "Secteur 1",
        "patientele_mt_initiale": "1000",
        "file_active_initiale": "1500",
        "date_signature": "10102024",  # the same in every order of day and month
    }
    for identifiant, frappe in saisies.items():
        _aller_a(page, f"#{identifiant}")
        page.keyboard.type(frappe)
    assert page.locator("#date_signature").input_value() == "2024-10-10"
    _aller_a(page, "button.principal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Éligible")
    _aller_a(page, "button.pourquoi")
    page.keyboard.press("Enter")
    detail = page.locator("#pourquoi-verdict > details").first
    expect(detail.locator("summary").first).to_be_focused()
    page.keyboard.press("Space")
    expect(detail).not_to_have_attribute("open", "")


def _aller_a(page: Page, selecteur: str) -> None:
    """Press Tab until an element has the focus, which must be seen at each stop."""
    for _ in range(80):
        page.keyboard.press("Tab")
        trait = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert trait != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("s => document.activeElement.matches(s)", selecteur):
            return
    raise AssertionError(f"{selecteur} cannot be reached with Tab")


@pytest.mark.parametrize(
    "adresse",
    [
        "/groupements",
        "/groupements?region=Occitanie",
        "/donnees",
        "/accessibilite",
        "/a-propos",
        "/sources",
        "/api/documentation",
        "/api/versions",
        "/nulle-part",
    ],
)
@pytest.mark.parametrize("largeur", [390, 1280])
def test_les_autres_pages(visite: Visite, adresse: str, largeur: int) -> None:
    page = visite(adresse, viewport={"width": largeur, "height": 900})
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    tient_en_largeur(page)
    sans_faute_d_acces(page)
