"""The front door of the service: what it refuses, how it says so, and what it lets nobody see."""

import contextlib
import gc
import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidRequestMethod
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openfisca_core.periods import Period
from werkzeug.test import EnvironBuilder

from openfisca_assistant_medical.situations import SituationInvalide, verifier
from openfisca_assistant_medical.web import (
    Configuration,
    creer,
    delai,
    journal,
    lecture,
    lois,
    lots,
    serveur,
)
from openfisca_assistant_medical.web.configuration import (
    ConfigurationInvalide,
    lire_configuration,
)
from tests.requetes import medecin

BON = {"medecins": {"A": medecin(aide_maximale={"2024": None})}}
CALCUL = "/api/calculate"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return creer().test_client()


def poster(client: FlaskClient, corps: Any, chemin: str = CALCUL, **options: Any) -> Any:
    if not isinstance(corps, bytes):
        corps = json.dumps(corps).encode()
    return client.post(chemin, data=corps, **{"content_type": "application/json", **options})


def est_un_refus(reponse: Any, statut: int) -> dict[str, Any]:
    assert reponse.status_code == statut, reponse.get_data(as_text=True)
    corps: dict[str, Any] = json.loads(reponse.get_data())
    assert set(corps) == {"erreur", "erreurs"}
    assert corps["erreur"].endswith(".")
    for erreur in corps["erreurs"]:
        assert set(erreur) == {"champ", "recu", "attendu"}
    return corps


# --- Bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        # Stock OpenFisca takes it for the first of the month.
        (
            {"medecins": {"A": medecin(date_naissance={"ETERNITY": "1970-02"})}},
            "medecins/A/date_naissance/ETERNITY",
        ),
        (b'{"a":' * 900 + b'{"b": 1, "b": 2}' + b"}" * 900, ""),
    ],
    ids=["un mois pour un jour", "une clé deux fois, au fond"],
)
def test_ce_qui_serait_mal_lu_est_refuse(client: FlaskClient, corps: Any, champ: str) -> None:
    refus = est_un_refus(poster(client, corps), 400)
    assert champ in {erreur["champ"] for erreur in refus["erreurs"]}


def test_chaque_faute_est_dite_une_fois_avec_ce_qui_est_recu(client: FlaskClient) -> None:
    corps = {
        "medecins": {
            "A": medecin(patientele_mt={"2024": "1200", "2025": 1.9}),
            "B": medecin(specialite={"ETERNITY": "generalist"}),
        }
    }
    fautes = est_un_refus(poster(client, corps), 400)["erreurs"]
    assert [faute["champ"] for faute in fautes] == [
        "medecins/A/patientele_mt/2024",
        "medecins/A/patientele_mt/2025",
        "medecins/B/specialite/ETERNITY",
    ]
    assert [faute["recu"] for faute in fautes] == ['"1200"', "1.9", '"generalist"']
    assert "generaliste" in fautes[2]["attendu"]


def test_les_axes_disent_quoi_faire(client: FlaskClient) -> None:
    refus = est_un_refus(poster(client, {**BON, "axes": []}), 400)
    assert "un médecin par valeur" in refus["erreur"]


@pytest.mark.parametrize(
    "genre",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=iso-8859-1",
        "application/yaml",
        "application/jsonp",
    ],
)
def test_un_autre_type_est_refuse(client: FlaskClient, genre: str | None) -> None:
    est_un_refus(poster(client, BON, content_type=genre), 415)


@pytest.mark.parametrize("genre", ["application/json; charset=UTF-8", "Application/JSON"])
def test_le_type_s_ecrit_de_plusieurs_manieres(client: FlaskClient, genre: str) -> None:
    assert poster(client, BON, content_type=genre).status_code == 200


def test_un_corps_comprime_est_refuse(client: FlaskClient) -> None:
    # A kilobyte can hold a gigabyte.
    corps = gzip.compress(json.dumps(BON).encode())
    est_un_refus(poster(client, corps, headers={"Content-Encoding": "gzip"}), 415)


def test_une_marque_d_ordre_des_octets_passe(client: FlaskClient) -> None:
    corps = b"\xef\xbb\xbf" + json.dumps(BON).encode()
    assert poster(client, corps).status_code == 200


