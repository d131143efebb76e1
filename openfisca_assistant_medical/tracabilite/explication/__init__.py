"""Where a result comes from: its arithmetic, its figures, its provisions, its readings.

The report, as `expliquer` gives it and `assistant-medical expliquer --json` prints it, follows
`schema_explication.json`, beside this file. Nothing in it is written for one variable: it comes
from the formula's syntax tree and the trace of the very computation (see `arbre`), from the law's
parameters, and from the registers of `textes`.
"""

from collections.abc import Collection, Iterator
from importlib.metadata import version
from typing import Any

from openfisca_core.periods import DateUnit, Period
from openfisca_core.periods import period as lire_periode
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.lois import decrire, lois, sous_l_autre_lecture
from openfisca_assistant_medical.mots import DemandeInconnue, proche, verifier_le_medecin
from openfisca_assistant_medical.reforms.lectures import ENTREE
from openfisca_assistant_medical.situations import verifier
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.tracabilite.explication.arbre import (
    Expression,
    Formule,
    FormuleIllisible,
    en_clair,
    enumeration,
    rangee,
)
from openfisca_assistant_medical.tracabilite.explication.groupe import groupe_de
from openfisca_assistant_medical.tracabilite.explication.phrases import Vocabulaire, etiquette
from openfisca_assistant_medical.tracabilite.explication.recit import Cle, Recit

FORMAT = 1


def reprendre(simulation: Any, systeme: Any) -> Any:
    """The same doctors with the same inputs, in a new simulation.

    Args:
        simulation: the simulation to start from; it is not changed.
        systeme: the law to compute under.
    """
    populations = systeme.instantiate_entities()
    for cle, population in populations.items():
        modele = simulation.populations[cle]
        population.count, population.ids = modele.count, modele.ids
        if not population.entity.is_person:
            population.members_entity_id = modele.members_entity_id
            population.members_role = modele.members_role
    nouvelle = Simulation(systeme, populations)
    # The doctors' inputs, and those of the practices where the law has some.
    for cle, population in populations.items():
        for nom, holder in simulation.populations[cle]._holders.items():
            if not holder.variable.formulas:
                for periode in holder.get_known_periods():
                    population.get_holder(nom)._set(periode, holder.get_array(periode))
    return nouvelle


