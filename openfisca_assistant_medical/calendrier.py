"""Every dated event of a doctor's contract, in order, and the same as an iCalendar file.

Nothing is worked out here: dates, amounts and doubts are variables of the model. The report, as
`calendrier` gives it and `assistant-medical calendrier --json` prints it:

    {"format": 1, "version", "loi": {…},                         # as in `contrats`
     "medecins": [{
         "id", "date_signature", "eligible", "motif_ineligibilite", "eligibilite_connue",
         "date_fin_contrat", "date_resiliation", "se_poursuit",
         "evenements": [{"id", "date", "genre", "annee", "rang", "titre", "texte", "option",
                         "maximum", "montant", "certitude", "certitudes": [name],
                         "reserves": [variable], "variables": [name], "dispositions": [id]}],
         "reserves": [{"variable", "texte", "demander"}],
         "notes": [{"code", "annees", "texte"}]}]}

The events are in the order of their days, then of `GENRES`, whose keys are their `genre`; `id` is
one of its own among those of a doctor, and the same for what may take its place: an advance or the
whole aid, what is paid or given back, the end or the renewal. `annee` is the calendar year in which
the contract year of the event starts, or, for what happens each year, its own; `rang` is that of
the contract year; `option` and `maximum` are those of a year that starts. `montant` is in euros,
what the doctor receives, negative for what is given back. `certitude` is one of `CERTITUDES`:
"certain", if the contract runs until then; "plancher", the amount or more; "hypothese"; "estime",
on an objective that a reform estimates; "suppose", for want of information. It is the last of
`certitudes`, all those that weigh on the event, from the surest. `reserves` says which variables of
the register of what is not known tell so.
`variables` gave the date, then the amount or what goes with it; `dispositions` are those of the
date, and of what is paid. `se_poursuit`: whether the contract ends, if it does, after the last
day shown. Null: nothing of the kind. A doctor without an individual contract has no event; `notes`
says why.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any, NamedTuple

from icalendar import Calendar, Event
from openfisca_core.periods import DateUnit
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openfisca_assistant_medical.affichage import (
    SECRETAIRE_NON_REMPLACE,
    couper,
    decidee,
    en_mots,
    euros,
    imprimer,
    jour,
    libelle,
    majuscule,
    minuscule,
    option_inaccessible,
    paragraphe,
    pourcent,
    resiliation_apres_le_terme,
    sans_contrat_individuel,
    verdict,
    versements_collectifs,
)
from openfisca_assistant_medical.annees import verifier_les_annees
from openfisca_assistant_medical.contrats import Calcul
from openfisca_assistant_medical.lois import lois
from openfisca_assistant_medical.mots import verifier_le_medecin
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.textes import (
    Reserve,
    citer,
    dispositions,
    dispositions_de_la_variable,
    reserves,
)

FORMAT = 1
# Titles, in the order of what happens on one day. {quand}: the day is the last one, or the first.
GENRES = {
    "fin_carence": "Fin du délai de carence du contrat précédent",
    "signature": "Signature du contrat d’aide",
    "recrutement": "Recrutement de l’assistant",
    "remplacement_secretaire": "Dernier jour pour remplacer le secrétaire devenu assistant",
    "inscription_formation": "Dernier jour pour inscrire l’assistant en formation",
    "certification": "Dernier jour pour le certificat ou l’attestation de l’assistant",
    "resiliation": "Résiliation du contrat",
    "resultats": "Bilan des résultats de la {annee}",
    "solde": "Solde de la {annee}",
    "recuperation": "Trop-versé de la {annee}, que la caisse récupère",
    "terme": "Fin du contrat, arrivé à son terme",
    "prorogation_a_signer": "Prorogation à signer pour poursuivre le contrat",
    "prorogation": "Prorogation du contrat par avenant",
    "reconduction": "Reconduction tacite du contrat",
    "anniversaire": "Début de la {annee} de contrat",
    "nouvel_objectif": "Nouvel objectif à fixer par avenant, au plus tard",
    "fin_nouvel_objectif": "Fin du délai pour atteindre le nouvel objectif",
    "versement": "Aide de la {annee}, versée en entier, {quand}",
    "acompte": "Acompte de la {annee}, {quand}",
    "point_d_etape": "Point d’étape avec la caisse",
    "fin_carence_eventuelle": "Fin du délai de carence éventuel",
}
# Kinds of event that take one another's place: an agenda then has one of them.
_CRENEAUX = {
    "recuperation": "solde",
    "versement": "acompte",
    "prorogation": "terme",
    "reconduction": "terme",
}


class Certitude(NamedTuple):
    """How sure an event is: its sign beside an amount, and what it means."""

    signe: str
    sens: str


# From the surest to the least sure.
CERTITUDES = {
    "certain": Certitude("", ""),
    "plancher": Certitude("≥", "montant plancher"),
    "hypothese": Certitude("*", "fondé sur une hypothèse"),
    "estime": Certitude("~", "fondé sur un objectif estimé"),
    "suppose": Certitude("?", "supposé, faute d’information"),
}
# What the amounts rest on: results and doubts, as the register of what is not known names them.
_HYPOTHESE, _ESTIME = "part_aide_hypothese", "objectif_pmt_estime"
_ESTIMATION = (_ESTIME, "estimation_sous_la_convention", "estimation_a_demi_etp")
_MAXIMUM = ("eligible", "hors_carence", "aide_maximale")
_PART = ("part_aide_versee", _HYPOTHESE, *_ESTIMATION)
_DU = (*_MAXIMUM, *_PART)
_OBJECTIFS = ("objectif_pmt_connu", "objectif_pfa_connu")
# What each deadline of the assistant runs from.
_FORMATION = ("depart_delai_formation",)
DEPARTS = {
    "remplacement_secretaire": ("date_limite_remplacement",),
    "inscription_formation": _FORMATION,
    "certification": _FORMATION,
}
_SANS_AVENANT = "sans_avenant"
_COLLECTIF = f"{PREFIXE}date_adhesion"
_PRODID = "-//openfisca-assistant-medical//calendrier//FR"
_DOMAINE = "openfisca-assistant-medical"
Rapport = dict[str, Any]


# --- The report -----------------------------------------------------------------------------------


def calendrier(
    brut: Any, noms: list[str], annees: range | None = None, medecin: str | None = None
) -> Rapport:
    """The report described at the top of this file.

    Args:
        brut: the situation, as read from a file.
        noms: reforms of the law to read, in order.
        annees: calendar years to show; None = from the signature to the end, or ten contract years.
        medecin: the only doctor to show; None = all of them.

    Raises:
        SituationInvalide: the situation is refused.
        ReformeInconnue: unknown reform.
        DemandeInconnue: the situation does not hold this doctor.
        AnneeRefusee: a year that may not be asked for.
    """
    (loi,) = lois(noms, comparer=False)
    return calendrier_sous(loi, brut, annees, medecin)


def calendrier_sous(
    loi: tuple[Rapport, Any], brut: Any, annees: range | None = None, medecin: str | None = None
) -> Rapport:
    """The same report under a law that is there already, as `lois.lois` gives it.

    Raises:
        SituationInvalide: the situation is refused.
        DemandeInconnue: the situation does not hold this doctor.
        AnneeRefusee: a year that may not be asked for.
    """
    verifier_les_annees(annees or ())
    description, systeme = loi
    situation = verifier(brut, systeme)
    calcul = Calcul(description, systeme, situation)
    verifier_le_medecin(medecin, calcul.medecins)
    return {
        "format": FORMAT,
        "version": version("openfisca-assistant-medical"),
        "loi": description,
        "medecins": [
            _Contrat(calcul, systeme, rang).rapport(annees)
            for rang, nom in enumerate(calcul.medecins)
            if medecin in (None, nom)
        ],
    }


class _Contrat:
    """The contract of one doctor, and what it dates."""

    def __init__(self, calcul: Calcul, systeme: Any, rang: int) -> None:
        self._calcul, self._systeme, self._rang = calcul, systeme, rang
        self.fin: str | None = self.lire("date_fin_contrat")
        self.resiliation_dite: str | None = self.lire("date_resiliation")
        dite = self.resiliation_dite
        interrompt = dite is not None and (self.fin is None or dite < self.fin)
        self.resiliation = dite if interrompt else None

    def lire(self, variable: str, annee: int | None = None) -> Any:
        """Value of a variable, of the whole contract or of a year; None for "no such day"."""
        return self._calcul.lire(variable, TOUJOURS if annee is None else annee, self._rang)

    def rapport(self, annees: range | None) -> Rapport:
        if self.lire("date_signature") is None:
            return self._sans_contrat()
        contrat = self._calcul.annees_du_contrat(self._rang)
        if annees is not None:
            # What a contract year pays may be paid in the next calendar year.
            contrat = [an for an in (annees[0] - 1, *annees) if self.lire("rang_annee_contrat", an)]
        montres = [
            evenement
            for evenement in self._evenements(contrat, annees)
            if self._montre(evenement["date"], contrat, annees)
        ]
        ordre = list(GENRES)
        montres.sort(key=lambda e: (e["date"], ordre.index(e["genre"]), e["id"]))
        # The first year of each doubt: its words may hold values of that year.
        vues: dict[str, int | None] = {}
        for evenement in montres:
            for nom in evenement["reserves"]:
                vues.setdefault(nom, evenement["annee"])
        return {
            "id": self._calcul.medecins[self._rang],
            "date_signature": self.lire("date_signature"),
            "eligible": self.lire("eligible"),
            "motif_ineligibilite": self.lire("motif_ineligibilite"),
            "eligibilite_connue": self.lire("eligibilite_connue"),
            "date_fin_contrat": self.fin,
            "date_resiliation": self.resiliation_dite,
            "se_poursuit": self._se_poursuit(contrat, annees),
            "evenements": montres,
            "reserves": [
                {
                    "variable": reserve.variable,
                    "texte": self._en_mots(reserve, vues[reserve.variable]),
                    "demander": reserve.demander,
                }
                for reserve in reserves()
                if reserve.variable in vues
            ],
            "notes": list(self._notes()),
        }

    def _sans_contrat(self) -> Rapport:
        """The report on a doctor who has no individual contract."""
        collectif = self._dans_un_contrat_collectif()
        inconnus = dict.fromkeys(
            (
                "date_signature",
                "eligible",
                "motif_ineligibilite",
                "eligibilite_connue",
                "date_fin_contrat",
                "date_resiliation",
            )
        )
        return {
            "id": self._calcul.medecins[self._rang],
            **inconnus,
            "se_poursuit": False,
            "evenements": [],
            "reserves": [],
            "notes": versements_collectifs(True) if collectif else sans_contrat_individuel(),
        }

    def _dans_un_contrat_collectif(self) -> bool:
        return self._calcul.connait(_COLLECTIF) and self.lire(_COLLECTIF) is not None

    def _notes(self) -> Iterator[Rapport]:
        """What no event says."""
        dite, fin = self.resiliation_dite, self.fin
        if dite is not None and fin is not None and fin < dite and self.lire("eligible"):
            yield resiliation_apres_le_terme(dite, fin)
        if self._dans_un_contrat_collectif():
            yield from versements_collectifs(False)

    def _se_poursuit(self, contrat: list[int], annees: range | None) -> bool:
        """Whether the contract ends, if it does, after the last day shown."""
        dernier = f"{annees[-1]}-12-31" if annees else None
        if annees is None:
            dernier = self.lire("date_prochain_anniversaire", contrat[-1])
        fin = self.resiliation or self.fin
        va_apres = dernier is not None and (fin is None or fin > dernier)
        return bool(self.lire("eligible")) and va_apres

    def _en_mots(self, reserve: Reserve, annee: int | None) -> str:
        """The text of a reserve, with the values of the year that it speaks of."""
        mots = {}
        for nom in reserve.avec:
            valeur = self.lire(nom, annee if self._annuelle(nom) else None)
            mots[nom] = en_mots(valeur, self._systeme.variables[nom].unit)
        return reserve.texte.format(**mots)

    def _montre(self, quand: str, contrat: list[int], annees: range | None) -> bool:
        """Whether a day is shown: in the years asked for, else until the last year has run."""
        if annees is not None:
            return int(quand[:4]) in annees
        if not self.lire("rang_annee_contrat", contrat[-1] + 1):
            return True
        return bool(quand <= self.lire("date_prochain_anniversaire", contrat[-1]))

    # Events.

    def _evenements(self, contrat: list[int], annees: range | None) -> Iterator[Rapport]:
        if not self.lire("hors_carence"):
            yield from self._evenement("fin_carence", "date_fin_carence")
        if not self.lire("eligible"):
            motif = libelle("MotifIneligibilite", self.lire("motif_ineligibilite"))
            texte = f"Non éligible : {minuscule(motif)}. Aucune aide n’est due."
            yield from self._evenement("signature", "date_signature", texte=texte)
            return
        yield from self._de_la_signature()
        yield from self._de_l_assistant()
        for annee in contrat:
            yield from self._de_l_annee(annee)
        civiles = annees or range(self._premiere(), max(contrat, default=0) + 2)
        for annee in civiles:
            yield from self._de_l_annee_civile(annee)
        if self.resiliation is not None:
            yield from self._evenement("resiliation", "date_resiliation")
            yield from self._evenement(
                "fin_carence_eventuelle",
                "date_fin_carence_eventuelle",
                texte="Ce délai ne court que pour certains motifs de résiliation, que la caisse "
                "connaît.",
            )

    def _premiere(self) -> int:
        """Calendar year of the signature."""
        return int(self.lire("date_signature")[:4])

    def _de_la_signature(self) -> Iterator[Rapport]:
        premiere = self._premiere()
        if self.lire("rang_annee_contrat", premiere):
            yield from self._debut("signature", "date_signature", premiere)
        else:
            yield from self._evenement("signature", "date_signature", annee=premiere)

    def _debut(self, genre: str, variable: str, annee: int) -> Iterator[Rapport]:
        """A contract year that starts: its option, its maximum, or why it pays nothing."""
        rang, option, maximum = (
            self.lire(nom, annee) for nom in ("rang_annee_contrat", "option_etp", "aide_maximale")
        )
        change = ""
        if rang > 1 and option != self.lire("option_etp", annee - 1):
            rendue = self.lire("option_etp_avenant", annee) == _SANS_AVENANT
            change = ", retour à l’option de la signature" if rendue else " par avenant"
        phrases = [
            f"Option {libelle('OptionETP', option)}{change}, maximum {euros(maximum)}.",
            "Objectif fixé par avenant." if self._objectif_par_avenant(annee) else "",
        ]
        if not self.lire("option_accessible", annee):
            phrases.append(option_inaccessible(option))
        if not self.lire("remplacement_secretaire_conforme"):
            phrases.append(SECRETAIRE_NON_REMPLACE)
        texte = " ".join(filter(None, phrases))
        champs = {"annee": annee, "rang": rang, "option": option, "maximum": maximum}
        yield from self._evenement(
            genre, variable, "aide_maximale", texte=texte, sur=_MAXIMUM, **champs
        )

    def _objectif_par_avenant(self, annee: int) -> bool:
        return any(self.lire(f"objectif_{compte}_avenant", annee) for compte in ("pmt", "pfa"))

    def _de_l_assistant(self) -> Iterator[Rapport]:
        yield from self._evenement("recrutement", "date_recrutement_assistant")
        conforme = self.lire("remplacement_secretaire_conforme")
        suite = "" if conforme else "Sans remplacement conforme, aucune aide n’est due."
        fait = self._le("Remplacé", "date_remplacement_secretaire")
        # The end of the contract changes nothing to them.
        delais = {
            "remplacement_secretaire": ("date_limite_remplacement", f"{fait} {suite}".strip()),
            "inscription_formation": (
                "date_limite_inscription",
                self._le("Inscrit", "date_inscription_formation"),
            ),
            "certification": (
                "date_limite_certification",
                self._le("Obtenu", "date_certification"),
            ),
        }
        for genre, (variable, texte) in delais.items():
            yield from self._evenement(genre, variable, texte=texte, sur=DEPARTS[genre])

    def _le(self, fait: str, variable: str) -> str:
        """What was done, with its day, if it was."""
        quand = self.lire(variable)
        return f"{fait} le {jour(quand)}." if quand else ""

    def _court(self, quand: str | None) -> bool:
        """Whether the contract still runs on a day, or ends on it."""
        fin = self.resiliation or self.fin
        return quand is not None and (fin is None or quand <= fin)

    def _de_l_annee(self, annee: int) -> Iterator[Rapport]:
        """What a contract year dates: its start, its advance, its results, its balance."""
        rang = self.lire("rang_annee_contrat", annee)
        champs = {"annee": annee, "rang": rang}
        if rang > 1:
            yield from self._debut("anniversaire", "date_anniversaire", annee)
        acompte, solde = self.lire("acompte", annee), self.lire("solde", annee)
        if acompte:
            genre = "versement" if acompte == self.lire("aide_maximale", annee) else "acompte"
            yield from self._evenement(
                genre, "date_versement_acompte", "acompte", sur=_MAXIMUM, montant=acompte, **champs
            )
        if self.lire("annee_modulee", annee) and self.lire("droit_ouvert", annee):
            yield from self._evenement(
                "resultats",
                "date_resiliation" if self._interrompue(annee) else "date_prochain_anniversaire",
                "part_aide_versee",
                texte=self._resultats(annee),
                sur=_PART if self.lire("part_aide_connue", annee) else (*_PART, *_OBJECTIFS),
                **champs,
            )
        if solde:
            genre = "recuperation" if solde < 0 else "solde"
            yield from self._evenement(
                genre, "date_versement_solde", "solde", sur=_DU, montant=solde, **champs
            )

    def _interrompue(self, annee: int) -> bool:
        """Whether the contract is terminated in the course of a contract year."""
        suivant = self.lire("date_prochain_anniversaire", annee)
        return self.resiliation is not None and self.resiliation < suivant

    def _resultats(self, annee: int) -> str:
        """What is counted, against what."""
        comptes = []
        for compte, observe in (("pmt", "patientele_mt"), ("pfa", "file_active")):
            nature = self.lire(f"type_objectif_{compte}", annee)
            if nature != "sans_objet":
                vu = _compte(self.lire(observe, annee), "à observer")
                but = _compte(self.lire(f"objectif_{compte}", annee), "inconnu")
                comptes.append(
                    f"{compte.upper()} : {vu}, objectif {but} "
                    f"({minuscule(libelle('TypeObjectif', nature))})"
                )
        part = pourcent(self.lire("part_aide_versee", annee))
        return f"{' ; '.join(comptes)}. Part de l’aide : {part}."

    def _de_l_annee_civile(self, annee: int) -> Iterator[Rapport]:
        """What a calendar year dates: reviews, the end of five years, a new objective."""
        yield from self._evenement("point_d_etape", "date_point_d_etape", annee=annee)
        second = "date_second_point_d_etape"
        for evenement in self._evenement("point_d_etape", second, annee=annee):
            yield {**evenement, "id": f"{evenement['id']}-2"}
        yield from self._du_terme(annee)
        sous_condition = "Si la médiane ou, à défaut, le 30e percentile est atteint."
        if not self._objectif_par_avenant(annee):
            yield from self._evenement(
                "nouvel_objectif", "date_nouvel_objectif", texte=sous_condition, annee=annee
            )
        limite = "date_limite_nouvel_objectif"
        # Set in a year, to be reached in a later one.
        for fixe in range(self._premiere(), annee + 1):
            quand = self.lire(limite, fixe)
            if quand is not None and int(quand[:4]) == annee and self._court(quand):
                texte = "" if self._objectif_par_avenant(fixe) else sous_condition
                yield from self._evenement("fin_nouvel_objectif", limite, texte=texte, annee=fixe)

    def _du_terme(self, annee: int) -> Iterator[Rapport]:
        terme = self.lire("date_terme", annee)
        if terme is None or terme == self.resiliation:
            return
        genre = "terme" if terme == self.fin else "prorogation" if self.fin else "reconduction"
        yield from self._evenement(genre, "date_terme", annee=annee)
        a_signer = self.lire("prorogation_possible") and not self.lire("contrat_reconduit")
        arrete = self.resiliation_dite is not None and self.resiliation_dite <= terme
        if genre == "terme" and a_signer and not arrete:
            texte = (
                "Par avenant, aux mêmes conditions et objectifs ; sans lui, le contrat est clos."
            )
            yield from self._evenement(
                "prorogation_a_signer", "date_terme", "prorogation_possible",
                texte=texte, annee=annee,
            )  # fmt: skip

    def _evenement(
        self,
        genre: str,
        variable: str,
        *autres: str,
        sur: tuple[str, ...] = (),
        annee: int | None = None,
        **champs: Any,
    ) -> Iterator[Rapport]:
        """An event, if its variable gives a day; `sur`: results that its amount rests on."""
        quand = self.lire(variable, annee if self._annuelle(variable) else None)
        if quand is None:
            return
        variables, montant = [variable, *autres], champs.get("montant")
        porteuses = variables if montant is not None else variables[:1]
        doutes = list(self._doutes(sur, annee))
        vues = {_certitude(doute) for doute in doutes}
        certitudes = [nom for nom in CERTITUDES if nom in vues] or ["certain"]
        rang = champs.get("rang")
        # Without a delay, the first day on which it may be paid.
        sans_delai = rang and quand == self.lire("date_anniversaire", annee)
        creneau = _CRENEAUX.get(genre, genre)
        yield {
            "id": creneau if annee is None else f"{creneau}-{annee}",
            "date": quand,
            "genre": genre,
            "annee": annee,
            "rang": rang,
            "titre": GENRES[genre].format(
                annee=_ordinal(rang or 0),
                quand="à partir de ce jour" if sans_delai else "au plus tard",
            ),
            "texte": champs.get("texte", ""),
            "option": champs.get("option"),
            "maximum": champs.get("maximum"),
            "montant": montant,
            "certitude": certitudes[-1],
            "certitudes": certitudes,
            "reserves": [doute.variable for doute in doutes],
            "variables": variables,
            "dispositions": list(
                dict.fromkeys(d.id for nom in porteuses for d in dispositions_de_la_variable(nom))
            ),
        }

    def _doutes(self, sur: tuple[str, ...], annee: int | None) -> Iterator[Reserve]:
        """What is not known, or only estimated, of these results, that year."""
        for reserve in reserves():
            variable = reserve.variable
            if set(sur) & {*reserve.sur, variable} and self._calcul.connait(variable):
                periode = annee if self._annuelle(variable) else None
                pese = self.lire(variable, periode) == reserve.quand
                if pese and self._pese_sur_la_part(variable, annee):
                    yield reserve

    def _pese_sur_la_part(self, variable: str, annee: int | None) -> bool:
        """Whether a doubt on the table, or on the objectives, is one on the part of a year."""
        if variable == _HYPOTHESE:
            return not decidee(self.lire("cas_modulation", annee))
        if variable in _ESTIMATION:
            return bool(self.lire("part_aide_estimee", annee))
        return True

    def _annuelle(self, variable: str) -> bool:
        return bool(self._systeme.variables[variable].definition_period == DateUnit.YEAR)


def _certitude(reserve: Reserve) -> str:
    """How sure a result is under a reserve: what is not known is supposed favourably."""
    precises = {
        "aide_maximale_plancher": "plancher",
        _ESTIME: "estime",
        "aide_collective_cumul_ulterieur": "suppose",
        "aide_collective_carence_a_declarer": "suppose",
    }
    return precises.get(reserve.variable, "hypothese" if reserve.quand else "suppose")


def _ordinal(rang: int) -> str:
    return f"{rang}{'re' if rang == 1 else 'e'} année"


def _compte(nombre: int | None, sinon: str) -> str:
    return sinon if nombre is None else en_mots(nombre)


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: Rapport) -> None:
    """Print the events of each doctor, a line a day."""
    paragraphe(console, f"Loi appliquée : {rapport['loi']['nom']}.")
    for medecin in rapport["medecins"]:
        console.print()
        if medecin["date_signature"] is None:
            paragraphe(console, medecin["id"], style="bold")
        else:
            _afficher_le_contrat(console, medecin)
        _afficher_les_doutes(console, medecin)


def _afficher_le_contrat(console: Console, medecin: Rapport) -> None:
    titre = f"{medecin['id']} : contrat signé le {jour(medecin['date_signature'])}"
    paragraphe(console, titre, style="bold")
    dit = verdict(medecin, medecin["date_resiliation"])
    paragraphe(console, dit, style="green" if medecin["eligible"] else "red")
    console.print()
    if medecin["evenements"]:
        imprimer(console, _table(console.width, medecin["evenements"]))
    else:
        paragraphe(console, "Aucun événement dans ces années.")
    console.print()


def _table(largeur: int, evenements: list[Rapport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Date", no_wrap=True)
    table.add_column("Événement", no_wrap=True)
    table.add_column("Montant", justify="right", no_wrap=True)
    rangees = [(jour(e["date"]), e["titre"], e["texte"], _montant(e)) for e in evenements]
    prise = sum(max(len(rangee[rang]) for rangee in rangees) for rang in (0, -1))
    libre = largeur - max(prise, len("JJ/MM/AAAA") + len("Montant")) - 2 * len("  ")
    for quand, titre, texte, montant in rangees:
        quoi = "\n".join(couper(phrase, libre) for phrase in (titre, texte) if phrase)
        table.add_row(quand, Text(quoi), montant)  # Text: nothing in brackets is a style
    return table


def _montant(evenement: Rapport) -> str:
    """An amount with the signs of what is not sure; the signs alone where there is no amount."""
    signes = "".join(CERTITUDES[nom].signe for nom in evenement["certitudes"])
    if evenement["montant"] is None:
        return signes
    montant = euros(evenement["montant"])
    plancher, autres = signes.startswith("≥"), signes.removeprefix("≥")
    return f"≥\u00a0{montant}{autres}" if plancher else montant + autres


def _afficher_les_doutes(console: Console, medecin: Rapport) -> None:
    for note in medecin["notes"]:
        paragraphe(console, note["texte"], retrait="- ")
    if medecin["se_poursuit"]:
        texte = "Le contrat se poursuit au-delà des dates montrées : voir l’option --annees."
        paragraphe(console, texte, retrait="- ")
    for reserve in medecin["reserves"]:
        paragraphe(console, f"{reserve['texte']} {reserve['demander']}", retrait="- ")
    vues = {nom for evenement in medecin["evenements"] for nom in evenement["certitudes"]}
    dits = [f"« {c.signe} » {c.sens}" for nom, c in CERTITUDES.items() if nom in vues and c.signe]
    if dits:
        paragraphe(console, f"Signes : {' ; '.join(dits)}.", retrait="- ")


# --- For calendars --------------------------------------------------------------------------------


def en_ics(rapport: Rapport) -> bytes:
    """The events as an iCalendar file (RFC 5545): the same report gives the same bytes.

    Of the doctor, it holds the name that was given and what the events say: the days of the
    contract and of the assistant, options, amounts, counts; no other input.
    """
    agenda = Calendar()
    agenda.add("prodid", _PRODID)
    agenda.add("version", "2.0")
    agenda.add("calscale", "GREGORIAN")
    for medecin in rapport["medecins"]:
        demandes = {reserve["variable"]: reserve for reserve in medecin["reserves"]}
        for evenement in medecin["evenements"]:
            agenda.add_component(_en_evenement(rapport, medecin, evenement, demandes))
    return bytes(agenda.to_ical())


def _en_evenement(
    rapport: Rapport, medecin: Rapport, evenement: Rapport, demandes: dict[str, Rapport]
) -> Event:
    quand = date.fromisoformat(evenement["date"])
    lignes = [
        evenement["texte"],
        "" if evenement["montant"] is None else f"Montant : {euros(evenement['montant'])}.",
        _phrase(" ; ".join(CERTITUDES[nom].sens for nom in evenement["certitudes"])),
        *(f"{demandes[nom]['texte']} {demandes[nom]['demander']}" for nom in evenement["reserves"]),
        _sources(evenement["dispositions"]),
        f"Loi appliquée : {rapport['loi']['nom']}.",
    ]
    composant = Event()
    composant.add("uid", f"{_empreinte(medecin)}-{evenement['id']}@{_DOMAINE}")
    # The day of the event, and not that of the writing: the same report, the same file.
    composant.add("dtstamp", datetime(quand.year, quand.month, quand.day, tzinfo=UTC))
    composant.add("dtstart", quand)
    composant.add("summary", " : ".join(filter(None, (_nom(medecin["id"]), evenement["titre"]))))
    composant.add("description", "\n".join(filter(None, lignes)))
    composant.add("transp", "TRANSPARENT")
    return composant


def _phrase(mots: str) -> str:
    return f"{majuscule(mots)}." if mots else ""


def _sources(identifiants: list[str]) -> str:
    """Sources of provisions, each with its places: « S000, versements ; S003, partie III-2 »."""
    endroits: dict[str, list[str]] = {}
    for identifiant in identifiants:
        disposition = dispositions()[identifiant]
        lieux = endroits.setdefault(citer(disposition.source), [])
        if (lieu := minuscule(disposition.endroit)) not in lieux:
            lieux.append(lieu)
    citees = (", ".join((source, *lieux)) for source, lieux in endroits.items())
    return f"Sources : {' ; '.join(citees)}." if endroits else ""


def _empreinte(medecin: Rapport) -> str:
    """What tells a contract from others, and says nothing of the doctor."""
    cle = f"{medecin['id']}\n{medecin['date_signature']}"
    return sha256(cle.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _nom(identifiant: str) -> str:
    """A name on one line, as the title of an event bears it."""
    return " ".join("".join(c if c.isprintable() else " " for c in identifiant).split())
