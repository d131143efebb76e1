"""The record of a result, which `verifier` reads to compute it again."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from fuzz.portes.commande import lancer
from fuzz.verdict import Verdict, exiger, lire_json, refuse
from openfisca_assistant_medical.population import comparer

_FICHE = "resultat/enregistrement.json"
ICI = b"@ICI@"  # stands for the folder of the table and of the result
CHAMP = re.compile("« ([^»/]*) » : reçu")
_CONTRATS = "date_signature,specialite,secteur_conventionnel\n2024-09-10,generaliste,secteur_1\n"
ETRANGES: tuple[Any, ...] = (
    None,
    "",
    "x",
    0,
    -1,
    10**9,
    1e300,
    True,
    [],
    {},
    [None],
    ["x"],
    [[]],
    {"x": 1},
    "é\x07",
)


@cache
def _atelier() -> tuple[TemporaryDirectory[str], bytes]:
    """A folder with a table, the result that was made of it, and its record as it was written.

    The folder goes with the process; each input takes the place of the record.
    """
    dossier = TemporaryDirectory()
    table = Path(dossier.name) / "contrats.csv"
    table.write_text(_CONTRATS, "utf-8")
    comparer(table, [2024], sortie=Path(dossier.name) / "resultat", lectures=False)
    return dossier, (Path(dossier.name) / _FICHE).read_bytes()


def _dossier() -> Path:
    return Path(_atelier()[0].name)


@cache
def modele() -> bytes:
    """The record as it was written, wherever it was."""
    dit = _atelier()[1].replace(os.fsencode(_dossier()), ICI)
    fiche = json.loads(dit)
    # The rest of a law is its fingerprints, of hundreds of lines: what they say is never refused.
    for loi in fiche["lois"]:
        loi["detail"] = {"parametres": {}, "formules": {}}
    return json.dumps(fiche).encode()


def essayer(octets: bytes) -> Verdict:
    """`verifier` on a result whose record they are."""
    dossier = _dossier()
    avant = sorted(dossier.rglob("*"))
    (dossier / _FICHE).write_bytes(octets.replace(ICI, os.fsencode(dossier)))
    code, sortie, erreur = lancer("verifier", str(dossier / "resultat"), "--json", codes=(0, 1, 2))
    exiger(sorted(dossier.rglob("*")) == avant, "fichier laissé à côté")
    if code == 2:
        champ = CHAMP.search(erreur)
        return refuse(erreur, champ[1] if champ else premier_mot(erreur), octets)
    exiger(sortie and not erreur.startswith("Erreur"), "erreur inattendue de verifier", erreur)
    exiger(lire_json(sortie)["identique"] == (code == 0), "code qui dément le rapport")
    return Verdict(True)


def premier_mot(message: str) -> str:
    """What a message is about, without the folder that holds it."""
    return message.partition(" : ")[0].split("/")[-1].strip("« »")


def _places(objet: Any) -> Iterator[tuple[Any, ...]]:
    """Paths of every value."""
    paires: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(objet, dict):
        paires = iter(objet.items())
    elif isinstance(objet, list):
        paires = iter(enumerate(objet))
    for cle, dessous in paires:
        yield (cle,)
        yield from ((cle, *suite) for suite in _places(dessous))


@st.composite
def changee(draw: st.DrawFn, octets: bytes, etranges: tuple[Any, ...] = ETRANGES) -> str:
    """Some JSON, with a value or two taken out or put in place of another."""
    objet = json.loads(octets)
    for _ in range(draw(st.integers(1, 2))):
        *chemin, dernier = draw(st.sampled_from(list(_places(objet))))
        la = objet
        for cle in chemin:
            la = la[cle]
        if draw(st.booleans()):
            del la[dernier]
        else:
            la[dernier] = draw(st.sampled_from(etranges))
    return json.dumps(objet)


def tirer() -> st.SearchStrategy[bytes]:
    """Records by their structure."""
    return changee(modele()).map(str.encode)
