"""Independent, exact, scalar reading of sections 2, 4, 5, 6 and 7 of the specification.

It is written from the words of the specification, not from the formulas of the model, so that the
two can be compared on many doctors: one doctor at a time, one rule after the other, with integers,
exact fractions and plain dates, and none of the model's code or parameters.

Out of scope: training, employment channels, the estimated objectives, the collective aid.

Money is in euros, right to the cent (``Fraction``); rates and parts are exact ``Fraction``; dates
are ``datetime.date`` and 9999-12-31 stands for "none"; Enums are the names of their members.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

JAMAIS = date(9999, 12, 31)
ZERO = Fraction(0)
UN = Fraction(1)
DEMI = Fraction(1, 2)

# --- Section 3: inputs and their defaults -----------------------------------------------------

ENTREES_FIXES: dict[str, Any] = {
    "date_signature": JAMAIS,
    "option_etp_initiale": "un_etp",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "part_honoraires_cliniques": 1,
    "patientele_mt_initiale": -1,
    "file_active_initiale": -1,
    "tranche_pmt_declaree": "non_declaree",
    "tranche_pfa_declaree": "non_declaree",
    "objectif_pmt_contractuel": 0,
    "objectif_pfa_contractuel": 0,
    "tranche_objectif_pmt_declaree": "non_declaree",
    "tranche_objectif_pfa_declaree": "non_declaree",
    "date_naissance": JAMAIS,
    "date_installation": date(1970, 1, 1),
    "rqth_ou_ald": False,
    "quotite_activite_liberale": 1,
    "zone": "hors_zone",
    "exercice_regroupe_declare": False,
    "secretaire_devenu_assistant": False,
    "date_recrutement_assistant": JAMAIS,
    "date_remplacement_secretaire": JAMAIS,
    "quotite_secretaire": 1,
    "quotite_remplacement": 1,
    "profil_assistant": "autre",
    "diplome_niveau_4": True,
    "date_inscription_formation": JAMAIS,
    "date_certification": JAMAIS,
    "prorogation_signee": False,
    "date_resiliation": JAMAIS,
    "date_resiliation_contrat_precedent": date(1970, 1, 1),
    "carence_applicable": False,
    "membres_du_cabinet": 1,
}

ENTREES_ANNUELLES: dict[str, Any] = {
    "option_etp_avenant": "sans_avenant",
    "patientele_mt": -1,
    "file_active": -1,
    "objectif_pmt_avenant": 0,
    "objectif_pfa_avenant": 0,
    "depart_pmt_avenant": 0,
    "depart_pfa_avenant": 0,
    "niveau_a_maintenir_pmt": 0,
    "niveau_a_maintenir_pfa": 0,
    "avenant_senior": False,
    "contrat_un_etp_anterieur": False,
    "objectifs_integralement_atteints": False,
    "part_aide_decidee": -1,
    "cout_employeur_annuel": 0,
}

# --- Figures of law ---------------------------------------------------------------------------

DEBUT_AVENANT_7 = date(2019, 8, 20)
DEBUT_REGLEMENT_ARBITRAL = date(2023, 5, 1)
DEBUT_CONVENTION = date(2024, 6, 22)
DEBUT_CONVENTION_AUTRE_LECTURE = date(2024, 6, 21)

ALTERNATIVES = frozenset(
    {
        "entree_en_vigueur_2024",
        "seuil_p30",
        "p95_inclus",
        "mesure_activite",
        "mesure_tranche",
        "honoraires_cliniques",
        "dispense_primo_installe",
        "zone_un_etp",
        "rang_options_superieures",
        "base_du_taux",
        "tolerance_augmentation",
        "borne_tolerance_senior",
        "installation_sous_p30",
        "installation_seuil",
        "percentiles_avenant_7",
        "acompte_tiers_etp_avant_2024",
        "renouvellement_avant_2024",
        "age_senior",
        "modulation_avant_2024",
        "solde_tiers_etp",
        "solde_negatif",
    }
)

EXCLUES = frozenset(
    {
        "radiologue",
        "radiotherapeute",
        "stomatologue",
        "anesthesiste",
        "anatomo_cytopathologiste",
        "medecin_nucleaire",
    }
)
CHIRURGICALES = frozenset({"chirurgien", "orl_chirurgical", "gynecologue_obstetricien"})
A_DEUX_OBJECTIFS = frozenset({"generaliste", "mep", "pediatre"})
A_DEUX_TRANCHES = frozenset({"generaliste", "pediatre"})

# Percentiles, in patients: what is not published is absent.
Percentiles = Mapping[int, int]
PMT_AVENANT_7: dict[str, Percentiles] = {"generaliste": {30: 640, 90: 1503, 95: 1721}}
PMT_2023: dict[str, Percentiles] = {
    "generaliste": {30: 775, 50: 1045, 90: 1858, 95: 2187},
    "pediatre": {30: 51},
}
PFA_2023: dict[str, Percentiles] = {
    "generaliste": {30: 1219, 50: 1514, 90: 2587, 95: 3207},
    "pediatre": {30: 949},
    "mep": {30: 1025},
    "cardiologue": {30: 1457},
    "dermatologue": {30: 1916},
    "gynecologue_medical": {30: 1519},
    "gastro_enterologue": {30: 1270},
    "interniste": {30: 694},
    "orl_medical": {30: 2060},
    "pneumologue": {30: 1385},
    "rhumatologue": {30: 1215},
    "ophtalmologue": {30: 3151},
    "mpr": {30: 612},
    "neurologue": {30: 1076},
    "psychiatre": {30: 173},
    "nephrologue": {30: 477},
    "endocrinologue": {30: 1033},
    "geriatre": {30: 393},
    "medecine_vasculaire": {30: 1608},
    "allergologue": {30: 1345},
}
SANS_PERCENTILE = CHIRURGICALES | {"autre"}
SPECIALITES = frozenset(PFA_2023) | SANS_PERCENTILE | EXCLUES

# Bands, from the lowest to the highest.
TRANCHES = ("moins_de_p30", "p30_p90", "indeterminee", "p90_p95", "p95_et_plus")
HAUTES_TRANCHES = ("p90_p95", "p95_et_plus")

# Euros a year: rank 1, rank 2, rank 3 and more, P90-P95 from rank 3, P95 and more at every rank.
MONTANTS_2019 = {
    "tiers_etp": (12_000, 9_000, 7_000, 8_350, 12_000),
    "demi_etp": (18_000, 13_500, 10_500, 12_500, 18_000),
    "un_etp": (36_000, 27_000, 21_000, 25_000, 36_000),
    "un_et_demi_etp": (0, 0, 0, 0, 0),
    "deux_etp": (0, 0, 0, 0, 0),
}
MONTANTS_2024 = {
    "tiers_etp": (0, 9_450, 7_350, 8_767, 12_600),
    "demi_etp": (19_000, 14_000, 11_000, 13_000, 19_000),
    "un_etp": (38_000, 28_000, 22_000, 26_000, 38_000),
    "un_et_demi_etp": (0, 0, 33_000, 39_000, 57_000),
    "deux_etp": (0, 0, 44_000, 52_000, 76_000),
}

# Dossier, 2.2: patients to gain under avenant 7, in thousandths of the start, for a third of a full
# time. From P90 to P95 the rate is cut after its first figure; those of the other options are
# known by the ends of their ranges alone.
POUR_MILLE_AVENANT_7 = {"p30_p50": 200, "p50_p70": 150, "p70_p90": 75}

DELAI_ACOMPTE_EN_MOIS = {"avenant_7": 0, "reglement_arbitral_2023": 1, "convention_2024": 2}

NOMS_DES_COMPTES = {
    "pmt": ("patientele_mt_initiale", "patientele_mt"),
    "pfa": ("file_active_initiale", "file_active"),
}


# --- Dates and money --------------------------------------------------------------------------


def plus_mois(jour: date, mois: int) -> date:
    """``jour`` + ``mois`` months: same day, or last day of a shorter month; at most 9999-12-31."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, mois_du_resultat = divmod(rang, 12)
    if annee > JAMAIS.year:
        return JAMAIS
    mois_du_resultat += 1
    dernier = monthrange(annee, mois_du_resultat)[1]
    return date(annee, mois_du_resultat, min(jour.day, dernier))


