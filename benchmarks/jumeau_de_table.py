"""The twin of a run over a table: from a Parquet file to cells, by hand.

What an analyst would write who knows the columns of the file and both laws by heart: row group
after row group, only the columns that are needed, straight to arrays; the rules of `jumeau`; then
one `bincount` a sum over a dense key. It trusts the file: no cell is checked, a column that the
file lacks has its default, every contract weighs 1.

The cells are those of `population.cellules`: same keys, same sums. Of gains, it leaves out how
certain they are, and those of a rank, of a year or of a month.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import jumeau
from benchmarks.jumeau import Annee, Contrats, Tableau

LOIS = ("base", "convention_2024")
CERTITUDES = ("droit", "lecture", "hypothese", "inconnu")
HYPOTHESE, INCONNU = 2, 3
# Keys of a contract year and their sizes, the certainty last.
TAILLES = {"specialite": 30, "tranche_patientele": 5, "zone": 3, "option_etp": 5, "rang": 16}
CELLULES = int(np.prod([*TAILLES.values(), len(CERTITUDES)]))
MONTANTS = ("aide_maximale", "aide_due", "aide_perdue")
DIMENSIONS = (
    *("ensemble", "specialite", "option_etp_initiale", "tranche_patientele", "zone", "millesime"),
)
JAMAIS = np.datetime64("9999-12-31", "D")
ANNUELLES = {
    "patientele_mt": -1,
    "file_active": -1,
    "part_aide_decidee": -1.0,
    **dict.fromkeys(("objectif_pmt_avenant", "objectif_pfa_avenant"), 0),
    **dict.fromkeys(("depart_pmt_avenant", "depart_pfa_avenant"), 0),
    **dict.fromkeys(("niveau_a_maintenir_pmt", "niveau_a_maintenir_pfa"), 0),
    "option_etp_avenant": jumeau.SANS_AVENANT,
    **dict.fromkeys(("contrat_un_etp_anterieur", "avenant_senior"), False),
    "objectifs_integralement_atteints": False,
}


class Tables(NamedTuple):
    """Sums.

    Attributes:
        droits: by law and year, shape (4, CELLULES): rows, then each of `MONTANTS` (€).
        caisse: by law, shape (2, 12 × years × certainties): rows, euros.
        ecarts: by dimension, shape (3, m): code of the modality, gain (cents), rows.
    """

    droits: dict[tuple[str, int], Tableau]
    caisse: dict[str, Tableau]
    ecarts: dict[str, Tableau]


class Lecteur:
    """Reads the columns of the twin from a file.

    Args:
        chemin: the Parquet file.
        annees: calendar years asked for; the year before them is read too.
        mots: by name of input, its words in the order of their codes.
        permanentes: default of each permanent input.
    """

    def __init__(
        self,
        chemin: Path,
        annees: Iterable[int],
        mots: dict[str, list[str]],
        permanentes: dict[str, Any],
    ) -> None:
        calculees = sorted({annee - avant for annee in annees for avant in (0, 1)})
        self._fichier, self._mots = pq.ParquetFile(chemin), mots
        self._defauts: dict[Any, Any] = dict(permanentes)
        self._defauts |= {(nom, a): d for nom, d in ANNUELLES.items() for a in calculees}
        la = set(self._fichier.schema_arrow.names)
        self._lues = {cle: _colonne(cle) for cle in self._defauts if _colonne(cle) in la}

    def blocs(self) -> Iterator[dict[Any, Tableau]]:
        """The columns of each row group."""
        noms = list(self._lues.values())
        for rang in range(self._fichier.num_row_groups):
            table = self._fichier.read_row_group(rang, columns=noms)
            absentes = {
                cle: np.full(table.num_rows, defaut)
                for cle, defaut in self._defauts.items()
                if cle not in self._lues
            }
            yield absentes | {
                cle: self._lire(cle, table.column(nom)) for cle, nom in self._lues.items()
            }

    def _lire(self, cle: Any, colonne: Any) -> Tableau:
        nom, defaut = cle if isinstance(cle, str) else cle[0], self._defauts[cle]
        colonne = colonne.combine_chunks() if colonne.num_chunks != 1 else colonne.chunk(0)
        if pa.types.is_dictionary(colonne.type):
            mots = colonne.dictionary.to_pylist()
            codes = np.array([*map(self._mots[nom].index, mots), defaut], np.uint8)
            return np.asarray(codes.take(colonne.indices.fill_null(len(mots)).to_numpy()))
        if pa.types.is_date(colonne.type):
            jours = colonne.cast(pa.int32()).fill_null(int(defaut.astype(np.int64)))
            return np.asarray(jours.to_numpy().astype("datetime64[D]"))
        lues: Tableau = colonne.fill_null(defaut).to_numpy(zero_copy_only=False)
        return lues


def _colonne(cle: Any) -> str:
    return cle if isinstance(cle, str) else f"{cle[0]}_{cle[1]}"


def totaliser(lecteur: Lecteur, annees: Iterable[int]) -> Tables:
    """Sums of a file under both laws, row group after row group."""
    demandees = sorted(set(annees))
    cases = 12 * len(demandees) * len(CERTITUDES)
    droits = {(loi, a): np.zeros((4, CELLULES)) for loi in LOIS for a in demandees}
    caisse = {loi: np.zeros((2, cases)) for loi in LOIS}
    ecarts: dict[str, list[Tableau]] = {dimension: [] for dimension in DIMENSIONS}
    for colonnes in lecteur.blocs():
        dus, tranche = {}, None
        for loi in LOIS:
            c = jumeau.contrats(colonnes, loi != LOIS[0])
            tranche = c.tranche if tranche is None else tranche  # that of the first law
            dus[loi] = _une_loi(c, colonnes, demandees, loi, droits, caisse[loi])
        gains, rangs = np.unique(np.rint(100 * (dus[LOIS[1]] - dus[LOIS[0]])), return_inverse=True)
        for dimension in DIMENSIONS:
            ecarts[dimension].append(_gains(dimension, colonnes, tranche, gains, rangs))
    return Tables(droits, caisse, {nom: _reunir(parties) for nom, parties in ecarts.items()})


def _une_loi(
    c: Contrats,
    colonnes: dict[Any, Tableau],
    annees: list[int],
    loi: str,
    droits: dict[tuple[str, int], Tableau],
    caisse: Tableau,
) -> Tableau:
    """Add a block up under one law; what is due to each contract over the years (€)."""
    incertain, plancher = _inconnus(c, colonnes)
    fixe = colonnes["specialite"].astype(np.intp)
    for nom, codes in (("tranche_patientele", c.tranche), ("zone", colonnes["zone"])):
        fixe = fixe * TAILLES[nom] + codes
    total = np.zeros(len(fixe))
    precedents: list[Tableau] = []
    for annee in sorted({annee - avant for annee in annees for avant in (0, 1)}):
        lue = jumeau.annee_de_contrat(c, colonnes, annee, loi != LOIS[0])
        annuelle, acompte = _certitudes(c, colonnes, annee, lue, incertain, plancher)
        for montant, jours, certitude in (
            (lue.solde, lue.jour_solde, annuelle),
            (lue.acompte, lue.jour_acompte, acompte),
        ):
            codes = _mois(jours, montant, annees) * len(CERTITUDES) + certitude
            codes = np.minimum(codes, caisse.shape[1])
            caisse[1] += np.bincount(codes, montant, caisse.shape[1] + 1)[:-1]
            # A contract counts once in a cell, which only its next payments may pay again.
            for autres in precedents[-3:]:
                montant = montant * (autres != codes)
            payes = codes[montant != 0]
            caisse[0] += np.bincount(payes, minlength=caisse.shape[1] + 1)[:-1]
            precedents.append(codes)
        if annee in annees:
            total += lue.aide_due
            cle = (fixe * TAILLES["option_etp"] + lue.option) * TAILLES["rang"] + lue.rang
            cle = cle * len(CERTITUDES) + annuelle
            entiere = jumeau.au_centime(lue.aide_maximale * lue.fraction)
            sommes = droits[loi, annee]
            sommes[0] += np.bincount(cle, minlength=CELLULES)
            for rang, valeurs in enumerate(
                (lue.aide_maximale, lue.aide_due, entiere - lue.aide_due), 1
            ):
                sommes[rang] += np.bincount(cle, valeurs, CELLULES)
    return total


def _inconnus(c: Contrats, colonnes: dict[Any, Tableau]) -> tuple[Tableau, Tableau]:
    """Contracts whose eligibility, then whose band, hangs on a count that is not known."""
    generaliste = colonnes["specialite"] == jumeau.GENERALISTE
    deux_comptes = generaliste | (colonnes["specialite"] == jumeau.PEDIATRE)
    par_pmt, par_pfa = (
        compte.dite | ((compte.p30 > 0) & (compte.initial >= 0)) for compte in (c.pmt, c.pfa)
    )
    su = deux_comptes & par_pmt & (c.tranche_pmt > jumeau.MOINS_DE_P30)
    su |= ~generaliste & par_pfa & (c.tranche_pfa > jumeau.MOINS_DE_P30)
    su |= (~deux_comptes | par_pmt) & (generaliste | par_pfa)
    su |= colonnes["rqth_ou_ald"] | (c.primo & ~c.primo_suppose)
    indeterminee = c.tranche_pfa == jumeau.INDETERMINEE
    indeterminee |= deux_comptes & (c.tranche_pmt == jumeau.INDETERMINEE)
    return ~su, indeterminee & (c.tranche != jumeau.P95_ET_PLUS) & c.droit


def _certitudes(
    c: Contrats,
    colonnes: dict[Any, Tableau],
    annee: int,
    lue: Annee,
    incertain: Tableau,
    plancher: Tableau,
) -> tuple[Tableau, Tableau]:
    """Certainty of a contract year, and of its advance; codes, shapes (n,)."""
    paye = lue.aide_maximale > 0
    superieure = (lue.texte == jumeau.CONVENTION) & (lue.rang >= jumeau.RANG_MODULE)
    ouverte = lue.accessible & ((lue.option <= jumeau.UN) | superieure) & (lue.rang > 0)
    inconnu = (plancher & ouverte) | (paye & incertain)
    acompte = inconnu * np.uint8(INCONNU)
    module = paye & (lue.rang >= jumeau.RANG_MODULE) & (colonnes["part_aide_decidee", annee] < 0)
    hypothese = module & lue.su & (lue.texte < jumeau.CONVENTION)
    annuelle = np.maximum(acompte, hypothese * np.uint8(HYPOTHESE))
    return np.maximum(annuelle, (module & ~lue.su) * np.uint8(INCONNU)), acompte


def _mois(jours: Tableau, montant: Tableau, annees: list[int]) -> Tableau:
    """Rank of the month of each payment in the years asked for; beyond them if there is none."""
    dehors = 12 * len(annees)
    rangs = np.full((annees[-1] - annees[0] + 1, 12), dehors)
    for rang, annee in enumerate(annees):
        rangs[annee - annees[0]] = np.arange(12 * rang, 12 * rang + 12)
    rangs = np.concatenate([[dehors], rangs.ravel(), [dehors]])
    mois = jumeau.mois_de(jours) - (annees[0] - 1900) * 12 + 1
    return np.where(montant != 0, rangs.take(mois, mode="clip"), dehors)


def _gains(
    dimension: str, colonnes: dict[Any, Tableau], tranche: Any, gains: Tableau, rangs: Tableau
) -> Tableau:
    """Modality, gain and rows of the contracts of a block."""
    if dimension == "ensemble":
        codes: Any = 0
    elif dimension == "millesime":
        codes = jumeau.mois_de(colonnes["date_signature"].view(np.int64)) // 12 + 1900
    else:
        codes = tranche if dimension == "tranche_patientele" else colonnes[dimension]
    lignes = np.bincount(np.asarray(codes, np.intp) * len(gains) + rangs)
    presents = np.flatnonzero(lignes)
    return np.stack([presents // len(gains), gains[presents % len(gains)], lignes[presents]])


def _reunir(parties: list[Tableau]) -> Tableau:
    """Add up what blocks have in common."""
    modalites, gains, lignes = np.concatenate(parties, axis=1)
    cles, rangs = np.unique(modalites + 1j * gains, return_inverse=True)
    return np.stack([cles.real, cles.imag, np.bincount(rangs, lignes)])
