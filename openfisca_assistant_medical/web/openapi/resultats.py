"""Schemas of what is computed: values of variables, trace, report on both laws, explanation."""

import json
from datetime import date
from importlib.resources import files
from typing import Any

from openfisca_core.indexed_enums import Enum

from openfisca_assistant_medical.contrats import ANNEE, CONTRAT, FORMAT, MONTANTS
from openfisca_assistant_medical.web.api.calcul import DRAPEAUX
from openfisca_assistant_medical.web.drapeaux import MONTANTS as MONTANTS_A_DRAPEAUX
from openfisca_assistant_medical.web.openapi.formes import (
    EUROS,
    JOUR_ISO,
    LOGIQUE,
    TEXTE,
    Schema,
    liste,
    nommee,
    objet,
    ou_rien,
    par_nom,
)
from openfisca_assistant_medical.web.openapi.situations import PERIODES, nom_de_l_enum

_TITRE = ("specialite", "option_etp_initiale", "date_signature", "zone", "secteur_conventionnel")


def valeur_calculee(variable: Any) -> Schema:
    """What a variable is worth in an answer."""
    if variable.value_type is Enum:
        return nommee(nom_de_l_enum(variable))
    if variable.value_type is date:
        return JOUR_ISO
    genre = {bool: "boolean", int: "integer", float: "number"}[variable.value_type]
    unite = f" Unité : {variable.unit}." if variable.unit else ""
    return {"type": genre, "description": f"{variable.label}.{unite}"}


def _du_rapport(systeme: Any, noms: tuple[str, ...]) -> dict[str, Schema]:
    """Variables of the report, null where the value says that it is not known."""
    variables = systeme.variables
    return {
        nom: valeur_calculee(variables[nom])
        if variables[nom].value_type is bool
        else ou_rien(valeur_calculee(variables[nom]))
        for nom in noms
    }


def _totaux() -> Schema:
    return objet("Sommes des années montrées.", **dict.fromkeys(MONTANTS, EUROS))


def _notes() -> Schema:
    note = objet(
        "Une remarque sur le résultat.",
        code=TEXTE,
        annees=liste({"type": "integer"}, "Années civiles dont elle parle."),
        texte=TEXTE,
    )
    return liste(note, "Ce qu’il faut savoir du résultat.")


def _resultat(systeme: Any) -> Schema:
    inconnu = objet(
        "Ce qui manque pour connaître une part.",
        compte={"enum": ["pmt", "pfa"]},
        manque={"enum": ["observe", "objectif", "depart", "percentile"]},
    )
    annee = objet(
        "Une année de contrat, par l’année civile où elle commence.",
        annee={"type": "integer"},
        **_du_rapport(systeme, ANNEE),
        inconnus=liste(inconnu),
        objectif_pmt_estime=LOGIQUE,
        estimation={"type": "null", "description": "Aucune estimation sous ces lois."},
    )
    return objet(
        "Le contrat sous une loi.",
        loi=TEXTE,
        **_du_rapport(systeme, CONTRAT),
        sans_terme={**LOGIQUE, "description": "Le contrat se poursuit après ces années."},
        annees=liste(annee),
        total=_totaux(),
        depense_annuelle=par_nom(EUROS, {"pattern": "^[0-9]{4}$"}, "Par année civile."),
        notes=_notes(),
    )


def rapport(systeme: Any, lois: list[str]) -> Schema:
    """The report of `comparer`.

    Args:
        systeme: a law, for the types of its variables.
        lois: ids of the two laws, in order.
    """
    ecart = {
        **dict.fromkeys(lois, EUROS),
        "ecart": {**EUROS, "description": "Second moins premier."},
    }
    ligne = objet("Ce qui est dû sous chaque loi.", **ecart)
    comparaison = objet(
        "Les deux lois côte à côte.",
        annees=liste(objet("Une année.", annee={"type": "integer"}, **ecart)),
        total=ligne,
        depense_annuelle=par_nom(ligne, {"pattern": "^[0-9]{4}$"}),
        notes=_notes(),
    )
    donnees = par_nom(
        par_nom({"type": ["string", "number", "boolean"]}),
        {"enum": [nom for nom, variable in systeme.variables.items() if not variable.formulas]},
        "Les données lues, par variable et période.",
    )
    medecin = objet(
        "Un médecin.",
        id=nommee("Identifiant"),
        situation=donnees,
        contrat=objet("Son contrat, en bref.", **_du_rapport(systeme, _TITRE)),
        resultats={**liste(_resultat(systeme)), "minItems": 2, "maxItems": 2},
        comparaison=comparaison,
    )
    return objet(
        "Un contrat année par année, sous la loi de 2023 puis sous la convention de 2024.",
        format={"const": FORMAT},
        version=TEXTE,
        lois={**liste(nommee("Explication_loi")), "minItems": 2, "maxItems": 2},
        medecins=liste(medecin),
    )


