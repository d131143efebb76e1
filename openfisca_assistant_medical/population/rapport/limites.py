"""What a report stands on, how it keeps statistical secrecy, and what it cannot say."""

from openfisca_assistant_medical.affichage import jour
from openfisca_assistant_medical.population.cellules import DIMENSIONS as DIMENSIONS_DES_GAINS
from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.incertitude import Hypothese
from openfisca_assistant_medical.population.libelles import DIMENSIONS
from openfisca_assistant_medical.population.rapport.recit import Rapport
from openfisca_assistant_medical.population.secret import AUTRES, TOTAL

_SYNTHETIQUE = (
    "La population est synthétique : aucun de ces contrats n’existe, et aucun montant n’est celui "
    "de la dépense réelle. Elle ne sert qu’à comparer des lois entre elles."
)
_SANS_LECTURES = (
    "Les autres lectures des points douteux n’ont pas été calculées : « De droit » en dépend aussi."
)
_TOUJOURS = (
    (
        "Les contrats sont donnés : une loi plus ou moins généreuse ne fait ici ni signer, ni "
        "partir, ni changer d’option, et ne change pas la patientèle."
    ),
    (
        "« Inconnu » est versé en entier, ou au plancher, faute d’information : ce n’est pas ce "
        "qui sera versé, mais ce que la loi suppose en attendant."
    ),
    (
        "L’écart d’une certitude est celui des montants qui en relèvent sous chaque loi : un "
        "contrat qui passe d’une certitude à l’autre fait baisser l’une et monter l’autre."
    ),
    (
        "Les lectures ne s’additionnent pas : chacune est changée seule, les autres restant ce "
        "qu’elles sont, et plusieurs peuvent toucher le même contrat."
    ),
    (
        "Aucun texte officiel de l’aide n’a pu être lu en entier : les chiffres de la loi viennent "
        "des documents cités par le modèle, avec leur degré de confiance."
    ),
)


def hypotheses(rapport: Rapport, tirees: list[Hypothese]) -> list[Rapport]:
    """Groups of assumptions: `{"titre", "texte", "lignes": [{"quoi" or None, "pourquoi"}]}`."""
    groupes = []
    chiffres = [
        {
            "quoi": f"{v['libelle']} ({v['parametre']}), au {jour(v['date'])}",
            "pourquoi": f"Réforme « {f['titre']} ».",
        }
        for loi in rapport["lois"]
        for f in loi["fichiers"]
        for v in f["valeurs"]
        if v["hypothese"]
    ]
    if chiffres:
        uniques = list({ligne["quoi"]: ligne for ligne in chiffres}.values())
        groupes.append(
            {
                "titre": "Chiffres des réformes",
                "texte": "Écrits pour ce calcul ; aucun texte ne les donne.",
                "lignes": uniques,
            }
        )
    if rapport["synthetique"]:
        groupes.append(
            {
                "titre": "Population synthétique",
                "texte": "Ce que rien de publié ne donne, et qui est supposé pour engendrer les "
                "contrats. Le reste est calé sur ce qui est publié.",
                "lignes": [
                    {"quoi": None, "pourquoi": contenu["pourquoi"].strip()}
                    for contenu in lire_hypotheses().values()
                    if isinstance(contenu, dict) and contenu.get("hypothese")
                ],
            }
        )
    if tirees:
        groupes.append(
            {
                "titre": "Tirages",
                "texte": "Ce que les tirages supposent de ce qui n’est pas connu.",
                "lignes": [{"quoi": h.libelle, "pourquoi": h.pourquoi.strip()} for h in tirees],
            }
        )
    return groupes


def limites(rapport: Rapport) -> list[str]:
    """What the figures cannot say."""
    return [
        *([_SYNTHETIQUE] if rapport["synthetique"] else []),
        *_TOUJOURS,
        *([] if rapport["lectures_calculees"] else [_SANS_LECTURES]),
    ]


_TUES = {
    "aide_perdue": (
        "L’aide maximale et l’aide perdue ne sont données sous aucune loi : au total ou dans une "
        "case que rien ne peut rejoindre, l’une des deux ne change d’une loi à l’autre que pour "
        "moins de {seuil} contrats, et, avec l’aide due, chacune donne l’autre."
    ),
    "depense": (
        "Ce qui est versé n’est donné sous aucune loi : au total ou dans une case que rien ne peut "
        "rejoindre, il ne change d’une loi à l’autre que pour moins de {seuil} contrats."
    ),
}


def secret(rapport: Rapport) -> list[str]:
    """How statistical secrecy was kept, in this report."""
    seuil = rapport["seuil"]
    if seuil == 1:
        return ["Aucun secret statistique : le seuil est de 1 contrat. Ne pas diffuser."]
    regle = (
        f"Aucune case ne repose sur moins de {seuil} contrats ; les modalités trop petites sont "
        f"regroupées, de la même façon dans toutes les tables, sous « {AUTRES} ». L’écart de deux "
        "lois dans une case ne repose pas non plus sur moins de contrats. Le nombre de lignes est "
        f"arrondi au multiple de {seuil} inférieur."
    )
    dits = [regle, *(_TUES[nom].format(seuil=seuil) for nom in rapport["tues"] if nom in _TUES)]
    gains = rapport["tables"]["gagnants_perdants"]
    detailles = {ligne["dimension"] for ligne in gains if ligne["groupe"] != TOTAL}
    absents = [DIMENSIONS[c].lower() for c in DIMENSIONS_DES_GAINS if c not in (*detailles, TOTAL)]
    if not gains or not absents:
        return dits
    return [
        *dits,
        (
            "Gagnants et perdants ne sont pas comptés dans le détail de : "
            f"{', '.join(absents)} ; des cases auraient moins de {seuil} contrats. Le gain moyen "
            "et le gain médian y sont."
        ),
    ]
