"""A population computed block after block, and columns that are refused."""

import tracemalloc
from typing import Any

import numpy
import pytest
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from benchmarks.medecins import colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.nomenclatures import OptionETP, Zone
from openfisca_assistant_medical.population import ColonneRefusee, calculer
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
ANNEES = range(2024, 2027)
SORTIES = ("eligible", "motif_ineligibilite", "aide_due", "date_versement_solde", "aide_versee")


def jours(*dates: str) -> numpy.ndarray:
    return numpy.array(dates, dtype="datetime64[D]")


@pytest.mark.long
def test_les_blocs_ne_changent_aucune_valeur() -> None:
    # Beyond a thousand doctors, values are let go after their last use.
    medecins = colonnes(2_500, ANNEES)
    entieres = calculer(CONVENTION, medecins, SORTIES, ANNEES, taille_du_bloc=2_500)
    for taille, taille_lue in ((1, 60), (99, 700), (999, 2_500), (2_499, 2_500), (10_000, 2_500)):
        lues = {cle: colonne[:taille_lue] for cle, colonne in medecins.items()}
        par_blocs = calculer(CONVENTION, lues, SORTIES, ANNEES, taille_du_bloc=taille)
        assert par_blocs.keys() == entieres.keys()
        for cle, valeurs in par_blocs.items():
            assert valeurs.dtype == entieres[cle].dtype
            assert numpy.array_equal(valeurs, entieres[cle][:taille_lue]), cle


class reforme_ordinaire(Reform):
    def apply(self) -> None:
        pass


@pytest.mark.parametrize("nombre", [300, 2_300])
@pytest.mark.parametrize("systeme", [BASE, CONVENTION, reforme_ordinaire(BASE)])
def test_une_population_est_une_simulation(systeme: Any, nombre: int) -> None:
    medecins = colonnes(nombre, ANNEES, graine=1)
    simulation = SimulationBuilder().build_default_simulation(systeme, nombre)
    for cle, valeurs in medecins.items():
        nom, periode = cle if isinstance(cle, tuple) else (cle, "ETERNITY")
        membres = getattr(systeme.variables[nom], "possible_values", None)
        simulation.set_input(nom, periode, EnumArray(valeurs, membres) if membres else valeurs)
    for (nom, periode), valeurs in calculer(
        systeme, medecins, SORTIES, ANNEES, taille_du_bloc=nombre // 2
    ).items():
        attendues = simulation.calculate(nom, "ETERNITY" if periode is None else periode)
        assert numpy.array_equal(valeurs, attendues), (nom, periode)


def test_chaque_sortie_a_sa_cle() -> None:
    lues = calculer(BASE, {"date_signature": jours("2023-09-10")}, SORTIES, [2025, 2024, 2024])
    assert {cle for cle in lues if cle[0] != "aide_versee"} == {
        ("eligible", None),
        ("motif_ineligibilite", None),
        *((nom, an) for nom in ("aide_due", "date_versement_solde") for an in (2024, 2025)),
    }
    mois = [periode for nom, periode in lues if nom == "aide_versee"]
    assert len(mois) == 24
    assert mois[0] == "2024-01"
    assert lues["motif_ineligibilite", None].decode_to_str().tolist() == ["aucun"]


def test_les_mois_font_l_annee() -> None:
    medecins = colonnes(400, ANNEES, graine=2)
    lues = calculer(CONVENTION, medecins, ("aide_versee", "depense_annuelle"), [2025])
    mois = sum(lues["aide_versee", f"2025-{rang:02}"] for rang in range(1, 13))
    assert numpy.allclose(mois, lues["depense_annuelle", 2025], rtol=0, atol=1e-6)
    assert lues["depense_annuelle", 2025].any()


def test_la_meme_table_se_donne_par_noms_codes_ou_membres() -> None:
    noms = numpy.array(["zip", "hors_zone", "zac"])
    codes = numpy.array([Zone[nom].index for nom in noms])
    signature = jours("2022-03-01", "2022-03-01", "2022-03-01")
    lues = [
        calculer(BASE, {"date_signature": signature, "zone": zone}, ["motif_ineligibilite"], [])
        for zone in (noms, noms.astype(object), codes, codes.astype("u1"), Zone.encode(noms))
    ]
    # Avenant 7: outside the zones, 1 ETP is not open to a practice of one (S002).
    for table in lues:
        assert table["motif_ineligibilite", None].decode_to_str().tolist() == [
            "aucun",
            "exercice_isole",
            "aucun",
        ]


def test_ce_qu_on_donne_n_est_pas_change() -> None:
    medecins = colonnes(200, ANNEES)
    avant = {cle: colonne.copy() for cle, colonne in medecins.items()}
    lues = calculer(CONVENTION, medecins, ["patientele_mt", "aide_due"], ANNEES)
    lues["patientele_mt", 2025][:] = -7
    assert all(numpy.array_equal(avant[cle], medecins[cle]) for cle in avant)


def test_on_suit_l_avancement() -> None:
    vus: list[tuple[int, int]] = []
    calculer(
        BASE,
        {"date_signature": jours(*["2023-09-10"] * 5)},
        ["aide_due"],
        [2024],
        taille_du_bloc=2,
        suivi=lambda faits, nombre: vus.append((faits, nombre)),
    )
    assert vus == [(2, 5), (4, 5), (5, 5)]


