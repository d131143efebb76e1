"""What a comparison says, in one page: costs by year, winners and losers, how sure it is.

The report, which `simuler --json` prints:

    {"format": 1, "synthetique", "description": {…},
     "lois": [{"loi", "annees": [{"annee", "lignes", "contrats", "aide_maximale", "aide_due",
        "aide_perdue", "depense", "certitude": {certainty: {"aide_due", "depense"}},
        "ecart": {"aide_due", "depense", "certitude": {…}} | null}]}],
     "gagnants_perdants": {loi: [{"groupe", "lignes", "changent", "contrats", "gain_total",
        "gain_moyen", "gain_median", "certitude": {certainty of the gain: {"lignes", "contrats",
        "gain_total"}}}]},
     "lectures": [{"loi", "lecture", "annee", "lignes", "contrats", "ecart"}] | null,
     "intervalles": [{"loi", "annee", "grandeur", "moyenne", "bas", "mediane", "haut"}] | null,
     "parts_de_variance": [{"loi", "grandeur", "hypothese", "part", "raison"}] | null}

The intervals hold nine draws in ten; a null year is all of them. A null share of the variance has
its reason. `ecart` is that law minus the
reference, the first. Amounts are in euros; `aide_due` is by contract year that starts in the year,
`depense` by calendar year of payment.
"""

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from openfisca_assistant_medical.affichage import (
    en_mots,
    euros,
    imprimer,
    minuscule,
    paragraphe,
)
from openfisca_assistant_medical.population import libelles
from openfisca_assistant_medical.population.cellules import CERTITUDES, CERTITUDES_DU_GAIN
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.intervalles import intervalles, parts_de_variance
from openfisca_assistant_medical.population.libelles import argent

FORMAT = 1
_SEUIL = 1.0  # euros over all the years, under which a contract is unaffected
_RESTE = "le reste"
_MONTANTS = ("aide_due", "depense")
_SURETES = {nom: libelles.CERTITUDES[nom] for nom in CERTITUDES}
_SURETES_DU_GAIN = {nom: libelles.CERTITUDES_DU_GAIN[nom] for nom in CERTITUDES_DU_GAIN}


def resumer(resultat: Resultat) -> dict[str, Any]:
    """The report of a comparison, as told at the top."""
    couts = resultat.cout_par_annee().to_pylist()
    parts = resultat.par_certitude().to_pylist()
    reference = resultat.lois[0]
    lignes: dict[tuple[str, int], dict[str, Any]] = {}
    for cout in couts:
        certitude = {nom: dict.fromkeys(_MONTANTS, 0.0) for nom in CERTITUDES}
        for part in parts:
            if (part["loi"], part["annee"]) == (cout["loi"], cout["annee"]):
                certitude[part["certitude"]] = {m: part[m] or 0.0 for m in _MONTANTS}
        ligne = {cle: valeur for cle, valeur in cout.items() if cle != "loi"}
        lignes[cout["loi"], cout["annee"]] = {**ligne, "certitude": certitude, "ecart": None}
    for (loi, annee), ligne in lignes.items():
        if loi != reference and (reference, annee) in lignes:
            ligne["ecart"] = _ecart(ligne, lignes[reference, annee])
    lectures = resultat.lectures
    return {
        "format": FORMAT,
        "synthetique": bool(resultat.description.get("synthetique")),
        "description": resultat.description,
        "lois": [
            {"loi": nom, "annees": [ligne for (loi, _), ligne in lignes.items() if loi == nom]}
            for nom in resultat.lois
        ],
        "gagnants_perdants": {
            nom: list(_gagnants_et_perdants(resultat, nom)) for nom in resultat.lois[1:]
        },
        "lectures": None if lectures is None else lectures.to_pylist(),
        **_incertitude(resultat),
    }


def _gagnants_et_perdants(resultat: Resultat, loi: str) -> Iterator[dict[str, Any]]:
    """Groups, each split by certainty of the gain."""
    parts: dict[str, dict[str, Any]] = {}
    for part in resultat.compute_winners_losers(loi, _SEUIL, par_certitude=True).to_pylist():
        dits = {nom: part[nom] for nom in ("lignes", "contrats", "gain_total")}
        parts.setdefault(part["groupe"], {})[part["certitude"]] = dits
    rien = {"lignes": 0, "contrats": 0.0, "gain_total": 0.0}
    for groupe in resultat.compute_winners_losers(loi, _SEUIL).to_pylist():
        siennes = parts.get(groupe["groupe"], {})
        certitude = {nom: siennes.get(nom, rien) for nom in CERTITUDES_DU_GAIN}
        yield {c: v for c, v in groupe.items() if c != "modalite"} | {"certitude": certitude}


def _incertitude(resultat: Resultat) -> dict[str, Any]:
    if resultat.tirages is None:
        return {"intervalles": None, "parts_de_variance": None}
    return {
        "intervalles": intervalles(resultat.tirages).to_pylist(),
        "parts_de_variance": parts_de_variance(resultat.tirages).to_pylist(),
    }


