"""The folder of a result, or of a run to go on with, as somebody hands it over: one of its files.

`rapport` reads the first; `simuler` takes up the second.
"""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from fuzz.portes.commande import lancer
from fuzz.portes.enregistrement import CHAMP, ETRANGES, ICI, changee, premier_mot
from fuzz.verdict import Verdict, exiger, lire_json, refuse, verifier_les_nombres
from openfisca_assistant_medical.population import comparer, simulation
from openfisca_assistant_medical.population.comparaison import charger
from openfisca_assistant_medical.population.rapport import etablissement, graphiques, publication

_DU_RESULTAT = ("description.json", "enregistrement.json")
_DE_LA_REPRISE = ("demande.json", "bilan.json")
FICHIERS = (*_DU_RESULTAT, *_DE_LA_REPRISE)
_CONTRATS = 30
_BALISE = "<script>x"
MOTS = (
    *(f"{nom}\n" for nom in FICHIERS),
    *("lois", "annees", "lectures", "lignes", "contrats", "lignes_ecartees", "synthetique"),
    *("source", "tirages", "hypotheses", "commande", "date", "titre", "id", "reformes", "poids"),
    *("/dev/zero", "../../x", "os.system", "nosuch.module", "base", "convention_2024", _BALISE),
    *("@ICI@", "duckdb:x?SELECT 1", '{"a": 1, "a": 2}', "[NaN]", "1e999", "[[]]"),
)


class _Interrompu(Exception):
    pass


@cache
def _atelier() -> TemporaryDirectory[str]:
    """A table, the result that was made of it, and a run that stopped before its end.

    The folder goes with the process.
    """
    atelier = TemporaryDirectory()
    lieu = Path(atelier.name)
    colonnes = {
        "date_signature": ["2024-09-10"] * _CONTRATS,
        "specialite": ["generaliste"] * _CONTRATS,
        "secteur_conventionnel": ["secteur_1"] * _CONTRATS,
    }
    table = lieu / "contrats.parquet"
    pq.write_table(pa.table(colonnes), table)
    hypotheses = lieu / "hypotheses.yaml"
    hypotheses.write_text(
        "hypotheses: [{role: recours, loi: uniforme, de: 0.9, a: 1.1, pourquoi: essai}]\n", "utf-8"
    )
    comparer(
        table, [2024], sortie=lieu / "resultat", lectures=False, tirages=2, hypotheses=hypotheses
    )
    with suppress(_Interrompu), patch.object(simulation, "_conclure", side_effect=_Interrompu):
        comparer(table, [2024], sortie=lieu / "suite", lectures=False)
    (lieu / "suite.partiel").rename(lieu / "arret")
    return atelier


def _lieu() -> Path:
    return Path(_atelier().name)


def _place(nom: str, dossier: Path) -> Path:
    return dossier / "parties" / "00000" / nom if nom == "bilan.json" else dossier / nom


@cache
def modeles() -> dict[str, bytes]:
    """Each file as it was written, wherever it was."""
    dossiers = {nom: _lieu() / ("resultat" if nom in _DU_RESULTAT else "arret") for nom in FICHIERS}
    lus = {nom: _place(nom, dossier).read_bytes() for nom, dossier in dossiers.items()}
    fiche = json.loads(lus["enregistrement.json"])
    for loi in fiche["lois"]:
        loi["detail"] = {"parametres": {}, "formules": {}}
    lus["enregistrement.json"] = json.dumps(fiche).encode()
    return {nom: octets.replace(os.fsencode(_lieu()), ICI) for nom, octets in lus.items()}


@cache
def _publier_de(lois: tuple[str, ...], publier: Callable[..., Any], *reste: Any) -> Any:
    resultat = charger(_lieu() / "resultat")
    resultat.description["lois"] = list(lois)
    return publier(resultat, *reste)


def _rapport(place: Path) -> tuple[int, str, str]:
    """`rapport`: what comes of the tables, the same for every input, is worked out once a law."""
    publier, dessiner = publication.publier, graphiques.graphiques

    def une_fois(resultat: Any, *reste: Any) -> Any:
        lois = tuple(resultat.lois)
        return deepcopy(_publier_de(lois, publier, *reste))

    page = place.parent / "page" / "rapport.html"
    page.parent.mkdir()
    with (
        patch.object(etablissement, "publier", une_fois),
        patch.object(graphiques, "graphiques", lambda rapport: _dessins(dessiner, rapport)),
    ):
        dit = lancer("rapport", str(place.parent), "--json", "--html", str(page))
    if dit[0] == 0:
        exiger(_BALISE not in page.read_text("utf-8"), "balise d’un résultat dans la page")
    else:
        exiger(not list(page.parent.iterdir()), "page écrite malgré un refus")
    shutil.rmtree(page.parent)
    return dit


_DESSINS: list[Any] = []


def _dessins(dessiner: Callable[[Any], Any], rapport: Any) -> Any:
    if not _DESSINS:
        _DESSINS.append(dessiner(rapport))
    return _DESSINS[0]


def _suite(lieu: Path) -> tuple[int, str, str]:
    table, sortie = str(lieu / "contrats.parquet"), lieu / "suite"
    dit = lancer(
        *("simuler", table, "--annees", "2024", "--sans-lectures", "--json"),
        *("--sortie", str(sortie)),
    )
    exiger(sortie.exists() == (dit[0] == 0), "résultat écrit malgré un refus")
    return dit


def essayer(octets: bytes) -> Verdict:
    """The file of the first line, with the rest for content, then the command that reads it."""
    lieu = _lieu()
    premiere, _, contenu = octets.partition(b"\n")
    nom = premiere.decode("latin-1").strip()
    nom = nom if nom in FICHIERS else FICHIERS[0]
    contenu = contenu.replace(ICI, os.fsencode(lieu))
    with TemporaryDirectory() as ailleurs:
        ici = Path(ailleurs)
        if nom in _DU_RESULTAT:
            shutil.copytree(lieu / "resultat", ici / "suite")
            (ici / "suite" / nom).write_bytes(contenu)
            code, sortie, erreur = _rapport(ici / "suite" / nom)
        else:
            shutil.copy(lieu / "contrats.parquet", ici)
            shutil.copytree(lieu / "arret", ici / "suite.partiel")
            _place(nom, ici / "suite.partiel").write_bytes(contenu)
            code, sortie, erreur = _suite(ici)
            for reste in ("suite", "suite.partiel"):
                shutil.rmtree(ici / reste, ignore_errors=True)
        restes = {f.name for f in ici.iterdir()} - {"suite", "contrats.parquet"}
        exiger(not restes, "fichier laissé à côté", restes)
        if code == 2:
            champ = CHAMP.search(erreur)
            return refuse(erreur, champ[1] if champ else premier_mot(erreur), octets)
    verifier_les_nombres(lire_json(sortie))
    return Verdict(True)


@st.composite
def fichiers(draw: st.DrawFn) -> bytes:
    """One of the files, with a value or two taken out or put in place of another."""
    nom = draw(st.sampled_from((*FICHIERS, "description.json", "description.json")))
    etranges = (*ETRANGES, "/dev/zero", "../../x", _BALISE, float("nan"), 10**400)
    return f"{nom}\n{draw(changee(modeles()[nom], etranges))}".encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Files by their structure; what every input needs is made now, in some seconds."""
    essayer(b"\n".join((FICHIERS[0].encode(), modeles()[FICHIERS[0]])))
    return fichiers()
