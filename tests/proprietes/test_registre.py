"""Each property names provisions that exist, holds on many more draws, and can fail."""

import pytest

from openfisca_assistant_medical.textes import dispositions
from tests.proprietes.fautes import FAUTES
from tests.proprietes.registre import proprietes

PROPRIETES = {propriete.nom.split("::test_")[1]: propriete for propriete in proprietes()}
BEAUCOUP = 40


def test_chaque_propriete_nomme_des_dispositions_du_registre() -> None:
    assert len(PROPRIETES) == len(list(proprietes()))
    for nom, propriete in PROPRIETES.items():
        assert propriete.dispositions, nom
        assert set(propriete.dispositions) <= set(dispositions()), nom
        hors_champ = [d for d in propriete.dispositions if dispositions()[d].statut == "hors_champ"]
        assert hors_champ == [], nom


def test_chaque_propriete_a_sa_faute() -> None:
    assert set(FAUTES) == set(PROPRIETES)


@pytest.mark.long
@pytest.mark.parametrize("nom", PROPRIETES)
def test_chaque_propriete_tient_sur_beaucoup_de_tirages(nom: str) -> None:
    PROPRIETES[nom].essayer(BEAUCOUP)


@pytest.mark.long
@pytest.mark.parametrize("nom", FAUTES)
def test_une_faute_plantee_dans_la_loi_casse_la_propriete(
    nom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAUTES[nom](monkeypatch)
    with pytest.raises((AssertionError, ExceptionGroup)):
        PROPRIETES[nom].essayer(BEAUCOUP)
