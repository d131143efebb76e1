"""How the service is set, by options of `assistant-medical servir` or by the environment.

Each field is an option (`--origine`, `--delai`…) and a variable (`ASSISTANT_MEDICAL_ORIGINES`,
`ASSISTANT_MEDICAL_DELAI`…); the option wins.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Configuration:
    """Settings of one service.

    Attributes:
        adresse, port: where it listens.
        processus: workers; each has the laws for itself.
        fils: threads of a worker.
        origines: sites that a browser lets read the API (CORS); "*" for all, none by default.
        delai: seconds after which a request is given up (503).
        octets: largest body of a request.
        medecins: most doctors in a request.
        profondeur: deepest JSON of a request.
        mandataires: proxies in front, whose X-Forwarded-* are believed.
        sources: address of the source code, shown on every page (AGPL, section 13).
    """

    adresse: str = "127.0.0.1"
    port: int = 5000
    processus: int = 2
    fils: int = 1
    origines: tuple[str, ...] = ()
    delai: float = 20.0
    octets: int = 5_000_000
    medecins: int = 5_000
    profondeur: int = 8
    mandataires: int = 0
    sources: str = ""
