"""The maximum aid at each starting count: steps, worked out by the model at both sides of each.

Everything else about the doctor stays as it was given: the other count, the option, the dates.
"""

from itertools import groupby
from typing import Any

from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.contrats import Calcul
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.web.simulateur.resultats.dessin import court

_MARGE = 1.18  # how far the axis goes past the last figure to be shown
_ROND = 100


def courbes(
    situation: dict[str, Any],
    comptes: list[dict[str, Any]],
    annees: list[int],
    loi: tuple[dict[str, Any], Any],
) -> list[dict[str, Any]]:
    """A chart a count whose percentiles are published, if the aid hangs on it; see `_courbe`.

    Args:
        situation: of the doctor, in its canonical form.
        comptes: see `percentiles`.
        annees: calendar years in which the contract years to show start.
        loi: under which the aid is worked out.
    """
    tracees = (
        _courbe(situation, compte, annees, loi) for compte in comptes if compte["percentiles"]
    )
    return [courbe for courbe in tracees if courbe["utile"]]


def _courbe(
    situation: dict[str, Any],
    compte: dict[str, Any],
    annees: list[int],
    loi: tuple[dict[str, Any], Any],
) -> dict[str, Any]:
    """Steps of one count.

    Returns:
        `compte`, `sigle`, `nom`; `percentiles`, `[{"nom", "valeur"}]`; `place`, the doctor's count
        or None; `maximum`, end of the axis; `series`, `[{"annees", "montants": [euros],
        "planchers": [bool]}]`, years of the same amounts together; `paliers`, `[{"de", "a"}]`, the
        counts, both included (`a` None at the end), that each amount holds for; `utile`, whether
        any aid changes with the count.
    """
    seuils = sorted(compte["percentiles"].items(), key=lambda percentile: percentile[1])
    debuts = [0, *(valeur for _, valeur in seuils)]
    place = compte["depart"]
    fin = max(debuts[-1], place or 0) * _MARGE
    maximum = int(-(-fin // _ROND) * _ROND)
    fins = [debut - 1 for debut in debuts[1:]] + [maximum]
    # Both ends of each step, and the doctor's own count.
    abscisses = sorted({*debuts, *fins, *([] if place is None else [place])})
    calcul, rangs = _calcul(situation, compte["compte"], abscisses, loi)
    lues = {annee: _montants(calcul, rangs, annee) for annee in annees}
    return {
        "compte": compte["compte"],
        "sigle": compte["sigle"],
        "nom": compte["nom"],
        "confiances": compte["confiances"],
        "manquants": [nom.upper() for nom in compte["manquants"]],
        "percentiles": [{"nom": nom.upper(), "valeur": valeur} for nom, valeur in seuils],
        "place": place,
        "declaree": compte["declaree"],
        "maximum": maximum,
        "paliers": [
            {"de": debut, "a": None if fin == maximum else fin}
            for debut, fin in zip(debuts, fins, strict=True)
        ],
        "series": list(_series(lues, debuts, fins, place)),
        "utile": any(len(set(montants.values())) > 1 for montants in lues.values()),
    }


def _calcul(
    situation: dict[str, Any], compte: str, abscisses: list[int], loi: tuple[dict[str, Any], Any]
) -> tuple[Calcul, dict[int, int]]:
    """One simulation, of the same doctor at each count; and the rank of each count in it."""
    nom = {"pmt": "patientele_mt_initiale", "pfa": "file_active_initiale"}[compte]
    sans = {k: v for k, v in situation.items() if k not in (nom, f"tranche_{compte}_declaree")}
    medecins = {str(x): {**sans, nom: {"ETERNITY": x}} for x in abscisses}
    description, systeme = loi
    calcul = Calcul(description, systeme, verifier({"medecins": medecins}, systeme))
    return calcul, {x: calcul.medecins.index(str(x)) for x in abscisses}


def _montants(calcul: Calcul, rangs: dict[int, int], annee: int) -> dict[int, tuple[float, bool]]:
    """Maximum aid, and whether it is a floor, at each count."""
    return {
        x: tuple(calcul.lire(v, annee, rang) for v in ("aide_maximale", "aide_maximale_plancher"))
        for x, rang in rangs.items()
    }


def _series(
    lues: dict[int, dict[int, tuple[float, bool]]],
    debuts: list[int],
    fins: list[int],
    place: int | None,
) -> Any:
    """Amounts of each step, years that have the same together."""
    for montants, groupe in groupby(lues.items(), key=lambda annee: annee[1]):
        for debut, fin in zip(debuts, fins, strict=True):
            if montants[debut] != montants[fin]:
                raise PalierInegal(f"{debut} : {montants[debut]}, {fin} : {montants[fin]}")
        annees = [annee for annee, _ in groupe]
        yield {
            "annees": annees,
            "montants": [montants[debut][0] for debut in debuts],
            "planchers": [montants[debut][1] for debut in debuts],
            "ici": None if place is None else montants[place][0],
        }


class PalierInegal(ArithmeticError):
    """The aid changes elsewhere than at a percentile: the steps would be drawn wrong."""


def titre(courbe: dict[str, Any]) -> str:
    """Name of a chart."""
    return f"Aide maximale selon la {courbe['nom']} de départ ({courbe['sigle']})"


def description(courbe: dict[str, Any], nom_des_annees: Any) -> str:
    """What a chart shows, in words, for whoever does not see it.

    Args:
        courbe: see `_courbe`.
        nom_des_annees: names the years of a series.
    """
    phrases = [
        f"{nom_des_annees(serie['annees'])} : "
        + " ; ".join(
            f"{en_mots_du_palier(palier)}, {'au moins ' if plancher else ''}{court(montant)}"
            for palier, montant, plancher in zip(
                courbe["paliers"], serie["montants"], serie["planchers"], strict=True
            )
        )
        for serie in courbe["series"]
    ]
    if courbe["place"] is not None:
        phrases.append(f"Départ du médecin : {en_mots(courbe['place'], 'patient')}")
    return ". ".join(phrases) + "."


def en_mots_du_palier(palier: dict[str, Any]) -> str:
    """The counts of a step."""
    if palier["a"] is None:
        return f"à partir de {en_mots(palier['de'])}"
    return f"de {en_mots(palier['de'])} à {en_mots(palier['a'])}"
