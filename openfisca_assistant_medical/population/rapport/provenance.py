"""Where a report comes from, without what would say where files stand on a machine.

Files are told by their names, fingerprints by their first figures: `enregistrement.json`, beside
the result, has them whole, and « assistant-medical verifier » compares them.
"""

import re
import shlex
from collections.abc import Iterator
from typing import Any

from openfisca_assistant_medical.affichage import en_mots, majuscule
from openfisca_assistant_medical.population.table.requetes import PREFIXE as REQUETE

Ligne = dict[str, str]
_SIGNES = 12  # of a fingerprint
# What is before the last slash of a path, in an argument that may hold several.
_CHEMIN = re.compile(r"[^=+,:]*[/\\]")
_OPTIONS = {
    "annees": "Années",
    "erreurs": "Lignes refusées",
    "lectures": "Autres lectures calculées",
    "taille": "Contrats calculés ensemble",
    "detail": "Montants de chaque contrat gardés",
    "ignorer": "Colonnes ignorées",
    "tirages": "Tirages",
    "graine": "Graine des tirages",
}
_ERREURS = {"arreter": "le calcul s’arrête", "isoler": "elles sont écartées"}
# Of a synthetic population; the rest of what a file says of itself is not for a report.
_SOURCE = {
    "synthetique": (bool,),
    "taille": (int,),
    "graine": (int,),
    "contrats_representes": (int,),
}


def provenance(fiche: dict[str, Any]) -> dict[str, Any]:
    """The record of a run: `{"date", "commande", "versions", "table", "options": [{"quoi",
    "valeur"}], "empreintes": [{"quoi", "empreinte"}]}`.
    """
    chemin = fiche["entree"]["chemin"]
    commande = fiche["commande"]
    return {
        "date": fiche["date"],
        "commande": None if commande is None else sans_chemins(commande),
        "versions": fiche["versions"],
        "table": None if chemin is None else _nom(str(chemin)),
        "options": [
            {"quoi": _OPTIONS[nom], "valeur": _valeur(nom, valeur)}
            for nom, valeur in fiche["options"].items()
            if nom in _OPTIONS and valeur != []
        ],
        "empreintes": list(_empreintes(fiche)),
    }


def source(metadonnees: dict[str, Any]) -> dict[str, Any]:
    """What a report says of what a table says of itself, where it is what a population says."""
    dites = {
        nom: metadonnees[nom]
        for nom, genres in _SOURCE.items()
        if type(metadonnees.get(nom)) in genres and 0 <= metadonnees[nom] < 2**63
    }
    if "taille" not in dites:
        dites.pop("graine", None)
    return dites


def _empreintes(fiche: dict[str, Any]) -> Iterator[Ligne]:
    def ligne(quoi: str, empreinte: str) -> Ligne:
        return {"quoi": quoi, "empreinte": abreger(empreinte)}

    yield ligne("Table en entrée", fiche["entree"]["empreinte"])
    for loi in fiche["lois"]:
        titre = majuscule(loi["titre"])
        yield ligne(f"{titre} : chiffres", loi["parametres"])
        yield ligne(f"{titre} : règles", loi["formules"])
        for nom, empreinte in loi["fichiers"].items():
            yield ligne(f"Fichier de réforme {_nom(nom)}", empreinte)
    for nom, empreinte in fiche["resultats"].items():
        yield ligne(f"Fichier du résultat {nom}", empreinte)


def abreger(empreinte: str) -> str:
    """The first figures of a fingerprint."""
    return f"{empreinte[:_SIGNES]}…"


def sans_chemins(commande: str) -> str:
    """A command line whose files are told by their names, and other machines not at all."""
    try:
        mots = shlex.split(commande)
    except ValueError:
        mots = commande.split()
    for rang, mot in enumerate(mots):
        mots[rang] = "--dask …" if mot.startswith("--dask=") else _nom(mot)
        if rang and mots[rang - 1] == "--dask":
            mots[rang] = "…"
    return " ".join(mots)


def _nom(mot: str) -> str:
    """An argument without its folders; a query may hold others."""
    if mot.startswith(REQUETE):
        base, *requete = mot.removeprefix(REQUETE).split("?", 1)
        return f"{REQUETE}{_CHEMIN.sub('', base)}{'?…' if requete else ''}"
    return _CHEMIN.sub("", mot.rstrip("/\\") or mot)


def _valeur(nom: str, valeur: Any) -> str:
    if nom == "erreurs":
        return _ERREURS[valeur]
    if nom in ("annees", "ignorer"):
        return ", ".join(map(str, valeur))
    return en_mots(valeur)
