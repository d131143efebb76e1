"""The pages of the reference, in Markdown: one a thing of the model, and lists that lead there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from documentation.courbes import courbe
from documentation.modele import BASE, CONVENTION, Modele, etiquette, reserves_de
from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import en_mots, jour
from openfisca_assistant_medical.tracabilite.explication.restitution import CONFIANCES

DOSSIER = "reference"
LOIS = {BASE: "sans la convention de 2024", CONVENTION: "convention de 2024"}
_SPECIAUX = re.compile(r"([\\`*_{}\[\]<>#|$~])")
_BLANCS = re.compile(r"[ \t\n]+")  # a space that may not break stays
_ACCOLADES = re.compile(r"\{\w+\}")
_NATURES = {
    "officielle": "Assurance Maladie et Journal officiel",
    "institutionnelle": "Ordre, URPS, CPTS, portail régional",
    "secondaire": "Sources secondaires : syndicats, presse, thèse, sociétés, particuliers",
}
_LECTURES_DE_SOURCE = {
    "integrale": "lue en entier",
    "extrait": "lue en extrait",
    "citee": "connue par une autre source",
}
Pages = dict[str, str]
Cites = Mapping[str, list[tuple[str, str]]]


def pages(modele: Modele, cites: Cites) -> Pages:
    """Every page of the reference, by its path under the guides.

    Args:
        modele: what to show.
        cites: guides, each as (path, title), that name each label.
    """
    return {f"{DOSSIER}/{nom}.md": texte for nom, texte in _Redaction(modele, cites).pages()}


def en_markdown(texte: Any) -> str:
    """Words as they are, whatever Markdown would make of them."""
    return _SPECIAUX.sub(r"\\\1", _BLANCS.sub(" ", str(texte)).strip(" "))


class _Redaction:
    """The templates filled in with the model."""

    def __init__(self, modele: Modele, cites: Cites) -> None:
        self._modele, self._cites = modele, cites
        self._dispositions = {d["id"]: d for d in modele.liste("dispositions")}
        self._lectures = {lu["id"]: lu for lu in modele.liste("lectures")}
        self._variables = {v["variable"]: v for v in modele.liste("variables")}
        self._environnement = self._preparer()

    def _preparer(self) -> Environment:
        environnement = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "gabarits"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environnement.filters |= {
            "m": en_markdown,
            "jour": jour,
            "en_mots": en_mots,
            "lien": self._lien,
            "lois": _en_lois,
        }
        environnement.globals |= {
            "etiquette": etiquette,
            "confiances": CONFIANCES,
            "statuts": textes.STATUTS,
            "dispositions": self._dispositions,
            "lectures": self._lectures,
            "variables": self._variables,
            "cites": self._cites,
            "sources": textes.sources(),
            "lues": _LECTURES_DE_SOURCE,
            "prefixe": "",
        }
        return environnement

    def _lien(self, nom: str, texte: str | None = None) -> str:
        """A name of the model as a link to its page; its code where it has none."""
        cible = self._modele.noms.get(nom)
        ecrit = f"`{nom}`" if texte is None else en_markdown(texte)
        return ecrit if cible is None else f"[{ecrit}](#{cible})"

    def _page(self, gabarit: str, **contexte: Any) -> str:
        return self._environnement.get_template(f"{gabarit}.md").render(contexte)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Each page as (name, text)."""
        for genre in ("variables", "parametres", "dispositions", "lectures", "sources"):
            fiches = dict(getattr(self, f"_{genre}_en_pages")())
            for nom, texte in fiches.items():
                yield f"{genre}/{nom}", texte
            groupes = getattr(self, f"_themes_des_{genre}")()
            yield f"{genre}/index", self._page(f"liste_{genre}", groupes=groupes)
        yield "reserves", self._page("reserves", reserves=list(_reserves()))
        yield "index", self._page("index", rapport=self._modele.rapport)

    # --- Pages of things --------------------------------------------------------------------------

    def _variables_en_pages(self) -> Iterator[tuple[str, str]]:
        for nom, variable in self._variables.items():
            portees = [self._dispositions[d] for d in variable["dispositions"]]
            lues = [chemin.removeprefix("lectures.") for chemin in variable["parametres"]]
            noms = [*lues, *(lu for d in portees for lu in d["lectures"])]
            yield (
                nom,
                self._page(
                    "variable",
                    v=variable,
                    fiche=self._modele.fiches[nom],
                    demandees=self._modele.demandees.get(nom, []),
                    douteuses=[lu for lu in dict.fromkeys(noms) if lu in self._lectures],
                    reserves=[_reserve(r) for r in reserves_de(nom)],
                ),
            )

    def _parametres_en_pages(self) -> Iterator[tuple[str, str]]:
        for table, chiffres in self._modele.tables.items():
            feuilles: dict[str, list[dict[str, Any]]] = {}
            for chiffre in chiffres:
                feuilles.setdefault(chiffre["parametre"], []).append(chiffre)
            yield (
                table,
                self._page(
                    "parametre",
                    table=table,
                    titre=chiffres[0]["description"].partition(" — ")[0],
                    feuilles=feuilles,
                    courbes={nom: _courbe(nom, datees) for nom, datees in feuilles.items()},
                    regles=list(dict.fromkeys(v for c in chiffres for v in c["variables"])),
                    cas=_sans_doublon(cas for c in chiffres for cas in c["cas"]),
                    fichiers=sorted({c["fichier"] for c in chiffres}),
                    reserves=_qui_levent(table),
                ),
            )

    def _dispositions_en_pages(self) -> Iterator[tuple[str, str]]:
        for nom, disposition in self._dispositions.items():
            yield nom, self._page("disposition", d=disposition)

    def _lectures_en_pages(self) -> Iterator[tuple[str, str]]:
        for nom, lecture in self._lectures.items():
            yield nom, self._page("lecture", lu=lecture, dite=self._modele.registre[nom])

    def _sources_en_pages(self) -> Iterator[tuple[str, str]]:
        for source in self._modele.liste("sources"):
            connue = textes.sources()[source["id"]]
            tables = dict.fromkeys(
                table
                for table, chiffres in self._modele.tables.items()
                if any(c["parametre"] in source["parametres"] for c in chiffres)
            )
            yield source["id"], self._page("source", s=source, connue=connue, tables=list(tables))

    # --- Lists by theme ---------------------------------------------------------------------------

    def _themes_des_variables(self) -> dict[str, list[Any]]:
        return _grouper((_theme(v["lieu"]), v) for v in self._variables.values())

    def _themes_des_parametres(self) -> dict[str, list[Any]]:
        return _grouper(
            (table.partition(".")[0], (table, chiffres))
            for table, chiffres in self._modele.tables.items()
        )

    def _themes_des_dispositions(self) -> dict[str, list[Any]]:
        return _grouper((d["source"], d) for d in self._dispositions.values())

    def _themes_des_lectures(self) -> dict[str, list[Any]]:
        return _grouper((self._theme_de_la_lecture(nom), lu) for nom, lu in self._lectures.items())

    def _theme_de_la_lecture(self, nom: str) -> str:
        """Theme of the first rule that it touches, or that of no rule."""
        touchees = [v for v in self._modele.registre[nom]["variables"] if v in self._variables]
        return _theme(self._variables[touchees[0]]["lieu"]) if touchees else "sans règle"

    def _themes_des_sources(self) -> dict[str, list[Any]]:
        return _grouper(
            (_NATURES[textes.sources()[s["id"]].nature], s) for s in self._modele.liste("sources")
        )


