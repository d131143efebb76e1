"""Reforms that are files: reading them, holding them against the law, finding them by name."""

from openfisca_assistant_medical.reforms.en_fichier.chemins import lignes_nouvelles
from openfisca_assistant_medical.reforms.en_fichier.contenu import HYPOTHESE
from openfisca_assistant_medical.reforms.en_fichier.reforme import (
    ReformeEnFichier,
    ReformeRefusee,
    chercher,
    disponibles,
    lire_reforme,
    semble_un_fichier,
)

__all__ = [
    "HYPOTHESE",
    "ReformeEnFichier",
    "ReformeRefusee",
    "chercher",
    "disponibles",
    "lignes_nouvelles",
    "lire_reforme",
    "semble_un_fichier",
]
