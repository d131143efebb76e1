"""The traceability matrix: provision ↔ figure and date ↔ formula ↔ test case, both ways.

Nothing of it is written by hand beside the model: it is drawn from the registers of `textes`, from
the parameters of the two laws, from the syntax tree of each formula and from the keywords of the
YAML tests. The report, as `matrice` gives it and `assistant-medical matrice --json` prints it:

    {"format": 1, "version",                           # of the package
     "tests": name of the folder of test cases, null where there is none,
     "couverture": {
         "total": {statuts…, "dispositions", "testees"},
         "documents": [{"source", "titre", statuts…, "dispositions", "testees"}],
         "autres_sources": [{…}]},
     "dispositions": [{"id", "source", "autres_sources", "endroit", "enonce", "statut", "pourquoi",
                       "confiance",
                       "parametres": [{"parametre", "depuis", "valeur", "unite", "lois"}],
                       "parametres_sans_valeur": [path],
                       "variables": [{"variable", "lieu"}], "lectures": [id], "donnees": [file],
                       "cas": [{"nom", "fichier", "ligne"}]}],
     "parametres": [{"parametre", "description", "depuis", "valeur", "unite", "lois", "references",
                     "confiance", "fichier", "dispositions": [id], "variables": [name],
                     "cas": [{…}]}],
     "variables": [{"variable", "label", "lieu", "calculee", "dispositions": [id],
                    "parametres": [path], "utilisee_par": [name], "cas": [{…}]}],
     "lectures": [{"id", "question", "retenue", "autre", "executable", "sources": [id],
                   "variables": [name], "dispositions": [id], "cas": [{…}]}],
     "donnees": [{"fichier", "existe", "dispositions": [id]}],
     "sources": [{"id", "titre", "dispositions": [id], "parametres": [path], "lectures": [id]}],
     "cas": [{"nom", "fichier", "ligne", "dispositions": [id], "variables": [name],
              "reformes": [dotted path]}],
     "orphelins": [{"genre", "nom", "remede"}]}

The statuts are the keys of `textes.STATUTS`, with the number of provisions of each; "testees" is
how many, not left aside, a case names. "total" is of the five documents; "autres_sources" are those
that a reform alone rests on, counted apart. A figure is one value at one date; a null one ends the
one before it, and a reform beside the convention lists its own alone. A provision claims a figure
by its path, or a path above it, and a source that both cite: the paths that it names under which no
figure cites its sources are its "parametres_sans_valeur".
The "parametres" of a variable are what its formulas read, figures or tables; "cas" are those that
name a provision of the figure, that read the variable in their output, or that exercise the
reading. "donnees" are files of reference data, which carry a provision without computing it. "lieu"
is a file of the package and a line, "fichier" likewise, or, for a case, relative to the folder of
tests. The genres of orphans are the keys of `GENRES`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.textes import (
    DOCUMENTS,
    STATUTS,
    Disposition,
    Source,
    sources_de,
)
from openfisca_assistant_medical.tracabilite.matrice.cas import Cas, CasIllisibles
from openfisca_assistant_medical.tracabilite.matrice.recueil import (
    REPERTOIRES,
    Chiffre,
    Donnees,
    Doute,
    Regle,
    recueillir,
)

__all__ = ["CasIllisibles", "NomInconnu", "chercher", "etablir", "matrice", "orphelins"]

FORMAT = 1
GENRES = {
    "valeur_sans_disposition": "valeur sans disposition",
    "formule_sans_disposition": "formule sans disposition",
    "disposition_sans_cas": "disposition sans cas de test",
    "mot_cle_inconnu": "mot-clé inconnu",
    "cas_sans_mot_cle": "cas de test sans mot-clé",
    "source_sans_citation": "source que rien ne cite",
    "parametre_inconnu": "paramètre inconnu",
    "variable_inconnue": "variable inconnue",
    "lecture_inconnue": "lecture inconnue",
    "source_inconnue": "source inconnue",
    "donnees_inconnues": "fichier de données inconnu",
    "donnees_sans_disposition": "fichier de données sans disposition",
    "lecture_sans_disposition": "lecture sans disposition",
    "lecture_sans_cas": "lecture sans cas de test",
    "table_sans_formule": "table sans formule",
}
TESTEES = "Testées : nommées par un cas de test, parmi celles que le modèle ne laisse pas de côté."
SANS_CAS = "Aucun cas de test trouvé : donner leur dossier avec --tests."
_LECTURES, _HORS_CHAMP = "lectures", "hors_champ"
Rapport = dict[str, Any]


class NomInconnu(ValueError):
    """A name that the matrix does not hold; the message gives the closest one."""


# --- The report -----------------------------------------------------------------------------------


def matrice(tests: Path | None = None) -> Rapport:
    """The report described at the top of this file.

    Args:
        tests: folder of the test cases; None = those of the package, or of its checkout.

    Raises:
        CasIllisibles: the folder given does not exist, or a file of tests cannot be read.
    """
    return etablir(recueillir(tests))


def etablir(donnees: Donnees) -> Rapport:
    """The report on data already gathered."""
    liens = _Liens(donnees)
    dispositions = [liens.disposition(d) for d in donnees.dispositions.values()]
    rapport = {
        "format": FORMAT,
        "version": version("openfisca-assistant-medical"),
        "tests": donnees.tests,
        "couverture": _couverture(donnees.sources, dispositions),
        "dispositions": dispositions,
        "parametres": liens.chiffres(),
        "variables": [liens.regle(r) for r in donnees.regles],
        "lectures": [liens.doute(d) for d in donnees.doutes],
        "donnees": liens.donnees(),
        "sources": [liens.source(s) for s in donnees.sources.values()],
        "cas": [
            {
                **_renvoi(c),
                "dispositions": list(c.mots_cles),
                "variables": list(c.lues),
                "reformes": list(c.reformes),
            }
            for c in donnees.cas
        ],
    }
    return {**rapport, "orphelins": orphelins(rapport)}


def au_dessus(chemin: str) -> Iterator[str]:
    """A path, then those of the tables above it."""
    while chemin:
        yield chemin
        chemin = chemin.rpartition(".")[0]


def _renvoi(cas: Cas) -> Rapport:
    return {"nom": cas.nom, "fichier": cas.fichier, "ligne": cas.ligne}


class _Liens:
    """Links between what was gathered, and the entries of the report that they make."""

    def __init__(self, donnees: Donnees) -> None:
        self._donnees = donnees
        self._regles = {regle.variable: regle for regle in donnees.regles}
        # Ranks of the provisions and of the formulas that name a path, of the cases that name a
        # provision, of those that read a variable.
        self._sur = _rangs(
            (*d.parametres, *(f"{_LECTURES}.{nom}" for nom in d.lectures))
            for d in donnees.dispositions.values()
        )
        self._liseuses = _rangs(regle.lit for regle in donnees.regles)
        self._nommant = _rangs(cas.mots_cles for cas in donnees.cas)
        self._lisant = _rangs(cas.lues for cas in donnees.cas)
        # Provisions that claim each figure, in the order of the figures.
        self._porteuses = [self._qui_portent(chiffre) for chiffre in donnees.chiffres]

    def _qui_portent(self, chiffre: Chiffre) -> list[str]:
        """Provisions that claim a figure: by its path or its reading, and by a source.

        A figure that cites nothing, such as the end of another one, is claimed by its path alone.
        """
        dispositions = list(self._donnees.dispositions.values())
        rangs = {rang for c in au_dessus(chiffre.parametre) for rang in self._sur.get(c, ())}
        return [
            d.id for d in (dispositions[rang] for rang in sorted(rangs)) if d.donne(chiffre.sources)
        ]

    def disposition(self, d: Disposition) -> Rapport:
        couples = zip(self._donnees.chiffres, self._porteuses, strict=True)
        chiffres = [c for c, porteuses in couples if d.id in porteuses]
        portes = {chemin for c in chiffres for chemin in au_dessus(c.parametre)}
        return {
            "id": d.id,
            "source": d.source,
            "autres_sources": list(d.autres_sources),
            "endroit": d.endroit,
            "enonce": d.enonce,
            "statut": d.statut,
            "pourquoi": d.pourquoi,
            "confiance": d.confiance,
            "parametres": [
                {
                    "parametre": c.parametre,
                    "depuis": c.depuis,
                    "valeur": c.valeur,
                    "unite": c.unite,
                    "lois": list(c.lois),
                }
                for c in chiffres
            ],
            "parametres_sans_valeur": [chemin for chemin in d.parametres if chemin not in portes],
            "variables": [
                {"variable": nom, "lieu": self._regles[nom].lieu if nom in self._regles else None}
                for nom in d.variables
            ],
            "lectures": list(d.lectures),
            "donnees": list(d.donnees),
            "cas": self._les_cas(self._nommant.get(d.id, ())),
        }

    def chiffres(self) -> list[Rapport]:
        couples = zip(self._donnees.chiffres, self._porteuses, strict=True)
        return [self._chiffre(c, porteuses) for c, porteuses in couples]

    def _chiffre(self, c: Chiffre, porteuses: list[str]) -> Rapport:
        regles = {r for chemin in au_dessus(c.parametre) for r in self._liseuses.get(chemin, ())}
        return {
            "parametre": c.parametre,
            "description": c.description,
            "depuis": c.depuis,
            "valeur": c.valeur,
            "unite": c.unite,
            "lois": list(c.lois),
            "references": list(c.references),
            "confiance": c.confiance,
            "fichier": c.fichier,
            "dispositions": list(porteuses),
            "variables": [self._donnees.regles[rang].variable for rang in sorted(regles)],
            "cas": self._les_cas(rang for d in porteuses for rang in self._nommant.get(d, ())),
        }

    def regle(self, r: Regle) -> Rapport:
        return {
            "variable": r.variable,
            "label": r.label,
            "lieu": r.lieu,
            "calculee": r.calculee,
            "dispositions": self._les_dispositions(lambda d: r.variable in d.variables),
            "parametres": list(r.lit),
            "utilisee_par": [a.variable for a in self._donnees.regles if r.variable in a.demande],
            "cas": self._les_cas(self._lisant.get(r.variable, ())),
        }

    def doute(self, doute: Doute) -> Rapport:
        fin, fichier = f".reforms.lectures.{doute.id}", f"lectures/{doute.id}.yaml"
        chemin = f"{_LECTURES}.{doute.id}"
        return {
            "id": doute.id,
            "question": doute.question,
            "retenue": doute.retenue,
            "autre": doute.autre,
            "executable": doute.executable,
            "sources": list(doute.sources),
            "variables": [r.variable for r in self._donnees.regles if chemin in r.lit],
            "dispositions": self._les_dispositions(lambda d: doute.id in d.lectures),
            "cas": self._les_cas(
                rang
                for rang, cas in enumerate(self._donnees.cas)
                if cas.fichier == fichier or any(r.endswith(fin) for r in cas.reformes)
            ),
        }

    def donnees(self) -> list[Rapport]:
        citees = {nom for d in self._donnees.dispositions.values() for nom in d.donnees}
        repertoires = {nom for nom in self._donnees.fichiers if nom.startswith(REPERTOIRES)}
        return [self._fichier(nom) for nom in sorted(citees | repertoires)]

    def _fichier(self, nom: str) -> Rapport:
        return {
            "fichier": nom,
            "existe": nom in self._donnees.fichiers,
            "dispositions": self._les_dispositions(lambda d: nom in d.donnees),
        }

    def source(self, s: Source) -> Rapport:
        citants = [c.parametre for c in self._donnees.chiffres if s.id in c.sources]
        return {
            "id": s.id,
            "titre": s.titre,
            "dispositions": self._les_dispositions(lambda d: s.id in (d.source, *d.autres_sources)),
            "parametres": list(dict.fromkeys(citants)),
            "lectures": [d.id for d in self._donnees.doutes if s.id in d.sources],
        }

    def _les_dispositions(self, garder: Callable[[Disposition], bool]) -> list[str]:
        return [d.id for d in self._donnees.dispositions.values() if garder(d)]

    def _les_cas(self, rangs: Iterable[int]) -> list[Rapport]:
        return [_renvoi(self._donnees.cas[rang]) for rang in sorted(set(rangs))]


def _rangs(suites: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Ranks of the suites that each name is in."""
    rangs: dict[str, list[int]] = {}
    for rang, suite in enumerate(suites):
        for nom in suite:
            rangs.setdefault(nom, []).append(rang)
    return rangs


