"""Results of a comparison: sums, winners and losers, against figures worked out by hand."""

import hashlib
import random
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.medecins import colonnes
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.population import calculer
from openfisca_assistant_medical.population.cellules import (
    CAISSE,
    DIMENSIONS,
    DROITS,
    ECARTS,
    SCHEMAS,
    VARIATIONS,
    annees_a_calculer,
    celluler,
    sorties_de,
)
from openfisca_assistant_medical.population.comparaison import Resultat, charger
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

BASE, CONVENTION = "base", "convention_2024"
ANNEES = (2024, 2025)


def droits(*lignes: tuple[Any, ...]) -> pa.Table:
    """(loi, annee, zone, certitude, contracts, due €): a quarter of the maximum is lost."""
    return pa.Table.from_pylist(
        [
            {
                "loi": loi,
                "annee": annee,
                "specialite": "generaliste",
                "option_etp": "un_etp",
                "tranche_patientele": "p30_p90",
                "rang": annee - 2022,
                "zone": zone,
                "certitude": certitude,
                "lignes": contrats,
                "contrats": 1.5 * contrats,
                "aide_maximale": euros / 0.75,
                "aide_due": euros,
                "aide_perdue": euros / 3,
            }
            for loi, annee, zone, certitude, contrats, euros in lignes
        ]
    ).cast(DROITS)


def caisse(*lignes: tuple[Any, ...]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(CAISSE.names, ligne, strict=True)) for ligne in lignes], CAISSE
    )


def ecarts(
    *lignes: tuple[str, int, int, float], dimension: str = "zone", certitude: str = "connu"
) -> pa.Table:
    """(modalite, gain in cents, rows, contracts)."""
    return pa.Table.from_pylist(
        [
            dict(
                zip(
                    ECARTS.names,
                    (CONVENTION, BASE, dimension, modalite, certitude, gain, nombre, contrats,
                     gain * contrats / 100),
                    strict=True,
                )
            )
            for modalite, gain, nombre, contrats in lignes
        ],
        ECARTS,
    )  # fmt: skip


RESULTAT = Resultat(
    droits(
        (BASE, 2024, "zip", "droit", 4, 3_000.0),
        (BASE, 2024, "zac", "droit", 2, 1_500.0),
        (BASE, 2025, "zip", "hypothese", 3, 6_000.03),
        (CONVENTION, 2024, "zip", "droit", 4, 3_300.0),
        (CONVENTION, 2024, "zac", "droit", 2, 1_500.0),
        (CONVENTION, 2025, "zip", "droit", 5, 9_000.0),
    ),
    caisse(
        (BASE, "2024-03", "droit", 4, 2_000.0),
        (BASE, "2024-03", "inconnu", 1, 50.0),
        (BASE, "2024-05", "droit", 6, -100.0),
        (BASE, "2025-01", "hypothese", 2, 700.0),
        (CONVENTION, "2024-03", "droit", 3, 2_500.0),
    ),
    ecarts(("zip", 30_000, 4, 6.0), ("zac", 0, 2, 3.0)),
    VARIATIONS.empty_table(),
    description={"lois": [BASE, CONVENTION], "annees": [2024, 2025]},
)


def lignes(table: pa.Table, *noms: str) -> list[tuple[Any, ...]]:
    return [tuple(ligne[nom] for nom in noms) for ligne in table.to_pylist()]


# --- Costs ----------------------------------------------------------------------------------------


def test_le_cout_par_annee() -> None:
    table = RESULTAT.cout_par_annee()
    assert lignes(table, "loi", "annee", "lignes", "contrats", "aide_due", "depense") == [
        (BASE, 2024, 4 + 2, 1.5 * 6, 4_500.0, 2_000.0 + 50 - 100),
        (BASE, 2025, 3, 1.5 * 3, 6_000.03, 700.0),
        (CONVENTION, 2024, 6, 9.0, 4_800.0, 2_500.0),
        (CONVENTION, 2025, 5, 7.5, 9_000.0, 0.0),
    ]
    assert table["aide_perdue"].to_pylist() == pytest.approx([1_500, 2_000.01, 1_600, 3_000])
    # The busiest of the cells: 6 contracts in May; 11 payments might be those of three.
    assert table["payes"].to_pylist() == [6, 2, 3, 0]
    assert table.schema.field("annee").type == pa.int32()
    assert all(champ.type == pa.float64() for champ in table.schema if champ.name[:4] == "aide")


