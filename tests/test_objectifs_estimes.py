"""The estimated objectives: how they are calibrated, where they stand, and how they say so."""

import contextlib
import io
import json
import re
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem, contrats
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.contrats import ReformeInconnue, reformes_connues, trouver_reforme
from openfisca_assistant_medical.droit.reforme import ReformeInvalide
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms import objectifs_estimes as estimes
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes.calibrage import (
    ANCRE,
    Courbe,
    coefficient,
    enveloppe,
    famille,
    patients_en_plus,
    plateau,
)
from openfisca_assistant_medical.tracabilite.explication import Explicable, expliquer
from tests.lecture_independante import lire
from tests.medecins_au_hasard import medecins
from tests.rejeu import feuille, feuilles, figure, rejouer
from tests.test_lecture_independante import calculer, situation

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
ESTIMES = estimes.objectifs_estimes(CONVENTION)
LOIS = {"base": estimes.objectifs_estimes(BASE), "convention_2024": ESTIMES}

P30, P50, P95 = 775, 1045, 2187
# c and P99, in exact fractions: the central curve, and both ends of the family.
CENTRALE = (Fraction(44, 100), 2985)
BOUTS = ((Fraction(42, 100), 3384), (Fraction(50, 100), 2371))


def a_gagner(depart: int, courbe: tuple[Fraction, int]) -> int:
    """Patients to gain by the formula of the dossier, 4.1, to the nearest one."""
    c, p99 = courbe
    plateau = P30 * c * (p99 - P50) / (p99 - P30)
    if depart <= P50:
        return floor(plateau + Fraction(1, 2))
    descente = P30 * c * max(p99 - depart, 0) / (p99 - P30)
    return floor(descente + Fraction(1, 2))


# --- Calibration ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p99", "c", "a"),
    [(3384, 0.42, 292), (2985, 0.44, 299), (2838, 0.45, 303), (2371, 0.50, 322), (2970, 0.44, 300)],
)
def test_a_chaque_99e_percentile_son_coefficient(p99: int, c: float, a: int) -> None:
    courbe = Courbe(coefficient(p99), p99)
    assert round(courbe.coefficient, 2) == c
    assert round(plateau(courbe)) == a
    assert patients_en_plus(ANCRE.depart, courbe) == pytest.approx(260)
    assert patients_en_plus(P30, courbe) == patients_en_plus(P50, courbe)
    assert patients_en_plus(p99, courbe) == patients_en_plus(p99 + 1, courbe) == 0


@pytest.mark.parametrize("p99", [1300, 1045])
def test_une_courbe_qui_s_arrete_avant_le_point_est_refusee(p99: int) -> None:
    with pytest.raises(ValueError, match=f"P99 = {p99}"):
        coefficient(p99)


def test_les_bouts_de_la_famille_encadrent_toutes_ses_courbes() -> None:
    courbes = famille([2371, 2500, 2700, 2838, 2970, 2985, 3100, 3384])
    for depart in (P30, P50, 1200, 1299, 1301, 1500, 1858, P95 - 1):
        bas, haut = enveloppe(depart, [courbes[0], courbes[-1]])
        assert (bas, haut) == enveloppe(depart, courbes)
        assert bas < haut
    assert enveloppe(1300, courbes) == pytest.approx((260, 260))


def test_les_parametres_sont_ceux_de_la_calibration() -> None:
    noms = {"centrale": CENTRALE, "pente_faible": BOUTS[0], "pente_forte": BOUTS[1]}
    for nom, (c, p99) in noms.items():
        lue = ESTIMES.parameters.objectif_estime.courbe.children[nom]
        valeurs = [figure.values_list[0].value for figure in (lue.coefficient, lue.p99)]
        assert valeurs == [float(c), p99]
        assert round(coefficient(p99), 2) == float(c)
    assert (ANCRE.p30, ANCRE.p50) == (P30, P50)


# --- The curve ------------------------------------------------------------------------------------


def au_depart(systeme: Any, departs: range, **saisies: Any) -> Any:
    """A simulation of general practitioners who differ by their start alone."""
    commun = {"date_signature": "2023-09-10"} | saisies
    communes = {nom: {"ETERNITY": valeur} for nom, valeur in commun.items()}
    tous = {f"m{d}": {**communes, "patientele_mt_initiale": {"ETERNITY": d}} for d in departs}
    return SimulationBuilder().build_from_entities(systeme, {"medecins": tous})


