"""The fields of the form: which inputs of the model it asks for, in which order, with what help.

A field bears the name of its variable; for an input of one contract year, `<variable>.<year>`.
Labels, choices and bounds come from the model; only the help is written here.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.situations.verification import OBLIGATOIRES
from openfisca_assistant_medical.web.lois import convention

# Years of a contract that a form may give; see `lecture` for its days.
_ANNUEL = re.compile(r"([a-z_0-9]+)\.((?:19|20|21)[0-9]{2})", re.ASCII)
_INCONNU = "Laisser vide si vous ne le savez pas."
_POURCENT = "En pourcentage, de 0 à 100."


@dataclass(frozen=True)
class Champ:
    """One input.

    Attributes:
        nom: of its variable.
        aide: what to put, in plain words.
    """

    nom: str
    aide: str = ""

    @property
    def variable(self) -> Any:
        """The variable, as the law declares it."""
        return convention().systeme.variables[self.nom]

    @property
    def obligatoire(self) -> bool:
        """Whether no result can be had without it."""
        return self.nom in OBLIGATOIRES

    @property
    def annuel(self) -> bool:
        """Whether it is given year by year."""
        return bool(self.variable.definition_period == DateUnit.YEAR)


@dataclass(frozen=True)
class Pli:
    """Fields that few people need, folded under a title."""

    titre: str
    champs: tuple[Champ, ...]


@dataclass(frozen=True)
class Partie:
    """A fieldset of the form."""

    cle: str
    titre: str
    intro: str
    champs: tuple[Champ, ...]
    plis: tuple[Pli, ...] = ()


PARTIES = (
    Partie(
        "vous",
        "Qui vous êtes",
        "",
        (
            Champ(
                "specialite",
                "Celle du jour de la signature ; « autre » si elle n’est pas dans la liste.",
            ),
            Champ("secteur_conventionnel", "Celui du jour de la signature."),
            Champ("zone", "Au sens de l’agence régionale de santé (ARS)."),
            Champ(
                "date_installation",
                "Seulement si vous vous êtes installé peu avant la signature.",
            ),
            Champ(
                "date_naissance",
                "Facultative : elle sert à la règle du 65e anniversaire.",
            ),
            Champ(
                "rqth_ou_ald",
                "Facultatif. Aucune activité minimale n’est alors exigée, et l’objectif est fixé "
                "avec la caisse.",
            ),
        ),
        (
            Pli(
                "Cas particuliers de l’exercice",
                (
                    Champ(
                        "exercice_regroupe_declare",
                        "Ne compte que pour un contrat signé sous l’avenant 7, avant le règlement "
                        "arbitral de 2023.",
                    ),
                    Champ(
                        "part_honoraires_cliniques",
                        f"{_POURCENT} Honoraires hors CCAM sur honoraires totaux sans dépassement, "
                        "sur les douze mois avant la signature. Ne compte que pour les spécialités "
                        "chirurgicales.",
                    ),
                    Champ(
                        "quotite_activite_liberale",
                        f"{_POURCENT} Laisser 100 si toute votre activité est libérale.",
                    ),
                ),
            ),
        ),
    ),
    Partie(
        "patients",
        "Vos patients",
        "Vos comptes de départ, ceux que la CPAM retient au moment du contrat.",
        (
            Champ(
                "patientele_mt_initiale",
                "Patients qui vous ont déclaré comme médecin traitant ; adultes seulement pour un "
                f"contrat signé sous l’avenant 7. {_INCONNU}",
            ),
            Champ(
                "file_active_initiale",
                "Patients différents, adultes et enfants, reçus au moins une fois en douze mois. "
                f"{_INCONNU}",
            ),
        ),
        (
            Pli(
                "La CPAM m’a indiqué une tranche plutôt qu’un nombre",
                (
                    Champ("tranche_pmt_declaree", "Elle l’emporte sur le nombre."),
                    Champ("tranche_pfa_declaree", "Elle l’emporte sur le nombre."),
                ),
            ),
        ),
    ),
    Partie(
        "contrat",
        "Votre contrat",
        "Contrat signé, ou que vous pensez signer.",
        (
            Champ(
                "date_signature",
                "Jour passé ou envisagé de la signature avec la CPAM : il décide du droit.",
            ),
            Champ(
                "option_etp_initiale", "Part d’un temps plein (ETP) de l’assistant que vous visez."
            ),
            Champ(
                "objectif_pmt_contractuel",
                f"Nombre de patients à atteindre, et non en plus. {_INCONNU}",
            ),
            Champ(
                "objectif_pfa_contractuel",
                f"Nombre de patients à atteindre, et non en plus. {_INCONNU}",
            ),
        ),
        (
            Pli(
                "Contrat résilié, prorogé, ou qui en suit un autre",
                (
                    Champ("date_resiliation", "Laisser vide si le contrat va à son terme."),
                    Champ("prorogation_signee", "Par un avenant, aux mêmes conditions."),
                    Champ(
                        "date_resiliation_contrat_precedent",
                        "Laisser vide si c’est votre premier contrat.",
                    ),
                    Champ("carence_applicable", "La CPAM vous le dit ; il dépend du motif."),
                ),
            ),
            Pli(
                "L’assistant, le poste qu’il quitte et sa formation",
                (
                    Champ(
                        "date_recrutement_assistant",
                        "Vide, le jour de la signature en tient lieu.",
                    ),
                    Champ("profil_assistant", "Il décide de la formation à suivre."),
                    Champ("diplome_niveau_4", "Exigé pour entrer en formation."),
                    Champ("date_inscription_formation", "Vide : pas encore inscrit."),
                    Champ("date_certification", "Certificat ou attestation ; vide : pas encore."),
                    Champ("blocs_dispenses", "Par la commission paritaire de la branche."),
                    Champ("validation_des_acquis", "Sans suivre la formation entière."),
                    Champ("secretaire_devenu_assistant", "Son poste doit alors être remplacé."),
                    Champ("date_remplacement_secretaire", "Vide : pas encore remplacé."),
                    Champ("quotite_secretaire", f"{_POURCENT} 100 : un temps plein."),
                    Champ(
                        "quotite_remplacement",
                        f"{_POURCENT} Secrétaire ou secrétariat téléphonique.",
                    ),
                ),
            ),
            Pli(
                "Contrat signé sous l’avenant 7, sans objectif écrit",
                (
                    Champ("tranche_objectif_pmt_declaree", "Indiquée par la CPAM."),
                    Champ("tranche_objectif_pfa_declaree", "Indiquée par la CPAM."),
                ),
            ),
        ),
    ),
)

RESULTATS = (
    Champ("patientele_mt"),
    Champ("file_active"),
    Champ("cout_employeur_annuel"),
)
AVENANTS = (
    Champ("option_etp_avenant", "À partir de la 2e année."),
    Champ("objectif_pmt_avenant", "Nombre de patients à atteindre."),
    Champ("depart_pmt_avenant", "Nombre de patients."),
    Champ("objectif_pfa_avenant", "Nombre de patients à atteindre."),
    Champ("depart_pfa_avenant", "Nombre de patients."),
    Champ("contrat_un_etp_anterieur", "Condition des options 1,5 et 2 ETP."),
    Champ("objectifs_integralement_atteints", "Condition des options 1,5 et 2 ETP."),
    Champ("avenant_senior", "Le médecin senior maintient sa patientèle."),
    Champ("niveau_a_maintenir_pmt", "Nombre de patients."),
    Champ("niveau_a_maintenir_pfa", "Nombre de patients."),
    Champ("part_aide_decidee", f"{_POURCENT} Circonstances exceptionnelles."),
)


@cache
def champs() -> dict[str, Champ]:
    """Every field by the name of its variable."""
    uniques = [
        champ
        for partie in PARTIES
        for groupe in (partie.champs, *(pli.champs for pli in partie.plis))
        for champ in groupe
    ]
    return {champ.nom: champ for champ in (*uniques, *RESULTATS, *AVENANTS)}


def connu(nom: str) -> tuple[Champ, int | None]:
    """The field of a name that was already accepted, and its year.

    Raises:
        KeyError: the form has no such field.
    """
    trouve = trouver(nom)
    if trouve is None:
        raise KeyError(nom)
    return trouve


def trouver(nom: str) -> tuple[Champ, int | None] | None:
    """The field of a name in a form, and its year; None where the form has no such field."""
    annuel = _ANNUEL.fullmatch(nom)
    champ = champs().get(annuel[1] if annuel else nom)
    if champ is None or champ.annuel != bool(annuel):
        return None
    return champ, int(annuel[2]) if annuel else None
