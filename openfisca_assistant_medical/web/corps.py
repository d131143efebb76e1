"""The body of a request: short enough, said to be JSON, read strictly, and a situation in it."""

from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request

from openfisca_assistant_medical.situations import Erreur, SituationInvalide, verifier
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.situations.valeurs import en_milliers
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.erreurs import JSON, Refuse, phrase, refusee
from openfisca_assistant_medical.web.json_strict import analyser, decoder, profond, trop_profond
from openfisca_assistant_medical.web.lecture import SituationLue, lire_ce_qui_est_verifie
from openfisca_assistant_medical.web.lecture import lire as lire_rapidement

_ENTIER = "autant d’octets que l’annonce l’en-tête Content-Length"
_AXES = (
    "« axes » n’est pas accepté : donner un médecin par valeur à essayer, dans « medecins » "
    "(jusqu’à {} par requête) ; la réponse a la même forme, une ligne par médecin."
)


def lire(configuration: Configuration) -> Any:
    """The JSON body of the current request.

    Raises:
        Refuse: 400, 408, 413 or 415; the message says what was received and what is accepted.
    """
    return analyser(octets(request, configuration), configuration.profondeur)


def octets(requete: Request, configuration: Configuration) -> bytes:
    """The body of a request that says it is JSON, once it is known to be short enough.

    Raises:
        Refuse: 400 (cut before its end), 408 (no longer coming), 413 (too long, whatever its
            announced length) or 415.
    """
    if requete.mimetype != JSON or not _en_utf8(requete):
        recu = requete.headers.get("Content-Type", "")[:100]
        raise Refuse(
            415,
            f"Le type du corps doit être « {JSON} », en UTF-8 et sans compression : "
            "l’annoncer dans l’en-tête Content-Type.",
            [Erreur("Content-Type", montrer(recu) if recu else "rien", JSON)],
        )
    requete.max_content_length = configuration.octets
    try:
        corps = requete.get_data(cache=False)
    except RequestEntityTooLarge:
        raise trop_long(configuration) from None
    except (ClientDisconnected, HTTPException, OSError) as erreur:
        # Werkzeug tells of both in the same words; the socket knows which it was.
        if isinstance(erreur.__context__ or erreur, TimeoutError):
            recu, statut = "un corps qui n’arrive plus", 408
        else:
            recu, statut = "un corps incomplet", 400
        raise Refuse(statut, phrase(408), [Erreur("", recu, _ENTIER)]) from None
    return corps


def trop_long(configuration: Configuration) -> Refuse:
    """Refusal of a body over the limit."""
    limite = en_milliers(configuration.octets)
    return Refuse(
        413,
        f"Le corps de la requête dépasse {limite} octets : la couper en plusieurs requêtes.",
        [Erreur("", "un corps trop long", f"au plus {limite} octets")],
    )


def _en_utf8(requete: Request) -> bool:
    charset = requete.mimetype_params.get("charset", "utf-8").lower()
    return charset in ("utf-8", "utf8") and not requete.headers.get("Content-Encoding")


def situation(brut: Any, systeme: Any, configuration: Configuration) -> dict[str, Any]:
    """The canonical form of a situation, once checked; see `situations.verifier`.

    Raises:
        Refuse: 400, with the path of each fault, what was received and what is accepted.
    """
    if isinstance(brut, dict) and "axes" in brut:
        attendu = "aucun champ « axes »"
        raise Refuse(
            400,
            _AXES.format(configuration.medecins),
            [Erreur("axes", montrer(brut["axes"]), attendu)],
        )
    if (nombre := _nombre_de_valeurs(brut)) > configuration.valeurs:
        raise trop_de_valeurs(nombre, configuration)
    try:
        return verifier(brut, systeme, limite_medecins=configuration.medecins)
    except SituationInvalide as refus:
        raise refusee(refus) from None


def lire_une_situation(systeme: Any, configuration: Configuration) -> SituationLue:
    """The situation of the current request, checked and read.

    Args:
        systeme: the law.
        configuration: limits of the body and of the situation.

    Raises:
        Refuse: 4xx; see `lire` and `situation`.
    """
    brut = decoder(octets(request, configuration))
    lue = lire_rapidement(brut, systeme, configuration.medecins)
    if lue is None:
        if trop_profond(brut, configuration.profondeur):
            raise profond(configuration.profondeur)
        lue = lire_ce_qui_est_verifie(situation(brut, systeme, configuration), systeme)
    if lue.valeurs > configuration.valeurs:
        raise trop_de_valeurs(lue.valeurs, configuration)
    return lue


def trop_de_valeurs(nombre: int, configuration: Configuration) -> Refuse:
    """Refusal of a situation that gives, or asks for, too much."""
    recu, limite = en_milliers(nombre), en_milliers(configuration.valeurs)
    return Refuse(
        400,
        "La situation donne et demande trop de valeurs : la couper en plusieurs requêtes.",
        [Erreur("situation", f"{recu} valeurs", f"au plus {limite}, données ou demandées")],
    )


def _nombre_de_valeurs(brut: Any) -> int:
    """Values that a situation holds once each range of periods is laid out, at least."""
    nombre, pile = 0, [brut]
    while pile:
        objet = pile.pop()
        for cle, enfant in objet.items() if isinstance(objet, dict) else ():
            if isinstance(enfant, dict):
                pile.append(enfant)
            else:
                taille = str(cle).rpartition(":")[2]
                etendue = taille.isdecimal() and str(cle).count(":") == 2 and len(taille) < 4
                nombre += int(taille) if etendue else 1
    return nombre