def test_chaque_depart_a_ses_trois_estimations_et_son_intervalle() -> None:
    departs = range(P30, P95)
    calcul = au_depart(ESTIMES, departs)
    lues = {
        nom: calcul.calculate(f"patients_en_plus_estimes_pmt{nom}", "ETERNITY").tolist()
        for nom in ("", "_bas", "_haut")
    }
    bornes = [sorted(a_gagner(d, courbe) for courbe in BOUTS) for d in departs]
    assert lues[""] == [a_gagner(d, CENTRALE) for d in departs]
    assert lues["_bas"] == [bas for bas, _ in bornes]
    assert lues["_haut"] == [haut for _, haut in bornes]
    triples = list(zip(lues["_bas"], lues[""], lues["_haut"], strict=True))
    assert all(bas <= centrale <= haut for bas, centrale, haut in triples)
    assert triples[1300 - P30] == (260, 260, 260)
    assert triples[0] == (292, 299, 322)


@pytest.mark.parametrize(("nom", "rang"), [("courbe_basse", 0), ("courbe_haute", 1)])
def test_chaque_borne_est_une_loi(nom: str, rang: int) -> None:
    departs = range(P30, P95, 7)
    calcul = au_depart(getattr(estimes, nom)(ESTIMES), departs)
    attendus = [d + sorted(a_gagner(d, courbe) for courbe in BOUTS)[rang] for d in departs]
    assert calcul.calculate("objectif_pmt", 2026).tolist() == attendus
    assert calcul.calculate("objectif_pmt_estime", 2026).all()


def attendu(lu: dict[str, Any], tire: dict[str, Any], annee: int) -> tuple[bool, int]:
    """Whether the target of the year is an estimate, and the target, by the independent reading."""
    cible, depart = lu["objectif_pmt"][annee], tire.get("patientele_mt_initiale", -1)
    estimee = (
        cible == 0
        and lu["type_objectif_pmt"][annee] == "augmentation"
        and lu["texte_signature"] == "reglement_arbitral_2023"
        and tire["specialite"] == "generaliste"
        and tire.get("option_etp_initiale", "un_etp") == lu["option_etp"][annee] == "un_etp"
        and depart >= P30
        and not lu["primo_installe"]
    )
    return estimee, depart + a_gagner(depart, CENTRALE) if estimee else cible


@pytest.mark.parametrize("loi", LOIS)
def test_l_objectif_est_celui_de_la_loi_ou_a_defaut_l_estimation(loi: str) -> None:
    tirage = medecins(63, 400)
    for tire in tirage[::2]:
        tire.pop("objectif_pmt_contractuel", None)
        tire |= {"specialite": "generaliste", "option_etp_initiale": "un_etp"}
    annees = range(2023, 2032)
    lus = [lire(tire, annees, convention_2024=loi == "convention_2024") for tire in tirage]
    valeurs = calculer(LOIS[loi], tirage)
    estimees = 0
    for annee in annees:
        obtenus = zip(
            valeurs("objectif_pmt_estime", str(annee)),
            valeurs("objectif_pmt", str(annee)),
            strict=True,
        )
        for lu, tire, obtenu in zip(lus, tirage, obtenus, strict=True):
            assert obtenu == attendu(lu, tire, annee), (annee, tire)
            estimees += obtenu[0]
    assert estimees > 50


# --- Laws -----------------------------------------------------------------------------------------


def test_la_base_et_la_convention_ne_connaissent_pas_l_estimation() -> None:
    for systeme in (BASE, CONVENTION):
        assert "objectif_estime" not in systeme.parameters.children
        assert "objectif_pmt_estime" not in systeme.variables
        assert au_depart(systeme, range(1300, 1301)).calculate("objectif_pmt", 2026).tolist() == [0]


def test_ce_qui_n_est_pas_la_pmt_n_est_pas_change() -> None:
    nouvelles = {nom for nom in ESTIMES.variables if "estim" in nom or "en_plus" in nom}
    nouvelles |= {"objectif_pmt", "depart_sur_la_courbe_pmt"}
    assert set(ESTIMES.variables) - set(CONVENTION.variables) == nouvelles - {"objectif_pmt"}
    for nom, variable in CONVENTION.variables.items():
        assert (ESTIMES.variables[nom] is variable) == (nom != "objectif_pmt"), nom