def _couverture(sources: dict[str, Source], dispositions: list[Rapport]) -> Rapport:
    def compter(liste: list[Rapport]) -> dict[str, int]:
        nombres = Counter(d["statut"] for d in liste)
        return {
            **{statut: nombres[statut] for statut in STATUTS},
            "dispositions": len(liste),
            "testees": sum(bool(d["cas"]) and d["statut"] != _HORS_CHAMP for d in liste),
        }

    par_source = [
        {
            "source": nom,
            "titre": sources[nom].titre if nom in sources else nom,
            **compter([d for d in dispositions if d["source"] == nom]),
        }
        for nom in dict.fromkeys(d["source"] for d in dispositions)
    ]
    return {
        "total": compter([d for d in dispositions if d["source"] in DOCUMENTS]),
        "documents": [ligne for ligne in par_source if ligne["source"] in DOCUMENTS],
        "autres_sources": [ligne for ligne in par_source if ligne["source"] not in DOCUMENTS],
    }


# --- Orphans --------------------------------------------------------------------------------------


def orphelins(rapport: Rapport) -> list[dict[str, str]]:
    """What a report shows without the links it should have: `{"genre", "nom", "remede"}` each.

    Without test cases, what only they could link is not looked for.
    """
    controles = [_sans_disposition, _inconnus, _fichiers, _sans_citation, _sans_formule]
    if rapport["tests"] is not None:
        controles += [_mots_cles, _sans_cas]
    ordre = list(GENRES)
    trouves = [_orphelin(*o) for controle in controles for o in controle(rapport)]
    return sorted(trouves, key=lambda o: ordre.index(o["genre"]))


