"""A table of contracts under several laws: sums, blocks, parts, interruptions."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.lois import loi, sous_l_autre_lecture
from openfisca_assistant_medical.population import calculer, comparer, simulation, simuler
from openfisca_assistant_medical.population.lois import choisir_lois
from openfisca_assistant_medical.population.reprise import SimulationRefusee
from openfisca_assistant_medical.population.resume import resumer
from openfisca_assistant_medical.population.sensibilite import Lecteur
from openfisca_assistant_medical.population.table.refus import TableRefusee
from openfisca_assistant_medical.population.table.tables import ouvrir
from tests.contrats_au_hasard import contrats, ecrire

ANNEES = range(2024, 2027)
LOIS = ("base", "convention_2024")
TABLES = ("droits", "caisse", "ecarts", "lectures")
# Two general practitioners; the second stands for two others like her.
CSV = """identifiant,date_signature,specialite,secteur_conventionnel,option_etp_initiale,\
patientele_mt_initiale,file_active_initiale,poids
A,2023-09-10,generaliste,secteur_1,un_etp,1300,1600,1
B,2023-09-10,generaliste,secteur_1,un_etp,1300,1600,2
"""


def octets(dossier: Path) -> dict[str, bytes]:
    lus = {nom: dossier / f"{nom}.parquet" for nom in TABLES}
    return {nom: fichier.read_bytes() for nom, fichier in lus.items() if fichier.exists()}


def en_morceaux(dossier: Path, nombre: int, morceaux: int, poids: bool = True) -> Path:
    """A folder of Parquet files: as many parts for the workers."""
    dossier.mkdir()
    for rang in range(morceaux):
        table = contrats(nombre, ANNEES, graine=rang, poids=poids)
        ecrire(dossier / f"{rang:02}.parquet", table)
    return dossier


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    fichier = tmp_path / "contrats.csv"
    fichier.write_text(CSV, encoding="utf-8")
    return fichier


# --- What it gives --------------------------------------------------------------------------------


@pytest.mark.long
def test_deux_contrats_comptes_a_la_main(csv: Path) -> None:
    resultat = comparer(csv, range(2023, 2025), lectures=False)
    dues = {
        (ligne["loi"], ligne["annee"]): ligne["aide_due"]
        for ligne in resultat.cout_par_annee().to_pylist()
    }
    # 1 ETP, P50 of PMT passed: 36 000 € the first year (S003), then 27 000 € without the convention
    # and 28 000 € with it; no target is given, so that each is paid in full; weights 1 and 2.
    assert dues == {
        ("base", 2023): 36_000 * 3,
        ("base", 2024): 27_000 * 3,
        ("convention_2024", 2023): 36_000 * 3,
        ("convention_2024", 2024): 28_000 * 3,
    }
    gagnants = {g["groupe"]: g for g in resultat.compute_winners_losers().to_pylist()}
    assert (gagnants["gagnants"]["lignes"], gagnants["gagnants"]["contrats"]) == (2, 3)
    assert gagnants["gagnants"]["gain_total"] == (28_000 - 27_000) * 3
    assert gagnants["perdants"]["lignes"] == 0


@pytest.mark.long
def test_les_sommes_sont_celles_du_modele() -> None:
    table = contrats(1_500, ANNEES, poids=True)
    resultat = comparer(table, ANNEES, lectures=False)
    lue = ouvrir(table)
    (bloc,) = lue.blocs(lue.partitions()[0], loi("base")[1])
    couts = resultat.cout_par_annee().to_pylist()
    assert {cout["loi"] for cout in couts} == set(LOIS)
    for cout in couts:
        sorties = calculer(
            loi(cout["loi"])[1], bloc.colonnes, ("aide_due", "depense_annuelle"), [cout["annee"]]
        )
        for nom, variable in (("aide_due", "aide_due"), ("depense", "depense_annuelle")):
            attendue = float(sorties[variable, cout["annee"]] @ bloc.poids)
            assert cout[nom] == pytest.approx(attendue, abs=0.05)
            assert attendue > 1e6


@pytest.mark.long
def test_ni_les_blocs_ni_les_parties_ne_changent_le_resultat(tmp_path: Path) -> None:
    source = en_morceaux(tmp_path / "t", 300, 3, poids=False)
    comparer(source, ANNEES, sortie=tmp_path / "un")
    comparer(source, ANNEES, sortie=tmp_path / "deux", taille=97)
    assert octets(tmp_path / "un") == octets(tmp_path / "deux")
    comparer(pq.read_table(source), ANNEES, sortie=tmp_path / "trois")
    assert octets(tmp_path / "un") == octets(tmp_path / "trois")


@pytest.mark.long
def test_le_nombre_de_travailleurs_ne_change_rien(tmp_path: Path) -> None:
    source, vus = en_morceaux(tmp_path / "t", 400, 4), []
    comparer(source, ANNEES, sortie=tmp_path / "un", detail=True)
    comparer(
        source, ANNEES, sortie=tmp_path / "deux", travailleurs=2, detail=True,
        suivi=lambda faits, total: vus.append((faits, total)),
    )  # fmt: skip
    assert octets(tmp_path / "un") == octets(tmp_path / "deux")
    details = [pq.read_table(tmp_path / nom / "contrats") for nom in ("un", "deux")]
    assert details[0].equals(details[1])
    assert vus[-1][0] == vus[-1][1]
    assert len(vus) == 5  # the start, then each part


@pytest.mark.parametrize(
    "nom",
    [
        "convention_2024",
        pytest.param("base", marks=pytest.mark.long),
        pytest.param("convention_2024+lectures.age_senior", marks=pytest.mark.long),
    ],
)
def test_chaque_lecture_coute_ce_que_le_modele_en_dit(nom: str) -> None:
    # The other readings are computed for the contracts that they may touch: all of them, apart.
    systeme, table = loi(nom)[1], contrats(2_500, ANNEES, graine=7)
    lue = ouvrir(table)
    (bloc,) = lue.blocs(lue.partitions()[0], systeme)
    annees = [2023, *ANNEES]
    sorties, ecarts = Lecteur(systeme).calculer(bloc.colonnes, ["aide_due", "zone"], annees)
    attendues = calculer(systeme, bloc.colonnes, ["aide_due", "zone"], annees)
    assert sorties.keys() == attendues.keys()
    assert all(numpy.array_equal(sorties[cle], attendues[cle]) for cle in attendues)
    changent = 0
    for lecture, ecart in ecarts.items():
        autres = calculer(
            sous_l_autre_lecture(systeme, lecture), bloc.colonnes, ["aide_due"], annees
        )
        for annee, obtenu in zip(annees, ecart, strict=True):
            voulu = autres["aide_due", annee] - attendues["aide_due", annee]
            assert numpy.allclose(obtenu / 100, voulu, rtol=0, atol=1e-6), (lecture, annee)
        changent += bool(ecart.any())
    assert changent > 8


@pytest.mark.long
def test_la_table_des_lectures_et_ce_qu_elles_touchent() -> None:
    table = contrats(800, ANNEES, graine=3, poids=True)
    resultat = comparer(table, ANNEES, lois=LOIS)
    sans = comparer(table, ANNEES, lois=LOIS, lectures=False)
    assert sans.lectures is None
    assert resultat.lectures is not None
    lignes = resultat.lectures.to_pylist()
    (ligne,) = (
        ligne
        for ligne in lignes
        if (ligne["loi"], ligne["lecture"], ligne["annee"])
        == ("convention_2024", "base_du_taux", 2025)
    )
    lue = ouvrir(table)
    (bloc,) = lue.blocs(lue.partitions()[0], loi("base")[1])
    dues = [
        calculer(loi(nom)[1], bloc.colonnes, ["aide_due"], [2025])["aide_due", 2025]
        for nom in ("convention_2024", "convention_2024+lectures.base_du_taux")
    ]
    assert ligne["ecart"] == pytest.approx(float((dues[1] - dues[0]) @ bloc.poids), abs=0.01)
    assert ligne["lignes"] == int((dues[1] != dues[0]).sum()) > 0
    parts = [
        {
            (p["loi"], p["annee"], p["certitude"]): p["aide_due"]
            for p in r.par_certitude().to_pylist()
        }
        for r in (resultat, sans)
    ]
    # Without them, what hangs on a reading is told as law.
    cle = ("convention_2024", 2025)
    lecture = parts[0][*cle, "lecture"]
    assert lecture > 0
    assert parts[1][*cle, "droit"] == pytest.approx(parts[0][*cle, "droit"] + lecture)


def test_simuler_donne_une_ligne_par_contrat(csv: Path) -> None:
    table = simuler(csv, [2024], variables=("aide_due", "eligible", "zone", "aide_versee"))
    assert table.column_names[:4] == ["ligne", "identifiant", "poids", "eligible"]
    lignes = table.to_pylist()
    assert [ligne["ligne"] for ligne in lignes] == [2, 3]  # the header is line 1
    assert [ligne["identifiant"] for ligne in lignes] == ["A", "B"]
    assert [ligne["poids"] for ligne in lignes] == [1, 2]
    assert [ligne["aide_due_2024"] for ligne in lignes] == [28_000, 28_000]
    assert [ligne["zone"] for ligne in lignes] == ["hors_zone"] * 2
    assert sum(nom.startswith("aide_versee_2024-") for nom in table.column_names) == 12


@pytest.mark.long
def test_le_detail_refait_les_sommes(tmp_path: Path) -> None:
    source = en_morceaux(tmp_path / "t", 300, 2)
    resultat = comparer(source, ANNEES, sortie=tmp_path / "r", detail=True, lectures=False)
    detail = pq.read_table(tmp_path / "r" / "contrats")
    assert len(list((tmp_path / "r" / "contrats").iterdir())) == 2
    for cout in resultat.cout_par_annee().to_pylist():
        choix = numpy.array(
            [
                (a["loi"], a["annee"]) == (cout["loi"], cout["annee"])
                for a in detail.select(["loi", "annee"]).to_pylist()
            ]
        )
        sien = detail.filter(pa.array(choix))
        somme = sien["aide_due"].to_numpy() @ sien["poids"].to_numpy()
        assert cout["aide_due"] == pytest.approx(float(somme), abs=0.05)


# --- Laws -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reformes", "lois", "reference", "attendues"),
    [
        ([], [], None, ("base", "convention_2024")),
        (["convention_2024"], [], None, ("base", "convention_2024")),
        (
            ["convention_2024", "lectures.age_senior"],
            [],
            None,
            ("base", "convention_2024+lectures.age_senior"),
        ),
        (
            ["lectures.age_senior"],
            [],
            None,
            ("convention_2024", "convention_2024+lectures.age_senior"),
        ),
        (["lectures.age_senior"], [], "base", ("base", "lectures.age_senior")),
        ([], ["convention_2024", "lectures.age_senior"], None,
         ("base", "convention_2024", "lectures.age_senior")),
        ([], ["convention_2024+lectures.age_senior"], None,
         ("convention_2024", "convention_2024+lectures.age_senior")),
    ],
)  # fmt: skip
def test_les_lois_que_les_options_designent(
    reformes: list[str], lois: list[str], reference: Any, attendues: tuple[str, ...]
) -> None:
    assert choisir_lois(reformes, lois, reference) == attendues


def test_des_lois_qui_ne_se_comparent_pas(csv: Path) -> None:
    with pytest.raises(SimulationRefusee, match="lois distinctes"):
        comparer(csv, ANNEES, lois=("base", "base"))
    with pytest.raises(SimulationRefusee, match="déjà dans la référence"):
        choisir_lois(["lectures.age_senior"], [], "convention_2024 + lectures.age_senior")
    with pytest.raises(SimulationRefusee, match="lois distinctes"):
        comparer(csv, ANNEES, lois=("convention_2024+base", " convention_2024 + base"))


@pytest.mark.long
def test_des_espaces_dans_les_noms_de_fichiers(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reforme = tmp_path / "mes réformes" / "hausse de 2024.yaml"
    reforme.parent.mkdir()
    reforme.write_text(
        "titre: Hausse\nhypothese: true\nsur: [convention_2024]\nvaleurs:\n"
        "  aide.montant.un_etp.par_defaut.rang_2:\n    2024-07-01: 30_000\n",
        "utf-8",
    )
    sortie, loi = tmp_path / "mes résultats", f"convention_2024 + {reforme}"
    arguments = ["simuler", str(csv), "--annees", "2024", "--sans-lectures", "--json"]
    assert main([*arguments, "--reforme", str(reforme), "--sortie", str(sortie)]) == 0
    rapport = json.loads(capsys.readouterr().out)
    assert [une["annees"][0]["aide_due"] for une in rapport["lois"]] == [28_000 * 3, 30_000 * 3]
    assert main(["verifier", str(sortie)]) == 0
    capsys.readouterr()
    assert main([*arguments, "--loi", loi, "--reference", "convention_2024"]) == 0
    assert json.loads(capsys.readouterr().out)["lois"][1]["annees"] == rapport["lois"][1]["annees"]
    # 30 000 € is what the reform itself gives.
    assert simuler(csv, [2024], loi=loi)["aide_due_2024"].to_pylist() == [30_000, 30_000]


def test_un_plus_dans_un_chemin_est_refuse(csv: Path, tmp_path: Path) -> None:
    reforme = tmp_path / "hausse+baisse.yaml"
    reforme.write_text("titre: Hausse\n", "utf-8")
    with pytest.raises(SimulationRefusee, match=r"--reforme : reçu « .*hausse\+baisse\.yaml »"):
        choisir_lois([str(reforme)], [], "base")
    for nom in (str(reforme), f"convention_2024 + {reforme}"):
        with pytest.raises(SimulationRefusee, match=r"un chemin qui contient « \+ ».*renommer"):
            comparer(csv, ANNEES, lois=("base", nom))


# --- Bad rows, folders ----------------------------------------------------------------------------


@pytest.fixture
def mauvais(csv: Path) -> Path:
    csv.write_text(CSV + "C,2023-09-10,geralniste,secteur_1,un_etp,1300,1600,1\n", "utf-8")
    return csv


def test_une_table_refusee_ne_laisse_rien(mauvais: Path, tmp_path: Path) -> None:
    with pytest.raises(TableRefusee, match="ligne 4, colonne « specialite »"):
        comparer(mauvais, ANNEES, sortie=tmp_path / "r")
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["contrats.csv"]


def test_les_lignes_mauvaises_sont_mises_de_cote(mauvais: Path, tmp_path: Path) -> None:
    resultat = comparer(mauvais, [2024], sortie=tmp_path / "r", erreurs="isoler", lectures=False)
    assert resultat.description["lignes"] == 2
    assert resultat.description["lignes_ecartees"] == 1
    entete, ligne = (tmp_path / "r" / "erreurs.csv").read_text("utf-8").splitlines()
    assert entete == "ligne,colonne,valeur,raison"
    assert ligne.startswith("4,specialite,")
    assert "generaliste" in ligne
    assert {c["aide_due"] for c in resultat.cout_par_annee().to_pylist()} == {81_000, 84_000}


@pytest.mark.long
def test_un_resultat_n_est_remplace_que_si_on_le_dit(csv: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "r"
    comparer(csv, [2024], sortie=sortie, lectures=False)
    avant = (sortie / "droits.parquet").read_bytes()
    with pytest.raises(SimulationRefusee, match="--remplacer"):
        comparer(csv, [2025], sortie=sortie, lectures=False)
    assert (sortie / "droits.parquet").read_bytes() == avant
    comparer(csv, [2025], sortie=sortie, lectures=False, remplacer=True)
    assert (sortie / "droits.parquet").read_bytes() != avant
    assert sorted(chemin.name for chemin in tmp_path.iterdir()) == ["contrats.csv", "r"]


def test_un_dossier_qui_n_est_pas_un_resultat_n_est_jamais_remplace(
    csv: Path, tmp_path: Path
) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "these.odt").write_text("dix ans de travail")
    with pytest.raises(SimulationRefusee, match="n’est pas le résultat d’une simulation"):
        comparer(csv, [2024], sortie=tmp_path / "r", remplacer=True)
    assert (tmp_path / "r" / "these.odt").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"erreurs": "ignorer"}, "attendu : arreter ou isoler"),
        ({"taille": 0}, "taille : reçu 0"),
        ({"travailleurs": 0}, "--travailleurs : reçu 0"),
        ({"detail": True}, "donner --sortie"),
    ],
)
def test_des_options_refusees(csv: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SimulationRefusee, match=message):
        comparer(csv, [2024], **options)
    with pytest.raises(SimulationRefusee, match="reçu aucune"):
        comparer(csv, [])


@pytest.mark.parametrize("annee", [1899, 9998, 0, -2024, 2024.5, "2024", True, 10**30])
def test_des_annees_hors_du_calendrier(csv: Path, annee: Any) -> None:
    for demander in (comparer, simuler):
        with pytest.raises(SimulationRefusee, match="attendu : des années de 1900 à 9997"):
            demander(csv, [2024, annee])


class _Panne(Exception):
    pass


def _tomber_en_panne(apres: int) -> Any:
    def suivi(faits: int, total: int) -> None:
        if faits >= apres:
            raise _Panne

    return suivi


@pytest.mark.long
def test_un_calcul_interrompu_est_repris(tmp_path: Path) -> None:
    source, sortie = en_morceaux(tmp_path / "t", 200, 3), tmp_path / "r"
    nombre = len(pq.read_table(source))
    with pytest.raises(_Panne):
        comparer(source, ANNEES, sortie=sortie, lectures=False, suivi=_tomber_en_panne(nombre - 1))
    assert not sortie.exists()
    faites = sorted((tmp_path / "r.partiel" / "parties").glob("0*"))
    assert [partie.name for partie in faites] == ["00000", "00001"]
    # Another run is told what differs, and leaves it as it was.
    with pytest.raises(SimulationRefusee, match=r"ce qui diffère : annees\. Remède"):
        comparer(source, [2025], sortie=sortie, lectures=False)
    with pytest.raises(SimulationRefusee, match="lois, lectures"):
        comparer(source, ANNEES, sortie=sortie, lois=("base",))
    vus: list[int] = []
    comparer(
        source, ANNEES, sortie=sortie, lectures=False, suivi=lambda faits, _: vus.append(faits)
    )
    assert vus[0] > nombre / 2  # two parts are not computed again
    comparer(source, ANNEES, sortie=tmp_path / "d_une_traite", lectures=False)
    assert octets(sortie) == octets(tmp_path / "d_une_traite")
    assert not (tmp_path / "r.partiel").exists()


@pytest.mark.parametrize(
    ("abime", "contenu", "message"),
    [
        ("demande.json", "5", "est celui d’un autre calcul"),
        ("demande.json", "[1]", "est celui d’un autre calcul"),
        ("parties/00000/bilan.json", "null", "00000 » : la partie ne se lit pas"),
        ("parties/00000/bilan.json", '{"lignes": 1, "poids": 1}', "la partie ne se lit pas"),
        (
            "parties/00000/bilan.json",
            '{"lignes": 1, "poids": NaN, "lectures": []}',
            "la partie ne se lit pas",
        ),
        (
            "parties/00000/bilan.json",
            f'{{"lignes": 1, "poids": {10**400}, "lectures": []}}',
            "la partie ne se lit pas",
        ),
        (
            "parties/00000/bilan.json",
            '{"lignes": 1, "poids": 1, "lectures": [["base", "x", "2024", 1, 1, 1]]}',
            "la partie ne se lit pas",
        ),
        ("parties/00000/droits.parquet", "PAR1", "la partie ne se lit pas"),
        ("parties/00000/erreurs.csv", "ligne\nx,y", "la partie ne se lit pas"),
        ("parties/00009", "", "des parties que la table n’a pas"),
    ],
)
def test_un_calcul_interrompu_qui_est_abime_n_est_pas_repris(
    abime: str,
    contenu: str,
    message: str,
    csv: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tomber(*_: Any) -> None:
        raise _Panne

    monkeypatch.setattr(simulation, "_conclure", tomber)
    with pytest.raises(_Panne):
        comparer(csv, [2024], sortie=tmp_path / "r", lectures=False)
    monkeypatch.undo()
    reste = tmp_path / "r.partiel"
    assert (reste / "parties" / "00000" / "bilan.json").exists()
    (reste / "parties" / "²").mkdir()  # a digit, for Python, and no number
    (reste / abime).write_text(contenu, "utf-8")
    with pytest.raises(SimulationRefusee, match=message) as refus:
        comparer(csv, [2024], sortie=tmp_path / "r", lectures=False)
    assert "Remède" in str(refus.value)
    assert not (tmp_path / "r").exists()
    assert (reste / abime).read_text("utf-8") == contenu


def test_deux_calculs_n_ecrivent_pas_au_meme_endroit(csv: Path, tmp_path: Path) -> None:
    def un_autre(faits: int, total: int) -> None:
        with pytest.raises(SimulationRefusee, match="un autre calcul y est en cours"):
            comparer(csv, [2024], sortie=tmp_path / "r", lectures=False)
        vus.append(faits)

    vus: list[int] = []
    comparer(csv, [2024], sortie=tmp_path / "r", lectures=False, suivi=un_autre)
    assert vus
    assert (tmp_path / "r").exists()


# --- As a command ---------------------------------------------------------------------------------


def lancer(journal: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The command, in a process; what it says goes to a file, which workers may keep open."""
    code = "import sys; from openfisca_assistant_medical.cli import main; sys.exit(main())"
    with journal.open("wb") as flux:
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdout=flux,
            stderr=flux,
            env={**os.environ, "MARQUE": str(journal.parent)},
        )


