"""Folders of parameters, read as core reads them, value for value."""

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
from openfisca_core.parameters import Parameter, ParameterNode

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem
from openfisca_assistant_medical.droit import dossiers
from openfisca_assistant_medical.droit.dossiers import lire_parametres
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024

PAQUET = Path(openfisca_assistant_medical.__file__).parent
DOSSIERS = {"loi": PAQUET / "parameters", "convention_2024": convention_2024.dossier}


def a_plat(racine: ParameterNode) -> list[Any]:
    """Everything that core keeps of a tree of parameters."""
    return [
        (
            *(type(noeud), noeud.name, noeud.file_path, noeud.description, noeud.metadata),
            *(getattr(noeud, "documentation", None), list(getattr(noeud, "children", ()))),
            [vars(valeur) for valeur in getattr(noeud, "values_list", ())],
            [a_plat(tranche) for tranche in getattr(noeud, "brackets", ())],
        )
        for noeud in (racine, *racine.get_descendants())
    ]


def lire_sans_le_coeur(dossier: Path) -> ParameterNode:
    """What is read here: a root that takes no folder cannot be left to core."""

    def racine(nom: str, data: Any, file_path: str) -> ParameterNode:
        return ParameterNode(nom, data=data, file_path=file_path)

    return lire_parametres(str(dossier), racine)


@pytest.mark.parametrize("dossier", DOSSIERS.values(), ids=DOSSIERS)
def test_les_parametres_sont_ceux_du_coeur(dossier: Path) -> None:
    du_coeur = a_plat(ParameterNode("", directory_path=str(dossier)))
    assert a_plat(lire_sans_le_coeur(dossier)) == du_coeur


VALEURS = (
    *("1", "-1", "1_000", "0x1f", "0o17", "017", "1e3", "1.5", ".5", "-.inf", ".nan", "12:30"),
    *("yes", "No", "on", "true", "null", "~", "2020-01-01", "2020-1-1 1:02:03", "[1, a, [~]]"),
    *("'x'", '"é\\u00e9"', "é", "'1'", '"null"', "un mot", "a:b", "''"),
)
PARTICULIERS = {
    "une clé en double": "values:\n  2020-01-01: {value: 1}\n  2020-01-01: {value: 2}\n",
    "un nombre et son texte pour clés": "values: {2020-01-01: 1}\nmetadata: {1: a, '1': b}\n",
    "un nombre pour clé": "metadata: {2020: a}\nligne: {values: {2020-01-01: {value: 1}}}\n",
    "une liste pour clé": "metadata: {[1]: a}\nvalues: {2020-01-01: {value: 1}}\n",
    "une fusion": "un: &a {2020-01-01: 1}\ndeux: {<<: *a, 2021-01-01: 2}\n",
    "une ancre": "un: &a {2020-01-01: 1}\ndeux: *a\n",
    "une ancre inconnue": "deux: *a\n",
    "une ancre en elle-même": "un: &a {2020-01-01: *a}\n",
    "une étiquette": "values: {2020-01-01: {value: !!str 1}}\n",
    "une étiquette fausse": "values: {2020-01-01: {value: !!str [1]}}\n",
    "un objet": "values: {2020-01-01: {value: !!python/object:str {}}}\n",
    "deux documents": "2020-01-01: 1\n---\n2021-01-01: 1\n",
    "rien": "",
    "un commentaire": "# rien\n",
    "une liste": "[1, 2]\n",
    "un mot": "mot\n",
    "du YAML faux": "values: {2020-01-01: {value: 1}\n",
    "une tabulation": "values:\n\t2020-01-01: 1\n",
    "un octet nul": "values: {2020-01-01: {value: 'a\0b'}}\n",
    "une propriété inconnue": "values: {2020-01-01: {value: 1, valeur: 1}}\n",
    "une date fausse": "values: {2020-13-01: {value: 1}}\n",
    "une valeur absente": "values: {2020-01-01: {}}\n",
    "un texte pour date": "values: {'2020-01-01': {value: 1.5}, jamais: {value: 2}}\n",
    "un barème": "brackets:\n- rate: {2020-01-01: {value: 0.1}}\n  threshold: {2020-01-01: 0}\n",
    "un signe réservé": "values: {2020-01-01: {value: =}}\n",
    "toutes les valeurs": "".join(
        f'"20{rang:02}-01-01": {{value: {valeur}}}\n' for rang, valeur in enumerate(VALEURS)
    ),
    "des textes sur plusieurs lignes": "description: un\n  deux\n\n  trois\n"
    "documentation: |\n  a\n   b\n"
    "values:\n  2020-01-01:\n    value: >-\n      plié\n      ici\n",
}


