"""Explanations of results: they come from the computation itself, and say all it rests on."""

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import numpy
import pytest
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem, exemples, textes
from openfisca_assistant_medical.affichage import minuscule
from openfisca_assistant_medical.droit import Variable, arrondi_au_centime, droit_au, selon
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.lois import sous_l_autre_lecture
from openfisca_assistant_medical.mots import DemandeInconnue
from openfisca_assistant_medical.nomenclatures import MotifIneligibilite
from openfisca_assistant_medical.reforms import lectures
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes import objectifs_estimes
from openfisca_assistant_medical.situations import SituationInvalide
from openfisca_assistant_medical.tracabilite import explication
from openfisca_assistant_medical.tracabilite.explication import (
    Explicable,
    expliquer,
    expliquer_situation,
)
from openfisca_assistant_medical.tracabilite.explication.arbre import OPERATIONS, en_donnees
from openfisca_assistant_medical.tracabilite.explication.recit import Recit
from tests.medecins_au_hasard import medecins, situation
from tests.rejeu import feuille, feuilles, figure, rejouer

BASE = CountryTaxBenefitSystem()
LOIS = {"base": BASE, "convention_2024": convention_2024(BASE)}
PAQUET = files("openfisca_assistant_medical")
EXEMPLES = {nom: exemples.situation(nom) for nom in sorted(exemples.EXEMPLES)}
SCHEMA = json.loads(
    (PAQUET / "tracabilite" / "explication" / "schema_explication.json").read_text("utf-8")
)
VALIDATEUR = jsonschema.Draft202012Validator(SCHEMA)
DEPARTS = {"patientele_mt_initiale": 1000, "file_active_initiale": 1500}


@pytest.fixture(autouse=True, scope="module")
def _lois_gardees() -> Iterator[None]:
    """Make each law under each other reading once."""
    with pytest.MonkeyPatch.context() as gardees:
        gardees.setattr(explication, "sous_l_autre_lecture", cache(sous_l_autre_lecture))
        yield


# --- Doctors, and their explanations --------------------------------------------------------------


def explicable(systeme: Any, tirage: list[dict[str, Any]]) -> tuple[Explicable, list[int]]:
    """Doctors under a law, and their ranks among the members of their practices."""
    simulation = SimulationBuilder().build_from_entities(systeme, situation(tirage))
    noms = list(simulation.persons.ids)
    return Explicable(simulation), [noms.index(f"m{rang}") for rang in range(len(tirage))]


def medecin(**saisies: Any) -> dict[str, Any]:
    """A GP who signs on 2024-07-01 for one full-time post, known at the start."""
    return {
        "date_signature": date(2024, 7, 1),
        "specialite": "generaliste",
        "option_etp_initiale": "un_etp",
        **DEPARTS,
        **saisies,
    }


# Objectives known, and half of the better one reached at the third year: (1 100 − 1 000) of
# (1 200 − 1 000) ; the other at 30 of 100.
A_MOITIE = {
    "objectif_pmt_contractuel": 1200,
    "objectif_pfa_contractuel": 1600,
    "patientele_mt": {2026: 1100},
    "file_active": {2026: 1530},
}
AVENANT_7 = {"date_signature": date(2022, 3, 1), "patientele_mt_initiale": 1300}
SENIOR = {"date_signature": date(2024, 9, 1), "date_naissance": date(1958, 5, 20)}
PRIMO = {"patientele_mt_initiale": 600, "date_installation": date(2024, 4, 1)}
CHIRURGIEN = {"specialite": "chirurgien", "patientele_mt_initiale": -1}
DEUX_ETP = {
    "zone": "zip",
    "option_etp_avenant": {2025: "deux_etp"},
    "contrat_un_etp_anterieur": {2025: True},
    "objectifs_integralement_atteints": {2025: True},
}
CARDIOLOGUE = {
    "specialite": "cardiologue",
    "patientele_mt_initiale": -1,
    "file_active_initiale": 1457,
    "objectif_pfa_contractuel": 1557,
    "file_active": {2026: 1507},
}
# By name: the law they are asked about is said at each question.
NOMMES: dict[str, dict[str, Any]] = {
    "a_moitie": medecin(**A_MOITIE),
    "en_baisse": medecin(**A_MOITIE | {"file_active": {2026: 1499}}),
    "p30": medecin(patientele_mt_initiale=775),
    "p95": medecin(patientele_mt_initiale=2187),
    "pfa_seule": medecin(patientele_mt_initiale=700, file_active_initiale=1300),
    "pfa_haute": medecin(patientele_mt_initiale=1300, file_active_initiale=3300),
    "honoraires": medecin(**CHIRURGIEN, part_honoraires_cliniques=0.8),
    "primo": medecin(**PRIMO, file_active_initiale=1000),
    "primo_sous_p30": medecin(**PRIMO, patientele_mt={2026: 774}, file_active={2026: 1300}),
    "primo_a_95": medecin(**PRIMO, patientele_mt={2026: 993}, file_active={2026: 1300}),
    "zac": medecin(**AVENANT_7, zone="zac"),
    "p90_avenant_7": medecin(**AVENANT_7 | {"patientele_mt_initiale": 1600}, zone="zip"),
    "deux_etp": medecin(**DEUX_ETP, patientele_mt_initiale=2300),
    "senior": medecin(**SENIOR, patientele_mt={2027: 900}, file_active={2027: 1350}),
    "senior_de_65_ans": medecin(
        **SENIOR | {"date_naissance": date(1959, 5, 20)},
        patientele_mt={2026: 900},
        file_active={2026: 1350},
    ),
    "tiers": medecin(
        **AVENANT_7,
        option_etp_initiale="tiers_etp",
        membres_du_cabinet=2,
        tranche_pfa_declaree="p30_p90",
        objectif_pmt_contractuel=1500,
        objectif_pfa_contractuel=1600,
        patientele_mt={2024: 1400},
        file_active={2024: 1500},
    ),
    "proroge": medecin(
        date_signature=date(2020, 3, 2), membres_du_cabinet=2, prorogation_signee=True, zone="zip"
    ),
    "modulee_avant_2024": medecin(
        **A_MOITIE | {"file_active": {2026: 1499}}, date_signature=date(2024, 6, 1)
    ),
    "trop_verse": medecin(date_resiliation=date(2025, 12, 31)),
    "la_veille": medecin(date_signature=date(2024, 6, 21)),
    "cardiologue": medecin(**CARDIOLOGUE),
    "sans_objectif": medecin(patientele_mt={2026: 1100}, file_active={2026: 1530}),
    "sans_resultat": medecin(objectif_pmt_contractuel=1200, objectif_pfa_contractuel=1600),
    "sans_depart": medecin(patientele_mt_initiale=-1),
    "commission": medecin(part_aide_decidee={2026: 0.8}),
    "complet": medecin(**A_MOITIE, cout_employeur_annuel={2026: 40_000.0}),
    # Refused, each for one reason.
    "aucun_texte": medecin(date_signature=date(2019, 8, 19)),
    "radiologue": medecin(specialite="radiologue"),
    "secteur_2": medecin(secteur_conventionnel="secteur_2"),
    "sous_p30": medecin(patientele_mt_initiale=774),
    "isole": medecin(date_signature=date(2022, 1, 1), option_etp_initiale="demi_etp"),
    "tiers_en_2024": medecin(option_etp_initiale="tiers_etp"),
    "carence": medecin(
        carence_applicable=True, date_resiliation_contrat_precedent=date(2022, 7, 2)
    ),
}


@cache
def nommes(loi: str) -> Explicable:
    """The doctors above and those of the examples, under a law."""
    ensemble = situation(list(NOMMES.values()))
    for exemple in EXEMPLES.values():
        for entite, objets in exemple.items():
            ensemble[entite] |= copy.deepcopy(objets)
    return Explicable(SimulationBuilder().build_from_entities(LOIS[loi], ensemble))


def rang_de(loi: str, nom: str) -> int:
    """Rank of a doctor above, or of an example by first name."""
    interne = f"m{list(NOMMES).index(nom)}" if nom in NOMMES else nom
    return nommes(loi).medecins.index(interne)


@cache
def expliquer_nomme(loi: str, nom: str, variable: str, periode: Any = "ETERNITY") -> dict[str, Any]:
    return nommes(loi).expliquer(variable, periode, rang_de(loi, nom))


def etapes_de(calcul: Explicable, variable: str, periode: Any, rang: int = 0) -> list[Any]:
    """The steps alone: no reading is tried."""
    recit = Recit(calcul, rang)
    recit.suivre(calcul.cle(variable, periode))
    return recit.etapes


def sans_lectures(loi: str, nom: str, variable: str, periode: Any) -> dict[str, Any]:
    """What an explanation says but for the readings."""
    recit = Recit(nommes(loi), rang_de(loi, nom))
    cle = nommes(loi).cle(variable, periode)
    recit.suivre(cle)
    recit.reserver()
    valeur = nommes(loi).valeur(cle, rang_de(loi, nom))
    return {"valeur": valeur, "etapes": recit.etapes, "reserves": recit.reserves}


def etape(rapport: Any, variable: str, periode: Any = None) -> dict[str, Any]:
    """The one step of a variable."""
    etapes = rapport if isinstance(rapport, list) else rapport["etapes"]
    (trouvee,) = (
        e for e in etapes if e["variable"] == variable and periode in (None, e["periode"])
    )
    return trouvee


def lectures_de(rapport: dict[str, Any]) -> dict[str, tuple[Any, bool]]:
    """Readings that can be computed: the other value, and whether it is another."""
    return {
        lecture["id"]: (lecture["valeur_autre"], lecture["change"])
        for lecture in rapport["lectures"]
        if lecture["change"] is not None
    }


def decisives(noeud: Any, dites: bool = False) -> list[dict[str, Any]]:
    """Leaves of an arithmetic that its value hangs on.

    Args:
        noeud: an arithmetic, or a part of it.
        dites: without those by which a table is read, which are told by their value alone.
    """
    if isinstance(noeud, list):
        return [f for element in noeud for f in decisives(element, dites)]
    if not isinstance(noeud, dict) or "indifferent" in noeud:
        return []
    if dites and noeud.get("genre") == "parametre":
        return [noeud]
    sous = [f for element in noeud.values() for f in decisives(element, dites)]
    return [noeud, *sous] if noeud.get("genre") in ("variable", "parametre") else sous


