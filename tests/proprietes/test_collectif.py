"""The contract of a practice (reform `aide_collective_2026`), from a secondary source."""

import copy
from typing import Any

import numpy
from hypothesis import strategies as st
from openfisca_core.simulations import SimulationBuilder

from tests.proprietes import calcul
from tests.proprietes.calcul import Tableau
from tests.proprietes.registre import propriete

GAINS = {"pmt": 260, "pfa": 110}  # to be gained for one full-time post
MONTANTS = (38_000, 28_000, 22_000, 22_000, 22_000)
ANNEE = 2026

comptes = st.sampled_from(("pmt", "pfa"))
# Start and gain observed of each member, on both counts: their mean is an admitted one.
membres = st.fixed_dictionaries(
    {
        "pmt": st.tuples(st.integers(775, 1300), st.integers(-60, 300)),
        "pfa": st.tuples(st.integers(1200, 1700), st.integers(-60, 200)),
    }
)
groupes = st.lists(membres, min_size=1, max_size=4)
demis = st.integers(1, 8)


def cabinet(tires: list[dict[str, Any]], etp: float, rang: int = 3) -> list[dict[str, Any]]:
    """The members of a practice, with what is observed in a contract year; and its own inputs."""
    medecins = [
        {
            "specialite": "generaliste",
            "secteur_conventionnel": "secteur_1",
            "aide_collective_date_adhesion": "2026-11-02",
            "aide_collective_associe": "associe",
            **{f"aide_collective_{c}_initiale": tire[c][0] for c in GAINS},
            **{
                f"aide_collective_{c}_observee": {str(ANNEE + rang - 1): sum(tire[c])}
                for c in GAINS
            },
        }
        for tire in tires
    ]
    contrat = {
        "aide_collective_date_signature": "2026-11-02",
        "aide_collective_societe": "scm",
        "aide_collective_etp_demandes": etp,
    }
    return [contrat, *medecins]


class Groupes:
    """Results of practices, each its inputs then its members': shape (practices,)."""

    def __init__(self, cabinets: list[list[dict[str, Any]]]) -> None:
        personnes: dict[str, Any] = {}
        groupes: dict[str, Any] = {}
        for rang, (contrat, *medecins) in enumerate(cabinets):
            noms = [f"c{rang}m{place}" for place in range(len(medecins))]
            personnes |= {n: self._datees(m) for n, m in zip(noms, medecins, strict=True)}
            groupes[f"c{rang}"] = {"membres": noms, **self._datees(contrat)}
        self.simulation = SimulationBuilder().build_from_entities(
            calcul.LOIS["aide_collective_2026"], {"medecins": personnes, "cabinets": groupes}
        )

    @staticmethod
    def _datees(saisies: dict[str, Any]) -> dict[str, Any]:
        return {
            nom: valeur if isinstance(valeur, dict) else {"ETERNITY": valeur}
            for nom, valeur in saisies.items()
        }

    def __call__(self, variable: str, rang: int = 3) -> Tableau:
        annee = str(ANNEE + rang - 1)
        return numpy.asarray(self.simulation.calculate(f"aide_collective_{variable}", annee))


@propriete(
    "mesdocs_prorata",
    "mesdocs_objectifs",
    exemples=5,
    tires=groupes,
    demi=demis,
    compte=comptes,
    depuis=st.integers(-40, 260),
)
def test_un_patient_de_plus_d_un_membre_vaut_au_plus_sa_part_de_l_objectif_du_groupe(
    tires: list[dict[str, Any]], demi: int, compte: str, depuis: int
) -> None:
    """Prorated, without a threshold: a patient more, whoever's, adds his share of the group's."""
    etp = min(demi / 2, len(tires))
    cabinets = []
    for gagnes in range(depuis, depuis + 30):
        varie = copy.deepcopy(tires)
        varie[0][compte] = (tires[0][compte][0], gagnes)
        cabinets.append(cabinet(varie, etp))
    resultats = Groupes(cabinets)
    part, due, maximum = (resultats(v) for v in ("part_versee", "due", "maximale"))
    pas = 1 / (GAINS[compte] * etp)
    assert (maximum == MONTANTS[2] * etp).all()
    assert (numpy.diff(part) >= 0).all()
    assert numpy.diff(part).max() <= pas + 1e-12
    assert numpy.diff(due).max() <= maximum[0] * pas + 0.01 + 1e-9
    assert (due == numpy.rint(due * 100) / 100).all()


@propriete("mesdocs_montants", "mesdocs_plafond_etp", exemples=4, tires=groupes, demi=demis)
def test_le_maximum_est_proportionnel_aux_etp_jusqu_a_un_par_membre(
    tires: list[dict[str, Any]], demi: int
) -> None:
    """An amount for each full-time post, falling to the third year; no more than the members."""
    etp = min(demi / 2, len(tires))
    for rang, montant in enumerate(MONTANTS, start=1):
        resultats = Groupes([cabinet(tires, demi / 2, rang)])
        assert resultats("maximale", rang)[0] == montant * etp
        if rang < 3:
            assert resultats("due", rang)[0] == montant * etp


@propriete(
    "mesdocs_adhesion",
    "mesdocs_objectifs",
    exemples=5,
    tires=groupes,
    autres=groupes,
    demi=demis,
    hasard=st.randoms(use_true_random=False),
)
def test_l_ordre_des_membres_et_les_autres_cabinets_ne_changent_rien(
    tires: list[dict[str, Any]], autres: list[dict[str, Any]], demi: int, hasard: Any
) -> None:
    """The totals are those of the group, and of it alone."""
    meles = list(tires)
    hasard.shuffle(meles)
    seul = Groupes([cabinet(tires, demi / 2)])
    ensemble = Groupes([cabinet(autres, 1.0), cabinet(meles, demi / 2)])
    for variable in ("due", "maximale", "part_versee", "objectif_pmt", "pfa_groupe"):
        assert ensemble(variable)[1] == seul(variable)[0], variable


@propriete(
    "mesdocs_prorata",
    "mesdocs_p30",
    "mesdocs_medecins_admis",
    "mesdocs_plafond_etp",
    tires=groupes,
    demi=demis,
    tu=st.sampled_from(
        (
            "aide_collective_pmt_observee",
            "aide_collective_pfa_observee",
            "aide_collective_pmt_initiale",
            "aide_collective_associe",
            "aide_collective_etp_demandes",
        )
    ),
)
def test_ce_qu_un_groupe_ne_dit_pas_est_favorable_et_signale(
    tires: list[dict[str, Any]], demi: int, tu: str
) -> None:
    """A result, a start, a quality or a number of posts that is not given."""
    dits = cabinet(tires, demi / 2)
    tus = [{nom: v for nom, v in saisies.items() if nom != tu} for saisies in dits]
    resultats = Groupes([dits, tus])
    assert resultats("due")[1] >= resultats("due")[0]
    connus = ("part_connue", "etp_connus", "eligibilite_connue")
    sus = [
        numpy.asarray(
            resultats.simulation.calculate(
                f"aide_collective_{nom}", "ETERNITY" if nom == "eligibilite_connue" else "2028"
            )
        )
        for nom in connus
    ]
    assert all(su[0] for su in sus)
    assert not all(su[1] for su in sus)
