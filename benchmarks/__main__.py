"""Benchmarks of the model: `python -m benchmarks --help`."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.mesure import Mesure, machine

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
EnJson = Annotated[bool, typer.Option("--json", help="Data instead of a table.")]
Rondes = Annotated[int, typer.Option(min=1, help="Rounds; each one runs every case.")]


def _montrer(mesures: Sequence[Mesure], en_json: bool) -> None:
    if en_json:
        donnees: dict[str, Any] = {"machine": machine(), "mesures": [m.en_clair() for m in mesures]}
        json.dump(donnees, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return
    console = Console()
    console.print(" · ".join(f"{nom} {valeur}" for nom, valeur in machine().items()), style="dim")
    table = Table("médiane", "min. – max.", "cible", "", box=box.SIMPLE)
    for mesure in mesures:
        bornes = f"{min(mesure.valeurs):.3g} – {max(mesure.valeurs):.3g}"
        cible = "" if mesure.cible is None else f"{mesure.cible:g}"
        verdict = "" if mesure.tenue() else " (dépassée)"
        table.add_row(
            f"{mesure.mediane:.3g} {mesure.unite}", bornes, cible, f"{mesure.nom}{verdict}"
        )
    console.print(table)


@app.command()
def population(
    nombre: Annotated[int, typer.Option(min=1, help="Doctors.")] = 100_000,
    rondes: Rondes = 9,
    en_json: EnJson = False,
) -> None:
    """The model over a population, against the twin in NumPy: time and memory."""
    from benchmarks.population import memoire, vitesse

    _montrer([*vitesse(nombre, rondes), *(memoire(nombre) if nombre > 1 else [])], en_json)


@app.command()
def memoire(
    morceaux: Annotated[int, typer.Option(min=2, help="Pieces of 50 000 doctors.")] = 8,
    en_json: EnJson = False,
) -> None:
    """Peak of memory of a table read by pieces, over that of one piece."""
    from benchmarks.population import memoire_par_morceaux

    _montrer(memoire_par_morceaux(morceaux), en_json)


@app.command()
def table(
    nombre: Annotated[int, typer.Option(min=1, help="Contracts.")] = 1_000_000,
    grand: Annotated[int, typer.Option(min=1, help="Contracts of the larger table.")] = 5_000_000,
    rondes: Rondes = 3,
    en_json: EnJson = False,
) -> None:
    """From a Parquet file to totals under two laws, against the twin; some minutes."""
    from benchmarks.table import deux_travailleurs, memoire, vitesse

    mesures = [
        *vitesse(nombre, rondes),
        *memoire((nombre, grand)),
        *deux_travailleurs(grand, rondes),
    ]
    _montrer(mesures, en_json)


@app.command()
def demarrage(rondes: Rondes = 9, en_json: EnJson = False) -> None:
    """Start of the system, of the reform and of the command."""
    from benchmarks.demarrage import mesurer

    _montrer(mesurer(rondes), en_json)


@app.command()
def requete(
    rondes: Rondes = 30,
    profil: Annotated[bool, typer.Option(help="Print where the time goes.")] = False,
    en_json: EnJson = False,
) -> None:
    """One doctor over five years: simulation and Web API, against a Flask echo."""
    from benchmarks import requete as banc

    if profil:
        banc.profil()
    else:
        _montrer(banc.mesurer(rondes), en_json)


@app.command()
def service(
    rondes: Rondes = 5,
    secondes: Annotated[float, typer.Option(min=1, help="Length of each run of wrk.")] = 4,
    requetes: Annotated[
        int, typer.Option(min=0, help="Requests over which memory is watched; some minutes.")
    ] = 0,
    en_json: EnJson = False,
) -> None:
    """Requests through gunicorn, with wrk, against a Flask echo behind the same workers."""
    from benchmarks import service as banc

    try:
        mesures = banc.memoire(requetes) if requetes else banc.mesurer(rondes, secondes)
    except banc.WrkManquant as refus:
        raise typer.BadParameter(str(refus)) from None
    _montrer(mesures, en_json)


@app.command()
def croissance(
    plafond: Annotated[int, typer.Option(min=1, help="Doctors at most.")] = 10_000_000,
    en_json: EnJson = False,
) -> None:
    """Cost against doctors, years and reforms laid over one another; some minutes."""
    from benchmarks.croissance import mesurer

    _montrer(mesurer(plafond), en_json)


@app.command()
def hostile() -> None:
    """Hostile requests to stock OpenFisca and to the service: the table of docs/porte.md."""
    from benchmarks.hostile import tableau

    print(tableau())


@app.command()
def garde(
    rondes: Rondes = 7,
    marge: Annotated[float, typer.Option(help="Times the limit.")] = 1.5,
) -> None:
    """Fail where a fixed ratio is passed by more than the margin: a regression, not noise."""
    from benchmarks import demarrage, population, table

    mesures = [
        *population.vitesse(1, 5 * rondes, population.ATTEINTS),
        *population.vitesse(100_000, rondes, population.ATTEINTS),
        *population.memoire(100_000),
        *table.vitesse(200_000, min(rondes, 3), table.ATTEINT),
        *demarrage.mesurer(rondes),
    ]
    _montrer(mesures, en_json=False)
    perdues = [mesure.nom for mesure in mesures if not mesure.tenue(marge)]
    for nom in perdues:
        print(f"Au-delà de {marge:g} × la cible : {nom}", file=sys.stderr)
    raise typer.Exit(1 if perdues else 0)


if __name__ == "__main__":
    app()
