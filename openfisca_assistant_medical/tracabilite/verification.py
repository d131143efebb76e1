"""What must be checked against the *Journal officiel* before anyone relies on it, by weight.

No official text of the aid could be read whole: everything is to be checked, this says in which
order. The report, as `a_verifier` gives it and `assistant-medical a-verifier --json` prints it:

    {"format": 1, "exemples": [name], "points": [
        {"genre", "id", "depuis", "quoi", "retenu", "confiance", "sources", "dispositions",
         "euros", "poids"}]}

`genre` is "chiffres" (the figures of a table at one date, `id` its path), "lecture" (a reading that
has an executable alternative) or "doute" (one that has none). `euros` is the aid due, in the
examples given with the package and under both laws, of the contract years whose amount or payment
hangs on these figures, or, for a reading, by how much the other one changes what is paid in each
calendar year; null where it cannot be computed. `poids` is `euros` times the doubt about the
source: 1, read whole, to 4, deduced.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.simulations import SimulationBuilder
from rich.console import Console

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import euros, jour, paragraphe
from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.exemples import EXEMPLES, situation
from openfisca_assistant_medical.lois import lois, sous_l_autre_lecture
from openfisca_assistant_medical.reforms.lectures import LECTURES
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.tracabilite.explication import Explicable, reprendre
from openfisca_assistant_medical.tracabilite.explication.recit import Recit
from openfisca_assistant_medical.tracabilite.explication.restitution import CONFIANCES
from openfisca_assistant_medical.tracabilite.lectures import (
    en_phrase,
    qui_en_dependent,
)

FORMAT = 1
_LOIS: tuple[list[str], ...] = ([], ["convention_2024"])
# A law whose own figures are to be checked too, though no example has such a contract.
_SANS_EXEMPLE = ["convention_2024", "aide_collective_2026"]
_ANNEES = range(2019, 2036)
# What a contract year gives, and when.
_DROITS = ("aide_due", "acompte", "date_versement_acompte", "date_versement_solde")
_DOUTES = {"integral": 1, "extrait": 2, "secondaire": 3, "inference": 4}
_LECTURES = "lectures."
Suivi = Callable[[str], None]


def a_verifier(suivi: Suivi = lambda etape: None) -> dict[str, Any]:
    """What is to be checked, the heaviest first.

    Args:
        suivi: told what is being done: it takes some seconds.
    """
    exemples = _exemples()
    chiffres: dict[tuple[str, str], dict[str, Any]] = {}
    changements = dict.fromkeys(LECTURES, 0.0)
    for noms in _LOIS:
        ((description, systeme),) = lois(noms, comparer=False)
        suivi(f"Chiffres dont dépendent les exemples, loi {description['id']}")
        simulation = _simuler(systeme, exemples)
        _peser_les_chiffres(Explicable(simulation), chiffres)
        retenue = _payee(simulation)
        for lecture in LECTURES:
            suivi(f"Autre lecture, {lecture}, loi {description['id']}")
            autre = sous_l_autre_lecture(systeme, lecture)
            if autre is not None:
                ecart = _payee(reprendre(simulation, autre)) - retenue
                changements[lecture] += float(numpy.abs(ecart).sum())
    ((_, systeme),) = lois(_SANS_EXEMPLE, comparer=False)
    _recenser(systeme, chiffres)
    _ponderer(chiffres)
    points = [
        *chiffres.values(),
        *(_lecture(systeme, nom, change) for nom, change in changements.items()),
        *(_lecture(systeme, nom, None) for nom in textes.lectures() if nom not in LECTURES),
    ]
    points.sort(key=lambda point: (-(point["poids"] or 0), point["genre"], point["id"]))
    return {"format": FORMAT, "exemples": list(exemples), "points": points}


def _exemples() -> dict[str, Any]:
    """The situations given with the package, by name."""
    return {nom: situation(nom) for nom in sorted(EXEMPLES)}


def _simuler(systeme: Any, exemples: dict[str, Any]) -> Any:
    """All the examples in one simulation."""
    ensemble: dict[str, dict[str, Any]] = {"medecins": {}, "cabinets": {}}
    for exemple, brut in exemples.items():
        situation = verifier(brut, systeme)
        for medecin, donnees in situation["medecins"].items():
            ensemble["medecins"][f"{exemple}/{medecin}"] = donnees
        for cabinet, membres in situation["cabinets"].items():
            noms = [f"{exemple}/{medecin}" for medecin in membres["membres"]]
            ensemble["cabinets"][f"{exemple}/{cabinet}"] = {"membres": noms}
    return SimulationBuilder().build_from_entities(systeme, ensemble)


def _payee(simulation: Any) -> NDArray[numpy.float64]:
    """Aid paid by calendar year, in euros, shape (years, doctors)."""
    return numpy.stack([simulation.calculate("depense_annuelle", str(annee)) for annee in _ANNEES])


def _peser_les_chiffres(
    explicable: Explicable, chiffres: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Add to each group of figures the aid due that hangs on it, in euros."""
    _recenser(explicable.systeme, chiffres)
    for rang in range(len(explicable.medecins)):
        for annee in _ANNEES:
            due = explicable.valeur(("aide_due", str(annee)), rang)
            if due:
                recit = Recit(explicable, rang)
                for variable in _DROITS:
                    recit.suivre((variable, str(annee)))
                lus = {
                    (_table(explicable.vocabulaire.noeud(chemin)), depuis)
                    for chemin, depuis in recit.lus()
                    if depuis is not None
                }
                for cle in lus & chiffres.keys():
                    chiffres[cle]["euros"] += due


