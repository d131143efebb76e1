"""The loader of declarative reforms, the convention, and the other readings."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit.reforme import (
    ReformeDeclarative,
    ReformeInvalide,
    decaler,
    superposer,
)
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

BASE = CountryTaxBenefitSystem()
RACINE = "openfisca_assistant_medical.reforms"
CHEMIN = f"{RACINE}.convention_2024.convention_2024"
REFERENCE = 'reference: {"2025-01-01": [{source: ESSAI, title: Essai}]}'


def empreinte(systeme: Any) -> dict[str, list[tuple[str, Any]]]:
    return {
        feuille.name: [(v.instant_str, v.value) for v in feuille.values_list]
        for feuille in systeme.parameters.get_descendants()
        if isinstance(feuille, Parameter)
    }


def reforme_du_dossier(tmp_path: Path, **fichiers: str) -> Any:
    for nom, contenu in fichiers.items():
        chemin = tmp_path / f"{nom.replace('__', '/')}.yaml"
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(contenu, "utf-8")
    return type("essai", (ReformeDeclarative,), {"dossier": tmp_path})


def aide(systeme: Any, annee: int, variable: str = "aide_maximale", **entrees: Any) -> float:
    donnees = {"date_signature": "2024-07-01", "patientele_mt_initiale": 1300} | entrees
    medecin = {nom: {"ETERNITY": v} for nom, v in donnees.items()}
    simulation = SimulationBuilder().build_from_entities(systeme, {"medecins": {"m": medecin}})
    return float(simulation.calculate(variable, annee)[0])


@pytest.mark.long
def test_la_base_n_est_jamais_modifiee() -> None:
    avant = empreinte(BASE)
    convention = convention_2024(BASE)
    for lecture in lectures.LECTURES:
        getattr(lectures, lecture)(convention)
        getattr(lectures, lecture)(BASE)
    assert empreinte(BASE) == avant
    assert aide(BASE, 2024) == 36000


def test_la_convention_ne_change_que_des_dates_qui_la_suivent() -> None:
    avant, apres = empreinte(BASE), empreinte(convention_2024(BASE))
    for nom, valeurs in avant.items():
        anciennes = [v for v in valeurs if v[0] < "2024-06-22"]
        assert [v for v in apres[nom] if v[0] < "2024-06-22"] == anciennes, nom
    # The base holds one figure of the convention: how long a waiting time is, which none asks for.
    assert {nom for nom in avant if avant[nom][0][0] >= "2024-06-22"} == {"contrat.carence.duree"}
    nouvelles = {nom for nom in apres if nom not in avant}
    assert all({v[0] for v in apres[nom]} == {"2024-06-22"} for nom in nouvelles)


def test_une_table_de_la_reforme_dit_aussi_ses_references_et_sa_validite() -> None:
    table = convention_2024(BASE).parameters.aide.montant.metadata
    assert [r["source"] for r in table["reference"]["2024-06-22"]] == ["S003", "AME24"]
    assert "2019-08-20" in table["reference"]
    assert table["last_value_still_valid_on"] == "2024-09-01"
    # The base keeps its own.
    assert "2024-06-22" not in BASE.parameters.aide.montant.metadata["reference"]
    assert BASE.parameters.aide.montant.metadata["last_value_still_valid_on"] == "2024-06-21"


def test_la_convention_ne_change_aucune_formule() -> None:
    convention = convention_2024(BASE)
    assert convention.variables == BASE.variables


def test_la_reforme_garde_la_configuration_de_l_api() -> None:
    convention = convention_2024(BASE)
    assert convention.open_api_config == BASE.open_api_config
    assert convention.open_api_config is not BASE.open_api_config


def test_la_reforme_s_applique_par_son_chemin() -> None:
    reforme = BASE.apply_reform(CHEMIN)
    assert aide(reforme, 2024) == 38000


def test_une_lecture_s_applique_par_son_chemin_sur_la_base_et_sur_la_convention() -> None:
    # 2 187 patients is P95 itself: 19 000 at every rank; strictly above it, the base line.
    entrees = {"patientele_mt_initiale": 2187, "option_etp_initiale": "demi_etp"}
    convention = convention_2024(BASE)
    for systeme, p95, sous_p95 in ((BASE, 18000, 12500), (convention, 19000, 13000)):
        assert aide(systeme, 2026, **entrees) == p95
        autre = systeme.apply_reform(f"{RACINE}.lectures.p95_inclus")
        assert aide(autre, 2026, **entrees) == sous_p95


def test_l_ordre_d_une_lecture_et_de_la_convention_ne_change_rien() -> None:
    entrees = {"patientele_mt_initiale": 2187}
    dessus = lectures.p95_inclus(convention_2024(BASE))
    dessous = convention_2024(lectures.p95_inclus(BASE))
    assert aide(dessus, 2026, **entrees) == aide(dessous, 2026, **entrees) == 26000
    assert empreinte(dessus) == empreinte(dessous)


def test_une_lecture_inconnue_n_est_pas_une_reforme() -> None:
    with pytest.raises(ValueError, match="no attribute p96_inclus"):
        BASE.apply_reform(f"{RACINE}.lectures.p96_inclus")


def test_l_entree_en_vigueur_se_decale_d_un_jour() -> None:
    veille = {"date_signature": "2024-06-21"}
    assert aide(convention_2024(BASE), 2024, **veille) == 36000
    for systeme in (BASE, convention_2024(BASE)):
        autre = lectures.entree_en_vigueur_2024(systeme)
        assert aide(autre, 2024, **veille) == 38000
        assert aide(autre, 2024, date_signature="2024-06-20") == 36000
    reference = lectures.entree_en_vigueur_2024(BASE).parameters.aide.montant.un_etp
    assert "2024-06-21" in reference.p95_et_plus.metadata["reference"]


def test_le_decalage_ne_touche_qu_au_jour_qu_il_dit() -> None:
    veille, jour, apres = "2024-06-21", "2024-06-22", "2025-01-01"
    figure = {
        "values": {"2023-05-01": {"value": 1}, jour: {"value": 2}, apres: {"value": 3}},
        "metadata": {"unit": "euro", "reference": {"2023-05-01": "a", jour: "b", apres: "c"}},
    }
    loi = ParameterNode("", data={"aide": figure})
    decaler(loi, jour, veille)
    aide = loi.children["aide"]
    assert [(v.instant_str, v.name, v.value) for v in aide.values_list] == [
        (apres, f"aide[{apres}]", 3),
        (veille, f"aide[{veille}]", 2),
        ("2023-05-01", "aide[2023-05-01]", 1),
    ]
    assert aide.metadata == {
        "unit": "euro",
        "reference": {"2023-05-01": "a", veille: "b", apres: "c"},
    }


class _Bout(ReformeDeclarative):
    """One of those that contradict each other."""


class bas(_Bout):
    seule_parmi = _Bout


class haut(_Bout):
    seule_parmi = _Bout


def test_de_reformes_qui_se_contredisent_une_loi_n_a_qu_une() -> None:
    loi = bas(convention_2024(BASE))
    assert convention_2024(loi).baseline is loi
    for autre in (bas, haut):
        with pytest.raises(
            ReformeInvalide, match=rf"« {autre.__name__} » ne s’ajoute pas à « bas »"
        ):
            autre(loi)


def test_deux_modifications_s_ajoutent() -> None:
    class deux(convention_2024):
        def apply(self) -> None:
            super().apply()
            self.modify_parameters(self._modifier)

        @staticmethod
        def _modifier(parameters: Any) -> Any:
            parameters.versement.delai_acompte.update(start="2025-01-01", value=3)
            return parameters

    reforme = deux(BASE)
    assert aide(reforme, 2024) == 38000
    assert reforme.get_parameters_at_instant("2025-06-01").versement.delai_acompte == 3
    assert BASE.get_parameters_at_instant("2025-06-01").versement.delai_acompte == 1


def test_le_cache_de_core_ne_garde_pas_l_ancienne_valeur() -> None:
    reforme = convention_2024(BASE)
    assert reforme.get_parameters_at_instant("2025-06-01").versement.delai_acompte == 2

    def modifier(parameters: Any) -> Any:
        parameters.versement.delai_acompte.update(start="2025-01-01", value=5)
        return parameters

    reforme.modify_parameters(modifier)
    assert reforme.get_parameters_at_instant("2025-06-01").versement.delai_acompte == 5


def test_un_dossier_de_l_utilisateur(tmp_path: Path) -> None:
    reforme = reforme_du_dossier(
        tmp_path,
        aide__montant=f"""
