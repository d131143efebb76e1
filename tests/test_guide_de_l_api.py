"""The examples of docs/api.md are answered as it says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from openfisca_assistant_medical.web import Configuration, creer

GUIDE = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
BLOCS = re.findall(r"```sh\n(.*?)```(?:\n\n```json\n(.*?)```)?", GUIDE, re.DOTALL)
COMMANDES = [
    (commande, reponse)
    for bloc, reponse in BLOCS
    for commande in re.findall(r"^curl .*?(?=^curl |\Z)", bloc, re.DOTALL | re.MULTILINE)
]


@pytest.fixture(scope="module")
def client() -> Any:
    return creer().test_client()


def envoyer(client: Any, commande: str) -> Any:
    """What a curl command of the guide is answered."""
    mots = iter(shlex.split(commande)[1:])
    adresse, entetes, corps = "", {}, None
    for mot in mots:
        if mot == "-H":
            nom, _, valeur = next(mots).partition(": ")
            entetes[nom] = valeur
        elif mot == "-d":
            corps = next(mots)
        elif mot != "-s":
            adresse = mot.replace("$API", "/api")
    return client.open(adresse, method="POST" if corps else "GET", headers=entetes, data=corps)


@pytest.mark.parametrize(("commande", "dite"), COMMANDES)
def test_chaque_commande_du_guide_donne_ce_qu_il_dit(client: Any, commande: str, dite: str) -> None:
    reponse = envoyer(client, commande)
    if dite:
        assert reponse.get_json() == json.loads(dite)
    else:
        assert reponse.status_code == 200, reponse.text


def test_le_guide_a_des_exemples_de_tout(client: Any) -> None:
    assert len(COMMANDES) >= 11
    assert sum(bool(dite) for _, dite in COMMANDES) >= 5


def test_le_guide_dit_les_limites() -> None:
    limites = Configuration()
    dites = f"{limites.medecins:,} doctors and {limites.octets // 10**6} MB a request"
    assert dites.replace(",", " ") in GUIDE


def test_la_comparaison_du_guide(client: Any) -> None:
    (commande,) = (commande for commande, _ in COMMANDES if "/comparer" in commande)
    (medecin,) = envoyer(client, commande).get_json()["medecins"]
    (annee,) = medecin["comparaison"]["annees"]
    assert (annee["base"], annee["convention_2024"]) == (27_000, 28_000)
