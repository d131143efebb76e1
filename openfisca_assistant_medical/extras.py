"""Libraries that an extra of the package brings: said in French where they are missing."""

from collections.abc import Iterator
from contextlib import contextmanager

_PAQUET = "openfisca_assistant_medical"


class ExtraManquant(ModuleNotFoundError):
    """A library is not installed; the message gives the command that installs it."""


@contextmanager
def exiger(extra: str) -> Iterator[None]:
    """Turn a library that is missing into the name of the extra that brings it.

    Raises:
        ExtraManquant: see its message.
    """
    try:
        yield
    except ModuleNotFoundError as erreur:
        manquant = (erreur.name or "").split(".")[0]
        if manquant == _PAQUET or isinstance(erreur, ExtraManquant):
            raise
        raise ExtraManquant(
            f"La bibliothèque « {manquant} » n’est pas installée. Remède : pip install "
            f"openfisca-assistant-medical[{extra}]"
        ) from None
