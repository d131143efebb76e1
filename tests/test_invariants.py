"""What holds of every contract, whatever the doctor: money, order, dates.

Doctors come from the generator of the independent reading; figures from the model alone.
"""

from datetime import date
from random import Random
from typing import Any

import numpy
import pytest
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.medecins_au_hasard import medecins
from tests.test_lecture_independante import calculer, situation

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
DEUX_LOIS = pytest.mark.parametrize("systeme", [BASE, CONVENTION], ids=["base", "convention_2024"])
ANNEES = range(2018, 2045)
COMPTE = 300

YEAR = sorted(
    nom
    for nom, variable in BASE.variables.items()
    if variable.formulas and variable.definition_period == "year"
)
ETERNITY = sorted(
    nom
    for nom, variable in BASE.variables.items()
    if variable.formulas and variable.definition_period == "eternity"
)
ARGENT = sorted(nom for nom, v in BASE.variables.items() if v.formulas and v.unit == "currency")


def termine(tire: dict[str, Any]) -> bool:
    """Whether the contract of a generated doctor ends well before the last year looked at."""
    signature = tire.get("date_signature", date(9999, 12, 31))
    resiliation = tire.get("date_resiliation", date(9999, 12, 31))
    return signature.year < 2030 and (signature < date(2024, 6, 21) or resiliation.year < 2040)


@DEUX_LOIS
def test_les_versements_d_un_contrat_fini_font_l_aide_due(systeme: Any) -> None:
    tirage = [t for t in medecins(11, COMPTE) if termine(t)]
    assert len(tirage) > COMPTE // 3
    valeurs = calculer(systeme, tirage)
    due = numpy.sum([valeurs("aide_due", str(an)) for an in ANNEES], axis=0)
    verse = numpy.sum([valeurs("depense_annuelle", str(an)) for an in ANNEES], axis=0)
    assert numpy.count_nonzero(due) > 50
    numpy.testing.assert_allclose(verse, due, atol=1e-6, rtol=0)


@DEUX_LOIS
def test_les_douze_mois_font_la_depense_de_l_annee(systeme: Any) -> None:
    valeurs = calculer(systeme, medecins(12, COMPTE))
    for an in range(2019, 2032):
        mois = numpy.sum([valeurs("aide_versee", f"{an}-{m:02}") for m in range(1, 13)], axis=0)
        numpy.testing.assert_allclose(mois, valeurs("depense_annuelle", str(an)), atol=1e-6, rtol=0)


@pytest.mark.long
def test_base_et_reforme_s_accordent_sur_les_annees_d_avant_la_convention() -> None:
    anciens = [
        t
        for t in medecins(13, 2 * COMPTE)
        if t.get("date_signature", date(9999, 12, 31)) < date(2024, 6, 22)
    ]
    assert len(anciens) > COMPTE
    base, convention = calculer(BASE, anciens), calculer(CONVENTION, anciens)
    for an in range(2018, 2027):
        debuts = base("date_anniversaire", str(an))
        avant = [debut < date(2024, 6, 22) for debut in debuts]
        for variable in set(YEAR) - {"depense_annuelle"}:
            paires = zip(base(variable, str(an)), convention(variable, str(an)), strict=True)
            assert [a for (a, b), v in zip(paires, avant, strict=True) if v and a != b] == []
    # A termination follows the law of its own time, and not that of the signature.
    for variable in set(ETERNITY) - {"date_fin_carence_eventuelle"}:
        assert base(variable, "ETERNITY") == convention(variable, "ETERNITY"), variable


@pytest.mark.long
@DEUX_LOIS
def test_un_medecin_seul_vaut_le_meme_parmi_d_autres(systeme: Any) -> None:
    tirage = medecins(14, 60)
    ensemble = calculer(systeme, tirage)
    for rang in range(0, 60, 6):
        seul = calculer(systeme, [tirage[rang]])
        for an in ("2022", "2024", "2026"):
            for variable in YEAR:
                assert seul(variable, an) == [ensemble(variable, an)[rang]], variable
        for variable in ETERNITY:
            assert seul(variable, "ETERNITY") == [ensemble(variable, "ETERNITY")[rang]], variable


@pytest.mark.long
@DEUX_LOIS
def test_l_ordre_des_medecins_ne_change_rien(systeme: Any) -> None:
    tirage = medecins(15, COMPTE)
    ordre = list(range(COMPTE))
    Random(0).shuffle(ordre)
    droit, melange = calculer(systeme, tirage), calculer(systeme, [tirage[i] for i in ordre])
    for variable in ("aide_due", "solde", "part_aide_versee", "depense_annuelle", "objectif_pmt"):
        for an in ("2023", "2025", "2027"):
            attendu = droit(variable, an)
            assert melange(variable, an) == [attendu[i] for i in ordre]


