"""What the maximum amount and the eligibility make of the start, the option, the rank, the day."""

from datetime import date, timedelta

import numpy
from hypothesis import strategies as st

from tests.proprietes.calcul import DEUX_LOIS, Resultats, avec, balayer, fautifs
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import (
    AVENANT_7,
    COMPTES,
    CONVENTION_2024,
    RANGS,
    REGLEMENT,
    Medecin,
    annees,
    graines,
    lois,
    lot_au_hasard,
    lots,
    medecins,
    seuils,
)

TOUS = numpy.arange(4_000)
JOURS = numpy.arange("2019-08-01", "2026-12-31", dtype="datetime64[D]")
BANDES = ("moins_de_p30", "p30_p90", "p90_p95", "p95_et_plus")
OPTIONS = ("tiers_etp", "demi_etp", "un_etp", "un_et_demi_etp", "deux_etp")
# Halves of a full time of the options that illustration 2 sets side by side.
DEMIS = {"demi_etp": 1, "un_etp": 2, "un_et_demi_etp": 3, "deux_etp": 4}
ORDINAIRE = {"secteur_conventionnel": "secteur_1", "zone": "zip"}


@propriete(
    "s003_ill_2_base",
    "s003_ill_5_1_prorata",
    "s003_iii_recuperation",
    exemples=4,
    loi=lois,
    graine=graines,
    annee=annees,
)
def test_chaque_montant_reste_dans_ses_bornes(loi: str, graine: int, annee: int) -> None:
    """A part is a share of a maximum, which is nil where no right is open."""
    lot = lot_au_hasard(graine)
    resultats = Resultats(loi, lot)
    for part in ("part_aide_versee", "fraction_annee_couverte"):
        valeurs = resultats(part, annee)
        assert not fautifs(lot, (valeurs >= 0) & (valeurs <= 1)), part
    maximum, due, perdue, recuperee, ouvert = (
        resultats(v, annee)
        for v in ("aide_maximale", "aide_due", "aide_perdue", "recuperation", "droit_ouvert")
    )
    assert not fautifs(lot, (due >= 0) & (due <= maximum) & (perdue >= 0) & (recuperee >= 0))
    assert not fautifs(lot, ouvert | (maximum == 0))


@propriete(
    "s003_ii_3_seuil",
    "s003_ill_2_base",
    "s003_ill_2_p90",
    "s003_ill_2_p95",
    "s003_ill_1_generaliste_pediatre",
    loi=lois,
    medecin=medecins(fini=False),
    compte=st.sampled_from(tuple(COMPTES)),
    rang=st.integers(1, 5),
)
def test_le_maximum_monte_avec_la_patientele_et_ne_saute_qu_aux_percentiles(
    loi: str, medecin: Medecin, compte: str, rang: int
) -> None:
    """The bands are bounded by percentiles, and each pays what the one under pays, or more.

    A count that is not in the published distribution of its speciality changes nothing.
    """
    annee = medecin["date_signature"].year + rang - 1
    resultats = balayer(loi, medecin, {COMPTES[compte][0]: TOUS})
    maximum, eligible = resultats("aide_maximale", annee), resultats("eligible")
    assert (numpy.diff(maximum) >= 0).all()
    assert (numpy.diff(eligible.astype(int)) >= 0).all()
    assert {int(saut) + 1 for saut in numpy.flatnonzero(numpy.diff(maximum))} <= set(
        seuils(medecin["specialite"], compte)
    )


@propriete(
    "s000_montants_de_base",
    "s000_montant_p90_p95",
    "s000_montant_p95",
    "s003_ill_2_p90",
    "s003_ill_2_p95",
    "s003_ill_3_fortes_patienteles",
    loi=lois,
    lot=lots(cas=("aucun", "superieure", "proroge")),
    annee=annees,
)
def test_une_tranche_plus_haute_ne_paie_jamais_moins(
    loi: str, lot: list[Medecin], annee: int
) -> None:
    """Line under line, the tables rise with the patientèle, for each option and year."""
    dits = [
        avec(m, tranche_pmt_declaree=bande, tranche_pfa_declaree=bande)
        for bande in BANDES
        for m in lot
    ]
    for medecin in dits:
        for compte in COMPTES:
            medecin.pop(f"tranche_objectif_{compte}_declaree", None)
    maximum = Resultats(loi, dits)("aide_maximale", annee).reshape(len(BANDES), -1)
    assert not fautifs(lot, (numpy.diff(maximum, axis=0) >= 0).all(axis=0))


@propriete(
    "s000_montants_de_base",
    "s003_ill_2_base",
    "s003_ill_2_conditions",
    "s003_ill_3_tiers_etp",
    loi=lois,
    lot=lots(cas=("aucun",)),
    annee=annees,
)
def test_plus_d_etp_ne_paie_jamais_moins_et_chaque_demi_etp_paie_autant(
    loi: str, lot: list[Medecin], annee: int
) -> None:
    """Illustration 2, column after column: the half-time amount, twice, three, four times."""
    conditions = {"contrat_un_etp_anterieur": {annee: True}}
    conditions["objectifs_integralement_atteints"] = {annee: True}
    # An option that the signature does not open is had by amendment, save a third.
    initiales = ["tiers_etp", *["demi_etp"] * 4]
    candidats = [
        avec(
            m,
            **ORDINAIRE,
            **conditions,
            option_etp_initiale=initiale,
            option_etp_avenant={annee: option},
        )
        for option, initiale in zip(OPTIONS, initiales, strict=True)
        for m in lot
    ]
    resultats = Resultats(loi, candidats)
    maximum = resultats("aide_maximale", annee).reshape(len(OPTIONS), -1)
    rang = resultats("rang_annee_contrat", annee)[: len(lot)]
    par_demi = [maximum[OPTIONS.index(option)] / DEMIS[option] for option in DEMIS]
    ouverts = [maximum[OPTIONS.index(option)] > 0 for option in DEMIS]
    proportionnels = numpy.all(
        [~o | (p == par_demi[0]) for o, p in zip(ouverts, par_demi, strict=True)], axis=0
    )
    # The first year is that of the signature, whatever an amendment says.
    assert not fautifs(lot, (rang <= 1) | proportionnels)
    assert not fautifs(lot, (rang <= 1) | (maximum[0] <= maximum[1]))


