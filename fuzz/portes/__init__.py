"""The doors: each takes bytes, and gives a verdict or is at fault."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from fuzz.portes import (
    api,
    dossier,
    enregistrement,
    hypotheses,
    loi,
    reforme,
    requete,
    resultat,
    simulateur,
    situation,
    table,
)
from fuzz.verdict import Verdict

__all__ = ["PORTES", "Porte"]


@dataclass(frozen=True)
class Porte:
    """A door.

    Attributes:
        nom: as the command takes it.
        objet: what comes in by it.
        essayer: takes an input; raises `Manquement`, or anything that the door let through.
        tirer: inputs drawn by their structure.
        mots: what a changed input may be changed with.
        ailleurs: inputs that the project keeps elsewhere than in the corpus.
    """

    nom: str
    objet: str
    essayer: Callable[[bytes], Verdict]
    tirer: Callable[[], SearchStrategy[bytes]]
    mots: tuple[str, ...] = ()
    ailleurs: Callable[[], list[bytes]] = list


PORTES = {
    porte.nom: porte
    for porte in (
        Porte(
            "situation",
            "fichier d’une situation, YAML ou JSON : calculer, et l’API pour le même",
            situation.essayer,
            situation.tirer,
            situation.MOTS,
            situation.exemples,
        ),
        Porte(
            "loi",
            "nom d’une loi ou d’une réforme, et chemin d’une table, sur la ligne de commande",
            loi.essayer,
            loi.tirer,
            loi.MOTS,
        ),
        Porte(
            "reforme",
            "fichier d’une réforme, YAML : reformes, puis le calcul sous elle",
            reforme.essayer,
            reforme.tirer,
            reforme.MOTS,
        ),
        Porte(
            "dossier",
            "dossier d’une réforme : reformes, puis le calcul sous elle",
            dossier.essayer,
            dossier.tirer,
            dossier.MOTS,
        ),
        Porte("csv", "table de contrats, CSV", table.essayer_csv, table.tirer_csv, situation.MOTS),
        Porte("parquet", "table de contrats, Parquet", table.essayer_parquet, table.tirer_parquet),
        Porte(
            "requete",
            "requête DuckDB, d’une base ou de fichiers, qui donne une table de contrats",
            requete.essayer,
            requete.tirer,
            requete.MOTS,
        ),
        Porte("lien", "lien du simulateur", simulateur.essayer_lien, simulateur.tirer_lien),
        Porte(
            "formulaire",
            "formulaire du simulateur : adresse, puis ses champs",
            simulateur.essayer_formulaire,
            simulateur.tirer_formulaire,
        ),
        Porte(
            "api",
            "adresse de l’API, puis le corps",
            api.essayer,
            api.tirer,
            situation.MOTS,
            api.hostiles,
        ),
        Porte(
            "hypotheses",
            "hypothèses des tirages, YAML",
            hypotheses.essayer,
            hypotheses.tirer,
            hypotheses.MOTS,
        ),
        Porte(
            "enregistrement",
            "enregistrement d’un résultat : verifier",
            enregistrement.essayer,
            enregistrement.tirer,
        ),
        Porte(
            "resultat",
            "fichier d’un résultat ou d’un calcul interrompu : rapport, ou simuler qui le reprend",
            resultat.essayer,
            resultat.tirer,
            resultat.MOTS,
        ),
    )
}
