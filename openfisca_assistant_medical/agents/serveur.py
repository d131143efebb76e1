"""The server of the Model Context Protocol, on its official SDK."""

from importlib.metadata import version
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from openfisca_assistant_medical.agents import outils, recherche
from openfisca_assistant_medical.lois import ReformeInconnue
from openfisca_assistant_medical.mots import DemandeInconnue
from openfisca_assistant_medical.situations import SituationInvalide

CONSIGNES = """\
Modèle de l’aide conventionnelle à l’emploi d’un assistant médical (France), d’après les documents
publics. Ce n’est pas un service officiel : la CPAM décide.
- « informations » dit ce qu’une situation peut contenir ; seuls date_signature, specialite et
  secteur_conventionnel sont obligatoires. Ce qui n’est pas donné est inconnu : ne rien inventer,
  demander à la personne.
- « calculer » et « comparer » donnent des euros par année de contrat ; une valeur null est
  inconnue, et les « notes » disent ce qui est un plancher, une hypothèse ou une estimation : le
  répéter à la personne avec le montant.
- « expliquer » donne le calcul, le texte, la date et la source de chaque chiffre : les citer.
- « chercher » et « consulter » mènent aux textes, aux chiffres, aux règles et aux points douteux.
"""
Situation = Annotated[
    dict[str, Any],
    Field(
        description="Un médecin, à plat : {nom de l’information: valeur} ; une information "
        "annuelle s’écrit {année: valeur}, comme patientele_mt: {2026: 1100}. Plusieurs "
        "médecins, ou un cabinet : {medecins: {nom: {…}}, cabinets: {nom: {membres: [nom]}}}. "
        "Dates AAAA-MM-JJ.",
        examples=[
            {
                "date_signature": "2024-09-10",
                "specialite": "generaliste",
                "secteur_conventionnel": "secteur_1",
                "patientele_mt_initiale": 1000,
                "file_active_initiale": 1500,
            }
        ],
    ),
]
Loi = Annotated[
    str,
    Field(
        description="convention_2024 (le droit en vigueur), base (le règlement arbitral de 2023 "
        "qui continue), ou des réformes du paquet jointes par « + », comme "
        "convention_2024+lectures.p95_inclus ou convention_2024+objectifs_estimes"
    ),
]
Annees = Annotated[
    list[int] | None,
    Field(description="Années civiles qui se suivent ; par défaut, celles du contrat"),
]
_LECTURE_SEULE = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_REFUS = (DemandeInconnue, ReformeInconnue, SituationInvalide)


def creer() -> MCPServer:
    """The server, with its tools."""
    serveur: MCPServer = MCPServer(
        "assistant-medical",
        title="Aide à l’emploi d’un assistant médical",
        instructions=CONSIGNES,
        version=version("openfisca-assistant-medical"),
    )
    for outil in (informations, calculer, comparer, expliquer, chercher, consulter):
        serveur.add_tool(outil, annotations=_LECTURE_SEULE, structured_output=True)
    return serveur


def informations(loi: Loi = outils.CONVENTION) -> dict[str, Any]:
    """Dit ce qu’une situation peut contenir : nom, période, type, unité et mots acceptés."""
    return _tenter(lambda: {"informations": outils.informations(loi)})


def calculer(
    situation: Situation, loi: Loi = outils.CONVENTION, annees: Annees = None
) -> dict[str, Any]:
    """Calcule l’aide d’un médecin par année de contrat : maximum, part, dû, versements."""
    return _tenter(lambda: outils.calculer(situation, loi, annees))


def comparer(situation: Situation, annees: Annees = None) -> dict[str, Any]:
    """Compare, sur une situation, le règlement arbitral de 2023 et la convention de 2024."""
    return _tenter(lambda: outils.comparer(situation, annees))


def expliquer(
    situation: Situation,
    variable: Annotated[str, Field(description="Nom de la variable, comme aide_due")],
    periode: Annotated[
        str | None,
        Field(description="Année (2026) ou mois (2026-03) ; rien pour ce qui vaut tout le contrat"),
    ] = None,
    loi: Loi = outils.CONVENTION,
    medecin: Annotated[str | None, Field(description="Lequel, s’il y en a plusieurs")] = None,
    profondeur: Annotated[int, Field(ge=0, le=100, description="Étapes ; 0 : toutes")] = 2,
) -> dict[str, Any]:
    """Explique un résultat : calcul, chiffres de la loi avec leur date, textes, sources, doutes."""
    return _tenter(lambda: outils.expliquer(situation, variable, periode, loi, medecin, profondeur))


def chercher(
    mots: Annotated[str, Field(description="Mots, sans égard aux accents", max_length=200)],
    genre: Annotated[
        str | None, Field(description=f"{', '.join(recherche.GENRES)} ; rien : tous")
    ] = None,
    limite: Annotated[int, Field(ge=1, le=recherche.LIMITE)] = 10,
) -> dict[str, Any]:
    """Cherche des dispositions, des chiffres, des règles, des points douteux, des sources."""
    return _tenter(lambda: recherche.trouver(mots, genre, limite))


def consulter(
    nom: Annotated[
        str,
        Field(
            description="Disposition, paramètre, table, variable, lecture ou source, par son nom",
            max_length=200,
        ),
    ],
) -> dict[str, Any]:
    """Dit tout ce à quoi un nom mène : texte, chiffres datés, règles, lectures, nombre de tests."""
    return _tenter(lambda: {"fiches": recherche.consulter(nom)})


def _tenter(outil: Any) -> dict[str, Any]:
    """What a tool gives; a refusal in words for whoever asked.

    Raises:
        ToolError: the model refuses what was asked.
    """
    try:
        donne: dict[str, Any] = outil()
    except _REFUS as refus:
        raise ToolError(str(refus)) from None
    return donne
