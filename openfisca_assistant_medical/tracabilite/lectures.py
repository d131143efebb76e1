"""The doubtful points of the law: the register, and what the other readings change for a doctor.

The register, as `registre` gives it and `assistant-medical lectures --json` prints it:

    {"format": 1, "loi": {…},                                  # as in `contrats`
     "lectures": [{"id", "question", "retenue", "autre", "sources", "sources_de_l_autre",
                   "executable", "dispositions", "variables"}]}

`sources` are those of the reading retained, or those that the doubt comes from. `variables` are the
rules that read the point, or, where no formula could read it otherwise, those of its provisions.

The effects, as `effets` gives them and `assistant-medical lectures SITUATION --json` prints them:

    {"format": 1, "loi": {…},
     "lectures": [{"id", "question", "retenue", "autre", "sources", "sources_de_l_autre"}],
     "medecins": [{"id", "estimation", "effets": [{"lecture", "changements": [
         {"annee", "variable", "label", "unite", "enumeration", "retenue", "autre"}]}]}]}

`estimation` is what `contrats` notes where these values rest on an estimated objective, else null.
`annee` is null for what holds for the whole contract; a reading without effect for a doctor is not
in its `effets`. Values are those of the report of `contrats`; `unite` and `enumeration` (the name
of the Enum) are null where there is none. `cabinets`, where there are any, names the practices
whose collective contract is left out: its readings have no executable alternative.
"""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import en_mots, libelle, minuscule, paragraphe
from openfisca_assistant_medical.contrats import ANNEE, CONTRAT, etablir_sous
from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.droit.formules import lire_formule
from openfisca_assistant_medical.lois import decrire, lois, sous_l_autre_lecture
from openfisca_assistant_medical.reforms.lectures import LECTURES

FORMAT = 1


def registre(noms: list[str]) -> dict[str, Any]:
    """Every doubtful point of a law.

    Args:
        noms: reforms of the law, in order.

    Raises:
        ReformeInconnue: unknown reform.
    """
    ((description, systeme),) = lois(noms, comparer=False)
    toutes = dict.fromkeys([*LECTURES, *textes.lectures()])
    liseuses = _liseuses(systeme)
    return {
        "format": FORMAT,
        "loi": description,
        "lectures": [
            {
                **presenter(systeme, lecture),
                "executable": lecture in LECTURES,
                "dispositions": [d.id for d in qui_en_dependent(lecture)],
                "variables": liseuses.get(f"lectures.{lecture}") or _touchees(lecture),
            }
            for lecture in toutes
        ],
    }


def qui_en_dependent(lecture: str) -> list[textes.Disposition]:
    """Provisions whose doubt a reading settles."""
    return [d for d in textes.dispositions().values() if lecture in d.lectures]


def _liseuses(systeme: Any) -> dict[str, list[str]]:
    """Variables whose formula reads each doubtful point, by path."""
    liseuses: dict[str, list[str]] = {}
    for nom, variable in systeme.variables.items():
        lus = (chemin for f in variable.formulas.values() for chemin in lire_formule(f)[0])
        for chemin in dict.fromkeys(lus):
            liseuses.setdefault(chemin, []).append(nom)
    return liseuses


def _touchees(lecture: str) -> list[str]:
    return list(dict.fromkeys(v for d in qui_en_dependent(lecture) for v in d.variables))


def effets(brut: Any, noms: list[str], annees: range | None) -> dict[str, Any]:
    """Effects of each other reading on each doctor of a situation.

    Args:
        brut: the situation, as read from a file.
        noms: reforms of the law to read, in order.
        annees: years to look at; None = those of the contract under either reading.

    Raises:
        SituationInvalide: the situation is refused.
        ReformeInconnue: unknown reform.
    """
    retenue = lois(noms, comparer=False)
    ((description, systeme),) = retenue
    retenu = etablir_sous(retenue, brut, annees)
    medecins: list[dict[str, Any]] = [
        {"id": medecin["id"], "estimation": _estimation(medecin), "effets": []}
        for medecin in retenu["medecins"]
    ]
    collectifs = [cabinet["id"] for cabinet in retenu.get("cabinets", ())]
    for lecture in LECTURES:
        autre_loi = sous_l_autre_lecture(systeme, lecture)
        if autre_loi is None:
            continue
        autrement = [(decrire(autre_loi), autre_loi)]
        un, autre = retenu, etablir_sous(autrement, brut, annees)
        if _annees(un) != _annees(autre):
            # A contract that goes on under one reading only: the same years for both.
            toutes = _annees(un) | _annees(autre)
            memes = range(min(toutes), max(toutes) + 1)
            un, autre = (etablir_sous(loi, brut, memes) for loi in (retenue, autrement))
        for medecin, a, b in zip(medecins, un["medecins"], autre["medecins"], strict=True):
            changements = [
                {**changement, **_decrire(systeme.variables[changement["variable"]])}
                for changement in _changements(a["resultats"][0], b["resultats"][0])
            ]
            if changements:
                medecin["effets"].append({"lecture": lecture, "changements": changements})
    return {
        "format": FORMAT,
        "loi": description,
        "lectures": [presenter(systeme, lecture) for lecture in LECTURES],
        "medecins": medecins,
        **({"cabinets": collectifs} if collectifs else {}),
    }


