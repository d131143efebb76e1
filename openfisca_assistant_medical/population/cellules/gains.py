"""What a law changes for each contract, against another: cells of `ECARTS`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy

from openfisca_assistant_medical.droit import annee as annee_du_jour
from openfisca_assistant_medical.nomenclatures import OptionETP
from openfisca_assistant_medical.population.cellules.certitudes import certitude_du_gain
from openfisca_assistant_medical.population.cellules.exactes import Poids, en_centimes, en_codes
from openfisca_assistant_medical.population.cellules.schemas import (
    CERTITUDES,
    CERTITUDES_DU_GAIN,
    DIMENSIONS,
    ENUMS,
    Partie,
    mots,
    repete,
)
from openfisca_assistant_medical.population.colonnes import Tableau

if TYPE_CHECKING:
    from openfisca_assistant_medical.population.cellules.sommes import LoiDuBloc

# Rank of the month of a payment, past the last one if it is not paid then; cents.
Versement: TypeAlias = tuple[Tableau, Tableau]
# Of some contracts: codes of the modality, gains and certainties, what they weigh, ranks.
_Lot: TypeAlias = tuple[Tableau, Tableau, Tableau, Tableau]
_SANS_ANNEE = 9999
_NIVEAUX = len(CERTITUDES_DU_GAIN)
_MOIS = 12


def ecarts(loi: "LoiDuBloc", reference: "LoiDuBloc", poids: Poids) -> Iterator[Partie]:
    """Cells of `ECARTS`, one dimension after the other; the doctor's are of the reference."""
    return _Ecarts(loi, reference, poids).parties()


