"""Contradictions between the columns of a table: those of `situations.contradictions`, row by row.

Each is told once, on whole columns; the exact comparison is made on the rows that need it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.population.colonnes import Tableau
from openfisca_assistant_medical.population.table.entetes import Champ
from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.contradictions import (
    _TRANCHE_DE_L_OBJECTIF,
    MAJORITE,
)

_JOURS_PAR_AN_AU_PLUS = 366
Masque = NDArray[numpy.bool_]


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
        defaut = self.champs[cle].variable.default_value
        if isinstance(defaut, Enum):
            defaut = defaut.index
        elif self.valeurs[cle].dtype.kind == "M":
            defaut = numpy.datetime64(defaut, "D")
        masque: Masque = self.valeurs[cle] != defaut
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
    yield from _autour_de_la_signature(lecture)
    yield from _avant_la_signature(lecture)
    yield from _blocs_en_trop(lecture, systeme)
    yield from _entre_tranches(lecture)
    yield from _entre_faits(lecture)
    for cle in valeurs:
        nom = cle if isinstance(cle, str) else cle[0]
        if nom.startswith(PREFIXE):  # alone in a practice, which has no collective contract here
            yield from lecture.si(lecture.dit(cle), cle, _sans_contrat_collectif)


def _sans_contrat_collectif(rang: int) -> str:
    return "rien : une table n’a pas de contrat collectif, chaque médecin est seul dans son cabinet"


def _autour_de_la_signature(lecture: _Lecture) -> Iterator[Incoherence]:
    signature = lecture["date_signature"]

    def au_plus_tot(rang: int) -> str:
        return f"un jour au plus tôt le {signature[rang]}, celui de la signature"

    def au_plus_tard(rang: int) -> str:
        return f"un jour au plus tard le {signature[rang]}, celui de la signature"

    cle = "date_resiliation"
    if cle in lecture:
        yield from lecture.si(lecture[cle] < signature, cle, au_plus_tot, "date_signature")
    if "date_naissance" in lecture:
        yield from _mineurs(lecture, signature)
    cle = "date_resiliation_contrat_precedent"
    if cle in lecture:
        yield from lecture.si(lecture[cle] > signature, cle, au_plus_tard, "date_signature")


def _mineurs(lecture: _Lecture, signature: Tableau) -> Iterator[Incoherence]:
    def attendu(rang: int) -> str:
        return f"un jour {MAJORITE} ans au moins avant la signature, le {signature[rang]}"

    naissance = lecture["date_naissance"]
    marge = numpy.timedelta64(MAJORITE * _JOURS_PAR_AN_AU_PLUS, "D")
    masque = signature - naissance < marge
    if masque.any():
        doutes = numpy.flatnonzero(masque)
        majorite = _en_nombre(naissance[doutes]) + MAJORITE * 10_000
        masque[doutes] = majorite > _en_nombre(signature[doutes])
    yield from lecture.si(masque, "date_naissance", attendu, "date_signature")


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
    millesimes = lecture["date_signature"].astype("datetime64[Y]").astype("int64") + 1970

    def apres(rang: int) -> str:
        return f"une année à partir de {millesimes[rang]}, celle de la signature"

    def ensuite(rang: int) -> str:
        return (
            f"une année à partir de {millesimes[rang] + 1} : la première année de contrat suit "
            "option_etp_initiale"
        )

    dernier = millesimes.max(initial=0)
    for cle in lecture.valeurs:
        if isinstance(cle, str) or cle[0].startswith(PREFIXE):
            continue
        nom, annee = cle
        if annee < dernier:
            yield from lecture.si(millesimes > annee, cle, apres, "date_signature")
        if nom == "option_etp_avenant" and annee <= dernier:
            yield from lecture.si(millesimes == annee, cle, ensuite, "date_signature")


def _blocs_en_trop(lecture: _Lecture, systeme: Any) -> Iterator[Incoherence]:
    """More blocks waived than the certificate has, where their number is published."""
    cle = "blocs_dispenses"
    if cle not in lecture:
        return
    masque = lecture.dit(cle) & lecture.dit("date_signature")
    if not masque.any():
        return
    rangs = numpy.flatnonzero(masque)
    jours, places = numpy.unique(lecture["date_signature"][rangs], return_inverse=True)
    publies = [systeme.parameters.formation.blocs.cqp.get_at_instant(str(j)) for j in jours]
    blocs = numpy.array([numpy.inf if b is None else b for b in publies])[places]
    trop = lecture[cle][rangs] >= blocs
    plafonds = dict(zip(rangs[trop].tolist(), blocs[trop].astype("int64").tolist(), strict=True))

    def attendu(rang: int) -> str:
        return f"moins de {plafonds[rang]}, le nombre de blocs du certificat"

    if plafonds:
        yield Incoherence(rangs[trop], lecture.champs[cle], attendu)


def _entre_tranches(lecture: _Lecture) -> Iterator[Incoherence]:
    for compte in ("pmt", "pfa"):
        fine, large = f"tranche_objectif_{compte}_declaree", f"tranche_{compte}_declaree"
        if fine not in lecture or large not in lecture:
            continue
        fines = lecture.champs[fine].variable.possible_values
        larges = list(lecture.champs[large].variable.possible_values)
        codes = {membre.name: membre.index for membre in larges}
        attendues = numpy.array(
            [codes.get(_TRANCHE_DE_L_OBJECTIF.get(membre.name, ""), -1) for membre in fines]
        )

        def attendu(rang: int, large: str = large, larges: list[Any] = larges) -> str:
            declaree = larges[lecture[large][rang]].name
            return f"une tranche comprise dans celle de {large}, {declaree}, ou aucune"

        yield from lecture.si(attendues[lecture[fine]] != lecture[large], fine, attendu, large)


def _entre_faits(lecture: _Lecture) -> Iterator[Incoherence]:
    inscription, certification = "date_inscription_formation", "date_certification"
    if inscription in lecture and certification in lecture:

        def apres(rang: int) -> str:
            return (
                f"un jour au plus tôt le {lecture[inscription][rang]}, celui de l’inscription en "
                "formation"
            )

        masque = lecture[certification] < lecture[inscription]
        yield from lecture.si(masque, certification, apres, inscription)
    yield from _sans_l_autre(
        lecture,
        "carence_applicable",
        "date_resiliation_contrat_precedent",
        "aussi date_resiliation_contrat_precedent, dont le délai de carence se compte",
    )
    yield from _sans_l_autre(
        lecture,
        "date_remplacement_secretaire",
        "secretaire_devenu_assistant",
        "aucune date, ou secretaire_devenu_assistant à vrai",
    )


def _sans_l_autre(lecture: _Lecture, cle: str, autre: str, attendu: str) -> Iterator[Incoherence]:
    """What is given without the fact that it supposes."""
    if cle in lecture:
        masque = lecture.dit(cle)
        if autre in lecture:
            masque = masque & ~lecture.dit(autre)
        yield from lecture.si(masque, cle, lambda rang: attendu)
