"""Tables of contracts: what is read, what is refused, and how it is said."""

import csv
import gzip
import io
import json
import os
import pickle
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.population.table import (
    decoupage,
    fichiers_csv,
    requetes,
    tables,
)
from openfisca_assistant_medical.population.table.refus import ERREURS_MONTREES, TableRefusee
from openfisca_assistant_medical.population.table.sources import ILLISIBLE
from openfisca_assistant_medical.population.table.tables import Bloc, Table, ouvrir
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.situations import SituationInvalide, verifier
from openfisca_assistant_medical.situations.valeurs import defaut
from tests.medecins_au_hasard import medecins

SYSTEME = CountryTaxBenefitSystem()
VALIDE = {
    "date_signature": "2023-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
}
REQUISES = "date_signature,specialite,secteur_conventionnel"
MEDECIN = "2023-09-10,generaliste,secteur_1"
ENTETE = f"{REQUISES},patientele_mt_initiale,patientele_mt_2026,identifiant\n"


def lire(table: Table, systeme: Any = SYSTEME, **options: Any) -> list[Bloc]:
    return [
        bloc
        for partition in table.partitions()
        for bloc in table.blocs(partition, systeme, **options)
    ]


def refus(source: Any, systeme: Any = SYSTEME, **options: Any) -> TableRefusee:
    try:
        table = ouvrir(source, **options)
        table.verifier_colonnes(systeme)
        lire(table, systeme)
    except TableRefusee as refusee:
        return refusee
    raise AssertionError("rien n’est refusé")


def fichier(dossier: Path, contenu: str | bytes, nom: str = "contrats.csv") -> Path:
    chemin = dossier / nom
    chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    return chemin


def une_ligne(**valeurs: Any) -> pa.Table:
    """A table of one doctor, typed by Arrow; what is required is given."""
    donnees = {**VALIDE, "date_signature": date(2023, 9, 10), **valeurs}
    return pa.table({nom: v if isinstance(v, pa.Array) else [v] for nom, v in donnees.items()})


# --- The same refusals as the front door ----------------------------------------------------------

ENTIERS = (-2, -1, 0, 1, 3, 4, 8, 99_999, 100_000, 100_001, 2**31 - 1)
DECIMAUX = (-2.0, -1.0, -0.01, 0.0, 0.5, 0.8, 1.0, 1.000001, 10_000_000.0, 10_000_000.01)
JOURS = (
    *(date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31)),
    *(date(2000, 2, 29), date(2005, 9, 10), date(2018, 2, 28), date(2018, 3, 1), date(2024, 6, 22)),
)
TEXTES = ("abc", " un_etp", "2023-02-30", "1e999", "NaN", "1,5", "10/09/2023", "12 ", "é", "'")


def tirer(rnd: Random, variable: Any, ancienne: Any) -> Any:
    """A value that a variable may take, or nearly so."""
    if variable.value_type is Enum:
        return rnd.choice([membre.name for membre in variable.possible_values])
    if variable.value_type is bool:
        return rnd.random() < 0.5
    if variable.value_type is int:
        return rnd.choice(ENTIERS)
    if variable.value_type is float:
        return rnd.choice(DECIMAUX)
    if isinstance(ancienne, date) and ancienne.year < 9000 and rnd.random() < 0.5:
        return ancienne + timedelta(days=rnd.choice((-400, -1, 1, 400)))
    return rnd.choice(JOURS)


def population(graine: int, nombre: int, *, textes: bool) -> list[dict[str, Any]]:
    """Doctors by column: those of the generator, then two out of three changed at random."""
    rnd = Random(graine)
    entrees = [v for v in SYSTEME.variables.values() if not v.formulas and v.entity.is_person]
    resultat = []
    for medecin in medecins(graine, nombre):
        ligne: dict[str, Any] = {"secteur_conventionnel": "secteur_1"}
        for nom, valeur in medecin.items():
            if nom == "membres_du_cabinet":
                continue
            datees = valeur.items() if isinstance(valeur, dict) else [(None, valeur)]
            for annee, v in datees:
                if SYSTEME.variables[nom].value_type is float:
                    v = float(v)
                ligne[nom if annee is None else f"{nom}_{annee}"] = v
        for _ in range(rnd.choice((0, 1, 3))):
            variable = rnd.choice(entrees)
            nom = variable.name
            if variable.definition_period == "year":
                nom += f"_{rnd.randint(2018, 2034)}"
            ligne[nom] = tirer(rnd, variable, ligne.get(nom))
            if textes and rnd.random() < 0.1:
                ligne[nom] = rnd.choice(TEXTES)
            if rnd.random() < 0.05:
                ligne[nom] = None
        resultat.append(ligne)
    return resultat


def decouper(nom: str) -> tuple[str, int | None]:
    base, _, annee = nom.rpartition("_")
    return (nom, None) if nom in SYSTEME.variables else (base, int(annee))


def a_la_porte(ligne: dict[str, Any]) -> dict[str, Any] | None:
    """What the front door makes of a doctor, by variable and period; None if it refuses."""
    situation: dict[str, Any] = {}
    for colonne, valeur in ligne.items():
        nom, annee = decouper(colonne)
        if valeur is None:
            continue
        if annee is None:
            situation[nom] = valeur
        else:
            situation.setdefault(nom, {})[annee] = valeur
    try:
        return dict(verifier(situation, SYSTEME)["medecins"]["medecin"])
    except SituationInvalide:
        return None


def comparer(lignes: list[dict[str, Any]], table: Table, premiere: int) -> tuple[int, int]:
    """Hold a table against the front door; how many are refused and accepted."""
    attendus = [a_la_porte(ligne) for ligne in lignes]
    blocs = lire(table, erreurs="isoler", taille=700)
    refusees = {erreur.ligne for bloc in blocs for erreur in bloc.erreurs}
    assert refusees == {premiere + n for n, attendu in enumerate(attendus) if attendu is None}
    for bloc in blocs:
        for cle, colonne in bloc.colonnes.items():
            nom, annee = (cle, "ETERNITY") if isinstance(cle, str) else (cle[0], str(cle[1]))
            variable = SYSTEME.variables[nom]
            assert colonne.dtype == variable.dtype
            lues = colonne.decode_to_str() if variable.value_type is Enum else colonne
            if variable.value_type is date:
                lues = colonne.astype(str)
            for ligne, lue in zip(bloc.lignes.tolist(), lues.tolist(), strict=True):
                attendu = attendus[ligne - premiere]
                assert attendu is not None
                voulue = attendu.get(nom, {}).get(annee)
                assert lue == (defaut(variable) if voulue is None else voulue), (ligne, cle)
    return len(refusees), sum(len(bloc.lignes) for bloc in blocs)


