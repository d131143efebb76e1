"""What a table is refused for: the line, the column, the value, why, and the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

ERREURS_MONTREES = 30
_LETTRES = 100  # of the name of a column that are shown
_LETTRES_D_UNE_CAUSE = 200


@dataclass(frozen=True)
class ErreurDeLigne:
    """One cell, or one line, refused.

    Attributes:
        ligne: line of the file for a CSV (its header is line 1), else row, counted from 1; 0 for
            what is refused of a whole column or of the whole table.
        colonne: name of the column; empty when the line itself is at fault.
        valeur: what was given, as a message shows it.
        raison: what is accepted and, where there is one, the remedy.
    """

    ligne: int
    colonne: str
    valeur: str
    raison: str

    def __str__(self) -> str:
        lieu = [f"ligne {self.ligne}"] if self.ligne else []
        nom = self.colonne[:_LETTRES] + "…" * (len(self.colonne) > _LETTRES)
        lieu += [f"colonne « {nom} »"] if nom else []
        recu = f"reçu {self.valeur} ; " if self.valeur else ""
        return f"{', '.join(lieu) or 'table'} : {recu}{self.raison}"


def cause(erreur: Exception) -> str:
    """What a library says of its failure, on one line and short; nothing where it says nothing."""
    return (str(erreur).strip().splitlines() or [""])[0][:_LETTRES_D_UNE_CAUSE]


class TableRefusee(ValueError):
    """A table that cannot be computed as it is.

    Attributes:
        erreurs: what is refused, in the order of the table.
        nombre: how many refusals there were; `erreurs` may be the first of them only.
    """

    def __init__(
        self, titre: str, erreurs: Sequence[ErreurDeLigne] = (), nombre: int | None = None
    ) -> None:
        self.titre, self.erreurs = titre, list(erreurs)
        self.nombre = len(self.erreurs) if nombre is None else nombre
        montrees = self.erreurs[:ERREURS_MONTREES]
        suite = [f"- {erreur}" for erreur in montrees]
        if self.nombre > len(montrees):
            suite.append(f"… et {self.nombre - len(montrees)} autre(s) refus.")
        super().__init__("\n".join([titre, *suite]))

    def __reduce__(self) -> tuple[type, tuple[str, list[ErreurDeLigne], int]]:
        """Picklable as it was built: a worker hands it over to the main process."""
        return type(self), (self.titre, self.erreurs, self.nombre)
