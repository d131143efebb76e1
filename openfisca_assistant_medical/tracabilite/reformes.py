"""The reforms that are known, and what a reform that is a file changes.

The list, as `enumerer` gives it and `assistant-medical reformes --json` prints it:

    {"format": 1, "reformes": [{"nom", "titre", "fichier"}]}      # "fichier": null in the package

What a file changes, as `examiner` gives it and `assistant-medical reformes FILE --json` prints it:

    {"format": 1,
     "reforme": {"id", "titre", "description", "fichier", "empreinte", "sur": [name]},
     "loi": {…},                                    # the law it was laid over, as in `contrats`
     "valeurs": [{"parametre", "description", "unite", "date", "avant", "apres", "nouvelle_ligne",
                  "hypothese", "references", "lieu"}]}

`empreinte` is the sha256 of the content. `avant` is what the law gives on that day, by another line
where the reform adds one to a table; null = not published. `lieu` is the file and the line.
"""

import re
from collections.abc import Iterator
from typing import Any

from openfisca_core.parameters import Parameter
from rich.console import Console

from openfisca_assistant_medical.affichage import en_mots, jour, paragraphe
from openfisca_assistant_medical.lois import (
    ReformeInconnue,
    decrire,
    lois,
    reformes_en_fichier,
    trouver_reforme,
)
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.reforms.en_fichier import (
    ReformeEnFichier,
    lignes_nouvelles,
)

FORMAT = 1
_RANG = re.compile(r"rang_([0-9]+)")


def enumerer() -> dict[str, Any]:
    """The reforms of the package, then those of the folders of `ASSISTANT_MEDICAL_REFORMES`.

    Raises:
        ReformeInconnue: two files of one name.
    """
    en_fichier = reformes_en_fichier()
    return {
        "format": FORMAT,
        "reformes": [
            {
                "nom": nom,
                "titre": trouver_reforme(nom).name or "sans titre lisible",
                "fichier": str(en_fichier[nom]) if nom in en_fichier else None,
            }
            for nom in dict.fromkeys([*registre.connues(), *en_fichier])
        ],
    }


def examiner(nom: str, sous: list[str]) -> dict[str, Any]:
    """What a reform that is a file changes, once it is checked.

    Args:
        nom: path of the file or of the folder, or its name in the folders.
        sous: reforms of the law to lay it over, in order; none = those that it says it lies over.

    Raises:
        ReformeInconnue: no such file, or with all its faults.
    """
    classe = trouver_reforme(nom)
    if not issubclass(classe, ReformeEnFichier):
        raise ReformeInconnue(
            f"Réforme : reçu « {nom} », écrite en Python ; attendu : un fichier de réforme "
            f"(.yaml). Remède : assistant-medical differences --entre base {nom}."
        )
    contenu = classe.contenu
    ((_, systeme),) = lois([*(sous or _supposees(contenu.sur)), nom], comparer=False)
    avant, apres = systeme.baseline.parameters, systeme.parameters
    ajoutees = set(lignes_nouvelles(avant, contenu.valeurs))
    return {
        "format": FORMAT,
        "reforme": {
            "id": classe.identifiant,
            "titre": contenu.titre,
            "description": contenu.description,
            "fichier": str(classe.chemin),
            "empreinte": classe.empreinte,
            "sur": list(contenu.sur),
        },
        "loi": decrire(systeme.baseline),
        "valeurs": [
            {
                "parametre": valeur.chemin,
                "description": _noeud(apres, valeur.chemin).description,
                "unite": _noeud(apres, valeur.chemin).metadata.get("unit"),
                "date": valeur.jour,
                "avant": _servie(avant, valeur.chemin.split("."), valeur.jour),
                "apres": valeur.valeur,
                "nouvelle_ligne": valeur.chemin in ajoutees,
                "hypothese": valeur.hypothese,
                "references": valeur.metadonnees.get("reference", []),
                "lieu": valeur.lieu,
            }
            for valeur in contenu.valeurs
        ],
    }


def _supposees(noms: tuple[str, ...]) -> list[str]:
    """Reforms to lay first: those that a reform lies over, and those that these lie over."""
    par_classe = {registre.trouver(nom): nom for nom in registre.connues()}

    def avec_les_siennes(nom: str) -> Iterator[str]:
        for classe in getattr(registre.trouver(nom), "suppose", ()):
            yield from avec_les_siennes(par_classe[classe])
        yield nom

    return list(dict.fromkeys(n for nom in noms for n in avec_les_siennes(nom)))


def _noeud(racine: Any, chemin: str) -> Any:
    for nom in chemin.split("."):
        racine = racine.children[nom]
    return racine


def _servie(noeud: Any, noms: list[str], au: str) -> Any:
    """Value that the law gives to a line on a day, be it by a line that stands for it."""
    if isinstance(noeud, Parameter):
        return next((v.value for v in noeud.values_list if v.instant_str <= au), None)
    if not noms:
        return None
    for nom in (noms[0], *_rangs_au_dessous(noms[0]), "par_defaut"):
        if nom in noeud.children:
            valeur = _servie(noeud.children[nom], noms[1:], au)
            if valeur is not None:
                return valeur
    return None


def _rangs_au_dessous(nom: str) -> Iterator[str]:
    if trouve := _RANG.match(nom):
        yield from (f"rang_{rang}_et_plus" for rang in range(int(trouve[1]), 0, -1))


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print what a file changes, value by value."""
    reforme, valeurs = rapport["reforme"], rapport["valeurs"]
    paragraphe(console, f"{reforme['titre']} ({reforme['id']})", style="bold")
    if reforme["description"]:
        paragraphe(console, reforme["description"])
    paragraphe(console, f"Sur : {rapport['loi']['nom']}.")
    for valeur in valeurs:
        console.print()
        paragraphe(console, valeur["description"] or valeur["parametre"])
        paragraphe(console, valeur["parametre"], "  ", style="dim")
        paragraphe(console, f"à partir du {jour(valeur['date'])} : {_changement(valeur)}", "  ")
        titres = " ; ".join(reference["title"] for reference in valeur["references"])
        paragraphe(console, f"{titres or 'sans référence'} ({valeur['lieu']})", "  ", style="dim")
    console.print()
    sans_effet = sum(valeur["avant"] == valeur["apres"] for valeur in valeurs)
    note = f", dont {sans_effet} que la loi a déjà" if sans_effet else ""
    paragraphe(console, f"{len(valeurs)} valeur(s){note}. Rien à corriger.")


def _changement(valeur: dict[str, Any]) -> str:
    apres = en_mots(valeur["apres"], valeur["unite"])
    if valeur["avant"] == valeur["apres"]:
        return f"{apres}, comme dans la loi"
    ligne = ", ligne ajoutée à la table" if valeur["nouvelle_ligne"] else ""
    return f"{en_mots(valeur['avant'], valeur['unite'])} → {apres}{ligne}"


def afficher_la_liste(console: Console, rapport: dict[str, Any]) -> None:
    """Print the known reforms, one a line."""
    for reforme in rapport["reformes"]:
        ou = f" ({reforme['fichier']})" if reforme["fichier"] else ""
        paragraphe(console, f"{reforme['nom']} : {reforme['titre']}{ou}")
