"""A reform that is a folder: its files, their names, its links, as people hand one over."""

import os
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import strategies as st

from fuzz.portes.reforme import MOTS as MOTS_D_UN_FICHIER
from fuzz.portes.reforme import examiner, valeurs
from fuzz.verdict import Verdict, exiger
from openfisca_assistant_medical.reforms.en_fichier.contenu import TETE

NOM = "essai"
# « === name » starts a file, « === name * 9 » one nine times as long, « === name -> target » is a
# link, « === name/ » an empty folder.
_MARQUE = re.compile(rb"^=== ?(.*)\n?", re.M)
_AU_PLUS = 400_000  # bytes of a file that is repeated
MOTS = (
    *MOTS_D_UN_FICHIER,
    *("=== ", f"=== {TETE}", "=== index.yaml", "=== aide/index.yaml", "=== aide/montant.yaml"),
    *("=== aide.yaml", "=== contrat/duree.yml", "=== contrat.duree.YAML", "=== vide/", ".yaml"),
    *(" -> .", " -> ..", " -> reforme.yaml", " -> /dev/zero", " -> absent", " * 9000", "x" * 250),
    *(
        "metadata",
        "values",
        "value",
        "confiance",
        "unit",
        "last_value_still_valid_on",
        "annonce_le",
    ),
)


def ecrire(octets: bytes, dossier: Path) -> None:
    """Make the folder that an input tells; what no folder could hold is left out."""
    dossier.mkdir()
    _, *parties = _MARQUE.split(octets)
    for entete, contenu in zip(parties[::2], parties[1::2], strict=True):
        lien, cible = (partie.strip() for partie in (entete + b" -> ").split(b" -> ")[:2])
        nom, _, fois = lien.partition(b" * ")
        parts = [os.fsdecode(part) for part in nom.split(b"/") if part not in (b"", b".", b"..")]
        place = dossier.joinpath(*parts)
        with suppress(OSError, ValueError):  # a name too long, or taken; a NUL
            (place if nom.endswith(b"/") else place.parent).mkdir(parents=True, exist_ok=True)
            if cible:
                place.symlink_to(os.fsdecode(cible))
            elif not nom.endswith(b"/"):
                repetee = contenu * int(fois) if fois.isdigit() and len(fois) < 6 else contenu
                place.write_bytes(repetee[:_AU_PLUS])


def essayer(octets: bytes) -> Verdict:
    """`reformes FOLDER`, then amounts of drawn contracts under the law it makes."""
    with TemporaryDirectory() as lieu:
        dossier = Path(lieu) / NOM
        ecrire(octets, dossier)
        avant = sorted(map(str, Path(lieu).rglob("*")))
        verdict = examiner(dossier, octets)
        exiger(sorted(map(str, Path(lieu).rglob("*"))) == avant, "fichier laissé à côté")
    return Verdict(verdict.accepte, verdict.lieu.replace(f"{lieu}/", ""))


@st.composite
def dossiers(draw: st.DrawFn) -> bytes:
    """A folder laid out as the parameters: a title, values, indexes; and now and then a link."""
    tete: dict[str, Any] = {"titre": "Essai", "hypothese": True, "sur": ["convention_2024"]}
    fichiers: dict[str, Any] = {TETE: tete}
    for chemin, datees in draw(valeurs()).items():
        *dessus, dernier = chemin.split(".")
        coupe = draw(st.integers(0, len(dessus)))
        bloc: dict[str, Any] = {
            dernier: {"values": {jour: {"value": valeur} for jour, valeur in datees.items()}}
        }
        for nom in reversed(dessus[coupe:]):
            bloc = {nom: bloc}
        (tige, contenu), *_ = bloc.items()
        suffixe = draw(st.sampled_from((".yaml", ".yaml", ".yml", ".YAML")))
        fichiers["/".join([*dessus[:coupe], f"{tige}{suffixe}"])] = contenu
        indexe = draw(st.booleans())
        if dessus[:coupe] and indexe:
            fichiers["/".join([*dessus[:coupe], "index.yaml"])] = draw(
                st.sampled_from(
                    (
                        {"description": "Essai"},
                        {"metadata": {"unit": "currency"}},
                        {"metadata": {"hypothese": False}},
                        {"metadata": {"reference": {"2027-01-01": [{"title": "Essai"}]}}},
                        {"metadata": None},
                        {},
                    )
                )
            )
    parties = [f"=== {nom}\n{yaml.safe_dump(contenu)}" for nom, contenu in fichiers.items()]
    autres = ("=== lien.yaml -> reforme.yaml\n", "=== lien -> .\n", "=== lisez-moi.txt\nx\n")
    if draw(st.integers(0, 5)) == 0:
        parties.append(draw(st.sampled_from((*autres, "=== vide/\n", "=== x.yaml -> absent\n"))))
    ordre: list[str] = draw(st.permutations(parties))
    return "".join(ordre).encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Folders by their structure."""
    return dossiers()