def plus_annees(jour: date, annees: int) -> date:
    """``jour`` + ``annees`` years, by the same rule as ``plus_mois``."""
    return plus_mois(jour, 12 * annees)


def au_plus_proche(valeur: Fraction) -> int:
    """Nearest integer, half up."""
    return floor(valeur + DEMI)


def au_centime(euros: Fraction) -> Fraction:
    """Euros rounded half up to the cent."""
    return Fraction(au_plus_proche(euros * 100), 100) if euros else ZERO


def exact(nombre: float | str) -> Fraction:
    """The decimal that a number prints as, exactly."""
    return Fraction(nombre) if isinstance(nombre, int) else Fraction(str(nombre))


# --- State of law and inputs ------------------------------------------------------------------


@dataclass(frozen=True)
class Loi:
    """A state of law: with or without the 2024 convention, and the alternative readings held."""

    convention_2024: bool
    alternatives: frozenset[str]

    def autrement(self, lecture: str) -> bool:
        """Whether the alternative of that reading of section 8 holds instead of its default."""
        return lecture in self.alternatives

    def texte(self, jour: date) -> str:
        """Name of the text in force that day; ``aucun`` before the first one and for "none"."""
        debut_convention = (
            DEBUT_CONVENTION_AUTRE_LECTURE
            if self.autrement("entree_en_vigueur_2024")
            else DEBUT_CONVENTION
        )
        if jour < DEBUT_AVENANT_7 or jour == JAMAIS:
            return "aucun"
        if jour < DEBUT_REGLEMENT_ARBITRAL:
            return "avenant_7"
        if self.convention_2024 and jour >= debut_convention:
            return "convention_2024"
        return "reglement_arbitral_2023"


class Entrees:
    """The inputs of one doctor, with the defaults of section 3."""

    def __init__(self, medecin: Mapping[str, Any]) -> None:
        """``medecin``: input name -> value; ValueError on an unknown name or speciality."""
        inconnues = set(medecin) - set(ENTREES_FIXES) - set(ENTREES_ANNUELLES)
        if inconnues:
            raise ValueError(f"Entrées inconnues : {sorted(inconnues)}")
        self._fixes = ENTREES_FIXES | {n: v for n, v in medecin.items() if n in ENTREES_FIXES}
        self._annuelles = {n: medecin.get(n, {}) for n in ENTREES_ANNUELLES}
        if self["specialite"] not in SPECIALITES:
            raise ValueError(f"Spécialité inconnue : {self['specialite']}")

    def __getitem__(self, nom: str) -> Any:
        """Value of an input that holds for the whole contract."""
        return self._fixes[nom]

    def annuelle(self, nom: str, annee: int) -> Any:
        """Value of a yearly input for that year."""
        return self._annuelles[nom].get(annee, ENTREES_ANNUELLES[nom])


# --- Section 2: the contract ------------------------------------------------------------------


