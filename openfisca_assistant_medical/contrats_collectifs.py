"""The collective contract of each practice, year by year: a part of the report of `contrats`.

The report has a key `cabinets` only under a law with the collective aid (reform
`aide_collective_2026`) and where a practice gives the day it signed: one object a practice.

- `id`; `membres`: its doctors, by id; `situation`: its inputs, `{variable: {period: value}}`.
- `source`: "secondaire", how sure all of it is: a commercial site, and no official text.
- `resultats`: one object a law that has the collective aid. `loi`: its id; the variables of
  `CONTRAT`, without « aide_collective_ »; `adhesions`: one object a doctor of the practice,
  `medecin` (id) and the variables of `ADHESION`; `annees`: one object a calendar year, `annee`,
  the variables of `ANNEE`, `adherents` (ids) and `installes`, `[{"medecin", "atteinte",
  "connue"}]`, the newly installed who must have reached the median; `total`: sums of `MONTANTS`
  over these years; `notes`: `[{"code", "annees", "texte"}]`.

Money is in euros, shares are between 0 and 1, dates are ISO, Enums are names. Null: no such date,
a count, a target or a number of full times that is not known, or the counts, targets and rates of a
calendar year in which no year of the contract starts.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from openfisca_assistant_medical.affichage import (
    jour,
    libelle,
    minuscule,
    noter,
    pourcent,
    suite,
)
from openfisca_assistant_medical.annees import premieres_annees
from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.valeurs import TOUJOURS

_SIGNATURE = "date_signature"
CONTRAT = (
    _SIGNATURE,
    "societe",
    "eligible",
    "motif",
    "eligibilite_connue",
    "signataires",
    "pmt_moyenne",
    "plafond_signature",
    "date_fin",
    "date_resiliation",
)
ADHESION = (
    "date_adhesion",
    "date_sortie",
    "entree_effective",
    "fin_adhesion",
    "motif_adhesion",
    "adhesion_effective",
    "primo_installe",
    "fin_carence",
    "cumul_ulterieur",
    "carence_a_declarer",
)
MONTANTS = ("maximale", "due")
_COMPTES = tuple(
    nom.format(compte)
    for compte in ("pmt", "pfa")
    for nom in ("depart_{}", "gain_{}", "objectif_{}", "{}_groupe", "taux_{}")
)
ANNEE = (
    "rang_annee",
    "debut_annee",
    "droit_ouvert",
    "etp",
    "etp_connus",
    "etp_reduits",
    "etp_avec_objectif",
    "montant_par_etp",
    *_COMPTES,
    "baisse_pmt",
    "baisse_pfa",
    "annee_proratisee",
    "annee_renouvelee",
    "part_versee",
    "part_connue",
    "part_hypothese",
    "resiliation_possible",
    "sous_p30",
    "fraction_courue",
    *MONTANTS,
)
SECONDAIRE = (
    "Aide collective : source secondaire, un site commercial qui cite ameli.fr (MESDOCS), sans "
    "texte officiel pour la confirmer. Elle va à la société, et n’entre pas dans l’aide due aux "
    "médecins."
)
_REMEDES = {
    "aucun_texte": "L’aide collective n’existe pas encore ce jour-là. Remède : vérifier la date de "
    "signature du cabinet.",
    "societe": "Seules une SCP, une SCM ou une SISA peuvent signer. Remède : signer par l’une "
    "d’elles.",
    "aucun_adherent": "Aucun médecin admis n’adhère le jour de la signature. Remède : donner la "
    "date d’adhésion de chaque médecin, et voir plus bas ce qui manque à qui n’est pas admis.",
    "patientele_insuffisante": "La PMT moyenne du groupe doit atteindre le 30e percentile. "
    "Remède : signer une fois ce seuil atteint.",
}
Resultat = dict[str, Any]


class Calcul(Protocol):
    """What is asked of a situation computed under one law."""

    loi: str
    medecins: list[str]
    cabinets: list[str]

    def lire(self, variable: str, periode: Any, rang: int) -> Any:
        """Value of a doctor, or of a practice, by its rank."""

    def membres(self, rang: int) -> list[int]:
        """Ranks of the doctors of a practice."""


def contrats_collectifs(
    calculs: list[Any], cabinets: dict[str, Any], annees: range | None
) -> list[Resultat]:
    """The collective contracts of the practices that have one, as documented at the top.

    Args:
        calculs: the situation under each law that has the collective aid; none = no contract.
        cabinets: the practices, in their canonical form.
        annees: years to show; None = those of the contract, ten at most.
    """
    if not calculs:
        return []
    return [
        _cabinet(calculs, rang, cabinets[nom], annees)
        for rang, nom in enumerate(calculs[0].cabinets)
        if calculs[0].lire(f"{PREFIXE}{_SIGNATURE}", TOUJOURS, rang)
    ]


def _cabinet(calculs: list[Calcul], rang: int, donnees: Resultat, annees: range | None) -> Resultat:
    du_contrat = {an for calcul in calculs for an in annees_du_cabinet(calcul, rang)}
    retenues = sorted(annees or du_contrat)
    saisies = {
        nom: {periode: valeur for periode, valeur in valeurs.items() if valeur is not None}
        for nom, valeurs in donnees.items()
        if isinstance(valeurs, dict)
    }
    return {
        "id": calculs[0].cabinets[rang],
        "membres": [calculs[0].medecins[medecin] for medecin in calculs[0].membres(rang)],
        "situation": {nom: valeurs for nom, valeurs in saisies.items() if valeurs},
        "source": "secondaire",
        "resultats": [_resultat(calcul, rang, retenues) for calcul in calculs],
    }


def annees_du_cabinet(calcul: Calcul, rang: int) -> list[int]:
    """Calendar years in which a year of the collective contract starts, else the signature's."""
    signature = calcul.lire(f"{PREFIXE}{_SIGNATURE}", TOUJOURS, rang)
    annees = premieres_annees(int(signature[:4]))
    courues = [an for an in annees if calcul.lire(f"{PREFIXE}rang_annee", an, rang)]
    return courues or [annees[0]]


