"""The `assistant-medical` command.

Exit codes: 0, a result is given, a refusal by the law being one; 2, the input or an option is
wrong, with a message on the standard error; 1, anything unexpected, or an orphan in the matrix.

`calculer --json` prints the report of `contrats`, `calendrier --json` that of `calendrier`,
`groupements --json` that of `recrutement`; `expliquer`, `lectures`, `differences`, `matrice` and
`a-verifier --json` those of `tracabilite`.
"""

import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Annotated, Any
from unicodedata import normalize

import typer

from openfisca_assistant_medical.annees import ANNEES, ANNEES_DITES
from openfisca_assistant_medical.exemples import EXEMPLES, chemin_de
from openfisca_assistant_medical.mots import DemandeInconnue, proche

ANNEES_AU_PLUS = 50
ERREURS_MONTREES = 30


# --- Options --------------------------------------------------------------------------------------


def _refuser(message: str) -> typer.BadParameter:
    return typer.BadParameter(message)


def lire_annees(texte: str) -> range:
    """Years of `--annees`: "2025" or "2023-2030".

    Raises:
        typer.BadParameter: anything else, or more than `ANNEES_AU_PLUS` years.
    """
    premiere, _, derniere = texte.partition("-")
    bornes = premiere, derniere or premiere
    if all(len(borne) == 4 and borne.isascii() and borne.isdigit() for borne in bornes):
        annees = range(int(bornes[0]), int(bornes[1]) + 1)
        if 0 < len(annees) <= ANNEES_AU_PLUS and annees[0] in ANNEES and annees[-1] in ANNEES:
            return annees
    raise _refuser(
        f"--annees : reçu « {texte} » ; attendu : une année (2025) ou une suite croissante "
        f"d’au plus {ANNEES_AU_PLUS} années (2023-2030), {ANNEES_DITES}."
    )


def lire_dates(du: str | None, au: str | None) -> tuple[date | None, date | None]:
    """Days of `--du` and `--au`.

    Raises:
        typer.BadParameter: something else than an ISO date, or one without the other.
    """
    if (du is None) != (au is None):
        raise _refuser("Donner --du et --au ensemble, ou aucun des deux.")
    return _lire_jour("--du", du), _lire_jour("--au", au)


def _lire_jour(option: str, texte: str | None) -> date | None:
    """A day of the command line.

    Raises:
        typer.BadParameter: something else than an ISO date.
    """
    try:
        return None if texte is None else date.fromisoformat(texte)
    except ValueError:
        raise _refuser(
            f"{option} : reçu « {texte} » ; attendu : une date, comme 2024-06-22."
        ) from None


def _lire(fichier: str | None, exemple: str | None) -> Any:
    """The situation as given: a file, the standard input or a persona."""
    from openfisca_assistant_medical.situations import LIMITE_OCTETS, analyser, lire_situation

    if (fichier is None) == (exemple is None):
        raise _refuser("Donner soit un fichier (« - » : l’entrée standard), soit --exemple NOM.")
    if exemple is None:
        if fichier == "-":
            return analyser(sys.stdin.buffer.read(LIMITE_OCTETS + 1), "entrée standard")
        return lire_situation(str(fichier))
    if exemple not in EXEMPLES:
        raise _refuser(
            f"--exemple : reçu « {exemple} » ; attendu : un nom que donne la commande "
            f"« exemples »{proche(exemple, list(EXEMPLES))}."
        )
    ressource = chemin_de(exemple)
    return analyser(ressource.read_bytes(), ressource.name)


def lire_profondeur(texte: str) -> int:
    """Steps of `--profondeur`.

    Raises:
        typer.BadParameter: something else than a whole number, 0 or more.
    """
    if len(texte) <= 9 and texte.isascii() and texte.isdigit():
        return int(texte)
    raise _refuser(
        f"--profondeur : reçu « {texte} » ; attendu : un nombre entier, 0 pour tout dérouler."
    )


def lire_demande(mots: list[str], exemple: str | None) -> tuple[str | None, str, str | None]:
    """File, variable and period of `expliquer`; no file with --exemple.

    Raises:
        typer.BadParameter: a word too many, or none for the variable.
    """
    fichier, reste = (None, mots) if exemple is not None or not mots else (mots[0], mots[1:])
    if 1 <= len(reste) <= 2:
        return fichier, reste[0], reste[1] if len(reste) > 1 else None
    attendu = "VARIABLE [PÉRIODE]" if exemple is not None else "SITUATION VARIABLE [PÉRIODE]"
    recu = f"reçu « {' '.join(mots)} »" if mots else "rien reçu"
    raise _refuser(
        f"Demande : {recu} ; attendu : {attendu}, comme « expliquer medecin.yaml aide_due 2026 »."
    )


