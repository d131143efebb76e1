"""The estimated objectives: how they are calibrated, where they stand, and how they say so."""

import json
import re
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem, contrats, lois
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative, ReformeInvalide
from openfisca_assistant_medical.lois import ReformeInconnue, trouver_reforme
from openfisca_assistant_medical.reforms import lectures, registre
from openfisca_assistant_medical.reforms import objectifs_estimes as estimes
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes.calibrage import (
    SANS_BORNE,
    coefficient,
    enveloppe,
    lire_reperes,
    p99_lognormal,
    patients_en_plus,
    plateau,
)
from openfisca_assistant_medical.tracabilite import lectures as points_douteux
from openfisca_assistant_medical.tracabilite.differences import differences
from openfisca_assistant_medical.tracabilite.explication import Explicable, expliquer
from tests.lecture_independante import lire
from tests.medecins_au_hasard import calculer, medecins, situation
from tests.rejeu import feuille, feuilles, figure, rejouer

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
ESTIMES = estimes.objectifs_estimes(CONVENTION)
LOIS = {"base": estimes.objectifs_estimes(BASE), "convention_2024": ESTIMES}

P30, P50, P95 = 775, 1045, 2187
DEPART, GAIN = 1300, 260
# P99 of the central curve, and of both ends: P95, and so far that no patient is lost on the way.
CENTRALE, BOUTS = 2970, (P95, 10**9)
REPERES = lire_reperes(LOIS["base"])


def a_gagner(depart: int, p99: int) -> int:
    """Patients to gain by the formula of the dossier, 4.1, to the nearest one, in fractions.

    c is the one for which the formula gives the published point.
    """
    c = Fraction(GAIN * (p99 - P30), P30 * (p99 - DEPART))
    plateau = P30 * c * (p99 - P50) / (p99 - P30)
    if depart <= P50:
        return floor(plateau + Fraction(1, 2))
    descente = P30 * c * max(p99 - depart, 0) / (p99 - P30)
    return floor(descente + Fraction(1, 2))


# --- Calibration ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p99", "c", "a"),
    [  # the four pairs of the dossier, 4.1, the central curve, and the highest c
        *((3384, 0.42, 292), (2985, 0.44, 299), (2838, 0.45, 303), (2371, 0.50, 322)),
        *((2970, 0.44, 300), (P95, 0.53, 335)),
    ],
)
def test_a_chaque_99e_percentile_son_coefficient(p99: int, c: float, a: int) -> None:
    assert round(coefficient(p99, REPERES), 2) == c
    exact = Fraction(GAIN * (p99 - P30), P30 * (p99 - DEPART))
    assert coefficient(p99, REPERES) == pytest.approx(float(exact))
    assert round(plateau(p99, REPERES)) == a
    assert patients_en_plus(DEPART, p99, REPERES) == pytest.approx(GAIN)
    assert patients_en_plus(P30, p99, REPERES) == plateau(p99, REPERES)
    assert patients_en_plus(p99, p99, REPERES) == pytest.approx(0)
    assert patients_en_plus(p99 + 1, p99, REPERES) == 0


def test_sans_borne_la_courbe_est_plate() -> None:
    for depart in (P30, P50, DEPART, 1858, P95):
        assert patients_en_plus(depart, SANS_BORNE, REPERES) == GAIN
    assert coefficient(SANS_BORNE, REPERES) == GAIN / P30


@pytest.mark.parametrize("p99", [1300, 1045])
def test_une_courbe_qui_s_arrete_avant_le_point_est_refusee(p99: int) -> None:
    with pytest.raises(ValueError, match=f"P99 = {p99}"):
        coefficient(p99, REPERES)


