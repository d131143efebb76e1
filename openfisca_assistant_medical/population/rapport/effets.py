"""Charts of what laws change: gains, readings, what draws tell."""

from openfisca_assistant_medical.affichage import insecable
from openfisca_assistant_medical.population.libelles import DIMENSIONS, argent
from openfisca_assistant_medical.population.rapport.mots import (
    classe,
    compte,
    lecture,
    millions,
    modalite,
    nombre,
    part,
)
from openfisca_assistant_medical.population.rapport.recit import Rapport, par_poids
from openfisca_assistant_medical.population.rapport.svg import COULEURS, figure
from openfisca_assistant_medical.population.rapport.traits import (
    LARGEUR,
    Graphique,
    barres,
    en_millions,
    habiller,
    rendre,
)

_AU_PLUS = 12  # readings drawn


def distribution(rapport: Rapport, loi: str, nom: str) -> Graphique | None:
    """Contracts by class of gain."""
    lignes = [ligne for ligne in rapport["tables"]["distribution"] if ligne["loi"] == loi]
    teintes = [li["classe"] if li["classe"] in COULEURS else "inchanges" for li in lignes]
    return barres(
        nom, "Contrats selon ce qu’ils gagnent ou perdent",
        "Nombre de contrats selon le gain ou la perte de chacun, sur toutes les années.",
        [classe(ligne, rapport["gain_minimal"]) for ligne in lignes],
        [ligne["contrats"] for ligne in lignes], compte, lambda rang: teintes[rang], "contrats",
        en_euros=False,
    )  # fmt: skip


def gains(rapport: Rapport, loi: str, dimension: str, nom: str) -> Graphique | None:
    """Mean gain by modality of a dimension."""
    lignes = [
        ligne
        for ligne in rapport["tables"]["gagnants_perdants"]
        if (ligne["loi"], ligne["dimension"], ligne["groupe"]) == (loi, dimension, "ensemble")
        and ligne["gain_moyen"] is not None
    ]
    titre = f"Gain moyen par contrat. {DIMENSIONS[dimension]}"
    valeurs = [ligne["gain_moyen"] for ligne in lignes]
    return barres(
        nom, titre, f"{titre}, en euros sur toutes les années.",
        [modalite(dimension, ligne["modalite"]) for ligne in lignes], valeurs,
        lambda valeur: argent(valeur, True),
        lambda rang: "gagnants" if valeurs[rang] >= 0 else "perdants",
        "euros par contrat, en moyenne",
    )  # fmt: skip


def lectures(rapport: Rapport, loi: str, nom: str) -> Graphique | None:
    """What the heaviest readings are worth."""
    lignes = [
        ligne
        for ligne in rapport["tables"]["lectures"]
        if ligne["loi"] == loi and round(ligne["ecart"] or 0)
    ]
    lignes = par_poids(lignes)[:_AU_PLUS]
    return barres(
        nom, "Ce que changerait l’autre réponse à chaque point douteux",
        "Aide due sous l’autre réponse moins aide due sous celle retenue, sur toutes les années, "
        "sous la variante.",
        [insecable(lecture(ligne["lecture"], loi)["question"]) for ligne in lignes],
        [ligne["ecart"] / 1e6 for ligne in lignes],
        lambda valeur: f"{'+' if valeur > 0 else ''}{nombre(valeur, 2 if abs(valeur) < 1 else 1)}",
        lambda _: "lecture", "millions d’euros",
    )  # fmt: skip


def intervalles(rapport: Rapport, loi: str, nom: str) -> Graphique | None:
    """Nine draws out of ten, by year."""
    lignes = [
        ligne
        for ligne in rapport["tables"]["intervalles"]
        if (ligne["loi"], ligne["grandeur"], ligne["difference"]) == (loi, "aide_due", True)
        and ligne["annee"] is not None
    ]
    if not lignes:
        return None
    with figure(LARGEUR, 0.9 + 0.32 * len(lignes)) as dessin:
        axes = dessin.add_subplot()
        places = list(range(len(lignes)))[::-1]
        for place, ligne in zip(places, lignes, strict=True):
            axes.plot(
                [ligne["bas"], ligne["haut"]], [place, place], linewidth=5, alpha=1,
                color=COULEURS["lecture"], solid_capstyle="butt",
            )  # fmt: skip
        axes.plot(
            [ligne["mediane"] for ligne in lignes], places, linestyle="none", marker="D",
            markersize=6, markerfacecolor=COULEURS["papier"], markeredgecolor=COULEURS["encre"],
        )  # fmt: skip
        axes.axvline(0, color=COULEURS["encre"], linewidth=0.9)
        axes.margins(x=0.08, y=0.2)
        habiller(axes, horizontal=True)
        en_millions(axes.xaxis)
        axes.set_xlabel("millions d’euros, variante moins référence")
        axes.set_yticks(places, [str(ligne["annee"]) for ligne in lignes])
        dits = [
            f"{li['annee']} : de {millions(li['bas'], True)} à {millions(li['haut'], True)}"
            for li in lignes
        ]
        return rendre(
            dessin, nom, "Écart d’aide due, neuf tirages sur dix",
            "Écart d’aide due (variante moins référence) : neuf tirages sur dix sont dans la "
            "barre, le losange est la médiane.",
            " ; ".join(dits) + ".",
        )  # fmt: skip


def variance(rapport: Rapport, loi: str, nom: str) -> Graphique | None:
    """What each assumption explains of the gap."""
    lignes = [
        ligne
        for ligne in rapport["tables"]["variance"]
        if (ligne["loi"], ligne["grandeur"], ligne["difference"]) == (loi, "aide_due", True)
        and ligne["part"] is not None
    ]
    lignes = sorted(lignes, key=lambda ligne: -ligne["part"])
    return barres(
        nom, "D’où vient l’incertitude de l’écart",
        "Part de la variance de l’écart d’aide due que chaque hypothèse explique seule.",
        [rapport["roles"].get(ligne["hypothese"], ligne["hypothese"]) for ligne in lignes],
        [ligne["part"] for ligne in lignes], lambda valeur: part(round(valeur, 2)),
        lambda _: "lecture", "", en_euros=False,
    )  # fmt: skip
