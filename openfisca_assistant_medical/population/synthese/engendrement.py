"""A synthetic population as a table, whole or piece after piece.

Row i of a seed is the same in a population of any size, and whatever the threads: rows are drawn by
fixed blocks, each with a generator of its own. Such a table says that it is synthetic, in its
schema and in its identifiers.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import numpy
import pyarrow as pa

from openfisca_assistant_medical.population import hypotheses
from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.mention import CLE
from openfisca_assistant_medical.population.synthese.signatures import signatures
from openfisca_assistant_medical.population.synthese.tirage import colonnes_du_bloc, schema

TAILLE_DU_BLOC = 10_000  # never to be changed: the draws depend on it
GROUPE = 10  # blocks of a piece of table, a row group of a file
LIMITE_LIGNES = 999_999_999  # digits of an identifier
LIMITE_GRAINE = 2**63 - 1
ANNEES = (2019, 2099)
JUSQU_A = 2034


class DemandeRefusee(ValueError):
    """A population that cannot be made; the message says what is accepted."""


@dataclass(frozen=True)
class Demande:
    """What makes a synthetic population, and all that makes it.

    Attributes:
        taille: rows.
        graine: seed.
        jusqu_a: last year of the counts given.
        derniere_signature: last day on which a contract is signed.
    """

    taille: int
    graine: int
    jusqu_a: int
    derniere_signature: date

    def mention(self) -> dict[str, Any]:
        """What a table, or a file, says of itself."""
        texte = (files(hypotheses) / "synthese.yaml").read_bytes()
        return {
            "synthetique": True,
            "avertissement": "Contrats engendrés ; aucun médecin réel. Voir docs/population.md.",
            "graine": self.graine,
            "taille": self.taille,
            "jusqu_a": self.jusqu_a,
            "derniere_signature": self.derniere_signature.isoformat(),
            "contrats_representes": round(signatures(self.derniere_signature).total),
            "version": version("openfisca-assistant-medical"),
            "hypotheses": hashlib.sha256(texte).hexdigest(),
        }

    def schema(self) -> pa.Schema:
        """Columns, with the mention."""
        mention = json.dumps(self.mention(), ensure_ascii=False).encode()
        return schema(self.jusqu_a).with_metadata({CLE: mention})


def demander(
    taille: int,
    graine: int,
    jusqu_a: int = JUSQU_A,
    derniere_signature: date | None = None,
) -> Demande:
    """A population asked for, checked.

    Raises:
        DemandeRefusee: see the message.
    """
    premiere = date.fromisoformat(lire_hypotheses()["contrats_cumules"][0]["date"])
    if derniere_signature is None:
        derniere_signature = date.fromisoformat(lire_hypotheses()["derniere_signature"]["valeur"])
    _entre("taille", taille, 1, LIMITE_LIGNES)
    _entre("graine", graine, 0, LIMITE_GRAINE)
    _entre("jusqu-a", jusqu_a, *ANNEES)
    if not premiere <= derniere_signature <= date(ANNEES[1], 12, 31):
        raise DemandeRefusee(
            f"derniere-signature : reçu {derniere_signature} ; attendu : un jour du {premiere}, "
            f"premier jour des contrats, au {ANNEES[1]}-12-31."
        )
    return Demande(int(taille), int(graine), int(jusqu_a), derniere_signature)


def _entre(nom: str, valeur: int, minimum: int, maximum: int) -> None:
    entier = isinstance(valeur, (int, numpy.integer)) and not isinstance(valeur, bool)
    if not (entier and minimum <= valeur <= maximum):
        raise DemandeRefusee(
            f"{nom} : reçu {valeur!r} ; attendu : un nombre entier de {minimum} à {maximum}."
        )


def engendrer(
    taille: int,
    graine: int,
    *,
    jusqu_a: int = JUSQU_A,
    derniere_signature: date | None = None,
    travailleurs: int = 1,
    suivi: Callable[[int, int], object] | None = None,
) -> pa.Table:
    """Make a synthetic population.

    Args:
        taille: rows; those of a smaller population of the same seed come first.
        graine: seed, 0 or more.
        jusqu_a: last year of the counts of patients given; after the last studies, a projection.
        derniere_signature: last day on which a contract is signed; None: that of the assumptions.
        travailleurs: threads; they change nothing of the result.
        suivi: called with the rows done and their number.

    Returns:
        One row a contract: `identifiant`, then inputs of the model under their names, the yearly
        ones followed by `_AAAA`; −1 is not given. The metadata of the schema, under
        `assistant_medical`, is a JSON object that says `synthetique`.

    Raises:
        DemandeRefusee: an argument that does not fit.
    """
    demande = demander(taille, graine, jusqu_a, derniere_signature)
    return pa.Table.from_batches(
        [lot for morceau in morceaux(demande, travailleurs, suivi) for lot in morceau.to_batches()],
        schema=demande.schema(),
    )


def morceaux(
    demande: Demande, travailleurs: int = 1, suivi: Callable[[int, int], object] | None = None
) -> Iterator[pa.Table]:
    """The population in order, piece after piece; few of them are in memory at once."""
    _entre("travailleurs", travailleurs, 1, 1_000)
    attente: deque[Future[pa.Table]] = deque()
    faites = 0
    with ThreadPoolExecutor(travailleurs) as fils:
        for debut in range(0, demande.taille, TAILLE_DU_BLOC * GROUPE):
            attente.append(fils.submit(_morceau, demande, debut))
            dernier = debut + TAILLE_DU_BLOC * GROUPE >= demande.taille
            while len(attente) > (0 if dernier else travailleurs):
                morceau = attente.popleft().result()
                faites += len(morceau)
                yield morceau
                if suivi is not None:
                    suivi(faites, demande.taille)


def _morceau(demande: Demande, debut: int) -> pa.Table:
    fin = min(debut + TAILLE_DU_BLOC * GROUPE, demande.taille)
    blocs = range(debut // TAILLE_DU_BLOC, -(-fin // TAILLE_DU_BLOC))
    courbe = signatures(demande.derniere_signature)
    decrit = demande.schema()
    lots = [
        pa.RecordBatch.from_arrays(
            colonnes_du_bloc(demande.graine, bloc, TAILLE_DU_BLOC, courbe, demande.jusqu_a),
            schema=decrit,
        )
        for bloc in blocs
    ]
    return pa.Table.from_batches(lots).slice(0, fin - debut).combine_chunks()
