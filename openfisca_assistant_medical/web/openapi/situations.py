"""Schemas of a situation, drawn from the variables of a law: names, types, bounds, periods.

They say what the front door says, variable by variable; only what several fields contradict is left
to it. A test tries the values on both sides of each bound.
"""

from datetime import date
from typing import Any

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.situations.valeurs import bornes
from openfisca_assistant_medical.situations.verification import OBLIGATOIRES
from openfisca_assistant_medical.web.api.demandes import MEDECINS_AU_PLUS
from openfisca_assistant_medical.web.openapi.formes import Schema, nommee, ou_rien

# Years that the calendar of contracts holds; a range ends before it does.
_AN = "(19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"
_AN_D_UNE_PLAGE = "(19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2})"
_AN_D_UN_MOIS = "(19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-7])"
_NOMBRE = "(0{0,2}[1-9]|0?[1-9][0-9]|100)"
_MOIS = "(0[1-9]|1[0-2])"
_ANNEES = f"(year:)?{_AN}|year:{_AN_D_UNE_PLAGE}:{_NOMBRE}"
_MOIS_DITS = f"(month:)?{_AN_D_UN_MOIS}-{_MOIS}|month:{_AN_D_UNE_PLAGE}-{_MOIS}:{_NOMBRE}"
PERIODES: dict[Any, tuple[str, Schema]] = {
    DateUnit.ETERNITY: (
        "PeriodeDuContrat",
        {
            "type": "string",
            "pattern": "^([Ee][Tt][Ee][Rr][Nn][Ii][Tt][Yy]|[0-9]{4}|year:[0-9]{4}(:[0-9]{1,3})?"
            f"|[0-9]{{4}}-{_MOIS}|month:[0-9]{{4}}-{_MOIS}(:[0-9]{{1,3}})?)$",
            "description": "ETERNITY : la donnée vaut pour tout le contrat. Une année ou un mois "
            "sont lus de même.",
            "examples": ["ETERNITY"],
        },
    ),
    DateUnit.YEAR: (
        "Annee",
        {
            "type": "string",
            "pattern": f"^({_ANNEES})$",
            "description": "Une année civile, ou une plage d’années : year:2025:3 est 2025, 2026 "
            "et 2027. L’année de contrat est celle qui commence dans l’année civile.",
            "examples": ["2025", "year:2025:3"],
        },
    ),
    DateUnit.MONTH: (
        "Mois",
        {
            "type": "string",
            "pattern": f"^({_MOIS_DITS})$",
            "description": "Un mois, ou une plage de mois : month:2025-03:6.",
            "examples": ["2025-03", "month:2025-03:6"],
        },
    ),
}
# One period of each kind, where a single result is asked.
UNE_PERIODE: dict[Any, Schema] = {
    DateUnit.ETERNITY: nommee("PeriodeDuContrat"),
    DateUnit.YEAR: {
        "type": "string",
        "pattern": f"^((year:)?{_AN}|year:{_AN}:0{{0,2}}1)$",
        "examples": ["2026"],
    },
    DateUnit.MONTH: {
        "type": "string",
        "pattern": f"^((month:)?{_AN_D_UN_MOIS}-{_MOIS}|month:{_AN_D_UN_MOIS}-{_MOIS}:0{{0,2}}1)$",
        "examples": ["2026-03"],
    },
}
# A name of doctor or practice: printable, without « / », which separates fields in paths.
IDENTIFIANT: Schema = {
    "type": "string",
    "pattern": "^[^/\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f"
    "\\u08e2\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ue000-\\uf8ff"
    "\\ufeff\\ufff0-\\uffff]{1,100}$",
    "description": "Nom d’un médecin ou d’un cabinet : de 1 à 100 caractères visibles, sans « / ». "
    "N’y mettre aucune donnée personnelle.",
    "examples": ["Camille"],
}


def jour() -> Schema:
    """A day."""
    return {
        "type": "string",
        "format": "date",
        "pattern": "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "description": "Un jour qui existe, du 1900-01-01 au 9999-12-31.",
        "examples": ["2024-09-10"],
    }


def valeur(variable: Any) -> Schema:
    """What a variable accepts as a value, by its type, unit and Enum."""
    if variable.value_type is Enum:
        return nommee(nom_de_l_enum(variable))
    if variable.value_type is date:
        return nommee("Jour")
    if variable.value_type is bool:
        return {"type": "boolean"}
    bas, haut, non_donne = bornes(variable)
    genre = "integer" if variable.value_type is int else "number"
    nombre = {"type": genre, "minimum": bas, "maximum": haut}
    return nombre if bas <= non_donne else {"anyOf": [nombre, {"const": non_donne}]}


