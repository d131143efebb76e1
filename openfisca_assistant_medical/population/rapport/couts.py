"""Charts of what laws cost: by year and certainty, by month."""

from openfisca_assistant_medical.population.libelles import GRANDEURS
from openfisca_assistant_medical.population.rapport.mots import millions, mois, nombre
from openfisca_assistant_medical.population.rapport.recit import Rapport, repartition, role
from openfisca_assistant_medical.population.rapport.svg import COULEURS, figure
from openfisca_assistant_medical.population.rapport.traits import (
    LARGEUR,
    Graphique,
    empiler,
    en_millions,
    habiller,
    legender,
    rendre,
)
from openfisca_assistant_medical.population.secret import AUTRES

_TRAITS = ("--", "-", "-.", ":")


def couts(rapport: Rapport, montant: str) -> Graphique | None:
    """An amount by year and law, piled by certainty."""
    lois = rapport["lois"]
    par_loi = [repartition(rapport, loi["id"], montant, difference=False) for loi in lois]
    annees = [ligne["annee"] for ligne in par_loi[0]["lignes"] if ligne["annee"] is not None]
    if not annees:
        return None
    largeur = 0.8 / len(lois)
    places, piles, marques, dits = [], [], [], []
    for rang, annee in enumerate(annees):
        for place, (loi, cout) in enumerate(zip(lois, par_loi, strict=True)):
            places.append(rang + (place - (len(lois) - 1) / 2) * largeur)
            piles.append(cout["lignes"][rang]["parts"])
            marques.append(_marque(loi["role"]))
            total = millions(cout["lignes"][rang]["total"])
            dits.append(f"{annee}, {loi['role'].lower()} : {total}")
    with figure(LARGEUR, 3.3) as dessin:
        axes = dessin.add_subplot()
        empiler(axes, places, piles, par_loi[0]["certitudes"], largeur * 0.88)
        habiller(axes)
        en_millions(axes.yaxis)
        axes.set_ylabel("millions d’euros")
        axes.set_xticks(places, marques, fontsize=8)
        for rang, annee in enumerate(annees):
            axes.annotate(
                str(annee), (rang, 0), xytext=(0, -17), textcoords="offset points", ha="center",
                va="top", xycoords=axes.get_xaxis_transform(), color=COULEURS["encre"],
                fontweight="bold", annotation_clip=False,
            )  # fmt: skip
        axes.set_xlabel(" ", labelpad=8)
        legender(axes, 2)
        lettres = "R : référence ; V : variante" if len(lois) > 1 else "R : cette loi"
        return rendre(
            dessin, f"cout-{montant}", f"{GRANDEURS[montant]}, selon la certitude",
            f"{GRANDEURS[montant]}, sous chaque loi ({lettres}) et selon la certitude.",
            " ; ".join(dits) + ".",
        )  # fmt: skip


def _marque(role: str) -> str:
    """« V2 » for « Variante 2 »."""
    return role[0] + role.partition(" ")[2]


def ecarts(rapport: Rapport, loi: str, montant: str, nom: str) -> Graphique | None:
    """An amount under a law minus the same under the reference, piled by certainty."""
    par_annee = repartition(rapport, loi, montant, difference=True)
    lignes = [ligne for ligne in par_annee["lignes"] if ligne["annee"] is not None]
    if not lignes:
        return None
    with figure(LARGEUR, 3.1) as dessin:
        axes = dessin.add_subplot()
        places = list(range(len(lignes)))
        empiler(axes, places, [li["parts"] for li in lignes], par_annee["certitudes"], 0.5)
        axes.plot(
            places, [ligne["total"] for ligne in lignes], linestyle="none", marker="D",
            markersize=6, label="Total", markerfacecolor=COULEURS["papier"],
            markeredgecolor=COULEURS["encre"], markeredgewidth=1.6,
        )  # fmt: skip
        for place, ligne in zip(places, lignes, strict=True):
            axes.annotate(
                nombre(ligne["total"] / 1e6, 1), (place + 0.3, ligne["total"]), va="center",
                ha="left", color=COULEURS["encre"], fontweight="bold",
            )  # fmt: skip
        axes.axhline(0, color=COULEURS["encre"], linewidth=0.9)
        axes.set_xlim(-0.5, len(lignes) - 0.2)
        habiller(axes)
        en_millions(axes.yaxis)
        axes.set_ylabel("millions d’euros")
        axes.set_xticks(places, [str(ligne["annee"]) for ligne in lignes])
        legender(axes, 3)
        return rendre(
            dessin, nom, f"{role(rapport, loi)} moins référence. {GRANDEURS[montant]}",
            f"{role(rapport, loi)} moins référence. {GRANDEURS[montant]}, selon la "
            "certitude ; le losange est le total.",
            " ; ".join(f"{li['annee']} : {millions(li['total'], True)}" for li in lignes) + ".",
        )  # fmt: skip


def par_mois(rapport: Rapport) -> Graphique | None:
    """What is paid each month, a line a law."""
    lignes = [ligne for ligne in rapport["tables"]["cout_par_mois"] if ligne["mois"] != AUTRES]
    noms = sorted({ligne["mois"] for ligne in lignes})
    if len(noms) < 2:
        return None
    with figure(LARGEUR, 2.9) as dessin:
        axes = dessin.add_subplot()
        for rang, loi in enumerate(rapport["lois"]):
            siens = {li["mois"]: li["depense"] for li in lignes if li["loi"] == loi["id"]}
            axes.plot(
                [noms.index(m) for m in siens], list(siens.values()), label=loi["role"],
                linestyle=_TRAITS[rang % len(_TRAITS)], linewidth=1.6,
                color=COULEURS["variante" if rang else "reference"],
            )  # fmt: skip
        habiller(axes)
        en_millions(axes.yaxis)
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.set_ylabel("millions d’euros par mois")
        janviers = [m for m in noms if m.endswith("-01")]
        axes.set_xticks([noms.index(m) for m in janviers], [mois(m) for m in janviers])
        legender(axes, 3)
        return rendre(
            dessin, "mois", "Versé par mois", "Versé par mois, récupérations déduites.",
            f"De {mois(noms[0])} à {mois(noms[-1])}, une courbe par loi ; la table donne chaque "
            "mois.",
        )  # fmt: skip
