"""The command line, in this process."""

import io
from contextlib import redirect_stderr, redirect_stdout

from fuzz.verdict import exiger
from openfisca_assistant_medical.cli import main


def lancer(*arguments: str, codes: tuple[int, ...] = (0, 2)) -> tuple[int, str, str]:
    """Code, standard output and standard error of a command.

    Raises:
        Manquement: its code is none of `codes`, or it was refused and wrote a result.
    """
    sorties = [
        io.TextIOWrapper(io.BytesIO(), "utf-8", errors="surrogatepass", newline="") for _ in "12"
    ]
    with redirect_stdout(sorties[0]), redirect_stderr(sorties[1]):
        code = main(list(arguments))
    dites = []
    for sortie in sorties:
        sortie.flush()
        assert isinstance(sortie.buffer, io.BytesIO)
        dites.append(sortie.buffer.getvalue().decode("utf-8", "surrogatepass"))
    exiger(code in codes, f"code {code} de la commande {arguments[0]}", dites[1])
    exiger(code != 2 or not dites[0], "résultat écrit malgré un refus", dites[0])
    return code, dites[0], dites[1]
