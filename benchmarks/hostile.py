"""The corpus of hostile requests, replayed against the service and against stock OpenFisca.

`tests/requetes_hostiles/*.json` holds lists of requests: `nom`, `chemin` (percent-encoded),
`methode` (POST), `entetes`, `type` (application/json), the body, then `attendu`: the status, or
those accepted; `ou`: where the fault is told; `stock: false` for what only the service limits.
The body is `corps` (text), `octets` (base64), `json` (a value), `medecin` (fields that change those
of a valid doctor, with `sans` those left out, and `plus` beside `medecins`) or `fabrique` (too long
to be written down).
"""

import base64
import json
import multiprocessing
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.test import run_wsgi_app

DOSSIER = Path(__file__).parents[1] / "tests" / "requetes_hostiles"
SECONDES = 5
_MEMOIRE = 2 * 2**30
_VALIDE = {
    "date_signature": {"ETERNITY": "2024-09-10"},
    "specialite": {"ETERNITY": "generaliste"},
    "secteur_conventionnel": {"ETERNITY": "secteur_1"},
}
# Addresses that stock OpenFisca has not.
_PROPRES = ("/expliquer", "/comparer", "/sante", "/pret", "/openapi", "/documentation", "/versions")
_MOTS_DU_PROGRAMME = (
    *("traceback", 'file "', "site-packages", "openfisca_core", "numpy", "numexpr", "dpath"),
    *("nonetype", "object has no attribute", "unhashable", "not subscriptable", "keyerror"),
)
# Faults, as the table names them.
ERREUR = "5xx"
SANS_REPONSE = f"aucune réponse en {SECONDES} s"
ACCEPTE = "acceptée à tort"
REFUSE = "refusée à tort"
INVALIDE = "du JSON qui n’en est pas (NaN…)"
PAGE = "une page Web pour réponse"
INTERNE = "dit ses rouages"
GENRES = (ERREUR, SANS_REPONSE, ACCEPTE, REFUSE, INVALIDE, PAGE, INTERNE)


@dataclass(frozen=True)
class Requete:
    """One request, and what is expected of the service."""

    theme: str
    nom: str
    methode: str
    chemin: str
    entetes: tuple[tuple[str, str], ...]
    genre: str | None
    corps: bytes
    attendus: tuple[int, ...]
    ou: str | None
    pour_stock: bool


@dataclass(frozen=True)
class Reponse:
    """One answer; status 0 = none in time."""

    statut: int
    genre: str
    octets: bytes

    def en_json(self) -> Any:
        """The body.

        Raises:
            ValueError: it is not JSON, strictly.
        """

        def refuser(mot: str) -> None:
            raise ValueError(mot)

        return json.loads(self.octets.decode("utf-8"), parse_constant=refuser)


def corpus() -> list[Requete]:
    """Every request."""
    return [
        _requete(fichier.stem, ecrite)
        for fichier in sorted(DOSSIER.glob("*.json"))
        for ecrite in json.loads(fichier.read_text("utf-8"))
    ]


def _requete(theme: str, ecrite: dict[str, Any]) -> Requete:
    attendu = ecrite["attendu"]
    propre = any(mot in ecrite["chemin"] for mot in _PROPRES)
    return Requete(
        theme,
        ecrite["nom"],
        ecrite.get("methode", "POST"),
        ecrite["chemin"],
        tuple((nom, valeur) for nom, valeur in ecrite.get("entetes", ())),
        ecrite.get("type", "application/json"),
        _corps(ecrite),
        tuple(attendu) if isinstance(attendu, list) else (attendu,),
        ecrite.get("ou"),
        ecrite.get("stock", True) and not propre,
    )


def _corps(ecrite: dict[str, Any]) -> bytes:
    if "octets" in ecrite:
        return base64.b64decode(ecrite["octets"])
    if "corps" in ecrite:
        return str(ecrite["corps"]).encode()
    if "json" in ecrite:
        return json.dumps(ecrite["json"]).encode()
    if "fabrique" in ecrite:
        return _FABRIQUES[ecrite["fabrique"]["sorte"]](ecrite["fabrique"]["nombre"])
    if ecrite.keys() & {"medecin", "sans"}:
        sans = ecrite.get("sans", ())
        medecin = {nom: dit for nom, dit in _VALIDE.items() if nom not in sans}
        medecin |= ecrite.get("medecin", {})
        return json.dumps({"medecins": {"A": medecin}, **ecrite.get("plus", {})}).encode()
    return b""


def _avec(**champs: Any) -> bytes:
    return json.dumps({"medecins": {"A": {**_VALIDE, **champs}}}).encode()


def _medecins(nombre: int) -> dict[str, Any]:
    return {"medecins": {f"m{rang}": _VALIDE for rang in range(nombre)}}


def _un_nombre(chiffres: int) -> bytes:
    ecrit = _avec(patientele_mt_initiale={"ETERNITY": "@"}).decode()
    return ecrit.replace('"@"', "9" * chiffres).encode()


