"""What the other reading of each doubtful point changes for a doctor, year by year.

The report, as `effets` gives it and `assistant-medical lectures --json` prints it:

    {"format": 1, "loi": {…},                                  # as in `contrats`
     "lectures": [{"id", "question", "retenue", "autre", "sources"}],
     "medecins": [{"id", "effets": [{"lecture", "changements": [
         {"annee", "variable", "label", "unite", "enumeration", "retenue", "autre"}]}]}]}

`annee` is null for what holds for the whole contract; a reading without effect for a doctor is not
in its `effets`. Values are those of the report of `contrats`; `unite` and `enumeration` (the name
of the Enum) are null where there is none.
"""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import en_mots, libelle, minuscule
from openfisca_assistant_medical.contrats import ANNEE, CONTRAT, etablir, lois
from openfisca_assistant_medical.reforms.lectures import LECTURES, entree_en_vigueur_2024

FORMAT = 1
_CONVENTION, _ENTREE = "convention_2024", "entree_en_vigueur_2024"


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
    ((description, systeme),) = lois(noms, comparer=False)
    retenu = etablir(brut, noms, False, annees)
    medecins: list[dict[str, Any]] = [
        {"id": medecin["id"], "effets": []} for medecin in retenu["medecins"]
    ]
    for lecture in LECTURES:
        if (autres := _avec(noms, lecture)) is None:
            continue
        un, autre = retenu, etablir(brut, autres, False, annees)
        if _annees(un) != _annees(autre):
            # A contract that goes on under one reading only: the same years for both.
            toutes = _annees(un) | _annees(autre)
            memes = range(min(toutes), max(toutes) + 1)
            un, autre = (etablir(brut, liste, False, memes) for liste in (noms, autres))
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
    }


def _avec(noms: list[str], lecture: str) -> list[str] | None:
    """The same law under the other reading; None where the law has no such doubt."""
    if lecture != _ENTREE:
        return [*noms, f"lectures.{lecture}"]
    if _CONVENTION not in noms:
        return None
    return [f"lectures.{_ENTREE}" if nom == _CONVENTION else nom for nom in noms]


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


def presenter(systeme: Any, lecture: str) -> dict[str, Any]:
    """A reading that has an executable alternative: question, both answers, sources.

    Where a reform already takes the alternative, it is the answer retained.
    """
    if lecture == _ENTREE:
        inscrite = textes.lectures()[lecture]
        reponses = [inscrite.lecture, inscrite.alternative]
        if _avancee(systeme):
            reponses.reverse()
        return {
            "id": lecture,
            "question": inscrite.question,
            "retenue": minuscule(reponses[0].rstrip(".")),
            "autre": minuscule(reponses[1].rstrip(".")),
            "sources": list(inscrite.sources),
        }
    parametre = systeme.parameters.lectures.children[lecture]
    mots, alternative = parametre.metadata.get("valeurs", {}), parametre.metadata["alternative"]
    retenue = _premiere(parametre)
    while retenue == alternative and hasattr(systeme, "baseline"):
        systeme = systeme.baseline
        alternative = _premiere(systeme.parameters.lectures.children[lecture])
    citees = [cite for cites in parametre.metadata["reference"].values() for cite in cites]
    return {
        "id": lecture,
        "question": parametre.description,
        "retenue": _du_registre(mots, retenue),
        "autre": _du_registre(mots, alternative),
        "sources": list(dict.fromkeys(cite["title"] for cite in citees)),
    }


def _avancee(systeme: Any) -> bool:
    """Whether a reform already lays the convention a day earlier."""
    while hasattr(systeme, "baseline"):
        if isinstance(systeme, entree_en_vigueur_2024):
            return True
        systeme = systeme.baseline
    return False


def _premiere(parametre: Any) -> Any:
    return next((v.value for v in parametre.values_list if v.value is not None), None)


def _du_registre(mots: dict[str, str], valeur: Any) -> str:
    return mots.get(valeur) or en_mots(valeur)


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print, for each doctor, the readings that change something, then the others."""
    lectures = {lecture["id"]: lecture for lecture in rapport["lectures"]}
    for medecin in rapport["medecins"]:
        console.print(f"{medecin['id']}, {rapport['loi']['nom']}", style="bold")
        for effet in medecin["effets"]:
            lecture = lectures[effet["lecture"]]
            console.print(f"\n{lecture['question']} ({lecture['id']})", style="bold")
            console.print(f"Retenu : {lecture['retenue']}. Autre lecture : {lecture['autre']}.")
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
