"""How many contracts gain how much: classes that no published table can be subtracted from."""

from collections.abc import Iterator
from typing import Any

from openfisca_assistant_medical.population.cellules import CENTIMES
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.secret import AUTRES, TOTAL

Lignes = list[dict[str, Any]]
# Classes of gain, in euros: the first step with which eight of them hold most gains.
_PAS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_CLASSES, _PART = 8, 0.95


def distribution(
    resultat: Resultat, gains: Lignes, gain_minimal: float, seuil: int
) -> Iterator[dict[str, Any]]:
    """Classes that part the published groups, each with enough contracts; empty ones left out.

    Args:
        resultat: its cells, with the merged modalities.
        gains: published winners and losers.
        gain_minimal: euros from which a contract wins or loses.
        seuil: contracts that a class must have.
    """
    for loi in resultat.lois[1:]:
        publies = {g["groupe"] for g in gains if (g["loi"], g["dimension"]) == (loi, TOTAL)}
        siens: dict[str, Lignes] = {}
        for ligne in resultat.gains(loi).to_pylist():
            groupe = _groupe(ligne["gain_centimes"] / CENTIMES, gain_minimal)
            siens.setdefault(groupe if groupe in publies else AUTRES, []).append(ligne)
        pas = _pas(siens.get("gagnants", []) + siens.get("perdants", []))
        perdants = list(_classes(siens.get("perdants", []), pas, seuil, -1))
        gagnants = _classes(siens.get("gagnants", []), pas, seuil, 1)
        reste = [
            _classe(nom, None, None, siens[nom]) for nom in ("inchanges", AUTRES) if nom in siens
        ]
        for classe in (*reversed(perdants), *reste, *gagnants):
            yield {"loi": loi, **classe, "lignes": classe["lignes"] // seuil * seuil}


def _groupe(gain: float, gain_minimal: float) -> str:
    """As `compute_winners_losers` has it."""
    if abs(gain) < gain_minimal:
        return "inchanges"
    return "gagnants" if gain > 0 else "perdants"


def _pas(lignes: Lignes) -> int:
    """Width of the classes."""
    tout = sum(ligne["contrats"] for ligne in lignes)
    for pas in _PAS:
        dedans = sum(
            ligne["contrats"]
            for ligne in lignes
            if abs(ligne["gain_centimes"]) < pas * _CLASSES * CENTIMES
        )
        if dedans >= _PART * tout:
            return pas
    return _PAS[-1]


def _classes(lignes: Lignes, pas: int, seuil: int, signe: int) -> Iterator[dict[str, Any]]:
    """Classes of one side, from the smallest gains; the last is open, and holds what is left."""
    rangees: dict[int, Lignes] = {}
    for ligne in lignes:
        rang = min(abs(ligne["gain_centimes"]) // (pas * CENTIMES), _CLASSES)
        rangees.setdefault(rang, []).append(ligne)
    finies: list[tuple[int, int, Lignes]] = []
    debut, attente = 0, list[dict[str, Any]]()
    for rang in sorted(rangees):
        debut = debut if attente else rang
        attente += rangees[rang]
        if sum(ligne["lignes"] for ligne in attente) >= seuil:
            finies.append((debut, rang + 1, attente))
            attente = []
    if attente and finies:
        debut, _, derniere = finies.pop()
        finies.append((debut, _CLASSES + 1, derniere + attente))
    for debut, fin, siennes in finies:
        bornes = (debut * pas, None if fin > _CLASSES else fin * pas)
        de, a = bornes if signe > 0 else (None if bornes[1] is None else -bornes[1], -bornes[0])
        yield _classe("gagnants" if signe > 0 else "perdants", de, a, siennes)


def _classe(nom: str, de: int | None, a: int | None, lignes: Lignes) -> dict[str, Any]:
    return {
        "classe": nom,
        "de": de,
        "a": a,
        "lignes": sum(ligne["lignes"] for ligne in lignes),
        "contrats": sum(ligne["contrats"] for ligne in lignes),
        "gain_total": sum(ligne["gain"] for ligne in lignes),
    }
