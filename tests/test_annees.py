"""The years that may be asked for."""

from typing import Any

import numpy
import pytest

from openfisca_assistant_medical.annees import (
    AnneeRefusee,
    est_une_annee,
    premieres_annees,
    verifier_les_annees,
)
from openfisca_assistant_medical.calendrier import calendrier
from openfisca_assistant_medical.contrats import etablir


@pytest.mark.parametrize("annee", [1900, 2024, 9997, numpy.int32(2024)])
def test_une_annee(annee: Any) -> None:
    assert est_une_annee(annee)


@pytest.mark.parametrize("autre", [1899, 9998, -1, True, 2024.0, "2024", None, numpy.int16(1)])
def test_autre_chose(autre: Any) -> None:
    assert not est_une_annee(autre)


def test_des_annees_dans_le_desordre() -> None:
    assert verifier_les_annees([2025, numpy.int64(2024), 2025]) == [2024, 2025]
    assert verifier_les_annees(range(0)) == []


@pytest.mark.parametrize(
    "demander", [lambda s, a: etablir(s, [], False, a), lambda s, a: calendrier(s, [], a)]
)
@pytest.mark.parametrize("annees", [range(1899, 1901), range(9997, 9999), [2024.0], ["x" * 9_999]])
def test_une_annee_hors_du_calendrier_est_refusee(demander: Any, annees: Any) -> None:
    with pytest.raises(AnneeRefusee, match="attendu : des années de 1900 à 9997") as refus:
        demander({"medecins": {"m": {"date_signature": "2024-01-01"}}}, annees)
    assert len(str(refus.value)) < 200


def test_les_premieres_s_arretent_avec_le_calendrier() -> None:
    assert premieres_annees(2024) == range(2024, 2034)
    assert premieres_annees(9990) == range(9990, 9998)
    assert premieres_annees(9998) == range(9997, 9998)