@pytest.mark.parametrize("nom", estimes.HYPOTHESES)
def test_une_hypothese_se_pose_sur_l_estimation_et_nulle_part_ailleurs(nom: str) -> None:
    hypothese = trouver_reforme(f"objectifs_estimes.{nom}")
    assert hypothese is getattr(estimes, nom)
    with pytest.raises(ReformeInvalide, match="Remède : demander d’abord objectifs_estimes"):
        hypothese(CONVENTION)
    # Over another reform too.
    description, _ = contrats.loi(f"objectifs_estimes+convention_2024+objectifs_estimes.{nom}")
    assert description == f"objectifs_estimes + convention_2024 + objectifs_estimes.{nom}"


def test_deux_hypotheses_s_ajoutent() -> None:
    saisies = {"date_signature": "2024-09-10", "option_etp_initiale": "demi_etp"}
    attendus = {"": 0, "+demi_etp": 0, "+sous_la_convention": 0}
    # 259,99 / 2
    attendus |= dict.fromkeys(
        ("+demi_etp+sous_la_convention", "+sous_la_convention+demi_etp"), 1300 + 130
    )
    for plus, objectif in attendus.items():
        noms = "convention_2024+objectifs_estimes" + plus.replace("+", "+objectifs_estimes.")
        calcul = au_depart(contrats.loi(noms)[1], range(1300, 1301), **saisies)
        assert calcul.calculate("objectif_pmt", 2026).tolist() == [objectif], plus


def test_l_estimation_garde_une_autre_regle_posee_dessous() -> None:
    dessous = lectures.installation_seuil(BASE)
    assert estimes.objectifs_estimes(dessous).variables["objectif_pmt"].label.endswith("connue")
    hors = ESTIMES.variables["objectif_pmt_hors_estimation"]
    assert hors.formule is CONVENTION.variables["objectif_pmt"].formule
    assert hors.name == "objectif_pmt_hors_estimation"


def test_l_estimation_ne_se_pose_pas_deux_fois() -> None:
    with pytest.raises(ReformeInvalide, match="déjà une table « objectif_estime »"):
        estimes.objectifs_estimes(ESTIMES)


def test_les_noms_courts_et_le_plus_proche() -> None:
    noms = ["objectifs_estimes", *(f"objectifs_estimes.{nom}" for nom in estimes.HYPOTHESES)]
    assert set(noms) <= set(reformes_connues())
    for faute, proche in (
        ("objectif_estime", "objectifs_estimes"),
        ("objectifs_estimes.demi", "objectifs_estimes.demi_etp"),
        ("objectifs_estimes.courbe_base", "objectifs_estimes.courbe_basse"),
    ):
        with pytest.raises(ReformeInconnue, match=f"le plus proche : « {proche} »"):
            trouver_reforme(faute)


@pytest.mark.parametrize("nom", ["", *estimes.HYPOTHESES])
def test_tout_chiffre_de_l_estimation_se_dit_estime(nom: str) -> None:
    loi = getattr(estimes, nom)(ESTIMES) if nom else ESTIMES
    noeuds = loi.parameters.objectif_estime.get_descendants()
    chiffres = [noeud for noeud in noeuds if isinstance(noeud, Parameter)]
    assert len(chiffres) >= 10
    for chiffre in chiffres:
        assert chiffre.description.startswith("Estimation"), chiffre.name
        assert chiffre.metadata["confiance"] == {"2023-05-01": "inference"}, chiffre.name


# --- How it says so -------------------------------------------------------------------------------

MEDECIN = {
    "date_signature": "2023-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "patientele_mt_initiale": 1500,
    "file_active_initiale": 1600,
    "objectif_pfa_contractuel": 1800,
    "patientele_mt": {2025: 1600, 2026: 1500},
    "file_active": {2025: 1600, 2026: 1800},
}


def rapport(*noms: str, **saisies: Any) -> dict[str, Any]:
    brut = {**MEDECIN, **saisies}
    (medecin,) = contrats.etablir(brut, list(noms), comparer=False, annees=None)["medecins"]
    (resultat,) = medecin["resultats"]
    return dict(resultat)


