"""Every dated event of a doctor's contract, in order, and the same as an iCalendar file.

Nothing is worked out here: dates, amounts and doubts are variables of the model. The report, as
`calendrier` gives it and `assistant-medical calendrier --json` prints it:

    {"format": 1, "version", "loi": {…},                         # as in `contrats`
     "medecins": [{
         "id", "date_signature", "eligible", "motif_ineligibilite", "eligibilite_connue",
         "date_fin_contrat", "sans_terme",
         "evenements": [{"id", "date", "genre", "annee", "rang", "titre", "texte", "option",
                         "maximum", "montant", "certitude", "reserves": [variable],
                         "variables": [name], "dispositions": [id]}],
         "reserves": [{"variable", "texte", "demander"}]}]}

The events are in the order of their days, then of `GENRES`, whose keys are their `genre`; `id` is
one of its own among those of a doctor. `annee` is the calendar year in which the contract year of
the event starts, or, for what happens each year, its own; `rang` is that of the contract year;
`option` and `maximum` are those of a year that starts. `montant` is in euros, what the doctor
receives, negative for what is given back. `certitude` is one of `CERTITUDES`: "certain", if the
contract runs until then; "plancher", the amount or more; "hypothese"; "suppose", favourably, for
want of information. `reserves` says which variables of the register of what is not known tell so.
`variables` gave the date, then the amount or what goes with it; `dispositions` are those of the
date, and of what is paid. `sans_terme`: whether the contract goes on past the years shown.
Null: nothing of the kind.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from icalendar import Calendar, Event
from openfisca_core.periods import DateUnit
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openfisca_assistant_medical.affichage import (
    en_mots,
    euros,
    jour,
    libelle,
    minuscule,
    paragraphe,
    pourcent,
    verdict,
)
from openfisca_assistant_medical.contrats import Calcul, lois
from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.textes import (
    Reserve,
    dispositions_de_la_variable,
    reserves,
)

FORMAT = 1
# Titles, in the order of what happens on one day.
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
    "versement": "Aide de la {annee}, versée en entier au plus tard",
    "acompte": "Acompte de la {annee}, au plus tard",
    "point_d_etape": "Point d’étape avec la caisse",
    "fin_carence_eventuelle": "Fin du délai de carence éventuel",
}
CERTITUDES = {
    "certain": "",
    "plancher": "C’est un plancher.",
    "hypothese": "Fondé sur une hypothèse.",
    "suppose": "Supposé favorable, faute d’information.",
}
_SIGNES = {"plancher": "≥", "hypothese": "*", "suppose": "?"}
# What the amounts rest on: results and doubts, as the register of what is not known names them.
_MAXIMUM = ("eligible", "aide_maximale")
_PART = ("part_aide_versee", "part_aide_hypothese", "objectif_pmt_estime")
_DU = (*_MAXIMUM, *_PART)
_PRODID = "-//openfisca-assistant-medical//calendrier//FR"
_DOMAINE = "openfisca-assistant-medical"
Rapport = dict[str, Any]


class MedecinInconnu(ValueError):
    """A doctor that the situation does not hold; the message gives the closest one."""


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
        MedecinInconnu: the situation does not hold this doctor.
    """
    ((description, systeme),) = lois(noms, comparer=False)
    situation = verifier(brut, systeme)
    calcul = Calcul(description, systeme, situation)
    if medecin is not None and medecin not in calcul.medecins:
        raise MedecinInconnu(
            f"Médecin : reçu « {medecin} » ; attendu : un médecin de la situation"
            f"{proche(medecin, calcul.medecins)}."
        )
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
        self.signature: str = self.lire("date_signature")
        self.fin: str | None = self.lire("date_fin_contrat")
        resiliation: str | None = self.lire("date_resiliation")
        interrompu = resiliation is not None and (self.fin is None or resiliation < self.fin)
        self.resiliation = resiliation if interrompu else None

    def lire(self, variable: str, annee: int | None = None) -> Any:
        """Value of a variable, of the whole contract or of a year; None for "no such day"."""
        return self._calcul.lire(variable, "ETERNITY" if annee is None else annee, self._rang)

    def rapport(self, annees: range | None) -> Rapport:
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
        derniere = max([*contrat, *(annees or ())])
        return {
            "id": self._calcul.medecins[self._rang],
            "date_signature": self.signature,
            "eligible": self.lire("eligible"),
            "motif_ineligibilite": self.lire("motif_ineligibilite"),
            "eligibilite_connue": self.lire("eligibilite_connue"),
            "date_fin_contrat": self.fin,
            "sans_terme": bool(self.lire("rang_annee_contrat", derniere + 1)),
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
        }

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
        civiles = annees or range(int(self.signature[:4]), max(contrat, default=0) + 2)
        for annee in civiles:
            yield from self._de_l_annee_civile(annee)
        if self.resiliation is not None:
            yield from self._evenement("resiliation", "date_resiliation")
            yield from self._evenement(
                "fin_carence_eventuelle",
                "date_fin_carence_eventuelle",
                texte="La résiliation l’emporte selon son motif, que la caisse connaît.",
                certitude="suppose",
            )

    def _de_la_signature(self) -> Iterator[Rapport]:
        premiere = int(self.signature[:4])
        if self.lire("rang_annee_contrat", premiere):
            yield from self._debut("signature", "date_signature", premiere)
        else:
            yield from self._evenement("signature", "date_signature", annee=premiere)

    def _debut(self, genre: str, variable: str, annee: int) -> Iterator[Rapport]:
        """A contract year that starts: its rank, its option, its maximum."""
        rang, option, maximum = (
            self.lire(nom, annee) for nom in ("rang_annee_contrat", "option_etp", "aide_maximale")
        )
        change = rang > 1 and option != self.lire("option_etp", annee - 1)
        avenants = [self.lire(f"objectif_{compte}_avenant", annee) for compte in ("pmt", "pfa")]
        texte = (
            f"Option {libelle('OptionETP', option)}{' par avenant' if change else ''}, "
            f"maximum {euros(maximum)}."
            f"{' Objectif fixé par avenant.' if any(avenants) else ''}"
        )
        champs = {"annee": annee, "rang": rang, "option": option, "maximum": maximum}
        yield from self._evenement(
            genre, variable, "aide_maximale", texte=texte, sur=_MAXIMUM, **champs
        )

    def _de_l_assistant(self) -> Iterator[Rapport]:
        yield from self._evenement("recrutement", "date_recrutement_assistant")
        remplacement = self.lire("date_remplacement_secretaire")
        fait = f"Remplacé le {jour(remplacement)}. " if remplacement else ""
        conforme = self.lire("remplacement_secretaire_conforme")
        suite = "" if conforme else "Sans remplacement conforme, aucune aide n’est due."
        delais = {
            "remplacement_secretaire": ("date_limite_remplacement", f"{fait}{suite}".strip()),
            "inscription_formation": ("date_limite_inscription", ""),
            "certification": ("date_limite_certification", ""),
        }
        for genre, (variable, texte) in delais.items():
            if variable in self._systeme.variables and self._court(self.lire(variable)):
                yield from self._evenement(genre, variable, texte=texte)

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
                sur=_PART,
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
        yield from self._evenement("nouvel_objectif", "date_nouvel_objectif", annee=annee)
        limite = "date_limite_nouvel_objectif"
        # Set in a year, to be reached in a later one.
        for fixe in range(int(self.signature[:4]), annee + 1):
            quand = self.lire(limite, fixe)
            if quand is not None and int(quand[:4]) == annee and self._court(quand):
                yield from self._evenement("fin_nouvel_objectif", limite, annee=fixe)

    def _du_terme(self, annee: int) -> Iterator[Rapport]:
        terme = self.lire("date_terme", annee)
        if terme is None or terme == self.resiliation:
            return
        genre = "terme" if terme == self.fin else "prorogation" if self.fin else "reconduction"
        yield from self._evenement(genre, "date_terme", annee=annee)
        a_signer = self.lire("prorogation_possible") and not self.lire("contrat_reconduit")
        if genre == "terme" and a_signer:
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
        certitude: str | None = None,
        **champs: Any,
    ) -> Iterator[Rapport]:
        """An event, if its variable gives a day; `sur`: results that its amount rests on."""
        quand = self.lire(variable, annee if self._annuelle(variable) else None)
        if quand is None:
            return
        variables, montant = [variable, *autres], champs.get("montant")
        porteuses = variables if montant is not None else variables[:1]
        doutes = list(self._doutes(sur, annee))
        niveaux = list(CERTITUDES)
        rangs = [niveaux.index(_certitude(doute)) for doute in doutes]
        rang = champs.get("rang")
        yield {
            "id": genre if annee is None else f"{genre}-{annee}",
            "date": quand,
            "genre": genre,
            "annee": annee,
            "rang": rang,
            "titre": GENRES[genre].format(annee=_ordinal(rang or 0)),
            "texte": champs.get("texte", ""),
            "option": champs.get("option"),
            "maximum": champs.get("maximum"),
            "montant": montant,
            "certitude": certitude or niveaux[max(rangs, default=0)],
            "reserves": [doute.variable for doute in doutes],
            "variables": variables,
            "dispositions": list(
                dict.fromkeys(d.id for nom in porteuses for d in dispositions_de_la_variable(nom))
            ),
        }

    def _doutes(self, sur: tuple[str, ...], annee: int | None) -> Iterator[Reserve]:
        """What is not known, or only estimated, of these results, that year."""
        for reserve in reserves():
            concerne = set(sur) & {*reserve.sur, reserve.variable}
            if concerne and reserve.variable in self._systeme.variables:
                periode = annee if self._annuelle(reserve.variable) else None
                if self.lire(reserve.variable, periode) == reserve.quand:
                    yield reserve

    def _annuelle(self, variable: str) -> bool:
        return bool(self._systeme.variables[variable].definition_period == DateUnit.YEAR)


