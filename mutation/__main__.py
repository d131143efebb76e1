"""`python -m mutation`: what of the law may be changed without a test noticing."""

import json
import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from mutation import atelier, chiffres, formules
from mutation.bilan import Bilan, afficher, ecrire_le_score
from mutation.cas import Cas, Cle, avec_les_cas
from mutation.essai import Chiffres, Formules
from mutation.reprise import Reprise, empreintes
from mutation.survivants import preuves, preuves_des_formules

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Part = Annotated[float, typer.Option(help="Share of the mutants that are tried.")]
Graine = Annotated[int, typer.Option(help="Seed of the sample.")]
Processus = Annotated[int, typer.Option(help="Processes at a time.")]
Sous = Annotated[str, typer.Option(help="Only what is under this path, of figures or of a file.")]
DesCas = Annotated[str, typer.Option("--cas", help="Only cases whose file has this in its path.")]
EnJson = Annotated[bool, typer.Option("--json", help="For a program, on standard output.")]
Score = Annotated[bool, typer.Option(help="Write mutation/score.json, which the README quotes.")]
ARefaire = Annotated[
    Path | None,
    typer.Option(
        "--reprise",
        metavar="REPORT",
        help="A report (--json): only what survives in it, or is of a file that changed, is tried.",
    ),
]

_COEURS = os.cpu_count() or 1
M = TypeVar("M")


@app.callback()
def _racine() -> None:
    """Change the law, one figure or one formula at a time, and run the tests that should notice.

    Code 0: every mutant is killed, or its survival is justified. 1: one is not. 2: bad options.
    """


@app.command("chiffres")
def _chiffres(
    part: Part = 1.0,
    graine: Graine = 1,
    processus: Processus = _COEURS,
    sous: Sous = "",
    cas: DesCas = "",
    en_json: EnJson = False,
    score: Score = False,
) -> None:
    """Each dated value of the law: changed by a step, its date moved by a day."""
    _verifier_le_score(score, part < 1 or bool(cas))
    bilans = _lancer({"chiffres": (part, sous)}, graine, processus, cas)
    _conclure_un("chiffres", sous, bilans, score, en_json)


@app.command("formules")
def _formules(
    part: Part = 1.0,
    graine: Graine = 1,
    processus: Processus = _COEURS,
    sous: Sous = "",
    cas: DesCas = "",
    reprise: ARefaire = None,
    en_json: EnJson = False,
    score: Score = False,
) -> None:
    """Each operator and number of the formulas, and of what they stand on, changed in turn."""
    _verifier_le_score(score, part < 1 or bool(cas))
    try:
        deja = None if reprise is None else Reprise.lire(reprise)
    except ValueError as refus:
        raise typer.BadParameter(str(refus)) from None
    bilans = _lancer({"formules": (part, sous)}, graine, processus, cas, deja)
    _conclure_un("formules", sous, bilans, score, en_json, reprise is not None)


@app.command("tout")
def _tout(
    part_chiffres: Part = 1.0,
    part_formules: Part = 1.0,
    graine: Graine = 1,
    processus: Processus = _COEURS,
    en_json: EnJson = False,
    score: Score = False,
) -> None:
    """The figures, then the formulas."""
    parts = {"chiffres": (part_chiffres, ""), "formules": (part_formules, "")}
    _verifier_le_score(score, part_chiffres < 1 or part_formules < 1)
    bilans = _lancer(parts, graine, processus)
    if score:
        for lot, bilan in bilans.items():
            ecrire_le_score(lot, bilan, "make mutation")
    _conclure(bilans, en_json)


def _verifier_le_score(score: bool, echantillon: bool) -> None:
    if score and echantillon:
        raise typer.BadParameter("A score is that of every mutant and every case.")


def _conclure_un(
    quoi: str,
    sous: str,
    bilans: dict[str, Bilan],
    score: bool,
    en_json: bool,
    repris: bool = False,
) -> None:
    if score:
        options = [f"--sous {sous}"] * bool(sous) + ["--reprise REPORT"] * repris + ["--score"]
        commande = " ".join(["python -m mutation", quoi, *options])
        ecrire_le_score(f"{quoi} {sous}".strip(), bilans[quoi], commande)
    _conclure(bilans, en_json)


