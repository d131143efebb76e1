"""What is handed over, attacked: subtraction, linear algebra, bounds."""

import itertools
from collections import defaultdict
from typing import Any

import numpy
import pyarrow as pa
import pytest
from scipy.optimize import linprog

from openfisca_assistant_medical.population.cellules import CAISSE, DROITS, ECARTS, VARIATIONS
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.secret import (
    AUTRES,
    SEUIL,
    SecretImpossible,
    fondre,
    groupes,
)


def proteger_ensemble(tables: Any, index: Any, seuil: int = SEUIL) -> dict[str, pa.Table]:
    """Tables to publish together."""
    communs = groupes(tables, index, seuil)
    return {nom: fondre(table, index[nom], communs, seuil) for nom, table in tables.items()}


def proteger(source: pa.Table, index: Any, seuil: int = SEUIL) -> pa.Table:
    """One table to publish alone."""
    return proteger_ensemble({"table": source}, {"table": index}, seuil)["table"]


def table(noms: tuple[str, ...], *lignes: tuple[Any, ...]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(noms, ligne, strict=True)) for ligne in lignes])


def lu(protegee: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(ligne.values()) for ligne in protegee.to_pylist()]


ZONES = ("zone", "lignes", "aide_due")


# --- By hand --------------------------------------------------------------------------------------


def test_une_petite_modalite_rejoint_la_plus_petite_des_autres() -> None:
    source = table(ZONES, ("a", 100, 1.0), ("b", 10, 2.0), ("c", 40, 4.0), ("d", 60, 8.0))
    # 10 is under 11: with c, the smallest left. Counts are told by elevens.
    assert lu(proteger(source, "zone")) == [("a", 99, 1.0), ("d", 55, 8.0), (AUTRES, 44, 6.0)]
    assert lu(proteger(source, "zone", seuil=10))[1] == ("b", 10, 2.0)
    assert proteger(source, "zone").schema == source.schema


def test_on_regroupe_jusqu_au_seuil() -> None:
    source = table(
        ZONES, ("a", 3, 1.0), ("b", 4, 2.0), ("c", 3, 4.0), ("d", 5, 8.0), ("e", 50, 9.0)
    )
    assert lu(proteger(source, "zone")) == [("e", 44, 9.0), (AUTRES, 11, 15.0)]
    tout = table(ZONES, ("a", 3, 1.0), ("b", 4, 2.0), ("c", 4, 4.0))
    assert lu(proteger(tout, "zone")) == [(AUTRES, 11, 7.0)]


def test_une_case_vide_reste_et_ne_cache_personne() -> None:
    source = table(ZONES, ("a", 0, 0.0), ("b", 20, 2.0), ("c", 5, 1.0), ("d", 30, 3.0))
    assert lu(proteger(source, "zone")) == [("a", 0, 0.0), ("d", 22, 3.0), (AUTRES, 22, 3.0)]


def test_trop_peu_de_contrats_est_refuse() -> None:
    with pytest.raises(SecretImpossible, match="moins de 11 contrats"):
        proteger(table(ZONES, ("a", 4, 1.0), ("b", 6, 2.0)), "zone")
    with pytest.raises(SecretImpossible, match="base repose sur"):
        proteger(table(("loi", "lignes"), ("base", 10), ("autre", 12)), "loi")
    with pytest.raises(ValueError, match="« lignes »"):
        proteger(table(("zone", "2024"), ("a", 1.0)), "zone")
    with pytest.raises(ValueError, match="1 contrat au moins"):
        proteger(table(ZONES, ("a", 4, 1.0)), "zone", seuil=0)


