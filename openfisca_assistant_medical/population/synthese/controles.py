"""Figures that are published and not forced, and whether the contracts could be signed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import OptionETP
from openfisca_assistant_medical.population.calcul import calculer
from openfisca_assistant_medical.population.synthese.latente import GENERALISTE, NIVEAUX
from openfisca_assistant_medical.population.synthese.mesures import Ligne, Mesure, origine
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem

_ETP = {"tiers_etp": 1 / 3, "demi_etp": 0.5, "un_etp": 1.0}
_POINTS = 100_000  # doctors over whom a mean is worked out
_DE_L_ELIGIBILITE = (
    *("date_signature", "specialite", "option_etp_initiale", "secteur_conventionnel", "zone"),
    *("exercice_regroupe_declare", "date_installation"),
    *("patientele_mt_initiale", "file_active_initiale"),
)


def eligibles(mesure: Mesure) -> Ligne:
    """Share of the contracts that the model says could be signed."""
    systeme = convention_2024(CountryTaxBenefitSystem())
    colonnes: dict[str | tuple[str, int], Any] = {
        nom: mesure.colonne(nom) for nom in _DE_L_ELIGIBILITE
    }
    eligible = calculer(systeme, colonnes, ["eligible"], [])["eligible", None]
    return {
        "cible": "Éligibles à la signature, selon le modèle",
        "unite": "part",
        "date": None,
        "source": None,
        "pourquoi": "Ces contrats ont été signés : le médecin y avait droit.",
        "publie": 1.0,
        "atteint": float(eligible.mean()),
        "tolerance": 0.0,
    }


def controles(mesure: Mesure) -> Iterator[Ligne]:
    """What is published and not forced, as the population has it."""
    for cle, (titre, unite, atteint) in {
        **_des_contrats(mesure),
        **_des_medecins(mesure),
        **_des_etudes(mesure),
    }.items():
        publie = mesure.hypotheses["controles"][cle]
        yield {
            "cible": titre,
            "nature": "controle",
            "unite": unite,
            **origine(publie),
            "publie": publie["valeur"],
            "atteint": atteint,
        }


def _des_contrats(mesure: Mesure) -> dict[str, tuple[str, str, float]]:
    jour = mesure.hypotheses["controles"]["etp_mai_2022"]["date"]
    options = mesure.colonne("option_etp_initiale")[mesure.avant(jour)]
    codes: dict[str, Any] = dict(OptionETP.__members__)
    parts = {nom: _moyenne(options == codes[nom].index) for nom in _ETP}
    etp = sum(part * _ETP[nom] for nom, part in parts.items())
    juin = mesure.hypotheses["controles"]["contrats_juin_2024"]["date"]
    signes = float(mesure.avant(juin).mean() * mesure.courbe.total)
    if date.fromisoformat(juin) > mesure.fin:
        signes = numpy.nan
    return {
        "contrats_juin_2024": ("Contrats signés", "contrats", signes),
        "etp_mai_2022": ("ETP souscrits", "etp", etp * mesure.courbe_a(jour)),
    }


def _des_medecins(mesure: Mesure) -> dict[str, tuple[str, str, float]]:
    lois = mesure.lois
    adultes = lois.percentile("pmt", 0, GENERALISTE, NIVEAUX["p50"])
    pfa = lois.percentile("pfa", 1, GENERALISTE, NIVEAUX["p50"])
    return {
        "mediane_avenant_7": ("PMT adulte médiane, généralistes", "patients", adultes),
        "mediane_adultes_2021": ("La même, en 2021", "patients", adultes),
        "mediane_pfa_2021": ("PFA médiane, généralistes", "patients", pfa),
        "moyenne_pfa_2021": (
            "PFA moyenne, généralistes",
            "patients",
            lois.moyenne("pfa", 1, GENERALISTE, _POINTS),
        ),
    }


def _des_etudes(mesure: Mesure) -> dict[str, tuple[str, str, float]]:
    etude = mesure.etude()
    depart = mesure.colonne("patientele_mt_initiale")[etude]
    bas = depart < mesure.lois.percentile("pmt", 0, GENERALISTE, NIVEAUX["p50"])
    deux, trois = (mesure.au_rang("patientele_mt", rang, etude) - depart for rang in (2, 3))
    un_an = mesure.avant(mesure.hypotheses["controles"]["gain_pmt_premiere_annee"]["date"])
    return {
        "depart_p30_p50": ("PMT de départ entre P30 et P50", "patients", _moyenne(depart[bas])),
        "depart_305": ("PMT de départ, étude à 30 mois", "patients", _moyenne(depart)),
        "gain_pmt_30_mois": ("Gain de PMT à 30 mois", "patients", _moyenne((deux + trois) / 2)),
        "gain_pmt_premiere_annee": (
            "Gain de PMT après un an",
            "patients",
            _moyenne(_gain(mesure, "patientele_mt", un_an)),
        ),
        "gain_pfa_premiere_annee": (
            "Gain de PFA après un an",
            "patients",
            _moyenne(_gain(mesure, "file_active", un_an)),
        ),
    }


def _gain(mesure: Mesure, entree: str, choix: NDArray[numpy.bool_]) -> NDArray[Any]:
    """Patients gained in the first year; none where the count is not given."""
    depart = mesure.colonne(f"{entree}_initiale")[choix]
    return numpy.where(depart >= 0, mesure.au_rang(entree, 1, choix) - depart, 0)


def _moyenne(valeurs: NDArray[Any]) -> float:
    return float(valeurs.mean()) if len(valeurs) else numpy.nan
