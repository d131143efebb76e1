"""A contract year by year, under one law or two: the report that the command line shows.

Its structure, which `--json` prints, is stable within one value of `format`:

- `format`: 1. `version`: of the package. `lois`: `[{"id", "nom", "reformes": [dotted path]}]`, one,
  or two with --comparer (the law without the convention, then with it).
- `cabinets`: the collective contracts, where there are any; see `contrats_collectifs`. A doctor who
  has no individual contract has a null `date_signature`, and nothing due.
- `medecins`: one object a doctor.
  - `id`; `situation`: the inputs, `{variable: {period: value}}`; `contrat`: speciality, option,
    signature, zone, sector.
  - `resultats`: one object a law. `loi`: its id; the variables of `CONTRAT` by name; `sans_terme`:
    whether the contract goes on past the years shown; `annees`: one object a calendar year, with
    `annee`, the variables of `ANNEE` and `inconnus`, `[{"compte": "pmt" | "pfa", "manque":
    "observe" | "objectif" | "depart" | "percentile"}]`, `objectif_pmt_estime`, whether the target
    of PMT is an estimate (reform objectifs_estimes), and then `estimation`, `{"patients_en_plus",
    "au_moins", "au_plus", "part_estimee", "hypotheses": [name]}`: the patients to gain that it
    retains, the least and the most that the possible curves ask for, whether the part of the aid,
    and so what is due, rests on it, and the further assumptions that it takes ("demi_etp",
    "sous_la_convention"); else null; `total`: sums of `MONTANTS` over these
    years; `depense_annuelle`: `{year: euros}`, up to the last payment; `notes`: `[{"code",
    "annees", "texte"}]`.
  - `comparaison`, with --comparer: `annees` (`aide_due` of each law, and `ecart`, second minus
    first), `total`, `depense_annuelle`, `notes`. Else null.

Money is in euros, shares are between 0 and 1 (`part_du_cout_couverte` goes above where the aid is
more than the cost), dates are ISO, Enums are names. Null: no such date, a count, target or start
that is not known, or what depends on a cost that is not given for that year.
"""

from importlib.metadata import version
from typing import Any

from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical.affichage import (
    HYPOTHESES_DE_L_ESTIMATION,
    JAMAIS,
    notes,
    notes_de_comparaison,
    sans_contrat_individuel,
)
from openfisca_assistant_medical.annees import premieres_annees, verifier_les_annees
from openfisca_assistant_medical.contrats_collectifs import contrats_collectifs
from openfisca_assistant_medical.droit import inconnue
from openfisca_assistant_medical.lois import lois
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.valeurs import TOUJOURS

FORMAT = 1
CONTRAT = (
    "eligible",
    "motif_ineligibilite",
    "eligibilite_connue",
    "remplacement_secretaire_conforme",
    "tranche_patientele",
    "texte_signature",
    "date_fin_contrat",
    "hors_carence",
    "date_fin_carence",
)
_SIGNATURE_COLLECTIVE = f"{PREFIXE}date_signature"
MONTANTS = ("aide_maximale", "aide_due", "aide_perdue", "acompte", "solde", "recuperation")
# What means nothing for a year whose cost is not given.
_COUT = ("cout_employeur_annuel", "reste_a_charge", "part_du_cout_couverte")
ANNEE = (
    "rang_annee_contrat",
    "date_anniversaire",
    "texte_annee",
    "option_etp",
    "option_accessible",
    "droit_ouvert",
    "aide_maximale_plancher",
    "cas_modulation",
    "part_aide_versee",
    "part_aide_connue",
    "part_aide_hypothese",
    "fraction_annee_couverte",
    "date_versement_acompte",
    "date_versement_solde",
    *MONTANTS,
    *(
        f"{nom}_{compte}"
        for compte in ("pmt", "pfa")
        for nom in ("type_objectif", "depart", "objectif", "taux_atteinte")
    ),
    "patientele_mt",
    "file_active",
    "reste_a_charge_connu",
    *_COUT,
)
# Under a law that estimates the objective of PMT, its patients to gain and their range.
_ESTIME = "objectif_pmt_estime"
_ESTIMATION = {
    "patients_en_plus": "patients_en_plus_retenus_pmt",
    "au_moins": "patients_en_plus_estimes_pmt_bas",
    "au_plus": "patients_en_plus_estimes_pmt_haut",
}
_TITRE = (
    "specialite",
    "option_etp_initiale",
    "date_signature",
    "zone",
    "secteur_conventionnel",
)


