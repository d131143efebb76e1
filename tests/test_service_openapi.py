"""The OpenAPI document says all that the service does; the pages say what the document does."""

import json
import re
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from openfisca_core.indexed_enums import Enum
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from openfisca_assistant_medical.situations import SituationInvalide, verifier
from openfisca_assistant_medical.situations.valeurs import Refus, periodes_de
from openfisca_assistant_medical.web import Configuration, creer
from openfisca_assistant_medical.web.api import prefixes
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.openapi import situations as schemas_de_situation
from openfisca_assistant_medical.web.openapi.document import document as fabriquer
from openfisca_assistant_medical.web.openapi.exemples import situations

SYSTEME = convention().systeme
VALIDE = {
    "date_signature": {"ETERNITY": "2024-09-10"},
    "specialite": {"ETERNITY": "generaliste"},
    "secteur_conventionnel": {"ETERNITY": "secteur_1"},
}
JSON = ("content", "application/json", "schema")
# Addresses for programs, and the pages that tell them.
API = re.compile(r"/(api(/.*)?|sante|pret)")


@pytest.fixture(scope="module")
def app() -> Any:
    return creer()


@pytest.fixture(scope="module")
def document(app: Any) -> Any:
    fabriquer(Configuration())  # made outside of the time of a request
    return app.test_client().get("/api/openapi.json").get_json()


def valideur(*lieu: str) -> Draft202012Validator:
    """Checks what the schema at that place of the document says."""
    pointeur = "/".join(nom.replace("~", "~0").replace("/", "~1") for nom in lieu)
    return Draft202012Validator(
        {"$ref": f"urn:document#/{pointeur}"},
        registry=_registre(),
        format_checker=FormatChecker(),
    )


@cache
def _registre() -> Registry[Any]:
    ressource = Resource(contents=fabriquer(Configuration()), specification=DRAFT202012)
    return Registry().with_resource("urn:document", ressource).crawl()


def nomme(nom: str) -> Draft202012Validator:
    return valideur("components", "schemas", nom)


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (chemin, methode, operation)
        for chemin, methodes in document["paths"].items()
        for methode, operation in methodes.items()
    ]


# --- The document ---------------------------------------------------------------------------------


@pytest.mark.long
def test_le_document_est_valide_et_dit_ou_est_le_service(app: Any, document: Any) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://localhost"}]
    noms = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(noms) == len(set(noms))


def test_chaque_adresse_du_service_est_au_document_et_inversement(app: Any, document: Any) -> None:
    du_service = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", regle.rule), methode.lower())
        for regle in app.url_map.iter_rules()
        if API.fullmatch(regle.rule)
        for methode in regle.methods - {"HEAD", "OPTIONS"}
    }
    assert du_service == {(chemin, methode) for chemin, methode, _ in operations(document)}
    assert len(du_service) > 20


def test_le_document_suit_la_configuration() -> None:
    client = creer(Configuration(medecins=50, octets=123_000)).test_client()
    document = client.get("/api/openapi.json").get_json()
    assert "123\u202f000 octets" in document["info"]["description"]
    formes = document["components"]["schemas"]
    for nom in ("Situation", "SituationDetaillee"):
        medecins = formes[nom]["oneOf"][0]["properties"]["medecins"]
        assert medecins["maxProperties"] == 50


def test_les_deux_lois_ont_les_memes_variables() -> None:
    avec, sans = (
        schemas_de_situation.schemas(loi.systeme, 10) for loi in (convention(), reglement())
    )
    assert avec == sans


def test_chaque_forme_nommee_sert(document: Any) -> None:
    servies = set(re.findall(r"#/components/schemas/([\w-]+)", json.dumps(document)))
    assert servies == set(document["components"]["schemas"])


# --- What it accepts is what the front door accepts -----------------------------------------------


def accepte(situation: Any) -> bool:
    try:
        verifier(situation, SYSTEME)
    except SituationInvalide:
        return False
    return True


def essais(variable: Any) -> list[Any]:
    """Values on both sides of what a variable accepts."""
    autres = ["", "x", "1", "true", "2024-02-30", "2024-1-1", "1899-12-31", [], {"a": 1}, 1e300]
    jours = ["2024-09-10", "1900-01-01", "9999-12-30", "2024-02-29", "2023-02-29"]
    nombres = [-(10**15) - 1, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2.0, 1000, 1001, 100_000, 100_001]
    grands = [10**7, 10**7 + 1, 2**31 - 1, 2**31, 10**15, 10**15 + 1]
    membres: list[Any] = []
    if variable.value_type is Enum:
        membres = [membre.name for membre in variable.possible_values]
        membres += [membres[0].upper(), f"{membres[0]} ", 0]
    return [*autres, *jours, *nombres, *grands, *membres, True, False, None]