def _lancer(
    parts: dict[str, tuple[float, str]],
    graine: int,
    processus: int,
    contenant: str = "",
    reprise: Reprise | None = None,
) -> dict[str, Bilan]:
    for part, _ in parts.values():
        if not 0 < part <= 1:
            raise typer.BadParameter("A share is above 0, and 1 at most.")
    bilans: dict[str, Bilan] = {}

    def faire(cas: list[Cas], construction: set[Cle]) -> None:
        for quoi, (part, sous) in parts.items():
            choix = part, graine, sous
            if quoi == "chiffres":
                bilans[quoi] = _essayer_chiffres(cas, choix, processus)
            else:
                essai = Formules(cas, construction)
                bilans[quoi] = _essayer_formules(essai, choix, processus, reprise)

    Console(stderr=True).print("Cases, on the law itself…")
    avec_les_cas(faire, contenant)
    return bilans


def _conclure(bilans: dict[str, Bilan], en_json: bool) -> None:
    if en_json:
        rapport = {quoi: bilan.en_donnees() for quoi, bilan in bilans.items()}
        typer.echo(json.dumps(rapport, ensure_ascii=False, indent=2))
    else:
        for quoi, bilan in bilans.items():
            typer.echo(afficher(quoi, bilan))
    raise typer.Exit(0 if all(bilan.reussi for bilan in bilans.values()) else 1)


Choix = tuple[float, int, str]


def _essayer_chiffres(cas: list[Cas], choix: Choix, processus: int) -> Bilan:
    part, graine, sous = choix
    tous = [m for m in chiffres.de_la_loi(un.loi for un in cas) if m.parametre.startswith(sous)]
    essai = Chiffres(cas)
    voulus = [m for m in _tires(tous, part, graine) if not essai.sans_effet(m)]
    essais = _suivre("figures", (voulus, len(voulus)), essai, processus)
    return Bilan.de(essais, preuves(), entier=part == 1 and not sous)


def _essayer_formules(
    essai: Formules, choix: Choix, processus: int, reprise: Reprise | None
) -> Bilan:
    part, graine, sous = choix
    places = _tires(list(formules.places(formules.fichiers(sous))), part, graine)
    fichiers = empreintes(chemin for chemin, *_ in places)
    deja: dict[formules.Mutant, str | None] = {}

    def voulus() -> Iterator[formules.Mutant]:
        for mutant in (m for place in places if (m := formules.mutant(*place)) is not None):
            if reprise is not None and reprise.sait_tue(mutant):
                deja[mutant] = "noticed, as the report tells"
            else:
                yield mutant

    essais = _suivre("formulas", (voulus(), len(places)), essai, processus)
    entier = part == 1 and not sous
    bilan = Bilan.de({**deja, **essais}, preuves_des_formules(), entier)
    return replace(bilan, fichiers=fichiers)


def _tires(tous: list[M], part: float, graine: int) -> list[M]:
    if part == 1:
        return tous
    return random.Random(graine).sample(tous, max(1, round(part * len(tous))))


def _suivre(
    quoi: str,
    voulus: tuple[Iterable[M], int],
    essai: Callable[[M, Callable[[], None]], str | None],
    processus: int,
) -> dict[M, str | None]:
    """Try mutants, telling how far it is and what survives as soon as it does."""
    console = Console(stderr=True)
    essais: dict[M, str | None] = {}
    mutants, combien = voulus
    resultats: Iterable[tuple[M, str | None]] = atelier.essayer(mutants, essai, processus)
    with console.status(f"{quoi}…") as etat:
        for mutant, tueur in resultats:
            essais[mutant] = tueur
            etat.update(f"{quoi}: {len(essais)} of {combien}")
            if tueur is None:
                console.print(f"survives: {mutant}", markup=False, highlight=False, soft_wrap=True)
            elif len(essais) % 500 == 0:
                console.print(f"{quoi}: {len(essais)} of {combien}")
    return essais


if __name__ == "__main__":
    app()