_FABRIQUES: dict[str, Callable[[int], bytes]] = {
    "chiffres": _un_nombre,
    "listes": lambda n: b"[" * n + b"]" * n,
    "objets": lambda n: b'{"a":' * n + b"1" + b"}" * n,
    "medecins_imbriques": lambda n: b'{"medecins":' * n + b"1" + b"}" * n,
    "medecins": lambda n: json.dumps(_medecins(n)).encode(),
    "medecins_a_comparer": lambda n: json.dumps({"situation": _medecins(n)}).encode(),
    "espaces": lambda n: _avec().replace(b"{", b"{" + b" " * n, 1),
    "inconnus": lambda n: _avec(**{f"x{rang}": 1 for rang in range(n)}),
    "periodes": lambda n: _avec(patientele_mt={f"p{rang}": 1 for rang in range(n)}),
    "long_nom": lambda n: json.dumps({"medecins": {"a" * n: _VALIDE}}).encode(),
    "longue_valeur": lambda n: _avec(specialite={"ETERNITY": "a" * n}),
}


def environnement(requete: Requete, prefixe: str = "/api") -> dict[str, Any]:
    """The request as a WSGI server hands it.

    Args:
        requete: a request of the corpus.
        prefixe: what stands for `/api`; "" for stock OpenFisca.
    """
    chemin, _, apres = requete.chemin.partition("?")
    if chemin.startswith("/api"):
        chemin = (prefixe + chemin.removeprefix("/api")) or "/"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": requete.methode,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(chemin).decode("latin-1"),
        "QUERY_STRING": apres,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "5000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:5000",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(requete.corps)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(requete.corps),
        "wsgi.errors": StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if requete.genre is not None:
        environ["CONTENT_TYPE"] = requete.genre
    for nom, valeur in requete.entetes:
        cle = nom.upper().replace("-", "_")
        environ[cle if cle == "CONTENT_LENGTH" else f"HTTP_{cle}"] = valeur
    return environ


def executer(app: Any, requete: Requete, prefixe: str = "/api") -> Reponse:
    """What an application answers."""
    morceaux, statut, entetes = run_wsgi_app(app, environnement(requete, prefixe))
    octets = b"".join(morceaux)
    return Reponse(int(statut.split()[0]), entetes.get("Content-Type", ""), octets)


def executer_a_part(app: Any, requete: Requete, prefixe: str) -> Reponse:
    """The same in a process of its own, with `SECONDES` to answer and bounded memory."""
    contexte = multiprocessing.get_context("fork")
    ici, la_bas = contexte.Pipe(duplex=False)

    def enfant() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMOIRE, _MEMOIRE))
        la_bas.send(executer(app, requete, prefixe))

    processus = contexte.Process(target=enfant)
    processus.start()
    la_bas.close()
    try:
        recue = ici.recv() if ici.poll(SECONDES) else None
    except EOFError:  # the process died
        recue = Reponse(500, "", b"")
    processus.kill()
    processus.join()
    return recue or Reponse(0, "", b"")


def fautes(requete: Requete, reponse: Reponse, exact: bool = True) -> Iterator[str]:
    """What is wrong in an answer; nothing where it is right.

    Args:
        requete: of the corpus.
        reponse: to it.
        exact: whether the status must be the one expected, or of its class only.
    """
    if reponse.statut == 0:
        yield SANS_REPONSE
        return
    if reponse.statut >= 500:
        yield ERREUR
    elif exact and reponse.statut not in requete.attendus:
        yield f"statut {reponse.statut}, attendu {requete.attendus}"
    elif reponse.statut < 400 and 200 not in requete.attendus:
        yield ACCEPTE
    elif reponse.statut >= 400 and requete.attendus == (200,):
        yield REFUSE
    if requete.methode != "HEAD" and (faute := _ecriture(reponse)):
        yield faute
    dits = reponse.octets.lower()
    if reponse.statut >= 400 and any(mot.encode() in dits for mot in _MOTS_DU_PROGRAMME):
        yield INTERNE


def _ecriture(reponse: Reponse) -> str | None:
    """What is wrong with the way an answer is written."""
    if reponse.genre.split(";")[0] != "application/json":
        return PAGE
    try:
        reponse.en_json()
    except ValueError:
        return INVALIDE
    return None


def compter(app: Any, prefixe: str, requetes: list[Requete]) -> Counter[str]:
    """How many requests got each fault, each in a process of its own."""
    vues: Counter[str] = Counter()
    for requete in requetes:
        vues.update(fautes(requete, executer_a_part(app, requete, prefixe), exact=False))
    return vues


@cache
def _applications() -> dict[str, tuple[Any, str]]:
    from openfisca_web_api.app import create_app

    from openfisca_assistant_medical.web import creer
    from openfisca_assistant_medical.web.lois import convention

    return {
        "OpenFisca d’origine": (create_app(convention().systeme), ""),
        "Ce service": (creer(), "/api"),
    }


def tableau() -> str:
    """The table of faults of both servers on the same requests, in Markdown."""
    requetes = [requete for requete in corpus() if requete.pour_stock]
    comptes = {
        nom: compter(app, prefixe, requetes) for nom, (app, prefixe) in _applications().items()
    }
    lignes = [
        f"| sur {len(requetes)} requêtes | {' | '.join(comptes)} |",
        f"|---|{'---:|' * len(comptes)}",
    ]
    lignes += [
        f"| {genre} | {' | '.join(str(compte[genre]) for compte in comptes.values())} |"
        for genre in GENRES
    ]
    return "\n".join(lignes)
