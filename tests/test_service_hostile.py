"""The service under a corpus of hostile requests: each is answered, as it should, and says where.

See `benchmarks.hostile` for the corpus, and `docs/porte.md` for stock OpenFisca beside it.
"""

import os
import re
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks import hostile
from benchmarks.hostile import GENRES, SANS_REPONSE, Reponse, Requete, corpus, executer, fautes
from openfisca_assistant_medical.web import Configuration, creer
from openfisca_assistant_medical.web.openapi.document import document

REQUETES = corpus()
THEMES = sorted({requete.theme for requete in REQUETES})


@cache
def application() -> Any:
    document(Configuration())  # made outside of the time of a request
    return creer()


@cache
def repondre(requete: Requete) -> Reponse:
    """What the service answers; a request is sent once."""
    return executer(application(), requete)


def du_theme(theme: str) -> list[Requete]:
    return [requete for requete in REQUETES if requete.theme == theme]


def test_le_corpus_est_grand_et_sans_doublon() -> None:
    vues = Counter((r.methode, r.chemin, r.entetes, r.genre, r.corps) for r in REQUETES)
    assert len(vues) == len(REQUETES) > 900
    assert all(requete.attendus for requete in REQUETES)
    adresses = {
        requete.chemin.split("?")[0].split("/")[2]
        for requete in REQUETES
        if "/api/" in requete.chemin
    }
    assert {"calculate", "trace", "expliquer", "comparer", "parameter", "variable"} <= adresses
    assert {"parameters", "variables", "entities", "spec"} <= adresses


def test_la_page_sur_la_porte_dit_combien() -> None:
    page = (Path(__file__).parents[1] / "docs" / "porte.md").read_text("utf-8")
    assert f"tient {len(REQUETES)} requêtes" in page
    assert f"| sur {sum(requete.pour_stock for requete in REQUETES)} requêtes |" in page
    assert all(f"| {genre} |" in page for genre in GENRES)


@pytest.mark.parametrize("theme", THEMES)
def test_chaque_requete_a_la_reponse_attendue(theme: str) -> None:
    vues = {r.nom: list(fautes(r, repondre(r))) for r in du_theme(theme)}
    assert {nom: dites for nom, dites in vues.items() if dites} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_chaque_refus_dit_ou_ce_qui_est_recu_et_ce_qui_est_admis(theme: str) -> None:
    for requete in du_theme(theme):
        reponse = repondre(requete)
        if reponse.statut < 400 or requete.methode == "HEAD":
            continue
        corps = reponse.en_json()
        assert set(corps) == {"erreur", "erreurs"}, requete.nom
        assert corps["erreur"].endswith("."), requete.nom
        for erreur in corps["erreurs"]:
            assert set(erreur) == {"champ", "recu", "attendu"}, requete.nom
            assert erreur["recu"], requete.nom
            assert erreur["attendu"], requete.nom
            assert all(len(texte) < 5_000 for texte in erreur.values()), requete.nom
        if requete.ou is not None:
            lieux = [f"{erreur['champ']}/" for erreur in corps["erreurs"]]
            assert any(lieu.startswith(f"{requete.ou}/") for lieu in lieux), (requete.nom, lieux)
        elif "Host" not in dict(requete.entetes):
            assert corps["erreurs"], requete.nom


def test_l_autre_loi_refuse_de_meme_d_etre_calculee_et_suivie() -> None:
    for requete in REQUETES:
        if requete.chemin == "/api/calculate" and 200 not in requete.attendus:
            suivie = replace(requete, chemin="/api/trace")
            ici = executer(application(), suivie, "/api/reglement-arbitral-2023")
            assert ici.statut == repondre(requete).statut, requete.nom
            if requete.methode == "POST":
                assert ici.en_json()["erreurs"] == repondre(requete).en_json()["erreurs"]


def test_ce_qui_est_etrange_et_admis_est_calcule() -> None:
    # Whatever the name: 28 000 €, the second year at 1 ETP under the convention, paid in full.
    for requete in du_theme("identifiants"):
        if 200 in requete.attendus:
            (medecin,) = repondre(requete).en_json()["medecins"].values()
            assert medecin["aide_due"] == {"2025": 28_000}, requete.nom


def test_chaque_statut_est_au_document_de_l_adresse() -> None:
    chemins = document(Configuration())["paths"]
    regles, vus = application().url_map.bind("localhost"), set()
    for requete in REQUETES:
        chemin = requete.chemin.partition("?")[0]
        if requete.methode not in ("GET", "POST") or not regles.test(chemin, requete.methode):
            continue
        regle, _ = regles.match(chemin, requete.methode, return_rule=True)
        dite = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", regle.rule)
        statuts = chemins[dite][requete.methode.lower()]["responses"]
        assert str(repondre(requete).statut) in statuts, requete.nom
        vus.add(repondre(requete).statut)
    assert vus == {200, 400, 404, 413, 415}


@pytest.mark.parametrize(
    ("que_faire", "statut"),
    [
        (lambda: time.sleep(60), 0),
        (lambda: os._exit(1), 500),
        (lambda: bytearray(8 * 2**30), 500),
        (lambda: None, 200),
    ],
)
def test_une_application_qui_pend_ou_meurt_n_arrete_pas_le_banc(
    monkeypatch: pytest.MonkeyPatch, que_faire: Any, statut: int
) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        que_faire()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    monkeypatch.setattr(hostile, "SECONDES", 1 if statut == 0 else 30)
    assert hostile.executer_a_part(app, REQUETES[0], "/api").statut == statut


def test_les_fautes_se_voient() -> None:
    def une_app(statut: str, genre: str, corps: bytes) -> Any:
        def app(environ: Any, start_response: Any) -> Any:
            start_response(statut, [("Content-Type", genre)])
            return [corps]

        return app

    refusee = next(r for r in REQUETES if r.attendus == (400,) and r.methode == "POST")
    acceptee = next(r for r in REQUETES if r.attendus == (200,) and r.methode == "POST")
    cas = [
        (refusee, une_app("500 X", "application/json", b"{}")),
        (refusee, une_app("200 X", "application/json", b"{}")),
        (acceptee, une_app("400 X", "application/json", b"{}")),
        (acceptee, une_app("200 X", "application/json", b'{"a": NaN}')),
        (acceptee, une_app("200 X", "text/html", b"<p>")),
        (refusee, une_app("400 X", "application/json", b'{"error": "Traceback"}')),
    ]
    vues = [list(fautes(r, executer(app, r), exact=False)) for r, app in cas]
    attendues = [[genre] for genre in GENRES if genre != SANS_REPONSE]
    assert vues == attendues
