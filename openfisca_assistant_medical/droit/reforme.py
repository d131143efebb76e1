"""Declarative reforms: a folder of YAML with the paths and dates to change.

A reform lays its folder over a copy of the parameters of the law it reforms, in one pass, and has
Python only where a rule changes. This loader closes the traps of openfisca-core: the base is never
mutated, two modifications add up, no stale cache is read, and a reformed figure carries its own
reference.
"""

import copy
import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, ClassVar

from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_assistant_medical.droit.dossiers import lire_parametres
from openfisca_assistant_medical.droit.heritage import completer, heriter, restreindre
from openfisca_assistant_medical.droit.personnes import instancier


class ReformeInvalide(ValueError):
    """A folder of reform cannot be laid over the law; the message names place and remedy."""


class ReformeDeclarative(Reform):
    """A reform made of a folder of parameters.

    A subclass whose rules change too updates its variables in `apply`, after `super().apply()`.

    Attributes:
        dossier: folder of YAML with the same paths as `parameters/`; None = no figure changes.
        decalage: (date written in the folder, date to lay it at), ISO; None = as written.
        suppose: reforms that this one lies over; a law without one of them is refused.
        seule_parmi: base class of reforms that contradict each other; a law takes one of them.
        apporte: tables at the top of the folder that the law does not have, and that it brings.
        regles: folder of rules of its own, laid out as `variables/`; None = it brings none.
        mention: what the documentation of each of these rules ends with.
    """

    dossier: ClassVar[Path | None] = None
    decalage: ClassVar[tuple[str, str] | None] = None
    suppose: ClassVar[tuple[type[Reform], ...]] = ()
    seule_parmi: ClassVar[type[Reform] | None] = None
    apporte: ClassVar[tuple[str, ...]] = ()
    regles: ClassVar[Path | None] = None
    mention: ClassVar[str] = ""

    def apply(self) -> None:
        """Lay the folder over the law, and add the rules.

        Raises:
            ReformeInvalide: the law lacks a reform that this one supposes, or has one that
                contradicts it, or the folder is wrong.
        """
        self._verifier_ce_qu_elle_suppose()
        self._verifier_ce_qu_elle_contredit()
        self.open_api_config = dict(self.baseline.open_api_config)
        surcouche = self.lire_surcouche()
        if surcouche is not None:
            if self.decalage is not None:
                decaler(surcouche, *self.decalage)
            apporte = self.apporte
            self.modify_parameters(lambda parameters: superposer(parameters, surcouche, apporte))
        if self.regles is not None:
            self._ajouter_regles(self.regles)

    def lire_surcouche(self) -> ParameterNode | None:
        """The dated figures to lay over the law; None = none."""
        return None if self.dossier is None else lire_dossier(self.dossier)

    def _verifier_ce_qu_elle_suppose(self) -> None:
        for reforme in self.suppose:
            if not any(isinstance(loi, reforme) for loi in _lois_dessous(self)):
                nom = type(self).__name__
                raise ReformeInvalide(
                    f"« {nom} » se pose sur la réforme « {reforme.__name__} », que la loi "
                    f"appliquée n’a pas. Remède : demander d’abord {reforme.__name__}, puis {nom}."
                )

    def _verifier_ce_qu_elle_contredit(self) -> None:
        if self.seule_parmi is None:
            return
        for loi in _lois_dessous(self):
            if isinstance(loi, self.seule_parmi):
                raise ReformeInvalide(
                    f"« {type(self).__name__} » ne s’ajoute pas à « {type(loi).__name__} », que la "
                    "loi appliquée a déjà. Remède : n’en demander qu’une."
                )

    def _ajouter_regles(self, dossier: Path) -> None:
        """Add the rules of a folder, with the references and the mention that people are shown."""
        connues = set(self.variables)
        self.add_variables_from_directory(str(dossier))
        for nom, variable in self.variables.items():
            if nom not in connues:
                ecrite = " ".join((variable.documentation or "").split())
                variable.documentation = f"{ecrite} {self.mention}".strip() or None
                self.inscrire(variable)

    def instantiate_entities(self) -> dict[str, Any]:
        """Populations of a new simulation."""
        return instancier(self)

    def modify_parameters(self, modifier_function: Any) -> None:
        """Modify a copy of the parameters as they stand, previous modifications included."""
        self.parameters: ParameterNode = modifier_function(copy.deepcopy(self.parameters))
        TaxBenefitSystem.get_parameters_at_instant.cache_clear()


def lire_dossier(dossier: Path) -> ParameterNode:
    """Read a folder of reform as a tree of parameters.

    Raises:
        ReformeInvalide: the folder does not exist or holds no figure.
    """
    if not dossier.is_dir():
        raise ReformeInvalide(f"Le dossier de réforme « {dossier} » n’existe pas.")
    surcouche = heriter(lire_parametres(str(dossier)))
    if not surcouche.children:
        raise ReformeInvalide(f"Le dossier de réforme « {dossier} » ne contient aucun paramètre.")
    return surcouche


def decaler(surcouche: ParameterNode, de: str, vers: str) -> None:
    """Lay at another day what a folder dates from one day; in place."""
    for feuille in surcouche.get_descendants():
        for valeur in getattr(feuille, "values_list", ()):
            if valeur.instant_str == de:
                valeur.instant_str = vers
                valeur.name = f"{feuille.name}[{vers}]"
        feuille.metadata = {
            cle: {vers if jour == de else jour: v for jour, v in valeur.items()}
            if isinstance(valeur, dict)
            else valeur
            for cle, valeur in feuille.metadata.items()
        }


