"""The steps of one explanation, from a result down to what was given, and what they rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.reforms.lectures import ENTREE, entree_en_vigueur_2024
from openfisca_assistant_medical.situations.valeurs import TOUJOURS
from openfisca_assistant_medical.systeme import lieu
from openfisca_assistant_medical.tracabilite.explication.arbre import (
    Expression,
    FormuleIllisible,
    en_clair,
    en_donnees,
)
from openfisca_assistant_medical.tracabilite.explication.phrases import chiffres, etiquette, lignes

if TYPE_CHECKING:
    from openfisca_assistant_medical.tracabilite.explication import Explicable

# Variable, period and, for a doctor of a practice that is explained, their name.
Cle = tuple[str, ...]
_LECTURES = "lectures."
# The day that the convention would gain by the other reading of its entry into force.
_JOUR_GAGNE = entree_en_vigueur_2024.decalage[1]


class Recit:
    """The steps of one explanation, from the result down to what was given."""

    def __init__(self, explicable: Explicable, rang: int) -> None:
        self._explicable = explicable
        self._rang = rang
        self._mots = explicable.vocabulaire
        self.etapes: list[dict[str, Any]] = []
        self.reserves: list[dict[str, Any]] = []
        self._numeros: dict[Cle, int] = {}
        self._dont: dict[Cle, list[Cle]] = {}
        self._pivots: dict[Cle, set[Cle]] = {}
        self._manquants: dict[Cle, list[str]] = {}
        self._donnees: dict[Cle, None] = {}
        self._lus: dict[tuple[str, str | None], set[str]] = {}
        self._dispositions: set[str] = set()

    def suivre(self, depart: Cle) -> None:
        """Add a result and all that it hangs on, each once, in reading order."""
        premiere = len(self.etapes)
        pile = [depart]
        while pile:
            cle = pile.pop()
            if cle in self._numeros:
                continue
            if self._explicable.systeme.variables[cle[0]].is_input_variable():
                self._donnees.setdefault(cle)
                continue
            self._numeros[cle] = len(self._numeros) + 1
            self.etapes.append(self._etape(cle))
            pile.extend(reversed(self._dont[cle]))
        # Steps and their keys come in the same order.
        for cle, etape in list(zip(self._numeros, self.etapes, strict=True))[premiere:]:
            dont = self._dont[cle]
            etape["suivantes"] = [self._numeros[autre] for autre in dont if autre in self._numeros]

    def _etape(self, cle: Cle) -> dict[str, Any]:
        explicable, variable = self._explicable, self._explicable.systeme.variables[cle[0]]
        montre = explicable.montrer(cle, self._rang)
        try:
            racine = explicable.expression(cle, self._rang)
            calcul, obstacle, feuilles = en_donnees(racine), None, list(racine.feuilles())
            tables = {f.champs["table"] for f in racine.feuilles(decisives=False) if not f.variable}
            variables = [feuille for feuille in feuilles if feuille.variable]
            dont = [_demandee(feuille, cle) for feuille in variables]
            pivots = [_demandee(feuille, cle) for feuille in variables if feuille.pivot]
            lus = [self._lire(cle, feuille) for feuille in feuilles if not feuille.variable]
        except FormuleIllisible as erreur:
            calcul, obstacle, tables = None, str(erreur), set()
            enfants = explicable.trace(cle).children
            dont = [(enfant.name, enfant.period, *cle[2:]) for enfant in enfants]
            pivots, lus = dont, list(self._lire_la_trace(cle))
        self._dont[cle] = list(dict.fromkeys(explicable.cle(*autre) for autre in dont))
        self._pivots[cle] = {explicable.cle(*autre) for autre in pivots}
        dispositions = list(self._portees(cle[0], tables, lus))
        self._dispositions.update(dispositions)
        return {
            "numero": self._numeros[cle],
            "variable": cle[0],
            "periode": cle[1],
            "label": _nommer(etiquette(variable), cle),
            **montre,
            "regle": _regle(variable, explicable.trace(cle).period),
            "lieu": lieu(variable),
            "calcul": calcul,
            "obstacle": obstacle,
            "lignes": lignes(calcul, self._mots.a(cle[1])) if calcul else [],
            "chiffres": calcul and chiffres(calcul, self._mots, montre["texte"]),
            "parametres": [
                {"parametre": chemin, "depuis": depuis} for chemin, depuis in dict.fromkeys(lus)
            ],
            "dispositions": dispositions,
            "suivantes": [],
        }

    def _portees(
        self, variable: str, tables: set[str], lus: list[tuple[str, str | None]]
    ) -> Iterator[str]:
        """Provisions that a step carries; of those about a table that it reads, the cell's alone.

        Args:
            variable: name of the variable.
            tables: tables that its formula reads.
            lus: figures that the result hangs on, each with the date since which it holds.
        """
        cellules = {d.id for lu in lus for d in self._du_parametre(*lu)}
        for disposition in textes.dispositions_de_la_variable(variable):
            d_une_table = any(
                disposition.porte_sur(table) or chemin.startswith(f"{table}.")
                for table in tables
                for chemin in disposition.parametres
            )
            if not d_une_table or disposition.id in cellules:
                yield disposition.id

    def _du_parametre(self, chemin: str, depuis: str | None) -> list[textes.Disposition]:
        references = self._mots.noeud(chemin).metadata.get("reference", {}).get(depuis, [])
        return textes.dispositions_du_parametre(chemin, textes.sources_de(references))

    def _lire(self, cle: Cle, feuille: Expression) -> tuple[str, str | None]:
        """Note a figure of the law that a step reads; gives its path, or its table's, and date."""
        champs = feuille.champs
        chemin: str = champs["parametre"] or champs["table"]
        lu_au = en_clair(feuille.arguments[-1].valeur)
        self._lus.setdefault((chemin, champs["depuis"]), set()).add(lu_au)
        if champs["parametre"] is None:
            self._manquants.setdefault(cle, []).append(chemin)
        return chemin, champs["depuis"]

    def _lire_la_trace(self, cle: Cle) -> Iterator[tuple[str, str | None]]:
        """Figures that a formula read, whoever the doctor, where its arithmetic is not read."""
        for lu in self._explicable.trace(cle).parameters:
            try:
                valeurs = self._mots.noeud(lu.name).values_list
            except (KeyError, AttributeError):  # a whole table, as core names what it reads there
                continue
            for valeur in valeurs:
                if valeur.instant_str <= str(lu.period):
                    self._lus.setdefault((lu.name, valeur.instant_str), set())
                    yield lu.name, valeur.instant_str
                    break

    # What the steps rest on.

    def lus(self) -> list[tuple[str, str | None]]:
        """Figures that the steps read, each with the date since which it holds."""
        return list(self._lus)

    def parametres(self) -> list[dict[str, Any]]:
        """Figures of the law, once for each date since which they hold."""
        return [self._parametre(*lu, sorted(jours)) for lu, jours in self._lus.items()]

    def _parametre(self, chemin: str, depuis: str | None, lu_au: list[str]) -> dict[str, Any]:
        noeud = self._mots.noeud(chemin)
        datees = {v.instant_str: v.value for v in getattr(noeud, "values_list", ())}
        valeur, unite = datees.get(depuis), noeud.metadata.get("unit")
        references = noeud.metadata.get("reference", {}).get(depuis, [])
        dispositions = [d.id for d in self._du_parametre(chemin, depuis)]
        self._dispositions.update(dispositions)
        mots = noeud.metadata.get("valeurs", {})
        return {
            "parametre": chemin,
            "description": noeud.description,
            "valeur": valeur,
            "texte": mots[valeur] if valeur in mots else en_mots(valeur, unite),
            "unite": unite,
            "depuis": depuis,
            "lu_au": lu_au,
            "references": references,
            "hypothese": noeud.metadata.get("hypothese") is True,
            "confiance": noeud.metadata.get("confiance", {}).get(depuis),
            "dispositions": dispositions,
        }

    def saisies(self) -> list[dict[str, Any]]:
        """What the doctor gave, and what stood at its default."""
        return [
            {
                "variable": cle[0],
                "periode": cle[1],
                "label": _nommer(etiquette(self._explicable.systeme.variables[cle[0]]), cle),
                **self._explicable.montrer(cle, self._rang),
                "donnee": cle in self._explicable.saisies,
            }
            for cle in self._donnees
        ]

    def dispositions_citees(self) -> list[dict[str, Any]]:
        """Provisions that the steps and the figures carry, in the order of the documents."""
        champs = ("id", "source", "endroit", "enonce", "statut", "pourquoi", "confiance")
        return [
            {champ: getattr(disposition, champ) for champ in champs}
            for nom, disposition in textes.dispositions().items()
            if nom in self._dispositions
        ]

    def sources(self, parametres: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Sources that the figures and the provisions cite."""
        citees = {s for p in parametres for s in textes.sources_de(p["references"])}
        citees |= {textes.dispositions()[nom].source for nom in self._dispositions}
        champs = ("id", "titre", "editeur", "nature", "lecture", "date", "lien", "note")
        return [
            {champ: getattr(source, champ) for champ in champs}
            for source in textes.sources().values()
            if source.id in citees
        ]

    def lectures_lues(self) -> dict[str, list[int]]:
        """Readings that a formula reads, and by which steps; the day of entry into force last."""
        lues: dict[str, list[int]] = {}
        lus = self._lus.items()
        for etape in self.etapes:
            for chemin in dict.fromkeys(lu["parametre"] for lu in etape["parametres"]):
                if chemin.startswith(_LECTURES):
                    lues.setdefault(chemin.removeprefix(_LECTURES), []).append(etape["numero"])
        if any((depuis or "") >= _JOUR_GAGNE or _JOUR_GAGNE in j for (_, depuis), j in lus) or any(
            etape["obstacle"] for etape in self.etapes
        ):
            lues[ENTREE] = [1]
        return lues

    def lectures_inscrites(self, dites: Collection[str]) -> Iterator[dict[str, Any]]:
        """Readings without an executable alternative that the steps' provisions rest on.

        Args:
            dites: those that are told already.
        """
        for lecture in textes.lectures().values():
            etapes = [
                etape["numero"]
                for etape in self.etapes
                if any(
                    lecture.id in textes.dispositions()[d].lectures for d in etape["dispositions"]
                )
            ]
            if etapes and lecture.id not in dites:
                yield {
                    **presenter(self._explicable.systeme, lecture.id),
                    "valeur_autre": None,
                    "texte_autre": None,
                    "change": None,
                    "etapes": etapes,
                }

    # What is not known.

    def reserver(self) -> None:
        """Add the reserves that the result is under, with the steps that these come from.

        A step that another makes up for carries none: what is not known there changes nothing.
        """
        sans_recours = self._sans_recours()
        touchees = [cle for cle in self._numeros if cle in sans_recours]
        for reserve in textes.reserves():
            for cle in touchees:
                if cle[0] in reserve.sur and not self._ecartee(reserve, cle):
                    self._reserver(reserve, *cle[1:])

    def _ecartee(self, reserve: textes.Reserve, cle: Cle) -> bool:
        """Whether a formula reads what a reserve is about, and does not hang on it."""
        demandees = {enfant.name for enfant in self._explicable.trace(cle).children}
        decisives = {autre[0] for autre in self._dont[cle]}
        return reserve.variable in demandees - decisives

    def _sans_recours(self) -> set[Cle]:
        """Steps that the result hangs on, and that no other makes up for."""
        vues: set[Cle] = set()
        pile = list(self._numeros)[:1]
        while pile:
            cle = pile.pop()
            vues.add(cle)
            pile.extend(self._pivots.get(cle, set()) - vues)
        return vues

    def _reserver(self, reserve: textes.Reserve, periode: str, *membre: str) -> None:
        explicable = self._explicable
        if reserve.variable not in explicable.systeme.variables:
            return  # what only a reform supposes
        annuelle = explicable.systeme.variables[reserve.variable].definition_period
        if annuelle != DateUnit.ETERNITY and periode == TOUJOURS:
            return
        cle = explicable.cle(reserve.variable, periode, *membre)
        deja = any(autre["etape"] == self._numeros.get(cle) for autre in self.reserves)
        if not deja and explicable.valeur(cle, self._rang) is reserve.quand:
            avec = {nom: explicable.cle(nom, periode, *membre) for nom in reserve.avec}
            for suivie in (cle, *avec.values()):
                self.suivre(suivie)
            mots = {nom: explicable.montrer(c, self._rang)["texte"] for nom, c in avec.items()}
            self.reserves.append(
                {
                    "variable": cle[0],
                    "periode": cle[1],
                    "etape": self._numeros[cle],
                    "texte": reserve.texte.format(**mots),
                    "demander": reserve.demander,
                    "manque": list(self._manques(reserve, cle)),
                }
            )

    def _manques(self, reserve: textes.Reserve, depart: Cle) -> Iterator[dict[str, str]]:
        """Inputs not given, and figures not published, that a reserve comes from."""
        vues: set[Cle] = set()
        pile = [depart]
        while pile:
            cle = pile.pop()
            if cle in vues:
                continue
            vues.add(cle)
            variable = self._explicable.systeme.variables[cle[0]]
            tue = self._explicable.valeur(cle, self._rang) == en_clair(variable.default_value)
            if tue and cle[0] in reserve.saisies:
                label = _nommer(etiquette(variable), cle)
                yield {"genre": "saisie", "nom": cle[0], "label": label}
            for chemin in self._manquants.get(cle, ()):
                if chemin.startswith(reserve.parametres or (" ",)):
                    description = self._mots.noeud(chemin).description
                    yield {"genre": "parametre", "nom": chemin, "label": description}
            pile.extend(reversed(self._dont.get(cle, [])))


def _demandee(feuille: Expression, cle: Cle) -> tuple[str, ...]:
    """What a step asks: of the doctor that it names, else of the one that the step is about."""
    champs = feuille.champs
    membre = (champs["membre"],) if "membre" in champs else cle[2:]
    return champs["variable"], champs["periode"], *membre


def _nommer(label: str, cle: Cle) -> str:
    """A label, and whose value it is where a practice has several."""
    return ", ".join((label, *cle[2:]))


def _regle(variable: Any, periode: Any) -> str:
    """What the formula says of itself: the provision and the reading."""
    formule = None if variable.is_neutralized else variable.get_formula(periode)
    return " ".join((getattr(formule, "__doc__", None) or "").split())
