"""Draws over what is not known: hand-made tables, where each draw can be worked out again."""

from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pytest

from openfisca_assistant_medical.population import tirages as les_tirages
from openfisca_assistant_medical.population.incertitude import (
    Hypothese,
    HypothesesRefusees,
    lire_les_tirages,
    rangs,
)
from openfisca_assistant_medical.population.intervalles import intervalles, parts_de_variance
from openfisca_assistant_medical.population.lois import LOIS
from openfisca_assistant_medical.population.manques import Manques, normales
from openfisca_assistant_medical.population.reprise import SimulationRefusee
from openfisca_assistant_medical.population.simulation import simuler
from openfisca_assistant_medical.population.table.tables import ouvrir
from openfisca_assistant_medical.population.tirages import SCHEMA, Tirages
from openfisca_assistant_medical.population.traitement import Loi, connaitre
from tests.contrats_au_hasard import ecrire

ANNEES = range(2024, 2028)


def contrats(**colonnes: Any) -> pa.Table:
    """Cardiologists who signed under the convention, started from 2 000 patients."""
    nombre = max((len(v) for v in colonnes.values()), default=1)
    table = {
        "date_signature": pa.array(["2024-09-02"] * nombre),
        "specialite": pa.array(["cardiologue"] * nombre),
        "secteur_conventionnel": pa.array(["secteur_1"] * nombre),
        "file_active_initiale": pa.array([2000] * nombre, pa.int32()),
        "tranche_pfa_declaree": pa.array(["p30_p90"] * nombre),
    }
    return pa.table(table | {nom: pa.array(v) for nom, v in colonnes.items()})


def fichier(tmp_path: Path, *lignes: str) -> Path:
    chemin = tmp_path / "hypotheses.yaml"
    chemin.write_text("hypotheses:\n" + "".join(f"  - {{{ligne}}}\n" for ligne in lignes), "utf-8")
    return chemin


def hypothese(role: str, de: float, a: float, **autres: Any) -> str:
    champs = {"role": role, "loi": "uniforme", "de": de, "a": a, "pourquoi": "essai", **autres}
    return ", ".join(f"{nom}: {valeur}" for nom, valeur in champs.items())


def serie(tirages: pa.Table, grandeur: str, loi: str | None, annee: int | None = None) -> Any:
    return numpy.array(
        [
            ligne["valeur"]
            for ligne in tirages.to_pylist()
            if (ligne["grandeur"], ligne["loi"], ligne["annee"]) == (grandeur, loi, annee)
        ]
    )


def tirer(
    source: Any, annees: Any, lois: Any = LOIS, tirages: int = 2, graine: int = 0,
    hypotheses: Any = None, travailleurs: int = 1,
) -> pa.Table:  # fmt: skip
    cles = [connaitre(Loi(nom)).cle for nom in lois]
    demande = Tirages(tirages, graine, lire_les_tirages(hypotheses))
    return les_tirages.tirer(ouvrir(source), annees, cles, demande, travailleurs=travailleurs)


CONNU = {"file_active_2026": [2300], "objectif_pfa_contractuel": [2200]}
# 38 000, 28 000, then 22 000 a year; the fourth year is 2027, whose count is not observed.
JUSQU_A_2026 = 38_000 + 28_000 + 22_000


def test_ce_qui_est_connu_ne_se_tire_pas(tmp_path: Path) -> None:
    supposees = fichier(
        tmp_path, hypothese("objectif_pfa", 0, 0.5), hypothese("croissance_pfa", -0.2, 0.2)
    )
    tirages = tirer(
        contrats(**CONNU), range(2024, 2027), lois=["convention_2024"], tirages=8,
        hypotheses=supposees,
    )  # fmt: skip
    assert set(serie(tirages, "aide_due", "convention_2024")) == {JUSQU_A_2026}
    (ligne,) = (
        ligne
        for ligne in intervalles(tirages).to_pylist()
        if (ligne["annee"], ligne["grandeur"]) == (None, "aide_due")
    )
    assert ligne["bas"] == ligne["moyenne"] == ligne["haut"] == JUSQU_A_2026
    parts = parts_de_variance(tirages).to_pylist()
    assert {ligne["part"] for ligne in parts if ligne["grandeur"] == "aide_due"} == {None}


