"""The result of a comparison; see the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any

import pyarrow as pa

from openfisca_assistant_medical.population.cellules import (
    DEPENSE,
    DIMENSIONS,
    DIMENSIONS_DES_VARIATIONS,
    MONTANTS,
    SCHEMAS,
    Cellules,
    en_clair,
    en_entier,
    fusionner,
)
from openfisca_assistant_medical.population.comparaison import gagnants
from openfisca_assistant_medical.population.comparaison.fichiers import (
    ecrire_le_dossier,
    lire_le_dossier,
)
from openfisca_assistant_medical.population.comparaison.regroupement import regrouper
from openfisca_assistant_medical.population.comparaison.sql import (
    CLES,
    PAYES,
    Filtre,
    admettre,
    conditions,
    dus_et_payes,
    largement,
    lire,
    liste,
    lois_choisies,
    rang,
)


@dataclass
class Resultat:
    """Cells of a comparison, and what they come from.

    Attributes:
        droits, caisse, ecarts, variations: see `cellules`.
        lectures: loi, lecture, annee, ecart (€); None where readings were not looked at.
        tirages: draws of what is not certain; None where there are none.
        description: laws (`lois`, ids, the first the reference), years (`annees`), and the rest.
    """

    droits: pa.Table
    caisse: pa.Table
    ecarts: pa.Table
    variations: pa.Table
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
            ResultatIllisible: one of its files is damaged, or of another version.
        """
        return cls(**lire_le_dossier(dossier))

    def ecrire(self, dossier: str | PathLike[str]) -> None:
        """Write a Parquet file a table, and description.json, in a folder made if it is not there.

        The same cells and description give the same bytes, in whatever order they come.
        """
        cellules = fusionner([self._cellules()])
        tables = {nom: getattr(cellules, nom) for nom in SCHEMAS}
        tables |= {"lectures": self.lectures, "tirages": self.tirages}
        ecrire_le_dossier(dossier, tables, self.description)

    def regrouper(self, groupes: Mapping[str, Mapping[str, str]]) -> "Resultat":
        """The same result with modalities put together: means and medians are those of groups.

        Args:
            groupes: by dimension (a key of `droits` in words, or of `DIMENSIONS`), the new name of
                the modalities to change, as `secret.groupes` gives them. A certainty is that of
                `caisse` too.
        """
        somme = regrouper(self._cellules(), groupes)
        return replace(self, **{nom: getattr(somme, nom) for nom in SCHEMAS})

    def _cellules(self) -> Cellules:
        return Cellules(**{nom: getattr(self, nom) for nom in SCHEMAS})

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
        valeurs, cles = liste(values), [*liste(index), *liste(columns)]
        table = "caisse" if valeurs == [DEPENSE] else "droits"
        admettre("variable", valeurs, [DEPENSE] if table == "caisse" else list(MONTANTS))
        fixes = {"loi": loi, "annee": annee, **(filter_by or {})}
        fixes = {cle: valeur for cle, valeur in fixes.items() if valeur is not None}
        admettre("clé", [*cles, *fixes], list(CLES[table]))
        if columns is not None and len(valeurs) > 1:
            raise ValueError("columns : attendu : une seule variable dans values.")
        choisies = self._choisir(fixes.pop("loi", None), difference)
        if "loi" not in cles and len(choisies) > 1:
            raise ValueError(
                "loi : aucune n’est donnée, et des lois ne s’ajoutent pas. Remède : donner loi, ou "
                f"la mettre dans index ({', '.join(choisies)})."
            )
        ou, valeurs_fixes = conditions(fixes)
        par_annee = ", ".join(dict.fromkeys([*cles, "loi", "annee", "signe"]))
        comptes, contrats = f"{PAYES} AS lignes,", ""
        if table == "droits":
            siens = f"sum({en_entier('contrats')}) FILTER (signe = 1)"
            comptes = f"sum(lignes) AS lignes, {siens} AS contrats,"
            contrats = f"{en_clair('sum(contrats)')} AS contrats,"
        requete = f"""
            WITH lues AS ({lois_choisies(choisies, self.lois[0], difference, table)}),
            annuelles AS (
                SELECT {par_annee}, {comptes}
                {", ".join(f"sum(signe * {en_entier(v)}) AS {v}" for v in valeurs)}
                FROM lues WHERE {ou} GROUP BY ALL
            )
            SELECT {"".join(f"{cle}, " for cle in cles)} max(lignes)::BIGINT AS lignes,
            {contrats} {", ".join(f"{en_clair(f'sum({v})')} AS {v}" for v in valeurs)}
            FROM annuelles GROUP BY {", ".join(cles) or "()"}
            ORDER BY {"".join(rang(cle) for cle in cles)} 1
        """
        return largement(self._lire(requete, valeurs_fixes), columns, valeurs[0])

    def compute_winners_losers(
        self,
        loi: str | None = None,
        seuil: float = 1.0,
        dimension: str = "ensemble",
        *,
        reference: str | None = None,
        par_certitude: bool = False,
    ) -> pa.Table:
        """Who gains and who loses over all the years, against the reference law.

        A contract wins if its gain is `seuil` euros or more, loses if it is −`seuil` or less, and
        is unaffected in between. The median is the lower weighted one: the least gain at which the
        weights, added from the least gain up, reach half of their sum.

        Args:
            loi: None = the second law.
            seuil: euros, more than 0.
            dimension: see `cellules.DIMENSIONS`; by rank, a contract is there once for each rank of
                its years, with what that year gains.
            reference: a law that comes before it; None = the first.
            par_certitude: split groups by certainty of the gain, see `cellules`.

        Returns:
            modalite, certitude (where it is asked for), groupe (see `GROUPES`), lignes, changent
            (those of them whose aid changes at all), contrats, gain_total, gain_moyen, gain_median
            (null where there is nobody). Gains are euros a contract, over all the years.

        Raises:
            ValueError: a law, a threshold or a dimension that is not one.
        """
        fixes = self._deux_lois(loi, reference)
        admettre("dimension", [dimension], DIMENSIONS)
        return gagnants.gagnants_et_perdants(
            self.ecarts, seuil, {**fixes, "dimension": dimension}, par_certitude
        )

    def gains(self, loi: str | None = None, dimension: str = "ensemble") -> pa.Table:
        """How many contracts have each gain: modalite, gain_centimes, lignes, contrats, gain (€).

        Args and errors: as `compute_winners_losers`.
        """
        fixes = self._deux_lois(loi, None)
        admettre("dimension", [dimension], DIMENSIONS)
        return gagnants.gains(self.ecarts, {**fixes, "dimension": dimension})

    def changements(self, dimension: str, grandeur: str = "aide_due") -> pa.Table:
        """Contracts for which an amount changes: loi, reference, modalite, lignes, ecart (€).

        Args:
            dimension: see `cellules.DIMENSIONS_DES_VARIATIONS`, and, for what is due,
                `cellules.DIMENSIONS`.
            grandeur: an amount of `droits`, or depense.

        Raises:
            ValueError: a name that is not there.
        """
        admettre("grandeur", [grandeur], tuple(DIMENSIONS_DES_VARIATIONS))
        if grandeur == "aide_due" and dimension in DIMENSIONS:
            return gagnants.gagnants_ou_perdants(self.ecarts, dimension)
        permises = DIMENSIONS_DES_VARIATIONS[grandeur]
        siennes = (*DIMENSIONS, *permises) if grandeur == "aide_due" else permises
        admettre("dimension", [dimension], siennes)
        requete = """
            SELECT loi, reference, modalite, lignes, ecart FROM variations
            WHERE grandeur = $grandeur AND dimension = $dimension ORDER BY ALL
        """
        return self._lire(requete, {"grandeur": grandeur, "dimension": dimension})

    def _deux_lois(self, loi: str | None, reference: str | None) -> dict[str, str]:
        """A law and the one that it is compared with.

        Raises:
            ValueError: one that is not there.
        """
        comparees = self.lois[1:]
        choisie = comparees[0] if loi is None and comparees else str(loi)
        admettre("loi", [choisie], comparees)
        autre = self.lois[0] if reference is None else reference
        admettre("reference", [autre], self.lois[: self.lois.index(choisie)])
        return {"loi": choisie, "reference": autre}

    def cout_par_annee(self) -> pa.Table:
        """By law and year: loi, annee, lignes, contrats, amounts of `droits`, payes, depense.

        depense is paid in the calendar year, to `payes` contracts at least; the rest is of the
        contract years that start in it.
        """
        return self._lire(dus_et_payes(("loi", "annee")), {})

    def cout_par_mois(self) -> pa.Table:
        """By law and month: loi, mois, lignes, depense."""
        return self.compute_pivot_table(DEPENSE, ("loi", "mois"))

    def par_certitude(self) -> pa.Table:
        """By law, year and certainty: loi, annee, certitude, then as `cout_par_annee`."""
        return self._lire(dus_et_payes(("loi", "annee", "certitude")), {})

    def _choisir(self, loi: Any, difference: bool) -> list[str]:
        """Laws to read: one, or all; those that are compared, for a difference."""
        possibles = self.lois[1:] if difference else self.lois
        voulues = possibles if loi is None else liste(loi)
        admettre("loi", voulues, possibles)
        return voulues

    def _lire(self, requete: str, valeurs: dict[str, Any]) -> pa.Table:
        if "$lois" in requete:
            valeurs = {**valeurs, "lois": self.lois}
        return lire(requete, {nom: getattr(self, nom) for nom in SCHEMAS}, valeurs)


def charger(dossier: str | PathLike[str]) -> Resultat:
    """See `Resultat.charger`."""
    return Resultat.charger(dossier)
