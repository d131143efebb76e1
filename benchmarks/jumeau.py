"""The twin: the yearly figures of the model, hard-coded in NumPy by hand.

It is the yard-stick of the model's speed: what an analyst would write who knows both laws by heart
and will never change them. Same inputs and outputs, default readings only, money right to the cent,
each doctor alone in their cabinet.

Each rule of the documents is worked out once for all doctors, whole arrays at a time; dates become
day numbers once; what does not change from year to year is out of the loop; a figure of law is one
`take` in a dense table; nothing is copied that need not be. No rule is folded into another, and no
row is set apart: the twin does the arithmetic of the model, without a model around it.

Days lie between 1900-01-01 and 2199-12-31, or are 9999-12-31.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Tableau: TypeAlias = NDArray[Any]
Colonnes: TypeAlias = Mapping[Any, Tableau]
Cle: TypeAlias = tuple[str, int | None]

SORTIES_PERMANENTES = ("eligible", "motif_ineligibilite", "tranche_patientele")
SORTIES_ANNUELLES = (
    *("rang_annee_contrat", "objectif_pmt", "objectif_pfa", "aide_maximale"),
    *("taux_atteinte_pmt", "taux_atteinte_pfa", "part_aide_versee"),
    *("aide_due", "acompte", "solde", "depense_annuelle"),
)
INITIAUX = {"pmt": "patientele_mt_initiale", "pfa": "file_active_initiale"}
OBSERVES = {"pmt": "patientele_mt", "pfa": "file_active"}
MOTS = ("objectif", "depart")

# --- Codes, in the order of `nomenclatures.py` ----------------------------------------------------

AUCUN_TEXTE, AVENANT_7, ARBITRAL, CONVENTION = range(4)
TIERS, DEMI, UN, UN_ET_DEMI, DEUX, SANS_AVENANT = range(6)
HORS_ZONE, ZAC, ZIP = range(3)
SECTEUR_2_OPTAM = 1
GENERALISTE, MEP, PEDIATRE = 0, 1, 8
PREMIERE_CHIRURGIE, AUTRE, PREMIERE_EXCLUE, SPECIALITES = 20, 23, 24, 30
MOINS_DE_P30, P30_P90, INDETERMINEE, P90_P95, P95_ET_PLUS = range(5)
SANS_OBJET, AUGMENTATION, MAINTIEN, INSTALLATION, FIXE = range(5)
NON_DECLAREE = 4
AUCUN_MOTIF = 0

# --- Figures of law -------------------------------------------------------------------------------

# First day of each text, in days since 1970.
ENTREES = np.array(["2019-08-20", "2023-05-01", "2024-06-22"], dtype="datetime64[D]").view(np.int64)
AUCUN_JOUR = int(np.datetime64("9999-12-31", "D").astype(np.int64))
DUREE, PROROGATION = 5, 5  # years
RANG_MODULE, RANG_INSTALLATION = 3, 3  # from, up to
MOIS_INSTALLATION, MOIS_SECRETAIRE, MOIS_CARENCE = 12, 6, 24
AGE_SENIOR = 65
PART_CLINIQUE = 0.80
DELAI_ACOMPTE = np.array([0, 0, 1, 2])  # months, by text
SEUIL, SEUIL_SENIOR = 0.95, 0.90

# €, by option: ranks 1, 2, 3 and more; P90-P95 at ranks 3 and more; P95 at any rank.
MONTANTS_2019 = {
    TIERS: (12_000, 9_000, 7_000, 8_350, 12_000),
    DEMI: (18_000, 13_500, 10_500, 12_500, 18_000),
    UN: (36_000, 27_000, 21_000, 25_000, 36_000),
}
MONTANTS_2024 = {
    TIERS: (0, 9_450, 7_350, 8_767, 12_600),
    DEMI: (19_000, 14_000, 11_000, 13_000, 19_000),
    UN: (38_000, 28_000, 22_000, 26_000, 38_000),
    UN_ET_DEMI: (0, 0, 33_000, 39_000, 57_000),
    DEUX: (0, 0, 44_000, 52_000, 76_000),
}
# Advance, as a share of the amount, at ranks 0, 1, 2, 3 and more.
ACOMPTES = {AVENANT_7: (0, 0.7, 1, 0.5), ARBITRAL: (0, 1, 1, 0.5), CONVENTION: (0, 1, 1, 0.5)}
ACOMPTE_TIERS = (0, 0.7, 0.7, 0.7)

# By declared band of the objective of avenant 7: part of the start to gain at 1/3, 0 where not
# known; the wider band; whether it lies between P50 and P90.
PARTS_AU_TIERS = np.array([0.2, 0.15, 0.075, 0, 0])
TRANCHES_LARGES = np.array([1, 1, 1, 2, 4], dtype=np.uint8)
AU_DELA_DE_P50 = np.array([False, True, True, False, False])

# Percentiles (patients): P30, P50, P90, P95; not published = above any count.
NC = 2**31 - 1
GENERALISTE_PMT_AVENANT_7 = (640, NC, 1503, 1721)
GENERALISTE_PMT, GENERALISTE_PFA = (775, 1045, 1858, 2187), (1219, 1514, 2587, 3207)
PEDIATRE_PMT = (51, NC, NC, NC)
P30_PFA = (  # from `mep` on
    *(1025, 1457, 1916, 1519, 1270, 694, 2060, 949, 1385, 1215),
    *(3151, 612, 1076, 173, 477, 1033, 393, 1608, 1345),
)

# --- Tables ---------------------------------------------------------------------------------------

RANGS = 4  # 0, 1, 2, 3 and more


def _tables_des_montants() -> tuple[Tableau, Tableau]:
    """Amounts and advances (€) by text × option × band × rank, float64, flat."""
    montants = np.zeros((4, 5, 5, RANGS))
    acomptes = np.zeros_like(montants)
    for texte, parts in ACOMPTES.items():
        bareme = MONTANTS_2024 if texte == CONVENTION else MONTANTS_2019
        for option, (rang_1, rang_2, rang_3, p90, p95) in bareme.items():
            montants[texte, option] = (0, rang_1, rang_2, rang_3)
            montants[texte, option, P90_P95, 3] = p90
            montants[texte, option, P95_ET_PLUS, 1:] = p95
        montants[texte, UN_ET_DEMI:, :, :3] = 0  # not before rank 3
        acomptes[texte] = montants[texte] * parts
        acomptes[texte, TIERS] = montants[texte, TIERS] * ACOMPTE_TIERS
    return montants.ravel(), acomptes.ravel()


def _tables_des_percentiles() -> tuple[Tableau, Tableau]:
    """P30, P50, P90, P95 of PMT and of PFA by text × speciality, shape (4, 120), int32."""
    pmt = np.full((4, 4, SPECIALITES), NC, dtype=np.int32)
    pfa = pmt.copy()
    pmt[:, AVENANT_7, GENERALISTE] = GENERALISTE_PMT_AVENANT_7
    for texte in (ARBITRAL, CONVENTION):
        pmt[:, texte, GENERALISTE] = GENERALISTE_PMT
        pmt[:, texte, PEDIATRE] = PEDIATRE_PMT
        pfa[:, texte, GENERALISTE] = GENERALISTE_PFA
        pfa[0, texte, MEP : MEP + len(P30_PFA)] = P30_PFA
    return pmt.reshape(4, -1), pfa.reshape(4, -1)


def _table_des_tranches(percentiles: Tableau) -> Tableau:
    """Band by text × speciality and number of marks (0, P30, P90, P95) reached, uint8, flat."""
    p30, _, p90, _ = percentiles
    tranches = np.full((len(p30), 5), INDETERMINEE, dtype=np.uint8)
    tranches[p30 < NC, 1] = MOINS_DE_P30
    tranches[p90 < NC, 2:] = (P30_P90, P90_P95, P95_ET_PLUS)
    return tranches.ravel()


MONTANTS, MONTANTS_ACOMPTE = _tables_des_montants()
PERCENTILES = dict(zip(("pmt", "pfa"), _tables_des_percentiles(), strict=True))
TRANCHES = {nom: _table_des_tranches(percentiles) for nom, percentiles in PERCENTILES.items()}

# --- Calendar: days since 1970, int64 -------------------------------------------------------------

_PREMIER_MOIS = np.datetime64("1900-01", "M")
_DEBUT_DU_MOIS = np.arange(_PREMIER_MOIS, np.datetime64("2300-02", "M")).astype("M8[D]").view("i8")
_JOURS = np.arange(_DEBUT_DU_MOIS[0], _DEBUT_DU_MOIS[300 * 12])
# Of each day from 1900 to 2199: month since 1900, day of the month from 0, year.
_MOIS = np.repeat(np.arange(300 * 12), np.diff(_DEBUT_DU_MOIS[: 300 * 12 + 1]))
_QUANTIEME = _JOURS - _DEBUT_DU_MOIS[_MOIS]
_ANNEE = _MOIS // 12 + 1900


def _lire(table: Tableau, jours: Tableau) -> Tableau:
    """A table of the days at some of them; days outside read its ends."""
    return np.asarray(table.take(jours - _JOURS[0], mode="clip"))


def mois_de(jours: Tableau) -> Tableau:
    """Months since January 1900 of days."""
    return _lire(_MOIS, jours)


def _jour(mois: Tableau, quantieme: Tableau) -> Tableau:
    """The day of that number in a month, or the last one of a shorter month."""
    debut = _DEBUT_DU_MOIS.take(mois)
    return np.asarray(debut + np.minimum(quantieme, _DEBUT_DU_MOIS.take(mois + 1) - debut - 1))


def _plus_mois(jours: Tableau, mois: Tableau | int) -> Tableau:
    """Days plus whole months."""
    return _jour(_lire(_MOIS, jours) + mois, _lire(_QUANTIEME, jours))


def _choisir(masque: Tableau, oui: Any, non: Any) -> Tableau:
    """`np.where` of whole numbers, without a branch."""
    return np.asarray(non + (oui - non) * masque)


# --- Contracts: what does not change from year to year --------------------------------------------


class _Compte(NamedTuple):
    """Permanent facts on one count, patients, shapes (n,)."""

    initial: Tableau  # start, -1 = not given
    contractuel: Tableau  # target of the contract, 0 = not given
    bareme: Tableau  # target of avenant 7, 0 = not known
    engage: Tableau  # the doctor commits on this count
    a_maintenir: Tableau  # it is to be kept, because of its band or of its target
    supposee: Tableau  # neither its band nor its contract says whether it is to be kept
    p30: Tableau  # 0 = not published
    mediane: Tableau  # what a newcomer is to reach, 0 = not published
    dite: Tableau  # the CPAM has told the band


class Contrats(NamedTuple):
    """Permanent facts, shapes (n,)."""

    signature: Tableau
    mois: Tableau  # of the signature, since 1900
    quantieme: Tableau  # of the signature, day of the month from 0
    fin: Tableau  # of the contract, an early end not counted
    resiliation: Tableau
    texte: Tableau  # at the signature
    motif: Tableau
    tranche: Tableau
    tranche_pmt: Tableau
    tranche_pfa: Tableau
    droit: Tableau  # eligible, and the secretary replaced
    primo: Tableau
    primo_suppose: Tableau  # for want of the count at the start
    jour_senior: Tableau  # 65th birthday
    pmt: _Compte
    pfa: _Compte


def _jours(colonnes: Colonnes, nom: str) -> Tableau:
    """A column of days, in days since 1970, int64, no copy."""
    return colonnes[nom].view(np.int64)


def _texte(jours: Tableau, convention_2024: bool) -> Tableau:
    """Text in force, uint8; none on the day that means none."""
    texte: Tableau = (jours >= ENTREES[0]).view(np.uint8) + (jours >= ENTREES[1])
    if convention_2024:
        texte += jours >= ENTREES[2]
    texte *= jours < AUCUN_JOUR
    return texte


def contrats(colonnes: Colonnes, convention_2024: bool) -> Contrats:
    """The permanent facts of every doctor."""
    signature = _jours(colonnes, "date_signature")
    texte = _texte(signature, convention_2024)
    specialite = colonnes["specialite"]
    cle = texte.astype(np.intp) * SPECIALITES + specialite
    generaliste = specialite == GENERALISTE
    deux_comptes = generaliste | (specialite == PEDIATRE)
    engage = deux_comptes | (specialite == MEP)
    avenant_7 = texte == AVENANT_7
    tiers = avenant_7 & (colonnes["option_etp_initiale"] == TIERS)
    pmt, tranche_pmt, petite_pmt = _compte(colonnes, "pmt", cle, engage, avenant_7, tiers)
    pfa, tranche_pfa, petite_pfa = _compte(
        colonnes, "pfa", cle, np.ones_like(engage), avenant_7, tiers
    )

    installation = _jours(colonnes, "date_installation")
    primo = (installation <= signature) & (signature <= _plus_mois(installation, MOIS_INSTALLATION))
    primo &= (generaliste & petite_pmt) | (~generaliste & petite_pfa)
    suppose = primo & np.where(
        generaliste,
        (pmt.initial < 0) & (tranche_pmt != MOINS_DE_P30),
        (pfa.initial < 0) & (tranche_pfa != MOINS_DE_P30),
    )
    actif = colonnes["rqth_ou_ald"] | primo
    actif |= deux_comptes & (tranche_pmt > MOINS_DE_P30)
    actif |= ~generaliste & (tranche_pfa > MOINS_DE_P30)
    motif = _motif(colonnes, texte, actif)

    mois, quantieme = _lire(_MOIS, signature), _lire(_QUANTIEME, signature)
    duree = DUREE + PROROGATION * colonnes["prorogation_signee"]
    fin = _jour(mois + 12 * duree, quantieme)
    fin = _choisir((texte == CONVENTION) | (texte == AUCUN_TEXTE), AUCUN_JOUR, fin)
    return Contrats(
        signature=signature,
        mois=mois,
        quantieme=quantieme,
        fin=fin,
        resiliation=_jours(colonnes, "date_resiliation"),
        texte=texte,
        motif=motif,
        tranche=np.maximum(tranche_pfa, tranche_pmt * deux_comptes),
        tranche_pmt=tranche_pmt,
        tranche_pfa=tranche_pfa,
        droit=(motif == AUCUN_MOTIF) & _secretaire_remplace(colonnes),
        primo=primo,
        primo_suppose=suppose,
        jour_senior=_plus_mois(_jours(colonnes, "date_naissance"), 12 * AGE_SENIOR),
        pmt=pmt,
        pfa=pfa,
    )


def _compte(
    colonnes: Colonnes,
    nom: str,
    cle: Tableau,
    engage: Tableau,
    avenant_7: Tableau,
    tiers: Tableau,
) -> tuple[_Compte, Tableau, Tableau]:
    """Facts on one count, its band, and whether it is under the median, shapes (n,)."""
    percentiles, tranches = PERCENTILES[nom], TRANCHES[nom]
    initial, contrat = colonnes[INITIAUX[nom]], colonnes[f"objectif_{nom}_contractuel"]
    p30, p50, p90, p95 = (percentile.take(cle) for percentile in percentiles)
    marques = (initial >= 0).view(np.uint8) + (initial >= p30)
    marques += initial >= p90
    marques += initial >= p95
    declaree, etroite = (
        colonnes[f"tranche_{milieu}_declaree"] for milieu in (nom, f"objectif_{nom}")
    )
    dite_seule = avenant_7 & (declaree == NON_DECLAREE)
    declaree = _choisir(dite_seule, TRANCHES_LARGES.take(etroite), declaree)
    # The declared bands are in the same order, without `indeterminee`.
    annoncee = declaree + (declaree >= INDETERMINEE)
    dite = declaree < NON_DECLAREE
    tranche = _choisir(dite, annoncee, tranches.take(cle * 5 + marques))
    # A start that is not given, -1, or a median that is not published, NC, is favourable.
    petite = ((initial < p50) | (declaree == MOINS_DE_P30)) & (tranche < P90_P95)
    petite &= ~(avenant_7 & AU_DELA_DE_P50.take(etroite))
    sans_hausse = (contrat > 0) & (contrat <= initial)
    a_maintenir = (tranche == P95_ET_PLUS) | ((tranche == INDETERMINEE) & sans_hausse)
    supposee = (tranche == INDETERMINEE) & ~((contrat > 0) & (initial >= 0))
    # Pro rata, from a share in whole millionths: exact, half up; at least P30.
    millioniemes = np.rint(colonnes["quotite_activite_liberale"] * 1_000_000)
    mediane = np.floor(millioniemes * p50 / 1_000_000 + 0.5).astype(np.int32)
    mediane = np.maximum(mediane, p30) * (p50 < NC)
    part = PARTS_AU_TIERS.take(etroite) * tiers
    gain = np.floor(part * initial + 0.5 + 5e-7).astype(np.int32)
    bareme = (initial + gain) * ((part > 0) & (initial >= 0))
    p30 = p30 * (p30 < NC)
    compte = _Compte(initial, contrat, bareme, engage, a_maintenir, supposee, p30, mediane, dite)
    return compte, tranche, petite


def _motif(colonnes: Colonnes, texte: Tableau, actif: Tableau) -> Tableau:
    """First condition of eligibility that fails, uint8, shape (n,)."""
    specialite, option = colonnes["specialite"], colonnes["option_etp_initiale"]
    chirurgie = (specialite >= PREMIERE_CHIRURGIE) & (specialite < AUTRE)
    hors_zone = (texte == AVENANT_7) & (colonnes["zone"] == HORS_ZONE)
    fermee = (option > UN) & (texte < CONVENTION)
    fermee |= (option == TIERS) & (texte > AVENANT_7)
    fermee |= (option == UN) & hors_zone
    fin = _plus_mois(_jours(colonnes, "date_resiliation_contrat_precedent"), MOIS_CARENCE)
    carence = colonnes["carence_applicable"] & (texte == CONVENTION)
    carence &= _jours(colonnes, "date_signature") < fin
    manques = (  # in the order of their codes, from 1 on
        texte == AUCUN_TEXTE,
        specialite >= PREMIERE_EXCLUE,
        chirurgie & ~(colonnes["part_honoraires_cliniques"] > PART_CLINIQUE),
        colonnes["secteur_conventionnel"] > SECTEUR_2_OPTAM,
        ~actif,
        hors_zone & ~colonnes["exercice_regroupe_declare"],
        fermee,
        carence,
    )
    motif = np.full_like(texte, AUCUN_MOTIF)
    for code in range(len(manques), 0, -1):
        motif = _choisir(manques[code - 1], np.uint8(code), motif)
    return motif


def _secretaire_remplace(colonnes: Colonnes) -> Tableau:
    """Whether a secretary who became the assistant was replaced as due, bool, shape (n,)."""
    recrutement = _jours(colonnes, "date_recrutement_assistant")
    signature = _jours(colonnes, "date_signature")
    debut = _choisir(recrutement == AUCUN_JOUR, signature, recrutement)
    remplacement = _jours(colonnes, "date_remplacement_secretaire")
    a_temps = remplacement <= _plus_mois(debut, MOIS_SECRETAIRE)
    suffisant = colonnes["quotite_remplacement"] >= colonnes["quotite_secretaire"]
    remplace = a_temps & (remplacement < AUCUN_JOUR) & suffisant
    return ~colonnes["secretaire_devenu_assistant"] | remplace


# --- A contract year ------------------------------------------------------------------------------


class _Resultat(NamedTuple):
    """One count in one year, shapes (n,)."""

    nature: Tableau  # of the objective, uint8
    cible: Tableau  # patients, 0 = not known
    connu: Tableau  # the target, the start that it needs, and what it asks for, are known
    taux: Tableau
    atteint: Tableau
    baisse: Tableau  # under the start


def _nature(
    compte: _Compte, engage: Tableau, fixe: Tableau, installation: Tableau, senior: Tableau
) -> Tableau:
    """Nature of the objective, the first line that fits, uint8, shape (n,)."""
    a_maintenir = compte.a_maintenir | senior
    nature = _choisir(a_maintenir, np.uint8(MAINTIEN), np.uint8(AUGMENTATION))
    nature = _choisir(installation, np.uint8(INSTALLATION), nature)
    nature = _choisir(fixe, np.uint8(FIXE), nature)
    return nature * engage


def _compter(
    colonnes: Colonnes,
    annee: int,
    nom: str,
    compte: _Compte,
    nature: Tableau,
    senior: Tableau,
    a_fixer: Tableau,
    meme_option: Tableau,
) -> _Resultat:
    """Target, rate and result of one count."""
    observe = colonnes[OBSERVES[nom], annee]
    avenant, nouveau_depart = (colonnes[f"{mot}_{nom}_avenant", annee] for mot in MOTS)
    niveau = colonnes[f"niveau_a_maintenir_{nom}", annee]
    maintien, augmentation = nature == MAINTIEN, nature == AUGMENTATION
    installation = nature == INSTALLATION
    progression = augmentation | (nature == FIXE)

    depart = _choisir(maintien & senior & (niveau > 0), niveau, compte.initial)
    depart = _choisir(nouveau_depart > 0, nouveau_depart, depart)
    cible = compte.contractuel
    cible = _choisir(augmentation & (cible <= 0) & meme_option, compte.bareme, cible)
    cible *= ~(augmentation & a_fixer)
    cible = _choisir(installation & (cible <= 0), compte.mediane, cible)
    cible = _choisir(maintien, np.maximum(depart, 0), cible)
    cible *= nature != SANS_OBJET
    cible = _choisir(avenant > 0, avenant, cible)

    connu = (cible > 0) & ~(progression & (depart < 0))
    observable = connu & (observe >= 0)
    hausse = progression & (cible > depart)
    deja_la = augmentation & ~hausse
    base = depart * hausse
    gagne, a_gagner = observe - base, np.maximum(cible - base, 1)
    garde = observe >= depart
    taux = np.where(deja_la, garde, gagne / a_gagner) * observable

    # Half a millionth: under the least gap between two shares of counts.
    atteint = gagne >= SEUIL * a_gagner - 5e-7
    atteint = (deja_la & garde) | (~deja_la & atteint)
    tenu = observe > SEUIL_SENIOR * cible + 5e-7
    par_senior = maintien & senior
    atteint = (par_senior & tenu) | (~par_senior & atteint)
    atteint = (installation & (observe >= cible)) | (~installation & atteint)
    baisse = (observe >= 0) & (depart >= 0) & ~garde
    connu &= ~(augmentation & compte.supposee)
    return _Resultat(nature, cible, connu, taux, atteint & observable, baisse)


def _part(
    c: Contrats,
    colonnes: Colonnes,
    annee: int,
    rang: Tableau,
    pmt: _Resultat,
    pfa: _Resultat,
) -> tuple[Tableau, Tableau]:
    """Part of the aid that is paid, float64, and whether all it needs is known, shapes (n,)."""
    engage = pmt.nature != SANS_OBJET
    observe_pmt, observe_pfa = colonnes["patientele_mt", annee], colonnes["file_active", annee]
    meilleur = np.maximum(pmt.taux * engage, pfa.taux)
    np.minimum(meilleur, 1, out=meilleur)
    atteint = (engage & pmt.atteint) | pfa.atteint
    base = np.where(atteint, 1.0, meilleur)

    manque_pmt, manque_pfa = ~pmt.atteint & pmt.baisse, ~pfa.atteint & pfa.baisse
    standard = base * ~((engage & manque_pmt) | manque_pfa)
    pmt_maintien, pfa_maintien = pmt.nature == MAINTIEN, pfa.nature == MAINTIEN
    mixte = (pmt_maintien & pmt.atteint & ~manque_pfa) | (~pmt_maintien & pfa.atteint & ~manque_pmt)
    sous_p30 = (engage & (observe_pmt < c.pmt.p30)) | (observe_pfa < c.pfa.p30)
    p30_connus = (c.pfa.p30 > 0) & ((c.pmt.p30 > 0) | ~engage)

    installation = pfa.nature == INSTALLATION
    maintien = pfa_maintien & (pmt_maintien | ~engage)
    part = np.where(pmt_maintien | pfa_maintien, mixte, standard)
    part = np.where(maintien, base, part)
    part = np.where(installation, base * ~sous_p30, part)
    # What is not known is paid whole.
    observes = (observe_pfa >= 0) & ((observe_pmt >= 0) | ~engage)
    sans_seuil = installation & (~p30_connus | c.primo_suppose)
    cibles = pfa.connu & (pmt.connu | ~engage)
    su = observes & ~sans_seuil & (cibles | (installation & sous_p30))
    part = np.where(su & (rang >= RANG_MODULE), part, 1.0)
    decidee = colonnes["part_aide_decidee", annee]
    part = np.where(decidee >= 0, np.minimum(decidee, 1), part)
    part *= rang > 0
    return part, su


def _option(colonnes: Colonnes, annee: int, rang: Tableau) -> Tableau:
    """Option of a contract year, uint8, shape (n,)."""
    initiale, avenant = colonnes["option_etp_initiale"], colonnes["option_etp_avenant", annee]
    return _choisir((avenant < SANS_AVENANT) & (rang > 1), avenant, initiale)


def _maximum(
    c: Contrats, colonnes: Colonnes, annee: int, rang: Tableau, texte: Tableau, option: Tableau
) -> tuple[Tableau, Tableau, Tableau]:
    """Maximum and advance of a contract year, €, and whether its option is open, shapes (n,)."""
    initiale = colonnes["option_etp_initiale"]
    zone = colonnes["zone"]
    superieure = (zone == ZIP) & (colonnes["specialite"] == GENERALISTE)
    superieure &= colonnes["contrat_un_etp_anterieur", annee]
    superieure &= colonnes["objectifs_integralement_atteints", annee]
    accessible = (option <= UN) | superieure
    accessible &= (option != TIERS) | (initiale == TIERS)
    accessible &= (option != UN) | (zone != HORS_ZONE) | (texte > AVENANT_7)
    case = (texte.astype(np.intp) * 5 + option) * 5 + c.tranche
    case *= RANGS
    case += np.minimum(rang, RANG_MODULE)
    case *= c.droit & accessible
    return MONTANTS.take(case), MONTANTS_ACOMPTE.take(case), accessible


def au_centime(euros: Tableau) -> Tableau:
    """Euros to the cent, half up, in place."""
    euros *= 100
    euros += 0.5 + 1e-8
    np.floor(euros, out=euros)
    euros /= 100
    return euros


class Annee(NamedTuple):
    """A contract year, shapes (n,); the first ten in the order of `SORTIES_ANNUELLES`."""

    rang: Tableau
    objectif_pmt: Tableau
    objectif_pfa: Tableau
    aide_maximale: Tableau
    taux_pmt: Tableau
    taux_pfa: Tableau
    part: Tableau
    aide_due: Tableau
    acompte: Tableau
    solde: Tableau
    texte: Tableau
    option: Tableau
    accessible: Tableau  # the option is open to the contract
    su: Tableau  # what the part needs is known
    fraction: Tableau  # of the year, that the contract runs
    jour_acompte: Tableau
    jour_solde: Tableau


class _Versements(NamedTuple):
    """What one contract year pays, and in which calendar year, shapes (n,)."""

    acompte: Tableau
    annee_acompte: Tableau
    solde: Tableau
    annee_solde: Tableau


def annee_de_contrat(c: Contrats, colonnes: Colonnes, annee: int, convention_2024: bool) -> Annee:
    """The contract year that starts in a calendar year."""
    mois = c.mois % 12 + (annee - 1900) * 12
    debut, fin = _jour(mois, c.quantieme), _jour(mois + 12, c.quantieme)
    actif = (c.texte > AUCUN_TEXTE) & (debut >= c.signature)
    actif &= (debut < c.fin) & (debut < c.resiliation)
    rang = (annee + 1 - 1900 - c.mois // 12) * actif
    texte = _texte(debut, convention_2024)
    option = _option(colonnes, annee, rang)
    meme_option = option == colonnes["option_etp_initiale"]
    maximum, acompte, accessible = _maximum(c, colonnes, annee, rang, texte, option)

    fixe = colonnes["rqth_ou_ald"]
    senior = (c.texte == CONVENTION) & (c.jour_senior <= c.signature)
    senior |= colonnes["avenant_senior", annee] & (c.jour_senior <= debut)
    senior &= texte == CONVENTION
    sans_avenant = (colonnes["objectif_pmt_avenant", annee] <= 0) & (
        colonnes["objectif_pfa_avenant", annee] <= 0
    )
    installation = c.primo & (rang <= RANG_INSTALLATION) & sans_avenant
    a_fixer = c.primo & (rang > RANG_INSTALLATION)
    resultats = []
    for nom, compte in (("pmt", c.pmt), ("pfa", c.pfa)):
        nature = _nature(compte, compte.engage & actif, fixe, installation, senior)
        resultats.append(
            _compter(colonnes, annee, nom, compte, nature, senior, a_fixer, meme_option)
        )
    pmt, pfa = resultats
    part, su = _part(c, colonnes, annee, rang, pmt, pfa)

    arret = np.minimum(c.resiliation, fin)
    du = maximum * part
    fraction = np.where(arret > debut, (arret - debut) / (fin - debut), 1.0)
    du *= fraction
    au_centime(du)
    jour_acompte = _plus_mois(debut, DELAI_ACOMPTE.take(texte))
    acompte *= c.resiliation > jour_acompte
    solde = au_centime(du - acompte)
    return Annee(
        *(rang, pmt.cible, pfa.cible, maximum, pmt.taux, pfa.taux, part, du, acompte, solde),
        *(texte, option, accessible, su, fraction, jour_acompte, arret),
    )


# --- The whole ------------------------------------------------------------------------------------


def calculer(
    colonnes: Colonnes, annees: Iterable[int], *, convention_2024: bool
) -> dict[Cle, Tableau]:
    """The outputs of the model for n doctors, each with one contract.

    Args:
        colonnes: every input by name, by (name, year) for the yearly ones, shapes (n,): days
            `datetime64[D]`, Enums as uint8 codes, booleans, counts int32 (patients), shares
            float64. None is changed.
        annees: calendar years; what is paid in each needs the inputs of the year before it.
        convention_2024: the law of the reform, else the base.

    Returns:
        Shapes (n,): by (name, None) the permanent outputs, by (name, year) the yearly ones: the
        rank, the targets (patients), the rates and the part paid, the money (€).
    """
    c = contrats(colonnes, convention_2024)
    permanentes = c.motif == AUCUN_MOTIF, c.motif, c.tranche
    sorties: dict[Cle, Tableau] = {
        (nom, None): valeurs for nom, valeurs in zip(SORTIES_PERMANENTES, permanentes, strict=True)
    }
    demandees = set(annees)
    versements: dict[int, _Versements] = {}
    for annee in sorted(demandees | {annee - 1 for annee in demandees}):
        lue = annee_de_contrat(c, colonnes, annee, convention_2024)
        versements[annee] = _Versements(
            lue.acompte,
            _lire(_ANNEE, lue.jour_acompte),
            lue.solde,
            _lire(_ANNEE, lue.jour_solde) * (lue.rang > 0),
        )
        valeurs = lue[: len(SORTIES_ANNUELLES) - 1]
        del lue  # before the next year
        if annee not in demandees:
            continue
        avant = versements.pop(annee - 1)
        depense = np.zeros(len(c.motif))
        for v in (avant, versements[annee]):
            depense += v.acompte * (v.annee_acompte == annee)
            depense += v.solde * (v.annee_solde == annee)
        valeurs = *valeurs, au_centime(depense)
        sorties |= {(nom, annee): v for nom, v in zip(SORTIES_ANNUELLES, valeurs, strict=True)}
    return sorties
