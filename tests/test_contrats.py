"""How a report reads what is not known."""

from openfisca_assistant_medical.contrats import Calcul
from openfisca_assistant_medical.lois import lois


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
