"""Every result is told by an arithmetic that gives it again (s003 as far as it is modelled)."""

import json
from typing import Any

from hypothesis import strategies as st

from openfisca_assistant_medical.tracabilite.explication import Explicable
from openfisca_assistant_medical.tracabilite.explication.recit import Recit
from tests.proprietes.calcul import LOIS, Resultats, colonnes, construire
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import Medecin, annees, lois, medecins
from tests.rejeu import feuille, rejouer

DEMANDES = (
    "depense_annuelle",
    "aide_due",
    "solde",
    "aide_maximale_plancher",
    "part_aide_connue",
    "date_nouvel_objectif",
)


def rejouee(etape: dict[str, Any]) -> bool:
    """Whether the arithmetic of a step, as written, gives its value."""
    obtenu, annonce = rejouer(etape["calcul"]), feuille(etape["valeur"])
    if isinstance(annonce, bool | str) or not isinstance(etape["valeur"], int | float):
        return bool(obtenu == annonce)
    return bool(abs(obtenu - annonce) < 1e-9)


def decisives(noeud: Any) -> list[dict[str, Any]]:
    """Leaves that a value hangs on: those of a branch that changes nothing are said to be so."""
    if isinstance(noeud, list):
        return [feuille for element in noeud for feuille in decisives(element)]
    if not isinstance(noeud, dict) or "indifferent" in noeud:
        return []
    sous = [feuille for element in noeud.values() for feuille in decisives(element)]
    return [noeud, *sous] if noeud.get("genre") == "variable" else sous


@propriete(
    "s003_iii_2_solde",
    "s003_ill_5_1_prorata",
    "s003_ill_2_base",
    "s000_modulation",
    exemples=6,
    loi=lois,
    medecin=medecins(),
    variable=st.sampled_from(DEMANDES),
    annee=annees,
)
def test_l_explication_se_rejoue_depuis_son_seul_json(
    loi: str, medecin: Medecin, variable: str, annee: int
) -> None:
    """Written and read again, each step gives its value, down to what the doctor gave.

    A value that a step reads is that of another step, or an input: nothing comes from nowhere.
    """
    simulation = construire(LOIS[loi], colonnes(LOIS[loi], [medecin]))
    calcul = Explicable(simulation)
    recit = Recit(calcul, 0)
    cle = calcul.cle(variable, annee)
    recit.suivre(cle)
    etapes = json.loads(json.dumps(recit.etapes))
    valeurs: dict[Any, Any] = {
        (etape["variable"], etape["periode"]): etape["valeur"] for etape in etapes
    }
    assert valeurs[cle] == calcul.valeur(cle, 0)
    seul = Resultats(loi, [medecin])
    assert str(valeurs[cle]) == str(seul(variable, annee)[0])
    for etape in etapes:
        ou = etape["variable"], etape["periode"]
        assert etape["calcul"] is not None, ou
        assert rejouee(etape), ou
        for lue in decisives(etape["calcul"]):
            if LOIS[loi].variables[lue["variable"]].formulas:
                assert lue["valeur"] == valeurs[lue["variable"], lue["periode"]], ou
