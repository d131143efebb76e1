"""What is paid when, and what comes next."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from openfisca_assistant_medical.affichage import euros
from openfisca_assistant_medical.calendrier import DEPARTS
from openfisca_assistant_medical.web.simulateur.resultats.mentions import DE_LA_CERTITUDE, Chiffre

Evenement = dict[str, Any]
_DATE_SUPPOSEE = ("date supposée",)  # a deadline from the signature is not the favourable one
_MOIS = 62  # days under which a delay is told in days; from there on, two months have run


def chronologie(contrat: dict[str, Any], aujourd_hui: date) -> dict[str, Any]:
    """`{"annees": [{"annee", "evenements"}], "passes", "prochaine", "versement", "se_poursuit"}`.

    An event is `{"date", "titre", "texte", "montant": Chiffre or None, "passe", "prochain"}`;
    `passes` is how many are before today; `prochaine` and `versement`, the next day and the next
    payment, `{"date", "dans", "evenements"}`, or None.

    Args:
        contrat: of one doctor, as `calendrier` gives it.
        aujourd_hui: the day on which the page is read; what happens that day is still to come.
    """
    evenements = [_evenement(e, aujourd_hui) for e in contrat["evenements"]]
    a_venir = [e for e in evenements if not e["passe"]]
    prochaine = _le_prochain(a_venir, aujourd_hui)
    versement = _le_prochain([e for e in a_venir if e["paye"]], aujourd_hui)
    for evenement in evenements:
        evenement["prochain"] = prochaine is not None and evenement["date"] == prochaine["date"]
        evenement["premier"] = prochaine is not None and evenement is prochaine["evenements"][0]
    return {
        "passes": list(_par_annee([e for e in evenements if e["passe"]])),
        "annees": list(_par_annee(a_venir)),
        "prochaine": prochaine,
        "versement": versement,
        "se_poursuit": contrat["se_poursuit"],
    }


def _evenement(evenement: dict[str, Any], aujourd_hui: date) -> Evenement:
    montant = evenement["montant"]
    mentions = tuple(m for nom in evenement["certitudes"] for m in DE_LA_CERTITUDE[nom])
    if mentions and evenement["genre"] in DEPARTS:
        mentions = _DATE_SUPPOSEE
    return {
        "date": evenement["date"],
        "titre": evenement["titre"],
        "texte": evenement["texte"],
        "montant": None if montant is None else Chiffre(euros(montant), mentions),
        "mentions": mentions,
        "paye": montant is not None and montant > 0,
        "passe": evenement["date"] < aujourd_hui.isoformat(),
    }


def _le_prochain(evenements: list[Evenement], aujourd_hui: date) -> dict[str, Any] | None:
    """The first day of events in order, with all that happens on it."""
    if not evenements:
        return None
    jour = evenements[0]["date"]
    return {
        "date": jour,
        "dans": delai(date.fromisoformat(jour), aujourd_hui),
        "evenements": [e for e in evenements if e["date"] == jour],
    }


def delai(jour: date, aujourd_hui: date) -> str:
    """How far a day to come is, in words."""
    jours = (jour - aujourd_hui).days
    if jours < 2:
        return ("aujourd’hui", "demain")[jours]
    if jours < _MOIS:
        return f"dans {jours} jours"
    mois = (jour.year - aujourd_hui.year) * 12 + jour.month - aujourd_hui.month
    return f"dans {mois - (jour.day < aujourd_hui.day)} mois environ"


def _par_annee(evenements: list[Evenement]) -> Iterator[dict[str, Any]]:
    for annee, groupe in groupby(evenements, key=lambda e: e["date"][:4]):
        yield {"annee": annee, "evenements": list(groupe)}
