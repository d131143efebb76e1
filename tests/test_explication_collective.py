"""Explanations across entities: a practice and its doctors, worked out member by member."""

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from rich.console import Console

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import Variable, selon
from openfisca_assistant_medical.entities import Cabinet, Medecin
from openfisca_assistant_medical.mots import DemandeInconnue
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.tracabilite.explication import (
    Explicable,
    expliquer,
    expliquer_situation,
)
from openfisca_assistant_medical.tracabilite.explication.restitution import afficher, en_html
from tests.rejeu import feuille, feuilles, figure, rejouer

SYSTEME = aide_collective_2026(convention_2024(CountryTaxBenefitSystem()))
NOMS = ["convention_2024", "aide_collective_2026"]


def medecin(**champs: Any) -> dict[str, Any]:
    donnees = {
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
        "aide_collective_date_adhesion": "2026-11-02",
        "aide_collective_associe": "associe",
        "aide_collective_pmt_initiale": 1000,
        "aide_collective_pfa_initiale": 1500,
        **champs,
    }
    return {
        nom: valeur if isinstance(valeur, dict) else {"ETERNITY": valeur}
        for nom, valeur in donnees.items()
        if valeur is not None
    }


OBSERVE = {"aide_collective_pfa_observee": {"2028": 1555}}
# A group of four, two of whom count in 2028; another alone in a practice without a contract; and a
# group of which a count is not known.
SITUATION: dict[str, Any] = {
    "medecins": {
        "Alix": medecin(
            aide_collective_pamsu=True, aide_collective_pmt_observee={"2028": 1200}, **OBSERVE
        ),
        "Seule": medecin(aide_collective_date_adhesion=None),
        "Bo": medecin(
            date_signature="2024-07-01",
            date_resiliation="2026-11-02",
            aide_collective_pmt_deja_gagnee=100,
            aide_collective_pfa_deja_gagnee=0,
            aide_collective_pmt_observee={"2028": 1010},
            **OBSERVE,
        ),
        "Cam": medecin(
            date_installation="2026-01-15",
            aide_collective_date_sortie="2028-11-02",
            aide_collective_pmt_initiale=900,
        ),
        "Dan": medecin(specialite="mep"),
        "Eli": medecin(aide_collective_pmt_observee={"2028": 1200}),
    },
    "cabinets": {
        "Ormes": {"membres": ["Eli"], "aide_collective_date_signature": {"ETERNITY": "2026-11-02"}},
        "Isole": {"membres": ["Seule"]},
        "Tilleuls": {
            "membres": ["Alix", "Bo", "Cam", "Dan"],
            "aide_collective_date_signature": {"ETERNITY": "2026-11-02"},
            "aide_collective_societe": {"ETERNITY": "scm"},
            "aide_collective_etp_demandes": {"ETERNITY": 1},
        },
    },
}


def explicable() -> Explicable:
    return Explicable(SimulationBuilder().build_from_entities(SYSTEME, SITUATION))


def collectives() -> Iterator[tuple[str, str]]:
    for nom, variable in SYSTEME.variables.items():
        if nom.startswith("aide_collective_") and variable.formulas:
            annuelle = variable.definition_period == DateUnit.YEAR
            yield from ((nom, p) for p in (("2026", "2028", "2031") if annuelle else ("ETERNITY",)))


def fautes(rapport: dict[str, Any]) -> Iterator[str]:
    for etape in rapport["etapes"]:
        ou = f"{etape['label']}@{etape['periode']}"
        if etape["obstacle"]:
            yield f"{ou} : {etape['obstacle']}"
            continue
        attendu, rejoue = feuille(etape["valeur"]), rejouer(etape["calcul"])
        proche = isinstance(attendu, Fraction) and abs(rejoue - attendu) < Fraction(1, 10**9)
        if not (proche or rejoue == attendu):
            yield f"{ou} : {rejoue} rejoué, {attendu} annoncé"
        for lue in feuilles(etape["calcul"]):
            publiee = lue["genre"] == "parametre" and lue["parametre"] is not None
            if publiee and figure(SYSTEME, lue) != lue["valeur"]:
                yield f"{ou} : {lue}"


@pytest.mark.long
def test_rejouer_l_arithmetique_de_chaque_regle_du_cabinet_redonne_son_resultat() -> None:
    calcul = explicable()
    trouvees, etapes = [], 0
    for rang in range(len(calcul.medecins)):
        for nom, periode in collectives():
            rapport = calcul.expliquer(nom, periode, rang)
            etapes += len(rapport["etapes"])
            trouvees += list(fautes(rapport))
    assert not trouvees, f"{len(trouvees)} fautes, dont :\n" + "\n".join(trouvees[:8])
    assert etapes > 5_000


def etape(rapport: dict[str, Any], variable: str, label: str = "") -> dict[str, Any]:
    (trouvee,) = (e for e in rapport["etapes"] if e["variable"] == variable and label in e["label"])
    return trouvee