@pytest.mark.long
def test_le_recours_multiplie_les_poids(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("recours", 0.5, 1.5))
    tirages = tirer(
        contrats(**CONNU, poids=[3.0]), range(2024, 2027), lois=["convention_2024"], tirages=100,
        hypotheses=supposees,
    )  # fmt: skip
    facteurs = serie(tirages, "recours", None)
    numpy.testing.assert_allclose(
        serie(tirages, "aide_due", "convention_2024"), 3 * JUSQU_A_2026 * facteurs
    )
    # A hundred slices of one hundredth: the quantiles of a uniform law, to one slice.
    ligne = next(x for x in intervalles(tirages, 0.9).to_pylist() if x["annee"] is None)
    assert ligne["bas"] / (3 * JUSQU_A_2026) == pytest.approx(0.55, abs=0.011)
    assert ligne["haut"] / (3 * JUSQU_A_2026) == pytest.approx(1.45, abs=0.011)


def test_un_recours_des_variantes_laisse_la_reference(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("recours", 1, 2, variantes="true"))
    tirages = tirer(contrats(**CONNU), range(2024, 2027), tirages=4, hypotheses=supposees)
    assert len(set(serie(tirages, "aide_due", "base"))) == 1
    assert len(set(serie(tirages, "aide_due", "convention_2024"))) == 4


@pytest.mark.long
def test_l_objectif_inconnu_se_tire_en_part_du_depart(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("objectif_pfa", 0.01, 0.2))
    # 2 000 patients at the start, 2 100 observed for the third year.
    tirages = tirer(
        contrats(file_active_2026=[2100]), range(2026, 2027), lois=["convention_2024"],
        tirages=40, hypotheses=supposees,
    )  # fmt: skip
    attendu = []
    for part in serie(tirages, "objectif_pfa", None):
        a_gagner = round(2000 * part)
        taux = 100 / a_gagner
        attendu.append(22_000 if taux >= 0.95 else round(22_000 * taux, 2))
    assert len(set(attendu)) > 10
    numpy.testing.assert_allclose(serie(tirages, "aide_due", "convention_2024"), attendu, atol=0.01)


def test_la_patientele_non_observee_croit_du_depart(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("croissance_pfa", 0.0, 0.03))
    # 2 200 to reach at the end of the third year: 10 % more.
    tirages = tirer(
        contrats(objectif_pfa_contractuel=[2200]), range(2026, 2027), lois=["convention_2024"],
        tirages=40, hypotheses=supposees,
    )  # fmt: skip
    attendu = []
    for croissance in serie(tirages, "croissance_pfa", None):
        gagnes = round(2000 * (1 + croissance) ** 3) - 2000
        taux = gagnes / 200
        attendu.append(22_000 if taux >= 0.95 else round(22_000 * taux, 2))
    assert len(set(attendu)) > 10
    numpy.testing.assert_allclose(serie(tirages, "aide_due", "convention_2024"), attendu, atol=0.01)


