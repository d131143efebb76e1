"""What a report says in sentences: what was compared, what comes out of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.affichage import insecable, majuscule, minuscule, suite
from openfisca_assistant_medical.lois import ReformeInconnue, execute_du_code, trouver_reforme
from openfisca_assistant_medical.population.libelles import CERTITUDES, GRANDEURS, argent
from openfisca_assistant_medical.population.rapport.mots import (
    chiffre,
    compte,
    dire,
    lecture,
    millions,
    part,
)
from openfisca_assistant_medical.population.rapport.provenance import abreger
from openfisca_assistant_medical.population.rapport.publication import ordre_des_certitudes
from openfisca_assistant_medical.population.secret import AUTRES

Rapport = dict[str, Any]


# --- What was compared ----------------------------------------------------------------------------


def lois(description: Rapport, fiche: Rapport | None) -> list[Rapport]:
    """Laws of a report, each with its part in it, its title, its reforms and what files say."""
    inscrites = {loi["id"]: loi for loi in (fiche or {}).get("lois", [])}
    noms = description["lois"]
    plusieurs = len(noms) > 2
    return [
        {
            "id": nom,
            "role": "Référence" if not rang else f"Variante {rang}" if plusieurs else "Variante",
            "titre": _titre(nom, inscrites.get(nom)),
            "reformes": inscrites.get(nom, {}).get("reformes", []),
            "fichiers": [_fichier(*f) for f in inscrites.get(nom, {}).get("fichiers", {}).items()],
        }
        for rang, nom in enumerate(noms)
    ]


def _titre(nom: str, inscrite: Rapport | None) -> str:
    titre = nom if inscrite is None else str(inscrite["titre"])
    return majuscule(titre)


def _fichier(nom: str, empreinte: str) -> Rapport:
    """A reform that is a file: what it changes, if it still is the one that was computed."""
    lu: Rapport = {
        "nom": Path(nom).name,
        "empreinte": abreger(empreinte),
        "inchange": False,
        "titre": None,
        "description": None,
        "valeurs": [],
    }
    try:  # what the record names may be anyone's: no file of reform is found by running code
        classe = None if execute_du_code(nom) else trouver_reforme(nom)
    except ReformeInconnue:
        return lu
    if classe is None or getattr(classe, "empreinte", None) != empreinte:
        return lu
    contenu = classe.contenu
    return {
        **lu,
        "inchange": True,
        "titre": contenu.titre,
        "description": contenu.description,
        "valeurs": [
            {
                "parametre": valeur.chemin,
                "libelle": chiffre(valeur.chemin),
                "date": valeur.jour,
                "valeur": valeur.valeur,
                "hypothese": bool(valeur.hypothese),
            }
            for valeur in contenu.valeurs
        ],
    }


# --- What comes out of it -------------------------------------------------------------------------


def grandeurs(rapport: Rapport) -> list[str]:
    """Amounts told by certainty: what is due, and what is paid where it is not left out."""
    return [nom for nom in GRANDEURS if nom not in rapport["tues"]]


def phrases(rapport: Rapport) -> list[Rapport]:
    """The main figures: `{"loi", "titre", "textes": [text]}` for each law but the first."""
    return [
        {"loi": loi["id"], "titre": f"{loi['role']} : {loi['titre']}", "textes": dits}
        for loi in rapport["lois"][1:]
        if (dits := [insecable(texte) for texte in _phrases(rapport, loi["id"])])
    ]


def _phrases(rapport: Rapport, loi: str) -> Iterator[str]:
    reference, tables = rapport["lois"][0]["id"], rapport["tables"]
    couts = tables["cout_par_annee"]
    total = {
        (nom, montant): sum(ligne[montant] for ligne in couts if ligne["loi"] == nom)
        for nom in (reference, loi)
        for montant in grandeurs(rapport)
    }
    quand = f"Sur {suite(rapport['annees'])}"
    yield _ecart(quand, "l’aide due", total[reference, "aide_due"], total[loi, "aide_due"])
    yield _partage(rapport, loi)
    if "depense" in grandeurs(rapport):
        yield _ecart("Dans les mêmes années civiles, ce qui est versé", "",
                     total[reference, "depense"], total[loi, "depense"])  # fmt: skip
    yield from _gagnants(rapport, loi)
    yield from _lecture_la_plus_lourde(rapport, loi)
    yield from _intervalle(rapport, loi)


def _ecart(quand: str, quoi: str, avant: float, apres: float) -> str:
    sujet = f"{quand}, {quoi}" if quoi else quand
    if round(apres - avant) == 0:
        return f"{sujet} ne change pas : {millions(avant)}."
    sens = "augmente" if apres > avant else "diminue"
    ecart = abs(apres - avant) / avant if avant > 0 else 0.0
    relatif = f", soit {part(ecart)}" if round(ecart, 4) else ""
    return (
        f"{sujet} {sens} de {millions(abs(apres - avant))}{relatif} : "
        f"{millions(avant)} sous la référence, {millions(apres)} sous la variante."
    )


def repartition(rapport: Rapport, loi: str, montant: str, difference: bool) -> Rapport:
    """An amount by year, with its split by certainty.

    Args:
        rapport: with its tables.
        loi: id of the law.
        montant: a column of `certitude`.
        difference: that of the law minus that of the reference.

    Returns:
        `{"certitudes": [name], "titres": [words], "lignes": [{"annee", "total", "parts": [one a
        certainty]}]}`; the last row, where there are several years, is their sum (`annee` null).
    """
    lignes = rapport["tables"]["certitude"]
    certitudes = ordre_des_certitudes(lignes)
    signes = {rapport["lois"][0]["id"]: -1} if difference else {}
    signes[loi] = 1
    sommes: dict[Any, dict[str, float]] = {}
    for ligne in lignes:
        for annee in (ligne["annee"], None):
            parts = sommes.setdefault(annee, dict.fromkeys(certitudes, 0.0))
            parts[ligne["certitude"]] += signes.get(ligne["loi"], 0) * ligne[montant]
    ensemble = [sommes.pop(None)] if sommes else []
    annees = [(annee, sommes[annee]) for annee in sorted(sommes, key=str)]
    if len(annees) > 1:
        annees += [(None, parts) for parts in ensemble]
    return {
        "certitudes": certitudes,
        "titres": dire(CERTITUDES, certitudes),
        "lignes": [
            {"annee": annee, "total": sum(parts.values()), "parts": list(parts.values())}
            for annee, parts in annees
        ],
    }


def _partage(rapport: Rapport, loi: str) -> str:
    ecarts = repartition(rapport, loi, "aide_due", difference=True)
    parties = [
        f"{minuscule(titre)}, {millions(part, True)}"
        for titre, part in zip(ecarts["titres"], ecarts["lignes"][-1]["parts"], strict=True)
        if round(part)
    ]
    return f"De cet écart : {' ; '.join(parties)}." if parties else "Aucun montant n’y change."


def _gagnants(rapport: Rapport, loi: str) -> Iterator[str]:
    siens = {
        ligne["groupe"]: ligne
        for ligne in rapport["tables"]["gagnants_perdants"]
        if (ligne["loi"], ligne["dimension"]) == (loi, "ensemble")
    }
    tous = siens["ensemble"]["contrats"]
    if "gagnants" not in siens:
        yield (
            f"En moyenne, un contrat gagne {argent(siens['ensemble']['gain_moyen'], True)}. Un "
            f"groupe de gagnants ou de perdants de moins de {rapport['seuil']} contrats est fondu "
            "dans un autre."
        )
        return
    dits = []
    for nom, verbe in (("gagnants", "gagnent"), ("perdants", "perdent")):
        groupe = siens.get(nom)
        if groupe is not None and groupe["contrats"]:
            dits.append(
                f"{compte(groupe['contrats'])} contrats sur {compte(tous)} "
                f"({part(groupe['contrats'] / tous)}) {verbe}, "
                f"{argent(abs(groupe['gain_moyen']))} en moyenne"
                + ("" if groupe["gain_median"] is None
                   else f", {argent(abs(groupe['gain_median']))} pour le contrat médian")
            )  # fmt: skip
        elif groupe is not None:
            dits.append(f"aucun contrat ne {'gagne' if nom == 'gagnants' else 'perd'}")
    inchanges = siens.get("inchanges")
    if inchanges is not None:
        dits.append(f"{compte(inchanges['contrats'])} sont inchangés")
    elif AUTRES in siens:
        dits.append(f"{compte(siens[AUTRES]['contrats'])} perdent ou sont inchangés")
    yield f"{majuscule(' ; '.join(dits))}."
    yield from _gains_connus(rapport, loi)


def _gains_connus(rapport: Rapport, loi: str) -> Iterator[str]:
    """How many gains and losses are sure; of both together, where they are not told apart."""
    groupes: dict[str, dict[str, float]] = {}
    for ligne in rapport["tables"]["certitude_des_gains"]:
        if ligne["loi"] == loi:
            groupes.setdefault(ligne["groupe"], {})[ligne["certitude"]] = ligne["contrats"]
    dits = list[str]()
    for nom, quoi in (("gagnants", "gains"), ("perdants", "pertes"), ("ensemble", "écarts")):
        sien = groupes.get(nom, {})
        if "connu" not in sien or not sum(sien.values()) or (nom == "ensemble" and dits):
            continue
        feminin = "e" if quoi == "pertes" else ""
        connus = f"{compte(sien['connu'])} sont connu{feminin}s"
        if not sien["connu"]:
            connus = f"aucun{feminin} n’est connu{feminin}"
        dits.append(f"sur {compte(sum(sien.values()))} {quoi}, {connus}")
    if dits:
        yield (
            f"{majuscule(' ; '.join(dits))}. Pour le reste, il manque une information sous l’une "
            "des deux lois."
        )


def _lecture_la_plus_lourde(rapport: Rapport, loi: str) -> Iterator[str]:
    siennes = [
        ligne
        for ligne in rapport["tables"]["lectures"]
        if ligne["loi"] == loi and round(ligne["ecart"] or 0)
    ]
    if siennes:
        plus = max(siennes, key=lambda ligne: abs(ligne["ecart"]))
        question = lecture(plus["lecture"], loi)["question"]
        yield (
            f"Le point douteux qui pèse le plus sous la variante : « {question} » Son autre "
            f"réponse changerait l’aide due de {millions(plus['ecart'], True)}."
        )


def _intervalle(rapport: Rapport, loi: str) -> Iterator[str]:
    for ligne in rapport["tables"]["intervalles"]:
        cle = ligne["loi"], ligne["annee"], ligne["grandeur"], ligne["difference"]
        if cle == (loi, None, "aide_due", True):
            yield (
                "Quand ce qui n’est pas connu est tiré au hasard, neuf tirages sur dix placent "
                f"l’écart d’aide due entre {millions(ligne['bas'], True)} et "
                f"{millions(ligne['haut'], True)}."
            )


# --- Small words ----------------------------------------------------------------------------------


def appellation(loi: Rapport) -> str:
    """A law in a caption: its part, then its title."""
    return f"{loi['role']} ({minuscule(loi['titre'])})"


def role(rapport: Rapport, loi: str) -> str:
    """The part of a law in a report."""
    return next((str(nom["role"]) for nom in rapport["lois"] if nom["id"] == loi), loi)


def par_poids(lectures: list[Rapport]) -> list[Rapport]:
    """Readings, the heaviest first."""
    return sorted(lectures, key=lambda ligne: -abs(ligne["ecart"]))
