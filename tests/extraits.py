"""The snippets of the documentation: what each block is, and running those of a page in order.

A block is run as it is written, in a folder of the page's own:

- `sh`: commands, which must end and succeed; port 5000 of this machine is that of the service, and
  `$API` its API. A request is refused (400 and over) only where the answer is shown after it.
- `python`: a program; its comments at the margin are what it prints. All those of a page are one.
- any other after `<!-- fichier : nom -->`, or whose first line is `# nom.yaml` or `# nom.py`: a
  file, written under that name.
- `json` after `sh`: what the commands print. `text`, or no language, after `sh`: lines that they
  print, in this order, whatever the spaces; a line « … » stands for any.

What cannot run says why, in the source, on the line before: `<!-- non exécuté : raison -->`.
"""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openfisca_assistant_medical.cli import main

RACINE = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# Pages whose commands change the model: they run on a copy of it.
EN_COPIE = "docs/pratique/"
_COPIES = ("openfisca_assistant_medical", "tests")
_MARQUE = re.compile(r"<!-- (fichier|non exécuté) : (.+?) -->$")
_NOM = re.compile(r"# ([\w./-]+\.(?:yaml|py))$")
_OUVERTURE = re.compile(r"```(\S*)")
_SORTIES = ("json", "text", "")
# What listens until it is stopped. Marked, it says why it is not run; if not, the page would hang.
_SANS_FIN = re.compile(
    r"\b(assistant-medical\s+(servir(?!.*--(verifier|help))|mcp)|make\s+serve|openfisca\s+serve"
    r"|gunicorn|flask\s+run|marimo\s+(edit|run)|dask\s+(scheduler|worker))\b(?!.*--help)"
)
_REFUS = re.compile(r"^HTTP [45]\d\d$", re.MULTILINE)


class ExtraitFaux(AssertionError):
    """A block that does not do what its page says, or that nothing says how to run."""


@dataclass(frozen=True, slots=True)
class Extrait:
    """A fenced block: its place, its language, its text, and what its mark says."""

    page: str
    ligne: int
    langue: str
    texte: str
    fichier: str | None = None
    raison: str | None = None
    suit_une_commande: bool = False

    @property
    def laisse(self) -> bool:
        """Whether it is left out: a directive of the site, or marked."""
        return self.langue.startswith("{") or bool(self.raison)

    @property
    def role(self) -> str:
        """What is done of it: `aucun`, `fichier`, `sh`, `python`, `sortie`.

        Raises:
            ExtraitFaux: nothing says what, or it would never end.
        """
        if self.laisse:
            return "aucun"
        if self.fichier:
            return "fichier"
        if self.langue == "sh" and (sans_fin := _SANS_FIN.search(self.texte)):
            lieu = f"{self.page}:{self.ligne}"
            raise ExtraitFaux(f"{lieu} : « {sans_fin[0]} » ne finit pas ; le dire non exécuté")
        if self.langue in ("sh", "python"):
            return self.langue
        if self.langue in _SORTIES and self.suit_une_commande:
            return "sortie"
        raise ExtraitFaux(f"{self.page}:{self.ligne} : ni exécuté, ni écrit, ni expliqué")


def extraits(page: str, texte: str) -> Iterator[Extrait]:
    """Blocks of a page, in order."""
    lignes, rang = texte.splitlines(), 0
    marque: tuple[str, str] | None = None
    apres = False
    while rang < len(lignes):
        ouverture, trouvee = _OUVERTURE.match(lignes[rang]), _MARQUE.match(lignes[rang])
        if ouverture:
            debut = rang
            rang = lignes.index("```", debut + 1)
            bloc = _extrait(page, debut + 1, ouverture[1], lignes[debut + 1 : rang], marque, apres)
            yield bloc
            apres, marque = bloc.langue == "sh" and bloc.raison is None, None
        elif trouvee:
            marque = (trouvee[1], trouvee[2])
        elif lignes[rang].strip():
            marque = None
            apres = apres and not lignes[rang].startswith("#")
        rang += 1


def _extrait(
    page: str,
    ligne: int,
    langue: str,
    lignes: list[str],
    marque: tuple[str, str] | None,
    apres: bool,
) -> Extrait:
    nom = _NOM.match(lignes[0]) if lignes and langue in ("yaml", "python") else None
    genre, dit = marque or ("", None)
    return Extrait(
        page,
        ligne,
        langue,
        "\n".join(lignes) + "\n",
        fichier=dit if genre == "fichier" else (nom[1] if nom else None),
        raison=dit if genre == "non exécuté" else None,
        suit_une_commande=apres,
    )


