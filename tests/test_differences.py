"""What changes between two states of the law, in the words of the documents."""

import json
from datetime import date
from typing import Any

import pytest
from openfisca_core.parameters import Parameter
from openfisca_core.periods import DateUnit
from openfisca_core.reforms import Reform

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.tracabilite.differences import differences

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)


def entre(une: Any, autre: Any, du: str | None = None, au: str | None = None) -> dict[str, Any]:
    jours = [None if jour is None else date.fromisoformat(jour) for jour in (du, au)]
    return differences(("une", une, jours[0]), ("autre", autre, jours[1]))


def par_chemin(rapport: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {ecart["parametre"]: ecart for ecart in rapport["parametres"]}


def test_la_convention_releve_les_montants_le_22_juin_2024() -> None:
    rapport = entre(BASE, CONVENTION)
    ecart = par_chemin(rapport)["aide.montant.un_etp.par_defaut.rang_1"]
    assert (ecart["avant"], ecart["apres"]) == (36_000, 38_000)
    assert ecart["variation"] == pytest.approx(2_000 / 36_000)
    assert (ecart["depuis"], ecart["jusqu_a"]) == ("2024-06-22", None)
    assert ecart["unite"] == "currency"
    assert ecart["confiance"] == "integral"
    assert [cite["source"] for cite in ecart["references"]] == ["S003", "AME24"]
    # The convention adds options, and no formula: ADR 0003.
    ouverte = par_chemin(rapport)["aide.montant.deux_etp.par_defaut.rang_3_et_plus"]
    assert (ouverte["avant"], ouverte["apres"], ouverte["variation"]) == (None, 44_000, None)
    assert rapport["regles"] == []


def test_une_loi_ne_differe_pas_d_elle_meme() -> None:
    rapport = entre(CONVENTION, convention_2024(CountryTaxBenefitSystem()))
    assert (rapport["parametres"], rapport["regles"]) == ([], [])


def test_ce_que_le_reglement_arbitral_a_change() -> None:
    rapport = entre(BASE, BASE, "2023-04-30", "2023-05-01")
    ecarts = par_chemin(rapport)
    p30 = ecarts["patientele.pfa.p30.generaliste"]
    assert (p30["avant"], p30["apres"], p30["depuis"]) == (None, 1219, "2023-05-01")
    assert ecarts["contrat.texte_en_vigueur"]["avant"] == "avenant_7"
    # The amounts of 2019 went on.
    assert not any(chemin.startswith("aide.montant") for chemin in ecarts)
    veille = entre(BASE, BASE, "2023-04-29", "2023-04-30")
    assert veille["parametres"] == []
    assert (rapport["avant"]["au"], rapport["apres"]["au"]) == ("2023-04-30", "2023-05-01")


def test_un_jour_de_difference_a_un_debut_et_une_fin() -> None:
    plus_tot = lectures.entree_en_vigueur_2024(BASE)
    ecart = par_chemin(entre(CONVENTION, plus_tot))["aide.montant.un_etp.par_defaut.rang_1"]
    assert (ecart["avant"], ecart["apres"]) == (36_000, 38_000)
    assert (ecart["depuis"], ecart["jusqu_a"]) == ("2024-06-21", "2024-06-21")


def test_un_chiffre_dit_les_dispositions_qui_le_donnent() -> None:
    ecart = par_chemin(entre(BASE, CONVENTION))["aide.montant.un_etp.p95_et_plus"]
    assert "s003_ill_2_p95" in ecart["dispositions"]
    assert not {"s000_montant_p95", "s003_ill_2_p90"} & set(ecart["dispositions"])


def test_une_lecture_ne_change_que_son_parametre() -> None:
    (ecart,) = entre(BASE, lectures.age_senior(BASE))["parametres"]
    assert (ecart["parametre"], ecart["avant"], ecart["apres"]) == ("lectures.age_senior", 65, 66)


@pytest.mark.parametrize(
    "jour", ["2019-08-19", "2019-08-20", "2023-05-01", "2024-06-22", "2030-01-01"]
)
def test_les_ecarts_sont_tous_la_et_seuls(jour: str) -> None:
    # Leaf by leaf, as core reads them that day.
    attendus = {
        feuille.name
        for systeme, autre in ((BASE, CONVENTION), (CONVENTION, BASE))
        for feuille in systeme.parameters.get_descendants()
        if isinstance(feuille, Parameter)
        and feuille.get_at_instant(jour) != lire(autre, feuille.name, jour)
    }
    obtenus = {
        ecart["parametre"]
        for ecart in entre(BASE, CONVENTION)["parametres"]
        if ecart["depuis"] <= jour and (ecart["jusqu_a"] is None or jour <= ecart["jusqu_a"])
    }
    assert obtenus == attendus
    assert set(par_chemin(entre(BASE, CONVENTION, jour, jour))) == attendus


def lire(systeme: Any, chemin: str, jour: str) -> Any:
    noeud = systeme.parameters
    for nom in chemin.split("."):
        noeud = noeud.children.get(nom) if noeud is not None else None
    return None if noeud is None else noeud.get_at_instant(jour)


def test_dans_l_autre_sens_avant_et_apres_s_echangent() -> None:
    aller, retour = par_chemin(entre(BASE, CONVENTION)), par_chemin(entre(CONVENTION, BASE))
    assert aller.keys() == retour.keys()
    for chemin, ecart in aller.items():
        assert (ecart["avant"], ecart["apres"]) == (
            retour[chemin]["apres"],
            retour[chemin]["avant"],
        )


def reforme(modifier: Any) -> Any:
    class la_reforme(Reform):
        def apply(self) -> None:
            modifier(self)

    return la_reforme(BASE)


def test_une_autre_formule_est_dite_avec_ce_qu_elle_cite() -> None:
    class aide_perdue(Variable):
        def formula(medecins, period):
            """Rien ne se perd."""
            return medecins("aide_due", period) * 0

    (regle,) = entre(BASE, reforme(lambda r: r.update_variable(aide_perdue)))["regles"]
    assert (regle["variable"], regle["changement"]) == ("aide_perdue", "autre_formule")
    assert regle["avant"] == "Ce que l’année aurait donné en entier, moins ce qui est dû."
    assert regle["apres"] == "Rien ne se perd."
    # Part IV-1 says from when a missed objective costs something.
    assert "s003_iv_1_troisieme_annee" in regle["dispositions"]


def test_la_meme_formule_autrement_documentee_est_la_meme() -> None:
    class resultats_connus(Variable):
        def formula(medecins, period):
            """Autrement dit."""
            pmt = (medecins("patientele_mt", period) >= 0) | ~medecins("objectif_sur_pmt", period)
            pfa = (medecins("file_active", period) >= 0) | ~medecins("objectif_sur_pfa", period)
            return pmt & pfa

    assert entre(BASE, reforme(lambda r: r.update_variable(resultats_connus)))["regles"] == []


def test_une_variable_neutralisee_ajoutee_ou_retiree() -> None:
    (neutre,) = entre(BASE, reforme(lambda r: r.neutralize_variable("aide_perdue")))["regles"]
    assert (neutre["changement"], neutre["apres"]) == ("autre_formule", None)

    class toute_neuve(Variable):
        value_type = int
        entity = BASE.variables["aide_due"].entity
        definition_period = DateUnit.YEAR
        label = "Toute neuve"

        def formula(medecins, period):
            """Une disposition."""
            return medecins("rang_annee_contrat", period)

    plus = reforme(lambda r: r.add_variable(toute_neuve))
    (ajout,) = entre(BASE, plus)["regles"]
    assert (ajout["changement"], ajout["label"]) == ("ajoutee", "Toute neuve")
    assert ajout["apres"] == "Une disposition."
    (retrait,) = entre(plus, BASE)["regles"]
    assert (retrait["changement"], retrait["avant"]) == ("supprimee", "Une disposition.")


# --- The command ----------------------------------------------------------------------------------


def test_la_commande_donne_une_table_ou_du_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["differences"]) == 0
    table = capsys.readouterr().out
    assert "base → convention_2024" in table
    assert "Aucune variable ne change de formule." in table
    assert main(["differences", "--json"]) == 0
    rapport = json.loads(capsys.readouterr().out)
    assert (rapport["format"], rapport["avant"]["loi"]) == (1, "base")
    assert rapport["parametres"] == entre(BASE, CONVENTION)["parametres"]


