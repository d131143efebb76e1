"""Pages of the results: that of `/resultat`, which the form asks for, `/pourquoi` and `/fiche`."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, request
from markupsafe import Markup

from openfisca_assistant_medical.affichage import insecable, suite
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.tracabilite.explication.restitution import corps_html
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.rendu import page
from openfisca_assistant_medical.web.simulateur.resultats import preparer
from openfisca_assistant_medical.web.simulateur.resultats.courbe import (
    description,
    en_mots_du_palier,
    titre,
)
from openfisca_assistant_medical.web.simulateur.resultats.dessin import FORMATS, court, dessin
from openfisca_assistant_medical.web.simulateur.resultats.fiche import donnees, questions
from openfisca_assistant_medical.web.simulateur.resultats.mentions import PLANCHER, Chiffre
from openfisca_assistant_medical.web.simulateur.resultats.pourquoi import (
    ATTENDU,
    en_bref,
    expliquer,
    lire_question,
)
from openfisca_assistant_medical.web.simulateur.saisie import Saisie, analyser, recevoir

_QUESTION = "question"
_BALISE = re.compile(r"(<[^>]*>)")
_SOMMAIRE = {
    "objectifs": "Combien de patients en plus",
    "montants": "Combien, année par année",
    "echeances": "Ce qui est payé, et quand",
    "lois": "Avec et sans la convention",
    "courbes": "Selon la patientèle de départ",
    "inconnus": "Ce qui n’est pas connu",
    "recruter": "Qui peut employer l’assistant",
    "emporter": "Emporter ce résultat",
}


def ajouter(plan: Blueprint) -> None:
    """Add the addresses that the page of results leads to."""
    plan.add_url_rule("/pourquoi", "pourquoi", _pourquoi, methods=["POST"])
    plan.add_url_rule("/fiche", "fiche", _fiche, methods=["POST"])


# --- The page -------------------------------------------------------------------------------------


def rendre(saisie: Saisie, brut: dict[str, Any], aujourd_hui: date | None = None) -> str:
    """The page of results.

    Args:
        saisie: the form as it was typed, for what goes on from the page.
        brut: the situation that it says.
        aujourd_hui: the day on which the page is read; None = today.
    """
    r = preparer(brut, aujourd_hui=aujourd_hui)
    tracees = [_vue_de_la_courbe(courbe, r) for courbe in r["courbes"]]
    return _page(
        "resultats/page.html",
        r=r,
        saisie=saisie,
        courbes=tracees,
        loi=convention().cle,
        loi_d_avant=reglement().cle,
        ancres=_ancres(r),
    )


def _ancres(r: dict[str, Any]) -> dict[str, str]:
    """The sections that the page has, in order, with their titles."""
    chronologie = r["chronologie"]
    presentes = {
        "objectifs": bool(r["objectifs"]),
        "montants": bool(r["annees"]),
        # Of a contract that opens no right, only what is still to come: the end of a waiting time.
        "echeances": bool(chronologie["annees"] or (r["annees"] and chronologie["passes"])),
        "courbes": bool(r["courbes"] or r["sans_courbe"]),
    }
    return {ancre: nom for ancre, nom in _SOMMAIRE.items() if presentes.get(ancre, True)}


def _page(gabarit: str, **contexte: Any) -> str:
    """A page whose texts, and they alone, have the no-break spaces of French."""
    morceaux = _BALISE.split(page(gabarit, **contexte))
    return "".join(m if m.startswith("<") else insecable(m) for m in morceaux)


def _vue_de_la_courbe(courbe: dict[str, Any], r: dict[str, Any]) -> dict[str, Any]:
    premiere = int(r["contrat"]["date_signature"][:4])

    def nom(annees: list[int]) -> str:
        rangs = [annee - premiere + 1 for annee in annees]
        return f"Année{'s' if len(rangs) > 1 else ''} {suite(rangs)}"

    return {
        "courbe": courbe,
        "titre": titre(courbe),
        "description": description(courbe, nom),
        "series": [nom(serie["annees"]) for serie in courbe["series"]],
        "paliers": [en_mots_du_palier(palier).capitalize() for palier in courbe["paliers"]],
        "cellules": [
            [
                Chiffre(court(serie["montants"][rang]), (PLANCHER,) * serie["planchers"][rang])
                for serie in courbe["series"]
            ]
            for rang in range(len(courbe["paliers"]))
        ],
        "dessins": [dessin(courbe, format_) for format_ in FORMATS],
    }


# --- Why, and the worksheet -----------------------------------------------------------------------


def _lire(autres: tuple[str, ...] = ()) -> tuple[Saisie, dict[str, Any], dict[str, str]]:
    """What was typed, the situation, and the other fields.

    Raises:
        Refuse: a field is at fault; these pages follow one that had none.
    """
    saisie, lus = recevoir(autres)
    brut, fautes = analyser(saisie)
    if fautes:
        refus = [Erreur(faute.nom or "formulaire", faute.recu, faute.attendu) for faute in fautes]
        raise Refuse(422, "Le formulaire est à corriger avant d’aller plus loin.", refus)
    return saisie, brut, lus


def _pourquoi() -> str:
    saisie, brut, lus = _lire((_QUESTION,))
    recu = lus.get(_QUESTION, "")
    question = lire_question(recu, (convention(), reglement()))
    if question is None:
        erreur = Erreur(_QUESTION, f"« {recu} »" if recu else "rien", ATTENDU)
        raise Refuse(400, "On ne sait pas quel chiffre expliquer.", [erreur])
    rapport = expliquer(question, brut)
    bref = en_bref(rapport)
    if request.headers.get("HX-Request") == "true":
        return _page("resultats/pourquoi_ici.html", b=bref, question=recu)
    corps = Markup(corps_html(rapport))  # escaped where it was made
    return _page("resultats/pourquoi.html", b=bref, corps=corps, saisie=saisie)


def _fiche() -> str:
    saisie, brut, _ = _lire()
    aujourd_hui = date.today()
    r = preparer(brut, aujourd_hui=aujourd_hui)
    return _page(
        "resultats/fiche.html",
        r=r,
        saisie=saisie,
        questions=questions(r),
        donnees=donnees(saisie),
        aujourd_hui=aujourd_hui.isoformat(),
    )