class Calcul:
    """One situation under one law."""

    def __init__(self, description: dict[str, Any], systeme: Any, situation: Any) -> None:
        self.loi = description["id"]
        self._simulation = SimulationBuilder().build_from_entities(systeme, situation)
        self.medecins = [str(nom) for nom in self._simulation.persons.ids]
        (groupe,) = systeme.group_entities
        self._variables = systeme.variables
        self._cabinets = self._simulation.populations[groupe.key]
        self.cabinets = [str(nom) for nom in self._cabinets.ids]
        self._valeurs: dict[tuple[str, str], list[Any]] = {}

    def lire(self, variable: str, periode: Any, rang: int) -> Any:
        """Value of a doctor, or of a practice, by its rank.

        ISO dates, names of Enums; None for "no such day" and "not known".
        """
        cle = variable, str(periode)
        if cle not in self._valeurs:
            tableau = self._simulation.calculate(*cle)
            if hasattr(tableau, "decode_to_str"):
                tableau = tableau.decode_to_str()
            self._valeurs[cle] = tableau.tolist()
        valeur = self._valeurs[cle][rang]
        if isinstance(valeur, bool):
            return valeur  # False is no 0 that means "not known"
        if hasattr(valeur, "isoformat"):
            iso: str = valeur.isoformat()
            return None if iso == JAMAIS else iso
        if valeur == inconnue(self._variables[variable]):
            return None
        return valeur + 0.0 if isinstance(valeur, float) else valeur  # -0.0 is 0

    def connait(self, variable: str) -> bool:
        """Whether the law has a variable."""
        return variable in self._variables

    def membres(self, cabinet: int) -> list[int]:
        """Ranks of the doctors of a practice, by its rank."""
        lieux = self._cabinets.members_entity_id.tolist()
        return [rang for rang, lieu in enumerate(lieux) if lieu == cabinet]

    def annees_du_contrat(self, rang: int) -> list[int]:
        """Calendar years in which a contract year starts, at most ten; else the signature's.

        Without an individual contract, the year in which the practice signed a collective one.
        """
        signature = self.lire("date_signature", TOUJOURS, rang)
        if signature is None and not self.connait(_SIGNATURE_COLLECTIVE):
            return []
        if signature is None:
            cabinet = int(self._cabinets.members_entity_id[rang])
            signature = self.lire(_SIGNATURE_COLLECTIVE, TOUJOURS, cabinet)
        annees = premieres_annees(int(signature[:4]))
        courues = [an for an in annees if self.lire("rang_annee_contrat", an, rang)]
        return courues or [annees[0]]

    def resultat(self, rang: int, annees: list[int]) -> dict[str, Any]:
        """Result of a doctor over years of contract, as documented at the top."""
        lignes = [self._annee(rang, annee) for annee in annees]
        contrat = {nom: self.lire(nom, TOUJOURS, rang) for nom in CONTRAT}
        if contrat["hors_carence"]:
            contrat["date_fin_carence"] = None
        resultat = {
            "loi": self.loi,
            **contrat,
            "sans_terme": bool(self.lire("rang_annee_contrat", annees[-1] + 1, rang)),
            "annees": lignes,
            "total": {nom: _somme(ligne[nom] for ligne in lignes) for nom in MONTANTS},
            "depense_annuelle": {
                str(annee): self.lire("depense_annuelle", annee, rang)
                for annee in range(annees[0], _derniere_caisse(lignes) + 1)
            },
        }
        resultat["notes"] = notes(resultat)
        if self.lire("date_signature", TOUJOURS, rang) is None:
            resultat["notes"] = sans_contrat_individuel()
        return resultat

    def _annee(self, rang: int, annee: int) -> dict[str, Any]:
        ligne = {"annee": annee, **{nom: self.lire(nom, annee, rang) for nom in ANNEE}}
        if not ligne["reste_a_charge_connu"]:
            ligne |= dict.fromkeys(_COUT)
        connue = ligne["part_aide_connue"]
        return {
            **ligne,
            "inconnus": [] if connue else list(self._inconnus(rang, ligne)),
            **self._estimation(rang, annee),
        }

    def _estimation(self, rang: int, annee: int) -> dict[str, Any]:
        if not self.connait(_ESTIME) or not self.lire(_ESTIME, annee, rang):
            return {_ESTIME: False, "estimation": None}
        estimation = {nom: self.lire(v, TOUJOURS, rang) for nom, v in _ESTIMATION.items()}
        estimation["part_estimee"] = self.lire("part_aide_estimee", annee, rang)
        estimation["hypotheses"] = [
            nom
            for nom, variable in HYPOTHESES_DE_L_ESTIMATION.items()
            if self.lire(variable, annee, rang)
        ]
        return {_ESTIME: True, "estimation": estimation}

    def _inconnus(self, rang: int, ligne: dict[str, Any]) -> Any:
        for compte, observe in (("pmt", "patientele_mt"), ("pfa", "file_active")):
            nature = ligne[f"type_objectif_{compte}"]
            if nature == "sans_objet":
                continue
            gagner = nature in ("augmentation", "fixe_avec_la_caisse", "maintien")
            suppose = self._nature_supposee(compte, rang, ligne)
            sans_depart = self.lire(f"{observe}_initiale", TOUJOURS, rang) is None
            sans_contrat = self.lire(f"objectif_{compte}_contractuel", TOUJOURS, rang) is None
            manques = {
                "observe": ligne[observe] is None,
                "depart": (gagner and ligne[f"depart_{compte}"] is None)
                or (suppose and sans_depart),
                "objectif": (nature != "maintien" and ligne[f"objectif_{compte}"] is None)
                or (suppose and gagner and sans_contrat),
                "percentile": nature == "installation"
                and not self.lire(f"seuil_p30_{compte}", TOUJOURS, rang),
            }
            yield from ({"compte": compte, "manque": nom} for nom in manques if manques[nom])

    def _nature_supposee(self, compte: str, rang: int, ligne: dict[str, Any]) -> bool:
        """Whether what the doctor commits to is itself supposed, the figures being there."""
        if ligne[f"type_objectif_{compte}"] == "installation":
            return bool(self.lire("primo_installe_suppose", TOUJOURS, rang))
        chiffres = ligne[f"objectif_{compte}"], ligne[f"depart_{compte}"]
        connu = self.lire(f"objectif_{compte}_connu", ligne["annee"], rang)
        return None not in chiffres and not connu


