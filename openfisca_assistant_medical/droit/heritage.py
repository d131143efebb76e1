"""What a legal table says once for all its cells.

A table is one YAML file with many cells. Its unit, its references and how far each was read are
written once at its top, by date; each cell inherits those of its own dates, so that the Web API
shows them beside every figure.
"""

from typing import Any

from openfisca_core.parameters import Parameter, ParameterNode

# Metadata that a cell inherits whole, and those that it inherits for its own dates only.
_ENTIERES = ("unit", "axes", "valeurs", "last_value_still_valid_on")
_DATEES = ("reference", "confiance")


def heriter(racine: ParameterNode) -> ParameterNode:
    """Give each leaf of a tree the metadata and description of the nodes above it; in place."""
    for nom, enfant in racine.children.items():
        _descendre(enfant, {}, nom, None)
    return racine


def _descendre(noeud: Any, recues: dict[str, Any], chemin: str, description: str | None) -> None:
    metadonnees = completer(recues, noeud.metadata)
    if isinstance(noeud, Parameter):
        if noeud.description is None and description is not None:
            noeud.description = f"{description} — {chemin}"
        noeud.metadata = restreindre(metadonnees, [v.instant_str for v in noeud.values_list])
        return
    if noeud.description is None and description is not None:
        noeud.description = f"{description} — {chemin}"
    elif noeud.description is not None:
        description, chemin = noeud.description, ""
    noeud.metadata = metadonnees
    for nom, enfant in noeud.children.items():
        _descendre(enfant, metadonnees, f"{chemin}, {nom}".lstrip(", "), description)


def completer(recues: dict[str, Any], propres: dict[str, Any]) -> dict[str, Any]:
    """Metadata received from above, completed and corrected by one's own; a new dict."""
    ensemble = {cle: recues[cle] for cle in (*_ENTIERES, *_DATEES) if cle in recues}
    for cle, valeur in propres.items():
        fondre = cle in _DATEES and cle in ensemble
        ensemble[cle] = {**ensemble[cle], **valeur} if fondre else valeur
    return ensemble


def restreindre(metadonnees: dict[str, Any], dates: list[str]) -> dict[str, Any]:
    """Metadata of a leaf: what is said of other dates than its own is left out."""
    return {
        cle: {jour: valeur[jour] for jour in sorted(valeur) if jour in dates}
        if cle in _DATEES
        else valeur
        for cle, valeur in metadonnees.items()
    }
