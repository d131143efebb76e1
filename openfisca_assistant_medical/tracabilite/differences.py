"""What changes between two states of the law: figures and rules.

Everything is computed from the two tax-benefit systems, so it is right for a user's own reform too.

The report, as `differences` gives it and `assistant-medical differences --json` prints it:

    {"format": 1,
     "avant": {"loi", "au"}, "apres": {"loi", "au"},       # "au": ISO date, null = at every date
     "parametres": [{"parametre", "description", "unite", "avant", "apres", "variation",
                     "depuis", "jusqu_a", "references", "hypothese", "confiance", "dispositions"}],
     "regles": [{"variable", "label", "changement", "avant", "apres", "dispositions"}]}

`variation` is (after − before) / before, null where it has no sense; `depuis` and `jusqu_a` are the
days between which the two laws differ so, or since which the later figure holds. A figure that is
not published is null; `hypothese` marks an assumption, which no source publishes. `changement` is
"ajoutee", "supprimee" or "autre_formule"; its `avant` and `apres` are the first lines of the
formulas' docstrings. `dispositions` are the provisions that the register gives to the figure at its
date, or to the variable.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from types import CodeType
from typing import Any

from openfisca_core.parameters import Parameter
from rich import box
from rich.console import Console
from rich.table import Column, Table

from openfisca_assistant_medical.affichage import en_mots, jour, pourcent
from openfisca_assistant_medical.textes import (
    dispositions,
    dispositions_de_la_variable,
    dispositions_du_parametre,
    sources_de,
)

FORMAT = 1


def differences(
    avant: tuple[str, Any, date | None], apres: tuple[str, Any, date | None]
) -> dict[str, Any]:
    """Differences between two states of the law.

    Args:
        avant: name, tax-benefit system, and the day of the state; None = at every date.
        apres: likewise; both have a day, or neither.

    Returns:
        The report described at the top of this file, by path of parameter and by date.
    """
    lois = avant[1], apres[1]
    feuilles = [_feuilles(systeme) for systeme in lois]
    dates = (avant[2], apres[2]) if avant[2] is not None and apres[2] is not None else None
    return {
        "format": FORMAT,
        **{
            nom: {"loi": loi, "au": None if au is None else au.isoformat()}
            for nom, (loi, _, au) in (("avant", avant), ("apres", apres))
        },
        "parametres": [
            ecart
            for chemin in sorted(feuilles[0].keys() | feuilles[1].keys())
            for ecart in _ecarts(feuilles[0].get(chemin), feuilles[1].get(chemin), dates)
        ],
        "regles": list(_regles(*lois)),
    }


# --- Figures --------------------------------------------------------------------------------------


def _feuilles(systeme: Any) -> dict[str, Any]:
    return {
        feuille.name: feuille
        for feuille in systeme.parameters.get_descendants()
        if isinstance(feuille, Parameter)
    }


def _en_vigueur(feuille: Any, jour: str) -> Any:
    """Dated value of a leaf in force on a day, or None."""
    valeurs = () if feuille is None else feuille.values_list
    return next((v for v in valeurs if v.instant_str <= jour), None)


def _ecarts(une: Any, autre: Any, dates: tuple[date, date] | None) -> Iterator[dict[str, Any]]:
    if dates is not None:
        jours = [jour.isoformat() for jour in dates]
        ancienne, nouvelle = _en_vigueur(une, jours[0]), _en_vigueur(autre, jours[1])
        if _valeur(ancienne) != _valeur(nouvelle):
            yield _ecart(une, autre, ancienne, nouvelle, (nouvelle or ancienne).instant_str, None)
        return
    bornes = sorted({v.instant_str for f in (une, autre) if f is not None for v in f.values_list})
    periodes: list[tuple[str, Any, Any]] = []
    for borne in bornes:
        paire = _en_vigueur(une, borne), _en_vigueur(autre, borne)
        if not periodes or [_valeur(v) for v in paire] != [_valeur(v) for v in periodes[-1][1:]]:
            periodes.append((borne, *paire))
    for rang, (borne, ancienne, nouvelle) in enumerate(periodes):
        if _valeur(ancienne) != _valeur(nouvelle):
            suivante = periodes[rang + 1][0] if rang + 1 < len(periodes) else None
            fin = suivante and (date.fromisoformat(suivante) - timedelta(days=1)).isoformat()
            yield _ecart(une, autre, ancienne, nouvelle, borne, fin)


def _valeur(datee: Any) -> Any:
    return None if datee is None else datee.value


def _ecart(
    une: Any, autre: Any, ancienne: Any, nouvelle: Any, depuis: str, jusqu_a: str | None
) -> dict[str, Any]:
    feuille = une if autre is None else autre
    datee = nouvelle if nouvelle is not None else ancienne
    avant, apres = _valeur(ancienne), _valeur(nouvelle)
    references = feuille.metadata.get("reference", {}).get(datee.instant_str, [])
    citees = sources_de(references)
    return {
        "parametre": feuille.name,
        "description": feuille.description,
        "unite": feuille.metadata.get("unit"),
        "avant": avant,
        "apres": apres,
        "variation": _variation(avant, apres),
        "depuis": depuis,
        "jusqu_a": jusqu_a,
        "references": references,
        "hypothese": datee.value is not None and feuille.metadata.get("hypothese") is True,
        "confiance": feuille.metadata.get("confiance", {}).get(datee.instant_str),
        "dispositions": [d.id for d in dispositions_du_parametre(feuille.name, citees)],
    }


def _variation(avant: Any, apres: Any) -> float | None:
    nombres = all(type(valeur) in (int, float) for valeur in (avant, apres))
    return (apres - avant) / avant if nombres and avant else None


# --- Rules ----------------------------------------------------------------------------------------


def _regles(une: Any, autre: Any) -> Iterator[dict[str, Any]]:
    for nom in sorted(une.variables.keys() | autre.variables.keys()):
        anciennes, nouvelles = _formules(une, nom), _formules(autre, nom)
        if nom not in une.variables:
            changement = "ajoutee"
        elif nom not in autre.variables:
            changement = "supprimee"
        elif _corps(anciennes) == _corps(nouvelles):
            continue
        else:
            changement = "autre_formule"
        variable = (autre if nom in autre.variables else une).variables[nom]
        yield {
            "variable": nom,
            "label": variable.label,
            "changement": changement,
            "avant": _resume(anciennes),
            "apres": _resume(nouvelles),
            "dispositions": [d.id for d in dispositions_de_la_variable(nom)],
        }


def _formules(systeme: Any, nom: str) -> dict[str, Any]:
    """Formulas of a variable by date; a neutralised one has none left."""
    variable = systeme.variables.get(nom)
    if variable is None or variable.is_neutralized:
        return {}
    return dict(variable.formulas)


def _corps(formules: dict[str, Any]) -> Any:
    """What formulas do, whatever file they are written in; their docstrings left out."""
    return {
        depuis: _instructions(formule.__code__, formule.__doc__)
        for depuis, formule in formules.items()
    }


def _instructions(code: CodeType, documentation: str | None = None) -> tuple[Any, ...]:
    constantes = [
        _instructions(constante)
        if isinstance(constante, CodeType)
        else (type(constante), constante)
        for constante in code.co_consts
        if documentation is None or constante != documentation
    ]
    return code.co_code, code.co_names, code.co_varnames, tuple(constantes)


def _resume(formules: dict[str, Any]) -> str | None:
    """First line of the docstring of the latest formula."""
    derniere = formules[max(formules)] if formules else None
    lignes = (getattr(derniere, "__doc__", None) or "").strip().splitlines()
    return lignes[0] if lignes else None


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print a report of differences as two tables."""
    etats = (rapport["avant"], rapport["apres"])
    console.print(" → ".join(_etat(etat) for etat in etats), style="bold")
    console.print()
    for titre, ecarts in groupby(rapport["parametres"], _titre):
        console.print(titre, style="bold")
        table = Table.grid(padding=(0, 2))
        for ecart in ecarts:
            variation = ecart["variation"]
            table.add_row(
                "  " + ecart["parametre"].split(".", _NIVEAUX)[-1],
                " → ".join(en_mots(ecart[cote], ecart["unite"]) for cote in ("avant", "apres")),
                "" if variation is None else ("+" if variation > 0 else "") + pourcent(variation),
            )
        console.print(table)
    console.print()
    console.print(
        f"{len(rapport['parametres'])} paramètre(s) et {len(rapport['regles'])} règle(s)."
    )
    if rapport["regles"]:
        # Folded: a name that is cut short is no name.
        colonnes = ("Règle", "Changement", "Avant", "Après", "Dispositions")
        table = Table(*(Column(nom, overflow="fold") for nom in colonnes), box=box.SIMPLE)
        for regle in rapport["regles"]:
            table.add_row(
                regle["variable"],
                _CHANGEMENTS[regle["changement"]],
                regle["avant"] or "–",
                regle["apres"] or "–",
                _d_ou_vient(regle["dispositions"]),
            )
        console.print(table)
    else:
        console.print("Aucune variable ne change de formule.")