def test_l_intervalle_contient_toutes_les_courbes_et_rien_de_plus() -> None:
    p99s = [P95, 2188, 2200, 2371, 2500, 2970, 3384, 5_000, 10_000, 10**6, 10**9]
    for depart in (P30, P50, 1200, 1299, 1301, 1500, 1858, P95 - 1):
        bas, haut = enveloppe(depart, REPERES)
        gains = [patients_en_plus(depart, p99, REPERES) for p99 in p99s]
        assert (bas, haut) == pytest.approx((min(gains), max(gains)), abs=1e-3)
        assert bas < haut
    assert enveloppe(DEPART, REPERES) == pytest.approx((GAIN, GAIN))


def test_l_intervalle_est_plus_large_que_les_exemples_du_dossier() -> None:
    for depart in (P30, 1200, 1500, 1858, P95 - 1):
        bas, haut = enveloppe(depart, REPERES)
        exemples = [patients_en_plus(depart, p99, REPERES) for p99 in (2371, 2838, 2985, 3384)]
        assert bas < min(exemples) < max(exemples) < haut


def test_les_parametres_se_recalculent_de_ce_qui_est_publie() -> None:
    assert tuple(REPERES) == (DEPART, GAIN, P30, P50, 1858, P95)
    sigma, p99 = p99_lognormal(REPERES)
    assert round(sigma, 3) == 0.449
    (retenu,) = ESTIMES.parameters.objectif_estime.p99_central.values_list
    assert retenu.value == round(p99) == CENTRALE


@pytest.mark.parametrize("loi", LOIS)
def test_les_bouts_se_recalculent_de_la_loi(loi: str) -> None:
    # Another P95, or another point: the curves follow, without a figure of their own.
    def changer(parametres: Any) -> Any:
        for chemin, valeur in (
            (parametres.patientele.pmt.p95.generaliste, 2500),
            (parametres.objectif_estime.ancre.patients_en_plus, 200),
        ):
            chemin.update(start="2023-05-01", value=valeur)
        return parametres

    class autre_loi(ReformeDeclarative):
        def apply(self) -> None:
            super().apply()
            self.modify_parameters(changer)

    calcul = au_depart(autre_loi(LOIS[loi]), range(1200, 1201))
    for nom, attendu in (
        ("_bas", 200),
        ("", 200 * (2970 - 1200) / (2970 - 1300)),
        ("_haut", 200 * (2500 - 1200) / (2500 - 1300)),
    ):
        lues = calcul.calculate(f"patients_en_plus_estimes_pmt{nom}", "ETERNITY").tolist()
        assert lues == [floor(attendu + 0.5)], nom


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
    assert triples[0] == (260, 300, 335)
    assert triples[1858 - P30] == (96, 173, 260)
    assert triples[-1] == (0, 122, 260)


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
        and tire.get("tranche_pmt_declaree") != "moins_de_p30"
        and tire.get("depart_pmt_avenant", {}).get(annee, depart) == depart
        and not lu["primo_installe"]
    )
    return estimee, depart + a_gagner(depart, CENTRALE) if estimee else cible


@pytest.mark.long
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
    nouvelles |= {"depart_sur_la_courbe_pmt"}
    assert set(ESTIMES.variables) - set(CONVENTION.variables) == nouvelles
    redites = {"objectif_pmt_connu", "part_aide_connue"}
    for nom, variable in CONVENTION.variables.items():
        touchee = nom in redites | {"objectif_pmt"}
        assert (ESTIMES.variables[nom] is variable) != touchee, nom
    for nom in redites:
        avant, apres = CONVENTION.variables[nom], ESTIMES.variables[nom]
        assert apres.formule is avant.formule
        assert apres.reference == avant.reference
        assert apres.label.endswith("estimé")
        assert "Vrai aussi où l’objectif de PMT est une estimation" in apres.documentation
        assert "estim" not in f"{avant.label} {avant.documentation}"


def test_chaque_regle_de_l_estimation_le_dit_et_celle_de_la_loi_ne_le_dit_pas() -> None:
    for nom in {*ESTIMES.variables} - {*CONVENTION.variables} | {"objectif_pmt"}:
        dit = str(ESTIMES.variables[nom].documentation)
        de_la_loi = nom == "objectif_pmt_hors_estimation"
        assert dit.endswith(estimes.objectifs_estimes.mention) != de_la_loi, nom
    assert "selon la loi" in ESTIMES.variables["objectif_pmt_hors_estimation"].label


