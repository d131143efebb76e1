"""A file of what draws suppose: read, then two draws over a few contracts."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyarrow as pa
import yaml
from hypothesis import strategies as st

from fuzz.verdict import Verdict, exiger, refuse
from openfisca_assistant_medical.population import comparer
from openfisca_assistant_medical.population.incertitude import (
    ROLES,
    HypothesesRefusees,
    lire_les_tirages,
)

NOM = "hypotheses.yaml"
MOTS = (*ROLES, "uniforme", "triangulaire", "normale", "de", "a", "mode", "moyenne", "ecart_type")
_NOMBRES = (0, 1, 0.05, -1, -0.99, 5, 999_999, 1e6, -999_999, 1e-12, 1e-300, float("nan"), "0.5")


@cache
def _contrats() -> pa.Table:
    return pa.table(
        {
            "date_signature": ["2024-09-10", "2021-01-01"],
            "specialite": ["generaliste", "cardiologue"],
            "secteur_conventionnel": ["secteur_1", "secteur_1"],
            "patientele_mt_initiale": [1000, 900],
            "file_active_initiale": [1500, 2000],
        }
    )


def essayer(octets: bytes) -> Verdict:
    """Read them; what is accepted is drawn from."""
    with TemporaryDirectory() as dossier:
        fichier = Path(dossier) / NOM
        fichier.write_bytes(octets)
        try:
            lire_les_tirages(fichier)
        except HypothesesRefusees as refus:
            message = str(refus).replace(str(fichier), NOM)
            return refuse(message, message.partition(" : ")[0], octets)
        tirees: Any = comparer(
            _contrats(), [2025, 2026], lectures=False, tirages=2, hypotheses=fichier
        ).tirages
    valeurs = tirees["valeur"].to_numpy()
    exiger(numpy.isfinite(valeurs).all(), "tirage qui n’est pas fini", valeurs[:20])
    dues = tirees.filter(pa.compute.equal(tirees["grandeur"], "aide_due"))["valeur"]
    exiger(not len(dues) or min(dues.to_pylist()) >= 0, "aide tirée négative")
    return Verdict(True)


@st.composite
def fichiers(draw: st.DrawFn) -> bytes:
    """Assumptions of every role and distribution."""
    lignes = []
    for role in draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=5)):
        ligne: dict[str, Any] = {"role": role, "pourquoi": "essai"}
        ligne["loi"] = draw(st.sampled_from(("uniforme", "triangulaire", "normale")))
        noms = {
            "uniforme": ("de", "a"),
            "triangulaire": ("de", "mode", "a"),
            "normale": ("moyenne", "ecart_type"),
        }[ligne["loi"]]
        tires = [draw(st.sampled_from(_NOMBRES)) for _ in noms]
        if draw(st.booleans()) and not any(isinstance(tire, str) for tire in tires):
            tires.sort()
        ligne |= dict(zip(noms, tires, strict=True))
        if not draw(st.integers(0, 2)):
            ligne["dispersion"] = draw(st.sampled_from(_NOMBRES))
        lignes.append(ligne)
    return yaml.safe_dump({"hypotheses": lignes}).encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Files by their structure."""
    return fichiers()
