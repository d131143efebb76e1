"""How sure each amount is, as the model says: known, a floor, resting on a hypothesis.

- `connu`: false where a point that is not known was taken in the doctor's favour.
- `plancher`: the amount or more, as a count or a percentile that sets the band is not known;
  `plafond` for what is left to pay, which is then that or less.
- `hypothese`: the part paid rests on a table that no source gives.

What is paid in a month or in a calendar year has the flags of the advances and balances paid then.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray
from openfisca_core.periods import Period

from openfisca_assistant_medical.affichage import decidee
from openfisca_assistant_medical.nomenclatures import CasModulation
from openfisca_assistant_medical.web.lecture import SituationLue
from openfisca_assistant_medical.web.simulations import demandes

Vrais: TypeAlias = NDArray[numpy.bool_]
Drapeaux: TypeAlias = dict[str, Vrais]
_DU_MAXIMUM = ("aide_maximale", "acompte")
_DU_DU = ("aide_due", "aide_perdue", "solde", "recuperation")
_DE_LA_PART = ("part_aide_versee",)
_DU_COUT = ("reste_a_charge", "part_du_cout_couverte")
_DE_LA_CAISSE = ("depense_annuelle", "aide_versee")
# Amounts and shares that have flags.
MONTANTS = (*_DU_MAXIMUM, *_DU_DU, *_DE_LA_PART, *_DU_COUT, *_DE_LA_CAISSE)
_TOUJOURS = Period.eternity()
# Cases of modulation where the commission set the part, whatever the tables.
_DECIDES = [cas for cas in list(CasModulation.__members__.values()) if decidee(cas.name)]


def poser(simulation: Any, lues: Sequence[SituationLue]) -> None:
    """Fill `drapeaux` of the situations that have one, for each amount that they ask for.

    Args:
        simulation: of the situations, as `simulations.simuler` makes it.
        lues: those situations, in that order.
    """
    if all(lue.drapeaux is None for lue in lues):
        return
    medecins = simulation.persons
    entite = medecins.entity.plural
    noms = [(lue, nom) for lue in lues for nom in lue.noms[entite]]
    for morceaux in demandes(lues, entite):
        _, premiere = morceaux[0]
        if premiere.variable.name not in MONTANTS:
            continue
        siens = de_ce_montant(medecins, premiere.variable.name, premiere.periode)
        listes = {nom: vrais.tolist() for nom, vrais in siens.items()}
        for debut, colonne in morceaux:
            for rang, _ in colonne.demandes:
                lue, medecin = noms[debut + rang]
                if lue.drapeaux is not None:
                    du_medecin = lue.drapeaux.setdefault(entite, {}).setdefault(medecin, {})
                    du_medecin.setdefault(colonne.variable.name, {})[colonne.cle] = {
                        nom: liste[debut + rang] for nom, liste in listes.items()
                    }


def de_ce_montant(medecins: Any, nom: str, periode: Period) -> Drapeaux:
    """Flags of one amount, each of shape (n,).

    Args:
        medecins: the doctors of a simulation.
        nom: one of `MONTANTS`.
        periode: a year, or a month for `aide_versee`.
    """
    if nom in _DE_LA_CAISSE:
        return _de_la_caisse(medecins, periode)
    annee = _de_l_annee(medecins, periode)
    if nom in _DU_MAXIMUM:
        return {
            **annee,
            "connu": medecins("eligibilite_connue", _TOUJOURS),
            "hypothese": numpy.zeros_like(annee["hypothese"]),
        }
    if nom in _DE_LA_PART:
        return {**annee, "plancher": numpy.zeros_like(annee["plancher"])}
    if nom in _DU_COUT:
        annee["connu"] = annee["connu"] & medecins("reste_a_charge_connu", periode)
    if nom == "reste_a_charge":
        return {"plafond" if n == "plancher" else n: vrais for n, vrais in annee.items()}
    return annee


def _de_l_annee(medecins: Any, annee: Period) -> Drapeaux:
    """Flags of what is due for a contract year."""
    ouvert = medecins("droit_ouvert", annee)
    cas = medecins("cas_modulation", annee)
    decidee_par_la_commission = numpy.logical_or.reduce([cas == decide for decide in _DECIDES])
    return {
        "connu": medecins("eligibilite_connue", _TOUJOURS)
        & (medecins("part_aide_connue", annee) | ~ouvert),
        "plancher": medecins("aide_maximale_plancher", annee),
        "hypothese": medecins("part_aide_hypothese", annee) & ouvert & ~decidee_par_la_commission,
    }


def _de_la_caisse(medecins: Any, periode: Period) -> Drapeaux:
    """Flags of what is paid in a period: those of its advances, and of its balances."""
    debut, fin = numpy.datetime64(periode.start.date), numpy.datetime64(periode.stop.date)

    def verse(jour: Any) -> Vrais:
        dans: Vrais = (debut <= jour) & (jour <= fin)
        return dans

    connu = medecins("eligibilite_connue", _TOUJOURS)
    plancher = hypothese = numpy.zeros_like(connu)
    for contrat in (periode.last_year, periode.this_year):
        annee = _de_l_annee(medecins, contrat)
        acompte = verse(medecins("date_versement_acompte", contrat))
        solde = verse(medecins("date_versement_solde", contrat))
        connu = connu & (annee["connu"] | ~solde)
        plancher = plancher | (annee["plancher"] & (acompte | solde))
        hypothese = hypothese | (annee["hypothese"] & solde)
    return {"connu": connu, "plancher": plancher, "hypothese": hypothese}
