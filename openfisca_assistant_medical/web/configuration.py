"""How the service is set, by options of `assistant-medical servir` or by the environment.

Each field is an option (`--origines`, `--delai`…) and a variable (`ASSISTANT_MEDICAL_ORIGINES`,
`ASSISTANT_MEDICAL_DELAI`…); the option wins.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

PREFIXE = "ASSISTANT_MEDICAL_"
_ORIGINE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_SOURCES = re.compile(r"https?://[^\s\"'<>]+")
_HOTE = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]")
_ADRESSE = re.compile(r"[A-Za-z0-9.:_-]+")


class ConfigurationInvalide(ValueError):
    """A setting that is refused; the message names it, what was received and what is accepted."""


@dataclass(frozen=True)
class Configuration:
    """Settings of one service.

    Attributes:
        adresse, port: where it listens.
        processus: workers; each has the laws for itself.
        fils: threads of a worker: requests that it holds at once.
        origines: sites that a browser lets read the API (CORS); "*" for all, none by default.
        hotes: names under which it answers, ".exemple.fr" for those under it; none for any.
        delai: seconds after which a request is given up (503).
        attente: seconds without a byte after which a client is let go.
        octets: largest body of a request.
        medecins: most doctors in a request.
        valeurs: most values in a request, given or asked.
        profondeur: deepest JSON of a request.
        mandataires: proxies in front, whose X-Forwarded-* are believed.
        sources: address of the source code, shown on every page (AGPL, section 13).
    """

    adresse: str = "127.0.0.1"
    port: int = 5000
    processus: int = 2
    fils: int = 32
    origines: tuple[str, ...] = ()
    hotes: tuple[str, ...] = ()
    delai: float = 20.0
    attente: float = 10.0
    octets: int = 8_000_000
    medecins: int = 5_000
    valeurs: int = 500_000
    profondeur: int = 8
    mandataires: int = 0
    sources: str = ""

    def __post_init__(self) -> None:
        for nom, (minimum, maximum) in _BORNES.items():
            valeur = getattr(self, nom)
            if not minimum <= valeur <= maximum:
                raise _refus(nom, valeur, f"un nombre de {minimum:g} à {maximum:g}")
        for origine in self.origines:
            if origine != "*" and not _ORIGINE.fullmatch(origine):
                attendu = (
                    "des origines comme https://exemple.fr, séparées par des virgules, ou « * »"
                )
                raise _refus("origines", origine, attendu)
        for hote in self.hotes:
            if not _HOTE.fullmatch(hote):
                attendu = "des noms comme exemple.fr, sans port, séparés par des virgules"
                raise _refus("hotes", hote, attendu)
        if not _ADRESSE.fullmatch(self.adresse):
            raise _refus("adresse", self.adresse, "une adresse ou un nom, comme 127.0.0.1")
        if self.sources and not _SOURCES.fullmatch(self.sources):
            raise _refus("sources", self.sources, "une adresse qui commence par https://, ou rien")


_BORNES: dict[str, tuple[float, float]] = {
    "port": (0, 65_535),
    "processus": (1, 64),
    "fils": (1, 256),
    "delai": (0.1, 3_600),
    "attente": (0.1, 3_600),
    "octets": (1_000, 1_000_000_000),
    "medecins": (1, 1_000_000),
    "valeurs": (100, 100_000_000),
    "profondeur": (4, 100),
    "mandataires": (0, 10),
}


def lire_configuration(
    options: Mapping[str, str | None], environnement: Mapping[str, str] | None = None
) -> Configuration:
    """The settings, from options then from the environment.

    Args:
        options: texts by name of field; None = not given.
        environnement: variables; None = those of the process.

    Raises:
        ConfigurationInvalide: a value that is refused.
    """
    variables = os.environ if environnement is None else environnement
    textes = {champ.name: variables.get(PREFIXE + champ.name.upper()) for champ in CHAMPS}
    textes |= {nom: texte for nom, texte in options.items() if texte is not None}
    return Configuration(
        **{
            champ.name: _lire(champ, texte)
            for champ in CHAMPS
            if (texte := textes[champ.name]) is not None
        }
    )


CHAMPS = fields(Configuration)


def _lire(champ: Any, texte: str) -> Any:
    if isinstance(champ.default, tuple):
        return tuple(morceau.strip() for morceau in texte.split(",") if morceau.strip())
    if isinstance(champ.default, str):
        return texte.strip()
    genre = type(champ.default)
    try:
        return genre(texte.replace("_", "x").strip())  # Python would read "1_0" as 10
    except ValueError:
        minimum, maximum = _BORNES[champ.name]
        entier = " entier" if genre is int else ""
        attendu = f"un nombre{entier} de {minimum:g} à {maximum:g}"
        raise _refus(champ.name, texte, attendu) from None


def _refus(nom: str, valeur: Any, attendu: str) -> ConfigurationInvalide:
    return ConfigurationInvalide(
        f"--{nom} (ou {PREFIXE}{nom.upper()}) : reçu « {valeur} » ; attendu : {attendu}."
    )