def _lire(calcul: Calcul, noms: Iterable[str], periode: Any, rang: int) -> Resultat:
    """Variables of the collective aid by short name."""
    return {nom: calcul.lire(f"{PREFIXE}{nom}", periode, rang) for nom in noms}


def _resultat(calcul: Calcul, rang: int, annees: list[int]) -> Resultat:
    membres = calcul.membres(rang)
    lignes = [_annee(calcul, rang, annee, membres) for annee in annees]
    resultat = {
        "loi": calcul.loi,
        **_lire(calcul, CONTRAT, TOUJOURS, rang),
        "adhesions": [
            {"medecin": calcul.medecins[m], **_lire(calcul, ADHESION, TOUJOURS, m)} for m in membres
        ],
        "annees": lignes,
        "total": {nom: round(sum(ligne[nom] for ligne in lignes), 2) + 0.0 for nom in MONTANTS},
    }
    return {**resultat, "notes": list(_notes(resultat))}


def _annee(calcul: Calcul, rang: int, annee: int, membres: list[int]) -> Resultat:
    def de_qui(variable: str) -> list[int]:
        return [m for m in membres if calcul.lire(f"{PREFIXE}{variable}", annee, m)]

    ligne = _lire(calcul, ANNEE, annee, rang)
    if not ligne["rang_annee"]:
        ligne |= dict.fromkeys(_COMPTES)
    return {
        "annee": annee,
        **ligne,
        "adherents": [calcul.medecins[m] for m in de_qui("adherent")],
        "installes": [
            {
                "medecin": calcul.medecins[m],
                "atteinte": calcul.lire(f"{PREFIXE}mediane_atteinte", annee, m),
                "connue": calcul.lire(f"{PREFIXE}mediane_connue", annee, m),
            }
            for m in de_qui("mediane_due")
        ],
    }


# --- Notes ----------------------------------------------------------------------------------------


def _notes(resultat: Resultat) -> Iterator[Resultat]:
    """What must be said under a collective contract, in reading order."""
    yield noter("source_secondaire", [], SECONDAIRE)
    if not resultat["eligible"]:
        yield noter(resultat["motif"], [], _REMEDES[resultat["motif"]])
    elif not resultat["eligibilite_connue"]:
        yield noter(
            "eligibilite_inconnue",
            [],
            "Le droit suppose favorables la société signataire, la qualité d’associé d’un médecin",
            "ou une PMT de départ, qui manquent. À demander à la société et à la CPAM.",
        )
    for adhesion in resultat["adhesions"]:
        yield from _notes_de_l_adhesion(adhesion)
    yield from _notes_des_etp(resultat)
    yield from _notes_de_la_part(resultat)
    yield from _notes_des_signalements(resultat)


def _notes_de_l_adhesion(adhesion: Resultat) -> Iterator[Resultat]:
    medecin, motif = adhesion["medecin"], adhesion["motif_adhesion"]
    entree, fin = adhesion["entree_effective"], adhesion["fin_adhesion"]
    if motif == "aucun" and fin and entree >= fin:
        yield noter(
            "adhesion_sans_effet",
            [],
            f"{medecin} n’entre jamais dans le contrat : son adhésion prendrait effet le",
            f"{jour(entree)}, et il n’en est plus le {jour(fin)}. Remède : vérifier son adhésion",
            "et sa sortie.",
        )
    elif motif not in ("aucun", "sans_adhesion"):
        refus = minuscule(libelle("MotifRefusAdhesion", motif))
        texte = f"{medecin} n’est pas admis, et ne compte pas : {refus}."
        yield noter("adhesion_refusee", [], texte)
    if adhesion["cumul_ulterieur"]:
        yield noter(
            "cumul_ulterieur",
            [],
            f"{medecin} signe un contrat individuel alors que le contrat collectif le compte",
            f"jusqu’au {jour(fin)} : le cumul n’est pas possible, et son aide individuelle est",
            "pourtant calculée comme due. Remède : ne le signer qu’à partir du",
            f"{jour(adhesion['fin_carence'])}.",
        )
    if adhesion["carence_a_declarer"]:
        yield noter(
            "carence_a_declarer",
            [],
            f"{medecin} signe un contrat individuel pendant la carence du contrat collectif",
            f"(jusqu’au {jour(adhesion['fin_carence'])}) : donner",
            "date_resiliation_contrat_precedent et carence_applicable, sans quoi son aide",
            "individuelle est calculée comme due.",
        )