def test_le_cout_par_mois_et_par_certitude() -> None:
    assert lignes(RESULTAT.cout_par_mois(), "loi", "mois", "lignes", "depense") == [
        (BASE, "2024-03", 4, 2_050.0),
        (BASE, "2024-05", 6, -100.0),
        (BASE, "2025-01", 2, 700.0),
        (CONVENTION, "2024-03", 3, 2_500.0),
    ]
    table = RESULTAT.par_certitude()
    assert lignes(table, "loi", "annee", "certitude", "lignes", "aide_due", "depense") == [
        (BASE, 2024, "droit", 6, 4_500.0, 1_900.0),
        (BASE, 2024, "inconnu", 0, 0.0, 50.0),
        (BASE, 2025, "hypothese", 3, 6_000.03, 700.0),
        (CONVENTION, 2024, "droit", 6, 4_800.0, 2_500.0),
        (CONVENTION, 2025, "droit", 5, 9_000.0, 0.0),
    ]


def test_une_variable_se_somme_par_loi() -> None:
    table = RESULTAT.compute_aggregate("aide_due")
    # Over both years there are six contracts at least: those of 2024.
    assert lignes(table, "loi", "lignes", "contrats", "aide_due") == [
        (BASE, 6, 13.5, 10_500.03),
        (CONVENTION, 6, 16.5, 13_800.0),
    ]
    zip_seule = RESULTAT.compute_aggregate("aide_due", BASE, 2024, filter_by={"zone": "zip"})
    assert lignes(zip_seule, "loi", "lignes", "aide_due") == [(BASE, 4, 3_000.0)]
    assert lignes(RESULTAT.compute_aggregate("depense", annee=2024), "loi", "depense") == [
        (BASE, 1_950.0),
        (CONVENTION, 2_500.0),
    ]
    ecart = RESULTAT.compute_aggregate("aide_due", difference=True)
    assert lignes(ecart, "loi", "contrats", "aide_due") == [(CONVENTION, 16.5, 3_299.97)]


def test_un_tableau_croise() -> None:
    table = RESULTAT.compute_pivot_table(["aide_due", "aide_perdue"], ["zone", "annee"], loi=BASE)
    assert lignes(table, "zone", "annee", "lignes", "aide_due") == [
        ("zac", 2024, 2, 1_500.0),
        ("zip", 2024, 4, 3_000.0),
        ("zip", 2025, 3, 6_000.03),
    ]
    large = RESULTAT.compute_pivot_table("aide_due", ["loi", "zone"], "annee")
    assert large.column_names == ["loi", "zone", "2024", "2025"]
    assert lignes(large, "loi", "zone", "2024", "2025") == [
        (BASE, "zac", 1_500.0, 0.0),
        (BASE, "zip", 3_000.0, 6_000.03),
        (CONVENTION, "zac", 1_500.0, 0.0),
        (CONVENTION, "zip", 3_300.0, 9_000.0),
    ]
    ecart = RESULTAT.compute_pivot_table("aide_due", "zone", loi=CONVENTION, difference=True)
    assert lignes(ecart, "zone", "aide_due") == [("zac", 0.0), ("zip", 3_299.97)]
    rangs = RESULTAT.compute_pivot_table(
        "aide_due", ("loi",), filter_by={"rang": [2, 9], "zone": ("zac", "zip")}
    )
    assert lignes(rangs, "loi", "aide_due") == [(BASE, 4_500.0), (CONVENTION, 4_800.0)]


