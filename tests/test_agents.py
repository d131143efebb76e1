"""The tools for agents, through a real client of the Model Context Protocol, over stdio."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from openfisca_assistant_medical.agents import outils, recherche
from openfisca_assistant_medical.contrats import etablir
from openfisca_assistant_medical.mots import DemandeInconnue

# A GP below the 70th percentile: the objective of the table of the convention, one ETP.
SITUATION = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
    "option_etp_initiale": "un_etp",
    "patientele_mt_initiale": 1000,
    "file_active_initiale": 1500,
    "objectif_pmt_contractuel": 1200,
    "objectif_pfa_contractuel": 1600,
    "patientele_mt": {"2026": 1100},
    "file_active": {"2026": 1530},
}
SERVEUR = StdioServerParameters(
    command=str(Path(sys.executable).with_name("assistant-medical")), args=["mcp"]
)
OUTILS = {"informations", "calculer", "comparer", "expliquer", "chercher", "consulter"}


def avec_un_client(faire: Callable[[Client], Awaitable[Any]]) -> Any:
    async def tout() -> Any:
        async with Client(stdio_client(SERVEUR)) as client:
            return await faire(client)

    return asyncio.run(asyncio.wait_for(tout(), 120))


@pytest.mark.long
def test_un_agent_calcule_compare_explique_et_cherche() -> None:
    async def faire(client: Client) -> dict[str, Any]:
        appels = {
            "calculer": {"situation": SITUATION, "annees": [2024, 2025, 2026]},
            "comparer": {"situation": SITUATION},
            "expliquer": {"situation": SITUATION, "variable": "aide_due", "periode": "2026"},
            "chercher": {"mots": "avance solde", "genre": "dispositions"},
            "consulter": {"nom": "aide_due"},
            "informations": {},
        }
        donnees = {nom: await client.call_tool(nom, mots) for nom, mots in appels.items()}
        return {"outils": (await client.list_tools()).tools, "donnees": donnees}

    obtenu = avec_un_client(faire)
    assert {outil.name for outil in obtenu["outils"]} == OUTILS
    assert all(outil.annotations.read_only_hint for outil in obtenu["outils"])
    assert not any(donne.is_error for donne in obtenu["donnees"].values())
    donnees = {nom: donne.structured_content for nom, donne in obtenu["donnees"].items()}
    # What an agent without structured content reads is the same.
    assert json.loads(obtenu["donnees"]["calculer"].content[0].text) == donnees["calculer"]

    (resultat,) = donnees["calculer"]["medecins"][0]["resultats"]
    assert [annee["annee"] for annee in resultat["annees"]] == [2024, 2025, 2026]
    assert donnees["comparer"] == json.loads(json.dumps(etablir(SITUATION, [], True, None)))
    assert donnees["expliquer"]["valeur"] == resultat["annees"][2]["aide_due"]
    assert donnees["expliquer"]["sources"]
    assert "aide_maximale" in donnees["expliquer"]["explication"]
    assert donnees["chercher"]["trouvees"] >= len(donnees["chercher"]["resultats"]) > 0
    assert donnees["consulter"]["fiches"][0]["variable"] == "aide_due"
    saisies = {saisie["nom"] for saisie in donnees["informations"]["informations"]}
    assert SITUATION.keys() <= saisies
    assert "aide_due" not in saisies


@pytest.mark.long
def test_un_refus_dit_a_l_agent_ce_qui_est_accepte() -> None:
    async def faire(client: Client) -> list[Any]:
        faute = {**SITUATION, "specialite": "generalistes"}
        return [
            await client.call_tool("calculer", {"situation": faute}),
            await client.call_tool("calculer", {"situation": SITUATION, "loi": "/etc/passwd"}),
            await client.call_tool("calculer", {"situation": SITUATION, "loi": "os.path"}),
            await client.call_tool("chercher", {"mots": "avance", "limite": 0}),
            await client.call_tool("calculer", {"situation": SITUATION}),
        ]

    *refus, apres = avec_un_client(faire)
    textes = [un.content[0].text for un in refus]
    assert all(un.is_error for un in refus)
    assert "specialite" in textes[0]
    assert "generaliste" in textes[0]
    assert "attendu : base, convention_2024" in textes[1]
    assert "attendu : base, convention_2024" in textes[2]
    assert not any("Traceback" in texte for texte in textes)
    assert not apres.is_error  # the server goes on


def test_la_loi_ne_peut_etre_ni_un_fichier_ni_un_chemin() -> None:
    for loi in ("reforme.yaml", "examples/reformes", "os.path.join", "", "base+convention_2024"):
        with pytest.raises(DemandeInconnue, match="attendu : base"):
            outils.calculer(SITUATION, loi, None)


def test_une_reforme_ne_se_pose_qu_une_fois() -> None:
    # A thousand of them would be a thousand systems, one on the other.
    with pytest.raises(DemandeInconnue, match="deux fois « convention_2024 »"):
        outils.calculer(SITUATION, "+".join(["convention_2024"] * 1_000), None)


def test_une_lecture_s_applique_par_son_nom() -> None:
    loi = "convention_2024+lectures.p95_inclus"
    rapport = outils.calculer(SITUATION, loi, [2024])
    assert rapport == etablir(SITUATION, loi.split("+"), False, range(2024, 2025))


@pytest.mark.parametrize("annees", [[], [2024, 2026], [1899], [9998], list(range(2000, 2051))])
def test_les_annees_se_suivent_et_sont_peu_nombreuses(annees: list[int]) -> None:
    with pytest.raises(DemandeInconnue, match="Années : reçu"):
        outils.comparer(SITUATION, annees)


@pytest.mark.long
def test_la_recherche_ignore_accents_et_casse_et_met_le_nom_d_abord() -> None:
    sans = recherche.trouver("Éligible", None, 50)
    assert sans == recherche.trouver("ELIGIBLE", None, 50)
    noms = [fiche["nom"] for fiche in sans["resultats"]]
    assert "eligible" in noms
    dedans = ["eligible" in nom for nom in noms]
    assert dedans == sorted(dedans, reverse=True)


def test_ce_qui_a_le_plus_de_mots_vient_d_abord() -> None:
    resultats = recherche.trouver("senior tolérance", "lectures", 50)["resultats"]
    assert resultats[0]["nom"] == "borne_tolerance_senior"
    textes = [str(fiche).lower().replace("é", "e") for fiche in resultats]
    dits = [("senior" in texte) + ("tolerance" in texte) for texte in textes]
    assert dits == sorted(dits, reverse=True)
    assert len(set(dits)) == 2  # some hold one word only


def test_un_chiffre_se_trouve_avec_sa_date_et_sa_valeur() -> None:
    # 38 000 € the first year for one ETP since 22 June 2024.
    trouvees = recherche.trouver("aide.montant.un_etp.par_defaut.rang_1", "parametres", 50)
    dates = {(fiche["depuis"], fiche["valeur"]) for fiche in trouvees["resultats"]}
    assert ("2024-06-22", 38_000) in dates


@pytest.mark.parametrize(
    ("mots", "genre", "limite"), [(" ", None, 5), ("aide", "loi", 5), ("aide", None, 51)]
)
def test_une_recherche_impossible_est_refusee(mots: str, genre: str | None, limite: int) -> None:
    with pytest.raises(DemandeInconnue, match="attendu"):
        recherche.trouver(mots, genre, limite)


def test_un_nom_inconnu_donne_le_plus_proche() -> None:
    with pytest.raises(DemandeInconnue, match="aide_due"):
        recherche.consulter("aide_du")
