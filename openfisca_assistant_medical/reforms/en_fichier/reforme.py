"""The class of a reform that is a file: known by its content, wherever it is read from."""

import os
from pathlib import Path
from typing import Any, ClassVar

from openfisca_core.parameters import ParameterNode

from openfisca_assistant_medical.droit.reforme import ReformeDeclarative, ReformeInvalide
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.reforms.en_fichier.contenu import (
    TETE,
    Contenu,
    Valeur,
    empreinte,
    est_du_yaml,
    lire_la_tete,
    lire_les_valeurs,
    octets_de,
)
from openfisca_assistant_medical.reforms.en_fichier.controle import controler
from openfisca_assistant_medical.reforms.en_fichier.dossier import lire_le_dossier
from openfisca_assistant_medical.reforms.en_fichier.ecrit import Faute, lire

VARIABLE = "ASSISTANT_MEDICAL_REFORMES"
DOSSIER = "reformes"
_MODULE = "openfisca_assistant_medical.reforms.fichiers"  # where core finds it by name
_CHIFFRES = 8  # of the hash, in the name of a law
_FAUTES_MONTREES = 40
_CLASSES: dict[tuple[str, str], Any] = {}


class ReformeRefusee(ReformeInvalide):
    """A file of reform that is wrong; `fautes` holds all its faults."""

    def __init__(self, nom: str, fautes: list[Faute]) -> None:
        self.fautes = fautes
        lignes = [f"- {faute}" for faute in fautes[:_FAUTES_MONTREES]]
        if len(fautes) > _FAUTES_MONTREES:
            lignes.append(f"- … et {len(fautes) - _FAUTES_MONTREES} autres.")
        super().__init__("\n".join([f"« {nom} » est refusée :", *lignes]))


class ReformeEnFichier(ReformeDeclarative):
    """A reform written as YAML, without Python.

    Attributes:
        contenu: what was read.
        chemin: the file or the folder, as it was given.
        empreinte: sha256 of the content, the same wherever it stands.
        identifiant: name of the file and start of the hash, by which a law is told from another.
        resume: its description, one line.
    """

    contenu: ClassVar[Contenu]
    chemin: ClassVar[Path]
    empreinte: ClassVar[str]
    identifiant: ClassVar[str]
    resume: ClassVar[str]

    def lire_surcouche(self) -> ParameterNode:
        """The values as a tree of parameters, held against the law.

        Raises:
            ReformeRefusee: with every fault.
        """
        contenu = self.contenu
        fautes = [*contenu.fautes, *controler(self.parameters, contenu.valeurs)]
        if fautes:
            raise ReformeRefusee(contenu.nom, sorted(fautes, key=_place))
        return _en_arbre(contenu.valeurs, str(self.chemin))


def _place(faute: Faute) -> tuple[str, int]:
    fichier, _, ligne = faute.lieu.partition(", ligne ")
    return fichier, int(ligne or 0)


def lire_reforme(chemin: str | Path) -> Any:
    """The class of the reform that a file, or a folder, holds.

    The same content at the same place gives the same class. Its faults are told when it is laid
    over a law, all together.

    Args:
        chemin: a YAML file, or a folder that holds `reforme.yaml`.

    Raises:
        ReformeInvalide: nothing there can be read.
    """
    lieu = Path(chemin)
    octets = octets_de(lieu)
    cle = (str(lieu.resolve()), empreinte(octets))
    if cle not in _CLASSES:
        _CLASSES.setdefault(cle, _classe(lieu, _lire_contenu(lieu.name, octets)))
    return _CLASSES[cle]


def _lire_contenu(nom: str, octets: dict[str, bytes]) -> Contenu:
    contenu = Contenu(nom, empreinte(octets))
    en_dossier = list(octets) != [""]
    if en_dossier and TETE not in octets:
        attendu = f"un fichier {TETE} dans le dossier, avec « titre: … »"
        contenu.fautes.append(Faute(nom, "", "un dossier sans titre", attendu))
        return contenu
    tete, fautes = lire(octets[TETE if en_dossier else ""], f"{nom}/{TETE}" if en_dossier else nom)
    contenu.fautes += fautes
    if tete is None:
        return contenu
    commune = lire_la_tete(contenu, tete, () if en_dossier else ("valeurs",))
    if en_dossier:
        lire_le_dossier(contenu, octets, commune)
    else:
        lire_les_valeurs(contenu, tete, commune)
    if not contenu.valeurs and not contenu.fautes:
        contenu.refuser(tete, "", "au moins une valeur", "une réforme qui ne change aucun chiffre")
    return contenu