def test_un_corps_trop_long_est_refuse_meme_sans_longueur() -> None:
    client = creer(Configuration(octets=1_000)).test_client()
    corps = json.dumps(BON).encode().ljust(1_001)
    est_un_refus(poster(client, corps), 413)
    assert poster(client, corps[:1_000]).status_code == 200
    for taille, statut in ((1_000, 200), (1_001, 413), (100_000, 413)):
        # As a server gives a body that comes in pieces.
        constructeur = EnvironBuilder(CALCUL, method="POST", content_type="application/json")
        environ = constructeur.get_environ()
        environ.pop("CONTENT_LENGTH", None)
        environ |= {"wsgi.input": BytesIO(corps.ljust(taille)[:taille])}
        environ["wsgi.input_terminated"] = True
        assert client.open(environ).status_code == statut, taille


def test_un_corps_plus_court_qu_annonce_est_refuse(client: FlaskClient) -> None:
    environ = EnvironBuilder(CALCUL, method="POST", content_type="application/json").get_environ()
    environ |= {"CONTENT_LENGTH": "500", "wsgi.input": BytesIO(b'{"medecins":')}
    est_un_refus(client.open(environ), 400)


def test_un_nombre_de_medecins_et_de_valeurs_est_borne() -> None:
    client = creer(Configuration(medecins=3, valeurs=100)).test_client()

    def tous(nombre: int, **champs: Any) -> dict[str, Any]:
        return {"medecins": {f"m{rang}": medecin(**champs) for rang in range(nombre)}}

    assert poster(client, tous(3)).status_code == 200
    assert "de 1 à 3 médecins" in poster(client, tous(4)).get_data(as_text=True)
    # Three values a doctor, and 31 asked: over 100 for three doctors; written out or as a range.
    annees = {str(annee): None for annee in range(2024, 2055)}
    refus = est_un_refus(poster(client, tous(3, aide_due=annees)), 400)
    assert refus["erreurs"][0]["recu"] == "102 valeurs"
    est_un_refus(poster(client, tous(3, aide_due={"year:2024:40": None})), 400)
    assert poster(client, tous(2, aide_due={"year:2024:31": None})).status_code == 200


# --- Canonical keys and practices -----------------------------------------------------------------


def test_chacun_garde_sa_valeur_quelle_que_soit_la_cle(client: FlaskClient) -> None:
    # Stock OpenFisca keeps that of the last doctor who writes the period so.
    corps = {
        "medecins": {
            "A": medecin(patientele_mt={"2026": 1_100}),
            "B": medecin(patientele_mt={"year:2026": 1_200}),
            "C": medecin(patientele_mt={"year:2025:2": 1_300}),
        }
    }
    recus = poster(client, corps).get_json()["medecins"]
    lues = {nom: recu["patientele_mt"]["2026"] for nom, recu in recus.items()}
    assert lues == {"A": 1_100, "B": 1_200, "C": 1_300}


def test_un_medecin_hors_des_cabinets_a_le_sien(client: FlaskClient) -> None:
    ensemble = {"date_signature": {"ETERNITY": "2022-05-02"}, "exercice_regroupe": {}}
    ensemble["exercice_regroupe"] = {"ETERNITY": None}
    corps = {
        "medecins": {nom: medecin(**ensemble) for nom in "ABC"},
        "cabinets": {"c": {"membres": ["A", "B"]}},
    }
    recus = poster(client, corps).get_json()
    assert recus["cabinets"] == {
        "c": {"membres": ["A", "B"]},
        "cabinet_de_C": {"membres": ["C"]},
    }
    regroupes = {nom: m["exercice_regroupe"]["ETERNITY"] for nom, m in recus["medecins"].items()}
    assert regroupes == {"A": True, "B": True, "C": False}


def test_les_champs_d_un_seul_medecin_suffisent(client: FlaskClient) -> None:
    plat = {nom: valeur["ETERNITY"] for nom, valeur in medecin().items()}
    recu = poster(client, {**plat, "aide_maximale": {"2024": None}}).get_json()
    (seul,) = recu["medecins"].values()
    assert seul["aide_maximale"]["2024"] > 0


# --- The short way accepts what the long one does, with the same result --------------------------