def nom_de_l_enum(variable: Any) -> str:
    """Name of the schema of an Enum."""
    return str(variable.possible_values.__name__)


def donnee(variable: Any, obligatoire: bool) -> Schema:
    """What is written of a variable: values by period, or one alone for the whole contract."""
    libre = {"type": "null"} if variable.formulas else ou_rien(valeur(variable))
    admise = valeur(variable) if obligatoire else libre
    par_periode: Schema = {
        "type": "object",
        "propertyNames": nommee(PERIODES[variable.definition_period][0]),
        "additionalProperties": admise,
    }
    if obligatoire:
        par_periode["minProperties"] = 1
    textes = {"title": variable.label, "description": documentation(variable)}
    if variable.definition_period != DateUnit.ETERNITY:
        return {**textes, **par_periode}
    seule = admise.get("oneOf", [admise])
    return {**textes, "oneOf": [*seule, par_periode]}


def documentation(variable: Any) -> str:
    """What is said of a variable, whether it is given or asked for."""
    dite = " ".join((variable.documentation or "").split())
    role = "Résultat : null le demande." if variable.formulas else "Donnée."
    return f"{role} {dite}".strip()


def medecin(systeme: Any) -> Schema:
    """One doctor."""
    variables = sorted(systeme.get_variables(systeme.person_entity).items(), key=_rang)
    return {
        "type": "object",
        "title": "Médecin",
        "description": "Un médecin et son contrat. null demande un résultat.",
        "required": list(OBLIGATOIRES),
        "additionalProperties": False,
        "properties": {nom: donnee(variable, nom in OBLIGATOIRES) for nom, variable in variables},
    }


def _rang(entree: tuple[str, Any]) -> tuple[bool, bool, str]:
    """What must be given, what may be, then results."""
    nom, variable = entree
    return nom not in OBLIGATOIRES, bool(variable.formulas), nom


def cabinet(systeme: Any) -> Schema:
    """One practice."""
    (groupe,) = systeme.group_entities
    (role,) = groupe.roles
    return {
        "type": "object",
        "title": "Cabinet",
        "description": "Un cabinet et ses membres, chaque médecin dans un seul.",
        "required": [role.plural],
        "additionalProperties": False,
        "properties": {
            role.plural: {
                "type": "array",
                "description": role.doc,
                "minItems": 1,
                "items": nommee("Identifiant"),
            },
            **{n: donnee(v, obligatoire=False) for n, v in systeme.get_variables(groupe).items()},
        },
    }


def situation(systeme: Any, medecins: int) -> Schema:
    """A whole situation: doctors and practices by name, or the fields of a doctor alone.

    Args:
        systeme: the law.
        medecins: most doctors in it.
    """
    personne, (groupe,) = systeme.person_entity, systeme.group_entities
    complete = {
        "type": "object",
        "title": "Médecins et cabinets",
        "required": [personne.plural],
        "additionalProperties": False,
        "properties": {
            personne.plural: {
                "type": "object",
                "minProperties": 1,
                "maxProperties": medecins,
                "propertyNames": nommee("Identifiant"),
                "additionalProperties": nommee("Medecin"),
            },
            groupe.plural: ou_rien(
                {
                    "type": "object",
                    "propertyNames": nommee("Identifiant"),
                    "additionalProperties": nommee("Cabinet"),
                    "description": "Facultatif : un médecin qu’aucun cabinet ne nomme est "
                    "seul dans le sien.",
                }
            ),
        },
    }
    return {
        "title": "Situation",
        "oneOf": [complete, nommee("Medecin")],
    }


def schemas(systeme: Any, medecins: int) -> dict[str, Schema]:
    """Every schema of a situation, by name.

    Args:
        systeme: the law.
        medecins: most doctors in a situation.
    """
    enums = {
        nom_de_l_enum(variable): variable.possible_values
        for variable in systeme.variables.values()
        if variable.value_type is Enum
    }
    return {
        "Situation": situation(systeme, medecins),
        "SituationDetaillee": situation(systeme, min(medecins, MEDECINS_AU_PLUS)),
        "Medecin": medecin(systeme),
        "Cabinet": cabinet(systeme),
        "Identifiant": IDENTIFIANT,
        **dict(PERIODES.values()),
        "Jour": jour(),
        **{
            nom: {
                "type": "string",
                "enum": [membre.name for membre in membres],
                "description": " ; ".join(f"{m.name} : {m.value}" for m in membres),
            }
            for nom, membres in sorted(enums.items())
        },
    }