# --- Commands -------------------------------------------------------------------------------------


class _Commande(typer.core.TyperCommand):
    def get_help_option(self, ctx: Any) -> Any:
        return _aide_en_francais(super().get_help_option(ctx))


class _Groupe(typer.core.TyperGroup):
    def get_help_option(self, ctx: Any) -> Any:
        return _aide_en_francais(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise _refuser(
                f"Commande inconnue : « {args[0]} » ; attendu : {' ou '.join(self.commands)}"
                f"{proche(args[0], list(self.commands))}."
            )
        return super().resolve_command(ctx, args)


def _aide_en_francais(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = "Affiche cette aide.", ""
    return option


app = typer.Typer(
    cls=_Groupe,
    add_completion=False,
    pretty_exceptions_enable=False,
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
)


@app.callback(invoke_without_command=True)
def _racine(
    contexte: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", metavar="", help="Affiche la version.")
    ] = False,
) -> None:
    """Aide à l’emploi d’un assistant médical : ce qu’un médecin libéral peut en attendre."""
    if version:
        from importlib.metadata import version as version_de

        typer.echo(f"assistant-medical {version_de('openfisca-assistant-medical')}")
    elif contexte.invoked_subcommand is None:
        typer.echo(contexte.get_help())


Fichier = Annotated[
    str | None,
    typer.Argument(
        metavar="FICHIER",
        help="Situation, en JSON ou en YAML ; - lit l’entrée standard.",
        show_default=False,
    ),
]
Exemple = Annotated[
    str | None, typer.Option(metavar="NOM", help="Prend un exemple, voir la commande exemples.")
]
Reformes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NOM",
        help="Réforme à appliquer : convention_2024, objectifs_estimes, objectifs_estimes.<nom>, "
        "aide_collective_2026, lectures.<nom>, un fichier .yaml ou un chemin complet. Se répète, "
        "et s’applique dans l’ordre.",
    ),
]
Annees = Annotated[
    str | None,
    typer.Option(
        metavar="2023-2030",
        help="Années à montrer ; par défaut celles du contrat, dix au plus.",
    ),
]
EnPage = Annotated[
    str | None,
    typer.Option(metavar="FICHIER", help="Écrit tout en une page ; - : sur la sortie standard."),
]
EnJson = Annotated[
    bool,
    typer.Option("--json", metavar="", help="Donne le résultat en JSON, pour un programme."),
]


@contextmanager
def _refus_en_clair() -> Iterator[None]:
    """Turn the refusal of a situation, a reform or a name into a message and its exit code."""
    from openfisca_assistant_medical.lois import ReformeInconnue
    from openfisca_assistant_medical.situations import SituationInvalide

    try:
        yield
    except SituationInvalide as refus:
        raise typer.Exit(_echec(_situation_refusee(refus.erreurs))) from None
    except (ReformeInconnue, DemandeInconnue) as refus:
        raise _refuser(str(refus)) from None


def _donner(rapport: Any, en_json: bool, afficher: Callable[[Any, Any], None]) -> None:
    """Print a report, for a program or for people."""
    if en_json:
        import json

        typer.echo(json.dumps(rapport, ensure_ascii=False, indent=2, allow_nan=False))
        return
    from rich.console import Console

    afficher(Console(highlight=False, markup=False, emoji=False), rapport)


def _donner_page(chemin: str, texte: str) -> None:
    """Write a page, whole or not at all; on the standard output for "-".

    Raises:
        typer.BadParameter: it cannot be written.
    """
    if chemin == "-":
        typer.echo(texte)
    else:
        _ecrire("--html", chemin, texte.encode("utf-8"))


def _ecrire(option: str, chemin: str, octets: bytes) -> None:
    """Write a file beside its place, then put it there: it is whole, or as it was.

    Raises:
        typer.BadParameter: it cannot be written.
    """
    from openfisca_assistant_medical.brouillon import brouillon

    try:
        with brouillon(chemin) as ecrit:
            ecrit.write_bytes(octets)
    except (OSError, ValueError) as erreur:
        raise _impossible_a_ecrire(option, chemin, erreur) from None
    typer.echo(f"Écrit : {chemin}", err=True)


def _impossible_a_ecrire(option: str, chemin: str, erreur: Exception) -> typer.BadParameter:
    return _refuser(
        f"{option} : « {chemin} » ne peut pas être écrit ({erreur}). Remède : un fichier dans un "
        "dossier qui existe et où l’on peut écrire."
    )


