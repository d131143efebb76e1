"""Why a figure: the question that a button asks, and the short answer, from the explanation."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from openfisca_assistant_medical.textes import STATUTS, sources
from openfisca_assistant_medical.tracabilite.explication import expliquer_sous
from openfisca_assistant_medical.tracabilite.explication.restitution import CONFIANCES, a_montrer
from openfisca_assistant_medical.web.lois import Loi

# What a button of the page of results may ask about.
EXPLIQUEES = (
    "eligible",
    "droit_ouvert",
    "aide_maximale",
    "part_aide_versee",
    "aide_due",
    "acompte",
    "solde",
    "objectif_pmt",
    "objectif_pfa",
)
CONTRAT = "contrat"
ATTENDU = "« figure/année/loi », comme le fait un bouton « pourquoi ? »"
_PROFONDEUR = 2
_RETENU = "→"
_MARQUES = {"oui": "Oui :", "non": "Non :", _RETENU: "", "": ""}


class Question(NamedTuple):
    """One figure of a result: its variable, its year (None for the whole contract), its law."""

    variable: str
    annee: str | None
    loi: Loi


def lire_question(texte: str, lois: tuple[Loi, ...]) -> Question | None:
    """The question of a button, as `aide_due/2026/convention-2024`; None where it is none.

    Args:
        texte: as it was sent.
        lois: those that may be asked about.
    """
    variable, _, reste = texte.partition("/")
    annee, _, cle = reste.partition("/")
    loi = next((loi for loi in lois if loi.cle == cle), None)
    if variable not in EXPLIQUEES or loi is None:
        return None
    if annee == CONTRAT:
        return Question(variable, None, loi) if variable == "eligible" else None
    bien_ecrite = annee.isascii() and annee.isdecimal() and len(annee) == 4 and annee > "1900"
    return Question(variable, annee, loi) if bien_ecrite and variable != "eligible" else None


def expliquer(question: Question, brut: Any) -> dict[str, Any]:
    """The explanation of a question; see `tracabilite.explication`.

    Raises:
        SituationInvalide: the situation is refused.
    """
    loi = question.loi
    return expliquer_sous((loi.description, loi.systeme), brut, question.variable, question.annee)


def en_bref(rapport: dict[str, Any]) -> dict[str, Any]:
    """What is said in place: the first steps, their figures, their texts, the doubts that count.

    Returns:
        `{"label", "texte", "annee", "loi", "etapes", "parametres", "dispositions", "lectures",
        "reserves"}`.
    """
    # What refuses, or brings to nothing, is followed to its cause whatever the depth.
    montrees = a_montrer(rapport, _PROFONDEUR if rapport["valeur"] else 1)
    montrees |= set(_d_ou_vient_la_valeur(rapport, montrees))
    etapes = [
        {**etape, "lignes": _lignes(etape)}
        for etape in rapport["etapes"]
        if etape["numero"] in montrees
    ]
    lus = [lu for etape in etapes for lu in etape["parametres"]]
    citees = {identifiant for etape in etapes for identifiant in etape["dispositions"]}
    return {
        "label": rapport["label"],
        "texte": rapport["texte"],
        "annee": None if rapport["periode"] == "ETERNITY" else rapport["periode"],
        "loi": rapport["loi"]["nom"],
        "etapes": etapes,
        "parametres": [
            {**lu, "confiance": CONFIANCES.get(lu["confiance"] or "", "")}
            for lu in rapport["parametres"]
            if {"parametre": lu["parametre"], "depuis": lu["depuis"]} in lus
        ],
        "dispositions": [
            {**d, "statut": STATUTS[d["statut"]], "titre": sources()[d["source"]].titre}
            for d in rapport["dispositions"]
            if d["id"] in citees
        ],
        "lectures": [lecture for lecture in rapport["lectures"] if lecture["change"]],
        "reserves": rapport["reserves"],
    }


def _d_ou_vient_la_valeur(rapport: dict[str, Any], montrees: set[int]) -> Iterator[int]:
    """The steps that a share, neither whole nor nil, comes from unchanged, down to a rate."""
    etapes = {etape["numero"]: etape for etape in rapport["etapes"]}
    pile = [n for n in montrees if etapes[n]["unite"] == "/1" and 0 < etapes[n]["valeur"] < 1]
    while pile:
        etape = etapes[pile.pop()]
        for numero in etape["suivantes"]:
            suivante = etapes[numero]
            if (suivante["unite"], suivante["valeur"]) == (etape["unite"], etape["valeur"]):
                pile.append(numero)
                yield numero


def _lignes(etape: dict[str, Any]) -> list[str]:
    """The arithmetic of a step in words; of a choice, what it retains alone."""
    lignes = [ligne for ligne in etape["lignes"] if not ligne["indifferent"]]
    if any(ligne["marque"] == _RETENU for ligne in lignes):
        lignes = list(_retenues(lignes))
    return [" ".join(filter(None, (_MARQUES[ligne["marque"]], ligne["texte"]))) for ligne in lignes]


def _retenues(lignes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines that a choice retains, each with those under it."""
    niveau = None
    for ligne in lignes:
        if niveau is None or ligne["niveau"] <= niveau:
            niveau = ligne["niveau"] if ligne["marque"] == _RETENU else None
        if niveau is not None:
            yield ligne
