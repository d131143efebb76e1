"""Refusals of the service: a status, and what to say of it.

A JSON body of error is `{"erreur": phrase, "erreurs": [{"champ", "recu", "attendu"}]}`; the second is
empty where the fault has no field. Pages say the same in words.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from openfisca_assistant_medical.situations import Erreur


class Refuse(Exception):
    """A request that is refused.

    Args:
        statut: HTTP status, 4xx or 503.
        erreur: sentence in French, with the remedy.
        erreurs: field, what was received, what is accepted, for each fault.
    """

    def __init__(self, statut: int, erreur: str, erreurs: Iterable[Erreur] = ()) -> None:
        super().__init__(erreur)
        self.statut, self.erreur, self.erreurs = statut, erreur, tuple(erreurs)

    def corps(self) -> dict[str, Any]:
        """Body of the answer."""
        return {"erreur": self.erreur, "erreurs": [asdict(erreur) for erreur in self.erreurs]}
