"""The draw of one block of synthetic contracts, column by column."""

from typing import Any, NamedTuple

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import (
    OptionETP,
    SecteurConventionnel,
    Specialite,
    Zone,
)
from openfisca_assistant_medical.population.arrow import lettres, nombres, textes
from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.mention import PREFIXE
from openfisca_assistant_medical.population.synthese.latente import (
    GENERALISTE,
    Choix,
    Codes,
    Lois,
    Reels,
    lois_des_comptes,
)
from openfisca_assistant_medical.population.synthese.patients import (
    ENTREES,
    PREMIERE_ANNEE,
    HasardDesPatients,
    comptes,
    en_patients,
    observations,
)
from openfisca_assistant_medical.population.synthese.signatures import (
    JOURS_PAR_AN,
    Signatures,
    parts_des_specialites,
    parts_publiees,
)

CHIFFRES = 9
_LONGUE_DATE = numpy.datetime64("1970-01-01")  # default of date_installation
_OR = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: ranks spread evenly, whatever their number
_PREMIERE_ANNEE_D_EXERCICE = 360  # days, within the twelve months of the newly installed
# One stream of uniform draws a question: a new one goes last, and what exists does not move.
_UNIFORMES = (
    *("specialite", "sous_dense", "zip", "option", "regroupe", "secteur", "nouveau", "compte"),
    *("age", "installation", "prorogation"),
)
_NORMALES = ("autre_compte", "evolution_pmt", "evolution_pfa")


def schema(jusqu_a: int) -> pa.Schema:
    """Columns of a synthetic population."""
    mots = {
        "specialite": Specialite,
        "secteur_conventionnel": SecteurConventionnel,
        "zone": Zone,
        "option_etp_initiale": OptionETP,
    }
    types = {nom: pa.dictionary(pa.int8(), pa.string()) for nom in mots}
    types |= dict.fromkeys(("date_signature", "date_naissance", "date_installation"), pa.date32())
    types |= dict.fromkeys(("exercice_regroupe_declare", "prorogation_signee"), pa.bool_())
    types |= {f"{entree}_initiale": pa.int32() for entree in ENTREES.values()}
    ordre = (
        *("date_signature", "specialite", "option_etp_initiale", "secteur_conventionnel", "zone"),
        *("exercice_regroupe_declare", "date_naissance", "date_installation"),
        *("prorogation_signee", "patientele_mt_initiale", "file_active_initiale"),
    )
    champs = [("identifiant", pa.string()), *((nom, types[nom]) for nom in ordre)]
    for annee in range(PREMIERE_ANNEE, jusqu_a + 1):
        champs += [(f"{entree}_{annee}", pa.int32()) for entree in ENTREES.values()]
    return pa.schema(champs)


class Hasard(NamedTuple):
    """The draws of a block, shapes (n,)."""

    rangs: Reels
    uniformes: dict[str, Reels]
    normales: dict[str, Reels]


def tirer(graine: int, bloc: int, taille: int) -> Hasard:
    """The draws of a block: a function of the seed and of its number alone."""
    suite = numpy.random.SeedSequence(graine, spawn_key=(bloc,))
    generateur = numpy.random.Generator(numpy.random.Philox(suite))
    uniformes = generateur.random((len(_UNIFORMES), taille))
    normales = generateur.standard_normal((len(_NORMALES), taille))
    depart = numpy.random.SeedSequence(graine).generate_state(1, numpy.uint64)[0]
    numeros = numpy.arange(bloc * taille, (bloc + 1) * taille, dtype=numpy.uint64)
    points = numeros * numpy.uint64(_OR) + depart  # modulo 2**64
    return Hasard(
        (points >> numpy.uint64(11)) * 2.0**-53,
        dict(zip(_UNIFORMES, uniformes, strict=True)),
        dict(zip(_NORMALES, normales, strict=True)),
    )


def colonnes_du_bloc(
    graine: int, bloc: int, taille: int, courbe: Signatures, jusqu_a: int
) -> list[pa.Array]:
    """Columns of `schema`, for the rows of a block."""
    hasard, lois = tirer(graine, bloc, taille), lois_des_comptes()
    rangs = hasard.rangs * courbe.total
    jours = courbe.jour(rangs)
    texte = lois.texte(jours)
    specialite = _specialites(rangs, hasard.uniformes["specialite"])
    nouveau = hasard.uniformes["nouveau"] < _part_des_nouveaux()
    patients = HasardDesPatients(hasard.uniformes["compte"], **hasard.normales)
    suivis = comptes(lois, patients, texte, specialite, nouveau)
    colonnes = {
        "identifiant": _identifiants(bloc * taille + 1, taille),
        "date_signature": jours,
        "specialite": _mots(Specialite, specialite),
        **_contrat(lois, hasard, rangs, texte),
        **_personne(hasard, jours, specialite, nouveau),
        **{
            f"{ENTREES[nom]}_initiale": en_patients(compte.depart) for nom, compte in suivis.items()
        },
        **observations(suivis, jours, jusqu_a),
    }
    return [
        valeurs if isinstance(valeurs, pa.Array) else nombres(valeurs, champ.type)
        for champ, valeurs in ((champ, colonnes[champ.name]) for champ in schema(jusqu_a))
    ]


# --- The contract and the doctor ------------------------------------------------------------------