@app.command(cls=_Commande, rich_help_panel="Commandes")
def calculer(
    fichier: Fichier = None,
    exemple: Exemple = None,
    reforme: Reformes = None,
    comparer: Annotated[
        bool,
        typer.Option(
            "--comparer", metavar="", help="Compare le droit sans, puis avec, la convention."
        ),
    ] = False,
    annees: Annees = None,
    en_json: EnJson = False,
) -> None:
    """Calcule l’aide d’un ou de plusieurs médecins, année de contrat par année de contrat."""
    choisies = lire_annees(annees) if annees is not None else None

    from openfisca_assistant_medical.affichage import afficher
    from openfisca_assistant_medical.contrats import etablir

    with _refus_en_clair():
        rapport = etablir(_lire(fichier, exemple), reforme or [], comparer, choisies)
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def lectures(
    fichier: Fichier = None,
    exemple: Exemple = None,
    reforme: Reformes = None,
    annees: Annees = None,
    en_json: EnJson = False,
) -> None:
    """Dit les points douteux, et ce que l’autre lecture de chacun change pour un médecin.

    Sans situation : le registre des points douteux, avec les sources de chaque réponse.
    """
    choisies = lire_annees(annees) if annees is not None else None

    from openfisca_assistant_medical.tracabilite.lectures import (
        afficher,
        afficher_le_registre,
        effets,
        registre,
    )

    if fichier is None and exemple is None:
        with _refus_en_clair():
            tous = registre(reforme or [])
        _donner(tous, en_json, afficher_le_registre)
        return
    with _refus_en_clair():
        rapport = effets(_lire(fichier, exemple), reforme or [], choisies)
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def expliquer(
    demande: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SITUATION VARIABLE [PÉRIODE]",
            help="Le fichier (- : l’entrée standard ; rien avec --exemple), le nom d’une variable, "
            "et l’année, ou le mois, pour celles qui en ont un.",
            show_default=False,
        ),
    ] = None,
    exemple: Exemple = None,
    reforme: Reformes = None,
    medecin: Annotated[
        str | None,
        typer.Option(metavar="NOM", help="Le médecin, si la situation en a plusieurs."),
    ] = None,
    profondeur: Annotated[
        str, typer.Option(metavar="N", help="Étapes à dérouler ; 0 : toutes.")
    ] = "2",
    html: EnPage = None,
    en_json: EnJson = False,
) -> None:
    """Dit d’où vient un résultat : calcul, chiffres de la loi, textes, lectures, inconnues."""
    fichier, variable, periode = lire_demande(demande or [], exemple)
    niveaux = lire_profondeur(profondeur)

    from openfisca_assistant_medical.tracabilite.explication import expliquer_situation
    from openfisca_assistant_medical.tracabilite.explication.restitution import afficher, en_html

    with _refus_en_clair():
        brut = _lire(fichier, exemple)
        rapport = expliquer_situation(brut, variable, periode, reforme or [], medecin)
    if html is not None:
        _donner_page(html, en_html(rapport))
        return
    _donner(rapport, en_json, partial(afficher, profondeur=niveaux))