@pytest.mark.parametrize(
    ("dessous", "dessus"),
    [("courbe_basse", "courbe_haute"), ("courbe_haute", "courbe_basse"), ("courbe_basse",) * 2],
)
def test_deux_bouts_de_l_intervalle_ne_s_ajoutent_pas(dessous: str, dessus: str) -> None:
    noms = ["objectifs_estimes", f"objectifs_estimes.{dessous}", "lectures.base_du_taux"]
    with pytest.raises(ReformeInconnue, match=f"« {dessus} » ne s’ajoute pas à « {dessous} »"):
        lois.lois([*noms, f"objectifs_estimes.{dessus}"], comparer=False)
    autres = [*noms, "objectifs_estimes.demi_etp"]
    assert lois.lois(autres, comparer=False)


@pytest.mark.parametrize("nom", estimes.HYPOTHESES)
def test_une_hypothese_se_pose_sur_l_estimation_et_nulle_part_ailleurs(nom: str) -> None:
    hypothese = trouver_reforme(f"objectifs_estimes.{nom}")
    assert hypothese is getattr(estimes, nom)
    with pytest.raises(ReformeInvalide, match="Remède : demander d’abord objectifs_estimes"):
        hypothese(CONVENTION)
    # Over another reform too.
    description, _ = lois.loi(f"objectifs_estimes+convention_2024+objectifs_estimes.{nom}")
    assert description == f"objectifs_estimes + convention_2024 + objectifs_estimes.{nom}"


@pytest.mark.long
def test_deux_hypotheses_s_ajoutent() -> None:
    saisies = {"date_signature": "2024-09-10", "option_etp_initiale": "demi_etp"}
    attendus = {"": 0, "+demi_etp": 0, "+sous_la_convention": 0}
    attendus |= dict.fromkeys(
        ("+demi_etp+sous_la_convention", "+sous_la_convention+demi_etp"), 1300 + 130
    )
    for plus, objectif in attendus.items():
        noms = "convention_2024+objectifs_estimes" + plus.replace("+", "+objectifs_estimes.")
        calcul = au_depart(lois.loi(noms)[1], range(1300, 1301), **saisies)
        assert calcul.calculate("objectif_pmt", 2026).tolist() == [objectif], plus


def test_l_estimation_garde_une_autre_regle_posee_dessous() -> None:
    dessous = lectures.installation_seuil(BASE)
    assert estimes.objectifs_estimes(dessous).variables["objectif_pmt"].label.endswith("estimée")
    hors = ESTIMES.variables["objectif_pmt_hors_estimation"]
    assert hors.formule is CONVENTION.variables["objectif_pmt"].formule
    assert hors.name == "objectif_pmt_hors_estimation"


def test_l_estimation_ne_se_pose_pas_deux_fois() -> None:
    with pytest.raises(ReformeInvalide, match="déjà une table « objectif_estime »"):
        estimes.objectifs_estimes(ESTIMES)


