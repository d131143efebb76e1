"""The shape of the record of a result: what of it is read again must be as it was written."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from openfisca_assistant_medical.population.table.tables import MODES
from openfisca_assistant_medical.situations.erreurs import montrer

_ANNEES = range(1900, 9998)
_LETTRES = 200  # of the name of a file of a result


def _est(*genres: type) -> Callable[[Any], bool]:
    return lambda valeur: type(valeur) in genres


def _textes(valeur: Any) -> bool:
    """Whether it is an object of texts."""
    return isinstance(valeur, dict) and all(isinstance(texte, str) for texte in valeur.values())


def _objets(valeur: Any) -> bool:
    return isinstance(valeur, list) and bool(valeur) and all(isinstance(o, dict) for o in valeur)


def _empreintes(valeur: Any) -> bool:
    genres = ("parametres", "formules")
    return isinstance(valeur, dict) and all(isinstance(valeur.get(genre), dict) for genre in genres)


def _annees(valeur: Any) -> bool:
    return isinstance(valeur, list) and all(type(an) is int and an in _ANNEES for an in valeur)


def _fichiers(valeur: Any) -> bool:
    """Whether it is an object of texts, by names of files that a result may hold."""
    return _textes(valeur) and all(
        len(nom) <= _LETTRES
        and nom.isprintable()
        and not PurePosixPath(nom).is_absolute()
        and ".." not in PurePosixPath(nom).parts
        for nom in valeur
    )


def _noms(valeur: Any) -> bool:
    return isinstance(valeur, list) and all(isinstance(nom, str) for nom in valeur)


def _naturel(minimum: int) -> Callable[[Any], bool]:
    return lambda valeur: type(valeur) is int and minimum <= valeur < 2**63


_Forme = dict[str, tuple[Callable[[Any], bool], str]]
_TEXTE = (_est(str), "un texte")
_TEXTE_OU_RIEN = (_est(str, type(None)), "un texte ou null")
_FICHE: _Forme = {
    "versions": (_textes, "un objet de textes"),
    "options": (_est(dict), "un objet"),
    "entree": (_est(dict), "un objet"),
    "lois": (_objets, "une liste d’objets, d’une loi au moins"),
    "resultats": (_fichiers, "l’empreinte de chaque fichier du résultat, par son nom"),
}
_ENTREE: _Forme = {"chemin": _TEXTE_OU_RIEN, "absolu": _TEXTE_OU_RIEN, "empreinte": _TEXTE}
_LOI: _Forme = {
    "nom": _TEXTE,
    "fichiers": (_textes, "un objet de textes"),
    "detail": (_empreintes, "un objet avec « parametres » et « formules »"),
}
_OPTIONS: _Forme = {
    "annees": (_annees, f"une liste d’années, de {_ANNEES[0]} à {_ANNEES[-1]}"),
    "erreurs": (lambda valeur: valeur in MODES, " ou ".join(MODES)),
    "lectures": (_est(bool), "true ou false"),
    "taille": (_naturel(1), "un nombre entier, 1 au moins"),
    "detail": (_est(bool), "true ou false"),
    "ignorer": (_noms, "une liste de noms de colonnes"),
}
_TIRAGES: _Forme = {
    "tirages": (_naturel(2), "un nombre entier, 2 au moins"),
    "graine": (_naturel(0), "un nombre entier, 0 au moins"),
    "hypotheses": (_objets, "une liste d’objets"),
}


def fautes_de_forme(fiche: dict[str, Any]) -> Iterator[str]:
    """What of a record is not as `enregistrer` writes it: the field, what it holds, what it should.

    Args:
        fiche: as read, of the known format.
    """
    dites = list(_fautes(fiche, _FICHE, ""))
    yield from dites
    if dites:
        return
    yield from _fautes(fiche["entree"], _ENTREE, "entree.")
    options = fiche["options"]
    connues = _OPTIONS | (_TIRAGES if options.keys() & _TIRAGES.keys() else {})
    yield from _fautes(options, connues, "options.")
    for nom in options.keys() - connues.keys():
        yield f"« options.{nom[:60]} » : reçu une option inconnue ; attendu : {', '.join(connues)}"
    for rang, loi in enumerate(fiche["lois"]):
        yield from _fautes(loi, _LOI, f"lois.{rang}.")


def _fautes(objet: dict[str, Any], forme: _Forme, racine: str) -> Iterator[str]:
    for nom, (admis, attendu) in forme.items():
        if nom not in objet:
            yield f"« {racine}{nom} » : reçu rien ; attendu : {attendu}"
        elif not admis(objet[nom]):
            yield f"« {racine}{nom} » : reçu {montrer(objet[nom])} ; attendu : {attendu}"
