"""The registers behind legal traceability, each on its own; what links them is the matrix's."""

import copy
import itertools
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.textes import DOCUMENTS, references

PAQUET = Path(openfisca_assistant_medical.__file__).parent
BASE = CountryTaxBenefitSystem()
SCHEMA = json.loads((Path(__file__).parent / "schema_textes.json").read_text("utf-8"))

Donnees = dict[str, list[dict[str, Any]]]
DONNEES: Donnees = {
    nom: yaml.safe_load((PAQUET / f"textes/{nom}.yaml").read_text("utf-8"))
    for nom in ("sources", "dispositions", "lectures", "reserves")
}


def fautes_de_schema(donnees: Donnees) -> list[str]:
    fautes = []
    for nom in DONNEES:
        validateur = jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{nom}"})
        for erreur in validateur.iter_errors(donnees[nom]):
            entree = donnees[nom][erreur.path[0]] if erreur.path else {}
            fautes.append(f"{entree.get('id', entree.get('variable'))}: {erreur.message}")
    return fautes


def identifiants_en_double(donnees: Donnees) -> list[str]:
    fautes = []
    for nom, entrees in donnees.items():
        for identifiant, fois in Counter(
            entree.get("id") or entree["variable"] for entree in entrees
        ).items():
            if fois > 1:
                fautes.append(f"{nom}: {identifiant}")
    return fautes


def identifiants_mal_prefixes(donnees: Donnees) -> list[str]:
    return [
        disposition["id"]
        for disposition in donnees["dispositions"]
        if not disposition["id"].startswith(disposition["source"].lower() + "_")
    ]


def documents_en_desordre(donnees: Donnees) -> list[str]:
    """The five documents first, then each other source."""
    sources = [disposition["source"] for disposition in donnees["dispositions"]]
    return [
        f"{suivante} after {source}"
        for source, suivante in itertools.pairwise(sources)
        if (suivante not in DOCUMENTS, suivante) < (source not in DOCUMENTS, source)
    ]


def autres_sources_mal_tenues(donnees: Donnees) -> list[str]:
    """A source beside the five documents says no more than it is, and carries a reform alone."""
    natures = {source["id"]: source["nature"] for source in donnees["sources"]}
    fautes = []
    for disposition in donnees["dispositions"]:
        if disposition["source"] in DOCUMENTS:
            continue
        secondaire = natures.get(disposition["source"]) == "secondaire"
        if secondaire and disposition["confiance"] != "secondaire":
            fautes.append(f"{disposition['id']}: {disposition['confiance']}")
        fautes += [
            f"{disposition['id']}: {nom} is of the base law"
            for nom in disposition.get("variables", [])
            if nom in BASE.variables
        ]
        fautes += [
            f"{disposition['id']}: {chemin} is of the base law"
            for chemin in disposition.get("parametres", [])
            if chemin.split(".")[0] in BASE.parameters.children
        ]
    return fautes


def lectures_parmi_les_parametres(donnees: Donnees) -> list[str]:
    """A provision names its readings under `lectures`."""
    return [
        f"{disposition['id']}: {chemin}"
        for disposition in donnees["dispositions"]
        for chemin in disposition.get("parametres", [])
        if chemin.split(".")[0] == "lectures"
    ]


CONTROLES = [
    fautes_de_schema,
    identifiants_en_double,
    identifiants_mal_prefixes,
    documents_en_desordre,
    autres_sources_mal_tenues,
    lectures_parmi_les_parametres,
]


@pytest.mark.parametrize("controle", CONTROLES, ids=lambda c: c.__name__)
def test_le_registre_est_sans_faute(controle: Callable[[Donnees], list[str]]) -> None:
    assert controle(DONNEES) == []


def disposition(donnees: Donnees, identifiant: str) -> dict[str, Any]:
    return next(d for d in donnees["dispositions"] if d["id"] == identifiant)


def ajouter(champ: str, valeur: str, dans: str = "s003_iii_duree") -> Callable[[Donnees], None]:
    """Plant a citation in a provision that every version of the register holds."""

    def planter(donnees: Donnees) -> None:
        disposition(donnees, dans).setdefault(champ, []).append(valeur)

    return planter