def test_les_noms_courts_et_le_plus_proche() -> None:
    noms = ["objectifs_estimes", *(f"objectifs_estimes.{nom}" for nom in estimes.HYPOTHESES)]
    assert set(noms) <= set(registre.connues())
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
    assert len(chiffres) >= 7
    for chiffre in chiffres:
        assert chiffre.description.startswith("Estimation"), chiffre.name
        publie = chiffre.name.startswith("objectif_estime.ancre.")
        confiance = "secondaire" if publie else "inference"
        assert chiffre.metadata["confiance"] == {"2023-05-01": confiance}, chiffre.name
        # What no source publishes cites none.
        hypothese = chiffre.metadata.get("hypothese") is True
        assert hypothese != bool(chiffre.metadata.get("reference")), chiffre.name
    (p99,) = (chiffre for chiffre in chiffres if chiffre.name.endswith(".p99_central"))
    (retenue,) = (chiffre for chiffre in chiffres if chiffre.name.endswith(".courbe_retenue"))
    assert p99.metadata["hypothese"] is retenue.metadata["hypothese"] is True


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
    # 228.86; 201.38; 260
    bornes = {"patients_en_plus": 229, "au_moins": 201, "au_plus": 260, "hypotheses": []}
    for annee in lu["annees"]:
        assert annee["objectif_pmt_estime"] is True
        # In full in years 1 and 2; of 2027, what was observed is not known.
        estimee = annee["annee"] in (2025, 2026)
        assert annee["estimation"] == {**bornes, "part_estimee": estimee}
        assert annee["objectif_pmt"] == 1500 + 229
    (note,) = (note for note in lu["notes"] if note["code"] == "estimation")
    assert note["annees"] == [2023, 2024, 2025, 2026, 2027]
    debut = "Estimation : l’objectif de PMT de 2023 à 2027 (229 patients en plus, de 201 à 260 "
    assert note["texte"].startswith(f"{debut}selon les courbes possibles) vient d’une courbe ")
    assert "Sont aussi des estimations la part, le dû et le solde de 2025 et 2026" in note["texte"]
    assert "les totaux, ce qui est versé et le reste à charge." in note["texte"]
    assert "Hypothèse" not in note["texte"]


def test_le_rapport_dit_quand_aucun_montant_n_en_depend() -> None:
    lu = rapport("objectifs_estimes", patientele_mt={}, file_active={})
    (note,) = (note for note in lu["notes"] if note["code"] == "estimation")
    assert "Aucun montant montré n’en dépend." in note["texte"]
    assert not any(annee["estimation"]["part_estimee"] for annee in lu["annees"])


CONVENTIONNEL = {"date_signature": "2024-09-10", "patientele_mt": {2026: 1600}}
DEMI_ETP = {"option_etp_initiale": "demi_etp"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("nom", "saisies", "mots"),
    [
        ("sous_la_convention", CONVENTIONNEL, "la convention de 2024 garderait la courbe"),
        ("demi_etp", DEMI_ETP, "1/2 ETP demanderait la moitié de la courbe"),
    ],
)
def test_une_hypothese_de_plus_se_dit_ou_elle_joue(
    nom: str, saisies: dict[str, Any], mots: str
) -> None:
    noms = ("convention_2024", "objectifs_estimes", f"objectifs_estimes.{nom}")
    for donnees, dites in ((saisies, [nom]), ({}, [])):
        lu = rapport(*noms, **donnees)
        (note,) = (note for note in lu["notes"] if note["code"] == "estimation")
        assert ("Hypothèse de plus : " in note["texte"]) == (dites != [])
        assert (mots in note["texte"]) == (dites != [])
        assert all(annee["estimation"]["hypotheses"] == dites for annee in lu["annees"])
        lue = expliquer(simulation(lois.loi("+".join(noms))[1], **donnees), "aide_due", 2026)
        reserves = {r["variable"]: r["texte"].replace("\u00a0", " ") for r in lue["reserves"]}
        assert "objectif_pmt_estime" in reserves
        variable = {"demi_etp": "estimation_a_demi_etp"}.get(nom, f"estimation_{nom}")
        assert (mots in reserves.get(variable, "")) == (dites != [])
        # One sentence, here and there.
        assert (reserves.get(variable, "?") in note["texte"]) == (dites != [])
        assert ("L’intervalle n’en tient pas compte." in note["texte"]) == (dites != [])


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
    estimation = lu["annees"][2]["estimation"]
    bornes = {"patients_en_plus": 201, "au_moins": 201, "au_plus": 260}
    assert {nom: estimation[nom] for nom in bornes} == bornes
    # 100 / 201 of 21 000, against 100 / 229 and 100 / 260.
    assert lu["annees"][2]["aide_due"] == round(21_000 * 100 / 201, 2)


