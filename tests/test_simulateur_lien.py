"""The link that shares a case: what it holds, what it never holds, and what it says of the rest."""

from urllib.parse import parse_qs, urlsplit

import pytest

from openfisca_assistant_medical.web.simulateur.champs import champs
from openfisca_assistant_medical.web.simulateur.exemples import EXEMPLES, exemple
from openfisca_assistant_medical.web.simulateur.lien import PARTAGES, ecrire_lien
from openfisca_assistant_medical.web.simulateur.saisie import analyser
from tests.simulateur import SIMPLE, client, demander, envoi, poster, texte, un
from tests.test_simulateur_saisie import tout_rempli

JAMAIS = {
    "date_naissance": "1958-05-20",
    "rqth_ou_ald": "oui",
    "date_installation": "2023-11-17",
    "cout_employeur_annuel.2026": "41234",
    "date_resiliation": "2025-12-19",
}


def lien_de(saisie: dict[str, str]) -> str:
    lien = un(poster("/partager", saisie), ".//p[@class='lien-a-copier']/a").get("href")
    assert lien is not None
    return lien


def parametres(lien: str) -> dict[str, str]:
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(lien).query).items()}


def avis(adresse: str, statut: int) -> str:
    return texte(un(demander(adresse, statut), ".//div[@role='status']"))


def test_le_lien_ne_contient_que_la_liste() -> None:
    lus = parametres(lien_de(tout_rempli()))
    assert set(lus) == {*PARTAGES, "signature"}
    # The month of the signature, on 2024-07-01, and not its day.
    assert lus["signature"] == "2024-07"


@pytest.mark.parametrize("nom", JAMAIS)
def test_ce_que_le_lien_ne_contient_jamais(nom: str) -> None:
    racine = poster("/partager", SIMPLE | {nom: JAMAIS[nom]})
    lien = texte(un(racine, ".//p[@class='lien-a-copier']"))
    assert lien == lien_de(SIMPLE)
    assert JAMAIS[nom] not in lien
    # The page says that it is left out.
    label = champs()[nom.partition(".")[0]].variable.label
    assert label in [texte(li) for li in un(racine, ".//main").iter("li")]


def test_ce_qui_n_a_pas_ete_change_n_est_pas_dit_omis() -> None:
    """A browser sends the default of every list; only what was chosen is worth telling."""
    rempli = envoi(un(demander("/?exemple=senior"), ".//form[@id='formulaire']"))
    dits = [texte(li) for li in un(poster("/partager", rempli), ".//main").iter("li")]
    noms = ("date_naissance", "patientele_mt", "file_active")
    assert dits == [champs()[nom].variable.label for nom in noms]


@pytest.mark.long
def test_aucune_page_ne_met_la_saisie_dans_une_adresse() -> None:
    """Every form that carries inputs is sent by POST, and no link but the shared one holds any."""
    saisie = SIMPLE | JAMAIS
    for adresse in ("/", "/partager", "/resultat"):
        racine = poster(adresse, saisie)
        for formulaire in racine.iter("form"):
            assert formulaire.get("method") == "post"
            assert "?" not in formulaire.get("action", "")
        for element in racine.iter():
            for attribut in ("href", "src", "action", "hx-get", "hx-post"):
                for valeur in JAMAIS.values():
                    assert valeur not in (element.get(attribut) or "") or valeur == "oui"


@pytest.mark.parametrize("nom", [nom for nom in EXEMPLES if nom != "senior"])
def test_le_lien_rend_ce_qu_il_contient(nom: str) -> None:
    saisie = exemple(nom)
    rempli = envoi(un(demander(ecrire_lien(saisie)), ".//form[@id='formulaire']"))
    for partage in PARTAGES:
        assert rempli.get(partage, "") == saisie.get(partage, "") or partage == "zone"
    assert rempli["zone"] == saisie.get("zone", "hors_zone")
    assert rempli["date_signature"] == saisie["date_signature"][:7] + "-01"
    assert not analyser(rempli)[1]


def test_un_compte_tape_avec_des_espaces_est_ecrit_sans() -> None:
    saisie = SIMPLE | {"patientele_mt_initiale": "1\u202f200"}
    assert parametres(ecrire_lien(saisie))["patientele_mt_initiale"] == "1200"


def test_le_jour_propose_est_dit() -> None:
    assert "premier jour est proposé" in avis("/?signature=2024-07", 200)


@pytest.mark.parametrize("mois", ["2024-06", "2019-08"])
def test_le_mois_ou_le_droit_change_demande_le_jour(mois: str) -> None:
    """Convention on 22 June 2024, avenant 7 on 20 August 2019: another law on the first day."""
    racine = demander(f"/?signature={mois}")
    assert un(racine, ".//input[@id='date_signature']").get("value") == ""
    assert "donner le jour exact" in texte(un(racine, ".//div[@role='status']"))


def test_le_mois_dont_le_premier_jour_change_le_droit_le_propose() -> None:
    """Arbitral settlement on 1 May 2023: the whole month is under it."""
    champ = un(demander("/?signature=2023-05"), ".//input[@id='date_signature']")
    assert champ.get("value") == "2023-05-01"


REFUS = [
    ("/?utm_source=courriel", "utm_source : reçu une valeur ; attendu : un paramètre parmi"),
    ("/?zone=zi", "zone : reçu zi ; attendu : un des choix de la liste"),
    ("/?patientele_mt_initiale=-5", "reçu -5 ; attendu : un nombre entier de 0 à 100 000"),
    ("/?signature=2024-13", "signature : reçu 2024-13 ; attendu : un mois"),
    ("/?signature=2024-07-15", "attendu : un mois, écrit AAAA-MM"),
    ("/?zone=zip&zone=zac", "zone : reçu zip ; zac ; attendu : une seule valeur"),
    ("/?exemple=inconnu", "exemple : reçu inconnu ; attendu : un exemple parmi generaliste"),
    ("/?exemple=senior&zone=zip", "attendu : un exemple seul"),
    (f"/?zone={'z' * 500}", "attendu : au plus 100 caractères"),
    ("/?zone=", "zone : reçu rien ; attendu : un des choix de la liste"),
]


@pytest.mark.parametrize(("adresse", "dit"), REFUS)
def test_un_parametre_refuse_est_dit(adresse: str, dit: str) -> None:
    assert dit in avis(adresse, 400)


@pytest.mark.parametrize("nom", [*JAMAIS, "patientele_mt.2026"])
def test_une_donnee_personnelle_dans_une_adresse_n_est_ni_lue_ni_redite(nom: str) -> None:
    adresse = f"/?{nom}=1958-05-20"
    assert "ne se met pas dans une adresse" in avis(adresse, 400)
    assert "1958" not in client().get(adresse).text


def test_les_bons_parametres_d_un_lien_fautif_sont_gardes() -> None:
    racine = demander("/?zone=zip&patientele_mt_initiale=douze", 400)
    assert envoi(un(racine, ".//form[@id='formulaire']"))["zone"] == "zip"


def test_un_lien_hostile_est_echappe() -> None:
    reponse = client().get("/?zone=<script>alert(1)</script>&<b>=1")
    assert reponse.status_code == 400
    assert "<script>alert" not in reponse.text
    assert "<b>" not in reponse.text


def test_un_formulaire_fautif_n_a_pas_de_lien() -> None:
    poster("/partager", {"zone": "zip"}, 422)
