"""Words that people write, the one they may have meant, and the refusal of what they ask for."""

from collections.abc import Collection
from typing import Any


class DemandeInconnue(ValueError):
    """A doctor, a variable or a period that is not there; the message says what is."""


def proche(mot: Any, noms: Collection[str]) -> str:
    """« ; le plus proche : … », or nothing."""
    import difflib  # here: no word is wrong most of the time

    proches = difflib.get_close_matches(mot[:64], noms, n=1) if isinstance(mot, str) else ()
    return f" ; le plus proche : « {proches[0]} »" if proches else ""


def verifier_le_medecin(medecin: str | None, medecins: Collection[str]) -> None:
    """Refuse a doctor that the situation does not hold; None asks for none.

    Raises:
        DemandeInconnue: the situation does not hold this doctor.
    """
    if medecin is not None and medecin not in medecins:
        raise DemandeInconnue(
            f"Médecin : reçu « {medecin} » ; attendu : un médecin de la situation"
            f"{proche(medecin, list(medecins))}."
        )
