"""Laws by their names, and those that a report compares."""

from pathlib import Path
from typing import Any

import pytest
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import lois as par_nom
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
from openfisca_assistant_medical.lois import ReformeInconnue, lois
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026

HAUSSE = """
titre: Délai d’un an
hypothese: true
sur: [convention_2024, aide_collective_2026]
valeurs:
  aide_collective.delai_des_etp_ajoutes:
    2026-02-25: {}
"""


def fichier(dossier: Path, annees: int) -> str:
    chemin = dossier / "delai.yaml"
    chemin.write_text(HAUSSE.replace("{}", str(annees)), "utf-8")
    return str(chemin)


# --- Laws -----------------------------------------------------------------------------------------


class sur_l_aide_collective(ReformeDeclarative):
    """A reform over one that itself lies over the convention."""

    name = "Essai"
    suppose = (aide_collective_2026,)


class change_sa_base(Reform):
    """A reform in Python that changes the law under it, as core lets it."""

    name = "Essai qui change sa base"

    def apply(self) -> None:
        self.baseline.parameters.contrat.duree.values_list[0].value = 1


def test_ce_qui_suppose_la_convention_de_loin_n_est_que_d_un_cote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(par_nom, "trouver_reforme", _trouver(sur_l_aide_collective))
    sans, avec = lois(["aide_collective_2026", "essai"], comparer=True)
    assert sans[0]["id"] == "base"
    assert avec[0]["id"].startswith("convention_2024 + aide_collective_2026 + ")


def _trouver(classe: Any) -> Any:
    vraie = par_nom.trouver_reforme
    return lambda nom: classe if nom == "essai" else vraie(nom)


def test_une_reforme_en_fichier_sur_l_aide_collective_n_est_que_d_un_cote(tmp_path: Path) -> None:
    sans, avec = lois(["aide_collective_2026", fichier(tmp_path, 1)], comparer=True)
    assert sans[0]["id"] == "base"
    assert "delai@" in avec[0]["id"]


def test_une_loi_ne_se_batit_qu_une_fois(tmp_path: Path) -> None:
    ((_, une),) = lois(["convention_2024"], comparer=False)
    assert lois(["convention_2024"], comparer=False)[0][1] is une
    assert lois([], comparer=True)[1][1] is une
    noms = ["convention_2024", "aide_collective_2026", fichier(tmp_path, 1)]
    avant = lois(noms, comparer=False)[0]
    assert lois(noms, comparer=False)[0][1] is avant[1]
    # The content tells a file, not its name.
    fichier(tmp_path, 3)
    apres = lois(noms, comparer=False)[0]
    assert apres[0]["id"] != avant[0]["id"]
    assert [lire_le_delai(loi) for _, loi in (avant, apres)] == [1, 3]


def lire_le_delai(loi: Any) -> int:
    (valeur,) = loi.parameters.aide_collective.delai_des_etp_ajoutes.values_list
    return int(valeur.value)


def test_une_reforme_qui_change_sa_base_ne_change_pas_celle_des_autres(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(par_nom, "trouver_reforme", _trouver(change_sa_base))
    (_, touchee), (_, convention) = (lois([nom], False)[0] for nom in ("essai", "convention_2024"))
    ((_, base),) = lois([], comparer=False)
    durees = [
        loi.parameters.contrat.duree.values_list[0].value for loi in (touchee, convention, base)
    ]
    assert durees == [1, 5, 5]


# --- The delay left for full times that an amendment adds -----------------------------------------


def test_un_delai_que_les_regles_ne_suivraient_pas_est_refuse(tmp_path: Path) -> None:
    noms = ["convention_2024", "aide_collective_2026"]
    with pytest.raises(ReformeInconnue, match=r"attendu : un nombre entier.* de 0 à 4"):
        lois([*noms, fichier(tmp_path, 5)], comparer=False)


@pytest.mark.parametrize(
    ("delai", "attendus"),
    [  # one full time at the signature, in 2026, two from 2027 on
        (0, [1, 2, 2, 2, 2]),
        (1, [1, 1, 2, 2, 2]),
        (2, [1, 1, 1, 2, 2]),
        (3, [1, 1, 1, 1, 2]),
        (4, [1, 1, 1, 1, 1]),
    ],
)
def test_le_delai_des_etp_ajoutes_est_un_chiffre_de_la_loi(
    tmp_path: Path, delai: int, attendus: list[int]
) -> None:
    noms = ["convention_2024", "aide_collective_2026", fichier(tmp_path, delai)]
    ((_, systeme),) = lois(noms, comparer=False)
    jour = {"ETERNITY": "2026-03-01"}
    membres = ["Alix", "Bo"]
    cabinet = {
        "membres": membres,
        "aide_collective_date_signature": jour,
        "aide_collective_etp_demandes": {"ETERNITY": 1},
        "aide_collective_etp_avenant": {str(annee): 2 for annee in range(2027, 2031)},
    }
    situation = {
        "medecins": {nom: {"aide_collective_date_adhesion": jour} for nom in membres},
        "cabinets": {"Tilleuls": cabinet},
    }
    simulation = SimulationBuilder().build_from_entities(systeme, situation)
    lus = [
        simulation.calculate("aide_collective_etp_avec_objectif", annee)[0]
        for annee in range(2026, 2031)
    ]
    assert lus == attendus