def test_une_modalite_est_la_meme_dans_toutes_les_tables() -> None:
    par_zone = table(ZONES, ("a", 12, 1.0), ("b", 30, 2.0), ("c", 40, 4.0))
    # b has 30 contracts, but 2 of them under one certainty: b, and not only that cell.
    croisee = table(
        ("zone", "certitude", "lignes", "aide_due"),
        *(("a", "droit", 12, 1.0), ("b", "droit", 28, 1.5), ("b", "inconnu", 2, 0.5)),
        *(("c", "droit", 20, 2.0), ("c", "inconnu", 20, 2.0)),
    )
    index: dict[str, Any] = {"un": "zone", "deux": ("zone", "certitude")}
    tables = {"un": par_zone, "deux": croisee}
    communs = groupes(tables, index)
    assert set(communs) <= {"zone", "certitude"}
    protegees = proteger_ensemble(tables, index)
    publiees = [ligne["zone"] for ligne in protegees["un"].to_pylist()]
    assert {ligne["zone"] for ligne in protegees["deux"].to_pylist()} == set(publiees)
    assert all(ligne["lignes"] >= SEUIL for ligne in protegees["deux"].to_pylist())


def test_une_modalite_trop_petite_partout_ne_fait_pas_tout_regrouper() -> None:
    # Three losers in all: no merger of zones would hide them.
    noms = ("modalite", "groupe", "lignes", "gain_total", "gain_median")
    source = table(
        noms,
        *(("a", "gagnants", 50, 5.0, 1.0), ("a", "perdants", 2, -1.0, -0.5)),
        *(("a", "inchanges", 40, 0.0, 0.0), ("a", "ensemble", 92, 4.0, 1.0)),
        *(("b", "gagnants", 60, 6.0, 1.0), ("b", "perdants", 1, -2.0, -2.0)),
        *(("b", "inchanges", 30, 0.5, 0.0), ("b", "ensemble", 91, 4.5, 1.0)),
    )
    assert lu(proteger(source, {"modalite": "zone", "groupe": "groupe"})) == [
        ("a", "gagnants", 44, 5.0, 1.0),
        ("a", "ensemble", 88, 4.0, 1.0),
        ("a", AUTRES, 33, -1.0, None),
        ("b", "gagnants", 55, 6.0, 1.0),
        ("b", "ensemble", 88, 4.5, 1.0),
        ("b", AUTRES, 22, -1.5, None),
    ]


def test_les_memes_contrats_de_deux_annees_ne_font_pas_un_nombre() -> None:
    noms = ("annee", "lignes", "aide_due")
    # Six and six contract years may be those of six contracts: 2026 comes too.
    source = table(noms, (2024, 6, 1.0), (2025, 6, 2.0), (2026, 20, 4.0), (2027, 30, 8.0))
    # Thirty-two contract years, which are those of twenty contracts at least.
    assert lu(proteger(source, "annee")) == [("2027", 22, 8.0), (AUTRES, 11, 7.0)]
    assert lu(proteger(source, "annee", seuil=6))[0] == (2024, 6, 1.0)


def test_chaque_compte_de_contrats_compte() -> None:
    noms = ("zone", "lignes", "payes", "depense")
    source = table(
        noms, ("a", 50, 3, 1.0), ("b", 60, 40, 2.0), ("c", 70, 0, 0.0), ("d", 80, 60, 3.0)
    )
    assert lu(proteger(source, "zone")) == [
        ("c", 66, 0, 0.0),
        ("d", 77, 55, 3.0),
        (AUTRES, 110, 33, 3.0),
    ]


def test_un_contrat_paye_sous_deux_certitudes_n_en_fait_pas_deux() -> None:
    noms = ("annee", "certitude", "lignes", "payes", "depense")
    # Six are paid an advance « droit » and a balance « inconnu », it may be the same ones.
    source = table(
        noms,
        (2024, "droit", 30, 6, 1.0),
        (2024, "inconnu", 30, 6, 2.0),
        (2024, "lecture", 40, 20, 4.0),
    )
    assert lu(proteger(source, ("annee", "certitude"))) == [(2024, AUTRES, 99, 11, 7.0)]


