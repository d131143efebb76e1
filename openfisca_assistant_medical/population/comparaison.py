"""What laws cost and change, read in cells: the result of a comparison.

Methods bear the names that openfisca-survey-manager gives them. Each gives an Arrow table, amounts
in euros (float64), weighted; `contrats` are contract years where several years are added up.
`lignes` is how many contracts of the table are behind a row, at least: where years, or months of
cash, are added up, it is what can be told without following contracts.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from os import PathLike
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.population.cellules import (
    DIMENSIONS,
    MONTANTS,
    Cellules,
    en_clair,
    en_entier,
    fusionner,
)

Filtre = Mapping[str, Any]  # column -> value, or list of values
GROUPES = ("gagnants", "perdants", "inchanges", "ensemble")
DEPENSE = "depense"
_CLES = {
    "droits": (
        *("loi", "annee", "specialite", "option_etp"),
        *("tranche_patientele", "rang", "zone", "certitude"),
    ),
    "caisse": ("loi", "annee", "mois", "certitude"),
}
_ENTIERES = ("annee", "rang")
_TABLES = ("droits", "caisse", "ecarts")
_EN_PLUS = ("lectures", "tirages")
_DESCRIPTION = "description.json"
# A contract is paid, in a calendar year, two advances and two balances at most.
_PAIEMENTS = 4
_CAISSE = """(
    SELECT loi, mois[:4]::INTEGER AS annee, mois, certitude, lignes, depense FROM caisse
)"""
# Contracts behind rows of cash of one calendar year, at least.
_PAYES = f"greatest(max(lignes), ceil(sum(lignes) / {_PAIEMENTS}))"


@dataclass
class Resultat:
    """Cells of a comparison, and what they come from.

    Attributes:
        droits, caisse, ecarts: see `cellules`.
        lectures: loi, lecture, annee, ecart (€); None where readings were not looked at.
        tirages: draws of what is not certain; None where there are none.
        description: laws (`lois`, ids, the first the reference), years (`annees`), and the rest.
    """

    droits: pa.Table
    caisse: pa.Table
    ecarts: pa.Table
    lectures: pa.Table | None = None
    tirages: pa.Table | None = None
    description: dict[str, Any] = field(default_factory=dict)

    @property
    def lois(self) -> list[str]:
        """Ids of the laws, the reference first."""
        if "lois" in self.description:
            return list(self.description["lois"])
        autres = sorted(set(self.ecarts["loi"].to_pylist()))
        return [*sorted(set(self.droits["loi"].to_pylist()) - set(autres)), *autres]

    @classmethod
    def charger(cls, dossier: str | PathLike[str]) -> "Resultat":
        """The result that `ecrire` left in a folder.

        Raises:
            FileNotFoundError: the folder does not hold one; the message says what is missing.
        """
        lieu = Path(dossier)
        manquants = [
            nom
            for nom in (*(f"{table}.parquet" for table in _TABLES), _DESCRIPTION)
            if not (lieu / nom).is_file()
        ]
        if manquants:
            raise FileNotFoundError(
                f"{lieu} : il manque {', '.join(manquants)} ; attendu : le dossier que donne "
                "« assistant-medical simuler … --sortie DOSSIER »."
            )
        lues = {
            nom: pyarrow.parquet.read_table(lieu / f"{nom}.parquet")
            for nom in (*_TABLES, *_EN_PLUS)
            if (lieu / f"{nom}.parquet").is_file()
        }
        description = json.loads((lieu / _DESCRIPTION).read_text("utf-8"))
        return cls(**lues, description=description)

    def ecrire(self, dossier: str | PathLike[str]) -> None:
        """Write a Parquet file a table, and description.json, in a folder made if it is not there.

        The same cells and description give the same bytes, in whatever order they come.
        """
        lieu = Path(dossier)
        lieu.mkdir(parents=True, exist_ok=True)
        cellules = fusionner([Cellules(self.droits, self.caisse, self.ecarts)])
        for nom in (*_TABLES, *_EN_PLUS):
            table = getattr(cellules if nom in _TABLES else self, nom)
            if table is None:
                (lieu / f"{nom}.parquet").unlink(missing_ok=True)
                continue
            if nom in _EN_PLUS:
                table = _triee(table)
            pyarrow.parquet.write_table(table, lieu / f"{nom}.parquet.partiel")
            os.replace(lieu / f"{nom}.parquet.partiel", lieu / f"{nom}.parquet")
        texte = json.dumps(self.description, ensure_ascii=False, indent=2, sort_keys=True)
        (lieu / f"{_DESCRIPTION}.partiel").write_text(f"{texte}\n", "utf-8")
        os.replace(lieu / f"{_DESCRIPTION}.partiel", lieu / _DESCRIPTION)

    def regrouper(self, groupes: Mapping[str, Mapping[str, str]]) -> "Resultat":
        """The same result with modalities put together: means and medians are those of groups.

        Args:
            groupes: by dimension (a key of `droits` in words, or of `DIMENSIONS`), the new name of
                the modalities to change, as `secret.groupes` gives them.
        """
        droits, ecarts = self.droits, self.ecarts
        modalites, dimensions = ecarts["modalite"].to_pylist(), ecarts["dimension"].to_pylist()
        for dimension, noms in groupes.items():
            if dimension in _CLES["droits"] and dimension not in _ENTIERES:
                renommees = [noms.get(m, m) for m in droits[dimension].to_pylist()]
                droits = _remplacer(droits, dimension, renommees)
            modalites = [
                noms.get(m, m) if d == dimension else m
                for m, d in zip(modalites, dimensions, strict=True)
            ]
        ecarts = _remplacer(ecarts, "modalite", modalites)
        somme = fusionner([Cellules(droits, self.caisse, ecarts)])
        return replace(self, droits=somme.droits, caisse=somme.caisse, ecarts=somme.ecarts)

    def compute_aggregate(
        self,
        variable: str,
        loi: str | None = None,
        annee: int | None = None,
        *,
        filter_by: Filtre | None = None,
        difference: bool = False,
    ) -> pa.Table:
        """Sum of a variable, a row a law: loi, lignes, contrats, and the variable.

        Args:
            variable: aide_maximale, aide_due, aide_perdue (contract years that start in `annee`),
                or depense (paid in `annee`; no contrats then).
            loi: the only law to read; None = each of them.
            annee: the only year to read.
            filter_by: see `compute_pivot_table`.
            difference: the same.
        """
        return self.compute_pivot_table(
            variable, "loi", loi=loi, annee=annee, filter_by=filter_by, difference=difference
        )

    def compute_pivot_table(
        self,
        values: str | Sequence[str],
        index: str | Sequence[str],
        columns: str | None = None,
        *,
        loi: str | None = None,
        annee: int | None = None,
        filter_by: Filtre | None = None,
        difference: bool = False,
    ) -> pa.Table:
        """Sums by modalities of `index`: index…, lignes, contrats, values….

        Args:
            values: amounts of `droits`, or depense.
            index: keys of `droits`, or, for depense, among loi, annee, mois, certitude.
            columns: a key whose modalities become columns, for one value: index…, modality….
            loi: the only law to read; needed where loi is neither in index nor in columns.
            annee: the only year to read.
            filter_by: {"zone": "zip", "rang": [1, 2]}.
            difference: the values minus those of the reference law.

        Raises:
            ValueError: a name that is not there; the message gives the closest one.
        """
        valeurs, cles = _liste(values), [*_liste(index), *_liste(columns)]
        table = "caisse" if valeurs == [DEPENSE] else "droits"
        _admettre("variable", valeurs, [DEPENSE] if table == "caisse" else list(MONTANTS))
        fixes = {"loi": loi, "annee": annee, **(filter_by or {})}
        fixes = {cle: valeur for cle, valeur in fixes.items() if valeur is not None}
        _admettre("clé", [*cles, *fixes], list(_CLES[table]))
        if columns is not None and len(valeurs) > 1:
            raise ValueError("columns : attendu : une seule variable dans values.")
        choisies = self._choisir(fixes.pop("loi", None), difference)
        if "loi" not in cles and len(choisies) > 1:
            raise ValueError(
                "loi : aucune n’est donnée, et des lois ne s’ajoutent pas. Remède : donner loi, ou "
                f"la mettre dans index ({', '.join(choisies)})."
            )
        ou, valeurs_fixes = _conditions(fixes)
        par_annee = ", ".join(dict.fromkeys([*cles, "loi", "annee", "signe"]))
        comptes, contrats = f"{_PAYES} AS lignes,", ""
        if table == "droits":
            siens = f"sum({en_entier('contrats')}) FILTER (signe = 1)"
            comptes = f"sum(lignes) AS lignes, {siens} AS contrats,"
            contrats = f"{en_clair('sum(contrats)')} AS contrats,"
        requete = f"""
            WITH lues AS ({_lois_choisies(choisies, self.lois[0], difference, table)}),
            annuelles AS (
                SELECT {par_annee}, {comptes}
                {", ".join(f"sum(signe * {en_entier(v)}) AS {v}" for v in valeurs)}
                FROM lues WHERE {ou} GROUP BY ALL
            )
            SELECT {"".join(f"{cle}, " for cle in cles)} max(lignes)::BIGINT AS lignes,
            {contrats} {", ".join(f"{en_clair(f'sum({v})')} AS {v}" for v in valeurs)}
            FROM annuelles GROUP BY {", ".join(cles) or "()"}
            ORDER BY {"".join(_rang(cle) for cle in cles)} 1
        """
        return _largement(self._lire(requete, valeurs_fixes), columns, valeurs[0])

    def compute_winners_losers(
        self, loi: str | None = None, seuil: float = 1.0, dimension: str = "ensemble"
    ) -> pa.Table:
        """Who gains and who loses over all the years, against the reference law.

        A contract wins if its gain is `seuil` euros or more, loses if it is −`seuil` or less, and
        is unaffected in between. The median is the lower weighted one: the least gain at which the
        weights, added from the least gain up, reach half of their sum.

        Args:
            loi: None = the second law.
            seuil: euros, more than 0.
            dimension: see `cellules.DIMENSIONS`.

        Returns:
            modalite, groupe (see `GROUPES`), lignes, contrats, gain_total, gain_moyen, gain_median
            (null where there is nobody). Gains are euros a contract, over all the years.

        Raises:
            ValueError: a law, a threshold or a dimension that is not one.
        """
        comparees = self.lois[1:]
        choisie = comparees[0] if loi is None and comparees else loi
        _admettre("loi", [choisie], comparees)
        _admettre("dimension", [dimension], list(DIMENSIONS))
        if not seuil > 0:
            raise ValueError(f"seuil : reçu {seuil} ; attendu : un montant en euros, plus de 0.")
        # In whole cents, as gains are: 1.005 € is reached by 1.01 €.
        centimes = int((Decimal(str(seuil)) * 100).to_integral_value(ROUND_CEILING))
        requete = f"""
            WITH lues AS (
                SELECT modalite, gain_centimes AS gain, lignes, {en_entier("contrats")} AS poids,
                CASE WHEN gain_centimes >= $seuil THEN 'gagnants'
                     WHEN gain_centimes <= -$seuil THEN 'perdants' ELSE 'inchanges' END AS groupe
                FROM ecarts WHERE loi = $loi AND dimension = $dimension
            ),
            groupees AS (
                FROM lues UNION ALL SELECT * REPLACE ('ensemble' AS groupe) FROM lues
            ),
            cumulees AS (
                SELECT *, sum(poids) OVER (PARTITION BY modalite, groupe ORDER BY gain) AS cumul,
                sum(poids) OVER (PARTITION BY modalite, groupe) AS tout FROM groupees
            ),
            sommes AS (
                SELECT modalite, groupe, sum(lignes) AS lignes, sum(poids) AS poids,
                sum(gain * poids) AS total, min(gain) FILTER (2 * cumul >= tout) AS mediane
                FROM cumulees GROUP BY ALL
            )
            SELECT modalite, groupe, coalesce(lignes, 0)::BIGINT AS lignes,
            {en_clair("coalesce(poids, 0)")} AS contrats,
            {en_clair("coalesce(total, 0)")} / 100 AS gain_total,
            total::DOUBLE / poids::DOUBLE / 100 AS gain_moyen,
            mediane::DOUBLE / 100 AS gain_median
            FROM (SELECT DISTINCT modalite, unnest($groupes) AS groupe FROM lues)
            LEFT JOIN sommes USING (modalite, groupe)
            ORDER BY modalite, list_position($groupes, groupe)
        """
        fixes = {"loi": choisie, "dimension": dimension, "seuil": centimes}
        return self._lire(requete, {**fixes, "groupes": list(GROUPES)})

    def cout_par_annee(self) -> pa.Table:
        """By law and year: loi, annee, lignes, contrats, amounts of `droits`, payes, depense.

        depense is paid in the calendar year, to `payes` contracts at least; the rest is of the
        contract years that start in it.
        """
        return self._droits_et_caisse("loi, annee")

    def cout_par_mois(self) -> pa.Table:
        """By law and month: loi, mois, lignes, depense."""
        return self.compute_pivot_table(DEPENSE, ("loi", "mois"))

    def par_certitude(self) -> pa.Table:
        """By law, year and certainty: loi, annee, certitude, then as `cout_par_annee`."""
        return self._droits_et_caisse("loi, annee, certitude")

    def _droits_et_caisse(self, cles: str) -> pa.Table:
        def somme(nom: str) -> str:
            return f"{en_clair(f'sum({en_entier(nom)})')} AS {nom}"

        sommes = ", ".join(map(somme, ("contrats", *MONTANTS)))
        nulles = ", ".join(f"coalesce({nom}, 0) AS {nom}" for nom in ("contrats", *MONTANTS))
        requete = f"""
            WITH dues AS (
                SELECT {cles}, sum(lignes) AS lignes, {sommes}
                FROM droits GROUP BY ALL
            ),
            payees AS (
                SELECT {cles}, {_PAYES} AS payes, {somme(DEPENSE)}
                FROM {_CAISSE} GROUP BY ALL
            )
            SELECT {cles}, coalesce(lignes, 0)::BIGINT AS lignes, {nulles},
            coalesce(payes, 0)::BIGINT AS payes, coalesce(depense, 0) AS depense
            FROM dues FULL JOIN payees USING ({cles})
            ORDER BY {"".join(_rang(cle) for cle in cles.split(", "))} 1
        """
        return self._lire(requete, {})

    def _choisir(self, loi: Any, difference: bool) -> list[str]:
        """Laws to read: one, or all; those that are compared, for a difference."""
        possibles = self.lois[1:] if difference else self.lois
        voulues = possibles if loi is None else _liste(loi)
        _admettre("loi", voulues, possibles)
        return voulues

    def _lire(self, requete: str, valeurs: dict[str, Any]) -> pa.Table:
        with duckdb.connect() as connexion:
            for nom in _TABLES:
                connexion.register(nom, getattr(self, nom))
            if "$lois" in requete:
                valeurs = {**valeurs, "lois": self.lois}
            return connexion.sql(requete, params=valeurs).to_arrow_table()


def charger(dossier: str | PathLike[str]) -> Resultat:
    """See `Resultat.charger`."""
    return Resultat.charger(dossier)


def _liste(noms: str | Sequence[str] | None) -> list[str]:
    if noms is None:
        return []
    return [noms] if isinstance(noms, str) else list(noms)


def _admettre(quoi: str, noms: Sequence[Any], possibles: Sequence[str]) -> None:
    for nom in noms:
        if nom not in possibles:
            raise ValueError(
                f"{quoi} : reçu « {nom} » ; attendu : {', '.join(possibles) or 'aucune'}"
                f"{proche(nom, possibles)}."
            )


def _conditions(fixes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A condition of SQL on known keys, and its values."""
    conditions, valeurs = ["true"], {}
    for cle, valeur in fixes.items():
        voulues = list(valeur) if isinstance(valeur, list | tuple | set | range) else [valeur]
        conditions.append(f"list_contains($fixe_{cle}, {cle})")
        valeurs[f"fixe_{cle}"] = [int(v) if cle in _ENTIERES else str(v) for v in voulues]
    return " AND ".join(conditions), valeurs


