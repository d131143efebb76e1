"""Cells: sums by law, month, certainty and gain, against the model's own and an independent one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy
import pytest

from benchmarks.medecins import colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical import lois as par_nom
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.population.cellules import (
    CAISSE,
    CERTITUDES,
    DIMENSIONS,
    DIMENSIONS_DES_VARIATIONS,
    DROITS,
    ECARTS,
    SCHEMAS,
    VARIATIONS,
    Cellules,
    annees_a_calculer,
    celluler,
    fusionner,
    sorties_de,
)
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from tests.lecture_independante import ENTREES_FIXES, lire
from tests.medecins_au_hasard import medecins

BASE = CountryTaxBenefitSystem()
LOIS = {"base": BASE, "convention_2024": convention_2024(BASE)}
ANNEES = (2023, 2024, 2025, 2026)
Sommes = dict[tuple[Any, ...], float]


def calculees(table: Any, annees: Iterable[int], lois: Any = LOIS) -> dict[str, Any]:
    """Outputs that the cells need, and those that they are compared with, by law."""
    return {
        nom: calculer(
            loi,
            table,
            (*sorties_de(loi), "aide_versee", "depense_annuelle", "recuperation"),
            annees_a_calculer(annees),
        )
        for nom, loi in lois.items()
    }


def bloc(nombre: int, poids: Any = None) -> Any:
    return SimpleNamespace(poids=numpy.ones(nombre) if poids is None else numpy.asarray(poids))


def sommes(table: Any, cles: tuple[str, ...], valeur: str) -> Sommes:
    """Sum of a column by some keys, with plain dictionaries."""
    trouvees: Sommes = defaultdict(float)
    for ligne in table.to_pylist():
        trouvees[tuple(ligne[cle] for cle in cles)] += ligne[valeur]
    return dict(trouvees)


def extrait(sorties: dict[str, Any], quels: Any) -> dict[str, Any]:
    return {loi: {cle: v[quels] for cle, v in lues.items()} for loi, lues in sorties.items()}


def meme(une: Cellules, autre: Cellules) -> bool:
    return all(getattr(une, nom).equals(getattr(autre, nom)) for nom in SCHEMAS)


# --- One contract, by hand ------------------------------------------------------------------------

# Signed on 10 September 2023 at 1 ETP, objectives reached in 2025: 36 000, 27 000 then 21 000 €
# under the règlement arbitral; 28 000 then 22 000 € from the second year under the convention.
CONTRAT = {
    "date_signature": numpy.array(["2023-09-10"], "M8[D]"),
    "specialite": numpy.array(["generaliste"]),
    "zone": numpy.array(["zac"]),
    "patientele_mt_initiale": numpy.array([1_200]),
    "file_active_initiale": numpy.array([1_800]),
    "objectif_pmt_contractuel": numpy.array([1_300]),
    "objectif_pfa_contractuel": numpy.array([1_900]),
    ("patientele_mt", 2025): numpy.array([1_300]),
    ("file_active", 2025): numpy.array([1_900]),
}


def test_un_contrat_a_la_main() -> None:
    cellules = celluler(bloc(1, [2.5]), calculees(CONTRAT, [2024, 2025, 2026]), [2024, 2025, 2026])
    communes = {
        "specialite": "generaliste",
        "option_etp": "un_etp",
        "tranche_patientele": "p30_p90",
        "zone": "zac",
        "lignes": 1,
        "contrats": 2.5,
        "aide_perdue": 0.0,
    }
    attendues = [
        ("base", 2024, 2, "droit", 27_000),
        ("base", 2025, 3, "hypothese", 21_000),  # the table of modulation of 2023 is not known
        ("base", 2026, 4, "inconnu", 21_000),  # 2026 is not observed: paid in full
        ("convention_2024", 2024, 2, "droit", 28_000),
        ("convention_2024", 2025, 3, "droit", 22_000),
        ("convention_2024", 2026, 4, "inconnu", 22_000),
    ]
    assert cellules.droits.to_pylist() == [
        communes
        | {"loi": loi, "annee": annee, "rang": rang, "certitude": certitude}
        | {"aide_maximale": 2.5 * euros, "aide_due": 2.5 * euros}
        for loi, annee, rang, certitude, euros in attendues
    ]
    # Two first years paid at once, a month (then two) after the anniversary; then by halves, the
    # second at the next anniversary. The balance of 2026 is paid in 2027.
    assert sommes(cellules.caisse, ("loi", "mois", "certitude"), "depense") == {
        ("base", "2024-10", "droit"): 2.5 * 27_000,
        ("base", "2025-10", "droit"): 2.5 * 21_000 / 2,
        ("base", "2026-09", "hypothese"): 2.5 * 21_000 / 2,
        ("base", "2026-10", "droit"): 2.5 * 21_000 / 2,
        ("convention_2024", "2024-11", "droit"): 2.5 * 28_000,
        ("convention_2024", "2025-11", "droit"): 2.5 * 22_000 / 2,
        ("convention_2024", "2026-09", "droit"): 2.5 * 22_000 / 2,
        ("convention_2024", "2026-11", "droit"): 2.5 * 22_000 / 2,
    }
    assert sommes(cellules.ecarts, ("dimension", "modalite", "gain_centimes"), "contrats") == {
        (dimension, modalite, 300_000): 2.5  # 1 000 € a year, three years
        for dimension, modalite in {
            "ensemble": "ensemble",
            "specialite": "generaliste",
            "option_etp_initiale": "un_etp",
            "tranche_patientele": "p30_p90",
            "zone": "zac",
            "millesime": "2023",
        }.items()
    } | {
        # A thousand euros in each of its years, of ranks 2 to 4.
        **{("rang", str(rang), 100_000): 2.5 for rang in (2, 3, 4)},
    }
    dus = {
        **{("annee", str(annee)): 1_000 for annee in (2024, 2025, 2026)},
        # 2025 was « hypothese » under the base law, where its 21 000 € are no more.
        ("certitude", "2024 droit"): 1_000,
        ("certitude", "2025 hypothese"): -21_000,
        ("certitude", "2025 droit"): 22_000,
        ("certitude", "2026 inconnu"): 1_000,
    }
    verses = {
        # A month later under the convention; the balance of 2025, 500 € more, at the same time,
        # « hypothese » under the base law.
        ("mois", "2024-10"): -27_000,
        ("mois", "2024-11"): 28_000,
        **{("mois", f"{annee}-10"): -10_500 for annee in (2025, 2026)},
        **{("mois", f"{annee}-11"): 11_000 for annee in (2025, 2026)},
        ("mois", "2026-09"): 500,
        ("annee", "2024"): 1_000,
        ("annee", "2025"): 500,
        ("annee", "2026"): -10_500 + 11_000 + 500,
        ("ensemble", "ensemble"): 2_500,
        ("certitude", "2024 droit"): 1_000,
        ("certitude", "2025 droit"): 500,
        ("certitude", "2026 hypothese"): -10_500,
        ("certitude", "2026 droit"): 11_000 + 11_000 - 10_500,
    }
    assert [tuple(ligne.values()) for ligne in fusionner([cellules]).variations.to_pylist()] == [
        ("convention_2024", "base", *cle, 1, 2.5 * euros)
        for cle, euros in sorted(
            {
                **{("aide_due", *cle): euros for cle, euros in dus.items()},
                ("aide_due", "option_etp", "un_etp"): 3_000,  # always at 1 ETP
                **{("aide_maximale", *cle): euros for cle, euros in dus.items()},
                ("aide_maximale", "ensemble", "ensemble"): 3_000,
                **{("depense", *cle): euros for cle, euros in verses.items()},
            }.items()
        )
    ]
    # 2026 is not observed: nothing is sure of a gain that holds it, nor of that year.
    certitudes = {
        (ligne["dimension"], ligne["modalite"]): ligne["certitude"]
        for ligne in cellules.ecarts.to_pylist()
    }
    assert {certitudes["rang", rang] for rang in "23"} == {"connu"}
    assert {certitudes["rang", "4"], certitudes["ensemble", "ensemble"]} == {"inconnu"}


@pytest.mark.long
def test_la_certitude_d_un_contrat() -> None:
    def certitudes(loi: str, annee: int, sensible: bool = False, **change: Any) -> tuple[str, str]:
        """Of the contract year, and of its advance."""
        table = CONTRAT | {cle: numpy.array([v]) for cle, v in change.items() if cle != "cpn"}
        if "cpn" in change:
            table["part_aide_decidee", annee] = numpy.array([change["cpn"]])
        systemes = {loi: par_nom.loi(loi)[1]}
        annees = [annee, annee + 1]
        lues = calculees(table, annees, systemes)
        sensibles = numpy.zeros((3, 1), dtype=bool)
        sensibles[1] = sensible  # the year before, the year, the next one
        cellules = celluler(bloc(1), lues, annees, {loi: sensibles})
        (annuelle,) = [c["certitude"] for c in cellules.droits.to_pylist() if c["annee"] == annee]
        acomptes = [c for c in cellules.caisse.to_pylist() if c["mois"] > f"{annee}-09"]
        return annuelle, acomptes[0]["certitude"] if acomptes else "rien"

    droit, base, convention = ("droit", "droit"), "base", "convention_2024"
    assert certitudes(base, 2024) == droit
    assert certitudes(base, 2025) == ("hypothese", "droit")
    assert certitudes(base, 2025, cpn=0.5) == droit  # decided: it rests on no table
    assert certitudes(convention, 2025) == droit
    assert certitudes(convention, 2025, sensible=True) == ("lecture", "lecture")
    assert certitudes(base, 2025, sensible=True) == ("hypothese", "lecture")
    # An objective that nobody knows; an estimate of it, under a law that makes one.
    assert certitudes(convention, 2025, objectif_pmt_contractuel=0) == ("inconnu", "droit")
    estimee = "convention_2024+objectifs_estimes+objectifs_estimes.sous_la_convention"
    assert certitudes(estimee, 2025, objectif_pmt_contractuel=0) == ("hypothese", "droit")
    assert certitudes(estimee, 2024, objectif_pmt_contractuel=0) == droit  # paid whatever it is
    # No count at the start: eligible by default, and the amount is the least.
    inconnu = ("inconnu", "inconnu")
    assert certitudes(convention, 2024, patientele_mt_initiale=-1) == inconnu
    # 1 ETP was not open before: nothing is due, whatever is not known.
    ferme = {"date_signature": numpy.datetime64("2022-09-10"), "zone": "hors_zone"}
    assert certitudes(base, 2024, patientele_mt_initiale=-1, **ferme) == ("droit", "rien")


# --- The model's own sums -------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("ponderee", [False, True], ids=["sans poids", "avec poids"])
@pytest.mark.parametrize("rares", [None, 0.3])
def test_la_caisse_est_celle_du_modele(rares: float | None, ponderee: bool) -> None:
    nombre = 3_000
    lues = calculees(colonnes(nombre, ANNEES, rares=rares), ANNEES)
    poids = numpy.random.default_rng(3).uniform(0.2, 30, nombre) if ponderee else numpy.ones(nombre)
    cellules = celluler(bloc(nombre, poids), lues, ANNEES)
    par_mois = sommes(cellules.caisse, ("loi", "mois"), "depense")
    for loi, sorties in lues.items():
        for annee in ANNEES:
            mois = [f"{annee}-{rang:02}" for rang in range(1, 13)]
            for nom in mois:
                attendue = (sorties["aide_versee", nom] * poids).sum()
                assert par_mois[loi, nom] == pytest.approx(attendue, abs=0.005, rel=0)
            attendue = (sorties["depense_annuelle", annee] * poids).sum()
            assert sum(par_mois[loi, nom] for nom in mois) == pytest.approx(
                attendue, abs=0.01, rel=0
            )
        assert sum(sorties["recuperation", annee].sum() for annee in ANNEES) > 0
        resiliees = [sorties["date_versement_solde", a] < sorties["date_versement_acompte", a]
                     for a in ANNEES]  # fmt: skip
        assert numpy.any(resiliees)
    assert {mois[:4] for _, mois in par_mois} == set(map(str, ANNEES))


@pytest.mark.long
def test_les_droits_sont_ceux_du_modele() -> None:
    nombre = 2_000
    lues = calculees(colonnes(nombre, ANNEES, rares=0.2), ANNEES)
    poids = numpy.random.default_rng(5).uniform(0.2, 30, nombre)
    droits = celluler(bloc(nombre, poids), lues, ANNEES).droits
    cles = ("loi", "annee", "specialite", "option_etp", "tranche_patientele", "rang", "zone")
    attendues: dict[str, Sommes] = {nom: defaultdict(float) for nom in DROITS.names[8:]}
    for loi, sorties in lues.items():
        fixes = [noms(sorties[nom, None]) for nom in ("specialite", "tranche_patientele", "zone")]
        for annee in ANNEES:
            options = noms(sorties["option_etp", annee])
            for i in numpy.flatnonzero(sorties["rang_annee_contrat", annee]):
                specialite, tranche, zone = (valeurs[i] for valeurs in fixes)
                rang = int(sorties["rang_annee_contrat", annee][i])
                cle = (loi, annee, specialite, options[i], tranche, rang, zone)
                attendues["lignes"][cle] += 1
                attendues["contrats"][cle] += poids[i]
                for nom in ("aide_maximale", "aide_due", "aide_perdue"):
                    attendues[nom][cle] += poids[i] * sorties[nom, annee][i]
    for nom, sommees in attendues.items():
        obtenues = sommes(droits, cles, nom)
        assert obtenues.keys() == sommees.keys()
        assert all(abs(obtenues[cle] - sommees[cle]) < 0.005 for cle in sommees), nom


def noms(valeurs: Any) -> list[str]:
    return list(valeurs.decode_to_str().tolist())


def test_un_contrat_se_compte_une_fois_par_case_de_caisse() -> None:
    nombre = 800
    lues = calculees(colonnes(nombre, ANNEES, rares=0.3), ANNEES)
    caisse = celluler(bloc(nombre), lues, ANNEES).caisse
    payes: dict[tuple[str, str], set[int]] = defaultdict(set)
    versements = 0
    for loi, sorties in lues.items():
        for annee in annees_a_calculer(ANNEES):
            for nom in ("acompte", "solde"):
                mois = sorties[f"date_versement_{nom}", annee].astype("M8[M]").astype(str)
                for i in numpy.flatnonzero(sorties[nom, annee]):
                    payes[loi, mois[i]].add(int(i))
                    versements += int(mois[i][:4]) in ANNEES
    comptes = sommes(caisse, ("loi", "mois"), "lignes")
    voulus = {cle: len(lignes) for cle, lignes in payes.items() if int(cle[1][:4]) in ANNEES}
    # The same contract may be in two certainties of a month, never twice in one.
    assert comptes.keys() == voulus.keys()
    assert all(comptes[cle] >= voulus[cle] for cle in voulus)
    par_case = sommes(caisse, ("loi", "mois", "certitude"), "lignes")
    assert all(par_case[cle] <= voulus[cle[:2]] for cle in par_case)
    assert sum(voulus.values()) < versements


def test_les_ecarts_comptent_chaque_contrat_dans_chaque_dimension() -> None:
    nombre = 1_500
    lues = calculees(colonnes(nombre, ANNEES, rares=0.1), ANNEES)
    poids = numpy.random.default_rng(7).integers(1, 9, nombre).astype(float)
    ecarts = celluler(bloc(nombre, poids), lues, ANNEES).ecarts
    reference = lues["base"]
    gains = [
        sum(
            round(100 * lues["convention_2024"]["aide_due", annee][i])
            - round(100 * reference["aide_due", annee][i])
            for annee in ANNEES
        )
        for i in range(nombre)
    ]
    signature = reference["date_signature", None].astype("M8[Y]").astype(str).tolist()
    modalites = {
        "ensemble": ["ensemble"] * nombre,
        "millesime": ["aucun" if annee == "9999" else annee for annee in signature],
    } | {nom: noms(reference[nom, None]) for nom in DIMENSIONS[1:5]}
    attendus: Sommes = defaultdict(float)
    for dimension, valeurs in modalites.items():
        for i in range(nombre):
            attendus[dimension, valeurs[i], gains[i]] += poids[i]
    par_gain = sommes(ecarts, ("dimension", "modalite", "gain_centimes"), "contrats")
    fixes = {cle: n for cle, n in par_gain.items() if cle[0] in modalites}
    assert fixes == attendus
    assert {cle[0] for cle in par_gain} == set(DIMENSIONS)
    par_rang: Sommes = defaultdict(float)
    for annee in ANNEES:
        avant, apres = (numpy.rint(100 * lues[loi]["aide_due", annee]) for loi in LOIS)
        rangs = numpy.maximum(*(lues[loi]["rang_annee_contrat", annee] for loi in LOIS))
        for i in numpy.flatnonzero(rangs):
            par_rang["rang", str(rangs[i]), round(apres[i] - avant[i])] += poids[i]
    assert {cle: n for cle, n in par_gain.items() if cle[0] == "rang"} == par_rang
    assert len(set(gains)) > 20
    assert min(gains) < 0 < max(gains)


@pytest.mark.long
@pytest.mark.parametrize("ponderee", [False, True], ids=["sans poids", "avec poids"])
def test_les_tables_disent_la_meme_chose(ponderee: bool) -> None:
    """A gain is what it is whatever the table, the dimension, the blocks: not a millionth off."""
    nombre, alea = 1_500, numpy.random.default_rng(8)
    lues = calculees(colonnes(nombre, ANNEES, rares=0.2), ANNEES)
    poids = alea.uniform(0.01, 90, nombre) if ponderee else numpy.ones(nombre)
    cellules = celluler(bloc(nombre, poids), lues, ANNEES)

    def micro(table: Any, cles: tuple[str, ...], valeur: str) -> dict[tuple[Any, ...], int]:
        trouvees: dict[tuple[Any, ...], int] = defaultdict(int)
        for ligne in table.to_pylist():
            trouvees[tuple(ligne[cle] for cle in cles)] += round(ligne[valeur] * 10**6)
        return dict(trouvees)

    dues = micro(cellules.droits, ("loi",), "aide_due")
    gains = micro(cellules.ecarts, ("dimension",), "gain")
    gain = dues["convention_2024",] - dues["base",]
    for dimension in DIMENSIONS:
        assert gains[dimension,] == gain, dimension
    payes = micro(cellules.caisse, ("loi", "mois"), "depense")
    par_annee = micro(cellules.droits, ("loi", "annee"), "aide_perdue")
    ecarts = micro(cellules.variations, ("grandeur", "dimension", "modalite"), "ecart")
    for grandeur, dimensions in DIMENSIONS_DES_VARIATIONS.items():
        table = cellules.caisse if grandeur == "depense" else cellules.droits
        avant, apres = (micro(table, ("loi",), grandeur)[loi,] for loi in LOIS)
        for dimension in dimensions:
            siens = [ecart for cle, ecart in ecarts.items() if cle[:2] == (grandeur, dimension)]
            assert sum(siens) == apres - avant, (grandeur, dimension)
    for (grandeur, dimension, modalite), ecart in ecarts.items():
        if dimension == "mois":
            avant, apres = (payes.get((loi, modalite), 0) for loi in LOIS)
            assert ecart == apres - avant, modalite
        if (grandeur, dimension) == ("aide_perdue", "annee"):
            avant, apres = (par_annee[loi, int(modalite)] for loi in LOIS)
            assert ecart == apres - avant, modalite
    # Each contract within half a millionth of a euro of its exact worth.
    exact = {
        loi: sum(
            Fraction(float(poids[i])) * round(100 * sorties["aide_due", annee][i]) / 100
            for annee in ANNEES
            for i in range(nombre)
        )
        for loi, sorties in lues.items()
    }
    for loi in LOIS:
        assert abs(Fraction(dues[loi,], 10**6) - exact[loi]) <= Fraction(nombre * 4, 2 * 10**6)


def test_la_certitude_d_un_gain_est_un_sens() -> None:
    """What is missing may move a law one way only: the other way is sure."""
    lues = calculees(CONTRAT, [2024])
    for sorties in lues.values():
        sorties["part_aide_connue", 2024] = numpy.array([True])
        sorties["aide_maximale_plancher", 2024] = numpy.array([False])

    def certitude(loi: str, cle: str, valeur: bool) -> str:
        autres = {nom: dict(sorties) for nom, sorties in lues.items()}
        autres[loi][cle, 2024] = numpy.array([valeur])
        ecarts = celluler(bloc(1), autres, [2024]).ecarts.to_pylist()
        (sienne,) = {ligne["certitude"] for ligne in ecarts if ligne["dimension"] == "ensemble"}
        return str(sienne)

    assert certitude("base", "part_aide_connue", True) == "connu"
    # The reference is paid in full for want of information: at least that gain.
    assert certitude("base", "part_aide_connue", False) == "plancher"
    assert certitude("convention_2024", "aide_maximale_plancher", True) == "plancher"
    assert certitude("convention_2024", "part_aide_connue", False) == "inconnu"
    assert certitude("base", "aide_maximale_plancher", True) == "inconnu"


def test_les_lois_se_comparent_deux_a_deux() -> None:
    lues = calculees(colonnes(400, ANNEES, rares=0.2), ANNEES)
    trois = {**lues, "la meme": lues["convention_2024"]}
    cellules = celluler(bloc(400), trois, ANNEES)
    gains = sommes(cellules.ecarts, ("loi", "reference", "dimension"), "gain")
    assert gains["la meme", "base", "ensemble"] == gains["convention_2024", "base", "ensemble"] != 0
    assert gains["la meme", "convention_2024", "ensemble"] == 0
    paires = set(sommes(cellules.variations, ("loi", "reference"), "lignes"))
    assert paires == {("convention_2024", "base"), ("la meme", "base")}


@pytest.mark.long
def test_les_variations_comptent_les_contrats_qui_changent() -> None:
    """Against plain dictionaries of each contract: amounts, payments, certainties, options."""
    nombre = 250
    lues = calculees(colonnes(nombre, ANNEES, rares=0.2), ANNEES)
    sensibles = numpy.random.default_rng(9).random((5, nombre)) < 0.3
    cellules = celluler(bloc(nombre), lues, ANNEES, {"convention_2024": sensibles})
    # What each contract has in each cell, from cells of each contract alone.
    changes: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for i in range(nombre):
        seul = celluler(bloc(1), extrait(lues, [i]), ANNEES, {"convention_2024": sensibles[:, [i]]})
        for cle, n in ecarts_d_un_contrat(seul).items():
            if n:
                changes[cle].add(i)
    lignes = sommes(cellules.variations, ("grandeur", "dimension", "modalite"), "lignes")
    assert lignes == {cle: len(contrats) for cle, contrats in changes.items()}
    assert {cle[:2] for cle in lignes} == {
        (grandeur, dimension)
        for grandeur, dimensions in DIMENSIONS_DES_VARIATIONS.items()
        for dimension in dimensions
    }


def ecarts_d_un_contrat(cellules: Cellules) -> dict[tuple[str, str, str], int]:
    """Cents that change in each cell, by quantity, dimension and modality."""
    ecarts: dict[tuple[str, str, str], int] = defaultdict(int)
    signes = {"base": -1, "convention_2024": 1}
    for ligne in cellules.droits.to_pylist():
        for grandeur in ("aide_maximale", "aide_due", "aide_perdue"):
            modalites = {
                "ensemble": "ensemble",
                "annee": str(ligne["annee"]),
                "certitude": f"{ligne['annee']} {ligne['certitude']}",
                "option_etp": ligne["option_etp"],
            }
            for dimension in DIMENSIONS_DES_VARIATIONS[grandeur]:
                cents = signes[ligne["loi"]] * round(100 * ligne[grandeur])
                ecarts[grandeur, dimension, modalites[dimension]] += cents
    for ligne in cellules.caisse.to_pylist():
        annee = ligne["mois"][:4]
        modalites = {
            "ensemble": "ensemble",
            "annee": annee,
            "certitude": f"{annee} {ligne['certitude']}",
            "mois": ligne["mois"],
        }
        for dimension, modalite in modalites.items():
            ecarts["depense", dimension, modalite] += signes[ligne["loi"]] * round(
                100 * ligne["depense"]
            )
    return ecarts


# --- An independent reading of the law ------------------------------------------------------------


def en_colonnes(tirage: list[dict[str, Any]], annees: Iterable[int]) -> dict[Any, Any]:
    """Drawn doctors as columns; each alone, so that a practice of several is declared."""
    for tire in tirage:
        if tire.pop("membres_du_cabinet", 1) > 1:
            tire["exercice_regroupe_declare"] = True
    noms_lus = {nom for tire in tirage for nom in tire}
    table: dict[Any, Any] = {}
    for nom in sorted(noms_lus):
        defaut = BASE.variables[nom].default_value
        for annee in annees if nom not in ENTREES_FIXES else (None,):
            valeurs = [tire.get(nom, {} if annee else defaut) for tire in tirage]
            if annee is not None:
                valeurs = [valeur.get(annee, defaut) for valeur in valeurs]
            table[nom if annee is None else (nom, annee)] = en_tableau(nom, valeurs)
    return table


def en_tableau(nom: str, valeurs: list[Any]) -> Any:
    possibles = getattr(BASE.variables[nom], "possible_values", None)
    if possibles is not None:
        return numpy.array([getattr(valeur, "name", valeur) for valeur in valeurs])
    genre = {date: "M8[D]", bool: bool, int: numpy.int32, float: numpy.float64}
    return numpy.array(valeurs, genre[BASE.variables[nom].value_type])


def cout_independant(graine: int, nombre: int) -> None:
    """Costs of drawn contracts by the independent reading equal those of the cells, to the cent."""
    annees = range(2020, 2030)
    tirage = medecins(graine, nombre)
    table = en_colonnes(tirage, annees_a_calculer(annees))
    cellules = celluler(bloc(nombre), calculees(table, annees), annees)
    dues = sommes(cellules.droits, ("loi", "annee"), "aide_due")
    perdues = sommes(cellules.droits, ("loi", "annee"), "aide_perdue")
    caisse = sommes(cellules.caisse, ("loi", "mois"), "depense")
    for loi in LOIS:
        lus = [lire(tire, annees, convention_2024=loi != "base") for tire in tirage]
        for annee in annees:
            for obtenues, nom in ((dues, "aide_due"), (perdues, "aide_perdue")):
                exacte = sum(lu[nom][annee] for lu in lus)
                assert round(100 * obtenues.get((loi, annee), 0.0)) == 100 * exacte
            for mois in range(1, 13):
                exacte = sum(lu["aide_versee"][annee, mois] for lu in lus)
                obtenue = caisse.get((loi, f"{annee}-{mois:02}"), 0.0)
                assert round(100 * obtenue) == 100 * exacte
    assert sum(dues.values()) > 0


@pytest.mark.long
def test_le_cout_est_celui_d_une_lecture_independante() -> None:
    cout_independant(31, 300)


@pytest.mark.long
def test_le_cout_de_deux_mille_contrats_est_celui_d_une_lecture_independante() -> None:
    cout_independant(32, 2_000)


# --- Adding up ------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("ponderee", [False, True], ids=["sans poids", "avec poids"])
def test_l_ordre_des_parties_ne_change_rien(ponderee: bool) -> None:
    nombre, alea = 1_200, numpy.random.default_rng(11)
    lues = calculees(colonnes(nombre, ANNEES, rares=0.1), ANNEES)
    poids = alea.uniform(0.01, 50, nombre) if ponderee else numpy.ones(nombre)
    entiere = fusionner([celluler(bloc(nombre, poids), lues, ANNEES)])
    parts = [numpy.arange(debut, nombre, 6) for debut in range(6)]
    parties = [celluler(bloc(len(p), poids[p]), extrait(lues, p), ANNEES) for p in parts]
    premiere = fusionner(parties)
    for _ in range(2):
        melangees = [parties[rang] for rang in alea.permutation(6)]
        assert meme(fusionner(melangees), premiere)
        deux = [fusionner(melangees[:2]), fusionner(iter(melangees[2:]))]
        assert meme(fusionner(deux), premiere)
    # Nor how the table is cut: weighted or not, to the last millionth.
    assert meme(premiere, entiere)


@pytest.mark.long
def test_dix_millions_de_contrats_s_additionnent_au_centime() -> None:
    lues = calculees(CONTRAT | {"date_resiliation": numpy.array(["2025-12-25"], "M8[D]")}, [2025])
    un = celluler(bloc(1), lues, [2025])
    # 10 September to 25 December 2025, 106 days of 365: 21 000 × 106 / 365 = 6 098,63 €.
    assert sommes(un.droits, ("loi",), "aide_due")["base",] == 6_098.63
    cent, mille = fusionner([un] * 100), 1_000
    dix_mille = fusionner([cent] * 100)
    tout = fusionner([dix_mille] * mille)
    assert sommes(tout.droits, ("loi",), "aide_due")["base",] == 609_863 * 10**7 / 100
    assert sommes(tout.droits, ("loi",), "lignes")["base",] == 10**7
    assert sommes(tout.ecarts, ("dimension",), "lignes")["zone",] == 10**7


def test_les_parties_s_additionnent_a_mesure(monkeypatch: pytest.MonkeyPatch) -> None:
    nombre = 600
    lues = calculees(colonnes(nombre, ANNEES), ANNEES)
    parties = [celluler(bloc(nombre), lues, ANNEES)] * 9
    entiere = fusionner(parties)
    monkeypatch.setattr("openfisca_assistant_medical.population.cellules.addition._EN_ATTENTE", 1)
    assert meme(fusionner(parties), entiere)


def test_les_tables_ont_leurs_colonnes_meme_vides() -> None:
    for table, annees in ((CONTRAT, []), ({"date_signature": numpy.array([], "M8[D]")}, [2025])):
        nombre = len(table["date_signature"])
        for cellules in (
            celluler(bloc(nombre), calculees(table, annees), annees),
            fusionner([celluler(bloc(nombre), calculees(table, annees), annees)]),
            fusionner([]),
        ):
            assert cellules.droits.schema == DROITS
            assert cellules.caisse.schema == CAISSE
            assert cellules.ecarts.schema == ECARTS
            assert cellules.variations.schema == VARIATIONS
            assert len(cellules.droits) == len(cellules.caisse) == 0


def test_les_lectures_ont_une_ligne_par_annee_calculee() -> None:
    lues = calculees(CONTRAT, [2025])
    with pytest.raises(ValueError, match=r"reçu \(1, 1\) ; attendu : \(2, 1\).*2024, 2025"):
        celluler(bloc(1), lues, [2025], {"base": numpy.zeros((1, 1), dtype=bool)})


def test_une_autre_lecture_ne_cache_ni_une_hypothese_ni_un_inconnu() -> None:
    nombre = 1_000
    lues = calculees(colonnes(nombre, ANNEES), ANNEES)
    toutes = numpy.ones((5, nombre), dtype=bool)
    cellules = celluler(bloc(nombre), lues, ANNEES, {"base": toutes})
    vues = {ligne["certitude"] for ligne in cellules.droits.to_pylist() if ligne["loi"] == "base"}
    assert vues == set(CERTITUDES) - {"droit"}
