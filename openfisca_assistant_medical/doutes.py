"""A doubtful point of the law, told: the question, both answers, and the sources of each."""

from collections.abc import Iterable
from typing import Any

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.reforms.lectures import ENTREE, entree_en_vigueur_2024


def presenter(systeme: Any, lecture: str) -> dict[str, Any]:
    """A doubtful point: question, both answers, sources of each.

    Where a reform already takes the alternative, it is the answer retained.
    """
    inscrite = textes.lectures().get(lecture)
    if inscrite is not None:
        retenue, autre = inscrite.lecture, inscrite.alternative
        sources, contraires = inscrite.sources, inscrite.sources_de_l_autre
        if lecture == ENTREE and _avancee(systeme):
            retenue, autre, sources, contraires = autre, retenue, contraires, sources
        return _fiche(lecture, inscrite.question, retenue, autre, sources, contraires)
    parametre = systeme.parameters.lectures.children[lecture]
    metadonnees, mots = parametre.metadata, parametre.metadata.get("valeurs", {})
    valeur, autre_valeur = _premiere(parametre), metadonnees["alternative"]
    cites = [r for references in metadonnees["reference"].values() for r in references]
    cotes = [cites, metadonnees.get("sources_de_l_autre", [])]
    if valeur == autre_valeur:
        cotes.reverse()
        while valeur == autre_valeur:
            systeme = systeme.baseline
            autre_valeur = _premiere(systeme.parameters.lectures.children[lecture])
    reponses = (mots.get(v) or en_mots(v) for v in (valeur, autre_valeur))
    titres = (dict.fromkeys(r["title"] for r in cote) for cote in cotes)
    return _fiche(lecture, parametre.description, *reponses, *titres)


def _fiche(
    lecture: str,
    question: str,
    retenue: str,
    autre: str,
    sources: Iterable[str],
    sources_de_l_autre: Iterable[str],
) -> dict[str, Any]:
    return {
        "id": lecture,
        "question": question,
        "retenue": retenue,
        "autre": autre,
        "sources": list(sources),
        "sources_de_l_autre": list(sources_de_l_autre),
    }


def _avancee(systeme: Any) -> bool:
    """Whether a reform already lays the convention a day earlier."""
    while hasattr(systeme, "baseline"):
        if isinstance(systeme, entree_en_vigueur_2024):
            return True
        systeme = systeme.baseline
    return False


def _premiere(parametre: Any) -> Any:
    return next((v.value for v in parametre.values_list if v.value is not None), None)
