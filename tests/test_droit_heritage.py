"""What a legal table says once, and each of its cells bears."""

from typing import Any

from openfisca_core.parameters import ParameterNode

from openfisca_assistant_medical.droit.heritage import completer, heriter, restreindre

ANCIEN, NOUVEAU = "2019-08-20", "2024-06-22"


def figure(**donnees: Any) -> dict[str, Any]:
    return {"values": {ANCIEN: {"value": 1}}, **donnees}


def loi() -> ParameterNode:
    table = {
        "description": "Montant",
        "metadata": {
            "unit": "currency",
            "axes": ["option"],
            "reference": {ANCIEN: ["a"], NOUVEAU: ["b"]},
            "confiance": {ANCIEN: "extrait"},
            "auteur": "qui n’est que de la table",
        },
        "un_etp": {
            "rang_1": figure(),
            "rang_2": {
                "description": "Deuxième année",
                "metadata": {"unit": "/1", "reference": {NOUVEAU: ["c"]}, "note": "à lui"},
                "values": {ANCIEN: {"value": 1}, NOUVEAU: {"value": 2}},
            },
        },
        "demi_etp": {"description": "Demi", "rang_1": figure()},
    }
    return heriter(ParameterNode("", data={"table": table, "nue": {"seule": figure()}}))


def test_une_ligne_dit_la_table_et_son_chemin_dans_elle() -> None:
    enfants = loi().children
    table, nue = enfants["table"], enfants["nue"]
    un_etp, demi_etp = table.children["un_etp"], table.children["demi_etp"]
    assert table.description == "Montant"
    assert un_etp.description == "Montant — un_etp"
    assert un_etp.children["rang_1"].description == "Montant — un_etp, rang_1"
    assert un_etp.children["rang_2"].description == "Deuxième année"
    # A line that describes itself speaks for what is under it.
    assert demi_etp.description == "Demi"
    assert demi_etp.children["rang_1"].description == "Demi — rang_1"
    # Nothing is said above: nothing is made up.
    assert nue.description is None
    assert nue.children["seule"].description is None


def test_une_ligne_recoit_l_unite_et_ce_qui_est_dit_de_ses_dates() -> None:
    un_etp = loi().children["table"].children["un_etp"]
    assert un_etp.children["rang_1"].metadata == {
        "unit": "currency",
        "axes": ["option"],
        "reference": {ANCIEN: ["a"]},
        "confiance": {ANCIEN: "extrait"},
    }
    # What it says itself comes first, and its references add to those of the table.
    assert un_etp.children["rang_2"].metadata == {
        "unit": "/1",
        "axes": ["option"],
        "reference": {ANCIEN: ["a"], NOUVEAU: ["c"]},
        "confiance": {ANCIEN: "extrait"},
        "note": "à lui",
    }
    assert loi().children["nue"].children["seule"].metadata == {}


def test_completer_ne_change_pas_ce_qui_est_recu() -> None:
    recues = {"unit": "currency", "reference": {ANCIEN: ["a"]}, "auteur": "x"}
    assert completer(recues, {"reference": {NOUVEAU: ["b"]}, "axes": ["rang"]}) == {
        "unit": "currency",
        "axes": ["rang"],
        "reference": {ANCIEN: ["a"], NOUVEAU: ["b"]},
    }
    assert recues == {"unit": "currency", "reference": {ANCIEN: ["a"]}, "auteur": "x"}


def test_restreindre_ne_touche_qu_a_ce_qui_est_date() -> None:
    dites = {"reference": {NOUVEAU: 2, ANCIEN: 1}, "confiance": {NOUVEAU: 3}, "note": {"a": 1}}
    assert restreindre(dites, [ANCIEN]) == {
        "reference": {ANCIEN: 1},
        "confiance": {},
        "note": {"a": 1},
    }
    assert list(restreindre(dites, [ANCIEN, NOUVEAU])["reference"]) == [ANCIEN, NOUVEAU]