_SYSTEME = lois.convention().systeme
_SAISIES = sorted(nom for nom, v in _SYSTEME.variables.items() if not v.formulas)
_PERIODES = st.sampled_from(
    ["ETERNITY", "2023", "2024", "2025", "2030", "2024-03", "year:2024", "year:2024:2", "eternity"]
)
_VALEURS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3_000),
    st.sampled_from([0.5, 0.0, 1.0, 1200.0, 1.9, -1.0, 2.0**31, float("nan"), float("inf")]),
    st.sampled_from(["generaliste", "un_etp", "zip", "secteur_2", "demi_etp", "p30_p90", "non"]),
    st.sampled_from(["2024-09-10", "2023-01-31", "1960-02-29", "2023-02-30", "9999-12-31", ""]),
    st.dates().map(lambda jour: jour.isoformat()),
    st.just([]),
)


@st.composite
def _medecins(tirer: Any) -> dict[str, Any]:
    champs: dict[str, Any] = medecin()
    for nom in tirer(st.lists(st.sampled_from([*_SAISIES, "aide_due", "eligible"]), max_size=4)):
        variable = _SYSTEME.variables[nom]
        bonnes: list[Any] = [variable.default_value, None]
        if hasattr(variable, "possible_values") and variable.possible_values is not None:
            bonnes = [membre.name for membre in variable.possible_values]
        elif hasattr(variable.default_value, "isoformat"):
            bonnes = [variable.default_value.isoformat(), "2024-10-01", "1961-05-06"]
        genre = str(variable.definition_period)
        bonne = {"eternity": "ETERNITY", "year": "2025", "month": "2025-03"}[genre]
        periode = tirer(st.one_of(st.just(bonne), st.just(bonne), _PERIODES))
        champs[nom] = {periode: tirer(st.one_of(st.sampled_from(bonnes), _VALEURS))}
    if tirer(st.integers(0, 9)) == 0:
        del champs[tirer(st.sampled_from(sorted(champs)))]
    return champs


@st.composite
def _situations(tirer: Any) -> dict[str, Any]:
    noms = tirer(st.lists(st.sampled_from(["A", "B", "Ç", "d/e", "", "\n"]), max_size=3))
    situation: dict[str, Any] = {"medecins": {nom: tirer(_medecins()) for nom in noms}}
    membres = st.lists(st.sampled_from([*(noms or ["A"]), "Z"]), max_size=3)
    if tirer(st.booleans()):
        autres = st.sampled_from(["c", "cabinet_de_A"])
        situation["cabinets"] = tirer(
            st.dictionaries(autres, st.fixed_dictionaries({"membres": membres}), max_size=2)
        )
    return situation


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(_situations())
def test_la_lecture_rapide_n_accepte_que_ce_qui_est_verifie(situation: dict[str, Any]) -> None:
    # Two copies: reading makes values canonical where they are.
    texte = json.dumps(situation)
    rapide = lecture.lire(json.loads(texte), _SYSTEME, 1_000)
    if rapide is not None:
        assert rapide.situation == verifier(json.loads(texte), _SYSTEME)
        assert [type(v) for v in _feuilles(rapide.situation)] == [
            type(v) for v in _feuilles(verifier(json.loads(texte), _SYSTEME))
        ]


@pytest.mark.long
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(_situations())
def test_ce_qui_est_canonique_prend_la_lecture_rapide(situation: dict[str, Any]) -> None:
    try:
        canonique = verifier(situation, _SYSTEME)
    except SituationInvalide:
        return
    if all(valeurs != {} for m in canonique["medecins"].values() for valeurs in m.values()):
        assert lecture.lire(json.loads(json.dumps(canonique)), _SYSTEME, 1_000) is not None


def _feuilles(valeur: Any) -> Iterator[Any]:
    if isinstance(valeur, dict):
        for cle in sorted(valeur):
            yield from _feuilles(valeur[cle])
    else:
        yield valeur


