"""Checking a whole situation, and giving it its canonical form."""

import difflib
from typing import Any

from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations.collectif import (
    PREFIXE,
    adhere,
    contradictions_collectives,
)
from openfisca_assistant_medical.situations.contradictions import SIGNATURE, contradictions
from openfisca_assistant_medical.situations.erreurs import (
    Erreur,
    SituationInvalide,
    mauvais_sommet,
    montrer,
    sous,
)
from openfisca_assistant_medical.situations.valeurs import (
    LECTEURS,
    TOUJOURS,
    Refus,
    defaut,
    en_milliers,
    informations_utiles,
    periodes_de,
)

LIMITE_MEDECINS = 1_000
LIMITE_ERREURS = 200
# Names that a name which is none of them is compared with: each costs, and each may be wrong.
MEDECINS_RAPPROCHES = 100
OBLIGATOIRES = (SIGNATURE, "specialite", "secteur_conventionnel")
SEUL_MEDECIN = "medecin"


def verifier(brut: Any, systeme: Any, *, limite_medecins: int = LIMITE_MEDECINS) -> dict[str, Any]:
    """Check a situation and give its canonical form.

    Args:
        brut: what `lire_situation`, or the body of a request, gave; it is not changed.
        systeme: the tax-benefit system that declares the variables.
        limite_medecins: most doctors in one situation.

    Returns:
        `{"medecins": {id: {variable: {period: value}}}, "cabinets": {id: {"membres": [id]}}}`, with
        "ETERNITY", "YYYY" or "YYYY-MM" as periods, ISO dates, names of Enum members, numbers,
        booleans, and null for a result asked. Every doctor is in exactly one practice.

    Raises:
        SituationInvalide: with every refusal, up to `LIMITE_ERREURS` of them.
    """
    verification = _Verification(systeme, limite_medecins)
    situation = verification.situation(brut)
    if verification.erreurs:
        raise SituationInvalide(verification.erreurs)
    return situation


