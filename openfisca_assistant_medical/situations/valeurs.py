"""Checking one value, or one period, against its variable.

Types and bounds come from the variable itself: type, unit, default, period of definition.
"""

import math
import re
from collections import deque
from collections.abc import Callable
from datetime import date
from typing import Any

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.mots import proche

LIMITE_PATIENTS = 100_000
LIMITE_EUROS = 10_000_000
LIMITE_ETP = 1_000
LIMITE_DECIMALE = 10**15  # of a number without a unit
LIMITE_PERIODES = 100
PREMIER_JOUR = date(1900, 1, 1)
DERNIERE_ANNEE = 9998  # whose contract year still ends in the calendar
TOUJOURS = "ETERNITY"
_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANNEES = re.compile(r"(?:year:([0-9]{4})(?::([0-9]{1,3}))?|([0-9]{4}))")
_MOIS = re.compile(
    r"(?:month:([0-9]{4})-(0[1-9]|1[0-2])(?::([0-9]{1,3}))?|([0-9]{4})-(0[1-9]|1[0-2]))"
)


class Refus(ValueError):
    """A value refused; the message is what is accepted."""


def _membre(variable: Any, valeur: Any) -> str:
    noms = [membre.name for membre in variable.possible_values]
    if isinstance(valeur, str) and valeur in noms:
        return valeur
    raise Refus(f"un mot parmi {', '.join(noms)}{proche(valeur, noms)}")


def _booleen(variable: Any, valeur: Any) -> bool:
    if isinstance(valeur, bool):
        return valeur
    raise Refus("true ou false, sans guillemets")


def bornes(variable: Any) -> tuple[int, int, float]:
    """Least and most of a number, and its default, which says « not given » and is accepted too."""
    if variable.value_type is int:
        haut = LIMITE_PATIENTS if variable.unit == "patient" else 2**31 - 1
        return min(variable.default_value, 0), haut, variable.default_value
    hauts = {"/1": 1, "currency": LIMITE_EUROS, "etp": LIMITE_ETP}
    bas = 0 if variable.unit in hauts else -LIMITE_DECIMALE
    return bas, hauts.get(variable.unit, LIMITE_DECIMALE), variable.default_value


def _entier(variable: Any, valeur: Any) -> int:
    bas, haut, _ = bornes(variable)
    if _est_nombre(valeur) and valeur == math.floor(valeur) and bas <= valeur <= haut:
        return int(valeur)
    sinon = f", ou {bas} (non donné)" if bas < 0 else ""
    raise Refus(f"un nombre entier, sans guillemets, de 0 à {en_milliers(haut)}{sinon}")


def _decimal(variable: Any, valeur: Any) -> float:
    bas, haut, nul = bornes(variable)
    if _est_nombre(valeur) and (bas <= valeur <= haut or valeur == nul):
        return float(valeur)
    sinon = f", ou {nul:g} (non donné)" if nul < bas else ""
    raise Refus(f"un nombre, sans guillemets, de {en_milliers(bas)} à {en_milliers(haut)}{sinon}")


def en_milliers(nombre: int) -> str:
    """A whole number as messages write it: 100 000."""
    return f"{nombre:,}".replace(",", " ")


def _est_nombre(valeur: Any) -> bool:
    if isinstance(valeur, float):
        return math.isfinite(valeur)
    return isinstance(valeur, int) and not isinstance(valeur, bool)


def _date(variable: Any, valeur: Any) -> str:
    texte = valeur.isoformat() if type(valeur) is date else valeur
    attendu = "un jour qui existe, du 1900-01-01 au 9999-12-31, écrit AAAA-MM-JJ"
    if not (isinstance(texte, str) and _JOUR.fullmatch(texte)):
        raise Refus(attendu)
    try:
        jour = date.fromisoformat(texte)
    except ValueError as erreur:
        raise Refus(attendu) from erreur
    if jour < PREMIER_JOUR:
        raise Refus(attendu)
    return texte


LECTEURS: dict[Any, Callable[[Any, Any], Any]] = {
    Enum: _membre,
    bool: _booleen,
    int: _entier,
    float: _decimal,
    date: _date,
}


def defaut(variable: Any) -> Any:
    """Default of a variable, as a situation would write it."""
    defaut = variable.default_value
    if isinstance(defaut, date):
        return defaut.isoformat()
    return defaut.name if isinstance(defaut, Enum) else defaut


def periodes_de(variable: Any, cle: Any) -> list[str]:
    """Canonical periods of a key.

    Raises:
        Refus: not a period of this variable.
    """
    texte = str(cle) if not isinstance(cle, bool) else ""
    annees, mois = _ANNEES.fullmatch(texte), _MOIS.fullmatch(texte)
    if variable.definition_period == DateUnit.ETERNITY:
        if texte.upper() == TOUJOURS or annees or mois:
            return [TOUJOURS]
        raise Refus("« ETERNITY » : cette information vaut pour tout le contrat")
    if variable.definition_period == DateUnit.YEAR and annees:
        debut, taille = int(annees[1] or annees[3]), int(annees[2] or 1)
        dernier = debut + taille - 1
        connu = PREMIER_JOUR.year <= debut and dernier <= DERNIERE_ANNEE
        if connu and 1 <= taille <= LIMITE_PERIODES:
            return [str(debut + rang) for rang in range(taille)]
    if variable.definition_period == DateUnit.MONTH and mois:
        taille = int(mois[3] or 1)
        debut = int(mois[1] or mois[4]) * 12 + int(mois[2] or mois[5]) - 1
        suite = range(debut, debut + taille)
        connu = PREMIER_JOUR.year * 12 <= debut and debut + taille <= DERNIERE_ANNEE * 12
        if connu and 1 <= taille <= LIMITE_PERIODES:
            return [f"{rang // 12:04}-{rang % 12 + 1:02}" for rang in suite]
    if variable.definition_period == DateUnit.MONTH:
        raise Refus("un mois (2025-03) ou une suite de mois (month:2025-03:6)")
    raise Refus(
        "une année civile (2025) ou une plage d’années (year:2025:3) ; l’année de contrat est "
        "celle qui commence dans l’année civile, sans période glissante"
    )


def informations_utiles(systeme: Any, nom: str) -> list[str]:
    """Names of the inputs that a computed variable depends on, the nearest first."""
    vues, file, trouvees = {nom}, deque([nom]), []
    while file:
        variable = systeme.variables[file.popleft()]
        if not variable.formulas:
            trouvees.append(variable.name)
        for formule in variable.formulas.values():
            for mot in formule.__code__.co_consts:
                if isinstance(mot, str) and mot in systeme.variables and mot not in vues:
                    vues.add(mot)
                    file.append(mot)
    return trouvees
