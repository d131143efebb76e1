"""The figures and the words of a report, all of which may be handed over.

What the page, the tables and `rapport --json` are made from, as `etablir` gives it:

    {"format": 1, "synthetique", "seuil", "gain_minimal", "annees", "contrats", "lignes_ecartees",
     "lectures_calculees",
     "tues": [amount],                    # left out of everything: see `publication.publier`
     "lois": [{"id", "role", "titre", "reformes", "fichiers": [{"nom", "empreinte", "inchange",
        "titre", "description", "valeurs": [{"parametre", "libelle", "date", "valeur",
        "hypothese"}]}]}],
     "phrases": [{"loi", "titre", "textes": [text]}],
     "tables": {name: [{column: value}]},                       # columns: `publication.colonnes`
     "secret": [text], "hypotheses": [{"titre", "texte", "lignes": [{"quoi" | null, "pourquoi"}]}],
     "limites": [text], "roles": {assumption of draws: text},
     "provenance": {"version", "source": {…}, "enregistrement": {…} | null}}  # see `provenance`

The first law is the reference. Amounts are euros.
"""

from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.affichage import insecable
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.enregistrement import lire
from openfisca_assistant_medical.population.incertitude import Hypothese, lire_les_tirages
from openfisca_assistant_medical.population.rapport import limites, recit
from openfisca_assistant_medical.population.rapport.provenance import provenance
from openfisca_assistant_medical.population.rapport.provenance import source as source_publiee
from openfisca_assistant_medical.population.rapport.publication import publier
from openfisca_assistant_medical.population.reprise import ENREGISTREMENT
from openfisca_assistant_medical.population.secret import AUTRES, SEUIL

FORMAT = 1
GAIN_MINIMAL = 1.0
Rapport = dict[str, Any]


def etablir(
    source: Resultat | str | PathLike[str],
    *,
    seuil: int = SEUIL,
    gain_minimal: float = GAIN_MINIMAL,
) -> Rapport:
    """The report described at the top.

    Args:
        source: a result, or the folder of one; a folder also says where it comes from.
        seuil: contracts that a published cell must have.
        gain_minimal: euros over all the years from which a contract wins or loses.

    Raises:
        FileNotFoundError, ResultatIllisible, VerificationImpossible: the folder is not that of a
            result, or is damaged.
        SecretImpossible: too few contracts for anything to be handed over.
        ValueError: a threshold that is not one.
    """
    resultat, fiche = _charger(source)
    if not gain_minimal > 0:
        raise ValueError(
            f"--gain-minimal : reçu {gain_minimal} ; attendu : un montant en euros, plus de 0."
        )
    if seuil < 1:
        raise ValueError(f"--seuil : reçu {seuil} ; attendu : 1 contrat au moins.")
    description = dict(resultat.description)
    ecartees = description.get("lignes_ecartees", 0)
    tables, tues = publier(resultat, seuil, gain_minimal)
    supposees = _tirees(resultat)
    noms = _ids(fiche)
    description["lois"] = [noms.get(loi, loi) for loi in resultat.lois]
    for ligne in (ligne for lignes in tables.values() for ligne in lignes):
        ligne["loi"] = noms.get(ligne["loi"], ligne["loi"])
    annees = sorted({ligne["annee"] for ligne in tables["cout_par_annee"]} - {AUTRES}, key=int)
    rapport: Rapport = {
        "format": FORMAT,
        "synthetique": bool(description.get("synthetique")),
        "seuil": seuil,
        "gain_minimal": gain_minimal,
        "annees": description.get("annees", [int(annee) for annee in annees]),
        "contrats": description.get("contrats"),
        "lignes_ecartees": None if 0 < ecartees < seuil else ecartees,
        "lectures_calculees": resultat.lectures is not None,
        "tues": tues,
        "lois": recit.lois(description, fiche),
        "tables": tables,
        "roles": _roles(supposees),
    }
    rapport["phrases"] = recit.phrases(rapport)
    rapport["secret"] = [insecable(texte) for texte in limites.secret(rapport)]
    rapport["hypotheses"] = limites.hypotheses(rapport, supposees)
    rapport["limites"] = [insecable(texte) for texte in limites.limites(rapport)]
    rapport["provenance"] = {
        "version": version("openfisca-assistant-medical"),
        "source": source_publiee(description.get("source", {})),
        "enregistrement": fiche and provenance(fiche),
    }
    return rapport


def _charger(source: Resultat | str | PathLike[str]) -> tuple[Resultat, Rapport | None]:
    if isinstance(source, Resultat):
        return source, None
    resultat = Resultat.charger(source)
    return resultat, lire(Path(source)) if (Path(source) / ENREGISTREMENT).exists() else None


def _ids(fiche: Rapport | None) -> dict[str, str]:
    """Id of each law by what was typed, which may hold the path of a file."""
    return {loi["nom"]: loi["id"] for loi in (fiche or {}).get("lois", [])}


def _tirees(resultat: Resultat) -> list[Hypothese]:
    """Assumptions of the draws; those by default where the result does not say which."""
    if resultat.tirages is None:
        return []
    return lire_les_tirages((resultat.description.get("tirages") or {}).get("hypotheses"))


def _roles(supposees: list[Hypothese]) -> dict[str, str]:
    libelles = {h.role: h.libelle for h in supposees}
    return {**libelles, "reste": "Reste : aléa de chaque contrat, hypothèses ensemble"}
