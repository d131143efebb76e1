"""All that the page of results shows, from one situation: `preparer`. Nothing is worked out here.

    {"contrat": {"specialite", "option", "zone", "secteur", "date_signature", "texte"},   # in words
     "verdict": {"etat", "titre", "phrase", "que_faire"},                  # see `verdict`
     "objectifs": [{"sigle", "nom", "periodes": [...]}],                    # see `objectifs`
     "chronologie": {...},                                                  # see `chronologie`
     "annees": [{"annee", "rang", "debut", "option", "cout", Chiffre…}],    # of the first contract
     "total": {"maximum", "du"},
     "legende": {mention: what it means},                           # of the figures of these years
     "suite": [...],                                     # years after it, where it goes on
     "comparaison": {"verdicts", "annees", "suite", "total", "ecart", "notes"},
     "courbes": [...],                                                      # see `courbe`
     "sans_courbe": [{"sigle", "nom", "pourquoi"}],                         # charts that cannot be
     "inconnus": [{"texte", "annees", "manque", "demander"}],               # see `inconnus`
     "notes": [sentence],                                                   # what else must be said
     "canaux": [...]}                                                       # see `recrutement`

Figures are those of `contrats`, `calendrier` and the parameters; a figure that is not certain is a
`Chiffre` with what must be said of it in words.
"""

from datetime import date
from typing import Any

from openfisca_assistant_medical.affichage import euros, libelle, minuscule, pourcent
from openfisca_assistant_medical.calendrier import calendrier_sous
from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.recrutement import repertoire
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.web.lois import Loi, convention, reglement
from openfisca_assistant_medical.web.simulateur.resultats.chronologie import chronologie
from openfisca_assistant_medical.web.simulateur.resultats.courbe import courbes
from openfisca_assistant_medical.web.simulateur.resultats.inconnus import inconnus, notes
from openfisca_assistant_medical.web.simulateur.resultats.mentions import (
    Chiffre,
    de_l_annee,
    du_total,
    legende,
)
from openfisca_assistant_medical.web.simulateur.resultats.objectifs import objectifs
from openfisca_assistant_medical.web.simulateur.resultats.percentiles import comptes
from openfisca_assistant_medical.web.simulateur.resultats.verdict import verdict

_DERNIERE = 9970  # the years after it can still be told
Resultat = dict[str, Any]


def preparer(
    brut: Any, lois: tuple[Loi, Loi] | None = None, aujourd_hui: date | None = None
) -> dict[str, Any]:
    """All that the page shows of one doctor, as described at the top.

    Args:
        brut: the situation of one doctor, as `situations.verifier` accepts it.
        lois: the law without the convention of 2024, then with it; None = those of the service.
        aujourd_hui: the day on which the page is read; None = today.

    Raises:
        SituationInvalide: the situation is refused.
    """
    avant, apres = lois or (reglement(), convention())
    paire = [(loi.description, loi.systeme) for loi in (avant, apres)]
    canonique = verifier(brut, apres.systeme)
    (situation,) = canonique["medecins"].values()
    premieres, suivantes = _annees_montrees(situation, apres.systeme)
    medecin = _medecin(paire, canonique, premieres)
    resultat = medecin["resultats"][1]
    va_plus_loin = any(r["eligible"] and r["sans_terme"] for r in medecin["resultats"])
    suite = _medecin(paire, canonique, suivantes) if va_plus_loin else None
    (dates,) = calendrier_sous(paire[1], canonique)["medecins"]
    mesures = comptes(situation, apres.systeme)
    tracees = courbes(situation, mesures, _courues(resultat), paire[1])
    eligible = resultat["eligible"]
    return {
        "contrat": _contrat(medecin),
        "verdict": verdict(resultat, mesures),
        "objectifs": objectifs(situation, canonique, resultat, paire[1]) if eligible else [],
        "chronologie": chronologie(dates, aujourd_hui or date.today()),
        **_montants(resultat),
        "suite": _lignes(suite["resultats"][1]) if suite else [],
        "comparaison": _comparaison(medecin, suite, mesures),
        "courbes": tracees,
        # Of a refusal that no count explains, there is nothing to draw, nor to say of it.
        "sans_courbe": _sans_courbe(mesures, tracees, resultat) if eligible or tracees else [],
        "inconnus": inconnus(dates, resultat),
        "notes": notes(resultat) if eligible else [],
        "canaux": repertoire()["canaux"],
    }


def _annees_montrees(situation: dict[str, Any], systeme: Any) -> tuple[range, range]:
    """Calendar years of the contract as it is signed, then as many where it goes on."""
    signature = situation["date_signature"]["ETERNITY"]
    debut = min(int(signature[:4]), _DERNIERE)
    durees = systeme.parameters.contrat.duree
    duree = durees(signature) or durees.values_list[-1].value  # before any text, that of the first
    return range(debut, debut + duree), range(debut + duree, debut + 2 * duree)


def _medecin(paire: list[Any], canonique: dict[str, Any], annees: range) -> dict[str, Any]:
    (medecin,) = etablir_sous(paire, canonique, annees)["medecins"]
    return dict(medecin)