def test_l_objectif_que_donne_le_bareme_ne_se_tire_pas(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("objectif_pfa", 0.05, 0.5))
    table = pa.table(
        {
            "date_signature": ["2021-09-06"],
            "specialite": ["cardiologue"],
            "secteur_conventionnel": ["secteur_1"],
            "zone": ["zip"],
            "option_etp_initiale": ["tiers_etp"],
            "option_etp_avenant_2024": ["demi_etp"],  # no scale tells its target
            "file_active_initiale": pa.array([1000], pa.int32()),
            "tranche_pfa_declaree": ["p30_p90"],
            "tranche_objectif_pfa_declaree": ["p50_p70"],
            "file_active_2023": pa.array([1075], pa.int32()),
            "file_active_2024": pa.array([1050], pa.int32()),
        }
    )
    tirages = tirer(table, [2023, 2024], lois=["base"], tirages=20, hypotheses=supposees)
    # 15 % of 1 000 are to be gained in 2023 under the scale, of which 75 are.
    assert set(serie(tirages, "aide_due", "base", 2023)) == {7_000 * 75 / 150}
    parts = serie(tirages, "objectif_pfa", None)
    attendu = [round(10_500 * 50 / round(1000 * part), 2) for part in parts if part > 0.053]
    tirees = serie(tirages, "aide_due", "base", 2024)[parts > 0.053]
    numpy.testing.assert_allclose(tirees, attendu, atol=0.01)


def test_l_objectif_de_l_annee_d_avant_se_tire_aussi(tmp_path: Path) -> None:
    # Its balance is paid in the first year asked for, whose own target is known.
    table = contrats(
        file_active_2026=[2100], file_active_2027=[2300], objectif_pfa_avenant_2027=[2300]
    )
    supposees = fichier(tmp_path, hypothese("objectif_pfa", 0.06, 0.2))
    tirages = tirer(
        table, [2027], lois=["convention_2024"], tirages=20, hypotheses=supposees
    )  # fmt: skip
    assert set(serie(tirages, "aide_due", "convention_2024", 2027)) == {22_000}
    vises = [2000 + round(2000 * part) for part in serie(tirages, "objectif_pfa", None)]
    connus = simuler(
        contrats(
            file_active_2026=[2100] * 20, file_active_2027=[2300] * 20,
            objectif_pfa_avenant_2027=[2300] * 20, objectif_pfa_avenant_2026=vises,
        ),
        [2027], variables=("depense_annuelle",),
    )  # fmt: skip
    attendu = connus["depense_annuelle_2027"].to_numpy()
    assert len(set(attendu)) > 10
    numpy.testing.assert_allclose(
        serie(tirages, "depense", "convention_2024", 2027), attendu, atol=0.01
    )


@pytest.mark.parametrize(
    ("connues", "annee", "dernier", "courues"),
    [
        ({}, 2026, 2000, 3),  # the end of the third year, from the signature
        ({"file_active_2025": 2150}, 2026, 2150, 1),
        ({"file_active_2024": 1900, "file_active_2025": -1}, 2027, 1900, 3),
        ({"file_active_initiale": -1, "file_active_2025": 2150}, 2027, 2150, 2),
        ({"depart_pfa_avenant_2026": 2300}, 2026, 2300, 1),
        # Given again for the next year, it is the same start; a count observed since is newer.
        ({"depart_pfa_avenant_2026": 2300, "depart_pfa_avenant_2027": 2300}, 2027, 2300, 2),
        ({"depart_pfa_avenant_2027": 2300, "file_active_2026": 2400}, 2027, 2400, 1),
        ({"niveau_a_maintenir_pfa_2026": 1800}, 2027, 1800, 2),
        ({"niveau_a_maintenir_pfa_2026": 1800, "depart_pfa_avenant_2026": 2300}, 2026, 2300, 1),
    ],
)
def test_la_croissance_part_du_dernier_compte_connu(
    connues: dict[str, int], annee: int, dernier: int, courues: int
) -> None:
    loi = Loi("convention_2024")
    table = ouvrir(contrats(**{nom: pa.array([n], pa.int32()) for nom, n in connues.items()}))
    (bloc,) = table.blocs(table.partitions()[0], loi.systeme)
    croit = Hypothese("croissance_pfa", "", "uniforme", (0.0, 0.2), 0.0, False, (), "essai")
    remplies = Manques(bloc, [annee], [loi]).observer([(croit, 0.1)], graine=0, tirage=0)
    assert remplies["file_active", annee].tolist() == [round(dernier * 1.1**courues)]


