"""The years that may be asked for."""

from typing import Any

import numpy
import pytest

from openfisca_assistant_medical.annees import est_une_annee, premieres_annees


@pytest.mark.parametrize("annee", [1900, 2024, 9997, numpy.int32(2024)])
def test_une_annee(annee: Any) -> None:
    assert est_une_annee(annee)


@pytest.mark.parametrize("autre", [1899, 9998, -1, True, 2024.0, "2024", None, numpy.int16(1)])
def test_autre_chose(autre: Any) -> None:
    assert not est_une_annee(autre)


def test_les_premieres_s_arretent_avec_le_calendrier() -> None:
    assert premieres_annees(2024) == range(2024, 2034)
    assert premieres_annees(9990) == range(9990, 9998)
    assert premieres_annees(9998) == range(9997, 9998)
