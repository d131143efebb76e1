"""What openfisca-core misreads or hangs on, as bodies of requests, with the path of the fault."""

import json
from typing import Any


def medecin(**champs: Any) -> dict[str, Any]:
    """A doctor that the front door takes."""
    return {
        "date_signature": {"ETERNITY": "2024-09-10"},
        "specialite": {"ETERNITY": "generaliste"},
        "secteur_conventionnel": {"ETERNITY": "secteur_1"},
        **champs,
    }


def _un(**champs: Any) -> dict[str, Any]:
    return {"medecins": {"A": medecin(**champs)}}


def _brut(champ: str) -> bytes:
    """A body that plain JSON cannot say."""
    return json.dumps(_un(patientele_mt={"2024": "ICI"})).replace('"ICI"', champ).encode()


_PMT = "medecins/A/patientele_mt"
PIEGES: dict[str, tuple[Any, str]] = {
    # Numeric strings go to numexpr.
    "calcul en texte": (_un(patientele_mt={"2024": "9**9**9"}), f"{_PMT}/2024"),
    "nombre en texte": (_un(patientele_mt={"2024": "1200"}), f"{_PMT}/2024"),
    # 500 of stock.
    "mauvaise période": (_un(patientele_mt={"bientôt": 1200}), f"{_PMT}/bientôt"),
    "liste pour un nombre": (_un(patientele_mt={"2024": [1, 2]}), f"{_PMT}/2024"),
    "un million d’années": (
        _un(patientele_mt={"year:2017:1000000": 1}),
        f"{_PMT}/year:2017:1000000",
    ),
    "barre dans un nom": ({"medecins": {"A/B": medecin()}}, "medecins"),
    "axes": ({**_un(), "axes": [[{"name": "patientele_mt", "count": 10**9}]]}, "axes"),
    "cabinet vide": ({**_un(), "cabinets": {"c": {"membres": []}}}, "cabinets/c/membres"),
    # Accepted by stock.
    "faux en texte": (
        _un(rqth_ou_ald={"ETERNITY": "false"}),
        "medecins/A/rqth_ou_ald/ETERNITY",
    ),
    "membre d’énumération en nombre": (
        _un(specialite={"ETERNITY": 1.7}),
        "medecins/A/specialite/ETERNITY",
    ),
    "membre inconnu": (
        _un(specialite={"ETERNITY": "sorcier"}),
        "medecins/A/specialite/ETERNITY",
    ),
    "date vide": (_un(date_naissance={"ETERNITY": ""}), "medecins/A/date_naissance/ETERNITY"),
    "mois pour un jour": (
        _un(date_naissance={"ETERNITY": "1970-02"}),
        "medecins/A/date_naissance/ETERNITY",
    ),
    "jour qui n’existe pas": (
        _un(date_naissance={"ETERNITY": "1970-02-30"}),
        "medecins/A/date_naissance/ETERNITY",
    ),
    "après 9999": (
        _un(date_naissance={"ETERNITY": "10000-01-01"}),
        "medecins/A/date_naissance/ETERNITY",
    ),
    "décimale pour un entier": (_un(patientele_mt={"2024": 1.9}), f"{_PMT}/2024"),
    "NaN": (_brut("NaN"), f"{_PMT}/2024"),
    "Infinity": (_brut("-Infinity"), f"{_PMT}/2024"),
    "1e400": (_brut("1e400"), f"{_PMT}/2024"),
    "entier de 32 bits dépassé": (_un(patientele_mt={"2024": 2**31}), f"{_PMT}/2024"),
    "entier démesuré": (_brut("9" * 4_000), f"{_PMT}/2024"),
    "clé deux fois": (_brut('1, "2024": 2'), f"{_PMT}/2024"),
    # Stored apart, or losing a part.
    "période glissante": (
        _un(patientele_mt={"year:2024-06-22": 1}),
        f"{_PMT}/year:2024-06-22",
    ),
    "année au mois": (_un(patientele_mt={"year:2024-03": 1}), f"{_PMT}/year:2024-03"),
    "année à ETERNITY": (_un(patientele_mt={"ETERNITY": 1}), f"{_PMT}/ETERNITY"),
    "deux valeurs d’une période": (
        _un(patientele_mt={"2025": 1, "year:2025": 2}),
        f"{_PMT}/2025",
    ),
    "sans période": (_un(patientele_mt=1200), _PMT),
    # Gives every other doctor its default.
    "variable calculée": (_un(aide_due={"2024": 5}), "medecins/A/aide_due/2024"),
    "variable inconnue": (_un(aide_dut={"2024": None}), "medecins/A/aide_dut"),
    "nom vide": ({"medecins": {"": medecin()}}, "medecins"),
    "aucun médecin": ({"medecins": {}}, "medecins"),
    "un texte pour un médecin": ({"medecins": {"A": "Camille"}}, "medecins/A"),
    "un inconnu au cabinet": (
        {**_un(), "cabinets": {"c": {"membres": ["B"]}}},
        "cabinets/c/membres",
    ),
    "deux fois au cabinet": (
        {**_un(), "cabinets": {"c": {"membres": ["A", "A"]}}},
        "cabinets/c/membres",
    ),
    "trop imbriqué": (b'{"a":' * 50 + b"1" + b"}" * 50, ""),
    "imbriqué sans fin": (b"[" * 200_000, ""),
    "clé deux fois au fond": (b'{"a":' * 900 + b'{"b": 1, "b": 2}' + b"}" * 900, ""),
    "pas d’UTF-8": (b'{"medecins": "\xff"}', ""),
    "JSON coupé": (b'{"medecins": {', ""),
    "rien": (b"", ""),
    "un nombre seul": (b"3", "situation"),
    "nul": (b"null", "situation"),
}