def _recenser(systeme: Any, chiffres: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Add the figures of a law to their groups."""
    for noeud in systeme.parameters.get_descendants():
        for valeur in getattr(noeud, "values_list", ()):
            if valeur.value is not None and not noeud.name.startswith(_LECTURES):
                cle = _table(noeud), valeur.instant_str
                _noter(chiffres.setdefault(cle, _groupe(*cle)), noeud, valeur)


def _ponderer(chiffres: dict[tuple[str, str], dict[str, Any]]) -> None:
    for groupe in chiffres.values():
        groupe["euros"] = round(groupe["euros"], 2)
        groupe["poids"] = round(groupe["euros"] * _DOUTES[groupe["confiance"]], 2)


def _table(noeud: Any) -> str:
    """The legal table of a figure: its file."""
    chemin = str(noeud.file_path).replace("\\", "/").removesuffix(".yaml")
    return ".".join(chemin.rpartition("/parameters/")[2].split("/"))


def _groupe(table: str, depuis: str) -> dict[str, Any]:
    return {
        "genre": "chiffres",
        "id": table,
        "depuis": depuis,
        "quoi": "",
        "retenu": "",
        "confiance": "integral",
        "sources": [],
        "dispositions": [],
        "euros": 0.0,
        "poids": None,
    }


def _noter(groupe: dict[str, Any], feuille: Any, valeur: Any) -> None:
    """Add a figure to its group: the least sure of them gives the doubt."""
    confiance = feuille.metadata.get("confiance", {}).get(valeur.instant_str, "inference")
    references = feuille.metadata.get("reference", {}).get(valeur.instant_str, [])
    groupe["confiance"] = max(groupe["confiance"], confiance, key=_DOUTES.__getitem__)
    groupe["quoi"] = groupe["quoi"] or (feuille.description or "").split(" — ")[0]
    for champ, cites in (
        ("sources", [reference["title"] for reference in references]),
        ("dispositions", feuille.metadata["dispositions"].get(valeur.instant_str, [])),
    ):
        groupe[champ] = list(dict.fromkeys([*groupe[champ], *cites]))


def _lecture(systeme: Any, nom: str, change: float | None) -> dict[str, Any]:
    """A reading, and by how much the other one changes what is paid; None = not computable."""
    presentee = presenter(systeme, nom)
    return {
        "genre": "doute" if change is None else "lecture",
        "id": nom,
        "depuis": None,
        "quoi": presentee["question"],
        "retenu": presentee["retenue"],
        "confiance": "inference",
        "sources": [*presentee["sources"], *presentee["sources_de_l_autre"]],
        "dispositions": [d.id for d in qui_en_dependent(nom)],
        "euros": None if change is None else round(change, 2),
        "poids": None if change is None else round(change * _DOUTES["inference"], 2),
    }


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print the points, the heaviest first; those that weigh nothing here by name alone."""
    paragraphe(
        console,
        "Aucun texte officiel de l’aide n’a pu être lu en entier. À vérifier au Journal officiel "
        "avant tout usage, du plus lourd au plus léger. Poids : euros d’aide des exemples "
        f"({len(rapport['exemples'])}, sous les deux lois) qui en dépendent, ou que l’autre "
        "lecture change, multipliés par le doute (lu en entier 1, extrait 2, seconde main 3, "
        "déduit 4).",
    )
    rang = 0
    for rang, point in enumerate(_pesants(rapport["points"]), 1):
        console.print()
        depuis = f", au {jour(point['depuis'])}" if point["depuis"] else ""
        titre = f"{rang}. {point['quoi']} ({point['id']}{depuis})"
        paragraphe(console, titre, style="bold")
        chiffre = point["genre"] == "chiffres"
        paragraphe(
            console,
            f"Poids {euros(point['poids'])} : {euros(point['euros'])} "
            f"{'en dépendent' if chiffre else 'changent'}, {CONFIANCES[point['confiance']]}.",
            "   ",
        )
        if point["retenu"]:
            paragraphe(console, f"Retenu : {en_phrase(point['retenu'])}.", "   ")
        if point["sources"]:
            paragraphe(console, f"Sources : {' ; '.join(point['sources'])}.", "   ")
        if point["dispositions"]:
            paragraphe(console, f"Dispositions : {', '.join(point['dispositions'])}.", "   ")
    for genre, titre in _SANS_POIDS.items():
        noms = [
            point["id"] + (f" ({jour(point['depuis'])})" if point["depuis"] else "")
            for point in rapport["points"][rang:]
            if point["genre"] == genre
        ]
        if noms:
            console.print()
            paragraphe(console, f"{titre} : {', '.join(noms)}.")


def _pesants(points: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (point for point in points if point["poids"])


_SANS_POIDS = {
    "chiffres": "Chiffres dont aucun exemple ne dépend",
    "lecture": "Lectures sans effet sur les exemples",
    "doute": "Autres points douteux, sans alternative calculable",
}
