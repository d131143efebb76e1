"""The front door before stock OpenFisca: the same refusals, and answers that are JSON."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest
from openfisca_web_api.app import create_app
from werkzeug.test import Client

from benchmarks.hostile import corpus, executer
from openfisca_assistant_medical.web import creer, lois
from openfisca_assistant_medical.web.configuration import Configuration
from openfisca_assistant_medical.web.garde import Garde
from tests.requetes import medecin
from tests.serveurs import attendre, port_libre


@pytest.fixture(scope="module")
def garde() -> Client:
    systeme = lois.convention().systeme
    return Client(Garde(create_app(systeme), systeme))


def test_une_requete_hostile_est_refusee_comme_par_le_service(garde: Client) -> None:
    service = creer()
    gardees = ("/api/calculate", "/api/trace")
    hostiles = [
        r for r in corpus() if r.methode == "POST" and r.chemin in gardees and 200 not in r.attendus
    ]
    assert len(hostiles) > 500
    for requete in hostiles:
        ici, la_bas = executer(garde.application, requete, ""), executer(service, requete)
        assert ici.statut == la_bas.statut, requete.nom
        refus, autre = ici.en_json()["erreurs"], la_bas.en_json()["erreurs"]
        assert [e["champ"] for e in refus] == [e["champ"] for e in autre], requete.nom


def test_ce_qui_passe_a_les_valeurs_du_service_et_des_dates_iso(garde: Client) -> None:
    demandes = {"date_anniversaire": {"2025": None}, "eligible": {"ETERNITY": None}}
    corps = {"medecins": {"A": medecin(**demandes)}}
    reponse = garde.post("/calculate/", json=corps)
    assert reponse.status_code == 200
    attendu = creer().test_client().post("/api/calculate", json=corps).get_json()
    assert reponse.json == attendu
    assert reponse.json["medecins"]["A"]["date_anniversaire"] == {"2025": "2025-09-10"}
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    trace = garde.post("/trace", json=corps).json
    assert trace["trace"]["date_anniversaire<2025>"]["value"] == ["2025-09-10"]


def test_le_reste_passe(garde: Client) -> None:
    assert garde.get("/variable/aide_due").json["id"] == "aide_due"
    assert garde.get("/parameter/aide").status_code == 200
    assert garde.get("/variable/rien").status_code == 404


def test_une_faute_d_openfisca_ne_dit_rien() -> None:
    def fautive(environ: Any, start_response: Any) -> Any:
        raise ValueError("né le 1960-03-02")

    systeme = lois.convention().systeme
    reponse = Client(Garde(fautive, systeme)).post(
        "/calculate", json={"medecins": {"A": medecin()}}
    )
    assert reponse.status_code == 500
    assert "1960" not in reponse.text
    assert set(reponse.json) == {"erreur", "erreurs"}


def test_un_calcul_trop_long_est_arrete() -> None:
    def longue(environ: Any, start_response: Any) -> Any:
        while True:
            pass

    garde = Garde(longue, lois.convention().systeme, Configuration(delai=0.1))
    assert Client(garde).get("/spec").status_code == 503


@pytest.mark.long
def test_la_commande_documentee() -> None:
    port = port_libre()
    commande = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "4"]
    commande += ["--timeout", "60", "--bind", f"127.0.0.1:{port}"]
    commande += ["openfisca_assistant_medical.web.garde:application('convention_2024')"]
    with subprocess.Popen(commande, stderr=subprocess.DEVNULL, env=os.environ) as processus:
        try:
            attendre(port, "/spec")
            requete = urllib.request.Request(
                f"http://127.0.0.1:{port}/calculate",
                data=b'{"medecins": {"A": {"patientele_mt": {"2024": "9**9**9"}}}}',
                headers={"Content-Type": "application/json"},
            )
            with pytest.raises(urllib.error.HTTPError) as erreur:
                urllib.request.urlopen(requete, timeout=30)
            assert erreur.value.code == 400
            assert json.load(erreur.value)["erreurs"]
        finally:
            processus.terminate()
            processus.wait(30)