@pytest.mark.long
def test_chaque_valeur_est_admise_par_le_document_comme_par_la_porte() -> None:
    periodes = {"eternity": "ETERNITY", "year": "2026", "month": "2026-03"}
    faits = 0
    for nom, variable in SYSTEME.get_variables(SYSTEME.person_entity).items():
        periode = periodes[str(variable.definition_period)]
        champ = valideur("components", "schemas", "Medecin", "properties", nom)
        for valeur in essais(variable):
            situation = {**VALIDE, nom: {periode: valeur}}
            dite = champ.is_valid(situation[nom])
            if dite != accepte(situation):
                assert dite, (nom, valeur)  # the document never refuses what is accepted
                assert contredit(situation), (nom, valeur)
            faits += 1
    assert faits > 5_000


def contredit(situation: Any) -> bool:
    """Whether each refusal is about several fields, or about a day that says « none »."""
    with pytest.raises(SituationInvalide) as levee:
        verifier(situation, SYSTEME)
    mots = ("celui de", "la signature", "car ", "secretaire_devenu", "carence", "moins de", "jour")
    return all(any(mot in e.attendu for mot in mots) for e in levee.value.erreurs)


CLES = [
    *("ETERNITY", "eternity", "Eternity", "2024", "1900", "1899", "9998", "9999", "0000", "24"),
    *("year:2024", "year:2024:1", "year:2024:100", "year:2024:101", "year:2024:0", "year:2024:007"),
    *("year:2024-01", "year:2024:", "year:", "year:9899:100", "2024-01", "2024-12", "2024-1"),
    *("month:2024-01", "month:2024-12:1", "month:2024-01:100", "month:2024-01:101", "1900-01"),
    *("month:2024-13", "month:2024-00", "month:2024-1", "1899-12", "9997-12", "9998-12"),
    *("day:2024-01-01", "2024-01-01", "week:2024-W01", "", " 2024", "2024 ", "2024\n", "٢٠٢٤"),
    *("__proto__", "9**9**9", "-2024", "+2024", "2024.0", "2e3", "null"),
]


@pytest.mark.parametrize("nom", ["zone", "patientele_mt", "aide_due", "aide_versee", "eligible"])
def test_chaque_periode_est_admise_par_le_document_comme_par_la_porte(nom: str) -> None:
    variable = SYSTEME.variables[nom]
    forme = nomme(schemas_de_situation.PERIODES[variable.definition_period][0])
    for cle in CLES:
        try:
            admise = bool(periodes_de(variable, cle))
        except Refus:
            admise = False
        # "$" is before a last "\n" too in Python, and in Python alone.
        assert (forme.is_valid(cle) and "\n" not in cle) == admise, cle


@pytest.mark.parametrize("nom", ["", "a/b", "a\nb", "\u200b", "\u00a0", "\ue000", "a" * 101])
def test_un_nom_refuse_l_est_par_le_document(nom: str) -> None:
    assert not nomme("Identifiant").is_valid(nom)
    assert not accepte({"medecins": {nom: VALIDE}})


@pytest.mark.parametrize("nom", [" ", "1", "Zoë", "日本", "😀", "a*b", "__proto__", "a" * 100])
def test_un_nom_admis_l_est_par_le_document(nom: str) -> None:
    assert nomme("Identifiant").is_valid(nom)
    assert accepte({"medecins": {nom: VALIDE}})


@pytest.mark.parametrize(
    "situation",
    [
        {},
        [],
        {"medecins": {}},
        {"medecins": {"A": {}}},
        {"medecins": {"A": VALIDE}, "axes": []},
        {"medecins": {"A": VALIDE}, "cabinets": {"c": {}}},
        {"medecins": {"A": VALIDE}, "cabinets": {"c": {"membres": []}}},
        {"medecins": {"A": {**VALIDE, "inconnue": 1}}},
        {"medecins": {"A": {**VALIDE, "specialite": None}}},
        {"medecins": {"A": {**VALIDE, "patientele_mt": 1200}}},
        {"medecins": {"A": {**VALIDE, "aide_due": {"2025": 1}}}},
        {**VALIDE, "medecins": {"A": VALIDE}},
    ],
)
def test_une_situation_mal_faite_est_refusee_des_deux_cotes(situation: Any) -> None:
    assert not nomme("Situation").is_valid(situation)
    assert not accepte(situation)


# --- Its examples, and what it says of answers ----------------------------------------------------


