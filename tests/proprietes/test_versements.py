"""What is paid, and what is taken back, against what is due (S003, parts III and III-2)."""

import numpy

from tests.proprietes.calcul import BASE, Resultats, balayer, fautifs
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import Medecin, annees, annees_de, lois, lots, medecins

ARGENT = sorted(nom for nom, v in BASE.variables.items() if v.formulas and v.unit == "currency")


@propriete(
    "s003_iii_2_acompte",
    "s003_iii_2_solde",
    "s003_iii_3_tiers_etp_acompte",
    "s000_versement_en_une_fois",
    exemples=3,
    loi=lois,
    lot=lots(fini=True),
)
def test_les_versements_d_un_contrat_fini_font_l_aide_due(loi: str, lot: list[Medecin]) -> None:
    """The balance is what is due less the advance: once all is paid, what is due is paid."""
    resultats = Resultats(loi, lot)
    annees_payees = range(annees_de(lot)[0], annees_de(lot)[-1] + 3)
    due = resultats.somme("aide_due", annees_payees)
    paye = resultats.somme("depense_annuelle", annees_payees)
    assert not fautifs(lot, numpy.abs(due - paye) < 1e-6)


@propriete(
    "s003_iii_2_delai",
    "s003_iii_2_solde",
    exemples=4,
    loi=lois,
    lot=lots(),
    annee=annees,
)
def test_les_douze_mois_font_la_depense_de_l_annee(
    loi: str, lot: list[Medecin], annee: int
) -> None:
    """A sum falls in one month, and in one year."""
    resultats = Resultats(loi, lot)
    mois = numpy.sum([resultats("aide_versee", f"{annee}-{m:02}") for m in range(1, 13)], axis=0)
    assert not fautifs(lot, numpy.abs(mois - resultats("depense_annuelle", annee)) < 1e-6)


@propriete(
    "s003_iii_recuperation",
    "s003_iii_2_acompte",
    loi=lois,
    lot=lots(fini=True),
    annee=annees,
)
def test_on_ne_recupere_jamais_plus_que_l_acompte(loi: str, lot: list[Medecin], annee: int) -> None:
    """« Récupération des sommes indûment versées »: what was paid bounds it, and the aid due."""
    resultats = Resultats(loi, lot)
    acompte, recupere, solde, due, maximum = (
        resultats(v, annee)
        for v in ("acompte", "recuperation", "solde", "aide_due", "aide_maximale")
    )
    assert not fautifs(lot, (recupere >= 0) & (recupere <= acompte) & (acompte <= maximum))
    assert not fautifs(lot, (due >= 0) & (due <= maximum))
    assert not fautifs(lot, numpy.abs(acompte + solde - due) < 1e-6)


@propriete("s003_iii_recuperation", "s003_iii_2_delai", exemples=4, loi=lois, lot=lots(fini=True))
def test_a_aucun_moment_le_medecin_n_a_rendu_plus_qu_il_n_a_recu(
    loi: str, lot: list[Medecin]
) -> None:
    """Year after year, all that was paid so far less all that was taken back."""
    resultats = Resultats(loi, lot)
    paye = numpy.array([resultats("depense_annuelle", an) for an in annees_de(lot)])
    assert not fautifs(lot, (numpy.cumsum(paye, axis=0) >= -1e-6).all(axis=0))


@propriete(
    "s003_iii_resiliation",
    "s003_iii_recuperation",
    exemples=5,
    loi=lois,
    medecin=medecins(fini=False),
)
def test_un_jour_de_contrat_de_plus_vaut_au_plus_sa_part_de_l_annee(
    loi: str, medecin: Medecin
) -> None:
    """« Au prorata de la durée restant à courir »: every day of end, over six years.

    What is due for the whole contract is continuous in the day of its end: a day more adds a 365th
    of what the year gives at the most, and takes nothing away.
    """
    debut = numpy.datetime64(medecin["date_signature"])
    fins = debut + numpy.arange(6 * 366)
    resultats = balayer(loi, medecin, {"date_resiliation": fins})
    annees_payees = range(medecin["date_signature"].year, medecin["date_signature"].year + 8)
    due = resultats.somme("aide_due", annees_payees)
    maximum = max(resultats("aide_maximale", annee).max() for annee in annees_payees)
    assert due[0] == 0
    pas = numpy.diff(due)
    assert pas.min() > -1e-6
    assert pas.max() <= maximum / 365 + 0.01 + 1e-6


@propriete(
    "s003_ill_2_base",
    "s003_ill_5_1_prorata",
    "s003_iii_recuperation",
    loi=lois,
    lot=lots(),
    annee=annees,
)
def test_l_argent_est_un_nombre_entier_de_centimes(
    loi: str, lot: list[Medecin], annee: int
) -> None:
    """An amount is paid: whatever is prorated is rounded, once, to the cent."""
    resultats = Resultats(loi, lot)
    for variable in ARGENT:
        periode = f"{annee}-09" if variable == "aide_versee" else annee
        euros = resultats(variable, periode)
        assert not fautifs(lot, euros == numpy.rint(euros * 100) / 100), variable


def test_l_argent_se_compte_en_euros_dans_plusieurs_variables() -> None:
    assert len(ARGENT) > 8
    assert {"aide_due", "acompte", "solde", "recuperation", "aide_versee"} <= set(ARGENT)
