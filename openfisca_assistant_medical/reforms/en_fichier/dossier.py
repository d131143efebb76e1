"""A reform as a folder: the layout of `parameters/`, and `reforme.yaml` for its title."""

from pathlib import PurePosixPath
from typing import Any

from openfisca_assistant_medical.droit.heritage import completer
from openfisca_assistant_medical.reforms.en_fichier.contenu import (
    TETE,
    Contenu,
    Origine,
    ajouter,
    est_un_jour,
    inconnus,
    jour_valide,
    lire_l_origine,
)
from openfisca_assistant_medical.reforms.en_fichier.ecrit import Ecrit, lire

_COMMUNS = ("description", "documentation", "metadata")
_METADONNEES = (
    "unit",
    "reference",
    "confiance",
    "hypothese",
    "last_value_still_valid_on",
    "annonce_le",
)
_JOURS = ("last_value_still_valid_on", "annonce_le")
_CONFIANCES = ("integral", "extrait", "secondaire", "inference")


def lire_le_dossier(contenu: Contenu, octets: dict[str, bytes], commune: Origine) -> None:
    """Add to a reform the values of the files of its folder."""
    herites: dict[str, dict[str, Any]] = {"": {"origine": commune}}
    indexes: dict[str, str] = {}
    # The index of a folder is read before what is in it.
    for nom in sorted(octets, key=lambda n: (n.count("/"), PurePosixPath(n).stem != "index", n)):
        if nom == TETE:
            continue
        ecrit, fautes = lire(octets[nom], f"{contenu.nom}/{nom}")
        contenu.fautes += fautes
        if ecrit is None:
            continue
        chemin = PurePosixPath(nom)
        dossier = ".".join(chemin.parent.parts)
        recues = _au_dessus(herites, dossier)
        if chemin.stem == "index":
            if dossier in indexes:
                attendu = f"un seul index par dossier : il y a déjà {indexes[dossier]}"
                contenu.refuser(ecrit, dossier, attendu, "un second index")
                continue
            indexes[dossier] = ecrit.lieu.partition(",")[0]
            inconnus(contenu, ecrit, _COMMUNS, dossier)
            _textes(contenu, ecrit, dossier)
            herites[dossier] = _metadonnees(contenu, ecrit, recues, dossier)
        else:
            _descendre(contenu, ecrit, f"{dossier}.{chemin.stem}".lstrip("."), recues)


def _textes(contenu: Contenu, bloc: Ecrit, chemin: str) -> None:
    """Note what is said of a block in other than words."""
    for nom in ("description", "documentation"):
        dit = bloc.champs().get(nom)
        if dit is not None and not isinstance(dit.valeur, str):
            contenu.refuser(dit, f"{chemin} {nom}".strip(), "un texte")


def _au_dessus(herites: dict[str, dict[str, Any]], dossier: str) -> dict[str, Any]:
    while dossier not in herites:
        dossier = dossier.rpartition(".")[0]
    return herites[dossier]


def _descendre(contenu: Contenu, noeud: Ecrit, chemin: str, recues: dict[str, Any]) -> None:
    """Add the values of a block, then of those under it."""
    if not isinstance(noeud.valeur, dict):
        contenu.refuser(noeud, chemin, "un bloc, avec « values: … » ou des blocs")
        return
    _textes(contenu, noeud, chemin)
    metadonnees = _metadonnees(contenu, noeud, recues, chemin)
    if "values" not in noeud.valeur:
        for nom, enfant in noeud.valeur.items():
            if nom not in _COMMUNS:
                _descendre(contenu, enfant, f"{chemin}.{nom}", metadonnees)
        return
    inconnus(contenu, noeud, (*_COMMUNS, "values"), chemin)
    valeurs = noeud.valeur["values"]
    if not valeurs.champs():
        contenu.refuser(valeurs, chemin, "des dates, comme « 2027-01-01: {value: 6} »")
    for jour, ecrit in valeurs.champs().items():
        if not jour_valide(contenu, ecrit, chemin, jour):
            continue
        if list(ecrit.champs()) != ["value"]:
            contenu.refuser(ecrit, f"{chemin} au {jour}", "« {value: … } », et rien d’autre")
            continue
        _ajouter(contenu, ecrit.valeur["value"], chemin, jour, metadonnees)


