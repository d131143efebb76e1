"""The situations of the package, by name: what each one shows, and its file."""

import json
from pathlib import Path
from typing import Any

_DOSSIER = Path(__file__).parent / "situation_examples"
EXEMPLES = {
    "generaliste_deux_lois": "un contrat de 2023 que la convention de 2024 rattrape en 2e année",
    "generaliste_p95": "une patientèle au 95e percentile, à maintenir",
    "primo_installe": "une première installation, sous le seuil d’activité",
    "senior": "66 ans à la signature ; la convention de 2024 demande un maintien",
    "cardiologue_percentiles_non_publies": "un montant plancher, faute de percentile publié",
    "ancien_tiers_etp": "une option fermée depuis 2023, gardée jusqu’au terme",
    "contrat_resilie": "une résiliation en cours de 2e année, et un trop-versé",
}


def chemin_de(nom: str) -> Path:
    """The file, in JSON, of one of them."""
    return _DOSSIER / f"{nom}.json"


def situation(nom: str) -> dict[str, Any]:
    """What one of them says, read anew: whoever asks may change it."""
    lue: dict[str, Any] = json.loads(chemin_de(nom).read_text("utf-8"))
    return lue
