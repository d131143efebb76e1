"""A situation as people write it: the command line, and the API for the same doctors."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import yaml
from hypothesis import strategies as st

from fuzz.portes.commande import lancer
from fuzz.portes.medecins import entrees, medecin
from fuzz.verdict import Verdict, exiger, lire_json, refuse_en_champs, verifier_un_rapport
from openfisca_assistant_medical.exemples import EXEMPLES, chemin_de
from openfisca_assistant_medical.situations import SituationInvalide, analyser, verifier
from openfisca_assistant_medical.web import creer
from openfisca_assistant_medical.web.lois import convention

MOTS = (
    *sorted(entrees()),
    *("generaliste", "cardiologue", "secteur_1", "un_etp", "demi_etp", "aide_due", "membres"),
)
AFFICHEES = 4  # one result in so many is shown to people too: that takes as long
NOM = "situation"  # without an extension, the content tells JSON from YAML


@cache
def service() -> Any:
    """A client of the service."""
    return creer().test_client()


def essayer(octets: bytes) -> Verdict:
    """`calculer --comparer` on a file that holds them, and `/api/comparer` on what it says."""
    with TemporaryDirectory() as dossier:
        fichier = Path(dossier) / NOM
        fichier.write_bytes(octets)
        code, sortie, erreur = lancer("calculer", str(fichier), "--comparer", "--json")
        if code == 0 and crc32(octets) % AFFICHEES == 0:
            lancer("calculer", str(fichier))
        exiger([f.name for f in Path(dossier).iterdir()] == [NOM], "fichier laissé à côté")
    try:
        brut: Any = analyser(octets, NOM)
    except SituationInvalide as refus:
        exiger(code == 2, "lecture refusée, calcul fait")
        return _refusee(refus, erreur)
    refus_de_l_api = _par_l_api(brut, code, sortie)
    if code == 0:
        verifier_un_rapport(lire_json(sortie))
        return Verdict(True)
    try:
        verifier(brut, convention().systeme)
    except SituationInvalide as refus:
        verdict = _refusee(refus, erreur)
        # A body too deep, or that is no JSON, is refused as a whole before its fields are read.
        pareil = refus_de_l_api in (verdict, Verdict(False, "tout"))
        exiger(pareil, "refus ailleurs par l’API", refus_de_l_api)
        return verdict
    exiger(False, "situation vérifiée, calcul refusé", erreur)
    raise AssertionError


def _refusee(refus: SituationInvalide, dit: str) -> Verdict:
    exiger(dit.startswith("Situation refusée :"), "refus sans titre", dit)
    return refuse_en_champs(vars(erreur) for erreur in refus.erreurs)


def _par_l_api(brut: Any, code: int, sortie: str) -> Verdict | None:
    """Hold the API to say the same; its refusal, if the command refuses."""
    try:
        corps = json.dumps({"situation": brut}, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:  # what JSON cannot say: NaN, a lone surrogate
        exiger(code == 2, "valeur que JSON ne dit pas, acceptée")
        return _refus_de_la_porte(brut)
    reponse = service().post("/api/comparer", data=corps, content_type="application/json")
    exiger(reponse.status_code < 500, f"réponse {reponse.status_code} de l’API")
    if code == 0:
        exiger(reponse.status_code == 200, "calcul fait, API qui refuse", reponse.text)
        ici, la = json.loads(sortie)["medecins"], lire_json(reponse.data)["medecins"]
        exiger(ici == la, "autre résultat par l’API")
        return None
    exiger(reponse.status_code in (400, 413), "calcul refusé, API qui accepte", reponse.text)
    erreurs = lire_json(reponse.data)["erreurs"]
    champ = erreurs[0]["champ"] if erreurs else ""
    # The body has the situation under a name of its own; what is unwritable there is told as such.
    return Verdict(False, champ.removeprefix("situation/") or "tout")


def _refus_de_la_porte(brut: Any) -> Verdict | None:
    try:
        verifier(brut, convention().systeme)
    except SituationInvalide as refus:
        return Verdict(False, refus.erreurs[0].champ or "tout")
    return None


def ecrire(champs: Any, en_json: bool) -> bytes:
    """A situation, as a file."""
    if en_json:
        return json.dumps(champs, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return yaml.safe_dump(champs, allow_unicode=True, sort_keys=False).encode()


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """One doctor by its fields, or several with practices."""
    if draw(st.booleans()):
        return draw(medecin(draw(st.booleans())))
    noms = draw(st.lists(st.sampled_from(("A", "B", "1", "é", "A/B", "", "x" * 101)), max_size=3))
    situation: dict[str, Any] = {
        "medecins": {nom: draw(medecin(draw(st.booleans()))) for nom in noms}
    }
    if draw(st.booleans()):
        membres = st.lists(st.sampled_from(("A", "B", "1", "C")), max_size=3)
        situation["cabinets"] = {"c": {"membres": draw(membres)}}
    return situation


def exemples() -> list[bytes]:
    """The ready-made doctors."""
    return [chemin_de(nom).read_bytes() for nom in EXEMPLES]


def tirer() -> st.SearchStrategy[bytes]:
    """Situations by their structure."""
    return st.builds(ecrire, situations(), st.booleans())