def lire_contrat(medecin: Entrees, loi: Loi) -> dict[str, Any]:
    """Text at the signature, extension and end of the contract."""
    signature: date = medecin["date_signature"]
    texte = loi.texte(signature)
    if texte == "aucun":
        reconduit, fin = False, JAMAIS
    elif texte == "convention_2024":
        reconduit, fin = True, JAMAIS
    else:
        possible = not loi.autrement("renouvellement_avant_2024")
        reconduit = bool(medecin["prorogation_signee"]) and possible
        fin = plus_annees(signature, 10 if reconduit else 5)
    return {"texte_signature": texte, "contrat_reconduit": reconduit, "date_fin_contrat": fin}


def lire_rang(medecin: Entrees, contrat: Mapping[str, Any], annee: int) -> int:
    """Rank of the contract year that starts in ``annee``; 0 where there is none."""
    signature: date = medecin["date_signature"]
    rang = annee - signature.year + 1
    if contrat["texte_signature"] == "aucun" or rang < 1:
        return 0
    anniversaire = plus_annees(signature, rang - 1)
    if anniversaire >= medecin["date_resiliation"] or anniversaire >= contrat["date_fin_contrat"]:
        return 0
    return rang


def lire_point_d_etape(medecin: Entrees, contrat: Mapping[str, Any], annee: int) -> date:
    """First of signature + 6, 12, 18... months in that year and in the contract."""
    signature: date = medecin["date_signature"]
    if contrat["texte_signature"] == "aucun" or annee < signature.year:
        return JAMAIS
    fin = min(contrat["date_fin_contrat"], medecin["date_resiliation"])
    mois = max(6, 12 * (annee - signature.year - 1))
    jour = plus_mois(signature, mois)
    while jour.year < annee:
        mois += 6
        jour = plus_mois(signature, mois)
    return jour if jour.year == annee and jour < fin else JAMAIS


# --- Section 5: bands -------------------------------------------------------------------------


def percentiles(medecin: Entrees, texte: str, compte: str, loi: Loi) -> Percentiles:
    """Published percentiles of one count for the doctor's speciality, at the signature."""
    if texte == "aucun":
        return {}
    if texte == "avenant_7":
        publies = PMT_AVENANT_7 if compte == "pmt" else {}
        valeurs = publies.get(medecin["specialite"], {})
        if loi.autrement("percentiles_avenant_7"):
            return {rang: seuil for rang, seuil in valeurs.items() if rang < 90}
        return valeurs
    publies = PMT_2023 if compte == "pmt" else PFA_2023
    return publies.get(medecin["specialite"], {})


def lire_tranche(declaree: str, nombre: int, seuils: Percentiles, loi: Loi) -> str:
    """Band of one count: the declared one, else from the count."""
    if declaree != "non_declaree":
        return declaree
    if nombre < 0 or 30 not in seuils:
        return "indeterminee"
    if nombre < seuils[30]:
        return "moins_de_p30"
    if 90 not in seuils:
        return "indeterminee"
    if nombre < seuils[90]:
        return "p30_p90"
    au_dessus = nombre > seuils[95] if loi.autrement("p95_inclus") else nombre >= seuils[95]
    return "p95_et_plus" if au_dessus else "p90_p95"


def comptes_de_la_tranche(medecin: Entrees, loi: Loi) -> tuple[str, ...]:
    """Counts that set the band on which the amount depends."""
    if medecin["specialite"] in A_DEUX_TRANCHES:
        return ("pmt",) if loi.autrement("mesure_tranche") else ("pmt", "pfa")
    return ("pfa",)


def tranche_dite(medecin: Entrees, compte: str, texte_signature: str) -> str:
    """Band told by the CPAM: the wide one, else that in which the one of avenant 7 falls."""
    large = str(medecin[f"tranche_{compte}_declaree"])
    etroite = medecin[f"tranche_objectif_{compte}_declaree"]
    if large != "non_declaree" or etroite == "non_declaree" or texte_signature != "avenant_7":
        return large
    return "p90_p95" if etroite == "p90_p95" else "p30_p90"


def lire_tranches(
    medecin: Entrees, texte: str, seuils: Mapping[str, Percentiles], loi: Loi
) -> dict[str, str]:
    """Bands of the two counts, and the band of the amount."""
    tranches = {
        f"tranche_{compte}": lire_tranche(
            tranche_dite(medecin, compte, texte), medecin[initial], seuils[compte], loi
        )
        for compte, (initial, _) in NOMS_DES_COMPTES.items()
    }
    tranches["tranche_patientele"] = max(
        (tranches[f"tranche_{compte}"] for compte in comptes_de_la_tranche(medecin, loi)),
        key=TRANCHES.index,
    )
    return tranches


# --- Section 4: eligibility -------------------------------------------------------------------


def lire_activite_minimale(
    medecin: Entrees, texte: str, seuils: Mapping[str, Percentiles], loi: Loi
) -> tuple[bool, bool]:
    """Whether the minimum activity is reached (favourable if unknown), and whether it is known."""
    specialite = medecin["specialite"]
    if specialite == "pediatre" or (
        specialite == "generaliste" and loi.autrement("mesure_activite")
    ):
        comptes: tuple[str, ...] = ("pmt", "pfa")
    else:
        comptes = ("pmt",) if specialite == "generaliste" else ("pfa",)

    atteints, connus = [], []
    for compte in comptes:
        declaree = tranche_dite(medecin, compte, texte)
        nombre = medecin[NOMS_DES_COMPTES[compte][0]]
        p30 = seuils[compte].get(30)
        if declaree != "non_declaree":
            atteints.append(declaree != "moins_de_p30")
            connus.append(True)
        elif p30 is None or nombre < 0:
            atteints.append(True)
            connus.append(False)
        else:
            atteints.append(nombre > p30 if loi.autrement("seuil_p30") else nombre >= p30)
            connus.append(True)
    connu_et_atteint = any(a and c for a, c in zip(atteints, connus, strict=True))
    return any(atteints), connu_et_atteint or all(connus)