def lu(lecteur: Any) -> Any:
    """Tree, or refusal, as text: NaN is no equal of itself."""
    try:
        return str(a_plat(lecteur()))
    except Exception as erreur:
        return f"{type(erreur).__name__} {erreur}".split("Traceback")[0]


@pytest.mark.parametrize("nom", ["a.yaml", "index.yaml", "sous/b.yml", "sous/index.yaml"])
@pytest.mark.parametrize("contenu", PARTICULIERS.values(), ids=PARTICULIERS)
def test_un_fichier_particulier_est_lu_ou_refuse_comme_par_le_coeur(
    tmp_path: Path, nom: str, contenu: str
) -> None:
    (tmp_path / "sous").mkdir()
    (tmp_path / nom).write_text(contenu, "utf-8")
    (tmp_path / "a_part.txt").write_text("non lu", "utf-8")
    attendu = lu(lambda: ParameterNode("", directory_path=str(tmp_path)))
    assert lu(lambda: lire_parametres(str(tmp_path))) == attendu


# What is plain is read without core; two documents, a tag, a key that is no text are left to it.
SIMPLES = {
    "une ancre": "un: &a {values: {2020-01-01: {value: 1}}}\ndeux: *a\n",
    "une ancre d'une liste": "metadata: {x: &a [1, {b: c}], y: *a}\n"
    "values: {2020-01-01: {value: 1}}\n",
    "une ancre d'un mot": "metadata: {x: &a 3, y: *a}\nvalues: {2020-01-01: {value: 1}}\n",
    "toutes les valeurs": PARTICULIERS["toutes les valeurs"],
    "des textes sur plusieurs lignes": PARTICULIERS["des textes sur plusieurs lignes"],
    "un barème": PARTICULIERS["un barème"],
}


@pytest.mark.parametrize("contenu", SIMPLES.values(), ids=SIMPLES)
def test_ce_qui_est_simple_se_lit_sans_le_coeur(tmp_path: Path, contenu: str) -> None:
    (tmp_path / "sous").mkdir()
    for nom in ("a.yaml", "sous/b.yml"):
        (tmp_path / nom).write_text(contenu, "utf-8")
    (tmp_path / "index.yaml").write_text("description: tout\nmetadata: {a: 1}\n", "utf-8")
    toutes = "description: a\ndocumentation: b\nmetadata: {c: 1}\nreference: d\nunit: e\n"
    (tmp_path / "sous" / "index.yaml").write_text(toutes, "utf-8")
    attendu = str(a_plat(ParameterNode("", directory_path=str(tmp_path))))
    assert str(a_plat(lire_sans_le_coeur(tmp_path))) == attendu


@pytest.mark.parametrize("nom", ["deux documents", "une étiquette", "un nombre pour clé"])
def test_ce_qui_ne_l_est_pas_revient_au_coeur(tmp_path: Path, nom: str) -> None:
    (tmp_path / "a.yaml").write_text(PARTICULIERS[nom], "utf-8")
    with pytest.raises(TypeError, match="directory_path"):
        lire_sans_le_coeur(tmp_path)


def test_un_parametre_change_se_voit_au_systeme_suivant(tmp_path: Path) -> None:
    dossier = tmp_path / "parameters"
    shutil.copytree(PAQUET / "parameters", dossier)
    duree = dossier / "contrat" / "duree.yaml"
    lues = []
    for valeur in (5, 7):
        duree.write_text(duree.read_text("utf-8").replace("{value: 5}", f"{{value: {valeur}}}"))
        systeme = CountryTaxBenefitSystem()
        systeme.load_parameters(str(dossier))
        lues.append(systeme.get_parameters_at_instant("2024-01-01").contrat.duree)
    assert lues == [5, 7]


def test_la_copie_d_une_reforme_ne_tient_a_rien_de_sa_base() -> None:
    base = CountryTaxBenefitSystem()
    avant = copy.deepcopy(a_plat(base.parameters))
    reforme = convention_2024(base)
    for feuille in reforme.parameters.get_descendants():
        feuille.metadata.clear()
        if isinstance(feuille, Parameter):
            assert feuille.values_history is feuille
            for valeur in feuille.values_list:
                valeur.value = None
    assert a_plat(base.parameters) == avant


def test_un_mot_ne_se_lit_qu_une_fois() -> None:
    assert dossiers._mot("12.5") is dossiers._mot("12.5")