metadata:
  {REFERENCE}
un_etp:
  par_defaut:
    rang_3_et_plus:
      values: {{"2025-01-01": {{value: 23000}}}}
""",
    )
    systeme = reforme(convention_2024(BASE))
    assert aide(systeme, 2026) == 23000
    assert aide(systeme, 2025) == 28000
    montant = systeme.parameters.aide.montant.un_etp.par_defaut.rang_3_et_plus
    assert montant.metadata["reference"]["2025-01-01"][0]["source"] == "ESSAI"
    assert montant.metadata["unit"] == "currency"


def test_une_ligne_s_ajoute_a_une_table(tmp_path: Path) -> None:
    reforme = reforme_du_dossier(
        tmp_path,
        patientele__pfa=f"""
metadata:
  {REFERENCE}
p90:
  cardiologue:
    values: {{"2025-01-01": {{value: 3000}}}}
""",
    )
    ligne = reforme(BASE).parameters.patientele.pfa.p90.cardiologue
    assert ligne.metadata["unit"] == "patient"
    assert ligne.description


@pytest.mark.parametrize(
    ("fichiers", "message"),
    [
        (
            {"aide__montants": f"metadata:\n  {REFERENCE}\nvalues: {{'2025-01-01': {{value: 1}}}}"},
            "« aide.montants ».*n’existe pas dans la loi.*« aide.montant »",
        ),
        (
            {"contrat__duree": 'values: {"2025-01-01": {value: 6}}'},
            "« contrat.duree » au 2025-01-01.*n’a pas de référence.*hypothese",
        ),
        (
            {"aide__montant": 'values: {"2025-01-01": {value: 6}}'},
            "la loi a ici une table, la réforme un chiffre",
        ),
        (
            {"contrat__duree": 'un: {values: {"2025-01-01": {value: 6}}}'},
            "la loi a ici un chiffre, la réforme une table",
        ),
        ({}, "ne contient aucun paramètre"),
    ],
)
def test_un_dossier_fautif_est_refuse(
    tmp_path: Path, fichiers: dict[str, str], message: str
) -> None:
    reforme = reforme_du_dossier(tmp_path, **fichiers)
    with pytest.raises(ReformeInvalide, match=message):
        reforme(BASE)


def test_une_hypothese_dispense_de_reference(tmp_path: Path) -> None:
    reforme = reforme_du_dossier(
        tmp_path,
        contrat__duree='metadata: {hypothese: true}\nvalues: {"2024-01-01": {value: 6}}',
    )
    assert aide(reforme(BASE), 2029) == 21000  # a sixth year
    assert aide(BASE, 2029) == 0


def test_une_hypothese_se_dit_par_oui(tmp_path: Path) -> None:
    reforme = reforme_du_dossier(
        tmp_path,
        contrat__duree='metadata: {hypothese: 1}\nvalues: {"2024-01-01": {value: 6}}',
    )
    with pytest.raises(ReformeInvalide, match="n’a pas de référence"):
        reforme(BASE)


def test_une_table_apportee_laisse_la_suite_du_dossier_changer_la_loi() -> None:
    def figure(valeur: int) -> dict[str, Any]:
        return {"values": {"2025-01-01": {"value": valeur}}, "metadata": {"hypothese": True}}

    loi = ParameterNode("", data={"avant": figure(1), "apres": figure(2)})
    surcouche = ParameterNode(
        "", data={"avant": figure(3), "prime": {"euros": figure(4)}, "apres": figure(5)}
    )
    superposer(loi, surcouche, ("prime",))
    lues = [enfant.values_list[0].value for enfant in (loi.avant, loi.prime.euros, loi.apres)]
    assert lues == [3, 4, 5]


def test_un_dossier_absent_est_nomme(tmp_path: Path) -> None:
    absent = type("essai", (ReformeDeclarative,), {"dossier": tmp_path / "absent"})
    with pytest.raises(ReformeInvalide, match="absent » n’existe pas"):
        absent(BASE)


def test_une_ligne_de_table_mal_nommee_est_refusee_a_la_lecture(tmp_path: Path) -> None:
    reforme = reforme_du_dossier(
        tmp_path,
        eligibilite__secteur=f"""
