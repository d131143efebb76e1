"""A reform held against the law that it is laid over: every fault, before anything is laid."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.reforms.en_fichier.chemins import Cible, Refus, situer
from openfisca_assistant_medical.reforms.en_fichier.contenu import Valeur
from openfisca_assistant_medical.reforms.en_fichier.ecrit import Faute, montrer
from openfisca_assistant_medical.reforms.en_fichier.percentiles import rangs_inverses

# Least, most, and whether it is a whole number, by unit.
_BORNES: dict[str, tuple[int, int, bool]] = {
    "currency": (0, 10_000_000, False),
    "/1": (0, 1, False),
    "etp": (0, 1_000, False),
    "patient": (0, 100_000, True),
    "medecin": (0, 1_000, True),
    "month": (0, 600, True),
    "year": (0, 150, True),
    "rang": (1, 99, True),
    "heure": (0, 10_000, False),
    "semaine": (0, 520, True),
    "bloc": (0, 100, True),
    "prorogation": (0, 99, True),
}
# A contract has a year; an advance is looked for in the contract year it is paid for.
_BORNES_DU_CHEMIN = {"contrat.duree": (1, 50, True), "versement.delai_acompte": (0, 11, True)}
_SANS_VALEUR = ("currency", "patient")  # "not published" has a sense


def controler(loi: ParameterNode, valeurs: Iterable[Valeur]) -> list[Faute]:
    """Faults of a reform against a law, in the order of its values.

    Args:
        loi: the parameters of the law.
        valeurs: the values of the reform.
    """
    fautes: list[Faute] = []
    datees: dict[str, list[Valeur]] = {}
    for valeur in valeurs:
        datees.setdefault(valeur.chemin, []).append(valeur)
    premier_jour = _premier_jour(loi)
    for chemin, siennes in datees.items():
        cible = situer(loi, chemin)
        au_dessus = next((autre for autre in datees if chemin.startswith(f"{autre}.")), None)
        if isinstance(cible, Cible) and au_dessus is not None:
            attendu = f"« {au_dessus} », que la réforme dit déjà pour toutes ces lignes"
            cible = Refus("une ligne sous un chiffre", attendu)
        if isinstance(cible, Refus):
            fautes.append(Faute(siennes[0].lieu, chemin, cible.recu, cible.attendu))
            continue
        cible.poser(siennes)
        for valeur in siennes:
            fautes += _fautes(cible, valeur, premier_jour)
    return fautes or list(rangs_inverses(loi, datees))


def _premier_jour(loi: ParameterNode) -> str:
    """First day of the law: before it there is nothing to change."""
    return min(_jours(loi), default="")


def _jours(noeud: Any) -> Iterator[str]:
    for enfant in noeud.children.values():
        if isinstance(enfant, Parameter):
            yield from (valeur.instant_str for valeur in enfant.values_list)
        else:
            yield from _jours(enfant)


def _fautes(cible: Cible, valeur: Valeur, premier_jour: str) -> Iterator[Faute]:
    jugees = [
        (montrer(valeur.valeur), _attendu(cible, valeur)),
        (montrer(valeur.metadonnees.get("unit")), _unite_attendue(cible, valeur)),
    ]
    if valeur.jour < premier_jour:
        attendu = f"un jour au plus tôt le {premier_jour}, celui du premier texte"
        jugees.append((f"la date « {valeur.jour} »", attendu))
    for recu, attendu in jugees:
        if attendu is not None:
            yield Faute(valeur.lieu, f"{valeur.chemin} au {valeur.jour}", recu, attendu)


def _attendu(cible: Cible, valeur: Valeur) -> str | None:
    """What is accepted, if the value is not."""
    if valeur.valeur is None:
        return _sans_valeur(cible)
    if cible.unite == "booleen":
        return None if isinstance(valeur.valeur, bool) else "true ou false, sans guillemets"
    if cible.mots or cible.unite == "mention":
        mots = list(cible.mots)
        if valeur.valeur in mots:
            return None
        return f"un mot parmi {', '.join(mots)}{proche(valeur.valeur, mots)}"
    if cible.unite in _BORNES or cible.chemin in _BORNES_DU_CHEMIN:
        return _nombre_attendu(cible, valeur.valeur)
    genres = {type(connue) for connue in cible.valeurs if connue is not None}
    if type(valeur.valeur) in genres or {type(valeur.valeur), *genres} == {int, float}:
        return None
    return "une valeur du même genre que celles de la loi"


def _sans_valeur(cible: Cible) -> str | None:
    """Whether a figure may be left out: where the law itself may not have it."""
    if cible.unite in _SANS_VALEUR:
        return None
    # A word is read as one as long as there is one, at any date.
    if cible.unite == "mention" or None in cible.valeurs:
        return None if cible.a_une_valeur else "une valeur, à une date au moins"
    return "une valeur : la loi en a une à chaque date, et les règles ne s’en passent pas"


def _nombre_attendu(cible: Cible, valeur: Any) -> str | None:
    bornes = _BORNES_DU_CHEMIN.get(cible.chemin) or _BORNES[cible.unite]
    minimum, maximum, entier = bornes
    nombre = isinstance(valeur, int | float) and not isinstance(valeur, bool)
    if nombre and minimum <= valeur <= maximum and not (entier and valeur != int(valeur)):
        return None
    genre = "un nombre entier" if entier else "un nombre"
    texte = f"{maximum:,}".replace(",", " ")
    return f"{genre}, sans guillemets, de {minimum} à {texte}{_conseil(cible, valeur)}"


def _conseil(cible: Cible, valeur: Any) -> str:
    """How a number that was written another way is written."""
    if not isinstance(valeur, str):
        return ""
    chiffres = re.fullmatch(r"([0-9][0-9 \u00a0\u202f_]*)(?:,([0-9]+))?\s*(%|€)?", valeur.strip())
    if chiffres is None:
        return ""
    nombre = re.sub(r"\D", "", chiffres[1]) + (f".{chiffres[2]}" if chiffres[2] else "")
    if chiffres[3] == "%":
        return f" ; {float(nombre):g} % s’écrit {float(nombre) / 100:g}"
    return f" ; écrire {nombre}"


@cache
def _unites() -> dict[str, dict[str, str]]:
    texte = (files("openfisca_assistant_medical") / "units.yaml").read_text("utf-8")
    return {unite["name"]: unite for unite in yaml.safe_load(texte)}


def _unite_attendue(cible: Cible, valeur: Valeur) -> str | None:
    """The unit of the law, if the reform says another one."""
    ecrite = valeur.metadonnees.get("unit")
    if ecrite is None or cible.unite not in _unites():
        return None
    unite = _unites()[cible.unite]
    if isinstance(ecrite, str) and ecrite.lower() in {nom.lower() for nom in unite.values()} - {""}:
        return None
    return f"l’unité de la loi, « {unite['label']} » ({unite['name']}), ou rien"
