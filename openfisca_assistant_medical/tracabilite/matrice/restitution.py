"""The matrix for people, for spreadsheets and for the Web; see the report that it shows."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openfisca_assistant_medical.affichage import en_mots, jour, pourcent
from openfisca_assistant_medical.pages import page
from openfisca_assistant_medical.textes import STATUTS
from openfisca_assistant_medical.tracabilite.lectures import en_phrase
from openfisca_assistant_medical.tracabilite.matrice import (
    GENRES,
    NOMS,
    SANS_CAS,
    TESTEES,
    Rapport,
    au_dessus,
    chercher,
)

_HORS_CHAMP = "hors_champ"


def afficher(console: Console, rapport: Rapport, nom: str | None = None) -> None:
    """Print the whole matrix, a line a provision, or all that a name leads to.

    Raises:
        NomInconnu: the report does not hold this name.
    """
    if nom is not None:
        for entree in chercher(rapport, nom):
            _afficher_fiche(console, rapport, entree)
        return
    table = _table("Disposition", "Statut", "Valeurs", "Variables", "Cas")
    for d in rapport["dispositions"]:
        nombres = (str(len(d[liens])) for liens in ("parametres", "variables", "cas"))
        table.add_row(d["id"], STATUTS[d["statut"]], *nombres)
    console.print(table)
    for donnees in rapport["donnees"]:
        console.print(f"{donnees['fichier']} : {', '.join(donnees['dispositions']) or '–'}")
    console.print()
    _afficher_couverture(console, rapport["couverture"])
    console.print()
    _afficher_orphelins(console, rapport)


def _table(*colonnes: str) -> Table:
    table = Table.grid(padding=(0, 2))
    table.show_header = True
    table.header_style = "bold"
    for colonne in colonnes:
        texte = colonne in ("Disposition", "Statut", "Document")
        table.add_column(colonne, justify="left" if texte else "right", overflow="fold")
    return table


def _afficher_couverture(console: Console, couverture: Rapport) -> None:
    table = _table("Document", *map(str.capitalize, STATUTS.values()), "Dispositions", "Testées")
    lignes = [(d["source"], d) for d in couverture["documents"]]
    # What a reform alone rests on is no part of the total of the documents.
    autres = [(d["source"], d) for d in couverture["autres_sources"]]
    for titre, nombres in [*lignes, ("Total", couverture["total"]), *autres]:
        parts = [_part(nombres, champ) for champ in (*STATUTS, "testees")]
        table.add_row(titre, *parts[:-1], str(nombres["dispositions"]), parts[-1])
    console.print(table)
    console.print(TESTEES)


def _part(nombres: dict[str, int], champ: str) -> str:
    """A count of the coverage, with its share to the nearest percent."""
    ensemble = nombres["dispositions"] - (nombres[_HORS_CHAMP] if champ == "testees" else 0)
    return f"{nombres[champ]} ({pourcent(round(nombres[champ] / max(ensemble, 1), 2))})"


def _afficher_orphelins(console: Console, rapport: Rapport) -> None:
    if rapport["tests"] is None:
        console.print(SANS_CAS)
    if not rapport["orphelins"]:
        console.print("Aucun orphelin.")
        return
    console.print(f"{len(rapport['orphelins'])} orphelin(s)", style="bold")
    for orphelin in rapport["orphelins"]:
        console.print(Text(f"{GENRES[orphelin['genre']]} : {orphelin['nom']}"))
        _en_retrait(console, orphelin["remede"], 4)


def _en_retrait(console: Console, texte: str, marge: int) -> None:
    console.print(Padding(Text(texte), (0, 0, 0, marge), expand=False))


def _afficher_fiche(console: Console, rapport: Rapport, entree: Rapport) -> None:
    """An entry: its title, then under each heading what it leads to."""
    titre, *suite = _FICHES[entree["genre"]](rapport, entree)
    console.print(Text(titre[0], style="bold"))
    for ligne in titre[1]:
        _en_retrait(console, ligne, 2)
    for intitule, lignes in suite:
        if lignes:
            _en_retrait(console, f"{intitule} :", 2)
            for ligne in lignes:
                _en_retrait(console, ligne, 4)
    console.print()


_Rubrique = tuple[str, list[str]]


def _fiche_disposition(rapport: Rapport, d: Rapport) -> Iterator[_Rubrique]:
    statut = f"{STATUTS[d['statut']].capitalize()} ({d['confiance']})"
    yield (
        f"{d['id']}, {d['source']}, {d['endroit']}",
        [d["enonce"], statut + ("" if d["pourquoi"] is None else f" : {d['pourquoi']}")],
    )
    yield "Valeurs", [f"{c['parametre']} : {_valeur_datee(c)}" for c in d["parametres"]]
    yield "Paramètres dont aucune valeur ne cite ses sources", d["parametres_sans_valeur"]
    yield "Variables", [f"{v['variable']} ({v['lieu'] or '–'})" for v in d["variables"]]
    yield "Lectures", d["lectures"]
    yield "Fichiers de données", d["donnees"]
    yield "Autres sources", d["autres_sources"]
    yield "Cas de test", _lignes_des_cas(d["cas"])


def _fiche_chiffre(rapport: Rapport, c: Rapport) -> Iterator[_Rubrique]:
    yield f"{c['parametre']} : {_valeur_datee(c)}", [c["description"], c["fichier"]]
    sources = [f"{cite['source']} : {cite.get('title', '')}" for cite in c["references"]]
    yield f"Sources (lecture : {c['confiance'] or '–'})", sources
    yield "Dispositions", _lignes_des_dispositions(rapport, c["dispositions"])
    yield "Formules qui la lisent", _lignes_des_variables(rapport, c["variables"])
    yield "Cas de test de ces dispositions", _lignes_des_cas(c["cas"])


def _fiche_variable(rapport: Rapport, v: Rapport) -> Iterator[_Rubrique]:
    yield f"{v['variable']} ({v['lieu'] or '–'})", [v["label"]]
    yield "Dispositions", _lignes_des_dispositions(rapport, v["dispositions"])
    yield "Paramètres lus", v["parametres"]
    yield "Utilisée par", _lignes_des_variables(rapport, v["utilisee_par"])
    yield "Cas de test qui la vérifient", _lignes_des_cas(v["cas"])


def _fiche_lecture(rapport: Rapport, lecture: Rapport) -> Iterator[_Rubrique]:
    calculable = f"lectures.{lecture['id']}" if lecture["executable"] else "non calculable"
    yield (
        f"{lecture['id']} : {lecture['question']}",
        [
            f"Retenu : {en_phrase(lecture['retenue'])}.",
            f"Autre lecture ({calculable}) : {en_phrase(lecture['autre'])}.",
        ],
    )
    yield "Sources", lecture["sources"]
    yield "Formules qui la lisent", _lignes_des_variables(rapport, lecture["variables"])
    yield "Dispositions", _lignes_des_dispositions(rapport, lecture["dispositions"])
    yield "Cas de test", _lignes_des_cas(lecture["cas"])


def _fiche_donnees(rapport: Rapport, donnees: Rapport) -> Iterator[_Rubrique]:
    yield donnees["fichier"], ["Données de référence, sans calcul."]
    yield "Dispositions", _lignes_des_dispositions(rapport, donnees["dispositions"])


def _fiche_source(rapport: Rapport, source: Rapport) -> Iterator[_Rubrique]:
    yield source["id"], [source["titre"]]
    yield "Dispositions", _lignes_des_dispositions(rapport, source["dispositions"])
    yield "Paramètres qui la citent", source["parametres"]
    yield "Lectures qui la citent", source["lectures"]


def _fiche_cas(rapport: Rapport, cas: Rapport) -> Iterator[_Rubrique]:
    yield f"{cas['fichier']}:{cas['ligne']}", [cas["nom"]]
    yield "Dispositions", _lignes_des_dispositions(rapport, cas["dispositions"])
    yield "Variables vérifiées", _lignes_des_variables(rapport, cas["variables"])
    yield "Réformes", cas["reformes"]


_FICHES: dict[str, Callable[[Rapport, Rapport], Iterator[_Rubrique]]] = {
    "dispositions": _fiche_disposition,
    "parametres": _fiche_chiffre,
    "variables": _fiche_variable,
    "lectures": _fiche_lecture,
    "donnees": _fiche_donnees,
    "sources": _fiche_source,
    "cas": _fiche_cas,
}


def _valeur_datee(chiffre: Rapport) -> str:
    valeur = en_mots(chiffre["valeur"], chiffre["unite"])
    return f"{valeur} depuis le {jour(chiffre['depuis'])} ({', '.join(chiffre['lois'])})"


def _lignes_des_dispositions(rapport: Rapport, noms: list[str]) -> list[str]:
    enonces = {d["id"]: f"{d['enonce']} ({STATUTS[d['statut']]})" for d in rapport["dispositions"]}
    return [f"{nom} : {enonces.get(nom, 'inconnue')}" for nom in noms]


def _lignes_des_variables(rapport: Rapport, noms: list[str]) -> list[str]:
    lieux = {v["variable"]: v["lieu"] for v in rapport["variables"]}
    return [f"{nom} ({lieux.get(nom) or '–'})" for nom in noms]


def _lignes_des_cas(cas: list[Rapport]) -> list[str]:
    return [f"{c['fichier']}:{c['ligne']} : {c['nom']}" for c in cas]


# --- For spreadsheets -----------------------------------------------------------------------------

COLONNES = (
    "disposition",
    "source",
    "endroit",
    "statut",
    "genre",
    "nom",
    "depuis",
    "valeur",
    "lieu",
)


def en_csv(rapport: Rapport) -> str:
    """One row a link of a provision: to a figure, a variable, a reading, a file or a case."""
    fichiers = {(c["parametre"], c["depuis"]): c["fichier"] for c in rapport["parametres"]}
    texte = io.StringIO()
    table = csv.writer(texte, lineterminator="\n")
    table.writerow(COLONNES)
    for d in rapport["dispositions"]:
        for lien in _liens_d_une_disposition(d, fichiers):
            table.writerow([d["id"], d["source"], d["endroit"], d["statut"], *lien])
    return texte.getvalue()


def _liens_d_une_disposition(
    d: Rapport, fichiers: dict[tuple[str, str], str]
) -> Iterator[tuple[Any, ...]]:
    for c in d["parametres"]:
        cle = c["parametre"], c["depuis"]
        yield "parametre", *cle, _en_cellule(c["valeur"]), fichiers[cle]
    for v in d["variables"]:
        yield "variable", v["variable"], "", "", v["lieu"] or ""
    for nom in d["lectures"]:
        yield "lecture", nom, "", "", ""
    for nom in d["donnees"]:
        yield "donnees", nom, "", "", nom
    for cas in d["cas"]:
        yield "cas", cas["nom"], "", "", f"{cas['fichier']}:{cas['ligne']}"


def _en_cellule(valeur: Any) -> Any:
    return en_mots(valeur) if isinstance(valeur, bool) else valeur


# --- For the Web ----------------------------------------------------------------------------------


def en_html(rapport: Rapport) -> str:
    """A page in French that needs nothing but itself: no script, no other file."""
    ancres = _ancres(rapport)
    return page(
        "matrice.html",
        rapport=rapport,
        version=rapport["version"],
        ancre=lambda genre, nom: ancres.get((genre, nom)),
        part=_part,
        feuilles=_par_feuille(rapport["parametres"]),
        statuts=STATUTS,
        genres=GENRES,
        sans_cas=SANS_CAS,
        testees=TESTEES,
    )


def _ancres(rapport: Rapport) -> dict[tuple[str, Any], str]:
    """Anchor of each thing of the page, by kind and name; a table leads to its first figure."""
    ancres: dict[tuple[str, Any], str] = {}
    for genre, champ in NOMS.items():
        for rang, entree in enumerate(rapport[genre], start=1):
            if genre == "cas":
                ancres[genre, (entree["fichier"], entree["ligne"])] = f"cas-{rang}"
            else:
                ancres[genre, entree[champ]] = f"{genre}-{entree[champ]}"
    for chiffre in rapport["parametres"]:
        chemin = chiffre["parametre"]
        for table in au_dessus(chemin):
            ancres.setdefault(("parametres", table), f"parametres-{chemin}")
    return ancres


def _par_feuille(chiffres: list[Rapport]) -> dict[str, list[Rapport]]:
    feuilles: dict[str, list[Rapport]] = {}
    for chiffre in chiffres:
        feuilles.setdefault(chiffre["parametre"], []).append(chiffre)
    return feuilles