def attendre_une_partie(sortie: Path) -> None:
    parties = sortie.with_name(f"{sortie.name}.partiel") / "parties"
    fin = time.monotonic() + 120
    while not list(parties.glob("0*")):
        assert time.monotonic() < fin, "aucune partie"
        time.sleep(0.01)


def attendre_que_meurent(marque: Path) -> None:
    """Workers end with the process that asked; theirs bear, as it did, a mark in what they are."""
    fin = time.monotonic() + 30
    while restants := [
        processus.parent.name
        for processus in Path("/proc").glob("[0-9]*/environ")
        if processus.parent.name != str(os.getpid()) and _porte(processus, marque)
    ]:
        assert time.monotonic() < fin, restants
        time.sleep(0.1)


def _porte(environ: Path, marque: Path) -> bool:
    try:
        return f"MARQUE={marque}\0".encode() in environ.read_bytes()
    except OSError:
        return False


@pytest.mark.long
@pytest.mark.parametrize("travailleurs", ["1", "2"])
def test_tue_puis_relance(tmp_path: Path, travailleurs: str) -> None:
    source, sortie = en_morceaux(tmp_path / "t", 600, 8), tmp_path / "r"
    arguments = ["simuler", str(source), "--annees", "2024-2026", "--travailleurs", travailleurs]
    arguments += ["--detail", "--sortie", str(sortie)]
    calcul = lancer(tmp_path / "journal", *arguments)
    attendre_une_partie(sortie)
    os.kill(calcul.pid, signal.SIGKILL)
    calcul.wait()
    assert not sortie.exists()
    faites = len(list((tmp_path / "r.partiel" / "parties").glob("0*")))
    assert 0 < faites < 8
    attendre_que_meurent(tmp_path)
    assert lancer(tmp_path / "journal", *arguments).wait() == 0
    comparer(source, ANNEES, sortie=tmp_path / "d_une_traite", detail=True)
    assert octets(sortie) == octets(tmp_path / "d_une_traite")
    details = [sorted(d.glob("contrats/*")) for d in (sortie, tmp_path / "d_une_traite")]
    assert [[f.name for f in noms] for noms in details] == [
        [f"{n:05}.parquet" for n in range(8)]
    ] * 2
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(*details, strict=True))