_Orphelin = tuple[str, str, str]


def _orphelin(genre: str, nom: str, remede: str) -> dict[str, str]:
    return {"genre": genre, "nom": nom, "remede": remede}


def _sans_disposition(rapport: Rapport) -> Iterator[_Orphelin]:
    for chiffre in rapport["parametres"]:
        if not chiffre["dispositions"]:
            citees = ", ".join(sources_de(chiffre["references"]))
            remede = (
                "Nommer ce paramètre dans la disposition qui donne cette valeur, et parmi ses "
                f"sources une de celles que la valeur cite ({citees})."
            )
            nom = f"{chiffre['parametre']} au {chiffre['depuis']}"
            yield "valeur_sans_disposition", nom, remede
    for variable in rapport["variables"]:
        if variable["calculee"] and not variable["dispositions"]:
            remede = "L’ajouter aux variables de la disposition qu’elle applique"
            nom = variable["variable"]
            yield "formule_sans_disposition", nom, f"{remede} ({variable['lieu']})."
    for lecture in rapport["lectures"]:
        if not lecture["dispositions"]:
            remede = "L’ajouter aux lectures de la disposition dont elle tranche le doute."
            yield "lecture_sans_disposition", lecture["id"], remede


def _inconnus(rapport: Rapport) -> Iterator[_Orphelin]:
    """Names that a provision gives, or sources that anything cites, and that nothing bears."""
    connus = {
        "parametre": _chemins(rapport),
        "variable": {v["variable"] for v in rapport["variables"]},
        "lecture": {lecture["id"] for lecture in rapport["lectures"]},
        "source": {s["id"] for s in rapport["sources"]},
    }
    citants: dict[tuple[str, str], list[str]] = {}
    for genre, qui, nom in _citations(rapport):
        if nom not in connus[genre]:
            citants.setdefault((genre, nom), []).append(qui)
    for (genre, nom), liste in citants.items():
        accord = "parametre_inconnu" if genre == "parametre" else f"{genre}_inconnue"
        lieux = ", ".join(dict.fromkeys(liste))
        yield accord, nom, f"Corriger ce nom dans {lieux}{proche(nom, connus[genre])}."


