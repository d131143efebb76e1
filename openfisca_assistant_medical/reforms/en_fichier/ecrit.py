"""What a file of reform holds, each value with its line: YAML read strictly.

No alias, anchor or tag, no key twice; words are those of YAML 1.2, so that a date stays as written,
and `24_200` is a number where the groups are thousands.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LIMITE_OCTETS = 200_000
LIMITE_NIVEAUX = 12
_ENTIER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,15}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,4})")
_DECIMAL = re.compile(rf"(?:{_ENTIER.pattern})\.[0-9]{{1,15}}")
_MOTS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Faute:
    """One fault of a reform.

    Attributes:
        lieu: file, and line where there is one.
        champ: what it is about: a path, a date, a field; empty = the whole file.
        recu: what was written.
        attendu: what is accepted, with the remedy.
    """

    lieu: str
    champ: str
    recu: str
    attendu: str

    def __str__(self) -> str:
        ou = f"{self.lieu} : {self.champ}" if self.champ else self.lieu
        return f"{ou} : reçu {self.recu} ; attendu : {self.attendu}."


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


def montrer(valeur: Any) -> str:
    """A value that was written, as a message shows it."""
    if isinstance(valeur, dict | list):
        genre = "un bloc de champs" if isinstance(valeur, dict) else "une liste"
        return f"{genre} ({len(valeur)})"
    if valeur is None:
        return "rien"
    texte = json.dumps(valeur, ensure_ascii=False, default=str)
    return texte if len(texte) <= 60 else f"{texte[:59]}…"


def lire(octets: bytes, nom: str) -> tuple[Ecrit | None, list[Faute]]:
    """Read the content of a file.

    Args:
        octets: its content.
        nom: how the file is named to people.

    Returns:
        The mapping at its top, None where it cannot be read; and the faults.
    """
    if len(octets) > LIMITE_OCTETS:
        recu = f"plus de {LIMITE_OCTETS // 1000} Ko"
        return None, [Faute(nom, "", recu, "un fichier plus petit : les chiffres qui changent")]
    try:
        texte = octets.decode("utf-8-sig")
        lecture = _Lecture(texte, nom)
        ecrit = lecture.document()
    except UnicodeDecodeError as erreur:
        ligne = octets[: erreur.start].count(b"\n") + 1
        return None, [Faute(_a(nom, ligne), "", "un octet illisible", "un texte en UTF-8")]
    except yaml.reader.ReaderError as erreur:
        ligne = texte[: erreur.position].count("\n") + 1
        return None, [Faute(_a(nom, ligne), "", "un caractère interdit", "du texte")]
    except yaml.MarkedYAMLError as erreur:
        return None, [_mal_forme(erreur, texte, nom)]
    if ecrit is None or not isinstance(ecrit.valeur, dict):
        recu = montrer(ecrit and ecrit.valeur)
        return None, [Faute(nom, "", recu, "des champs, comme « titre: … » et « valeurs: … »")]
    return ecrit, lecture.fautes


class _Refus(yaml.MarkedYAMLError):
    """A construct of YAML that is refused; `problem` is what was met, `note` what is accepted."""


def _mal_forme(erreur: yaml.MarkedYAMLError, texte: str, nom: str) -> Faute:
    marque = erreur.problem_mark or erreur.context_mark
    lieu = nom if marque is None else _a(nom, marque.line + 1)
    if isinstance(erreur, _Refus):
        return Faute(lieu, "", f"{erreur.problem}", f"{erreur.note}")
    ligne = "" if marque is None else texte.splitlines()[marque.line : marque.line + 1]
    if any("\t" in debut[: len(debut) - len(debut.lstrip())] for debut in ligne):
        return Faute(lieu, "", "une tabulation", "des espaces pour décaler les lignes")
    attendu = (
        "un document YAML ; vérifier les deux-points, les guillemets et le décalage des lignes"
    )
    return Faute(lieu, "", "du YAML mal formé", attendu)


def _a(nom: str, ligne: int) -> str:
    return f"{nom}, ligne {ligne}"


class _Lecture:
    """One document, from the events of the parser of YAML: nothing is ever constructed."""

    def __init__(self, texte: str, nom: str) -> None:
        self.fautes: list[Faute] = []
        self._nom = nom
        self._suivant = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(texte).get_event

    def document(self) -> Ecrit | None:
        """What it holds; None = nothing."""
        self._suivant()  # the stream starts
        if isinstance(self._suivant(), yaml.StreamEndEvent):
            return None
        ecrit = self._valeur(self._suivant(), 1)
        self._suivant()  # the document ends
        autre = self._suivant()
        if not isinstance(autre, yaml.StreamEndEvent):
            raise _refus(autre, "un second document (---)", "un seul document")
        return ecrit

    def _valeur(self, evenement: Any, niveau: int, lieu: str | None = None) -> Ecrit:
        for quoi, present in (
            ("un alias (*)", isinstance(evenement, yaml.AliasEvent)),
            ("une ancre (&)", getattr(evenement, "anchor", None) is not None),
            ("une étiquette (!)", getattr(evenement, "tag", None) is not None),
        ):
            if present:
                raise _refus(evenement, quoi, "chaque valeur écrite en entier")
        if niveau > LIMITE_NIVEAUX:
            raise _refus(evenement, "du YAML trop imbriqué", f"{LIMITE_NIVEAUX} niveaux au plus")
        lieu = lieu or self._lieu(evenement)
        if isinstance(evenement, yaml.MappingStartEvent):
            return Ecrit(dict(self._paires(niveau)), lieu)
        if isinstance(evenement, yaml.SequenceStartEvent):
            return Ecrit(list(self._elements(niveau)), lieu)
        # Between quotes, or in a block, a text is a text.
        simple = evenement.implicit[0]
        return Ecrit(_mot(evenement.value) if simple else evenement.value, lieu)

    def _lieu(self, evenement: Any) -> str:
        return _a(self._nom, evenement.start_mark.line + 1)

    def _elements(self, niveau: int) -> Iterator[Ecrit]:
        while not isinstance(evenement := self._suivant(), yaml.SequenceEndEvent):
            yield self._valeur(evenement, niveau + 1)

    def _paires(self, niveau: int) -> Iterator[tuple[str, Ecrit]]:
        vues = set()
        while not isinstance(cle := self._suivant(), yaml.MappingEndEvent):
            lieu = self._lieu(cle)
            nom = self._valeur(cle, niveau + 1)
            valeur = self._valeur(self._suivant(), niveau + 1, lieu)
            if not isinstance(cle, yaml.ScalarEvent):
                self.fautes.append(Faute(lieu, "", montrer(nom.nu()), "un nom de champ"))
            elif cle.value in vues:
                recu, attendu = "deux fois le même champ", "chaque champ une seule fois"
                self.fautes.append(Faute(lieu, cle.value, recu, attendu))
            else:
                vues.add(cle.value)
                yield cle.value, valeur


def _refus(evenement: Any, recu: str, attendu: str) -> _Refus:
    return _Refus(problem=recu, problem_mark=evenement.start_mark, note=attendu)


def _mot(texte: str) -> Any:
    """Value of a word without quotes."""
    if texte.lower() in _MOTS:
        return _MOTS[texte.lower()]
    if _ENTIER.fullmatch(texte):
        return int(texte)
    return float(texte) if _DECIMAL.fullmatch(texte) else texte
