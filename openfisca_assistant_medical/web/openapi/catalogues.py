"""Schemas of what describes a law, of the states of the service, and of errors."""

from typing import Any

from openfisca_assistant_medical.web.openapi.formes import (
    ADRESSE,
    JOUR_ISO,
    TEXTE,
    TEXTE_OU_RIEN,
    Schema,
    liste,
    nommee,
    objet,
    ou_rien,
    par_nom,
)

_VALEUR: Schema = {"type": ["number", "boolean", "string", "null"]}


def schemas(systeme: Any, lois: list[str]) -> dict[str, Schema]:
    """Schemas by name.

    Args:
        systeme: a law, for its names.
        lois: keys of the laws.
    """
    references = liste(
        objet("Une source.", ("href", "source"), title=TEXTE, href=ADRESSE, source=TEXTE)
    )
    metadonnees = {
        "type": "object",
        "description": "Unité, sources par date (reference), jusqu’où la source a été lue par date "
        "(confiance), dispositions et lectures qui en parlent.",
        "properties": {
            "unit": TEXTE,
            "reference": par_nom(references, JOUR_ISO),
            "confiance": par_nom(nommee("Explication_confiance"), JOUR_ISO),
            "last_value_still_valid_on": JOUR_ISO,
            "dispositions": {
                "oneOf": [liste(TEXTE), par_nom(liste(TEXTE), JOUR_ISO)],
                "description": "Par date pour un chiffre, d’un bloc pour une table.",
            },
            "lectures": liste(TEXTE),
        },
        "required": ["dispositions", "lectures"],
    }
    parametre = objet(
        "Un chiffre du droit (values) ou une table (subparams).",
        ("documentation", "values", "subparams"),
        id=TEXTE,
        description=TEXTE_OU_RIEN,
        documentation=TEXTE,
        metadata=metadonnees,
        source={**TEXTE, "description": "Fichier du paquet."},
        values=par_nom(_VALEUR, JOUR_ISO, "Valeur depuis chaque date ; null : plus aucune."),
        subparams=par_nom(objet("Un enfant.", description=TEXTE_OU_RIEN)),
    )
    formule = objet(
        "Une formule, en Python.",
        ("documentation",),
        content=TEXTE,
        source=TEXTE,
        documentation=TEXTE,
    )
    entree = objet("Un nom et où le lire.", description=TEXTE, href=ADRESSE)
    return {
        "Parametre": parametre,
        "Parametres": par_nom(entree, None, "Par identifiant, à points."),
        "Variable": objet(
            "Une variable : donnée (sans formula) ou règle.",
            ("documentation", "formulas", "possibleValues", "references"),
            id={"enum": sorted(systeme.variables)},
            description=TEXTE,
            valueType={"enum": ["Boolean", "Date", "Float", "Int", "String"]},
            defaultValue=_VALEUR,
            definitionPeriod={"enum": ["ETERNITY", "MONTH", "YEAR"]},
            entity={"enum": [entite.key for entite in systeme.entities]},
            source=TEXTE,
            documentation=TEXTE,
            references=liste(TEXTE, "Les dispositions et les lectures."),
            formulas=par_nom(ou_rien(formule), JOUR_ISO, "Par date."),
            possibleValues=par_nom(TEXTE, None, "Les noms admis, et leur libellé."),
        ),
        "Variables": par_nom(entree, {"enum": sorted(systeme.variables)}),
        "Entites": _entites(systeme),
        "Accueil": objet(
            "Où l’on est, et où aller.",
            bienvenue=TEXTE,
            version=nommee("Version"),
            loi=objet("La loi.", cle={"enum": lois}, titre=TEXTE),
            documentation=ADRESSE,
            openapi=ADRESSE,
            versions=ADRESSE,
        ),
        "Sante": objet("Le processus répond.", etat={"const": "vivant"}, version=nommee("Version")),
        "Pret": objet(
            "Les lois sont construites, et un calcul témoin a réussi.",
            etat={"const": "prêt"},
            version=nommee("Version"),
            lois=liste({"enum": lois}),
        ),
        "Version": {
            **TEXTE,
            "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+",
            "description": "Version du paquet (sémantique).",
        },
        "Refus": _refus(),
    }


def _entites(systeme: Any) -> Schema:
    role = objet("Un rôle.", ("max",), plural=TEXTE, description=TEXTE, max={"type": "integer"})
    entite = {"plural": TEXTE, "description": TEXTE, "documentation": TEXTE}
    groupe = objet("Un groupe.", **entite, roles=par_nom(role))
    return objet(
        "La personne et le groupe du modèle.",
        **{
            e.key: objet("Une personne.", **entite) if e.is_person else groupe
            for e in systeme.entities
        },
    )


def _refus() -> Schema:
    faute = objet(
        "Une faute.",
        champ={**TEXTE, "description": "Chemin du champ dans le corps, séparé par « / »."},
        recu={**TEXTE, "description": "Ce qui a été reçu."},
        attendu={**TEXTE, "description": "Ce qui est admis."},
    )
    return objet(
        "Un refus, en français.",
        erreur={**TEXTE, "description": "Une phrase, avec le remède.", "minLength": 1},
        erreurs=liste(faute, "Chaque faute ; vide si aucune n’est dans un champ."),
    )