def _lois_choisies(lois: Sequence[str], reference: str, difference: bool, table: str) -> str:
    """Rows of some laws, and, for a difference, those of the reference under the name of each."""
    source = _CAISSE if table == "caisse" else table
    parties = [f"SELECT *, 1 AS signe FROM {source} WHERE loi = {_mot(loi)}" for loi in lois]
    if difference:
        parties += [
            f"SELECT * REPLACE ({_mot(loi)} AS loi), -1 AS signe FROM {source} "
            f"WHERE loi = {_mot(reference)}"
            for loi in lois
        ]
    return " UNION ALL ".join(parties) or f"SELECT *, 1 AS signe FROM {source} WHERE false"


def _mot(texte: str) -> str:
    return "'" + texte.replace("'", "''") + "'"


def _rang(cle: str) -> str:
    """How rows are put in order: laws as they were given, the rest by name or number."""
    return f"list_position($lois, {cle}), " if cle == "loi" else f"{cle}, "


def _largement(table: pa.Table, columns: str | None, valeur: str) -> pa.Table:
    """A long table with the modalities of one key as columns; 0 where there is nobody."""
    if columns is None:
        return table
    cles = [nom for nom in table.column_names if nom not in (columns, "lignes", "contrats", valeur)]
    lignes: dict[tuple[Any, ...], dict[str, float]] = {}
    for ligne in table.to_pylist():
        lignes.setdefault(tuple(ligne[cle] for cle in cles), {})[str(ligne[columns])] = ligne[
            valeur
        ]
    modalites = sorted({modalite for montants in lignes.values() for modalite in montants})
    donnees = {cle: [rang[place] for rang in lignes] for place, cle in enumerate(cles)}
    types = [(cle, table.schema.field(cle).type) for cle in cles]
    donnees |= {m: [montants.get(m, 0.0) for montants in lignes.values()] for m in modalites}
    return pa.table(donnees, pa.schema([*types, *((m, pa.float64()) for m in modalites)]))


def _triee(table: pa.Table) -> pa.Table:
    with duckdb.connect() as connexion:
        connexion.register("lue", table)
        return connexion.sql("FROM lue ORDER BY ALL").to_arrow_table().cast(table.schema)


def _remplacer(table: pa.Table, colonne: str, mots: list[str]) -> pa.Table:
    place = table.schema.get_field_index(colonne)
    valeurs = pa.array(mots, pa.string()).cast(table.schema.field(colonne).type)
    return table.set_column(place, table.schema.field(colonne), valeurs)
