"""The register behind legal traceability: sources, provisions, and what the model makes of them."""

import copy
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from openfisca_core.parameters import Parameter, ParameterNode

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.lectures import LECTURES

PAQUET = Path(openfisca_assistant_medical.__file__).parent
SCHEMA = json.loads((Path(__file__).parent / "schema_textes.json").read_text("utf-8"))
BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
SYSTEMES = (BASE, CONVENTION)

# Computed variables that no document speaks of, each with the reason why.
SANS_DISPOSITION: dict[str, str] = {}

Donnees = dict[str, list[dict[str, Any]]]
DONNEES: Donnees = {
    nom: yaml.safe_load((PAQUET / f"textes/{nom}.yaml").read_text("utf-8"))
    for nom in ("sources", "dispositions", "lectures")
}


def noms_des_lectures(donnees: Donnees) -> set[str]:
    return {*LECTURES, *(lecture["id"] for lecture in donnees["lectures"])}


def citations(donnees: Donnees, champ: str) -> Iterator[tuple[str, str]]:
    """Who cites what in a field of the provisions."""
    for disposition in donnees["dispositions"]:
        for cite in disposition.get(champ, []):
            yield disposition["id"], cite


def cites(donnees: Donnees, champ: str) -> set[str]:
    return {cite for _, cite in citations(donnees, champ)}


def existe(chemin: str) -> bool:
    """A path of parameters in one of the two states of law."""
    for systeme in SYSTEMES:
        noeud: Any = systeme.parameters
        for nom in chemin.split("."):
            noeud = noeud.children.get(nom) if isinstance(noeud, ParameterNode) else None
        if noeud is not None:
            return True
    return False


def sources_citees(donnees: Donnees) -> Iterator[tuple[str, str]]:
    """Every citation of a source: by a provision, a parameter or a reading."""
    for disposition in donnees["dispositions"]:
        yield disposition["id"], disposition["source"]
    yield from citations(donnees, "autres_sources")
    for lecture in donnees["lectures"]:
        for source in lecture["sources"]:
            # A reading cites an id and, after it, a place: "S003 partie III".
            yield lecture["id"], source.split()[0]
    for systeme in SYSTEMES:
        for feuille in systeme.parameters.get_descendants():
            for references in feuille.metadata.get("reference", {}).values():
                for reference in references:
                    yield feuille.name, reference["source"]


def tables() -> list[str]:
    """One path a file of parameters, the readings left out."""
    dossiers = (PAQUET / "parameters", PAQUET / "reforms/convention_2024/parameters")
    return sorted(
        {
            ".".join(fichier.relative_to(dossier).with_suffix("").parts)
            for dossier in dossiers
            for fichier in dossier.rglob("*.yaml")
            if fichier.stem != "index" and fichier.parent != dossier / "lectures"
        }
    )


def fautes_de_schema(donnees: Donnees) -> list[str]:
    fautes = []
    for nom in ("sources", "dispositions"):
        validateur = jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{nom}"})
        for erreur in validateur.iter_errors(donnees[nom]):
            entree = donnees[nom][erreur.path[0]] if erreur.path else {}
            fautes.append(f"{entree.get('id')}: {erreur.message}")
    return fautes


def identifiants_en_double(donnees: Donnees) -> list[str]:
    fautes = []
    for nom, entrees in donnees.items():
        for identifiant, fois in Counter(entree["id"] for entree in entrees).items():
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
    sources = [disposition["source"] for disposition in donnees["dispositions"]]
    return [
        f"{suivante} after {source}"
        for source, suivante in itertools.pairwise(sources)
        if suivante < source
    ]


def parametres_inconnus(donnees: Donnees) -> list[str]:
    return [
        f"{qui}: {chemin}"
        for qui, chemin in citations(donnees, "parametres")
        if not existe(chemin) or chemin.startswith("lectures")
    ]


def variables_inconnues(donnees: Donnees) -> list[str]:
    connues = {nom for systeme in SYSTEMES for nom in systeme.variables}
    return [f"{qui}: {nom}" for qui, nom in citations(donnees, "variables") if nom not in connues]


def lectures_inconnues(donnees: Donnees) -> list[str]:
    connues = noms_des_lectures(donnees)
    return [f"{qui}: {nom}" for qui, nom in citations(donnees, "lectures") if nom not in connues]


def sources_inconnues(donnees: Donnees) -> list[str]:
    connues = {source["id"] for source in donnees["sources"]}
    return [f"{qui}: {source}" for qui, source in sources_citees(donnees) if source not in connues]


def sources_orphelines(donnees: Donnees) -> list[str]:
    citees = {source for _, source in sources_citees(donnees)}
    return [source["id"] for source in donnees["sources"] if source["id"] not in citees]


