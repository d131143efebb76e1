"""How sure an amount is, and a gain; see the top of `cellules`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy

from openfisca_assistant_medical.nomenclatures import CasModulation
from openfisca_assistant_medical.population.calcul import Sorties
from openfisca_assistant_medical.population.cellules.exactes import en_codes
from openfisca_assistant_medical.population.cellules.schemas import (
    CERTITUDES,
    CERTITUDES_DU_GAIN,
    ESTIME,
)
from openfisca_assistant_medical.population.colonnes import Tableau

_LECTURE, _HYPOTHESE, _INCONNU = map(CERTITUDES.index, ("lecture", "hypothese", "inconnu"))
_GAIN_PLANCHER, _GAIN_INCONNU = map(CERTITUDES_DU_GAIN.index, ("plancher", "inconnu"))
# Lines of the modulation that rest on the objectives, then on a table too: codes of CasModulation.
_OBJECTIFS = ("prorata", "maintien", "mixte", "standard")
_CAS: Any = CasModulation
_SELON_LES_OBJECTIFS = numpy.array([cas.name in _OBJECTIFS for cas in _CAS])
_SELON_LA_TABLE = numpy.array([cas.name in (*_OBJECTIFS, "installation") for cas in _CAS])


class Certitude(NamedTuple):
    """Of a contract year, a value a contract.

    Attributes:
        annuelle: code in `CERTITUDES` of what is due.
        acompte: of its advance, which rests on the maximum alone.
        au_moins: whether what is missing may make what is due larger.
        au_plus: whether it may make it smaller.
    """

    annuelle: Tableau
    acompte: Tableau
    au_moins: Tableau
    au_plus: Tableau


def certitude_d_une_annee(lire: Sorties, annee: int, sensible: Tableau | None) -> Certitude:
    """Certainty of the contract years that start in a year.

    An amount of 0 whatever the part, or the eligibility, hangs on neither. What is not known is
    supposed to go well, but for the band of patients, whose amount is then the least.

    Args:
        lire: outputs of a law.
        annee: the calendar year.
        sensible: whether aide_due changes under another reading; None = not looked at.
    """
    paye = lire["aide_maximale", annee] > 0
    cas = en_codes(lire["cas_modulation", annee])
    au_moins = lire["aide_maximale_plancher", annee]
    ineligible = paye & ~lire["eligibilite_connue", None]
    part_inconnue = paye & ~lire["part_aide_connue", annee]
    hypothese = lire["part_aide_hypothese", annee] & _SELON_LA_TABLE.take(cas)
    if (ESTIME, annee) in lire:
        hypothese |= lire[ESTIME, annee] & _SELON_LES_OBJECTIFS.take(cas)
    acompte = numpy.zeros(len(paye), dtype=numpy.intp)
    if sensible is not None:
        acompte[sensible] = _LECTURE
    annuelle = acompte.copy()
    annuelle[hypothese & paye] = _HYPOTHESE
    annuelle[au_moins | ineligible | part_inconnue] = _INCONNU
    acompte[au_moins | ineligible] = _INCONNU
    return Certitude(annuelle, acompte, au_moins, ineligible | part_inconnue)


def certitude_du_gain(
    loi: Iterable[Certitude], reference: Iterable[Certitude], nombre: int
) -> Tableau:
    """Code in `CERTITUDES_DU_GAIN` of the gain of each contract over some years, shape (n,)."""
    plus, moins = numpy.zeros(nombre, bool), numpy.zeros(nombre, bool)
    for une, autre in zip(loi, reference, strict=True):
        plus |= une.au_moins | autre.au_plus
        moins |= une.au_plus | autre.au_moins
    code = numpy.where(plus, _GAIN_PLANCHER, 0)
    return numpy.where(moins, _GAIN_INCONNU, code)