def typees(lignes: list[dict[str, Any]]) -> pa.Table:
    genres = {int: pa.int32(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}
    colonnes = {}
    for nom in {nom: None for ligne in lignes for nom in ligne}:
        genre = genres.get(SYSTEME.variables[decouper(nom)[0]].value_type)
        valeurs = pa.array([ligne.get(nom) for ligne in lignes], genre or pa.string())
        colonnes[nom] = valeurs if genre else valeurs.dictionary_encode()
    return pa.table(colonnes)


def en_csv(lignes: list[dict[str, Any]], separateur: str = ",", **options: Any) -> str:
    noms = list({nom: None for ligne in lignes for nom in ligne})
    sortie = io.StringIO(newline="")
    ecriture = csv.DictWriter(sortie, noms, delimiter=separateur, **options)
    ecriture.writeheader()
    for ligne in lignes:
        ecriture.writerow({n: v for n, v in ligne.items() if v is not None})
    return sortie.getvalue()


@pytest.mark.parametrize("graine", [1, pytest.param(2, marks=pytest.mark.long)])
def test_une_table_typee_refuse_ce_que_refuse_la_porte(graine: int) -> None:
    lignes = population(graine, 900 if graine == 1 else 6_000, textes=False)
    refusees, admises = comparer(lignes, ouvrir(typees(lignes)), 1)
    assert refusees > len(lignes) // 10  # the comparison has something to compare
    assert admises > len(lignes) // 10


@pytest.mark.parametrize("graine", [3, pytest.param(4, marks=pytest.mark.long)])
def test_un_csv_refuse_ce_que_refuse_la_porte(tmp_path: Path, graine: int) -> None:
    lignes = population(graine, 600 if graine == 3 else 6_000, textes=True)
    separateur, guillemets = (",", csv.QUOTE_MINIMAL) if graine == 3 else (";", csv.QUOTE_ALL)
    texte = en_csv(lignes, separateur, quoting=guillemets)
    refusees, admises = comparer(lignes, ouvrir(fichier(tmp_path, texte)), 2)
    assert refusees > len(lignes) // 10
    assert admises > len(lignes) // 10


BORDS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (  # accepted, then refused
    ({"date_naissance": date(2005, 9, 10)}, {"date_naissance": date(2005, 9, 11)}),
    (
        {"date_signature": date(2018, 3, 1), "date_naissance": date(2000, 2, 29)},
        {"date_signature": date(2018, 2, 28), "date_naissance": date(2000, 2, 29)},
    ),
    ({"patientele_mt_2023": 0}, {"patientele_mt_2022": 0}),
    ({"depart_pmt_avenant_2022": 0}, {"depart_pmt_avenant_2022": 1}),  # 0 says nothing
    ({"option_etp_avenant_2024": "un_etp"}, {"option_etp_avenant_2023": "un_etp"}),
    ({"date_resiliation": date(2023, 9, 10)}, {"date_resiliation": date(2023, 9, 9)}),
    (
        {"date_resiliation_contrat_precedent": date(2023, 9, 10), "carence_applicable": True},
        {"date_resiliation_contrat_precedent": date(2023, 9, 11), "carence_applicable": True},
    ),
    ({"carence_applicable": False}, {"carence_applicable": True}),
    (
        {
            "date_inscription_formation": date(2024, 1, 2),
            "date_certification": date(2024, 1, 2),
        },
        {
            "date_inscription_formation": date(2024, 1, 2),
            "date_certification": date(2024, 1, 1),
        },
    ),
    (
        {"date_remplacement_secretaire": date(2024, 1, 1), "secretaire_devenu_assistant": True},
        {"date_remplacement_secretaire": date(2024, 1, 1), "secretaire_devenu_assistant": False},
    ),
    (
        {"tranche_objectif_pfa_declaree": "p70_p90", "tranche_pfa_declaree": "p30_p90"},
        {"tranche_objectif_pfa_declaree": "p70_p90", "tranche_pfa_declaree": "p90_p95"},
    ),
    ({"date_naissance": date(2005, 1, 1)}, {"date_naissance": date(9990, 1, 1)}),
    ({"date_naissance": date(1900, 1, 1)}, {"date_naissance": date(1899, 12, 31)}),
    ({"patientele_mt_initiale": 100_000}, {"patientele_mt_initiale": 100_001}),
    ({"patientele_mt_initiale": -1}, {"patientele_mt_initiale": -2}),
    ({"objectif_pmt_contractuel": 0}, {"objectif_pmt_contractuel": -1}),
    ({"part_aide_decidee_2024": -1.0}, {"part_aide_decidee_2024": -0.5}),
    ({"date_signature": date(2023, 9, 10)}, {"date_signature": date(9999, 12, 31)}),
)


@pytest.mark.parametrize(("admis", "refuse"), BORDS)
def test_de_part_et_d_autre_de_chaque_borne(
    tmp_path: Path, admis: dict[str, Any], refuse: dict[str, Any]
) -> None:
    for change, attendu in ((admis, True), (refuse, False)):
        ligne = {**VALIDE, "date_signature": date(2023, 9, 10), **change}
        assert (a_la_porte(ligne) is not None) == attendu
        for table in (typees([ligne]), fichier(tmp_path, en_csv([ligne]))):
            (bloc,) = lire(ouvrir(table), erreurs="isoler")
            assert len(bloc.lignes) == attendu
            assert (not bloc.erreurs) == attendu


@pytest.mark.long
def test_parquet_memoire_et_csv_donnent_les_memes_colonnes(tmp_path: Path) -> None:
    lignes = [ligne for ligne in population(5, 400, textes=False) if a_la_porte(ligne)]
    pq.write_table(typees(lignes), tmp_path / "contrats.parquet", row_group_size=150)
    sources = [
        typees(lignes),
        tmp_path / "contrats.parquet",
        fichier(tmp_path, en_csv(lignes)),
        polars.from_arrow(typees(lignes)),
    ]
    premiers, *autres = (lire(ouvrir(source), taille=160) for source in sources)
    for blocs in autres:
        for nom in premiers[0].colonnes:
            un, autre = (
                numpy.concatenate([bloc.colonnes[nom] for bloc in lus]) for lus in (premiers, blocs)
            )
            assert numpy.array_equal(un, autre), nom
    resultats = [
        calculer(convention_2024(SYSTEME), bloc.colonnes, ["aide_due"], [2025])["aide_due", 2025]
        for bloc in premiers
    ]
    assert sum(map(len, resultats)) == len(lignes)


def test_un_contrat_collectif_n_a_pas_sa_place_dans_une_table() -> None:
    loi = aide_collective_2026(convention_2024(SYSTEME))
    (erreur,) = refus(une_ligne(aide_collective_date_adhesion=date(2026, 3, 1)), loi).erreurs
    assert "chaque médecin est seul dans son cabinet" in erreur.raison
    assert lire(ouvrir(une_ligne(aide_collective_date_adhesion=date(9999, 12, 31))), loi)


# --- Columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colonne", "extraits"),
    [
        ("patientele_mt_inital", ("patientele_mt_initiale", "--ignorer patientele_mt_inital")),
        ("patientele_mt", ("patientele_mt_2026", "change d’une année")),
        ("zone_2025", ("« zone »", "sans année")),
        ("aide_due_2025", ("se calcule", "--ignorer")),
        ("file_activ_2025", ("file_active",)),
        ("patientele_mt_1899", ("de 1900 à 9998",)),
    ],
)
def test_une_colonne_qui_n_est_pas_une_entree(colonne: str, extraits: tuple[str, ...]) -> None:
    (erreur,) = refus(une_ligne(**{colonne: 1})).erreurs
    assert (erreur.ligne, erreur.colonne) == (0, colonne)
    for extrait in extraits:
        assert extrait in erreur.raison


def test_les_colonnes_obligatoires(tmp_path: Path) -> None:
    refusee = refus(fichier(tmp_path, "zone\nzip\n"))
    assert [(e.ligne, e.colonne) for e in refusee.erreurs] == [
        (1, "date_signature"),
        (1, "specialite"),
        (1, "secteur_conventionnel"),
    ]
    refusee = refus(fichier(tmp_path, "date_signature,specialite\n2023-09-10,generaliste\n"))
    assert [(e.ligne, e.colonne) for e in refusee.erreurs] == [(1, "secteur_conventionnel")]
    vide = "date_signature,specialite,secteur_conventionnel\n2023-09-10,generaliste,\n"
    (erreur,) = refus(fichier(tmp_path, vide)).erreurs
    assert (erreur.ligne, erreur.colonne, erreur.valeur) == (2, "secteur_conventionnel", "rien")


def test_une_annee_au_dela_de_l_horizon_est_admise() -> None:
    (bloc,) = lire(ouvrir(une_ligne(patientele_mt_2200=900, patientele_mt_9998=900)))
    assert bloc.colonnes["patientele_mt", 9998].tolist() == [900]


def test_ce_qui_n_est_pas_donne_a_le_defaut_de_sa_variable() -> None:
    rien = pa.nulls(1)
    vide = pa.array([""])
    (bloc,) = lire(
        ouvrir(
            une_ligne(
                patientele_mt_2026=rien,
                zone=vide,
                diplome_niveau_4=pa.array([None], pa.bool_()),
                date_naissance=pa.array([None], pa.date32()),
                quotite_secretaire=pa.array([None], pa.float64()),
                file_active_initiale=pa.array([None], pa.uint8()),
            )
        )
    )
    colonnes = bloc.colonnes
    assert colonnes["patientele_mt", 2026].tolist() == [-1]
    assert colonnes["file_active_initiale"].tolist() == [-1]
    assert colonnes["zone"].decode_to_str().tolist() == ["hors_zone"]
    assert colonnes["diplome_niveau_4"].tolist() == [True]
    assert str(colonnes["date_naissance"][0]) == "9999-12-31"
    assert colonnes["quotite_secretaire"].tolist() == [1.0]
    assert bloc.poids.tolist() == [1.0]
    assert bloc.identifiants is None