def lire_primo_installe(
    medecin: Entrees, texte: str, seuils: Mapping[str, Percentiles], tranches: Mapping[str, str]
) -> bool:
    """Newly installed at the signature, with a *patientèle* under P50."""
    installation: date = medecin["date_installation"]
    if not installation <= medecin["date_signature"] <= plus_mois(installation, 12):
        return False
    compte = "pmt" if medecin["specialite"] == "generaliste" else "pfa"
    declaree = tranche_dite(medecin, compte, texte)
    etroite = medecin[f"tranche_objectif_{compte}_declaree"]
    if texte == "avenant_7" and etroite in ("p50_p70", "p70_p90"):
        return False
    if declaree in HAUTES_TRANCHES:
        return False
    if declaree == "moins_de_p30":
        return True
    nombre = medecin[NOMS_DES_COMPTES[compte][0]]
    if 50 in seuils[compte] and nombre >= 0:
        return bool(nombre < seuils[compte][50])
    return tranches[f"tranche_{compte}"] not in HAUTES_TRANCHES


def est_suppose_primo_installe(medecin: Entrees, texte: str, primo_installe: bool) -> bool:
    """Whether nothing told says where the start is: the favourable answer is only supposed."""
    compte = "pmt" if medecin["specialite"] == "generaliste" else "pfa"
    if tranche_dite(medecin, compte, texte) == "moins_de_p30":
        return False
    return primo_installe and medecin[NOMS_DES_COMPTES[compte][0]] < 0


def un_etp_ouvert(medecin: Entrees, texte: str, loi: Loi) -> bool:
    """Whether the one full-time option is open under that text."""
    if texte == "avenant_7":
        zones = ("zip",) if loi.autrement("zone_un_etp") else ("zip", "zac")
        return medecin["zone"] in zones
    return texte != "aucun"


def lire_option_ouverte(medecin: Entrees, texte: str, loi: Loi) -> bool:
    """Whether the initial option could be subscribed on the day of the signature."""
    option = medecin["option_etp_initiale"]
    if texte == "aucun":
        return False
    if option == "tiers_etp":
        return texte == "avenant_7"
    if option == "demi_etp":
        return True
    if option == "un_etp":
        return un_etp_ouvert(medecin, texte, loi)
    return texte == "convention_2024"


def lire_remplacement_secretaire(medecin: Entrees) -> bool:
    """Whether a secretary who became the assistant was replaced in time and in full."""
    if not medecin["secretaire_devenu_assistant"]:
        return True
    remplacement: date = medecin["date_remplacement_secretaire"]
    recrutement: date = medecin["date_recrutement_assistant"]
    if recrutement == JAMAIS:
        recrutement = medecin["date_signature"]
    return (
        remplacement != JAMAIS
        and remplacement <= plus_mois(recrutement, 6)
        and exact(medecin["quotite_remplacement"]) >= exact(medecin["quotite_secretaire"])
    )


def lire_eligibilite(
    medecin: Entrees,
    texte: str,
    seuils: Mapping[str, Percentiles],
    tranches: Mapping[str, str],
    loi: Loi,
) -> dict[str, Any]:
    """Every condition of section 4 that is read at the signature."""
    specialite = medecin["specialite"]
    cliniques = exact(medecin["part_honoraires_cliniques"])
    seuil_clinique = Fraction(80, 100)
    assez_cliniques = (
        cliniques >= seuil_clinique
        if loi.autrement("honoraires_cliniques")
        else cliniques > seuil_clinique
    )
    chirurgie_refusee = specialite in CHIRURGICALES and not assez_cliniques

    regroupe = bool(medecin["exercice_regroupe_declare"]) or medecin["membres_du_cabinet"] >= 2
    atteinte, connue = lire_activite_minimale(medecin, texte, seuils, loi)
    primo_installe = lire_primo_installe(medecin, texte, seuils, tranches)
    primo_dispense = primo_installe and not loi.autrement("dispense_primo_installe")
    dispense = bool(medecin["rqth_ou_ald"]) or primo_dispense
    suppose = est_suppose_primo_installe(medecin, texte, primo_installe)
    dispense_sure = bool(medecin["rqth_ou_ald"]) or (primo_dispense and not suppose)
    conforme = texte != "avenant_7" or regroupe or medecin["zone"] in ("zip", "zac")

    fin_carence = plus_mois(medecin["date_resiliation_contrat_precedent"], 24)
    hors_carence = True
    if texte == "convention_2024":
        en_carence = medecin["date_signature"] < fin_carence
        hors_carence = not (medecin["carence_applicable"] and en_carence)

    secteur_eligible = medecin["secteur_conventionnel"] in ("secteur_1", "secteur_2_optam")
    option_ouverte = lire_option_ouverte(medecin, texte, loi)
    refus = (
        ("aucun_texte", texte == "aucun"),
        ("specialite_exclue", specialite in EXCLUES),
        ("honoraires_cliniques", chirurgie_refusee),
        ("secteur", not secteur_eligible),
        ("patientele_insuffisante", not (atteinte or dispense)),
        ("exercice_isole", not conforme),
        ("option_fermee", not option_ouverte),
        ("carence", not hors_carence),
    )
    motif = next((nom for nom, echoue in refus if echoue), "aucun")
    eligible = motif == "aucun"
    return {
        "exercice_regroupe": regroupe,
        "specialite_eligible": specialite not in EXCLUES and not chirurgie_refusee,
        "secteur_eligible": secteur_eligible,
        "activite_minimale_atteinte": atteinte,
        "activite_minimale_connue": connue,
        "dispense_activite_minimale": dispense,
        "primo_installe": primo_installe,
        "primo_installe_suppose": suppose,
        "exercice_conforme": conforme,
        "option_ouverte": option_ouverte,
        "hors_carence": hors_carence,
        "date_fin_carence": fin_carence,
        "eligible": eligible,
        "motif_ineligibilite": motif,
        "eligibilite_connue": not (eligible and not connue and not dispense_sure),
        "remplacement_secretaire_conforme": lire_remplacement_secretaire(medecin),
    }