# --- Replay ---------------------------------------------------------------------------------------


class Verite:
    """Values computed apart, without a trace."""

    def __init__(self, systeme: Any, tirage: list[dict[str, Any]]) -> None:
        self.systeme = systeme
        self._simulation = SimulationBuilder().build_from_entities(systeme, situation(tirage))
        self._valeurs: dict[tuple[str, str], list[Any]] = {}

    def __call__(self, variable: str, periode: str, rang: int) -> Any:
        cle = variable, periode
        if cle not in self._valeurs:
            tableau = self._simulation.calculate(*cle)
            if hasattr(tableau, "decode_to_str"):
                tableau = tableau.decode_to_str()
            self._valeurs[cle] = tableau.tolist()
        valeur = self._valeurs[cle][rang]
        return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def fautes(etapes: list[dict[str, Any]], verite: Verite, rang: int) -> list[str]:
    """Steps whose arithmetic does not give their value, and leaves that are not what they say."""
    trouvees = []
    for e in etapes:
        ou = f"{e['variable']}@{e['periode']}"
        if e["calcul"] is None:
            trouvees.append(f"{ou} : {e['obstacle']}")
            continue
        attendu, rejoue = feuille(verite(e["variable"], e["periode"], rang)), rejouer(e["calcul"])
        if not _egal(rejoue, attendu) or feuille(e["valeur"]) != attendu:
            trouvees.append(f"{ou} : {rejoue} rejoué, {e['valeur']} annoncé, {attendu} calculé")
        for lue in feuilles(e["calcul"]):
            if lue["genre"] == "variable":
                juste = verite(lue["variable"], lue["periode"], rang) == lue["valeur"]
            else:
                juste = lue["parametre"] is None or figure(verite.systeme, lue) == lue["valeur"]
            if not juste:
                trouvees.append(f"{ou} : {lue}")
    return trouvees


def _egal(rejoue: Any, attendu: Any) -> bool:
    if isinstance(attendu, Fraction):
        return abs(Fraction(rejoue) - attendu) < Fraction(1, 10**9)
    return bool(rejoue == attendu)


def rejouer_un_tirage(loi: str, nombre: int) -> int:
    """Replay the explanations of drawn doctors; gives the number of results replayed."""
    tirage = medecins(20, nombre)
    calcul, rangs = explicable(LOIS[loi], tirage)
    verite = Verite(LOIS[loi], tirage)
    rejouees, trouvees = 0, []
    for tour, rang in enumerate(rangs):
        annee = tirage[tour]["date_signature"].year + tour % 6 if tour % 9 else 2025
        for variable in ("depense_annuelle", "aide_maximale_plancher"):
            etapes = etapes_de(calcul, variable, min(annee, 2033), rang)
            rejouees += len(etapes)
            trouvees += fautes(etapes, verite, rang)
    assert not trouvees, f"{len(trouvees)} fautes, dont :\n" + "\n".join(trouvees[:8])
    return rejouees


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_rejouer_l_arithmetique_montree_redonne_chaque_resultat(loi: str) -> None:
    assert rejouer_un_tirage(loi, 3) > 100


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_rejouer_l_arithmetique_de_beaucoup_de_medecins(loi: str) -> None:
    assert rejouer_un_tirage(loi, 60) > 3000


def quelques_exemples(loi: str) -> list[int]:
    """Ranks of a shared practice, of a specialist and of a newly installed doctor."""
    return [rang_de(loi, nom) for nom in ("Noa", "Lou", "Sacha")]


def periodes(variable: Any, annee: int) -> str:
    rendu = {DateUnit.ETERNITY: "ETERNITY", DateUnit.YEAR: str(annee)}
    return rendu.get(variable.definition_period, f"{annee}-10")


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_la_formule_de_chaque_variable_calculee_est_lue(loi: str) -> None:
    calcul = nommes(loi)
    lues: Counter[str] = Counter()
    for nom, variable in LOIS[loi].variables.items():
        for rang in quelques_exemples(loi) if variable.formulas else ():
            cle = calcul.cle(nom, periodes(variable, 2027))
            expression = en_donnees(calcul.expression(cle, rang))
            assert _egal(rejouer(expression), feuille(calcul.valeur(cle, rang))), (nom, rang)
            lues[nom] += 1
    calculees = {nom for nom, variable in LOIS[loi].variables.items() if variable.formulas}
    assert set(lues) == calculees
    assert set(lues.values()) == {3}


@pytest.mark.parametrize("loi", LOIS)
def test_les_lignes_nomment_tout_ce_dont_le_resultat_depend(loi: str) -> None:
    calcul = nommes(loi)
    etapes = [
        e for rang in quelques_exemples(loi) for e in etapes_de(calcul, "aide_due", 2026, rang)
    ]
    vus: Counter[str] = Counter()
    for e in etapes:
        lignes = " ".join(ligne["texte"] for ligne in e["lignes"])
        for lue in decisives(e["calcul"], dites=True):
            assert calcul.vocabulaire.nom(lue) in lignes, (e["variable"], lue)
            vus[lue["genre"]] += 1
    assert vus["variable"] > 200
    assert vus["parametre"] > 50


@pytest.mark.long
def test_une_etape_suit_chaque_resultat_dont_elle_depend() -> None:
    rapport = expliquer_nomme("convention_2024", "Camille", "aide_due", 2025)
    numeros = {(e["variable"], e["periode"]): e["numero"] for e in rapport["etapes"]}
    donnees = {(s["variable"], s["periode"]) for s in rapport["saisies"]}
    assert list(numeros.values()) == list(range(1, len(numeros) + 1))
    chiffres = [(p["parametre"], p["depuis"]) for p in rapport["parametres"]]
    assert len(set(chiffres)) == len(chiffres)
    cites = {d["id"] for d in rapport["dispositions"]}
    for e in rapport["etapes"]:
        dont = {
            (f["variable"], f["periode"])
            for f in decisives(e["calcul"])
            if f["genre"] == "variable"
        }
        assert dont <= numeros.keys() | donnees
        assert set(e["suivantes"]) == {numeros[cle] for cle in dont & numeros.keys()}
        lus = {
            (f["parametre"] or f["table"], f["depuis"])
            for f in decisives(e["calcul"])
            if f["genre"] == "parametre"
        }
        assert {(p["parametre"], p["depuis"]) for p in e["parametres"]} == lus <= set(chiffres)
        assert set(e["dispositions"]) <= cites


# --- The schema -----------------------------------------------------------------------------------

DEMANDES = [
    ("convention_2024", "a_moitie", "taux_atteinte_pmt", 2026),
    ("base", "aucun_texte", "aide_versee", "2024-08"),
    ("base", "zac", "motif_ineligibilite", "ETERNITY"),
    ("convention_2024", "cardiologue", "aide_maximale", 2026),
    ("convention_2024", "cardiologue", "part_aide_connue", 2027),
    ("base", "honoraires", "honoraires_cliniques_suffisants", "ETERNITY"),
    ("base", "proroge", "date_fin_contrat", "ETERNITY"),
    ("convention_2024", "trop_verse", "date_point_d_etape", 2024),
    ("base", "sans_depart", "tranche_patientele", "ETERNITY"),
    ("convention_2024", "senior", "patientele_mt", 2027),
    ("base", "senior", "date_signature", "ETERNITY"),
    ("base", "primo", "mediane_a_atteindre_pmt", "ETERNITY"),
    ("base", "tiers", "exercice_conforme", "ETERNITY"),
]


@pytest.mark.parametrize(("loi", "nom", "variable", "periode"), DEMANDES)
def test_un_rapport_suit_le_schema(loi: str, nom: str, variable: str, periode: Any) -> None:
    rapport = json.loads(json.dumps(expliquer_nomme(loi, nom, variable, periode), allow_nan=False))
    assert [f"{e.json_path} : {e.message}" for e in VALIDATEUR.iter_errors(rapport)] == []
    valeur = rapport["valeur"]
    genre = LOIS[loi].variables[variable].value_type
    assert isinstance(valeur, {date: str, bool: bool, int: int, float: float}.get(genre, str))


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_les_longs_rapports_aussi(loi: str) -> None:
    for nom in ("a_moitie", "tiers", "primo_sous_p30", "senior"):
        for variable, periode in (("depense_annuelle", 2026), ("aide_versee", "2024-09")):
            rapport = json.loads(json.dumps(expliquer_nomme(loi, nom, variable, periode)))
            assert len(rapport["etapes"]) > 5
            assert list(VALIDATEUR.iter_errors(rapport)) == []


def test_le_schema_est_valide_et_dit_ce_que_chaque_champ_veut_dire() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def objets(noeud: Any) -> Iterator[dict[str, Any]]:
        if isinstance(noeud, dict):
            if noeud.get("type") == "object":
                yield noeud
            for element in noeud.values():
                yield from objets(element)
        elif isinstance(noeud, list):
            for element in noeud:
                yield from objets(element)

    trouves = [objet for objet in objets(SCHEMA) if "properties" in objet]
    assert len(trouves) > 15
    for objet in trouves:
        assert objet["additionalProperties"] is False
        assert set(objet["required"]) <= set(objet["properties"])
        for nom, propriete in objet["properties"].items():
            assert re.match(r"[A-Z].*\.$", propriete["description"]), nom


def test_le_schema_connait_chaque_operation() -> None:
    assert set(SCHEMA["$defs"]["operation"]["properties"]["operateur"]["enum"]) == OPERATIONS