@pytest.mark.long
def test_un_objectif_tire_part_du_depart_de_l_avenant(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("objectif_pfa", 0.06, 0.2))
    table = contrats(file_active_2026=[1600], depart_pfa_avenant_2026=[1500])
    tirages = tirer(table, [2026], lois=["convention_2024"], tirages=20, hypotheses=supposees)
    taux = [100 / round(1500 * part) for part in serie(tirages, "objectif_pfa", None)]
    attendu = [22_000 if t >= 0.95 else round(22_000 * t, 2) for t in taux]
    assert len(set(attendu)) > 10
    numpy.testing.assert_allclose(serie(tirages, "aide_due", "convention_2024"), attendu, atol=0.01)


@pytest.mark.long
def test_les_tirages_ne_tiennent_pas_a_la_facon_de_couper_la_table(tmp_path: Path) -> None:
    alea = numpy.random.default_rng(5)
    table = contrats(
        file_active_2026=alea.choice([-1, 2050, 2200], 60), poids=alea.uniform(0.3, 4, 60)
    )
    ecrire(tmp_path / "un.parquet", table, 60)
    (tmp_path / "trois").mkdir()
    for rang, (debut, nombre) in enumerate([(0, 7), (7, 30), (37, 23)]):
        ecrire(tmp_path / "trois" / f"{rang}.parquet", table.slice(debut, nombre), 9)
    un, trois = (tirer(tmp_path / nom, ANNEES, tirages=4) for nom in ("un.parquet", "trois"))
    assert un.equals(trois)


def test_le_hasard_d_une_ligne_ne_tient_qu_a_elle() -> None:
    lignes = numpy.arange(1, 4001)
    toutes = normales((3, 1, 2), lignes)
    assert numpy.array_equal(normales((3, 1, 2), lignes[1234:1300:7]), toutes[1234:1300:7])
    assert not numpy.array_equal(normales((3, 1, 3), lignes), toutes)
    assert len(normales((3, 1, 2), lignes[:0])) == 0
    # Four standard errors of a mean, of a standard deviation.
    assert abs(toutes.mean()) < 4 / 4000**0.5
    assert abs(toutes.std() - 1) < 4 / 8000**0.5


def test_un_objectif_estimable_se_tire_dans_sa_fourchette(tmp_path: Path) -> None:
    supposees = fichier(tmp_path, hypothese("objectif_pmt", 0, 1))
    table = pa.table(
        {
            "date_signature": ["2023-09-04"],
            "specialite": ["generaliste"],
            "secteur_conventionnel": ["secteur_1"],
            "patientele_mt_initiale": pa.array([1300], pa.int32()),
            "file_active_initiale": pa.array([1600], pa.int32()),
            "objectif_pfa_contractuel": pa.array([1650], pa.int32()),
            # 200 patients gained of the 260 that every curve asks for; the other count falls short.
            "patientele_mt_2025": pa.array([1500], pa.int32()),
            "file_active_2025": pa.array([1600], pa.int32()),
        }
    )
    tirages = tirer(table, range(2025, 2026), lois=["base"], tirages=10, hypotheses=supposees)
    attendu = round(21_000 * 200 / 260, 2)
    numpy.testing.assert_allclose(serie(tirages, "aide_due", "base"), attendu, atol=0.01)


@pytest.mark.long
def test_ce_qui_ne_joue_pas_n_explique_rien(tmp_path: Path) -> None:
    supposees = fichier(
        tmp_path, hypothese("recours", 0.9, 1.1), hypothese("croissance_pmt", -0.1, 0.1)
    )
    tirages = tirer(
        contrats(**CONNU), range(2024, 2027), lois=["convention_2024"], tirages=200,
        hypotheses=supposees,
    )  # fmt: skip
    parts = {
        ligne["hypothese"]: ligne["part"]
        for ligne in parts_de_variance(tirages).to_pylist()
        if ligne["grandeur"] == "aide_due"
    }
    assert parts["recours"] == pytest.approx(1, abs=0.01)
    assert parts["croissance_pmt"] < 0.01
    assert parts["reste"] < 0.01


