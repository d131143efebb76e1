"""What is not known is favourable, and said: by the variables of the register of reserves."""

from datetime import date

import pytest
from hypothesis import strategies as st

from openfisca_assistant_medical.textes import reserves
from tests.proprietes.calcul import DEUX_LOIS, Resultats, fautifs, sans
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import (
    COMPTES,
    Medecin,
    annees,
    graines,
    lois,
    lot_au_hasard,
    lots,
)

RESERVES = {reserve.variable: reserve for reserve in reserves()}
# Inputs that stand in place of another one: untold, they leave it, and nothing is missing.
DITES_AUTREMENT = {
    *(f"objectif_{compte}_avenant" for compte in COMPTES),
    *(f"tranche_{compte}_declaree" for compte in COMPTES),
    *(f"tranche_objectif_{compte}_declaree" for compte in COMPTES),
}


def tues(variable: str) -> st.SearchStrategy[str]:
    """One of the inputs that a reserve says a result hangs on, and that nothing replaces."""
    return st.sampled_from([s for s in RESERVES[variable].saisies if s not in DITES_AUTREMENT])


def sans_tranches(lot: list[Medecin], prefixe: str = "tranche_") -> list[Medecin]:
    """The same doctors, of whom the CPAM has told no band."""
    return [{n: v for n, v in m.items() if not n.startswith(prefixe)} for m in lot]


def sans_bareme(lot: list[Medecin]) -> list[Medecin]:
    """The same doctors, whose objective no scale of avenant 7 gives in place of the contract."""
    return sans_tranches(lot, "tranche_objectif_")


@propriete(
    "s003_ii_3_seuil",
    "s003_ill_4_1_courbe_pmt",
    "s003_ill_4_2_courbe_pfa",
    exemples=4,
    loi=lois,
    graine=graines,
    annee=annees,
)
def test_ce_qui_n_est_pas_connu_est_favorable(loi: str, graine: int, annee: int) -> None:
    """Of whoever is said not to be known: the part is whole, and the contract is admitted."""
    lot = lot_au_hasard(graine)
    resultats = Resultats(loi, lot)
    connue, part = (resultats(v, annee) for v in ("part_aide_connue", "part_aide_versee"))
    assert not fautifs(lot, connue | (part == 1))
    assert not fautifs(lot, resultats("eligibilite_connue") | resultats("eligible"))
    assert not connue.all()
    assert not resultats("eligibilite_connue").all()


@propriete(
    "s003_iv_1_troisieme_annee",
    "s003_ill_4_1_courbe_pmt",
    "s003_ill_4_2_courbe_pfa",
    "s001_deux_objectifs",
    exemples=10,
    loi=lois,
    lot=lots().map(sans_bareme),
    annee=annees,
    tu=tues("part_aide_connue"),
)
def test_une_saisie_tue_rend_la_part_entiere_et_le_dit_ou_ne_change_rien(
    loi: str, lot: list[Medecin], annee: int, tu: str
) -> None:
    """The texts give a part to a result and an objective: where one misses, all is paid, flagged.

    And where nothing is flagged, what is not told is not what the amount hangs on.
    """
    resultats = Resultats(loi, lot + [sans(medecin, tu) for medecin in lot])
    part, connue, hypothese, rang = (
        resultats(v, annee).reshape(2, -1)
        for v in (
            "part_aide_versee",
            "part_aide_connue",
            "part_aide_hypothese",
            "rang_annee_contrat",
        )
    )
    favorable = ~connue[1] & (part[1] == 1)
    assert not fautifs(lot, favorable | (connue[1] & (part[1] == part[0])))
    # A flag hangs on what is not known alone: the two first years are paid in full, and sure.
    assert not fautifs(lot, (rang[1] > 2) | connue[1])
    assert not fautifs(lot, hypothese[0] == hypothese[1])


@propriete(
    "s003_iv_1_troisieme_annee",
    exemples=4,
    loi=lois,
    lot=lots(cas=("aucun", "senior", "proroge"), fini=False),
    annee=annees,
    tu=st.sampled_from(("patientele_mt", "file_active")),
)
def test_un_resultat_tu_est_signale_a_qui_s_engage_sur_lui(
    loi: str, lot: list[Medecin], annee: int, tu: str
) -> None:
    """From the third year on, what is not observed is never taken as known."""
    resultats = Resultats(loi, [sans(medecin, tu) for medecin in lot])
    compte = "objectif_sur_pmt" if tu == "patientele_mt" else "objectif_sur_pfa"
    engage = resultats(compte, annee) & (resultats("rang_annee_contrat", annee) >= 3)
    assert not fautifs(lot, ~engage | ~resultats("part_aide_connue", annee))
    assert not fautifs(lot, ~engage | ~resultats("resultats_connus", annee))


