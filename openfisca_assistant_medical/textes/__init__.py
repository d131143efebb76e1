"""The registers: sources, provisions of the documents, readings, and what is not known.

They are read once, when first asked for. `sources.yaml`, `dispositions.yaml`, `lectures.yaml` and
`reserves.yaml` say at their top what their fields mean.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

DOCUMENTS = ("S000", "S001", "S002", "S003", "S004")
STATUTS = {
    "modelise": "modélisée",
    "partiel": "modélisée en partie",
    "hypothese": "hypothèse",
    "hors_champ": "laissée de côté",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A document that parameters, readings or provisions cite."""

    id: str
    titre: str
    editeur: str
    nature: str
    lecture: str
    date: str | None = None
    lien: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """A provision, in our own words: of one of the five documents, or of what a reform rests on."""

    id: str
    source: str
    endroit: str
    enonce: str
    statut: str
    confiance: str
    pourquoi: str | None = None
    parametres: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    lectures: tuple[str, ...] = ()
    donnees: tuple[str, ...] = ()
    autres_sources: tuple[str, ...] = ()

    def donne(self, citees: Collection[str]) -> bool:
        """Whether it may give a figure that cites these sources.

        What the five documents say comes first: a figure that cites one of them is not given by a
        provision that has only another source in common with it.
        """
        documents = {source for source in citees if source in DOCUMENTS}
        siennes = {self.source, *self.autres_sources}
        return not citees or not siennes.isdisjoint(documents or citees)

    def porte_sur(self, chemin: str) -> bool:
        """Whether it claims a parameter, by its path or by a path above it."""
        return any(chemin == p or chemin.startswith(f"{p}.") for p in self.parametres)


@dataclass(frozen=True, slots=True)
class Lecture:
    """A reading of a doubtful point that is no parameter."""

    id: str
    question: str
    lecture: str
    alternative: str
    sources: tuple[str, ...]
    sources_de_l_autre: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reserve:
    """A variable that says that a result rests on something unknown, supposed or estimated."""

    variable: str
    quand: bool
    sur: tuple[str, ...]
    texte: str
    demander: str
    avec: tuple[str, ...] = ()
    saisies: tuple[str, ...] = ()
    parametres: tuple[str, ...] = ()


def _lire(nom: str) -> list[dict[str, Any]]:
    texte = (files(__name__) / f"{nom}.yaml").read_bytes()
    chargeur = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entrees: list[dict[str, Any]] = yaml.load(texte, Loader=chargeur)
    return [
        {cle: tuple(v) if isinstance(v, list) else v for cle, v in entree.items()}
        for entree in entrees
    ]


@cache
def sources() -> dict[str, Source]:
    """Sources by id."""
    return {entree["id"]: Source(**entree) for entree in _lire("sources")}


@cache
def dispositions() -> dict[str, Disposition]:
    """Provisions by id, in the order of the documents, then those of other sources."""
    return {entree["id"]: Disposition(**entree) for entree in _lire("dispositions")}


@cache
def lectures() -> dict[str, Lecture]:
    """Readings that are no parameter, by id."""
    return {entree["id"]: Lecture(**entree) for entree in _lire("lectures")}


@cache
def reserves() -> tuple[Reserve, ...]:
    """What may make a result less than certain."""
    return tuple(Reserve(**entree) for entree in _lire("reserves"))


@cache
def _par_variable() -> dict[str, list[Disposition]]:
    index: dict[str, list[Disposition]] = {}
    for disposition in dispositions().values():
        for nom in disposition.variables:
            index.setdefault(nom, []).append(disposition)
    return index


def dispositions_de_la_variable(nom: str) -> list[Disposition]:
    """Provisions that a variable carries."""
    return _par_variable().get(nom, [])


@cache
def _par_parametre(chemin: str) -> tuple[Disposition, ...]:
    nom = chemin.removeprefix("lectures.")
    return tuple(
        d
        for d in dispositions().values()
        if d.porte_sur(chemin) or (nom != chemin and nom in d.lectures)
    )


def sources_de(references: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sources that the references of a figure cite, once each; a reform may cite something else."""
    return list(dict.fromkeys(r["source"] for r in references if "source" in r))


def dispositions_du_parametre(chemin: str, citees: Iterable[str] = ()) -> list[Disposition]:
    """Provisions that a parameter carries.

    Args:
        chemin: path of a figure or of a table; that of a reading gives the provisions it reads.
        citees: sources that the figure cites at one date; empty = at any date.
    """
    sources_citees = set(citees)
    return [d for d in _par_parametre(chemin) if d.donne(sources_citees)]


# --- What the Web API shows -----------------------------------------------------------------------


def references(variable: str) -> list[str]:
    """Provisions that a variable carries, then the readings that they rest on, in words."""
    citees = dispositions_de_la_variable(variable)
    douteuses = dict.fromkeys(lecture for d in citees for lecture in d.lectures)
    return [
        *(
            f"{citer(d.source)}, {d.endroit} ({d.id}, {STATUTS[d.statut]}) : {d.enonce}"
            for d in citees
        ),
        *(
            f"Lecture {nom} : {lectures()[nom].question} {lectures()[nom].lecture}"
            if nom in lectures()
            else f"Lecture {nom} : voir /parameter/lectures/{nom}"
            for nom in douteuses
        ),
    ]


def citer(source: str) -> str:
    """A source by its id; one that is no document of ours, and secondary, is said to be so."""
    connue = sources().get(source)
    autre = source not in DOCUMENTS and connue is not None and connue.nature == "secondaire"
    return f"{source} (source secondaire)" if autre else source


def annoter(noeud: Any) -> None:
    """Add to a parameter, or to a table, its provisions and readings, as metadata; in place.

    Provisions are given by date for a parameter, together for a table.
    """
    valeurs, references = getattr(noeud, "values_list", None), noeud.metadata.get("reference", {})
    if valeurs is None:
        citees = dispositions_du_parametre(noeud.name)
        noeud.metadata["dispositions"] = [disposition.id for disposition in citees]
    else:
        par_date = {
            valeur.instant_str: dispositions_du_parametre(
                noeud.name, sources_de(references.get(valeur.instant_str, ()))
            )
            for valeur in reversed(valeurs)
        }
        citees = [disposition for liste in par_date.values() for disposition in liste]
        noeud.metadata["dispositions"] = {
            jour: [disposition.id for disposition in liste] for jour, liste in par_date.items()
        }
    noeud.metadata["lectures"] = list(
        dict.fromkeys(lecture for disposition in citees for lecture in disposition.lectures)
    )
