"""An explanation (see `explication`) for people: in a terminal, or as a page.

Both show the report alone: whatever is shown is in it.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from openfisca_assistant_medical.affichage import JAMAIS, jour, minuscule, paragraphe
from openfisca_assistant_medical.pages import page
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.textes import STATUTS, citer
from openfisca_assistant_medical.tracabilite.lectures import en_phrase

PROFONDEUR = 2
_MARQUES = {"oui": "✓ ", "non": "✗ ", "→": "→ ", "": ""}
_MARQUES_LUES = {"oui": "oui :", "non": "non :", "→": "retenu :"}
CONFIANCES = {
    "integral": "lu en entier",
    "extrait": "lu en extrait",
    "secondaire": "de seconde main",
    "inference": "déduit",
}


def afficher(console: Console, rapport: dict[str, Any], profondeur: int = PROFONDEUR) -> None:
    """Print an explanation, top down.

    Args:
        console: where to print.
        rapport: the explanation.
        profondeur: how many steps down from the result; 0 = all. What refuses, or brings to
            nothing, is followed to its cause whatever the depth.
    """
    _ecrire(console, f"{rapport['medecin']}, {rapport['loi']['nom']}", style="bold")
    _ecrire(console, f"{_titre(rapport)} : {rapport['texte']}", style="bold")
    for reserve in rapport["reserves"]:
        _ecrire(console, f"\n! {reserve['texte']}", style="yellow")
        if reserve["manque"]:
            manque = (minuscule(manque["label"]) for manque in reserve["manque"])
            _ecrire(console, f"Manque : {' ; '.join(manque)}.", retrait=2)
        _ecrire(console, f"À demander. {reserve['demander']} (étape {reserve['etape']})", retrait=2)
    montrees = a_montrer(rapport, profondeur)
    parametres = {(lu["parametre"], lu["depuis"]): lu for lu in rapport["parametres"]}
    dispositions = {disposition["id"]: disposition for disposition in rapport["dispositions"]}
    for etape in rapport["etapes"]:
        if etape["numero"] in montrees:
            _etape(console, etape, parametres, dispositions)
            # A provision is told once.
            for identifiant in etape["dispositions"]:
                dispositions[identifiant] = None
    if reste := len(rapport["etapes"]) - len(montrees):
        _ecrire(
            console,
            f"\n{reste} étape(s) de plus : --profondeur 0 les donne toutes, --html FICHIER en fait "
            "une page.",
        )
    _lectures(console, rapport, montrees)
    _saisies(console, rapport)


def a_montrer(rapport: dict[str, Any], profondeur: int) -> set[int]:
    """Numbers of the steps within a depth, and of those that bring the result to nothing."""
    etapes = {etape["numero"]: etape for etape in rapport["etapes"]}
    if profondeur == 0:
        return set(etapes)
    rang = {*list(etapes)[:1], *(reserve["etape"] for reserve in rapport["reserves"])}
    montrees = set(rang)
    for _ in range(1, min(profondeur, len(etapes))):
        rang = {suivante for numero in rang for suivante in etapes[numero]["suivantes"]} - montrees
        montrees |= rang
    pile = [numero for numero in montrees if _rien(etapes[numero])]
    while pile:
        causes = {
            suivante
            for suivante in etapes[pile.pop()]["suivantes"]
            if _rien(etapes[suivante]) or etapes[suivante]["valeur"] is True
        }
        pile += causes - montrees
        montrees |= causes
    return montrees


def _rien(etape: dict[str, Any]) -> bool:
    """No, nothing, or no figure in force."""
    return etape["valeur"] == 0 or any(lu["depuis"] is None for lu in etape["parametres"])


def _etape(
    console: Console,
    etape: dict[str, Any],
    parametres: dict[tuple[str, str | None], Any],
    dispositions: dict[str, Any],
) -> None:
    _ecrire(console, f"\n{etape['numero']}. {_titre(etape)} : {etape['texte']}", style="bold")
    if etape["obstacle"]:
        _ecrire(console, f"Arithmétique non lue : {etape['obstacle']}.", retrait=3, style="yellow")
    for ligne in etape["lignes"]:
        texte = f"{_MARQUES[ligne['marque']]}{ligne['texte']}"
        style = "dim" if ligne["indifferent"] else ""
        _ecrire(console, texte, retrait=3 + 2 * ligne["niveau"], style=style)
    if etape["chiffres"]:
        _ecrire(console, etape["chiffres"], retrait=3, style="green")
    if etape["suivantes"]:
        _ecrire(console, f"Voir : {', '.join(map(str, etape['suivantes']))}.", retrait=3)
    for lu in etape["parametres"]:
        _ecrire(console, figure(parametres[lu["parametre"], lu["depuis"]]), retrait=3)
    for identifiant in etape["dispositions"]:
        if dispositions[identifiant]:
            _ecrire(console, provision(dispositions[identifiant]), retrait=3)
    if dites := [nom for nom in etape["dispositions"] if not dispositions[nom]]:
        _ecrire(console, f"Textes déjà cités : {', '.join(dites)}.", retrait=3)
    if etape["lieu"]:
        _ecrire(console, f"Code : {etape['lieu']}", retrait=3, style="dim")


def _titre(resultat: dict[str, Any]) -> str:
    return f"{resultat['label']} ({resultat['variable']}{_a(resultat['periode'])})"


def _a(periode: str) -> str:
    return "" if periode == TOUJOURS else f", {periode}"


def figure(parametre: dict[str, Any]) -> str:
    """A figure of the law on one line: value, date, sources, confidence."""
    chemin = parametre["parametre"]
    if parametre["depuis"] is None:
        return f"Loi : {chemin}, rien de publié au {_jours(parametre['lu_au'])}."
    if parametre["valeur"] is None:
        return f"Loi : {chemin}, sans objet depuis le {jour(parametre['depuis'])}."
    sources = " ; ".join(reference["title"] for reference in parametre["references"])
    confiance = CONFIANCES.get(parametre["confiance"], "confiance non dite")
    avant = any(lu < parametre["depuis"] for lu in parametre["lu_au"])
    note = ", premier texte qui le fixe" if avant else ""
    nature = "Hypothèse" if parametre["hypothese"] else "Loi"
    return (
        f"{nature} : {chemin} = {parametre['texte']}, depuis le {jour(parametre['depuis'])}{note}. "
        f"{sources or 'Sans source'} ({confiance})."
    )


def _jours(jours: Iterable[str]) -> str:
    return " et au ".join("jour sans contrat" if j == JAMAIS else jour(j) for j in jours)


def provision(disposition: dict[str, Any]) -> str:
    """A provision on one line: its place, what it says, what the model makes of it."""
    statut = STATUTS[disposition["statut"]]
    return (
        f"Texte : {citer(disposition['source'])}, {minuscule(disposition['endroit'])} "
        f"({disposition['id']}, {statut}). {disposition['enonce']}"
    )


def _lectures(console: Console, rapport: dict[str, Any], montrees: set[int]) -> None:
    changent = [lecture for lecture in rapport["lectures"] if lecture["change"]]
    if changent:
        _ecrire(console, "\nLectures qui changeraient ce résultat", style="bold")
    for lecture in changent:
        _ecrire(
            console,
            f"- {lecture['question']} ({lecture['id']}) Retenu : {en_phrase(lecture['retenue'])}. "
            f"L’autre lecture, {en_phrase(lecture['autre'])}, donne {lecture['texte_autre']}.",
        )
    sans_effet = [lecture["id"] for lecture in rapport["lectures"] if lecture["change"] is False]
    if sans_effet:
        _ecrire(console, "\nLectures consultées, dont l’autre sens donne ici le même résultat")
        _ecrire(console, f"{', '.join(sans_effet)}.", retrait=2)
    inscrites = [
        lecture["id"]
        for lecture in rapport["lectures"]
        if lecture["change"] is None and montrees & set(lecture["etapes"])
    ]
    if inscrites:
        _ecrire(console, "\nAutres points douteux de ces étapes, sans alternative calculable")
        _ecrire(console, f"{', '.join(inscrites)}.", retrait=2)


def _saisies(console: Console, rapport: dict[str, Any]) -> None:
    for titre, donnee in (("Données du médecin", True), ("Non données, valeur par défaut", False)):
        lignes = [
            f"{minuscule(saisie['label'])}{_a(saisie['periode'])} ({saisie['texte']})"
            for saisie in rapport["saisies"]
            if saisie["donnee"] is donnee
        ]
        if lignes:
            _ecrire(console, f"\n{titre}", style="bold")
            _ecrire(console, f"{' ; '.join(lignes)}.", retrait=2)


def _ecrire(console: Console, texte: str, retrait: int = 0, style: str = "") -> None:
    if texte.startswith("\n"):
        console.print()
    paragraphe(console, texte.lstrip("\n"), " " * retrait, style)


def en_html(rapport: dict[str, Any]) -> str:
    """The whole explanation as one self-contained page."""
    return page("explication.html", version=rapport["version"], **_contexte(rapport))


def corps_html(rapport: dict[str, Any]) -> str:
    """The sections of the explanation alone, to lay in another page, under a title of level 1."""
    return page("explication_corps.html", **_contexte(rapport))


def _contexte(rapport: dict[str, Any]) -> dict[str, Any]:
    return {
        "rapport": rapport,
        "marques": _MARQUES_LUES,
        "confiances": CONFIANCES,
        "statuts": STATUTS,
    }
