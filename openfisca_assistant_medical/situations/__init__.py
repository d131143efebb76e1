"""Read and check a situation before openfisca-core sees it.

`lire_situation` reads a JSON or YAML file, `verifier` checks what it says and gives the canonical
form that `SimulationBuilder.build_from_entities` computes without surprise. Two shapes are
accepted: the one of the Web API (`{"medecins": {id: {variable: {period: value}}}, "cabinets":
{id: {"membres": [id]}}}`), and a flat one, for a single doctor:

    date_signature: 2023-09-10
    patientele_mt: {2025: 1200, year:2026:2: 1250}

- A variable of the whole contract is given with its value alone, or at "ETERNITY"; a yearly one by
  calendar year (`2025`) or range of years (`year:2025:3`), a monthly one by month (`2025-03`).
- `null` asks for a result and gives nothing: it is kept, at its canonical period, so that
  `/calculate` and `/trace` answer it.
- A value equal to the default of its variable says nothing, hence contradicts nothing.
- Types and bounds come from the variables themselves (type, unit, default, period); only the
  contradictions between several fields are written here.

Every message is in French and names the field, what was given, and what is accepted.
"""

from openfisca_assistant_medical.situations.erreurs import Erreur, SituationInvalide
from openfisca_assistant_medical.situations.fichier import LIMITE_OCTETS, analyser, lire_situation
from openfisca_assistant_medical.situations.valeurs import informations_utiles
from openfisca_assistant_medical.situations.verification import LIMITE_ERREURS, verifier

__all__ = [
    "LIMITE_ERREURS",
    "LIMITE_OCTETS",
    "Erreur",
    "SituationInvalide",
    "analyser",
    "informations_utiles",
    "lire_situation",
    "verifier",
]