@pytest.mark.parametrize(
    ("demande", "message"),
    [
        ({"values": "aide_du", "index": "loi"}, "« aide_du » .*« aide_due »"),
        ({"values": "depense", "index": "zone"}, "« zone » ; attendu : loi, annee, mois"),
        ({"values": "aide_due", "index": "zonne", "loi": BASE}, "le plus proche : « zone »"),
        ({"values": "aide_due", "index": "loi", "loi": "bas"}, "le plus proche : « base »"),
        ({"values": "aide_due", "index": "loi", "filter_by": {"x": 1}}, "clé : reçu « x »"),
        ({"values": "aide_due", "index": "zone"}, "des lois ne s’ajoutent pas"),
        (
            {"values": ["aide_due", "aide_perdue"], "index": "loi", "columns": "zone"},
            "une seule variable",
        ),
        ({"values": "aide_due", "index": "loi", "loi": BASE, "difference": True}, "« base »"),
    ],
)
def test_une_demande_qui_ne_va_pas_est_refusee(demande: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RESULTAT.compute_pivot_table(**demande)


# --- Winners and losers ---------------------------------------------------------------------------


def gagnants(table: pa.Table, **demande: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    resultat = replace(RESULTAT, ecarts=table)
    lues = resultat.compute_winners_losers(dimension="zone", **demande)
    champs = ("lignes", "contrats", "gain_total", "gain_moyen", "gain_median")
    return {
        (ligne["modalite"], ligne["groupe"]): tuple(ligne[champ] for champ in champs)
        for ligne in lues.to_pylist()
    }


def test_qui_gagne_et_qui_perd() -> None:
    lus = gagnants(
        ecarts(
            ("zip", -500, 1, 2.0),
            ("zip", -99, 1, 1.0),
            ("zip", 0, 5, 5.0),
            ("zip", 100, 1, 1.0),  # one euro: wins
            ("zip", 1_000, 2, 4.0),
            ("zac", -100, 1, 0.5),  # one euro: loses
        )
    )
    assert lus["zip", "gagnants"] == (3, 5.0, 1.0 + 4 * 10, 41 / 5, 10.0)
    assert lus["zip", "perdants"] == (1, 2.0, -10.0, -5.0, -5.0)
    assert lus["zip", "inchanges"] == (6, 6.0, -0.99, pytest.approx(-0.99 / 6), 0.0)
    # Half of 13 is 6.5: 2, 3, then 8 contracts at 0 € or less.
    assert lus["zip", "ensemble"] == (10, 13.0, 30.01, pytest.approx(30.01 / 13), 0.0)
    assert lus["zac", "perdants"] == (1, 0.5, -0.5, -1.0, -1.0)
    assert lus["zac", "gagnants"] == (0, 0.0, 0.0, None, None)
    assert len(lus) == 2 * 4


def test_le_seuil_est_en_euros_et_le_touche() -> None:
    table = ecarts(("zip", 1_000, 1, 1.0), ("zip", -1_001, 1, 1.0))
    for seuil, gagne, perd in ((9.99, 1, 1), (10, 1, 1), (10.001, 0, 1), (10.01, 0, 1), (11, 0, 0)):
        lus = gagnants(table, seuil=seuil)
        assert lus["zip", "gagnants"][0] == gagne, seuil
        assert lus["zip", "perdants"][0] == perd, seuil


def test_la_mediane_est_la_plus_basse_qui_atteint_la_moitie() -> None:
    alea, tirages, medianes = random.Random(4), [], {}
    for rang in range(200):
        gains = sorted(alea.sample(range(-3_000, 3_000), alea.randint(1, 8)))
        # In tenths, exactly, one after the other.
        dixiemes = [alea.choice((1, 2, 3, 10, 25, 70)) for _ in gains]
        cumul = 0
        for gain, dixieme in zip(gains, dixiemes, strict=True):
            cumul += dixieme
            if 2 * cumul >= sum(dixiemes):
                medianes.setdefault(f"tirage {rang}", gain / 100)
            tirages.append((f"tirage {rang}", gain, 1, dixieme / 10))
    alea.shuffle(tirages)
    lus = gagnants(ecarts(*tirages))
    assert {nom: lu[4] for (nom, groupe), lu in lus.items() if groupe == "ensemble"} == medianes


def test_les_gagnants_selon_la_certitude_de_leur_gain() -> None:
    table = pa.concat_tables(
        [
            ecarts(("zip", 30_000, 4, 6.0), ("zip", -50, 2, 3.0)),
            ecarts(("zip", -40_000, 3, 3.0), ("zip", 30_000, 1, 1.0), certitude="inconnu"),
            ecarts(("zip", -40_000, 2, 2.0), certitude="plancher"),
        ]
    ).unify_dictionaries()
    resultat = replace(RESULTAT, ecarts=table)
    lues = resultat.compute_winners_losers(dimension="zone", par_certitude=True)
    assert lignes(lues, "certitude", "groupe", "lignes", "changent", "gain_total") == [
        ("connu", "gagnants", 4, 4, 1_800.0),
        ("connu", "perdants", 0, 0, 0.0),
        # Fifty cents are no loss; but two contracts change.
        ("connu", "inchanges", 2, 2, -1.5),
        ("connu", "ensemble", 6, 6, 1_798.5),
        ("plancher", "gagnants", 0, 0, 0.0),
        ("plancher", "perdants", 2, 2, -800.0),
        ("plancher", "inchanges", 0, 0, 0.0),
        ("plancher", "ensemble", 2, 2, -800.0),
        ("inconnu", "gagnants", 1, 1, 300.0),
        ("inconnu", "perdants", 3, 3, -1_200.0),
        ("inconnu", "inchanges", 0, 0, 0.0),
        ("inconnu", "ensemble", 4, 4, -900.0),
    ]
    ensemble = resultat.compute_winners_losers(dimension="zone")
    assert lignes(ensemble, "groupe", "lignes") == [
        ("gagnants", 5), ("perdants", 5), ("inchanges", 2), ("ensemble", 12),
    ]  # fmt: skip
    assert lignes(resultat.gains(dimension="zone"), "gain_centimes", "lignes", "gain") == [
        (-40_000, 5, -2_000.0), (-50, 2, -1.5), (30_000, 5, 2_100.0),
    ]  # fmt: skip
    assert lignes(resultat.changements("zone"), "loi", "reference", "modalite", "lignes") == [
        (CONVENTION, BASE, "zip", 12)
    ]


def test_des_gagnants_par_dimension_refuses() -> None:
    with pytest.raises(ValueError, match="« base » ; attendu : convention_2024"):
        RESULTAT.compute_winners_losers("base")
    with pytest.raises(ValueError, match="le plus proche : « zone »"):
        RESULTAT.compute_winners_losers(dimension="zones")
    with pytest.raises(ValueError, match="plus de 0"):
        RESULTAT.compute_winners_losers(seuil=0)
    seule = replace(RESULTAT, ecarts=ECARTS.empty_table(), description={"lois": [BASE]})
    with pytest.raises(ValueError, match="attendu : aucune"):
        seule.compute_winners_losers()


def test_des_modalites_regroupees() -> None:
    groupes = {"zone": {"zip": "sous-dense", "zac": "sous-dense"}}
    regroupe = RESULTAT.regrouper(groupes)
    assert lignes(
        regroupe.compute_pivot_table("aide_due", "zone", loi=BASE), "zone", "aide_due"
    ) == [("sous-dense", 10_500.03)]
    lus = lignes(regroupe.compute_winners_losers(dimension="zone"), "modalite", "groupe", "lignes")
    assert lus == [
        ("sous-dense", "gagnants", 4),
        ("sous-dense", "perdants", 0),
        ("sous-dense", "inchanges", 2),
        ("sous-dense", "ensemble", 6),
    ]
    assert regroupe.cout_par_annee().equals(RESULTAT.cout_par_annee())


def test_une_certitude_regroupee_l_est_aussi_en_caisse() -> None:
    groupes = {"certitude": {"droit": "autres", "inconnu": "autres"}}
    table = RESULTAT.regrouper(groupes).par_certitude()
    # 2 000 € of 4 contracts and 50 € of one in March, −100 € of 6 in May. The one may be of the 4.
    assert lignes(table, "loi", "annee", "certitude", "lignes", "aide_due", "depense", "payes") == [
        (BASE, 2024, "autres", 6, 4_500.0, 2_000.0 + 50 - 100, 6),
        (BASE, 2025, "hypothese", 3, 6_000.03, 700.0, 2),
        (CONVENTION, 2024, "autres", 6, 4_800.0, 2_500.0, 3),
        (CONVENTION, 2025, "autres", 5, 9_000.0, 0.0, 0),
    ]
    assert RESULTAT.regrouper(groupes).caisse["lignes"].to_pylist()[0] == 4


# --- Against the model ----------------------------------------------------------------------------


def du_modele(nombre: int) -> tuple[Resultat, dict[str, Any]]:
    base = CountryTaxBenefitSystem()
    table = colonnes(nombre, ANNEES, rares=0.1)
    lues = {
        nom: calculer(loi, table, (*sorties_de(loi), "depense_annuelle"), annees_a_calculer(ANNEES))
        for nom, loi in {BASE: base, CONVENTION: convention_2024(base)}.items()
    }
    cellules = celluler(SimpleNamespace(poids=numpy.ones(nombre)), lues, ANNEES)
    return Resultat(**vars(cellules)), lues


@pytest.mark.long
def test_les_couts_sont_ceux_du_modele() -> None:
    nombre = 2_000
    resultat, lues = du_modele(nombre)
    assert resultat.lois == [BASE, CONVENTION]
    for ligne in resultat.cout_par_annee().to_pylist():
        sorties, annee = lues[ligne["loi"]], ligne["annee"]
        for nom in ("aide_maximale", "aide_due", "aide_perdue"):
            assert round(100 * ligne[nom]) == numpy.rint(100 * sorties[nom, annee]).sum()
        payes = sorties["depense_annuelle", annee]
        assert round(100 * ligne["depense"]) == numpy.rint(100 * payes).sum()
        assert ligne["lignes"] == (sorties["rang_annee_contrat", annee] > 0).sum()
        assert 0 < ligne["payes"] <= (payes != 0).sum()
    gain = sum(
        numpy.rint(100 * lues[CONVENTION]["aide_due", a])
        - numpy.rint(100 * lues[BASE]["aide_due", a])
        for a in ANNEES
    )
    par_rang = resultat.compute_winners_losers(seuil=100.0, dimension="rang").to_pylist()
    rangs: dict[tuple[str, str], int] = {}
    for annee in ANNEES:
        sien = (numpy.rint(100 * lues[loi]["aide_due", annee]) for loi in (CONVENTION, BASE))
        ecart = next(sien) - next(sien)
        rang = numpy.maximum(*(lues[loi]["rang_annee_contrat", annee] for loi in lues))
        for de_ce_rang in range(1, int(rang.max()) + 1):
            for groupe, est in (
                ("gagnants", ecart >= 10_000),
                ("perdants", ecart <= -10_000),
                ("ensemble", ecart == ecart),
            ):
                cle = str(de_ce_rang), groupe
                rangs[cle] = rangs.get(cle, 0) + int((est & (rang == de_ce_rang)).sum())
    lus = {(li["modalite"], li["groupe"]): li["lignes"] for li in par_rang}
    assert {cle: n for cle, n in lus.items() if cle[1] != "inchanges"} == rangs
    assert [li["modalite"] for li in par_rang if li["groupe"] == "ensemble"] == sorted(
        {cle[0] for cle in rangs}, key=int
    )
    for dimension in DIMENSIONS[:-1]:
        table = resultat.compute_winners_losers(seuil=100.0, dimension=dimension).to_pylist()
        comptes = {
            groupe: sum(ligne["lignes"] for ligne in table if ligne["groupe"] == groupe)
            for groupe in ("gagnants", "perdants", "inchanges", "ensemble")
        }
        gagnent, perdent = int((gain >= 10_000).sum()), int((gain <= -10_000).sum())
        assert min(gagnent, perdent) > 0
        assert comptes == {
            "gagnants": gagnent,
            "perdants": perdent,
            "inchanges": nombre - gagnent - perdent,
            "ensemble": nombre,
        }
    (ensemble,) = [
        ligne
        for ligne in resultat.compute_winners_losers().to_pylist()
        if ligne["groupe"] == "ensemble"
    ]
    assert round(100 * ensemble["gain_total"]) == gain.sum()
    assert ensemble["gain_median"] == numpy.sort(gain)[nombre // 2 - 1] / 100


# --- Files ----------------------------------------------------------------------------------------


def empreintes(dossier: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(dossier.iterdir())}


def test_ce_qui_est_ecrit_se_relit_et_ne_depend_pas_de_l_ordre(tmp_path: Path) -> None:
    resultat, _ = du_modele(300)
    resultat.description = {"annees": [2024, 2025], "lois": [BASE, CONVENTION], "titre": "Été"}
    mots = pa.array(["b", "a"]).dictionary_encode()
    resultat.lectures = pa.table({"loi": mots, "ecart": [2.0, -1.0]})
    resultat.ecrire(tmp_path / "un")
    lu = charger(tmp_path / "un")
    assert lu.cout_par_annee().equals(resultat.cout_par_annee())
    assert lu.compute_winners_losers().equals(resultat.compute_winners_losers())
    assert {nom: getattr(lu, nom).schema for nom in SCHEMAS} == SCHEMAS
    assert lu.lectures is not None
    assert lu.lectures["ecart"].to_pylist() == [-1.0, 2.0]
    assert (lu.description, lu.tirages) == (resultat.description, None)

    alea = numpy.random.default_rng(1)
    for nom in (*SCHEMAS, "lectures"):
        table = getattr(lu, nom)
        setattr(lu, nom, table.take(alea.permutation(len(table))))
    lu.description = dict(reversed(lu.description.items()))
    lu.ecrire(tmp_path / "deux")
    assert empreintes(tmp_path / "un") == empreintes(tmp_path / "deux")
    assert sorted(empreintes(tmp_path / "un")) == [
        "caisse.parquet",
        "description.json",
        "droits.parquet",
        "ecarts.parquet",
        "lectures.parquet",
        "variations.parquet",
    ]
    lu.lectures = None
    lu.ecrire(tmp_path / "deux")
    assert charger(tmp_path / "deux").lectures is None


def test_un_dossier_qui_n_est_pas_un_resultat_est_refuse(tmp_path: Path) -> None:
    RESULTAT.ecrire(tmp_path)
    (tmp_path / "caisse.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"il manque caisse\.parquet ; attendu"):
        charger(tmp_path)


@pytest.mark.parametrize(
    ("fichier", "contenu", "message"),
    [
        ("droits.parquet", b"PAR1 coupe", r"droits\.parquet : le fichier ne se lit pas.*Remède"),
        (
            "description.json",
            b'{"lois": [',
            r"description\.json : le fichier ne se lit pas.*Remède",
        ),
        ("description.json", b"\xff", r"description\.json : le fichier ne se lit pas"),
        (
            "description.json",
            b"[]",
            r"reçu une liste de 0 élément\(s\) ; attendu : un objet JSON.*Remède",
        ),
    ],
)
def test_un_resultat_abime_est_refuse(
    fichier: str, contenu: bytes, message: str, tmp_path: Path
) -> None:
    RESULTAT.ecrire(tmp_path)
    (tmp_path / fichier).write_bytes(contenu)
    with pytest.raises(ValueError, match=message):
        charger(tmp_path)


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ('{"contrats": NaN}', "ne se lit pas"),
        ('{"contrats": 1e999}', "ne se lit pas"),
        ('{"contrats": 1, "contrats": 2}', "ne se lit pas"),
        ('{"source": {"x": "\\ud800"}}', "ne se lit pas"),
        ("[" * 9_000, "ne se lit pas"),
        ('{"annees": []}', "« annees » : reçu .* ; attendu : une liste d’années"),
        ('{"annees": "2024"}', '« annees » : reçu "2024"'),
        ('{"contrats": -1}', "« contrats » : reçu -1 ; attendu : un nombre, 0 au moins"),
        ('{"lois": ["base", "base"]}', "« lois » : reçu .* ; attendu : une liste de lois"),
        ('{"lois": ["base", "x"]}', "« lois » : reçu .* ; attendu : les lois des tables"),
        (
            '{"tirages": {"tirages": 2, "graine": 0, "hypotheses": "/dev/zero"}}',
            '« tirages.hypotheses » : reçu "/dev/zero" ; attendu : une liste d’objets',
        ),
    ],
)
def test_une_description_qui_n_est_plus_la_sienne_est_refusee(
    description: str, message: str, tmp_path: Path
) -> None:
    RESULTAT.ecrire(tmp_path)
    (tmp_path / "description.json").write_text(description, "utf-8")
    with pytest.raises(ValueError, match=rf"description\.json : .*{message}.*Remède"):
        charger(tmp_path)


def test_une_loi_que_rien_ne_compare_est_refusee(tmp_path: Path) -> None:
    replace(RESULTAT, description={"lois": [BASE, CONVENTION, "x"]}).ecrire(tmp_path)
    with pytest.raises(ValueError, match="attendu : les lois des tables"):
        charger(tmp_path)
    RESULTAT.ecrire(tmp_path)
    assert charger(tmp_path).lois == [BASE, CONVENTION]


def test_un_resultat_d_une_autre_version_est_refuse(tmp_path: Path) -> None:
    RESULTAT.ecrire(tmp_path)
    pq.write_table(RESULTAT.ecarts.drop_columns(["certitude"]), tmp_path / "ecarts.parquet")
    with pytest.raises(ValueError, match="colonnes certitude ; le résultat vient d’une autre"):
        charger(tmp_path)
