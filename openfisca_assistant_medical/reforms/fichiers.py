"""Reforms without Python: a YAML file, or a folder, of paths, dates and values.

The command line takes the path of a file wherever it takes a reform. The Web API and the YAML tests
know classes alone: `openfisca_assistant_medical.reforms.fichiers.hausse` is the class of
`hausse.yaml`, or of the folder `hausse/`, in a folder of the environment variable
ASSISTANT_MEDICAL_REFORMES, or in `reformes/` without it. docs/reformes.md tells the format.
"""

from openfisca_assistant_medical.reforms import en_fichier as _en_fichier


def __getattr__(nom: str) -> object:
    # A refusal is not an AttributeError: core would say that there is no such class, and not why.
    if nom.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
    return _en_fichier.chercher(nom)