def test_la_commande_empile_et_date(capsys: pytest.CaptureFixture[str]) -> None:
    lois = ["convention_2024", "convention_2024+lectures.age_senior"]
    assert main(["differences", "--entre", *lois, "--json"]) == 0
    (ecart,) = json.loads(capsys.readouterr().out)["parametres"]
    assert ecart["parametre"] == "lectures.age_senior"
    dates = ["--du", "2023-04-30", "--au", "2023-05-01"]
    assert main(["differences", "--entre", "base", "base", *dates]) == 0
    assert "base au 30/04/2023 → base au 01/05/2023" in capsys.readouterr().out
    lois = ["convention_2024", "lectures.entree_en_vigueur_2024"]
    assert main(["differences", "--entre", *lois]) == 0
    assert "aide.montant, le 21/06/2024 seulement (S003, AME24)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--entre", "base", "convention_2025"], "le plus proche : « convention_2024 »"),
        (["--entre", "base", "convention_2024+lectures.age_seniors"], "« lectures.age_senior »"),
        (["--du", "2024-06-22"], "--du et --au ensemble"),
        (["--du", "22/06/2024", "--au", "2024-06-22"], "--du : reçu « 22/06/2024 »"),
        (["--du", "2024-06-22", "--au", "2024-02-30"], "--au : reçu « 2024-02-30 »"),
    ],
)
def test_la_commande_refuse_et_dit_pourquoi(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["differences", *arguments]) == 2
    assert message in capsys.readouterr().err