def changer(identifiant: str, **champs: str | None) -> Callable[[Donnees], None]:
    """Plant a value in a provision; None takes the field away."""

    def planter(donnees: Donnees) -> None:
        cible = disposition(donnees, identifiant)
        for champ, valeur in champs.items():
            if valeur is None:
                del cible[champ]
            else:
                cible[champ] = valeur

    return planter


def sans(nom: str, champ: str) -> Callable[[Donnees], Any]:
    """Take a field away from the first entry of a register."""
    return lambda donnees: donnees[nom][0].pop(champ)


def repeter(nom: str) -> Callable[[Donnees], None]:
    return lambda donnees: donnees[nom].append(copy.deepcopy(donnees[nom][-1]))


def source_sans_date_ni_note(donnees: Donnees) -> None:
    source = next(s for s in donnees["sources"] if "date" not in s)
    del source["note"]


@pytest.mark.parametrize(
    ("controle", "planter", "lieu"),
    [
        (fautes_de_schema, changer("s003_v_employeurs", pourquoi=None), "pourquoi"),
        (fautes_de_schema, changer("s003_iii_duree", pourquoi="Il manque tout"), "s003_iii_duree"),
        (fautes_de_schema, changer("s003_iii_duree", statut="fait"), "fait"),
        (fautes_de_schema, changer("s003_iii_duree", variables=None), "variables"),
        # Data carry a provision in part, never the whole of one that is computed.
        (fautes_de_schema, changer("s003_v_employeurs", donnees=None), "variables"),
        (fautes_de_schema, changer("s003_v_employeurs", statut="hypothese"), "variables"),
        (fautes_de_schema, ajouter("donnees", "canaux.txt"), "canaux.txt"),
        (fautes_de_schema, changer("s003_iii_duree", remarque="Rien"), "remarque"),
        (fautes_de_schema, ajouter("variables", "contrat_reconduit"), "s003_iii_duree"),
        (fautes_de_schema, sans("lectures", "alternative"), "alternative"),
        (fautes_de_schema, sans("lectures", "sources"), "sources"),
        (fautes_de_schema, sans("reserves", "demander"), "demander"),
        (fautes_de_schema, source_sans_date_ni_note, "S002"),
        (identifiants_en_double, repeter("dispositions"), "dispositions: mesdocs_"),
        (identifiants_en_double, repeter("sources"), "sources: "),
        (identifiants_en_double, repeter("lectures"), "lectures: "),
        (identifiants_mal_prefixes, changer("s003_iii_duree", id="s000_duree"), "s000_duree"),
        (documents_en_desordre, changer("s003_iii_duree", source="S001"), "S001 after S003"),
        (documents_en_desordre, changer("s003_iii_duree", source="MESDOCS"), "S003 after MESDOCS"),
        (fautes_de_schema, changer("mesdocs_duree", source="S005"), "S005"),
        (fautes_de_schema, changer("mesdocs_duree", source="S00"), "S00"),
        (identifiants_mal_prefixes, changer("mesdocs_duree", id="s003_duree"), "s003_duree"),
        (
            autres_sources_mal_tenues,
            changer("mesdocs_duree", confiance="integral"),
            "mesdocs_duree: integral",
        ),
        (
            autres_sources_mal_tenues,
            ajouter("variables", "aide_due", dans="mesdocs_duree"),
            "aide_due is of the base law",
        ),
        (
            autres_sources_mal_tenues,
            ajouter("parametres", "contrat.duree", dans="mesdocs_duree"),
            "contrat.duree is of the base law",
        ),
        (
            lectures_parmi_les_parametres,
            ajouter("parametres", "lectures.p95_inclus"),
            "lectures.p95_inclus",
        ),
    ],
)
def test_chaque_controle_trouve_la_faute_plantee(
    controle: Callable[[Donnees], list[str]], planter: Callable[[Donnees], Any], lieu: str
) -> None:
    donnees = copy.deepcopy(DONNEES)
    planter(donnees)
    fautes = controle(donnees)
    assert fautes
    assert any(lieu in faute for faute in fautes), fautes


def test_une_source_secondaire_est_dite_telle_a_qui_lit_une_variable() -> None:
    (duree, *_) = references("aide_collective_date_fin")
    assert duree.startswith("MESDOCS (source secondaire), ")
    # The documents, though one is a community's page, are cited as they are.
    assert any(reference.startswith("S003, ") for reference in references("date_fin_contrat"))
