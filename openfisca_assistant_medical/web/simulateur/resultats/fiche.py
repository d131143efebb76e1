"""The worksheet for the meeting with the CPAM: what is known, lines to fill, questions to ask."""

from typing import Any

from openfisca_assistant_medical.affichage import en_mots
from openfisca_assistant_medical.textes import reserves
from openfisca_assistant_medical.web.simulateur.champs import champs, trouver
from openfisca_assistant_medical.web.simulateur.lecture import genre, lire
from openfisca_assistant_medical.web.simulateur.saisie import Saisie

_REFUS = (
    "La caisse retient-elle le même motif de refus, et à quelle condition le contrat pourrait-il "
    "être signé ?"
)
# Questions of every meeting, by the reserves of the register that they would lift.
_TOUJOURS = (
    ("eligibilite_connue", "Quelle tranche de patientèle la caisse retient-elle à la signature ?"),
    (
        "objectif_pmt_connu",
        "Quel objectif de PMT (patientèle médecin traitant) écrit-elle au contrat ?",
    ),
    ("objectif_pfa_connu", "Quel objectif de PFA (file active) écrit-elle au contrat ?"),
    ("resultats_connus", "Quelles patientèles a-t-elle observées, et pour quelle période ?"),
    ("part_aide_hypothese", "Quelle table de modulation est annexée au contrat ?"),
)


def questions(resultat: dict[str, Any]) -> list[dict[str, Any]]:
    """`[{"question", "pourquoi", "pese"}]`: those that weigh on this contract first.

    Args:
        resultat: as `resultats.preparer` gives it.
    """
    par_variable = {reserve.variable: reserve for reserve in reserves()}
    dites = {inconnu["texte"] for inconnu in resultat["inconnus"]}
    toutes = []
    for variable, question in _a_poser(resultat):
        texte = par_variable[variable].texte
        pese = texte in dites
        toutes.append({"question": question, "pourquoi": texte if pese else "", "pese": pese})
    toutes.sort(key=lambda ligne: not ligne["pese"])
    if resultat["verdict"]["etat"] == "non":
        toutes.insert(0, {"question": _REFUS, "pourquoi": "", "pese": True})
    return toutes


def _a_poser(resultat: dict[str, Any]) -> list[tuple[str, str]]:
    """Those that this contract raises: none on targets, where there are none."""
    verdict = resultat["verdict"]
    if verdict["etat"] == "non":
        return [_TOUJOURS[0]] if verdict["motif"] == "patientele_insuffisante" else []
    sans = {f"objectif_{c}_connu" for c in ("pmt", "pfa")} - {
        f"objectif_{compte['sigle'].lower()}_connu" for compte in resultat["objectifs"]
    }
    return [(variable, question) for variable, question in _TOUJOURS if variable not in sans]


def donnees(saisie: Saisie) -> list[tuple[str, str]]:
    """(label, value in words) of what was typed, in the order of the form.

    Args:
        saisie: a form whose fields can all be read.
    """
    rangs = {nom: rang for rang, nom in enumerate(champs())}
    lignes = []
    for nom, texte in saisie.items():
        trouve = trouver(nom)
        if trouve is not None:
            champ, annee = trouve
            label = f"{champ.variable.label}{f' ({annee})' if annee else ''}"
            lignes.append(((rangs[champ.nom], annee or 0), label, _en_mots(champ.variable, texte)))
    return [(label, valeur) for _, label, valeur in sorted(lignes)]


def _en_mots(variable: Any, texte: str) -> str:
    valeur = lire(variable, texte)
    if genre(variable) == "liste":
        return str(variable.possible_values[valeur].value)
    return en_mots(valeur, variable.unit)
