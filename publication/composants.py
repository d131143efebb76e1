"""The components that the wheel stands on: a CycloneDX bill of materials (SBOM), beside it.

It tells one resolution of what the wheel asks for, the one of `uv.lock` on this Python, which the
tests ran on: the package without extras, each library with its version, licence and package URL.
"""

import hashlib
import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from publication import NOM, RACINE, exiger_sans_faute
from publication.archives import contenu_de_la_wheel, lancer

VERROU = RACINE / "uv.lock"
# What tells of the machine that made it, or of where it downloads from.
_D_ICI = ("file:", "localhost", "127.0.0.1", "direct_url", "repository_url", "download_url")


def ecrire(wheel: Path, sortie: Path) -> Path:
    """Write the components of a wheel, in CycloneDX 1.6 JSON, and check them.

    Raises:
        PublicationRefusee: see `fautes`.
    """
    fichier = sortie / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    composants = _decrire(wheel)
    fichier.write_text(json.dumps(composants, indent=2, ensure_ascii=False) + "\n", "utf-8")
    exiger_sans_faute(fichier.name, list(fautes(fichier.read_text("utf-8"), wheel)))
    return fichier


def _decrire(wheel: Path) -> dict[str, Any]:
    uv = (sys.executable, "-m", "uv")
    with tempfile.TemporaryDirectory() as dossier:
        demandes, environnement = Path(dossier) / "verrou.txt", Path(dossier) / "environnement"
        verrou = ("--frozen", "--no-emit-project", "--no-header", "--no-annotate")
        lancer(*uv, "export", "--quiet", *verrou, "--output-file", demandes, dans=RACINE)
        lancer(*uv, "venv", "--quiet", "--no-project", "--python", sys.executable, environnement)
        installer = ("pip", "install", "--quiet", "--require-hashes", "--python", environnement)
        lancer(*uv, *installer, "--requirements", demandes)
        # Without the wheel: its components would say from where on this machine it came.
        decrire = ("--pyproject", RACINE / "pyproject.toml", "--mc-type", "library")
        sobre = ("--short-PURLs", "--output-reproducible", "--no-validate", "--spec-version", "1.6")
        cyclonedx = Path(sys.executable).with_name("cyclonedx-py")
        lu = json.loads(lancer(cyclonedx, "environment", *decrire, *sobre, environnement))
    racine = lu["metadata"]["component"]
    racine["purl"] = f"pkg:pypi/{NOM}@{racine['version']}"
    racine["hashes"] = [{"alg": "SHA-256", "content": _empreinte(wheel)}]
    return dict(lu)


def fautes(texte: str, wheel: Path, verrou: Path = VERROU) -> Iterator[str]:
    """What is wrong with the components that are told of a wheel, in French.

    Held to the schema of CycloneDX, to the metadata of the wheel and to the lock file.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    erreur = JsonStrictValidator(SchemaVersion.V1_6).validate_str(texte)
    if erreur:
        yield f"schéma CycloneDX 1.6 : {erreur}"
        return
    lu = json.loads(texte)
    if lu["specVersion"] != "1.6":  # which the schema leaves open
        yield f"schéma CycloneDX {lu['specVersion']}, 1.6 attendu"
    yield from _fautes_de_la_racine(lu["metadata"]["component"], wheel)
    composants = {canonicalize_name(c["name"]): c for c in lu["components"]}
    yield from _fautes_des_dependances(composants, wheel, verrou)
    relies = {depend["ref"] for depend in lu["dependencies"]}
    for nom, composant in composants.items():
        if composant["purl"] != f"pkg:pypi/{nom}@{composant['version']}":
            yield f"{nom} : adresse de paquet inattendue, {composant['purl']}"
        if not composant.get("licenses"):
            yield f"{nom} : licence non dite"
        if composant["bom-ref"] not in relies:
            yield f"{nom} : ce dont il dépend n’est pas dit"
    for trace in (*_D_ICI, str(RACINE), str(Path.home()) + "/", tempfile.gettempdir() + "/"):
        if trace in texte:
            yield f"dit d’où il vient : « {trace} »"


def _fautes_de_la_racine(racine: dict[str, Any], wheel: Path) -> Iterator[str]:
    lues = _metadonnees(wheel)
    attendues = {
        "name": lues["Name"],
        "version": lues["Version"],
        "purl": f"pkg:pypi/{lues['Name']}@{lues['Version']}",
        "hashes": [{"alg": "SHA-256", "content": _empreinte(wheel)}],
    }
    for champ, valeur in attendues.items():
        if racine.get(champ) != valeur:
            yield f"{champ} : {racine.get(champ)}, {valeur} attendu"
    licences = [licence["license"].get("id") for licence in racine.get("licenses", [])]
    if licences != [lues["License-Expression"]]:
        yield f"licence : {licences}, {lues['License-Expression']} attendue"


def _fautes_des_dependances(
    composants: dict[NormalizedName, Any], wheel: Path, fichier: Path
) -> Iterator[str]:
    """Hold the components to what the wheel asks for, followed through the lock file."""
    verrou = _lire(fichier)
    attendus = _atteints(_metadonnees(wheel).get_all("Requires-Dist", []), verrou)
    for nom in sorted(attendus - composants.keys()):
        yield f"{nom} : n’est pas dit"
    for nom in sorted(composants.keys() - attendus):
        yield f"{nom} : n’est demandé par rien"
    for nom in sorted(attendus & composants.keys()):
        versions = {paquet["version"] for paquet in verrou.get(nom, [])}
        if composants[nom]["version"] not in versions:
            yield f"{nom} : {composants[nom]['version']}, au verrou {sorted(versions)}"


def _lire(verrou: Path) -> dict[str, list[dict[str, Any]]]:
    """Packages of a lock file by name; a name may have several versions, by Python."""
    paquets: dict[str, list[dict[str, Any]]] = {}
    for paquet in tomllib.loads(verrou.read_text("utf-8"))["package"]:
        paquets.setdefault(paquet["name"], []).append(paquet)
    return paquets


def _atteints(demandes: list[str], verrou: dict[str, list[dict[str, Any]]]) -> set[NormalizedName]:
    """Names of what requirements lead to on this Python, through the packages of a lock file."""
    a_suivre, vus = list(map(Requirement, demandes)), set()
    while a_suivre:
        demande = a_suivre.pop()
        cle = (canonicalize_name(demande.name), frozenset(demande.extras))
        if cle in vus or (demande.marker and not demande.marker.evaluate({"extra": ""})):
            continue
        vus.add(cle)
        for paquet in verrou.get(cle[0], []):
            optionnelles = paquet.get("optional-dependencies", {})
            suites = [paquet.get("dependencies", []), *(optionnelles.get(e, []) for e in cle[1])]
            a_suivre += [_demande(suite) for liste in suites for suite in liste]
    return {nom for nom, _ in vus}


def _demande(suite: dict[str, Any]) -> Requirement:
    """A dependency of the lock file, as a requirement."""
    condition = f"; {suite['marker']}" if "marker" in suite else ""
    return Requirement(f"{suite['name']}[{','.join(suite.get('extra', ()))}]{condition}")


def _metadonnees(wheel: Path) -> Any:
    (lues,) = (o for n, o in contenu_de_la_wheel(wheel).items() if n.endswith("/METADATA"))
    return BytesParser().parsebytes(lues)


def _empreinte(fichier: Path) -> str:
    return hashlib.sha256(fichier.read_bytes()).hexdigest()