def test_trop_peu_de_tirages_ne_disent_pas_les_parts() -> None:
    def tires(nombre: int) -> pa.Table:
        alea, lignes = numpy.random.default_rng(0), []
        for tirage in range(nombre):
            valeurs = alea.uniform(size=3)
            lignes.append((tirage, "base", None, "aide_due", float(valeurs @ [3, 1, 0])))
            lignes.append((tirage, "base", None, "depense", 1.0))
            roles = ("recours", "croissance_pmt", "croissance_pfa")
            lignes += [(tirage, None, None, r, v) for r, v in zip(roles, valeurs, strict=True)]
        return pa.table([list(c) for c in zip(*lignes, strict=True)], schema=SCHEMA)

    # Ten draws for each of three terms.
    parts = parts_de_variance(tires(29)).to_pylist()
    assert {ligne["part"] for ligne in parts} == {None}
    raisons = {ligne["grandeur"]: ligne["raison"] for ligne in parts}
    assert raisons == {
        "aide_due": "29 tirages ; il en faut 30", "depense": "le total ne varie pas"
    }  # fmt: skip
    parts = [p for p in parts_de_variance(tires(30)).to_pylist() if p["grandeur"] == "aide_due"]
    assert {ligne["raison"] for ligne in parts} == {None}
    assert sum(ligne["part"] for ligne in parts) == pytest.approx(1)
    assert max(parts, key=lambda ligne: float(ligne["part"]))["hypothese"] == "recours"


@pytest.mark.long
def test_deux_hypotheses_independantes_se_partagent_la_variance(tmp_path: Path) -> None:
    # A total of a × u + b × v has shares a² and b² over their sum, if u and v vary as much.
    supposees = fichier(
        tmp_path, hypothese("recours", 0.9, 1.1), hypothese("croissance_pfa", 0.0, 0.03)
    )
    tirages = tirer(
        contrats(objectif_pfa_contractuel=[2400]), range(2026, 2027), lois=["convention_2024"],
        tirages=400, hypotheses=supposees,
    )  # fmt: skip
    u, v = serie(tirages, "recours", None), serie(tirages, "croissance_pfa", None)
    part = (2000 * (1 + v) ** 3 - 2000) / 400
    seule_u, seule_v = numpy.var(u) * part.mean() ** 2, numpy.var(part) * u.mean() ** 2
    parts = {
        ligne["hypothese"]: ligne["part"]
        for ligne in parts_de_variance(tirages).to_pylist()
        if ligne["grandeur"] == "aide_due"
    }
    assert parts["recours"] == pytest.approx(seule_u / (seule_u + seule_v), abs=0.03)
    assert parts["croissance_pfa"] == pytest.approx(seule_v / (seule_u + seule_v), abs=0.03)


@pytest.mark.long
def test_la_meme_graine_donne_les_memes_tirages_quels_que_soient_les_travailleurs() -> None:
    table = contrats(file_active_2026=[2100, -1, 1900])
    un, autre = (
        tirer(table, ANNEES, tirages=30, graine=7, travailleurs=nombre) for nombre in (1, 2)
    )
    assert un.equals(autre)
    assert not un.equals(tirer(table, ANNEES, tirages=30, graine=8))


