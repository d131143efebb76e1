"""The cells of a block: what each law gives to its contracts, added up."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import OptionETP
from openfisca_assistant_medical.population.calcul import Sorties
from openfisca_assistant_medical.population.cellules.certitudes import certitude_d_une_annee
from openfisca_assistant_medical.population.cellules.exactes import Poids, en_centimes, en_codes
from openfisca_assistant_medical.population.cellules.gains import Versement, ecarts
from openfisca_assistant_medical.population.cellules.schemas import (
    CAISSE,
    CERTITUDES,
    DROITS,
    ECARTS,
    ENUMS,
    MONTANTS,
    Cellules,
    Partie,
    annees_a_calculer,
    en_table,
    mots,
    repete,
)
from openfisca_assistant_medical.population.colonnes import Tableau


def celluler(
    bloc: Any,
    sorties: Mapping[str, Sorties],
    annees: Iterable[int],
    sensibles: Mapping[str, NDArray[numpy.bool_]] | None = None,
) -> Cellules:
    """Cells of a block.

    Args:
        bloc: what holds `poids`, float64, shape (n,), as a `Bloc` of `tables`.
        sorties: by id of law, the first the reference, what `calculer` gave for
            `sorties_de(systeme)` and `annees_a_calculer(annees)`.
        annees: calendar years asked for.
        sensibles: by id of law, shape (len(annees_a_calculer(annees)), n), in their order: aide_due
            of that contract year changes under another reading; None = not looked at. What is paid
            is taken to be as sensitive as its contract year.

    Raises:
        ValueError: `sensibles` has another shape.
        KeyError: an output is missing.
    """
    voulues, poids = sorted(set(annees)), Poids(numpy.asarray(bloc.poids, dtype=numpy.float64))
    nombre = len(bloc.poids)
    lois = [
        LoiDuBloc(nom, valeurs, poids, voulues, nombre, (sensibles or {}).get(nom))
        for nom, valeurs in sorties.items()
    ]
    droits = en_table(DROITS, (partie for loi in lois for partie in loi.droits()))
    caisse = en_table(CAISSE, (loi.caisse() for loi in lois))
    deux_a_deux = ((loi, autre) for autre, loi in combinations(lois, 2))
    parties = (partie for loi, autre in deux_a_deux for partie in ecarts(loi, autre, poids))
    return Cellules(droits, caisse, en_table(ECARTS, parties))


class LoiDuBloc:
    """What one law gives to a block, and its sums.

    Attributes:
        nom: its id.
        annees: calendar years asked for.
        certitudes: by contract year.
        versements: what is paid in the months of these years, by contract year; see `caisse`.
    """

    def __init__(
        self,
        nom: str,
        sorties: Sorties,
        poids: Poids,
        annees: list[int],
        nombre: int,
        sensibles: NDArray[numpy.bool_] | None,
    ) -> None:
        self.nom, self.lire, self.annees, self._poids = nom, sorties, annees, poids
        calculees = annees_a_calculer(annees)
        if sensibles is not None and sensibles.shape != (len(calculees), nombre):
            raise ValueError(
                f"sensibles, loi « {nom} » : reçu {sensibles.shape} ; attendu : "
                f"{(len(calculees), nombre)}, une ligne pour chacune des années {calculees}."
            )
        self.certitudes = {
            annee: certitude_d_une_annee(
                sorties, annee, None if sensibles is None else sensibles[rang]
            )
            for rang, annee in enumerate(calculees)
        }
        self.versements: list[Versement] = []

    def droits(self) -> Iterator[Partie]:
        """Cells of `DROITS`, year after year."""
        fixes = ("specialite", "tranche_patientele", "zone")
        fixe: Tableau = numpy.zeros(len(self.lire["specialite", None]), dtype=numpy.intp)
        for nom in fixes:
            fixe = fixe * len(ENUMS[nom]) + en_codes(self.lire[nom, None])
        for annee in self.annees:
            rang = self.lire["rang_annee_contrat", annee]
            tailles = (
                *(len(ENUMS[nom]) for nom in fixes),
                len(OptionETP),
                int(rang.max(initial=0)) + 1,
                len(CERTITUDES),
            )
            codes = fixe * tailles[3] + en_codes(self.lire["option_etp", annee])
            codes = (codes * tailles[4] + rang) * tailles[5] + self.certitudes[annee].annuelle
            lignes = numpy.bincount(codes)
            presents = numpy.flatnonzero(lignes)
            presents = presents[presents // tailles[5] % tailles[4] > 0]
            *rangs_fixes, option, rangs, certitude = numpy.unravel_index(presents, tailles)
            yield {
                "loi": repete(self.nom, presents),
                "annee": numpy.full(len(presents), annee),
                **{nom: mots(ENUMS[nom], c) for nom, c in zip(fixes, rangs_fixes, strict=True)},
                "option_etp": mots(OptionETP, option),
                "rang": rangs,
                "certitude": mots(CERTITUDES, certitude),
                "lignes": lignes[presents],
                "contrats": self._poids.contrats(codes, presents),
                **{
                    nom: self._poids.euros(presents, [(codes, self._unites(nom, annee))])
                    for nom in MONTANTS
                },
            }

    def _unites(self, nom: str, annee: int) -> Tableau:
        return self._poids.peser(en_centimes(self.lire[nom, annee]))

    def caisse(self) -> Partie:
        """Cells of `CAISSE`; keeps `versements`."""
        noms = [f"{annee:04}-{rang:02}" for annee in self.annees for rang in range(1, 13)]
        hors = len(noms) * len(CERTITUDES)
        payes: list[Versement] = []
        lignes = numpy.zeros(hors, dtype=numpy.int64)
        precedents: list[Tableau] = []
        for annee, certitude in self.certitudes.items():
            table = _mois_payes(annee, self.annees)
            for nom, niveau in (("solde", certitude.annuelle), ("acompte", certitude.acompte)):
                centimes = en_centimes(self.lire[nom, annee])
                jours = self.lire[f"date_versement_{nom}", annee].view(numpy.int64)
                codes = table.take(jours - _premier_jour(annee) + 1, mode="clip") + niveau
                # Past the months, nothing is paid, nor counted.
                codes[(codes < 0) | (centimes == 0)] = hors
                self.versements.append((codes // len(CERTITUDES), centimes))
                payes.append((codes, self._poids.peser(centimes)))
                # A contract is counted once in a cell: only its two years in turn may pay it twice.
                seul = codes < hors
                for autres in precedents[-3:]:
                    seul &= autres != codes
                lignes += numpy.bincount(codes[seul], minlength=hors)
                precedents.append(codes)
        presents = numpy.flatnonzero(lignes)
        rangs, certitudes = numpy.divmod(presents, len(CERTITUDES))
        return {
            "loi": repete(self.nom, presents),
            "mois": mots(noms, rangs),
            "certitude": mots(CERTITUDES, certitudes),
            "lignes": lignes[presents],
            "depense": self._poids.euros(presents, payes),
        }


def _premier_jour(annee: int) -> int:
    return int(numpy.datetime64(f"{annee:04}-01-01", "D").astype(numpy.int64))


def _mois_payes(annee: int, annees: list[int]) -> Tableau:
    """Code of the month, by day from the eve of a contract year to 1 January two years later.

    Codes go by as many as there are certainties; outside of the years asked for, negative enough to
    stay so. As `aide_versee` has it, a contract year is paid in the calendar year in which it
    starts or in the next one.
    """
    jours = numpy.arange(_premier_jour(annee) - 1, _premier_jour(annee + 2) + 1)
    mois = jours.astype("datetime64[D]").astype("datetime64[M]").astype(numpy.int64)
    codes = numpy.full(len(jours), -len(CERTITUDES))
    for civile in {annee, annee + 1} & set(annees):
        debut = (civile - 1970) * 12
        dedans = (mois >= debut) & (mois < debut + 12)
        rangs = annees.index(civile) * 12 + mois[dedans] - debut
        codes[dedans] = rangs * len(CERTITUDES)
    return codes
