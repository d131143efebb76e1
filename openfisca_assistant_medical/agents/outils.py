"""What the tools give, as plain Python: the protocol is in `serveur`.

Laws are named as on the command line, but for files and dotted paths: an agent reads and runs
nothing of the machine. Situations go through the same front door as everywhere else.
"""

import io
from functools import cache
from typing import Any

from openfisca_core.indexed_enums import Enum
from rich.console import Console

from openfisca_assistant_medical.annees import ANNEES_DITES, est_une_annee
from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.lois import lois
from openfisca_assistant_medical.mots import DemandeInconnue, proche
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.tracabilite.explication import expliquer_situation
from openfisca_assistant_medical.tracabilite.explication.restitution import afficher

BASE, CONVENTION = "base", "convention_2024"
LIMITE_ANNEES = 50
_LARGEUR = 100


def calculer(situation: Any, loi: str, annees: list[int] | None) -> dict[str, Any]:
    """The report of `contrats` on a situation, under one law.

    Args:
        situation: as `situations.verifier` takes it.
        loi: "base", or names of reforms joined by "+".
        annees: calendar years; None = those of the contract.

    Raises:
        DemandeInconnue: unknown law, or years that cannot be.
        SituationInvalide: the situation is refused.
    """
    return etablir_sous([_systemes(loi)[0]], situation, _plage(annees))


def comparer(situation: Any, annees: list[int] | None) -> dict[str, Any]:
    """The same report under the law of 2023 and under the convention, with what changes."""
    return etablir_sous(list(_deux_lois()), situation, _plage(annees))


def expliquer(
    situation: Any,
    variable: str,
    periode: str | None,
    loi: str,
    medecin: str | None,
    profondeur: int,
) -> dict[str, Any]:
    """Where a result comes from, told in words, with its sources.

    Args:
        situation: as for `calculer`.
        loi: as for `calculer`.
        variable: name of a variable.
        periode: a year or a month; None for what holds for the whole contract.
        medecin: which one, where there are several.
        profondeur: steps told below the result; 0 = all.

    Returns:
        `{"loi", "variable", "periode", "valeur", "texte", "reserves": [text], "explication": text,
        "sources": [{"id", "titre", …}]}`.

    Raises:
        DemandeInconnue: unknown law, variable, period or doctor.
        SituationInvalide: the situation is refused.
    """
    noms = _noms(loi)
    rapport = expliquer_situation(situation, variable, periode, noms, medecin)
    ecrit = io.StringIO()
    console = Console(file=ecrit, width=_LARGEUR, highlight=False, markup=False, emoji=False)
    afficher(console, rapport, profondeur)
    return {
        **{nom: rapport[nom] for nom in ("loi", "variable", "periode", "valeur", "texte")},
        "reserves": [reserve["texte"] for reserve in rapport["reserves"]],
        "explication": ecrit.getvalue(),
        "sources": rapport["sources"],
    }


def informations(loi: str) -> list[dict[str, Any]]:
    """What a situation may say: one entry an input, `{"nom", "label", "de", "periode", "type",
    "unite", "valeurs"}`; "valeurs" are the words of an Enum, else null.

    Raises:
        DemandeInconnue: unknown law.
    """
    ((_, systeme),) = _systemes(loi)
    return [
        {
            "nom": variable.name,
            "label": variable.label,
            "de": variable.entity.plural,
            "periode": str(variable.definition_period),
            "type": "mot" if variable.value_type is Enum else variable.value_type.__name__,
            "unite": variable.unit,
            "valeurs": [membre.name for membre in variable.possible_values]
            if variable.value_type is Enum
            else None,
        }
        for variable in systeme.variables.values()
        if not variable.formulas
    ]


def _noms(loi: str) -> list[str]:
    """Reforms of a law, in order.

    Raises:
        DemandeInconnue: one of them is not of the package, or is there twice.
    """
    noms = [] if loi == BASE else loi.split("+")
    connues = registre.connues()
    for rang, nom in enumerate(noms):
        if nom in noms[:rang]:
            raise DemandeInconnue(
                f"Loi : reçu deux fois « {nom} » ; attendu : chaque réforme une seule fois."
            )
        if nom not in connues:
            raise DemandeInconnue(
                f"Loi : reçu « {nom} » ; attendu : {BASE}, {CONVENTION}, ou des réformes du paquet "
                f"jointes par « + », comme {CONVENTION}+lectures.p95_inclus"
                f"{proche(nom, [BASE, *connues])}."
            )
    return noms


@cache
def _deux_lois() -> tuple[tuple[dict[str, Any], Any], ...]:
    return tuple(lois([], comparer=True))


def _systemes(loi: str) -> list[tuple[dict[str, Any], Any]]:
    noms = _noms(loi)
    if noms in ([], [CONVENTION]):
        return [_deux_lois()[len(noms)]]
    return lois(noms, comparer=False)


def _plage(annees: list[int] | None) -> range | None:
    """Years in a row.

    Raises:
        DemandeInconnue: none, too many, or out of the calendar.
    """
    if annees is None:
        return None
    if annees and all(map(est_une_annee, annees)):
        plage = range(min(annees), max(annees) + 1)
        if sorted(annees) == list(plage) and len(plage) <= LIMITE_ANNEES:
            return plage
    raise DemandeInconnue(
        f"Années : reçu {annees} ; attendu : des années qui se suivent, {ANNEES_DITES}, "
        f"{LIMITE_ANNEES} au plus, comme [2024, 2025, 2026]."
    )
