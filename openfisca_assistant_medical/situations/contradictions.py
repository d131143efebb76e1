"""Contradictions between the fields of one doctor; a table looks for them on whole columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openfisca_assistant_medical.situations.collectif import PREFIXE
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.situations.valeurs import TOUJOURS, defaut

SIGNATURE, NAISSANCE = "date_signature", "date_naissance"
AVENANT, BLOCS = "option_etp_avenant", "blocs_dispenses"
MAJORITE = 18
# Band of a count that holds the band which sets its objective under avenant 7.
TRANCHE_DE_L_OBJECTIF = {
    "p30_p50": "p30_p90",
    "p50_p70": "p30_p90",
    "p70_p90": "p30_p90",
    "p90_p95": "p90_p95",
}
# A fact, the one that it supposes, and what is accepted without it.
SUPPOSES = (
    (
        "carence_applicable",
        "date_resiliation_contrat_precedent",
        "aussi date_resiliation_contrat_precedent, dont le délai de carence se compte",
    ),
    (
        "date_remplacement_secretaire",
        "secretaire_devenu_assistant",
        "aucune date, ou secretaire_devenu_assistant à true",
    ),
)
Contradictions = Iterator[tuple[str, str, str]]


@dataclass(frozen=True)
class Ordre:
    """A day that is not on the wrong side of another.

    Attributes:
        jour: field of the day.
        autre: field of the other one.
        apres: it is that day or a later one; else that day or an earlier one.
        evenement: what the other day is.
    """

    jour: str
    autre: str
    apres: bool
    evenement: str

    def attendu(self, autre: Any) -> str:
        """What is accepted beside the other day."""
        cote = "tôt" if self.apres else "tard"
        return f"un jour au plus {cote} le {autre}, {self.evenement}"


_DE_LA_SIGNATURE = "celui de la signature"
ORDRES = (
    Ordre("date_resiliation", SIGNATURE, True, _DE_LA_SIGNATURE),
    Ordre("date_resiliation_contrat_precedent", SIGNATURE, False, _DE_LA_SIGNATURE),
    Ordre(
        "date_certification",
        "date_inscription_formation",
        True,
        "celui de l’inscription en formation",
    ),
)


def mineur(naissance: Any, signature: Any) -> Any:
    """Whether a doctor is under age, from days written AAAAMMJJ: numbers, or arrays of them.

    Whoever was born on 29 February comes of age on 1 March.
    """
    return naissance + MAJORITE * 10_000 > signature


def attendu_de_l_age(signature: Any) -> str:
    """What is accepted of a day of birth."""
    return f"un jour {MAJORITE} ans au moins avant la signature, le {signature}"


def attendu_de_l_annee(millesime: int) -> str:
    """What is accepted of a year, beside that of the signature."""
    return f"une année à partir de {millesime}, celle de la signature"


def attendu_de_l_avenant(millesime: int) -> str:
    """What is accepted of the year of an amended option."""
    suite = "la première année de contrat suit option_etp_initiale"
    return f"une année à partir de {millesime + 1} : {suite}"


def blocs_du_certificat(systeme: Any, jour: str) -> int | None:
    """Blocks of the certificate, where their number is published: not all can be waived."""
    blocs = systeme.parameters.formation.blocs.cqp.get_at_instant(jour)
    return None if blocs is None else int(blocs)


def attendu_des_blocs(blocs: int) -> str:
    """What is accepted of the blocks waived."""
    return f"moins de {blocs}, le nombre de blocs du certificat"


def tranches(compte: str) -> tuple[str, str]:
    """Fields of the band that sets an objective, and of the band that holds it."""
    return f"tranche_objectif_{compte}_declaree", f"tranche_{compte}_declaree"


def attendu_de_la_tranche(large: str, declaree: str) -> str:
    """What is accepted of the band that sets an objective."""
    return f"une tranche comprise dans celle de {large}, {declaree}, ou aucune"


def contradictions(medecin: dict[str, Any], systeme: Any) -> Contradictions:
    """(field, given, accepted) of each contradiction; only what differs from its default speaks."""
    dits = {
        nom: {p: v for p, v in valeurs.items() if v not in (None, defaut(systeme.variables[nom]))}
        for nom, valeurs in medecin.items()
    }
    unique = {nom: valeurs.get(TOUJOURS) for nom, valeurs in dits.items()}
    for ordre in ORDRES:
        jour, autre = unique.get(ordre.jour), unique.get(ordre.autre)
        if jour and autre and (jour < autre if ordre.apres else jour > autre):
            yield ordre.jour, jour, ordre.attendu(autre)
    signature = unique.get(SIGNATURE)
    if signature is not None:
        naissance = unique.get(NAISSANCE)
        if naissance and mineur(_en_nombre(naissance), _en_nombre(signature)):
            yield NAISSANCE, naissance, attendu_de_l_age(signature)
        yield from _avant_la_signature(dits, int(signature[:4]))
        dispenses, blocs = unique.get(BLOCS), blocs_du_certificat(systeme, signature)
        if dispenses is not None and blocs is not None and dispenses >= blocs:
            yield BLOCS, montrer(dispenses), attendu_des_blocs(blocs)
    for fine, large in map(tranches, ("pmt", "pfa")):
        recue, declaree = unique.get(fine), unique.get(large)
        if recue and declaree and TRANCHE_DE_L_OBJECTIF[recue] != declaree:
            yield fine, montrer(recue), attendu_de_la_tranche(large, declaree)
    for nom, suppose, attendu in SUPPOSES:
        dit = unique.get(nom)
        if dit and not unique.get(suppose):
            yield nom, dit if isinstance(dit, str) else montrer(dit), attendu


def _en_nombre(jour: str) -> int:
    return int(jour.replace("-", ""))


def _avant_la_signature(dits: dict[str, dict[str, Any]], millesime: int) -> Contradictions:
    for nom, valeurs in dits.items():
        if nom.startswith(PREFIXE):
            continue  # the years of a collective contract are counted from its own signature
        for periode, valeur in valeurs.items():
            if periode != TOUJOURS and int(periode[:4]) < millesime:
                yield f"{nom}/{periode}", montrer(valeur), attendu_de_l_annee(millesime)
    if str(millesime) in dits.get(AVENANT, {}):
        recu = montrer(dits[AVENANT][str(millesime)])
        yield f"{AVENANT}/{millesime}", recu, attendu_de_l_avenant(millesime)
