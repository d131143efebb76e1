"""What a synthetic population was held to, beside what it reached.

The population is calibrated on a target (`cible`): it holds when the gap is within the rounding of
what is published and four standard errors of the sample. A witness (`controle`) is published too,
and compared only: it is close when the gap is within one twentieth. What is met by construction
(`construction`) says nothing of the rows, and is counted with neither.
"""

import json

import numpy
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from openfisca_assistant_medical.affichage import en_mots, jour, paragraphe, pourcent
from openfisca_assistant_medical.population.mention import CLE
from openfisca_assistant_medical.population.synthese.controles import controles, eligibles
from openfisca_assistant_medical.population.synthese.engendrement import DemandeRefusee
from openfisca_assistant_medical.population.synthese.mesures import Ligne, Mesure
from openfisca_assistant_medical.population.synthese.temoins import (
    percentiles_des_contrats,
    temoins,
)

PROCHE = 0.05
LIGNES_AU_PLUS = 500_000  # rows that are measured: the first ones
_TITRES = {
    "cible": "Cibles, sur lesquelles la population est calée",
    "controle": "Témoins, publiés et non calés",
    "construction": "Percentiles de la loi, tenus par construction : des médecins tirés à part",
}
_TIENT = {
    ("cible", True): "oui",
    ("cible", False): "NON",
    ("construction", True): "oui",
    ("construction", False): "NON",
    ("controle", True): "proche",
    ("controle", False): "loin",
}


def calage(table: pa.Table) -> list[Ligne]:
    """Compare a synthetic population with what is published.

    Args:
        table: as `engendrer` gives it, or read from a file that `ecrire_population` wrote; of a
            larger one, the first `LIGNES_AU_PLUS` rows are measured.

    Returns:
        Objects with `cible` (in words), `nature` (`cible`, `controle`, `construction`), `date`,
        `unite` (`contrats`, `part`, `patients`, `etp`), `publie`, `atteint` and `tolerance` (None
        where no row is concerned), `tient`, `source`, `pourquoi`.

    Raises:
        DemandeRefusee: the table does not say that it is synthetic.
    """
    mention = (table.schema.metadata or {}).get(CLE)
    if mention is None or not json.loads(mention).get("synthetique"):
        raise DemandeRefusee(
            "calage : cette table ne dit pas qu’elle est synthétique (métadonnée "
            "assistant_medical). Remède : donner celle d’engendrer ou de ecrire_population."
        )
    mesure = Mesure(table.slice(0, LIGNES_AU_PLUS), json.loads(mention))
    lignes = [
        *mesure.signatures(),
        *mesure.parts(),
        *mesure.patients(),
        eligibles(mesure),
        *percentiles_des_contrats(mesure),
        *temoins(mesure.lois, mesure.graine),
        *controles(mesure),
    ]
    return [_juger(ligne) for ligne in lignes]


def _juger(ligne: Ligne) -> Ligne:
    """Say whether the gap is within the tolerance."""
    ligne = {"nature": "cible", **ligne}
    if ligne["nature"] == "controle":
        ligne["tolerance"] = PROCHE * ligne["publie"]
    atteint = ligne["atteint"]
    if atteint is None or not numpy.isfinite(atteint):
        return {**ligne, "atteint": None, "tolerance": None, "tient": None}
    ecart = abs(atteint - ligne["publie"])
    return {
        **ligne,
        "atteint": float(atteint),
        "tolerance": float(ligne["tolerance"]),
        "tient": bool(ecart <= ligne["tolerance"]),
    }


def afficher_le_calage(console: Console, lignes: list[Ligne]) -> None:
    """Print targets, witnesses and what cannot fail, each apart, then what does not hold."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for titre in ("", "Au", "Publié", "Atteint", "Tient"):
        table.add_column(titre, justify="right" if titre in ("Publié", "Atteint") else "left")
    for nature, titre in _TITRES.items():
        table.add_row(titre, style="bold")
        for ligne in (ligne for ligne in lignes if ligne["nature"] == nature):
            chiffres = (_chiffre(ligne[cle], ligne["unite"]) for cle in ("publie", "atteint"))
            tient = _TIENT.get((nature, ligne["tient"]), "–")
            table.add_row(f"  {ligne['cible']}", jour(ligne["date"]), *chiffres, tient)
    console.print(table)
    console.print()
    for phrase in _bilan(lignes):
        paragraphe(console, phrase)


def _chiffre(valeur: float | None, unite: str) -> str:
    if valeur is None:
        return "–"
    return pourcent(valeur) if unite == "part" else en_mots(round(valeur, 1))


def _bilan(lignes: list[Ligne]) -> list[str]:
    natures: dict[str, list[Ligne]] = {nature: [] for nature in _TITRES}
    for ligne in lignes:
        natures[ligne["nature"]].append(ligne)
    tenues, proches = (_compte(natures[nature]) for nature in ("cible", "controle"))
    phrases = [
        f"Témoins proches : {proches}. Rien n’est calé dessus.",
        f"Cibles tenues : {tenues}. La population est calée dessus : ce n’est pas une épreuve.",
    ]
    mesurees = [
        ligne
        for ligne in (*natures["cible"], *natures["construction"])
        if ligne["tient"] is not None
    ]
    phrases += [
        f"Non tenu : {ligne['cible']} ({jour(ligne['date'])}). {ligne['pourquoi']}"
        for ligne in mesurees
        if not ligne["tient"]
    ]
    phrases += [
        f"Loin, et non calé : {ligne['cible']} ({jour(ligne['date'])}). {ligne['pourquoi']}"
        for ligne in lignes
        if ligne["nature"] == "controle" and ligne["tient"] is False
    ]
    return phrases


def _compte(lignes: list[Ligne]) -> str:
    mesurees = [ligne["tient"] for ligne in lignes if ligne["tient"] is not None]
    reste = len(lignes) - len(mesurees)
    suite = f" mesurés ({reste} ne peuvent pas l’être)" if reste else ""
    return f"{sum(mesurees)} sur {len(mesurees)}{suite}"
