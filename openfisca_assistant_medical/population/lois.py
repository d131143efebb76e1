"""Laws by their names: those that the options of `simuler` compare, and what a name holds."""

import os
from itertools import combinations

from openfisca_assistant_medical.lois import trouver_reforme
from openfisca_assistant_medical.population.reprise import SimulationRefusee
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.en_fichier import semble_un_fichier

_BASE, _CONVENTION = "base", "convention_2024"
LOIS = (_BASE, _CONVENTION)  # compared by default


def reformes_de(loi: str) -> list[str]:
    """Reforms that the name of a law holds, in order; a path keeps the spaces it has within."""
    return [] if loi.strip() == _BASE else [reforme.strip() for reforme in loi.split("+")]


def nom_de_loi(loi: str) -> str:
    """The name of a law as `lois.loi` takes it, without what people put around a « + ».

    Raises:
        SimulationRefusee: the path of a file that has a « + » in it.
    """
    _refuser_un_plus_dans_un_chemin(loi, "Loi")
    return "+".join(reformes_de(loi)) or _BASE


def choisir_lois(
    reformes: list[str], lois: list[str], reference: str | None = None
) -> tuple[str, ...]:
    """Names of the laws to compare, the reference first.

    Args:
        reformes: reforms laid in order over the reference, which make one law.
        lois: whole laws.
        reference: None = the base where the convention itself is compared, else the convention.

    Raises:
        ReformeInconnue: unknown reform.
        SimulationRefusee: a reform that the reference already holds, or a path with a « + ».
    """
    if not reformes and not lois:
        lois = [_CONVENTION]
    if reference is None:
        la_convention = _CONVENTION in lois or any(
            issubclass(trouver_reforme(nom), convention_2024) for nom in reformes
        )
        reference = _BASE if la_convention else _CONVENTION
    choisies = [reference]
    for nom in reformes:
        _refuser_un_plus_dans_un_chemin(nom, "--reforme")
    if reformes:
        dessous = reformes_de(reference)
        deja = next((nom for nom in reformes if nom in dessous), None)
        if deja is not None:
            raise SimulationRefusee(
                f"--reforme : « {deja} » est déjà dans la référence, « {reference} ». Remède : une "
                "autre --reference, comme base."
            )
        choisies.append("+".join([*dessous, *reformes]))
    return (*choisies, *lois)


def _refuser_un_plus_dans_un_chemin(nom: str, quoi: str) -> None:
    """A « + » lays a reform over another: it cannot be in the path of a file."""
    parties = nom.split("+")
    for debut, fin in combinations(range(len(parties) + 1), 2):
        chemin = "+".join(parties[debut:fin]).strip()
        if fin - debut > 1 and semble_un_fichier(chemin) and os.path.exists(chemin):
            raise SimulationRefusee(
                f"{quoi} : reçu « {chemin} », un chemin qui contient « + », signe qui superpose "
                "des réformes. Remède : renommer le fichier ou le dossier sans « + »."
            )
