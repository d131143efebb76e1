"""How a report writes amounts, counts, laws and readings, in French."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from openfisca_assistant_medical.affichage import en_mots, libelle, pourcent
from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.population.cellules import ENUMS
from openfisca_assistant_medical.population.libelles import GROUPES, argent
from openfisca_assistant_medical.population.secret import AUTRES
from openfisca_assistant_medical.reforms.lectures import LECTURES

INSECABLE = "\u00a0"
_MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin",
         "juil.", "août", "sept.", "oct.", "nov.", "déc.")  # fmt: skip
_MILLION = 1_000_000


def millions(montant: float, signe: bool = False) -> str:
    """An amount inside a sentence: millions with a decimal, or whole euros under one million."""
    if abs(montant) < _MILLION:
        return argent(montant, signe)
    arrondi = round(montant / _MILLION, 1)
    texte = nombre(arrondi, 1)
    plus = "+" if signe and montant > 0 else ""
    quoi = "million" if abs(arrondi) < 2 else "millions"
    return f"{plus}{texte}{INSECABLE}{quoi} d’euros"


def nombre(valeur: float, decimales: int = 0) -> str:
    """A number the French way, without decimals that are 0."""
    return en_mots(round(valeur, decimales) if decimales else round(valeur))


def compte(valeur: float | None) -> str:
    """A number of contracts; a weighted one has a decimal where it is not whole."""
    if valeur is None:
        return "–"
    return nombre(valeur, 0 if abs(valeur - round(valeur)) < 0.05 else 1)


def part(valeur: float | None) -> str:
    """A share as a percentage; small ones with three figures."""
    return "–" if valeur is None else pourcent(round(valeur, 4))


def mois(iso: str) -> str:
    """A month: « janv. 2026 »; what is merged, as it is."""
    annee, _, rang = iso.partition("-")
    return f"{_MOIS[int(rang) - 1]} {annee}" if rang.isdigit() else iso


def modalite(dimension: str, nom: str) -> str:
    """A modality in words."""
    if nom in (AUTRES, "ensemble"):
        return GROUPES[nom] if nom == "ensemble" else "Autres (regroupées)"
    if dimension in ENUMS:
        return libelle(ENUMS[dimension].__name__, nom)
    if dimension == "rang":
        return f"{nom}{'re' if nom == '1' else 'e'}{INSECABLE}année"
    return "Sans date" if nom == "aucun" else nom


def classe(ligne: dict[str, Any], gain_minimal: float) -> str:
    """A class of gain in words."""
    de, a, nom = ligne["de"], ligne["a"], ligne["classe"]
    if nom not in ("gagnants", "perdants"):
        return GROUPES[nom]
    perte = nom == "perdants"
    bas, haut = (None if a is None else -a, None if de is None else -de) if perte else (de, a)
    depart = bas or gain_minimal
    mot = "Perte" if perte else "Gain"
    if haut is None:
        return f"{mot} de {argent(depart)} ou plus"
    return f"{mot} de {nombre(depart)} à {argent(haut)}"


def dire(libelles: Mapping[str, str], noms: Iterable[str]) -> list[str]:
    """The words of some names, by a table of `libelles`."""
    return [libelles[nom] for nom in noms]


@cache
def _systeme() -> Any:
    from openfisca_assistant_medical import CountryTaxBenefitSystem

    return CountryTaxBenefitSystem()


def chiffre(chemin: str) -> str:
    """What a figure of the law is, by its path; that of the closest table that says it."""
    noeud, dit = _systeme().parameters, chemin
    for nom in chemin.split("."):
        noeud = noeud.children.get(nom) if hasattr(noeud, "children") else None
        if noeud is None:
            break
        dit = str(noeud.description or dit).partition(" — ")[0]
    return dit


def lecture(nom: str, loi: str) -> dict[str, str]:
    """A reading in words; its answers change places where the law already takes the other."""
    if nom not in LECTURES:
        return {"question": f"Lecture « {nom} »", "retenue": "–", "autre": "–"}
    dite = presenter(_systeme(), nom)
    if f"lectures.{nom}" in map(str.strip, loi.split("+")):
        return {**dite, "retenue": dite["autre"], "autre": dite["retenue"]}
    return dite