def test_le_rapport_dit_l_estimation_et_son_intervalle() -> None:
    lu = rapport("objectifs_estimes")
    # 229,13 ; 211,47 ; 235,05
    bornes = {"patients_en_plus": 229, "au_moins": 211, "au_plus": 235}
    for annee in lu["annees"]:
        assert annee["objectif_pmt_estime"] is True
        assert annee["estimation"] == bornes
        assert annee["objectif_pmt"] == 1500 + 229
    (note,) = (note for note in lu["notes"] if note["code"] == "estimation")
    assert note["annees"] == [2023, 2024, 2025, 2026, 2027]
    debut = "Estimation : l’objectif de PMT de 2023 à 2027 (229 patients en plus, de 211 à 235)"
    assert note["texte"].startswith(f"{debut} vient d’une courbe calibrée")


@pytest.mark.parametrize(
    ("noms", "saisies"),
    [
        ((), {}),
        (("convention_2024",), {}),
        (("objectifs_estimes",), {"objectif_pmt_contractuel": 1700}),
        (("convention_2024", "objectifs_estimes"), {"date_signature": "2024-06-22"}),
    ],
)
def test_sans_estimation_le_rapport_n_en_dit_rien(
    noms: tuple[str, ...], saisies: dict[str, Any]
) -> None:
    saisies = {**saisies, "patientele_mt": {2026: 1500}, "file_active": {2026: 1800}}
    lu = rapport(*noms, **saisies)
    assert {annee["objectif_pmt_estime"] for annee in lu["annees"]} == {False}
    assert {annee["estimation"] for annee in lu["annees"]} == {None}
    assert "estimation" not in {note["code"] for note in lu["notes"]}


def test_une_borne_garde_le_meme_intervalle() -> None:
    lu = rapport("objectifs_estimes", "objectifs_estimes.courbe_basse")
    bornes = {"patients_en_plus": 211, "au_moins": 211, "au_plus": 235}
    assert lu["annees"][2]["estimation"] == bornes
    # 100 / 211 of 21 000, against 100 / 229 and 100 / 235.
    assert lu["annees"][2]["aide_due"] == round(21_000 * 100 / 211, 2)


