"""A fault for each property, planted in the law that it is about: the property must break.

A fault deforms what a formula gives, without touching the formula; that of the front door replaces
the check of a situation.
"""

import itertools
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy
import pytest
from openfisca_core.reforms import Reform

from openfisca_assistant_medical.droit import Variable
from openfisca_assistant_medical.situations import verifier
from tests.proprietes import calcul

Planter: TypeAlias = Callable[[pytest.MonkeyPatch], None]
Deformer: TypeAlias = Callable[[Any, Any, Any], Any]


def loi_fautive(systeme: Any, variable: str, deformer: Deformer) -> Any:
    """A law where what a formula gives is deformed, from the value, the doctors and the period."""
    regle = systeme.variables[variable]

    def formula(medecins: Any, period: Any) -> Any:
        return deformer(regle.get_formula(period)(medecins, period), medecins, period)

    class faute(Reform):
        name = "Faute"

        def apply(self) -> None:
            self.update_variable(type(variable, (Variable,), {"formula": formula}))

    return faute(systeme)


def faute(variable: str, deformer: Deformer, lois: Iterable[str] = calcul.DEUX_LOIS) -> Planter:
    """Plant that fault in some laws."""

    def planter(patch: pytest.MonkeyPatch) -> None:
        for loi in lois:
            patch.setitem(calcul.LOIS, loi, loi_fautive(calcul.LOIS[loi], variable, deformer))

    return planter


def verification(deformer: Callable[[dict[str, Any]], dict[str, Any]]) -> Planter:
    """Plant a check that deforms the inputs of each doctor."""

    def planter(patch: pytest.MonkeyPatch) -> None:
        from tests.proprietes import test_porte

        def deformee(brut: Any, systeme: Any) -> Any:
            lue = verifier(brut, systeme)
            return lue | {"medecins": {nom: deformer(m) for nom, m in lue["medecins"].items()}}

        patch.setattr(test_porte, "verifier", deformee)

    return planter


def _qui_derive(medecin: dict[str, Any]) -> dict[str, Any]:
    depart = medecin["patientele_mt_initiale"]["ETERNITY"]
    return medecin | {"patientele_mt_initiale": {"ETERNITY": depart + 1}}


def _qui_oublie(medecin: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeurs for nom, valeurs in medecin.items() if None not in valeurs.values()}


def _sur(variable: str, deformer: Callable[[Any, Any], Any]) -> Deformer:
    """A deformation by another variable of the same doctors."""
    return lambda valeur, medecins, period: deformer(valeur, medecins(variable, period))


_TOUR = itertools.count()
ESTIMES, COLLECTIVE = ("objectifs_estimes",), ("aide_collective_2026",)
CONVENTION = ("convention_2024",)


def faux(valeur: Any, _medecins: Any, _period: Any) -> Any:
    """No doctor at all."""
    return valeur & False


def vrai(valeur: Any, _medecins: Any, _period: Any) -> Any:
    """Each doctor."""
    return valeur | True


def un_de_plus(valeur: Any, _medecins: Any, _period: Any) -> Any:
    """A euro too many."""
    return valeur + 1


def a_rebours(valeur: Any, _medecins: Any, _period: Any) -> Any:
    """A part that falls where it should rise."""
    return 1 - valeur