def _lois_dessous(loi: Any) -> Iterator[Any]:
    """The laws that a reform lies over, the nearest first."""
    while isinstance(loi, Reform):
        loi = loi.baseline
        yield loi


def superposer(
    loi: ParameterNode, surcouche: ParameterNode, apporte: Collection[str] = ()
) -> ParameterNode:
    """Lay a tree of dated figures over the law; in place.

    A value of the reform takes its place among the dates of the law: it replaces the one of the
    same day and leaves the others. A line may be added to a table, and nowhere else, but for the
    tables that a reform says that it brings, at the top of the law and under their own name.

    Args:
        loi: the parameters to change: a copy, since it is mutated.
        surcouche: the dated figures, as `lire_dossier` gives them.
        apporte: names of the tables that the reform brings.

    Returns:
        `loi`.

    Raises:
        ReformeInvalide: unknown path, a figure where the law has a table, a value without a
            reference, a table brought that the law already has or that the folder does not hold.
    """
    for nom in apporte:
        _apporter(loi, surcouche, nom)
    for nom, nouveau in surcouche.children.items():
        existant = loi.children.get(nom)
        if nom in apporte:
            continue
        if existant is None:
            _ajouter_ligne(loi, nom, nouveau)
        elif isinstance(existant, Parameter) != isinstance(nouveau, Parameter):
            raise ReformeInvalide(
                f"« {nouveau.name} » ({nouveau.file_path}) : la loi a ici "
                f"{'un chiffre' if isinstance(existant, Parameter) else 'une table'}, la réforme "
                f"{'un chiffre' if isinstance(nouveau, Parameter) else 'une table'}."
            )
        elif isinstance(existant, Parameter):
            _fondre(existant, nouveau)
        else:
            existant.metadata |= completer(existant.metadata, nouveau.metadata)
            superposer(existant, nouveau)
    return loi


def _apporter(loi: ParameterNode, surcouche: ParameterNode, nom: str) -> None:
    """Add to the law a table that it does not have."""
    if nom not in surcouche.children:
        raise ReformeInvalide(
            f"La table « {nom} », que la réforme dit apporter, n’est pas dans son dossier."
            + _le_plus_proche(nom, surcouche.children)
        )
    if nom in loi.children:
        raise ReformeInvalide(
            f"La loi a déjà une table « {nom} » : une réforme ne l’apporte pas deux fois. Remède : "
            "ne demander la réforme qu’une fois, ou changer ses chiffres à leurs chemins."
        )
    table = surcouche.children[nom]
    for noeud in (table, *table.get_descendants()):
        if isinstance(noeud, Parameter):
            _verifier_references(noeud)
    loi.add_child(nom, table)


def _le_plus_proche(nom: str, noms: Collection[str]) -> str:
    proche = next(iter(difflib.get_close_matches(nom, noms)), None)
    return f" Le nom le plus proche est « {proche} »." if proche else ""


def _ajouter_ligne(table: ParameterNode, nom: str, ligne: Any) -> None:
    if "axes" not in table.metadata:
        proche = next(iter(difflib.get_close_matches(nom, table.children)), None)
        lieu = f"{table.name}.{proche}".lstrip(".") if proche else None
        raise ReformeInvalide(
            f"« {ligne.name} » ({ligne.file_path}) n’existe pas dans la loi."
            + (f" Le chemin le plus proche est « {lieu} »." if lieu else "")
        )
    recues = {cle: table.metadata[cle] for cle in ("unit", "axes") if cle in table.metadata}
    for noeud in (ligne, *ligne.get_descendants()):
        noeud.metadata = completer(recues, noeud.metadata)
        if isinstance(noeud, Parameter):
            _verifier_references(noeud)
        if noeud.description is None:
            noeud.description = f"{table.description} — {noeud.name.removeprefix(table.name + '.')}"
    table.add_child(nom, ligne)


def _fondre(loi: Parameter, reforme: Parameter) -> None:
    _verifier_references(reforme)
    valeurs = {valeur.instant_str: valeur for valeur in loi.values_list}
    valeurs |= {valeur.instant_str: valeur for valeur in reforme.values_list}
    loi.values_list = [valeurs[jour] for jour in sorted(valeurs, reverse=True)]
    # What the law says of a value that the reform replaces is not said of the new one.
    remplacees = {valeur.instant_str for valeur in reforme.values_list}
    restantes = restreindre(loi.metadata, [jour for jour in valeurs if jour not in remplacees])
    ensemble = {**loi.metadata, **completer(restantes, reforme.metadata)}
    loi.metadata = restreindre(ensemble, list(valeurs))


def _verifier_references(feuille: Parameter) -> None:
    for valeur in feuille.values_list:
        cite = feuille.metadata.get("reference", {}).get(valeur.instant_str)
        hypothese = feuille.metadata.get("hypothese") is True
        if valeur.value is not None and not cite and not hypothese:
            raise ReformeInvalide(
                f"« {feuille.name} » au {valeur.instant_str} ({feuille.file_path}) n’a pas de "
                "référence. Remède : ajouter « reference » à cette date, ou « hypothese: true »."
            )