@app.command(cls=_Commande, rich_help_panel="Commandes")
def differences(
    entre: Annotated[
        tuple[str, str],
        typer.Option(
            metavar="LOI LOI",
            help="Les deux lois : base, convention_2024, lectures.<nom>, un fichier .yaml, un "
            "chemin complet, ou plusieurs réformes jointes par + ; par défaut base et "
            "convention_2024.",
            show_default=False,
        ),
    ] = ("base", "convention_2024"),
    du: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Compare la première loi à cette date… (AAAA-MM-JJ)"),
    ] = None,
    au: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="… et la seconde à celle-ci. Sans dates : à toutes."),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Dit ce qui change entre deux états du droit : chiffres, dates, sources et règles."""
    jours = lire_dates(du, au)

    from openfisca_assistant_medical.lois import loi
    from openfisca_assistant_medical.tracabilite.differences import afficher
    from openfisca_assistant_medical.tracabilite.differences import differences as comparer

    with _refus_en_clair():
        avant, apres = ((*loi(nom), jour) for nom, jour in zip(entre, jours, strict=True))
    _donner(comparer(avant, apres), en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def matrice(
    nom: Annotated[
        str | None,
        typer.Argument(
            metavar="NOM",
            help="Une disposition, un paramètre, une table, une variable, une lecture, un fichier "
            "de données, une source ou un fichier de tests : tout ce à quoi il mène. Rien : toute "
            "la matrice.",
            show_default=False,
        ),
    ] = None,
    tests: Annotated[
        str | None,
        typer.Option(metavar="DOSSIER", help="Cas de test ; par défaut, ceux du modèle."),
    ] = None,
    html: EnPage = None,
    en_csv: Annotated[
        bool,
        typer.Option("--csv", metavar="", help="Donne les liens pour un tableur, un par ligne."),
    ] = False,
    en_json: EnJson = False,
) -> None:
    """Mène des textes aux chiffres, aux règles et aux tests, et retour. Code 1 : un orphelin."""
    from pathlib import Path

    from openfisca_assistant_medical.tracabilite.matrice import (
        CasIllisibles,
        NomInconnu,
        chercher,
        restitution,
    )
    from openfisca_assistant_medical.tracabilite.matrice import matrice as etablir

    try:
        rapport = etablir(None if tests is None else Path(tests))
        trouve = rapport if nom is None else chercher(rapport, nom)
    except (CasIllisibles, NomInconnu) as refus:
        raise _refuser(str(refus)) from None
    if html is not None:
        _donner_page(html, restitution.en_html(rapport))
    elif en_csv:
        typer.echo(restitution.en_csv(rapport), nl=False)
    else:
        _donner(trouve, en_json, lambda console, _: restitution.afficher(console, rapport, nom))
    if nom is None and rapport["orphelins"]:
        raise typer.Exit(1)


@app.command("a-verifier", cls=_Commande, rich_help_panel="Commandes")
def a_verifier(en_json: EnJson = False) -> None:
    """Dit ce qu’il faut vérifier au Journal officiel avant tout usage, par poids."""
    from rich.console import Console

    from openfisca_assistant_medical.tracabilite.verification import a_verifier as peser
    from openfisca_assistant_medical.tracabilite.verification import afficher

    with Console(stderr=True).status("Mesure du poids de chaque point…") as etat:
        rapport = peser(lambda etape: etat.update(f"{etape}…"))
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def calendrier(
    fichier: Fichier = None,
    exemple: Exemple = None,
    reforme: Reformes = None,
    annees: Annotated[
        str | None,
        typer.Option(
            metavar="2026-2027",
            help="Années civiles des dates à montrer ; par défaut tout le contrat, ou ses dix "
            "premières années.",
        ),
    ] = None,
    medecin: Annotated[
        str | None,
        typer.Option(metavar="NOM", help="Un seul médecin, si la situation en a plusieurs."),
    ] = None,
    ics: Annotated[
        str | None,
        typer.Option(
            "--ics",
            metavar="FICHIER",
            help="Écrit les dates pour un agenda (iCalendar) ; - : sur la sortie standard.",
        ),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Donne toutes les dates du contrat : versements, points, bilans, délais, terme."""
    choisies = lire_annees(annees) if annees is not None else None
    if ics is not None and en_json:
        raise _refuser("Donner --ics ou --json, pas les deux.")

    from openfisca_assistant_medical.calendrier import afficher, en_ics
    from openfisca_assistant_medical.calendrier import calendrier as etablir

    with _refus_en_clair():
        rapport = etablir(_lire(fichier, exemple), reforme or [], choisies, medecin)
    if ics is None:
        _donner(rapport, en_json, afficher)
        return
    if not any(montre["evenements"] for montre in rapport["medecins"]):
        raise _refuser(
            "--ics : aucun événement à écrire dans un agenda. La commande sans --ics dit pourquoi."
        )
    if ics == "-":
        typer.echo(en_ics(rapport), nl=False)
    else:
        _ecrire("--ics", ics, en_ics(rapport))