def _contrat(medecin: dict[str, Any]) -> dict[str, Any]:
    """The contract in words."""
    contrat, resultat = medecin["contrat"], medecin["resultats"][1]
    return {
        "specialite": libelle("Specialite", contrat["specialite"]),
        "option": libelle("OptionETP", contrat["option_etp_initiale"]),
        "zone": minuscule(libelle("Zone", contrat["zone"])),
        "secteur": minuscule(libelle("SecteurConventionnel", contrat["secteur_conventionnel"])),
        "date_signature": contrat["date_signature"],
        "texte": libelle("TexteConventionnel", resultat["texte_signature"]),
    }


# --- Contract years -------------------------------------------------------------------------------


def _courues(resultat: Resultat) -> list[int]:
    return [annee["annee"] for annee in resultat["annees"] if annee["rang_annee_contrat"]]


def _lignes(resultat: Resultat) -> list[dict[str, Any]]:
    """The contract years of a result, with their figures in words."""
    if not resultat["eligible"]:
        return []
    return [_ligne(annee) for annee in resultat["annees"] if annee["rang_annee_contrat"]]


def _ligne(annee: dict[str, Any]) -> dict[str, Any]:
    return {
        "annee": annee["annee"],
        "rang": annee["rang_annee_contrat"],
        "debut": annee["date_anniversaire"],
        "option": libelle("OptionETP", annee["option_etp"]),
        "ouvert": annee["droit_ouvert"],
        "date_acompte": annee["date_versement_acompte"],
        "date_solde": annee["date_versement_solde"],
        "acompte_entier": annee["acompte"] == annee["aide_maximale"] and annee["solde"] == 0,
        "courue": _courue(annee["fraction_annee_couverte"]),
        "recuperation": euros(annee["recuperation"]) if annee["recuperation"] > 0 else "",
        "cout": _cout(annee),
        **de_l_annee(annee),
    }


def _courue(fraction: float) -> str:
    """The share of a year that a termination leaves; "" for a whole one."""
    return pourcent(fraction) if fraction < 1 else ""


def _cout(annee: dict[str, Any]) -> dict[str, Chiffre] | None:
    """What the assistant costs, and what the aid leaves to pay: as doubtful as what is due."""
    if not annee["reste_a_charge_connu"]:
        return None
    mentions = de_l_annee(annee)["du"].mentions
    return {
        "cout": Chiffre(euros(annee["cout_employeur_annuel"])),
        "reste": Chiffre(euros(annee["reste_a_charge"]), mentions),
        "part": Chiffre(pourcent(annee["part_du_cout_couverte"]), mentions),
    }


def _montants(resultat: Resultat) -> dict[str, Any]:
    """The years, their totals, and what their words of doubt mean."""
    total = _total(resultat)
    return {
        "annees": _lignes(resultat),
        "total": total,
        "legende": legende(total.values()),
    }


def _total(resultat: Resultat) -> dict[str, Chiffre]:
    annees, total = resultat["annees"], resultat["total"]
    return {
        "maximum": du_total(annees, total["aide_maximale"], "maximum"),
        "du": du_total(annees, total["aide_due"], "du"),
    }


# --- The two laws ---------------------------------------------------------------------------------


def _comparaison(
    medecin: dict[str, Any], suite: dict[str, Any] | None, mesures: list[dict[str, Any]]
) -> dict[str, Any]:
    """Both laws side by side, and the difference; only the years in which one has a contract."""
    ecart = medecin["comparaison"]["total"]["ecart"]
    return {
        "verdicts": [verdict(resultat, mesures) for resultat in medecin["resultats"]],
        "annees": list(_cote_a_cote(medecin)),
        "suite": list(_cote_a_cote(suite)) if suite else [],
        "total": [_total(resultat) for resultat in medecin["resultats"]],
        "ecart": _ecart(ecart),
        "notes": [note["texte"] for note in medecin["comparaison"]["notes"]],
    }


def _cote_a_cote(medecin: dict[str, Any]) -> Any:
    comparees = medecin["comparaison"]["annees"]
    for sans, avec, ligne in zip(
        *(resultat["annees"] for resultat in medecin["resultats"]), comparees, strict=True
    ):
        if sans["rang_annee_contrat"] or avec["rang_annee_contrat"]:
            yield {
                "annee": ligne["annee"],
                "rang": avec["rang_annee_contrat"] or sans["rang_annee_contrat"],
                "sans": de_l_annee(sans) if sans["rang_annee_contrat"] else None,
                "avec": de_l_annee(avec) if avec["rang_annee_contrat"] else None,
                "ecart": _ecart(ligne["ecart"]),
            }


def _ecart(montant: float) -> str:
    """A difference, with its sign."""
    return f"+{euros(montant)}" if montant > 0 else euros(montant)


# --- Charts that cannot be drawn ------------------------------------------------------------------


def _sans_courbe(
    mesures: list[dict[str, Any]], tracees: list[dict[str, Any]], resultat: Resultat
) -> list[dict[str, str]]:
    """The counts that have no chart, and why."""
    dessinees = {courbe["compte"] for courbe in tracees}
    objets = {
        compte
        for compte in ("pmt", "pfa")
        for annee in resultat["annees"]
        if annee[f"type_objectif_{compte}"] != "sans_objet"
    }
    return [
        {"sigle": mesure["sigle"], "nom": mesure["nom"], "pourquoi": _pourquoi(mesure)}
        for mesure in mesures
        if mesure["compte"] in objets - dessinees
    ]


def _pourquoi(mesure: dict[str, Any]) -> str:
    if not mesure["percentiles"]:
        return "aucun percentile de cette spécialité n’est publié au jour de la signature"
    return "l’aide maximale de ce contrat n’en dépend pas"
