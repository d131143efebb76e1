"""What the part paid makes of the patients gained or lost (S003, part IV)."""

from datetime import date
from typing import Any

import numpy
from hypothesis import strategies as st

from tests.proprietes.calcul import Resultats, avec, balayer, fautifs
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import (
    AVENANT_7,
    COMPTES,
    RANGS,
    Medecin,
    annees,
    lois,
    lots,
    medecins,
    part_entiere,
    signatures,
)

avec_contrat = signatures.filter(lambda jour: jour >= AVENANT_7)

comptes = st.sampled_from(("pfa", "pmt"))
# Under either law, the years of a contract of five years whose results count.
rangs_modules = st.integers(3, 5)
TOUS = numpy.arange(4_000)
A_DEUX_COMPTES = ("generaliste", "pediatre", "mep")
UN_COMPTE = ("cardiologue", "psychiatre", "autre")


def annee_de(medecin: Medecin, rang: int) -> int:
    annee: int = medecin["date_signature"].year + rang - 1
    return annee


def balayer_les_resultats(loi: str, medecin: Medecin, compte: str, annee: int) -> Resultats:
    """The same doctor with each observed count, from 0 up."""
    return balayer(loi, medecin, {(COMPTES[compte][1], annee): TOUS})


def dans_la_tranche(tranche: str, **options: Any) -> st.SearchStrategy[Medecin]:
    """Ordinary doctors in a band, told for both counts: it sets what they commit to."""
    dites = {f"tranche_{compte}_declaree": tranche for compte in COMPTES}
    ordinaires = medecins(dates=avec_contrat, cas=("aucun",), fini=False, **options)
    return ordinaires.map(lambda medecin: medecin | dites)


@propriete(
    "s003_ill_5_1_entiere",
    "s003_ill_5_1_nulle",
    "s003_ill_5_2_entiere",
    "s003_ill_6_1_entiere",
    "s003_ill_6_2_mixte_entiere",
    "s003_ill_7_entiere",
    exemples=15,
    loi=lois,
    medecin=medecins(),
    compte=comptes,
    rang=st.integers(1, RANGS),
)
def test_un_patient_de_plus_ne_fait_jamais_perdre(
    loi: str, medecin: Medecin, compte: str, rang: int
) -> None:
    """Each table goes from nothing, to the prorated part, to the whole, as a count rises.

    Whatever the objective (to gain, to keep, of a newcomer, mixed), the other count being what it
    is: a fall that stops, a rate that grows, a threshold that is reached.
    """
    annee = annee_de(medecin, rang)
    resultats = balayer_les_resultats(loi, medecin, compte, annee)
    for variable in ("part_aide_versee", "aide_due", "taux_atteinte_pmt", "taux_atteinte_pfa"):
        assert (numpy.diff(resultats(variable, annee)) >= 0).all(), variable


@propriete(
    "s003_iv_1_objectif_atteint",
    "s003_iv_1_baisse_ou_non",
    "s003_ill_5_1_prorata",
    "s003_ill_5_2_prorata",
    exemples=15,
    loi=lois,
    medecin=dans_la_tranche("p30_p90"),
    compte=comptes,
    rang=rangs_modules,
)
def test_la_part_est_continue_entre_le_depart_et_95_pour_cent_de_l_objectif(
    loi: str, medecin: Medecin, compte: str, rang: int
) -> None:
    """Prorated on the rate: a patient is worth 1 of those to gain; two thresholds alone jump.

    They are the start, under which there is a fall, and 95 % of what is to be gained, where the
    objective is reached. With another count, the better rate may be the other's: nothing then.
    """
    annee = annee_de(medecin, rang)
    depart = medecin[COMPTES[compte][0]]
    gain = medecin[f"objectif_{compte}_contractuel"] - depart
    resultats = balayer_les_resultats(loi, medecin, compte, annee)
    part, due = resultats("part_aide_versee", annee), resultats("aide_due", annee)
    maximum = resultats("aide_maximale", annee)[0]
    sauts = {depart, depart + part_entiere(95, max(gain, 0))}
    ailleurs = [compte for compte in TOUS[1:] if compte not in sauts]
    pas = 1 / gain if gain > 0 else 0
    assert numpy.diff(part)[numpy.array(ailleurs) - 1].max() <= pas + 1e-12
    # Each of the two amounts is half a cent from the exact one.
    assert numpy.diff(due)[numpy.array(ailleurs) - 1].max() <= maximum * pas + 0.01 + 1e-9


@propriete(
    "s003_ill_5_2_prorata",
    "s003_ill_5_2_entiere",
    "s003_ill_5_2_nulle",
    loi=lois,
    medecin=dans_la_tranche("p30_p90", specialites=UN_COMPTE),
    rang=rangs_modules,
)
def test_sur_un_seul_compte_la_part_est_le_taux_nul_en_baisse_entier_a_95_pour_cent(
    loi: str, medecin: Medecin, rang: int
) -> None:
    """Illustration 5.2 for each observed count, in whole numbers."""
    annee = annee_de(medecin, rang)
    depart, cible = medecin["file_active_initiale"], medecin["objectif_pfa_contractuel"]
    gain = cible - depart
    part = balayer_les_resultats(loi, medecin, "pfa", annee)("part_aide_versee", annee)
    attendue = numpy.where(depart > TOUS, 0.0, 1.0)
    if gain > 0:
        prorata = (depart <= TOUS) & (100 * (TOUS - depart) < 95 * gain)
        attendue[prorata] = (TOUS[prorata] - depart) / gain
    numpy.testing.assert_allclose(part, attendue, atol=1e-12, rtol=0)