def _ajouter(
    contenu: Contenu, ecrit: Ecrit, chemin: str, jour: str, metadonnees: dict[str, Any]
) -> None:
    citees = metadonnees.get("reference", {}).get(jour)
    origine: Origine = metadonnees["origine"]
    if citees is not None:
        origine = Origine(citees, origine.hypothese if metadonnees["hypothese_ici"] else None)
    gardees = {
        cle: valeur
        for cle, valeur in metadonnees.items()
        if cle in ("unit", "last_value_still_valid_on", "annonce_le")
    }
    confiance = metadonnees.get("confiance", {}).get(jour)
    if confiance is not None:
        gardees["confiance"] = confiance
    ajouter(contenu, ecrit, chemin, jour, origine, gardees)


def _metadonnees(
    contenu: Contenu, noeud: Ecrit, recues: dict[str, Any], chemin: str
) -> dict[str, Any]:
    """Metadata received from above, completed and corrected by a block's own."""
    herite = {"origine": recues["origine"], "hypothese_ici": recues.get("hypothese_ici", False)}
    bloc = noeud.champs().get("metadata")
    if bloc is None:
        return {**completer(recues, {}), **_autres(recues), **herite}
    inconnus(contenu, bloc, _METADONNEES, f"{chemin} metadata")
    if not isinstance(bloc.valeur, dict):
        contenu.refuser(bloc, f"{chemin} metadata", "un bloc de champs")
        return {**recues, **herite}
    propres = {nom: bloc.valeur[nom].nu() for nom in _METADONNEES if nom in bloc.valeur}
    for nom in _JOURS:
        if nom in propres and not (isinstance(propres[nom], str) and est_un_jour(propres[nom])):
            attendu = "un jour qui existe, écrit AAAA-MM-JJ"
            contenu.refuser(bloc.valeur[nom], f"{chemin} {nom}", attendu)
    propres["reference"] = _references(contenu, bloc, chemin)
    propres["confiance"] = _confiances(contenu, bloc, chemin)
    if "hypothese" in bloc.valeur:
        seule = Ecrit({"hypothese": bloc.valeur["hypothese"]}, bloc.lieu)
        herite["origine"] = lire_l_origine(contenu, seule, f"{chemin} metadata")
        herite["hypothese_ici"] = True
    return {**_autres(recues), **completer(recues, propres), **herite}


def _autres(recues: dict[str, Any]) -> dict[str, Any]:
    return {"annonce_le": recues["annonce_le"]} if "annonce_le" in recues else {}


def _references(contenu: Contenu, bloc: Ecrit, chemin: str) -> dict[str, Any]:
    ecrites = bloc.champs().get("reference")
    lues: dict[str, Any] = {}
    if ecrites is not None and not isinstance(ecrites.valeur, dict):
        contenu.refuser(ecrites, f"{chemin} reference", "des dates, chacune avec ses références")
    for jour, citees in ecrites.champs().items() if ecrites is not None else ():
        if jour_valide(contenu, citees, f"{chemin} reference", jour):
            seules = Ecrit({"reference": citees}, citees.lieu)
            lues[jour] = lire_l_origine(contenu, seules, f"{chemin} au {jour}").references
    return lues


def _confiances(contenu: Contenu, bloc: Ecrit, chemin: str) -> dict[str, Any]:
    ecrites = bloc.champs().get("confiance")
    lues: dict[str, Any] = {}
    if ecrites is not None and not isinstance(ecrites.valeur, dict):
        contenu.refuser(ecrites, f"{chemin} confiance", "des dates, chacune avec sa confiance")
    for jour, dite in ecrites.champs().items() if ecrites is not None else ():
        if not jour_valide(contenu, dite, f"{chemin} confiance", jour):
            continue
        if dite.valeur in _CONFIANCES:
            lues[jour] = dite.valeur
        else:
            attendu = f"un mot parmi {', '.join(_CONFIANCES)}"
            contenu.refuser(dite, f"{chemin} confiance", attendu)
    return lues