def _citations(rapport: Rapport) -> Iterator[tuple[str, str, str]]:
    """What is cited: kind of thing, who cites it, name."""
    for d in rapport["dispositions"]:
        yield from (("parametre", d["id"], chemin) for chemin in d["parametres_sans_valeur"])
        yield from (("variable", d["id"], v["variable"]) for v in d["variables"])
        yield from (("lecture", d["id"], nom) for nom in d["lectures"])
        yield from (("source", d["id"], nom) for nom in (d["source"], *d["autres_sources"]))
    for chiffre in rapport["parametres"]:
        citees = sources_de(chiffre["references"])
        yield from (("source", chiffre["parametre"], nom) for nom in citees)
    for lecture in rapport["lectures"]:
        yield from (("source", lecture["id"], nom) for nom in lecture["sources"])


def _chemins(rapport: Rapport) -> set[str]:
    """Paths of the figures and of the tables above them."""
    return {chemin for c in rapport["parametres"] for chemin in au_dessus(c["parametre"])}


def _fichiers(rapport: Rapport) -> Iterator[_Orphelin]:
    """Files that a provision names and that do not exist, or that exist and none names."""
    presents = [fichier["fichier"] for fichier in rapport["donnees"] if fichier["existe"]]
    for fichier in rapport["donnees"]:
        nom, citants = fichier["fichier"], ", ".join(fichier["dispositions"])
        if not fichier["existe"]:
            remede = f"Corriger ce nom dans {citants}, ou écrire ce fichier"
            yield "donnees_inconnues", nom, f"{remede}{proche(nom, presents)}."
        elif not citants:
            remede = "Le nommer parmi les données de la disposition qu’il porte."
            yield "donnees_sans_disposition", nom, remede


