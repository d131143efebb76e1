"""The service under requests drawn from its own OpenAPI document, right ones and wrong ones.

`EXEMPLES=500 pytest -m long tests/test_service_schemathesis.py` draws more of them.
"""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from openfisca_assistant_medical.web import Configuration, creer
from openfisca_assistant_medical.web.openapi.document import document

EXEMPLES = int(os.environ.get("EXEMPLES", "10"))
# Of a body that fits the document, the front door refuses only what several fields contradict, or a
# name, a period, a doctor that the rest of the body has not.
CONTRADICTIONS = (
    "celle de la signature",
    "celui de la signature",
    "avant la signature",
    "car ",
    "une seule valeur par période",
    "le nombre de blocs du certificat",
    "aucune date, ou secretaire_devenu_assistant",
    "aussi date_resiliation_contrat_precedent",
    "celui de l’inscription",
    "une tranche comprise dans",
    "suit option_etp_initiale",
    "information obligatoire",
    "un médecin de",
    "chaque médecin dans un seul cabinet",
    "un nom de 1 à 100 caractères",
    "une seule période",
    "années au plus",
    "données ou demandées",
)


LOIS = ("/api", "/api/reglement-arbitral-2023")
NOMMEES = [f"GET {loi}/{nom}" for loi in LOIS for nom in ("parameter/{chemin}", "variable/{nom}")]
ENVOIS = [f"POST {loi}/{nom}" for loi in LOIS for nom in ("calculate", "trace", "expliquer")]
ENVOIS.append("POST /api/comparer")


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """Every operation of the document, by method and address."""
    document(Configuration())  # made outside of the time of a request
    patient = creer(Configuration(delai=3_600))  # a slow machine is no fault
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", patient)
    return {trouvee.ok().label: trouvee.ok() for trouvee in schema.get_all_operations()}


def essayer(operation: Any, mode: GenerationMode, verifier: Any) -> int:
    """Draw requests, send them, check the answers; gives how many were sent."""
    envoyees = 0

    @settings(
        max_examples=EXEMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cas=operation.as_strategy(generation_mode=mode))
    def tirer(cas: Any) -> None:
        nonlocal envoyees
        reponse = cas.call()
        cas.validate_response(reponse, excluded_checks=[positive_data_acceptance])
        verifier(reponse)
        envoyees += 1

    tirer()
    return envoyees


def selon_le_document(reponse: Any) -> None:
    """A right request is answered, or contradicts itself."""
    assert reponse.status_code in (200, 400)
    for erreur in reponse.json()["erreurs"] if reponse.status_code == 400 else ():
        assert any(mot in erreur["attendu"] for mot in CONTRADICTIONS), erreur


def refusee(reponse: Any) -> None:
    """A wrong request is refused, and told where."""
    assert 400 <= reponse.status_code < 500
    assert reponse.json()["erreurs"]


@pytest.mark.long
def test_chaque_lecture_sans_argument(operations: dict[str, Any]) -> None:
    simples = [nom for nom in operations if nom not in (*NOMMEES, *ENVOIS)]
    assert len(simples) == len(operations) - len(NOMMEES) - len(ENVOIS) == 14
    for nom in simples:
        assert essayer(operations[nom], GenerationMode.POSITIVE, selon_le_document)


@pytest.mark.long
@pytest.mark.parametrize("nom", [*NOMMEES, *ENVOIS])
def test_une_requete_selon_le_document_a_une_reponse_selon_lui(
    operations: dict[str, Any], nom: str
) -> None:
    assert essayer(operations[nom], GenerationMode.POSITIVE, selon_le_document) == EXEMPLES


@pytest.mark.long
@pytest.mark.parametrize("nom", [*NOMMEES, *ENVOIS])
def test_une_requete_contre_le_document_est_refusee_selon_lui(
    operations: dict[str, Any], nom: str
) -> None:
    assert essayer(operations[nom], GenerationMode.NEGATIVE, refusee) == EXEMPLES
