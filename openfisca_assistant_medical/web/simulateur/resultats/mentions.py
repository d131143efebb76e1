"""What must be said, in words, beside a figure that is not certain."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from openfisca_assistant_medical.affichage import decidee, euros, pourcent

PLANCHER = "au moins"
SUPPOSE = "supposé favorable"
HYPOTHESE = "hypothèse"
ESTIMATION = "estimation"
# What each of them means, as the page tells it.
SENS = {
    PLANCHER: "le montant peut être plus élevé, car la tranche de patientèle n’est pas sûre",
    SUPPOSE: "une information manque, et le chiffre est celui de l’issue la plus favorable",
    HYPOTHESE: "la table de modulation d’avant la convention de 2024 n’a pas été trouvée, et celle "
    "de 2024 la remplace",
    ESTIMATION: "le chiffre vient d’une courbe calée sur un seul point publié, et non du texte",
}
# Doubts of a dated event, as `calendrier.CERTITUDES` names them.
DE_LA_CERTITUDE = {
    "certain": (),
    "plancher": (PLANCHER,),
    "hypothese": (HYPOTHESE,),
    "estime": (ESTIMATION,),
    "suppose": (SUPPOSE,),
}


class Chiffre(NamedTuple):
    """A figure as people read it, with what must be said of it.

    Attributes:
        texte: "22 000,00 €", "50 %".
        mentions: words, none for a figure that is known.
    """

    texte: str
    mentions: tuple[str, ...] = ()


def de_l_annee(annee: dict[str, Any]) -> dict[str, Chiffre]:
    """Maximum, part, amounts of one contract year of `contrats`, each with its doubts."""
    plancher = (PLANCHER,) if annee["aide_maximale_plancher"] else ()
    part = _de_la_part(annee) if annee["droit_ouvert"] else ()
    paye = annee["part_aide_versee"]
    return {
        "maximum": Chiffre(euros(annee["aide_maximale"]), plancher),
        "part": Chiffre(pourcent(paye) if annee["droit_ouvert"] else "–", part),
        "du": Chiffre(euros(annee["aide_due"]), (*plancher, *part)),
        "acompte": Chiffre(euros(annee["acompte"]), plancher),
        "solde": Chiffre(euros(annee["solde"]), (*plancher, *part)),
    }


def legende(chiffres: Iterable[Chiffre]) -> dict[str, str]:
    """The words of doubt of some figures, each with what it means, from the least doubtful."""
    dites = {mention for chiffre in chiffres for mention in chiffre.mentions}
    return {mention: sens for mention, sens in SENS.items() if mention in dites}


def du_total(annees: list[dict[str, Any]], total: float, nom: str) -> Chiffre:
    """A sum over years: as doubtful as each of them."""
    mentions = dict.fromkeys(m for annee in annees for m in de_l_annee(annee)[nom].mentions)
    return Chiffre(euros(total), tuple(mentions))


def _de_la_part(annee: dict[str, Any]) -> tuple[str, ...]:
    suppose_la_table = annee["part_aide_hypothese"] and not decidee(annee["cas_modulation"])
    return (
        *((HYPOTHESE,) if suppose_la_table else ()),
        *(() if annee["part_aide_connue"] else (SUPPOSE,)),
    )
