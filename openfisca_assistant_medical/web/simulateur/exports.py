"""The result as files: the report in JSON, years in CSV, a test of OpenFisca, an agenda."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml
from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.affichage import jour
from openfisca_assistant_medical.calendrier import calendrier_sous, en_ics
from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.web.lois import Loi, convention, reglement

Rapport = dict[str, Any]
_NOM = "Assistant médical"
_DU_CONTRAT = ("eligible", "motif_ineligibilite")
_DE_L_ANNEE = (
    "rang_annee_contrat",
    "date_anniversaire",
    "texte_annee",
    "option_etp",
    "droit_ouvert",
    "aide_maximale",
    "aide_maximale_plancher",
    "part_aide_versee",
    "part_aide_connue",
    "part_aide_hypothese",
    "aide_due",
    "acompte",
    "date_versement_acompte",
    "solde",
    "date_versement_solde",
    "recuperation",
    "objectif_pmt",
    "patientele_mt",
    "taux_atteinte_pmt",
    "objectif_pfa",
    "file_active",
    "taux_atteinte_pfa",
    "cout_employeur_annuel",
    "reste_a_charge",
)
_TESTEES = ("aide_maximale", "part_aide_versee", "aide_due", "acompte", "solde")
_CENTIME = 0.005  # half a cent: what two amounts may differ by and be the same


class Format(NamedTuple):
    """A way of saving a result: its type, and what writes it."""

    genre: str
    ecrire: Callable[[dict[str, Any]], bytes]


@dataclass(frozen=True)
class Fichier:
    """A file to save: its content, its type, its name."""

    octets: bytes
    genre: str
    nom: str


def exporter(format_: str, brut: dict[str, Any]) -> Fichier:
    """A file of the result.

    Args:
        format_: a key of `FORMATS`.
        brut: the situation of one doctor, accepted by `situations.verifier`.
    """
    voulu = FORMATS[format_]
    return Fichier(voulu.ecrire(brut), voulu.genre, f"aide-assistant-medical.{format_}")


def _rapport(brut: dict[str, Any]) -> Rapport:
    return etablir_sous([(loi.description, loi.systeme) for loi in _lois()], brut, None)


def _lois() -> tuple[Loi, Loi]:
    return reglement(), convention()


def en_json(brut: dict[str, Any]) -> bytes:
    """The report of `contrats` under both laws."""
    return json.dumps(_rapport(brut), ensure_ascii=False, indent=2).encode() + b"\n"


# --- CSV ------------------------------------------------------------------------------------------


def en_csv(brut: dict[str, Any]) -> bytes:
    """A line a law and a year, as a French spreadsheet reads it: BOM, « ; », decimal comma."""
    variables = convention().systeme.variables
    texte = io.StringIO()
    feuille = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    labels = (variables[nom].label for nom in (*_DU_CONTRAT, *_DE_L_ANNEE))
    feuille.writerow([sans_formule(titre) for titre in ("Loi", "Année", *labels)])
    (medecin,) = _rapport(brut)["medecins"]
    for loi, resultat in zip(_lois(), medecin["resultats"], strict=True):
        for annee in resultat["annees"]:
            du_contrat = [_cellule(variables[nom], resultat[nom]) for nom in _DU_CONTRAT]
            de_l_annee = [_cellule(variables[nom], annee[nom]) for nom in _DE_L_ANNEE]
            feuille.writerow([loi.titre, annee["annee"], *du_contrat, *de_l_annee])
    return texte.getvalue().encode("utf-8-sig")


def _cellule(variable: Any, valeur: Any) -> str:
    """A value in a cell: numbers as numbers, words as nothing that is worked out."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int | float):
        chiffres = 2 if variable.unit == "currency" else None
        return (f"{valeur:.{chiffres}f}" if chiffres else f"{valeur:.12g}").replace(".", ",")
    if variable.value_type is Enum:
        return sans_formule(str(variable.possible_values[valeur].value))
    return jour(valeur)


def sans_formule(texte: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{texte}" if texte[:1] in ("=", "+", "-", "@", "\t", "\r") else texte


# --- YAML -----------------------------------------------------------------------------------------


def en_yaml(brut: dict[str, Any]) -> bytes:
    """Two tests of OpenFisca, one a law: the situation, and what the model answers today."""
    (medecin,) = _rapport(brut)["medecins"]
    essais = [
        _essai(loi, brut, resultat)
        for loi, resultat in zip(_lois(), medecin["resultats"], strict=True)
    ]
    entete = (
        "# Essai à rejouer : openfisca test CE_FICHIER -c openfisca_assistant_medical\n"
        "# Ce fichier contient la situation saisie : ne le donner qu’à qui peut la lire.\n"
    )
    return (entete + yaml.safe_dump(essais, allow_unicode=True, sort_keys=False)).encode()


def _essai(loi: Loi, brut: dict[str, Any], resultat: Rapport) -> dict[str, Any]:
    return {
        "name": f"Aide à l’emploi d’un assistant médical : {loi.titre}",
        "period": int(brut["date_signature"][:4]),
        "absolute_error_margin": _CENTIME,
        **({"reforms": reformes} if (reformes := list(loi.description["reformes"])) else {}),
        "input": deepcopy(brut),  # one each: YAML would write the second as an alias
        "output": dict(_attendus(resultat)),
    }


def _attendus(resultat: Rapport) -> Iterator[tuple[str, Any]]:
    for nom in _DU_CONTRAT:
        yield nom, resultat[nom]
    for nom in _TESTEES:
        yield nom, {annee["annee"]: annee[nom] for annee in resultat["annees"]}
    yield "depense_annuelle", {int(an): euros for an, euros in resultat["depense_annuelle"].items()}


# --- Agenda ---------------------------------------------------------------------------------------


def en_agenda(brut: dict[str, Any]) -> bytes:
    """The events of the contract under the convention of 2024, for an agenda."""
    loi = convention()
    return en_ics(calendrier_sous((loi.description, loi.systeme), {"medecins": {_NOM: brut}}))


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", en_csv),
    "ics": Format("text/calendar; charset=utf-8", en_agenda),
    "json": Format("application/json", en_json),
    "yaml": Format("application/yaml", en_yaml),
}