def lire_option_etp(medecin: Entrees, annee: int, rang: int) -> str:
    """Option of the contract year: the amendment's from rank 2 on, else the initial one."""
    avenant: str = medecin.annuelle("option_etp_avenant", annee)
    if rang >= 2 and avenant != "sans_avenant":
        return avenant
    initiale: str = medecin["option_etp_initiale"]
    return initiale


def lire_option_accessible(
    medecin: Entrees, option: str, annee: int, rang: int, texte: str, loi: Loi
) -> bool:
    """Whether the option of the year is open to the doctor, by the law at the anniversary."""
    if option == "tiers_etp":
        return bool(medecin["option_etp_initiale"] == "tiers_etp")
    if option == "demi_etp":
        return True
    if option == "un_etp":
        return un_etp_ouvert(medecin, texte, loi)
    return bool(
        medecin["zone"] == "zip"
        and medecin["specialite"] == "generaliste"
        and medecin.annuelle("contrat_un_etp_anterieur", annee)
        and medecin.annuelle("objectifs_integralement_atteints", annee)
        and (rang >= 3 or loi.autrement("rang_options_superieures"))
        and texte == "convention_2024"
    )


# --- Section 5: amount ------------------------------------------------------------------------


def montant(texte: str, option: str, tranche: str, rang: int) -> Fraction:
    """Maximum aid of a contract year, in euros, in the table in force at the anniversary."""
    table = MONTANTS_2024 if texte == "convention_2024" else MONTANTS_2019
    an_1, an_2, an_3, an_3_p90, tout_an_p95 = table[option]
    if tranche == "p95_et_plus":
        return Fraction(tout_an_p95)
    if rang == 1:
        return Fraction(an_1)
    if rang == 2:
        return Fraction(an_2)
    return Fraction(an_3_p90 if tranche == "p90_p95" else an_3)


# --- Section 6: objectives and achievement ----------------------------------------------------


@dataclass(frozen=True)
class Compte:
    """One count in one contract year (counts in patients; -1 unknown count, 0 unknown target)."""

    type_objectif: str
    depart: int
    objectif: int
    observe: int
    p30: int | None
    taux: Fraction
    atteint: bool
    baisse: bool
    supposee: bool  # nothing tells whether the count is to be kept or to grow

    @property
    def taux_borne(self) -> Fraction:
        """The rate, capped to [0, 1]."""
        return min(max(self.taux, ZERO), UN)

    @property
    def depart_utile(self) -> bool:
        """Whether the kind of objective is measured from the start."""
        return self.type_objectif in ("augmentation", "fixe_avec_la_caisse")

    @property
    def manque_avec_baisse(self) -> bool:
        """Missed, with a fall."""
        return not self.atteint and self.baisse


def lire_maintien_senior(
    medecin: Entrees,
    texte_signature: str,
    texte_annee: str,
    anniversaire: date,
    annee: int,
    loi: Loi,
) -> bool:
    """Whether the rule of doctors of 65 and more holds for the contract year."""
    if texte_annee != "convention_2024" or medecin["date_naissance"] == JAMAIS:
        return False
    age = 66 if loi.autrement("age_senior") else 65
    age_atteint = plus_annees(medecin["date_naissance"], age)
    des_la_signature = (
        texte_signature == "convention_2024" and age_atteint <= medecin["date_signature"]
    )
    par_avenant = medecin.annuelle("avenant_senior", annee) and age_atteint <= anniversaire
    return bool(des_la_signature or par_avenant)


def lire_type_objectif(
    medecin: Entrees, compte: str, eternite: Mapping[str, Any], annee: int, rang: int, senior: bool
) -> str:
    """Kind of objective of one count: the first that holds."""
    if rang == 0 or (compte == "pmt" and medecin["specialite"] not in A_DEUX_OBJECTIFS):
        return "sans_objet"
    if medecin["rqth_ou_ald"]:
        return "fixe_avec_la_caisse"
    objectif_par_avenant = any(
        medecin.annuelle(f"objectif_{nom}_avenant", annee) > 0 for nom in NOMS_DES_COMPTES
    )
    if eternite["primo_installe"] and rang <= 3 and not objectif_par_avenant:
        return "installation"
    tranche = eternite[f"tranche_{compte}"]
    contractuel = medecin[f"objectif_{compte}_contractuel"]
    initial = medecin[NOMS_DES_COMPTES[compte][0]]
    maintien_contractuel = (
        tranche == "indeterminee" and contractuel > 0 and initial >= 0 and contractuel <= initial
    )
    if tranche == "p95_et_plus" or senior or maintien_contractuel:
        return "maintien"
    return "augmentation"


