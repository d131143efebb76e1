"""Doctors drawn by the variables of the model: mostly right, wrong here and there."""

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from openfisca_assistant_medical.web.lois import convention

JOURS = (
    *("2024-09-10", "2023-09-10", "2019-08-20", "2024-06-22", "2024-06-21", "2024-07-01"),
    *("2023-04-30", "2023-05-01", "2020-02-29", "2024-02-29", "1999-12-31", "2099-12-31"),
    *("1900-01-01", "1899-12-31", "9998-12-31", "9999-12-31", "9997-01-01", "2023-02-29", ""),
)
ENTIERS = (1200, 0, 1, -1, 775, 1000, 1830, 2300, 99_999, 100_000, 100_001, 2**31 - 1, 2**31)
DECIMAUX = (
    0.5,
    0,
    1,
    0.8,
    1e-9,
    1.0000001,
    -1,
    -0.0,
    1e-320,
    38_000.005,
    10**7,
    10**7 + 0.01,
    1e15,
)
ETRANGES: tuple[Any, ...] = (
    None,
    "",
    "1200",
    True,
    [],
    {},
    [1],
    1.5,
    float("nan"),
    float("inf"),
    10**25,
    "é",
    "\x07",
)
_ANNEES = st.lists(
    st.integers(2018, 2034) | st.sampled_from((1899, 1900, 9998, 9999)), min_size=1, max_size=2
)
OBLIGATOIRES = {
    "date_signature": "2024-09-10",
    "specialite": "generaliste",
    "secteur_conventionnel": "secteur_1",
}


@cache
def entrees() -> dict[str, Any]:
    """Inputs of a doctor, by name."""
    return {
        variable.name: variable
        for variable in convention().systeme.variables.values()
        if not variable.formulas and variable.entity.is_person
    }


@cache
def valeurs(variable: Any, rares: bool = True) -> Any:
    """Values for a variable; `rares`, also at its bounds, past them, or of another kind."""
    bonnes: Any
    bornes: Any = st.nothing()
    if variable.value_type is Enum:
        bonnes = st.sampled_from([membre.name for membre in variable.possible_values])
    elif variable.value_type is bool:
        bonnes = st.booleans()
    elif variable.value_type is int:
        bonnes = st.integers(0, 3_000)
        bornes = st.sampled_from(ENTIERS)
    elif variable.value_type is float:
        bonnes = st.floats(0, 1)
        bornes = st.sampled_from(DECIMAUX)
    else:
        bonnes = st.dates(date(2019, 9, 1), date(2032, 1, 1)).map(date.isoformat)
        bornes = st.sampled_from(JOURS)
    if not rares:
        return bonnes
    return st.one_of(*(bonnes,) * 6, *(bornes,) * 3, st.sampled_from(ETRANGES))


@cache
def _noms() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(entrees())), max_size=6, unique=True)


@st.composite
def medecin(draw: st.DrawFn, rares: bool = True) -> dict[str, Any]:
    """Fields of a doctor: `{variable: value}`, `{variable: {period: value}}` for the dated ones."""
    connues = entrees()
    champs: dict[str, Any] = dict(OBLIGATOIRES)
    champs["date_signature"] = draw(valeurs(connues["date_signature"], rares))
    noms = draw(_noms())
    for nom in noms:
        variable = connues[nom]
        valeur = draw(valeurs(variable, rares))
        if variable.definition_period == DateUnit.YEAR:
            champs[nom] = {str(an): draw(valeurs(variable, rares)) for an in draw(_ANNEES)}
        elif variable.definition_period == DateUnit.MONTH:
            champs[nom] = {f"{draw(st.integers(2018, 2034))}-{draw(st.integers(1, 13)):02}": valeur}
        else:
            champs[nom] = valeur
    return champs
