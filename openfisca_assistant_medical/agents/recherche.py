"""Finding a text, a figure, a rule or a reading from words, in the matrix of traceability."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from unicodedata import combining, normalize

from openfisca_assistant_medical.mots import DemandeInconnue, proche
from openfisca_assistant_medical.tracabilite.matrice import NOMS, chercher, matrice

# What of each kind of entry is searched: its name, then what it says.
_DITS = {
    "dispositions": ("enonce", "endroit", "pourquoi", "source"),
    "parametres": ("description",),
    "variables": ("label",),
    "lectures": ("question", "retenue", "autre"),
    "sources": ("titre",),
}
GENRES = tuple(_DITS)
LIMITE = 50
_SANS_DETAIL = ("cas", "utilisee_par")


@cache
def _rapport() -> dict[str, Any]:
    return matrice()


def trouver(mots: str, genre: str | None, limite: int) -> dict[str, Any]:
    """Entries that hold one of the words: those that hold the most first, then in their name.

    Args:
        mots: words; case and accents do not count.
        genre: one of `GENRES`; None = all.
        limite: how many to give, 1 to `LIMITE`.

    Returns:
        `{"trouvees": how many in all, "resultats": [{"genre", "nom", …}]}`.

    Raises:
        DemandeInconnue: no word, or a limit out of bounds.
    """
    cherches = _cle(mots).split()
    if not cherches or not 1 <= limite <= LIMITE:
        raise DemandeInconnue(
            f"Recherche : reçu « {mots} », limite {limite} ; attendu : un mot au moins, "
            f"et de 1 à {LIMITE} résultats."
        )
    trouvees = []
    for nom, texte, fiche in _entrees(genre):
        dits, nommes = (sum(mot in dit for mot in cherches) for dit in (texte, _cle(nom)))
        if dits:
            trouvees.append(((-dits, -nommes), fiche))
    trouvees.sort(key=lambda note_et_fiche: note_et_fiche[0])
    return {"trouvees": len(trouvees), "resultats": [fiche for _, fiche in trouvees[:limite]]}


def consulter(nom: str) -> list[dict[str, Any]]:
    """What a name leads to, both ways; its test cases are counted, not listed.

    Args:
        nom: a provision, a figure, a table of figures, a variable, a reading or a source.

    Raises:
        DemandeInconnue: there is no such name.
    """
    try:
        return [_en_bref(entree) for entree in chercher(_rapport(), nom)]
    except ValueError as refus:
        raise DemandeInconnue(str(refus)) from None


def _entrees(genre: str | None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, searched text and short entry of all that may be found."""
    if genre is not None and genre not in GENRES:
        raise DemandeInconnue(
            f"Genre : reçu « {genre} » ; attendu : {', '.join(GENRES)}{proche(genre, GENRES)}."
        )
    for un, dits in _DITS.items():
        for entree in _rapport()[un] if genre in (None, un) else ():
            nom = entree[NOMS[un]]
            montre = {champ: entree[champ] for champ in dits if entree.get(champ)}
            dates = {champ: entree[champ] for champ in ("depuis", "valeur") if champ in entree}
            texte = _cle(" ".join([nom, *map(str, montre.values())]))
            yield nom, texte, {"genre": un, "nom": nom, **montre, **dates}


def _en_bref(entree: dict[str, Any]) -> dict[str, Any]:
    return {
        champ: len(valeur) if champ in _SANS_DETAIL else valeur for champ, valeur in entree.items()
    }


def _cle(texte: str) -> str:
    """A text as it is compared: lower case, no accents, no underscores."""
    lettres = normalize("NFKD", texte.casefold().replace("_", " "))
    return "".join(lettre for lettre in lettres if not combining(lettre))