def variables_orphelines(donnees: Donnees) -> list[str]:
    calculees = {
        nom
        for systeme in SYSTEMES
        for nom, variable in systeme.variables.items()
        if variable.formulas
    }
    return sorted(calculees - cites(donnees, "variables") - set(SANS_DISPOSITION))


def tables_orphelines(donnees: Donnees) -> list[str]:
    """Tables that no provision cites, neither by their path nor by a path above it."""
    chemins = cites(donnees, "parametres")
    return [
        table
        for table in tables()
        if not any(table == chemin or table.startswith(f"{chemin}.") for chemin in chemins)
    ]


def lectures_orphelines(donnees: Donnees) -> list[str]:
    return sorted(noms_des_lectures(donnees) - cites(donnees, "lectures"))


CONTROLES = [
    fautes_de_schema,
    identifiants_en_double,
    identifiants_mal_prefixes,
    documents_en_desordre,
    parametres_inconnus,
    variables_inconnues,
    lectures_inconnues,
    sources_inconnues,
    sources_orphelines,
    variables_orphelines,
    tables_orphelines,
    lectures_orphelines,
]


@pytest.mark.parametrize("controle", CONTROLES, ids=lambda c: c.__name__)
def test_le_registre_est_sans_faute(controle: Callable[[Donnees], list[str]]) -> None:
    assert controle(DONNEES) == []


def disposition(donnees: Donnees, identifiant: str) -> dict[str, Any]:
    return next(d for d in donnees["dispositions"] if d["id"] == identifiant)


def ajouter(champ: str, valeur: str) -> Callable[[Donnees], None]:
    """Plant a citation in a provision that every version of the register holds."""

    def planter(donnees: Donnees) -> None:
        disposition(donnees, "s003_iii_duree").setdefault(champ, []).append(valeur)

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


def oublier(champ: str, cite: str) -> Callable[[Donnees], None]:
    """Take a citation away from every provision."""

    def planter(donnees: Donnees) -> None:
        for cible in donnees["dispositions"]:
            cible[champ] = [c for c in cible.get(champ, []) if c != cite]

    return planter


def repeter(nom: str) -> Callable[[Donnees], None]:
    return lambda donnees: donnees[nom].append(copy.deepcopy(donnees[nom][-1]))


def source_de_plus(donnees: Donnees) -> None:
    donnees["sources"].append({**donnees["sources"][0], "id": "PERDUE"})


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
        (fautes_de_schema, changer("s003_iii_duree", remarque="Rien"), "remarque"),
        (fautes_de_schema, ajouter("variables", "contrat_reconduit"), "s003_iii_duree"),
        (fautes_de_schema, source_sans_date_ni_note, "S002"),
        (identifiants_en_double, repeter("dispositions"), "dispositions: s004_"),
        (identifiants_en_double, repeter("sources"), "sources: "),
        (identifiants_en_double, repeter("lectures"), "lectures: "),
        (identifiants_mal_prefixes, changer("s003_iii_duree", id="s000_duree"), "s000_duree"),
        (documents_en_desordre, changer("s003_iii_duree", source="S001"), "S001 after S003"),
        (parametres_inconnus, ajouter("parametres", "aide.montants"), "aide.montants"),
        (parametres_inconnus, ajouter("parametres", "contrat.duree.ans"), "contrat.duree.ans"),
        (parametres_inconnus, ajouter("parametres", "lectures.p95_inclus"), "lectures.p95_inclus"),
        (variables_inconnues, ajouter("variables", "aide_du"), "s003_iii_duree: aide_du"),
        (lectures_inconnues, ajouter("lectures", "p95"), "s003_iii_duree: p95"),
        (sources_inconnues, ajouter("autres_sources", "AME25"), "s003_iii_duree: AME25"),
        (sources_inconnues, lambda donnees: donnees["sources"].pop(0), ": S000"),
        (sources_orphelines, source_de_plus, "PERDUE"),
        (variables_orphelines, oublier("variables", "aide_due"), "aide_due"),
        (tables_orphelines, oublier("parametres", "contrat.carence"), "contrat.carence"),
        (lectures_orphelines, oublier("lectures", "p95_inclus"), "p95_inclus"),
        (lectures_orphelines, oublier("lectures", "aide_apres_2029"), "aide_apres_2029"),
        (
            lectures_orphelines,
            oublier("lectures", "entree_en_vigueur_2024"),
            "entree_en_vigueur_2024",
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


def test_une_variable_sans_disposition_existe_et_dit_pourquoi() -> None:
    for nom, raison in SANS_DISPOSITION.items():
        assert nom in BASE.variables
        assert raison


def test_les_tables_sont_bien_trouvees() -> None:
    assert {"aide.montant", "contrat.carence", "patientele.pmt"} <= set(tables())
    assert not any(table.startswith("lectures") for table in tables())
    assert all(existe(table) for table in tables())
    assert isinstance(BASE.parameters.contrat.children["duree"], Parameter)