# --- What an answer says, and does not ------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["/api/", "/sante", "/api/rien", "/rien", "/"])
def test_chaque_reponse_a_ses_entetes(client: FlaskClient, chemin: str) -> None:
    entetes = client.get(chemin).headers
    politique = entetes["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "frame-ancestors 'none'" in politique
    assert "unsafe" not in politique
    assert entetes["X-Content-Type-Options"] == "nosniff"
    assert entetes["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in entetes["Permissions-Policy"]
    assert entetes["Country-Package-Version"] == lois.version_du_paquet()
    assert "Set-Cookie" not in entetes
    # The proxy knows whether the site is in TLS.
    assert "Strict-Transport-Security" not in entetes


def test_rien_de_ce_qui_est_envoye_n_est_garde_par_un_mandataire(client: FlaskClient) -> None:
    assert poster(client, BON).headers["Cache-Control"] == "no-store"
    assert poster(client, b"{").headers["Cache-Control"] == "no-store"


def test_une_faute_ne_dit_rien_ni_au_client_ni_au_journal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faillir(*arguments: Any) -> None:
        raise ValueError("né le 1960-03-02")

    monkeypatch.setattr("openfisca_assistant_medical.web.simulations.remplir", faillir)
    monkeypatch.setattr(logging.getLogger(journal.NOM), "propagate", True)
    with caplog.at_level(logging.INFO, journal.NOM):
        reponse = poster(creer().test_client(), BON)
    est_un_refus(reponse, 500)
    assert "1960" not in reponse.get_data(as_text=True)
    assert "Traceback" not in reponse.get_data(as_text=True)
    assert "builtins.ValueError" in caplog.text
    assert "faillir" in caplog.text
    assert "1960" not in caplog.text


def test_le_journal_n_a_ni_adresse_ni_demande(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(journal.NOM), "propagate", True)
    with caplog.at_level(logging.INFO, journal.NOM):
        poster(client, {"medecins": {"Camille": medecin()}}, f"{CALCUL}?drapeaux=1")
        client.get("/api/variable/aide_due?nom=Camille", environ_base={"REMOTE_ADDR": "10.1.2.3"})
        client.get("/Camille/1960-03-02")
    assert "POST /api/calculate 200" in caplog.text
    assert "GET - 404" in caplog.text
    for secret in ("Camille", "1960", "10.1.2.3", "drapeaux", "127.0.0.1"):
        assert secret not in caplog.text


def test_un_calcul_trop_long_est_arrete(monkeypatch: pytest.MonkeyPatch) -> None:
    def longuement(*arguments: Any) -> None:
        while True:
            pass

    monkeypatch.setattr("openfisca_assistant_medical.web.simulations.remplir", longuement)
    reponse = poster(creer(Configuration(delai=0.2)).test_client(), BON)
    refus = est_un_refus(reponse, 503)
    assert "0.2 s" in refus["erreur"]
    assert int(reponse.headers["Retry-After"]) > 0


def test_le_delai_ne_tombe_que_dans_ce_qu_il_borne() -> None:
    dehors = 0
    for rang in range(200):
        try:
            with delai.Limite(0.0005):
                while rang % 2:
                    pass  # cut, always
                for _ in range(10_000):
                    pass  # cut or not: it ends about when its time does
        except delai.Depasse:
            dehors += 1
        for _ in range(1_000):
            pass
    assert dehors >= 100
    # A limit in another: the nearest holds.
    debut = time.monotonic()
    with pytest.raises(delai.Depasse), delai.Limite(0.05), delai.Limite(60):
        threading.Event().wait(1)  # not cut while in C, but at the next line
    assert time.monotonic() - debut < 60


def test_un_delai_echu_pendant_que_l_on_finit_ne_bloque_personne(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lever, finir, passe = delai._lever, threading.Event(), threading.Event()

    def lentement(fil: int, quoi: Any) -> int:
        finir.set()  # what is bounded ends while the guardian is about to cut it
        time.sleep(0.2)
        return int(lever(fil, quoi))

    monkeypatch.setattr(delai, "_lever", lentement)
    with contextlib.suppress(delai.Depasse), delai.Limite(0.05):
        finir.wait(10)
    monkeypatch.undo()

    def passer() -> None:
        with delai.Limite(60):
            passe.set()

    threading.Thread(target=passer, daemon=True).start()
    assert passe.wait(5)
    with delai.Limite(60):  # nothing of what was cut is left to this thread
        assert delai.restant() > 30


def test_ce_qui_n_est_pas_une_requete_a_les_memes_entetes() -> None:
    client, bout = socket.socketpair()
    with client, bout:
        client.shutdown(socket.SHUT_WR)
        ouvrier = serveur.Ouvrier.__new__(serveur.Ouvrier)  # no process, no listener
        ouvrier.handle_error(None, bout, None, InvalidRequestMethod("?"))
        recu = client.recv(65_536).decode()
    entete, _, corps = recu.partition("\r\n\r\n")
    lignes = entete.split("\r\n")
    assert lignes[0] == "HTTP/1.1 400 Bad Request"
    assert {"Cache-Control: no-store", "X-Content-Type-Options: nosniff"} <= set(lignes)
    assert sum(ligne.startswith("Content-Security-Policy: default-src 'none'") for ligne in lignes)
    assert json.loads(corps)["erreur"].endswith(".")


# --- Requests computed together -------------------------------------------------------------------


_ANNUELLES = [
    variable.name
    for variable in _SYSTEME.variables.values()
    if variable.formulas and variable.entity.is_person and variable.definition_period == "year"
]


def _lue(nom: str) -> lecture.SituationLue:
    lue = lecture.lire({"medecins": {nom: medecin()}}, _SYSTEME, 10)
    assert lue is not None
    return lue


def test_la_faute_de_l_un_ne_touche_pas_les_autres() -> None:
    premier, lots_vus = threading.Event(), []

    def remplir(lectures: list[lecture.SituationLue]) -> None:
        noms = [next(iter(lue.situation["medecins"])) for lue in lectures]
        lots_vus.append(noms)
        if noms == ["premier"]:
            premier.wait(10)
        if "fautif" in noms:
            raise ValueError
        for lue in lectures:
            lue.situation["faite"] = True

    guichet = lots.Guichet(remplir)
    faites, refuses = [], []

    def demander(nom: str) -> None:
        lue = _lue(nom)
        try:
            guichet.calculer(lue)
            faites.append((nom, lue.situation["faite"]))
        except ValueError:
            refuses.append(nom)

    noms = ["premier", "B", "fautif", "D"]
    fils = [threading.Thread(target=demander, args=(nom,)) for nom in noms]
    for fil in fils:
        fil.start()
        time.sleep(0.05)
    premier.set()
    for fil in fils:
        fil.join(10)
    # The first was alone; the others waited, and were tried together, then each by itself.
    assert lots_vus[:2] == [["premier"], ["B", "fautif", "D"]]
    assert sorted(faites) == [("B", True), ("D", True), ("premier", True)]
    assert refuses == ["fautif"]


def test_celui_qui_attend_trop_ne_bloque_personne() -> None:
    libre = threading.Event()
    guichet = lots.Guichet(lambda lectures: libre.wait(10))
    tenant = threading.Thread(target=guichet.calculer, args=(_lue("premier"),))
    tenant.start()
    time.sleep(0.05)
    with pytest.raises(delai.Depasse), delai.Limite(0.1):
        guichet.calculer(_lue("presse"))
    libre.set()
    tenant.join(10)
    guichet.calculer(_lue("suivant"))


def test_un_delai_echu_au_moment_de_rendre_son_tour_le_rend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guichet = lots.Guichet(lambda lectures: None)
    suivante, coups = guichet._suivante, [delai.Depasse()]

    def coupee() -> Any:
        if coups:
            raise coups.pop()  # it may come after any call
        return suivante()

    monkeypatch.setattr(guichet, "_suivante", coupee)
    with pytest.raises(delai.Depasse):
        guichet.calculer(_lue("coupé"))
    with delai.Limite(5):
        guichet.calculer(_lue("suivant"))


def test_un_siecle_de_tout_ne_fait_attendre_personne() -> None:
    siecle = {nom: {str(annee): None for annee in range(1950, 2050)} for nom in _ANNUELLES[:4]}
    longue = lecture.lire({"medecins": {"long": medecin() | siecle}}, _SYSTEME, 10)
    assert longue is not None
    commencee, libre = threading.Event(), threading.Event()

    def remplir(lectures: list[lecture.SituationLue]) -> None:
        if lectures == [longue]:
            commencee.set()
            libre.wait(10)

    guichet = lots.Guichet(remplir)
    fil = threading.Thread(target=guichet.calculer, args=(longue,))
    fil.start()
    try:
        assert commencee.wait(5)
        with delai.Limite(2):
            guichet.calculer(_lue("bref"))
    finally:
        libre.set()
        fil.join(10)


@pytest.mark.long
def test_les_periodes_lues_ne_restent_pas_toutes_en_memoire() -> None:
    def vivantes() -> int:
        gc.collect()
        return sum(type(objet) is Period for objet in gc.get_objects())

    avant = vivantes()
    for rang, nom in enumerate(_ANNUELLES[:20]):
        annees = {str(annee): None for annee in range(1900 + rang, 2900 + rang)}
        assert lecture.lire({"medecins": {"a": medecin() | {nom: annees}}}, _SYSTEME, 10)
    # Twenty thousand were read.
    assert vivantes() - avant < 10_000


# --- Settings -------------------------------------------------------------------------------------


def test_d_autres_sites_ne_lisent_l_api_que_si_on_le_dit() -> None:
    origine = {"Origin": "https://exemple.fr"}
    ferme = creer().test_client()
    assert "Access-Control-Allow-Origin" not in ferme.get("/api/", headers=origine).headers
    ouvert = creer(Configuration(origines=("https://exemple.fr",))).test_client()
    permis = ouvert.get("/api/", headers=origine).headers
    assert permis["Access-Control-Allow-Origin"] == "https://exemple.fr"
    autre = ouvert.get("/api/", headers={"Origin": "https://ailleurs.fr"}).headers
    assert "Access-Control-Allow-Origin" not in autre
    assert "Access-Control-Allow-Origin" not in ouvert.get("/", headers=origine).headers
    # What a cache keeps of one is not given to another.
    assert "Vary" not in ferme.get("/api/", headers=origine).headers
    for envoi in ({}, origine, {"Origin": "https://ailleurs.fr"}):
        assert ouvert.get("/api/", headers=envoi).headers.getlist("Vary") == ["Origin"]
    demande = {**origine, "Access-Control-Request-Method": "POST"}
    prealable = ouvert.options(CALCUL, headers=demande)
    assert prealable.headers["Access-Control-Allow-Origin"] == "https://exemple.fr"
    assert prealable.headers.getlist("Vary") == ["Origin"]


def test_un_autre_nom_que_les_siens_est_refuse_si_on_les_dit() -> None:
    hotes = ("aide.exemple.fr", ".exemple.org")
    client = creer(Configuration(hotes=hotes, mandataires=1)).test_client()
    for nom in ("aide.exemple.fr", "aide.exemple.fr:8000", "exemple.org", "sous.exemple.org"):
        assert client.get("/api/", base_url=f"http://{nom}").status_code == 200
    for nom in ("mechant.fr", "exemple.fr", "mechantexemple.org"):
        reponse = client.get("/api/", base_url=f"http://{nom}")
        assert reponse.status_code == 400
        attendu = "aide.exemple.fr, .exemple.org"
        (faute,) = reponse.get_json()["erreurs"]
        assert faute == {"champ": "Host", "recu": json.dumps(nom), "attendu": attendu}
        assert client.get("/", base_url=f"http://{nom}").status_code == 400
    # The name is that which the proxy received.
    cru = {"X-Forwarded-Host": "mechant.fr"}
    assert client.get("/api/", base_url="http://exemple.org", headers=cru).status_code == 400
    # Whoever watches the process asks it by its address.
    for chemin in ("/sante", "/pret"):
        assert client.get(chemin, base_url="http://127.0.0.1").status_code == 200
    assert creer().test_client().get("/api/", base_url="http://mechant.fr").status_code == 200


def test_les_entetes_d_un_mandataire_ne_sont_crus_que_si_on_le_dit() -> None:
    entetes = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "aide.exemple.fr"}
    for mandataires, vu in ((0, "http://localhost"), (1, "https://aide.exemple.fr")):
        client = creer(Configuration(mandataires=mandataires)).test_client()
        assert client.get("/api/", headers=entetes).get_json()["openapi"].startswith(vu)


def test_l_option_l_emporte_sur_l_environnement() -> None:
    environnement = {"ASSISTANT_MEDICAL_PORT": "8000", "ASSISTANT_MEDICAL_DELAI": "5"}
    lue = lire_configuration({"port": "9000", "delai": None}, environnement)
    assert (lue.port, lue.delai, lue.octets) == (9000, 5.0, Configuration().octets)
    origines = lire_configuration({"origines": "https://a.fr, https://b.fr"}, {}).origines
    assert origines == ("https://a.fr", "https://b.fr")


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("port", "x"),
        ("port", "70000"),
        ("processus", "0"),
        ("fils", "1_0"),
        ("delai", "nan"),
        ("origines", "exemple.fr"),
        ("origines", "https://a.fr/chemin"),
        ("hotes", "https://a.fr"),
        ("hotes", "a.fr:80"),
        ("hotes", "*"),
        ("sources", "javascript:alert(1)"),
        ("adresse", "a b"),
        ("profondeur", "2"),
    ],
)
def test_un_mauvais_reglage_est_refuse_en_francais(nom: str, valeur: str) -> None:
    with pytest.raises(ConfigurationInvalide, match=rf"--{nom} .*reçu « .* » ; attendu : "):
        lire_configuration({nom: valeur}, {})
