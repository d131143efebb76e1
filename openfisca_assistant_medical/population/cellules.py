"""Cells: the sums of a block of contracts, small enough to be kept and added up.

Three tables, whose columns `DROITS`, `CAISSE` and `ECARTS` give. Amounts are euros × weights, in
float64; weights are 1 where the table has none. A row is one contract.

- `droits`: contract years that exist (rank > 0), by law, calendar year in which they start,
  speciality, option of the year, band, rank, zone and certainty.
- `caisse`: what is paid in each month of the calendar years asked for, recoveries taken away, by
  law and certainty; `lignes` counts contracts, once a cell, that are paid or give back something.
- `ecarts`: for each law but the first, by dimension and by gain of one contract over all the years
  (aide_due, in cents, that law minus the first). Every contract is there, at 0 if nothing changes.

Certainty, the first that holds: « inconnu », paid as the law supposes for want of information;
« hypothese », rests on a hypothesis or on an estimated objective; « lecture », would change under
another reading of the register; « droit ».
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb
import numpy
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from openfisca_assistant_medical.droit import annee as annee_du_jour
from openfisca_assistant_medical.nomenclatures import (
    CasModulation,
    OptionETP,
    Specialite,
    TranchePatientele,
    Zone,
)
from openfisca_assistant_medical.population.arrow import nombres, textes, vide
from openfisca_assistant_medical.population.calcul import Sorties
from openfisca_assistant_medical.population.colonnes import Tableau

# What `calculer` must give for each law; see `sorties_de` and `annees_a_calculer`.
SORTIES: tuple[str, ...] = (
    "date_signature",
    "specialite",
    "zone",
    "option_etp_initiale",
    "tranche_patientele",
    "eligibilite_connue",
    "rang_annee_contrat",
    "option_etp",
    "aide_maximale",
    "aide_due",
    "aide_perdue",
    "aide_maximale_plancher",
    "cas_modulation",
    "part_aide_connue",
    "part_aide_hypothese",
    "acompte",
    "solde",
    "date_versement_acompte",
    "date_versement_solde",
)
CERTITUDES = ("droit", "lecture", "hypothese", "inconnu")
DIMENSIONS = (
    "ensemble",
    "specialite",
    "option_etp_initiale",
    "tranche_patientele",
    "zone",
    "millesime",
)
MONTANTS = ("aide_maximale", "aide_due", "aide_perdue")
_ESTIME = "objectif_pmt_estime"
_LECTURE, _HYPOTHESE, _INCONNU = map(CERTITUDES.index, ("lecture", "hypothese", "inconnu"))
# Lines of the modulation that rest on the objectives, then on a table too: codes of CasModulation.
_OBJECTIFS = ("prorata", "maintien", "mixte", "standard")
_CAS: Any = CasModulation
_SELON_LES_OBJECTIFS = numpy.array([cas.name in _OBJECTIFS for cas in _CAS])
_SELON_LA_TABLE = numpy.array([cas.name in (*_OBJECTIFS, "installation") for cas in _CAS])
_ENUMS: dict[str, Any] = {
    "specialite": Specialite,
    "option_etp_initiale": OptionETP,
    "tranche_patientele": TranchePatientele,
    "zone": Zone,
}
# Sums are kept to the millionth of a euro (or of a weight) and added up as whole numbers: the same
# whatever their order. A float64 holds each millionth up to 9 × 10⁹ € a cell, each cent up to 10¹³.
_MICRO = 1_000_000
_CENTIMES = 100
# Rows of parts kept until they are added up.
_EN_ATTENTE = 1_500_000
_MOT = pa.dictionary(pa.int32(), pa.string())
DROITS = pa.schema(
    [
        ("loi", _MOT),
        ("annee", pa.int32()),
        ("specialite", _MOT),
        ("option_etp", _MOT),
        ("tranche_patientele", _MOT),
        ("rang", pa.int32()),
        ("zone", _MOT),
        ("certitude", _MOT),
        ("lignes", pa.int64()),
        ("contrats", pa.float64()),
        ("aide_maximale", pa.float64()),
        ("aide_due", pa.float64()),
        ("aide_perdue", pa.float64()),
    ]
)
CAISSE = pa.schema(
    [
        ("loi", _MOT),
        ("mois", _MOT),
        ("certitude", _MOT),
        ("lignes", pa.int64()),
        ("depense", pa.float64()),
    ]
)
ECARTS = pa.schema(
    [
        ("loi", _MOT),
        ("dimension", _MOT),
        ("modalite", _MOT),
        ("gain_centimes", pa.int64()),
        ("lignes", pa.int64()),
        ("contrats", pa.float64()),
    ]
)
_SCHEMAS = {"droits": DROITS, "caisse": CAISSE, "ecarts": ECARTS}
_SANS_ANNEE = 9999


@dataclass
class Cellules:
    """Cells of some contracts: tables of the schemas `DROITS`, `CAISSE`, `ECARTS`."""

    droits: pa.Table
    caisse: pa.Table
    ecarts: pa.Table


Partie: TypeAlias = dict[str, Any]  # columns of a schema, by name


def sorties_de(systeme: Any) -> tuple[str, ...]:
    """`SORTIES`, and what only some laws have: whether an objective is an estimate."""
    return SORTIES + ((_ESTIME,) if _ESTIME in systeme.variables else ())


def annees_a_calculer(annees: Iterable[int]) -> list[int]:
    """Years to give to `calculer`: those asked for, and the one before, which is paid in them."""
    return sorted({annee - avant for annee in annees for avant in (0, 1)})


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
    voulues, poids = sorted(set(annees)), numpy.asarray(bloc.poids, dtype=numpy.float64)
    lois = [
        _Loi(nom, valeurs, poids, voulues, (sensibles or {}).get(nom))
        for nom, valeurs in sorties.items()
    ]
    return Cellules(
        _table(DROITS, (partie for loi in lois for partie in loi.droits())),
        _table(CAISSE, (loi.caisse() for loi in lois)),
        _table(ECARTS, (partie for loi in lois[1:] for partie in loi.ecarts(lois[0]))),
    )


class _Loi:
    """What one law gives to a block, and its sums."""

    def __init__(
        self,
        nom: str,
        sorties: Sorties,
        poids: NDArray[numpy.float64],
        annees: list[int],
        sensibles: NDArray[numpy.bool_] | None,
    ) -> None:
        self._nom, self._lire, self._annees = nom, sorties, annees
        # None: every weight is 1, and sums are whole numbers of cents.
        self._poids = None if bool((poids == 1).all()) else poids
        calculees = annees_a_calculer(annees)
        if sensibles is not None and sensibles.shape != (len(calculees), len(poids)):
            raise ValueError(
                f"sensibles, loi « {nom} » : reçu {sensibles.shape} ; attendu : "
                f"{(len(calculees), len(poids))}, une ligne pour chacune des années {calculees}."
            )
        self._certitudes = {
            annee: self._certitudes_de(annee, None if sensibles is None else sensibles[rang])
            for rang, annee in enumerate(calculees)
        }

    def _certitudes_de(self, annee: int, sensible: Tableau | None) -> tuple[Tableau, Tableau]:
        """Certainty of a contract year, and of its advance, which rests on the maximum alone.

        An amount of 0 whatever the part, or the eligibility, hangs on neither.
        """
        paye = self._lire["aide_maximale", annee] > 0
        cas = _codes(self._lire["cas_modulation", annee])
        maximum_inconnu = self._lire["aide_maximale_plancher", annee] | (
            paye & ~self._lire["eligibilite_connue", None]
        )
        hypothese = self._lire["part_aide_hypothese", annee] & _SELON_LA_TABLE.take(cas)
        if (_ESTIME, annee) in self._lire:
            hypothese |= self._lire[_ESTIME, annee] & _SELON_LES_OBJECTIFS.take(cas)
        acompte = numpy.zeros(len(paye), dtype=numpy.intp)
        if sensible is not None:
            acompte[sensible] = _LECTURE
        annuelle = acompte.copy()
        annuelle[hypothese & paye] = _HYPOTHESE
        annuelle[maximum_inconnu | (paye & ~self._lire["part_aide_connue", annee])] = _INCONNU
        acompte[maximum_inconnu] = _INCONNU
        return annuelle, acompte

    def _contrats(self, codes: Tableau, presents: Tableau) -> Tableau:
        """Sum of the weights of some codes, in their order."""
        return _au_micro(numpy.bincount(codes, self._poids)[presents])

    def _euros(self, codes: Tableau, presents: Tableau, centimes: Tableau) -> Tableau:
        """Sum of cents × weights of some codes, in euros, in their order."""
        facteur = centimes if self._poids is None else centimes * self._poids
        taille = int(presents[-1]) + 1 if len(presents) else 0
        return _au_micro(numpy.bincount(codes, facteur, taille)[presents] / _CENTIMES)

    def droits(self) -> Iterator[Partie]:
        """Cells of `DROITS`, year after year."""
        fixes = ("specialite", "tranche_patientele", "zone")
        fixe: Tableau = numpy.zeros(len(self._lire["specialite", None]), dtype=numpy.intp)
        for nom in fixes:
            fixe = fixe * len(_ENUMS[nom]) + _codes(self._lire[nom, None])
        for annee in self._annees:
            rang = self._lire["rang_annee_contrat", annee]
            tailles = (
                *(len(_ENUMS[nom]) for nom in fixes),
                len(OptionETP),
                int(rang.max(initial=0)) + 1,
                len(CERTITUDES),
            )
            codes = fixe * tailles[3] + _codes(self._lire["option_etp", annee])
            codes = (codes * tailles[4] + rang) * tailles[5] + self._certitudes[annee][0]
            lignes = numpy.bincount(codes)
            presents = numpy.flatnonzero(lignes)
            presents = presents[presents // tailles[5] % tailles[4] > 0]
            *rangs_fixes, option, rangs, certitude = numpy.unravel_index(presents, tailles)
            yield {
                "loi": _repete(self._nom, presents),
                "annee": numpy.full(len(presents), annee),
                **{nom: _mots(_ENUMS[nom], c) for nom, c in zip(fixes, rangs_fixes, strict=True)},
                "option_etp": _mots(OptionETP, option),
                "rang": rangs,
                "certitude": _mots(CERTITUDES, certitude),
                "lignes": lignes[presents],
                "contrats": self._contrats(codes, presents),
                **{
                    nom: self._euros(codes, presents, _centimes(self._lire[nom, annee]))
                    for nom in MONTANTS
                },
            }

    def caisse(self) -> Partie:
        """Cells of `CAISSE`."""
        mois = [f"{annee:04}-{rang:02}" for annee in self._annees for rang in range(1, 13)]
        hors = len(mois) * len(CERTITUDES)
        cases = numpy.arange(hors)
        lignes, depense = numpy.zeros(hors, dtype=numpy.int64), numpy.zeros(hors)
        precedents: list[Tableau] = []
        for annee, certitudes in self._certitudes.items():
            table = _mois_payes(annee, self._annees)
            for nom, certitude in zip(("solde", "acompte"), certitudes, strict=True):
                centimes = _centimes(self._lire[nom, annee])
                jours = self._lire[f"date_versement_{nom}", annee].view(numpy.int64)
                codes = table.take(jours - _premier_jour(annee) + 1, mode="clip") + certitude
                # Past the months, nothing is paid, nor counted.
                codes[(codes < 0) | (centimes == 0)] = hors
                depense += self._euros(codes, cases, centimes)
                # A contract is counted once in a cell: only its two years in turn may pay it twice.
                seul = codes < hors
                for autres in precedents[-3:]:
                    seul &= autres != codes
                lignes += numpy.bincount(codes[seul], minlength=hors)
                precedents.append(codes)
        presents = numpy.flatnonzero(lignes)
        rangs, certitude = numpy.divmod(presents, len(CERTITUDES))
        return {
            "loi": _repete(self._nom, presents),
            "mois": _mots(mois, rangs),
            "certitude": _mots(CERTITUDES, certitude),
            "lignes": lignes[presents],
            "depense": _au_micro(depense[presents]),
        }

    def ecarts(self, reference: "_Loi") -> Iterator[Partie]:
        """Cells of `ECARTS`, one dimension after the other; the doctor's are of the reference."""
        gain = sum(
            _centimes(self._lire["aide_due", annee]) - _centimes(reference._lire["aide_due", annee])
            for annee in self._annees
        )
        gains, rangs = numpy.unique(
            numpy.broadcast_to(gain, len(self._lire["specialite", None])).astype(numpy.int64),
            return_inverse=True,
        )
        for dimension in DIMENSIONS:
            codes, modalites = reference._modalites(dimension)
            codes = codes * len(gains) + rangs
            lignes = numpy.bincount(codes)
            presents = numpy.flatnonzero(lignes)
            yield {
                "loi": _repete(self._nom, presents),
                "dimension": _repete(dimension, presents),
                "modalite": _mots(modalites, presents // max(len(gains), 1)),
                "gain_centimes": gains[presents % max(len(gains), 1)],
                "lignes": lignes[presents],
                "contrats": self._contrats(codes, presents),
            }

    def _modalites(self, dimension: str) -> tuple[Tableau, Any]:
        """Code of each doctor in a dimension, and what the codes stand for."""
        if dimension == "ensemble":
            return numpy.zeros(len(self._lire["specialite", None]), dtype=numpy.intp), [dimension]
        if dimension in _ENUMS:
            return _codes(self._lire[dimension, None]).astype(numpy.intp), _ENUMS[dimension]
        annees, codes = numpy.unique(
            annee_du_jour(self._lire["date_signature", None]), return_inverse=True
        )
        return codes, [str(annee) if annee != _SANS_ANNEE else "aucun" for annee in annees.tolist()]


def _codes(valeurs: Tableau) -> Tableau:
    codes: Tableau = valeurs.view(numpy.ndarray)
    return codes


def _centimes(euros: Tableau) -> Tableau:
    centimes: Tableau = numpy.rint(euros * _CENTIMES)
    return centimes


def _au_micro(valeurs: Tableau) -> Tableau:
    arrondies: Tableau = numpy.rint(valeurs * float(_MICRO)) / _MICRO
    return arrondies


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


def _mots(mots: Iterable[Any], codes: Tableau) -> pa.Array:
    noms = [mot if isinstance(mot, str) else mot.name for mot in mots]
    return pa.DictionaryArray.from_arrays(nombres(codes, pa.int32()), textes(noms))


def _repete(mot: str, lignes: Tableau) -> pa.Array:
    return _mots([mot], numpy.zeros(len(lignes), dtype=numpy.int32))


def _table(schema: pa.Schema, parties: Iterable[Partie]) -> pa.Table:
    def colonne(champ: pa.Field, valeurs: Any) -> pa.Array:
        return valeurs if isinstance(valeurs, pa.Array) else nombres(valeurs, champ.type)

    tables = [
        pa.Table.from_arrays(
            [colonne(champ, partie[champ.name]) for champ in schema], schema=schema
        )
        for partie in parties
    ]
    return pa.concat_tables([vide(schema), *tables])


def fusionner(parties: Iterable[Cellules]) -> Cellules:
    """Add cells up, one part after the other; rows sorted by their keys.

    The order of the parts, and how they are put together, change nothing to the cent.
    """
    sommes = {nom: [vide(schema)] for nom, schema in _SCHEMAS.items()}
    with duckdb.connect() as connexion:
        for partie in parties:
            for nom, tables in sommes.items():
                tables.append(getattr(partie, nom))
                if sum(map(len, tables[1:])) > max(_EN_ATTENTE, len(tables[0])):
                    tables[:] = [_additionner(connexion, nom, tables)]
        return Cellules(
            **{nom: _additionner(connexion, nom, tables) for nom, tables in sommes.items()}
        )


def en_entier(expression: str) -> str:
    """SQL of an amount as a whole number of millionths, which adds up exactly."""
    return f"round({expression} * {_MICRO})::HUGEINT"


def en_clair(expression: str) -> str:
    """SQL of what `en_entier` gave, as an amount again."""
    return f"({expression})::DOUBLE / {_MICRO}"


def _additionner(connexion: Any, nom: str, tables: list[pa.Table]) -> pa.Table:
    """One row a key, sorted; whole numbers of millionths are added up, exactly."""
    schema, colonnes = _SCHEMAS[nom], []
    for champ in schema:
        if champ.name == "lignes":
            colonnes.append("sum(lignes)::BIGINT AS lignes")
        elif pa.types.is_floating(champ.type):
            colonnes.append(f"{en_clair(f'sum({en_entier(champ.name)})')} AS {champ.name}")
        else:
            colonnes.append(champ.name)
    table, mots = _en_rangs(pa.concat_tables(tables).unify_dictionaries())
    connexion.register("parties", table)
    requete = f"SELECT {', '.join(colonnes)} FROM parties GROUP BY ALL ORDER BY ALL"
    somme = connexion.sql(requete).to_arrow_table()
    connexion.unregister("parties")
    for rang, colonne in enumerate(schema.names):
        if colonne in mots:
            somme = somme.set_column(rang, colonne, mots[colonne].take(somme[colonne]))
    return somme.cast(schema)


def _en_rangs(table: pa.Table) -> tuple[pa.Table, dict[str, pa.Array]]:
    """Words as ranks among the words of their column, in order: twice as fast to add up."""
    mots = {}
    for place, champ in enumerate(table.schema):
        if pa.types.is_dictionary(champ.type):
            colonne = table.column(place).combine_chunks()
            ordre = pc.sort_indices(colonne.dictionary)
            mots[champ.name] = colonne.dictionary.take(ordre)
            rangs = pc.sort_indices(ordre).cast(pa.int32()).take(colonne.indices)
            table = table.set_column(place, champ.name, rangs)
    return table, mots
