"""The two laws that the service answers for, built once a process."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from openfisca_core.parameters import Parameter

from openfisca_assistant_medical.lois import lois as construire

PAQUET = "openfisca-assistant-medical"


@dataclass(frozen=True)
class Loi:
    """One state of the law.

    Attributes:
        cle: name in addresses and in answers.
        titre: name for people.
        description: as `contrats` gives it, `{"id", "nom", "reformes"}`.
        systeme: its tax-benefit system; it is shared, nobody changes it.
    """

    cle: str
    titre: str
    description: dict[str, Any]
    systeme: Any


@cache
def reglement() -> Loi:
    """The law up to 2023, which goes on after it: the counterfactual."""
    return _lois()[0]


@cache
def convention() -> Loi:
    """The law with the convention of 2024: what the service answers for, unless told otherwise."""
    return _lois()[1]


def par_cle() -> dict[str, Loi]:
    """Both laws by their key, the one that answers unless told otherwise first."""
    return {loi.cle: loi for loi in (convention(), reglement())}


@cache
def dernier_changement(cle: str) -> str:
    """Last day, ISO, on which a figure of a law changes.

    Args:
        cle: of a law of the service.
    """
    racine = par_cle()[cle].systeme.parameters
    feuilles = (noeud for noeud in racine.get_descendants() if isinstance(noeud, Parameter))
    return str(max(datee.instant_str for feuille in feuilles for datee in feuille.values_list))


@cache
def _lois() -> tuple[Loi, Loi]:
    (sans, base), (avec, reformee) = construire([], comparer=True)
    return (
        Loi("reglement-arbitral-2023", "Règlement arbitral de 2023", sans, base),
        Loi("convention-2024", "Convention de 2024", avec, reformee),
    )


@cache
def version_du_paquet() -> str:
    """Version of the package."""
    return version(PAQUET)