@pytest.mark.parametrize(
    ("colonne", "valeurs", "extrait"),
    [
        ("patientele_mt_2026", pa.array([1200.0]), "CAST(patientele_mt_2026 AS INTEGER)"),
        ("quotite_secretaire", pa.array([0.95], pa.float32()), "0,95 n’est plus exactement"),
        ("date_naissance", pa.array([datetime(1980, 1, 1)]), "CAST(date_naissance AS DATE)"),
        ("rqth_ou_ald", pa.array([1]), "CAST(rqth_ou_ald AS BOOLEAN)"),
        ("zone", pa.array([1]), "un code ne dit pas"),
        ("poids", pa.array([True]), "strictement positifs"),
        ("identifiant", pa.array([[1]]), "du texte"),
        ("patientele_mt_2026", pa.array([[1200]]), "nombres entiers"),
    ],
)
def test_un_type_qui_ne_convient_pas(colonne: str, valeurs: pa.Array, extrait: str) -> None:
    (erreur,) = refus(une_ligne(**{colonne: valeurs})).erreurs
    assert extrait in erreur.raison
    assert str(valeurs.type) in erreur.valeur


@pytest.mark.parametrize("genre", ["int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_tous_les_types_entiers_sont_lus_sans_perte(genre: str) -> None:
    table = une_ligne(
        patientele_mt_2026=pa.array([127], genre),
        quotite_secretaire=pa.array([1], genre),
        poids=pa.array([3], genre),
    )
    (bloc,) = lire(ouvrir(table))
    assert bloc.colonnes["patientele_mt", 2026].tolist() == [127]
    assert bloc.colonnes["quotite_secretaire"].tolist() == [1.0]
    assert bloc.poids.tolist() == [3.0]


def test_les_grands_entiers_ne_debordent_pas() -> None:
    for valeur, genre in ((2**64 - 1, "uint64"), (2**32 + 900, "int64"), (2**32 - 1, "uint32")):
        (erreur,) = refus(une_ligne(patientele_mt_2026=pa.array([valeur], genre))).erreurs
        assert erreur.valeur == str(valeur)


def test_les_decimaux_exacts_et_les_jours_en_millisecondes() -> None:
    from decimal import Decimal

    table = une_ligne(
        quotite_secretaire=pa.array([Decimal("0.333")]),
        patientele_mt_2026=pa.array([Decimal("1200")], pa.decimal128(38, 0)),
        date_naissance=pa.array([date(1980, 2, 29)], pa.date64()),
        poids=pa.array([Decimal("12.5")]),
    )
    (bloc,) = lire(ouvrir(table))
    assert bloc.colonnes["quotite_secretaire"].tolist() == [0.333]
    assert bloc.colonnes["patientele_mt", 2026].tolist() == [1200]
    assert str(bloc.colonnes["date_naissance"][0]) == "1980-02-29"
    assert bloc.poids.tolist() == [12.5]
    midi = pa.array([43_200_000], pa.int64()).view(pa.date64())
    (erreur,) = refus(une_ligne(date_naissance=midi)).erreurs
    assert "1970-01-01 12:00:00" in erreur.valeur
    for jours in (2**31 - 1, 2_932_897):  # the second is 10000-01-01
        lointain = pa.array([jours], pa.int32()).view(pa.date32())
        (erreur,) = refus(une_ligne(date_naissance=lointain)).erreurs
        assert "9999-12-31" in erreur.raison
        assert str(jours) in erreur.valeur


@pytest.mark.parametrize("valeur", [float("nan"), float("inf"), -float("inf")])
def test_ni_nan_ni_infini(valeur: float) -> None:
    table = une_ligne(
        quotite_secretaire=pa.array([valeur]),
        cout_employeur_annuel_2026=pa.array([valeur]),
        poids=pa.array([valeur]),
    )
    assert [e.colonne for e in refus(table).erreurs] == [
        "quotite_secretaire",
        "cout_employeur_annuel_2026",
        "poids",
    ]


@pytest.mark.parametrize("poids", [0, -1, "", "0", "abc", "1e999", None, "1,5"])
def test_les_poids_sont_donnes_et_positifs(poids: Any) -> None:
    (erreur,) = refus(une_ligne(poids=poids)).erreurs
    assert erreur.colonne == "poids"
    assert "strictement positif" in erreur.raison


# --- What a refusal says --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colonne", "cellule", "extraits"),
    [
        ("patientele_mt_2026", "12.0", ("nombre entier", "écrire 12, sans décimales")),
        ("patientele_mt_2026", "1 200", ("sans séparateur de milliers",)),
        ("patientele_mt_2026", "1200 patients", ("sans",)),
        ("patientele_mt_2026", "100001", ("de 0 à 100 000", "ou la vider")),
        ("patientele_mt_2026", "NA", ("laisser la cellule vide",)),
        ("patientele_mt_2026", "99999999999999999999", ("nombre entier",)),
        ("quotite_secretaire", '"0,8"', ("point décimal", '"0.8"')),
        ("quotite_secretaire", "NaN", ("laisser la cellule vide",)),
        ("quotite_secretaire", "1e400", ("de 0 à 1",)),
        ("date_naissance", "10/09/1980", ("AAAA-MM-JJ", "comme 2024-09-02")),
        ("date_naissance", "1980-09-10 00:00:00", ("retirer l’heure",)),
        ("date_naissance", "1981-02-29", ("un jour qui existe",)),
        ("rqth_ou_ald", "oui", ("vrai ou faux",)),
        ("rqth_ou_ald", "1", ("vrai ou faux",)),
        ("zone", "zip ", ("retirer les espaces",)),
        ("zone", "zipp", ("hors_zone, zac, zip", "le plus proche : « zip »")),
        ("zone", '"zip\n"', ("retirer les espaces",)),
    ],
)
def test_une_cellule_refusee_dit_pourquoi(
    tmp_path: Path, colonne: str, cellule: str, extraits: tuple[str, ...]
) -> None:
    texte = f"{REQUISES},{colonne}\n{MEDECIN},{cellule}\n"
    (erreur,) = refus(fichier(tmp_path, texte)).erreurs
    assert (erreur.ligne, erreur.colonne) == (2, colonne)
    assert cellule.strip('"\n') in erreur.valeur
    for extrait in extraits:
        assert extrait in erreur.raison
    assert "Remède" in erreur.raison


def test_les_booleens_s_ecrivent_en_toutes_lettres(tmp_path: Path) -> None:
    cellules = ["true", "FALSE", "Vrai", "faux", ""]
    lignes = "".join(f"2023-09-10,generaliste,secteur_1,{cellule}\n" for cellule in cellules)
    chemin = fichier(
        tmp_path, "date_signature,specialite,secteur_conventionnel,diplome_niveau_4\n" + lignes
    )
    (bloc,) = lire(ouvrir(chemin))
    assert bloc.colonnes["diplome_niveau_4"].tolist() == [True, False, True, False, True]


def test_trente_refus_sont_montres_puis_comptes(tmp_path: Path) -> None:
    lignes = "2023-09-10,generaliste,secteur_1,-5,,\n" * 100
    refusee = refus(fichier(tmp_path, ENTETE + lignes))
    assert len(refusee.erreurs) == refusee.nombre == 100
    assert str(refusee).count("\n- ligne ") == ERREURS_MONTREES
    assert str(refusee).endswith("… et 70 autre(s) refus.")
    assert "--erreurs isoler" in str(refusee)
    copie = pickle.loads(pickle.dumps(refusee))
    assert (str(copie), copie.erreurs) == (str(refusee), refusee.erreurs)


def test_arreter_dit_les_refus_du_premier_bloc_fautif(monkeypatch: pytest.MonkeyPatch) -> None:
    valeurs = [1200] * 10 + [-5] * 4 + [1200] * 6
    n = len(valeurs)
    table = pa.table(
        {
            "date_signature": [date(2023, 9, 10)] * n,
            "specialite": ["generaliste"] * n,
            "secteur_conventionnel": ["secteur_1"] * n,
            "patientele_mt_initiale": pa.array(valeurs, pa.int32()),
        }
    )
    ouverte = ouvrir(table)
    (partition,) = ouverte.partitions()
    blocs = ouverte.blocs(partition, SYSTEME, taille=5)
    assert [next(blocs).lignes.tolist()[0] for _ in range(2)] == [1, 6]
    with pytest.raises(TableRefusee) as levee:
        next(blocs)
    assert [erreur.ligne for erreur in levee.value.erreurs] == [11, 12, 13, 14]
    monkeypatch.setattr(tables, "ERREURS_RETENUES", 3)
    with pytest.raises(TableRefusee) as levee:
        lire(ouverte)
    assert ([e.ligne for e in levee.value.erreurs], levee.value.nombre) == ([11, 12, 13], 4)


def test_isoler_ecarte_les_lignes_et_garde_les_autres() -> None:
    table = pa.table(
        {
            "date_signature": pa.array([date(2023, 9, 10), None, date(2024, 9, 10)]),
            "specialite": ["generaliste", "generaliste", "cardiologue"],
            "secteur_conventionnel": ["secteur_1"] * 3,
            "zone": ["zipp", "zippp", "zac"],
            "poids": [1.0, -1.0, 2.5],
            "identifiant": [7, 8, 9],
        }
    )
    (bloc,) = lire(ouvrir(table), erreurs="isoler")
    assert bloc.lignes.tolist() == [3]
    assert bloc.colonnes["zone"].decode_to_str().tolist() == ["zac"]
    assert bloc.poids.tolist() == [2.5]
    assert bloc.identifiants.to_pylist() == ["9"]
    assert [(e.ligne, e.colonne) for e in bloc.erreurs] == [
        (1, "zone"),
        (2, "date_signature"),
        (2, "zone"),
        (2, "poids"),
    ]


def test_beaucoup_de_refus_disent_au_moins_chaque_ligne(monkeypatch: pytest.MonkeyPatch) -> None:
    from openfisca_assistant_medical.population.table import lignes

    monkeypatch.setattr(lignes, "LIMITE_PAR_BLOC", 3)
    table = pa.table(
        {
            "date_signature": [date(2023, 9, 10)] * 2,
            "specialite": ["general", "general"],
            "secteur_conventionnel": ["secteur_1", "secteur_1"],
            "zone": ["zipp", "zipp"],
        }
    )
    (bloc,) = lire(ouvrir(table), erreurs="isoler")
    assert [(e.ligne, e.colonne) for e in bloc.erreurs] == [(1, "specialite"), (2, "specialite")]


def test_le_meme_mot_faux_est_rapproche_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    from openfisca_assistant_medical.population.table import lignes

    appels = []
    dire = lignes.raison

    def compter(champ: Any, valeur: Any, **options: Any) -> str:
        appels.append((valeur, options["rapprocher"]))
        return dire(champ, valeur, **options)

    monkeypatch.setattr(lignes, "raison", compter)
    monkeypatch.setattr(lignes, "MOTS_RAPPROCHES", 2)
    mots = ["zipp", "zacc", "zapp", "zipp"] * 50
    (bloc,) = lire(ouvrir(grande(200, zone=pa.array(mots))), erreurs="isoler")
    assert appels == [("zipp", True), ("zacc", True), ("zapp", False)]
    assert "le plus proche : « zip »" in bloc.erreurs[-1].raison
    assert bloc.erreurs[2].valeur == '"zapp"'
    assert "attendu : un mot parmi hors_zone, zac, zip. Remède" in bloc.erreurs[2].raison


@pytest.mark.parametrize("forme", ["csv", "parquet", "memoire", "duckdb"])
def test_une_table_dont_tout_est_ignore_est_refusee(tmp_path: Path, forme: str) -> None:
    source: Any = grande(3)
    if forme == "csv":
        source = fichier(tmp_path, f"{REQUISES},patientele_mt_initiale\n{MEDECIN},900\n")
    elif forme != "memoire":
        source = tmp_path / "c.parquet"
        pq.write_table(grande(3), source)
        if forme == "duckdb":
            source = fichier(tmp_path, f"FROM '{source}'", "q.sql")
    ignorees = [*REQUISES.split(","), "patientele_mt_initiale"]
    refusee = refus(source, ignorer=ignorees)
    assert "toutes les colonnes sont à ignorer" in str(refusee)
    assert "date_signature, specialite, secteur_conventionnel" in str(refusee)


def test_ignorer_laisse_des_colonnes_de_cote(tmp_path: Path) -> None:
    texte = f"{REQUISES},nom,aide_due_2025\n{MEDECIN},Al,x\n"
    chemin = fichier(tmp_path, texte.replace(",", ";"))
    table = ouvrir(chemin, ignorer=["nom", "aide_due_2025"])
    assert table.noms == ["date_signature", "specialite", "secteur_conventionnel"]
    assert len(lire(table)) == 1
    with pytest.raises(TableRefusee, match="le plus proche : « nom »"):
        ouvrir(chemin, ignorer=["noms"])


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separateur", [",", ";", "\t"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize("prefixe", [b"", b"\xef\xbb\xbf"])
def test_les_ecritures_d_un_csv(tmp_path: Path, separateur: str, fin: str, prefixe: bytes) -> None:
    lignes = [
        [
            "date_signature",
            "specialite",
            "secteur_conventionnel",
            "identifiant",
            "patientele_mt_2026",
        ],
        ["2023-09-10", "generaliste", "secteur_1", '"a""b' + separateur + 'c"', "900"],
        ["2024-09-10", "cardiologue", "secteur_1", '"é', 'deux lignes"'],
        ['"2024-09-11"', '"pediatre"', '"secteur_1"', "", '""'],
    ]
    lignes[2] = ["2024-09-10", "cardiologue", "secteur_1", f'"é{fin}deux lignes"', ""]
    texte = fin.join(separateur.join(ligne) for ligne in lignes)
    for contenu in (texte, texte + fin, texte + fin + fin):
        (bloc,) = lire(ouvrir(fichier(tmp_path, prefixe + contenu.encode())))
        assert bloc.lignes.tolist() == [2, 3, 5]
        attendus = [f'a"b{separateur}c', f"é{fin}deux lignes", None]
        assert bloc.identifiants.to_pylist() == attendus
        assert bloc.colonnes["patientele_mt", 2026].tolist() == [900, -1, -1]
        assert bloc.colonnes["specialite"].decode_to_str().tolist() == [
            "generaliste",
            "cardiologue",
            "pediatre",
        ]


def test_la_ligne_d_un_refus_tient_compte_des_lignes_vides_et_des_guillemets(
    tmp_path: Path,
) -> None:
    texte = (
        ENTETE
        + "2023-09-10,generaliste,secteur_1,900,,un\n"  # 2
        + "\n"
        + '2023-09-10,generaliste,secteur_1,900,,"de\nux"\n'  # 4 and 5
        + "\r\n"
        + "2023-09-10,generaliste,secteur_1,900\n"  # 7: too few
        + "2023-09-10,generaliste,secteur_1,900,,trois,4,5\n"  # 8: too many
        + '2023-09-10,generaliste,secteur_1,900,,tr"ois\n'  # 9: its quote closes on the next line
        + '2023-09-10,generaliste,secteur_1,900,,tr"ois\n'
        + "2023-09-10,generaliste,secteur_1,-7,,quatre\n"  # 11
        + "2023-09-10,generaliste,secteur_1,900,,cinq"  # 12
    )
    (bloc,) = lire(ouvrir(fichier(tmp_path, texte)), erreurs="isoler")
    assert bloc.identifiants.to_pylist() == ["un", "de\nux", "cinq"]
    assert bloc.lignes.tolist() == [2, 4, 12]
    erreurs = {erreur.ligne: erreur for erreur in bloc.erreurs}
    assert list(erreurs) == [7, 8, 9, 11]
    assert "4 cellule(s), mais l’en-tête en a 6" in erreurs[7].raison
    assert "8 cellule(s)" in erreurs[8].raison
    assert "guillemet" in erreurs[9].raison
    assert erreurs[11].colonne == "patientele_mt_initiale"
    assert "generaliste,secteur_1,900,,trois,4,5" in erreurs[8].valeur


def test_les_morceaux_ne_changent_rien(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alea = Random(7)
    sortie = io.StringIO(newline="")
    ecriture = csv.writer(sortie)
    ecriture.writerow(ENTETE.strip().split(","))
    textes = ["", "simple", 'des "guillemets"', "deux\nlignes", "é,;\t", '"', "\r\n", "x" * 70]
    voulus = [alea.choice(textes) for _ in range(300)]
    for voulu in voulus:
        ecriture.writerow(["2023-09-10", "generaliste", "secteur_1", 900, "", voulu])
    chemin = fichier(tmp_path, sortie.getvalue())
    attendues = [2]
    for voulu in voulus:
        attendues.append(attendues[-1] + 1 + voulu.count("\n"))
    for morceau in (97, 256, 1 << 20):
        monkeypatch.setattr(fichiers_csv, "MORCEAU", morceau)
        monkeypatch.setattr(fichiers_csv, "ENREGISTREMENT", 512)
        monkeypatch.setattr(decoupage, "ENREGISTREMENT", 512)
        blocs = lire(ouvrir(chemin))
        lus = [i for bloc in blocs for i in bloc.identifiants.to_pylist()]
        assert lus == [voulu or None for voulu in voulus]
        assert [n for bloc in blocs for n in bloc.lignes.tolist()] == attendues[:-1]


@pytest.mark.parametrize(
    ("contenu", "extrait"),
    [
        (b"", "fichier vide"),
        (b"\n\n", "fichier vide"),
        (b"\xef\xbb\xbf", "fichier vide"),
        ("date_signature,specialite,secteur_conventionnel\n".encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04\0\0\0\0", "UTF-8"),
        (
            b"date_signature,specialite,secteur_conventionnel\r2023-09-10,generaliste,secteur_1\r",
            "retour chariot",
        ),
        (b"date_signature,specialite,secteur_conventionnel,zone,zone\n", "nom donné à 2 colonnes"),
        (b",date_signature,specialite,secteur_conventionnel\n", "index=False"),
        ("date_signature,spécialité\n".encode("latin-1"), "UTF-8"),
        (b'date_signature,"specialite\n2023-09-10,generaliste,secteur_1\n', "guillemet"),
        (b'date_signature,spec"ialite"\n', "colonne"),
        (b"date_signature,specialite,secteur_conventionnel,__ligne__\n", "réservé"),
        (
            b'date_signature,specialite,secteur_conventionnel\n2023-09-10,"generaliste\n2023-09-10,zip\n',
            "jamais fermé",
        ),
    ],
)
def test_un_csv_illisible(tmp_path: Path, contenu: bytes, extrait: str) -> None:
    assert extrait in str(refus(fichier(tmp_path, contenu)))


def test_un_guillemet_jamais_ferme_dit_sa_ligne(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texte = (
        "date_signature,specialite,secteur_conventionnel\n"
        + "2023-09-10,generaliste,secteur_1\n" * 3
    )
    texte += '2023-09-10,"generaliste\n' + "2023-09-10,generaliste,secteur_1\n" * 200
    for morceau in (1 << 20, 300):
        monkeypatch.setattr(fichiers_csv, "MORCEAU", morceau)
        monkeypatch.setattr(fichiers_csv, "ENREGISTREMENT", 400)
        assert refus(fichier(tmp_path, texte)).erreurs[0].ligne == 5


def test_l_en_tete_seul_donne_une_table_vide(tmp_path: Path) -> None:
    for fin in ("", "\n", "\r\n"):
        table = ouvrir(fichier(tmp_path, "date_signature,specialite,secteur_conventionnel" + fin))
        assert (table.nombre, table.partitions()) == (0, [])
        assert table.noms == ["date_signature", "specialite", "secteur_conventionnel"]


def test_un_guillemet_jamais_ferme_dans_un_long_en_tete(tmp_path: Path) -> None:
    chemin = fichier(tmp_path, b'"' + b"\n" * 900_000)
    debut = time.process_time()
    assert "guillemet" in str(refus(chemin))
    assert time.process_time() - debut < 5  # quotes were counted from the top at each line end


@pytest.mark.long
def test_un_csv_d_un_autre_codage_se_lit_d_une_traite(tmp_path: Path) -> None:
    lignes = f"{MEDECIN},900,,Lévy\n".encode("cp1252") * 100_000
    chemin = fichier(tmp_path, ENTETE.encode() + lignes)
    debut = time.process_time()
    table = ouvrir(chemin)
    assert time.process_time() - debut < 20  # each line made the rest of the piece be read again
    assert table.nombre == 100_000


def test_un_octet_hors_de_l_utf8_refuse_sa_ligne_seule(tmp_path: Path) -> None:
    texte = ENTETE.encode() + b"2023-09-10,generaliste,secteur_1,900,,un\n"
    texte += (
        b"2023-09-10,generaliste,secteur_1,900,,d\xe9\n" * 2
        + "2023-09-10,generaliste,secteur_1,9,,é\n".encode()
    )
    (bloc,) = lire(ouvrir(fichier(tmp_path, texte)), erreurs="isoler")
    assert bloc.lignes.tolist() == [2, 5]
    assert [erreur.ligne for erreur in bloc.erreurs] == [3, 4]
    assert "UTF-8" in bloc.erreurs[0].raison


@pytest.mark.parametrize("cellule", ['ab"c"', '"ab"c', '"a"b"c"', 'a"b,c"d'])
def test_un_guillemet_au_milieu_d_une_cellule(tmp_path: Path, cellule: str) -> None:
    bonne = "2023-09-10,generaliste,secteur_1,900,,un\n"
    texte = ENTETE + bonne + bonne.replace("un", cellule) + bonne
    (bloc,) = lire(ouvrir(fichier(tmp_path, texte)), erreurs="isoler")
    assert bloc.lignes.tolist() == [2, 4]
    (erreur,) = bloc.erreurs
    assert erreur.ligne == 3
    assert "guillemet au milieu d’une cellule" in erreur.raison


def test_un_retour_seul_refuse_sa_ligne_seule(tmp_path: Path) -> None:
    bonne = "2023-09-10,generaliste,secteur_1,900,,un\r\n"
    texte = ENTETE + bonne + "2023-09-10,generaliste,secteur_1,900,,d\rx\r\n" + bonne
    (bloc,) = lire(ouvrir(fichier(tmp_path, texte)), erreurs="isoler")
    assert bloc.lignes.tolist() == [2, 4]
    (erreur,) = bloc.erreurs
    assert erreur.ligne == 3
    assert "retour chariot" in erreur.raison


def test_une_ligne_trop_longue_est_refusee_seule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoupage, "ENREGISTREMENT", 200)
    bonne = "2023-09-10,generaliste,secteur_1,900,,un\n"
    texte = ENTETE + bonne + bonne.replace("un", "u" * 300) + bonne
    (bloc,) = lire(ouvrir(fichier(tmp_path, texte)), erreurs="isoler")
    assert bloc.lignes.tolist() == [2, 4]
    assert "plus de 1 Mo" in bloc.erreurs[0].raison


def test_un_csv_compresse_et_ce_qui_l_abime(tmp_path: Path) -> None:
    texte = ENTETE + "2023-09-10,generaliste,secteur_1,900,,un\n" * 2_000
    octets = gzip.compress(texte.encode())
    assert ouvrir(fichier(tmp_path, octets, "contrats.csv.gz")).nombre == 2_000
    for abime in (octets[:-20], octets[:30] + b"\xff" * 8 + octets[38:]):
        assert "gzip" in str(refus(fichier(tmp_path, abime, "contrats.csv.gz")))


def test_l_etape_d_un_csv_ne_laisse_rien_a_moitie(tmp_path: Path) -> None:
    etape = tmp_path / "etape"
    table = ouvrir(
        fichier(tmp_path, "date_signature,specialite,secteur_conventionnel\n"), dossier=etape
    )
    assert [f.name for f in etape.iterdir()] == ["contrats.csv.parquet"]
    assert table.nombre == 0
    refus(fichier(tmp_path, "", "vide.csv"), dossier=etape)
    assert [f.name for f in etape.iterdir()] == ["contrats.csv.parquet"]


# --- Parquet, folders, queries, memory ------------------------------------------------------------


def grande(nombre: int, **autres: Any) -> pa.Table:
    return pa.table(
        {
            "date_signature": pa.array([date(2023, 9, 10)] * nombre),
            "specialite": pa.array(["generaliste"] * nombre).dictionary_encode(),
            "secteur_conventionnel": pa.array(["secteur_1"] * nombre).dictionary_encode(),
            "patientele_mt_initiale": pa.array(range(nombre), pa.int32()),
            **autres,
        }
    )


def test_les_partitions_suivent_les_groupes_de_lignes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "TAILLE_D_UNE_PARTITION", 100)
    pq.write_table(grande(250), tmp_path / "a.parquet", row_group_size=40)  # 40 ×6, then 10
    pq.write_table(grande(120), tmp_path / "b.parquet", row_group_size=500)
    table = ouvrir(tmp_path)
    partitions = table.partitions()
    assert [(p.index, p.premiere, p.nombre, p.groupes) for p in partitions] == [
        (0, 1, 80, (0, 1)),
        (1, 81, 80, (2, 3)),
        (2, 161, 90, (4, 5, 6)),
        (3, 251, 120, (0,)),
    ]
    assert table.nombre == 370
    copie = pickle.loads(pickle.dumps((table, partitions)))
    blocs = [b for p in copie[1] for b in copie[0].blocs(p, SYSTEME, taille=50)]
    assert numpy.concatenate([b.lignes for b in blocs]).tolist() == list(range(1, 371))
    lus = numpy.concatenate([b.colonnes["patientele_mt_initiale"] for b in blocs])
    assert lus.tolist() == [*range(250), *range(120)]
    memoire = ouvrir(grande(250))
    assert [(p.premiere, p.nombre) for p in memoire.partitions()] == [
        (1, 100),
        (101, 100),
        (201, 50),
    ]
    assert [b.lignes[0] for b in lire(memoire)] == [1, 101, 201]


def test_les_petits_groupes_sont_reunis_en_un_bloc(tmp_path: Path) -> None:
    with pq.ParquetWriter(tmp_path / "a.parquet", grande(1).schema) as ecriture:
        for mot in ("generaliste", "cardiologue", "pediatre"):
            mots = pa.array([mot] * 10).dictionary_encode()
            ecriture.write_table(grande(10).set_column(1, "specialite", mots))
    (bloc,) = lire(ouvrir(tmp_path / "a.parquet"))
    assert bloc.colonnes["specialite"].decode_to_str().tolist() == [
        *["generaliste"] * 10,
        *["cardiologue"] * 10,
        *["pediatre"] * 10,
    ]


def test_un_mot_faux_que_personne_ne_porte_ne_refuse_personne() -> None:
    mots = pa.DictionaryArray.from_arrays(pa.array([1, 1]), pa.array(["faux_mot", "zip"]))
    table = grande(2, zone=mots)
    assert lire(ouvrir(table))[0].colonnes["zone"].decode_to_str().tolist() == ["zip", "zip"]


def test_un_dictionnaire_plein_et_des_cellules_vides() -> None:
    mots = [f"2020-{m:02}-{j:02}" for m in range(1, 13) for j in range(1, 12)][:128]
    codes = pa.array([*range(128), None], pa.int8())
    jours = pa.DictionaryArray.from_arrays(codes, pa.array(mots))
    (bloc,) = lire(ouvrir(grande(129, date_recrutement_assistant=jours)))
    lus = bloc.colonnes["date_recrutement_assistant"].astype(str).tolist()
    assert lus == [*mots, "9999-12-31"]


@pytest.mark.parametrize(
    ("cas", "dit"),
    [
        ("autre", "ce n’est pas un fichier Parquet lisible"),
        ("tronque", "ce n’est pas un fichier Parquet lisible"),
        ("vide", "ce n’est pas un fichier Parquet lisible"),
        ("dossier_vide", "aucun fichier .parquet dans ce dossier"),
        ("absent", "aucun fichier de ce nom"),
        ("format", "format inconnu"),
    ],
)
def test_ce_qui_n_est_pas_un_parquet(tmp_path: Path, cas: str, dit: str) -> None:
    chemin = tmp_path / "contrats.parquet"
    pq.write_table(grande(1_000), chemin)
    octets = chemin.read_bytes()
    if cas in ("autre", "tronque", "vide"):
        chemin.write_bytes({"autre": b"a,b\n" * 9, "tronque": octets[:-90], "vide": b""}[cas])
    elif cas == "dossier_vide":
        (chemin := tmp_path / "vide").mkdir()
    else:
        chemin = tmp_path / {"absent": "rien.parquet", "format": "contrats.xlsx"}[cas]
        if cas == "format":
            chemin.write_bytes(b"PK")
    refusee = refus(chemin)
    assert dit in str(refusee)
    assert "\n" not in str(refusee)
    assert isinstance(refusee.__cause__, ILLISIBLE) == (cas in ("autre", "tronque", "vide"))


def test_un_parquet_abime_au_milieu(tmp_path: Path) -> None:
    chemin = tmp_path / "contrats.parquet"
    pq.write_table(grande(5_000), chemin, compression="snappy")
    octets = bytearray(chemin.read_bytes())
    octets[4:3_000] = b"\xff" * 2_996
    chemin.write_bytes(octets)
    table = ouvrir(chemin)
    with pytest.raises(TableRefusee, match="illisible"):
        lire(table)


def test_un_dossier_dont_les_fichiers_different(tmp_path: Path) -> None:
    pq.write_table(grande(2), tmp_path / "a.parquet")
    pq.write_table(
        grande(2, patientele_mt_2026=pa.array([1, 2], pa.int32())), tmp_path / "b.parquet"
    )
    refusee = refus(tmp_path)
    assert "b.parquet" in refusee.titre
    assert [erreur.colonne for erreur in refusee.erreurs] == ["patientele_mt_2026"]


@pytest.mark.long
def test_une_requete_ne_lit_que_ce_qui_est_aupres_d_elle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("ici", "l'été", "ailleurs", "courant"):
        (tmp_path / nom).mkdir()
        pq.write_table(grande(3), tmp_path / nom / "c.parquet")
    monkeypatch.chdir(tmp_path / "courant")
    base = tmp_path / "l'été" / "b.duckdb"
    with duckdb.connect(str(base)) as connexion:
        connexion.execute(f"CREATE VIEW v AS FROM '{tmp_path}/ailleurs/c.parquet'")
        connexion.execute("CREATE SEQUENCE s; CREATE TABLE t AS SELECT 1 AS a")
    ici = tmp_path / "ici"
    for lue in (f"'{ici}/c.parquet'", f"'{ici}/*.parquet'", "'c.parquet'"):
        assert ouvrir(fichier(ici, f"FROM {lue}", "q.sql")).nombre == 3
    ete = str(tmp_path / "l'été" / "c.parquet").replace("'", "''")
    assert ouvrir(f"duckdb:{base}?FROM '{ete}'").nombre == 3
    fermees = [
        f"FROM '{tmp_path}/ailleurs/c.parquet'",
        f"FROM '{ici}/../ailleurs/c.parquet'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "FROM 'https://exemple.fr/c.parquet'",
    ]
    for requete in fermees:
        refusee = refus(fichier(ici, requete, "q.sql"))
        assert f"ne lit que les fichiers de « {tmp_path}/courant », « {ici} »" in str(refusee)
        assert isinstance(refusee.__cause__, duckdb.PermissionException)
    assert "Remède : les y mettre" in str(refus(f"duckdb:{base}?FROM v"))
    assert "read-only" in str(refus(f"duckdb:{base}?SELECT nextval('s') AS a"))
    # A Python variable of whoever calls is no table, and settings are locked.
    assert "does not exist" in str(refus(f"duckdb:{base}?FROM connexion"))
    for reglage in ("SET enable_external_access = true", "INSTALL httpfs", "LOAD httpfs"):
        assert "un seul SELECT" in str(refus(f"duckdb:{base}?{reglage}"))


def _en_json(requete: str) -> str:
    """A query that runs another one, told as JSON."""
    with duckdb.connect() as connexion:
        (dite,) = connexion.execute("SELECT json_serialize_sql(?)", [requete]).fetchall()[0]
    return "FROM json_execute_serialized_sql('{}')".format(dite.replace("'", "''"))


@pytest.mark.parametrize("forme", ["with", "json", "query", "vue", "macro"])
def test_une_requete_n_ecrit_rien(
    forme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contrats.csv").write_text("à garder", "utf-8")
    # DuckDB 2 takes a COPY in a WITH for a SELECT, and writes where it may read.
    copie = "WITH x AS (COPY (SELECT 1 AS a) TO 'contrats.csv') FROM x"
    en_json = _en_json(copie)
    with duckdb.connect("b.duckdb") as connexion:
        connexion.execute(f"CREATE VIEW v AS {en_json}; CREATE MACRO m() AS TABLE {en_json}")
    avant = (tmp_path / "b.duckdb").read_bytes()
    requete = {
        "with": copie,
        "json": en_json,
        "query": "FROM query('{}')".format(en_json.replace("'", "''")),
        "vue": "SELECT (FROM v) AS a",
        "macro": "FROM m()",
    }[forme]
    refusee = refus(f"duckdb:b.duckdb?{requete}")
    assert "un seul SELECT, qui lit sans rien écrire. Remède" in str(refusee)
    assert (tmp_path / "contrats.csv").read_text("utf-8") == "à garder"
    assert (tmp_path / "b.duckdb").read_bytes() == avant
    assert {f.name for f in tmp_path.iterdir()} == {"b.duckdb", "contrats.csv"}


@pytest.mark.parametrize(
    ("requete", "dit"),
    [
        ("WITH RECURSIVE t AS (SELECT 1 a UNION ALL FROM t) FROM t", "n’a pas fini en 0 secondes"),
        ("SELECT sleep_ms(600000) AS a", "n’a pas fini en 0 secondes"),
    ],
)
def test_une_requete_sans_fin_est_coupee(
    requete: str, dit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requetes, "SECONDES", 0.2)
    refusee = refus(fichier(tmp_path, requete, "q.sql"))
    assert dit in str(refusee)
    assert "Remède : en demander moins" in str(refusee)


def test_une_requete_a_trop_de_lignes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requetes, "LIGNES_AU_PLUS", 1_000)
    assert requetes.mettre_en_parquet(
        str(fichier(tmp_path, "SELECT i AS a FROM range(1000) t(i)", "q.sql")),
        tmp_path / "c.parquet",
    ) == ["a"]
    refusee = refus(fichier(tmp_path, "SELECT i AS a FROM range(1001) t(i)", "q.sql"))
    assert "plus de 1 000 lignes. Remède" in str(refusee)


def test_une_requete_qui_deborde_ecrit_a_cote_de_son_resultat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etape").mkdir()
    monkeypatch.chdir(tmp_path)
    demande = "SELECT name, value FROM duckdb_settings() WHERE name IN ('temp_directory')"
    requetes.mettre_en_parquet(
        str(fichier(tmp_path, demande, "q.sql")), tmp_path / "etape" / "c.parquet"
    )
    (reglage,) = pq.read_table(tmp_path / "etape" / "c.parquet").to_pylist()
    assert reglage["value"] == str(tmp_path / "etape")


@pytest.mark.parametrize(
    ("requete", "dit"),
    [
        ("SELECT INTERVAL 1 DAY AS a", "un type simple"),
        ("SELECT abs('x')", "Remède : l’essayer dans DuckDB"),
        ("SELECT '\udcff' AS a", "des octets sans sens ; attendu : duckdb:"),
    ],
)
def test_une_requete_refusee_a_son_remede(requete: str, dit: str, tmp_path: Path) -> None:
    base = tmp_path / "b.duckdb"
    duckdb.connect(str(base)).close()
    assert dit in str(refus(f"duckdb:{base}?{requete}"))


def test_une_requete_n_attend_pas_un_tube(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "q.sql")
    assert "absent ou illisible ; attendu" in str(refus(str(tmp_path / "q.sql")))
    assert "aucune base DuckDB" in str(refus(f"duckdb:{'x' * 300}?SELECT 1"))


def test_une_requete_duckdb(tmp_path: Path) -> None:
    base = tmp_path / "contrats.duckdb"
    with duckdb.connect(str(base)) as connexion:
        connexion.execute(
            "CREATE TABLE c AS SELECT DATE '2023-09-10' + i::INT AS date_signature, "
            "'generaliste' AS specialite, 'secteur_1' AS secteur_conventionnel, "
            "i AS patientele_mt_initiale, 0.8 AS quotite_secretaire, "
            "'zip'::ENUM ('zac', 'zip') AS zone, i::HUGEINT AS file_active_2026, i AS nom "
            "FROM range(5) t(i)"
        )
    table = ouvrir(f"duckdb:{base}?SELECT * EXCLUDE (nom) FROM c ORDER BY ALL DESC")
    (bloc,) = lire(table)
    assert bloc.colonnes["patientele_mt_initiale"].tolist() == [4, 3, 2, 1, 0]
    assert bloc.colonnes["quotite_secretaire"].tolist() == [0.8] * 5
    assert bloc.colonnes["zone"].decode_to_str().tolist() == ["zip"] * 5
    assert bloc.colonnes["file_active", 2026].tolist() == [4, 3, 2, 1, 0]
    encore = ouvrir(f"duckdb:{base}?SELECT * EXCLUDE (nom) FROM c ORDER BY ALL DESC")
    assert encore.empreinte() == table.empreinte()
    autre = ouvrir(f"duckdb:{base}?SELECT * EXCLUDE (nom) FROM c ORDER BY ALL")
    assert autre.empreinte() != table.empreinte()
    assert ouvrir(f"duckdb:{base}?FROM c", ignorer=["nom"]).nombre == 5


def test_un_fichier_sql(tmp_path: Path) -> None:
    pq.write_table(grande(20), tmp_path / "c.parquet")
    requete = f"SELECT * FROM '{tmp_path / 'c.parquet'}' WHERE patientele_mt_initiale > 9;"
    (bloc,) = lire(ouvrir(fichier(tmp_path, requete, "requete.sql")))
    assert bloc.lignes.tolist() == list(range(1, 11))


@pytest.mark.parametrize(
    ("requete", "dit"),
    [
        ("DROP TABLE c", "1 instruction(s), attendu : un seul SELECT"),
        ("SELECT 1 AS a; DROP TABLE c", "2 instruction(s), attendu : un seul SELECT"),
        ("COPY c TO '{dossier}/sortie.csv'", "1 instruction(s), attendu : un seul SELECT"),
        ("CREATE TABLE d AS SELECT 1", "1 instruction(s), attendu : un seul SELECT"),
        ("ATTACH '{dossier}/autre.duckdb'", "1 instruction(s), attendu : un seul SELECT"),
        ("SELECT * FROM absente", "Table with name absente does not exist"),
        ("SELECT error('non')", "refusée par DuckDB"),
        ("SELEC", "refusée par DuckDB : Parser Error"),
        ("SELECT 1 AS a, 2 AS a", "nom donné à 2 colonnes"),
        ('SELECT 3 AS ""', "refusée par DuckDB : Parser Error"),
        (" ", "equête"),
    ],
)
def test_une_requete_qui_ecrit_ou_qui_echoue(tmp_path: Path, requete: str, dit: str) -> None:
    base = tmp_path / "contrats.duckdb"
    with duckdb.connect(str(base)) as connexion:
        connexion.execute("CREATE TABLE c AS SELECT 1 AS a")
    avant = base.read_bytes()
    texte = requete.format(dossier=tmp_path)
    etape = tmp_path / "etape"
    assert dit in str(refus(f"duckdb:{base}?{texte}", dossier=etape))
    assert dit in str(refus(fichier(tmp_path, texte, "requete.sql"), dossier=etape))
    assert base.read_bytes() == avant
    assert sorted(f.name for f in tmp_path.iterdir()) == ["contrats.duckdb", "etape", "requete.sql"]
    assert list(etape.iterdir()) == []


@pytest.mark.parametrize("source", ["duckdb:", "duckdb:?SELECT 1", "duckdb:rien.duckdb?SELECT 1"])
def test_une_base_absente(source: str) -> None:
    assert "duckdb:CHEMIN.duckdb?SELECT" in str(refus(source))


def test_pandas_et_polars() -> None:
    lignes = {
        "date_signature": [date(2023, 9, 10), date(2024, 1, 1)],
        "specialite": ["generaliste", "pediatre"],
        "secteur_conventionnel": ["secteur_1", "secteur_2"],
        "patientele_mt_2026": [900, None],
    }
    cadre = pandas.DataFrame(lignes).astype(
        {"patientele_mt_2026": "Int32", "specialite": "category"}
    )
    enumere = polars.DataFrame(
        lignes, schema_overrides={"specialite": polars.Enum(["pediatre", "generaliste"])}
    )
    for table in (cadre, polars.DataFrame(lignes), enumere, pa.table(lignes).to_batches()[0]):
        (bloc,) = lire(ouvrir(table))
        assert bloc.colonnes["specialite"].decode_to_str().tolist() == ["generaliste", "pediatre"]
        assert bloc.colonnes["patientele_mt", 2026].tolist() == [900, -1]
    (erreur,) = refus(pandas.DataFrame(lignes)).erreurs  # null made it a column of decimals
    assert "Int32" in erreur.raison
    melange = pandas.DataFrame({**lignes, "patientele_mt_2026": [900, "x"]})
    assert "un seul type" in str(refus(melange))
    assert ".collect()" in str(refus(polars.LazyFrame(lignes)))
    assert "ce n’est pas une table" in str(refus(42))


# --- Fingerprints, labels, costs ------------------------------------------------------------------


@pytest.mark.long
def test_l_empreinte_ne_depend_que_du_contenu(tmp_path: Path) -> None:
    import hashlib

    contenu = b"date_signature,specialite,secteur_conventionnel\n2023-09-10,generaliste,secteur_1\n"
    table = ouvrir(fichier(tmp_path, contenu))
    assert table.empreinte() == hashlib.sha256(contenu).hexdigest()
    un, autre = grande(30), pa.concat_tables([grande(30).slice(0, 7), grande(30).slice(7)])
    assert ouvrir(un).empreinte() == ouvrir(autre).empreinte()
    assert ouvrir(un).empreinte() != ouvrir(un.slice(1)).empreinte()
    pq.write_table(un, tmp_path / "a.parquet")
    seul = ouvrir(tmp_path / "a.parquet").empreinte()
    assert seul == hashlib.sha256((tmp_path / "a.parquet").read_bytes()).hexdigest()
    pq.write_table(un, tmp_path / "b.parquet")
    assert ouvrir(tmp_path).empreinte() not in (seul, ouvrir(un).empreinte())
    programme = "import pickle, sys; print(pickle.load(sys.stdin.buffer).empreinte(), end='')"
    lance = subprocess.run(
        [sys.executable, "-c", programme],
        input=pickle.dumps(ouvrir(un)),
        capture_output=True,
        check=True,
    )
    assert lance.stdout.decode() == ouvrir(un).empreinte()


def test_une_table_dit_si_elle_est_synthetique(tmp_path: Path) -> None:
    dit = {"synthetique": True, "graine": 3}
    table = grande(3).replace_schema_metadata({"assistant_medical": json.dumps(dit)})
    assert ouvrir(table).metadonnees == dit
    pq.write_table(table, tmp_path / "a.parquet")
    assert ouvrir(tmp_path / "a.parquet").metadonnees == dit
    assert ouvrir(tmp_path).metadonnees == dit
    assert ouvrir(grande(3)).metadonnees == {}
    for mauvais in (b'{"x": NaN}', b'{"x": 1, "x": 2}', b'{"x": "\\ud800"}', b"[" * 9_000):
        dite = grande(3).replace_schema_metadata({"assistant_medical": mauvais})
        assert "métadonnées illisibles ; attendu" in str(refus(dite))
    chemin = fichier(tmp_path, "date_signature,specialite,secteur_conventionnel\n")
    assert ouvrir(chemin).metadonnees == {}
    fichier(tmp_path, json.dumps(dit), "contrats.csv.json")
    assert ouvrir(chemin).metadonnees == dit
    # Compressed since, under another name, or by itself.
    compresse = fichier(tmp_path, gzip.compress(chemin.read_bytes()), "contrats.csv.gz")
    assert ouvrir(compresse).metadonnees == dit
    fichier(tmp_path, json.dumps({**dit, "graine": 4}), "contrats.csv.gz.json")
    assert ouvrir(compresse).metadonnees["graine"] == 4
    fichier(tmp_path, "[]", "contrats.csv.json")
    assert "objet JSON" in str(refus(chemin))


def test_des_identifiants_synthetiques_se_voient_partout(tmp_path: Path) -> None:
    """Whoever handed on the contracts lost what was said of them, and kept their identifiers."""
    noms = ["synthetique-000000001", "synthetique-000000002", "synthetique-000000003"]
    table = grande(3, identifiant=pa.array(noms))
    pq.write_table(table, tmp_path / "c.parquet")
    lignes = "".join(f"{MEDECIN},900,,{nom}\n" for nom in noms)
    sources = [
        table,
        polars.from_arrow(table),
        tmp_path / "c.parquet",
        fichier(tmp_path, ENTETE + lignes),
        fichier(tmp_path, gzip.compress((ENTETE + lignes).encode()), "autre.csv.gz"),
        fichier(tmp_path, f"FROM '{tmp_path / 'c.parquet'}' WHERE true", "q.sql"),
    ]
    for source in sources:
        assert ouvrir(source).metadonnees == {"synthetique": True}
    # Wherever they are among others.
    melee = grande(3, identifiant=pa.array(["a1", noms[0], "z"]))
    pq.write_table(melee, tmp_path / "m.parquet", row_group_size=1)
    assert ouvrir(tmp_path / "m.parquet").metadonnees == {"synthetique": True}
    reels = grande(3, identifiant=pa.array(["a1", "non-synthetique-1", "z"]))
    assert ouvrir(reels).metadonnees == {}
    pq.write_table(reels, tmp_path / "c.parquet")
    assert ouvrir(tmp_path / "c.parquet").metadonnees == {}
    assert ouvrir(fichier(tmp_path, ENTETE + f"{MEDECIN},900,,a1\n", "r.csv")).metadonnees == {}


def test_les_options_de_la_lecture() -> None:
    table = ouvrir(grande(3))
    (partition,) = table.partitions()
    with pytest.raises(ValueError, match="taille"):
        table.blocs(partition, SYSTEME, taille=0)
    with pytest.raises(ValueError, match="isoler"):
        table.blocs(partition, SYSTEME, erreurs="oublier")


@pytest.mark.long
def test_la_memoire_ne_suit_pas_la_taille_du_fichier(tmp_path: Path) -> None:
    """Peak of a process that reads a table, ten times longer or not: about the same."""
    programme = (
        "import sys\n"
        "from openfisca_assistant_medical import CountryTaxBenefitSystem\n"
        "from openfisca_assistant_medical.population.table.tables import ouvrir\n"
        "systeme = CountryTaxBenefitSystem()\n"
        "table = ouvrir(sys.argv[1])\n"
        "lus = sum(len(b.lignes) for p in table.partitions() for b in table.blocs(p, systeme))\n"
        "assert lus == int(sys.argv[2])\n"
        "etat = open('/proc/self/status')\n"  # `ru_maxrss` comes from the process that started it
        "print(next(int(x.split()[1]) for x in etat if x.startswith('VmHWM')))\n"
    )
    ligne = "2023-09-10,generaliste,secteur_1,900,1000," + "x" * 60 + "\n"
    pointes = []
    for nombre in (300_000, 3_000_000):
        chemin = tmp_path / "contrats.csv"
        with chemin.open("w") as sortie:
            sortie.write(ENTETE)
            for _ in range(nombre // 1000):
                sortie.write(ligne * 1000)
        lance = subprocess.run(
            [sys.executable, "-c", programme, str(chemin), str(nombre)],
            capture_output=True,
            text=True,
            check=True,
        )
        pointes.append(int(lance.stdout))
    assert pointes[1] < 1.25 * pointes[0]
