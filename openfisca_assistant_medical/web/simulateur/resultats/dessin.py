"""Where each line of a chart goes, in the units of its drawing: nothing is decided here."""

from typing import Any

from openfisca_assistant_medical.affichage import en_mots, euros

# Two drawings of the same chart: for a wide page, and for a phone.
FORMATS = {"large": (720, 340), "etroit": (340, 320)}
_BAS, _GAUCHE, _DROITE = 44, 72, 16
_ECART = 13  # least distance between two labels of the vertical axis
_LARGEUR, _RANGEE = 40, 28  # of a label over a percentile


def dessin(courbe: dict[str, Any], format_: str) -> dict[str, Any]:
    """Places, in pixels of the drawing: `{"largeur", "hauteur", "traces", "percentiles", …}`.

    Args:
        courbe: steps, as `courbe` gives them.
        format_: a key of `FORMATS`.
    """
    largeur, hauteur = FORMATS[format_]
    sommet = max(montant for serie in courbe["series"] for montant in serie["montants"])
    rangees = _rangees(courbe, (largeur - _GAUCHE - _DROITE) / courbe["maximum"])
    haut = _RANGEE * (1 + max(rangees)) + 18

    def x(patients: Any) -> Any:
        return round(_GAUCHE + (largeur - _GAUCHE - _DROITE) * patients / courbe["maximum"], 1)

    def y(montant: Any) -> Any:
        return round(hauteur - _BAS - (hauteur - _BAS - haut) * montant / (sommet or 1), 1)

    place = courbe["place"]
    return {
        "format": format_,
        "largeur": largeur,
        "hauteur": hauteur,
        "gauche": x(0),
        "droite": x(courbe["maximum"]),
        "haut": haut,
        "bas": y(0),
        "traces": [_trace(serie, courbe["paliers"], x, y, courbe) for serie in courbe["series"]],
        "percentiles": [
            {
                "x": x(p["valeur"]),
                "y": haut - 26 - _RANGEE * rangee,
                "nom": p["nom"],
                "valeur": en_mots(p["valeur"]),
            }
            for p, rangee in zip(courbe["percentiles"], rangees, strict=True)
        ],
        "montants": _graduations(courbe, y),
        "place": None if place is None else {"x": x(place), "texte": en_mots(place)},
        "fin": en_mots(courbe["maximum"]),
    }


def _trace(serie: dict[str, Any], paliers: Any, x: Any, y: Any, courbe: Any) -> dict[str, Any]:
    """The path of a series: flat on each step, upright between two."""
    chemin = [f"M{x(0)} {y(serie['montants'][0])}"]
    for palier, montant in zip(paliers, serie["montants"], strict=True):
        chemin.append(f"H{x(palier['de'])}V{y(montant)}")
    chemin.append(f"H{x(courbe['maximum'])}")
    ici = serie["ici"]
    point = None if ici is None else {"x": x(courbe["place"]), "y": y(ici)}
    return {"chemin": "".join(chemin), "point": point}


def _graduations(courbe: dict[str, Any], y: Any) -> list[dict[str, Any]]:
    """The amounts themselves on the axis, the highest first; those that would overlap left out."""
    montants = {montant for serie in courbe["series"] for montant in serie["montants"]}
    gardees: list[dict[str, Any]] = []
    for montant in sorted({*montants, 0.0}, reverse=True):
        if not gardees or y(montant) - gardees[-1]["y"] >= _ECART:
            gardees.append({"y": y(montant), "texte": court(montant)})
    return gardees


def _rangees(courbe: dict[str, Any], echelle: float) -> list[int]:
    """In which row each label of a percentile stands, the lowest that is free."""
    fins: list[float] = []
    rangees = []
    for percentile in courbe["percentiles"]:
        debut = percentile["valeur"] * echelle - _LARGEUR / 2
        rang = next((r for r, fin in enumerate(fins) if fin <= debut), len(fins))
        fins[rang : rang + 1] = [debut + _LARGEUR]
        rangees.append(rang)
    return rangees


def court(montant: float) -> str:
    """Euros without cents where there are none."""
    return euros(montant).replace(",00", "")