class Explicable:
    """A simulation whose every result can be explained.

    Args:
        simulation: n doctors, with their inputs; it is not changed.
        saisies: inputs that people gave, with their periods, and with the doctor for those of the
            doctors of a practice; None = those that the simulation holds, for whichever doctor.
    """

    def __init__(self, simulation: Any, saisies: Collection[Cle] | None = None) -> None:
        self.systeme = simulation.tax_benefit_system
        self.medecins = [str(nom) for nom in simulation.persons.ids]
        self.groupe = groupe_de(simulation.populations)
        if saisies is None:
            holders = [*simulation.persons._holders.items(), *self.groupe._holders.items()]
            connues = [(nom, p) for nom, holder in holders for p in holder.get_known_periods()]
            qui = (None, *self.medecins)
            saisies = {self.cle(*connue, medecin) for connue in connues for medecin in qui}
        self.saisies = saisies
        self.vocabulaire = Vocabulaire(self.systeme)
        self._simulation = reprendre(simulation, self.systeme)
        self._simulation.trace = True
        self._traces: dict[Cle, Any] = {}
        self._autres: dict[str, Explicable | None] = {}

    def cle(self, variable: str, periode: Any, membre: str | None = None) -> Cle:
        """A variable and its period, as steps are known by.

        Args:
            variable: name of a variable.
            periode: whatever for a variable of the whole contract.
            membre: the doctor it is about, where a practice is explained; a practice has none.

        Raises:
            DemandeInconnue: unknown variable, or a period that is not one of its own.
        """
        if variable not in self.systeme.variables:
            raise DemandeInconnue(
                f"Variable : reçu « {variable} » ; attendu : une variable du modèle"
                f"{proche(variable, list(self.systeme.variables))}."
            )
        definition = self.systeme.variables[variable].definition_period
        qui = (membre,) if membre and self.systeme.variables[variable].entity.is_person else ()
        if definition == DateUnit.ETERNITY:
            return variable, TOUJOURS, *qui
        return variable, str(_periode(variable, definition, periode)), *qui

    def ligne(self, cle: Cle, rang: int) -> int:
        """Row of a result: that of the doctor, of the member that it names, or of the practice."""
        if not self.systeme.variables[cle[0]].entity.is_person:
            return int(self.groupe.members_entity_id[rang])
        return self.medecins.index(cle[2]) if len(cle) > 2 else rang

    def trace(self, cle: Cle) -> Any:
        """Node of the trace where a result was computed."""
        cle = cle[:2]  # of every doctor, or of every practice
        if cle not in self._traces:
            self._simulation.calculate(*cle)
            pile = [self._simulation.tracer.trees[-1]]
            while pile:
                noeud = pile.pop()
                sienne = self.cle(noeud.name, noeud.period)
                if sienne not in self._traces or noeud.children:
                    self._traces[sienne] = noeud
                pile.extend(noeud.children)
        return self._traces[cle]

    def valeur(self, cle: Cle, rang: int) -> Any:
        """Value of a doctor, as plain data."""
        return en_clair(rangee(self.trace(cle).value, self.ligne(cle, rang)))

    def de_qui(self, cle: Cle, rang: int) -> str:
        """Name of the doctor, or of the practice, that a result is of."""
        de_la_personne = self.systeme.variables[cle[0]].entity.is_person
        noms = self.medecins if de_la_personne else self.groupe.ids
        return str(noms[self.ligne(cle, rang)])

    def montrer(self, cle: Cle, rang: int) -> dict[str, Any]:
        """Value, words, unit and Enum of a result."""
        valeur, unite = self.valeur(cle, rang), self.systeme.variables[cle[0]].unit
        enum = enumeration(rangee(self.trace(cle).value, self.ligne(cle, rang)))
        montre = {"valeur": valeur, "enumeration": enum}
        texte = self.vocabulaire.valeur({"genre": "variable", "variable": cle[0], **montre})
        return {"texte": texte, "unite": unite, **montre}

    def expression(self, cle: Cle, rang: int) -> Expression:
        """The arithmetic of a result for one doctor.

        Raises:
            FormuleIllisible: the formula uses more of Python than is read, or does not give again
                what was computed.
        """
        noeud, variable = self.trace(cle), self.systeme.variables[cle[0]]
        periode = noeud.period if isinstance(noeud.period, Period) else lire_periode(noeud.period)
        if variable.is_neutralized:
            raise FormuleIllisible("la variable est neutralisée, elle a sa valeur par défaut")
        formule = variable.get_formula(periode)
        if formule is None:
            raise FormuleIllisible("aucune formule à cette période")
        vus = {self.cle(enfant.name, enfant.period): enfant.value for enfant in noeud.children}
        expression = Formule(
            formule,
            self.systeme,
            self._simulation.populations[variable.entity.key],
            periode,
            lambda nom, periode: vus[self.cle(nom, periode)],
            self.ligne(cle, rang),
        ).expression()
        trouvee, attendue = en_clair(expression.valeur), self.valeur(cle, rang)
        if not _egales(trouvee, attendue):
            raise FormuleIllisible(f"l’arithmétique lue donne {trouvee}, le calcul {attendue}")
        return expression

    def expliquer(
        self, variable: str, periode: Any, rang: int = 0, autres_lectures: bool = True
    ) -> dict[str, Any]:
        """The explanation of one result of one doctor; see `schema_explication.json`.

        Args:
            variable: name of a variable.
            periode: a year or a month; whatever for a variable of the whole contract.
            rang: rank of the doctor.
            autres_lectures: whether to compute what the other reading of each doubtful point gives,
                which costs a law a reading the first time.

        Raises:
            DemandeInconnue: unknown variable or period.
        """
        cle = self.cle(variable, periode)
        recit = Recit(self, rang)
        recit.suivre(cle)
        recit.reserver()
        parametres = recit.parametres()
        executables = list(self._executables(cle, rang, recit, autres_lectures))
        dites = {lecture["id"] for lecture in executables}
        return {
            "format": FORMAT,
            "version": version("openfisca-assistant-medical"),
            "loi": decrire(self.systeme),
            # Of a variable of the practice, the practice.
            "medecin": self.de_qui(cle, rang),
            "variable": variable,
            "periode": cle[1],
            "label": etiquette(self.systeme.variables[variable]),
            **self.montrer(cle, rang),
            "reserves": recit.reserves,
            "etapes": recit.etapes,
            "parametres": parametres,
            "lectures": [*executables, *recit.lectures_inscrites(dites)],
            "saisies": recit.saisies(),
            "dispositions": recit.dispositions_citees(),
            "sources": recit.sources(parametres),
        }

    def _executables(
        self, cle: Cle, rang: int, recit: Recit, calculees: bool
    ) -> Iterator[dict[str, Any]]:
        """Readings that the result hangs on, and what the other one gives, if it is computed."""
        for lecture, etapes in recit.lectures_lues().items():
            if not calculees and a_une_autre_lecture(self.systeme, lecture):
                tue = dict.fromkeys(("valeur_autre", "texte_autre", "change"))
                yield {**presenter(self.systeme, lecture), **tue, "etapes": etapes}
            autre = self._sous(lecture) if calculees else None
            if autre is not None:
                montree = autre.montrer(cle, rang)
                yield {
                    **presenter(self.systeme, lecture),
                    "valeur_autre": montree["valeur"],
                    "texte_autre": montree["texte"],
                    "change": montree["valeur"] != self.valeur(cle, rang),
                    "etapes": etapes,
                }

    def _sous(self, lecture: str) -> "Explicable | None":
        if lecture not in self._autres:
            systeme = sous_l_autre_lecture(self.systeme, lecture)
            autre = systeme and Explicable(reprendre(self._simulation, systeme))
            self._autres[lecture] = autre
        return self._autres[lecture]


