"""What a variable of the model refuses, and what it says of itself."""

from datetime import date
from typing import Any

import pytest
from openfisca_core.entities import Entity
from openfisca_core.errors import PeriodMismatchError
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import SaisieRefusee, Variable, inconnue
from openfisca_assistant_medical.entities import Cabinet, Medecin
from openfisca_assistant_medical.nomenclatures import Zone


def faire(entite: Entity = Medecin, **champs: Any) -> Any:
    """A variable of one's own."""
    attributs = {
        "value_type": int,
        "entity": entite,
        "definition_period": DateUnit.YEAR,
        "label": "Essai",
    }
    return type("essai", (Variable,), {**attributs, **champs})()


def regle(population: Any, period: Any) -> Any:
    return population.filled_array(1)


@pytest.mark.parametrize(
    ("champs", "attendue"),
    [
        ({"unit": "patient"}, 0),
        ({"unit": "".join(["pati", "ent"])}, 0),
        ({"unit": "patient", "default_value": -1}, -1),
        ({"unit": "rang", "default_value": -1}, -1),
        ({"unit": "currency", "default_value": -1, "value_type": float}, -1),
        # What is not negative is a value, but for patients.
        ({"unit": "rang"}, None),
        ({"unit": "currency", "value_type": float}, None),
        ({"unit": "/1", "value_type": float, "default_value": 1}, None),
        ({"unit": "bloc"}, None),
        ({"value_type": bool}, None),
        ({"value_type": date, "default_value": date(1970, 1, 1)}, None),
        ({"value_type": Enum, "possible_values": Zone, "default_value": Zone.zip}, None),
    ],
)
def test_un_nombre_dit_par_son_defaut_qu_il_n_est_pas_connu(
    champs: dict[str, Any], attendue: int | None
) -> None:
    assert inconnue(faire(**champs)) == attendue
    assert (inconnue(faire(**champs)) is None) == (attendue is None)


@pytest.mark.parametrize(("entite", "autres"), [(Medecin, "médecins"), (Cabinet, "cabinets")])
def test_une_saisie_calculee_est_refusee_pour_les_autres(entite: Any, autres: str) -> None:
    systeme = CountryTaxBenefitSystem()
    systeme.add_variable(type(faire(entite, formula=regle)))
    simulation = SimulationBuilder().build_default_simulation(systeme, 1)
    with pytest.raises(SaisieRefusee, match=f"les autres {autres} de la même demande"):
        simulation.set_input("essai", 2025, [1])


@pytest.mark.parametrize("periode", ["month:2025-01:3", "2025-01", "day:2025-01-01:90"])
def test_une_saisie_annuelle_n_est_pas_celle_d_un_trimestre(periode: str) -> None:
    systeme = CountryTaxBenefitSystem()
    systeme.add_variable(type(faire()))
    simulation = SimulationBuilder().build_default_simulation(systeme, 1)
    with pytest.raises(PeriodMismatchError):
        simulation.set_input("essai", periode, [1])
    simulation.set_input("essai", "year:2025:2", [1])
    assert [simulation.calculate("essai", an).tolist() for an in (2025, 2026, 2027)] == [
        [1],
        [1],
        [0],
    ]


def test_les_references_ecrites_puis_celles_du_registre() -> None:
    assert faire().reference is None
    deux = faire()
    deux.registre = lambda: ["b", "c"]
    assert deux.reference == ["b", "c"]
    deux.reference = ["https://a.example"]
    assert deux.reference == ["https://a.example", "b", "c"]
    deux.registre = None
    assert deux.reference == ["https://a.example"]


@pytest.mark.parametrize("annee", ["2025", period("2025"), 2025, None])
def test_une_formule_vaut_pour_une_annee_civile(annee: Any) -> None:
    assert faire(formula=regle).get_formula(annee).__name__ == "regle"
    assert faire(formula=regle, definition_period=DateUnit.ETERNITY).get_formula(annee)


@pytest.mark.parametrize("glissante", ["year:2024-07", period("year:2024-07"), "year:2024-01-02"])
def test_une_annee_qui_ne_commence_pas_en_janvier_est_refusee(glissante: Any) -> None:
    with pytest.raises(SaisieRefusee, match="« 2024 », l’année de contrat"):
        faire(formula=regle).get_formula(glissante)
    # A rule of all times has no year.
    assert faire(formula=regle, definition_period=DateUnit.ETERNITY).get_formula(glissante)


def test_une_formule_datee_est_laissee_a_core() -> None:
    datee = faire(formula_2024_06_22=regle)
    assert datee.formule is None
    assert datee.get_formula(period(2025)).__name__ == "regle"
    assert datee.get_formula(period(2023)) is None
    assert not datee.s_applique(period(2025))
    # One of all times may be dated too: today's is the one that counts.
    permanente = faire(formula_2024_06_22=regle, definition_period=DateUnit.ETERNITY)
    assert permanente.get_formula(period(2023)).__name__ == "regle"


def test_ce_qu_une_periode_appelle() -> None:
    annuelle, mensuelle = faire(formula=regle), faire(definition_period=DateUnit.MONTH)
    eternelle = faire(formula=regle, definition_period=DateUnit.ETERNITY)
    assert annuelle.s_applique(period("2025"))
    assert mensuelle.s_applique(period("2025-03"))
    assert eternelle.s_applique(Period.eternity())
    for variable, autre in (
        (annuelle, "year:2025:2"),
        (annuelle, "year:2024-07"),
        (annuelle, "2025-03"),
        (mensuelle, "month:2025-03:2"),
        (mensuelle, "2025"),
        (eternelle, "2025"),
    ):
        assert not variable.s_applique(period(autre)), autre
    assert not annuelle.s_applique("2025")
    # A formula that asks for parameters as core gives them goes through core.
    avec_parametres = faire(formula=lambda population, period, parameters: None)
    assert not avec_parametres.s_applique(period("2025"))
