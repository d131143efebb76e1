"""Contradictions between the columns of a table: those of `situations.contradictions`, row by row.

Each is told once, on whole columns; the exact comparison is made on the rows that need it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table.bornes import Masque, valeur_par_defaut
from openfisca_assistant_medical.population.table.entetes import Champ
from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.contradictions import (
    AVENANT,
    BLOCS,
    MAJORITE,
    NAISSANCE,
    ORDRES,
    SIGNATURE,
    SUPPOSES,
    TRANCHE_DE_L_OBJECTIF,
    attendu_de_l_age,
    attendu_de_l_annee,
    attendu_de_l_avenant,
    attendu_de_la_tranche,
    attendu_des_blocs,
    blocs_du_certificat,
    mineur,
    tranches,
)

_JOURS_PAR_AN_AU_PLUS = 366


@dataclass(frozen=True)
class Incoherence:
    """Rows in which a column contradicts another.

    Attributes:
        rangs: indices of the rows.
        champ: the column at fault.
        attendu: what is accepted there, for the row of an index.
    """

    rangs: NDArray[numpy.intp]
    champ: Champ
    attendu: Callable[[int], str]


class _Lecture:
    """The columns of a block, by key, and what each says beyond its default."""

    def __init__(self, champs: Mapping[Any, Champ], valeurs: Mapping[Any, Tableau]) -> None:
        self.champs, self.valeurs = champs, valeurs

    def __contains__(self, cle: Any) -> bool:
        return cle in self.valeurs

    def __getitem__(self, cle: Any) -> Tableau:
        return self.valeurs[cle]

    def dit(self, cle: Any) -> Masque:
        """Where a column says something else than its default, shape (n,)."""
        masque: Masque = self.valeurs[cle] != valeur_par_defaut(self.champs[cle].variable)
        return masque

    def si(
        self, masque: Masque, cle: Any, attendu: Callable[[int], str], *dites: Any
    ) -> Iterator[Incoherence]:
        """The rows of `masque`, if any, where `cle` and the columns `dites` are given."""
        if not masque.any():
            return
        for dite in (cle, *dites):
            masque = masque & self.dit(dite)
        if masque.any():
            yield Incoherence(numpy.flatnonzero(masque), self.champs[cle], attendu)


def incoherences(
    champs: Mapping[Any, Champ], valeurs: Mapping[Any, Tableau], systeme: Any
) -> Iterator[Incoherence]:
    """Every contradiction of a block, column after column.

    Args:
        champs: the columns, by key.
        valeurs: their values, shapes (n,); the default where a cell is not given or is refused.
        systeme: the law, for the figures that some depend on.
    """
    lecture = _Lecture(champs, valeurs)
    yield from _entre_jours(lecture)
    yield from _mineurs(lecture)
    yield from _avant_la_signature(lecture)
    yield from _blocs_en_trop(lecture, systeme)
    yield from _entre_tranches(lecture)
    yield from _sans_ce_qu_il_suppose(lecture)
    for cle in valeurs:
        nom = cle if isinstance(cle, str) else cle[0]
        if nom.startswith(PREFIXE):  # alone in a practice, which has no collective contract here
            yield from lecture.si(lecture.dit(cle), cle, _sans_contrat_collectif)


def _sans_contrat_collectif(rang: int) -> str:
    return "rien : une table n’a pas de contrat collectif, chaque médecin est seul dans son cabinet"


def _entre_jours(lecture: _Lecture) -> Iterator[Incoherence]:
    for ordre in ORDRES:
        if ordre.jour not in lecture or ordre.autre not in lecture:
            continue
        jours, autres = lecture[ordre.jour], lecture[ordre.autre]

        def attendu(rang: int, ordre: Any = ordre, autres: Tableau = autres) -> str:
            return str(ordre.attendu(autres[rang]))

        masque = jours < autres if ordre.apres else jours > autres
        yield from lecture.si(masque, ordre.jour, attendu, ordre.autre)


def _mineurs(lecture: _Lecture) -> Iterator[Incoherence]:
    if NAISSANCE not in lecture:
        return
    naissance, signature = lecture[NAISSANCE], lecture[SIGNATURE]
    marge = numpy.timedelta64(MAJORITE * _JOURS_PAR_AN_AU_PLUS, "D")
    masque = signature - naissance < marge
    if masque.any():
        doutes = numpy.flatnonzero(masque)
        masque[doutes] = mineur(_en_nombre(naissance[doutes]), _en_nombre(signature[doutes]))
    yield from lecture.si(
        masque, NAISSANCE, lambda rang: attendu_de_l_age(signature[rang]), SIGNATURE
    )


def _en_nombre(jours: Tableau) -> NDArray[numpy.int64]:
    """Days as YYYYMMDD: 29 February comes before 1 March of any year, as when dates are words."""
    mois = jours.astype("datetime64[M]")
    rang_du_mois = mois.astype("int64") + 1970 * 12
    jour = (jours - mois.astype("datetime64[D]")).astype("int64") + 1
    nombre: NDArray[numpy.int64] = (
        rang_du_mois // 12 * 10_000 + (rang_du_mois % 12 + 1) * 100 + jour
    )
    return nombre


def _avant_la_signature(lecture: _Lecture) -> Iterator[Incoherence]:
    """Yearly values before the year of the signature, and an option of its very year."""
    millesimes = lecture[SIGNATURE].astype("datetime64[Y]").astype("int64") + 1970

    def apres(rang: int) -> str:
        return attendu_de_l_annee(int(millesimes[rang]))

    def ensuite(rang: int) -> str:
        return attendu_de_l_avenant(int(millesimes[rang]))

    dernier = millesimes.max(initial=0)
    for cle in lecture.valeurs:
        if isinstance(cle, str) or cle[0].startswith(PREFIXE):
            continue
        nom, annee = cle
        if annee < dernier:
            yield from lecture.si(millesimes > annee, cle, apres, SIGNATURE)
        if nom == AVENANT and annee <= dernier:
            yield from lecture.si(millesimes == annee, cle, ensuite, SIGNATURE)


def _blocs_en_trop(lecture: _Lecture, systeme: Any) -> Iterator[Incoherence]:
    if BLOCS not in lecture:
        return
    masque = lecture.dit(BLOCS) & lecture.dit(SIGNATURE)
    if not masque.any():
        return
    rangs = numpy.flatnonzero(masque)
    jours, places = numpy.unique(lecture[SIGNATURE][rangs], return_inverse=True)
    publies = [blocs_du_certificat(systeme, str(jour)) for jour in jours]
    blocs = numpy.array([numpy.inf if b is None else b for b in publies])[places]
    trop = lecture[BLOCS][rangs] >= blocs
    plafonds = dict(zip(rangs[trop].tolist(), blocs[trop].astype("int64").tolist(), strict=True))
    if plafonds:
        yield Incoherence(
            rangs[trop], lecture.champs[BLOCS], lambda rang: attendu_des_blocs(plafonds[rang])
        )


def _entre_tranches(lecture: _Lecture) -> Iterator[Incoherence]:
    for fine, large in map(tranches, ("pmt", "pfa")):
        if fine not in lecture or large not in lecture:
            continue
        fines = lecture.champs[fine].variable.possible_values
        larges = list(lecture.champs[large].variable.possible_values)
        codes = {membre.name: membre.index for membre in larges}
        attendues = numpy.array(
            [codes.get(TRANCHE_DE_L_OBJECTIF.get(membre.name, ""), -1) for membre in fines]
        )

        def attendu(rang: int, large: str = large, larges: list[Any] = larges) -> str:
            return attendu_de_la_tranche(large, larges[lecture[large][rang]].name)

        yield from lecture.si(attendues[lecture[fine]] != lecture[large], fine, attendu, large)


def _sans_ce_qu_il_suppose(lecture: _Lecture) -> Iterator[Incoherence]:
    for cle, suppose, attendu in SUPPOSES:
        if cle in lecture:
            masque = lecture.dit(cle)
            if suppose in lecture:
                masque = masque & ~lecture.dit(suppose)

            def dire(rang: int, attendu: str = attendu) -> str:
                return attendu

            yield from lecture.si(masque, cle, dire)
