"""How many more patients are asked, count by count, and where that figure comes from."""

from functools import cache
from itertools import groupby
from typing import Any

from openfisca_assistant_medical.affichage import libelle, pourcent, suite
from openfisca_assistant_medical.contrats import Calcul, etablir_sous
from openfisca_assistant_medical.lois import lois
from openfisca_assistant_medical.web.simulateur.resultats.percentiles import COMPTES

# Where a target comes from, and how it is said.
ORIGINES = {
    "donne": "donné",
    "avenant": "donné, fixé par avenant",
    "publie": "publié",
    "estime": "estimation",
    "caisse": "à fixer avec la caisse",
    "a_fixer": "à fixer par avenant",
    "inconnu": "non connu",
}
MAINTIEN = "à maintenir"
_ESTIMATIONS = (
    "convention_2024",
    "objectifs_estimes",
    "objectifs_estimes.demi_etp",
    "objectifs_estimes.sous_la_convention",
)
Ligne = dict[str, Any]


@cache
def loi_estimee() -> tuple[dict[str, Any], Any]:
    """The convention, with the estimated targets and each assumption that they may take."""
    (loi,) = lois(list(_ESTIMATIONS), comparer=False)
    return loi


def objectifs(
    situation: dict[str, Any],
    canonique: dict[str, Any],
    resultat: dict[str, Any],
    loi: tuple[dict[str, Any], Any],
) -> list[Ligne]:
    """What is asked for each count: `{"sigle", "nom", "periodes": [...]}`, none without a target.

    A period is `{"annees": words, "nature", "depart", "objectif", "de_plus", "origine", "mention",
    "estimation", "atteint_a"}`: the target and the patients to gain are None where nothing gives
    them; `estimation` is then the range of the reform objectifs_estimes, or None.

    Args:
        situation: of the doctor, in its canonical form.
        canonique: the whole situation.
        resultat: of `contrats`, under the law shown.
        loi: that law.
    """
    annees = [annee for annee in resultat["annees"] if annee["rang_annee_contrat"]]
    estimations = _estimations(canonique, annees)
    seniors = _seniors(canonique, annees, loi)
    lignes = []
    for compte, (sigle, nom, _) in COMPTES.items():
        installe = any(annee[f"type_objectif_{compte}"] == "installation" for annee in annees)
        suivies = [
            _de_l_annee(
                annee,
                compte,
                _origine(situation, annee, compte, installe),
                estimations.get(annee["annee"]),
                _atteint_a(annee[f"type_objectif_{compte}"], annee, loi[1], seniors),
            )
            for annee in annees
            if annee[f"type_objectif_{compte}"] != "sans_objet"
        ]
        if suivies:
            lignes.append({"sigle": sigle, "nom": nom, "periodes": list(_reunies(suivies))})
    return lignes


def _estimations(canonique: dict[str, Any], annees: list[dict[str, Any]]) -> dict[int, Any]:
    """Estimates by year, those of the reform; none where a target is known, or cannot be told."""
    if not annees:
        return {}
    parcourues = range(annees[0]["annee"], annees[-1]["annee"] + 1)
    rapport = etablir_sous([loi_estimee()], canonique, parcourues)
    (resultat,) = rapport["medecins"][0]["resultats"]
    return {annee["annee"]: annee["estimation"] for annee in resultat["annees"]}


def _de_l_annee(
    annee: dict[str, Any], compte: str, origine: str, estimation: Any, atteint_a: str
) -> Ligne:
    nature, depart = annee[f"type_objectif_{compte}"], annee[f"depart_{compte}"]
    objectif = annee[f"objectif_{compte}"]
    if origine == "inconnu" and estimation and compte == "pmt":
        origine = "estime"
    return {
        "annee": annee["annee"],
        "nature": libelle("TypeObjectif", nature),
        "maintien": nature == "maintien",
        "depart": depart,
        "objectif": objectif,
        "de_plus": _de_plus(nature, depart, objectif),
        "origine": origine,
        "mention": MAINTIEN if nature == "maintien" and objectif else ORIGINES[origine],
        "estimation": _intervalle(estimation, depart) if origine == "estime" else None,
        "atteint_a": atteint_a,
    }


def _origine(situation: dict[str, Any], annee: dict[str, Any], compte: str, installe: bool) -> str:
    """Who gives the target of a year; `installe`: the contract starts with a first installation."""
    nature, objectif = annee[f"type_objectif_{compte}"], annee[f"objectif_{compte}"]
    par_avenant = situation.get(f"objectif_{compte}_avenant", {}).get(str(annee["annee"]), 0)
    au_contrat = situation.get(f"objectif_{compte}_contractuel", {}).get("ETERNITY", 0)
    if par_avenant:
        return "avenant"
    if objectif is None and nature == "fixe_avec_la_caisse":
        return "caisse"
    if objectif is None:
        return "a_fixer" if installe and nature == "augmentation" else "inconnu"
    return "donne" if au_contrat == objectif and nature != "maintien" else "publie"


def _de_plus(nature: str, depart: int | None, objectif: int | None) -> int | None:
    if depart is None or objectif is None or nature == "maintien":
        return None
    return max(objectif - depart, 0)


def _intervalle(estimation: dict[str, Any], depart: int) -> dict[str, Any]:
    """Patients to gain, least and most, in words, and the further assumptions."""
    return {
        "patients_en_plus": estimation["patients_en_plus"],
        "au_moins": estimation["au_moins"],
        "au_plus": estimation["au_plus"],
        "objectif": depart + estimation["patients_en_plus"],
        "hypotheses": estimation["hypotheses"],
    }


def _seniors(
    canonique: dict[str, Any], annees: list[dict[str, Any]], loi: tuple[dict[str, Any], Any]
) -> set[int]:
    """Years in which a count to keep is kept as a senior doctor's."""
    tenues = [
        annee["annee"]
        for annee in annees
        if "maintien" in (annee["type_objectif_pmt"], annee["type_objectif_pfa"])
    ]
    if not tenues:
        return set()
    calcul = Calcul(*loi, canonique)
    return {annee for annee in tenues if calcul.lire("maintien_senior", annee, 0)}


def _atteint_a(nature: str, annee: dict[str, Any], systeme: Any, seniors: set[int]) -> str:
    """From which share a target counts as reached, in words; "" if no text says.

    The share is of the patients to gain, or of the level to keep.
    """
    if nature not in ("augmentation", "maintien") or not annee["date_anniversaire"]:
        return ""
    senior = nature == "maintien" and annee["annee"] in seniors
    seuils = systeme.parameters.objectif.seuil_atteinte.children
    seuil = seuils[f"{nature}_senior" if senior else nature](annee["date_anniversaire"])
    if seuil is None:
        return ""
    return f"{'au-dessus de' if senior else 'dès'} {pourcent(seuil)}"


def _reunies(lignes: list[Ligne]) -> Any:
    """Years that ask the same, together."""
    for _, groupe in groupby(lignes, key=lambda ligne: {**ligne, "annee": None}):
        membres = list(groupe)
        yield {**membres[0], "annees": suite(membre["annee"] for membre in membres)}
