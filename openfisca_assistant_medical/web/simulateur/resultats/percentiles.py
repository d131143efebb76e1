"""The counts of a doctor, and the published percentiles of their speciality on the signature."""

from typing import Any

from openfisca_core.parameters import Parameter

from openfisca_assistant_medical.tracabilite.explication.restitution import CONFIANCES

COMPTES = {
    "pmt": ("PMT", "patientèle médecin traitant", "patientele_mt_initiale"),
    "pfa": ("PFA", "file active", "file_active_initiale"),
}


def comptes(situation: dict[str, Any], systeme: Any) -> list[dict[str, Any]]:
    """The two counts: `[{"compte", "sigle", "nom", "depart", "declaree", "percentiles", …}]`.

    `depart` is None where it is not given; `declaree`, the band that the CPAM told, or None;
    `percentiles`, `{"p30": patients}`, those that are published, in rising order; `manquants`,
    the names of the others; `confiances`, how far their sources were read, in words; `activite`,
    whether the minimum activity is measured on this count.

    Args:
        situation: of one doctor, in its canonical form.
        systeme: the law whose percentiles are read.
    """
    jour, specialite = (situation[nom]["ETERNITY"] for nom in ("date_signature", "specialite"))
    return [
        {
            "compte": compte,
            "sigle": sigle,
            "nom": nom,
            "depart": _donne(situation, variable, -1),
            "declaree": _donne(situation, f"tranche_{compte}_declaree", "non_declaree"),
            "activite": _mesure_l_activite(systeme, compte, specialite, jour),
            **_publies(systeme, compte, specialite, jour),
        }
        for compte, (sigle, nom, variable) in COMPTES.items()
    ]


def _donne(situation: dict[str, Any], variable: str, inconnu: Any) -> Any:
    valeur = situation.get(variable, {}).get("ETERNITY")
    return None if valeur == inconnu else valeur


def _mesure_l_activite(systeme: Any, compte: str, specialite: str, jour: str) -> bool:
    retenus = systeme.parameters.patientele.compte_retenu.children[f"activite_{compte}"].children
    datee = _en_vigueur(retenus.get(specialite, retenus["par_defaut"]), jour)
    return datee is not None and bool(datee.value)


def _publies(systeme: Any, compte: str, specialite: str, jour: str) -> dict[str, Any]:
    """Percentiles of a speciality in force on a day, and how far their sources were read."""
    valeurs: dict[str, int] = {}
    confiances: dict[str, None] = {}
    table = systeme.parameters.patientele.children[compte]
    for nom, noeud in sorted(table.children.items(), key=lambda enfant: int(enfant[0][1:])):
        feuille = noeud.children.get(specialite)
        datee = _en_vigueur(feuille, jour) if isinstance(feuille, Parameter) else None
        if datee is not None and datee.value is not None:
            valeurs[nom] = datee.value
            confiance = feuille.metadata.get("confiance", {}).get(datee.instant_str)
            if confiance in CONFIANCES and confiance != "integral":
                confiances[CONFIANCES[confiance]] = None
    manquants = [nom for nom in sorted(table.children) if nom not in valeurs]
    return {"percentiles": valeurs, "manquants": manquants, "confiances": list(confiances)}


def _en_vigueur(feuille: Parameter, jour: str) -> Any:
    """The dated value that holds on a day; None before the first."""
    return next((v for v in feuille.values_list if v.instant_str <= jour), None)