@pytest.mark.parametrize(("ensemble", "seuil"), [(15, 15), (11, 11), (12, 12)])
def test_toutes_les_certitudes_reunies_sont_les_contrats_de_l_annee(
    ensemble: int, seuil: int
) -> None:
    """Four, one and ten contracts: from ten to fifteen of them; their number is known apart."""
    noms = ("annee", "certitude", "lignes", "varient", "reunis", "ecart")
    comptes = (("droit", 4), ("inconnu", 1), ("lecture", 10))
    source = table(noms, *((2025, nom, n, n, ensemble, 1.0) for nom, n in comptes))
    (ligne,) = proteger(source, ("annee", "certitude"), seuil).to_pylist()
    assert (ligne["certitude"], ligne["reunis"], ligne["ecart"]) == (AUTRES, ensemble, 3.0)
    # Merged already, it is the same table.
    assert len(proteger(pa.Table.from_pylist([ligne]), ("annee", "certitude"), seuil)) == 1
    with pytest.raises(SecretImpossible):
        proteger(source, ("annee", "certitude"), ensemble + 1)
    with pytest.raises(SecretImpossible):
        proteger(source.drop_columns(["reunis"]), ("annee", "certitude"), seuil)


def test_un_contrat_de_deux_rangs_n_en_fait_pas_deux() -> None:
    noms = ("rang", "lignes", "aide_due")
    source = table(noms, (1, 6, 1.0), (2, 6, 2.0), (3, 20, 4.0), (4, 30, 8.0))
    assert lu(proteger(source, "rang")) == [("4", 22, 8.0), (AUTRES, 11, 7.0)]


def test_les_groupes_se_portent_au_resultat() -> None:
    """Medians of groups are those of their contracts, once the result is regrouped."""
    ecarts = pa.Table.from_pylist(
        [
            dict(
                zip(
                    ECARTS.names,
                    (
                        "reforme",
                        "base",
                        "zone",
                        zone,
                        "connu",
                        gain,
                        lignes,
                        lignes,
                        gain * lignes / 100,
                    ),
                    strict=True,
                )
            )
            for zone, gain, lignes in (("a", 500, 6), ("b", 900, 8), ("c", 100, 40))
        ],
        ECARTS,
    )
    resultat = Resultat(
        DROITS.empty_table(),
        CAISSE.empty_table(),
        ecarts,
        VARIATIONS.empty_table(),
        description={"lois": ["base", "reforme"]},
    )
    index = {"modalite": "zone", "groupe": "groupe"}
    lues = {"t": resultat.compute_winners_losers(dimension="zone")}
    communs = groupes(lues, {"t": index})
    assert communs == {"zone": {"a": AUTRES, "b": AUTRES}}
    regroupe = resultat.regrouper(communs).compute_winners_losers(dimension="zone")
    (mediane,) = [
        ligne["gain_median"]
        for ligne in regroupe.to_pylist()
        if ligne["modalite"] == AUTRES and ligne["groupe"] == "gagnants"
    ]
    assert mediane == 9.0  # the seventh of 6 at 5 € and 8 at 9 €


# --- Attacks --------------------------------------------------------------------------------------

MODALITES = {"specialite": "abcdef", "zone": "xyz", "certitude": "dhi"}
TABLES = {
    "zone": ("zone",),
    "specialite": ("specialite",),
    "certitude": ("certitude",),
    "specialite et zone": ("specialite", "zone"),
    "zone et certitude": ("zone", "certitude"),
    "tout": (),
}
Micro = dict[tuple[str, ...], tuple[int, float]]


def population(graine: int) -> Micro:
    """Contracts and euros of each combination of modalities: few, and many of them empty."""
    alea = numpy.random.default_rng(graine)
    parts = [alea.dirichlet([0.35] * len(mots)) for mots in MODALITES.values()]
    combinaisons = list(itertools.product(*MODALITES.values()))
    chances = [numpy.prod(choix) for choix in itertools.product(*parts)]
    nombres = alea.multinomial(int(alea.integers(60, 900)), chances)
    return {
        combinaison: (int(n), float(alea.integers(1, 9)) * n)
        for combinaison, n in zip(combinaisons, nombres, strict=True)
    }


def publiables(micro: Micro) -> dict[str, pa.Table]:
    tables = {}
    for nom, dimensions in TABLES.items():
        rangs = [list(MODALITES).index(dimension) for dimension in dimensions]
        cases: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0.0])
        for cle, (n, euros) in micro.items():
            case = cases[tuple(cle[rang] for rang in rangs)]
            case[0] += n
            case[1] += euros
        tables[nom] = table(
            (*dimensions, "lignes", "contrats", "aide_due"),
            *((*cle, n, float(n), euros) for cle, (n, euros) in sorted(cases.items())),
        )
    return tables