def lire_depart(medecin: Entrees, compte: str, annee: int, senior_a_maintenir: bool) -> int:
    """Level to compare with, in patients; -1 when not known."""
    avenant: int = medecin.annuelle(f"depart_{compte}_avenant", annee)
    if avenant > 0:
        return avenant
    niveau: int = medecin.annuelle(f"niveau_a_maintenir_{compte}", annee)
    if niveau > 0 and senior_a_maintenir:
        return niveau
    initial: int = medecin[NOMS_DES_COMPTES[compte][0]]
    return initial


def lire_objectif_avenant_7(
    medecin: Entrees, compte: str, annee: int, rang: int, texte_signature: str
) -> int:
    """Target that the rates of avenant 7 give where the contract's is not; 0 when not known."""
    initial: int = medecin[NOMS_DES_COMPTES[compte][0]]
    au_tiers = medecin["option_etp_initiale"] == "tiers_etp"
    # An amendment that changes the option brings a target of its own.
    au_tiers = au_tiers and lire_option_etp(medecin, annee, rang) == "tiers_etp"
    taux = POUR_MILLE_AVENANT_7.get(medecin[f"tranche_objectif_{compte}_declaree"], 0)
    if texte_signature != "avenant_7" or not au_tiers or taux == 0 or initial < 0:
        return 0
    return initial + au_plus_proche(Fraction(initial * taux, 1000))


def lire_objectif(
    medecin: Entrees,
    compte: str,
    annee: int,
    rang: int,
    type_objectif: str,
    depart: int,
    seuils: Percentiles,
    eternite: Mapping[str, Any],
) -> int:
    """Target of one count, in patients; 0 when not known."""
    avenant: int = medecin.annuelle(f"objectif_{compte}_avenant", annee)
    if avenant > 0:
        return avenant
    contractuel: int = medecin[f"objectif_{compte}_contractuel"]
    if type_objectif == "maintien":
        return max(depart, 0)
    if type_objectif == "installation":
        if contractuel > 0:
            return contractuel
        if 50 not in seuils:
            return 0
        module = seuils[50] * exact(medecin["quotite_activite_liberale"])
        return au_plus_proche(max(module, Fraction(seuils[30])))
    if type_objectif == "augmentation" and eternite["primo_installe"] and rang >= 4:
        return 0
    if type_objectif == "augmentation" and contractuel <= 0:
        return lire_objectif_avenant_7(medecin, compte, annee, rang, eternite["texte_signature"])
    if type_objectif in ("augmentation", "fixe_avec_la_caisse"):
        return max(contractuel, 0)
    return 0


def calculer_taux(
    type_objectif: str, observe: int, depart: int, objectif: int, loi: Loi
) -> Fraction:
    """Rate of achievement, not capped; 0 when something that it needs is unknown."""
    if objectif <= 0 or observe < 0:
        return ZERO
    depuis_le_depart = type_objectif in ("augmentation", "fixe_avec_la_caisse")
    if not depuis_le_depart or loi.autrement("base_du_taux"):
        return Fraction(observe, objectif)
    if depart < 0:
        return ZERO
    if objectif > depart:
        return Fraction(observe - depart, objectif - depart)
    if type_objectif == "augmentation":
        return UN if observe >= depart else ZERO
    return Fraction(observe, objectif)


def est_atteint(
    type_objectif: str, observe: int, objectif: int, taux: Fraction, senior: bool, loi: Loi
) -> bool:
    """Whether the objective is reached; False when unknown."""
    if objectif <= 0 or observe < 0:
        return False
    if type_objectif == "maintien":
        if not senior:
            return 100 * observe >= 95 * objectif
        if loi.autrement("borne_tolerance_senior"):
            return 100 * observe >= 90 * objectif
        return 100 * observe > 90 * objectif
    if type_objectif == "installation":
        part = 95 if loi.autrement("installation_seuil") else 100
        return 100 * observe >= part * objectif
    return taux >= Fraction(95, 100)


def est_en_baisse(observe: int, depart: int, loi: Loi) -> bool:
    """Whether the count fell under the start; False when one of them is unknown."""
    if observe < 0 or depart < 0:
        return False
    part_toleree = 95 if loi.autrement("tolerance_augmentation") else 100
    return 100 * observe < part_toleree * depart


def lire_compte(
    medecin: Entrees,
    compte: str,
    eternite: Mapping[str, Any],
    seuils: Percentiles,
    annee: int,
    rang: int,
    senior: bool,
    loi: Loi,
) -> Compte:
    """Objective and achievement of one count for one contract year."""
    type_objectif = lire_type_objectif(medecin, compte, eternite, annee, rang, senior)
    depart = lire_depart(medecin, compte, annee, senior and type_objectif == "maintien")
    objectif = lire_objectif(medecin, compte, annee, rang, type_objectif, depart, seuils, eternite)
    observe: int = medecin.annuelle(NOMS_DES_COMPTES[compte][1], annee)
    taux = calculer_taux(type_objectif, observe, depart, objectif, loi)
    return Compte(
        type_objectif=type_objectif,
        depart=depart,
        objectif=objectif,
        observe=observe,
        p30=seuils.get(30),
        taux=taux,
        atteint=est_atteint(type_objectif, observe, objectif, taux, senior, loi),
        baisse=est_en_baisse(observe, depart, loi),
        supposee=type_objectif == "augmentation"
        and eternite[f"tranche_{compte}"] == "indeterminee"
        and (
            medecin[f"objectif_{compte}_contractuel"] <= 0
            or medecin[NOMS_DES_COMPTES[compte][0]] < 0
        ),
    )


PLEINE_INCONNUE = (UN, False)
PLEINE = (UN, True)
NULLE = (ZERO, True)