@dataclass
class Execution:
    """The blocks of a page, run one after the other.

    Args:
        dossier: an empty folder, where the commands run.
        page: path of the page, from the root.
        port: that of the server which stands for port 5000.
        delai: seconds of a block, after which it is stopped.
    """

    dossier: Path
    page: str
    port: int
    delai: float = 300
    _noms: dict[str, Any] = field(default_factory=dict)
    _dernier: str = ""

    def __post_init__(self) -> None:
        for nom in ("examples", *(_COPIES if self.page.startswith(EN_COPIE) else ())):
            ignores = shutil.ignore_patterns("__pycache__")
            shutil.copytree(RACINE / nom, self.dossier / nom, ignore=ignores)
        (self.dossier / ".venv").mkdir(parents=True)
        (self.dossier / ".venv" / "bin").symlink_to(BIN)
        outils = self.dossier / ".outils"
        outils.mkdir()
        vrai = shutil.which("curl")
        detours = (f"--connect-to {hote}:5000:127.0.0.1:{self.port}" for hote in _HOTES)
        statut = "--write-out '%{stderr}HTTP %{http_code}\\n'"
        appel = f'exec {vrai} {" ".join(detours)} {statut} "$@"'
        (outils / "curl").write_text(f"#!/bin/sh\n{appel}\n")
        (outils / "curl").chmod(0o755)

    def jouer(self, liste: Sequence[Extrait]) -> None:
        """Run the blocks of the page, in order.

        Raises:
            ExtraitFaux: one fails or does not end, or what it shows is not what happens.
        """
        roles = {"fichier": self._ecrire, "python": self._python, "sortie": self._sortie}
        for rang, extrait in enumerate(liste):
            role = extrait.role
            try:
                with _au_plus(self.delai):
                    if role == "sh":
                        self._sh(extrait, any(e.role == "sortie" for e in liste[rang + 1 :][:1]))
                    elif role != "aucun":
                        roles[role](extrait)
            except ExtraitFaux:
                raise
            except Exception as erreur:
                raise ExtraitFaux(f"{extrait.page}:{extrait.ligne} : {erreur!r}") from erreur

    def _ecrire(self, extrait: Extrait) -> None:
        chemin = self.dossier / str(extrait.fichier)
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(extrait.texte, "utf-8")

    def _sh(self, extrait: Extrait, montre: bool) -> None:
        commandes = None if self.page.startswith(EN_COPIE) else _du_paquet(extrait.texte)
        if commandes is None:
            self._dernier = self._bash(extrait, montre)
        else:
            self._dernier = self._ici(extrait, commandes)

    def _ici(self, extrait: Extrait, commandes: list[list[str]]) -> str:
        """The command of the package in this process, where the laws are built once."""
        with contextlib.chdir(self.dossier), contextlib.redirect_stdout(io.StringIO()) as sortie:
            for arguments in commandes:
                if main(arguments):
                    raise ExtraitFaux(f"{extrait.page}:{extrait.ligne} : {arguments} est refusé")
        return sortie.getvalue()

    def _bash(self, extrait: Extrait, montre: bool) -> str:
        """Anything else; what it exports stays for the blocks that follow, what it starts ends."""
        retenir = "\nexport -p > .exportees\n"
        rappel = "[ -f .exportees ] && . ./.exportees\n"
        chemin = os.pathsep.join((str(self.dossier / ".outils"), str(BIN), os.environ["PATH"]))
        with subprocess.Popen(
            ["bash", "-c", f"{rappel}set -euo pipefail\n{extrait.texte}{retenir}"],
            cwd=self.dossier,
            env={
                **os.environ,
                "PATH": chemin,
                "PYTHONPATH": str(self.dossier),
                "API": "http://127.0.0.1:5000/api",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as fait:
            try:
                sortie, erreurs = fait.communicate()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(fait.pid, signal.SIGKILL)
        lieu, dit = f"{extrait.page}:{extrait.ligne}", (sortie + erreurs)[-2000:]
        if fait.returncode:
            raise ExtraitFaux(f"{lieu} : code {fait.returncode}\n{dit}")
        if not montre and _REFUS.search(erreurs):
            raise ExtraitFaux(f"{lieu} : une requête est refusée\n{dit}")
        return sortie

    def _python(self, extrait: Extrait) -> None:
        with contextlib.chdir(self.dossier), contextlib.redirect_stdout(io.StringIO()) as sortie:
            exec(compile(extrait.texte, f"{extrait.page}:{extrait.ligne}", "exec"), self._noms)
        dites = [ligne[2:] for ligne in extrait.texte.splitlines() if ligne.startswith("# ")]
        _comparer(extrait, _simple(sortie.getvalue()).splitlines(), [_simple(d) for d in dites])

    def _sortie(self, extrait: Extrait) -> None:
        if extrait.langue == "json":
            _comparer(extrait, json.loads(self._dernier), json.loads(extrait.texte))
            return
        restantes = iter(_serrees(self._dernier))
        for ligne in _serrees(extrait.texte):
            if ligne != "…" and ligne not in restantes:
                lieu = f"{extrait.page}:{extrait.ligne}"
                raise ExtraitFaux(f"{lieu} : « {ligne} » n’est pas imprimé\n{self._dernier}")


_HOTES = ("localhost", "127.0.0.1")


@contextlib.contextmanager
def _au_plus(secondes: float) -> Iterator[None]:
    """Interrupt what lasts longer, in this process or waiting for another."""

    def arreter(*_: object) -> None:
        raise TimeoutError(f"encore en cours après {secondes:g} s")

    avant = signal.signal(signal.SIGALRM, arreter)
    signal.setitimer(signal.ITIMER_REAL, secondes)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, avant)


def _du_paquet(texte: str) -> list[list[str]] | None:
    """Arguments of each line of a block, where all are this package's command and nothing else."""
    if re.search(r"[|<>;&$]", texte):
        return None
    lignes = texte.replace("\\\n", " ").splitlines()
    try:
        mots = [m for ligne in lignes if (m := shlex.split(ligne, comments=True))]
    except ValueError:  # a text of several lines between quotes
        return None
    if all(m[0].removeprefix(".venv/bin/") == "assistant-medical" for m in mots):
        return [m[1:] for m in mots]
    return None


def _comparer(extrait: Extrait, obtenu: Any, dit: Any) -> None:
    if obtenu != dit:
        raise ExtraitFaux(f"{extrait.page}:{extrait.ligne} : dit {dit!r}, obtenu {obtenu!r}")


def _simple(texte: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", texte).rstrip()


def _serrees(texte: str) -> list[str]:
    """Lines that hold something, each space as one."""
    return [" ".join(ligne.split()) for ligne in texte.splitlines() if ligne.strip()]