@DEUX_LOIS
def test_l_ordre_des_calculs_ne_change_rien(systeme: Any) -> None:
    demandes = [(v, str(an)) for v in YEAR for an in (2023, 2024, 2026)]
    demandes += [(v, "ETERNITY") for v in ETERNITY]
    premier = calculer(systeme, medecins(16, 100))
    attendus = {demande: premier(*demande) for demande in demandes}
    Random(1).shuffle(demandes)
    second = calculer(systeme, medecins(16, 100))
    for demande in demandes:
        assert second(*demande) == attendus[demande], demande


@pytest.mark.long
@DEUX_LOIS
def test_l_argent_est_un_nombre_entier_de_centimes(systeme: Any) -> None:
    valeurs = calculer(systeme, medecins(17, COMPTE))
    for variable in ARGENT:
        periodes = (
            ["2024-09"] if variable == "aide_versee" else [str(an) for an in range(2019, 2032)]
        )
        for periode in periodes:
            euros = numpy.array(valeurs(variable, periode))
            assert (euros == numpy.rint(euros * 100) / 100).all(), variable


@pytest.mark.long
@DEUX_LOIS
def test_bornes(systeme: Any) -> None:
    valeurs = calculer(systeme, medecins(18, COMPTE))
    for an in map(str, range(2018, 2036)):
        part, fraction = (
            numpy.array(valeurs(v, an)) for v in ("part_aide_versee", "fraction_annee_couverte")
        )
        maximum, due = (numpy.array(valeurs(v, an)) for v in ("aide_maximale", "aide_due"))
        perdue, ouvert = (numpy.array(valeurs(v, an)) for v in ("aide_perdue", "droit_ouvert"))
        assert ((part >= 0) & (part <= 1) & (fraction >= 0) & (fraction <= 1)).all()
        assert ((due >= 0) & (due <= maximum) & (perdue >= 0)).all()
        assert (maximum[~ouvert] == 0).all()
        assert (numpy.array(valeurs("recuperation", an)) >= 0).all()


@DEUX_LOIS
def test_ce_qui_n_est_pas_connu_est_favorable_et_signale(systeme: Any) -> None:
    valeurs = calculer(systeme, medecins(19, COMPTE))
    inconnues = 0
    for an in map(str, range(2021, 2030)):
        connue = numpy.array(valeurs("part_aide_connue", an))
        inconnues += int((~connue).sum())
        assert (numpy.array(valeurs("part_aide_versee", an))[~connue] == 1).all()
    assert inconnues > 100
    connue = numpy.array(valeurs("eligibilite_connue", "ETERNITY"))
    assert (~connue).any()
    assert numpy.array(valeurs("eligible", "ETERNITY"))[~connue].all()


def test_un_cabinet_de_deux_fait_un_exercice_regroupe() -> None:
    simulation = SimulationBuilder().build_from_entities(
        BASE,
        {
            "medecins": {nom: {"date_signature": {"ETERNITY": "2020-01-01"}} for nom in "abc"},
            "cabinets": {"un": {"membres": ["a", "b"]}, "deux": {"membres": ["c"]}},
        },
    )
    assert simulation.calculate("exercice_regroupe", "ETERNITY").tolist() == [True, True, False]


def test_les_tableaux_entrent_sans_etre_gardes() -> None:
    # A bulk entry: arrays and codes, no dictionary.
    n = 1000
    simulation = SimulationBuilder().build_default_simulation(CONVENTION, n)
    comptes = numpy.full(n, 1300)
    simulation.set_input("patientele_mt_initiale", "ETERNITY", comptes)
    simulation.set_input(
        "date_signature", "ETERNITY", numpy.full(n, "2024-07-01", dtype="datetime64[D]")
    )
    assert (simulation.calculate("aide_maximale", 2024) == 38000).all()
    assert isinstance(simulation.calculate("tranche_pmt", 2024), EnumArray)


def test_la_situation_des_tests_nomme_chaque_membre() -> None:
    donnees = situation([{"membres_du_cabinet": 3}, {}])
    assert donnees["cabinets"] == {
        "c0": {"membres": ["m0", "m0_1", "m0_2"]},
        "c1": {"membres": ["m1"]},
    }