def part_installation(comptes: list[Compte], loi: Loi) -> tuple[Fraction, bool]:
    """Illustration 7: share paid to a newly installed doctor, and whether it is known."""
    sous_p30 = False
    for compte in comptes:
        if compte.p30 is None:
            return PLEINE_INCONNUE
        sous_p30 = sous_p30 or compte.observe < compte.p30
    if sous_p30 and not loi.autrement("installation_sous_p30"):
        return NULLE
    if any(compte.objectif == 0 for compte in comptes):
        return PLEINE_INCONNUE
    if any(compte.atteint for compte in comptes):
        return PLEINE
    return max(compte.taux_borne for compte in comptes), True


def part_modulee(comptes: list[Compte], primo_suppose: bool, loi: Loi) -> tuple[Fraction, bool]:
    """Share paid from rank 3 on by the table of 2024 (counts all observed), and if it is known."""
    if comptes[0].type_objectif == "installation":
        return PLEINE_INCONNUE if primo_suppose else part_installation(comptes, loi)
    if any(c.supposee or c.objectif == 0 or (c.depart_utile and c.depart < 0) for c in comptes):
        return PLEINE_INCONNUE
    meilleur = max(compte.taux_borne for compte in comptes)
    types = {compte.type_objectif for compte in comptes}
    if types == {"maintien"}:
        return PLEINE if any(compte.atteint for compte in comptes) else (meilleur, True)
    if types == {"maintien", "augmentation"}:
        maintien, augmentation = sorted(comptes, key=lambda c: c.type_objectif != "maintien")
        tenu = maintien.atteint and not augmentation.manque_avec_baisse
        return PLEINE if tenu else NULLE
    if any(compte.manque_avec_baisse for compte in comptes):
        return NULLE
    return PLEINE if any(compte.atteint for compte in comptes) else (meilleur, True)


def part_avant_2024(comptes: list[Compte], loi: Loi) -> tuple[Fraction, bool]:
    """Alternative before 2024: the best rate, pro rata, no cliff (counts all observed)."""
    for compte in comptes:
        depart_requis = compte.depart_utile and not loi.autrement("base_du_taux")
        if compte.supposee or compte.objectif == 0 or (depart_requis and compte.depart < 0):
            return PLEINE_INCONNUE
    return max(compte.taux_borne for compte in comptes), True


def lire_part_aide(
    rang: int,
    decidee: Fraction,
    tous: Iterable[Compte],
    primo_suppose: bool,
    texte: str,
    loi: Loi,
) -> tuple[Fraction, bool]:
    """Share of the aid paid for the contract year, and whether it is known."""
    if rang == 0:
        return NULLE
    if decidee >= 0:
        return min(decidee, UN), True
    if rang <= 2:
        return PLEINE
    comptes = [compte for compte in tous if compte.type_objectif != "sans_objet"]
    if any(compte.observe < 0 for compte in comptes):
        return PLEINE_INCONNUE
    if texte != "convention_2024" and loi.autrement("modulation_avant_2024"):
        return part_avant_2024(comptes, loi)
    return part_modulee(comptes, primo_suppose, loi)


# --- Section 7: payments ----------------------------------------------------------------------


def part_acompte(texte: str, option: str, rang: int, loi: Loi) -> Fraction:
    """Share of the maximum aid that is paid in advance."""
    comme_les_autres = texte != "convention_2024" and loi.autrement("acompte_tiers_etp_avant_2024")
    if option == "tiers_etp" and not comme_les_autres:
        return Fraction(7, 10)
    if rang == 1 and texte == "avenant_7":
        return Fraction(7, 10)
    return UN if rang <= 2 else DEMI


def lire_versements(
    medecin: Entrees,
    texte: str,
    option: str,
    rang: int,
    aide_maximale: Fraction,
    aide_due: Fraction,
    loi: Loi,
) -> dict[str, Any]:
    """Advance, balance, recovery (euros) and dates of payment of a contract year."""
    if rang == 0:
        return {
            "acompte": ZERO,
            "solde": ZERO,
            "recuperation": ZERO,
            "date_versement_acompte": JAMAIS,
            "date_versement_solde": JAMAIS,
        }
    signature: date = medecin["date_signature"]
    resiliation: date = medecin["date_resiliation"]
    anniversaire = plus_annees(signature, rang - 1)
    date_acompte = plus_mois(anniversaire, DELAI_ACOMPTE_EN_MOIS[texte])
    avec_acompte = option == "tiers_etp" and loi.autrement("solde_tiers_etp")
    date_solde = date_acompte if avec_acompte else plus_annees(signature, rang)
    acompte = ZERO
    if resiliation > date_acompte:
        acompte = au_centime(part_acompte(texte, option, rang, loi) * aide_maximale)
    solde = aide_due - acompte
    if loi.autrement("solde_negatif"):
        solde = max(solde, ZERO)
    return {
        "acompte": acompte,
        "solde": solde,
        "recuperation": max(-solde, ZERO),
        "date_versement_acompte": date_acompte,
        "date_versement_solde": min(date_solde, resiliation),
    }


def lire_fraction_couverte(medecin: Entrees, rang: int) -> Fraction:
    """Days run before the early end over days of the contract year; 1 without an early end."""
    resiliation: date = medecin["date_resiliation"]
    if rang == 0:
        return UN
    debut = plus_annees(medecin["date_signature"], rang - 1)
    suivant = plus_annees(medecin["date_signature"], rang)
    if resiliation >= suivant:
        return UN
    return Fraction((resiliation - debut).days, (suivant - debut).days)


# --- One doctor -------------------------------------------------------------------------------


