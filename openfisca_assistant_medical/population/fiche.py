"""The shape of what a result says of itself: what of it is read again must be as it was written."""

import math
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from openfisca_assistant_medical.annees import ANNEES_DITES, est_une_annee
from openfisca_assistant_medical.population.table.tables import MODES
from openfisca_assistant_medical.situations.erreurs import montrer

_LETTRES = 200  # of the name of a file of a result


def _est(*genres: type) -> Callable[[Any], bool]:
    return lambda valeur: type(valeur) in genres


def _texte(valeur: Any) -> bool:
    """Whether it is a text that can be written: JSON may hold half of a sign."""
    try:
        return isinstance(valeur, str) and valeur.encode() is not None
    except UnicodeEncodeError:
        return False


def _textes(valeur: Any) -> bool:
    """Whether it is an object of texts."""
    return isinstance(valeur, dict) and all(map(_texte, (*valeur, *valeur.values())))


def _objets(valeur: Any) -> bool:
    return isinstance(valeur, list) and bool(valeur) and all(isinstance(o, dict) for o in valeur)


def _empreintes(valeur: Any) -> bool:
    genres = ("parametres", "formules")
    return isinstance(valeur, dict) and all(isinstance(valeur.get(genre), dict) for genre in genres)


def _annees(valeur: Any) -> bool:
    return isinstance(valeur, list) and all(map(est_une_annee, valeur))


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
    return isinstance(valeur, list) and all(map(_texte, valeur))


def _noms_distincts(valeur: Any) -> bool:
    return _noms(valeur) and 0 < len(valeur) == len(set(valeur))


def _fini(valeur: Any) -> bool:
    """Whether it is a number of contracts: finite, 0 at least."""
    return type(valeur) in (int, float) and 0 <= valeur < 2**63 and math.isfinite(valeur)


def _naturel(minimum: int) -> Callable[[Any], bool]:
    return lambda valeur: type(valeur) is int and minimum <= valeur < 2**63


_Forme = dict[str, tuple[Callable[[Any], bool], str]]
_TEXTE = (_texte, "un texte")
_TEXTE_OU_RIEN = (lambda valeur: valeur is None or _texte(valeur), "un texte ou null")
_FICHE: _Forme = {
    "date": _TEXTE,
    "commande": _TEXTE_OU_RIEN,
    "versions": (_textes, "un objet de textes"),
    "options": (_est(dict), "un objet"),
    "entree": (_est(dict), "un objet"),
    "lois": (_objets, "une liste d’objets, d’une loi au moins"),
    "resultats": (_fichiers, "l’empreinte de chaque fichier du résultat, par son nom"),
}
_ENTREE: _Forme = {"chemin": _TEXTE_OU_RIEN, "absolu": _TEXTE_OU_RIEN, "empreinte": _TEXTE}
_LOI: _Forme = {
    "nom": _TEXTE,
    "id": _TEXTE,
    "titre": _TEXTE,
    "reformes": (_noms, "une liste de noms"),
    "parametres": _TEXTE,
    "formules": _TEXTE,
    "fichiers": (_textes, "un objet de textes"),
    "detail": (_empreintes, "un objet avec « parametres » et « formules »"),
}
_OPTIONS: _Forme = {
    "annees": (_annees, f"une liste d’années, {ANNEES_DITES}"),
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
_DESCRIPTION: _Forme = {
    "lois": (_noms_distincts, "une liste de lois distinctes, d’une au moins"),
    "annees": (
        lambda valeur: bool(valeur) and _annees(valeur),
        f"une liste d’années, d’une au moins, {ANNEES_DITES}",
    ),
    "lectures": _OPTIONS["lectures"],
    "lignes": (_naturel(0), "un nombre entier, 0 au moins"),
    "contrats": (_fini, "un nombre, 0 au moins"),
    "lignes_ecartees": (_naturel(0), "un nombre entier, 0 au moins"),
    "synthetique": (_est(bool), "true ou false"),
    "source": (_est(dict), "un objet"),
    "tirages": (_est(dict, type(None)), "un objet ou null"),
}


def fautes_de_la_description(description: dict[str, Any]) -> Iterator[str]:
    """The same of the description of a result, which may lack what it does not say.

    Args:
        description: as read.
    """
    dits = {nom: forme for nom, forme in _DESCRIPTION.items() if nom in description}
    yield from _fautes(description, dits, "")
    tirages = description.get("tirages")
    if isinstance(tirages, dict):
        yield from _fautes(tirages, _TIRAGES, "tirages.")


def _somme(valeur: Any) -> bool:
    """Whether it is a sum in millionths, of those that a number can hold."""
    return type(valeur) is int and abs(valeur) < 2**100


def _lectures(valeur: Any) -> bool:
    """Whether it is a list of rows: law, reading, year, rows of the table, and two sums."""
    return isinstance(valeur, list) and all(
        isinstance(ligne, list)
        and len(ligne) == 6
        and all(map(_texte, ligne[:2]))
        and est_une_annee(ligne[2])
        and _naturel(0)(ligne[3])
        and all(map(_somme, ligne[4:]))
        for ligne in valeur
    )


_BILAN: _Forme = {
    "lignes": (_naturel(0), "un nombre entier, 0 au moins"),
    "poids": (lambda valeur: _somme(valeur) and valeur >= 0, "un nombre entier, 0 au moins"),
    "lectures": (_lectures, "une liste de lignes, de deux textes et de quatre nombres entiers"),
}


def fautes_du_bilan(bilan: dict[str, Any]) -> Iterator[str]:
    """The same of what a part of a run says of itself.

    Args:
        bilan: as read.
    """
    return _fautes(bilan, _BILAN, "")


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