def test_une_somme_se_lit_medecin_par_medecin() -> None:
    rapport = expliquer(
        SimulationBuilder().build_from_entities(SYSTEME, SITUATION), "aide_collective_due", 2028
    )
    assert rapport["medecin"] == "Tilleuls"
    # 1 200 + 1 010 − 2 000 = 210 gained of 260 − 100 = 160 to gain; 110 of 110 in PFA: the whole.
    assert rapport["valeur"] == 22_000
    depart = etape(rapport, "aide_collective_depart_pmt")
    assert depart["valeur"] == 2_000
    somme = depart["calcul"]["resultat"]["lignes"][0]["valeur"]
    lues = [f for f in feuilles(somme) if f["variable"] == "aide_collective_pmt_initiale"]
    assert [(f["membre"], f["valeur"]) for f in lues] == [
        ("Alix", 1_000), ("Bo", 1_000), ("Cam", 900), ("Dan", 1_000)
    ]  # fmt: skip
    chiffres = "1 000 patients × 1 + 1 000 patients × 1 + 900 patients × 0 + 1 000 patients × 0"
    assert chiffres in depart["chiffres"].replace("\u202f", " ").replace("\u00a0", " ")


def test_chaque_medecin_a_ses_etapes_et_ses_donnees() -> None:
    rapport = explicable().expliquer("aide_collective_due", 2028)
    adherents = {
        e["label"].rpartition(", ")[2]: (e["valeur"], e["numero"])
        for e in rapport["etapes"]
        if e["variable"] == "aide_collective_adherent"
    }
    assert {nom: valeur for nom, (valeur, _) in adherents.items()} == {
        "Alix": True, "Bo": True, "Cam": False, "Dan": False
    }  # fmt: skip
    suivantes = etape(rapport, "aide_collective_adherents")["suivantes"]
    assert {numero for _, numero in adherents.values()} <= set(suivantes)
    # Dan's refusal leads to Dan's speciality, and to nobody else's.
    refus = etape(rapport, "aide_collective_adhesion_admise", ", Dan")
    (specialite,) = refus["suivantes"]
    assert rapport["etapes"][specialite - 1]["label"].endswith(", Dan")
    donnees = {saisie["label"]: saisie for saisie in rapport["saisies"]}
    assert donnees["Spécialité du médecin, Dan"]["valeur"] == "mep"
    assert donnees["Spécialité du médecin, Dan"]["donnee"]
    deja_gagnee = "PMT déjà gagnée sous l’ancien contrat individuel"
    assert donnees[f"{deja_gagnee}, Bo"]["valeur"] == 100
    assert donnees["Société qui signe le contrat collectif"]["donnee"]
    assert not any("Seule" in label or "Eli" in label for label in donnees)


def test_ce_qui_manque_a_un_medecin_du_cabinet_est_dit() -> None:
    calcul = explicable()
    rapport = calcul.expliquer("aide_collective_due", 2028, calcul.medecins.index("Eli"))
    assert rapport["medecin"] == "Ormes"
    reserves = {reserve["variable"]: reserve for reserve in rapport["reserves"]}
    assert set(reserves) == {
        "aide_collective_eligibilite_connue",
        "aide_collective_etp_connus",
        "aide_collective_part_connue",
    }
    manque = [m["label"] for m in reserves["aide_collective_part_connue"]["manque"]]
    assert "PFA du médecin observée pour l’année de contrat du cabinet, Eli" in manque
    assert not any(", Alix" in label for label in manque)


def test_ce_qui_n_est_pas_donne_a_ses_propres_mots() -> None:
    calcul = explicable()
    etp = etape(calcul.expliquer("aide_collective_etp", 2028), "aide_collective_etp")
    assert "sans avenant" in str(etp)
    carence = calcul.expliquer("aide_collective_hors_carence", "ETERNITY")
    dites = str(etape(carence, "aide_collective_hors_carence"))
    assert "aucune" in dites
    assert "01/01/1970" not in dites


def test_une_variable_d_un_medecin_lit_celle_de_son_cabinet() -> None:
    calcul = explicable()
    rapport = calcul.expliquer("aide_collective_adherent", 2028, calcul.medecins.index("Cam"))
    assert (rapport["medecin"], rapport["valeur"]) == ("Cam", False)
    debut = etape(rapport, "aide_collective_debut_annee")
    assert debut["valeur"] == "2028-11-02"
    # Alone, a doctor is not named at each line.
    assert not any(e["label"].endswith(", Cam") for e in rapport["etapes"])


# --- From a situation, and for people -------------------------------------------------------------