@pytest.mark.long
def test_ctrl_c_dit_comment_reprendre(tmp_path: Path) -> None:
    source, sortie = en_morceaux(tmp_path / "t", 600, 8), tmp_path / "r"
    arguments = ["simuler", str(source), "--annees", "2024-2026", "--sortie", str(sortie)]
    journal = tmp_path / "journal"
    calcul = lancer(journal, *arguments)
    attendre_une_partie(sortie)
    calcul.send_signal(signal.SIGINT)
    assert calcul.wait() == 1
    assert "Interrompu. La même commande reprend ce qui est fini." in journal.read_text("utf-8")
    assert (tmp_path / "r.partiel").exists()
    assert lancer(journal, *arguments).wait() == 0


def test_la_commande_donne_un_resume(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simuler", str(csv), "--annees", "2023-2024", "--sans-lectures"]) == 0
    texte = capsys.readouterr().out
    assert "2 contrats calculés, qui en représentent 3, 0 lignes écartées." in texte
    assert "Inconnu" in texte
    # 36 000 × 3 + 27 000 × 3, then 1 000 × 3 more.
    assert "189\u202f000\u00a0€" in texte
    assert "3\u202f000\u00a0€" in texte
    assert "Population synthétique" not in texte
    arguments = ["simuler", str(csv), "--annees", "2023-2024", "--sans-lectures", "--json"]
    assert main(arguments) == 0
    rapport = json.loads(capsys.readouterr().out)
    (base, convention) = rapport["lois"]
    assert [annee["aide_due"] for annee in base["annees"]] == [108_000, 81_000]
    assert convention["annees"][1]["ecart"]["aide_due"] == 3_000
    assert base["annees"][0]["ecart"] is None
    assert rapport["gagnants_perdants"]["convention_2024"][0]["groupe"] == "gagnants"


@pytest.mark.long
def test_aucun_total_sans_ce_sur_quoi_il_repose() -> None:
    rapport = resumer(comparer(contrats(600, ANNEES, poids=True), ANNEES))
    for une in rapport["lois"]:
        for annee in une["annees"]:
            for porteur in filter(None, (annee, annee["ecart"])):
                for montant in ("aide_due", "depense"):
                    parts = sum(part[montant] for part in porteur["certitude"].values())
                    assert parts == pytest.approx(porteur[montant], abs=0.01)
    assert sum(annee["aide_due"] for annee in rapport["lois"][1]["annees"]) > 0


def test_une_population_synthetique_se_dit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = contrats(50, ANNEES).replace_schema_metadata(
        {"assistant_medical": json.dumps({"synthetique": True, "graine": 4})}
    )
    fichier = ecrire(tmp_path / "t.parquet", table)
    sortie = tmp_path / "r"
    arguments = ["simuler", str(fichier), "--annees", "2024", "--sans-lectures"]
    assert main([*arguments, "--sortie", str(sortie)]) == 0
    assert capsys.readouterr().out.startswith("Population synthétique")
    fiche = json.loads((sortie / "enregistrement.json").read_text("utf-8"))
    assert fiche["synthetique"] is True
    assert fiche["entree"]["metadonnees"]["graine"] == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--annees", "24"], "--annees"),
        (["--annees", "2024", "--reforme", "convention_2025"], "convention_2024"),
        (["--annees", "2024", "--travailleurs", "0"], "--travailleurs"),
        (["--annees", "2024", "--erreurs", "non"], "arreter ou isoler"),
    ],
)
def test_un_refus_est_dit_en_francais(
    csv: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simuler", str(csv), *options]) == 2
    assert message in capsys.readouterr().err


def test_une_colonne_inconnue_se_laisse_de_cote(
    csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv.write_text(CSV.replace("identifiant", "note"), "utf-8")
    arguments = ["simuler", str(csv), "--annees", "2024", "--sans-lectures"]
    assert main(arguments) == 2
    assert "--ignorer note" in capsys.readouterr().err
    assert main([*arguments, "--ignorer", "note"]) == 0


def test_sans_l_extra_la_commande_dit_quoi_installer() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from openfisca_assistant_medical.cli import main\n"
        "sys.exit(main(['simuler', 'x.csv', '--annees', '2024']))"
    )
    lue = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert lue.returncode == 2
    assert "pip install openfisca-assistant-medical[population]" in lue.stderr


def test_calculer_ne_charge_aucune_bibliotheque_de_tables() -> None:
    code = (
        "import sys; from openfisca_assistant_medical.population import calculer\n"
        "print([nom for nom in ('pyarrow', 'duckdb', 'joblib', 'distributed') "
        "if nom in sys.modules])"
    )
    lue = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert lue.stdout.strip() == "[]"


# --- Memory ---------------------------------------------------------------------------------------

# Not `ru_maxrss`, which a process inherits from the one that started it.
_PIC = """
import sys
from openfisca_assistant_medical.population import comparer
comparer(sys.argv[1], range(2024, 2027), taille=int(sys.argv[2]))
with open("/proc/self/status") as etat:
    print(next(int(ligne.split()[1]) for ligne in etat if ligne.startswith("VmHWM")) // 1024)
"""


@pytest.mark.long
def test_la_memoire_ne_suit_pas_le_nombre_de_lignes(tmp_path: Path) -> None:
    table = contrats(20_000, ANNEES)
    pics = []
    for fois in (1, 12):
        dossier = tmp_path / str(fois)
        dossier.mkdir()
        for rang in range(fois):
            ecrire(dossier / f"{rang}.parquet", table, 5_000)
        lu = subprocess.run(
            [sys.executable, "-c", _PIC, str(dossier), "10000"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        pics.append(int(lu.stdout))
    # Twelve times the rows: their inputs alone would take 60 MB more.
    assert pics[1] - pics[0] < 60, pics
    assert pics[1] < 700


_PIC_PAR_DEFAUT = _PIC.replace(", taille=int(sys.argv[2])", "").replace("2027", "2029")


@pytest.mark.long
def test_la_table_la_plus_large_tient_dans_la_memoire_dite(tmp_path: Path) -> None:
    # Every input given, every gain different, the readings too, blocks as they are by default.
    for rang in range(6):
        ecrire(tmp_path / f"{rang}.parquet", contrats(53_000, range(2024, 2029), graine=rang))
    lu = subprocess.run(
        [sys.executable, "-c", _PIC_PAR_DEFAUT, str(tmp_path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(lu.stdout) < 700


_PIC_SANS_LECTURES = _PIC_PAR_DEFAUT.replace("2029)", "2029), lectures=False")


@pytest.mark.long
def test_la_memoire_croit_moins_vite_que_les_gains_differents(tmp_path: Path) -> None:
    """In one part, gains that all differ: three times the rows, less than half as much again."""
    chemin, pics = tmp_path / "contrats.parquet", []
    for fois in (6, 17):
        with ExitStack() as pile:
            ecrivain: Any = None
            for rang in range(fois):
                table = contrats(53_000, range(2024, 2029), graine=rang)
                if ecrivain is None:
                    ecrivain = pile.enter_context(pq.ParquetWriter(chemin, table.schema))
                ecrivain.write_table(table, 10_000)
        lu = subprocess.run(
            [sys.executable, "-c", _PIC_SANS_LECTURES, str(chemin)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        pics.append(int(lu.stdout))
    assert pics[1] < 1.5 * pics[0], pics
    assert pics[1] < 700