def lire_annee(
    medecin: Entrees,
    eternite: Mapping[str, Any],
    seuils: Mapping[str, Percentiles],
    annee: int,
    loi: Loi,
) -> dict[str, Any]:
    """Every yearly variable of the contract year that starts in ``annee``, cash by year apart."""
    rang = lire_rang(medecin, eternite, annee)
    anniversaire = plus_annees(medecin["date_signature"], rang - 1) if rang else JAMAIS
    texte = loi.texte(anniversaire)

    option = lire_option_etp(medecin, annee, rang)
    accessible = lire_option_accessible(medecin, option, annee, rang, texte, loi)
    ouvert = (
        eternite["eligible"]
        and rang > 0
        and accessible
        and eternite["remplacement_secretaire_conforme"]
    )
    tranche = eternite["tranche_patientele"]
    indeterminee = any(
        eternite[f"tranche_{compte}"] == "indeterminee"
        for compte in comptes_de_la_tranche(medecin, loi)
    )
    maximale = montant(texte, option, tranche, rang) if ouvert else ZERO

    senior = lire_maintien_senior(
        medecin, eternite["texte_signature"], texte, anniversaire, annee, loi
    )
    comptes = {
        nom: lire_compte(medecin, nom, eternite, seuils[nom], annee, rang, senior, loi)
        for nom in NOMS_DES_COMPTES
    }
    decidee = exact(medecin.annuelle("part_aide_decidee", annee))
    suppose = eternite["primo_installe_suppose"]
    part, part_connue = lire_part_aide(rang, decidee, comptes.values(), suppose, texte, loi)
    couverte = lire_fraction_couverte(medecin, rang)
    due = au_centime(maximale * part * couverte)

    resultat: dict[str, Any] = {
        "texte_annee": texte,
        "rang_annee_contrat": rang,
        "date_anniversaire": anniversaire,
        "option_etp": option,
        "option_accessible": accessible,
        "droit_ouvert": ouvert,
        "aide_maximale_plancher": ouvert and indeterminee and tranche != "p95_et_plus",
        "aide_maximale": maximale,
        "maintien_senior": senior,
        "part_aide_versee": part,
        "part_aide_connue": part_connue,
        "part_aide_hypothese": rang >= 3 and texte != "convention_2024",
        "fraction_annee_couverte": couverte,
        "aide_due": due,
        "aide_perdue": au_centime(maximale * couverte) - due,
        "reste_a_charge": exact(medecin.annuelle("cout_employeur_annuel", annee)) - due,
        "date_point_d_etape": lire_point_d_etape(medecin, eternite, annee),
    }
    for nom, compte in comptes.items():
        resultat |= {
            f"type_objectif_{nom}": compte.type_objectif,
            f"depart_{nom}": compte.depart,
            f"objectif_{nom}": compte.objectif,
            f"taux_atteinte_{nom}": compte.taux,
            f"objectif_{nom}_atteint": compte.atteint,
            f"baisse_{nom}": compte.baisse,
        }
    return resultat | lire_versements(medecin, texte, option, rang, maximale, due, loi)


def verser(annees_lues: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], Fraction]:
    """Euros paid by (year, month), advances and balances of the contract years given."""
    caisse: dict[tuple[int, int], Fraction] = {}
    for lue in annees_lues:
        if lue["rang_annee_contrat"] == 0:  # nothing is paid, on no date
            continue
        for somme in ("acompte", "solde"):
            jour: date = lue[f"date_versement_{somme}"]
            mois = (jour.year, jour.month)
            caisse[mois] = caisse[mois] + lue[somme] if mois in caisse else lue[somme]
    return caisse


def lire(
    medecin: dict[str, Any],
    annees: Iterable[int],
    *,
    convention_2024: bool,
    alternatives: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Read the whole specification for one doctor.

    ``medecin``: input name -> value (yearly inputs: ``{year: value}``), a missing name or year
    being the default; ``membres_du_cabinet`` is the number of members of the cabinet.
    ``convention_2024``: with the reform, or the base model where the law of 2023 goes on.
    ``alternatives``: readings of section 8 whose alternative holds.

    Returns ``{variable: value}`` for what holds for the contract, ``{variable: {year: value}}``
    for yearly variables, and ``aide_versee``: ``{(year, month): euros}``.
    Raises ``ValueError`` on an unknown input, speciality or reading.
    """
    inconnues = alternatives - ALTERNATIVES
    if inconnues:
        raise ValueError(f"Lectures inconnues : {sorted(inconnues)}")
    loi = Loi(convention_2024, alternatives)
    entrees = Entrees(medecin)

    eternite = lire_contrat(entrees, loi)
    texte = eternite["texte_signature"]
    seuils = {nom: percentiles(entrees, texte, nom, loi) for nom in NOMS_DES_COMPTES}
    eternite |= lire_tranches(entrees, texte, seuils, loi)
    eternite |= lire_eligibilite(entrees, texte, seuils, eternite, loi)

    demandees = sorted(set(annees))
    # What is paid in a calendar year comes from the contract years of that year and the one before.
    utiles = sorted({annee - ecart for annee in demandees for ecart in (0, 1)})
    lues = {annee: lire_annee(entrees, eternite, seuils, annee, loi) for annee in utiles}
    caisse = verser(lues.values())

    resultat: dict[str, Any] = dict(eternite)
    for annee in demandees:
        for nom, valeur in lues[annee].items():
            resultat.setdefault(nom, {})[annee] = valeur
    versee = {
        (annee, mois): caisse.get((annee, mois), ZERO)
        for annee in demandees
        for mois in range(1, 13)
    }
    resultat["aide_versee"] = versee
    resultat["depense_annuelle"] = {
        annee: sum((euros for (an, _), euros in caisse.items() if an == annee), ZERO)
        for annee in demandees
    }
    return resultat
