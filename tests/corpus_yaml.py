"""Every YAML case of the tests as the body of a request: its inputs, and null for its outputs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from openfisca_assistant_medical.situations.valeurs import periodes_de

TESTS = Path(__file__).parent
_REGLAGES = {"absolute_error_margin", "relative_error_margin", "period", "name", "keywords"}
OBLIGATOIRES = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
}


def cas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of every case."""
    for fichier in sorted(TESTS.rglob("*.yaml")):
        contenu = yaml.load(fichier.read_text("utf-8"), yaml.CSafeLoader)
        for rang, un in enumerate(contenu if isinstance(contenu, list) else [contenu]):
            if isinstance(un, dict) and isinstance(un.get("output"), dict):
                yield f"{fichier.relative_to(TESTS)}:{rang}", un


def sous_la_convention(un: dict[str, Any]) -> bool:
    """Whether a case asks for the convention of 2024."""
    reformes = un.get("reforms") or []
    return any("convention_2024" in str(nom) for nom in [*reformes])


def situation(un: dict[str, Any], systeme: Any) -> dict[str, Any]:
    """A case in the canonical form of a request, for a law.

    What the law does not know is left out, and what a request must say is said.
    """
    medecins: dict[str, Any] = {}
    for demande in (False, True):
        for medecin, champs in _fiches(un, "output" if demande else "input"):
            _lire(
                medecins.setdefault(medecin, {}),
                champs,
                str(un.get("period", "")),
                demande,
                systeme,
            )
    for medecin in medecins.values():
        for nom, valeur in OBLIGATOIRES.items():
            if (medecin.get(nom) or {}).get("ETERNITY") in (None, "9999-12-31"):
                medecin[nom] = {"ETERNITY": valeur}
    donnes = (un.get("input") or {}).get("cabinets") or {}
    cabinets = {
        str(nom): {"membres": [str(membre) for membre in champs["membres"]]}
        for nom, champs in donnes.items()
    }
    ranges = {membre for cabinet in cabinets.values() for membre in cabinet["membres"]}
    seuls = {f"cabinet_de_{nom}": {"membres": [nom]} for nom in medecins if nom not in ranges}
    return {"medecins": medecins, "cabinets": cabinets | seuls}


def _fiches(un: dict[str, Any], partie: str) -> Iterator[tuple[str, Any]]:
    """Each doctor of a part of a case, and its fields."""
    contenu = dict(un.get(partie) or {})
    for nom, champs in (contenu.pop("medecins", None) or {}).items():
        yield str(nom), champs
    if (seul := contenu.pop("medecin", None)) is not None:
        yield "medecin", seul
    for autre in ("cabinets", "cabinet"):
        contenu.pop(autre, None)
    # A list has one value a doctor; a single value is that of each of them.
    for rang in range(_nombre(un) if contenu else 0):
        yield f"medecin_{rang}", _de(contenu, rang)


def _nombre(un: dict[str, Any]) -> int:
    """Doctors of a case that names none."""
    valeurs = [*(un.get("input") or {}).values(), *un["output"].values()]
    valeurs += [v for datees in valeurs if isinstance(datees, dict) for v in datees.values()]
    return max((len(valeur) for valeur in valeurs if isinstance(valeur, list)), default=1)


def _de(contenu: Any, rang: int) -> Any:
    if isinstance(contenu, dict):
        return {cle: _de(valeur, rang) for cle, valeur in contenu.items()}
    return contenu[min(rang, len(contenu) - 1)] if isinstance(contenu, list) else contenu


def _lire(medecin: dict[str, Any], champs: Any, periode: str, demande: bool, systeme: Any) -> None:
    for nom, valeur in (champs or {}).items():
        variable = systeme.variables.get(nom)
        if variable is None or not variable.entity.is_person or nom in _REGLAGES:
            continue
        datees = valeur if isinstance(valeur, dict) else {_seule(variable, periode): valeur}
        for cle, donnee in datees.items():
            for canonique in periodes_de(variable, cle):
                if demande:
                    medecin.setdefault(nom, {}).setdefault(canonique, None)
                elif not variable.formulas:
                    ecrite = donnee.isoformat() if isinstance(donnee, date) else donnee
                    medecin.setdefault(nom, {})[canonique] = ecrite


def _seule(variable: Any, periode: str) -> str:
    """Period of a value that has none, as `openfisca test` takes it."""
    return "ETERNITY" if str(variable.definition_period) == "eternity" else periode
