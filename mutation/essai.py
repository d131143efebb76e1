"""Trying mutants: the cases nearest to a figure first, until one fails."""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TextIO

from openfisca_core.parameters import Parameter

from mutation.cas import Cas
from mutation.chiffres import Loi, Mutant, mutants
from mutation.survivants import preuves, sans_objet
from openfisca_assistant_medical.tracabilite.matrice.recueil import recueillir


def essayer(cas: list[Cas], lois: list[Any], voulu: dict[str, Any], sortie: TextIO) -> None:
    """Try a share of the mutants.

    Args:
        cas: the YAML cases, which pass.
        lois: the laws that they run under.
        voulu: "part" and "graine" of the sample, "sous" (path), "rang" and "sur" (shares).
        sortie: takes a line of JSON a mutant: the mutant, "tue_par" (case, or null).
    """
    loi = Loi(lois)
    for mutant in _choisis(lois, voulu)[voulu["rang"] :: voulu["sur"]]:
        with loi.sous(mutant) as trouvees:
            if not trouvees:
                raise RuntimeError(f"{mutant} : no law of the cases holds this figure.")
            tueur = next((c for c in _du_plus_proche(cas, mutant) if c.echoue()), None)
        tue_par = tueur and f"{tueur.fichier} : {tueur.nom}"
        print(json.dumps({**asdict(mutant), "tue_par": tue_par}), file=sortie, flush=True)


def _choisis(lois: list[Any], voulu: dict[str, Any]) -> list[Mutant]:
    mots = {
        feuille.name: tuple(feuille.metadata["valeurs"])
        for loi in lois
        for feuille in loi.parameters.get_descendants()
        if isinstance(feuille, Parameter) and feuille.metadata.get("valeurs")
    }
    tous = [m for m in mutants(recueillir().chiffres, mots) if m.parametre.startswith(voulu["sous"])]
    if voulu["part"] == 1:
        return tous
    return random.Random(voulu["graine"]).sample(tous, max(1, round(voulu["part"] * len(tous))))


def _du_plus_proche(cas: list[Cas], mutant: Mutant) -> Iterator[Cas]:
    rangs = [
        (proche, un.duree, rang)
        for rang, un in enumerate(cas)
        if (proche := un.proximite(mutant.parametre, mutant.depuis)) is not None
    ]
    return (cas[rang] for *_, rang in sorted(rangs))


def bilan(lignes: list[dict[str, Any]], entier: bool) -> dict[str, Any]:
    """What a run shows.

    Args:
        lignes: what `essayer` wrote.
        entier: every mutant was tried: a proof that serves none is told.

    Returns:
        `{"mutants", "tues", "prouves": numbers, "inattendus": [mutant], "preuves_sans_objet":
        [proof]}`; an "inattendu" survived and no proof covers it.
    """
    essayes = {
        Mutant(**{nom: ligne[nom] for nom in Mutant.__dataclass_fields__}): ligne["tue_par"]
        for ligne in lignes
    }
    survivants = [mutant for mutant, tue_par in essayes.items() if tue_par is None]
    inattendus = [m for m in survivants if not any(p.couvre(m) for p in preuves())]
    return {
        "mutants": len(essayes),
        "tues": len(essayes) - len(survivants),
        "prouves": len(survivants) - len(inattendus),
        "inattendus": sorted(map(str, inattendus)),
        "preuves_sans_objet": [
            f"{', '.join(preuve.parametres)} : {preuve.pourquoi}"
            for preuve in (sans_objet(survivants, list(essayes)) if entier else ())
        ],
    }
