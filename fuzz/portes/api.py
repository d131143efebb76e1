"""The bodies of requests to the API; the hostile requests that are kept are seeds too."""

import json
from typing import Any

from hypothesis import strategies as st

from benchmarks.hostile import Reponse, Requete, corpus, executer, fautes
from fuzz.portes.medecins import entrees, medecin
from fuzz.portes.situation import service, situations
from fuzz.verdict import (
    Verdict,
    exiger,
    refuse_en_champs,
    verifier_les_nombres,
    verifier_un_rapport,
)
from openfisca_assistant_medical.situations.valeurs import TOUJOURS

ADRESSES = (
    *("/api/calculate", "/api/trace", "/api/expliquer", "/api/comparer"),
    *("/api/calculate?drapeaux=1", "/api/reglement-arbitral-2023/calculate"),
)
_COURT = 2_000
DEMANDES = (
    *("aide_due", "aide_maximale", "eligible", "tranche_patientele", "date_fin_contrat", "acompte"),
    *("depense_annuelle", "taux_atteinte_pmt", "date_signature", "inconnue"),
)


def essayer(octets: bytes) -> Verdict:
    """A POST to the address of the first line, with the rest as its body."""
    adresse, _, corps = octets.partition(b"\n")
    chemin = adresse.decode("latin-1").strip()
    if not (chemin.startswith("/api/") and chemin.isascii() and chemin.isprintable()):
        chemin = ADRESSES[0]
    requete = Requete(
        "fuzz", "", "POST", chemin, (), "application/json", corps, (200, 400), None, False
    )
    reponse = executer(service().application, requete)
    for faute in fautes(requete, reponse, exact=False):
        exiger(False, f"{faute} : {chemin.partition('?')[0]}", reponse.octets[:300])
    exiger(reponse.statut == 200 or 400 <= reponse.statut < 500, f"statut {reponse.statut}")
    lu = reponse.en_json()
    if reponse.statut >= 400:
        return refuse_en_champs(lu["erreurs"]) if lu["erreurs"] else _sans_champ(reponse)
    verifier_les_nombres(lu)
    if chemin.startswith("/api/comparer"):
        verifier_un_rapport(lu)
    return Verdict(True)


def _sans_champ(reponse: Reponse) -> Verdict:
    """A refusal of the whole request, such as of its address."""
    message = reponse.en_json()["erreur"]
    exiger(message.endswith("."), "refus qui n’est pas une phrase", message)
    return Verdict(False, f"statut {reponse.statut}")


def hostiles() -> list[bytes]:
    """The hostile requests that are kept and that a body alone tells, the short ones."""
    return [
        f"{requete.chemin}\n".encode() + requete.corps
        for requete in corpus()
        if requete.methode == "POST" and not requete.entetes and len(requete.corps) < _COURT
    ]


@st.composite
def corps(draw: st.DrawFn) -> bytes:
    """An address and its body, in the strict form of the API, or in that of people."""
    adresse = draw(st.sampled_from(ADRESSES))
    demande: Any
    if "expliquer" in adresse or "comparer" in adresse:
        demande = {"situation": draw(situations())}
        if "expliquer" in adresse:
            demande["variable"] = draw(st.sampled_from(DEMANDES))
            demande["periode"] = draw(st.sampled_from(("2025", "2024", TOUJOURS, 2025, None, "")))
    else:
        noms = draw(st.lists(st.sampled_from(("A", "B", "é")), min_size=1, unique=True))
        demande = {"medecins": {nom: _stricte(draw(medecin(draw(st.booleans())))) for nom in noms}}
        for nom in draw(st.lists(st.sampled_from(DEMANDES), max_size=4)):
            periode = draw(st.sampled_from(("2024", "2025", TOUJOURS, "2025-01", "year:2024:3")))
            demande["medecins"][noms[0]].setdefault(nom, {})[periode] = None
        if draw(st.booleans()):
            demande["cabinets"] = {"c": {"membres": noms[: draw(st.integers(0, 3))]}}
    return f"{adresse}\n{json.dumps(demande)}".encode()


def _stricte(champs: dict[str, Any]) -> dict[str, Any]:
    """Fields as the API takes them: each value under its period."""
    return {
        nom: valeur if nom in entrees() and isinstance(valeur, dict) else {TOUJOURS: valeur}
        for nom, valeur in champs.items()
    }


def tirer() -> st.SearchStrategy[bytes]:
    """Requests by their structure."""
    return corps()
