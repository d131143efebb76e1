"""Folders of parameters, read as core reads them in two thirds of its time.

Between the parser and the values, core makes a node of each word of a file. Here values are made
straight away, by core's parser and with core's words, then checked by core's classes. A folder
where anything is not plain, or is wrong, is left to core whole: core alone says what.
"""

import os
from functools import lru_cache
from typing import Any

import yaml
from openfisca_core.parameters import ParameterNode, config, helpers


def lire_parametres(dossier: str, racine: type[ParameterNode] = ParameterNode) -> ParameterNode:
    """Read a folder of parameters.

    Args:
        dossier: the folder.
        racine: class of the node above all others.

    Raises:
        ParameterParsingError: a file is wrong, in the words of core.
    """
    try:
        return _lire_dossier(dossier, "", racine)
    except Exception:
        return racine("", directory_path=dossier)


def _lire_dossier(dossier: str, nom: str, classe: type[ParameterNode]) -> ParameterNode:
    index: dict[str, Any] = {}
    enfants: dict[str, Any] = {}
    for entree in os.listdir(dossier):
        chemin = os.path.join(dossier, entree)
        base, extension = os.path.splitext(entree)
        if os.path.isdir(chemin):
            enfants[entree] = _lire_dossier(chemin, f"{nom}{entree}.", ParameterNode)
        elif extension in config.FILE_EXTENSIONS:
            with open(chemin, "rb") as fichier:
                donnees = yaml.load(fichier.read(), Loader=_Chargeur)
            if base != "index":
                enfants[base] = helpers._parse_child(nom + base, donnees, chemin)
            elif donnees.keys() <= config.COMMON_KEYS:
                index = donnees
            else:
                raise ValueError(chemin)
    noeud = classe(nom.removesuffix("."), data=index, file_path=dossier)
    for enfant, parametre in enfants.items():
        noeud.add_child(enfant, parametre)
    return noeud


class _Chargeur(config.Loader):
    """Core's loader, from the events of its parser straight to plain values."""

    def get_single_data(self) -> Any:
        """Value of a file."""
        self._ancres: dict[str, Any] = {}
        self.get_event()  # the stream starts
        self.get_event()  # the document starts
        valeur = self._valeur(self.get_event())
        self.get_event()  # the document ends
        if type(self.get_event()) is not yaml.StreamEndEvent:
            raise ValueError("two documents")
        return valeur

    def _valeur(self, evenement: Any) -> Any:
        """Value that starts at an event."""
        genre = type(evenement)
        if genre is yaml.AliasEvent:
            return self._ancres[evenement.anchor]
        if evenement.tag is not None:
            raise ValueError("tag")
        valeur: Any
        if genre is yaml.ScalarEvent:
            valeur = _mot(evenement.value) if evenement.implicit[0] else evenement.value
        elif genre is yaml.MappingStartEvent:
            valeur = {}
            while type(cle := self.get_event()) is not yaml.MappingEndEvent:
                nom = self._valeur(cle)
                if type(nom) is not str or nom in valeur:
                    raise ValueError("key that is no text, or is given twice")
                valeur[nom] = self._valeur(self.get_event())
        else:
            valeur = []
            while type(element := self.get_event()) is not yaml.SequenceEndEvent:
                valeur.append(self._valeur(element))
        if evenement.anchor is not None:
            self._ancres[evenement.anchor] = valeur
        return valeur


_LANGUE = config.Loader("")


@lru_cache(maxsize=1024)
def _mot(texte: str) -> Any:
    """Value that core gives to a word without quotes: text, number, truth or nothing."""
    noeud = yaml.ScalarNode(_LANGUE.resolve(yaml.ScalarNode, texte, (True, False)), texte)
    return config.Loader.yaml_constructors[noeud.tag](_LANGUE, noeud)
