"""The simulator: its links, and its forms."""

import html
import re
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from fuzz.portes.medecins import JOURS, entrees, valeurs
from fuzz.portes.situation import service
from fuzz.verdict import Verdict, exiger, lire_json, refuse_en_champs, verifier_les_nombres
from openfisca_assistant_medical.exemples import EXEMPLES
from openfisca_assistant_medical.web.simulateur.lien import PARTAGES, lire_lien
from openfisca_assistant_medical.web.simulateur.saisie import GENRE

ADRESSES = (
    *("/resultat", "/", "/partager", "/export/csv", "/export/json", "/export/ics", "/export/pdf"),
    *("/pourquoi", "/fiche", "/export/zip"),
)
_REFUS = (400, 404, 405, 408, 413, 415, 422)
_FAUTE = re.compile(r'<li>(?:<a href="#([^"]*)">|<code>(.*?)</code>)', re.S)
_TEXTES = ("1 200", "1.200", "12,5", "10/09/2024", "31/02/2024", "oui", "non", "x" * 101, "\n", "é")


def essayer_lien(octets: bytes) -> Verdict:
    """The form that a link fills in."""
    demande = octets.decode("latin-1")
    environ = EnvironBuilder("/").get_environ()
    environ["QUERY_STRING"] = demande
    reponse = service().open(environ)
    exiger(reponse.status_code in (200, 400), f"réponse {reponse.status_code} à un lien")
    exiger(reponse.mimetype == "text/html", "réponse qui n’est pas une page")
    try:
        parametres = Request(environ).args
    except UnicodeDecodeError:
        exiger(reponse.status_code == 400, "adresse illisible acceptée")
        return Verdict(False, "adresse")
    saisie, refus, _ = lire_lien(parametres)
    exiger(bool(refus) == (reponse.status_code == 400), "statut qui dément le refus")
    if refus:
        return refuse_en_champs(vars(erreur) for erreur in refus)
    # What the link filled in is a form that can be sent as it is.
    remplie = service().post("/", data=urlencode(saisie), content_type=GENRE)
    exiger(remplie.status_code in (200, 422), "formulaire d’un lien refusé", remplie.status_code)
    return Verdict(True)


def essayer_formulaire(octets: bytes) -> Verdict:
    """A form sent to the address of its first line."""
    adresse, _, corps = octets.partition(b"\n")
    chemin = quote(adresse.decode("latin-1").strip() or "/", safe="/%?=&")
    chemin = chemin if chemin.startswith("/") and not chemin.startswith("//") else "/"
    reponse = service().post(chemin, data=corps, content_type=GENRE)
    statut = reponse.status_code
    exiger(statut in (200, 303, *_REFUS), f"réponse {statut} à un formulaire", chemin)
    if statut not in _REFUS:
        if reponse.mimetype == "application/json":
            verifier_les_nombres(lire_json(reponse.data))
        exiger(reponse.data or statut == 303, "réponse vide")
        exiger(b"nan" not in reponse.data.split() if statut == 200 else True, "NaN dans une page")
        return Verdict(True)
    page = reponse.text
    exiger(reponse.mimetype == "text/html", "refus qui n’est pas une page", reponse.mimetype)
    exiger("Traceback" not in page, "refus dans les mots du programme")
    faute = _FAUTE.search(page[page.find('role="alert"') :])
    nom = html.unescape(faute[1] or faute[2] or "") if faute else ""
    return Verdict(False, f"{statut} {nom}".strip())


@st.composite
def saisies(draw: st.DrawFn) -> dict[str, str]:
    """What is typed in a form."""
    textes: dict[str, str] = {
        "date_signature": draw(st.sampled_from(JOURS)),
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
    }
    for nom in draw(st.lists(st.sampled_from(sorted(entrees())), max_size=8)):
        variable = entrees()[nom]
        annee = f".{draw(st.integers(2017, 2034))}" if variable.definition_period == "year" else ""
        valeur = draw(valeurs(variable))
        texte = str(valeur).replace("True", "oui").replace("False", "non")
        textes[nom + annee] = draw(st.sampled_from(_TEXTES)) if draw(st.booleans()) else texte
    return textes


@st.composite
def liens(draw: st.DrawFn) -> bytes:
    """Links of the fields that go in one, and of others."""
    paires: list[tuple[str, str]] = []
    for nom, texte in draw(saisies()).items():
        if nom in PARTAGES or not draw(st.integers(0, 9)):
            paires.append((nom, texte))
    if draw(st.booleans()):
        paires.append(("signature", draw(st.sampled_from(("2024-06", "2024-13", "0000-01", "x")))))
    if not draw(st.integers(0, 4)):
        paires = [("exemple", draw(st.sampled_from((*EXEMPLES, "inconnu"))))]
    return urlencode(paires, errors="replace").encode()


def tirer_lien() -> st.SearchStrategy[bytes]:
    """Links by their structure."""
    return liens()


def tirer_formulaire() -> st.SearchStrategy[bytes]:
    """Forms by their structure."""
    return st.builds(
        lambda adresse, saisie: f"{adresse}\n{urlencode(saisie, errors='replace')}".encode(),
        st.sampled_from(ADRESSES),
        saisies(),
    )
