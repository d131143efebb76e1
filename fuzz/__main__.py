"""The command: `python -m fuzz --help`."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from fuzz.corpus import lire_le_corpus, poser
from fuzz.portes import PORTES
from fuzz.session import rejouer, semences_de, surveiller

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
TOUTES = "toutes"


@app.command(
    context_settings={"ignore_unknown_options": False},
    epilog=f"DOOR: {', '.join(PORTES)}, {TOUTES}; « rejouer » tries the corpus again.",
)
def _commande(
    porte: Annotated[str, typer.Argument(metavar="DOOR")],
    secondes: Annotated[float, typer.Option(min=0.1, help="How long, a door.")] = 60,
    graine: Annotated[int, typer.Option(min=0, help="Seed of the inputs.")] = 1,
) -> None:
    """Draw inputs for a door, or try those of the corpus again.

    Code 0: nothing found. 1: a finding, laid in tests/corpus/trouvailles/. 2: bad options.
    """
    if porte == "rejouer":
        _rejouer()
        return
    if porte not in (*PORTES, TOUTES):
        raise typer.BadParameter(f"{porte}; a door is one of {', '.join((*PORTES, TOUTES))}.")
    trouvees = [_chercher(nom, secondes, graine) for nom in PORTES if porte in (nom, TOUTES)]
    if any(trouvees):
        raise typer.Exit(1)


def _chercher(nom: str, secondes: float, graine: int) -> bool:
    console = Console(stderr=True)
    with console.status(f"{nom} : …") as etat:
        bilan = surveiller(
            PORTES[nom],
            secondes,
            graine,
            semences=semences_de(nom),
            suivi=lambda n, a: etat.update(f"{nom} : {n} entrées, {a} acceptées"),
        )
    print(f"{nom} : {bilan.entrees} entrées, {bilan.acceptees} acceptées", flush=True)
    if bilan.trouvaille is None:
        return False
    fichier = poser(bilan.trouvaille.octets, nom, bilan.trouvaille.genre)
    print(f"{nom} : {bilan.trouvaille.detail}\n{nom} : écrit dans {fichier}", file=sys.stderr)
    return True


def _rejouer() -> None:
    ecarts = rejouer()
    print(f"{len(lire_le_corpus())} entrées rejouées, {len(ecarts)} écart(s)")
    for porte, nom, detail in ecarts:
        print(f"- {porte}/{nom} : {detail}", file=sys.stderr)
    if ecarts:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
