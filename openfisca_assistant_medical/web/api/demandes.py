"""Body of a request that holds a situation among other fields."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations import Erreur
from openfisca_assistant_medical.situations.erreurs import montrer, sous
from openfisca_assistant_medical.web import corps
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import Refuse

# Doctors of a request that tells each of them at length: a trace has some four hundred steps.
MEDECINS_AU_PLUS = 100


def lire(
    champs: Mapping[str, str], obligatoires: tuple[str, ...], configuration: Configuration
) -> dict[str, Any]:
    """The fields of the body of the current request.

    Args:
        champs: fields accepted, and what each one is.
        obligatoires: those that must be there.
        configuration: limits of the body.

    Raises:
        Refuse: 4xx, with every field that is unknown or missing.
    """
    sans_parametre()
    # One level more than a situation by itself: it is inside a field.
    brut = corps.lire(replace(configuration, profondeur=configuration.profondeur + 1))
    if not isinstance(brut, dict):
        attendu = f"un objet, avec les champs {', '.join(champs)}"
        raise _refus([Erreur("", montrer(brut), attendu)])
    erreurs = [
        Erreur(sous("", nom), "un champ inconnu", f"{', '.join(champs)}{proche(nom, list(champs))}")
        for nom in brut
        if nom not in champs
    ]
    erreurs += [
        Erreur(nom, "rien", f"{champs[nom]} (champ obligatoire)")
        for nom in obligatoires
        if nom not in brut
    ]
    if erreurs:
        raise _refus(erreurs[:50])
    return brut


def sans_parametre() -> None:
    """Refuse any parameter in the address of the current request.

    Raises:
        Refuse: 400.
    """
    for nom in request.args:
        erreur = Erreur(nom[:100], "un paramètre de l’adresse", "aucun paramètre")
        raise Refuse(
            400, "Cette adresse n’accepte aucun paramètre : tout est dans le corps.", [erreur]
        )


def situation(brut: Any, systeme: Any, configuration: Configuration) -> dict[str, Any]:
    """The canonical form of the field `situation`.

    Raises:
        Refuse: 400, with the path of each fault from the top of the body.
    """
    limitee = replace(configuration, medecins=min(configuration.medecins, MEDECINS_AU_PLUS))
    try:
        return corps.situation(brut, systeme, limitee)
    except Refuse as refus:
        erreurs = [
            Erreur(_dans_la_situation(erreur.champ), erreur.recu, erreur.attendu)
            for erreur in refus.erreurs
        ]
        raise Refuse(refus.statut, refus.erreur, erreurs) from None


def _dans_la_situation(champ: str) -> str:
    return champ if champ == "situation" else f"situation/{champ}"


def refuser(champ: str, recu: Any, attendu: str) -> Refuse:
    """Refusal of one field.

    Args:
        champ: name of the field.
        recu: its value; None for none.
        attendu: what is accepted.
    """
    return _refus([Erreur(champ, "rien" if recu is None else montrer(recu), attendu)])


def _refus(erreurs: list[Erreur]) -> Refuse:
    return Refuse(400, "La demande est refusée : corriger chaque champ de « erreurs ».", erreurs)
