"""A situation, from the JSON of a request to columns of values, in one pass.

`situations.verifier` tells every fault of a situation, in words; that care costs as much as ten
requests where there are a thousand doctors. `lire` goes once through a situation that is already
written as it should be, and takes only what `verifier` accepts, with the same result; of anything
else it says nothing, and `verifier` judges. What is read can be computed together with others.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy
from openfisca_core.periods import Period

from openfisca_assistant_medical.situations.contradictions import SIGNATURE, contradictions
from openfisca_assistant_medical.situations.valeurs import TOUJOURS, Refus, defaut
from openfisca_assistant_medical.situations.verification import OBLIGATOIRES
from openfisca_assistant_medical.web.lecteurs import AutreEcriture, Lecteur, lecteurs_de

_ADHESION = "aide_collective_date_adhesion"
_NOM_LE_PLUS_LONG = 100
Objet: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Colonne:
    """One variable at one period: the values given, and where those asked go.

    Attributes:
        variable, periode: of core. `cle`: the period as written.
        rangs, valeurs: rank of each doctor, or practice, who gives a value, and the value: the
            index of a member, an ISO date, a number or a boolean.
        demandes: rank of each one who asks, and the object whose `cle` is to be filled in.
    """

    variable: Any
    periode: Period
    cle: str
    rangs: list[int] = field(default_factory=list)
    valeurs: list[Any] = field(default_factory=list)
    demandes: list[tuple[int, Objet]] = field(default_factory=list)

    def tableau(self, nombre: int, morceaux: list[tuple[int, "Colonne"]]) -> Any:
        """The values given by several situations, each from its first rank, of shape (nombre,)."""
        rangs = [debut + rang for debut, colonne in morceaux for rang in colonne.rangs]
        valeurs = [valeur for _, colonne in morceaux for valeur in colonne.valeurs]
        tableau = self.variable.default_array(nombre)
        brut = tableau.view(numpy.ndarray)
        brut[rangs] = numpy.array(valeurs, dtype=brut.dtype)
        return tableau


@dataclass(slots=True)
class SituationLue:
    """One situation read.

    Attributes:
        situation: in its canonical form; the results asked are filled into it.
        noms: names of the doctors, then of the practices, by plural of their entity.
        lieux: rank of the practice of each doctor.
        colonnes: what is given and asked, by plural of the entity.
        drapeaux: what is filled with the flags of the amounts asked; None = nobody wants them.
    """

    situation: dict[str, Any]
    noms: dict[str, list[str]]
    lieux: list[int]
    colonnes: dict[str, list[Colonne]]
    drapeaux: Objet | None = None

    @property
    def nombre(self) -> int:
        """Doctors."""
        return len(self.lieux)

    @property
    def valeurs(self) -> int:
        """Values given and asked."""
        return sum(
            len(colonne.rangs) + len(colonne.demandes)
            for colonnes in self.colonnes.values()
            for colonne in colonnes
        )


def lire(brut: Any, systeme: Any, limite_medecins: int) -> SituationLue | None:
    """Read a situation that is written as it should be.

    Args:
        brut: body of a request; values asked are filled into it.
        systeme: the law.
        limite_medecins: most doctors in one situation.

    Returns:
        None where only `situations.verifier` can judge.
    """
    if _ADHESION in systeme.variables:
        return None  # what a collective contract contradicts is between doctors and practices
    lecteurs = lecteurs_de(systeme)
    try:
        return _Passage(lecteurs, systeme).lire(brut, limite_medecins)
    except AutreEcriture:
        return None


def lire_ce_qui_est_verifie(situation: dict[str, Any], systeme: Any) -> SituationLue:
    """Read what `situations.verifier` gave."""
    return _Passage(lecteurs_de(systeme), systeme).relire(situation)


class _Passage:
    """One pass through a situation."""

    def __init__(self, lecteurs: dict[str, dict[str, Lecteur]], systeme: Any) -> None:
        self._lecteurs = lecteurs
        self._systeme = systeme
        self._personne = systeme.person_entity.plural
        (groupe,) = systeme.group_entities
        self._groupe, self._role = groupe.plural, groupe.roles[0].plural

    def lire(self, brut: Any, limite_medecins: int) -> SituationLue:
        if type(brut) is not dict or not brut.keys() <= {self._personne, self._groupe}:
            raise AutreEcriture
        medecins = brut.get(self._personne)
        if type(medecins) is not dict or not 1 <= len(medecins) <= limite_medecins:
            raise AutreEcriture
        self._noms(medecins)
        colonnes = self._colonnes(medecins, self._personne)
        for medecin in medecins.values():
            self._accorder(medecin)
        cabinets, lieux = self._cabinets(brut.get(self._groupe), medecins)
        return SituationLue(
            {self._personne: medecins, self._groupe: cabinets},
            {self._personne: list(medecins), self._groupe: list(cabinets)},
            lieux,
            {self._personne: colonnes, self._groupe: []},
        )

    def relire(self, situation: dict[str, Any]) -> SituationLue:
        medecins, cabinets = situation[self._personne], situation[self._groupe]
        rangs = {nom: rang for rang, nom in enumerate(medecins)}
        lieux = [0] * len(medecins)
        for lieu, cabinet in enumerate(cabinets.values()):
            for membre in cabinet[self._role]:
                lieux[rangs[membre]] = lieu
        return SituationLue(
            situation,
            {self._personne: list(medecins), self._groupe: list(cabinets)},
            lieux,
            {nom: self._colonnes(situation[nom], nom) for nom in (self._personne, self._groupe)},
        )

    def _noms(self, objets: Objet) -> None:
        for nom in objets:
            if not (0 < len(nom) <= _NOM_LE_PLUS_LONG and nom.isprintable() and "/" not in nom):
                raise AutreEcriture

    def _colonnes(self, objets: Objet, entite: str) -> list[Colonne]:
        """The columns of an entity; values given are made canonical where they are."""
        lecteurs = self._lecteurs[entite]
        colonnes: dict[str, dict[str, Colonne]] = {}
        for rang, objet in enumerate(objets.values()):
            if type(objet) is not dict:
                raise AutreEcriture
            for nom, valeurs in objet.items():
                lecteur = lecteurs.get(nom)
                if lecteur is None:
                    if nom == self._role and entite == self._groupe:
                        continue
                    raise AutreEcriture
                if type(valeurs) is not dict or not valeurs:
                    raise AutreEcriture
                siennes = colonnes.get(nom)
                if siennes is None:
                    siennes = colonnes[nom] = {}
                _ranger(lecteur, siennes, rang, valeurs)
        return [colonne for siennes in colonnes.values() for colonne in siennes.values()]

    def _accorder(self, medecin: Objet) -> None:
        """What must be there is, and nothing contradicts the rest."""
        lecteurs = self._lecteurs[self._personne]
        for nom in OBLIGATOIRES:
            if nom not in medecin or medecin[nom].get(TOUJOURS) is None:
                raise AutreEcriture
        if medecin[SIGNATURE][TOUJOURS] == defaut(lecteurs[SIGNATURE].variable):
            raise AutreEcriture
        # What is only asked contradicts nothing.
        saisies = {nom: medecin[nom] for nom in medecin if lecteurs[nom].valeur is not None}
        if any(True for _ in contradictions(saisies, self._systeme)):
            raise AutreEcriture

    def _cabinets(self, brut: Any, medecins: Objet) -> tuple[Objet, list[int]]:
        """The practices, completed, and that of each doctor; only their members may be given."""
        cabinets: Objet = {}
        places: dict[str, int] = {}
        if brut is not None and type(brut) is not dict:
            raise AutreEcriture
        self._noms(brut or {})
        for lieu, (nom, cabinet) in enumerate((brut or {}).items()):
            if type(cabinet) is not dict or cabinet.keys() != {self._role}:
                raise AutreEcriture
            membres = cabinet[self._role]
            if type(membres) is not list or not membres:
                raise AutreEcriture
            for membre in membres:
                if type(membre) is not str or membre not in medecins or membre in places:
                    raise AutreEcriture
                places[membre] = lieu
            cabinets[nom] = cabinet
        for medecin in medecins:
            if medecin not in places:
                nom = f"cabinet_de_{medecin}"
                while nom in cabinets:
                    nom += "_"
                places[medecin] = len(cabinets)
                cabinets[nom] = {self._role: [medecin]}
        return cabinets, [places[medecin] for medecin in medecins]


def _ranger(lecteur: Lecteur, siennes: dict[str, Colonne], rang: int, valeurs: Objet) -> None:
    """Lay what one doctor, or practice, says of one variable in its columns."""
    for cle, valeur in valeurs.items():
        colonne = siennes.get(cle)
        if colonne is None:
            colonne = siennes[cle] = Colonne(lecteur.variable, lecteur.periode(cle), cle)
        if valeur is None:
            colonne.demandes.append((rang, valeurs))
            continue
        if lecteur.codes is not None:
            lue = lecteur.codes.get(valeur) if type(valeur) is str else None
            if lue is None:
                raise AutreEcriture
        elif lecteur.valeur is not None:
            try:
                lue = valeurs[cle] = lecteur.valeur(valeur)
            except Refus:
                raise AutreEcriture from None
        else:
            raise AutreEcriture  # a computed variable
        colonne.rangs.append(rang)
        colonne.valeurs.append(lue)
