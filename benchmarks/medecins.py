"""Doctors made up for timing and for comparing: every input of the model, as columns.

The proportions are plausible (mostly general practitioners, contracts signed since September 2019,
few amendments and early ends), but nothing is calibrated on data: no result says anything of the
cost of the aid.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks import jumeau as loi

Tableau: TypeAlias = NDArray[Any]
Colonnes: TypeAlias = dict[Any, Tableau]

JAMAIS = np.datetime64("9999-12-31", "D")
UN_JOUR, UN_AN = np.timedelta64(1, "D"), 12
DEBUT, FIN = np.datetime64("2019-09-01", "D"), np.datetime64("2026-12-31", "D")
CHARNIERES = ("2019-08-20", "2023-05-01", "2024-06-22")
JOURS_SINGULIERS = np.array(
    [
        *(np.datetime64(jour, "D") + ecart for jour in CHARNIERES for ecart in (-1, 0, 1)),
        # Anniversaries around a change of text.
        *(f"{an}-{jour}" for an in (2020, 2022) for jour in ("04-30", "05-01", "06-21", "06-22")),
        *("2020-02-29", "2024-02-29", "2022-02-28", "2021-03-01", "2022-10-31", "2023-11-30"),
        *("2022-12-01", "2020-08-31", "2024-12-31", "2025-01-31", "2023-03-31", "2024-01-01"),
        JAMAIS,
    ],
    dtype="datetime64[D]",
)
PARTS = np.array([0.0, 0.333, 0.49, 0.5, 0.7, 0.8, 0.8001, 0.9, 0.96, 1.0])


class _Tirage:
    """A source of chance for n doctors; what is rare may be drawn at another rate."""

    def __init__(self, nombre: int, graine: int, rares: float | None) -> None:
        self.nombre = nombre
        self.alea = np.random.default_rng(graine)
        self.rares = rares

    def chance(self, taux: float) -> Tableau:
        """True at that rate, shape (n,)."""
        return np.asarray(self.alea.random(self.nombre, dtype=np.float32) < taux)

    def rare(self, taux: float) -> Tableau:
        """True at that rate, or at the one that stands for every rare thing, shape (n,)."""
        return self.chance(taux if self.rares is None else self.rares)

    def entre(self, moindre: Any, plus_grand: Any) -> Tableau:
        """Whole numbers between two bounds, both included, int32, shape (n,)."""
        tires = self.alea.random(self.nombre, dtype=np.float32) * (plus_grand - moindre + 1)
        return np.asarray(moindre + tires.astype(np.int32), dtype=np.int32)

    def parmi(self, valeurs: Iterable[Any], poids: Sequence[int] | None = None) -> Tableau:
        """One of some values, by weights in whole numbers, shape (n,)."""
        urne = np.array(list(valeurs))
        if poids is not None:
            urne = np.repeat(urne, poids)
        return urne.take(self.alea.integers(0, len(urne), self.nombre))

    def codes(self, valeurs: Iterable[int], poids: Sequence[int] | None = None) -> Tableau:
        """One of some codes, uint8, shape (n,)."""
        return np.asarray(self.parmi(valeurs, poids), dtype=np.uint8)

    def autour(self, jours: Tableau) -> Tableau:
        """Those days, the day before or the day after, shape (n,)."""
        return jours + self.entre(-1, 1) * UN_JOUR

    def aux_bords(self, ordinaire: Tableau, bord: Tableau) -> Tableau:
        """Mostly `bord` where what is rare is drawn at another rate, else `ordinaire`."""
        return ordinaire if self.rares is None else np.where(self.chance(0.6), bord, ordinaire)


def _plus_mois(jours: Tableau, mois: Tableau | int) -> Tableau:
    """Days plus whole months, at the last day of a shorter month."""
    depart = jours.astype("datetime64[M]")
    arrivee = depart + mois
    debut = arrivee.astype("datetime64[D]")
    dernier = (arrivee + 1).astype("datetime64[D]") - UN_JOUR
    return np.asarray(np.minimum(debut + (jours - depart.astype("datetime64[D]")), dernier))


def colonnes(
    n: int, annees: Iterable[int], *, graine: int = 0, rares: float | None = None
) -> Colonnes:
    """Every input that the outputs depend on, for n doctors, each alone in their cabinet.

    Args:
        n: number of doctors.
        annees: calendar years to compute; the year before each is given too.
        graine: same seed, same doctors.
        rares: rate of every rare thing, which also draws days and counts on and around the
            thresholds; None = a plausible rate for each.

    Returns:
        Shapes (n,), by name, by (name, year) for the yearly ones: days `datetime64[D]`, Enums as
        uint8 codes, booleans, counts int32 (patients), shares float64.
    """
    tirage = _Tirage(n, graine, rares)
    c: Colonnes = {}
    _contrat(tirage, c)
    _patientele(tirage, c)
    _vie(tirage, c)
    _secretaire(tirage, c)
    signature, naissance = (
        c[nom].astype("datetime64[Y]").astype(np.int32) + 1970
        for nom in ("date_signature", "date_naissance")
    )
    for annee in sorted({a - avant for a in annees for avant in (0, 1)}):
        _annee(tirage, c, annee, annee + 1 - signature, annee - naissance >= loi.AGE_SENIOR)
    return c


def _contrat(t: _Tirage, c: Colonnes) -> None:
    """Signature, option, speciality, sector and place of practice."""
    tires = DEBUT + t.entre(0, (FIN - DEBUT).astype(int)) * UN_JOUR
    signature = t.aux_bords(tires, t.parmi(JOURS_SINGULIERS))
    zone = t.codes((loi.HORS_ZONE, loi.ZAC, loi.ZIP), (5, 3, 2))
    ancien = signature < np.datetime64(CHARNIERES[1])
    avant = t.codes((loi.TIERS, loi.DEMI, loi.UN), (3, 5, 2))
    avant[(avant == loi.UN) & (zone == loi.HORS_ZONE) & ~t.rare(0.1)] = loi.DEMI
    apres = t.codes((loi.DEMI, loi.UN), (4, 6))
    option = np.where(ancien, avant, apres)
    c["date_signature"] = signature
    c["zone"] = zone
    c["option_etp_initiale"] = np.where(t.rare(0.03), t.codes(range(5)), option)
    autres = t.codes(range(1, loi.PREMIERE_EXCLUE))
    exclues = t.codes(range(loi.PREMIERE_EXCLUE, loi.SPECIALITES))
    specialite = np.where(t.rare(0.2), autres, np.uint8(loi.GENERALISTE))
    c["specialite"] = np.where(t.chance(0.01), exclues, specialite)
    c["secteur_conventionnel"] = t.codes(range(4), (85, 10, 4, 1))
    c["part_honoraires_cliniques"] = np.where(t.rare(0.1), t.parmi(PARTS), 1.0)
    c["exercice_regroupe_declare"] = t.chance(0.85)


def _patientele(t: _Tirage, c: Colonnes) -> None:
    """Starting counts, declared bands, and targets of the contract."""
    texte = np.searchsorted(np.array(CHARNIERES, "M8[D]"), c["date_signature"], side="right")
    cle = texte * loi.SPECIALITES + c["specialite"]
    for nom, initiale in loi.INITIAUX.items():
        reperes = loi.PERCENTILES[nom]
        p30 = reperes[0].take(cle)
        usuel = np.where(p30 == loi.NC, 1_000, p30) * 1.45
        compte = (usuel * np.exp(0.45 * t.alea.standard_normal(t.nombre))).astype(np.int32)
        choisi = reperes[t.entre(0, 3), cle]
        repere = np.where(choisi == loi.NC, compte, choisi + t.entre(-1, 1))
        compte = t.aux_bords(compte, repere).astype(np.int32)
        compte = np.where(t.rare(0.02), t.parmi((-1, -1, 0)).astype(np.int32), compte)
        c[initiale] = compte
        declaree = t.codes(range(4), (1, 5, 2, 2))
        c[f"tranche_{nom}_declaree"] = np.where(t.rare(0.1), declaree, np.uint8(loi.NON_DECLAREE))
        gain = np.where(t.rare(0.1), t.entre(-50, 10), t.entre(20, 300))
        cible = np.maximum(compte + gain, 1)
        c[f"objectif_{nom}_contractuel"] = cible * ~t.rare(0.08)
        tranche = t.codes(range(loi.NON_DECLAREE))
        absente = np.uint8(loi.NON_DECLAREE)
        c[f"tranche_objectif_{nom}_declaree"] = np.where(t.rare(0.05), tranche, absente)


def _vie(t: _Tirage, c: Colonnes) -> None:
    """Birth, installation, disability, and the life of the contract."""
    signature = np.where(c["date_signature"] == JAMAIS, FIN, c["date_signature"])
    naissance = _plus_mois(signature, -t.entre(30 * UN_AN, 68 * UN_AN)) + t.entre(0, 27) * UN_JOUR
    senior = t.autour(_plus_mois(signature, UN_AN * (t.entre(0, 6) - loi.AGE_SENIOR)))
    naissance = t.aux_bords(naissance, senior)
    c["date_naissance"] = np.where(t.rare(0) & t.chance(0.2), JAMAIS, naissance)

    ancienne = _plus_mois(signature, -t.entre(UN_AN, 30 * UN_AN))
    limite = t.autour(_plus_mois(signature, -loi.MOIS_INSTALLATION * t.entre(0, 1)))
    recente = t.aux_bords(_plus_mois(signature, -t.entre(0, 11)), limite)
    c["date_installation"] = np.where(t.rare(0.05), recente, ancienne)
    c["rqth_ou_ald"] = t.rare(0.02)
    c["quotite_activite_liberale"] = np.where(t.rare(0.05), t.parmi(PARTS), 1.0)

    c["prorogation_signee"] = t.chance(0.5)
    anniversaire = _plus_mois(signature, UN_AN * t.entre(0, 6))
    fin = _plus_mois(signature, t.entre(1, 96)) + t.entre(0, 27) * UN_JOUR
    fin = t.aux_bords(fin, t.autour(_plus_mois(anniversaire, t.entre(0, 2))))
    c["date_resiliation"] = np.where(t.rare(0.08), fin, JAMAIS)
    precedente = _plus_mois(signature, -t.entre(0, 40))
    limite = t.autour(_plus_mois(signature, -loi.MOIS_CARENCE))
    precedente = t.aux_bords(precedente, limite)
    precedente = np.where(t.rare(0.03), precedente, np.datetime64("1970-01-01", "D"))
    c["date_resiliation_contrat_precedent"] = precedente
    c["carence_applicable"] = t.rare(0.02)


def _secretaire(t: _Tirage, c: Colonnes) -> None:
    """The secretary who became the assistant, and what replaces the post."""
    signature = np.where(c["date_signature"] == JAMAIS, FIN, c["date_signature"])
    c["secretaire_devenu_assistant"] = t.rare(0.05)
    recrutement = signature + t.entre(-10, 90) * UN_JOUR
    c["date_recrutement_assistant"] = np.where(t.chance(0.7), recrutement, JAMAIS)
    debut = np.where(c["date_recrutement_assistant"] == JAMAIS, signature, recrutement)
    limite = t.autour(_plus_mois(debut, loi.MOIS_SECRETAIRE))
    remplacement = t.aux_bords(debut + t.entre(-30, 200) * UN_JOUR, limite)
    c["date_remplacement_secretaire"] = np.where(t.chance(0.9), remplacement, JAMAIS)
    c["quotite_secretaire"] = t.parmi(PARTS)
    c["quotite_remplacement"] = np.where(t.chance(0.7), c["quotite_secretaire"], t.parmi(PARTS))


def _annee(t: _Tirage, c: Colonnes, annee: int, rang: Tableau, senior: Tableau) -> None:
    """Observed counts, amendments and decisions of one year, at a rank and an age."""
    for nom, observee in (("pmt", "patientele_mt"), ("pfa", "file_active")):
        depart, cible = c[loi.INITIAUX[nom]], c[f"objectif_{nom}_contractuel"]
        suivant = np.maximum(depart + t.entre(-20, 200), 1)
        avenant = t.rare(0.03) & (rang > 1)
        nouveau = suivant * (avenant & t.chance(0.7))
        voulu = np.maximum(suivant + t.entre(-20, 250), 1) * (avenant & t.chance(0.8))
        niveau = np.maximum(depart + t.entre(-100, 100), 1) * (senior & t.chance(0.3))
        c[f"depart_{nom}_avenant", annee] = nouveau
        c[f"objectif_{nom}_avenant", annee] = voulu
        c[f"niveau_a_maintenir_{nom}", annee] = niveau

        depart = np.where(nouveau > 0, nouveau, np.where(niveau > 0, niveau, depart))
        cible = np.where(voulu > 0, voulu, np.where(cible > 0, cible, depart + 150))
        observe = depart + t.entre(np.minimum(cible - depart, 0) - 60, np.abs(cible - depart) + 60)
        if t.rares is not None:
            p30 = np.full(t.nombre, 775 if nom == "pmt" else 1219)
            seuil = depart + (cible - depart) * 19 // 20
            reperes = [depart, cible, cible * 19 // 20, cible * 9 // 10, seuil, p30]
            repere = np.choose(t.entre(0, len(reperes) - 1), reperes) + t.entre(-1, 1)
            observe = t.aux_bords(observe, repere)
        observe = np.maximum(observe, 0).astype(np.int32)
        c[observee, annee] = np.where(t.chance(0.03), np.int32(-1), observe)

    c["avenant_senior", annee] = senior & t.chance(0.3)
    superieure = (c["zone"] == loi.ZIP) & t.rare(0.1)
    option = np.where(superieure, t.codes((loi.UN_ET_DEMI, loi.DEUX)), t.codes(range(3)))
    c["option_etp_avenant", annee] = np.where(
        t.rare(0.03) | superieure, option, np.uint8(loi.SANS_AVENANT)
    )
    c["contrat_un_etp_anterieur", annee] = t.chance(0.8)
    c["objectifs_integralement_atteints", annee] = t.chance(0.7)
    c["part_aide_decidee", annee] = np.where(t.rare(0.01) & t.chance(0.5), t.parmi(PARTS) * 1.2, -1)