FAUTES: dict[str, Planter] = {
    # What results make of the part paid.
    "un_patient_de_plus_ne_fait_jamais_perdre": faute("part_aide_versee", a_rebours),
    "la_part_est_continue_entre_le_depart_et_95_pour_cent_de_l_objectif": faute(
        "part_standard", lambda v, m, p: numpy.floor(v * 4) / 4
    ),
    "sur_un_seul_compte_la_part_est_le_taux_nul_en_baisse_entier_a_95_pour_cent": faute(
        "objectif_pfa_atteint", _sur("taux_atteinte_pfa", lambda v, taux: taux > 0.94)
    ),
    "un_compte_a_maintenir_ne_fait_sauter_la_part_qu_a_moins_5_pour_cent": faute(
        "part_maintien", lambda v, m, p: numpy.floor(v)
    ),
    "un_senior_garde_tout_jusqu_a_moins_10_pour_cent_exclus": faute("maintien_senior", faux),
    "un_nouvel_installe_ne_perd_tout_que_sous_le_p30_et_atteint_la_mediane_sans_saut": faute(
        "installation_sous_seuil", faux
    ),
    "les_deux_premieres_annees_aucun_resultat_ne_compte": faute("annee_modulee", vrai),
    "un_objectif_plus_haut_ne_paie_jamais_plus": faute("part_aide_versee", a_rebours),
    # What the start, the option, the rank and the day make of the maximum.
    "chaque_montant_reste_dans_ses_bornes": faute("part_aide_versee", un_de_plus),
    "le_maximum_monte_avec_la_patientele_et_ne_saute_qu_aux_percentiles": faute(
        "aide_maximale", _sur("patientele_mt_initiale", lambda v, depart: v + depart)
    ),
    "une_tranche_plus_haute_ne_paie_jamais_moins": faute(
        "aide_maximale", lambda v, m, p: numpy.minimum(v, 60_000 - v)
    ),
    "plus_d_etp_ne_paie_jamais_moins_et_chaque_demi_etp_paie_autant": faute(
        "aide_maximale", lambda v, m, p: v - (v > 20_000)
    ),
    "sous_un_meme_texte_le_maximum_baisse_jusqu_a_la_troisieme_annee_puis_reste": faute(
        "aide_maximale", _sur("rang_annee_contrat", lambda v, rang: v + 5_000 * rang)
    ),
    "la_convention_ne_paie_jamais_moins_que_le_droit_anterieur": faute(
        "aide_maximale", lambda v, m, p: v * 0.9, CONVENTION
    ),
    "un_jour_de_signature_ne_change_le_maximum_qu_a_l_entree_en_vigueur_d_un_texte": faute(
        "aide_maximale",
        _sur("date_signature", lambda v, jour: v * (jour != numpy.datetime64("2025-03-09"))),
    ),
    "plus_d_honoraires_cliniques_n_otent_jamais_le_droit": faute(
        "specialite_eligible", _sur("part_honoraires_cliniques", lambda v, part: part >= 0.8)
    ),
    "la_carence_ferme_deux_ans_puis_rouvre_sous_la_convention_seule": faute("hors_carence", vrai),
    # What is paid.
    "les_versements_d_un_contrat_fini_font_l_aide_due": faute("solde", un_de_plus),
    "les_douze_mois_font_la_depense_de_l_annee": faute("depense_annuelle", un_de_plus),
    "on_ne_recupere_jamais_plus_que_l_acompte": faute("recuperation", un_de_plus),
    "a_aucun_moment_le_medecin_n_a_rendu_plus_qu_il_n_a_recu": faute(
        "solde", lambda v, m, p: v - 50_000
    ),
    "un_jour_de_contrat_de_plus_vaut_au_plus_sa_part_de_l_annee": faute(
        "fraction_annee_couverte", lambda v, m, p: numpy.floor(v)
    ),
    "l_argent_est_un_nombre_entier_de_centimes": faute("aide_due", lambda v, m, p: v / 7),
    # What a law changes.
    "base_et_convention_s_accordent_sur_les_annees_d_avant_la_convention": faute(
        "acompte", un_de_plus, CONVENTION
    ),
    "des_l_anniversaire_du_22_juin_2024_la_convention_paie_ses_montants": faute(
        "aide_maximale", lambda v, m, p: numpy.minimum(v, 20_000), CONVENTION
    ),
    "une_lecture_d_une_borne_ne_change_que_qui_est_sur_la_borne": faute(
        "aide_maximale", un_de_plus, ("p95_inclus", "seuil_p30", "honoraires_cliniques")
    ),
    "l_estimation_ne_change_que_ce_qu_elle_signale": faute("aide_due", un_de_plus, ESTIMES),
    "sans_contrat_collectif_la_reforme_de_2026_ne_change_rien": faute(
        "aide_due", un_de_plus, COLLECTIVE
    ),
    # What the contract of a practice makes of its members.
    "un_patient_de_plus_d_un_membre_vaut_au_plus_sa_part_de_l_objectif_du_groupe": faute(
        "aide_collective_part_versee", lambda v, c, p: numpy.floor(v * 4) / 4, COLLECTIVE
    ),
    "le_maximum_est_proportionnel_aux_etp_jusqu_a_un_par_membre": faute(
        "aide_collective_etp", lambda v, c, p: numpy.ceil(v), COLLECTIVE
    ),
    "l_ordre_des_membres_et_les_autres_cabinets_ne_changent_rien": faute(
        "aide_collective_due", lambda v, c, p: v + len(v), COLLECTIVE
    ),
    "ce_qu_un_groupe_ne_dit_pas_est_favorable_et_signale": faute(
        "aide_collective_part_versee",
        _sur("aide_collective_part_connue", lambda v, connue: v * connue),
        COLLECTIVE,
    ),
    # What changes nothing.
    "l_ordre_des_medecins_ne_change_rien": faute(
        "aide_due", lambda v, m, p: v + numpy.arange(len(v))
    ),
    "d_autres_medecins_ne_changent_rien": faute("aide_due", lambda v, m, p: v + len(v)),
    "la_taille_des_blocs_ne_change_rien": faute("aide_due", lambda v, m, p: v + len(v)),
    "les_noms_ne_changent_rien": faute(
        "aide_due", lambda v, m, p: v + [sum(map(ord, str(nom))) for nom in m.ids]
    ),
    "ce_que_l_aide_ne_lit_pas_ne_la_change_pas": faute(
        "aide_due", _sur("diplome_niveau_4", lambda v, diplome: v + diplome)
    ),
    "ce_qui_est_dit_d_une_autre_annee_ne_change_pas_celle_ci": faute(
        "aide_due", lambda v, m, p: v + m("patientele_mt", p.last_year)
    ),
    "l_ordre_des_calculs_ne_change_rien": faute("aide_due", lambda v, m, p: v + next(_TOUR)),
    # What is not known.
    "ce_qui_n_est_pas_connu_est_favorable": faute(
        "part_aide_versee", _sur("part_aide_connue", lambda v, connue: v * connue)
    ),
    "une_saisie_tue_rend_la_part_entiere_et_le_dit_ou_ne_change_rien": faute(
        "part_aide_versee", _sur("part_aide_connue", lambda v, connue: v * connue)
    ),
    "un_resultat_tu_est_signale_a_qui_s_engage_sur_lui": faute("resultats_connus", vrai),
    "un_depart_tu_n_ote_jamais_l_eligibilite_et_le_dit_ou_ne_change_rien": faute(
        "eligibilite_connue", vrai
    ),
    "un_depart_tu_fait_du_maximum_un_plancher_et_le_dit_ou_ne_change_rien": faute(
        "aide_maximale_plancher", faux
    ),
    # What a result says of itself: a deformed formula cannot be read, and the step says so.
    "l_explication_se_rejoue_depuis_son_seul_json": faute("aide_due", un_de_plus),
    # The front door.
    "une_situation_admise_revient_la_meme_d_un_fichier": verification(_qui_derive),
    "une_saisie_calculee_est_refusee_et_demander_un_resultat_ne_change_rien": verification(
        _qui_oublie
    ),
}
