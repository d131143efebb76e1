"""What a result came from, and whether computing it again gives it again.

`enregistrement.json`, in the folder of a result:

    {"format": 1, "date", "duree_secondes", "commande", "versions": {package: version},
     "options": {"annees", "erreurs", "lectures", "taille", "detail", "ignorer"},
     "entree": {"chemin", "absolu", "empreinte", "lignes", "metadonnees"}, "synthetique",
     "lois": [{"nom", "id", "titre", "reformes", "fichiers": {name: SHA-256},
               "parametres", "formules", "detail": {"parametres": {…}, "formules": {…}}}],
     "resultats": {file: SHA-256 of its content}}

`chemin` is null for a table that was in memory. Fingerprints are told in `empreintes`.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openfisca_assistant_medical.brouillon import ecrire_json
from openfisca_assistant_medical.lois import ReformeInconnue, execute_du_code
from openfisca_assistant_medical.population import lecture_json
from openfisca_assistant_medical.population.avancement import Suivi
from openfisca_assistant_medical.population.empreintes import (
    differences,
    empreinte,
    empreinte_de_table,
    versions,
)
from openfisca_assistant_medical.population.fiche import fautes_de_forme
from openfisca_assistant_medical.population.lois import reformes_de
from openfisca_assistant_medical.population.reprise import ENREGISTREMENT
from openfisca_assistant_medical.population.table.refus import TableRefusee
from openfisca_assistant_medical.population.traitement import Loi
from openfisca_assistant_medical.situations.erreurs import montrer

FORMAT = 1
_NOMS_MONTRES = 20


class VerificationImpossible(ValueError):
    """A result that cannot be computed again; the message says why and what to do."""


def enregistrer(
    dossier: Path,
    *,
    source: Any,
    entree: str,
    table: Any,
    lois: list[Loi],
    options: dict[str, Any],
    commande: str | None,
    duree: float,
) -> None:
    """Write the record of a result beside it.

    Args:
        dossier: folder of the result, whole.
        source: the input, as given.
        entree: its fingerprint.
        table: what it was read as.
        lois: laws of the run.
        options: options of the run, as `comparer` takes them.
        commande: what was typed; None for a call.
        duree: seconds.
    """
    ecrit = isinstance(source, str | Path)
    ici = ecrit and Path(source).exists()
    ecrire_json(
        dossier / ENREGISTREMENT,
        {
            "format": FORMAT,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "duree_secondes": round(duree, 1),
            "commande": commande,
            "versions": versions(),
            "options": options,
            "entree": {
                "chemin": str(source) if ecrit else None,
                "absolu": str(Path(source).resolve()) if ici else None,
                "empreinte": entree,
                "lignes": table.nombre,
                "metadonnees": table.metadonnees,
            },
            "synthetique": bool(table.metadonnees.get("synthetique", False)),
            "lois": [_loi(loi) for loi in lois],
            "resultats": dict(_empreintes_des_fichiers(dossier)),
        },
    )


def _loi(loi: Loi) -> dict[str, Any]:
    return {
        "nom": loi.nom,
        "id": loi.description["id"],
        "titre": loi.description["nom"],
        "reformes": loi.description["reformes"],
        "fichiers": loi.fichiers,
        **loi.empreintes,
    }


def _empreintes_des_fichiers(dossier: Path) -> Iterator[tuple[str, str]]:
    for fichier in sorted(dossier.rglob("*")):
        if fichier.is_file() and fichier.name != ENREGISTREMENT:
            yield fichier.relative_to(dossier).as_posix(), _empreinte_d_un_fichier(fichier)


def _empreinte_d_un_fichier(fichier: Path) -> str:
    if fichier.suffix == ".parquet":
        import pyarrow.parquet as pq

        try:
            return empreinte_de_table(pq.ParquetFile(fichier).read())
        except (OSError, ValueError):
            return f"illisible {empreinte(fichier.read_bytes())}"
    return empreinte(fichier.read_bytes())


def lire(dossier: Path) -> dict[str, Any]:
    """The record of a result.

    Raises:
        VerificationImpossible: there is none, of another format, or not as it was written.
    """
    fichier = dossier / ENREGISTREMENT
    try:
        lu = lecture_json.analyser(fichier.read_bytes())
        if lu["format"] == FORMAT:
            fiche = dict(lu)
            faute = next(fautes_de_forme(fiche), None)
            if faute is None:
                return fiche
            raison = f"{faute}. Il n’est plus tel que « simuler » l’a écrit"
        else:
            dit = montrer(lu["format"])
            raison = f"format {dit}, quand cette version lit le format {FORMAT}"
    except FileNotFoundError:
        raison = "il n’existe pas"
    except (OSError, ValueError, KeyError, TypeError):
        raison = "il n’est pas lisible"
    raise VerificationImpossible(
        f"« {fichier} » : {raison}. Remède : donner le dossier que « simuler --sortie » a écrit."
    )


def verifier(
    dossier: Path,
    *,
    source: str | None = None,
    admises: Collection[str] = (),
    suivi: Suivi | None = None,
) -> dict[str, Any]:
    """Compute a result again, and say what differs from what was recorded.

    Args:
        dossier: folder of the result.
        source: where the input is now, if it was moved.
        admises: reforms in Python of elsewhere whose code may run, by their dotted paths: a result
            may be somebody else's, and no other name of its record is imported.
        suivi: see `simulation.comparer`.

    Returns:
        `{"format": 1, "dossier", "identique", "differences": [{"quoi", "nom", "detail"}],
        "notes": [text]}`; `quoi` is "resultat", "entree", "parametre", "formule", "reforme" or
        "recalcul".

    Raises:
        VerificationImpossible: no record, no input, a reform that is gone, or is not in `admises`.
    """
    fiche = lire(dossier)
    _refuser_le_code(fiche, admises)
    chemin = _retrouver(fiche["entree"], source)
    ecarts = [*_fichiers_changes(dossier, fiche), *_lois_changees(fiche)]
    with TemporaryDirectory() as ailleurs:
        refait = Path(ailleurs) / "resultat"
        try:
            _refaire(chemin, fiche, refait, suivi)
        except TableRefusee as refus:
            ecarts.append(_ecart("entree", chemin, f"elle est maintenant refusée : {refus}"))
        else:
            nouvelle = lire(refait)
            if nouvelle["entree"]["empreinte"] != fiche["entree"]["empreinte"]:
                ecarts.append(_ecart("entree", chemin, "elle n’est plus celle du calcul"))
            ecarts += _recalcul_different(dossier, refait, fiche, nouvelle)
    return {
        "format": FORMAT,
        "dossier": str(dossier),
        "identique": not ecarts,
        "differences": ecarts,
        "notes": list(_notes(fiche)),
    }


def _refuser_le_code(fiche: dict[str, Any], admises: Collection[str]) -> None:
    for loi in fiche["lois"]:
        for nom in reformes_de(loi["nom"]):
            if nom not in admises and execute_du_code(nom):
                raise VerificationImpossible(
                    f"Loi « {loi['nom']} » : « {nom} » n’est ni une réforme du paquet, ni un "
                    "fichier ; la chercher exécuterait du code. Remède : si ce code est de "
                    f"confiance, --admettre {nom}."
                )


def _retrouver(entree: dict[str, Any], source: str | None) -> str:
    """Where the input is.

    Raises:
        VerificationImpossible: nowhere.
    """
    if source is not None:
        return source
    chemin, absolu = entree["chemin"], entree["absolu"]
    if chemin is None:
        raise VerificationImpossible(
            "La table était en mémoire. Remède : l’écrire en Parquet, et la donner avec --contrats."
        )
    if absolu is not None and not _existe(absolu):
        if _existe(chemin):
            return str(chemin)
        raise VerificationImpossible(
            f"La table « {absolu} » n’est plus là. Remède : dire où elle est, avec --contrats."
        )
    return str(absolu or chemin)


def _existe(chemin: str) -> bool:
    try:
        return Path(chemin).exists()
    except OSError:  # no file could have such a name
        return False


def _refaire(chemin: str, fiche: dict[str, Any], sortie: Path, suivi: Suivi | None) -> None:
    from openfisca_assistant_medical.population.simulation import comparer

    lois = [loi["nom"] for loi in fiche["lois"]]
    comparer(chemin, lois=lois, sortie=sortie, suivi=suivi, **fiche["options"])


def _ecart(quoi: str, nom: str, detail: str) -> dict[str, str]:
    return {"quoi": quoi, "nom": nom, "detail": detail}


def _fichiers_changes(dossier: Path, fiche: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Files of the result that are not what was written."""
    presents = dict(_empreintes_des_fichiers(dossier))
    for nom, attendue in fiche["resultats"].items():
        if nom not in presents:
            yield _ecart("resultat", nom, "le fichier n’est plus là")
        elif presents[nom] != attendue:
            yield _ecart("resultat", nom, "le fichier a été modifié depuis le calcul")


