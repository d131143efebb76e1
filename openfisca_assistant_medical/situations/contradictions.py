"""Contradictions between the fields of one doctor."""

from collections.abc import Iterator
from typing import Any

from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.situations.valeurs import TOUJOURS, defaut

MAJORITE = 18
# Band of a count that holds the band which sets its objective under avenant 7.
_TRANCHE_DE_L_OBJECTIF = {
    "p30_p50": "p30_p90",
    "p50_p70": "p30_p90",
    "p70_p90": "p30_p90",
    "p90_p95": "p90_p95",
}


def contradictions(medecin: dict[str, Any], systeme: Any) -> Iterator[tuple[str, str, str]]:
    """(field, given, accepted) of each contradiction; only what differs from its default speaks."""
    dits = {
        nom: {p: v for p, v in valeurs.items() if v not in (None, defaut(systeme.variables[nom]))}
        for nom, valeurs in medecin.items()
    }
    unique = {nom: valeurs.get(TOUJOURS) for nom, valeurs in dits.items()}
    signature = unique.get("date_signature")
    if signature is not None:
        yield from _autour_de_la_signature(unique, signature)
        yield from _avant_la_signature(dits, int(signature[:4]))
        yield from _blocs_en_trop(unique, systeme, signature)
    yield from _entre_tranches(unique)
    inscription, certification = (
        unique.get("date_inscription_formation"),
        unique.get("date_certification"),
    )
    if certification and inscription and certification < inscription:
        attendu = f"un jour au plus tôt le {inscription}, celui de l’inscription en formation"
        yield "date_certification", certification, attendu
    if unique.get("carence_applicable") and not unique.get("date_resiliation_contrat_precedent"):
        attendu = "aussi date_resiliation_contrat_precedent, dont le délai de carence se compte"
        yield "carence_applicable", "true", attendu
    remplacement = unique.get("date_remplacement_secretaire")
    if remplacement and not unique.get("secretaire_devenu_assistant"):
        attendu = "aucune date, ou secretaire_devenu_assistant à true"
        yield "date_remplacement_secretaire", remplacement, attendu


def _blocs_en_trop(
    unique: dict[str, Any], systeme: Any, signature: str
) -> Iterator[tuple[str, str, str]]:
    """Every block of the certificate waived, or more, where their number is published."""
    dispenses = unique.get("blocs_dispenses")
    blocs = systeme.parameters.formation.blocs.cqp.get_at_instant(signature)
    if dispenses is not None and blocs is not None and dispenses >= blocs:
        attendu = f"moins de {blocs}, le nombre de blocs du certificat"
        yield "blocs_dispenses", montrer(dispenses), attendu


def _autour_de_la_signature(
    unique: dict[str, Any], signature: str
) -> Iterator[tuple[str, str, str]]:
    resiliation = unique.get("date_resiliation")
    if resiliation and resiliation < signature:
        attendu = f"un jour au plus tôt le {signature}, celui de la signature"
        yield "date_resiliation", resiliation, attendu
    naissance = unique.get("date_naissance")
    if naissance and f"{int(naissance[:4]) + MAJORITE:04}{naissance[4:]}" > signature:
        attendu = f"un jour {MAJORITE} ans au moins avant la signature, le {signature}"
        yield "date_naissance", naissance, attendu
    precedente = unique.get("date_resiliation_contrat_precedent")
    if precedente and precedente > signature:
        attendu = f"un jour au plus tard le {signature}, celui de la signature"
        yield "date_resiliation_contrat_precedent", precedente, attendu


def _entre_tranches(unique: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for compte in ("pmt", "pfa"):
        champ, large = f"tranche_objectif_{compte}_declaree", f"tranche_{compte}_declaree"
        recue, declaree = unique.get(champ), unique.get(large)
        if recue and declaree and _TRANCHE_DE_L_OBJECTIF[recue] != declaree:
            attendu = f"une tranche comprise dans celle de {large}, {declaree}, ou aucune"
            yield champ, montrer(recue), attendu


def _avant_la_signature(
    dits: dict[str, dict[str, Any]], millesime: int
) -> Iterator[tuple[str, str, str]]:
    for nom, valeurs in dits.items():
        if nom.startswith(PREFIXE):
            continue  # the years of a collective contract are counted from its own signature
        for periode, valeur in valeurs.items():
            if periode != TOUJOURS and int(periode[:4]) < millesime:
                attendu = f"une année à partir de {millesime}, celle de la signature"
                yield f"{nom}/{periode}", montrer(valeur), attendu
    if str(millesime) in dits.get("option_etp_avenant", {}):
        recu = montrer(dits["option_etp_avenant"][str(millesime)])
        attendu = (
            f"une année à partir de {millesime + 1} : la première année de contrat suit "
            "option_etp_initiale"
        )
        yield f"option_etp_avenant/{millesime}", recu, attendu