def _en_lois(noms: Iterable[str]) -> str:
    """Laws in words; both laws of the package are said so."""
    liste = list(noms)
    if set(LOIS) <= set(liste):
        liste = ["", *(nom for nom in liste if nom not in LOIS)]
    dites = (LOIS.get(nom, f"réforme `{nom}`") if nom else "les deux lois" for nom in liste)
    return ", ".join(dites)


def _theme(lieu: str | None) -> str:
    """Folder of the rules that a variable is in; that of a reform says so."""
    parties = (lieu or "").split("/")
    theme = parties[parties.index("variables") + 1] if "variables" in parties else "autres"
    return f"{theme} (réforme {parties[1]})" if parties[0] == "reforms" else theme


def _grouper(couples: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    groupes: dict[str, list[Any]] = {}
    for nom, entree in couples:
        groupes.setdefault(nom, []).append(entree)
    return groupes


def _sans_doublon(cas: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(c["fichier"], c["ligne"]): c for c in cas}.values())


def _courbe(nom: str, datees: list[dict[str, Any]]) -> str:
    """The drawing of a figure, where it is a number."""
    if any(isinstance(c["valeur"], bool | str) for c in datees):
        return ""
    series: dict[str, list[tuple[str, float | None]]] = {}
    for loi in dict.fromkeys(loi for c in datees for loi in c["lois"]):
        series[LOIS.get(loi, loi)] = [
            (c["depuis"], c["valeur"]) for c in datees if loi in c["lois"]
        ]
    if len(series) > 1 and len({tuple(serie) for serie in series.values()}) == 1:
        series = {"les deux lois": next(iter(series.values()))}
    return courbe(series, nom, datees[0]["unite"])


def _reserve(reserve: textes.Reserve) -> dict[str, Any]:
    texte = _ACCOLADES.sub("…", reserve.texte)
    return {
        "variable": reserve.variable,
        "texte": texte,
        "demander": reserve.demander,
        "sur": reserve.sur,
        "saisies": reserve.saisies,
        "parametres": reserve.parametres,
    }


def _reserves() -> Iterator[dict[str, Any]]:
    return (_reserve(reserve) for reserve in textes.reserves())


def _qui_levent(table: str) -> list[dict[str, Any]]:
    """Reserves that a figure of this table, once published, would lift."""
    return [r for r in _reserves() if any(f"{table}.".startswith(f"{p}.") for p in r["parametres"])]
