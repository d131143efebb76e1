"""What a reform says, whether it is one file or a folder laid out as `parameters/`.

Both give the same list of dated values, which `controle` holds against the law.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.droit.reforme import ReformeInvalide
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.reforms.en_fichier.ecrit import (
    LIMITE_OCTETS,
    Ecrit,
    Faute,
    montrer,
)

TETE = "reforme.yaml"
EXTENSIONS = (".yaml", ".yml")
HYPOTHESE = "hypothèse"  # the source that a figure without a text cites
_LIMITE_FICHIERS = 200
_LIMITE_DU_DOSSIER = 1_000_000  # bytes, some seconds of reading
_JOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHAMPS = ("titre", "description", "sur", "hypothese", "reference")
_CHAMPS_DE_VALEUR = ("valeur", "reference", "hypothese", "unite")
_CHAMPS_DE_REFERENCE = ("title", "href", "source")


@dataclass(frozen=True)
class Valeur:
    """One value at one date.

    Attributes:
        chemin: path of the parameter.
        jour: ISO date since which it holds.
        valeur: as written.
        metadonnees: what goes with it, in the words of `parameters/`, without dates: `reference`,
            a list, and, where the file says so, `confiance`, `unit`, `annonce_le`…
        hypothese: whether it is an assumption.
        lieu: file and line.
    """

    chemin: str
    jour: str
    valeur: Any
    metadonnees: dict[str, Any]
    hypothese: bool
    lieu: str


@dataclass
class Contenu:
    """A reform as read: what it says, and its faults so far."""

    nom: str
    empreinte: str
    titre: str = ""
    description: str = ""
    sur: tuple[str, ...] = ()
    valeurs: list[Valeur] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)
    dites: dict[tuple[str, str], str] = field(default_factory=dict)  # where, by path and day

    def refuser(self, ou: Ecrit, champ: str, attendu: str, recu: str | None = None) -> None:
        """Note a fault."""
        self.fautes.append(Faute(ou.lieu, champ, recu or montrer(ou.nu()), attendu))


def octets_de(chemin: Path) -> dict[str, bytes]:
    """Content of a file, or of each YAML file of a folder, by its path in it; "" = the file.

    Raises:
        ReformeInvalide: it cannot be read, or is too big.
    """
    _refuser_un_nom(chemin.name)
    ici = chemin
    try:
        if not chemin.is_dir():
            return {"": _lire_octets(chemin)}
        fichiers = sorted(_fichiers(chemin))
        if len(fichiers) > _LIMITE_FICHIERS:
            raise ReformeInvalide(
                f"« {chemin} » : reçu {len(fichiers)} fichiers YAML ; attendu : au plus "
                f"{_LIMITE_FICHIERS}."
            )
        lus: dict[str, bytes] = {}
        for ici in fichiers:
            nom = ici.relative_to(chemin).as_posix()
            _refuser_un_nom(nom)
            lus[nom] = _lire_octets(ici)
            if sum(map(len, lus.values())) > _LIMITE_DU_DOSSIER:
                raise ReformeInvalide(
                    f"« {chemin} » : reçu plus de {_LIMITE_DU_DOSSIER // 1_000} ko de fichiers "
                    "YAML ; attendu : moins, les chiffres qui changent."
                )
        return lus
    except (OSError, ValueError) as erreur:
        if isinstance(erreur, ReformeInvalide):
            raise
        recu = {
            FileNotFoundError: "un nom auquel aucun fichier ne répond",
            PermissionError: "un fichier dont la lecture est interdite",
        }.get(type(erreur), "un fichier illisible")
        raise ReformeInvalide(
            f"« {ici} » : reçu {recu} ; attendu : un fichier de réforme (YAML), ou un dossier "
            f"qui contient {TETE}."
        ) from erreur


def _refuser_un_nom(nom: str) -> None:
    """Refuse a name that cannot be shown: half signs stand for bytes that are not UTF-8.

    Raises:
        ReformeInvalide: it is one.
    """
    if not nom.isprintable():
        raise ReformeInvalide(
            f"« {ascii(nom)[:200]} » : reçu un nom de fichier qui ne s’écrit pas ; attendu : des "
            "lettres, comme hausse.yaml."
        )


def est_du_yaml(chemin: Path) -> bool:
    """Whether a name is that of a YAML file."""
    return chemin.suffix.lower() in EXTENSIONS


def _fichiers(dossier: Path) -> Iterator[Path]:
    """YAML files of a folder and of those in it: all of them, or a refusal."""

    def arreter(erreur: OSError) -> None:
        raise erreur

    for racine, dossiers, noms in os.walk(dossier, onerror=arreter):
        for nom in dossiers:
            lien = Path(racine) / nom
            if lien.is_symlink():  # what it leads to may lead back here
                raise ReformeInvalide(
                    f"« {lien} » : reçu un lien vers un dossier ; attendu : le dossier lui-même."
                )
        yield from (lu for lu in (Path(racine) / nom for nom in noms) if est_du_yaml(lu))


def _lire_octets(chemin: Path) -> bytes:
    if chemin.exists() and not chemin.is_file():  # a pipe would wait for ever
        raise OSError
    with chemin.open("rb") as fichier:
        return fichier.read(LIMITE_OCTETS + 1)


def empreinte(octets: dict[str, bytes]) -> str:
    """Hash of a content, wherever it stands."""
    if list(octets) == [""]:
        return hashlib.sha256(octets[""]).hexdigest()
    lignes = (f"{hashlib.sha256(o).hexdigest()}  {nom}\n" for nom, o in sorted(octets.items()))
    return hashlib.sha256("".join(lignes).encode()).hexdigest()


@dataclass(frozen=True)
class Origine:
    """Where values come from: what is said for all of them, or for one."""

    references: list[dict[str, str]] | None = None
    hypothese: bool | None = None

    def ou(self, commune: "Origine") -> "Origine":
        """What is said here, else what is said for all."""
        return self if self.references is not None or self.hypothese is not None else commune


def lire_la_tete(contenu: Contenu, tete: Ecrit, autres: tuple[str, ...]) -> Origine:
    """Read the title of a reform, what it lies over and where its values come from."""
    champs = tete.champs()
    connus = (*_CHAMPS, *autres)
    inconnus(contenu, tete, connus)
    titre = champs.get("titre", Ecrit(None, tete.lieu))
    if est_une_ligne(titre.valeur):
        contenu.titre = titre.valeur.strip()
    else:
        contenu.refuser(titre, "titre", "le titre de la réforme, sur une ligne")
    description = champs.get("description", Ecrit("", tete.lieu))
    if isinstance(description.valeur, str):
        contenu.description = " ".join(description.valeur.split())
    else:
        contenu.refuser(description, "description", "un texte")
    contenu.sur = tuple(_lire_sur(contenu, champs["sur"])) if "sur" in champs else ()
    return lire_l_origine(contenu, tete, "")


def _lire_sur(contenu: Contenu, sur: Ecrit) -> list[str]:
    connues, lues = registre.connues(), []
    for nom in sur.valeur if isinstance(sur.valeur, list) else [sur]:
        if nom.valeur in connues:
            lues.append(nom.valeur)
        else:
            attendu = "des réformes du paquet, comme convention_2024"
            contenu.refuser(nom, "sur", attendu + proche(nom.valeur, connues))
    return lues


def inconnus(contenu: Contenu, bloc: Ecrit, connus: tuple[str, ...], champ: str = "") -> None:
    """Note the fields of a block that mean nothing."""
    for nom, ecrit in bloc.champs().items():
        if nom not in connus:
            attendu = f"un champ parmi {', '.join(connus)}{proche(nom, connus)}"
            contenu.refuser(ecrit, champ, attendu, f"le champ « {nom[:60]} », inconnu")


def est_une_ligne(texte: Any) -> bool:
    """Whether it is one line of text that can be shown to people."""
    return isinstance(texte, str) and 0 < len(texte.strip()) <= 300 and texte.isprintable()


def lire_l_origine(contenu: Contenu, bloc: Ecrit, champ: str) -> Origine:
    """Read `reference` and `hypothese` of a block."""
    champs = bloc.champs()
    hypothese = champs.get("hypothese")
    if hypothese is not None and not isinstance(hypothese.valeur, bool):
        contenu.refuser(hypothese, f"{champ} hypothese".strip(), "true ou false")
        hypothese = Ecrit(True, hypothese.lieu)  # told once
    references = champs.get("reference")
    return Origine(
        None if references is None else _lire_les_references(contenu, references, champ),
        None if hypothese is None else hypothese.valeur,
    )


def _lire_les_references(contenu: Contenu, ecrit: Ecrit, champ: str) -> list[dict[str, str]]:
    lues = []
    deja = len(contenu.fautes)
    for reference in ecrit.valeur if isinstance(ecrit.valeur, list) else [ecrit]:
        nue = reference.nu()
        nue = {"title": nue} if isinstance(nue, str) else nue
        ici = f"{champ} reference".strip()
        inconnus(contenu, reference, _CHAMPS_DE_REFERENCE, ici)
        if not isinstance(nue, dict) or not est_une_ligne(nue.get("title")):
            attendu = "le titre d’un texte, ou « title: … » et, au besoin, « href: https://… »"
            contenu.refuser(reference, ici, attendu)
        elif not all(est_une_ligne(texte) for texte in nue.values()):
            contenu.refuser(reference, ici, "des textes d’une ligne")
        elif not re.match(r"https?://[^\s]+\Z", nue.get("href", "https://x")):
            contenu.refuser(reference, ici, "« href » : une adresse, comme https://…", nue["href"])
        else:
            lues.append({"source": Path(contenu.nom).stem, **nue})
    if not lues and len(contenu.fautes) == deja:
        contenu.refuser(ecrit, f"{champ} reference".strip(), "au moins une référence")
    return lues


def lire_les_valeurs(contenu: Contenu, tete: Ecrit, commune: Origine) -> None:
    """Read `valeurs`, by path and date."""
    valeurs = tete.champs().get("valeurs", Ecrit(None, tete.lieu))
    if not valeurs.champs():
        attendu = "des chemins, chacun avec ses dates et ses valeurs, comme « contrat.duree: "
        contenu.refuser(valeurs, "valeurs", attendu + "{2027-01-01: 6} »")
    for chemin, datees in valeurs.champs().items():
        if not datees.champs():
            contenu.refuser(datees, chemin, "des dates et leurs valeurs, comme 2027-01-01: 6")
        for jour, ecrit in datees.champs().items():
            if jour_valide(contenu, ecrit, chemin, jour):
                _lire_une_valeur(contenu, ecrit, chemin, jour, commune)


def est_un_jour(texte: str) -> bool:
    """Whether a text is a day that a law may have."""
    try:
        return bool(_JOUR.fullmatch(texte)) and 1900 <= date.fromisoformat(texte).year < 9999
    except ValueError:
        return False


def jour_valide(contenu: Contenu, ecrit: Ecrit, chemin: str, jour: str) -> bool:
    """Whether a key is a day; note the fault otherwise."""
    if est_un_jour(jour):
        return True
    attendu = "un jour qui existe, du 1900-01-01 au 9998-12-31, écrit AAAA-MM-JJ"
    contenu.refuser(ecrit, chemin, attendu, f"la date « {jour[:40]} »")
    return False


def _lire_une_valeur(
    contenu: Contenu, ecrit: Ecrit, chemin: str, jour: str, commune: Origine
) -> None:
    ici, valeur = f"{chemin} au {jour}", ecrit
    propre = Origine()
    metadonnees: dict[str, Any] = {}
    if isinstance(ecrit.valeur, dict):
        inconnus(contenu, ecrit, _CHAMPS_DE_VALEUR, ici)
        propre = lire_l_origine(contenu, ecrit, ici)
        if "unite" in ecrit.valeur:
            metadonnees["unit"] = ecrit.valeur["unite"].nu()
        if "valeur" not in ecrit.valeur:
            contenu.refuser(ecrit, ici, "« valeur: … »", "un bloc sans valeur")
            return
        valeur = ecrit.valeur["valeur"]
    ajouter(contenu, valeur, chemin, jour, propre.ou(commune), metadonnees)


def ajouter(
    contenu: Contenu,
    ecrit: Ecrit,
    chemin: str,
    jour: str,
    origine: Origine,
    metadonnees: dict[str, Any],
) -> None:
    """Add a value to a reform, with the references that people will be shown."""
    references = list(origine.references or ())
    if origine.hypothese:
        titre = f"Hypothèse de la réforme « {contenu.titre} »"
        references.insert(0, {"source": HYPOTHESE, "title": titre})
    if not references and origine.references is None and ecrit.valeur is not None:
        attendu = "« reference: … » ou « hypothese: true », pour cette valeur ou pour toutes"
        contenu.refuser(ecrit, f"{chemin} au {jour}", attendu, "une valeur sans origine")
    metadonnees = {**metadonnees, "reference": references} if references else metadonnees
    if autre := contenu.dites.get((chemin, jour)):
        attendu = f"une seule valeur : il y en a déjà une, {autre}"
        contenu.refuser(ecrit, f"{chemin} au {jour}", attendu, "une seconde valeur")
        return
    valeur = Valeur(chemin, jour, ecrit.nu(), metadonnees, bool(origine.hypothese), ecrit.lieu)
    contenu.valeurs.append(valeur)
    contenu.dites[chemin, jour] = ecrit.lieu
