"""`python -m mutation`: what of the law may be changed without a test noticing."""

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.callback()
def _racine() -> None:
    """Change the law, one figure or one formula at a time, and run the tests that should notice."""


@app.command()
def chiffres(
    part: Annotated[float, typer.Option(help="Share of the mutants that are tried.")] = 1.0,
    graine: Annotated[int, typer.Option(help="Seed of the sample.")] = 1,
    processus: Annotated[int, typer.Option(help="Processes.")] = os.cpu_count() or 1,
    sous: Annotated[str, typer.Option(help="Only figures under this path.")] = "",
    en_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Each dated value of the law: changed by a step, its date moved by a day. Code 1: a survivor."""
    if not 0 < part <= 1:
        raise typer.BadParameter("--part: a share above 0, 1 at most.")
    rapport = _en_parallele(processus, {"part": part, "graine": graine, "sous": sous})
    if en_json:
        typer.echo(json.dumps(rapport, ensure_ascii=False, indent=2))
    else:
        _afficher(rapport)
    raise typer.Exit(1 if rapport["inattendus"] or rapport["preuves_sans_objet"] else 0)


@app.command(hidden=True)
def tranche(demande: str) -> None:
    """One share of the mutants, for `chiffres`; results as JSON, one a line."""
    from mutation.cas import avec_les_cas
    from mutation.essai import essayer

    voulu = json.loads(demande)
    sortie, sys.stdout = sys.stdout, sys.stderr  # what pytest says is not a result
    avec_les_cas(lambda cas, lois: essayer(cas, lois, voulu, sortie))


def _en_parallele(processus: int, demande: dict[str, Any]) -> dict[str, Any]:
    from mutation.essai import bilan

    console = Console(stderr=True)
    with console.status("Mutants…") as etat, ThreadPoolExecutor(processus) as fils:
        lignes: list[dict[str, Any]] = []

        def lancer(rang: int) -> None:
            voulu = json.dumps({**demande, "rang": rang, "sur": processus})
            commande = [sys.executable, "-m", "mutation", "tranche", voulu]
            with subprocess.Popen(
                commande, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
            ) as tranche:
                assert tranche.stdout is not None
                for ligne in tranche.stdout:
                    lignes.append(json.loads(ligne))
                    etat.update(f"{len(lignes)} mutants")
            if tranche.returncode:
                raise RuntimeError("A share of the mutants was not tried: run it with `tranche`.")

        list(fils.map(lancer, range(processus)))
    return bilan(lignes, entier=demande["part"] == 1 and not demande["sous"])


def _afficher(rapport: dict[str, Any]) -> None:
    typer.echo(
        f"{rapport['mutants']} mutants : {rapport['tues']} tués par un cas de test, "
        f"{rapport['prouves']} hors d’atteinte, preuve à l’appui, "
        f"{len(rapport['inattendus'])} inattendus."
    )
    for mutant in rapport["inattendus"]:
        typer.echo(f"  survit : {mutant}")
    for preuve in rapport["preuves_sans_objet"]:
        typer.echo(f"  preuve sans objet : {preuve}")


if __name__ == "__main__":
    app()
