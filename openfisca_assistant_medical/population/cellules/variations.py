"""For how many contracts an amount changes from a law to another: cells of `VARIATIONS`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy

from openfisca_assistant_medical.nomenclatures import OptionETP
from openfisca_assistant_medical.population.cellules.exactes import Poids, en_codes
from openfisca_assistant_medical.population.cellules.schemas import (
    CERTITUDES,
    DEPENSE,
    MONTANTS,
    Partie,
    mots,
    repete,
)
from openfisca_assistant_medical.population.colonnes import Tableau

if TYPE_CHECKING:
    from openfisca_assistant_medical.population.cellules.sommes import LoiDuBloc

_MOIS = 12
_NIVEAUX = len(CERTITUDES)
# What is counted: contracts, shape (modalities,), and what they add, in the units of `Poids`.
_Comptes: TypeAlias = tuple[Tableau, Tableau]


def variations(loi: "LoiDuBloc", reference: "LoiDuBloc", poids: Poids) -> Iterator[Partie]:
    """Cells of `VARIATIONS`, one quantity and dimension after the other."""
    annees = [str(annee) for annee in loi.annees]
    noms: dict[str, Any] = {
        "ensemble": ["ensemble"],
        "option_etp": OptionETP,
        "annee": annees,
        "certitude": [f"{annee} {nom}" for annee in annees for nom in CERTITUDES],
        "mois": [f"{annee:04}-{mois:02}" for annee in loi.annees for mois in range(1, _MOIS + 1)],
    }
    comptees = _Variations(loi, reference, poids)
    for grandeur in (*MONTANTS, DEPENSE):
        trouvees = comptees.de_la_caisse() if grandeur == DEPENSE else comptees.des_droits(grandeur)
        if grandeur == "aide_due":  # in all, it is the gain
            del trouvees["ensemble"]
            trouvees["option_etp"] = comptees.par_option()
        for dimension, (lignes, unites) in trouvees.items():
            presents = numpy.flatnonzero(lignes)
            yield {
                "loi": repete(loi.nom, presents),
                "reference": repete(reference.nom, presents),
                "grandeur": repete(grandeur, presents),
                "dimension": repete(dimension, presents),
                "modalite": mots(noms[dimension], presents),
                "lignes": lignes[presents],
                "ecart": poids.en_euros(unites[presents]),
            }


class _Variations:
    def __init__(self, loi: "LoiDuBloc", reference: "LoiDuBloc", poids: Poids) -> None:
        self._loi, self._reference, self._poids = loi, reference, poids
        self._annees, self._nombre = loi.annees, len(loi.lire["specialite", None])
        self._tous = numpy.arange(self._nombre)

    def des_droits(self, grandeur: str) -> dict[str, _Comptes]:
        """Of an amount of contract years."""
        total = numpy.zeros(self._nombre)
        annuels, surs = [], []
        for annee in self._annees:
            montants = [loi.centimes(grandeur, annee) for loi in (self._loi, self._reference)]
            niveaux = [loi.certitudes[annee].annuelle for loi in (self._loi, self._reference)]
            gain = montants[0] - montants[1]
            total += gain
            surs.append(self._par_niveau(niveaux, montants, gain))
            annuels.append((numpy.count_nonzero(gain), surs[-1][1].sum()))
        return {
            "ensemble": _reunir([(numpy.count_nonzero(total), sum(u for _, u in annuels))]),
            "annee": _reunir(annuels),
            "certitude": _a_la_suite(surs),
        }

    def _par_niveau(
        self, niveaux: list[Tableau], montants: list[Tableau], gain: Tableau
    ) -> _Comptes:
        """By certainty: a contract that goes from one to another counts in both."""
        passes = niveaux[0] != niveaux[1]
        change = numpy.where(passes, montants[0], gain) != 0
        quitte = passes & (montants[1] != 0)
        lignes, unites = _compter(niveaux[0][change]), numpy.zeros(_NIVEAUX)
        lignes += _compter(niveaux[1][quitte])
        for signe, siens, leurs in zip((1, -1), niveaux, montants, strict=True):
            unites += signe * numpy.bincount(siens, self._poids.peser(leurs), _NIVEAUX)
        return lignes, unites

    def par_option(self) -> _Comptes:
        """What is due by option of the year, over all the years."""
        gains, unites = numpy.zeros((len(OptionETP), self._nombre)), numpy.zeros(len(OptionETP))
        for loi, signe in ((self._loi, 1), (self._reference, -1)):
            for annee in self._annees:
                options = en_codes(loi.lire["option_etp", annee])
                dues = loi.centimes("aide_due", annee)
                gains[options, self._tous] += signe * dues
                pesees = numpy.bincount(options, self._poids.peser(dues), len(OptionETP))
                unites += signe * pesees
        return numpy.count_nonzero(gains, axis=1), unites

    def de_la_caisse(self) -> dict[str, _Comptes]:
        """Of what is paid in each calendar year, whatever is due."""
        total = numpy.zeros(self._nombre)
        annuels, surs, mensuels = [], [], []
        for rang, annee in enumerate(self._annees):
            par_mois = numpy.zeros((_MOIS, self._nombre))
            par_niveau = numpy.zeros((_NIVEAUX, self._nombre))
            unites = numpy.zeros(_MOIS * _NIVEAUX)
            premier = rang * len(unites)
            for loi, signe in ((self._loi, 1), (self._reference, -1)):
                for codes, centimes in loi.versements_de(annee):
                    la = numpy.flatnonzero((codes >= premier) & (codes < premier + len(unites)))
                    siens, verses = codes[la] - premier, centimes[la]
                    pesees = self._poids.peser(verses, la)
                    unites += signe * numpy.bincount(siens, pesees, len(unites))
                    verses = signe * verses
                    par_mois[siens // _NIVEAUX, la] += verses
                    par_niveau[siens % _NIVEAUX, la] += verses
            gain = par_niveau.sum(axis=0)
            total += gain
            cases = unites.reshape(_MOIS, _NIVEAUX)
            annuels.append((numpy.count_nonzero(gain), unites.sum()))
            surs.append((numpy.count_nonzero(par_niveau, axis=1), cases.sum(axis=0)))
            mensuels.append((numpy.count_nonzero(par_mois, axis=1), cases.sum(axis=1)))
        return {
            "ensemble": _reunir([(numpy.count_nonzero(total), sum(u for _, u in annuels))]),
            "annee": _reunir(annuels),
            "certitude": _a_la_suite(surs),
            "mois": _a_la_suite(mensuels),
        }


def _compter(codes: Tableau) -> Tableau:
    return numpy.bincount(codes, minlength=_NIVEAUX)


def _reunir(comptes: list[tuple[Any, Any]]) -> _Comptes:
    """Counts and sums of one modality each."""
    lignes, unites = ([compte[place] for compte in comptes] for place in (0, 1))
    return numpy.array(lignes, dtype=numpy.int64), numpy.array(unites, dtype=numpy.float64)


def _a_la_suite(comptes: list[_Comptes]) -> _Comptes:
    """Those of several years, one after the other."""
    vides = (numpy.zeros(0, dtype=numpy.int64), numpy.zeros(0))
    lignes, unites = (numpy.concatenate([c[p] for c in (vides, *comptes)]) for p in (0, 1))
    return lignes, unites