def lieux(noeud: Any, chemin: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of every object of a report."""
    if isinstance(noeud, dict):
        yield chemin
    elements = noeud.items() if isinstance(noeud, dict) else enumerate(noeud)
    for cle, element in elements:
        if isinstance(element, (dict, list)):
            yield from lieux(element, (*chemin, cle))


def refuse_partout(racine: Any, validateur: Any) -> set[Any]:
    """Check that no object takes a field more or less, once for each form; gives the forms."""
    # In an arithmetic the name of an Enum is left out, in a citation the address.
    facultatifs = {"enumeration", "indifferent", "href"}
    formes: set[Any] = set()
    for chemin in lieux(racine):
        objet = racine
        for cle in chemin:
            objet = objet[cle]
        forme = tuple(sorted(objet)), str(objet.get("genre"))
        if forme in formes:
            continue
        formes.add(forme)
        objet["inconnu"] = 1
        assert not validateur.is_valid(racine), chemin
        del objet["inconnu"]
        for nom in [nom for nom in objet if nom not in facultatifs or "label" in objet]:
            valeur = objet.pop(nom)
            assert not validateur.is_valid(racine), (chemin, nom)
            objet[nom] = valeur
    assert validateur.is_valid(racine)
    return formes


def test_le_schema_refuse_un_champ_de_plus_ou_de_moins_partout() -> None:
    complet = expliquer_nomme("convention_2024", "cardiologue", "aide_maximale", 2026)
    rapport = json.loads(
        json.dumps({nom: v[:1] if isinstance(v, list) else v for nom, v in complet.items()})
    )
    formes = refuse_partout({**rapport, "etapes": []}, VALIDATEUR)
    d_une_etape = jsonschema.Draft202012Validator(
        {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/etape"}
    )
    for nom in ("option_etp", "rang_annee_contrat", "tranche_lue_sur_pfa"):
        formes |= refuse_partout(json.loads(json.dumps(etape(complet, nom))), d_une_etape)
    assert {genre for _, genre in formes} >= {
        "variable", "parametre", "constante", "operation", "choix", "nom", "saisie",
    }  # fmt: skip
    assert len(formes) > 25


# --- The explanation follows the formula ----------------------------------------------------------


def avec(nom: str, formule: Any, **attributs: Any) -> Any:
    """The base law with another formula for a variable."""

    class essai(Reform):
        name = "Essai"

        def apply(self) -> None:
            self.update_variable(type(nom, (Variable,), {"formula": formule, **attributs}))

    return essai(BASE)


def sans_prorata(medecins: Any, period: Any) -> Any:
    """Rien n’est perdu à la résiliation."""
    return arrondi_au_centime(
        medecins("aide_maximale", period) * medecins("part_aide_versee", period)
    )


def plafonnee(medecins: Any, period: Any) -> Any:
    """Vingt mille euros au plus, moins un dixième."""
    part = medecins("part_aide_versee", period) - 0.1
    return numpy.minimum(medecins("aide_maximale", period), 20_000) * part


def test_changer_la_formule_change_l_explication() -> None:
    trop_verse = [NOMMES["trop_verse"]]
    avant = etapes_de(nommes("base"), "aide_due", 2025, rang_de("base", "trop_verse"))
    # From 2025-07-01 to 2025-12-31, 183 days of 365.
    assert avant[0]["valeur"] == round(27_000 * 183 / 365, 2)
    assert etape(avant, "fraction_annee_couverte")["valeur"] == 183 / 365

    systeme = avec("aide_due", sans_prorata)
    calcul, _ = explicable(systeme, trop_verse)
    apres = etapes_de(calcul, "aide_due", 2025)
    premiere = apres[0]
    assert premiere["valeur"] == 27_000
    assert premiere["regle"] == "Rien n’est perdu à la résiliation."
    assert simple(premiere["chiffres"]) == ("27 000,00 € × 100 %, arrondi au centime = 27 000,00 €")
    (operation,) = premiere["calcul"]["resultat"]["arguments"]
    assert [f["variable"] for f in operation["arguments"]] == ["aide_maximale", "part_aide_versee"]
    assert "résiliation" not in " ".join(ligne["texte"] for ligne in premiere["lignes"])
    assert "fraction_annee_couverte" not in {e["variable"] for e in apres}
    assert fautes(apres, Verite(systeme, trop_verse), 0) == []
    assert calcul.expliquer("texte_signature", "")["loi"]["nom"] == "Essai"


def test_une_autre_arithmetique_se_lit_et_se_rejoue() -> None:
    systeme = avec("aide_due", plafonnee)
    tirage = [NOMMES["a_moitie"], NOMMES["p95"]]
    calcul, rangs = explicable(systeme, tirage)
    # min(21 000, 20 000) × (0.5 − 0.1), and min(36 000, 20 000) × (1 − 0.1).
    for rang, attendu, chiffres in (
        (0, 20_000 * 0.4, "le plus petit de : 21 000,00 € ; 20000"),
        (1, 20_000 * 0.9, "le plus petit de : 36 000,00 € ; 20000"),
    ):
        etapes = etapes_de(calcul, "aide_due", 2026, rangs[rang])
        assert etapes[0]["valeur"] == pytest.approx(attendu)
        assert simple(etapes[0]["chiffres"]).startswith(f"({chiffres}) × (")
        assert etapes[0]["calcul"]["definitions"] == []
        assert etapes[0]["calcul"]["resultat"]["operateur"] == "*"
        assert fautes(etapes, Verite(systeme, tirage), rangs[rang]) == []


def simple(texte: str) -> str:
    return re.sub(r"\s", " ", texte)


def cout_de(medecins: Any, period: Any) -> Any:
    return medecins("date_fin_carence", period)


def par_where(medecins: Any, period: Any) -> Any:
    loi = droit_au(medecins, medecins("date_signature", period))
    court = loi.contrat.carence.lire("applicable", sinon=False)
    fin = medecins("date_fin_carence", period)
    return numpy.where(court, medecins("date_signature", period) >= fin, True)


def par_une_fonction(medecins: Any, period: Any) -> Any:
    return medecins("date_signature", period) >= cout_de(medecins, period)


def par_une_suite(medecins: Any, period: Any) -> Any:
    jours = [medecins(nom, period) for nom in ("date_signature", "date_fin_carence")]
    return jours[0] >= jours[1]


def par_un_cas(medecins: Any, period: Any) -> Any:
    fin = medecins("date_fin_carence", period)
    if period.size:
        fin = fin + numpy.timedelta64(0)
    return medecins("date_signature", period) >= fin


def par_ajout(medecins: Any, period: Any) -> Any:
    passe = medecins("date_signature", period) >= medecins("date_fin_carence", period)
    passe &= True
    return passe


def par_methode(medecins: Any, period: Any) -> Any:
    signature = medecins("date_signature", period)
    return (signature >= medecins("date_fin_carence", period)).astype(bool)


def par_comparaisons(medecins: Any, period: Any) -> Any:
    signature = medecins("date_signature", period)
    return (signature >= medecins("date_fin_carence", period)).all(keepdims=True) & (
        signature == signature
    )


def par_le_cabinet(medecins: Any, period: Any) -> Any:
    associes = medecins.cabinet.sum(medecins.cabinet.members("carence_applicable", period))
    passe = medecins("date_signature", period) >= medecins("date_fin_carence", period)
    return passe & (associes >= 0)


DE_TROP = [
    (par_where, "la fonction where"),
    (par_une_fonction, "la fonction cout_de"),
    (
        par_une_suite,
        "« [medecins(nom, period) for nom in ('date_signature', 'date_fin_carence')] »",
    ),
    (par_un_cas, "« if period.size: »"),
    (par_ajout, "« passe &= True »"),
    (par_methode, "la méthode astype"),
    (par_comparaisons, "la méthode all"),
    (par_le_cabinet, "« cabinet.members » avec des arguments"),
    (
        lambda medecins, period: (
            medecins("date_signature", period) >= medecins("date_fin_carence", period)
        ),
        "une formule qui n’est pas une fonction écrite par « def »",
    ),
]


@pytest.mark.parametrize(("formule", "obstacle"), DE_TROP)
def test_une_formule_trop_riche_le_dit_et_montre_ce_qu_elle_demande(
    formule: Callable[..., Any], obstacle: str
) -> None:
    # The waiting time ends on 2024-07-02, one day after the signature.
    tirage = [NOMMES["carence"]]
    calcul, _ = explicable(avec("hors_carence", formule), tirage)
    premiere, *autres = etapes_de(calcul, "hors_carence", "ETERNITY")
    attendu = formule is par_where  # the base law has no waiting time
    assert premiere["valeur"] is attendu
    assert premiere["obstacle"] == obstacle
    assert (premiere["calcul"], premiere["lignes"], premiere["chiffres"]) == (None, [], None)
    assert [autre["variable"] for autre in autres] == ["date_fin_carence"]
    assert premiere["suivantes"] == [2]
    # What follows is read as ever.
    assert autres[0]["valeur"] == "2024-07-02"
    assert fautes(autres, Verite(BASE, tirage), 0) == []
    rapport = calcul.expliquer("hors_carence", "")
    assert {"date_signature", "date_resiliation_contrat_precedent"} <= {
        saisie["variable"] for saisie in rapport["saisies"]
    }
    assert VALIDATEUR.is_valid(json.loads(json.dumps(rapport)))


def par_where_sur_une_lecture(medecins: Any, period: Any) -> Any:
    loi = droit_au(medecins, medecins("date_signature", period))
    seule = loi.lectures.mesure_tranche.est("pmt")
    return numpy.where(medecins("tranche_lue_sur_pmt", period), ~seule, True)


def test_une_formule_non_lue_cite_ses_chiffres_et_ses_lectures() -> None:
    calcul, _ = explicable(avec("tranche_lue_sur_pfa", par_where_sur_une_lecture), [medecin()])
    rapport = calcul.expliquer("tranche_lue_sur_pfa", "")
    assert rapport["etapes"][0]["obstacle"] == "la fonction where"
    assert rapport["etapes"][0]["parametres"] == [
        {"parametre": "lectures.mesure_tranche", "depuis": "2019-08-20"}
    ]
    assert rapport["parametres"][0]["valeur"] == "plus_haute"
    assert rapport["parametres"][0]["lu_au"] == []
    assert lectures_de(rapport) == {"mesure_tranche": (False, True)}


def classique(medecins: Any, period: Any, parameters: Any) -> Any:
    """Écrite comme dans les autres modèles d’OpenFisca."""
    montant = parameters(period).aide.montant.un_etp.par_defaut.rang_1
    return montant * medecins("rang_annee_contrat", period)


def test_une_formule_classique_a_trois_arguments() -> None:
    calcul, _ = explicable(avec("aide_maximale", classique), [medecin()])
    premiere, suivante, *_ = etapes_de(calcul, "aide_maximale", 2025)
    assert premiere["valeur"] == 36_000 * 2
    assert premiere["obstacle"] == "une formule de 3 arguments"
    assert premiere["regle"] == "Écrite comme dans les autres modèles d’OpenFisca."
    assert suivante["variable"] == "rang_annee_contrat"
    assert premiere["parametres"] == [
        {"parametre": "aide.montant.un_etp.par_defaut.rang_1", "depuis": "2019-08-20"}
    ]
    assert "s000_montants_de_base" in premiere["dispositions"]


def test_une_variable_neutralisee() -> None:
    class essai(Reform):
        name = "Sans modulation"

        def apply(self) -> None:
            self.neutralize_variable("part_aide_versee")

    calcul, _ = explicable(essai(BASE), [medecin()])
    etapes = etapes_de(calcul, "aide_due", 2025)
    assert etapes[0]["valeur"] == 0
    neutre = etape(etapes, "part_aide_versee")
    assert (neutre["valeur"], neutre["calcul"], neutre["suivantes"]) == (0, None, [])
    assert neutre["label"] == "[Neutralized] Part de l’aide versée selon les résultats"
    assert neutre["obstacle"] == "la variable est neutralisée, elle a sa valeur par défaut"


def test_expliquer_ne_change_pas_la_simulation() -> None:
    simulation = SimulationBuilder().build_from_entities(BASE, EXEMPLES["senior"])
    avant = {nom: holder.get_known_periods() for nom, holder in simulation.persons._holders.items()}
    assert expliquer(simulation, "aide_due", 2024)["valeur"] == 36_000
    assert not simulation.trace
    assert avant == {
        nom: holder.get_known_periods() for nom, holder in simulation.persons._holders.items()
    }


# --- What is decisive -----------------------------------------------------------------------------


@cache
def autres_lois(loi: str, noms: tuple[str, ...] = lectures.LECTURES) -> dict[str, Any]:
    """The law under the other reading of each point, as its reform makes it."""
    entree = "entree_en_vigueur_2024"
    autres = {nom: getattr(lectures, nom)(LOIS[loi]) for nom in noms if nom != entree}
    if entree in noms and loi != "base":
        autres[entree] = lectures.entree_en_vigueur_2024(BASE)
    return autres


def confronter(
    loi: str, tirage: list[dict[str, Any]], demandes: list[tuple[Any, str, int]], calcul: Explicable
) -> Counter[str]:
    """Check the readings of explanations against the results under each; counts the changes.

    Args:
        loi: name of the law.
        tirage: doctors.
        demandes: rank, variable and year of each explanation.
        calcul: these doctors under this law.
    """
    retenue = Verite(LOIS[loi], tirage)
    verites = {nom: Verite(systeme, tirage) for nom, systeme in autres_lois(loi).items()}
    changements: Counter[str] = Counter()
    for rang, variable, annee in demandes:
        ou = calcul.medecins[rang], variable, annee
        dites = lectures_de(calcul.expliquer(variable, annee, rang))
        valeur = retenue(variable, str(annee), rang)
        for nom, verite in verites.items():
            autre = verite(variable, str(annee), rang)
            if autre != valeur:
                assert dites.get(nom) == (autre, True), (ou, nom, valeur, autre, dites.get(nom))
                changements[nom] += 1
            else:
                assert dites.get(nom, (valeur, False)) == (valeur, False), (ou, nom, dites[nom])
        assert dites.keys() <= verites.keys(), ou
    return changements


# A doctor whom each reading touches, and where.
TOUCHES: list[tuple[str, str, str, str, int]] = [
    ("convention_2024", "seuil_p30", "p30", "aide_due", 2024),
    ("convention_2024", "p95_inclus", "p95", "aide_due", 2025),
    ("convention_2024", "mesure_activite", "pfa_seule", "aide_due", 2024),
    ("convention_2024", "mesure_tranche", "pfa_haute", "aide_due", 2025),
    ("convention_2024", "honoraires_cliniques", "honoraires", "aide_due", 2024),
    ("convention_2024", "dispense_primo_installe", "primo", "aide_due", 2024),
    ("base", "zone_un_etp", "zac", "aide_due", 2022),
    ("convention_2024", "rang_options_superieures", "deux_etp", "aide_due", 2025),
    ("convention_2024", "base_du_taux", "a_moitie", "aide_due", 2026),
    ("convention_2024", "tolerance_augmentation", "en_baisse", "aide_due", 2026),
    ("convention_2024", "borne_tolerance_senior", "senior", "aide_due", 2027),
    ("convention_2024", "age_senior", "senior_de_65_ans", "aide_due", 2026),
    ("convention_2024", "installation_sous_p30", "primo_sous_p30", "aide_due", 2026),
    ("convention_2024", "installation_seuil", "primo_a_95", "aide_due", 2026),
    ("base", "percentiles_avenant_7", "p90_avenant_7", "aide_due", 2024),
    ("base", "acompte_tiers_etp_avant_2024", "tiers", "depense_annuelle", 2023),
    ("base", "renouvellement_avant_2024", "proroge", "aide_due", 2026),
    ("base", "modulation_avant_2024", "modulee_avant_2024", "aide_due", 2026),
    ("base", "solde_tiers_etp", "tiers", "depense_annuelle", 2023),
    ("convention_2024", "solde_negatif", "trop_verse", "depense_annuelle", 2025),
    ("convention_2024", "entree_en_vigueur_2024", "la_veille", "aide_due", 2024),
]


def dire_ce_qui_change(touches: list[tuple[str, str, str, str, int]]) -> None:
    for loi, lecture, nom, variable, annee in touches:
        (autre,) = autres_lois(loi, (lecture,)).values()
        attendue = Verite(autre, [NOMMES[nom]])(variable, str(annee), 0)
        rapport = expliquer_nomme(loi, nom, variable, annee)
        assert attendue != rapport["valeur"], lecture
        assert lectures_de(rapport)[lecture] == (attendue, True)


@pytest.mark.long
def test_une_lecture_qui_change_un_resultat_est_dite() -> None:
    dire_ce_qui_change(TOUCHES[::10])


@pytest.mark.long
def test_chaque_lecture_qui_change_un_resultat_est_dite() -> None:
    assert {lecture for _, lecture, *_ in TOUCHES} == set(lectures.LECTURES)
    dire_ce_qui_change(TOUCHES)


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_les_autres_lectures_sont_dites_pour_ce_qu_elles_donnent(loi: str) -> None:
    demandes = [(rang_de(loi, nom), variable, annee) for _, _, nom, variable, annee in TOUCHES]
    changements = confronter(loi, list(NOMMES.values()), demandes, nommes(loi))
    assert {lecture for sienne, lecture, *_ in TOUCHES if sienne == loi} <= changements.keys()


def confronter_un_tirage(loi: str, nombre: int) -> Counter[str]:
    tirage = medecins(41, nombre)
    calcul, rangs = explicable(LOIS[loi], tirage)
    demandes = [
        (rang, variable, min(tirage[tour].get("date_signature", date(2024, 1, 1)).year, 2030) + 2)
        for tour, rang in enumerate(rangs)
        for variable in ("aide_due", "depense_annuelle")
    ]
    return confronter(loi, tirage, demandes, calcul)


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_de_meme_pour_des_medecins_tires_au_hasard(loi: str) -> None:
    changements = confronter_un_tirage(loi, 40)
    assert len(changements) >= 10, changements


def insensible_au_reste(loi: str, nombre: int) -> int:
    """Change whatever an explanation does not name; gives the number of changes tried."""
    tirage = medecins(42, nombre)
    calcul, rangs = explicable(LOIS[loi], tirage)
    variantes, attendus = [], []
    for tour, rang in enumerate(rangs):
        annee = min(tirage[tour].get("date_signature", date(2024, 1, 1)).year, 2030) + 2
        recit = Recit(calcul, rang)
        recit.suivre(("aide_due", str(annee)))
        dites = {(s["variable"], s["periode"]) for s in recit.saisies()}
        for autre in (tirage[(tour + 1) % nombre], tirage[(tour + 7) % nombre]):
            variante = _melanger(tirage[tour], autre, dites)
            attendus.append((len(variantes), annee, calcul.valeur(("aide_due", str(annee)), rang)))
            variantes.append(variante)
    verite = Verite(LOIS[loi], variantes)
    noms = [str(nom) for nom in verite._simulation.persons.ids]
    for numero, annee, attendu in attendus:
        obtenu = verite("aide_due", str(annee), noms.index(f"m{numero}"))
        assert obtenu == attendu, (numero, annee, variantes[numero])
    return sum(variante != tirage[numero // 2] for numero, variante in enumerate(variantes))


def _melanger(
    sien: dict[str, Any], autre: dict[str, Any], dites: set[tuple[str, str]]
) -> dict[str, Any]:
    """The inputs of another doctor, but those that an explanation names."""
    melange = {nom: dict(v) if isinstance(v, dict) else v for nom, v in autre.items()}
    melange["membres_du_cabinet"] = sien.get("membres_du_cabinet", 1)
    for nom, periode in dites:
        if periode == "ETERNITY":
            melange.pop(nom, None)
            if nom in sien:
                melange[nom] = sien[nom]
        else:
            annees = melange.setdefault(nom, {})
            annees.pop(int(periode), None)
            if int(periode) in sien.get(nom, {}):
                annees[int(periode)] = sien[nom][int(periode)]
    return melange


@pytest.mark.long
def test_ce_que_l_explication_tait_peut_changer_sans_changer_le_resultat() -> None:
    assert insensible_au_reste("convention_2024", 8) > 10


@pytest.mark.long
@pytest.mark.parametrize("loi", LOIS)
def test_de_meme_pour_beaucoup_de_medecins(loi: str) -> None:
    assert insensible_au_reste(loi, 120) > 200


def test_une_loi_qui_prend_deja_l_autre_lecture_est_mesuree_contre_le_registre() -> None:
    systeme = lectures.p95_inclus(LOIS["convention_2024"])
    calcul, _ = explicable(systeme, [NOMMES["p95"]])
    rapport = calcul.expliquer("tranche_pmt", "")
    # 2 187 patients are P95 itself: under the top band, then in it.
    assert rapport["valeur"] == "p90_p95"
    lecture = next(lecture for lecture in rapport["lectures"] if lecture["id"] == "p95_inclus")
    assert (lecture["retenue"], lecture["autre"]) == ("non", "oui")
    assert (lecture["valeur_autre"], lecture["change"]) == ("p95_et_plus", True)
    assert rapport["loi"]["id"] == "convention_2024 + lectures.p95_inclus"


def test_une_convention_avancee_d_un_jour_est_mesuree_contre_le_jour_retenu() -> None:
    systeme = lectures.entree_en_vigueur_2024(BASE)
    calcul, _ = explicable(systeme, [NOMMES["la_veille"]])
    rapport = calcul.expliquer("texte_signature", "")
    assert rapport["valeur"] == "convention_2024"
    assert rapport["parametres"][0]["depuis"] == "2024-06-21"
    retenu = "reglement_arbitral_2023"
    assert lectures_de(rapport) == {"entree_en_vigueur_2024": (retenu, True)}


@pytest.mark.parametrize(("nom", "change"), [("la_veille", True), ("a_moitie", False)])
def test_le_jour_que_la_convention_gagnerait_est_dit_a_qui_s_y_lit(nom: str, change: bool) -> None:
    # Read on 2024-06-21, the text of 2023 is the only figure: none is of the convention.
    rapport = expliquer_nomme("convention_2024", nom, "texte_signature")
    (lu,) = rapport["parametres"]
    assert (lu["depuis"] == "2023-05-01") is change
    assert lectures_de(rapport) == {"entree_en_vigueur_2024": ("convention_2024", change)}


# --- Refusals -------------------------------------------------------------------------------------

# Law, doctor, reason, the step that refuses and its value, the figure it reads and its date.
REFUS: list[tuple[str, str, str, str, Any, str, str | None]] = [
    ("base", "aucun_texte", "aucun_texte", "texte_signature", "aucun", "contrat.texte_en_vigueur",
     None),
    ("base", "radiologue", "specialite_exclue", "specialite_exclue", True,
     "eligibilite.specialite_exclue.radiologue", "2023-05-01"),
    ("base", "honoraires", "honoraires_cliniques", "honoraires_cliniques_suffisants", False,
     "eligibilite.honoraires_cliniques.part_minimale", "2023-05-01"),
    ("base", "secteur_2", "secteur", "secteur_eligible", False,
     "eligibilite.secteur.par_defaut", "2019-08-20"),
    ("base", "sous_p30", "patientele_insuffisante", "seuil_pmt_atteint", False,
     "patientele.pmt.p30.generaliste", "2023-05-01"),
    ("base", "isole", "exercice_isole", "exercice_conforme", False,
     "eligibilite.exercice_regroupe.requis", "2019-08-20"),
    ("base", "tiers_en_2024", "option_fermee", "option_ouverte", False,
     "eligibilite.option.souscription.tiers_etp", "2023-05-01"),
    ("convention_2024", "carence", "carence", "hors_carence", False,
     "contrat.carence.applicable", "2024-06-22"),
]  # fmt: skip


def test_chaque_motif_de_refus_est_explique() -> None:
    assert {motif for _, _, motif, *_ in REFUS} == {m.name for m in MotifIneligibilite} - {"aucun"}


@pytest.mark.parametrize("refus", REFUS, ids=lambda refus: refus[2])
@pytest.mark.parametrize("variable", ["eligible", "motif_ineligibilite"])
def test_un_refus_est_explique_jusqu_a_sa_cause(refus: Any, variable: str) -> None:
    loi, nom, motif, cause, valeur, chemin, depuis = refus
    rapport = expliquer_nomme(loi, nom, variable)
    assert rapport["valeur"] == {"eligible": False, "motif_ineligibilite": motif}[variable]
    assert rapport["reserves"] == []
    refusante = etape(rapport, cause)
    assert refusante["valeur"] == valeur
    lues = [f for f in decisives(refusante["calcul"]) if f["genre"] == "parametre"]
    assert (chemin, depuis) in {(f["parametre"] or f["table"], f["depuis"]) for f in lues}
    (lue,) = (p for p in rapport["parametres"] if p["parametre"] == chemin)
    assert lue["depuis"] == depuis
    assert lue["dispositions"] or depuis is None
    # The path from the result to the cause is one of steps that bring one another down.
    atteintes, pile = set(), [1]
    while pile:
        numero = pile.pop()
        atteintes.add(numero)
        pile += set(rapport["etapes"][numero - 1]["suivantes"]) - atteintes
    assert refusante["numero"] in atteintes


def test_de_deux_refus_les_deux_sont_montres_et_rien_d_autre() -> None:
    calcul, _ = explicable(
        BASE, [medecin(secteur_conventionnel="secteur_2", patientele_mt_initiale=774)]
    )
    etapes = etapes_de(calcul, "eligible", "")
    assert [etapes[numero - 1]["variable"] for numero in etapes[0]["suivantes"]] == [
        "secteur_eligible",
        "activite_minimale_atteinte",
        "dispense_activite_minimale",
    ]
    assert "option_ouverte" not in {e["variable"] for e in etapes}


# --- What is not known ----------------------------------------------------------------------------


def reserves(rapport: dict[str, Any]) -> dict[str, Any]:
    return {reserve["variable"]: reserve for reserve in rapport["reserves"]}


def manques(reserve: dict[str, Any]) -> set[str]:
    return {manque["nom"] for manque in reserve["manque"]}


def test_un_plancher_dit_les_percentiles_qui_manquent_et_a_qui_demander() -> None:
    rapport = expliquer_nomme("convention_2024", "cardiologue", "aide_maximale", 2026)
    assert rapport["valeur"] == 22_000
    (reserve,) = rapport["reserves"]
    assert (reserve["variable"], reserve["periode"]) == ("aide_maximale_plancher", "2026")
    assert reserve["texte"].startswith("Le montant maximal est un plancher")
    assert reserve["demander"].startswith("À la CPAM, la tranche de patientèle")
    assert manques(reserve) == {"tranche_pfa_declaree", "patientele.pfa.p90", "patientele.pfa.p95"}
    assert {m["genre"] for m in reserve["manque"] if "." in m["nom"]} == {"parametre"}
    plancher = rapport["etapes"][reserve["etape"] - 1]
    assert (plancher["variable"], plancher["valeur"]) == ("aide_maximale_plancher", True)
    absents = {p["parametre"] for p in rapport["parametres"] if p["depuis"] is None}
    assert absents == {"patientele.pfa.p90", "patientele.pfa.p95"}


@pytest.mark.parametrize(("signature", "avenant_7"), [("2023-04-30", True), ("2023-05-01", False)])
def test_la_tranche_de_l_objectif_n_est_demandee_que_sous_l_avenant_7(
    signature: str, avenant_7: bool
) -> None:
    # Unknown start: the band that sets the objective would tell the wider one, under avenant 7.
    tire = medecin(
        date_signature=signature,
        exercice_regroupe_declare=True,
        option_etp_initiale="demi_etp",
        patientele_mt_initiale=-1,
    )
    calcul, rangs = explicable(LOIS["convention_2024"], [tire])
    dites = reserves(calcul.expliquer("aide_maximale", 2024, rangs[0]))
    for reserve in ("eligibilite_connue", "aide_maximale_plancher"):
        manque = manques(dites[reserve])
        assert "tranche_pmt_declaree" in manque
        assert ("tranche_objectif_pmt_declaree" in manque) is avenant_7


@pytest.mark.parametrize(
    ("nom", "variable", "attendus"),
    [
        (
            "sans_objectif",
            "aide_due",
            {"part_aide_connue": {"objectif_pmt_contractuel", "objectif_pfa_contractuel"}},
        ),
        ("sans_objectif", "objectif_pmt", {"objectif_pmt_connu": {"objectif_pmt_contractuel"}}),
        ("sans_resultat", "aide_due", {"part_aide_connue": {"patientele_mt", "file_active"}}),
        ("sans_resultat", "objectif_pfa_atteint", {"resultats_connus": {"file_active"}}),
        (
            "sans_depart",
            "aide_maximale",
            {
                "eligibilite_connue": {"patientele_mt_initiale", "tranche_pmt_declaree"},
                "aide_maximale_plancher": {"patientele_mt_initiale", "tranche_pmt_declaree"},
            },
        ),
        ("a_moitie", "reste_a_charge", {"reste_a_charge_connu": {"cout_employeur_annuel"}}),
    ],
)
def test_ce_qui_manque_est_dit(nom: str, variable: str, attendus: dict[str, set[str]]) -> None:
    rapport = sans_lectures("convention_2024", nom, variable, 2026)
    dites = reserves(rapport)
    for reserve, manque in attendus.items():
        assert manque <= manques(dites[reserve]), dites[reserve]
        assert dites[reserve]["demander"]
        assert rapport["etapes"][dites[reserve]["etape"] - 1]["variable"] == reserve
    donnees = {v for v, valeur in NOMMES[nom].items() if valeur != -1}
    assert not donnees & {m for reserve in dites.values() for m in manques(reserve)}


def test_un_recrutement_inconnu_pese_sur_les_delais_qui_en_courent() -> None:
    tire = medecin(
        date_signature="2024-09-10",
        profil_assistant="autre",
        secretaire_devenu_assistant=True,
        date_remplacement_secretaire="2024-10-01",
    )
    donne = {**tire, "date_recrutement_assistant": "2024-09-12"}
    attendues = {
        ("base", "date_limite_inscription"): ["depart_delai_formation_connu"],
        ("base", "date_limite_certification"): ["depart_delai_formation_connu"],
        ("base", "remplacement_secretaire_conforme"): ["depart_remplacement_connu"],
        # Under the convention, training runs from the signature.
        ("convention_2024", "date_limite_inscription"): [],
        ("convention_2024", "date_limite_certification"): [],
        ("convention_2024", "remplacement_secretaire_conforme"): ["depart_remplacement_connu"],
    }
    for (loi, variable), dites in attendues.items():
        calcul, rangs = explicable(LOIS[loi], [tire, donne])
        sans, avec = (reserves(calcul.expliquer(variable, "ETERNITY", rang)) for rang in rangs)
        assert list(sans) == dites, (loi, variable)
        assert all(manques(reserve) == {"date_recrutement_assistant"} for reserve in sans.values())
        assert avec == {}, (loi, variable)


def test_la_formation_n_est_un_plafond_que_la_ou_elle_l_est() -> None:
    # Certified by 2023 at the latest, before the certificate became lighter.
    ancien = medecin(
        date_signature="2019-09-10",
        profil_assistant="autre",
        date_recrutement_assistant="2019-09-12",
    )
    cas = [ancien, {**ancien, "blocs_dispenses": 1}, {**ancien, "validation_des_acquis": True}]
    calcul, rangs = explicable(LOIS["base"], cas)
    for variable, attendues in (
        (
            "heures_formation_requises",
            [[], ["heures_formation_plafond"], ["heures_formation_plafond"]],
        ),
        # Waived blocks are counted; what validated skills give is not.
        ("blocs_a_suivre", [[], [], ["acquis_valides"]]),
    ):
        dites = [list(reserves(calcul.expliquer(variable, "ETERNITY", rang))) for rang in rangs]
        assert dites == attendues


def test_ce_qui_manque_peut_etre_donne_et_la_reserve_tombe() -> None:
    assert reserves(sans_lectures("convention_2024", "a_moitie", "reste_a_charge", 2026))
    # 40 000 − 22 000 × 0.5.
    rapport = sans_lectures("convention_2024", "complet", "reste_a_charge", 2026)
    assert (rapport["valeur"], rapport["reserves"]) == (40_000 - 11_000, [])
    tranche = medecin(patientele_mt_initiale=-1, tranche_pmt_declaree="p30_p90", **A_MOITIE)
    calcul, _ = explicable(LOIS["convention_2024"], [tranche])
    assert calcul.expliquer("aide_maximale", 2026)["reserves"] == []


def test_une_part_decidee_par_la_commission_ne_suppose_rien() -> None:
    # Neither an objective nor a result is known: the decision stands for them.
    rapport = expliquer_nomme("convention_2024", "commission", "aide_due", 2026)
    assert rapport["valeur"] == round(22_000 * 0.8, 2)
    assert rapport["reserves"] == []
    assert etape(rapport, "cas_modulation")["valeur"] == "decision_cpn"
    assert ("part_aide_decidee", "2026", 0.8) in {
        (s["variable"], s["periode"], s["valeur"]) for s in rapport["saisies"]
    }
    assert "patientele_mt" not in {s["variable"] for s in rapport["saisies"]}


def test_une_part_decidee_par_la_commission_ne_doit_rien_a_la_table_de_modulation() -> None:
    # In the base the table before 2024 is a hypothesis; a decision does not read it.
    rapport = sans_lectures("base", "commission", "aide_due", 2026)
    assert (rapport["valeur"], rapport["reserves"]) == (round(21_000 * 0.8, 2), [])
    supposee = sans_lectures("base", "a_moitie", "aide_due", 2026)
    assert [r["variable"] for r in supposee["reserves"]] == ["part_aide_hypothese"]


def test_une_option_refusee_ne_depend_d_aucune_activite_inconnue() -> None:
    # 2 ETP without a single of its conditions: nothing is paid, whatever the starting count.
    tire = medecin(patientele_mt_initiale=-1, option_etp_avenant={2026: "deux_etp"})
    calcul, rangs = explicable(LOIS["convention_2024"], [tire])
    recit = Recit(calcul, rangs[0])
    recit.suivre(("aide_maximale", "2026"))
    recit.reserver()
    assert calcul.valeur(("aide_maximale", "2026"), rangs[0]) == 0
    assert etape(recit.etapes, "option_accessible")["valeur"] is False
    assert recit.reserves == []


def test_une_lecture_est_dite_en_mots_et_non_par_son_code() -> None:
    rapport = expliquer_nomme("convention_2024", "a_moitie", "progression_mesuree_pmt", 2026)
    textes_dits = " ".join(ligne["texte"] for ligne in rapport["etapes"][0]["lignes"])
    assert (
        "lecture base_du_taux (patients gagnés sur patients à gagner) = "
        "« patients observés sur objectif »"
    ) in textes_dits


def test_une_reforme_a_ses_propres_nomenclatures_et_des_references_sans_source() -> None:
    class Humeur(Enum):
        sereine = "Sereine, tout va bien"
        inquiete = "Inquiète"

    class humeur(Variable):
        value_type = Enum
        possible_values = Humeur
        default_value = Humeur.sereine
        entity = Medecin
        definition_period = DateUnit.ETERNITY
        label = "Humeur du médecin"

        def formula(medecins, period):
            return selon((medecins("eligible", period), Humeur.sereine), sinon=Humeur.inquiete)

    def citer_sans_source(parameters: Any) -> Any:
        for references in parameters.eligibilite.secteur.secteur_1.metadata["reference"].values():
            for reference in references:
                del reference["source"]
        return parameters

    class une_reforme(ReformeDeclarative):
        def apply(self) -> None:
            self.add_variable(humeur)
            self.modify_parameters(citer_sans_source)

    calcul, rangs = explicable(une_reforme(LOIS["convention_2024"]), [medecin()])
    rapport = calcul.expliquer("humeur", "ETERNITY", rangs[0])
    assert rapport["texte"] == "sereine, tout va bien"
    (secteur,) = [p for p in rapport["parametres"] if p["parametre"].startswith("eligibilite.sect")]
    assert secteur["references"]
    assert not any("source" in reference for reference in secteur["references"])


@pytest.mark.parametrize(
    ("nom", "variable", "periode"),
    [
        ("a_moitie", "aide_due", 2026),
        ("complet", "depense_annuelle", 2027),
        ("en_baisse", "solde", 2026),
        ("senior", "aide_due", 2027),
        ("p95", "aide_maximale", 2026),
        ("primo_sous_p30", "aide_due", 2026),
        ("tiers", "aide_due", 2024),
        ("trop_verse", "recuperation", 2025),
        ("a_moitie", "eligible", "ETERNITY"),
    ],
)
def test_rien_n_est_reserve_quand_tout_est_connu(nom: str, variable: str, periode: Any) -> None:
    rapport = sans_lectures("convention_2024", nom, variable, periode)
    assert [reserve["variable"] for reserve in rapport["reserves"]] == ["part_aide_hypothese"] * (
        nom == "tiers"
    )


def test_la_table_d_avant_2024_est_une_hypothese_et_rien_d_autre() -> None:
    # Percentiles of PFA are not published under avenant 7; nobody here is newly installed.
    rapport = sans_lectures("base", "tiers", "aide_due", 2024)
    assert list(reserves(rapport)) == ["part_aide_hypothese"]


def test_un_nouvel_objectif_fixe_par_avenant_n_est_plus_a_fixer() -> None:
    sans = medecin(**PRIMO, patientele_mt={2027: 1000}, file_active={2027: 1600})
    fixes = {"objectif_pmt_avenant": {2027: 1100}, "objectif_pfa_avenant": {2027: 1700}}
    calcul, rangs = explicable(LOIS["convention_2024"], [sans, {**sans, **fixes}])
    dites = [list(reserves(calcul.expliquer("objectif_pmt", 2027, rang))) for rang in rangs]
    assert dites == [["objectif_pmt_connu", "objectif_a_fixer_par_avenant"], []]


# --- The register of what is not known ------------------------------------------------------------


def test_le_registre_des_reserves_nomme_ce_qui_existe() -> None:
    # Some are only about what a reform supposes.
    reformees = [r(LOIS["convention_2024"]) for r in (objectifs_estimes, aide_collective_2026)]
    variables = {nom: v for systeme in reformees for nom, v in systeme.variables.items()}
    assert len({r.variable for r in textes.reserves()}) == len(textes.reserves())
    for reserve in textes.reserves():
        assert variables[reserve.variable].value_type is bool
        assert type(reserve.quand) is bool
        for nom in reserve.sur:
            assert variables[nom].formulas, (reserve.variable, nom)
        for nom in reserve.saisies:
            assert variables[nom].is_input_variable(), (reserve.variable, nom)
        for chemin in reserve.parametres:
            noeud = BASE.parameters
            for partie in chemin.split("."):
                noeud = noeud.children[partie]
        assert re.match(r"[A-ZÀÉ].*\.$", reserve.texte)
        assert re.match(
            r"À (la CPAM|la société|l’employeur|l’assistant|l’organisme)\b.*, .*\.$",
            reserve.demander,
        )


def test_chaque_variable_qui_dit_un_doute_est_au_registre() -> None:
    suffixes = ("_connu", "_connue", "_connus", "_connues", "_plancher", "_hypothese")
    douteuses = {
        nom
        for nom, variable in LOIS["convention_2024"].variables.items()
        if variable.value_type is bool and nom.endswith(suffixes)
    }
    inscrites = {reserve.variable: reserve.quand for reserve in textes.reserves()}
    assert douteuses <= inscrites.keys()
    assert len(douteuses) > 8
    # A floor or a hypothesis is said by « yes », what is known by « no ».
    for nom in douteuses:
        assert inscrites[nom] is nom.endswith(("_plancher", "_hypothese")), nom


# --- Three results, by hand -----------------------------------------------------------------------


def chiffre(rapport: dict[str, Any], chemin: str) -> tuple[Any, ...]:
    """Value, date, days read, sources and confidence of the one figure of that path."""
    (lu,) = (p for p in rapport["parametres"] if p["parametre"] == chemin)
    sources = [reference["source"] for reference in lu["references"]]
    return lu["valeur"], lu["depuis"], lu["lu_au"], sources, lu["confiance"]


_OBSERVE = {"pmt": "patientele_mt", "pfa": "file_active"}


def calcul_de(rapport: dict[str, Any], variable: str) -> Any:
    """An arithmetic without its values, one list an operation."""
    calcul = etape(rapport, variable)["calcul"]
    noms = {d["nom"]: d["expression"] for d in calcul["definitions"]}

    def abrege(noeud: dict[str, Any]) -> Any:
        genre = noeud["genre"]
        if genre == "operation":
            return [noeud["operateur"], *map(abrege, noeud["arguments"])]
        if genre == "choix":
            retenue = noeud["retenue"]
            suite = noeud["sinon"] if retenue is None else noeud["lignes"][retenue]["valeur"]
            return abrege(suite)
        if genre == "nom":
            return abrege(noms[noeud["nom"]])
        return noeud["valeur"] if genre == "constante" else noeud.get("variable", noeud["valeur"])

    return abrege(calcul["resultat"])


def test_a_la_main_un_generaliste_de_2023_rattrape_par_la_convention() -> None:
    # Signed on 2023-09-10 for 1 ETP: its third year starts on 2025-09-10, after the convention of
    # 2024-06-22. S003, illustration 2: 22 000 € from the third year, between P30 and P90.
    rapport = expliquer_nomme("convention_2024", "Camille", "aide_due", 2025)
    assert (rapport["valeur"], simple(rapport["texte"])) == (22_000 * 0.5, "11 000,00 €")
    assert (rapport["medecin"], rapport["periode"]) == ("Camille", "2025")
    assert (rapport["unite"], rapport["enumeration"]) == ("currency", None)
    assert rapport["loi"]["reformes"] == [
        "openfisca_assistant_medical.reforms.convention_2024.convention_2024"
    ]
    assert rapport["reserves"] == []
    assert simple(etape(rapport, "aide_due")["chiffres"]) == (
        "22 000,00 € × 50 % × 100 %, arrondi au centime = 11 000,00 €"
    )
    assert calcul_de(rapport, "aide_due") == [
        "arrondi_au_centime",
        ["*", ["*", "aide_maximale", "part_aide_versee"], "fraction_annee_couverte"],
    ]
    assert etape(rapport, "aide_due")["lieu"].startswith("variables/montant/aide_due.py:")
    # The amount is that of the anniversary; the band, that of the signature, under the RA.
    montant = "aide.montant.un_etp.par_defaut.rang_3_et_plus"
    assert chiffre(rapport, montant) == (
        22_000, "2024-06-22", ["2025-09-10"], ["S003", "AME24"], "integral",
    )  # fmt: skip
    for percentile, patients in (("p30", 775), ("p90", 1858), ("p95", 2187)):
        assert chiffre(rapport, f"patientele.pmt.{percentile}.generaliste")[:3] == (
            patients, "2023-05-01", ["2023-09-10"],
        )  # fmt: skip
    assert etape(rapport, "tranche_patientele")["valeur"] == "p30_p90"
    assert etape(rapport, "rang_annee_contrat")["valeur"] == 2025 - 2023 + 1
    assert etape(rapport, "texte_signature")["valeur"] == "reglement_arbitral_2023"
    # PMT: 1 430 − 1 300 gained of 1 560 − 1 300; PFA: 1 630 − 1 600 of 1 700 − 1 600. Both missed
    # without a fall: the better rate (S003, illustration 5.1).
    assert etape(rapport, "taux_atteinte_pmt")["valeur"] == 130 / 260
    assert etape(rapport, "taux_atteinte_pfa")["valeur"] == 30 / 100
    depart = ["*", "depart_pmt", ["et", "progression_mesuree_pmt",
                                  [">", "objectif_pmt", "depart_pmt"]]]  # fmt: skip
    assert calcul_de(rapport, "taux_atteinte_pmt") == [
        "rapport", ["-", "patientele_mt", depart], ["-", "objectif_pmt", depart],
    ]  # fmt: skip
    assert calcul_de(rapport, "meilleur_taux") == [
        "borne",
        ["maximum", ["*", "taux_atteinte_pmt", "objectif_sur_pmt"], "taux_atteinte_pfa"], 0, 1,
    ]  # fmt: skip
    assert etape(rapport, "cas_modulation")["valeur"] == "standard"
    assert etape(rapport, "part_standard")["valeur"] == 0.5
    assert etape(rapport, "objectif_manque_avec_baisse")["valeur"] is False
    # The provision of the line that pays, not the amounts of the first law.
    dispositions = {d["id"]: d for d in rapport["dispositions"]}
    assert dispositions["s003_ill_2_base"]["source"] == "S003"
    assert dispositions["s003_ill_2_base"]["statut"] == "modelise"
    assert "s003_ill_2_base" in etape(rapport, "aide_maximale")["dispositions"]
    assert "s003_iii_3_revalorisation" in etape(rapport, "aide_maximale")["dispositions"]
    assert "s003_ill_5_1_prorata" in etape(rapport, "part_standard")["dispositions"]
    assert "s000_montants_de_base" not in dispositions
    assert {"S003", "AME24", "S000"} <= {source["id"] for source in rapport["sources"]}
    # On the level, 1 630 / 1 700 = 95.9 %: the PFA is reached, and all is paid. The others change
    # nothing: the third year is not near the 22nd of June, and no count has fallen.
    assert lectures_de(rapport) == {
        "percentiles_avenant_7": (11_000, False),
        "mesure_tranche": (11_000, False),
        "zone_un_etp": (11_000, False),
        "age_senior": (11_000, False),
        "modulation_avant_2024": (11_000, False),
        "tolerance_augmentation": (11_000, False),
        "base_du_taux": (22_000, True),
        "entree_en_vigueur_2024": (11_000, False),
    }
    saisies = {(s["variable"], s["periode"]): s for s in rapport["saisies"]}
    assert saisies["patientele_mt", "2025"]["valeur"] == 1430
    assert ("patientele_mt", "2026") not in saisies


def test_a_la_main_un_senior_a_la_limite_de_la_tolerance() -> None:
    # Born on 1958-05-20, 66 at the signature of 2024-09-01: to maintain, less than 10 % lost (S003,
    # part IV-2). The fourth year, 900 of 1 000 and 1 350 of 1 500: 10 % exactly, neither is kept,
    # and the better rate pays (illustration 6.1): 22 000 × 0.9.
    rapport = expliquer_nomme("convention_2024", "Andrea", "aide_due", 2027)
    assert rapport["valeur"] == round(22_000 * 900 / 1000, 2)
    assert rapport["reserves"] == []
    assert etape(rapport, "maintien_senior")["valeur"] is True
    anniversaire = ["plus_annees", "date_naissance", 65]
    senior = calcul_de(rapport, "maintien_senior")
    assert senior[2][1][2] == ["<=", anniversaire, "date_signature"]
    assert chiffre(rapport, "objectif.maintien_senior") == (
        True, "2024-06-22", ["2027-09-01"], ["S003"], "integral",
    )  # fmt: skip
    assert chiffre(rapport, "objectif.seuil_atteinte.maintien_senior")[:3] == (
        0.9, "2024-06-22", ["2027-09-01"],
    )  # fmt: skip
    assert chiffre(rapport, "lectures.age_senior")[:2] == (65, "2019-08-20")
    for compte, observe, cible in (
        ("pmt", "900 patients", "1 000 patients"),
        ("pfa", "1 350 patients", "1 500 patients"),
    ):
        assert etape(rapport, f"type_objectif_{compte}")["valeur"] == "maintien"
        tenu = etape(rapport, f"maintien_{compte}_tenu")
        assert tenu["valeur"] is False
        seuil = ["depasse", _OBSERVE[compte], 0.9, f"objectif_{compte}"]
        tolere = ["et", ["est", "exclue", "incluse"], ["atteint", *seuil[1:]]]
        assert calcul_de(rapport, f"maintien_{compte}_tenu") == ["ou", seuil, tolere]
        comparee = simple(tenu["lignes"][2]["texte"])
        assert comparee.startswith(f"{compte.upper()} observée pour l’année de contrat ({observe}")
        assert comparee.endswith(f"× {compte.upper()} à atteindre ou à maintenir ({cible})")
        assert (
            "s003_iv_2_senior_objectif" in etape(rapport, f"type_objectif_{compte}")["dispositions"]
        )
        assert etape(rapport, f"taux_atteinte_{compte}")["valeur"] == 0.9
    assert etape(rapport, "part_maintien")["valeur"] == 0.9
    assert calcul_de(rapport, "part_maintien") == "meilleur_taux"
    changent = {nom: valeur for nom, (valeur, change) in lectures_de(rapport).items() if change}
    # Born a year too early for the 66th birthday to matter.
    assert changent == {"borne_tolerance_senior": 22_000}
    # The year before, 901 of 1 000 is kept.
    la_veille = expliquer_nomme("convention_2024", "Andrea", "aide_due", 2026)
    assert la_veille["valeur"] == 22_000
    assert etape(la_veille, "maintien_pmt_tenu")["valeur"] is True


@pytest.mark.long
def test_a_la_main_une_resiliation_et_son_trop_verse() -> None:
    # Signed on 2024-07-01, terminated on 2025-12-31, law of 2023: the second year, 27 000 € (S000),
    # was paid in full on 2025-08-01; 183 days of 365 were run. 27 000 × 183 / 365 = 13 536.986…
    rapport = expliquer_nomme("base", "Maxime", "recuperation", 2025)
    due = 13_536.99
    assert due == round(27_000 * 183 / 365, 2)
    assert rapport["valeur"] == round(27_000 - due, 2) == 13_463.01
    assert calcul_de(rapport, "recuperation") == ["maximum", ["oppose", "solde"], 0]
    assert etape(rapport, "solde")["valeur"] == -13_463.01
    assert calcul_de(rapport, "solde") == [
        "arrondi_au_centime",
        ["-", "aide_due", "acompte"],
    ]
    assert simple(etape(rapport, "solde")["chiffres"]) == (
        "13 536,99 € − 27 000,00 €, arrondi au centime = −13 463,01 €"
    )
    assert etape(rapport, "fraction_annee_couverte")["valeur"] == 183 / 365
    assert calcul_de(rapport, "fraction_annee_couverte") == [
        "part_courue", "date_anniversaire", "date_prochain_anniversaire", "date_resiliation",
    ]  # fmt: skip
    assert etape(rapport, "aide_due")["valeur"] == due
    assert chiffre(rapport, "aide.montant.un_etp.par_defaut.rang_2") == (
        27_000, "2019-08-20", ["2025-07-01"], ["THESE", "ORDRE", "S000"], "extrait",
    )  # fmt: skip
    # The first two years are paid at once (S000), a month after the anniversary.
    assert chiffre(rapport, "versement.part_acompte.par_defaut.rang_2") == (
        1, "2023-05-01", ["2025-07-01"], ["S000", "DJIBE"], "integral",
    )  # fmt: skip
    assert etape(rapport, "date_versement_acompte")["valeur"] == "2025-08-01"
    assert calcul_de(rapport, "acompte") == [
        "*",
        ["arrondi_au_centime", ["*", 1.0, "aide_maximale"]],
        [">", "date_resiliation", "date_versement_acompte"],
    ]
    assert {"s003_iii_recuperation", "s003_iii_resiliation"} <= {
        d["id"] for d in rapport["dispositions"]
    }
    changent = {nom: valeur for nom, (valeur, change) in lectures_de(rapport).items() if change}
    assert changent == {"solde_negatif": 0}
    # The part of a year that is not modulated supposes nothing.
    assert rapport["reserves"] == []
    # Under the convention, 28 000 − 28 000 × 183 / 365.
    autre = expliquer_nomme("convention_2024", "Maxime", "recuperation", 2025)
    assert autre["valeur"] == round(28_000 - round(28_000 * 183 / 365, 2), 2) == 13_961.64


# --- Several doctors, several years ---------------------------------------------------------------


def test_a_la_main_le_second_de_deux_associes_a_un_tiers_d_etp() -> None:
    # Signed on 2022-10-01 under avenant 7, which asks for two doctors at least (S002). Third year
    # on 2024-10-01, under the convention: 7 350 € (S003, illustration 3). PMT 690, under the start
    # of 700 and far from 840: missed with a fall, nothing is paid (illustration 5.1). If falls of
    # up to 5 % were tolerated (690 > 665), the better rate: 1 240 − 1 100 gained of 1 250 − 1 100.
    rapport = expliquer_nomme("convention_2024", "Noa", "aide_due", 2024)
    assert (rapport["medecin"], rapport["valeur"]) == ("Noa", 0)
    assert etape(rapport, "baisse_pmt")["valeur"] is True
    assert etape(rapport, "objectif_manque_avec_baisse")["valeur"] is True
    assert "s003_ill_5_1_nulle" in etape(rapport, "part_standard")["dispositions"]
    assert lectures_de(rapport)["tolerance_augmentation"] == (
        round(7_350 * (1240 - 1100) / (1250 - 1100), 2), True,
    )  # fmt: skip
    saisies = {(s["variable"], s["periode"]): s["valeur"] for s in rapport["saisies"]}
    assert saisies["patientele_mt_initiale", "ETERNITY"] == 700  # 1 000 for Alix
    assert saisies["patientele_mt", "2024"] == 690
    montant = expliquer_nomme("convention_2024", "Noa", "aide_maximale", 2024)
    assert montant["valeur"] == 7_350
    assert chiffre(montant, "aide.montant.tiers_etp.par_defaut.rang_3_et_plus")[:3] == (
        7_350, "2024-06-22", ["2024-10-01"],
    )  # fmt: skip


def test_les_membres_du_cabinet_comptent() -> None:
    rapport = expliquer_nomme("base", "Noa", "exercice_conforme")
    regroupe = etape(rapport, "exercice_regroupe")
    membres = regroupe["calcul"]["resultat"]["arguments"][1]["arguments"][0]
    assert membres == {"genre": "constante", "de": "cabinet.nb_persons", "valeur": 2}
    assert any("médecins du cabinet (2) ≥" in ligne["texte"] for ligne in regroupe["lignes"])
    assert chiffre(rapport, "eligibilite.exercice_regroupe.nombre_de_medecins")[0] == 2
    # Alone, an option of 1/3 was refused that day.
    seule = {"Noa": EXEMPLES["ancien_tiers_etp"]["medecins"]["Noa"]}
    assert expliquer_situation({"medecins": seule}, "exercice_conforme", None, [])["valeur"] is (
        False
    )


def test_chaque_medecin_d_une_situation_a_ses_propres_valeurs() -> None:
    noms = [nom for exemple in EXEMPLES.values() for nom in exemple["medecins"]]
    assert len(noms) == 8
    for nom in noms:
        rapport = expliquer_nomme("convention_2024", nom, "date_anniversaire", 2025)
        (exemple,) = (e for e in EXEMPLES.values() if nom in e["medecins"])
        signature = exemple["medecins"][nom]["date_signature"]["ETERNITY"]
        assert rapport["medecin"] == nom
        assert rapport["valeur"] == "2025" + signature[4:]


def test_une_donnee_annuelle_ne_vaut_que_pour_son_annee() -> None:
    seul = {
        "date_signature": date(2023, 9, 10),
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
        "patientele_mt_initiale": 1300,
        "file_active_initiale": 1600,
        "patientele_mt": {2025: 1430},
        "file_active": {"year:2025:2": 1630},
    }
    for annee, observees in (
        ("2025", {"patientele_mt": (1430, True), "file_active": (1630, True)}),
        ("2026", {"patientele_mt": (-1, False), "file_active": (1630, True)}),
        ("2027", {"patientele_mt": (-1, False), "file_active": (-1, False)}),
    ):
        rapport = expliquer_situation(seul, "resultats_connus", annee, [])
        assert rapport["valeur"] is (annee == "2025")
        dites = {
            s["variable"]: (s["valeur"], s["donnee"])
            for s in rapport["saisies"]
            if s["periode"] == annee
        }
        # A count that is known stands by itself for nothing more.
        assert dites == {
            nom: vue for nom, vue in observees.items() if annee == "2025" or vue[0] == -1
        }
        assert all(s["texte"] == "non connue" for s in rapport["saisies"] if s["valeur"] == -1)


def test_deux_annees_dans_une_formule_se_distinguent() -> None:
    rapport = expliquer_nomme("base", "Camille", "depense_annuelle", 2024)
    (ligne,) = rapport["etapes"][0]["lignes"]
    texte = simple(ligne["texte"])
    assert "acompte de l’année de contrat, 2023 (36 000,00 €)" in texte
    assert "acompte de l’année de contrat (27 000,00 €)" in texte
    assert etape(rapport, "acompte", "2023")["valeur"] == 36_000
    # Paid on 2023-10-10 and 2024-10-10: the second alone is of 2024.
    assert rapport["valeur"] == 27_000


def test_un_meme_chiffre_a_deux_dates_reste_a_chaque_etape_le_sien() -> None:
    # Signed on 2021-09-01: the years of 2023 and 2024 are the third and the fourth, the same line.
    calcul, _ = explicable(
        LOIS["convention_2024"], [medecin(**AVENANT_7 | {"date_signature": date(2021, 9, 1)},
                                          zone="zip")]
    )  # fmt: skip
    etapes = etapes_de(calcul, "depense_annuelle", 2024)
    chemin = "aide.montant.un_etp.par_defaut.rang_3_et_plus"
    for annee, depuis, montant in (("2023", "2019-08-20", 21_000), ("2024", "2024-06-22", 22_000)):
        maximale = etape(etapes, "aide_maximale", annee)
        assert maximale["valeur"] == montant
        assert maximale["parametres"] == [{"parametre": chemin, "depuis": depuis}]


# --- What cannot be explained ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "periode", "message"),
    [
        ("aide_dues", "2026", "Variable : reçu « aide_dues ».*« aide_due »"),
        ("aide_due", "", "Période : rien reçu.*une année, comme 2026"),
        ("aide_due", "2026-03", "Période : reçu « 2026-03 ».*une année"),
        ("aide_due", "year:2026:2", "Période : reçu « year:2026:2 »"),
        ("aide_due", "ETERNITY", "Période : reçu « ETERNITY »"),
        ("aide_due", "10000", "Période : reçu « 10000 »"),
        ("aide_versee", "2026", "Période : reçu « 2026 ».*un mois, comme 2026-03"),
    ],
)
def test_une_demande_inconnue_dit_ce_qui_est_attendu(
    variable: str, periode: str, message: str
) -> None:
    with pytest.raises(DemandeInconnue, match=message):
        nommes("base").expliquer(variable, periode)


@pytest.mark.parametrize(
    ("medecin", "message"),
    [
        ("Alice", "Médecin : reçu « Alice ».*« Alix »"),
        (None, r"2 médecins : dire lequel par --medecin \(Alix, Noa\)"),
    ],
)
def test_un_medecin_inconnu_est_refuse(medecin: str | None, message: str) -> None:
    with pytest.raises(DemandeInconnue, match=message):
        expliquer_situation(EXEMPLES["ancien_tiers_etp"], "aide_due", "2026", [], medecin)


def test_une_situation_refusee_n_est_pas_expliquee() -> None:
    with pytest.raises(SituationInvalide):
        expliquer_situation({"specialite": "generaliste"}, "aide_due", "2026", [])


def test_une_donnee_s_explique_par_elle_meme() -> None:
    rapport = expliquer_nomme("base", "a_moitie", "patientele_mt", 2026)
    assert (rapport["valeur"], rapport["etapes"]) == (1100, [])
    (saisie,) = rapport["saisies"]
    assert (saisie["variable"], saisie["periode"], saisie["donnee"]) == (
        "patientele_mt", "2026", True,
    )  # fmt: skip
    assert minuscule(saisie["label"]) == "PMT observée pour l’année de contrat"


def test_les_echeances_se_disent_au_pas_d_un_delai() -> None:
    brut = {
        "date_signature": "2024-07-01",
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
    }
    for variable, debut in (
        ("date_point_d_etape", "première échéance en 2025, au pas de : délai entre deux points"),
        ("date_second_point_d_etape", "seconde échéance en 2025, au pas de : délai entre deux"),
    ):
        etape, *_ = expliquer_situation(brut, variable, "2025", [])["etapes"]
        assert any(ligne["texte"].startswith(debut) for ligne in etape["lignes"]), variable
