"""What people write in YAML, read strictly: each value with its line, nothing constructed.

No alias, anchor or tag, no key twice, one document. What a word without quotes is (a number, a
truth) is told by whoever reads; a date always stays as written.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LIMITE_NIVEAUX = 12
_EN_ENTIER = "chaque valeur écrite en entier"
_INTERDIT = yaml.reader.Reader.NON_PRINTABLE
Mot = Callable[[str], Any]  # value of a word without quotes


@dataclass(frozen=True)
class Accroc:
    """What is refused of a text.

    Attributes:
        genre: what went wrong, one word.
        recu, attendu: what was met, what is accepted.
        ligne, colonne: from 1; 0 where there is none.
        champs: keys that lead there, where they are known.
    """

    genre: str
    recu: str
    attendu: str
    ligne: int = 0
    colonne: int = 0
    champs: tuple[Hashable, ...] = ()


class Illisible(ValueError):
    """A text that cannot be read to its end; `accrocs` holds what was met, the last one stopped."""

    def __init__(self, *accrocs: Accroc) -> None:
        self.accrocs = accrocs
        lieux = (f"ligne {a.ligne} : " if a.ligne else "" for a in accrocs)
        phrases = (f"reçu {a.recu} ; attendu : {a.attendu}." for a in accrocs)
        super().__init__("\n".join(map("".join, zip(lieux, phrases, strict=True))))


@dataclass(frozen=True)
class Ecrit:
    """A value and the line of its file: dict[str, Ecrit], list[Ecrit], or a plain value."""

    valeur: Any
    lieu: str

    def nu(self) -> Any:
        """The value without the lines."""
        if isinstance(self.valeur, dict):
            return {cle: ecrit.nu() for cle, ecrit in self.valeur.items()}
        if isinstance(self.valeur, list):
            return [ecrit.nu() for ecrit in self.valeur]
        return self.valeur

    def champs(self) -> dict[str, "Ecrit"]:
        """The fields of a mapping; none for anything else."""
        return self.valeur if isinstance(self.valeur, dict) else {}


def montrer(
    valeur: Any,
    objet: str = "un objet de {} élément(s)",
    liste: str = "une liste de {} élément(s)",
    rien: str = "null",
) -> str:
    """A value that was given, as a message shows it: short, and told apart from its text.

    Args:
        valeur: what was given.
        objet: how a mapping is called, by its length.
        liste: how a list is, likewise.
        rien: how nothing is.
    """
    if isinstance(valeur, dict | list):
        return (objet if isinstance(valeur, dict) else liste).format(len(valeur))
    if valeur is None:
        return rien
    texte = json.dumps(valeur, ensure_ascii=False, default=str)
    return texte if len(texte) <= 60 else f"{texte[:59]}…"


def decoder(octets: bytes, limite: int) -> str:
    """The text of a file.

    Raises:
        Illisible: it is larger than `limite` bytes, or not UTF-8.
    """
    if len(octets) > limite:
        raise Illisible(Accroc("taille", f"plus de {limite // 1000} Ko", "un fichier plus petit"))
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        lieu = lieu_de(octets[: erreur.start].decode("utf-8"), erreur.start)
        accroc = Accroc("octet", "un octet illisible", "un texte en UTF-8", *lieu)
        raise Illisible(accroc) from erreur


def lieu_de(texte: str, place: int) -> tuple[int, int]:
    """Line and column of a place in a text, from 1."""
    avant = texte[:place]
    return avant.count("\n") + 1, len(avant) - avant.rfind("\n")


def lire(texte: str, nom: str, mot: Mot) -> tuple[Ecrit, list[Accroc]]:
    """Read a YAML document.

    Args:
        texte: the document.
        nom: how its file is named to people.
        mot: value of a word without quotes.

    Returns:
        What it holds, and what was refused on the way: what is read of that may lack something.

    Raises:
        Illisible: it cannot be read to its end.
    """
    if interdit := _INTERDIT.search(texte):
        lieu = lieu_de(texte, interdit.start())
        raise Illisible(Accroc("caractere", "un caractère interdit", "du texte", *lieu))
    lecture = _Lecture(texte, nom, mot)
    try:
        ecrit = lecture.document()
    except yaml.MarkedYAMLError as erreur:
        fin = erreur.accroc if isinstance(erreur, _Arret) else _mal_forme(erreur, texte)
        raise Illisible(*lecture.accrocs(), fin) from erreur
    return ecrit, lecture.accrocs()


_NOMBRE = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan"
)
_ENTIER = re.compile(r"[-+]?[0-9]+")
_MOTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def mot_de_yaml(texte: str) -> Any:
    """Value of a word as YAML 1.2 has it: 0775 is 775, `yes` and `12:30` are words.

    Raises:
        ValueError: a number that is too long.
    """
    if texte in _MOTS:
        return _MOTS[texte]
    if _ENTIER.fullmatch(texte):
        return int(texte)
    if _NOMBRE.fullmatch(texte):
        return float(texte.replace(".inf", "inf").replace(".nan", "nan"))
    return texte


class _Arret(yaml.MarkedYAMLError):
    """A construct of YAML past which nothing is read."""

    def __init__(self, genre: str, recu: str, attendu: str, marque: Any) -> None:
        super().__init__(problem=recu, problem_mark=marque)
        self.accroc = Accroc(genre, recu, attendu, marque.line + 1, marque.column + 1)


def _mal_forme(erreur: yaml.MarkedYAMLError, texte: str) -> Accroc:
    marque = erreur.problem_mark or erreur.context_mark
    # The C parser ends a text with a line that is not there.
    lieu = (0, 0) if marque is None else lieu_de(texte, marque.index)
    ligne = texte.split("\n")[lieu[0] - 1] if lieu[0] else ""
    if "\t" in ligne[: len(ligne) - len(ligne.lstrip())]:
        attendu = "des espaces pour décaler les lignes"
        return Accroc("tabulation", "une tabulation", attendu, *lieu)
    attendu = (
        "un document YAML ; vérifier les deux-points, les guillemets et le décalage des lignes"
    )
    return Accroc("mal_forme", "du YAML mal formé", attendu, *lieu)


class _Lecture:
    """One document, from the events of the parser of YAML."""

    def __init__(self, texte: str, nom: str, mot: Mot) -> None:
        self._refus: list[Accroc] = []
        self._ancres: dict[str, Accroc] = {}
        self._nom, self._mot = nom, mot
        self._suivant = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(texte).get_event

    def accrocs(self) -> list[Accroc]:
        """What was refused so far, in the order of the text."""
        ensemble = [*self._refus, *self._ancres.values()]
        return sorted(ensemble, key=lambda a: (a.ligne, a.colonne))

    def document(self) -> Ecrit:
        """What it holds."""
        self._suivant()  # the stream starts
        if isinstance(self._suivant(), yaml.StreamEndEvent):
            return Ecrit(None, self._nom)
        ecrit = self._valeur(self._suivant(), ())
        self._suivant()  # the document ends
        autre = self._suivant()
        if not isinstance(autre, yaml.StreamEndEvent):
            attendu = "un seul document"
            raise _Arret("document", "un second document (---)", attendu, autre.start_mark)
        return ecrit

    def _valeur(self, evenement: Any, chemin: tuple[Hashable, ...], lieu: str = "") -> Ecrit:
        marque = evenement.start_mark
        ancre = getattr(evenement, "anchor", None)
        if isinstance(evenement, yaml.AliasEvent):
            self._ancres.pop(str(ancre), None)  # told once, where it is used
            raise _Arret("alias", "un alias (*)", _EN_ENTIER, marque)
        if ancre is not None:
            place = marque.line + 1, marque.column + 1
            self._ancres[ancre] = Accroc("ancre", "une ancre (&)", _EN_ENTIER, *place, chemin)
        if getattr(evenement, "tag", None) is not None:
            raise _Arret("etiquette", "une étiquette (!)", _EN_ENTIER, marque)
        if len(chemin) >= LIMITE_NIVEAUX:
            attendu = f"{LIMITE_NIVEAUX} niveaux au plus"
            raise _Arret("imbrique", "du YAML trop imbriqué", attendu, marque)
        lieu = lieu or self._lieu(evenement)
        if isinstance(evenement, yaml.MappingStartEvent):
            return Ecrit(dict(self._paires(chemin)), lieu)
        if isinstance(evenement, yaml.SequenceStartEvent):
            return Ecrit(list(self._elements(chemin)), lieu)
        # Between quotes, or in a block, a text is a text.
        simple = evenement.implicit[0]
        return Ecrit(self._lire_un_mot(evenement) if simple else evenement.value, lieu)

    def _lire_un_mot(self, evenement: Any) -> Any:
        try:
            return self._mot(evenement.value)
        except ValueError as erreur:
            attendu = "des nombres de moins de 20 chiffres"
            marque = evenement.start_mark
            raise _Arret("nombre", "un nombre impossible", attendu, marque) from erreur

    def _lieu(self, evenement: Any) -> str:
        return f"{self._nom}, ligne {evenement.start_mark.line + 1}"

    def _elements(self, chemin: tuple[Hashable, ...]) -> Iterator[Ecrit]:
        rang = 0
        while not isinstance(evenement := self._suivant(), yaml.SequenceEndEvent):
            yield self._valeur(evenement, (*chemin, rang))
            rang += 1

    def _paires(self, chemin: tuple[Hashable, ...]) -> Iterator[tuple[str, Ecrit]]:
        vues = set()
        while not isinstance(cle := self._suivant(), yaml.MappingEndEvent):
            place = cle.start_mark.line + 1, cle.start_mark.column + 1
            nom = self._valeur(cle, (*chemin, ""))
            texte = cle.value if isinstance(cle, yaml.ScalarEvent) else ""
            dessous = (*chemin, texte)
            valeur = self._valeur(self._suivant(), dessous, self._lieu(cle))
            if nom.valeur is None or isinstance(nom.valeur, bool | float | dict | list):
                recu = montrer(nom.nu())
                self._refus.append(Accroc("cle", recu, "un nom de champ", *place, chemin))
            elif texte in vues:
                recu, attendu = "deux fois le même champ", "chaque champ une seule fois"
                self._refus.append(Accroc("doublon", recu, attendu, *place, dessous))
            else:
                vues.add(texte)
                yield texte, valeur