def test_le_tableau_marque_les_parts_qui_en_dependent(
    tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    fichier = tmp_path / "medecin.json"
    fichier.write_text(json.dumps(MEDECIN), "utf-8")
    assert main(["calculer", str(fichier), "--reforme", "objectifs_estimes"]) == 0
    texte = " ".join(capsys.readouterr().out.split())
    # Years 1 and 2 in full; 100 / 229 in 2025; the PFA reached in 2026; unknown in 2027.
    for part in ("2 27 000,00 € 100 % 27", "3 21 000,00 € 43,67 %*~", "4 21 000,00 € 100 %*~"):
        assert part in texte
    assert "5 21 000,00 € 100 %? " in texte
    assert "« ~ » fondée sur un objectif estimé" in texte
    assert main(["calculer", str(fichier)]) == 0
    assert "~" not in capsys.readouterr().out


def simulation(systeme: Any, **saisies: Any) -> Any:
    brut = {"medecins": {"m": {**MEDECIN, **saisies}}}
    for nom, valeur in brut["medecins"]["m"].items():
        dates = valeur if isinstance(valeur, dict) else {"ETERNITY": valeur}
        brut["medecins"]["m"][nom] = {str(cle): v for cle, v in dates.items()}
    return SimulationBuilder().build_from_entities(systeme, brut)


def test_l_explication_dit_l_estimation_et_son_intervalle() -> None:
    lue = expliquer(simulation(LOIS["base"]), "aide_due", 2025)
    (reserve,) = (r for r in lue["reserves"] if r["variable"] == "objectif_pmt_estime")
    dit = reserve["texte"].replace("\u00a0", " ")
    assert "(229 patients en plus, de 211 patients à 235 patients)" in dit
    assert reserve["texte"].startswith("Estimation : ")
    assert reserve["demander"].startswith("À la CPAM")
    assert {m["nom"] for m in reserve["manque"]} == {
        "objectif_pmt_contractuel",
        "objectif_pmt_avenant",
    }
    assert lue["etapes"][reserve["etape"] - 1]["variable"] == "objectif_pmt_estime"
    vues = {etape["variable"] for etape in lue["etapes"]}
    assert {f"patients_en_plus_estimes_pmt{nom}" for nom in ("", "_bas", "_haut")} <= vues
    chiffres = [p for p in lue["parametres"] if p["parametre"].startswith("objectif_estime.")]
    assert len(chiffres) == 10
    for chiffre in chiffres:
        assert chiffre["confiance"] == "inference"
        assert chiffre["description"].startswith("Estimation : ")


@pytest.mark.parametrize(
    ("systeme", "saisies"),
    [
        (BASE, {}),
        (CONVENTION, {}),
        (LOIS["base"], {"objectif_pmt_contractuel": 1700}),
        # Nothing hangs on the target of PMT in year 2.
        (LOIS["base"], {"patientele_mt": {2024: 1600}}),
    ],
)
def test_l_explication_ne_reserve_rien_de_plus_ailleurs(
    systeme: Any, saisies: dict[str, Any]
) -> None:
    annee = 2024 if "patientele_mt" in saisies else 2025
    lue = expliquer(simulation(systeme, **saisies), "aide_due", annee)
    assert "objectif_pmt_estime" not in {r["variable"] for r in lue["reserves"]}


@pytest.mark.parametrize("loi", LOIS)
def test_l_explication_se_rejoue(loi: str) -> None:
    tirage = medecins(64, 40)
    for tire in tirage:
        tire.pop("objectif_pmt_contractuel", None)
        tire |= {"specialite": "generaliste", "option_etp_initiale": "un_etp"}
    construite = SimulationBuilder().build_from_entities(LOIS[loi], situation(tirage))
    noms = list(construite.persons.ids)
    explicable = Explicable(construite)
    vues: dict[str, int] = {}
    for rang in range(len(tirage)):
        for variable, periode in (
            ("aide_due", 2026),
            ("objectif_pmt", 2025),
            ("patients_en_plus_estimes_pmt_bas", "ETERNITY"),
            ("patients_en_plus_estimes_pmt_haut", "ETERNITY"),
        ):
            lue = explicable.expliquer(variable, periode, noms.index(f"m{rang}"))
            for etape in lue["etapes"]:
                ou = (etape["variable"], etape["periode"], rang)
                assert etape["calcul"] is not None, (ou, etape["obstacle"])
                obtenu, voulu = rejouer(etape["calcul"]), feuille(etape["valeur"])
                if isinstance(voulu, Fraction):
                    obtenu, voulu = round(obtenu, 9), round(voulu, 9)
                assert obtenu == voulu, ou
                for chiffre in feuilles(etape["calcul"]):
                    if chiffre["genre"] == "parametre" and chiffre["parametre"] is not None:
                        assert figure(LOIS[loi], chiffre) == chiffre["valeur"], ou
                vues[etape["variable"]] = vues.get(etape["variable"], 0) + 1
    assert {nom for nom in ESTIMES.variables if "estim" in nom or "en_plus" in nom} <= vues.keys()


# --- The page -------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[1] / "docs" / "objectifs_estimes.md").read_text("utf-8")


def test_la_page_donne_la_famille_qu_elle_dit() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    sortie = io.StringIO()
    with contextlib.redirect_stdout(sortie):
        exec(compile(source, "objectifs_estimes.md", "exec"), {})
    dites = [ligne[2:] for ligne in source.splitlines() if ligne.startswith("# ")]
    assert sortie.getvalue().splitlines() == dites
    assert len(dites) == 4


def test_la_page_donne_l_intervalle_que_rend_le_modele() -> None:
    lignes = re.findall(
        r"^\| (\d[\d ]*)(?: to ([\d ]+))?[^|]*\| (\d+) \| (\d+) \| (\d+) \|", PAGE, re.M
    )
    assert len(lignes) == 6
    for debut, fin, *dites in lignes:
        for depart in (debut, fin or debut):
            calcul = au_depart(ESTIMES, range(int(depart.replace(" ", "")), 10_000)[:1])
            rendues = [
                calcul.calculate(f"patients_en_plus_estimes_pmt{nom}", "ETERNITY").tolist()
                for nom in ("_bas", "", "_haut")
            ]
            assert rendues == [[int(dite)] for dite in dites], depart


def test_la_page_nomme_chaque_reforme() -> None:
    for nom in reformes_connues():
        assert not nom.startswith("objectifs_estimes") or f"`{nom}`" in PAGE, nom
