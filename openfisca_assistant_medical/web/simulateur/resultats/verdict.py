"""Is the doctor eligible, why, and what is to be done? One sentence, and what follows from it."""

from typing import Any

from openfisca_assistant_medical.affichage import en_mots, jour, libelle, minuscule
from openfisca_assistant_medical.textes import reserves
from openfisca_assistant_medical.web.simulateur.resultats.mentions import (
    PLANCHER,
    Chiffre,
    de_l_annee,
    du_total,
)

_TITRES = {
    "oui": "Éligible",
    "reserve": "Éligible sous réserve",
    "rien": "Éligible, mais rien n’est payé",
    "non": "Non éligible",
}
_SANS_PAIEMENT = ("secretaire_non_remplace", "option_inaccessible")


def verdict(resultat: dict[str, Any], comptes: list[dict[str, Any]]) -> dict[str, Any]:
    """`{"etat", "motif", "titre", "phrase", "que_faire": [sentence]}` for one law.

    Args:
        resultat: of `contrats`.
        comptes: counts of the doctor, with their percentiles; see `percentiles`.
    """
    etat = _etat(resultat)
    return {
        "etat": etat,
        "motif": resultat["motif_ineligibilite"],
        "titre": _TITRES[etat],
        "phrase": _PHRASES[etat](resultat, comptes),
        "que_faire": list(_que_faire(etat, resultat)),
    }


def _etat(resultat: dict[str, Any]) -> str:
    if not resultat["eligible"]:
        return "non"
    if not any(annee["droit_ouvert"] for annee in resultat["annees"]):
        return "rien"
    return "oui" if resultat["eligibilite_connue"] else "reserve"


def _oui(resultat: dict[str, Any], comptes: list[dict[str, Any]]) -> str:
    return f"Ce contrat ouvre droit à l’aide : {_montants(resultat)}."


def _sous_reserve(resultat: dict[str, Any], comptes: list[dict[str, Any]]) -> str:
    return (
        "On ne sait pas si ce contrat ouvre droit à l’aide : il faut que l’activité minimale soit "
        f"atteinte, ce qu’on ne peut pas vérifier ici. Si elle l’est : {_montants(resultat)}."
    )


def _rien(resultat: dict[str, Any], comptes: list[dict[str, Any]]) -> str:
    return "Le médecin est éligible, mais ce contrat ne donne lieu à aucun paiement."


def _non(resultat: dict[str, Any], comptes: list[dict[str, Any]]) -> str:
    motif = resultat["motif_ineligibilite"]
    phrase = (
        f"Ce contrat n’ouvre pas droit à l’aide : {minuscule(libelle('MotifIneligibilite', motif))}"
    )
    if motif == "patientele_insuffisante":
        ecarts = [_ecart(compte) for compte in comptes if _sous_le_seuil(compte)]
        phrase += f" ({' ; '.join(ecarts)})" if ecarts else ""
    if motif == "carence" and resultat["date_fin_carence"]:
        phrase += f", jusqu’au {jour(resultat['date_fin_carence'])}"
    return f"{phrase}."


_PHRASES = {"oui": _oui, "reserve": _sous_reserve, "rien": _rien, "non": _non}


def _sous_le_seuil(compte: dict[str, Any]) -> bool:
    p30 = compte["percentiles"].get("p30")
    if not compte["activite"] or compte["depart"] is None or p30 is None:
        return False
    return bool(compte["depart"] < p30)


def _ecart(compte: dict[str, Any]) -> str:
    depart, p30 = compte["depart"], compte["percentiles"]["p30"]
    return (
        f"{compte['sigle']} de {en_mots(depart)} pour un 30e percentile de {en_mots(p30)} : il "
        f"manque {en_mots(p30 - depart, 'patient')}"
    )


def _montants(resultat: dict[str, Any]) -> str:
    annees = [annee for annee in resultat["annees"] if annee["rang_annee_contrat"]]
    premiere = de_l_annee(annees[0])["maximum"]
    total = du_total(annees, resultat["total"]["aide_maximale"], "maximum")
    entamee = any(annee["fraction_annee_couverte"] < 1 for annee in annees)
    resiliation = " ; l’année de la résiliation est réduite aux jours courus" if entamee else ""
    if len(annees) == 1:
        return f"{_au_plus(premiere)} pour l’année {annees[0]['annee']}{resiliation}"
    return (
        f"{_au_plus(premiere)} la première année et {_au_plus(total)} sur "
        f"{len(annees)} ans, selon les résultats{resiliation}"
    )


def _au_plus(chiffre: Chiffre) -> str:
    if PLANCHER in chiffre.mentions:
        return f"un maximum d’au moins {chiffre.texte}"
    return f"{chiffre.texte} au plus"


def _que_faire(etat: str, resultat: dict[str, Any]) -> Any:
    notes = resultat["notes"]
    if etat == "non":
        yield from (note["texte"] for note in notes)
    if etat == "rien":
        yield from (note["texte"] for note in notes if note["code"] in _SANS_PAIEMENT)
    if etat == "reserve":
        demander = next(r.demander for r in reserves() if r.variable == "eligibilite_connue")
        yield f"À demander. {demander}"
