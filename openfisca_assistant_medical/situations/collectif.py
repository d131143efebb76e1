"""Contradictions around a collective contract, between a practice and the doctors who join it.

They speak only under a law that has such a contract (reform `aide_collective_2026`). What the law
refuses, such as a company that may not sign, is a result and is not looked for here.
"""

from collections.abc import Collection, Iterator
from typing import Any

from openfisca_assistant_medical.situations.erreurs import montrer, sous
from openfisca_assistant_medical.situations.valeurs import TOUJOURS, defaut

PREFIXE = "aide_collective_"
_SIGNATURE, _RESILIATION = f"{PREFIXE}date_signature", f"{PREFIXE}date_resiliation"
_ADHESION, _SORTIE = f"{PREFIXE}date_adhesion", f"{PREFIXE}date_sortie"
_AVENANT = f"{PREFIXE}etp_avenant"
_JOUR = "un jour, écrit AAAA-MM-JJ (information obligatoire"
Contradictions = Iterator[tuple[str, str, str]]
Valeurs = dict[str, dict[str, Any]]


def adhere(medecin: Valeurs, systeme: Any, champ: str, refuses: Collection[str]) -> bool:
    """Whether a doctor joins a collective contract: an individual one is then not required.

    Args:
        medecin: in its canonical form.
        systeme: the law that declares the variables.
        champ: of the doctor.
        refuses: fields refused so far; a day that could not be read is one that was given.
    """
    if _ADHESION not in systeme.variables:
        return False
    return _ADHESION in _dits(medecin, systeme) or _refuse(champ, _ADHESION, refuses)


def _refuse(champ: str, nom: str, refuses: Collection[str]) -> bool:
    """Whether the day of a contract was given, and refused."""
    return any(f"{refus}/".startswith(f"{sous(champ, nom)}/") for refus in refuses)


def contradictions_collectives(
    situation: dict[str, Any], systeme: Any, refuses: Collection[str] = ()
) -> Contradictions:
    """(field, given, accepted) of each contradiction; only what differs from its default speaks.

    Args:
        situation: doctors and practices, in their canonical form.
        systeme: the law that declares the variables.
        refuses: fields refused so far: nothing is made of a day, or of members, that were.
    """
    if _SIGNATURE not in systeme.variables:
        return
    medecins, cabinets = (situation[entite.plural] for entite in systeme.entities)
    sans_membres = any(refus.endswith("/membres") for refus in refuses)
    for nom, cabinet in cabinets.items():
        membres = {m: _dits(medecins[m], systeme) for m in cabinet["membres"] if m in medecins}
        dits = _dits({v: valeurs for v, valeurs in cabinet.items() if v != "membres"}, systeme)
        signature = _unique(dits, _SIGNATURE)
        champ = sous("cabinets", nom)
        if signature is None and _refuse(champ, _SIGNATURE, refuses):
            continue
        yield from _du_cabinet(champ, dits, signature)
        for membre, siens in membres.items():
            sien = sous("medecins", membre)
            perdu = signature is None and sans_membres
            if not perdu and not _refuse(sien, _ADHESION, refuses):
                yield from _du_medecin(sien, siens, nom, signature)


def _dits(valeurs: Valeurs, systeme: Any) -> Valeurs:
    """What is said of a collective contract, what equals its default left out."""
    tout = {
        nom: {p: v for p, v in datees.items() if v not in (None, defaut(systeme.variables[nom]))}
        for nom, datees in valeurs.items()
        if nom.startswith(PREFIXE)
    }
    return {nom: datees for nom, datees in tout.items() if datees}


def _unique(dits: Valeurs, nom: str) -> Any:
    return dits.get(nom, {}).get(TOUJOURS)


def _du_cabinet(champ: str, dits: Valeurs, signature: str | None) -> Contradictions:
    if signature is None:
        if dits:
            attendu = f"{_JOUR}, car {next(iter(dits))} parle d’un contrat collectif)"
            yield sous(champ, _SIGNATURE), "rien", attendu
        return
    resiliation = _unique(dits, _RESILIATION)
    if resiliation and resiliation < signature:
        attendu = f"un jour au plus tôt le {signature}, celui de la signature"
        yield sous(champ, _RESILIATION), resiliation, attendu
    premiere = int(signature[:4])
    avenant = dits.get(_AVENANT, {}).get(str(premiere))
    if avenant is not None:
        attendu = (
            f"une année à partir de {premiere + 1} : la première année suit {PREFIXE}etp_demandes"
        )
        yield sous(champ, f"{_AVENANT}/{premiere}"), montrer(avenant), attendu
    yield from _avant(champ, dits, premiere)


def _du_medecin(champ: str, dits: Valeurs, cabinet: str, signature: str | None) -> Contradictions:
    adhesion, sortie = _unique(dits, _ADHESION), _unique(dits, _SORTIE)
    if adhesion is None:
        if dits:
            attendu = f"{_JOUR}, car {next(iter(dits))} parle d’un contrat collectif)"
            yield sous(champ, _ADHESION), "rien", attendu
        return
    if signature is None:
        attendu = f"aucune date, ou {_SIGNATURE} au cabinet « {cabinet} »"
        yield sous(champ, _ADHESION), adhesion, attendu
        return
    if sortie and sortie < adhesion:
        attendu = f"un jour au plus tôt le {adhesion}, celui de l’adhésion"
        yield sous(champ, _SORTIE), sortie, attendu
    yield from _avant(champ, dits, int(signature[:4]))


def _avant(champ: str, dits: Valeurs, premiere: int) -> Contradictions:
    """Years given before the first one of the contract."""
    for nom, datees in dits.items():
        for periode, valeur in datees.items():
            if periode != TOUJOURS and int(periode[:4]) < premiere:
                attendu = f"une année à partir de {premiere}, celle de la signature du cabinet"
                yield sous(champ, f"{nom}/{periode}"), montrer(valeur), attendu