def explication() -> dict[str, Schema]:
    """The schema of an explanation and of its parts, by name."""
    lieu = files("openfisca_assistant_medical.tracabilite.explication")
    brut = json.loads((lieu / "schema_explication.json").read_text("utf-8"))
    brut.pop("$schema")
    parties = brut.pop("$defs")
    nommes = {f"Explication_{nom}": partie for nom, partie in parties.items()}
    return dict(_renvois({"Explication": brut, **nommes}))


def _renvois(schema: Any) -> Any:
    """The same schema, whose parts are in the document and no longer beside it."""
    if isinstance(schema, list):
        return [_renvois(enfant) for enfant in schema]
    if not isinstance(schema, dict):
        return schema
    vers = schema.get("$ref")
    suite = {cle: _renvois(enfant) for cle, enfant in schema.items()}
    if isinstance(vers, str):
        nom = vers.removeprefix("#/$defs/")
        suite["$ref"] = f"#/components/schemas/Explication_{nom}"
    return suite


def calculee(systeme: Any) -> dict[str, Schema]:
    """The answer of `calculate`: what was sent, its results in place of null."""
    personne, (groupe,) = systeme.person_entity, systeme.group_entities
    (role,) = groupe.roles
    medecin = {
        nom: _par_periode(variable) for nom, variable in systeme.get_variables(personne).items()
    }
    cabinet = {
        role.plural: liste(nommee("Identifiant")),
        **{n: _par_periode(v) for n, v in systeme.get_variables(groupe).items()},
    }
    noms = nommee("Identifiant")
    return {
        "MedecinCalcule": _sans_autre("Un médecin, ses résultats à leur place.", medecin),
        "CabinetCalcule": _sans_autre("Un cabinet.", cabinet),
        "SituationCalculee": objet(
            "La situation envoyée, où chaque null est devenu son résultat.",
            (DRAPEAUX,),
            **{
                personne.plural: par_nom(nommee("MedecinCalcule"), noms),
                groupe.plural: par_nom(nommee("CabinetCalcule"), noms),
                DRAPEAUX: {**_drapeaux(systeme), "description": "Avec drapeaux=1."},
            },
        ),
    }


def _drapeaux(systeme: Any) -> Schema:
    """Flags of the amounts asked."""
    sur = objet(
        "Ce que vaut ce montant.",
        ("plancher", "plafond"),
        connu={**LOGIQUE, "description": "Faux : un point inconnu est pris en faveur du médecin."},
        plancher={**LOGIQUE, "description": "Vrai : ce montant ou plus."},
        plafond={**LOGIQUE, "description": "Vrai : ce montant ou moins."},
        hypothese={**LOGIQUE, "description": "Vrai : la part repose sur une hypothèse."},
    )
    montants = {
        nom: par_nom(sur, nommee(PERIODES[systeme.variables[nom].definition_period][0]))
        for nom in MONTANTS_A_DRAPEAUX
    }
    medecin = _sans_autre("Les montants demandés d’un médecin.", montants)
    return _sans_autre("", {systeme.person_entity.plural: par_nom(medecin, nommee("Identifiant"))})


def _sans_autre(description: str, champs: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": champs,
    }


def _par_periode(variable: Any) -> Schema:
    valeur = valeur_calculee(variable)
    if variable.value_type is float:  # what is not a number
        valeur = ou_rien(valeur)
    periode = PERIODES[variable.definition_period][0]
    return par_nom(valeur, nommee(periode), variable.label)


def trace(systeme: Any) -> Schema:
    """The answer of `trace`."""
    cle = {"pattern": "^[a-z0-9_]+<[^<>]+>$"}
    valeurs = liste({"type": ["string", "number", "boolean", "null"]}, "Une par médecin.")
    pas = objet(
        "Un résultat, et ce dont il vient.",
        dependencies=liste({**TEXTE, **cle}, "Les résultats lus."),
        parameters=par_nom(
            {"type": ["string", "number", "boolean", "null", "array", "object"]},
            None,
            "Les chiffres du droit lus, avec la date depuis laquelle ils valent.",
        ),
        value=valeurs,
        calculation_time={"type": "number", "description": "Secondes, ce qu’il lit compris."},
        formula_time={"type": "number", "description": "Secondes, lui seul."},
    )
    return objet(
        "Chaque pas du calcul.",
        trace=par_nom(pas, cle, "Par variable<période>."),
        entitiesDescription=objet(
            "Les médecins et les cabinets, dans l’ordre des valeurs.",
            **{e.plural: liste(nommee("Identifiant")) for e in systeme.entities},
        ),
        requestedCalculations=liste({**TEXTE, **cle}, "Les résultats demandés."),
    )
