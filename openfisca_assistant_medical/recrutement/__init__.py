"""Who may employ the assistant, and the *groupements d'employeurs* of a region: reference data.

Nothing is computed here. `canaux.yaml` tells the ways of employing, `groupements_employeurs.csv`
holds the directory that Assurance Maladie publishes, with its source and what was left out of it in
the YAML file of the same name. The report, as `repertoire` gives it and `assistant-medical
groupements --json` prints it:

    {"format": 1, "version",                     # of the package
     "region": official name of the region asked for, null where none is,
     "source": {"id", "titre", "editeur", "endroit", "date", "consultation"},
     "groupements": [{"nom", "portee", "regions": [name], "courriel", "telephone", "site"}],
     "canaux": [{"id", "nom", "employeur", "signataire", "effet", "dispositions": [id],
                 "sources": [text]}]}

`portee` is "regionale", "interregionale" or "nationale", in this order; `regions` are those
covered, all of them for a national group. Null where the source gives nothing, or gives a person.
"""

import csv
import io
import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

import yaml
from rich.console import Console
from rich.text import Text

from openfisca_assistant_medical.affichage import minuscule, paragraphe
from openfisca_assistant_medical.textes import sources

FORMAT = 1
PORTEES = {
    "regionale": "",
    "interregionale": "Dans plusieurs régions",
    "nationale": "Dans toute la France",
}
_FRANCE, _INTERREGIONAL = "France entière", "Interrégional : "


class RegionInconnue(ValueError):
    """A region that does not exist; the message gives the closest one, and all of them."""


@dataclass(frozen=True, slots=True)
class Groupement:
    """A *groupement d'employeurs*: whom to call, and where it works."""

    nom: str
    portee: str
    regions: tuple[str, ...]
    courriel: str | None
    telephone: str | None
    site: str | None


def _lire(nom: str) -> Any:
    return yaml.safe_load((files(__name__) / f"{nom}.yaml").read_text("utf-8"))


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Official names, each with the other ways of writing it."""
    return {region["nom"]: tuple(region["dites"]) for region in _lire("regions")}


def trouver_region(texte: str) -> str:
    """Official name of a region: case, accents, hyphens and apostrophes do not count.

    Raises:
        RegionInconnue: no region is so called.
    """
    from difflib import get_close_matches  # here: no name is wrong most of the time

    connues = {_cle(dite): nom for nom, dites in regions().items() for dite in (nom, *dites)}
    cle = _cle(texte)
    if cle in connues:
        return connues[cle]
    cles = [_cle(nom) for nom in regions()]
    proches = get_close_matches(cle[:64], cles, n=1)
    proches += [autre for autre in cles if cle and autre.startswith(cle)]
    propose = f" ; la plus proche : « {connues[proches[0]]} »" if proches else ""
    raise RegionInconnue(
        f"Région : reçu « {texte} » ; attendu : {', '.join(regions())}, ou une abréviation "
        f"usuelle, comme IDF ou PACA{propose}."
    )


def _cle(texte: str) -> str:
    """A name as it is compared: lower case, no accents, its words apart."""
    lettres = (c for c in normalize("NFKD", texte.casefold()) if not combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(lettres)))


@cache
def groupements() -> tuple[Groupement, ...]:
    """The directory: groups of one region, then of several, then of the whole country."""
    texte = (files(__name__) / "groupements_employeurs.csv").read_text("utf-8")
    lus = [_groupement(ligne) for ligne in csv.DictReader(io.StringIO(texte))]
    ordre = list(PORTEES)
    return tuple(sorted(lus, key=lambda groupement: ordre.index(groupement.portee)))


def _groupement(ligne: dict[str, str]) -> Groupement:
    portee, couvertes = "regionale", [ligne["region"]]
    if ligne["region"] == _FRANCE:
        portee, couvertes = "nationale", list(regions())
    elif ligne["region"].startswith(_INTERREGIONAL):
        couvertes = ligne["region"].removeprefix(_INTERREGIONAL).split(", ")
        portee = "interregionale"
    return Groupement(
        nom=ligne["nom"],
        portee=portee,
        regions=tuple(couvertes),
        courriel=ligne["courriel"] or None,
        telephone=ligne["telephone"] or None,
        site=ligne["site"] or None,
    )


def repertoire(region: str | None = None) -> dict[str, Any]:
    """The report described at the top of this file.

    Args:
        region: as people write it; None = every group.

    Raises:
        RegionInconnue: no region is so called.
    """
    nom = None if region is None else trouver_region(region)
    a_propos = _lire("groupements_employeurs")
    source = sources()[a_propos["source"]]
    return {
        "format": FORMAT,
        "version": version("openfisca-assistant-medical"),
        "region": nom,
        "source": {
            "id": source.id,
            "titre": source.titre,
            "editeur": source.editeur,
            "endroit": a_propos["endroit"],
            "date": a_propos["date"],
            "consultation": a_propos["consultation"],
        },
        "groupements": [
            {**asdict(groupement), "regions": list(groupement.regions)}
            for groupement in groupements()
            if nom is None or nom in groupement.regions
        ],
        "canaux": _lire("canaux"),
    }


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Print the groups, region by region, then the ways of employing."""
    for titre, lignes in _par_titre(rapport).items():
        paragraphe(console, titre.replace("'", "’"), style="bold")
        for ligne in lignes:
            nom = ligne["nom"].replace("'", "’")
            paragraphe(console, f"{nom} : {ligne['telephone'] or 'sans téléphone'}", retrait="- ")
            for contact in filter(None, (ligne["courriel"], ligne["site"])):
                # Never cut: a link is copied, or followed, whole.
                console.print(Text(f"  {contact}"), soft_wrap=True)
        console.print()
    source = rapport["source"]
    paragraphe(
        console,
        f"Source : {source['editeur']}, « {source['titre']} » ({source['id']}). "
        f"{source['consultation']} Ni nom ni adresse de personne n’en est repris.",
    )
    for canal in rapport["canaux"]:
        console.print()
        paragraphe(
            console,
            f"{canal['nom']}. Employeur : {minuscule(canal['employeur'])} Contrat d’aide, signé "
            f"par : {minuscule(canal['signataire'])} {canal['effet']} "
            f"Sources : {' ; '.join(canal['sources'])}.",
        )


def _par_titre(rapport: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Groups under the region they work in, or under how far they reach."""
    par_titre: dict[str, list[dict[str, Any]]] = {}
    for groupement in rapport["groupements"]:
        titre = PORTEES[groupement["portee"]] or groupement["regions"][0]
        if groupement["portee"] == "interregionale":
            titre = f"{titre} : {', '.join(groupement['regions'])}"
        par_titre.setdefault(titre, []).append(groupement)
    return par_titre