def indicatrice(micro: Micro, conditions: dict[str, set[str]]) -> Any:
    """Which combinations a cell adds up."""
    rangs = {dimension: rang for rang, dimension in enumerate(MODALITES)}
    return numpy.array(
        [float(all(cle[rangs[d]] in voulues for d, voulues in conditions.items())) for cle in micro]
    )


def attaquer(micro: Micro, publiees: dict[str, pa.Table], communs: Any) -> tuple[Any, Any]:
    """What an attacker knows: which combinations each published cell adds up, and its contracts.

    The attacker knows the groups.
    """
    equations, comptes = [], []
    for nom, dimensions in TABLES.items():
        for ligne in publiees[nom].to_pylist():
            conditions = {
                d: {m for m in MODALITES[d] if communs.get(d, {}).get(m, m) == ligne[d]}
                for d in dimensions
            }
            equations.append(indicatrice(micro, conditions))
            comptes.append(ligne["contrats"])
    return numpy.array(equations), numpy.array(comptes)


def cachees(micro: Micro) -> list[tuple[Any, int]]:
    """Cells of the tables as they were, under the threshold: what must not be told."""
    trouvees = []
    for nom, dimensions in TABLES.items():
        for ligne in publiables(micro)[nom].to_pylist():
            if 0 < ligne["lignes"] < SEUIL:
                conditions = {d: {ligne[d]} for d in dimensions}
                trouvees.append((indicatrice(micro, conditions), ligne["lignes"]))
    return trouvees


@pytest.mark.parametrize("graine", range(25))
def test_aucune_case_cachee_ne_se_deduit(graine: int) -> None:
    micro = population(graine)
    tables = publiables(micro)
    communs = groupes(tables, TABLES)
    publiees = proteger_ensemble(tables, TABLES)
    for protegee in publiees.values():
        assert all(ligne["contrats"] == 0 or ligne["contrats"] >= SEUIL
                   for ligne in protegee.to_pylist())  # fmt: skip
        assert sum(protegee["aide_due"].to_pylist()) == sum(euros for _, euros in micro.values())
    equations, comptes = attaquer(micro, publiees, communs)
    assert numpy.array_equal(equations @ [n for n, _ in micro.values()], comptes)
    rang = numpy.linalg.matrix_rank(equations)
    for case, contrats in cachees(micro):
        # No sum or difference of published cells is that cell…
        assert numpy.linalg.matrix_rank(numpy.vstack([equations, case])) == rang + 1
        # …and its contracts may be none, or as many as may be handed over.
        moins, plus = (
            linprog(signe * case, A_eq=equations, b_eq=comptes, method="highs").fun * signe
            for signe in (1, -1)
        )
        assert moins == pytest.approx(0, abs=1e-6)
        assert plus >= SEUIL - 1e-6
        assert contrats < SEUIL


def test_l_attaque_sait_reussir() -> None:
    """Blanked beside its total, a cell is found: the attack would see it."""
    vues = 0
    for graine in range(25):
        micro = population(graine)
        tables = publiables(micro)
        blanches = {
            nom: t.filter(pa.array([not 0 < n < SEUIL for n in t["lignes"].to_pylist()]))
            for nom, t in tables.items()
        }
        equations, _ = attaquer(micro, blanches, {})
        rang = numpy.linalg.matrix_rank(equations)
        vues += sum(
            numpy.linalg.matrix_rank(numpy.vstack([equations, case])) == rang
            for case, _ in cachees(micro)
        )
    assert vues > 20


@pytest.mark.parametrize("graine", range(25))
def test_on_ne_regroupe_pas_ce_qui_n_en_a_pas_besoin(graine: int) -> None:
    micro = population(graine)
    tables = publiables(micro)
    communs = groupes(tables, TABLES)
    for dimension, fondues in communs.items():
        assert len(fondues) >= 2
        assert set(fondues) <= set(MODALITES[dimension])
    if not cachees(micro):
        assert communs == {}
    grande = {cle: (n * SEUIL, euros) for cle, (n, euros) in micro.items()}
    assert groupes(publiables(grande), TABLES) == {}
