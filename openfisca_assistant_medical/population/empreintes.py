"""Fingerprints: what tells that two runs had the same law and gave the same result.

They are SHA-256 of a canonical text or of the content of a table: they do not change with a
machine, a path, or the way in which a result was cut or compressed. That of an input is in
`tables`.
"""

import hashlib
import inspect
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from types import FunctionType
from typing import Any

from openfisca_core.parameters import Parameter, ParameterNode

# What formulas are written with, and what goes from a table to sums and draws: a change there
# changes results as one of a formula does.
PAQUET = Path(__file__).parents[1]
OUTILS = (
    *("droit/*.py", "nomenclatures.py", "entities.py", "situations/valeurs.py"),
    *("population/cellules/*.py", "population/table/*.py"),
    *(
        f"population/{nom}.py"
        for nom in (
            *("arrow", "calcul", "colonnes", "incertitude", "manques"),
            *("sensibilite", "simulation", "tirages", "traitement"),
        )
    ),
)
_PAQUETS = (
    *("openfisca-assistant-medical", "openfisca-core", "numpy"),
    *("duckdb", "joblib", "pyarrow", "scipy"),
)
_COURTE = 16
_MORCEAU = 50_000  # rows


def versions() -> dict[str, str]:
    """What a result was computed with."""
    return {"python": python_version(), **{paquet: version(paquet) for paquet in _PAQUETS}}


def empreinte(objet: Any) -> str:
    """SHA-256 of plain data, as canonical JSON, or of bytes."""
    if not isinstance(objet, bytes):
        texte = json.dumps(
            objet, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        objet = texte.encode("utf-8")
    return hashlib.sha256(objet).hexdigest()


def empreinte_de_table(table: Any) -> str:
    """SHA-256 of the content of a pyarrow table: names, types and values, row after row."""
    import pyarrow as pa

    condense = hashlib.sha256()
    for nom in table.column_names:
        colonne = table.column(nom)
        code = pa.types.is_dictionary(colonne.type)
        genre = colonne.type.value_type if code else colonne.type
        condense.update(f"{nom}:{genre}:{len(colonne)}\n".encode())
        if pa.types.is_string(genre) or pa.types.is_large_string(genre) or colonne.null_count:
            for texte in _en_json(colonne, genre):
                condense.update(texte.encode())
        else:
            condense.update(_octets(colonne.cast(genre)))
    return condense.hexdigest()


def _en_json(colonne: Any, genre: Any) -> Iterator[str]:
    """A column as a JSON list, a piece at a time: as words of Python, it would be far larger."""
    yield "["
    for debut in range(0, len(colonne), _MORCEAU):
        morceau = colonne.slice(debut, _MORCEAU).cast(genre).to_pylist()
        yield (", " if debut else "") + json.dumps(morceau, default=str)[1:-1]
    yield "]"


def _octets(colonne: Any) -> bytes:
    import pyarrow as pa

    from openfisca_assistant_medical.population.arrow import en_numpy

    genre = colonne.type
    if not pa.types.is_integer(genre) and not pa.types.is_floating(genre):
        return bytes(colonne.to_numpy().tobytes())
    return b"".join(en_numpy(morceau).tobytes() for morceau in colonne.chunks)


def empreintes_d_une_loi(systeme: Any) -> dict[str, Any]:
    """Fingerprints of a law.

    Returns:
        `parametres` and `formules`: SHA-256 of every dated value, with the other reading of a
        doubtful point, and of the source of every variable and of what computes with them;
        `detail`: a short one of each, by name, so that what differs can be named.
    """
    parametres = {
        feuille.name: empreinte(_chiffre(feuille))[:_COURTE]
        for feuille in ParameterNode.get_descendants(systeme.parameters)
        if isinstance(feuille, Parameter)
    }
    sources: dict[Any, str] = {}  # one reading a file: an inspection a formula would cost seconds
    formules = {
        nom: empreinte(_source(variable, sources))[:_COURTE]
        for nom, variable in systeme.variables.items()
    }
    formules |= {
        f"({fichier.relative_to(PAQUET).as_posix()})": empreinte(fichier.read_bytes())[:_COURTE]
        for motif in OUTILS
        for fichier in sorted(PAQUET.glob(motif))
    }
    return {
        "parametres": empreinte(parametres),
        "formules": empreinte(formules),
        "detail": {"parametres": parametres, "formules": formules},
    }


def _chiffre(feuille: Parameter) -> list[Any]:
    datees = [[v.instant_str, v.value] for v in feuille.values_list]
    return [datees, feuille.metadata.get("alternative")]


def _source(variable: Any, sources: dict[Any, str]) -> str:
    """Source of a variable: its class, as the model keeps it, or the code of its formulas."""
    origine = variable.introspection_data
    if origine is not None and origine[1]:
        return str(origine[1])
    return "\n".join(_source_d_une_formule(f, sources) for f in variable.formulas.values())


def _source_d_une_formule(formule: FunctionType, sources: dict[Any, str]) -> str:
    if formule not in sources:
        try:
            sources[formule] = inspect.getsource(formule)
        except (OSError, TypeError):  # written in a session: its instructions stand for it
            sources[formule] = repr((formule.__code__.co_code.hex(), formule.__code__.co_consts))
    return sources[formule]


def differences(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, list[str]]:
    """Names of the figures and of the rules that differ between two fingerprints of a law."""
    return {
        genre: [
            nom
            for nom in sorted({*avant["detail"][genre], *apres["detail"][genre]})
            if avant["detail"][genre].get(nom) != apres["detail"][genre].get(nom)
        ]
        for genre in ("parametres", "formules")
    }
