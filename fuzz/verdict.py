"""What a door makes of an input, and what is held against it."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Words that a program says of itself, and that no message to people holds.
_DU_PROGRAMME = re.compile(
    r"Traceback|Erreur inattendue|site-packages|openfisca_core|NoneType|object has no attribute"
    r"|not subscriptable|unhashable|KeyError|__\w+?__"
)
_ARRONDI = 0.01  # euros: amounts are in 32 bits, sums to the cent


@dataclass(frozen=True)
class Verdict:
    """What a door made of an input.

    Attributes:
        accepte: whether it was taken and computed.
        lieu: where the first fault of a refusal is, as the refusal says it; empty if accepted.
    """

    accepte: bool
    lieu: str = ""

    def en_clair(self) -> dict[str, str]:
        """As the index of the corpus says it."""
        return {"attendu": "accepté"} if self.accepte else {"attendu": "refusé", "lieu": self.lieu}


class Manquement(Exception):
    """A door that neither computed nor refused as it should; `genre` tells one fault from another.

    Args:
        genre: short, without what the input says.
        detail: what happened.
    """

    def __init__(self, genre: str, detail: str = "") -> None:
        self.genre = genre
        super().__init__(f"{genre} : {detail}" if detail else genre)


def exiger(vrai: Any, genre: str, detail: Any = "") -> None:
    """Hold a door to something.

    Raises:
        Manquement: it is not so.
    """
    if not vrai:
        raise Manquement(genre, str(detail)[:500])


def refuse(message: str, lieu: str, octets: bytes) -> Verdict:
    """A refusal, once its message is one: French, with its place and what is accepted.

    Args:
        message: what people read.
        lieu: where the first fault is.
        octets: the input, whose words the message may say again.

    Raises:
        Manquement: the message is not for people.
    """
    dits = [mot for mot in _DU_PROGRAMME.findall(message) if mot.encode() not in octets]
    exiger(not dits, "refus dans les mots du programme", f"{dits} dans {message}")
    exiger(re.search("attendu|Remède|admis|demander", message), "refus sans remède", message)
    exiger(lieu, "refus sans lieu", message)
    exiger(len(message) < 100_000, "refus démesuré", f"{len(message)} caractères")
    return Verdict(False, lieu)


def refuse_en_champs(erreurs: Iterable[dict[str, str]]) -> Verdict:
    """A refusal told field by field: each `{"champ", "recu", "attendu"}`.

    Raises:
        Manquement: one of them lacks something.
    """
    dites = list(erreurs)
    exiger(dites, "refus sans faute dite")
    for dite in dites:
        exiger(set(dite) == {"champ", "recu", "attendu"}, "refus sans ses trois champs", dite)
        exiger(dite["recu"] and dite["attendu"], "refus sans ce qui est reçu ou attendu", dite)
        exiger(max(map(len, dite.values())) < 5_000, "refus démesuré", dite["champ"][:80])
    return Verdict(False, dites[0]["champ"] or "tout")


def lire_json(texte: str | bytes) -> Any:
    """JSON as its standard has it: NaN and Infinity are none.

    Raises:
        Manquement: it is something else.
    """

    def interdire(mot: str) -> None:
        raise ValueError(mot)

    try:
        return json.loads(texte, parse_constant=interdire)
    except ValueError as erreur:
        raise Manquement("résultat qui n’est pas du JSON", str(erreur)) from erreur


def verifier_les_nombres(valeur: Any, lieu: str = "") -> None:
    """Hold each number of a result to be finite.

    Raises:
        Manquement: one is not.
    """
    if isinstance(valeur, dict):
        for cle, dessous in valeur.items():
            verifier_les_nombres(dessous, f"{lieu}/{cle}")
    elif isinstance(valeur, list):
        for rang, dessous in enumerate(valeur):
            verifier_les_nombres(dessous, f"{lieu}/{rang}")
    elif isinstance(valeur, float):
        exiger(math.isfinite(valeur), "nombre qui n’est pas fini", lieu)


def verifier_une_annee(maximale: float, due: float, lieu: Any) -> None:
    """Hold an amount to lie between nothing and the most that the law gives.

    Raises:
        Manquement: it does not.
    """
    exiger(math.isfinite(maximale) and math.isfinite(due), "montant qui n’est pas fini", lieu)
    exiger(0 <= due <= maximale + _ARRONDI, "aide hors de 0 et du maximum", f"{lieu} : {due}")


def verifier_un_rapport(rapport: Any) -> None:
    """Hold the report of `contrats` to its invariants, under each law.

    Raises:
        Manquement: an amount cannot be so.
    """
    verifier_les_nombres(rapport)
    for medecin in rapport["medecins"]:
        for resultat in medecin["resultats"]:
            lieu = f"{medecin['id']}, {resultat['loi']}"
            for annee in resultat["annees"]:
                verifier_une_annee(
                    annee["aide_maximale"], annee["aide_due"], f"{lieu}, {annee['annee']}"
                )
            due = sum(annee["aide_due"] for annee in resultat["annees"])
            exiger(
                abs(due - resultat["total"]["aide_due"]) < 1, "total qui n’est pas la somme", lieu
            )
