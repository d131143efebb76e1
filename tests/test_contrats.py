"""Which laws a report is made under, and how it reads what is not known."""

from pathlib import Path
from typing import Any

import pytest
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import contrats
from openfisca_assistant_medical.contrats import Calcul, lois
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
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
    monkeypatch.setattr(contrats, "trouver_reforme", _trouver(sur_l_aide_collective))
    sans, avec = lois(["aide_collective_2026", "essai"], comparer=True)
    assert sans[0]["id"] == "base"
    assert avec[0]["id"].startswith("convention_2024 + aide_collective_2026 + ")


def _trouver(classe: Any) -> Any:
    vraie = contrats.trouver_reforme
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
    monkeypatch.setattr(contrats, "trouver_reforme", _trouver(change_sa_base))
    (_, touchee), (_, convention) = (lois([nom], False)[0] for nom in ("essai", "convention_2024"))
    ((_, base),) = lois([], comparer=False)
    durees = [
        loi.parameters.contrat.duree.values_list[0].value for loi in (touchee, convention, base)
    ]
    assert durees == [1, 5, 5]


# --- The delay left for full times that an amendment adds -----------------------------------------


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


# --- What is not known ----------------------------------------------------------------------------


def test_ce_qui_n_est_pas_connu_se_lit_par_la_variable_et_non_par_son_nom() -> None:
    ((description, systeme),) = lois(["objectifs_estimes"], comparer=False)
    donnees = {
        "date_signature": {"ETERNITY": "2024-03-01"},
        "specialite": {"ETERNITY": "cardiologue"},
        "file_active_initiale": {"ETERNITY": 0},
    }
    calcul = Calcul(description, systeme, {"medecins": {"Camille": donnees}})
    for variable, periode in (
        ("patientele_mt_initiale", "ETERNITY"),
        ("patients_en_plus_retenus_pmt", "ETERNITY"),
        ("mediane_a_atteindre_pmt", "ETERNITY"),
        ("niveau_a_maintenir_pmt", 2026),
        ("depart_pmt_avenant", 2026),
        ("objectif_pmt", 2026),
        ("part_aide_decidee", 2026),
    ):
        assert calcul.lire(variable, periode, 0) is None, variable
    # Where 0 is a count, an amount or a share, it stays.
    for variable, periode in (
        ("file_active_initiale", "ETERNITY"),
        ("aide_due", 2030),
        ("taux_atteinte_pfa", 2026),
    ):
        assert calcul.lire(variable, periode, 0) == 0, variable
