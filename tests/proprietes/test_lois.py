"""What a law changes, and since when; what a reform leaves as it was."""

from datetime import date

import numpy
from hypothesis import strategies as st

from openfisca_assistant_medical.reforms import lectures
from tests.proprietes.calcul import BASE, CONVENTION, DEUX_LOIS, LOIS, Resultats, fautifs, sans
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import CONVENTION_2024, Medecin, annees, lots, signatures

ANNUELLES = sorted(
    nom
    for nom, variable in BASE.variables.items()
    if variable.formulas and variable.definition_period == "year" and nom != "depense_annuelle"
)
PERMANENTES = sorted(
    nom
    for nom, variable in BASE.variables.items()
    if variable.formulas
    and variable.definition_period == "eternity"
    # A termination follows the law of its own time, and not that of the signature.
    and nom != "date_fin_carence_eventuelle"
)
AVANT = signatures.filter(lambda jour: jour < CONVENTION_2024)
# A reading, the input that it reads, and the values of which alone it speaks.
POINTS: dict[str, tuple[str, set[float]]] = {
    "p95_inclus": ("patientele_mt_initiale", {2187, 1721}),
    "seuil_p30": ("patientele_mt_initiale", {775, 640}),
    "honoraires_cliniques": ("part_honoraires_cliniques", {0.8}),
}
LOIS.update({lecture: getattr(lectures, lecture)(CONVENTION) for lecture in POINTS})


@propriete(
    "s003_iii_3_revalorisation",
    "s003_iii_3_anciens_contrats",
    "s003_intro_publication",
    exemples=4,
    lot=lots(dates=AVANT),
    annee=annees,
)
def test_base_et_convention_s_accordent_sur_les_annees_d_avant_la_convention(
    lot: list[Medecin], annee: int
) -> None:
    """« Sans effet rétroactif »: every result of a year that starts before 22 June 2024."""
    nouvelle, ancienne = (Resultats(loi, lot) for loi in DEUX_LOIS)
    avant = ancienne("date_anniversaire", annee) < numpy.datetime64(CONVENTION_2024)
    for variable in ANNUELLES:
        egales = nouvelle(variable, annee) == ancienne(variable, annee)
        assert not fautifs(lot, ~avant | egales), variable
    for variable in PERMANENTES:
        assert not fautifs(lot, nouvelle(variable) == ancienne(variable)), variable


@propriete(
    "s003_iii_3_revalorisation",
    "s003_iii_2_delai",
    lot=lots(cas=("aucun", "rqth"), options=("un_etp", "demi_etp"), fini=False),
    annee=annees,
)
def test_des_l_anniversaire_du_22_juin_2024_la_convention_paie_ses_montants(
    lot: list[Medecin], annee: int
) -> None:
    """The other side: from that day on, each open year gets more, and is said to be under it."""
    nouvelle, ancienne = (Resultats(loi, lot) for loi in DEUX_LOIS)
    debut = nouvelle("date_anniversaire", annee)
    depuis = (debut >= numpy.datetime64(CONVENTION_2024)) & (
        debut < numpy.datetime64(date(9999, 12, 31))
    )
    assert not fautifs(lot, (nouvelle("texte_annee", annee) == "convention_2024") == depuis)
    paye = depuis & (ancienne("aide_maximale", annee) > 0)
    plus = nouvelle("aide_maximale", annee) > ancienne("aide_maximale", annee)
    assert not fautifs(lot, ~paye | plus)


@propriete(
    "s003_ill_2_p95",
    "s003_ii_3_seuil",
    "s003_ill_2_borne_p30",
    "s003_ii_1_chirurgiens",
    lot=lots(specialites=("generaliste", "chirurgien"), cas=("aucun", "rqth")),
    lecture=st.sampled_from(tuple(POINTS)),
    annee=annees,
)
def test_une_lecture_d_une_borne_ne_change_que_qui_est_sur_la_borne(
    lot: list[Medecin], lecture: str, annee: int
) -> None:
    """Is P95 itself in the band? P30 itself enough? 80 % itself? One more, one less: no matter."""
    saisie, bornes = POINTS[lecture]
    autres = {"p95_inclus": {3207}, "seuil_p30": {1219}}.get(lecture, set())
    ici, la = Resultats("convention_2024", lot), Resultats(lecture, lot)
    egal = ici("aide_maximale", annee) == la("aide_maximale", annee)
    a_la_borne = [m.get(saisie) in bornes or m.get("file_active_initiale") in autres for m in lot]
    assert not fautifs(lot, egal | numpy.array(a_la_borne))


@propriete("s003_ill_4_1_courbe_pmt", exemples=4, lot=lots(), annee=annees, tu=st.booleans())
def test_l_estimation_ne_change_que_ce_qu_elle_signale(
    lot: list[Medecin], annee: int, tu: bool
) -> None:
    """Where no objective is estimated, the reform `objectifs_estimes` is the convention."""
    dits = [sans(m, "objectif_pmt_contractuel") for m in lot] if tu else lot
    estimee, droit = (Resultats(loi, dits) for loi in ("objectifs_estimes", "convention_2024"))
    estime = estimee("objectif_pmt_estime", annee)
    for variable in ("objectif_pmt", "part_aide_versee", "part_aide_connue", "aide_due"):
        assert not fautifs(dits, estime | (estimee(variable, annee) == droit(variable, annee)))
    assert not fautifs(dits, estimee("part_aide_estimee", annee) <= estime)


@propriete("mesdocs_sans_cumul", "mesdocs_versement", exemples=4, lot=lots(), annee=annees)
def test_sans_contrat_collectif_la_reforme_de_2026_ne_change_rien(
    lot: list[Medecin], annee: int
) -> None:
    """What is paid to the company of a practice is no part of the doctors' own contracts."""
    collectif, droit = (Resultats(loi, lot) for loi in ("aide_collective_2026", "convention_2024"))
    for variable in ("aide_maximale", "part_aide_versee", "aide_due", "solde", "depense_annuelle"):
        assert not fautifs(lot, collectif(variable, annee) == droit(variable, annee)), variable