def _ouvertes(resultat: Resultat, champ: str, valeur: bool = True) -> list[int]:
    lignes = resultat["annees"]
    return [a["annee"] for a in lignes if a["droit_ouvert"] and a[champ] is valeur]


def _notes_des_etp(resultat: Resultat) -> Iterator[Resultat]:
    if annees := _ouvertes(resultat, "etp_reduits"):
        texte = f"Le nombre d’ETP demandé dépasse le plafond et y est ramené ({suite(annees)})."
        yield noter("etp_reduits", annees, texte)
    if annees := _ouvertes(resultat, "etp_connus", False):
        yield noter(
            "etp_inconnus",
            annees,
            f"Le nombre d’ETP n’est pas donné ({suite(annees)}) : il est supposé au plafond.",
            "À demander à la société.",
        )
    if annees := [
        a["annee"]
        for a in resultat["annees"]
        if a["droit_ouvert"] and a["annee_proratisee"] and a["etp_avec_objectif"] < a["etp"]
    ]:
        yield noter(
            "etp_ajoutes",
            annees,
            f"Des ETP ajoutés par avenant n’ont pas encore d’objectif ({suite(annees)}),",
            "hypothèse : la source laisse deux ans pour chaque ETP, sans parler des avenants",
            "(aide_collective_objectif_des_etp_ajoutes).",
        )


def _notes_de_la_part(resultat: Resultat) -> Iterator[Resultat]:
    hypotheses = _ouvertes(resultat, "part_hypothese")
    if annees := [an for an in _ouvertes(resultat, "annee_renouvelee") if an in hypotheses]:
        yield noter(
            "renouvellement",
            annees,
            f"Contrat renouvelé ({suite(annees)}), hypothèse : son objectif reste celui de la",
            "signature, la source n’en disant rien (aide_collective_objectif_renouvele).",
        )
    if annees := _ouvertes(resultat, "part_connue", False):
        yield noter(
            "part_inconnue",
            annees,
            f"Part supposée entière ({suite(annees)}) : une patientèle d’un adhérent, ou les",
            "patients déjà gagnés sous son contrat individuel, manquent. À demander à la CPAM.",
        )
    for annee in resultat["annees"]:
        if annee["droit_ouvert"] and annee["part_hypothese"] and annee["part_versee"] < 1:
            yield noter(
                "prorata",
                [annee["annee"]],
                f"Part de {pourcent(annee['part_versee'])} ({annee['annee']}), hypothèse : la",
                "source dit l’aide proratisée sans dire comment ; le moins bon des deux taux",
                f"(PMT {pourcent(annee['taux_pmt'])}, PFA {pourcent(annee['taux_pfa'])}) est une",
                "lecture (aide_collective_prorata).",
            )
    if annees := [
        a["annee"] for a in resultat["annees"] if a["droit_ouvert"] and a["fraction_courue"] < 1
    ]:
        texte = f"Contrat résilié : l’aide de {suite(annees)} est réduite aux jours courus."
        yield noter("resiliation", annees, texte)


def _notes_des_signalements(resultat: Resultat) -> Iterator[Resultat]:
    if annees := _ouvertes(resultat, "resiliation_possible"):
        yield noter(
            "resiliation_possible",
            annees,
            f"La patientèle du groupe baisse ({suite(annees)}) : la caisse peut résilier le",
            "contrat si aucune solution n’est trouvée. Le calcul le laisse courir.",
        )
    if annees := _ouvertes(resultat, "sous_p30"):
        texte = f"La PMT moyenne passe sous le 30e percentile ({suite(annees)}) : sans effet."
        yield noter("sous_p30", annees, texte)
    manquees: dict[tuple[str, bool], list[int]] = {}
    for annee in resultat["annees"]:
        for installe in annee["installes"]:
            if not installe["atteinte"]:
                cle = installe["medecin"], installe["connue"]
                manquees.setdefault(cle, []).append(annee["annee"])
    for (medecin, connue), annees in manquees.items():
        yield noter(
            "mediane_manquee" if connue else "mediane_inconnue",
            annees,
            f"{medecin}, nouvellement installé, doit avoir atteint la médiane ({suite(annees)}) :",
            "elle est manquée." if connue else "ses patientèles ne sont pas observées.",
            "Ce que cela coûte au groupe n’est pas publié, et n’est pas compté.",
        )