def sans_durees(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        durees = ("calculation_time", "formula_time")
        return {cle: sans_durees(v) for cle, v in valeur.items() if cle not in durees}
    return [sans_durees(v) for v in valeur] if isinstance(valeur, list) else valeur


@pytest.mark.long
def test_chaque_exemple_de_corps_est_admis_et_donne_ce_qui_est_dit(app: Any, document: Any) -> None:
    client, rendus = app.test_client(), 0
    for chemin, methode, operation in operations(document):
        if methode != "post":
            continue
        lieu = ("paths", chemin, methode)
        demande = operation["requestBody"]["content"]["application/json"]
        rendu = operation["responses"]["200"]["content"]["application/json"]
        for nom, cas in demande["examples"].items():
            valideur(*lieu, "requestBody", *JSON).validate(cas["value"])
            reponse = client.post(chemin, json=cas["value"])
            assert reponse.status_code == 200, (chemin, nom, reponse.get_json())
            valideur(*lieu, "responses", "200", *JSON).validate(reponse.get_json())
            if nom in rendu["examples"]:
                dit = rendu["examples"][nom]["value"]
                assert sans_durees(reponse.get_json()) == sans_durees(dit), (chemin, nom)
                rendus += 1
    assert rendus == 2 * (len(situations()) + 2) + 1


def test_les_exemples_des_lectures_sont_ce_qui_est_repondu(app: Any, document: Any) -> None:
    client, rendus = app.test_client(), 0
    for chemin, methode, operation in operations(document):
        if methode == "get" and "parameters" in operation:
            (parametre,) = operation["parameters"]
            adresse = chemin.replace(f"{{{parametre['name']}}}", parametre["example"])
            exemples = operation["responses"]["200"]["content"]["application/json"]["examples"]
            (exemple,) = exemples.values()
            assert client.get(adresse).get_json() == exemple["value"]
            rendus += 1
    assert rendus == 4


@pytest.mark.long
def test_chaque_lecture_repond_selon_le_document(app: Any, document: Any) -> None:
    client = app.test_client()
    formes = document["components"]["schemas"]
    for chemin, methode, operation in operations(document):
        if methode != "get":
            continue
        adresses = [chemin]
        if "parameters" in operation:
            (parametre,) = operation["parameters"]
            nommes = formes[parametre["schema"]["$ref"].rpartition("/")[2]]["enum"]
            adresses = [chemin.replace(f"{{{parametre['name']}}}", nom) for nom in nommes]
        reussite = operation["responses"]["200"]
        (genre,) = reussite["content"]
        lieu = ("paths", chemin, methode, "responses", "200", "content", genre, "schema")
        forme = valideur(*lieu)
        for adresse in adresses:
            reponse = client.get(adresse)
            assert reponse.status_code == 200, adresse
            assert reponse.mimetype == genre, adresse
            corps = reponse.get_json() if genre == "application/json" else reponse.text
            forme.validate(corps)
            for nom in reussite["headers"]:
                assert nom in reponse.headers, (adresse, nom)


@pytest.mark.long
def test_les_drapeaux_demandes_sont_ceux_du_document(app: Any) -> None:
    reponse = app.test_client().post("/api/calculate?drapeaux=1", json=situations()["senior"])
    nomme("SituationCalculee").validate(reponse.get_json())
    assert reponse.get_json()["drapeaux"]["medecins"]


# --- The pages ------------------------------------------------------------------------------------


def page(app: Any, adresse: str) -> tuple[str, Any]:
    reponse = app.test_client().get(adresse)
    assert reponse.content_type == "text/html; charset=utf-8"
    lecteur = html5lib.HTMLParser(namespaceHTMLElements=False, strict=False)
    arbre = lecteur.parse(reponse.text)
    assert lecteur.errors == []
    return reponse.text, arbre


@pytest.mark.parametrize("adresse", ["/api/documentation", "/api/versions"])
def test_une_page_se_lit_sans_script_ni_rien_d_ailleurs(app: Any, adresse: str) -> None:
    texte, arbre = page(app, adresse)
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", texte)
    assert "style=" not in texte
    for element in [*arbre.iter("script"), *arbre.iter("style")]:
        assert element.get("src", "").startswith("/statique/")
    titres = [
        int(e.tag[1])
        for e in arbre.iter()
        if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)
    ]
    assert titres[0] == 1
    assert titres.count(1) == 1
    assert all(suivant <= titre + 1 for titre, suivant in pairwise(titres))
    noms = [e.get("id") for e in arbre.iter() if e.get("id")]
    assert len(noms) == len(set(noms))
    for lien in arbre.iter("a"):
        cible = lien.get("href", "")
        assert not cible.startswith("#") or cible[1:] in noms, cible
    for tableau in arbre.iter("table"):
        assert tableau.find("caption") is not None
        assert all(e.get("scope") for e in tableau.iter("th"))


def test_la_reference_dit_tout_le_document(app: Any, document: Any) -> None:
    texte, arbre = page(app, "/api/documentation")
    lus = {"".join(code.itertext()) for code in arbre.iter("code")}
    for chemin, methode, _ in operations(document):
        assert f"{methode.upper()} {chemin}" in lus
    assert set(document["components"]["schemas"]) <= lus | {
        e.get("id", "")[6:] for e in arbre.iter()
    }
    assert set(SYSTEME.variables) <= lus
    for statut in ("400", "404", "405", "408", "413", "415", "503"):
        assert f">{statut}</th>" in texte
    assert "un nombre entier de 0 à 100\u202f000" in texte
    assert "None" not in texte


def test_la_page_des_versions_dit_l_etat_du_droit(app: Any) -> None:
    texte, _ = page(app, "/api/versions")
    numero = version("openfisca-assistant-medical")
    for mot in ("convention-2024", "reglement-arbitral-2023", "Deprecation", "Sunset", numero):
        assert mot in texte
    assert set(prefixes()) == {"/api", "/api/reglement-arbitral-2023"}