def expliquer(simulation: Any, variable: str, periode: Any, rang: int = 0) -> dict[str, Any]:
    """The explanation of one result of a simulation; see `Explicable.expliquer`."""
    return Explicable(simulation).expliquer(variable, periode, rang)


def expliquer_situation(
    brut: Any, variable: str, periode: str | None, noms: list[str], medecin: str | None = None
) -> dict[str, Any]:
    """The explanation of one result of a situation.

    Args:
        brut: the situation, as read from a file.
        variable: name of a variable.
        periode: a year or a month; None for a variable of the whole contract.
        noms: reforms of the law, in order.
        medecin: name of the doctor; None = the only one.

    Raises:
        SituationInvalide: the situation is refused.
        ReformeInconnue: unknown reform.
        DemandeInconnue: unknown variable, period or doctor.
    """
    (loi,) = lois(noms, comparer=False)
    return expliquer_sous(loi, brut, variable, periode, medecin)


def expliquer_sous(
    loi: tuple[dict[str, Any], Any],
    brut: Any,
    variable: str,
    periode: str | None,
    medecin: str | None = None,
    autres_lectures: bool = True,
) -> dict[str, Any]:
    """The same explanation under a law that is there already, as `lois.lois` gives it.

    Args:
        loi: its description, and the tax-benefit system.
        brut: the situation, as read from a file.
        variable: name of a variable.
        periode: a year or a month; None for a variable of the whole contract.
        medecin: name of the doctor; None = the only one.
        autres_lectures: see `Explicable.expliquer`.

    Raises:
        SituationInvalide: the situation is refused.
        DemandeInconnue: unknown variable, period or doctor.
    """
    description, systeme = loi
    situation = verifier(brut, systeme)
    medecins = situation[systeme.person_entity.plural]
    if variable in systeme.variables and not systeme.variables[variable].entity.is_person:
        medecin = _un_du_cabinet(situation, systeme, medecin)
    if medecin is None and len(medecins) > 1:
        raise DemandeInconnue(
            f"La situation a {len(medecins)} médecins : dire lequel par --medecin "
            f"({', '.join(list(medecins)[:10])}{'…' if len(medecins) > 10 else ''})."
        )
    verifier_le_medecin(medecin, medecins)
    nom = medecin or next(iter(medecins))
    saisies: set[Cle] = set(_donnees(medecins[nom]))
    for cabinet in situation[systeme.group_entities[0].plural].values():
        saisies |= set(_donnees(cabinet)) if nom in cabinet["membres"] else set()
    saisies |= {(*donnee, autre) for autre in medecins for donnee in _donnees(medecins[autre])}
    simulation = SimulationBuilder().build_from_entities(systeme, situation)
    explicable = Explicable(simulation, saisies)
    explicable.cle(variable, "" if periode is None else periode)
    rang = explicable.medecins.index(nom)
    rapport = explicable.expliquer(variable, periode, rang, autres_lectures)
    return {**rapport, "loi": description}