@pytest.mark.parametrize("qui", ["Tilleuls", "Dan"])
def test_le_cabinet_se_designe_par_son_nom_ou_un_de_ses_medecins(qui: str) -> None:
    brut = {**SITUATION, "medecins": {**SITUATION["medecins"]}}
    brut["medecins"]["Seule"] = {
        **SITUATION["medecins"]["Seule"],
        "date_signature": {"ETERNITY": "2024-07-01"},
        "aide_collective_associe": {"ETERNITY": "non_declare"},
        "aide_collective_pmt_initiale": {"ETERNITY": -1},
        "aide_collective_pfa_initiale": {"ETERNITY": -1},
    }
    rapport = expliquer_situation(brut, "aide_collective_signataires", None, NOMS, qui)
    assert (rapport["medecin"], rapport["valeur"]) == ("Tilleuls", 3)
    assert rapport["loi"]["id"] == "convention_2024 + aide_collective_2026"
    with pytest.raises(DemandeInconnue, match=r"2 cabinets : dire lequel.*\(Ormes, Tilleuls\)\.$"):
        expliquer_situation(brut, "aide_collective_signataires", None, NOMS)
    with pytest.raises(DemandeInconnue, match="le plus proche : « Dan »"):
        expliquer_situation(brut, "aide_collective_signataires", None, NOMS, "Dani")


def test_un_seul_contrat_collectif_se_passe_de_nom() -> None:
    brut = {
        "medecins": {nom: SITUATION["medecins"][nom] for nom in ("Alix", "Dan")},
        "cabinets": {"Tilleuls": {**SITUATION["cabinets"]["Tilleuls"], "membres": ["Dan", "Alix"]}},
    }
    rapport = expliquer_situation(brut, "aide_collective_due", "2026", NOMS)
    assert (rapport["medecin"], rapport["valeur"]) == ("Tilleuls", 38_000)
    sortie = io.StringIO()
    afficher(Console(file=sortie, width=100, highlight=False, markup=False, emoji=False), rapport)
    texte = " ".join(sortie.getvalue().split())
    assert texte.startswith("Tilleuls, Convention médicale 2024-2029 ; puis Aide collective")
    assert "Texte : MESDOCS (source secondaire), montants" in texte
    page = en_html(rapport)
    assert "<p>Tilleuls, 2026." in page
    assert "Alix" in page


# --- What is not read -----------------------------------------------------------------------------


def avec_regle(formule: Any, entite: Any = Cabinet) -> Any:
    """The law with one rule more, and its value for the group."""

    class essai(aide_collective_2026):
        apporte = ()
        dossier = None
        regles = None

        def apply(self) -> None:
            super().apply()
            attributs = {
                "value_type": float,
                "entity": entite,
                "definition_period": DateUnit.ETERNITY,
                "label": "Essai",
                "unit": "patient",
                "formula": formule,
            }
            self.add_variable(type("essai", (Variable,), attributs))

    return essai(SYSTEME)


def expliquer_regle(formule: Any, entite: Any = Cabinet) -> dict[str, Any]:
    systeme = avec_regle(formule, entite)
    simulation = SimulationBuilder().build_from_entities(systeme, SITUATION)
    return Explicable(simulation).expliquer("essai", "ETERNITY")["etapes"][0]


def nommee(cabinets: Any, period: Any) -> Any:
    pmt = cabinets.members("aide_collective_pmt_initiale", period)
    connue, double = pmt >= 0, pmt + pmt
    return cabinets.sum(selon((connue, double), sinon=0)) * cabinets.any(pmt > 950)


def hors_d_une_somme(cabinets: Any, period: Any) -> Any:
    pmt = cabinets.members("aide_collective_pmt_initiale", period)
    return cabinets.value_from_first_person(pmt)


def rendue_telle_quelle(cabinets: Any, period: Any) -> Any:
    return cabinets.max(cabinets.members("aide_collective_pmt_initiale", period))


def par_role(cabinets: Any, period: Any) -> Any:
    pmt = cabinets.members("aide_collective_pmt_initiale", period)
    return cabinets.sum(pmt, role=Cabinet.MEMBRE)


def du_cabinet_d_un_medecin(medecins: Any, period: Any) -> Any:
    return medecins.cabinet.sum(medecins("aide_collective_pmt_initiale", period))


def test_un_nom_donne_a_ce_qu_ont_les_membres_se_lit_dans_la_somme() -> None:
    lue = expliquer_regle(nommee)
    # Twice 1 000 + 1 000 + 900 + 1 000
    assert (lue["obstacle"], lue["valeur"]) == (None, 7_800)
    assert rejouer(lue["calcul"]) == 7_800


@pytest.mark.parametrize(
    ("formule", "entite"),
    [
        (hors_d_une_somme, Cabinet),
        (rendue_telle_quelle, Cabinet),
        (par_role, Cabinet),
        (du_cabinet_d_un_medecin, Medecin),
    ],
)
def test_ce_qui_ne_se_lit_pas_est_dit_avec_ce_qui_est_demande(formule: Any, entite: Any) -> None:
    simulation = SimulationBuilder().build_from_entities(avec_regle(formule, entite), SITUATION)
    rapport = Explicable(simulation).expliquer("essai", "ETERNITY")
    (premiere, *_) = rapport["etapes"]
    assert premiere["obstacle"]
    assert premiere["calcul"] is None
    assert rapport["valeur"] is not None
    assert "aide_collective_pmt_initiale" in [s["variable"] for s in rapport["saisies"]]