@propriete(
    "s003_iii_financement",
    "s002_aide_degressive",
    "s001_aide_perenne",
    loi=lois,
    lot=lots(cas=("aucun", "installe", "senior", "rqth", "proroge"), fini=False),
)
def test_sous_un_meme_texte_le_maximum_baisse_jusqu_a_la_troisieme_annee_puis_reste(
    loi: str, lot: list[Medecin]
) -> None:
    """« Dégressif en 2ème année, puis pérenne au-delà »; a newer text alone changes that."""
    resultats = Resultats(loi, lot)
    debut, fin = min(m["date_signature"].year for m in lot), 2031
    for annee in range(debut, fin):
        rang = resultats("rang_annee_contrat", annee)
        suit = resultats("rang_annee_contrat", annee + 1) == rang + 1
        texte = resultats("texte_annee", annee) == resultats("texte_annee", annee + 1)
        ici, apres = resultats("aide_maximale", annee), resultats("aide_maximale", annee + 1)
        assert not fautifs(lot, ~(suit & texte & (rang > 0)) | (apres <= ici))
        assert not fautifs(lot, ~(suit & texte & (rang >= 3)) | (apres == ici))


@propriete(
    "s003_iii_3_anciens_contrats",
    "s003_iii_3_revalorisation",
    "s003_ill_3_tiers_etp",
    lot=lots(fini=False),
    annee=annees,
)
def test_la_convention_ne_paie_jamais_moins_que_le_droit_anterieur(
    lot: list[Medecin], annee: int
) -> None:
    """Each amount of 2024 is above that of 2019: contracts are « revalorisés »."""
    nouveau, ancien = (Resultats(loi, lot)("aide_maximale", annee) for loi in DEUX_LOIS)
    assert not fautifs(lot, nouveau >= ancien)


@propriete(
    "s002_avenant_7",
    "s003_intro_publication",
    "s003_iii_3_anciens_contrats",
    "s003_iii_3_revalorisation",
    loi=lois,
    medecin=medecins(cas=("aucun", "senior", "rqth", "proroge"), fini=False),
    rang=st.integers(1, RANGS),
)
def test_un_jour_de_signature_ne_change_le_maximum_qu_a_l_entree_en_vigueur_d_un_texte(
    loi: str, medecin: Medecin, rang: int
) -> None:
    """Every day of signature: the law is read at it, and at the anniversary, and nowhere else.

    So the maximum of a rank jumps on the days of the three texts, and where the anniversary of
    that rank meets the convention, whose amounts come « à la date d’anniversaire ».
    """
    maximum = numpy.zeros(len(JOURS))
    resultats = balayer(loi, medecin, {"date_signature": JOURS})
    for annee in range(2019 + rang - 1, 2026 + rang):
        au_rang = resultats("rang_annee_contrat", annee) == rang
        maximum += resultats("aide_maximale", annee) * au_rang
    textes = {AVENANT_7, REGLEMENT, CONVENTION_2024}
    textes.add(CONVENTION_2024.replace(year=CONVENTION_2024.year - rang + 1))
    sauts = {JOURS[saut + 1].astype(date) for saut in numpy.flatnonzero(numpy.diff(maximum))}
    assert sauts <= (textes if loi != "base" else {AVENANT_7, REGLEMENT})


@propriete(
    "s003_ii_1_chirurgiens",
    "s000_chirurgiens",
    loi=lois,
    lot=lots(specialites=("chirurgien", "orl_chirurgical", "gynecologue_obstetricien")),
)
def test_plus_d_honoraires_cliniques_n_otent_jamais_le_droit(loi: str, lot: list[Medecin]) -> None:
    """« Plus de 80 % »: refused up to it, admitted from there on."""
    parts = (0.0, 0.79, 0.8, 0.800001, 0.81, 1.0)
    dits = [avec(medecin, part_honoraires_cliniques=part) for part in parts for medecin in lot]
    admis = Resultats(loi, dits)("specialite_eligible").reshape(len(parts), -1)
    assert (admis == (numpy.array(parts) > 0.8)[:, None]).all()


@propriete(
    "s003_iii_carence",
    jours=st.integers(0, 60),
    signature=st.sampled_from((date(2024, 6, 22), date(2024, 6, 21), date(2025, 3, 10))),
)
def test_la_carence_ferme_deux_ans_puis_rouvre_sous_la_convention_seule(
    jours: int, signature: date
) -> None:
    """Two years from the end of the earlier contract, whoever signs; no such time before 2024."""
    medecin = {"date_signature": signature, "patientele_mt_initiale": 1000}
    medecin |= {"carence_applicable": True}
    terme = signature.replace(year=signature.year - 2)
    fins = [terme + timedelta(days=ecart) for ecart in (-jours, 0, 1, jours + 1)]
    lot = [avec(medecin, date_resiliation_contrat_precedent=fin) for fin in fins]
    assert Resultats("base", lot)("eligible").all()
    sous_la_convention = signature >= CONVENTION_2024
    assert Resultats("convention_2024", lot)("eligible").tolist() == [
        True,
        True,
        not sous_la_convention,
        not sous_la_convention,
    ]