def test_un_autre_depart_par_avenant_ote_l_estimation_et_se_demande() -> None:
    lu = rapport("objectifs_estimes", depart_pmt_avenant={2025: 1550})
    annee = lu["annees"][2]
    assert annee["objectif_pmt"] is annee["estimation"] is None
    assert annee["inconnus"] == [{"compte": "pmt", "manque": "objectif"}]
    assert annee["aide_due"] == 21_000
    assert lu["annees"][3]["estimation"] is not None


def sorties(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.long
def test_les_points_douteux_et_les_differences_disent_l_estimation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "medecin.json"
    fichier.write_text(json.dumps(MEDECIN), "utf-8")
    debut = "Estimation : l’objectif de PMT de 2023 à 2027 (229 patients en plus"
    lu = sorties(capsys, "lectures", str(fichier), "--reforme", "objectifs_estimes")
    assert lu.count(debut) == 1
    assert "Estimation" not in sorties(capsys, "lectures", str(fichier))
    (medecin,) = points_douteux.effets(MEDECIN, ["objectifs_estimes"], None)["medecins"]
    assert medecin["estimation"].startswith(debut)
    (medecin,) = points_douteux.effets(MEDECIN, [], None)["medecins"]
    assert medecin["estimation"] is None

    ecarts = differences(("base", BASE, None), ("estimes", LOIS["base"], None))["parametres"]
    marques = {ecart["parametre"]: ecart["hypothese"] for ecart in ecarts}
    assert [nom for nom, marquee in marques.items() if marquee] == [
        "objectif_estime.courbe_retenue",
        "objectif_estime.p99_central",
    ]
    dit = sorties(capsys, "differences", "--entre", "base", "objectifs_estimes")
    assert "(hypothèse)" in dit


@pytest.mark.long
def test_l_explication_dit_hypothese_ce_qu_aucune_source_ne_publie(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "medecin.json"
    fichier.write_text(json.dumps(MEDECIN), "utf-8")
    page = tmp_path / "page.html"
    demande = ("aide_due", "2025", "--reforme", "objectifs_estimes", "--profondeur", "0")
    dit = sorties(capsys, "expliquer", str(fichier), *demande)
    assert "Hypothèse : objectif_estime.p99_central = 2 970 patients" in dit.replace("\u202f", " ")
    assert "Hypothèse : objectif_estime.courbe_retenue = la courbe centrale" in dit
    assert "Loi : objectif_estime.ancre.depart" in dit
    assert "Loi : objectif_estime.p99_central" not in dit
    sorties(capsys, "expliquer", str(fichier), *demande[:4], "--html", str(page))
    assert "Hypothèse, sans source" in page.read_text("utf-8")


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


@pytest.mark.long
def test_l_explication_dit_l_estimation_et_son_intervalle() -> None:
    lue = expliquer(simulation(LOIS["base"]), "aide_due", 2025)
    (reserve,) = (r for r in lue["reserves"] if r["variable"] == "objectif_pmt_estime")
    dit = reserve["texte"].replace("\u00a0", " ")
    assert "(229 patients en plus, de 201 patients à 260 patients selon les courbes" in dit
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
    assert len(chiffres) == 7
    for chiffre in chiffres:
        publie = chiffre["parametre"].startswith("objectif_estime.ancre.")
        assert chiffre["confiance"] == ("secondaire" if publie else "inference")
        assert chiffre["description"].startswith("Estimation")
        assert chiffre["hypothese"] == (not chiffre["references"])


@pytest.mark.long
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


@pytest.mark.long
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
            ("part_aide_estimee", 2026),
            ("estimation_a_demi_etp", 2026),
            ("estimation_sous_la_convention", 2026),
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


def test_la_page_donne_l_intervalle_que_rend_le_modele() -> None:
    lignes = re.findall(
        r"^\| (\d[\d ]*)(?: à ([\d ]+))?[^|]*\| (\d+) \| (\d+) \| (\d+) \|", PAGE, re.M
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
    for nom in registre.connues():
        assert not nom.startswith("objectifs_estimes") or f"`{nom}`" in PAGE, nom