def _somme(montants: Any) -> float:
    somme: float = round(sum(montants), 2) + 0.0
    return somme


def _derniere_caisse(lignes: list[dict[str, Any]]) -> int:
    soldes = [a["date_versement_solde"] for a in lignes if a["acompte"] or a["solde"]]
    derniere: int = lignes[-1]["annee"]
    return max([derniere, *(int(jour[:4]) for jour in soldes)])


def etablir(brut: Any, noms: list[str], comparer: bool, annees: range | None) -> dict[str, Any]:
    """The report on a situation, as documented at the top.

    Raises:
        SituationInvalide: the situation is refused.
        ReformeInconnue: unknown reform.
        AnneeRefusee: a year that may not be asked for.
    """
    return etablir_sous(lois(noms, comparer), brut, annees)


def etablir_sous(
    systemes: list[tuple[dict[str, Any], Any]], brut: Any, annees: range | None
) -> dict[str, Any]:
    """The same report under laws that are there already, one or two, as `lois` gives them.

    Raises:
        SituationInvalide: the situation is refused.
        AnneeRefusee: a year that may not be asked for.
    """
    verifier_les_annees(annees or ())
    # The last law is the one that has the most: the other has no collective contract to be given.
    situation = verifier(brut, systemes[-1][1])
    calculs = [
        Calcul(description, systeme, _connu_de(systeme, situation))
        for description, systeme in systemes
    ]
    collectifs = contrats_collectifs(
        [calcul for calcul in calculs if calcul.connait(_SIGNATURE_COLLECTIVE)],
        situation["cabinets"],
        annees,
    )
    return {
        "format": FORMAT,
        "version": version("openfisca-assistant-medical"),
        "lois": [description for description, _ in systemes],
        "medecins": [
            _medecin(calculs, rang, situation["medecins"][nom], annees)
            for rang, nom in enumerate(calculs[0].medecins)
        ],
        **({"cabinets": collectifs} if collectifs else {}),
    }


def _connu_de(systeme: Any, situation: dict[str, Any]) -> dict[str, Any]:
    """What a law has variables for, of a situation in its canonical form."""
    roles = {role.plural for entite in systeme.group_entities for role in entite.roles}
    return {
        entite: {
            nom: {v: d for v, d in donnees.items() if v in roles or v in systeme.variables}
            for nom, donnees in objets.items()
        }
        for entite, objets in situation.items()
    }


def _medecin(
    calculs: list[Calcul], rang: int, donnees: dict[str, Any], annees: range | None
) -> dict[str, Any]:
    du_contrat = {an for calcul in calculs for an in calcul.annees_du_contrat(rang)}
    retenues = sorted(annees or du_contrat)
    resultats = [calcul.resultat(rang, retenues) for calcul in calculs]
    donnees = {
        nom: {periode: valeur for periode, valeur in valeurs.items() if valeur is not None}
        for nom, valeurs in donnees.items()
    }
    return {
        "id": calculs[0].medecins[rang],
        "situation": {nom: valeurs for nom, valeurs in donnees.items() if valeurs},
        "contrat": {nom: calculs[0].lire(nom, TOUJOURS, rang) for nom in _TITRE},
        "resultats": resultats,
        "comparaison": _comparer(*resultats) if len(resultats) > 1 else None,
    }


def _comparer(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, Any]:
    def ligne(une: float, autre: float) -> dict[str, Any]:
        return {avant["loi"]: une, apres["loi"]: autre, "ecart": _somme((autre, -une))}

    caisses = avant["depense_annuelle"], apres["depense_annuelle"]
    return {
        "annees": [
            {"annee": a["annee"], **ligne(a["aide_due"], b["aide_due"])}
            for a, b in zip(avant["annees"], apres["annees"], strict=True)
        ],
        "total": ligne(avant["total"]["aide_due"], apres["total"]["aide_due"]),
        "depense_annuelle": {
            annee: ligne(*(caisse.get(annee, 0.0) for caisse in caisses))
            for annee in sorted({*caisses[0], *caisses[1]})
        },
        "notes": notes_de_comparaison(avant, apres),
    }
