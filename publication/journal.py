"""CHANGELOG.md, read as the packages of OpenFisca write it: by impact, version after version."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from publication import PAQUET, RACINE

JOURNAL = RACINE / "CHANGELOG.md"
# The kinds of change, and the least part of the version that each moves: 1 is the major one.
NATURES = {
    "Breaking change": 1,
    "Tax and benefit system evolution": 2,
    "Technical improvement": 3,
    "Correction": 3,
    "Minor change": 3,
}
# Where the law is: what an evolution or a correction of it touches.
DROIT = ("parameters", "variables", "reforms")
_DU_DROIT = ("Tax and benefit system evolution", "Correction")

_TITRE = re.compile(r"(#{1,3}) (\d+)\.(\d+)\.(\d+) - (\d{4}-\d{2}-\d{2})")
_RUBRIQUES = ("Impacted periods", "Impacted areas", "Details")
_DATE = r"(\d{4}-\d{2}-\d{2})"
_PERIODES = re.compile(rf"all|from {_DATE}|until {_DATE}|from {_DATE} until {_DATE}")
_ZONES = re.compile(r"`[\w./-]+`(?:, `[\w./-]+`)*")
_VALEUR_DATEE = re.compile(rf'^\s*"{_DATE}": \{{value', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Changement:
    """A change: its kind, the periods of law and the places that it touches, its details."""

    nature: str
    rubriques: dict[str, str]
    details: tuple[str, ...]

    @property
    def zones(self) -> list[str]:
        """Paths, under the package or from the root."""
        return re.findall(r"`([^`]+)`", self.rubriques.get("Impacted areas", ""))

    @property
    def dates(self) -> list[str]:
        """Days that its periods name, ISO."""
        return re.findall(_DATE, self.rubriques.get("Impacted periods", ""))


@dataclass(frozen=True, slots=True)
class Entree:
    """A version: its number, its day, how deep its heading is, and what it changes."""

    version: tuple[int, int, int]
    jour: str
    niveau: int
    changements: tuple[Changement, ...]

    @property
    def nom(self) -> str:
        """The number, as `pyproject.toml` writes it."""
        return ".".join(map(str, self.version))

    @property
    def niveau_attendu(self) -> int:
        """The heading of a major version is of level 1, of a minor one 2, of a patch 3."""
        return 3 if self.version[2] else 2 if self.version[1] else 1


def lire(texte: str) -> list[Entree]:
    """The versions, the last one first.

    Raises:
        ValueError: a heading is not `# 1.2.3 - 2026-01-31`, or a line is of no change.
    """
    premiere, *blocs = re.split(r"^(?=#)", texte.strip(), flags=re.MULTILINE)[1:]
    if premiere.strip() != "# Changelog":
        raise ValueError("le journal commence par « # Changelog »")
    entrees = []
    for bloc in blocs:
        titre, *lignes = bloc.splitlines()
        lu = _TITRE.fullmatch(titre)
        if not lu:
            raise ValueError(f"titre mal écrit : « {titre} »")
        diese, *version, jour = lu.groups()
        majeure, mineure, correctif = map(int, version)
        entrees.append(
            Entree((majeure, mineure, correctif), jour, len(diese), tuple(_changements(lignes)))
        )
    return entrees


def _changements(lignes: list[str]) -> Iterator[Changement]:
    courant: tuple[str, dict[str, str], list[str]] | None = None
    for ligne in lignes:
        rubrique = re.fullmatch(rf"\* ({'|'.join(_RUBRIQUES)}): ?(.*?)\.?", ligne)
        if ligne.startswith("* ") and not rubrique:
            if courant:
                yield Changement(courant[0], courant[1], tuple(courant[2]))
            courant = (ligne[2:].rstrip("."), {}, [])
        elif courant and rubrique:
            courant[1][rubrique[1]] = rubrique[2]
        elif courant and ligne.startswith("  - "):
            courant[2].append(ligne[4:])
        elif ligne.strip() and not (courant and courant[2] and ligne.startswith("    ")):
            raise ValueError(f"ligne d’aucun changement : « {ligne} »")
    if courant:
        yield Changement(courant[0], courant[1], tuple(courant[2]))


def fautes(texte: str, version: str, paquet: Path = RACINE / PAQUET) -> list[str]:
    """What is wrong with the changelog of a version, in French.

    Args:
        texte: that of the file.
        version: the one of `pyproject.toml`, which the first entry must tell.
        paquet: where the paths of that entry lead; the others speak of another tree.
    """
    try:
        entrees = lire(texte)
    except ValueError as erreur:
        return [str(erreur)]
    if not entrees or entrees[0].nom != version:
        return [f"la première entrée n’est pas {version}, la version de pyproject.toml"]
    trouvees = [
        f"{entree.nom} : {faute}" for entree in entrees for faute in _fautes_de_forme(entree)
    ]
    trouvees += _fautes_de_suite(entrees)
    for changement in entrees[0].changements:
        trouvees += [f"{version} : {faute}" for faute in _fautes_de_lieu(changement, paquet)]
    return trouvees


def _fautes_de_forme(entree: Entree) -> Iterator[str]:
    if entree.niveau != entree.niveau_attendu:
        yield f"titre de niveau {entree.niveau}, {entree.niveau_attendu} attendu"
    if not _est_un_jour(entree.jour):
        yield f"« {entree.jour} » n’est pas un jour"
    if not entree.changements:
        yield "aucun changement"
    for changement in entree.changements:
        yield from _fautes_du_changement(changement, entree.niveau)


def _fautes_du_changement(changement: Changement, niveau: int) -> Iterator[str]:
    nature, rubriques = changement.nature, changement.rubriques
    if nature not in NATURES:
        yield f"« {nature} » n’est pas une nature : {', '.join(NATURES)}"
    elif niveau > NATURES[nature]:
        yield f"« {nature} » ne tient pas dans une version de ce rang"
    if tuple(rubriques) != _RUBRIQUES or rubriques["Details"]:
        yield f"« {nature} » : il faut, dans l’ordre, {', '.join(_RUBRIQUES)}"
        return
    if not _PERIODES.fullmatch(rubriques["Impacted periods"]):
        yield f"périodes mal écrites : « {rubriques['Impacted periods']} »"
    if not _ZONES.fullmatch(rubriques["Impacted areas"]):
        yield f"zones mal écrites : « {rubriques['Impacted areas']} »"
    if not changement.details:
        yield f"« {nature} » : aucun détail"


def _fautes_de_suite(entrees: list[Entree]) -> Iterator[str]:
    for suivante, precedente in pairwise(entrees):
        majeure, mineure, correctif = precedente.version
        suites = ((majeure + 1, 0, 0), (majeure, mineure + 1, 0), (majeure, mineure, correctif + 1))
        if suivante.version not in suites:
            yield f"{suivante.nom} ne suit pas {precedente.nom}"
        if suivante.jour < precedente.jour:
            yield f"{suivante.nom} est datée d’avant {precedente.nom}"


def _fautes_de_lieu(changement: Changement, paquet: Path) -> Iterator[str]:
    lieux = (paquet, paquet.parent)
    perdues = [z for z in changement.zones if not any((lieu / z).exists() for lieu in lieux)]
    if perdues:
        yield f"rien dans le paquet ni à la racine à : {', '.join(perdues)}"
        return
    if changement.nature not in _DU_DROIT:
        return
    if not all(zone.split("/")[0] in DROIT for zone in changement.zones):
        yield f"« {changement.nature} » ne touche que {', '.join(DROIT)}"
    connues = dates_des_chiffres(paquet, changement.zones)
    for jour in changement.dates:
        if jour not in connues:
            yield f"aucun chiffre de ces zones ne change le {jour}"


def dates_des_chiffres(paquet: Path, zones: list[str]) -> set[str]:
    """Days when a figure of these places changes; of the whole law, where they hold no figure."""
    for lieux in (zones, DROIT):
        chemins = [paquet / lieu for lieu in lieux]
        fichiers = [f for c in chemins for f in (c, *c.rglob("*")) if _est_table(f)]
        jours = {jour for f in fichiers for jour in _VALEUR_DATEE.findall(f.read_text("utf-8"))}
        if jours:
            return jours
    return set()


def _est_table(chemin: Path) -> bool:
    return chemin.suffix == ".yaml" and "parameters" in chemin.parts


def _est_un_jour(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return True
