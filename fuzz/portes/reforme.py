"""A reform that is a file: its examination, then many contracts under it."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import yaml
from hypothesis import strategies as st
from openfisca_core.parameters import Parameter

from benchmarks.medecins import colonnes
from fuzz.portes.commande import lancer
from fuzz.verdict import (
    Verdict,
    exiger,
    lire_json,
    refuse,
    verifier_les_nombres,
    verifier_une_annee,
)
from openfisca_assistant_medical.lois import ReformeInconnue, loi
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.reforms.registre import connues
from openfisca_assistant_medical.web.lois import convention

ANNEES = range(2019, 2034)
CONTRATS = 200
NOM = "essai.yaml"
MOTS = (
    *("titre", "valeurs", "sur", "hypothese", "reference", "description", "valeur", "unite"),
    *("convention_2024", "aide_collective_2026", "lectures.p95_inclus", "title", "href"),
    *("contrat.duree", "aide.montant", "indeterminee", "24_200", "0700", "12,5", "80 %"),
)


def essayer(octets: bytes) -> Verdict:
    """`reformes FILE`, then amounts of drawn contracts under the law it makes."""
    with TemporaryDirectory() as dossier:
        fichier = Path(dossier) / NOM
        fichier.write_bytes(octets)
        verdict = examiner(fichier, octets)
        exiger([f.name for f in Path(dossier).iterdir()] == [NOM], "fichier laissé à côté")
    return verdict


def examiner(chemin: Path, octets: bytes) -> Verdict:
    """`reformes` on a file or a folder, then amounts of drawn contracts under the law it makes.

    Args:
        chemin: of it.
        octets: what it was made from.
    """
    code, sortie, erreur = lancer("reformes", str(chemin), "--json")
    if code == 2:
        _, _, suite = erreur.partition(" est refusée :\n- ")
        lieu, _, _ = (suite or erreur).partition(" : reçu")
        return refuse(erreur, lieu.removeprefix("Réforme : ").strip(), octets)
    lancer("reformes", str(chemin))
    rapport = lire_json(sortie)
    verifier_les_nombres(rapport)
    _calculer("+".join([*_supposees(rapport), str(chemin)]))
    return Verdict(True)


def _supposees(rapport: dict[str, Any]) -> list[str]:
    """Names of the reforms of the law that the examination laid it over."""
    identifiant = rapport["loi"]["id"]
    return [] if identifiant == "base" else identifiant.split(" + ")


def _calculer(nom: str) -> None:
    try:
        _, systeme = loi(nom)
    except ReformeInconnue as refus:
        exiger(False, "réforme examinée, puis refusée", refus)
        return
    donnees = colonnes(CONTRATS, ANNEES, graine=1)
    lues = calculer(systeme, donnees, ("aide_maximale", "aide_due", "depense_annuelle"), ANNEES)
    for annee in ANNEES:
        paires = zip(lues["aide_maximale", annee], lues["aide_due", annee], strict=True)
        for rang, (maximale, due) in enumerate(paires):
            verifier_une_annee(float(maximale), float(due), f"contrat {rang}, {annee}")
        exiger(numpy.isfinite(lues["depense_annuelle", annee]).all(), "dépense non finie", annee)


@cache
def chemins() -> dict[str, Any]:
    """Last value of each figure of the convention, by its path."""
    return {
        parametre.name: parametre.values_list[0].value
        for parametre in convention().systeme.parameters.get_descendants()
        if isinstance(parametre, Parameter)
    }


@st.composite
def valeurs(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Values by path and day: of the genre of those of the law, most of the time."""
    tirees: dict[str, dict[str, Any]] = {}
    for chemin in draw(st.lists(st.sampled_from(sorted(chemins())), min_size=1, max_size=4)):
        actuelle = chemins()[chemin]
        autres: st.SearchStrategy[Any] = st.sampled_from((0, 1, 0.5, None, True, "mot", -1, 10**7))
        if isinstance(actuelle, int | float) and not isinstance(actuelle, bool):
            autres |= st.sampled_from((actuelle * 2, actuelle / 2, actuelle + 1, actuelle - 1))
        autres |= st.sampled_from([v for v in chemins().values() if type(v) is type(actuelle)])
        jours = st.sampled_from(
            ("2027-01-01", "2024-06-22", "2019-08-20", "2019-08-19", "9998-12-31", "2023-02-29")
        )
        tirees[chemin] = {draw(jours): draw(autres) for _ in range(draw(st.integers(1, 3)))}
    return tirees


@st.composite
def reformes(draw: st.DrawFn) -> bytes:
    """A reform of a few figures."""
    tete: dict[str, Any] = {"titre": "Essai", "hypothese": True, "valeurs": draw(valeurs())}
    sur = draw(st.lists(st.sampled_from(sorted(connues())), max_size=2))
    tete["sur"] = ["convention_2024", *sur] if draw(st.booleans()) else sur
    return json.dumps(tete).encode() if draw(st.booleans()) else yaml.safe_dump(tete).encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Reforms by their structure."""
    return reformes()
