"""A release: what goes out is what the tree holds, installs alone, and says what it stands on."""

from pathlib import Path

RACINE = Path(__file__).parents[1]
NOM = "openfisca-assistant-medical"
PAQUET = "openfisca_assistant_medical"


class PublicationRefusee(RuntimeError):
    """What keeps a release from going out; the message has a line for each fault."""


def exiger_sans_faute(titre: str, fautes: list[str]) -> None:
    """Refuse, if there is any fault.

    Raises:
        PublicationRefusee: with each of them.
    """
    if fautes:
        raise PublicationRefusee("\n".join([f"{titre} :", *(f"- {faute}" for faute in fautes)]))