def _certitude(reserve: Reserve) -> str:
    """How sure a result is under a reserve: what is not known is supposed favourably."""
    if reserve.variable == "aide_maximale_plancher":
        return "plancher"
    return "hypothese" if reserve.quand else "suppose"


def _ordinal(rang: int) -> str:
    return f"{rang}{'re' if rang == 1 else 'e'} année"


def _compte(nombre: int | None, sinon: str) -> str:
    return sinon if nombre is None else f"{nombre:,}".replace(",", "\u202f")


# --- For people -----------------------------------------------------------------------------------


def afficher(console: Console, rapport: Rapport) -> None:
    """Print the events of each doctor, a line a day."""
    paragraphe(console, f"Loi appliquée : {rapport['loi']['nom']}.")
    for medecin in rapport["medecins"]:
        console.print()
        titre = f"{medecin['id']} : contrat signé le {jour(medecin['date_signature'])}"
        paragraphe(console, titre, style="bold")
        paragraphe(console, verdict(medecin), style="green" if medecin["eligible"] else "red")
        console.print()
        if medecin["evenements"]:
            console.print(_table(medecin["evenements"]))
        else:
            paragraphe(console, "Aucun événement dans ces années.")
        console.print()
        _afficher_les_doutes(console, medecin)


def _table(evenements: list[Rapport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("Date", no_wrap=True)
    table.add_column("Événement", overflow="fold")
    table.add_column("Montant", justify="right", no_wrap=True)
    for evenement in evenements:
        # Text: a name in brackets is no style.
        quoi = Text("\n".join(filter(None, (evenement["titre"], evenement["texte"]))))
        table.add_row(jour(evenement["date"]), quoi, _montant(evenement))
    return table


def _montant(evenement: Rapport) -> str:
    """An amount with the sign of what is not sure; the sign alone where there is no amount."""
    signe = _SIGNES.get(evenement["certitude"], "")
    if evenement["montant"] is None:
        return signe
    montant = euros(evenement["montant"])
    return f"{signe}\u00a0{montant}" if signe == "≥" else montant + signe


def _afficher_les_doutes(console: Console, medecin: Rapport) -> None:
    if medecin["sans_terme"]:
        texte = "Le contrat se poursuit au-delà des dates montrées : voir l’option --annees."
        paragraphe(console, texte, retrait="- ")
    for reserve in medecin["reserves"]:
        paragraphe(console, f"{reserve['texte']} {reserve['demander']}", retrait="- ")
    certitudes = {evenement["certitude"] for evenement in medecin["evenements"]}
    legende = {
        "≥": "montant plancher",
        "*": "fondé sur une hypothèse",
        "?": "supposé favorable, faute d’information",
    }
    if signes := [_SIGNES[nom] for nom in CERTITUDES if nom in certitudes & _SIGNES.keys()]:
        dits = (f"« {signe} » {legende[signe]}" for signe in signes)
        paragraphe(console, f"Signes : {' ; '.join(dits)}.", retrait="- ")


# --- For calendars --------------------------------------------------------------------------------


def en_ics(rapport: Rapport) -> bytes:
    """The events as an iCalendar file (RFC 5545): the same report gives the same bytes.

    Of the doctor, it holds the name that was given, and what the events say.
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
        CERTITUDES[evenement["certitude"]],
        *(f"{demandes[nom]['texte']} {demandes[nom]['demander']}" for nom in evenement["reserves"]),
        f"Dispositions : {', '.join(evenement['dispositions'])}." * bool(evenement["dispositions"]),
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


def _empreinte(medecin: Rapport) -> str:
    """What tells a contract from others, and says nothing of the doctor."""
    cle = f"{medecin['id']}\n{medecin['date_signature']}"
    return sha256(cle.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _nom(identifiant: str) -> str:
    """A name on one line, as the title of an event bears it."""
    return " ".join("".join(c if c.isprintable() else " " for c in identifiant).split())