def _specialites(rangs: Reels, uniformes: Reels) -> Codes:
    parts = parts_des_specialites()
    seuils = parts.parts.cumsum(axis=1)
    seuils[seuils > 1 - 1e-9] = 2  # the last one takes what rounding leaves
    periodes = numpy.searchsorted(parts.bornes, rangs, side="right")
    codes: Codes = (uniformes[:, None] >= seuils[periodes]).sum(axis=1)
    return codes


def _part_des_nouveaux() -> float:
    publiee = lire_hypotheses()["nouveaux_installes"]
    return float(publiee["contrats"] / publiee["sur"])


def _contrat(lois: Lois, hasard: Hasard, rangs: Reels, texte: Codes) -> dict[str, Any]:
    """Zone, option, practice, extension: what the text of the signature allows."""
    hypotheses, uniformes = lire_hypotheses(), hasard.uniformes
    parts = {nom: part.au(rangs) for nom, part in parts_publiees().items()}
    sous_dense = uniformes["sous_dense"] < parts["sous_dense"]
    en_zip = uniformes["zip"] < hypotheses["part_zip_en_sous_dense"]["valeur"]
    zones = [_code(Zone, nom) for nom in ("hors_zone", "zip", "zac")]
    options = [_code(OptionETP, nom) for nom in ("un_etp", "tiers_etp", "demi_etp")]
    # Where one full time is kept to under-dense zones, all those of the publication are there.
    en_zone = numpy.where(sous_dense, parts["un_etp"] / parts["sous_dense"], 0)
    partout = 1 - hypotheses["part_demi_etp_depuis_2023"]["valeur"]
    un_etp = numpy.where(lois.un_etp_partout[texte], partout, en_zone)
    tiers = parts["tiers_etp"] / (1 - parts["un_etp"]) * lois.tiers_ouvert[texte]
    choix = uniformes["option"]
    rangees = [choix < un_etp, choix < un_etp + tiers * (1 - un_etp)]
    option = numpy.select(rangees, options[:2], options[2])
    regroupe = uniformes["regroupe"] < hypotheses["exercice_regroupe"]["valeur"]
    proroge = uniformes["prorogation"] < hypotheses["prorogation"]["valeur"]
    return {
        "option_etp_initiale": _mots(OptionETP, option),
        "zone": _mots(Zone, numpy.select([~sous_dense, en_zip], zones[:2], zones[2])),
        "exercice_regroupe_declare": regroupe | (~sous_dense & ~lois.exercice_libre[texte]),
        "prorogation_signee": proroge & lois.prorogeable[texte],
    }


def _personne(
    hasard: Hasard, jours: NDArray[numpy.datetime64], specialite: Codes, nouveau: Choix
) -> dict[str, Any]:
    """Sector, age, first installation."""
    hypotheses, uniformes = lire_hypotheses(), hasard.uniformes
    optam = hypotheses["secteur_2_optam"]
    part = numpy.where(specialite == GENERALISTE, optam["generaliste"], optam["autre"])
    secteurs = [_code(SecteurConventionnel, f"secteur_{nom}") for nom in ("2_optam", "1")]
    ages = numpy.where(
        nouveau,
        _sur_la_courbe(hypotheses["age_des_nouveaux_installes"]["valeur"], uniformes["age"]),
        _sur_la_courbe(hypotheses["age_a_la_signature"]["valeur"], uniformes["age"]),
    )
    installation = jours - _en_jours(uniformes["installation"] * _PREMIERE_ANNEE_D_EXERCICE)
    secteur = numpy.where(uniformes["secteur"] < part, *secteurs)
    return {
        "secteur_conventionnel": _mots(SecteurConventionnel, secteur),
        "date_naissance": jours - _en_jours(ages * JOURS_PAR_AN),
        "date_installation": numpy.where(nouveau, installation, _LONGUE_DATE),
    }


# --- Columns --------------------------------------------------------------------------------------


def _en_jours(valeurs: Reels) -> NDArray[numpy.timedelta64]:
    return numpy.floor(valeurs).astype("int64").astype("timedelta64[D]")


def _sur_la_courbe(points: list[list[float]], uniformes: Reels) -> Reels:
    parts, valeurs = zip(*points, strict=True)
    ages: Reels = numpy.interp(uniformes, parts, valeurs)
    return ages


def _code(enum: Any, nom: str) -> int:
    return int(enum[nom].index)


def _mots(enum: Any, codes: Codes) -> pa.Array:
    """A column of an Enum: its codes, over all its names in their order."""
    noms = textes([membre.name for membre in enum])
    return pa.DictionaryArray.from_arrays(nombres(codes, pa.int8()), noms)


def _identifiants(premier: int, taille: int) -> pa.Array:
    """« synthetique-000000001 »…, written digit by digit in one buffer."""
    numeros = numpy.arange(premier, premier + taille)
    puissances = 10 ** numpy.arange(CHIFFRES - 1, -1, -1)
    chiffres = (numeros[:, None] // puissances % 10 + ord("0")).astype("uint8")
    prefixe = numpy.frombuffer(PREFIXE.encode(), "uint8")
    ecrits = numpy.hstack([numpy.broadcast_to(prefixe, (taille, len(prefixe))), chiffres])
    return lettres(numpy.ascontiguousarray(ecrits.ravel()), numpy.full(taille, ecrits.shape[1]))