class _Verification:
    """One situation being checked, and what was refused so far."""

    def __init__(self, systeme: Any, limite_medecins: int) -> None:
        self.systeme = systeme
        self.limite_medecins = limite_medecins
        self.personne = next(entite for entite in systeme.entities if entite.is_person)
        self.groupe = next(entite for entite in systeme.entities if not entite.is_person)
        self.erreurs: list[Erreur] = []

    def refuser(self, champ: str, recu: Any, attendu: str) -> None:
        self.erreurs.append(Erreur(champ, recu, attendu))
        if len(self.erreurs) >= LIMITE_ERREURS:
            raise SituationInvalide(self.erreurs)

    def situation(self, brut: Any) -> dict[str, Any]:
        medecins, cabinets = self.personne.plural, self.groupe.plural
        entites = [medecins, cabinets, self.personne.key, self.groupe.key]
        if not isinstance(brut, dict) or not brut:
            self.erreurs.append(mauvais_sommet("situation", brut))
            return {}
        noms = [cle for cle in brut if cle not in self.systeme.variables]
        if not any(difflib.get_close_matches(str(nom)[:64], entites, cutoff=0.8) for nom in noms):
            seul = self.medecin(brut, "")
            situation = {medecins: {SEUL_MEDECIN: seul}}
            situation[cabinets] = self.cabinets({}, {SEUL_MEDECIN: seul})
            return self.accorder(situation, f"{medecins}/{SEUL_MEDECIN}/")
        for nom in brut:
            if nom not in (medecins, cabinets):
                attendu = f"« {medecins} » et « {cabinets} » seulement{proche(nom, entites[:2])}"
                self.refuser(str(nom), f"un champ inconnu, {montrer(nom)}", attendu)
        personnes = self.medecins(brut.get(medecins), medecins)
        groupes = self.cabinets(brut.get(cabinets), personnes)
        return self.accorder({medecins: personnes, cabinets: groupes})

    def accorder(self, situation: dict[str, Any], racine: str = "") -> dict[str, Any]:
        """Look for contradictions between practices and doctors; gives the situation back.

        Args:
            situation: in its canonical form.
            racine: beginning of the fields that was not written.
        """
        refuses = [racine + erreur.champ for erreur in self.erreurs]
        for champ, recu, attendu in contradictions_collectives(situation, self.systeme, refuses):
            self.refuser(champ.removeprefix(racine), recu, attendu)
        return situation

    def objets(self, brut: Any, champ: str) -> dict[str, Any]:
        """The objects of an entity by identifier, or nothing if they are not ones."""
        if not isinstance(brut, dict):
            self.refuser(champ, montrer(brut), "un objet, avec un nom par élément")
            return {}
        for identifiant in brut:
            texte = str(identifiant)
            admis = isinstance(identifiant, str | int) and not isinstance(identifiant, bool)
            if not (admis and 0 < len(texte) <= 100 and texte.isprintable() and "/" not in texte):
                attendu = "un nom de 1 à 100 caractères, sans « / »"
                self.refuser(champ, montrer(identifiant), attendu)
        return {str(identifiant): objet for identifiant, objet in brut.items()}

    def medecins(self, brut: Any, champ: str) -> dict[str, Any]:
        medecins = self.objets({} if brut is None else brut, champ)
        if not 1 <= len(medecins) <= self.limite_medecins:
            if isinstance(brut, dict) or brut is None:
                attendu = f"de 1 à {en_milliers(self.limite_medecins)} médecins"
                self.refuser(champ, f"{len(medecins)} médecin(s)", attendu)
            return {}
        return {nom: self.medecin(objet, sous(champ, nom)) for nom, objet in medecins.items()}

    def medecin(self, brut: Any, champ: str) -> dict[str, Any]:
        situation = self.variables(brut, champ, self.personne)
        if not isinstance(brut, dict):
            return situation
        # A doctor of a collective contract may have none of their own, hence no signature.
        refuses = [erreur.champ for erreur in self.erreurs]
        en_groupe = adhere(situation, self.systeme, champ, refuses)
        for nom in OBLIGATOIRES[1:] if en_groupe else OBLIGATOIRES:
            aucune: tuple[Any, ...] = (None,)
            if nom == SIGNATURE:  # the day that says « no date »
                aucune += (defaut(self.systeme.variables[nom]),)
            if brut.get(nom, {}) == {} or situation.get(nom, {}).get(TOUJOURS, "") in aucune:
                donnee = situation.get(nom, {}).get(TOUJOURS)
                recu = "rien" if donnee is None else f"{montrer(donnee)}, soit aucune date"
                self.refuser(sous(champ, nom), recu, self.attendu(nom))
        for sous_champ, recu, attendu in contradictions(situation, self.systeme):
            self.refuser(sous(champ, sous_champ), recu, attendu)
        return situation

    def attendu(self, nom: str) -> str:
        """What a required input accepts, as its refusal says it."""
        variable = self.systeme.variables[nom]
        try:
            LECTEURS[variable.value_type](variable, None)
        except Refus as refus:
            return f"{refus} (information obligatoire)"
        return "une valeur"

    def variables(self, brut: Any, champ: str, entite: Any) -> dict[str, Any]:
        """The values of one member of an entity, by variable and canonical period."""
        if not isinstance(brut, dict):
            self.refuser(champ or "situation", montrer(brut), "un objet, avec un champ par donnée")
            return {}
        connues = {n: v for n, v in self.systeme.variables.items() if v.entity.key == entite.key}
        resultat = {}
        for nom, valeurs in brut.items():
            sous_champ = sous(champ, nom)
            if nom not in connues:
                attendu = f"une variable de « {entite.key} »"
                if str(nom).startswith(PREFIXE) and not any(n.startswith(PREFIXE) for n in connues):
                    attendu += " ; ce champ demande la réforme aide_collective_2026"
                else:
                    attendu += proche(nom, connues)
                self.refuser(sous_champ, f"un nom inconnu, {montrer(nom)}", attendu)
            elif lues := self.variable(connues[nom], valeurs, sous_champ):
                resultat[nom] = lues
        return resultat

    def variable(self, variable: Any, brut: Any, champ: str) -> dict[str, Any]:
        """The values of one variable, by canonical period."""
        if not isinstance(brut, dict):
            if variable.definition_period != DateUnit.ETERNITY:
                exemple = (
                    "{2025: …}" if variable.definition_period == DateUnit.YEAR else "{2025-03: …}"
                )
                attendu = f"la période de chaque valeur, comme {exemple}"
                self.refuser(champ, f"{montrer(brut)} sans période", attendu)
                return {}
            brut = {TOUJOURS: brut}
        resultat: dict[str, Any] = {}
        cles: dict[str, Any] = {}
        for cle, valeur in brut.items():
            sous_champ, recu = sous(champ, cle), f"la période {montrer(cle)}"
            try:
                periodes = periodes_de(variable, cle)
                recu = montrer(valeur)
                lue = None if valeur is None else self.valeur(variable, valeur)
            except Refus as refus:
                self.refuser(sous_champ, recu, str(refus))
                continue
            for periode in periodes:
                ancienne = resultat.get(periode)
                if ancienne is not None and lue is not None and ancienne != lue:
                    recu = f"{montrer(ancienne)} ({cles[periode]}) et {montrer(lue)} ({cle})"
                    self.refuser(sous(champ, periode), recu, "une seule valeur par période")
                elif ancienne is None:
                    resultat[periode], cles[periode] = lue, cle
        return resultat

    def valeur(self, variable: Any, valeur: Any) -> Any:
        """A value given, canonical.

        Raises:
            Refus: not a value of this variable, or the variable is computed.
        """
        if not variable.formulas:
            return LECTEURS[variable.value_type](variable, valeur)
        utiles = informations_utiles(self.systeme, variable.name)
        raise Refus(
            f"rien, car « {variable.label} » se calcule ; donner à la place ce dont ce résultat "
            f"dépend ({len(utiles)} informations, dont {', '.join(utiles[:6])}), ou null pour le "
            "demander"
        )

    def cabinets(self, brut: Any, medecins: dict[str, Any]) -> dict[str, Any]:
        """The practices, completed so that every doctor is in exactly one."""
        role = self.groupe.roles[0]
        resultat: dict[str, Any] = {}
        places: dict[str, str] = {}
        for nom, objet in self.objets({} if brut is None else brut, self.groupe.plural).items():
            champ = sous(self.groupe.plural, nom)
            autres = dict(objet) if isinstance(objet, dict) else {}
            membres = autres.pop(role.plural, autres.pop(role.key, None))
            resultat[nom] = self.variables(autres, champ, self.groupe)
            resultat[nom][role.plural] = self.membres(membres, champ, medecins, places)
        for medecin in medecins:
            if medecin not in places:
                nom = f"cabinet_de_{medecin}"
                while nom in resultat:
                    nom += "_"
                resultat[nom] = {role.plural: [medecin]}
        return resultat

    def membres(
        self, brut: Any, champ: str, medecins: dict[str, Any], places: dict[str, str]
    ) -> list[str]:
        """The members of one practice; `places` says where each doctor is, and is completed."""
        sous_champ = sous(champ, self.groupe.roles[0].plural)
        if not isinstance(brut, list) or not brut:
            recu = "un cabinet vide" if not brut else montrer(brut)
            self.refuser(sous_champ, recu, "une liste d’au moins un médecin")
            return []
        for membre in map(str, brut):
            if membre not in medecins:
                noms = list(medecins)[:MEDECINS_RAPPROCHES]
                attendu = f"un médecin de « {self.personne.plural} »{proche(membre, noms)}"
                self.refuser(sous_champ, montrer(membre), attendu)
            elif membre in places:
                recu = f"{montrer(membre)}, déjà membre de « {places[membre]} »"
                self.refuser(sous_champ, recu, "chaque médecin dans un seul cabinet, une fois")
            places.setdefault(membre, champ)
        return [str(membre) for membre in brut]
