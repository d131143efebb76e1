"""A form that was sent: read as it was typed (`saisie`), then as a situation, or with its faults.

A `saisie` is `{name of field: text}`, only with what was filled in. It goes from page to page in
hidden fields, and nowhere else: nothing is kept.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from flask import request
from openfisca_core.indexed_enums import Enum
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from openfisca_assistant_medical.affichage import jour
from openfisca_assistant_medical.situations import Erreur, SituationInvalide, verifier
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.situations.verification import OBLIGATOIRES
from openfisca_assistant_medical.web.erreurs import Refuse
from openfisca_assistant_medical.web.lois import convention
from openfisca_assistant_medical.web.simulateur.champs import champs, connu, trouver
from openfisca_assistant_medical.web.simulateur.lecture import ESPACES, Illisible, genre, lire

GENRE = "application/x-www-form-urlencoded"
LIMITE_OCTETS = 64_000
LIMITE_CHAMPS = 400
LIMITE_TEXTE = 100
_NOM = re.compile(r'"?\b([a-z0-9]+(?:_[a-z0-9]+)+)\b"?')
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_MANQUE = {
    "date": "un jour, écrit jj/mm/aaaa (obligatoire)",
    "liste": "un des choix de la liste (obligatoire)",
}
Saisie = dict[str, str]


@dataclass(frozen=True)
class Faute:
    """A field refused.

    Attributes:
        nom: of the field; empty where the form has no field for it.
        recu: what was typed.
        attendu: what is accepted.
    """

    nom: str
    recu: str
    attendu: str


# --- The request ----------------------------------------------------------------------------------


def recevoir(autres: Collection[str] = ()) -> tuple[Saisie, dict[str, str]]:
    """The form of the current request, and the fields that a page adds to it.

    Args:
        autres: names of the fields that are not inputs, such as the year of a question.

    Raises:
        Refuse: 400 (a field unknown, given twice, unreadable, or in the address), 408 (cut short),
            413 (too long) or 415 (not a form).
    """
    if request.mimetype != GENRE:
        raise Refuse(415, "Cette page attend un formulaire, envoyé depuis ce site.")
    if request.args:
        raise Refuse(400, "Rien n’est lu dans l’adresse d’un formulaire envoyé : la retirer.")
    return _trier(_champs_recus(), autres)


def _champs_recus() -> dict[str, list[str]]:
    """The texts of each field. Werkzeug would give an empty form for one that it cannot read."""
    request.max_content_length = LIMITE_OCTETS
    try:
        corps = request.get_data(cache=False).decode("ascii")
        paires = parse_qsl(corps, True, errors="strict", max_num_fields=LIMITE_CHAMPS)
    except RequestEntityTooLarge:
        raise Refuse(413, f"Ce formulaire dépasse {LIMITE_OCTETS // 1000} ko.") from None
    except (HTTPException, OSError):
        raise Refuse(408, "Le formulaire s’est arrêté avant sa fin : le renvoyer.") from None
    except UnicodeError:
        raise Refuse(400, "Ce formulaire n’est pas du texte en UTF-8.") from None
    except ValueError:
        raise Refuse(413, f"Ce formulaire a plus de {LIMITE_CHAMPS} champs.") from None
    recus: dict[str, list[str]] = {}
    for nom, texte in paires:
        recus.setdefault(nom, []).append(texte)
    return recus


def _trier(recus: dict[str, list[str]], autres: Collection[str]) -> tuple[Saisie, dict[str, str]]:
    refus = [
        Erreur(montrer(nom), montrer(" ; ".join(textes)), attendu)
        for nom, textes in recus.items()
        if (attendu := _champ_refuse(nom, textes, autres))
    ]
    if refus:
        raise Refuse(400, "Ce formulaire n’est pas celui du simulateur.", refus[:50])
    tout = {nom: textes[0].strip() for nom, textes in recus.items()}
    saisie = {nom: texte for nom, texte in tout.items() if texte and nom not in autres}
    return saisie, {nom: tout[nom] for nom in autres if nom in tout}


def _champ_refuse(nom: str, textes: list[str], autres: Collection[str]) -> str | None:
    """What is accepted in place of a field, or None if it may be read."""
    if nom not in autres and trouver(nom) is None:
        return "un champ du formulaire"
    if len(textes) > 1:
        return "une seule fois chaque champ"
    if len(textes[0]) > LIMITE_TEXTE:
        return f"au plus {LIMITE_TEXTE} caractères"
    lisible = ESPACES.sub(" ", textes[0]).strip().isprintable()
    return None if lisible else "du texte, sur une ligne"


def montrer(texte: str) -> str:
    """A text received, on one line and short."""
    court = texte if len(texte) <= 60 else f"{texte[:59]}…"
    return "".join(c if c.isprintable() else "·" for c in court) or "rien"


# --- The situation --------------------------------------------------------------------------------


def analyser(saisie: Saisie) -> tuple[dict[str, Any], list[Faute]]:
    """The situation of one doctor, as `situations.verifier` takes it, and what is wrong with it.

    Fields are read one by one first; contradictions between them are looked for once each can be.
    """
    brut: dict[str, Any] = {}
    fautes = list(_manquants(saisie))
    for nom, texte in saisie.items():
        champ, annee = connu(nom)
        try:
            valeur = lire(champ.variable, texte)
        except Illisible as refus:
            fautes.append(Faute(nom, f"« {texte} »", str(refus)))
            continue
        if annee is None:
            brut[champ.nom] = valeur
        else:
            brut.setdefault(champ.nom, {})[annee] = valeur
    return brut, dans_l_ordre(fautes or _contradictions(brut))


def _manquants(saisie: Saisie) -> Iterable[Faute]:
    for nom in OBLIGATOIRES:
        if nom not in saisie:
            yield Faute(nom, "rien", _MANQUE[genre(champs()[nom].variable)])


def _contradictions(brut: dict[str, Any]) -> list[Faute]:
    try:
        verifier(brut, convention().systeme)
    except SituationInvalide as refus:
        return [
            Faute(nom_du_champ(erreur.champ), en_clair(erreur.recu), en_clair(erreur.attendu))
            for erreur in refus.erreurs
        ]
    return []


def nom_du_champ(chemin: str) -> str:
    """The field that a refusal of the model speaks of; empty where the form has none."""
    nom = chemin.removesuffix(f"/{TOUJOURS}").replace("/", ".")
    return nom if trouver(nom) else ""


def en_clair(texte: str) -> str:
    """A message of the model in the words of the form: labels, days as people write them."""
    texte = _NOM.sub(lambda mot: _libelle(mot[1]) or mot[0], texte)
    texte = _DATE.sub(lambda iso: _jour(iso[0]), texte).replace("AAAA-MM-JJ", "jj/mm/aaaa")
    texte = re.sub(r"\btrue\b", "oui", texte)
    return re.sub(r"\bfalse\b", "non", texte)


def _libelle(mot: str) -> str:
    """Label of an input or of a choice, between quotes; empty where it is neither."""
    if mot in champs():
        return f"« {champs()[mot].variable.label} »"
    variables = [champ.variable for champ in champs().values()]
    for enumeration in (v.possible_values for v in variables if v.value_type is Enum):
        if mot in enumeration.__members__:
            return f"« {enumeration[mot].value} »"
    return ""


def _jour(iso: str) -> str:
    try:
        return jour(date.fromisoformat(iso).isoformat())
    except ValueError:
        return iso


def dans_l_ordre(fautes: Iterable[Faute]) -> list[Faute]:
    """Faults as the page shows their fields, those that have none first."""
    rangs = {nom: rang for rang, nom in enumerate(champs())}

    def place(faute: Faute) -> tuple[int, str]:
        trouve = trouver(faute.nom)
        return (rangs[trouve[0].nom], str(trouve[1])) if trouve else (-1, "")

    return sorted(fautes, key=place)
