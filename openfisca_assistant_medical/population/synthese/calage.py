"""What a synthetic population was held to, beside what it reached.

A target (`cible`) is forced: it holds when the gap is within the rounding of what is published and
four standard errors of the sample. A control (`controle`) is published too, and compared only: it
is close when the gap is within one twentieth.
"""

import json

import numpy
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from openfisca_assistant_medical.affichage import en_mots, jour, paragraphe, pourcent
from openfisca_assistant_medical.population.synthese.controles import controles, eligibles
from openfisca_assistant_medical.population.synthese.engendrement import CLE, DemandeRefusee
from openfisca_assistant_medical.population.synthese.mesures import Ligne, Mesure
from openfisca_assistant_medical.population.synthese.temoins import (
    percentiles_des_contrats,
    temoins,
)

PROCHE = 0.05
LIGNES_AU_PLUS = 500_000  # rows that are measured: the first ones
_TIENT = {
    ("cible", True): "oui",
    ("cible", False): "NON",
    ("controle", True): "proche",
    ("controle", False): "loin",
}


def calage(table: pa.Table) -> list[Ligne]:
    """Compare a synthetic population with what is published.

    Args:
        table: as `engendrer` gives it, or read from a file that `ecrire_population` wrote; of a
            larger one, the first `LIGNES_AU_PLUS` rows are measured.

    Returns:
        Objects with `cible` (in words), `nature` (`cible` or `controle`), `date`, `unite`
        (`contrats`, `part`, `patients`, `etp`), `publie`, `atteint` and `tolerance` (None where no
        row is concerned), `tient`, `source`, `pourquoi`.

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
    """Print targets and controls as a table, then what does not hold."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for titre in ("", "Au", "Publié", "Atteint", "Tient"):
        table.add_column(titre, justify="right" if titre in ("Publié", "Atteint") else "left")
    for nature in ("cible", "controle"):
        titre = "Cibles" if nature == "cible" else "Contrôles, publiés mais non forcés"
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
    cibles = [ligne for ligne in lignes if ligne["nature"] == "cible"]
    mesurees = [ligne for ligne in cibles if ligne["tient"] is not None]
    tenues = sum(bool(ligne["tient"]) for ligne in mesurees)
    phrases = [f"{tenues} cibles tenues sur {len(mesurees)} mesurées, {len(cibles)} en tout."]
    phrases += [
        f"Non tenu : {ligne['cible']} ({jour(ligne['date'])}). {ligne['pourquoi']}"
        for ligne in mesurees
        if not ligne["tient"]
    ]
    phrases += [
        f"Loin, et non forcé : {ligne['cible']} ({jour(ligne['date'])}). {ligne['pourquoi']}"
        for ligne in lignes
        if ligne["nature"] == "controle" and ligne["tient"] is False
    ]
    return phrases