def _classe(chemin: Path, contenu: Contenu) -> Any:
    nom = chemin.stem if est_du_yaml(chemin) else chemin.name
    return type(
        nom,
        (ReformeEnFichier,),
        {
            "__module__": _MODULE,
            "__doc__": contenu.description or contenu.titre,
            "name": contenu.titre,
            "resume": contenu.description,
            "suppose": tuple(map(registre.trouver, contenu.sur)),
            "contenu": contenu,
            "chemin": chemin,
            "empreinte": contenu.empreinte,
            "identifiant": f"{nom}@{contenu.empreinte[:_CHIFFRES]}",
        },
    )


def _en_arbre(valeurs: list[Valeur], lieu: str) -> ParameterNode:
    """Dated values as a tree of parameters, in the words of `parameters/`."""
    racine: dict[str, Any] = {}
    for valeur in valeurs:
        noeud = racine
        for nom in valeur.chemin.split("."):
            noeud = noeud.setdefault(nom, {})
        noeud.setdefault("values", {})[valeur.jour] = {"value": valeur.valeur}
        metadonnees = noeud.setdefault("metadata", {})
        for nom, dite in valeur.metadonnees.items():
            if nom in ("reference", "confiance"):
                metadonnees.setdefault(nom, {})[valeur.jour] = dite
            elif nom != "unit":  # that of the law, as checked
                metadonnees[nom] = dite
    return ParameterNode("", data=racine, file_path=lieu)


# --- Reforms by their name ------------------------------------------------------------------------


def dossiers() -> list[Path]:
    """Folders where reforms are looked for by their name."""
    dits = os.environ.get(VARIABLE) or DOSSIER
    return [Path(dossier) for dossier in dits.split(os.pathsep) if dossier]


def disponibles() -> dict[str, Path]:
    """Reforms of these folders by name; of two of one name, that of the first folder.

    Raises:
        ReformeInvalide: a file and a folder of one name, in the same place.
    """
    trouvees: dict[str, Path] = {}
    for dossier in dossiers():
        ici: dict[str, Path] = {}
        for chemin in _entrees(dossier):
            fichier = est_du_yaml(chemin) and chemin.is_file()
            if fichier or (chemin / TETE).is_file():
                nom = chemin.stem if fichier else chemin.name
                if nom in ici:
                    raise ReformeInvalide(
                        f"« {chemin} » et « {ici[nom]} » ont le même nom. Remède : en renommer un."
                    )
                ici[nom] = chemin
        trouvees = {**ici, **trouvees}
    return trouvees


def _entrees(dossier: Path) -> list[Path]:
    try:
        return sorted(dossier.iterdir()) if dossier.is_dir() else []
    except OSError as erreur:
        raise ReformeInvalide(
            f"Le dossier de réformes « {dossier} » ne peut pas être lu ({erreur.strerror}). "
            f"Remède : dire les dossiers par {VARIABLE}."
        ) from erreur


def chercher(nom: str) -> Any:
    """The class of a reform by the name of its file, without extension.

    Raises:
        ReformeInvalide: no such reform in the folders; the message says where it was looked for.
    """
    connues = disponibles()
    if nom not in connues:
        lieux = ", ".join(f"« {dossier} »" for dossier in dossiers())
        raise ReformeInvalide(
            f"Réforme en fichier : reçu « {nom} » ; attendu : un fichier {nom}.yaml, ou un dossier "
            f"{nom}/ qui contient {TETE}, dans {lieux}{proche(nom, list(connues))}. Remède : dire "
            f"les dossiers par {VARIABLE}."
        )
    return lire_reforme(connues[nom])


def semble_un_fichier(nom: str) -> bool:
    """Whether a name that people give is that of a file, rather than of a class."""
    ecrit_comme = est_du_yaml(Path(nom)) or "/" in nom or os.sep in nom
    try:
        return ecrit_comme or (Path(nom) / TETE).is_file()
    except (OSError, ValueError):  # no path could be so
        return False