def test_une_table_vide_donne_des_colonnes_vides() -> None:
    lues = calculer(BASE, {"date_signature": jours()}, ["aide_due"], [2024])
    assert lues["aide_due", 2024].shape == (0,)


def test_la_memoire_est_celle_d_un_bloc() -> None:
    def pic(nombre: int) -> int:
        medecins = colonnes(nombre, [2025])
        calculer(CONVENTION, medecins, ["aide_due"], [2025], taille_du_bloc=4_000)
        tracemalloc.start()
        try:
            calculer(CONVENTION, medecins, ["aide_due"], [2025], taille_du_bloc=4_000)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # Eight times the doctors: the output and the codes of the inputs grow, some 40 bytes a doctor;
    # what is computed on the way, ten times as much, does not.
    assert pic(32_000) - pic(4_000) < 28_000 * 64
    assert pic(4_000) > 4_000 * 200


@pytest.mark.parametrize(
    ("cle", "valeurs", "message"),
    [
        ("patientel_mt_initiale", [1], "plus proche : « patientele_mt_initiale »"),
        ("aide_due", [1.0], "elle est calculée"),
        ("patientele_mt", [1200], "« patientele_mt », année"),
        (("specialite", 2024), [0], "sous la clé « specialite » seul"),
        ("patientele_mt_initiale", [1200.5], 'indice 0 : reçu "1200.5" ; attendu : un nombre'),
        ("patientele_mt_initiale", [2**31], "entre -2147483648 et 2147483647"),
        ("part_honoraires_cliniques", [numpy.nan], "un nombre fini"),
        ("part_honoraires_cliniques", ["0,8"], "un nombre fini"),
        ("rqth_ou_ald", [1], "booléen"),
        ("date_signature", ["2024-01-01"], "un jour"),
        ("date_signature", jours("NaT"), "9999-12-31"),
        ("zone", ["zip_"], "l’un de hors_zone, zac, zip"),
        ("zone", [3], "un code de 0 à 2"),
        ("zone", [-1], "un code de 0 à 2"),
        ("zone", EnumArray(numpy.array([0]), OptionETP), "l’un de hors_zone"),
        ("zone", [0.0], "l’un de hors_zone"),
        ("zone", [[0]], "en une dimension"),
        ("zone", 0, "en une dimension"),
    ],
)
def test_une_colonne_qui_ne_convient_pas_est_refusee(cle: Any, valeurs: Any, message: str) -> None:
    with pytest.raises(ColonneRefusee) as refus:
        calculer(BASE, {cle: valeurs}, ["aide_due"], [2024])
    assert message in str(refus.value)
    assert str(cle if isinstance(cle, str) else cle[0]) in str(refus.value)


def test_le_refus_nomme_la_ligne_et_l_annee() -> None:
    table = {("patientele_mt", 2025): numpy.array([1.0, 2.5])}
    with pytest.raises(ColonneRefusee, match="de 2025, indice 0"):
        calculer(BASE, table, ["aide_due"], [2025])
    with pytest.raises(ColonneRefusee, match='indice 2 : reçu "inf"'):
        calculer(BASE, {"quotite_secretaire": numpy.array([1, 1, numpy.inf])}, ["aide_due"], [2025])


def test_des_colonnes_de_longueurs_inegales_sont_refusees() -> None:
    table = {"date_signature": jours("2023-09-10"), ("file_active", 2025): [1, 2]}
    with pytest.raises(ColonneRefusee, match="1 lignes, mais 2 pour Colonne « file_active » de"):
        calculer(BASE, table, ["aide_due"], [2025])


def test_une_sortie_inconnue_est_refusee() -> None:
    with pytest.raises(ColonneRefusee, match=r"Sortie « aide_du ».*« aide_due »"):
        calculer(BASE, {"date_signature": jours("2023-09-10")}, ["aide_du"], [2024])
    with pytest.raises(ValueError, match="taille_du_bloc"):
        calculer(BASE, {}, ["aide_due"], [2024], taille_du_bloc=0)


# --- A law with contracts of practices ------------------------------------------------------------


def test_l_aide_collective_ne_change_rien_a_un_tableau_de_medecins() -> None:
    medecins, collective = colonnes(1_500, ANNEES), aide_collective_2026(CONVENTION)
    attendues = calculer(CONVENTION, medecins, SORTIES, ANNEES)
    obtenues = calculer(
        collective, medecins, [*SORTIES, "aide_collective_adherent"], ANNEES, taille_du_bloc=400
    )
    for cle, valeurs in attendues.items():
        assert numpy.array_equal(obtenues[cle], valeurs), cle
    assert not obtenues["aide_collective_adherent", 2026].any()


def test_ce_qui_est_d_un_cabinet_est_refuse_dans_un_tableau() -> None:
    collective = aide_collective_2026(CONVENTION)
    remede = "décrire le cabinet dans une situation"
    with pytest.raises(ColonneRefusee, match=f"Sortie « aide_collective_due ».*{remede}"):
        calculer(collective, {}, ["aide_collective_due"], ANNEES)
    colonne = {"aide_collective_date_signature": jours("2026-03-01")}
    with pytest.raises(ColonneRefusee, match=f"Colonne « aide_collective_date_sig.*{remede}"):
        calculer(collective, colonne, ["aide_due"], ANNEES)