def _ecart(ligne: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    return {
        **{m: ligne[m] - reference[m] for m in _MONTANTS},
        "certitude": {
            nom: {m: ligne["certitude"][nom][m] - reference["certitude"][nom][m] for m in _MONTANTS}
            for nom in CERTITUDES
        },
    }


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Say the report to people: no total without what it rests on."""
    if rapport["synthetique"]:
        console.print("Population synthétique : ces montants ne disent rien de la dépense réelle.")
    description = rapport["description"]
    console.print(
        f"{en_mots(description['lignes'])} contrats calculés"
        + _pondere(description)
        + f", {en_mots(description['lignes_ecartees'])} lignes écartées."
    )
    reference = rapport["lois"][0]["loi"]
    for loi in rapport["lois"]:
        _tableau(console, f"Loi {loi['loi']}", "aide_due", loi["annees"])
    for loi in rapport["lois"][1:]:
        ecarts = [{"annee": an["annee"], **an["ecart"]} for an in loi["annees"] if an["ecart"]]
        for montant in _MONTANTS:
            _tableau(console, f"Écart de {loi['loi']} à {reference}", montant, ecarts)
    for nom, groupes in rapport["gagnants_perdants"].items():
        console.print(
            f"\nContrats selon ce que {nom} leur change, sur toutes les années", style="bold"
        )
        imprimer(console, _gagnants(groupes))
    if rapport["intervalles"] is not None:
        _afficher_les_intervalles(console, rapport)
    console.print()
    paragraphe(console, _legende(description))


def _afficher_les_intervalles(console: Console, rapport: dict[str, Any]) -> None:
    console.print("\nAide due sur toutes les années : neuf tirages sur dix", style="bold")
    table = _table("Loi", "Au moins", "Médiane", "Au plus", "Ce qui joue le plus")
    parts = rapport["parts_de_variance"]
    tirages = rapport["description"].get("tirages") or {}
    roles = {h["role"]: h["libelle"] for h in tirages.get("hypotheses") or []}
    for ligne in rapport["intervalles"]:
        if (ligne["annee"], ligne["grandeur"]) == (None, "aide_due"):
            siennes = [
                part
                for part in parts
                if (part["loi"], part["grandeur"]) == (ligne["loi"], "aide_due") and part["part"]
            ]
            premiere = max(siennes, key=lambda part: float(part["part"]), default=None)
            joue = "–" if premiere is None else roles.get(premiere["hypothese"], _RESTE)
            bornes = (argent(ligne[nom]) for nom in ("bas", "mediane", "haut"))
            table.add_row(ligne["loi"], *bornes, joue)
    imprimer(console, table)
    raisons = {part["raison"] for part in parts if part["grandeur"] == "aide_due"} - {None}
    for raison in sorted(raisons):
        paragraphe(console, f"Ce qui joue le plus n’est pas donné : {raison}.")


def _tableau(console: Console, titre: str, montant: str, lignes: list[dict[str, Any]]) -> None:
    grandeur = minuscule(libelles.GRANDEURS[montant])
    console.print(f"\n{titre} : {grandeur}", style="bold", soft_wrap=True)
    imprimer(console, _couts(lignes, montant))


def _pondere(description: dict[str, Any]) -> str:
    if description["contrats"] == description["lignes"]:
        return ""
    return f", qui en représentent {en_mots(round(description['contrats']))}"


def _legende(description: dict[str, Any]) -> str:
    lecture = (
        "« Selon une lecture » : changerait sous une autre lecture d’un point douteux"
        if description["lectures"]
        else "Les autres lectures des points douteux n’ont pas été calculées (--sans-lectures) : "
        "« De droit » en dépend aussi"
    )
    return (
        f"{lecture}. « Hypothèse » : repose sur une hypothèse ou un objectif estimé. « Inconnu » : "
        "versé en entier faute d’information, ou plancher. L’écart d’une colonne est celui des "
        "montants qui en relèvent sous chaque loi. Un contrat est inchangé à moins de 1 € "
        "près. Son gain est « connu » quand aucun des montants n’est « Inconnu », « au moins » "
        "quand ce qui manque ne peut que l’augmenter."
    )


def _couts(lignes: list[dict[str, Any]], montant: str) -> Table:
    table = _table("Année", "Total", *_SURETES.values())
    total = dict.fromkeys(("", *CERTITUDES), 0.0)
    for ligne in lignes:
        valeurs = {"": ligne[montant], **{n: ligne["certitude"][n][montant] for n in CERTITUDES}}
        total = {cle: somme + valeurs[cle] for cle, somme in total.items()}
        table.add_row(str(ligne["annee"]), *map(argent, valeurs.values()))
    if len(lignes) > 1:
        table.add_section()
        table.add_row("Total", *map(argent, total.values()))
    return table


def _gagnants(groupes: list[dict[str, Any]]) -> Table:
    gain = [f"Gain {minuscule(nom)}" for nom in _SURETES_DU_GAIN.values()]
    table = _table("Contrats", "Lignes", "Pondérées", "Gain moyen", "Gain médian", *gain)
    for groupe in groupes:
        if groupe["groupe"] == "ensemble":
            continue
        gains = (groupe["gain_moyen"], groupe["gain_median"])
        table.add_row(
            minuscule(libelles.GROUPES[groupe["groupe"]]),
            en_mots(groupe["lignes"]),
            en_mots(round(groupe["contrats"], 1)),
            *("–" if gain is None else euros(gain) for gain in gains),
            *(en_mots(round(part["contrats"], 1)) for part in groupe["certitude"].values()),
        )
    return table


def _table(*colonnes: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for rang, colonne in enumerate(colonnes):
        table.add_column(colonne, justify="right" if rang else "left", no_wrap=True)
    return table