@app.command(cls=_Commande, rich_help_panel="Commandes")
def groupements(
    region: Annotated[
        str | None,
        typer.Option(
            metavar="NOM",
            help="Une région, par son nom ou son abréviation ; sans elle, toutes.",
        ),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Donne les groupements d’employeurs par région, et les façons d’employer l’assistant."""
    from openfisca_assistant_medical.recrutement import RegionInconnue, afficher, repertoire

    try:
        rapport = repertoire(region)
    except RegionInconnue as refus:
        raise _refuser(str(refus)) from None
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def reformes(
    fichier: Annotated[
        str | None,
        typer.Argument(
            metavar="FICHIER",
            help="Une réforme en fichier : un .yaml, ou un dossier. Rien : les réformes connues.",
            show_default=False,
        ),
    ] = None,
    reforme: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NOM",
            help="La loi sous elle ; par défaut les réformes qu’elle dit supposer. Se répète.",
        ),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Énumère les réformes, ou vérifie un fichier de réforme et montre ce qu’il change."""
    from openfisca_assistant_medical.tracabilite.reformes import (
        afficher,
        afficher_la_liste,
        enumerer,
        examiner,
    )

    with _refus_en_clair():
        if fichier is None:
            liste = enumerer()
        else:
            rapport = examiner(fichier, reforme or [])
    if fichier is None:
        _donner(liste, en_json, afficher_la_liste)
    else:
        _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Service")
def mcp() -> None:
    """Sert le modèle à des agents, en Model Context Protocol, par l’entrée et la sortie."""
    from openfisca_assistant_medical.extras import ExtraManquant, exiger

    try:
        with exiger("agents"):
            from openfisca_assistant_medical.agents.serveur import creer
    except ExtraManquant as refus:
        raise _refuser(str(refus)) from None
    creer().run()


def _reglage(aide: str, metavar: str = "N") -> Any:
    return typer.Option(metavar=metavar, help=aide, show_default=False)


@app.command(cls=_Commande, rich_help_panel="Service")
def servir(
    adresse: Annotated[str | None, _reglage("Adresse d’écoute (127.0.0.1).", "IP")] = None,
    port: Annotated[str | None, _reglage("Port d’écoute (5000).")] = None,
    processus: Annotated[str | None, _reglage("Processus (2), un par cœur.")] = None,
    fils: Annotated[str | None, _reglage("Requêtes tenues à la fois par processus (32).")] = None,
    origines: Annotated[
        str | None,
        _reglage("Sites dont les pages peuvent lire l’API, séparés par des virgules.", "URL,…"),
    ] = None,
    hotes: Annotated[
        str | None, _reglage("Noms sous lesquels il répond ; sinon, n’importe lequel.", "NOM,…")
    ] = None,
    delai: Annotated[str | None, _reglage("Secondes au plus par requête (20).")] = None,
    attente: Annotated[str | None, _reglage("Secondes sans rien recevoir (10).")] = None,
    octets: Annotated[str | None, _reglage("Octets au plus d’un corps (8000000).")] = None,
    medecins: Annotated[str | None, _reglage("Médecins au plus par requête (5000).")] = None,
    valeurs: Annotated[str | None, _reglage("Valeurs au plus par requête (500000).")] = None,
    profondeur: Annotated[str | None, _reglage("Niveaux au plus d’un corps (8).")] = None,
    mandataires: Annotated[
        str | None, _reglage("Mandataires devant le service, dont X-Forwarded-* est cru (0).")
    ] = None,
    sources: Annotated[str | None, _reglage("Adresse du code source, montrée.", "URL")] = None,
    verifier: Annotated[
        bool, typer.Option("--verifier", metavar="", help="Vérifie les réglages, sans servir.")
    ] = False,
) -> None:
    """Sert l’API et le simulateur.

    Chaque option est aussi une variable d’environnement : ASSISTANT_MEDICAL_PORT…
    """
    from openfisca_assistant_medical.web.configuration import (
        ConfigurationInvalide,
        lire_configuration,
    )

    options = {nom: valeur for nom, valeur in locals().items() if isinstance(valeur, str)}
    try:
        configuration = lire_configuration(options)
    except ConfigurationInvalide as refus:
        raise _refuser(str(refus)) from None
    if verifier:
        from dataclasses import asdict

        for nom, valeur in asdict(configuration).items():
            typer.echo(f"{nom} : {', '.join(valeur) if isinstance(valeur, tuple) else valeur}")
        return
    from openfisca_assistant_medical.web.serveur import servir as lancer

    lancer(configuration)


@contextmanager
def _refus_d_une_population() -> Iterator[None]:
    """Turn the refusal of a table or of a run, or a missing library, into a message."""
    from openfisca_assistant_medical.extras import ExtraManquant, exiger
    from openfisca_assistant_medical.lois import ReformeInconnue

    try:
        with exiger("population"):
            from openfisca_assistant_medical.population.enregistrement import VerificationImpossible
            from openfisca_assistant_medical.population.incertitude import HypothesesRefusees
            from openfisca_assistant_medical.population.repartition import RepartitionImpossible
            from openfisca_assistant_medical.population.reprise import SimulationRefusee
            from openfisca_assistant_medical.population.table.refus import TableRefusee
    except ExtraManquant as refus:
        raise _refuser(str(refus)) from None
    refusees = (
        HypothesesRefusees,
        TableRefusee,
        RepartitionImpossible,
        SimulationRefusee,
        VerificationImpossible,
    )
    try:
        yield
    except (*refusees, ReformeInconnue, ExtraManquant) as refus:
        raise _refuser(str(refus)) from None


def _commande_tapee() -> str | None:
    """What was typed, for a record; None where the command was called by a program."""
    import shlex
    from os.path import basename

    if not basename(sys.argv[0]).startswith("assistant-medical"):
        return None
    return shlex.join(["assistant-medical", *sys.argv[1:]])


@app.command(cls=_Commande, rich_help_panel="Commandes")
def simuler(
    contrats: Annotated[
        str,
        typer.Argument(
            metavar="CONTRATS",
            help="Table des contrats : .csv, .parquet (fichier ou dossier), requête .sql ou "
            "duckdb:FICHIER?SELECT…",
            show_default=False,
        ),
    ],
    annees: Annotated[
        str, typer.Option(metavar="2024-2030", help="Années où commencent les années de contrat.")
    ],
    reforme: Reformes = None,
    loi: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOI",
            help="Loi entière à comparer à la référence, comme "
            "convention_2024+lectures.age_senior. Se répète.",
        ),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="LOI",
            help="Loi de référence ; par défaut base, si la convention est comparée, sinon "
            "convention_2024.",
        ),
    ] = None,
    sortie: Annotated[
        str | None,
        typer.Option(
            metavar="DOSSIER",
            help="Écrit les résultats dans ce dossier. Interrompue, la même commande reprend là où "
            "elle s’est arrêtée.",
        ),
    ] = None,
    erreurs: Annotated[
        str,
        typer.Option(
            metavar="arreter|isoler",
            help="Lignes mauvaises : arreter refuse la table ; isoler les écarte, et les liste.",
        ),
    ] = "arreter",
    sans_lectures: Annotated[
        bool,
        typer.Option(
            "--sans-lectures",
            metavar="",
            help="Ne calcule pas les autres lectures des points douteux : bien plus rapide.",
        ),
    ] = False,
    travailleurs: Annotated[
        int, typer.Option(metavar="N", help="Processus de calcul sur cette machine.")
    ] = 1,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADRESSE", help="Ordonnanceur Dask d’une grappe, à leur place."),
    ] = None,
    ignorer: Annotated[
        list[str] | None,
        typer.Option(metavar="COLONNE", help="Colonne de la table à laisser de côté. Se répète."),
    ] = None,
    detail: Annotated[
        bool,
        typer.Option("--detail", metavar="", help="Écrit aussi chaque contrat, dans contrats/."),
    ] = False,
    remplacer: Annotated[
        bool,
        typer.Option(
            "--remplacer", metavar="", help="Remplace le résultat que le dossier contient déjà."
        ),
    ] = False,
    tirages: Annotated[
        int,
        typer.Option(
            metavar="N", help="Tirages de ce qui n’est pas connu, pour un intervalle ; 0 : aucun."
        ),
    ] = 0,
    graine: Annotated[int, typer.Option(metavar="S", help="Graine des tirages.")] = 0,
    hypotheses: Annotated[
        str | None,
        typer.Option(metavar="FICHIER", help="Hypothèses des tirages, en YAML."),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Calcule une table de contrats sous plusieurs lois : coût, gagnants, perdants, certitude."""
    choisies = lire_annees(annees)
    with _refus_d_une_population():
        from openfisca_assistant_medical.population.avancement import suivre
        from openfisca_assistant_medical.population.lois import choisir_lois
        from openfisca_assistant_medical.population.resume import afficher, resumer
        from openfisca_assistant_medical.population.simulation import comparer

        lois = choisir_lois(reforme or [], loi or [], reference)
        try:
            with suivre("Calcul") as suivi:
                resultat = comparer(
                    contrats,
                    choisies,
                    lois=lois,
                    sortie=sortie,
                    erreurs=erreurs,
                    lectures=not sans_lectures,
                    travailleurs=travailleurs,
                    dask=dask,
                    detail=detail,
                    ignorer=ignorer or [],
                    remplacer=remplacer,
                    tirages=tirages,
                    graine=graine,
                    hypotheses=hypotheses,
                    suivi=suivi,
                    commande=_commande_tapee(),
                )
        except KeyboardInterrupt:
            reste = "" if sortie is None else " La même commande reprend ce qui est fini."
            raise typer.Exit(_echec(f"Interrompu.{reste}", 1)) from None
        rapport = resumer(resultat)
    if sortie is not None:
        typer.echo(f"Écrit : {sortie}", err=True)
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def verifier(
    dossier: Annotated[
        str,
        typer.Argument(
            metavar="DOSSIER", help="Résultat que « simuler » a écrit.", show_default=False
        ),
    ],
    contrats: Annotated[
        str | None,
        typer.Option(metavar="CONTRATS", help="Où est la table, si elle a été déplacée."),
    ] = None,
    admettre: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHEMIN",
            help="Réforme en Python que le résultat nomme, d’un autre paquet, et dont le code peut "
            "être exécuté. Se répète.",
        ),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Recalcule un résultat, et dit ce qui en diffère. Code 1 : quelque chose diffère."""
    with _refus_d_une_population():
        from pathlib import Path

        from openfisca_assistant_medical.population.avancement import suivre
        from openfisca_assistant_medical.population.enregistrement import afficher
        from openfisca_assistant_medical.population.enregistrement import verifier as refaire

        with suivre("Recalcul") as suivi:
            rapport = refaire(Path(dossier), source=contrats, admises=admettre or [], suivi=suivi)
    _donner(rapport, en_json, afficher)
    if not rapport["identique"]:
        raise typer.Exit(1)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def rapport(
    dossier: Annotated[
        str,
        typer.Argument(
            metavar="DOSSIER", help="Résultat que « simuler » a écrit.", show_default=False
        ),
    ],
    seuil: Annotated[
        int,
        typer.Option(
            metavar="N", help="Contrats qu’une case publiée doit avoir : le secret statistique."
        ),
    ] = 11,
    gain_minimal: Annotated[
        str,
        typer.Option(
            metavar="EUROS", help="Gain, sur toutes les années, à partir duquel un contrat gagne."
        ),
    ] = "1",
    html: Annotated[
        str | None,
        typer.Option(
            metavar="FICHIER",
            help="Où écrire la page, et le dossier tables à côté ; par défaut rapport.html, dans "
            "le dossier.",
        ),
    ] = None,
    en_json: EnJson = False,
) -> None:
    """Écrit le rapport d’un résultat : une page, et des tables que l’on peut diffuser.

    Avec --json et sans --html, rien n’est écrit.
    """
    euros = _lire_montant("--gain-minimal", gain_minimal)
    with _refus_d_une_population():
        from openfisca_assistant_medical.extras import exiger

        with exiger("population"):
            import matplotlib  # noqa: F401

            from openfisca_assistant_medical.population.rapport import ecrire_rapport, etablir
        ecrire = html is not None or not en_json
        options: dict[str, Any] = {"seuil": seuil, "gain_minimal": euros}
        try:
            etabli = (
                ecrire_rapport(dossier, html, **options) if ecrire else etablir(dossier, **options)
            )
        except OSError as erreur:
            if isinstance(erreur, FileNotFoundError) and erreur.filename is None:
                raise _refuser(str(erreur)) from None
            raise _impossible_a_ecrire("--html", html or dossier, erreur) from None
        except ValueError as refus:
            raise _refuser(str(refus)) from None
    if ecrire:
        typer.echo(f"Écrit : {html or f'{dossier}/rapport.html'}", err=True)
    _donner(etabli, en_json, _dire_les_phrases)


def _dire_les_phrases(console: Any, rapport: Any) -> None:
    for de_la_loi in rapport["phrases"]:
        for texte in de_la_loi["textes"]:
            console.print(texte, soft_wrap=True)


def _lire_montant(option: str, texte: str) -> float:
    """Euros of the command line, more than 0.

    Raises:
        typer.BadParameter: something else.
    """
    try:
        montant = float(texte)
    except ValueError:
        montant = 0.0
    if not 0 < montant < float("inf"):
        raise _refuser(f"{option} : reçu « {texte} » ; attendu : des euros, comme 1 ou 0.5.")
    return montant


@app.command(cls=_Commande, rich_help_panel="Commandes")
def population(
    taille: Annotated[int, typer.Option(metavar="N", help="Nombre de contrats à engendrer.")],
    graine: Annotated[
        int,
        typer.Option(metavar="S", help="Graine du hasard : la même redonne les mêmes contrats."),
    ],
    sortie: Annotated[
        str, typer.Option(metavar="FICHIER", help="Fichier à écrire, en .parquet ou en .csv.")
    ],
    jusqu_a: Annotated[
        int | None,
        typer.Option(metavar="ANNÉE", help="Dernière année des patientèles données ; 2034 sinon."),
    ] = None,
    derniere_signature: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Dernier jour de signature ; celui des hypothèses sinon."
        ),
    ] = None,
    calage: Annotated[
        bool,
        typer.Option(
            "--calage", metavar="", help="Met ce qui est atteint à côté de ce qui est publié."
        ),
    ] = False,
    travailleurs: Annotated[
        int, typer.Option(metavar="N", help="Fils de calcul ; ils ne changent rien au résultat.")
    ] = 1,
    en_json: EnJson = False,
) -> None:
    """Engendre une population synthétique de contrats, calée sur ce qui est publié."""
    signature = _lire_jour("--derniere-signature", derniere_signature)
    with _refus_d_une_population():
        from openfisca_assistant_medical.extras import exiger
        from openfisca_assistant_medical.population.avancement import suivre

        with exiger("population"):
            from openfisca_assistant_medical.population.synthese import DemandeRefusee, engendrement
            from openfisca_assistant_medical.population.synthese.restitution import (
                afficher,
                etablir,
            )
    options = {
        "jusqu_a": engendrement.JUSQU_A if jusqu_a is None else jusqu_a,
        "derniere_signature": signature,
        "travailleurs": travailleurs,
    }
    try:
        with suivre("Population synthétique") as suivi:
            rapport = etablir(sortie, taille, graine, calage, suivi, options)
    except DemandeRefusee as refus:
        raise _refuser(f"--{refus}") from None
    except OSError as erreur:
        raise _impossible_a_ecrire("--sortie", sortie, erreur) from None
    typer.echo(f"Écrit : {sortie}", err=True)
    _donner(rapport, en_json, afficher)


