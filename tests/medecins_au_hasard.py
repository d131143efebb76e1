"""Seeded generator of doctors, and what the model computes of them.

The doctors are drawn to hit the edges hard, not to look like a population: dates on and around
each text and each anniversary, counts on, one under and one over each percentile and each
threshold of a target. Same seed, same doctors.

Format: input name -> value, a missing name being the default of the specification; dates are
``datetime.date``, Enums the names of their members, yearly inputs ``{year: value}``, counts are in
patients and costs in euros a year. ``membres_du_cabinet`` is the number of members of the cabinet.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from math import ceil, floor
from random import Random
from typing import Any

import numpy
from openfisca_core import periods
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder

JAMAIS = date(9999, 12, 31)
DERNIER_RANG = 12

OPTIONS = ("tiers_etp", "demi_etp", "un_etp", "un_et_demi_etp", "deux_etp")
SECTEURS = ("secteur_1", "secteur_2_optam", "secteur_2", "secteur_3")
ZONES = ("hors_zone", "zac", "zip")
TRANCHES_DECLAREES = ("moins_de_p30", "p30_p90", "p90_p95", "p95_et_plus")
# Bands of the objective under avenant 7, with what they ask of a third of a full time, in
# thousandths of the start; 0 where it is not known.
TRANCHES_D_OBJECTIF = (("p30_p50", 200), ("p50_p70", 150), ("p70_p90", 75), ("p90_p95", 0))
CHIRURGICALES = ("chirurgien", "orl_chirurgical", "gynecologue_obstetricien")
EXCLUES = (
    "radiologue",
    "radiotherapeute",
    "stomatologue",
    "anesthesiste",
    "anatomo_cytopathologiste",
    "medecin_nucleaire",
)

# Counts around which the starting and the observed counts are drawn, in patients. Those of
# avenant 7 first: GP, adults only.
SEUILS_PMT_AVENANT_7 = (640, 1503, 1721)
SEUILS_PMT_GENERALISTE = (775, 1045, 1858, 2187)
SEUILS_PFA_GENERALISTE = (1219, 1514, 2587, 3207)
SEUILS_PMT_PEDIATRE = (51,)
P30_PFA = {
    "pediatre": 949,
    "mep": 1025,
    "cardiologue": 1457,
    "dermatologue": 1916,
    "gynecologue_medical": 1519,
    "gastro_enterologue": 1270,
    "interniste": 694,
    "orl_medical": 2060,
    "pneumologue": 1385,
    "rhumatologue": 1215,
    "ophtalmologue": 3151,
    "mpr": 612,
    "neurologue": 1076,
    "psychiatre": 173,
    "nephrologue": 477,
    "endocrinologue": 1033,
    "geriatre": 393,
    "medecine_vasculaire": 1608,
    "allergologue": 1345,
}
SPECIALITES = ("generaliste", *P30_PFA, *CHIRURGICALES, "autre", *EXCLUES)

CHARNIERES = (date(2019, 8, 20), date(2023, 5, 1), date(2024, 6, 22))
JOURS_SINGULIERS = (
    *(jour + timedelta(days=ecart) for jour in CHARNIERES for ecart in (-2, -1, 0, 1)),
    # Anniversaries that fall around a change of text.
    *(date(annee, 4, 30) for annee in (2020, 2021, 2022)),
    *(date(annee, 5, 1) for annee in (2020, 2021, 2022, 2024)),
    *(date(annee, 6, jour) for annee in (2020, 2021, 2022, 2023) for jour in (20, 21, 22, 23)),
    date(2020, 2, 29),
    date(2024, 2, 29),
    date(2028, 2, 29),
    *(date(annee, mois, 31) for annee in (2019, 2022, 2023, 2024) for mois in (8, 10, 12)),
    *(date(annee, mois, 31) for annee in (2021, 2023, 2025) for mois in (1, 3, 5, 7)),
    date(2022, 11, 30),
    date(2025, 12, 30),
    date(2020, 1, 1),
    date(2024, 1, 1),
)


def _plus_mois(jour: date, mois: int) -> date:
    """``jour`` + ``mois`` months (negative: before), at the last day of a shorter month."""
    annee, mois_du_resultat = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    mois_du_resultat += 1
    dernier = monthrange(annee, mois_du_resultat)[1]
    return date(annee, mois_du_resultat, min(jour.day, dernier))


def _autour(rnd: Random, jour: date, ecart: int = 1) -> date:
    """That day, or up to ``ecart`` days before or after it."""
    return jour + timedelta(days=rnd.randint(-ecart, ecart))


def _jour(rnd: Random, debut: date, fin: date) -> date:
    """Any day from ``debut`` to ``fin``."""
    return debut + timedelta(days=rnd.randrange((fin - debut).days + 1))


def _chance(rnd: Random, probabilite: float) -> bool:
    """True with that probability."""
    return rnd.random() < probabilite


class _Tirage:
    """The drawing of one doctor, question after question."""

    def __init__(self, rnd: Random, apart: Random) -> None:
        """``rnd``, ``apart``: the sources of chance, shared by all the doctors of a seed."""
        self.rnd, self.apart = rnd, apart
        self.en_hausse = False
        # A doctor meant to be eligible, and long enough in contract for the modulation to bite.
        self.module = _chance(rnd, 0.88)
        self.medecin: dict[str, Any] = {}

    def tirer(self) -> dict[str, Any]:
        """One doctor."""
        self._signature()
        self._specialite()
        self._exercice()
        self._departs()
        self._situation()
        self._objectifs()
        self._options_superieures()
        self._avenants()
        self._observations()
        self._vie_du_contrat()
        self._secretaire()
        self._annees_diverses()
        # Drawn apart: what was drawn before it does not depend on it.
        self.rnd = self.apart
        self._bareme("pmt", "patientele_mt")
        self._bareme("pfa", "file_active")
        return self.medecin

    # --- small steps ---

    @property
    def annees(self) -> Iterator[int]:
        """Calendar years of the contract, one more than an extended contract may have."""
        premiere = self.base.year
        return iter(range(premiere, premiere + DERNIER_RANG))

    def _annuelle(self, nom: str, annee: int, valeur: Any) -> None:
        """Set a yearly input for one year."""
        self.medecin.setdefault(nom, {})[annee] = valeur

    def _plage(self, nom: str, valeur: Any, premier_rang: int) -> None:
        """Set a yearly input from a rank on, up to the end or for a few years."""
        annees = [annee for annee in self.annees if annee >= self.base.year + premier_rang - 1]
        duree = self.rnd.choice((1, 2, 5, DERNIER_RANG))
        for annee in annees[:duree]:
            self._annuelle(nom, annee, valeur)

    def _seuils(self, compte: str) -> Sequence[int]:
        """Percentiles around which to draw a count, in patients."""
        specialite = self.medecin["specialite"]
        if specialite == "generaliste":
            if compte == "pfa":
                return SEUILS_PFA_GENERALISTE
            if self.base < CHARNIERES[1]:
                return SEUILS_PMT_AVENANT_7
            return SEUILS_PMT_GENERALISTE
        if compte == "pfa":
            return (P30_PFA.get(specialite, 1000),)
        return SEUILS_PMT_PEDIATRE if specialite == "pediatre" else (700,)

    # --- questions ---

    def _signature(self) -> None:
        """Signature: on and around the texts, 29 February, 31st of months, none, or any day."""
        rnd = self.rnd
        if _chance(rnd, 0.5):
            signature = rnd.choice(JOURS_SINGULIERS)
        elif self.module:
            signature = _jour(rnd, date(2019, 8, 20), date(2027, 12, 31))
        else:
            signature = _jour(rnd, date(2018, 1, 1), date(2028, 12, 31))
        if self.module and signature < CHARNIERES[0]:
            signature = _jour(rnd, date(2024, 6, 22), date(2026, 12, 31))
        self.base = signature
        if self.module or not _chance(rnd, 0.12):
            self.medecin["date_signature"] = signature
        elif _chance(rnd, 0.5):
            self.medecin["date_signature"] = JAMAIS
        # else the name is missing: no signature either

    def _specialite(self) -> None:
        """Speciality, and the clinical share of the fees of surgeons and some others."""
        rnd = self.rnd
        if _chance(rnd, 0.55):
            specialite = "generaliste"
        elif _chance(rnd, 0.4):
            specialite = rnd.choice(("pediatre", "mep", "cardiologue", "psychiatre"))
        else:
            specialite = rnd.choice(SPECIALITES)
        if self.module and specialite in EXCLUES:
            specialite = rnd.choice(tuple(P30_PFA))
        self.medecin["specialite"] = specialite
        if specialite in CHIRURGICALES or _chance(rnd, 0.03):
            parts = (0.8, "0.80", 0.81, 0.800001, 0.79, 0.7999999, 1, 0)
            self.medecin["part_honoraires_cliniques"] = rnd.choice(parts)
            if self.module and _chance(rnd, 0.7):
                self.medecin["part_honoraires_cliniques"] = rnd.choice((0.81, 0.800001, 0.95))

    def _exercice(self) -> None:
        """Sector, zone, cabinet and option at the signature."""
        rnd = self.rnd
        if _chance(rnd, 0.5):
            poids = (6, 4, 0, 0) if self.module else (4, 3, 2, 1)
            self.medecin["secteur_conventionnel"] = rnd.choices(SECTEURS, poids)[0]
        zone = rnd.choice(ZONES)
        self.medecin["zone"] = zone
        membres = rnd.choice((1, 1, 2, 3))
        if membres > 1 or _chance(rnd, 0.2):
            self.medecin["membres_du_cabinet"] = membres
        if _chance(rnd, 0.25):
            self.medecin["exercice_regroupe_declare"] = _chance(rnd, 0.7)

        if not self.module:
            if _chance(rnd, 0.9):
                self.medecin["option_etp_initiale"] = rnd.choice(OPTIONS)
            return
        avant_2023 = self.base < CHARNIERES[1]
        if avant_2023:
            ouvertes = ["tiers_etp", "demi_etp"] + ["un_etp"] * (zone != "hors_zone")
            if zone == "hors_zone" and membres == 1 and _chance(rnd, 0.8):
                self.medecin["exercice_regroupe_declare"] = True
        else:
            ouvertes = ["demi_etp", "un_etp"]
        if _chance(rnd, 0.04):
            ouvertes = list(OPTIONS)
        self.medecin["option_etp_initiale"] = rnd.choice(ouvertes)

    def _depart(self, compte: str, *, bas: bool) -> int:
        """A starting count: near a percentile, between two, or far; ``bas``: under P50."""
        rnd = self.rnd
        seuils = self._seuils(compte)
        p30 = seuils[0]
        if bas:
            haut = seuils[1] if len(seuils) == 4 else 2 * p30
            return rnd.choice((0, p30 // 2, p30 - 1, p30, haut - 1, haut, rnd.randrange(haut)))
        if self.module:
            if _chance(rnd, 0.25):
                return rnd.choice(seuils) + rnd.choice((0, 0, 1))
            if _chance(rnd, 0.1):
                return max(rnd.choice(seuils) - 1, 1)
            if _chance(rnd, 0.3):  # 95 % and 90 % of it are whole counts
                return rnd.randint(p30, seuils[-1] + p30) // 20 * 20 + 20
            return rnd.randint(p30, max(seuils[-1] * 6 // 5, 2 * p30))
        if _chance(rnd, 0.5):
            return rnd.choice(seuils) + rnd.choice((-1, 0, 1))
        return rnd.choice((0, 1, rnd.randint(0, 2 * seuils[-1])))

    def _departs(self) -> None:
        """Starting counts and declared bands; whether the doctor is newly installed."""
        rnd = self.rnd
        self.primo = _chance(rnd, 0.22)
        inconnu = 0.03 if self.module else 0.15
        self.depart: dict[str, int] = {}
        noms = {"pmt": "patientele_mt_initiale", "pfa": "file_active_initiale"}
        for compte, nom in noms.items():
            bas = self.primo and _chance(rnd, 0.85)
            self.depart[compte] = self._depart(compte, bas=bas)
            if not _chance(rnd, inconnu):
                self.medecin[nom] = self.depart[compte]
            elif _chance(rnd, 0.5):
                self.medecin[nom] = -1
            if _chance(rnd, 0.16):
                poids = (1, 3, 3, 4) if self.module else (2, 2, 2, 2)
                tranche = rnd.choices(TRANCHES_DECLAREES, poids)[0]
                self.medecin[f"tranche_{compte}_declaree"] = tranche
            elif _chance(rnd, 0.1):
                self.medecin[f"tranche_{compte}_declaree"] = "non_declaree"

    def _situation(self) -> None:
        """Installation, mixed activity, disability or long illness, birth."""
        rnd, signature = self.rnd, self.base
        if self.primo:
            self.medecin["date_installation"] = rnd.choice(
                (
                    _autour(rnd, signature),
                    signature,
                    _autour(rnd, _plus_mois(signature, -12)),
                    _plus_mois(signature, -12),
                    _plus_mois(signature, -rnd.randint(1, 11)),
                    _plus_mois(signature, -rnd.randint(1, 11)),
                    _plus_mois(signature, -6),
                )
            )
        elif _chance(rnd, 0.1):
            self.medecin["date_installation"] = _jour(rnd, date(1985, 1, 1), signature)
        if _chance(rnd, 0.4 if self.primo else 0.06):
            self.medecin["quotite_activite_liberale"] = rnd.randint(0, 100) / 100
        if _chance(rnd, 0.08):
            self.medecin["rqth_ou_ald"] = True
        if _chance(rnd, 0.35):
            self._naissance()

    def _naissance(self) -> None:
        """Birth around the 65th or 66th birthday at the signature or at an anniversary."""
        rnd, signature = self.rnd, self.base
        age = rnd.choice((65, 65, 65, 66, 66))
        genre = rnd.random()
        if genre < 0.4:
            naissance = _autour(rnd, _plus_mois(signature, -12 * age))
        elif genre < 0.75:
            anniversaire = _plus_mois(signature, 12 * rnd.randint(1, 6))
            naissance = _autour(rnd, _plus_mois(anniversaire, -12 * age))
        elif genre < 0.85:
            naissance = date(rnd.choice((1956, 1960, 1964)), 2, 29)
        else:
            naissance = _jour(rnd, date(1950, 1, 1), date(1985, 12, 31))
        self.medecin["date_naissance"] = naissance
        if _chance(rnd, 0.6):
            self._plage("avenant_senior", True, rnd.randint(1, 6))
        for compte in ("pmt", "pfa"):
            if _chance(rnd, 0.5):
                niveau = self.depart[compte] * rnd.randint(80, 115) // 100
                niveau = niveau // 20 * 20 + 20 if _chance(rnd, 0.6) else max(niveau, 1)
                self._plage(f"niveau_a_maintenir_{compte}", niveau, rnd.randint(1, 6))

    def _cible(self, depart: int) -> int:
        """A target: mostly above the start, else equal to it or under it."""
        rnd = self.rnd
        genre = rnd.random()
        if genre < 0.78:
            gain = rnd.choice((1, 20, 40, 100, 110, 200, 260, rnd.randint(1, 400)))
            return depart + gain
        if genre < 0.9:
            return max(depart, 1)
        return max(depart - rnd.choice((1, 10, depart // 20, depart // 4)), 1)

    def _objectifs(self) -> None:
        """Target counts written in the contract."""
        rnd = self.rnd
        self.cible: dict[str, int] = {}
        donne = 0.94 if self.module else 0.6
        if self.primo and self.medecin["specialite"] == "generaliste":
            donne = 0.4
        for compte in ("pmt", "pfa"):
            if _chance(rnd, donne):
                self.cible[compte] = self._cible(self.depart[compte])
                if self.primo and _chance(rnd, 0.5):
                    self.cible[compte] = self._seuils(compte)[-1] + rnd.randint(-50, 300)
                self.medecin[f"objectif_{compte}_contractuel"] = max(self.cible[compte], 1)

    def _bareme(self, compte: str, observe: str) -> None:
        """The band of the objective under avenant 7, mostly without a target in the contract."""
        rnd, depart = self.rnd, self.depart[compte]
        au_tiers = self.medecin.get("option_etp_initiale") == "tiers_etp"
        if not _chance(rnd, 0.7 if au_tiers and self.base < CHARNIERES[1] else 0.05):
            return
        tranche, pour_mille = rnd.choice(TRANCHES_D_OBJECTIF)
        self.medecin[f"tranche_objectif_{compte}_declaree"] = tranche
        if _chance(rnd, 0.2):
            return
        self.medecin.pop(f"objectif_{compte}_contractuel", None)
        for annee in self.medecin.get(observe, {}):
            if _chance(rnd, 0.6):
                gain = depart * pour_mille // 1000
                repere = depart + rnd.choice((self._seuil(gain, 95), rnd.randint(0, gain)))
                self._annuelle(observe, annee, max(repere, 0))

    def _options_superieures(self) -> None:
        """The conditions of 1.5 and 2 full-time posts, met or nearly so."""
        rnd = self.rnd
        if not _chance(rnd, 0.17):
            if _chance(rnd, 0.1):
                option = rnd.choice((*OPTIONS, "sans_avenant"))
                self._plage("option_etp_avenant", option, rnd.randint(1, 7))
            return
        if _chance(rnd, 0.85):
            self.medecin["zone"] = "zip"
        if _chance(rnd, 0.3):
            self.medecin["tranche_pmt_declaree"] = rnd.choice(("p90_p95", "p95_et_plus"))
        option = rnd.choice(("un_et_demi_etp", "deux_etp"))
        if self.base >= CHARNIERES[2] and _chance(rnd, 0.3):
            self.medecin["option_etp_initiale"] = option
        self._plage("option_etp_avenant", option, rnd.choice((1, 2, 2, 3, 3, 3, 4, 5)))
        for condition in ("contrat_un_etp_anterieur", "objectifs_integralement_atteints"):
            if _chance(rnd, 0.9):
                self._plage(condition, True, rnd.choice((1, 1, 1, 2, 3)))

    def _avenants(self) -> None:
        """Later targets and starts."""
        rnd = self.rnd
        self.avenant: dict[str, dict[int, tuple[int, int]]] = {"pmt": {}, "pfa": {}}
        if not _chance(rnd, 0.6 if self.primo else 0.15):
            return
        comptes = rnd.choice((("pmt",), ("pfa",), ("pmt", "pfa"), ("pmt", "pfa")))
        premier_rang = rnd.choice((2, 3, 4, 4, 4, 5, 6))
        for compte in comptes:
            depart = max(self.depart[compte] + rnd.randint(-20, 300), 1)
            cible = self._cible(depart)
            avec_cible, avec_depart = rnd.choice(
                ((True, True), (True, True), (True, False), (False, True))
            )
            for annee in self.annees:
                if annee < self.base.year + premier_rang - 1:
                    continue
                if avec_cible:
                    self._annuelle(f"objectif_{compte}_avenant", annee, cible)
                if avec_depart:
                    self._annuelle(f"depart_{compte}_avenant", annee, depart)
                self.avenant[compte][annee] = (
                    depart if avec_depart else self.depart[compte],
                    cible if avec_cible else self.cible.get(compte, cible),
                )

    def _observe(self, compte: str, annee: int) -> int:
        """An observed count, on or next to one of the thresholds that matter that year."""
        rnd = self.rnd
        depart, cible = self.depart[compte], self.cible.get(compte, 0)
        if annee in self.avenant[compte]:
            depart, cible = self.avenant[compte][annee]
        niveaux = self.medecin.get(f"niveau_a_maintenir_{compte}", {})
        if annee in niveaux and _chance(rnd, 0.6):
            depart = niveaux[annee]
        genre = rnd.random()
        if "date_naissance" in self.medecin and _chance(rnd, 0.3):
            repere = self._seuil(depart, 90)
        elif self.en_hausse and cible > depart and _chance(rnd, 0.7):
            repere = rnd.randint(depart, cible)
        elif genre < 0.18:
            repere = depart + rnd.choice((-1, 0, 0, 1))
        elif genre < 0.32:
            repere = self._seuil(depart, 95)
        elif genre < 0.43:
            repere = self._seuil(depart, 90)
        elif genre < 0.53 and cible:
            repere = cible + rnd.choice((-1, 0, 0, 1))
        elif genre < 0.62 and cible:
            repere = depart + self._seuil(cible - depart, 95)
        elif genre < 0.68 and cible:
            repere = self._seuil(cible, 95)
        elif genre < 0.82 and cible > depart:
            repere = rnd.randint(depart, cible)
        elif genre < 0.92 or self.primo:
            seuil = rnd.choice(self._seuils(compte)[:2])
            repere = rnd.choice((seuil, self._seuil(seuil, 95))) + rnd.choice((-1, 0, 0, 1))
            if self.primo and _chance(rnd, 0.7):
                repere = rnd.randint(self._seuils(compte)[0], max(cible, seuil) + 1)
        else:
            repere = rnd.randint(0, 2 * depart + 1)
        return max(repere, 0)

    def _seuil(self, valeur: int, pour_cent: int) -> int:
        """A count on that share of ``valeur``, just under it or just over it."""
        produit = valeur * pour_cent / 100
        return self.rnd.choice(
            (floor(produit), ceil(produit), floor(produit) - 1, ceil(produit) + 1)
        )

    def _observations(self) -> None:
        """Observed counts, year by year."""
        rnd = self.rnd
        inconnu = 0.03 if self.module else 0.25
        for annee in self.annees:
            self.en_hausse = _chance(rnd, 0.45)  # a year without a fall, for both counts
            for compte, nom in (("pmt", "patientele_mt"), ("pfa", "file_active")):
                if not _chance(rnd, inconnu):
                    self._annuelle(nom, annee, self._observe(compte, annee))
                elif _chance(rnd, 0.4):
                    self._annuelle(nom, annee, -1)

    def _vie_du_contrat(self) -> None:
        """Extension, early end, earlier contract and its waiting time."""
        rnd, signature = self.rnd, self.base
        if _chance(rnd, 0.35):
            self.medecin["prorogation_signee"] = _chance(rnd, 0.85)
        if _chance(rnd, 0.17):
            anniversaire = _plus_mois(signature, 12 * rnd.randint(0, 11))
            delai = rnd.choice((0, 1, 2))
            self.medecin["date_resiliation"] = rnd.choice(
                (
                    signature,
                    _autour(rnd, signature),
                    anniversaire,
                    _autour(rnd, anniversaire),
                    _plus_mois(anniversaire, delai),
                    _autour(rnd, _plus_mois(anniversaire, delai)),
                    _plus_mois(signature, 6 * rnd.randint(0, 12)),
                    _jour(rnd, signature, _plus_mois(signature, 96)),
                    signature + timedelta(days=10),
                    _plus_mois(signature, -1),
                )
            )
        if _chance(rnd, 0.15):
            precedent = rnd.choice(
                (
                    _plus_mois(signature, -24),
                    _autour(rnd, _plus_mois(signature, -24)),
                    _plus_mois(signature, -rnd.randint(0, 40)),
                    _autour(rnd, signature),
                )
            )
            self.medecin["date_resiliation_contrat_precedent"] = precedent
            self.medecin["carence_applicable"] = _chance(rnd, 0.3 if self.module else 0.7)

    def _secretaire(self) -> None:
        """A secretary who became the assistant, and what replaces the post."""
        rnd, signature = self.rnd, self.base
        if not _chance(rnd, 0.09):
            return
        self.medecin["secretaire_devenu_assistant"] = True
        recrutement = signature
        if _chance(rnd, 0.5):
            recrutement = signature + timedelta(days=rnd.randint(-10, 90))
            self.medecin["date_recrutement_assistant"] = recrutement
        limite = _plus_mois(recrutement, 6)
        if _chance(rnd, 0.9):
            self.medecin["date_remplacement_secretaire"] = rnd.choice(
                (
                    limite,
                    limite,
                    limite + timedelta(days=rnd.choice((-1, 1))),
                    _jour(rnd, recrutement, limite),
                    recrutement - timedelta(days=30),
                )
            )
        quotites = (0.5, "0.5", 0.49, 0.8, 1, 0.333, 0.3333)
        if _chance(rnd, 0.5):
            self.medecin["quotite_secretaire"] = rnd.choice(quotites)
        if _chance(rnd, 0.4):
            self.medecin["quotite_remplacement"] = rnd.choice(quotites)

    def _annees_diverses(self) -> None:
        """Decisions of the CPN, costs, and amendments that leave a year alone."""
        rnd = self.rnd
        for annee in self.annees:
            if _chance(rnd, 0.03):
                part = rnd.choice((0, 0.333, "0.333", 1, 1.2, 0.005, 0.95, -1))
                self._annuelle("part_aide_decidee", annee, part)
            if _chance(rnd, 0.1):
                self._annuelle("cout_employeur_annuel", annee, rnd.randint(0, 6_000_000) / 100)
            if _chance(rnd, 0.02):
                self._annuelle("option_etp_avenant", annee, rnd.choice(OPTIONS[:3]))


def medecins(graine: int, nombre: int) -> list[dict[str, Any]]:
    """``nombre`` doctors drawn with the seed ``graine``; the first ones do not depend on it."""
    rnd, apart = Random(graine), Random(f"{graine}, avenant 7")
    return [_Tirage(rnd, apart).tirer() for _ in range(nombre)]


# --- Drawn doctors, computed ---------------------------------------------------------------------


def situation(tirage: list[dict[str, Any]]) -> dict[str, Any]:
    """The generated doctors as a situation; each with the number of members of the practice."""
    personnes: dict[str, Any] = {}
    cabinets: dict[str, Any] = {}
    for rang, tire in enumerate(tirage):
        nom = f"m{rang}"
        personnes[nom] = {
            variable: (
                {str(an): _valeur(v) for an, v in valeur.items()}
                if isinstance(valeur, dict)
                else {"ETERNITY": _valeur(valeur)}
            )
            for variable, valeur in tire.items()
            if variable != "membres_du_cabinet"
        }
        confreres = [f"{nom}_{i}" for i in range(1, tire.get("membres_du_cabinet", 1))]
        personnes |= {confrere: {} for confrere in confreres}
        cabinets[f"c{rang}"] = {"membres": [nom, *confreres]}
    return {"medecins": personnes, "cabinets": cabinets}


def _valeur(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


# core reads a period again for each value, more than half of what a simulation costs to build.
_lue = cache(periods.period)


def calculer(systeme: Any, tirage: list[dict[str, Any]]) -> Any:
    """A function (variable, period) -> values of the drawn doctors, as Python objects."""
    donnees = situation(tirage)
    donnees["medecins"] = {
        nom: {v: {_lue(cle): un for cle, un in datees.items()} for v, datees in champs.items()}
        for nom, champs in donnees["medecins"].items()
    }
    simulation = SimulationBuilder().build_from_entities(systeme, donnees)
    index = {identifiant: rang for rang, identifiant in enumerate(simulation.persons.ids)}
    tires = [index[f"m{rang}"] for rang in range(len(tirage))]

    def valeurs(variable: str, periode: str) -> list[Any]:
        tableau = simulation.calculate(variable, _lue(periode))
        if isinstance(tableau, EnumArray):
            tableau = tableau.decode_to_str()
        return list(numpy.asarray(tableau)[tires].tolist())

    return valeurs