@propriete(
    "s003_ii_3_seuil",
    "s003_ill_1_non_communique",
    exemples=10,
    loi=lois,
    lot=lots().map(sans_tranches),
    tu=tues("eligibilite_connue"),
)
def test_un_depart_tu_n_ote_jamais_l_eligibilite_et_le_dit_ou_ne_change_rien(
    loi: str, lot: list[Medecin], tu: str
) -> None:
    """P30 is a condition: not known to be missed, it is taken as reached, and said."""
    resultats = Resultats(loi, lot + [sans(medecin, tu) for medecin in lot])
    eligible, connue, minimale = (
        resultats(v).reshape(2, -1)
        for v in ("eligible", "eligibilite_connue", "activite_minimale_connue")
    )
    assert not fautifs(lot, eligible[1] >= eligible[0])
    dispense = resultats("dispense_activite_minimale").reshape(2, -1)
    assert not fautifs(lot, ~connue[1] | (eligible[1] == eligible[0]))
    assert not fautifs(lot, ~eligible[1] | ~connue[1] | minimale[1] | dispense[1])


@propriete(
    "s003_ill_1_non_communique",
    "s003_ill_2_p90",
    "s003_ill_2_p95",
    exemples=10,
    loi=lois,
    lot=lots(cas=("aucun", "senior", "proroge")).map(sans_tranches),
    annee=annees,
    tu=tues("aide_maximale_plancher"),
)
def test_un_depart_tu_fait_du_maximum_un_plancher_et_le_dit_ou_ne_change_rien(
    loi: str, lot: list[Medecin], annee: int, tu: str
) -> None:
    """The one place where the unknown is not favourable: the base line, flagged as a floor.

    The floor is that of an open right: what opens it is flagged by `eligibilite_connue`.
    """
    resultats = Resultats(loi, lot + [sans(medecin, tu) for medecin in lot])
    maximum, plancher = (
        resultats(v, annee).reshape(2, -1) for v in ("aide_maximale", "aide_maximale_plancher")
    )
    connue = resultats("eligibilite_connue").reshape(2, -1)[1]
    ouvert = maximum[0] > 0
    assert not fautifs(lot, ~ouvert | (maximum[1] <= maximum[0]))
    assert not fautifs(lot, ~ouvert | plancher[1] | (maximum[1] == maximum[0]))
    assert not fautifs(lot, ouvert | (maximum[1] == 0) | ~connue)


# Newly installed when the start is under the median; to keep or to gain when the band is unknown
# and the contract asks for no rise: without a start or an objective, each is only supposed.
SUPPOSES: dict[str, tuple[Medecin, str]] = {
    "nouvel_installe": (
        {
            "date_signature": date(2024, 7, 1),
            "date_installation": date(2024, 1, 1),
            "patientele_mt_initiale": 1100,
            "file_active_initiale": 1000,
            "objectif_pmt_contractuel": 1200,
            "objectif_pfa_contractuel": 1100,
            "patientele_mt": {2026: 1200},
            "file_active": {2026: 1100},
        },
        "patientele_mt_initiale",
    ),
    "maintien_avec_une_cible_d_avenant": (
        {
            "date_signature": date(2024, 7, 1),
            "specialite": "cardiologue",
            "file_active_initiale": 1600,
            "objectif_pfa_contractuel": 1600,
            "objectif_pfa_avenant": {2026: 1600},
            "file_active": {2026: 1560},
        },
        "objectif_pfa_contractuel",
    ),
    "maintien_avec_un_depart_d_avenant": (
        {
            "date_signature": date(2024, 7, 1),
            "specialite": "cardiologue",
            "file_active_initiale": 1600,
            "objectif_pfa_contractuel": 1600,
            "depart_pfa_avenant": {2026: 1600},
            "file_active": {2026: 1560},
        },
        "file_active_initiale",
    ),
}


@pytest.mark.parametrize("loi", DEUX_LOIS)
@pytest.mark.parametrize("cas", SUPPOSES)
def test_une_nature_d_objectif_supposee_est_favorable_et_signalee(cas: str, loi: str) -> None:
    medecin, tu = SUPPOSES[cas]
    resultats = Resultats(loi, [medecin, sans(medecin, tu)])
    complete, tue = resultats("part_aide_versee", 2026)
    assert complete == 1
    assert tue == 1 or not resultats("part_aide_connue", 2026)[1]