@pytest.mark.long
def test_une_comparaison_garde_ses_tirages_et_se_verifie(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    from openfisca_assistant_medical.population.comparaison import charger
    from openfisca_assistant_medical.population.enregistrement import lire, verifier
    from openfisca_assistant_medical.population.simulation import comparer

    table = tmp_path / "contrats.parquet"
    pq.write_table(contrats(file_active_2026=[2100, -1, 1900]), table)
    supposees = fichier(tmp_path, hypothese("objectif_pfa", 0.01, 0.2))
    sortie = tmp_path / "resultat"
    options: dict[str, Any] = {"tirages": 6, "graine": 3, "hypotheses": supposees}
    comparer(table, ANNEES, sortie=sortie, lectures=False, **options)
    directs = tirer(table, ANNEES, **options)
    assert charger(sortie).tirages.equals(directs)
    assert lire(sortie)["options"]["tirages"] == 6
    # The file of assumptions may change: the record has its own copy.
    supposees.unlink()
    assert verifier(sortie)["identique"]


@pytest.mark.long
def test_un_sens_par_tirage_en_ligne_de_commande(tmp_path: Path) -> None:
    import pyarrow.parquet as pq
    from typer.testing import CliRunner

    from openfisca_assistant_medical.cli import app

    table = tmp_path / "contrats.parquet"
    pq.write_table(contrats(file_active_2026=[2100, -1]), table)
    commande = ["simuler", str(table), "--annees", "2026", "--sans-lectures", "--tirages"]
    vu = CliRunner().invoke(app, [*commande, "5"])
    assert vu.exit_code == 0
    assert "neuf tirages sur dix" in vu.output
    assert CliRunner().invoke(app, [*commande, "1"]).exit_code == 2
    refus = CliRunner().invoke(app, [*commande, "5", "--hypotheses", "absent.yaml"])
    assert refus.exit_code == 2
    assert "illisibles" in refus.output


def test_chaque_tranche_est_tiree_une_fois() -> None:
    tires = rangs(10, 3, graine=1)
    assert (numpy.sort(numpy.floor(tires * 10), axis=0) == numpy.arange(10)[:, None]).all()


def test_les_hypotheses_par_defaut_disent_d_ou_elles_viennent() -> None:
    from openfisca_assistant_medical.textes import sources

    supposees = lire_les_tirages()
    assert len(supposees) == 5
    for supposee in supposees:
        assert set(supposee.sources) <= set(sources())


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        (["role: objectif"], "le plus proche : « objectif_pmt »"),
        ([hypothese("recours", 2, 1)], "de < a"),
        ([hypothese("recours", -1, 1)], "0 au moins"),
        ([hypothese("recours", 0, 1, dispersion=0.1)], "pour une croissance"),
        ([hypothese("recours", 0, 1, mode=0.1)], 'champ : reçu "mode"'),
        ([hypothese("recours", 0, "beaucoup")], "attendu un nombre"),
        ([hypothese("recours", 0, "true")], "attendu un nombre"),
        ([hypothese("recours", 0, 1)] * 2, "deux fois"),
        (["role: recours, loi: uniforme, de: 0, a: 1"], "pourquoi"),
        (["role: recours, loi: normale, moyenne: 1, ecart_type: 0, pourquoi: x"], "plus que 0"),
    ],
)
def test_une_hypothese_refusee(tmp_path: Path, lignes: list[str], attendu: str) -> None:
    with pytest.raises(HypothesesRefusees) as refus:
        lire_les_tirages(fichier(tmp_path, *lignes))
    assert attendu in str(refus.value)


def test_un_fichier_illisible(tmp_path: Path) -> None:
    with pytest.raises(HypothesesRefusees, match="illisibles"):
        lire_les_tirages(tmp_path / "absent.yaml")
    chemin = tmp_path / "x.yaml"
    chemin.write_text("hypotheses: []", "utf-8")
    with pytest.raises(HypothesesRefusees, match="une hypothèse au moins"):
        lire_les_tirages(chemin)


@pytest.mark.parametrize(("tirages", "graine"), [(1, 0), (10, -1)])
def test_un_nombre_de_tirages_refuse(tirages: int, graine: int) -> None:
    with pytest.raises(SimulationRefusee, match="deux tirages au moins"):
        tirer(contrats(), ANNEES, tirages=tirages, graine=graine)
