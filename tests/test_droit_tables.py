"""Legal tables read at a vector of days, and the base class of the variables."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy
import pytest
from openfisca_core.errors import SituationParsingError
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import PREMIER_TEXTE, SaisieRefusee, Variable, droit_au
from openfisca_assistant_medical.droit.reforme import ReformeDeclarative
from openfisca_assistant_medical.droit.tables import (
    AxeRefuse,
    FigureAbsente,
    MotInconnu,
    ParametreInconnu,
)
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.nomenclatures import (
    OptionETP,
    Specialite,
    TexteConventionnel,
    TranchePatientele,
    Zone,
)
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)


def loi_aux(systeme: Any, *dates: str) -> Any:
    simulation = SimulationBuilder().build_default_simulation(systeme, len(dates))
    return droit_au(simulation.persons, numpy.array(dates, dtype="datetime64[D]"))


def codes(membre: Any, nombre: int) -> EnumArray:
    return EnumArray(numpy.full(nombre, membre.index, dtype="u1"), type(membre))


def rangs(*valeurs: int) -> numpy.ndarray:
    return numpy.array(valeurs)


def montants(systeme: Any, rang: int, *dates: str) -> list[float]:
    loi, n = loi_aux(systeme, *dates), len(dates)
    option = codes(OptionETP.un_etp, n)
    tranche = codes(TranchePatientele.p30_p90, n)
    return loi.aide.montant[option, tranche, rangs(*[rang] * n)].tolist()


def simuler(systeme: Any, **entrees: Any) -> Any:
    medecin = {nom: v if isinstance(v, dict) else {"ETERNITY": v} for nom, v in entrees.items()}
    return SimulationBuilder().build_from_entities(systeme, {"medecins": {"m": medecin}})


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("systeme", "jour", "texte"),
    [
        (BASE, "2019-08-19", "aucun"),
        (BASE, "2019-08-20", "avenant_7"),
        (BASE, "2023-04-30", "avenant_7"),
        (BASE, "2023-05-01", "reglement_arbitral_2023"),
        (BASE, "2024-06-22", "reglement_arbitral_2023"),
        (BASE, "2500-01-01", "reglement_arbitral_2023"),
        (CONVENTION, "2024-06-21", "reglement_arbitral_2023"),
        (CONVENTION, "2024-06-22", "convention_2024"),
        (CONVENTION, "2024-02-29", "reglement_arbitral_2023"),
        (CONVENTION, "2028-02-29", "convention_2024"),
        (CONVENTION, "1900-01-01", "aucun"),
        (CONVENTION, "9999-12-30", "convention_2024"),
        (CONVENTION, "9999-12-31", "aucun"),
        (CONVENTION, "NaT", "aucun"),
    ],
)
def test_chaque_jour_a_son_texte(systeme: Any, jour: str, texte: str) -> None:
    loi = loi_aux(systeme, jour)
    trouve = loi.contrat.texte_en_vigueur.parmi(TexteConventionnel, TexteConventionnel.aucun)
    assert trouve.decode_to_str().tolist() == [texte]


def test_une_table_se_lit_au_jour_de_chaque_medecin() -> None:
    jours = ("2019-08-19", "2024-06-21", "2024-06-22", "9999-12-31")
    assert montants(BASE, 1, *jours)[1:3] == [36000, 36000]
    lus = montants(CONVENTION, 1, *jours)
    assert lus[1:3] == [36000, 38000]
    assert numpy.isnan(lus[0])
    assert numpy.isnan(lus[3])


# --- axes ---------------------------------------------------------------------------------------


def test_les_rangs_se_lisent_par_leur_nom_et_au_dela() -> None:
    loi = loi_aux(CONVENTION, *["2025-01-01"] * 5)
    lus = loi.aide.montant.lire(
        codes(OptionETP.un_etp, 5),
        codes(TranchePatientele.p30_p90, 5),
        rangs(0, 1, 2, 3, 9),
        sinon=0,
    )
    assert lus.tolist() == [0, 38000, 28000, 22000, 22000]
    assert lus.dtype == numpy.float64


def test_la_ligne_par_defaut_sert_ce_que_la_table_ne_dit_pas() -> None:
    loi = loi_aux(CONVENTION, *["2025-01-01"] * 3)
    option, r = codes(OptionETP.un_etp, 3), rangs(1, 2, 3)
    # P90-P95 is published at rank 3 only; P95 and beyond is one amount for every rank.
    assert loi.aide.montant[option, codes(TranchePatientele.p90_p95, 3), r].tolist() == [
        38000,
        28000,
        26000,
    ]
    assert loi.aide.montant[option, codes(TranchePatientele.p95_et_plus, 3), r].tolist() == [
        38000,
        38000,
        38000,
    ]


def test_aucun_rang_ne_lit_pas_la_ligne_de_tout_rang() -> None:
    loi = loi_aux(CONVENTION, "2025-01-01")
    tranche = codes(TranchePatientele.p95_et_plus, 1)
    assert numpy.isnan(loi.aide.montant[codes(OptionETP.un_etp, 1), tranche, rangs(0)])[0]


def test_une_option_inconnue_du_texte_n_a_pas_de_montant() -> None:
    tranche = codes(TranchePatientele.p30_p90, 1)
    option = codes(OptionETP.deux_etp, 1)
    assert numpy.isnan(loi_aux(BASE, "2025-01-01").aide.montant[option, tranche, rangs(3)])[0]
    loi = loi_aux(CONVENTION, "2025-01-01")
    assert loi.aide.montant[option, tranche, rangs(3)].tolist() == [44000]
    assert loi.aide.montant.lire(option, tranche, rangs(1), sinon=0).tolist() == [0]


def test_un_rang_ouvert_sert_tous_ceux_qui_le_suivent() -> None:
    racine = arbre(
        tous={"rang_1_et_plus": valeur(_2020_01_01=7)},
        tard={"rang_2_et_plus": valeur(_2020_01_01=5), "rang_3": valeur(_2022_01_01=6)},
    )
    loi = loi_de(racine, *["2021-01-01"] * 4)
    assert loi.tous[rangs(1, 2, 3, 9)].tolist() == [7, 7, 7, 7]
    # The third rank has its own figure from 2022 on; it is not that of the fourth.
    assert loi.tard[rangs(2, 3, 4, 9)].tolist() == [5, 5, 5, 5]
    assert loi_de(racine, *["2022-01-01"] * 4).tard[rangs(2, 3, 4, 9)].tolist() == [5, 6, 5, 5]


def test_un_rang_qui_n_est_pas_dit_ne_lit_pas_celui_d_un_autre() -> None:
    racine = arbre(
        deux={
            "rang_1": valeur(_2020_01_01=1, _2021_01_01=3),
            "rang_2": valeur(_2020_01_01=2, _2021_01_01=4),
        },
        ouvert={"rang_1_et_plus": valeur(_2020_01_01=1, _2021_01_01=3)},
    )
    loi = loi_de(racine, *["2022-01-01"] * 6)
    lus = loi.deux.lire(rangs(-1, 0, 1, 2, 3, 9), sinon=0)
    assert lus.tolist() == [0, 0, 3, 4, 0, 0]
    # Nor that of another day: in 2020, what follows the last line is the first one of 2021.
    en_2020 = loi_de(racine, *["2020-06-01"] * 6).deux.lire(rangs(-1, 0, 1, 2, 3, 9), sinon=0)
    assert en_2020.tolist() == [0, 0, 1, 2, 0, 0]
    lus = loi.ouvert.lire(rangs(-1, 0, 1, 2, 3, 9), sinon=0)
    assert lus.tolist() == [0, 0, 3, 3, 3, 3]


def test_un_chiffre_pour_tout_rang_se_lit_par_rang() -> None:
    racine = arbre(
        defaut={"par_defaut": valeur(_2020_01_01=6)},
        zones={"zip": valeur(_2020_01_01=8), "par_defaut": {"rang_1": valeur(_2020_01_01=9)}},
    )
    loi = loi_de(racine, *["2021-01-01"] * 3)
    assert loi.defaut.lire(rangs(0, 1, 4), sinon=0).tolist() == [0, 6, 6]
    # What is laid above an axis serves it whole, but for a rank that is none.
    lus = [loi.zones.lire(codes(zone, 3), rangs(0, 1, 4), sinon=0) for zone in (Zone.zip, Zone.zac)]
    assert [lu.tolist() for lu in lus] == [[0, 8, 8], [0, 9, 0]]


def arbre(**enfants: Any) -> ParameterNode:
    return ParameterNode("", data=enfants)


def valeur(**dates: Any) -> dict[str, Any]:
    return {
        "values": {jour.strip("_").replace("_", "-"): {"value": v} for jour, v in dates.items()}
    }


class _Systeme:
    """What `droit_au` needs of a simulation, around a tree of parameters."""

    def __init__(self, racine: ParameterNode) -> None:
        self.tax_benefit_system = self
        self.parameters = racine
        self.simulation = self
        self.trace = False
        self.tracer = None


def loi_de(racine: ParameterNode, *dates: str) -> Any:
    return droit_au(_Systeme(racine), numpy.array(dates, dtype="datetime64[D]"))


def test_une_ligne_qui_n_est_pas_un_membre_est_refusee() -> None:
    racine = arbre(table={"zip": valeur(_2020_01_01=1), "zipp": valeur(_2020_01_01=2)})
    with pytest.raises(AxeRefuse, match="« zipp » n’est pas une ligne"):
        _ = loi_de(racine, "2021-01-01").table[codes(Zone.zip, 1)]


def test_un_rang_mal_nomme_est_refuse() -> None:
    racine = arbre(table={"rang_1": valeur(_2020_01_01=1), "rang2": valeur(_2020_01_01=2)})
    with pytest.raises(AxeRefuse, match="« rang2 »"):
        _ = loi_de(racine, "2021-01-01").table[rangs(1)]


def test_le_premier_intrus_est_dit_avec_les_lignes_possibles() -> None:
    a, b, c = (valeur(_2020_01_01=1) for _ in range(3))
    loi = loi_de(arbre(table={"zip": a, "zoppp": b, "zopp": c}), "2021-01-01")
    with pytest.raises(AxeRefuse, match=r"« zopp » .*lignes possibles : .*par_defaut, .*zip"):
        _ = loi.table[codes(Zone.zip, 1)]
    loi = loi_de(arbre(table={"rang_1": a, "rang_0_et_plus": b}), "2021-01-01")
    with pytest.raises(
        AxeRefuse, match=r"« rang_0_et_plus » .*: par_defaut, rang_1, rang_1_et_plus"
    ):
        _ = loi.table[rangs(1)]


def test_il_manque_une_cle() -> None:
    with pytest.raises(AxeRefuse, match="il manque une clé"):
        _ = loi_aux(BASE, "2024-01-01").aide.montant[codes(OptionETP.un_etp, 1)]


def test_un_parametre_inconnu_propose_le_plus_proche() -> None:
    with pytest.raises(ParametreInconnu, match=r"aide\.montan » .*« montant »"):
        _ = loi_aux(BASE, "2024-01-01").aide.montan
    deux = arbre(montante=valeur(_2020_01_01=1), montants_=valeur(_2020_01_01=1))
    with pytest.raises(ParametreInconnu, match=r"« montants » .*« montants_ »"):
        _ = loi_de(deux, "2021-01-01").montants
    with pytest.raises(ParametreInconnu, match=r"« xyz » n’existe pas\.$"):
        _ = loi_de(deux, "2021-01-01").xyz


# --- absent figures -----------------------------------------------------------------------------


def test_un_nombre_absent_est_nan_ou_ce_qu_on_dit() -> None:
    loi = loi_aux(BASE, "2024-01-01")
    cardiologue = codes(Specialite.cardiologue, 1)
    assert numpy.isnan(loi.patientele.pmt.p30[cardiologue])[0]
    assert loi.patientele.pmt.p30.lire(cardiologue, sinon=0).tolist() == [0]
    assert loi.patientele.pfa.p30[cardiologue].tolist() == [1457]


def test_un_booleen_absent_se_dit() -> None:
    loi = loi_aux(BASE, "2018-01-01", "2020-01-01")
    with pytest.raises(FigureAbsente, match="dire « sinon »"):
        _ = loi.eligibilite.exercice_regroupe.requis
    assert loi.eligibilite.exercice_regroupe.lire("requis", sinon=False).tolist() == [False, True]


def test_sans_texte_on_peut_lire_le_premier() -> None:
    loi = loi_aux(BASE, "2018-01-01", "9999-12-31", "2020-01-01")
    duree = loi.eligibilite.lire("primo_installation", sinon=PREMIER_TEXTE)
    assert duree.tolist() == [12, 12, 12]


def test_le_premier_texte_se_lit_ligne_par_ligne() -> None:
    racine = arbre(
        a=valeur(_2019_01_01=None, _2020_01_01=12, _2021_01_01=24),
        table={
            "zip": valeur(_2020_01_01=1, _2022_01_01=2),
            "zac": valeur(_2021_01_01=3),
            "hors_zone": valeur(_2019_01_01=4),
        },
    )
    jours = ["2018-06-01", "2019-06-01", "2020-06-01", "2021-06-01", "2022-06-01", "9999-12-31"]
    loi = loi_de(racine, *jours)
    # A null in 2019 is no figure: the first one is that of 2020.
    assert loi.lire("a", sinon=PREMIER_TEXTE).tolist() == [12, 12, 12, 24, 24, 12]
    lus = {
        zone.name: loi.table.lire(codes(zone, 6), sinon=PREMIER_TEXTE).tolist()
        for zone in (Zone.zip, Zone.zac, Zone.hors_zone)
    }
    assert lus == {
        "zip": [1, 1, 1, 1, 2, 1],
        "zac": [3, 3, 3, 3, 3, 3],
        "hors_zone": [4, 4, 4, 4, 4, 4],
    }


def test_une_valeur_nulle_met_fin_a_la_precedente() -> None:
    racine = arbre(a=valeur(_2020_01_01=5, _2022_01_01=None))
    lus = loi_de(racine, "2019-12-31", "2021-12-31", "2022-01-01").a
    assert numpy.isnan(lus[[0, 2]]).all()
    assert lus[1] == 5


def test_un_mot_que_le_parametre_ne_peut_pas_prendre_est_refuse() -> None:
    loi = loi_aux(BASE, "2024-01-01")
    assert loi.lectures.seuil_p30.est("inclus").tolist() == [True]
    assert loi.lectures.seuil_p30.est("exclu").tolist() == [False]
    with pytest.raises(MotInconnu, match=r"seuil_p30 » : « exclus » .*inclus, exclu"):
        loi.lectures.seuil_p30.est("exclus")
    racine = arbre(texte=valeur(_2020_01_01="convention_2030"))
    with pytest.raises(MotInconnu, match="« convention_2030 »"):
        loi_de(racine, "2021-01-01").texte.parmi(TexteConventionnel, TexteConventionnel.aucun)


# --- many doctors -------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 499, 500, 501, 5_000])
def test_beaucoup_de_medecins_lisent_chacun_leur_jour(nombre: int) -> None:
    racine = arbre(
        a=valeur(_2020_01_01=5, _2021_01_01=7, _2022_01_01=5), b=valeur(_2020_01_01=True)
    )
    jours = ["2020-06-01", "2021-06-01", "2022-06-01"]
    for melange in (jours, jours[::-1], jours[1:], jours[::2], jours[:1], jours[1:2], jours[2:]):
        loi = loi_de(racine, *(melange[rang % len(melange)] for rang in range(nombre)))
        chiffres = {jours[0]: 5, jours[1]: 7, jours[2]: 5}
        attendus = [chiffres[melange[rang % len(melange)]] for rang in range(nombre)]
        assert loi.a.tolist() == attendus
        assert loi.b.tolist() == [True] * nombre


def test_un_meme_chiffre_pour_tous_n_est_pas_copie() -> None:
    racine = arbre(a=valeur(_2020_01_01=5, _2021_01_01=7, _2022_01_01=5))
    partage = loi_de(racine, *["2020-06-01", "2022-06-01"] * 300).a
    assert partage.strides == (0,)
    assert not partage.flags.writeable
    assert loi_de(racine, *["2020-06-01", "2021-06-01"] * 300).a.strides == (8,)
    # To look for it costs more than a copy for some hundred doctors.
    assert loi_de(racine, *["2020-06-01"] * 501).a.strides == (0,)
    for peu in (1, 499, 500):
        assert loi_de(racine, *["2020-06-01"] * peu).a.strides == (8,)
    table = loi_de(arbre(t={"zip": valeur(_2020_01_01=5)}), *["2020-06-01"] * 501).t
    assert table[codes(Zone.zip, 501)].strides == (8,)


def test_quatre_colonnes_de_jours_sont_gardees() -> None:
    simulation = SimulationBuilder().build_default_simulation(CONVENTION, 1)
    jours = [numpy.array([f"20{an}-07-01"], dtype="datetime64[D]") for an in range(20, 25)]
    lois = [droit_au(simulation.persons, colonne) for colonne in jours]
    # The fifth took the place of the first.
    assert [droit_au(simulation.persons, colonne) for colonne in jours[1:]] == lois[1:]
    assert droit_au(simulation.persons, jours[0]) is not lois[0]


def test_les_tables_d_une_loi_ne_se_posent_qu_une_fois() -> None:
    jours = numpy.array(["2024-07-01"], dtype="datetime64[D]")
    simulation = SimulationBuilder().build_default_simulation(CONVENTION, 1)
    loi = droit_au(simulation.persons, jours)
    # The same column of days, then another one, then another simulation.
    assert droit_au(simulation.persons, jours) is loi
    assert droit_au(simulation.persons, jours.copy())._lois is loi._lois
    assert loi_aux(CONVENTION, "2024-07-01")._lois is loi._lois
    cles = codes(OptionETP.un_etp, 1), codes(TranchePatientele.p30_p90, 1), rangs(1)
    table = loi._lois.table(loi.aide.montant._noeud, cles, combler=False)
    assert loi._lois.table(loi.aide.montant._noeud, cles, combler=False) is table
    # A trace asked for on the way is followed.
    simulation.trace = True
    assert droit_au(simulation.persons, jours) is not loi


# --- several laws at once -----------------------------------------------------------------------


def test_plusieurs_systemes_vivent_cote_a_cote() -> None:
    class hausse(ReformeDeclarative):
        def apply(self) -> None:
            super().apply()
            self.modify_parameters(self._hausse)

        @staticmethod
        def _hausse(parameters: Any) -> Any:
            parameters.aide.montant.un_etp.par_defaut.rang_1.update(start="2024-01-01", value=1)
            return parameters

    jour = "2024-07-01"
    assert montants(BASE, 1, jour) == [36000]
    reforme = hausse(CONVENTION)
    assert montants(reforme, 1, jour) == [1]
    assert montants(CONVENTION, 1, jour) == [38000]
    assert montants(BASE, 1, jour) == [36000]
    assert montants(hausse(BASE), 1, jour) == [1]


def test_le_clone_d_un_systeme_a_sa_propre_loi() -> None:
    systeme = CountryTaxBenefitSystem()
    copie = systeme.clone()
    copie.parameters.aide.montant.un_etp.par_defaut.rang_1.update(start="2019-08-20", value=7)
    assert montants(copie, 1, "2024-01-01") == [7]
    assert montants(systeme, 1, "2024-01-01") == [36000]


def test_une_mise_a_jour_se_voit_a_la_simulation_suivante() -> None:
    systeme = CountryTaxBenefitSystem()
    assert montants(systeme, 1, "2025-01-01", "2026-01-01") == [36000, 36000]
    systeme.parameters.aide.montant.un_etp.par_defaut.rang_1.update(start="2025-07-01", value=9)
    assert montants(systeme, 1, "2025-01-01", "2026-01-01") == [36000, 9]


def test_le_clone_d_une_simulation_donne_les_memes_valeurs() -> None:
    simulation = simuler(CONVENTION, date_signature="2024-07-01", patientele_mt_initiale=1300)
    assert simulation.clone().calculate("aide_maximale", 2024).tolist() == [38000]
    assert simulation.calculate("aide_maximale", 2024).tolist() == [38000]


def test_les_fils_d_execution_lisent_chacun_leur_loi() -> None:
    systemes = [BASE, CONVENTION] * 8

    def calculer(systeme: Any) -> float:
        simulation = simuler(systeme, date_signature="2024-07-01", patientele_mt_initiale=1300)
        return float(simulation.calculate("aide_maximale", 2024)[0])

    with ThreadPoolExecutor(8) as executeur:
        assert list(executeur.map(calculer, systemes)) == [36000.0, 38000.0] * 8
    neuf = CountryTaxBenefitSystem()  # its tables are built by the threads
    with ThreadPoolExecutor(8) as executeur:
        assert set(executeur.map(calculer, [neuf] * 16)) == {36000.0}


def test_les_tables_ne_retiennent_pas_la_loi_qui_n_est_plus() -> None:
    racine = arbre(a=valeur(_2020_01_01=5))
    temoin = weakref.ref(racine)
    assert loi_de(racine, "2021-01-01").a.tolist() == [5]
    del racine
    gc.collect()
    assert temoin() is None


# --- trace --------------------------------------------------------------------------------------


def test_la_trace_nomme_chaque_parametre_sa_date_et_sa_valeur() -> None:
    simulation = simuler(
        CONVENTION,
        date_signature="2023-09-10",
        patientele_mt_initiale=1300,
        file_active_initiale=1600,
    )
    simulation.trace = True
    simulation.calculate("aide_maximale", 2024)
    trace = simulation.tracer.get_serialized_flat_trace()
    assert trace["aide_maximale<2024>"]["parameters"] == {
        "aide.montant.un_etp.par_defaut.rang_2<2024-06-22>": 28000
    }
    tranche = trace["tranche_pmt<2024>"]["parameters"]
    assert tranche["patientele.pmt.p90.generaliste<2023-05-01>"] == 1858
    assert tranche["lectures.p95_inclus<2019-08-20>"] is True


def test_la_trace_ne_nomme_que_ce_qui_est_lu() -> None:
    jours = {"a": "2023-09-10", "b": "2024-07-01"}
    medecins = {
        nom: {"date_signature": {"ETERNITY": jour}, "patientele_mt_initiale": {"ETERNITY": 1300}}
        for nom, jour in jours.items()
    }
    simulation = SimulationBuilder().build_from_entities(CONVENTION, {"medecins": medecins})
    simulation.trace = True
    simulation.calculate("aide_maximale", 2024)
    trace = simulation.tracer.get_serialized_flat_trace()
    assert trace["aide_maximale<2024>"]["parameters"] == {
        "aide.montant.un_etp.par_defaut.rang_2<2024-06-22>": 28000,
        "aide.montant.un_etp.par_defaut.rang_1<2024-06-22>": 38000,
    }


# --- the base class -----------------------------------------------------------------------------


def test_une_variable_permanente_se_demande_a_toute_periode() -> None:
    for periode in ("ETERNITY", "2024", "2024-03"):
        simulation = simuler(BASE, date_signature="2023-09-10")
        assert simulation.calculate("texte_signature", periode).decode_to_str().tolist() == [
            "reglement_arbitral_2023"
        ]


def test_l_argent_est_en_float64() -> None:
    simulation = simuler(BASE, date_signature="2023-09-10", part_honoraires_cliniques=0.8)
    for variable in ("aide_maximale", "aide_due", "part_aide_versee", "depense_annuelle"):
        assert simulation.calculate(variable, 2024).dtype == numpy.float64
    # In float32, 0.8 given passes "> 0.80".
    assert simulation.calculate("part_honoraires_cliniques", "ETERNITY")[0] == 0.8


def test_une_variable_calculee_ne_se_donne_pas() -> None:
    with pytest.raises(SaisieRefusee, match="« eligible » est calculée"):
        simuler(BASE, eligible=True)
    simulation = simuler(BASE, date_signature="2023-09-10")
    with pytest.raises(SituationParsingError, match="/variable/aide_due"):
        simulation.set_input("aide_due", 2024, [1.0])


def test_une_annee_glissante_est_refusee_a_la_saisie_et_a_la_demande() -> None:
    with pytest.raises(SaisieRefusee, match="ne commence pas le 1er janvier"):
        simuler(BASE, patientele_mt={"year:2024-07": 1200})
    simulation = simuler(BASE, date_signature="2023-09-10")
    for variable in ("aide_due", "patientele_mt"):
        with pytest.raises(SaisieRefusee, match="« 2024 »"):
            simulation.calculate(variable, "year:2024-07")


def test_une_plage_d_annees_se_repartit_medecin_par_medecin() -> None:
    medecins = {
        "a": {"patientele_mt": {"year:2024:3": 1000, "2025": 1100}},
        "b": {"patientele_mt": {"2025": 2000}},
        "c": {"patientele_mt": {"year:2024:3": 3000}},
        "d": {},
    }
    simulation = SimulationBuilder().build_from_entities(BASE, {"medecins": medecins})
    lus = {an: simulation.calculate("patientele_mt", an).tolist() for an in range(2023, 2028)}
    assert lus == {
        2023: [-1, -1, -1, -1],
        2024: [1000, -1, 3000, -1],
        2025: [1100, 2000, 3000, -1],
        2026: [1000, -1, 3000, -1],
        2027: [-1, -1, -1, -1],
    }


def test_une_plage_d_annees_vaut_aussi_pour_un_enum() -> None:
    medecins = {
        "a": {"option_etp_avenant": {"year:2025:2": "deux_etp"}},
        "b": {"option_etp_avenant": {"2026": "demi_etp"}},
    }
    simulation = SimulationBuilder().build_from_entities(BASE, {"medecins": medecins})
    lus = [
        simulation.calculate("option_etp_avenant", an).decode_to_str().tolist()
        for an in (2025, 2026)
    ]
    assert lus == [["deux_etp", "sans_avenant"], ["deux_etp", "demi_etp"]]


def test_redonner_une_annee_remplace_sa_valeur() -> None:
    simulation = simuler(BASE, patientele_mt={"2024": 1000})
    simulation.set_input("patientele_mt", 2024, numpy.array([-1]))
    assert simulation.calculate("patientele_mt", 2024).tolist() == [-1]


def test_la_classe_de_base_sert_une_variable_ajoutee() -> None:
    class double_aide(Variable):
        value_type = float
        entity = Medecin
        definition_period = DateUnit.YEAR
        label = "Deux fois l’aide"

        def formula(medecins, period):
            return medecins("aide_due", period) + medecins("aide_due", period)

    systeme = CountryTaxBenefitSystem()
    systeme.add_variable(double_aide)
    simulation = simuler(systeme, date_signature="2023-09-10", patientele_mt_initiale=1300)
    assert simulation.calculate("double_aide", 2023).tolist() == [72000]
