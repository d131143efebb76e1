"""A situation that is accepted is the same once written, read, and checked again."""

import json
from datetime import date
from typing import Any

import yaml
from hypothesis import strategies as st
from openfisca_core.simulations import SimulationBuilder

from openfisca_assistant_medical.situations import analyser, verifier
from tests.proprietes.calcul import LOIS, Resultats
from tests.proprietes.registre import propriete
from tests.proprietes.strategies import Medecin, annees, lois, medecins

SORTIES = ("aide_due", "aide_maximale", "part_aide_versee", "part_aide_connue", "depense_annuelle")


def admissible(medecin: Medecin) -> bool:
    """Whether nothing that is drawn contradicts what it is drawn beside."""
    for compte in ("pmt", "pfa"):
        large = medecin.get(f"tranche_{compte}_declaree")
        fine = medecin.get(f"tranche_objectif_{compte}_declaree")
        if large and fine:
            return False
    return True


admissibles = medecins().filter(admissible)


class _SansAlias(yaml.SafeDumper):
    """Each value in full, as the front door asks, even a day that two fields share."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def plat(medecin: Medecin) -> dict[str, Any]:
    """As people write a doctor: dates and years as YAML has them."""
    return {
        nom: {str(an): v for an, v in valeur.items()} if isinstance(valeur, dict) else valeur
        for nom, valeur in medecin.items()
    }


def en_json(medecin: Medecin) -> bytes:
    return json.dumps(plat(medecin), default=date.isoformat).encode()


def en_plages(medecin: Medecin) -> dict[str, Any]:
    """The same doctor, equal values of years that follow one another as one range."""
    ecrit: dict[str, Any] = {}
    for nom, valeur in medecin.items():
        if not isinstance(valeur, dict):
            ecrit[nom] = valeur
            continue
        plages: list[list[Any]] = []
        for an, v in sorted(valeur.items()):
            if plages and plages[-1][0] + plages[-1][1] == an and plages[-1][2] == v:
                plages[-1][1] += 1
            else:
                plages.append([an, 1, v])
        ecrit[nom] = {f"year:{an}:{nombre}": v for an, nombre, v in plages}
    return ecrit


@propriete(
    "s003_iii_duree",
    "s001_aide_individuelle",
    exemples=20,
    loi=lois,
    medecin=admissibles,
    annee=annees,
)
def test_une_situation_admise_revient_la_meme_d_un_fichier(
    loi: str, medecin: Medecin, annee: int
) -> None:
    """Written in YAML, in JSON, in ranges of years, or as it was checked: one and the same doctor.

    And its results are those of the inputs laid bare, without any door.
    """
    systeme = LOIS[loi]
    yaml_ecrit = yaml.dump(plat(medecin), Dumper=_SansAlias).encode()
    admise = verifier(analyser(yaml_ecrit, "medecin.yaml"), systeme)
    assert verifier(analyser(en_json(medecin), "medecin.json"), systeme) == admise
    assert verifier(json.loads(json.dumps(en_plages(medecin), default=str)), systeme) == admise
    # What is canonical is accepted, and is canonical.
    relue = analyser(json.dumps(admise).encode(), "medecin.json")
    assert verifier(relue, systeme) == admise
    simulation = SimulationBuilder().build_from_entities(systeme, admise)
    nu = Resultats(loi, [medecin])
    for variable in SORTIES:
        assert simulation.calculate(variable, str(annee))[0] == nu(variable, annee)[0], variable


@propriete(
    "s003_iii_duree",
    exemples=4,
    medecin=admissibles,
    demandee=st.sampled_from(SORTIES),
)
def test_une_saisie_calculee_est_refusee_et_demander_un_resultat_ne_change_rien(
    medecin: Medecin, demandee: str
) -> None:
    """A result may be asked for (`null`), beside the inputs, and never given."""
    systeme = LOIS["base"]
    nue = verifier(json.loads(en_json(medecin)), systeme)
    annee = medecin["date_signature"].year
    demande = verifier({**json.loads(en_json(medecin)), demandee: {annee: None}}, systeme)
    assert demande["medecins"]["medecin"].pop(demandee, None) == {str(annee): None}
    assert demande == nue