def _lois_changees(fiche: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Figures, rules and files of reforms that are not those of the run.

    Raises:
        VerificationImpossible: a reform that is gone.
    """
    for avant in fiche["lois"]:
        try:
            maintenant = Loi(avant["nom"])
        except ReformeInconnue as refus:
            raise VerificationImpossible(f"Loi « {avant['nom']} » : {refus}") from None
        for nom, ancienne in avant["fichiers"].items():
            if maintenant.fichiers.get(nom) != ancienne:
                yield _ecart("reforme", nom, f"le fichier a changé (loi {avant['nom']})")
        changes = differences(avant, maintenant.empreintes)
        for genre, quoi in (("parametres", "parametre"), ("formules", "formule")):
            for nom in changes[genre]:
                ou = [
                    etat
                    for etat, loi in (("alors", avant), ("maintenant", maintenant.empreintes))
                    if nom in loi["detail"][genre]
                ]
                detail = "a changé" if len(ou) > 1 else f"n’existe que {ou[0]}"
                yield _ecart(quoi, nom, f"{detail} (loi {avant['nom']})")


def _recalcul_different(
    dossier: Path, refait: Path, fiche: dict[str, Any], nouvelle: dict[str, Any]
) -> Iterator[dict[str, str]]:
    """Results that computing again does not give again."""
    noms = dict.fromkeys([*fiche["resultats"], *nouvelle["resultats"]])
    for nom in noms:
        avant, apres = fiche["resultats"].get(nom), nouvelle["resultats"].get(nom)
        if avant != apres:
            lieu = _premier_ecart(dossier / nom, refait / nom)
            yield _ecart("recalcul", nom, f"le recalcul donne autre chose{lieu}")


def _premier_ecart(avant: Path, apres: Path) -> str:
    """First row that differs between two tables, where it can be told."""
    import pyarrow.parquet as pq

    if avant.suffix != ".parquet" or not (avant.exists() and apres.exists()):
        return ""
    try:
        une, autre = (pq.ParquetFile(fichier).read() for fichier in (avant, apres))
    except (OSError, ValueError):
        return ""
    if une.column_names != autre.column_names:
        return " : d’autres colonnes"
    for rang in range(min(une.num_rows, autre.num_rows)):
        lignes = [table.slice(rang, 1).to_pylist()[0] for table in (une, autre)]
        if lignes[0] != lignes[1]:
            cles = [f"{c}={v}" for c, v in lignes[1].items() if not isinstance(v, float)]
            valeurs = [
                f"{c} {lignes[0][c]} → {v}" for c, v in lignes[1].items() if v != lignes[0][c]
            ]
            return f", d’abord à la ligne {rang + 1} ({', '.join(cles)}) : {', '.join(valeurs)}"
    return f" : {une.num_rows} lignes, puis {autre.num_rows}"


def _notes(fiche: dict[str, Any]) -> Iterator[str]:
    for paquet, version in versions().items():
        ancienne = fiche["versions"].get(paquet)
        if ancienne != version:
            yield f"Calculé avec {paquet} {ancienne}, vérifié avec {version}."


def afficher(console: Any, rapport: dict[str, Any]) -> None:
    """Say the report of `verifier` to people."""
    for note in rapport["notes"]:
        console.print(note)
    if rapport["identique"]:
        console.print(f"{rapport['dossier']} : le recalcul donne le même résultat.", soft_wrap=True)
        return
    titres = {
        "resultat": "Fichiers du résultat",
        "entree": "Table en entrée",
        "reforme": "Fichiers de réforme",
        "parametre": "Chiffres de la loi",
        "formule": "Règles (variables et outils de calcul)",
        "recalcul": "Recalcul",
    }
    console.print(
        f"{rapport['dossier']} : ce qui diffère de ce qui est enregistré.", soft_wrap=True
    )
    for quoi, titre in titres.items():
        de_ce_genre = [ecart for ecart in rapport["differences"] if ecart["quoi"] == quoi]
        if de_ce_genre:
            console.print(f"\n{titre}")
        for ecart in de_ce_genre[:_NOMS_MONTRES]:
            console.print(f"- {ecart['nom']} : {ecart['detail']}", soft_wrap=True)
        if len(de_ce_genre) > _NOMS_MONTRES:
            console.print(f"- … et {len(de_ce_genre) - _NOMS_MONTRES} autres (--json les donne).")