@app.command(cls=_Commande, rich_help_panel="Commandes")
def exemples() -> None:
    """Énumère les exemples que prend l’option --exemple."""
    for nom, objet in EXEMPLES.items():
        typer.echo(f"{nom} : {objet}")


# --- Errors ---------------------------------------------------------------------------------------


# The root of the errors of the command line: click's, or the copy of it that typer carries.
_ErreurDeCommande: Any = typer.BadParameter.__mro__[2]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit code, with a message in French on the standard error."""
    codecs.register_error("sans_perte", _sans_perte)
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(errors="sans_perte")
    try:
        return app(arguments, prog_name="assistant-medical", standalone_mode=False) or 0
    except _ErreurDeCommande as erreur:
        return _echec(_usage(erreur))
    except typer.Abort:
        return _echec("Interrompu.", 1)
    except Exception as erreur:
        return _echec(f"Erreur inattendue ({type(erreur).__name__}) : {erreur}", 1)


def _sans_perte(erreur: Any) -> tuple[str, int]:
    """Write with plainer signs what the encoding of a terminal lacks: no amount is blurred."""
    signes = {"’": "'", "−": "-", "–": "-", "≥": ">=", "€": "EUR", "…": "...", "«": '"', "»": '"'}
    clairs = (
        signes.get(c) or normalize("NFKD", c).encode("ascii", "ignore").decode() or "?"
        for c in erreur.object[erreur.start : erreur.end]
    )
    return "".join(clairs), erreur.end


def _echec(message: str, code: int = 2) -> int:
    propre = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in message)
    typer.echo(propre, err=True)
    return code


def _situation_refusee(erreurs: list[Any]) -> str:
    reste = len(erreurs) - ERREURS_MONTREES
    lignes = [f"- {erreur}" for erreur in erreurs[:ERREURS_MONTREES]]
    if reste > 0:
        lignes.append(f"- … et {reste} autres refus au moins.")
    return "\n".join(["Situation refusée :", *lignes])


def _usage(erreur: Any) -> str:
    """Message in French of an error on the command line."""
    option = getattr(erreur, "option_name", None)
    if type(erreur).__name__ == "MissingParameter":
        message = f"{_nom(erreur.param)} : rien reçu ; attendu : une valeur, obligatoire."
    elif isinstance(erreur, typer.BadParameter) and erreur.param is not None:
        message = f"{_nom(erreur.param)} : attendu : un nombre entier, comme 10."
    elif isinstance(erreur, typer.BadParameter):
        message = str(erreur.message)
    elif type(erreur).__name__ == "NoSuchOption":
        message = f"Option inconnue : « {option} »{proche(str(option), _options(erreur))}."
    elif option is not None:
        message = f"L’option {option} attend une valeur."
    else:
        _, _, precision = str(erreur.format_message()).rpartition("(")
        message = f"Argument en trop, ou mal écrit : « {precision.rstrip(').')} »."
    return f"{message}\nAide : assistant-medical --help"


def _nom(parametre: Any) -> str:
    """An option as it is typed, or an argument as the help names it."""
    nom = parametre.opts[0]
    return str(nom if nom.startswith("-") else parametre.metavar or nom)


def _options(erreur: Any) -> list[str]:
    return [nom for parametre in erreur.ctx.command.params for nom in parametre.opts]
