"""The link that shares a case: an address that holds a listed subset of the form, and no more.

Never the date of birth, the disability or the illness, nor a day: of the signature, its month alone
(`signature=2024-07`), which the reader's form turns into the first day of it. Where the law changes
within that month, the day is left to be given.
"""

import re
from datetime import date
from functools import cache
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from openfisca_assistant_medical.exemples import EXEMPLES
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.valeurs import defaut
from openfisca_assistant_medical.web.lois import convention
from openfisca_assistant_medical.web.simulateur.champs import champs, connu
from openfisca_assistant_medical.web.simulateur.exemples import exemple
from openfisca_assistant_medical.web.simulateur.lecture import Illisible, lire
from openfisca_assistant_medical.web.simulateur.saisie import LIMITE_TEXTE, Saisie, montrer

PARTAGES = (
    "specialite",
    "secteur_conventionnel",
    "zone",
    "option_etp_initiale",
    "patientele_mt_initiale",
    "file_active_initiale",
    "objectif_pmt_contractuel",
    "objectif_pfa_contractuel",
)
MOIS, EXEMPLE = "signature", "exemple"
_MOIS = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")


def ecrire_lien(saisie: Saisie) -> str:
    """Address of the form, with what may be shared of what was typed.

    Args:
        saisie: a form whose fields can all be read.
    """
    gardes = {nom: saisie[nom] for nom in PARTAGES if nom in saisie}
    for nom in gardes:
        gardes[nom] = str(lire(champs()[nom].variable, gardes[nom]))
    if signature := saisie.get("date_signature"):
        gardes[MOIS] = lire(champs()["date_signature"].variable, signature)[:7]
    return f"/?{urlencode(gardes)}" if gardes else "/"


def tus(saisie: Saisie) -> list[str]:
    """Labels of what was typed, other than the defaults of the form, and is not in the link."""
    noms = {
        champ.nom: champ.variable.label
        for nom, texte in saisie.items()
        if (champ := connu(nom)[0]).nom not in (*PARTAGES, "date_signature")
        and lire(champ.variable, texte) != defaut(champ.variable)
    }
    return list(noms.values())


def lire_lien(parametres: "MultiDict[str, str]") -> tuple[Saisie, list[Erreur], list[str]]:
    """What a link says: the form, what of it is refused, and what must be said of the rest.

    Args:
        parametres: of the address, as they were received.
    """
    saisie: Saisie = {}
    refus: list[Erreur] = []
    dits: list[str] = []
    for nom, textes in parametres.lists():
        texte = textes[0].strip()
        if len(textes) > 1:
            attendu = "une seule valeur"
        elif len(texte) > LIMITE_TEXTE:
            attendu = f"au plus {LIMITE_TEXTE} caractères"
        elif nom == EXEMPLE:
            attendu = _lire_l_exemple(texte, len(parametres), saisie)
        elif nom == MOIS:
            attendu = _lire_le_mois(texte, saisie, dits)
        else:
            attendu = _lire_le_champ(nom, texte, saisie)
        if attendu:
            lisible = nom in (*PARTAGES, MOIS, EXEMPLE)  # what is not to be shared is not repeated
            recu = montrer(" ; ".join(textes)) if lisible else "une valeur"
            refus.append(Erreur(montrer(nom), recu, attendu))
    return saisie, refus[:50], dits


def _lire_l_exemple(texte: str, parametres: int, saisie: Saisie) -> str:
    if parametres > 1:
        return "un exemple seul, sans autre paramètre"
    if texte not in EXEMPLES:
        return f"un exemple parmi {', '.join(EXEMPLES)}"
    saisie.update(exemple(texte))
    return ""


def _lire_le_mois(texte: str, saisie: Saisie, dits: list[str]) -> str:
    """Put the day that stands for a month, if one can; gives what is accepted, if it is refused."""
    if not _MOIS.fullmatch(texte):
        return "un mois, écrit AAAA-MM"
    if texte in _mois_de_changement():
        dits.append(
            "Le droit change au cours du mois de signature que dit ce lien : donner le jour exact."
        )
        return ""
    saisie["date_signature"] = f"{texte}-01"
    dits.append(
        "Le lien ne dit que le mois de la signature : son premier jour est proposé, à corriger."
    )
    return ""


@cache
def _mois_de_changement() -> frozenset[str]:
    """Months within which, and not on whose first day, another text comes into force."""
    textes = convention().systeme.parameters.contrat.texte_en_vigueur.values_list
    jours = (date.fromisoformat(datee.instant_str) for datee in textes)
    return frozenset(f"{jour:%Y-%m}" for jour in jours if jour.day > 1)


def _lire_le_champ(nom: str, texte: str, saisie: Saisie) -> str:
    if nom not in PARTAGES:
        if nom.partition(".")[0] in champs():
            return "rien : cette donnée ne se met pas dans une adresse"
        return f"un paramètre parmi {', '.join((*PARTAGES, MOIS, EXEMPLE))}"
    try:
        lire(champs()[nom].variable, texte)
    except Illisible as refus:
        return str(refus)
    saisie[nom] = texte
    return ""