_SECONDAIRE = "secondaire"
_NIVEAUX = 2  # of a path that name a legal table
_CHANGEMENTS = {
    "ajoutee": "ajoutée",
    "supprimee": "supprimée",
    "autre_formule": "autre formule",
}


def _d_ou_vient(ids: list[str]) -> str:
    """Provisions of a rule, and whether a secondary source alone has them."""
    confiances = {dispositions()[id_].confiance for id_ in ids}
    reserve = " (source secondaire)" if confiances == {_SECONDAIRE} else ""
    return (", ".join(ids) or "–") + reserve


def _titre(ecart: dict[str, Any]) -> str:
    """Legal table, days and sources: what the lines under it have in common."""
    table = ".".join(ecart["parametre"].split(".")[:-1][:_NIVEAUX])
    debut, fin = jour(ecart["depuis"]), ecart["jusqu_a"]
    if fin == ecart["depuis"]:
        quand = f"le {debut} seulement"
    else:
        quand = f"depuis le {debut}" + ("" if fin is None else f" et jusqu’au {jour(fin)}")
    sources = ", ".join(dict.fromkeys(cite.get("source", "") for cite in ecart["references"]))
    if sources and ecart["confiance"] == _SECONDAIRE:
        sources += ", source secondaire"
    cite = "hypothèse" if ecart["hypothese"] else sources
    return f"{table}, {quand}" + (cite and f" ({cite})")


def _etat(etat: dict[str, Any]) -> str:
    au = "" if etat["au"] is None else f" au {jour(etat['au'])}"
    return f"{etat['loi']}{au}"