def _estimation(medecin: dict[str, Any]) -> str | None:
    notes = medecin["resultats"][0]["notes"]
    return next((note["texte"] for note in notes if note["code"] == "estimation"), None)


def _annees(rapport: dict[str, Any]) -> set[int]:
    return {
        annee["annee"]
        for medecin in rapport["medecins"]
        for annee in medecin["resultats"][0]["annees"]
    }


def _changements(un: dict[str, Any], autre: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def compare(annee: int | None, nom: str, a: Any, b: Any) -> Iterator[dict[str, Any]]:
        if a != b:
            yield {"annee": annee, "variable": nom, "retenue": a, "autre": b}

    for nom in CONTRAT:
        yield from compare(None, nom, un[nom], autre[nom])
    for a, b in zip(un["annees"], autre["annees"], strict=True):
        for nom in ANNEE:
            yield from compare(a["annee"], nom, a[nom], b[nom])
    caisses = un["depense_annuelle"], autre["depense_annuelle"]
    for annee in sorted({*caisses[0], *caisses[1]}):
        verse = [caisse.get(annee, 0.0) for caisse in caisses]
        yield from compare(int(annee), "depense_annuelle", *verse)


def _decrire(variable: Any) -> dict[str, Any]:
    possibles = getattr(variable, "possible_values", None)
    return {
        "label": variable.label,
        "unite": variable.unit,
        "enumeration": possibles and possibles.__name__,
    }


# --- For people -----------------------------------------------------------------------------------


def en_phrase(reponse: str) -> str:
    """An answer inside a sentence."""
    return minuscule(reponse.rstrip("."))


def afficher_le_registre(console: Console, rapport: dict[str, Any]) -> None:
    """Print each doubtful point: both answers, the sources of each, what it touches."""
    for lecture in rapport["lectures"]:
        for intitule, texte in fiche(lecture):
            if intitule:
                paragraphe(console, f"{intitule} : {texte}", "  ")
            else:
                paragraphe(console, texte, style="bold")
        console.print()
    nombre = sum(lecture["executable"] for lecture in rapport["lectures"])
    paragraphe(
        console,
        f"{len(rapport['lectures'])} points douteux, dont {nombre} se calculent dans les deux sens "
        "(--reforme lectures.<nom>). Avec une situation, la commande dit ce qu’ils y changent.",
    )


def fiche(lecture: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A doubtful point, line by line: heading and words; the question has no heading."""
    yield "", f"{lecture['question']} ({lecture['id']})"
    yield "Retenu", lecture["retenue"]
    yield "Sources", " ; ".join(lecture["sources"]) or "aucune"
    yield "Autre lecture", lecture["autre"]
    yield "Sources de l’autre", " ; ".join(lecture["sources_de_l_autre"]) or "aucune"
    if lecture["executable"]:
        yield "Réforme", f"lectures.{lecture['id']}"
    yield "Dispositions", ", ".join(lecture["dispositions"])
    yield "Variables", ", ".join(lecture["variables"])


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print, for each doctor, the readings that change something, then the others."""
    lectures = {lecture["id"]: lecture for lecture in rapport["lectures"]}
    for medecin in rapport["medecins"]:
        console.print(f"{medecin['id']}, {rapport['loi']['nom']}", style="bold")
        if medecin["estimation"]:
            paragraphe(console, medecin["estimation"], style="yellow")
        for effet in medecin["effets"]:
            lecture = lectures[effet["lecture"]]
            console.print(f"\n{lecture['question']} ({lecture['id']})", style="bold")
            console.print(
                f"Retenu : {en_phrase(lecture['retenue'])}. "
                f"Autre lecture : {en_phrase(lecture['autre'])}."
            )
            for changement in _a_montrer(effet["changements"]):
                annee = "" if changement["annee"] is None else f"{changement['annee']} : "
                console.print(
                    f"  {annee}{minuscule(changement['label'])}, "
                    f"{_valeur(changement, 'retenue')} → {_valeur(changement, 'autre')}"
                )
        touchees = {effet["lecture"] for effet in medecin["effets"]}
        sans_effet = [nom for nom in lectures if nom not in touchees]
        if sans_effet:
            console.print(f"\nSans effet ici : {', '.join(sans_effet)}.")
        console.print()
    if rapport.get("cabinets"):
        paragraphe(
            console,
            f"L’aide collective ({', '.join(rapport['cabinets'])}) n’y est pas : ses lectures, "
            "aide_collective_…, ne se calculent pas autrement. Sans situation, la commande les "
            "dit.",
        )


def _a_montrer(changements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What holds for the contract, what is due and what is paid; failing that, everything."""
    vus = [
        c
        for c in changements
        if c["annee"] is None or c["variable"] in ("aide_due", "depense_annuelle")
    ]
    return vus or changements


def _valeur(changement: dict[str, Any], cote: str) -> str:
    valeur, enumeration = changement[cote], changement["enumeration"]
    if valeur is not None and enumeration is not None:
        return minuscule(libelle(enumeration, valeur))
    return en_mots(valeur, changement["unite"])