def a_une_autre_lecture(systeme: Any, lecture: str) -> bool:
    """Whether a law has a doubtful point, without building it under the other reading."""
    # The day of the convention is a doubt of the laws that it is laid over.
    noms = {chemin.rpartition(".")[2] for chemin in decrire(systeme)["reformes"]}
    return lecture != ENTREE or bool(noms & {ENTREE, "convention_2024"})


def _donnees(objet: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Variables that were given of a doctor, or of a practice, with their periods."""
    for nom, valeurs in objet.items():
        if isinstance(valeurs, dict):
            yield from ((nom, periode) for periode, x in valeurs.items() if x is not None)


def _un_du_cabinet(situation: dict[str, Any], systeme: Any, nom: str | None) -> str | None:
    """A doctor of the practice asked for, by its name or by that of one of them.

    Raises:
        DemandeInconnue: several practices, and none is named.
    """
    cabinets = situation[systeme.group_entities[0].plural]
    if nom in cabinets and nom not in situation[systeme.person_entity.plural]:
        return str(cabinets[nom]["membres"][0])
    decrits = [c for c in cabinets if any(True for _ in _donnees(cabinets[c]))] or list(cabinets)
    if nom is None and len(decrits) > 1:
        raise DemandeInconnue(
            f"La situation a {len(decrits)} cabinets : dire lequel par --medecin, de son nom ou de "
            f"celui d’un de ses médecins ({', '.join(decrits[:10])}"
            f"{'…' if len(decrits) > 10 else ''})."
        )
    return nom or str(cabinets[decrits[0]]["membres"][0])


def _egales(trouvee: Any, attendue: Any) -> bool:
    """Whether two values are the same, a truth being a number for a variable of numbers."""
    if all(isinstance(valeur, (bool, int, float)) for valeur in (trouvee, attendue)):
        return float(trouvee) == float(attendue)
    return bool(trouvee == attendue)


def _periode(variable: str, definition: Any, periode: Any) -> Period:
    attendu = {"year": "une année, comme 2026", "month": "un mois, comme 2026-03"}
    try:
        lue = periode if isinstance(periode, Period) else lire_periode(str(periode))
    except Exception:  # core's own error, or that of a date out of the calendar
        lue = None
    if lue is None or lue.unit != definition or lue.size != 1:
        recu = f"reçu « {periode} »" if periode else "rien reçu"
        raise DemandeInconnue(
            f"Période : {recu} ; attendu pour « {variable} » : {attendu[str(definition)]}."
        )
    return lue
