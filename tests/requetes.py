"""What the requests of the tests are made of."""

from typing import Any


def medecin(**champs: Any) -> dict[str, Any]:
    """A doctor that the front door takes, of a request."""
    return {
        "date_signature": {"ETERNITY": "2024-09-10"},
        "specialite": {"ETERNITY": "generaliste"},
        "secteur_conventionnel": {"ETERNITY": "secteur_1"},
        **champs,
    }
