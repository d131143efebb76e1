"""Small pieces of SQL over cells, and refusals of names that are not there."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.population.cellules import (
    DEPENSE,
    MONTANTS,
    en_clair,
    en_entier,
)

Filtre = Mapping[str, Any]  # column -> value, or list of values
CLES = {
    "droits": (
        *("loi", "annee", "specialite", "option_etp"),
        *("tranche_patientele", "rang", "zone", "certitude"),
    ),
    "caisse": ("loi", "annee", "mois", "certitude"),
}
ENTIERES = ("annee", "rang")
CAISSE = """(
    SELECT loi, mois[:4]::INTEGER AS annee, mois, certitude, lignes, depense FROM caisse
)"""
# A contract is paid, in a calendar year, two advances and two balances at most.
_PAIEMENTS = 4
# Contracts behind rows of cash of one calendar year, at least.
PAYES = f"greatest(max(lignes), ceil(sum(lignes) / {_PAIEMENTS}))"


def lire(requete: str, tables: Mapping[str, pa.Table], valeurs: Mapping[str, Any]) -> pa.Table:
    """What a query over some tables gives."""
    with duckdb.connect() as connexion:
        for nom, table in tables.items():
            connexion.register(nom, table)
        return connexion.sql(requete, params=dict(valeurs)).to_arrow_table()


def liste(noms: str | Sequence[str] | None) -> list[str]:
    """One name, several or none, as a list."""
    if noms is None:
        return []
    return [noms] if isinstance(noms, str) else list(noms)


def admettre(quoi: str, noms: Sequence[Any], possibles: Sequence[str]) -> None:
    """Refuse names that are not there.

    Raises:
        ValueError: the message gives the closest one.
    """
    for nom in noms:
        if nom not in possibles:
            raise ValueError(
                f"{quoi} : reçu « {nom} » ; attendu : {', '.join(possibles) or 'aucune'}"
                f"{proche(nom, possibles)}."
            )


def conditions(fixes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A condition of SQL on known keys, and its values."""
    ecrites, valeurs = ["true"], {}
    for cle, valeur in fixes.items():
        voulues = list(valeur) if isinstance(valeur, list | tuple | set | range) else [valeur]
        ecrites.append(f"list_contains($fixe_{cle}, {cle})")
        valeurs[f"fixe_{cle}"] = [int(v) if cle in ENTIERES else str(v) for v in voulues]
    return " AND ".join(ecrites), valeurs


def lois_choisies(lois: Sequence[str], reference: str, difference: bool, table: str) -> str:
    """Rows of some laws, and, for a difference, those of the reference under the name of each."""
    source = CAISSE if table == "caisse" else table
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


def rang(cle: str) -> str:
    """How rows are put in order: laws as they were given, the rest by name or number."""
    return f"list_position($lois, {cle}), " if cle == "loi" else f"{cle}, "


def largement(table: pa.Table, columns: str | None, valeur: str) -> pa.Table:
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


def dus_et_payes(cles: Sequence[str]) -> str:
    """SQL of what is due and what is paid, a row by `cles`; 0 where there is nobody."""
    communes = ", ".join(cles)

    def somme(nom: str) -> str:
        return f"{en_clair(f'sum({en_entier(nom)})')} AS {nom}"

    sommes = ", ".join(map(somme, ("contrats", *MONTANTS)))
    nulles = ", ".join(f"coalesce({nom}, 0) AS {nom}" for nom in ("contrats", *MONTANTS))
    return f"""
        WITH dues AS (
            SELECT {communes}, sum(lignes) AS lignes, {sommes}
            FROM droits GROUP BY ALL
        ),
        payees AS (
            SELECT {communes}, {PAYES} AS payes, {somme(DEPENSE)}
            FROM {CAISSE} GROUP BY ALL
        )
        SELECT {communes}, coalesce(lignes, 0)::BIGINT AS lignes, {nulles},
        coalesce(payes, 0)::BIGINT AS payes, coalesce(depense, 0) AS depense
        FROM dues FULL JOIN payees USING ({communes})
        ORDER BY {"".join(rang(cle) for cle in cles)} 1
    """