def _sans_citation(rapport: Rapport) -> Iterator[_Orphelin]:
    for source in rapport["sources"]:
        if not any(source[qui] for qui in ("dispositions", "parametres", "lectures")):
            remede = "La citer là où elle sert, ou la retirer de textes/sources.yaml."
            yield "source_sans_citation", source["id"], remede


def _sans_formule(rapport: Rapport) -> Iterator[_Orphelin]:
    """The highest tables of which no figure is read."""
    chiffres = rapport["parametres"]
    servies = _chemins({"parametres": [c for c in chiffres if c["variables"]]})
    inutiles = {c["parametre"] for c in chiffres} - servies
    tables = {[t for t in au_dessus(chemin) if t not in servies][-1] for chemin in inutiles}
    for table in sorted(tables):
        yield "table_sans_formule", table, "La lire dans une formule, ou la retirer de la loi."


def _mots_cles(rapport: Rapport) -> Iterator[_Orphelin]:
    connues = {d["id"] for d in rapport["dispositions"]}
    lieux: dict[str, list[str]] = {}
    for cas in rapport["cas"]:
        lieu = f"{cas['fichier']}:{cas['ligne']}"
        if not cas["dispositions"]:
            remede = f"Nommer en keywords ce que vérifie « {cas['nom']} »."
            yield "cas_sans_mot_cle", lieu, remede
        for mot in cas["dispositions"]:
            if mot not in connues:
                lieux.setdefault(mot, []).append(lieu)
    for mot, endroits in lieux.items():
        remede = f"Écrire l’identifiant d’une disposition ({', '.join(endroits)})"
        yield "mot_cle_inconnu", mot, f"{remede}{proche(mot, connues)}."


def _sans_cas(rapport: Rapport) -> Iterator[_Orphelin]:
    """What the model computes and no case names; an input alone computes nothing."""
    calculees = {v["variable"] for v in rapport["variables"] if v["calculee"]}
    for d in rapport["dispositions"]:
        portees = {v["variable"] for v in d["variables"]} & calculees
        entiere = d["statut"] == "modelise"
        en_partie = d["statut"] != _HORS_CHAMP and (d["parametres"] or portees)
        if (entiere or en_partie) and not d["cas"]:
            remede = "Écrire un cas de test qui la vérifie, et la nommer dans ses keywords."
            yield "disposition_sans_cas", d["id"], remede
    for lecture in rapport["lectures"]:
        if lecture["executable"] and not lecture["cas"]:
            remede = f"Écrire lectures/{lecture['id']}.yaml, avec un cas pour chaque lecture."
            yield "lecture_sans_cas", lecture["id"], remede


# --- By name --------------------------------------------------------------------------------------

# Lists of the report that a name is looked for in, and the field that bears it.
NOMS = {
    "dispositions": "id",
    "parametres": "parametre",
    "variables": "variable",
    "lectures": "id",
    "donnees": "fichier",
    "sources": "id",
    "cas": "fichier",
}


def chercher(rapport: Rapport, nom: str) -> list[Rapport]:
    """Entries of a report about a name, with their "genre": the list of the report they are in.

    Args:
        rapport: a report of `matrice`.
        nom: a provision, a figure or a table, a variable, a reading, a file of data, a source, a
            file of tests or a case as "file:line".

    Raises:
        NomInconnu: the report holds no such name.
    """
    trouvees = [
        {"genre": genre, **entree}
        for genre, champ in NOMS.items()
        for entree in rapport[genre]
        if _porte_le_nom(genre, entree, champ, nom.strip(), rapport["tests"])
    ]
    if not trouvees:
        noms = {entree[champ] for genre, champ in NOMS.items() for entree in rapport[genre]}
        raise NomInconnu(
            f"Reçu « {nom} » ; attendu : une disposition, un paramètre, une variable, une lecture, "
            "un fichier de données, une source ou un fichier de tests"
            f"{proche(nom, noms | _chemins(rapport))}."
        )
    return trouvees


def _porte_le_nom(genre: str, entree: Rapport, champ: str, nom: str, tests: str | None) -> bool:
    if genre == "parametres":
        return nom in au_dessus(entree[champ])
    if genre == "cas":
        nom = nom.removeprefix(f"{tests}/")
        return nom in (entree["fichier"], f"{entree['fichier']}:{entree['ligne']}")
    return bool(entree[champ] == nom)