metadata:
  {REFERENCE}
secteur_deux:
  values: {{"2025-01-01": {{value: true}}}}
""",
    )
    with pytest.raises(ValueError, match="« secteur_deux » n’est pas une ligne"):
        aide(reforme(BASE), 2026)


# --- A table, rules and a law below of its own ----------------------------------------------------

TABLE = f"""
description: Prime d’essai
metadata:
  unit: currency
  {REFERENCE}
values: {{"2025-01-01": {{value: 100}}}}
"""
REGLE = '''
"""Is there a bonus?"""

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.droit import Variable, droit_au
from openfisca_assistant_medical.entities import Medecin


class prime_d_essai(Variable):
    value_type = float
    entity = Medecin
    definition_period = DateUnit.YEAR
    unit = "currency"
    label = "Prime d’essai"
    documentation = """
    Un
    essai.
    """

    def formula(medecins, period):
        """Une prime par année de contrat."""
        loi = droit_au(medecins, medecins("date_anniversaire", period))
        return loi.prime.lire("essai", sinon=0)
'''


def reforme_qui_apporte(tmp_path: Path, *tables: str, **attributs: Any) -> Any:
    reforme = reforme_du_dossier(tmp_path, prime__essai=TABLE)
    reforme.apporte = tables
    for nom, valeur in attributs.items():
        setattr(reforme, nom, valeur)
    return reforme


def test_une_reforme_apporte_une_table_et_des_regles_a_elle(tmp_path: Path) -> None:
    regles = tmp_path / "regles"
    regles.mkdir()
    (regles / "prime.py").write_text(REGLE, "utf-8")
    dossier = tmp_path / "dossier"
    reforme = reforme_qui_apporte(dossier, "prime", regles=regles, mention="Un essai, sans plus.")
    avant = set(BASE.variables), empreinte(BASE)
    systeme = reforme(BASE)
    assert [aide(systeme, annee, "prime_d_essai") for annee in (2024, 2025)] == [0, 100]
    variable = systeme.variables["prime_d_essai"]
    assert variable.documentation == "Un essai. Un essai, sans plus."
    assert variable.reference is None  # no provision of the registers names it
    assert (set(BASE.variables), empreinte(BASE)) == avant
    assert "prime" not in BASE.parameters.children


@pytest.mark.parametrize(
    ("apportees", "message"),
    [
        ((), "« prime ».*n’existe pas dans la loi"),
        (("primes",), "« primes », que la réforme dit apporter.*Le nom le plus proche.*« prime »"),
        (("prime", "contrat"), "« contrat », que la réforme dit apporter, n’est pas"),
    ],
)
def test_une_table_ne_s_apporte_que_sous_son_nom(
    tmp_path: Path, apportees: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ReformeInvalide, match=message):
        reforme_qui_apporte(tmp_path, *apportees)(BASE)


def test_une_table_de_la_loi_ne_s_apporte_pas(tmp_path: Path) -> None:
    reforme = reforme_qui_apporte(tmp_path, "prime")
    with pytest.raises(ReformeInvalide, match="La loi a déjà une table « prime »"):
        reforme(reforme(BASE))


def test_une_table_apportee_cite_ses_references(tmp_path: Path) -> None:
    reforme = reforme_qui_apporte(tmp_path, "prime")
    (tmp_path / "prime" / "essai.yaml").write_text('values: {"2025-01-01": {value: 1}}', "utf-8")
    with pytest.raises(
        ReformeInvalide, match=r"« prime.essai » au 2025-01-01.*n’a pas de référence"
    ):
        reforme(BASE)


def test_les_autres_chemins_restent_ceux_de_la_loi(tmp_path: Path) -> None:
    reforme = reforme_qui_apporte(tmp_path, "prime")
    contrat = tmp_path / "contrat"
    contrat.mkdir()
    faute = f'metadata: {{{REFERENCE}}}\nvalues: {{"2025-01-01": {{value: 6}}}}'
    (contrat / "durees.yaml").write_text(faute, "utf-8")
    with pytest.raises(ReformeInvalide, match=r"« contrat\.durees ».*« contrat\.duree »"):
        reforme(BASE)


@pytest.mark.parametrize("dessous", [[], ["p95_inclus"]])
def test_une_reforme_qui_en_suppose_une_autre_est_refusee_sans_elle(dessous: list[str]) -> None:
    systeme = BASE
    for lecture in dessous:
        systeme = getattr(lectures, lecture)(systeme)
    with pytest.raises(ReformeInvalide, match="demander d’abord convention_2024, puis aide_coll"):
        aide_collective_2026(systeme)


@pytest.mark.parametrize(
    "dessous", [[convention_2024], [lectures.entree_en_vigueur_2024], [convention_2024, "p95"]]
)
def test_elle_se_pose_sur_la_convention_ou_sur_ce_qui_la_contient(dessous: list[Any]) -> None:
    systeme = BASE
    for reforme in dessous:
        systeme = (lectures.p95_inclus if reforme == "p95" else reforme)(systeme)
    posee = aide_collective_2026(systeme)
    assert posee.parameters.aide_collective.montant.rang_1("2026-03-01") == 38000
    # It changes nothing of the law below.
    avant, apres = empreinte(systeme), empreinte(posee)
    assert {nom: apres[nom] for nom in avant} == avant
    assert all(posee.variables[nom] is variable for nom, variable in systeme.variables.items())


def test_chaque_regle_de_l_aide_collective_dit_que_sa_source_est_secondaire() -> None:
    convention = convention_2024(BASE)
    posee = aide_collective_2026(convention)
    apportees = set(posee.variables) - set(convention.variables)
    assert len(apportees) > 60
    for nom in apportees:
        assert nom.startswith("aide_collective_")
        assert "Source secondaire" in posee.variables[nom].documentation, nom
        citees = posee.variables[nom].reference
        assert any("MESDOCS (source secondaire)" in citee for citee in citees), nom
    for feuille in posee.parameters.aide_collective.get_descendants():
        assert "source secondaire" in feuille.description, feuille.name
        if isinstance(feuille, Parameter):
            assert set(feuille.metadata["confiance"].values()) == {"secondaire"}


@pytest.mark.long
@pytest.mark.parametrize(("options", "montant"), [([], 36000), (["-r", CHEMIN], 38000)])
def test_openfisca_test_prend_la_reforme(tmp_path: Path, options: list[str], montant: int) -> None:
    cas = tmp_path / "cas.yaml"
    cas.write_text(
        f"""
- name: Première année d’un contrat à 1 ETP signé sous la convention
  period: 2024
  input: {{date_signature: 2024-07-01, patientele_mt_initiale: 1300}}
  output: {{aide_maximale: {montant}}}
""",
        "utf-8",
    )
    commande = [sys.executable, "-m", "openfisca_core.scripts.openfisca_command", "test", str(cas)]
    commande += ["-c", "openfisca_assistant_medical", *options]
    resultat = subprocess.run(commande, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert resultat.returncode == 0, resultat.stdout
    assert "1 passed" in resultat.stdout
