"""What `python -m mutation` changes, puts back, and takes for the same."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from openfisca_core.simulations import SimulationBuilder

from mutation import atelier, chiffres, formules
from mutation.bilan import MINIMUM_DES_FORMULES, SCORE, Bilan, tableau
from mutation.cas import PAQUET, cle_de
from mutation.greffe import Greffe, ecart
from mutation.reprise import Reprise, empreintes
from mutation.survivants import preuves, preuves_des_formules
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.variables.montant.aide_maximale import aide_maximale

RACINE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def loi() -> aide_collective_2026:
    return aide_collective_2026(convention_2024(CountryTaxBenefitSystem()))


@pytest.fixture(scope="module")
def mutants(loi: aide_collective_2026) -> list[chiffres.Mutant]:
    return chiffres.de_la_loi([loi])


def du_chiffre(
    mutants: list[chiffres.Mutant], parametre: str, depuis: str
) -> list[tuple[str, object]]:
    return [
        (m.autre_depuis, m.autre_valeur)
        for m in mutants
        if (m.parametre, m.depuis) == (parametre, depuis)
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("parametre", "depuis", "attendus"),
    [
        ("aide.montant.un_etp.par_defaut.rang_1", "2024-06-22", [37_999, 38_001, 38_000, 38_000]),
        ("versement.part_acompte.tiers_etp", "2019-08-20", [0.69, 0.71, 0.7, 0.7]),
        ("contrat.reconduction_tacite", "2024-06-22", [False, True, True]),
        ("contrat.carence.duree", "2024-06-22", [23, 25, 24, 24]),
        # No figure: its date alone may be moved.
        ("aide.montant.tiers_etp.par_defaut.rang_1", "2024-06-22", [None, None]),
    ],
)
def test_un_chiffre_change_d_un_pas_et_sa_date_d_un_jour(
    mutants: list[chiffres.Mutant], parametre: str, depuis: str, attendus: list[object]
) -> None:
    trouves = du_chiffre(mutants, parametre, depuis)
    assert [valeur for _, valeur in trouves] == attendus
    (veille, _), (lendemain, _) = trouves[-2:]
    assert veille < depuis < lendemain
    assert all(jour == depuis for jour, _ in trouves[:-2])


def test_un_mot_devient_chacun_des_autres(mutants: list[chiffres.Mutant]) -> None:
    trouves = du_chiffre(mutants, "contrat.texte_en_vigueur", "2023-05-01")
    assert [v for j, v in trouves if j == "2023-05-01"] == ["avenant_7", "convention_2024"]


def montant(loi: aide_collective_2026) -> float:
    situation = {
        "medecins": {
            "a": {
                "date_signature": {"ETERNITY": "2024-07-01"},
                "patientele_mt_initiale": {"ETERNITY": 1300},
                "file_active_initiale": {"ETERNITY": 1600},
            }
        }
    }
    simulation = SimulationBuilder().build_from_entities(loi, situation)
    return float(simulation.calculate("aide_maximale", "2024")[0])


def test_la_loi_change_puis_redevient_elle_meme(
    loi: aide_collective_2026, mutants: list[chiffres.Mutant]
) -> None:
    lois = chiffres.Loi([loi])
    un_de_plus = next(
        m
        for m in mutants
        if m.parametre == "aide.montant.un_etp.par_defaut.rang_1" and m.autre_valeur == 38_001
    )
    assert montant(loi) == 38_000
    with lois.sous(un_de_plus) as trouvees:
        assert trouvees == 1
        assert montant(loi) == 38_001
    assert montant(loi) == 38_000


def test_une_date_ou_rien_ne_change_n_est_pas_un_mutant(
    loi: aide_collective_2026, mutants: list[chiffres.Mutant]
) -> None:
    lois = chiffres.Loi([loi])
    sans_effet = {(m.parametre, m.depuis) for m in mutants if lois.sans_effet(m)}
    assert ("contrat.duree", "2023-05-01") in sans_effet  # five years, before and after
    assert ("contrat.duree", "2019-08-20") not in sans_effet
    assert ("patientele.pmt.p30.generaliste", "2023-05-01") not in sans_effet  # 640, then 775


@pytest.mark.parametrize("operateur", sorted(formules.MEMES_SUR_DES_BOOLEENS))
def test_sur_des_booleens_ces_operateurs_font_la_meme_chose(operateur: str) -> None:
    faire: dict[str, Callable[..., object]] = {
        "BitAnd": numpy.bitwise_and,
        "BitOr": numpy.bitwise_or,
        "Mul": numpy.multiply,
        "FloorDiv": numpy.floor_divide,
        "Add": numpy.add,
    }
    *_, de, vers = operateur.split("_")
    un = numpy.array([False, False, True, True])
    autre = numpy.array([False, True, False, True])
    with numpy.errstate(divide="ignore"):
        assert numpy.array_equal(
            numpy.asarray(faire[de](un, autre), bool), numpy.asarray(faire[vers](un, autre), bool)
        )


def test_ce_que_python_ne_lit_pas_n_est_pas_un_mutant() -> None:
    def compiler(annotation: str, valeur: str = "1") -> object:
        source = f"def f(x):\n    x.a: {annotation} = {valeur}\n    return x.a + 1\n"
        return formules._compile(source, PAQUET / "essai.py")

    # No function reads the annotation of an attribute; the columns of what follows move with it.
    assert compiler("int | None") == compiler("int // None") == compiler("int")
    assert compiler("int", "1") != compiler("int", "2")
    assert compiler("int", "1") != compiler("int", "1.0")


def mutants_du_fichier(nom: str) -> list[formules.Mutant]:
    places = formules.places([PAQUET / nom])
    return [m for place in places if (m := formules.mutant(*place)) is not None]


@pytest.mark.long
def test_un_mutant_d_une_formule_dit_ce_qu_il_change() -> None:
    mutants = mutants_du_fichier("variables/montant/aide_due.py")
    (le_sien,) = [
        m for m in mutants if "cout - medecins" in m.avant and "cout + medecins" in m.apres
    ]
    change = ecart(le_sien)
    assert change.variables == {"reste_a_charge"}
    assert not change.classes
    assert len({(m.avant, m.apres) for m in mutants}) == len(mutants)


def test_un_mutant_prend_la_place_de_la_regle_meme_si_le_ramasse_miettes_est_fige(
    loi: aide_collective_2026,
) -> None:
    (le_sien,) = [
        m
        for m in mutants_du_fichier("variables/montant/aide_maximale.py")
        if "droit_ouvert" in m.avant and m.operateur == "core/ReplaceBinaryOperator_Mul_Add"
    ]
    change = ecart(le_sien)
    assert montant(loi) == 38_000

    def essai(mutant: formules.Mutant, _: Callable[[], None]) -> str | None:
        gc.freeze()  # as the settings of the suite do
        Greffe(set(), change.fonctions).poser(mutant, change, [])
        return str(montant(loi))

    assert dict(atelier.essayer([le_sien], essai, processus=1)) == {le_sien: "38001.0"}
    assert montant(loi) == 38_000


def test_une_fonction_qui_n_est_pas_trouvee_fait_echouer(monkeypatch: pytest.MonkeyPatch) -> None:
    connue = cle_de(aide_maximale.formula.__code__)
    Greffe(set(), {connue})
    with pytest.raises(RuntimeError, match="sans_nom"):
        Greffe(set(), {connue, (connue[0], "sans_nom", 1)})
    monkeypatch.setattr(gc, "unfreeze", lambda: None)
    gc.freeze()
    with pytest.raises(RuntimeError, match=connue[1]):
        Greffe(set(), {connue})


def test_un_mutant_du_corps_d_une_classe_n_est_pas_celui_d_une_fonction() -> None:
    mutants = mutants_du_fichier("variables/versement/dates_versement.py")
    changes = [ecart(m) for m in mutants if m.avant.startswith("default_value")]
    assert {nom for change in changes for nom in change.classes} == {
        "date_versement_acompte",
        "date_versement_solde",
    }
    assert not any(change.fonctions for change in changes)


@pytest.mark.long
def test_un_mutant_tue_survivant_qui_s_effondre_ou_qui_ne_finit_pas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(atelier, "_SANS_NOUVELLE", 0)

    def essai(mutant: str, signe: Callable[[], None]) -> str | None:
        signe()
        while mutant == "boucle":
            pass
        if mutant == "attend":
            time.sleep(60)
        if mutant == "s’effondre":
            sys.exit(1)
        return "un cas" if mutant == "tué" else None

    noms = ["tué", "survit", "boucle", "s’effondre"]
    obtenus = dict(atelier.essayer(noms, essai, processus=2))
    assert obtenus.keys() == set(noms)
    assert (obtenus["tué"], obtenus["survit"]) == ("un cas", None)
    assert obtenus["boucle"] == atelier.SANS_FIN
    assert obtenus["s’effondre"] not in (None, atelier.SANS_FIN)
    monkeypatch.setattr(atelier, "_IMMOBILE", 1.0)
    assert dict(atelier.essayer(["attend"], essai, processus=1)) == {"attend": atelier.SANS_FIN}


def test_un_essai_qui_echoue_de_lui_meme_n_est_pas_un_mutant_tue() -> None:
    def essai(mutant: str, _: Callable[[], None]) -> str | None:
        raise RuntimeError(mutant)

    with pytest.raises(RuntimeError, match="un mutant"):
        list(atelier.essayer(["un mutant"], essai, processus=1))


def test_une_preuve_dementie_par_un_test_fait_echouer() -> None:
    class Preuve:
        def couvre(self, mutant: str) -> bool:
            return mutant == "a"

        def __str__(self) -> str:
            return "preuve de a"

    juste = Bilan.de({"a": None, "b": "un cas"}, [Preuve()], entier=True)
    assert (juste.prouves, juste.inattendus, juste.reussi) == (1, (), True)
    dementie = Bilan.de({"a": "un cas", "b": None}, [Preuve()], entier=False)
    assert (dementie.sans_objet, dementie.inattendus) == (("preuve de a",), ("b",))
    assert not dementie.reussi


def test_une_reprise_ne_sait_tue_que_ce_que_son_rapport_dit_tue(tmp_path: Path) -> None:
    fichier = PAQUET / "variables/montant/aide_due.py"
    mutants = [m for place in formules.places([fichier]) if (m := formules.mutant(*place))]
    survit, tue = mutants[0], mutants[-1]
    dit = {"fichiers": empreintes([fichier]), "survivants": [str(survit)]}
    rapport = tmp_path / "rapport.json"
    rapport.write_text(json.dumps({"formules": dit}), "utf-8")
    reprise = Reprise.lire(rapport)
    assert (reprise.sait_tue(tue), reprise.sait_tue(survit)) == (True, False)
    # A file that has changed since is tried whole, and so is one that the report does not name.
    dit["fichiers"][tue.fichier] = "0" * 64
    rapport.write_text(json.dumps({"formules": dit}), "utf-8")
    assert not Reprise.lire(rapport).sait_tue(tue)
    rapport.write_text(json.dumps({"formules": {"fichiers": {}, "survivants": []}}), "utf-8")
    assert not Reprise.lire(rapport).sait_tue(tue)


@pytest.mark.parametrize(
    "contenu", ["", "[]", '{"chiffres": {}}', '{"formules": {"fichiers": {}}}']
)
def test_ce_qui_n_est_pas_un_rapport_ne_se_reprend_pas(tmp_path: Path, contenu: str) -> None:
    (tmp_path / "rapport.json").write_text(contenu, "utf-8")
    with pytest.raises(ValueError, match="no report of the formulas"):
        Reprise.lire(tmp_path / "rapport.json")


def test_chaque_preuve_porte_sur_des_mutants_qui_existent(
    loi: aide_collective_2026, mutants: list[chiffres.Mutant]
) -> None:
    lois = chiffres.Loi([loi])
    restants = [m for m in mutants if not lois.sans_effet(m)]
    assert not [str(p) for p in preuves() if not any(map(p.couvre, restants))]


def test_chaque_equivalence_porte_sur_une_ligne_qui_existe() -> None:
    for equivalence in preuves_des_formules():
        for fichier in equivalence.fichiers:
            source = " ".join((PAQUET / fichier).read_text("utf-8").split())
            assert equivalence.avant in source, (fichier, str(equivalence))


def test_le_score_du_readme_est_celui_de_la_commande() -> None:
    score = json.loads(SCORE.read_text("utf-8"))
    readme = (RACINE / "README.md").read_text("utf-8")
    assert tableau(score) in readme
    for nom, lot in score.items():
        assert lot["inattendus"] == 0, nom
        assert nom == "chiffres" or lot["part_tuee"] >= MINIMUM_DES_FORMULES, nom


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["chiffres", "--sous", "contrat.duree", "--cas", "contrat/premier_jour"], 0),
        (["chiffres", "--sous", "contrat.duree", "--cas", "patientele/premier_jour"], 1),
        (["chiffres", "--part", "0"], 2),
        (["formules", "--reprise", "pas_un_rapport.json"], 2),
    ],
)
def test_la_commande_dit_si_un_mutant_survit(options: list[str], code: int) -> None:
    commande = [sys.executable, "-m", "mutation", *options]
    assert subprocess.run(commande, cwd=RACINE, capture_output=True).returncode == code