@propriete(
    "s003_iv_2_forte_patientele",
    "s003_ill_6_1_entiere",
    "s003_ill_6_1_prorata",
    "s003_ill_6_2_autres_entiere",
    "s003_ill_6_2_autres_prorata",
    loi=lois,
    medecin=dans_la_tranche("p95_et_plus"),
    compte=comptes,
    rang=rangs_modules,
)
def test_un_compte_a_maintenir_ne_fait_sauter_la_part_qu_a_moins_5_pour_cent(
    loi: str, medecin: Medecin, compte: str, rang: int
) -> None:
    """Whole from 95 % of the start, else the better rate: no fall makes the aid nil."""
    annee = annee_de(medecin, rang)
    depart = medecin[COMPTES[compte][0]]
    if compte == "pmt" and medecin["specialite"] not in A_DEUX_COMPTES:
        return
    part = balayer_les_resultats(loi, medecin, compte, annee)("part_aide_versee", annee)
    tenu = 95 * depart <= 100 * TOUS
    if depart:
        assert (part[tenu] == 1).all()
        assert (part >= numpy.minimum(TOUS / depart, 1) - 1e-12).all()
        seuil = part_entiere(95, depart)
        sous = numpy.diff(part[:seuil]) if seuil > 1 else numpy.zeros(1)
        assert sous.max() <= 1 / depart + 1e-12


@propriete(
    "s003_iv_2_senior_tolerance",
    "s003_ill_6_1_tolerances",
    medecin=dans_la_tranche("p95_et_plus", specialites=UN_COMPTE),
    rang=rangs_modules,
)
def test_un_senior_garde_tout_jusqu_a_moins_10_pour_cent_exclus(
    medecin: Medecin, rang: int
) -> None:
    """A fall of less than 10 % is tolerated from the 65th birthday, under the convention alone."""
    signature, annee = medecin["date_signature"], annee_de(medecin, rang)
    senior = avec(
        medecin,
        date_naissance=signature.replace(year=signature.year - 70, day=1),
        avenant_senior={annee: True},
    )
    depart = medecin["file_active_initiale"]
    resultats = balayer_les_resultats("convention_2024", senior, "pfa", annee)
    sous_la_convention = resultats("texte_annee", annee)[0] == "convention_2024"
    tenu = 9 * depart < 10 * TOUS if sous_la_convention else 95 * depart <= 100 * TOUS
    if depart:
        assert ((resultats("part_aide_versee", annee) == 1) == tenu).all()


@propriete(
    "s003_ill_7_entiere",
    "s003_ill_7_prorata",
    "s003_ill_7_sous_p30",
    "s003_iv_2_installe_objectif",
    loi=lois,
    depart=st.integers(0, 774),
    autre=st.sampled_from((1513, 1514, 1219, 1218, 1400)),
)
def test_un_nouvel_installe_ne_perd_tout_que_sous_le_p30_et_atteint_la_mediane_sans_saut(
    loi: str, depart: int, autre: int
) -> None:
    """Illustration 7 in the third year, PMT after PMT: P30 775 and P50 1 045; PFA 1 219, 1 514."""
    medecin = {
        "date_signature": date(2023, 9, 1),
        "date_installation": date(2023, 3, 1),
        "specialite": "generaliste",
        "patientele_mt_initiale": depart,
        "file_active_initiale": 900,
        "file_active": {2025: autre},
    }
    part = balayer_les_resultats(loi, medecin, "pmt", 2025)("part_aide_versee", 2025)
    taux = numpy.minimum(numpy.maximum(TOUS / 1045, autre / 1514), 1)
    attendue = numpy.where((TOUS < 775) | (autre < 1219), 0, taux)
    numpy.testing.assert_allclose(part, attendue, atol=1e-12, rtol=0)


@propriete(
    "s003_iii_2_versement_integral",
    "s000_versement_integral",
    "s003_iv_1_points",
    loi=lois,
    lot=lots(),
    annee=annees,
)
def test_les_deux_premieres_annees_aucun_resultat_ne_compte(
    loi: str, lot: list[Medecin], annee: int
) -> None:
    """Paid in full « quelle que soit l’atteinte des objectifs »."""
    perdus = [avec(m, patientele_mt={annee: 0}, file_active={annee: 0}) for m in lot]
    resultats = Resultats(loi, lot + perdus)
    rang, part, due = (
        resultats(variable, annee).reshape(2, -1)
        for variable in ("rang_annee_contrat", "part_aide_versee", "aide_due")
    )
    entiere = (part[1] == 1) & (due[1] == due[0])
    assert not fautifs(lot, ~numpy.isin(rang[0], (1, 2)) | entiere)


@propriete(
    "s003_iii_4_deux_engagements",
    "s003_iii_4_un_engagement",
    "s003_iii_4_depart",
    loi=lois,
    medecin=dans_la_tranche("p30_p90"),
    compte=comptes,
    rang=rangs_modules,
)
def test_un_objectif_plus_haut_ne_paie_jamais_plus(
    loi: str, medecin: Medecin, compte: str, rang: int
) -> None:
    """The same result is a smaller share of more patients to gain."""
    annee = annee_de(medecin, rang)
    cibles = TOUS[1:]
    resultats = balayer(loi, medecin, {f"objectif_{compte}_contractuel": cibles})
    assert (numpy.diff(resultats("part_aide_versee", annee)) <= 0).all()