class _Ecarts:
    def __init__(self, loi: "LoiDuBloc", reference: "LoiDuBloc", poids: Poids) -> None:
        self._loi, self._reference, self._poids = loi, reference, poids
        self._annees, self._nombre = loi.annees, len(loi.lire["specialite", None])
        self._tous = numpy.arange(self._nombre)

    def parties(self) -> Iterator[Partie]:
        """All the dimensions."""
        gain, unites = numpy.zeros(self._nombre), numpy.zeros(self._nombre)
        for annee in self._annees:
            ajoutes = self._gain(annee)
            gain += ajoutes[0]
            unites += ajoutes[1]
        certitude = self._certitude(self._annees)
        cas, rangs = numpy.unique(_coder(gain, certitude), return_inverse=True)
        for dimension in DIMENSIONS[:-1]:
            codes, modalites = self._modalites(dimension)
            yield self._cellules(dimension, modalites, codes, cas, rangs, unites)
        yield self._par_rang()
        yield self._par_option(certitude)
        yield self._par_annee()
        yield self._par_certitude()
        yield self._par_mois(certitude)

    def _gain(self, annee: int) -> tuple[Tableau, Tableau]:
        """Cents of each contract in a year, and what they weigh."""
        dues = [en_centimes(loi.lire["aide_due", annee]) for loi in (self._loi, self._reference)]
        return dues[0] - dues[1], self._poids.peser(dues[0]) - self._poids.peser(dues[1])

    def _certitude(self, annees: list[int]) -> Tableau:
        loi, reference = (
            [loi.certitudes[annee] for annee in annees] for loi in (self._loi, self._reference)
        )
        return certitude_du_gain(loi, reference, self._nombre)

    def _modalites(self, dimension: str) -> tuple[Tableau, Any]:
        """Code of each doctor in a dimension, and what the codes stand for."""
        lire = self._reference.lire
        if dimension == "ensemble":
            return numpy.zeros(self._nombre, dtype=numpy.intp), [dimension]
        if dimension in ENUMS:
            return en_codes(lire[dimension, None]).astype(numpy.intp), ENUMS[dimension]
        annees, codes = numpy.unique(
            annee_du_jour(lire["date_signature", None]), return_inverse=True
        )
        return codes, [str(annee) if annee != _SANS_ANNEE else "aucun" for annee in annees.tolist()]

    def _par_rang(self) -> Partie:
        """Each contract year, by its rank: a contract has one of each rank at most."""
        lots = []
        for annee in self._annees:
            rangs = numpy.maximum(
                *(loi.lire["rang_annee_contrat", annee] for loi in (self._loi, self._reference))
            )
            la = numpy.flatnonzero(rangs)
            gain, unites = self._gain(annee)
            cas = _coder(gain[la], self._certitude([annee])[la])
            lots.append((rangs[la].astype(numpy.intp), cas, unites[la], la))
        dernier = max((int(lot[0].max(initial=0)) for lot in lots), default=0)
        return self._lots("rang", [str(rang) for rang in range(dernier + 1)], lots)

    def _par_option(self, certitude: Tableau) -> Partie:
        """Contracts that change, by option of the year: that of each law for what it pays."""
        gains, unites = numpy.zeros((2, len(OptionETP), self._nombre))
        for loi, signe in ((self._loi, 1), (self._reference, -1)):
            for annee in self._annees:
                options = en_codes(loi.lire["option_etp", annee])
                dues = en_centimes(loi.lire["aide_due", annee])
                gains[options, self._tous] += signe * dues
                unites[options, self._tous] += signe * self._poids.peser(dues)
        return self._lots("option_etp", OptionETP, [_changes(gains, unites, certitude)])

    def _par_annee(self) -> Partie:
        """Contracts that change, by year."""
        lots = []
        for rang, annee in enumerate(self._annees):
            gain, unites = self._gain(annee)
            lots.append(_changes(gain[None], unites[None], self._certitude([annee]), rang))
        return self._lots("annee", [str(annee) for annee in self._annees], lots)

    def _par_certitude(self) -> Partie:
        """Contracts that change, by year and certainty: that of each law for what it gives."""
        lots = []
        for rang, annee in enumerate(self._annees):
            gains, unites = numpy.zeros((2, len(CERTITUDES), self._nombre))
            for loi, signe in ((self._loi, 1), (self._reference, -1)):
                places = loi.certitudes[annee].annuelle, self._tous
                dues = en_centimes(loi.lire["aide_due", annee])
                gains[places] += signe * dues
                unites[places] += signe * self._poids.peser(dues)
            certitude = self._certitude([annee])
            lots.append(_changes(gains, unites, certitude, rang * len(CERTITUDES)))
        noms = [f"{annee} {nom}" for annee in self._annees for nom in CERTITUDES]
        return self._lots("certitude", noms, lots)

    def _par_mois(self, certitude: Tableau) -> Partie:
        """Contracts that are not paid the same in a month, whatever is due."""
        lots = []
        for rang in range(len(self._annees)):
            gains, unites = numpy.zeros((2, _MOIS, self._nombre))
            for loi, signe in ((self._loi, 1), (self._reference, -1)):
                for mois, centimes in loi.versements:
                    la = numpy.flatnonzero(mois // _MOIS == rang)
                    places = mois[la] % _MOIS, la
                    gains[places] += signe * centimes[la]
                    unites[places] += signe * self._poids.peser(centimes)[la]
            lots.append(_changes(gains, unites, certitude, rang * _MOIS))
        noms = [f"{annee:04}-{mois:02}" for annee in self._annees for mois in range(1, _MOIS + 1)]
        return self._lots("mois", noms, lots)

    def _lots(self, dimension: str, modalites: Any, lots: list[_Lot]) -> Partie:
        """Some contracts, in several goes."""
        vides = [numpy.zeros(0, dtype=numpy.intp)]
        codes, tous, unites, la = (
            numpy.concatenate([lot[place] for lot in lots] or vides) for place in range(4)
        )
        cas, rangs = numpy.unique(tous, return_inverse=True)
        return self._cellules(dimension, modalites, codes, cas, rangs, unites, la)

    def _cellules(
        self,
        dimension: str,
        modalites: Any,
        codes: Tableau,
        cas: Tableau,
        rangs: Tableau,
        unites: Tableau,
        la: Tableau | None = None,
    ) -> Partie:
        """Cells of a dimension.

        Args:
            dimension: its name.
            modalites: what the codes stand for.
            codes: modality of each contract.
            cas: gains and certainties, as `_coder` gives them.
            rangs: place of each contract among them.
            unites: what its gain weighs.
            la: which contracts of the block; None = all of them, in order.
        """
        codes = codes * len(cas) + rangs
        lignes = numpy.bincount(codes)
        presents = numpy.flatnonzero(lignes)
        gains, certitudes = numpy.divmod(cas[presents % max(len(cas), 1)], _NIVEAUX)
        return {
            "loi": repete(self._loi.nom, presents),
            "reference": repete(self._reference.nom, presents),
            "dimension": repete(dimension, presents),
            "modalite": mots(modalites, presents // max(len(cas), 1)),
            "certitude": mots(CERTITUDES_DU_GAIN, certitudes),
            "gain_centimes": gains,
            "lignes": lignes[presents],
            "contrats": self._poids.contrats(codes, presents, la),
            "gain": self._poids.euros(presents, [(codes, unites)]),
        }


def _coder(gains: Tableau, certitudes: Tableau) -> Tableau:
    """A gain in cents and its certainty, as one number."""
    codes: Tableau = gains.astype(numpy.int64) * _NIVEAUX + certitudes
    return codes


def _changes(gains: Tableau, unites: Tableau, certitudes: Tableau, premier: int = 0) -> _Lot:
    """Gains that are not 0, shape (modalities, n), the code of the first of which is given."""
    codes, la = numpy.nonzero(gains)
    return codes + premier, _coder(gains[codes, la], certitudes[la]), unites[codes, la], la
