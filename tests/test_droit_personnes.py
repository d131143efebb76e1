"""How a formula asks for another variable: at once, and as openfisca-core would."""

from typing import Any

import numpy
import pytest
from openfisca_core.errors import CycleError, VariableNotFoundError
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, period
from openfisca_core.populations import ADD, Population
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from benchmarks.medecins import colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import SaisieRefusee, Variable
from openfisca_assistant_medical.droit.personnes import Personnes
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import Zone
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
COLLECTIVE = aide_collective_2026(CONVENTION)
ANNEES = range(2023, 2026)


def simuler(systeme: Any, nombre: int = 40) -> Any:
    simulation = SimulationBuilder().build_default_simulation(systeme, nombre)
    for cle, valeurs in colonnes(nombre, ANNEES).items():
        nom, periode = cle if isinstance(cle, tuple) else (cle, "ETERNITY")
        membres = getattr(systeme.variables[nom], "possible_values", None)
        simulation.set_input(nom, periode, EnumArray(valeurs, membres) if membres else valeurs)
    return simulation


def calculees(simulation: Any) -> dict[tuple[str, str], Any]:
    """Every computed variable, at a year, a month or for ever."""
    periodes = {DateUnit.ETERNITY: "ETERNITY", DateUnit.YEAR: "2025", DateUnit.MONTH: "2025-03"}
    systeme = simulation.tax_benefit_system
    return {
        (nom, p): simulation.calculate(nom, p)
        for nom, variable in systeme.variables.items()
        if variable.formulas and (p := periodes[variable.definition_period])
    }


@pytest.mark.parametrize("systeme", [BASE, CONVENTION, COLLECTIVE])
def test_les_valeurs_sont_celles_de_core(systeme: Any) -> None:
    rapide, temoin = simuler(systeme), simuler(systeme)
    assert type(rapide.persons) is Personnes
    # The same simulation, whose formulas ask through core.
    temoin.persons.__class__ = Population
    attendues = calculees(temoin)
    assert len(attendues) > 90
    for cle, valeurs in calculees(rapide).items():
        assert numpy.array_equal(valeurs, attendues[cle]), cle
        assert valeurs.dtype == attendues[cle].dtype


def test_une_valeur_ne_passe_par_core_qu_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(*_: Any) -> Any:
        raise AssertionError("A formula asked through core.")

    simulation = simuler(CONVENTION)
    monkeypatch.setattr(Population, "__call__", refuser)
    # Core computes it, and is being asked for it while its formula asks for all the others.
    assert simulation.calculate("aide_due", 2025).any()


def test_les_codes_d_un_enum_en_deviennent_les_membres() -> None:
    systeme = CountryTaxBenefitSystem()
    attributs = {
        "value_type": Enum,
        "possible_values": Zone,
        "default_value": Zone.zip,
        "entity": Medecin,
        "definition_period": DateUnit.YEAR,
        "label": "zone",
    }
    zacs = numpy.full(40, Zone.zac.index, dtype=Zone.indices.dtype)
    for nom, donnees in (("codee", zacs), ("ecrite", numpy.full(40, "zac"))):
        formule = {"formula": _donner(donnees)}
        systeme.add_variable(type(nom, (Variable,), attributs | formule))
        valeurs = simuler(systeme).persons(nom, period(2025))
        assert isinstance(valeurs, EnumArray)
        assert valeurs.decode_to_str().tolist() == ["zac"] * 40


def _donner(valeurs: Any) -> Any:
    return lambda medecins, period: valeurs


def test_une_reforme_ordinaire_donne_les_memes_valeurs() -> None:
    class sans_rien(Reform):
        def apply(self) -> None:
            pass

    ordinaire = simuler(sans_rien(BASE))
    assert type(ordinaire.persons) is Population
    attendues = simuler(BASE).calculate("aide_due", 2025)
    assert numpy.array_equal(ordinaire.calculate("aide_due", 2025), attendues)


def test_la_trace_voit_chaque_demande() -> None:
    simulation = simuler(CONVENTION)
    attendues = simulation.calculate("aide_due", 2025)
    tracee = simuler(CONVENTION)
    tracee.trace = True
    assert numpy.array_equal(tracee.calculate("aide_due", 2025), attendues)
    vues = {cle.split("<")[0] for cle in tracee.tracer.get_flat_trace()}
    assert {"aide_due", "aide_maximale", "date_signature", "texte_signature"} <= vues


