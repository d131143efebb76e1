"""The form as its template shows it: each field with its text, its choices and its fault."""

from collections.abc import Iterable
from typing import Any

from openfisca_assistant_medical.annees import ANNEES_PAR_DEFAUT
from openfisca_assistant_medical.web.lois import convention
from openfisca_assistant_medical.web.simulateur.champs import (
    AVENANTS,
    PARTIES,
    RESULTATS,
    Champ,
    Pli,
    connu,
    trouver,
)
from openfisca_assistant_medical.web.simulateur.lecture import (
    NON,
    OUI,
    Illisible,
    ecrire,
    genre,
    lire,
)
from openfisca_assistant_medical.web.simulateur.saisie import Faute, Saisie

Annee = tuple[int, int | None]  # calendar year, rank in the contract or None
_UNITES = {"pourcent": "%", "euros": "€"}
_SANS_DATE = range(0)
_REMPLISSAGE = {"date_naissance": "bday"}


def vue(saisie: Saisie, fautes: Iterable[Faute] = ()) -> dict[str, Any]:
    """What the template needs: `parties`, `annees`, `suite`, `duree`, `fautes`.

    Args:
        saisie: what was typed; where a list is not in it, its default is shown.
        fautes: of these fields.
    """
    refus = {faute.nom: faute for faute in fautes if faute.nom}
    premieres, suivantes = _annees(saisie)
    return {
        "parties": [
            {
                "cle": partie.cle,
                "titre": partie.titre,
                "intro": partie.intro,
                "champs": [_champ(champ, None, saisie, refus) for champ in partie.champs],
                "plis": [_pli(pli, None, saisie, refus) for pli in partie.plis],
            }
            for partie in PARTIES
        ],
        "annees": [_annee(*annee, saisie, refus) for annee in premieres],
        "suite": [_annee(*annee, saisie, refus) for annee in suivantes],
        "duree": _duree(),
        "fautes": [_resume(faute) for faute in fautes],
    }


def _duree() -> int:
    """Years that a contract lasts, unless it goes on."""
    return int(convention().systeme.parameters.contrat.duree.values_list[0].value)


def _annees(saisie: Saisie) -> tuple[list[Annee], list[Annee]]:
    """The years of the contract, with any other that was given, then those that may follow."""
    du_contrat = _annees_du_contrat(saisie.get("date_signature", ""))
    dites = {annee for nom in saisie if (annee := connu(nom)[1])}
    suite = du_contrat[_duree() :]
    toutes = [
        (annee, annee - du_contrat.start + 1 if annee in du_contrat else None)
        for annee in sorted({*du_contrat, *dites})
    ]
    return [a for a in toutes if a[0] not in suite], [a for a in toutes if a[0] in suite]


def _annees_du_contrat(signature: str) -> range:
    if not signature:
        return _SANS_DATE
    try:
        debut = int(lire(connu("date_signature")[0].variable, signature)[:4])
    except Illisible:
        return _SANS_DATE
    return range(debut, debut + ANNEES_PAR_DEFAUT)


def _annee(annee: int, rang: int | None, saisie: Saisie, refus: dict[str, Faute]) -> dict[str, Any]:
    quelle = f"{rang}{'re' if rang == 1 else 'e'} année de contrat" if rang else "Hors du contrat"
    return {
        "annee": annee,
        "titre": quelle,
        "debut": f"celle qui commence en {annee}",
        "champs": [_champ(champ, annee, saisie, refus) for champ in RESULTATS],
        "avenants": _pli(
            Pli("Avenant ou décision pour cette année", AVENANTS), annee, saisie, refus
        ),
        "remplie": any(nom.endswith(f".{annee}") for nom in (*saisie, *refus)),
    }


def _pli(pli: Pli, annee: int | None, saisie: Saisie, refus: dict[str, Faute]) -> dict[str, Any]:
    champs = [_champ(champ, annee, saisie, refus) for champ in pli.champs]
    ouvert = any(champ["change"] or champ["erreur"] for champ in champs)
    return {"titre": pli.titre, "champs": champs, "ouvert": ouvert}


def _champ(
    champ: Champ, annee: int | None, saisie: Saisie, refus: dict[str, Faute]
) -> dict[str, Any]:
    nom = f"{champ.nom}.{annee}" if annee else champ.nom
    variable, sorte = champ.variable, genre(champ.variable)
    absent = _absent(champ, sorte)
    texte = saisie.get(nom, absent)
    faute = refus.get(nom)
    if sorte == "date" and texte:
        sorte, texte = _date(variable, texte)
    identifiant = identifiant_de(nom)
    decrits = [f"{identifiant}-aide"] * bool(champ.aide) + [f"{identifiant}-erreur"] * bool(faute)
    return {
        "nom": nom,
        "id": identifiant,
        "label": variable.label,
        "aide": champ.aide,
        "genre": sorte,
        "unite": _UNITES.get(sorte, ""),
        "obligatoire": champ.obligatoire,
        "choix": _choix(champ, sorte, annee),
        "texte": texte,
        "erreur": _phrase(faute) if faute else "",
        "decrit": " ".join(decrits),
        "change": texte != absent,
        "remplissage": _REMPLISSAGE.get(champ.nom, ""),
    }


def _date(variable: Any, texte: str) -> tuple[str, str]:
    """A day as a date field takes it; what is not one stays as it was typed, in a field of text."""
    try:
        return "date", lire(variable, texte)
    except Illisible:
        return "texte", texte


def _absent(champ: Champ, sorte: str) -> str:
    """What a field shows before anything is typed."""
    if champ.obligatoire or champ.annuel:
        return ""
    if sorte == "liste":
        return str(champ.variable.default_value.name)
    return ecrire(champ.variable, champ.variable.default_value) if _se_voit(champ, sorte) else ""


def _se_voit(champ: Champ, sorte: str) -> bool:
    """Whether the default of a field is a value, and not the lack of one."""
    return sorte == "oui_non" or (sorte == "pourcent" and champ.variable.default_value >= 0)


def _choix(champ: Champ, sorte: str, annee: int | None) -> list[tuple[str, str]]:
    """(value, label) of a list; the empty value asks to choose, or stands for the default."""
    if sorte == "oui_non":
        return [(OUI, "Oui"), (NON, "Non")]
    if sorte != "liste":
        return []
    membres = [(membre.name, membre.value) for membre in champ.variable.possible_values]
    if champ.obligatoire:
        return [("", "Choisir…"), *membres]
    if annee is None:
        return membres
    defaut = champ.variable.default_value
    return [("", defaut.value), *(choix for choix in membres if choix[0] != defaut.name)]


def identifiant_de(nom: str) -> str:
    """Identifier of a field in the page."""
    return nom.replace(".", "-")


def _phrase(faute: Faute) -> str:
    if faute.recu == "rien":
        return f"À remplir : {faute.attendu}."
    return f"Reçu {faute.recu} ; attendu : {faute.attendu}."


def _resume(faute: Faute) -> dict[str, str]:
    """A line of the summary of the faults."""
    trouve = trouver(faute.nom)
    label = trouve[0].variable.label if trouve else ""
    annee = f" ({trouve[1]})" if trouve and trouve[1] else ""
    cible = identifiant_de(faute.nom) if trouve else ""
    return {"cible": cible, "label": f"{label}{annee}", "phrase": _phrase(faute)}
