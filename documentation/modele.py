"""What the reference shows, all of it read from the model, its registers and its matrix."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import yaml

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.lois import lois
from openfisca_assistant_medical.tracabilite.lectures import registre
from openfisca_assistant_medical.tracabilite.matrice import matrice

BASE, CONVENTION = "base", "convention_2024"
_LECTURES = "lectures."
_GRAINS = {
    "eternity": "pour tout le contrat",
    "year": "par année de contrat",
    "month": "par mois",
    "day": "par jour",
}
_GENRES = {"bool": "oui ou non", "int": "nombre entier", "float": "nombre", "date": "jour"}


@dataclass(frozen=True, slots=True)
class Version:
    """A variable as some of the laws have it, word for word."""

    lois: tuple[str, ...]
    label: str
    documentation: str
    explication: str
    source: str


@dataclass(frozen=True, slots=True)
class Fiche:
    """What a variable is, beside its links."""

    entite: str
    grain: str
    genre: str
    unite: str | None
    defaut: Any
    valeurs: Mapping[str, str]
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Modele:
    """All that the reference shows; an empty one makes a site of the guides alone."""

    rapport: Mapping[str, Any] = field(default_factory=dict)
    fiches: Mapping[str, Fiche] = field(default_factory=dict)
    registre: Mapping[str, Any] = field(default_factory=dict)

    def liste(self, genre: str) -> list[dict[str, Any]]:
        """Entries of a list of the matrix."""
        entrees: list[dict[str, Any]] = self.rapport.get(genre, [])
        return entrees

    @cached_property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Figures by the page that they are on, which is a file of parameters; no reading."""
        tables: dict[str, list[dict[str, Any]]] = {}
        for chiffre in self.liste("parametres"):
            if not chiffre["parametre"].startswith(_LECTURES):
                tables.setdefault(_table(chiffre), []).append(chiffre)
        return tables

    @cached_property
    def noms(self) -> dict[str, str]:
        """Label of the page, or of the place on a page, of each name of the model."""
        noms = {
            entree[champ]: etiquette(genre, entree[champ])
            for genre, champ in (("sources", "id"), ("dispositions", "id"), ("lectures", "id"))
            for entree in self.liste(genre)
        }
        noms |= {
            _LECTURES + lu["id"]: etiquette("lectures", lu["id"]) for lu in self.liste("lectures")
        }
        noms |= {
            v["variable"]: etiquette("variables", v["variable"]) for v in self.liste("variables")
        }
        for table, chiffres in self.tables.items():
            for chemin in (table, *(c["parametre"] for c in chiffres)):
                noms[chemin] = etiquette("parametres", chemin)
            for chiffre in chiffres:
                for chemin in _entre(table, chiffre["parametre"]):
                    noms.setdefault(chemin, etiquette("parametres", table))
        return noms

    @cached_property
    def demandees(self) -> dict[str, list[str]]:
        """Variables that each variable asks."""
        demandees: dict[str, list[str]] = {}
        for variable in self.liste("variables"):
            for autre in variable["utilisee_par"]:
                demandees.setdefault(autre, []).append(variable["variable"])
        return demandees


def etiquette(genre: str, nom: str) -> str:
    """Label of the page of a thing, that a link gives after « # »."""
    return f"{genre}-{nom}".lower()


def lire_le_modele() -> Modele:
    """The model under every law of the package."""
    rapport = matrice()
    noms = dict.fromkeys(loi for c in rapport["parametres"] for loi in c["lois"])
    systemes = {nom: _systeme(nom) for nom in noms}
    variables = (v["variable"] for v in rapport["variables"])
    return Modele(
        rapport=rapport,
        fiches={nom: _fiche(nom, systemes) for nom in variables},
        registre={lu["id"]: lu for lu in registre([CONVENTION])["lectures"]},
    )


def _systeme(loi: str) -> Any:
    """A law with those that it lies over: the convention, and the reform that it is a part of."""
    parties = [] if loi in (BASE, CONVENTION) else loi.split(".")
    sous = [".".join(parties[: rang + 1]) for rang in range(len(parties))]
    noms = [] if loi == BASE else [CONVENTION, *sous]
    ((_, systeme),) = lois(noms, comparer=False)
    return systeme


@cache
def _unites() -> dict[str, str]:
    """French label of each unit that is more than a yes or a word."""
    unites = yaml.safe_load(
        files("openfisca_assistant_medical").joinpath("units.yaml").read_bytes()
    )
    return {u["name"]: u["label"] for u in unites if u["name"] not in ("booleen", "mention")}


def _fiche(nom: str, systemes: Mapping[str, Any]) -> Fiche:
    connues = {loi: s.variables[nom] for loi, s in systemes.items() if nom in s.variables}
    une = next(iter(connues.values()))
    mots: Iterable[Enum] = getattr(une, "possible_values", None) or ()
    defaut = une.default_value
    return Fiche(
        entite=une.entity.label,
        grain=_GRAINS[str(une.definition_period)],
        genre="mot d’une liste" if mots else _GENRES[une.value_type.__name__],
        unite=_unites().get(une.unit),
        defaut=defaut.name if isinstance(defaut, Enum) else defaut,
        valeurs={mot.name: str(mot.value) for mot in mots},
        versions=tuple(_versions(connues)),
    )


def _versions(connues: Mapping[str, Any]) -> Iterator[Version]:
    par_texte: dict[tuple[str, str, str, str], list[str]] = {}
    for loi, variable in connues.items():
        formules = list(variable.formulas.values())
        texte = (
            variable.label,
            inspect.cleandoc(variable.documentation or ""),
            "\n\n".join(inspect.getdoc(formule) or "" for formule in formules),
            "\n\n".join(_sans_explication(formule) for formule in formules),
        )
        par_texte.setdefault(texte, []).append(loi)
    for (label, documentation, explication, source), noms in par_texte.items():
        yield Version(tuple(noms), label, documentation, explication, source)


def _sans_explication(formule: Any) -> str:
    """Source of a formula, without the docstring, which is shown before it."""
    source = textwrap.dedent(inspect.getsource(formule))
    fonction = ast.parse(source).body[0]
    lignes = source.splitlines()
    if isinstance(fonction, ast.FunctionDef) and ast.get_docstring(fonction) is not None:
        dite = fonction.body[0]
        del lignes[dite.lineno - 1 : dite.end_lineno]
    return "\n".join(ligne for ligne in lignes if ligne.strip())


def _table(chiffre: Mapping[str, Any]) -> str:
    """Path of the file that has a figure, as parameters name it."""
    parties = chiffre["fichier"].removesuffix(".yaml").split("/")
    chemin = chiffre["parametre"].split(".")
    for debut in range(len(parties)):
        reste = parties[debut:]
        if chemin[: len(reste)] == reste:
            return ".".join(reste)
    return str(chiffre["parametre"])


def _entre(table: str, chemin: str) -> Iterator[str]:
    """Paths strictly between a table and one of its figures."""
    while (chemin := chemin.rpartition(".")[0]) and chemin != table and chemin.startswith(table):
        yield chemin


def reserves_de(nom: str) -> list[textes.Reserve]:
    """Reserves that a variable says, that are about it, or that its input would lift."""
    return [r for r in textes.reserves() if nom in (r.variable, *r.sur, *r.saisies)]
