"""What no provision speaks of changes nothing: the order, the others, names, what is not read."""

from random import Random
from typing import Any

import numpy
from hypothesis import strategies as st
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical import population
from openfisca_assistant_medical.situations import informations_utiles
from tests.medecins_au_hasard import situation
from tests.proprietes.calcul import BASE, LOIS, TOUJOURS, Resultats, avec, colonnes, fautifs
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import Medecin, annees, annees_de, lois, lots

SORTIES = ("aide_due", "solde", "part_aide_versee", "depense_annuelle", "objectif_pmt")
# Every result: name, and whether it is of a year.
CALCULEES = {
    nom: variable.definition_period == "year"
    for nom, variable in BASE.variables.items()
    if variable.formulas and variable.definition_period in ("year", "eternity")
}
ORDRES = st.randoms(use_true_random=False)
# Facts of which the amounts do not speak, in a form that any doctor may have.
AUTRES_FAITS: tuple[dict[str, Any], ...] = (
    {"profil_assistant": "infirmier"},
    {"diplome_niveau_4": False},
    {"cout_employeur_annuel": dict.fromkeys(range(2019, 2035), 41234.56)},
    {"validation_des_acquis": True},
    {"blocs_dispenses": 2},
)


@propriete(
    "s001_aide_individuelle",
    "s004_signataire_individuel",
    loi=lois,
    lot=lots(),
    annee=annees,
    hasard=ORDRES,
)
def test_l_ordre_des_medecins_ne_change_rien(
    loi: str, lot: list[Medecin], annee: int, hasard: Random
) -> None:
    """The contract is one doctor's: no result hangs on who comes before."""
    ordre = list(range(len(lot)))
    hasard.shuffle(ordre)
    droit, mele = Resultats(loi, lot), Resultats(loi, [lot[rang] for rang in ordre])
    for variable in SORTIES:
        assert (mele(variable, annee) == droit(variable, annee)[ordre]).all(), variable


@propriete(
    "s001_aide_individuelle",
    "s004_signataire_individuel",
    exemples=4,
    loi=lois,
    lot=lots(),
    autres=lots(),
    annee=annees,
)
def test_d_autres_medecins_ne_changent_rien(
    loi: str, lot: list[Medecin], autres: list[Medecin], annee: int
) -> None:
    """Each result of one alone is the one had among others, who have inputs of other years."""
    seul, ensemble = Resultats(loi, lot[:1]), Resultats(loi, lot[:1] + autres)
    for variable, annuelle in CALCULEES.items():
        periode = annee if annuelle else TOUJOURS
        assert seul(variable, periode)[0] == ensemble(variable, periode)[0], variable


@propriete(
    "s001_aide_individuelle",
    exemples=4,
    loi=lois,
    lot=lots(),
    taille=st.integers(1, 25),
    annee=annees,
)
def test_la_taille_des_blocs_ne_change_rien(
    loi: str, lot: list[Medecin], taille: int, annee: int
) -> None:
    """`population.calculer`, block after block, gives what a single simulation does."""
    systeme, entiere = LOIS[loi], Resultats(loi, lot)
    entrees = colonnes(systeme, lot)
    sorties = population.calculer(systeme, entrees, SORTIES, [annee], taille_du_bloc=taille)
    for variable in SORTIES:
        assert not fautifs(lot, sorties[variable, annee] == entiere(variable, annee)), variable


@propriete(
    "s001_aide_individuelle",
    exemples=4,
    loi=lois,
    lot=lots(),
    noms=st.lists(
        st.text("abcé-' 0123456789", min_size=1, max_size=8), min_size=16, max_size=16, unique=True
    ),
    annee=annees,
)
def test_les_noms_ne_changent_rien(
    loi: str, lot: list[Medecin], noms: list[str], annee: int
) -> None:
    """A doctor, and a practice, may bear any name."""
    ecrite = situation(lot)
    nouveaux = dict(zip(ecrite["medecins"], noms, strict=False))
    rebaptisee = {
        "medecins": {nouveaux[nom]: saisies for nom, saisies in ecrite["medecins"].items()},
        "cabinets": {
            f"{noms[0]} {cle}": {"membres": [nouveaux[nom] for nom in cabinet["membres"]]}
            for cle, cabinet in ecrite["cabinets"].items()
        },
    }
    simulation = SimulationBuilder().build_from_entities(LOIS[loi], rebaptisee)
    assert list(simulation.persons.ids) == list(nouveaux.values())
    attendus = Resultats(loi, lot)
    for variable in SORTIES:
        obtenus = simulation.calculate(variable, str(annee))
        assert not fautifs(lot, obtenus == attendus(variable, annee)), variable


@propriete(
    "s003_i_2_profils",
    "s003_i_2_qualification",
    "s000_profils",
    loi=lois,
    lot=lots(),
    fait=st.sampled_from(AUTRES_FAITS),
    annee=annees,
)
def test_ce_que_l_aide_ne_lit_pas_ne_la_change_pas(
    loi: str, lot: list[Medecin], fait: dict[str, Any], annee: int
) -> None:
    """The profile, the diploma, the training and the pay of the assistant set no amount."""
    (nom,) = fait
    resultats = Resultats(loi, lot + [avec(medecin, **fait) for medecin in lot])
    for variable in SORTIES:
        assert nom not in informations_utiles(LOIS[loi], variable)
        avant, apres = resultats(variable, annee).reshape(2, -1)
        assert not fautifs(lot, avant == apres), variable


@propriete(
    "s003_iv_1_troisieme_annee",
    "s003_iii_3_revalorisation",
    loi=lois,
    lot=lots(),
    annee=annees,
    nom=st.sampled_from(
        ("patientele_mt", "file_active", "objectif_pmt_avenant", "part_aide_decidee")
    ),
)
def test_ce_qui_est_dit_d_une_autre_annee_ne_change_pas_celle_ci(
    loi: str, lot: list[Medecin], annee: int, nom: str
) -> None:
    """The results of a year are those of that year alone."""
    ailleurs = [an for an in annees_de(lot) if an != annee]
    changes = [
        avec(m, **{nom: dict.fromkeys(ailleurs, 1) | {annee: m[nom][annee]}})
        if annee in m.get(nom, {})
        else avec(m, **{nom: dict.fromkeys(ailleurs, 1)})
        for m in lot
    ]
    resultats = Resultats(loi, lot + changes)
    for variable in ("aide_due", "part_aide_versee", "aide_maximale"):
        avant, apres = resultats(variable, annee).reshape(2, -1)
        assert not fautifs(lot, avant == apres), variable


@propriete("s001_aide_individuelle", exemples=3, loi=lois, lot=lots(), hasard=ORDRES)
def test_l_ordre_des_calculs_ne_change_rien(loi: str, lot: list[Medecin], hasard: Random) -> None:
    """What was asked before, and kept, changes no result."""
    demandes = [
        (nom, periode)
        for nom, annuelle in CALCULEES.items()
        for periode in ((2023, 2024, 2026) if annuelle else (TOUJOURS,))
    ]
    premier, second = Resultats(loi, lot), Resultats(loi, lot)
    attendus = {demande: premier(*demande) for demande in demandes}
    hasard.shuffle(demandes)
    for demande in demandes:
        assert (second(*demande) == attendus[demande]).all(), demande


def test_une_saisie_d_un_seul_medecin_laisse_aux_autres_leur_defaut() -> None:
    resultats = Resultats("base", [{"specialite": "generaliste"}, {"file_active": {2026: 3}}])
    assert resultats("file_active", 2026).tolist() == [-1, 3]
    assert numpy.array_equal(resultats("patientele_mt", 2026), [-1, -1])
