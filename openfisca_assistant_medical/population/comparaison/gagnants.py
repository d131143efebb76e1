"""Who gains and who loses, read in `ecarts`."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pyarrow as pa

from openfisca_assistant_medical.population.cellules import (
    CENTIMES,
    CERTITUDES_DU_GAIN,
    en_clair,
    en_entier,
)
from openfisca_assistant_medical.population.comparaison.sql import lire

GROUPES = ("gagnants", "perdants", "inchanges", "ensemble")


def gagnants_et_perdants(
    ecarts: pa.Table, seuil: float, fixes: Mapping[str, str], par_certitude: bool
) -> pa.Table:
    """Groups of one dimension; see `Resultat.compute_winners_losers`.

    Args:
        ecarts: cells.
        seuil: euros from which a contract wins or loses.
        fixes: loi, reference and dimension.
        par_certitude: whether groups are split by certainty of the gain.

    Raises:
        ValueError: a threshold that is not one.
    """
    if not seuil > 0:
        raise ValueError(f"seuil : reçu {seuil} ; attendu : un montant en euros, plus de 0.")
    # In whole cents, as gains are: 1.005 € is reached by 1.01 €.
    centimes = int((Decimal(str(seuil)) * CENTIMES).to_integral_value(ROUND_CEILING))
    cles = "modalite, certitude" if par_certitude else "modalite"
    requete = f"""
        WITH lues AS (
            SELECT {cles}, gain_centimes AS cents, lignes, {en_entier("contrats")} AS poids,
            {en_entier("gain")} AS gain,
            CASE WHEN gain_centimes >= $seuil THEN 'gagnants'
                 WHEN gain_centimes <= -$seuil THEN 'perdants' ELSE 'inchanges' END AS groupe
            FROM ecarts WHERE loi = $loi AND reference = $reference AND dimension = $dimension
        ),
        groupees AS (
            FROM lues UNION ALL SELECT * REPLACE ('ensemble' AS groupe) FROM lues
        ),
        cumulees AS (
            SELECT *, sum(poids) OVER (PARTITION BY {cles}, groupe ORDER BY cents) AS cumul,
            sum(poids) OVER (PARTITION BY {cles}, groupe) AS tout FROM groupees
        ),
        sommes AS (
            SELECT {cles}, groupe, sum(lignes) AS lignes,
            sum(lignes) FILTER (cents <> 0) AS changent, sum(poids) AS poids,
            sum(gain) AS total, min(cents) FILTER (2 * cumul >= tout) AS mediane
            FROM cumulees GROUP BY ALL
        )
        SELECT {cles}, groupe, coalesce(lignes, 0)::BIGINT AS lignes,
        coalesce(changent, 0)::BIGINT AS changent,
        {en_clair("coalesce(poids, 0)")} AS contrats,
        {en_clair("coalesce(total, 0)")} AS gain_total,
        total::DOUBLE / poids::DOUBLE AS gain_moyen,
        mediane::DOUBLE / {CENTIMES} AS gain_median
        FROM (SELECT DISTINCT {cles}, unnest($groupes) AS groupe FROM lues)
        LEFT JOIN sommes USING ({cles}, groupe)
        ORDER BY {_ordre(fixes["dimension"])},
        {"list_position($certitudes, certitude)," if par_certitude else ""}
        list_position($groupes, groupe)
    """
    valeurs: dict[str, Any] = {**fixes, "seuil": centimes, "groupes": list(GROUPES)}
    if par_certitude:
        valeurs["certitudes"] = list(CERTITUDES_DU_GAIN)
    return lire(requete, {"ecarts": ecarts}, valeurs)


def _ordre(dimension: str) -> str:
    """Ranks as numbers, those that are merged last; the rest by name."""
    return "try_cast(modalite AS INTEGER), modalite" if dimension == "rang" else "modalite"


def gains(ecarts: pa.Table, fixes: Mapping[str, str]) -> pa.Table:
    """Distinct gains of one dimension: modalite, gain_centimes, lignes, contrats, gain."""
    requete = f"""
        SELECT modalite, gain_centimes, sum(lignes)::BIGINT AS lignes,
        {en_clair(f"sum({en_entier('contrats')})")} AS contrats,
        {en_clair(f"sum({en_entier('gain')})")} AS gain
        FROM ecarts WHERE loi = $loi AND reference = $reference AND dimension = $dimension
        GROUP BY ALL ORDER BY ALL
    """
    return lire(requete, {"ecarts": ecarts}, dict(fixes))


def gagnants_ou_perdants(ecarts: pa.Table, dimension: str) -> pa.Table:
    """Contracts whose aid due changes over all the years: loi, reference, modalite, lignes, ecart.

    Args:
        ecarts: cells.
        dimension: one of those of `ecarts`.
    """
    requete = f"""
        SELECT loi, reference, modalite, sum(lignes)::BIGINT AS lignes,
        {en_clair(f"sum({en_entier('gain')})")} AS ecart
        FROM ecarts WHERE dimension = $dimension AND gain_centimes <> 0
        GROUP BY ALL ORDER BY ALL
    """
    return lire(requete, {"ecarts": ecarts}, {"dimension": dimension})