def ajouter(systeme: Any, nom: str, formule: Any) -> None:
    attributs = {
        "value_type": float,
        "entity": Medecin,
        "definition_period": DateUnit.YEAR,
        "label": nom,
        "formula": formule,
    }
    systeme.add_variable(type(nom, (Variable,), attributs))


def test_une_definition_circulaire_est_dite() -> None:
    systeme = CountryTaxBenefitSystem()
    ajouter(systeme, "poule", lambda medecins, period: medecins("oeuf", period))
    ajouter(systeme, "oeuf", lambda medecins, period: medecins("poule", period))
    with pytest.raises(CycleError, match="poule@2025"):
        simuler(systeme).calculate("poule", 2025)
    demandee = "".join(["pou", "le"])  # another object of the same name
    with pytest.raises(CycleError, match="poule@2025"):
        simuler(systeme).calculate(demandee, 2025)


def test_une_spirale_s_arrete_comme_dans_core() -> None:
    systeme = CountryTaxBenefitSystem()
    ajouter(systeme, "un_de_plus", lambda m, p: m("un_de_plus", p.last_year) + 1)
    rapide, temoin = simuler(systeme), simuler(systeme)
    temoin.persons.__class__ = Population
    valeurs = rapide.calculate("un_de_plus", 2025)
    assert numpy.array_equal(valeurs, temoin.calculate("un_de_plus", 2025))


def test_une_variable_neutralisee_vaut_son_defaut() -> None:
    systeme = CountryTaxBenefitSystem()
    systeme.neutralize_variable("fraction_annee_couverte")
    simulation = simuler(systeme)
    assert simulation.persons("fraction_annee_couverte", period(2025)).tolist() == [1.0] * 40


def test_une_periode_qui_ne_convient_pas_est_refusee() -> None:
    medecins = simuler(BASE).persons
    with pytest.raises(ValueError, match="must be computed for a whole year"):
        medecins("aide_due", period("2025-03"))
    with pytest.raises(ValueError, match="must be computed for a whole month"):
        medecins("aide_versee", period("2025"))
    with pytest.raises(SaisieRefusee, match="ne commence pas le 1er janvier"):
        medecins("aide_due", period("year:2025-07"))
    with pytest.raises(VariableNotFoundError):
        medecins("aide_du", period("2025"))


def test_les_mois_s_additionnent_par_l_option_de_core() -> None:
    medecins = simuler(BASE).persons
    somme = medecins("aide_versee", period("2025"), options=[ADD])
    assert numpy.allclose(somme, medecins("depense_annuelle", period("2025")), rtol=0, atol=1e-6)


def test_ce_qu_on_rend_se_recalcule() -> None:
    compte = simuler(CONVENTION, 1)
    demandes = compte.persons.compter()
    annees = [period(2024), period(2025)]
    for annee in annees:
        compte.persons("depense_annuelle", annee)
    assert demandes["acompte", period(2024)] > 1  # by the balance, and by two years of cash
    simulation = simuler(CONVENTION)
    simulation.persons.rendre(demandes)
    attendues = simuler(CONVENTION)
    for annee in annees:
        valeurs = simulation.persons("depense_annuelle", annee)
        assert numpy.array_equal(valeurs, attendues.calculate("depense_annuelle", annee))
    # What was asked for the last time is gone, inputs stay, and what is asked again comes back.
    restantes = [
        nom
        for nom, holder in simulation.persons._holders.items()
        if holder.variable.formulas and holder.get_known_periods()
    ]
    assert restantes == []
    assert simulation.get_array("patientele_mt", "2024") is not None
    assert numpy.array_equal(
        simulation.calculate("aide_due", 2024), attendues.calculate("aide_due", 2024)
    )


def test_un_clone_vit_sa_vie() -> None:
    simulation = simuler(CONVENTION)
    attendues = simulation.calculate("aide_due", 2025)
    clone = simulation.clone()
    assert type(clone.persons) is Personnes
    assert clone.persons.simulation is clone
    assert numpy.array_equal(clone.calculate("aide_due", 2025), attendues)
