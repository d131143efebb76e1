"""Health of the law: what holds of every figure, every variable, every formula and every link.

A check is a function over a tree of parameters, variables, sources of code or data. It gives the
faults that it finds, each with its place, needs no network, and finds the fault planted for it.
"""

import ast
import copy
import os
import re
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy
import pytest
import yaml
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.variables import Variable as VariableDeCore

import openfisca_assistant_medical
from openfisca_assistant_medical import CountryTaxBenefitSystem, nomenclatures, textes
from openfisca_assistant_medical.droit import Variable, droit_au, inconnue
from openfisca_assistant_medical.droit.reforme import lire_dossier
from openfisca_assistant_medical.entities import Medecin
from openfisca_assistant_medical.reforms.aide_collective_2026 import aide_collective_2026
from openfisca_assistant_medical.reforms.convention_2024 import convention_2024
from openfisca_assistant_medical.reforms.objectifs_estimes import objectifs_estimes

PAQUET = Path(openfisca_assistant_medical.__file__).parent
TESTS = Path(__file__).parent
RACINE = TESTS.parent

# A figure that no source confirms for so long calls for a newer text.
ANS_DE_VALIDITE = 3
VALIDITE = "last_value_still_valid_on"
# Longest name of a variable: it must hold in a column and in a sentence.
LONGUEUR_D_UN_NOM = 40

AXES = {
    "option_etp": nomenclatures.OptionETP,
    "tranche_patientele": nomenclatures.TranchePatientele,
    "tranche_objectif": nomenclatures.TrancheObjectifDeclaree,
    "texte_conventionnel": nomenclatures.TexteConventionnel,
    "specialite": nomenclatures.Specialite,
    "secteur_conventionnel": nomenclatures.SecteurConventionnel,
    "zone": nomenclatures.Zone,
    "societe_signataire": nomenclatures.SocieteSignataire,
    "profil_assistant": nomenclatures.ProfilAssistant,
    "formation_requise": nomenclatures.FormationRequise,
    "rang_annee_contrat": int,
}
GENRE_D_UNITE = {"booleen": bool, "mention": str}

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
PERCENTILE = re.compile(r"p\d+")
# Words that no French sentence holds.
ANGLAIS = re.compile(r"\b(the|of|and|is|with|for|from|which)\b", re.IGNORECASE)
ADRESSE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+([/?#][!-~]*)?")
CHOIX = {"where", "select", "choose", "putmask", "copyto", "piecewise", "switch"}

Variables = dict[str, Any]
Textes = dict[str, str]


def lire_textes(dossier: Path, *motifs: str) -> Textes:
    """Files of a folder by their path in it, the empty ones left out."""
    fichiers = sorted({fichier for motif in motifs for fichier in dossier.glob(motif)})
    textes = {str(f.relative_to(dossier)): f.read_text("utf-8") for f in fichiers}
    return {nom: texte for nom, texte in textes.items() if texte}


def lire_yaml(dossier: Path, *motifs: str) -> dict[str, Any]:
    chargeur = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    textes = lire_textes(dossier, *motifs)
    return {nom: yaml.load(texte, chargeur) for nom, texte in textes.items()}


BASE = CountryTaxBenefitSystem()
CONVENTION = convention_2024(BASE)
ESTIMES = objectifs_estimes(CONVENTION)
COLLECTIVE = aide_collective_2026(CONVENTION)
# What the files of the convention say, without the law that they lie over.
SURCOUCHE = lire_dossier(convention_2024.dossier)
SYSTEMES = {
    "base": BASE,
    "convention_2024": CONVENTION,
    "objectifs_estimes": ESTIMES,
    "aide_collective_2026": COLLECTIVE,
}
LOIS = {nom: systeme.parameters for nom, systeme in SYSTEMES.items()}
UNITES = {unite["name"] for unite in yaml.safe_load((PAQUET / "units.yaml").read_text("utf-8"))}
ENUMERATIONS = [
    objet
    for objet in vars(nomenclatures).values()
    if isinstance(objet, type) and issubclass(objet, Enum) and objet is not Enum
]
FORMULES = {
    fichier: source
    for fichier, source in lire_textes(PAQUET, "variables/**/*.py", "reforms/**/*.py").items()
    if not fichier.startswith("reforms/en_fichier/")  # reads what people write: no rule of law
}
DOCUMENTS = lire_textes(RACINE, "*.md", "docs/**/*.md")
DONNEES = lire_yaml(PAQUET, "**/*.yaml")
CAS = lire_yaml(TESTS, "**/*.yaml")


# The figures.


def feuilles(racine: ParameterNode) -> Iterator[Parameter]:
    return (noeud for noeud in racine.get_descendants() if isinstance(noeud, Parameter))


def valeurs_publiees(racine: ParameterNode) -> Iterator[tuple[Parameter, str, Any]]:
    """Leaf, day and value of what is no null."""
    for feuille in feuilles(racine):
        for valeur in feuille.values_list:
            if valeur.value is not None:
                yield feuille, valeur.instant_str, valeur.value


def chiffres_sans_reference(racine: ParameterNode) -> list[str]:
    fautes = []
    for feuille, jour, _ in valeurs_publiees(racine):
        references = feuille.metadata.get("reference", {}).get(jour)
        if not references and feuille.metadata.get("hypothese") is True:
            continue  # what no source publishes cites none
        if not references or not all(r.get("source") and r.get("title") for r in references):
            fautes.append(f"{feuille.name} au {jour} : pas de référence, ou sans source ni titre")
    return fautes


def chiffres_sans_confiance(racine: ParameterNode) -> list[str]:
    return [
        f"{feuille.name} au {jour} : pas de confiance"
        for feuille, jour, _ in valeurs_publiees(racine)
        if not feuille.metadata.get("confiance", {}).get(jour)
    ]


def chiffres_sans_unite(racine: ParameterNode) -> list[str]:
    return [
        f"{feuille.name} : unité « {feuille.metadata.get('unit')} »"
        for feuille in feuilles(racine)
        if feuille.metadata.get("unit") not in UNITES
    ]


def valeurs_d_un_autre_genre(racine: ParameterNode) -> list[str]:
    """Values that are not what their unit says: a number, a truth, a word of the list."""
    fautes = []
    for feuille, jour, valeur in valeurs_publiees(racine):
        genre = GENRE_D_UNITE.get(feuille.metadata.get("unit"))
        convient = type(valeur) in (int, float) if genre is None else type(valeur) is genre
        if not convient or (genre is str and valeur not in feuille.metadata.get("valeurs", {})):
            fautes.append(f"{feuille.name} au {jour} : {valeur!r}")
    return fautes


def nombres_hors_bornes(racine: ParameterNode) -> list[str]:
    """Numbers below 0, and shares above 1."""
    fautes = []
    for feuille, jour, valeur in valeurs_publiees(racine):
        borne = 1 if feuille.metadata.get("unit") == "/1" else numpy.inf
        if type(valeur) in (int, float) and not 0 <= valeur <= borne:
            fautes.append(f"{feuille.name} au {jour} : {valeur}")
    return fautes


def lectures_sans_alternative(racine: ParameterNode) -> list[str]:
    """Readings whose alternative is missing, the same, or of another kind."""
    fautes = []
    for lecture in racine.lectures.children.values():
        alternative = lecture.metadata.get("alternative")
        mots = lecture.metadata.get("valeurs", {}) if lecture.metadata["unit"] == "mention" else ()
        for valeur in (v.value for v in lecture.values_list if v.value is not None):
            meme_genre = isinstance(alternative, bool | str) == isinstance(valeur, bool | str)
            if alternative is None or alternative == valeur or not meme_genre:
                fautes.append(f"{lecture.name} : {valeur!r}, alternative {alternative!r}")
            elif isinstance(alternative, str) and alternative not in mots:
                fautes.append(f"{lecture.name} : « {alternative} » n’est pas dans « valeurs »")
    return fautes


def fautes_d_enonce(enonce: str) -> list[str]:
    """What is wrong in a French label or sentence."""
    fautes = []
    if not enonce.strip():
        return ["vide"]
    if enonce.strip()[0].islower():
        fautes.append("sans majuscule")
    if re.search(r"\w'\w", enonce):
        fautes.append("apostrophe de machine à écrire")
    if trouve := ANGLAIS.search(enonce):
        fautes.append(f"en anglais (« {trouve[0]} »)")
    return fautes


def fautes_de_libelle(libelle: str) -> list[str]:
    """What is wrong in a French label, which is no sentence and no name."""
    fautes = fautes_d_enonce(libelle)
    if libelle.endswith("."):
        fautes.append("point final")
    if "_" in libelle:
        fautes.append("nom technique")
    return fautes


def descriptions_mal_ecrites(racine: ParameterNode) -> list[str]:
    fautes = {}
    for noeud in (racine, *racine.get_descendants()):
        # A leaf bears the description of its table, a dash and its own place.
        ecrite = (noeud.description or "").partition(" — ")[0]
        for faute in fautes_de_libelle(ecrite):
            fautes.setdefault(
                (ecrite or noeud.name, faute), f"{noeud.name} : « {ecrite} », {faute}"
            )
    return list(fautes.values())


def tables(racine: ParameterNode) -> list[ParameterNode]:
    """The tables of a tree: the nodes with axes, or what stands right under such a node."""
    avec_axes = [
        noeud
        for noeud in racine.get_descendants()
        if "axes" in noeud.metadata and isinstance(noeud, ParameterNode)
    ]
    noms = {noeud.name for noeud in avec_axes}
    trouvees = []
    for tete in avec_axes:
        if tete.name.rpartition(".")[0] not in noms:
            dessous = list(tete.children.values())
            # Some files hold several tables of the same axes, one a child.
            axe = tete.metadata["axes"][0]
            plusieurs = axe in AXES and not any(est_une_ligne(nom, axe) for nom in tete.children)
            seuls_des_noeuds = all(isinstance(noeud, ParameterNode) for noeud in dessous)
            trouvees += dessous if plusieurs and seuls_des_noeuds else [tete]
    return trouvees


def est_une_ligne(nom: str, axe: str) -> bool:
    if AXES[axe] is int:
        return nom == "par_defaut" or nom.startswith("rang_")
    return nom == "par_defaut" or nom in AXES[axe].__members__


def tables_mal_lues(racine: ParameterNode) -> list[str]:
    """Tables that cannot be read by the axes that they declare, or by an axis that exists."""
    systeme = copy.copy(BASE)
    systeme.parameters = racine
    simulation = SimulationBuilder().build_default_simulation(systeme, 1)
    loi = droit_au(simulation.persons, numpy.array(["2024-07-01"], dtype="datetime64[D]"))
    fautes = []
    for table in tables(racine):
        axes = table.metadata["axes"]
        if inconnus := set(axes) - set(AXES):
            fautes.append(f"{table.name} : axe inconnu « {min(inconnus)} »")
            continue
        cles = [
            numpy.ones(1, int) if AXES[axe] is int else EnumArray(numpy.zeros(1, "u1"), AXES[axe])
            for axe in axes
        ]
        noeud = loi
        for nom in table.name.split("."):
            noeud = getattr(noeud, nom)
        try:
            lues = len(noeud.lire(*cles, sinon=0))
        except (LookupError, TypeError, ValueError) as erreur:
            fautes.append(f"{table.name} : {erreur}")
        else:
            fautes += [] if lues == 1 else [f"{table.name} : {lues} valeurs pour un médecin"]
    return fautes


def chemins_mal_nommes(racine: ParameterNode) -> list[str]:
    return [
        f"{noeud.name} : « {nom} »"
        for noeud in racine.get_descendants()
        if (nom := noeud.name.rpartition(".")[2]) and not bien_nomme(nom)
    ]


def bien_nomme(nom: str) -> bool:
    """Snake case in ASCII, and a percentile of two digits."""
    percentiles = [mot for mot in nom.split("_") if PERCENTILE.fullmatch(mot)]
    return SNAKE_CASE.fullmatch(nom) is not None and all(len(mot) == 3 for mot in percentiles)


# How long a figure is known to hold.


def validites(racine: ParameterNode) -> Iterator[tuple[Parameter, Any]]:
    """Each leaf, and the day that it, or the nearest node above it, says it still held."""

    def descendre(noeud: Any, recue: Any) -> Iterator[tuple[Parameter, Any]]:
        recue = noeud.metadata.get(VALIDITE, recue)
        if isinstance(noeud, Parameter):
            yield noeud, recue
        else:
            for enfant in noeud.children.values():
                yield from descendre(enfant, recue)

    return descendre(racine, None)


def jour_iso(texte: Any) -> date | None:
    bien_ecrit = isinstance(texte, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", texte)
    try:
        return date.fromisoformat(texte) if bien_ecrit else None
    except ValueError:
        return None


def en_vigueur(feuille: Parameter, aujourd_hui: date) -> str | None:
    """Day of the value in force; None where there is none, or a null."""
    for valeur in feuille.values_list:
        if valeur.instant_str <= aujourd_hui.isoformat():
            return valeur.instant_str if valeur.value is not None else None
    return None


def validites_mal_datees(racine: ParameterNode, aujourd_hui: date | None = None) -> list[str]:
    """Days that are no ISO date, that are to come, or before the figure that they confirm.

    A source may announce a figure ahead of its day: `annonce_le` is then the day that confirms it.
    """
    aujourd_hui = aujourd_hui or date.today()
    fautes = [
        f"{noeud.name} : {VALIDITE} « {noeud.metadata[VALIDITE]} »"
        for noeud in (racine, *racine.get_descendants())
        if VALIDITE in noeud.metadata
        and ((jour := jour_iso(noeud.metadata[VALIDITE])) is None or jour > aujourd_hui)
    ]
    for feuille, dite in validites(racine):
        lue = en_vigueur(feuille, aujourd_hui)
        annoncee = dite is not None and feuille.metadata.get("annonce_le") == dite
        if lue is not None and jour_iso(dite) is not None and dite < lue and not annoncee:
            fautes.append(f"{feuille.name} : confirmé le {dite}, avant sa valeur du {lue}")
    return fautes


def validites_absentes(racine: ParameterNode, aujourd_hui: date | None = None) -> list[str]:
    """Files with a value in force that no day confirms; a reading is ours, nobody confirms it."""
    aujourd_hui = aujourd_hui or date.today()
    fichiers = {
        str(Path(feuille.file_path).relative_to(PAQUET))
        for feuille, dite in validites(racine)
        if dite is None
        and en_vigueur(feuille, aujourd_hui) is not None
        and not feuille.name.startswith("lectures.")
    }
    return [f"{fichier} : sans {VALIDITE}" for fichier in sorted(fichiers)]


def validites_expirees(racine: ParameterNode, aujourd_hui: date | None = None) -> list[str]:
    """Figures in force whose latest confirmation is too old: a newer text is to be looked for."""
    jour = aujourd_hui or date.today()
    fautes = []
    for feuille, dite in validites(racine):
        lu = jour_iso(dite)
        if lu is not None and en_vigueur(feuille, jour) is not None:
            terme = (lu.year + ANS_DE_VALIDITE, lu.month, lu.day)
            if terme < (jour.year, jour.month, jour.day):
                fautes.append(f"{feuille.name} : confirmé le {dite}, plus de {ANS_DE_VALIDITE} ans")
    return fautes


# The variables.


def variables_hors_de_la_maison(variables: Variables) -> list[str]:
    """Variables of another class than `droit.Variable`, or with several formulas."""
    return [
        nom
        for nom, variable in variables.items()
        if not isinstance(variable, Variable) or len(variable.formulas) > 1
    ]


def libelles_mal_ecrits(variables: Variables) -> list[str]:
    return [
        f"{nom} : « {variable.label} », {faute}"
        for nom, variable in variables.items()
        for faute in fautes_de_libelle(variable.label or "")
    ]


def documentations_mal_ecrites(variables: Variables) -> list[str]:
    """An input says what it is in its documentation, a rule in the docstring of its formula."""
    fautes = []
    for nom, variable in variables.items():
        ecrites = [formule.__doc__ or "" for formule in variable.formulas.values()]
        if variable.is_input_variable() or variable.documentation:
            ecrites.append(variable.documentation or "")
        for ecrite in ecrites:
            trouvees = fautes_d_enonce(ecrite)
            if not ecrite.strip().endswith("."):
                trouvees.append("sans point final")
            fautes += [f"{nom} : « {ecrite.strip()} », {faute}" for faute in trouvees]
    return fautes


def inconnues_non_dites(variables: Variables) -> list[str]:
    """Numbers whose documentation does not say by which value they are not known.

    That value is their default: who reads them shows nothing in its place.
    """
    fautes = []
    for nom, variable in variables.items():
        valeur = inconnue(variable)
        dite = f"{valeur:g} :".replace("-", "−") if valeur is not None else ""
        if not re.search(rf"(?<![−\d]){dite}", variable.documentation or ""):
            fautes.append(f"{nom} : « {dite} » n’est pas dans la documentation")
    return fautes


def dates_d_un_autre_defaut(variables: Variables) -> list[str]:
    """Computed dates whose default is not the day that means "none", which the API shows people."""
    return [
        f"{nom} : par défaut {variable.default_value}"
        for nom, variable in variables.items()
        if variable.value_type is date
        and variable.formulas
        and variable.default_value != date(9999, 12, 31)
    ]


def lectures_nommees(variable: Any) -> set[str]:
    """Readings that the docstring of a rule names."""
    ecrite = " ".join(" ".join((f.__doc__ or "").split()) for f in variable.formulas.values())
    listes = re.findall(r"\bLectures? : ([a-z0-9_]+(?:, [a-z0-9_]+)*)\.", ecrite)
    return {nom for liste in listes for nom in liste.split(", ")}


def lectures_lues(variable: Any) -> set[str]:
    """Readings that a rule reads: `loi.lectures.x`, or `loi.lectures.lire("x", …)`."""
    lues = set()
    for noeud in ast.walk(ast.parse(textwrap.dedent(variable.introspection_data[1]))):
        dessous = noeud.func if isinstance(noeud, ast.Call) else noeud
        if isinstance(dessous, ast.Attribute) and isinstance(dessous.value, ast.Attribute):
            if dessous.value.attr == "lectures" and dessous.attr != "lire":
                lues.add(dessous.attr)
            elif dessous.value.attr == "lectures" and isinstance(noeud, ast.Call):
                lues.add(ast.literal_eval(noeud.args[0]))
    return lues


def lectures_mal_nommees(variables: Variables) -> list[str]:
    """Readings that a docstring names and that no provision of the rule cites, and conversely.

    The rules of a provision that cites a reading rest on it: one of them at least says so, unless
    it is one that only a reform has. One that reads it says so itself.
    """
    nommees = {nom: lectures_nommees(v) for nom, v in variables.items() if v.formulas}
    citees: dict[str, set[str]] = {}
    ailleurs: set[str] = set()
    for disposition in textes.dispositions().values():
        if disposition.statut != "hors_champ":
            for lecture in disposition.lectures:
                siennes = nommees.keys() & set(disposition.variables)
                citees.setdefault(lecture, set()).update(siennes)
            if not variables.keys() >= set(disposition.variables):
                ailleurs.update(disposition.lectures)
    fautes = [
        f"{nom} : nomme « {lecture} », qu’aucune de ses dispositions ne cite"
        for nom, siennes in nommees.items()
        for lecture in sorted(siennes)
        if nom not in citees.get(lecture, ())
    ]
    fautes += [
        f"{nom} : lit « {lecture} » sans la nommer"
        for nom in nommees
        if variables[nom].introspection_data
        for lecture in sorted(lectures_lues(variables[nom]) - nommees[nom])
    ]
    return fautes + [
        f"{lecture} : aucune règle de ses dispositions ne la nomme"
        for lecture, siennes in citees.items()
        if lecture not in ailleurs and not any(lecture in nommees[nom] for nom in siennes)
    ]


def variables_sans_unite(variables: Variables) -> list[str]:
    """Numbers without a unit, and units that nobody knows."""
    return [
        f"{nom} : unité « {variable.unit} »"
        for nom, variable in variables.items()
        if (variable.value_type in (int, float) and not variable.unit)
        or (variable.unit is not None and variable.unit not in UNITES)
    ]


def variables_mal_nommees(variables: Variables) -> list[str]:
    fautes = []
    for nom, variable in variables.items():
        if not bien_nomme(nom) or nom != variable.name:
            fautes.append(f"{nom} : pas en snake_case, ou un percentile mal écrit")
        if len(nom) > LONGUEUR_D_UN_NOM:
            fautes.append(f"{nom} : plus de {LONGUEUR_D_UN_NOM} caractères")
        if variable.value_type is bool and nom.startswith(("est_", "is_")):
            fautes.append(f"{nom} : un booléen se nomme sans « est »")
    return fautes


def theme(variable: Any) -> str:
    """Folder of the file of a variable, if it is a theme of `variables/`."""
    chemin = PurePosixPath(variable.introspection_data[0])
    return chemin.parent.name if chemin.parts[-3] == "variables" else ""


def variables_mal_rangees(variables: Variables) -> list[str]:
    """Inputs out of `situation/`, rules in it, or rules in a folder that no test mirrors."""
    fautes = []
    for nom, variable in variables.items():
        dossier = theme(variable)
        entree = variable.is_input_variable()
        connu = dossier == "situation" or (TESTS / (dossier or "?")).is_dir()
        if not connu or (dossier == "situation") != entree:
            fautes.append(f"{nom} : {variable.introspection_data[0]}")
    return fautes


def enumerations_mal_ecrites(enumerations: list[type[Enum]]) -> list[str]:
    fautes = []
    for enumeration in enumerations:
        for membre in enumeration:
            lieu = f"{enumeration.__name__}.{membre.name}"
            if not bien_nomme(membre.name):
                fautes.append(f"{lieu} : pas en snake_case, ou un percentile mal écrit")
            fautes += [f"{lieu} : {faute}" for faute in fautes_de_libelle(membre.value)]
    return fautes


# The code of the rules.


def lieu_du_noeud(fichier: str, noeud: Any) -> str:
    return f"{fichier}:{noeud.lineno}"


def litteraux(sources: Textes) -> list[str]:
    """Numbers other than 0 and 1 in a function, or kept beside the classes for one."""
    fautes = []
    for fichier, source in sources.items():
        arbre = ast.parse(source)
        blocs = [noeud for noeud in arbre.body if not isinstance(noeud, ast.ClassDef)]
        blocs += [
            noeud
            for noeud in ast.walk(arbre)
            if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        ]
        fautes += [
            f"{lieu_du_noeud(fichier, constante)} : {constante.value}"
            for bloc in blocs
            for constante in ast.walk(bloc)
            if isinstance(constante, ast.Constant)
            and type(constante.value) in (int, float, complex)
            and constante.value not in (0, 1)
        ]
    return list(dict.fromkeys(fautes))


def choix_hors_de_selon(sources: Textes) -> list[str]:
    """Choices made otherwise than by `selon`: one way to say it, and the only fast one."""
    fautes = []
    for fichier, source in sources.items():
        for noeud in ast.walk(ast.parse(source)):
            if isinstance(noeud, ast.Call):
                nom = getattr(noeud.func, "attr", None) or getattr(noeud.func, "id", None)
                if nom in CHOIX:
                    fautes.append(f"{lieu_du_noeud(fichier, noeud)} : {nom}")
    return fautes


def fichiers_sans_question(sources: Textes) -> list[str]:
    """Files that do not say which question of law they answer, in a sentence."""
    return [
        f"{fichier} : ne dit pas ce qu’il contient"
        for fichier, source in sources.items()
        if not (ast.get_docstring(ast.parse(source)) or "").endswith((".", "?"))
    ]


def variables_demandees(sources: Textes) -> set[str]:
    """Names that a class asks of a population, other than its own: `medecins(name, period)`."""
    return {
        appel.args[0].value
        for source in sources.values()
        for classe in ast.walk(ast.parse(source))
        if isinstance(classe, ast.ClassDef)
        for appel in ast.walk(classe)
        if isinstance(appel, ast.Call)
        and len(appel.args) > 1
        and isinstance(appel.args[0], ast.Constant)
        and isinstance(appel.args[0].value, str)
        and appel.args[0].value != classe.name
    }


def cles(donnees: Any) -> Iterator[str]:
    """Keys of nested data."""
    if isinstance(donnees, dict):
        for cle, valeur in donnees.items():
            yield str(cle)
            yield from cles(valeur)
    elif isinstance(donnees, list):
        for element in donnees:
            yield from cles(element)


def variables_inutiles(
    variables: Variables, sources: Textes = FORMULES, cas: dict[str, Any] = CAS
) -> list[str]:
    """Variables that no formula asks and that no YAML test gives or expects."""
    lues = {
        cle
        for un_fichier in cas.values()
        for un_cas in (un_fichier if isinstance(un_fichier, list) else [un_fichier])
        for partie in ("input", "output")
        for cle in cles(un_cas.get(partie))
    }
    return sorted(set(variables) - variables_demandees(sources) - lues)


def cas_mal_ranges(fichiers: list[str], variables: Variables = BASE.variables) -> list[str]:
    """YAML tests named after a rule, or after its file, in the folder of another theme."""
    regles = [v for v in variables.values() if not v.is_input_variable()]
    themes = {PurePosixPath(v.introspection_data[0]).stem: theme(v) for v in regles}
    themes |= {regle.name: theme(regle) for regle in regles}
    return [
        f"{fichier} : à ranger dans {themes[chemin.stem]}/"
        for fichier in fichiers
        if (chemin := PurePosixPath(fichier)).parent.name in themes.values()
        and themes.get(chemin.stem, chemin.parent.name) != chemin.parent.name
    ]


# The links.


def bien_formee(adresse: str) -> bool:
    """Secure, written in whole, and without the full stop of a sentence."""
    entiere = ADRESSE.fullmatch(adresse) is not None and "..." not in adresse
    return entiere and not adresse.endswith((".", ",", ";", ":"))


def adresses(donnees: Any, champ: str = "") -> Iterator[str]:
    """What nested data give as an address, or write as one inside a text."""
    if isinstance(donnees, dict):
        for cle, valeur in donnees.items():
            yield from adresses(valeur, cle)
    elif isinstance(donnees, list):
        for element in donnees:
            yield from adresses(element, champ)
    elif champ in ("lien", "href", "url"):
        yield str(donnees)
    elif isinstance(donnees, str):
        yield from (mot.rstrip(".,;:)»") for mot in donnees.split() if "://" in mot)


def adresses_mal_formees(donnees: dict[str, Any]) -> list[str]:
    return [
        f"{lieu} : « {adresse} »"
        for lieu, contenu in donnees.items()
        for adresse in adresses(contenu)
        if not bien_formee(adresse)
    ]


def sans_code(texte: str) -> str:
    """A Markdown text without its examples: blocks, then words of code."""
    texte = re.sub(r"^(```|~~~).*?^\1", "", texte, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", texte)


def cibles(texte: str) -> list[str]:
    """Targets of the links of a Markdown text, bare addresses included."""
    texte = sans_code(texte)
    trouvees = [
        re.sub(r"\s+\"[^\"]*\"$", "", cible).strip().removeprefix("<").removesuffix(">")
        for cible in re.findall(r"\]\(([^)]*)\)", texte)
    ]
    reste = re.sub(r"\]\([^)]*\)", "", texte)
    trouvees += re.findall(r"(?:href|src)=\"([^\"]*)\"", reste)
    reste = re.sub(r"(?:href|src)=\"[^\"]*\"", "", reste)
    trouvees += re.findall(r"^\[[^\]]+\]:\s*(\S+)", reste, re.MULTILINE)
    reste = re.sub(r"^\[[^\]]+\]:.*$", "", reste, flags=re.MULTILINE)
    return trouvees + [nue.rstrip(".,;:") for nue in re.findall(r"\bhttps?://[^\s)>\"]*", reste)]


def ancres(texte: str) -> set[str]:
    """Anchors that GitHub makes of the titles of a Markdown text."""
    hors_blocs = re.sub(r"^(```|~~~).*?^\1", "", texte, flags=re.MULTILINE | re.DOTALL)
    vues: dict[str, int] = {}
    trouvees = set(re.findall(r"(?:id|name)=\"([^\"]*)\"", hors_blocs))
    for titre in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", hors_blocs, re.MULTILINE):
        lisible = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", titre)
        ancre = re.sub(r"[^\w\- ]", "", lisible.lower()).replace(" ", "-")
        fois = vues[ancre] = vues.get(ancre, -1) + 1
        trouvees.add(f"{ancre}-{fois}" if fois else ancre)
    return trouvees


def liens_casses(documents: Textes) -> list[str]:
    """Links of Markdown to a file or a title that does not exist, or to no whole address."""
    fautes = []
    for document, texte in documents.items():
        for cible in cibles(texte):
            if "://" in cible or " " in cible:
                bonne = bien_formee(cible)
            else:
                chemin, _, ancre = cible.partition("#")
                dossier = PurePosixPath(document).parent
                vise = os.path.normpath(dossier / chemin) if chemin else document
                ici = vise in documents or (RACINE / vise).exists()
                bonne = bool(cible) and ici and not vise.startswith("..")
                if ancre:
                    bonne = bonne and ancre in ancres(documents.get(vise, ""))
            if not bonne:
                fautes.append(f"{document} : « {cible} »")
    return fautes


DES_LOIS: list[Callable[..., list[str]]] = [
    chiffres_sans_reference,
    chiffres_sans_confiance,
    chiffres_sans_unite,
    valeurs_d_un_autre_genre,
    nombres_hors_bornes,
    lectures_sans_alternative,
    descriptions_mal_ecrites,
    tables_mal_lues,
    chemins_mal_nommes,
    validites_mal_datees,
]
DES_VARIABLES: list[Callable[..., list[str]]] = [
    variables_hors_de_la_maison,
    libelles_mal_ecrits,
    documentations_mal_ecrites,
    inconnues_non_dites,
    dates_d_un_autre_defaut,
    lectures_mal_nommees,
    variables_sans_unite,
    variables_mal_nommees,
    variables_mal_rangees,
    variables_inutiles,
]
DES_FORMULES: list[Callable[..., list[str]]] = [
    litteraux,
    choix_hors_de_selon,
    fichiers_sans_question,
]
# Each of the others, and what it is run on.
AUTRES: list[tuple[Callable[..., list[str]], Any]] = [
    (validites_absentes, LOIS["base"]),
    (validites_absentes, SURCOUCHE),
    (validites_absentes, LOIS["objectifs_estimes"]),
    (validites_absentes, LOIS["aide_collective_2026"]),
    # The law in force: no text will ever confirm again a figure that the convention replaces.
    (validites_expirees, LOIS["convention_2024"]),
    (validites_expirees, LOIS["aide_collective_2026"]),
    (enumerations_mal_ecrites, ENUMERATIONS),
    (cas_mal_ranges, list(CAS)),
    (adresses_mal_formees, DONNEES),
    (liens_casses, DOCUMENTS),
]


@pytest.mark.parametrize("loi", LOIS)
@pytest.mark.parametrize("controle", DES_LOIS, ids=lambda c: c.__name__)
def test_les_chiffres_sont_sans_faute(controle: Callable[..., list[str]], loi: str) -> None:
    assert controle(LOIS[loi]) == []


@pytest.mark.parametrize("systeme", SYSTEMES.values(), ids=list(SYSTEMES))
@pytest.mark.parametrize("controle", DES_VARIABLES, ids=lambda c: c.__name__)
def test_les_variables_sont_sans_faute(controle: Callable[..., list[str]], systeme: Any) -> None:
    assert controle(systeme.variables) == []


@pytest.mark.parametrize("controle", DES_FORMULES, ids=lambda c: c.__name__)
def test_les_formules_sont_sans_faute(controle: Callable[..., list[str]]) -> None:
    assert controle(FORMULES) == []


@pytest.mark.parametrize(("controle", "sujet"), AUTRES, ids=[c.__name__ for c, _ in AUTRES])
def test_le_reste_est_sans_faute(controle: Callable[..., list[str]], sujet: Any) -> None:
    assert controle(sujet) == []


# The faults planted, each in a copy.

LE_JOUR = date(2026, 6, 30)


def noeud_de(racine: ParameterNode, chemin: str) -> Any:
    noeud = racine
    for nom in filter(None, chemin.split(".")):
        noeud = noeud.children[nom]
    return noeud


def loi_changee(changer: Callable[[ParameterNode], Any]) -> Callable[[], ParameterNode]:
    def faire() -> ParameterNode:
        racine = copy.deepcopy(BASE.parameters)
        changer(racine)
        return racine

    return faire


def avec_valeur(chemin: str, valeur: Any) -> Callable[[], ParameterNode]:
    """The law with another value of a figure, at its latest date."""
    return loi_changee(lambda loi: setattr(noeud_de(loi, chemin).values_list[0], "value", valeur))


def avec_metadonnee(chemin: str, **champs: Any) -> Callable[[], ParameterNode]:
    return loi_changee(lambda loi: noeud_de(loi, chemin).metadata.update(champs))


def avec_ligne(chemin: str, nom: str) -> Callable[[], ParameterNode]:
    """The law with a line more in a table, or a node more."""

    def changer(loi: ParameterNode) -> None:
        noeud = noeud_de(loi, chemin)
        noeud.add_child(nom, Parameter(f"{chemin}.{nom}", {"values": {"2019-08-20": {"value": 1}}}))

    return loi_changee(changer)


def avec_validite(chemin: str, jour: Any) -> Callable[[], ParameterNode]:
    """The law with one node only that says until when it was confirmed."""

    def changer(loi: ParameterNode) -> None:
        for noeud in (loi, *loi.get_descendants()):
            noeud.metadata.pop(VALIDITE, None)
        noeud_de(loi, chemin).metadata[VALIDITE] = jour

    return loi_changee(changer)


def avec_variable(nom: str, mere: type = Variable, **champs: Any) -> Callable[[], Variables]:
    def faire() -> Variables:
        attributs = {
            "value_type": bool,
            "entity": Medecin,
            "definition_period": DateUnit.ETERNITY,
            "label": "Essai",
            "documentation": "Un essai.",
            "introspection_data": ("/paquet/variables/situation/essai.py", "", 1),
        }
        return {**BASE.variables, nom: type(nom, (mere,), {**attributs, **champs})()}

    return faire


def avec_docstring(nom: str, docstring: str) -> Callable[[], Variables]:
    """The variables with another docstring of the formula of one."""

    def faire() -> Variables:
        autre = copy.copy(BASE.variables[nom])
        autre.formulas = type(autre.formulas)({"0001-01-01": regle(docstring)})
        return {**BASE.variables, nom: autre}

    return faire


def regle(docstring: str | None = "Une règle.") -> Callable[[Any, Any], Any]:
    def formula(medecins: Any, period: Any) -> Any:
        return medecins("eligible", period)

    formula.__doc__ = docstring
    return formula


def formule(ligne: str, avant: str = "") -> Callable[[], Textes]:
    """The source of a rule with one line more."""
    source = (
        f'"""Essai."""\n{avant}\nclass essai(Variable):\n    def formula(m, p):\n        {ligne}\n'
    )
    return lambda: {"essai.py": source}


def ecrit(contenu: Any, fichier: str = "README.md") -> Callable[[], dict[str, Any]]:
    return lambda: {**DOCUMENTS, fichier: contenu}


class EnumerationFautive(Enum):
    SousSeuil = "Sous le seuil"
    p5_et_plus = "Au 5e percentile"
    aucune = "Rien n'est dit"
    autre = "autre"


mal_datees = partial(validites_mal_datees, aujourd_hui=LE_JOUR)
absentes = partial(validites_absentes, aujourd_hui=LE_JOUR)
expirees = partial(validites_expirees, aujourd_hui=LE_JOUR)

PLANTEES: list[tuple[Callable[..., list[str]], Callable[[], Any], str]] = [
    (
        chiffres_sans_reference,
        loi_changee(lambda loi: loi.contrat.duree.metadata["reference"].pop("2019-08-20")),
        "contrat.duree au 2019-08-20",
    ),
    (
        chiffres_sans_reference,
        avec_metadonnee("versement.delai_acompte", reference={"2023-05-01": [{"source": "S000"}]}),
        "versement.delai_acompte au 2023-05-01",
    ),
    (
        chiffres_sans_confiance,
        loi_changee(lambda loi: loi.contrat.duree.metadata["confiance"].pop("2023-05-01")),
        "contrat.duree au 2023-05-01",
    ),
    (chiffres_sans_unite, avec_metadonnee("contrat.duree", unit="annees"), "contrat.duree"),
    (chiffres_sans_unite, avec_ligne("contrat", "essai"), "contrat.essai"),
    (valeurs_d_un_autre_genre, avec_valeur("contrat.duree", True), "contrat.duree"),
    (valeurs_d_un_autre_genre, avec_valeur("contrat.duree", "cinq"), "contrat.duree"),
    (valeurs_d_un_autre_genre, avec_valeur("contrat.carence.applicable", 0), "applicable"),
    (valeurs_d_un_autre_genre, avec_valeur("contrat.texte_en_vigueur", "avenant_9"), "avenant_9"),
    (nombres_hors_bornes, avec_valeur("versement.part_acompte.tiers_etp", 70), "tiers_etp"),
    (nombres_hors_bornes, avec_valeur("contrat.duree", -5), "contrat.duree"),
    (nombres_hors_bornes, avec_valeur("contrat.duree", float("nan")), "contrat.duree"),
    (
        lectures_sans_alternative,
        loi_changee(lambda loi: loi.lectures.p95_inclus.metadata.pop("alternative")),
        "lectures.p95_inclus",
    ),
    (
        lectures_sans_alternative,
        avec_metadonnee("lectures.seuil_p30", alternative="inclus"),
        "lectures.seuil_p30",
    ),
    (
        lectures_sans_alternative,
        avec_metadonnee("lectures.seuil_p30", alternative="dehors"),
        "« dehors » n’est pas",
    ),
    (
        lectures_sans_alternative,
        avec_metadonnee("lectures.installation_seuil", alternative="exclu"),
        "lectures.installation_seuil",
    ),
    (
        descriptions_mal_ecrites,
        loi_changee(lambda loi: setattr(loi.contrat.duree, "description", None)),
        "contrat.duree : «  », vide",
    ),
    (
        descriptions_mal_ecrites,
        loi_changee(lambda loi: setattr(loi.contrat, "description", "vie du contrat.")),
        "sans majuscule",
    ),
    (
        descriptions_mal_ecrites,
        loi_changee(lambda loi: setattr(loi.aide.montant, "description", "Montant de l'aide")),
        "aide.montant : « Montant de l'aide »",
    ),
    (tables_mal_lues, avec_ligne("eligibilite.secteur", "secteur_4"), "secteur_4"),
    (tables_mal_lues, avec_ligne("patientele.pmt.p30", "generalistes"), "generalistes"),
    (tables_mal_lues, avec_ligne("aide.montant.un_etp.par_defaut", "an_1"), "an_1"),
    (tables_mal_lues, avec_ligne("aide.montant.un_etp.par_defaut", "rang_04"), "rang_04"),
    (tables_mal_lues, avec_metadonnee("aide.montant", axes=["option", "zone"]), "« option »"),
    (tables_mal_lues, avec_metadonnee("aide.montant", axes=["option_etp"]), "aide.montant"),
    (chemins_mal_nommes, avec_ligne("contrat", "dureeMinimale"), "dureeMinimale"),
    (chemins_mal_nommes, avec_ligne("contrat", "durée"), "durée"),
    (chemins_mal_nommes, avec_ligne("patientele.pmt", "p5"), "patientele.pmt.p5"),
    (chemins_mal_nommes, avec_ligne("patientele.pmt", "de_p30_a_p100"), "de_p30_a_p100"),
    (mal_datees, avec_validite("contrat.duree", "2024-9-1"), "contrat.duree"),
    (mal_datees, avec_validite("contrat.duree", "2024-02-30"), "contrat.duree"),
    (mal_datees, avec_validite("contrat.duree", date(2024, 9, 1)), "contrat.duree"),
    (mal_datees, avec_validite("contrat", "2026-07-01"), "contrat : "),
    (mal_datees, avec_validite("contrat", "2023-04-30"), "contrat.duree : confirmé"),
    (
        mal_datees,
        avec_metadonnee("contrat.duree", **{VALIDITE: "2023-04-30", "annonce_le": "2023-04-29"}),
        "contrat.duree : confirmé",
    ),
    (absentes, avec_validite("aide", "2026-01-01"), "parameters/contrat/duree.yaml"),
    (expirees, avec_validite("contrat.duree", "2023-06-29"), "contrat.duree"),
    (expirees, avec_validite("", "2020-02-29"), "aide.montant.un_etp.p95_et_plus"),
    (variables_hors_de_la_maison, avec_variable("essai", VariableDeCore), "essai"),
    (
        variables_hors_de_la_maison,
        avec_variable("essai", formula_2019=regle(), formula_2024=regle()),
        "essai",
    ),
    (libelles_mal_ecrits, avec_variable("essai", label=None), "essai"),
    (libelles_mal_ecrits, avec_variable("essai", label="essai"), "sans majuscule"),
    (libelles_mal_ecrits, avec_variable("essai", label="Montant de l'aide"), "apostrophe"),
    (libelles_mal_ecrits, avec_variable("essai", label="Montant de l’aide."), "point final"),
    (libelles_mal_ecrits, avec_variable("essai", label="Amount of the aid"), "en anglais"),
    (libelles_mal_ecrits, avec_variable("aide_x", label="Aide_x"), "nom technique"),
    (documentations_mal_ecrites, avec_variable("essai", documentation=None), "essai"),
    (documentations_mal_ecrites, avec_variable("essai", documentation="Un essai"), "sans point"),
    (documentations_mal_ecrites, avec_variable("essai", documentation="un essai."), "majuscule"),
    (documentations_mal_ecrites, avec_variable("essai", formula=regle(None)), "essai"),
    (documentations_mal_ecrites, avec_variable("essai", formula=regle("L'aide.")), "apostrophe"),
    (inconnues_non_dites, avec_variable("essai", value_type=int, unit="patient"), "« 0 : »"),
    (inconnues_non_dites, avec_variable("essai", value_type=float, default_value=-1), "« −1 : »"),
    (
        inconnues_non_dites,
        avec_variable(
            "essai",
            value_type=int,
            unit="patient",
            default_value=1,
            documentation="−1 : non connu.",
        ),
        "« 1 : »",
    ),
    (
        dates_d_un_autre_defaut,
        avec_variable("essai", value_type=date, default_value=date(9999, 12, 30), formula=regle()),
        "essai : par défaut 9999-12-30",
    ),
    (lectures_mal_nommees, avec_docstring("aide_due", "Essai. Lecture : p95_inclus."), "aide_due"),
    (lectures_mal_nommees, avec_docstring("aide_due", "Essai.\n\n Lectures : a,\n b."), "« b »"),
    (lectures_mal_nommees, avec_docstring("acompte", "Essai."), "assiette_de_l_acompte : aucune"),
    (lectures_mal_nommees, avec_docstring("date_fin_contrat", "Essai."), "lit « renouvellement_"),
    (lectures_mal_nommees, avec_docstring("baisse_pmt", "Essai."), "lit « tolerance_augmentation"),
    (variables_sans_unite, avec_variable("essai", value_type=float), "essai"),
    (variables_sans_unite, avec_variable("essai", value_type=int), "essai"),
    (variables_sans_unite, avec_variable("essai", value_type=float, unit="euro"), "« euro »"),
    (variables_mal_nommees, avec_variable("Essai"), "Essai"),
    (variables_mal_nommees, avec_variable("éligible"), "éligible"),
    (variables_mal_nommees, avec_variable("seuil_p5"), "seuil_p5"),
    (variables_mal_nommees, avec_variable("essai_" + 35 * "x"), "plus de 40"),
    (variables_mal_nommees, avec_variable("est_eligible"), "est_eligible"),
    (variables_mal_rangees, avec_variable("essai", formula=regle()), "essai"),
    (
        variables_mal_rangees,
        avec_variable("essai", introspection_data=("/paquet/variables/contrat/essai.py", "", 1)),
        "essai",
    ),
    (
        variables_mal_rangees,
        avec_variable(
            "essai",
            formula=regle(),
            introspection_data=("/paquet/variables/essais/essai.py", "", 1),
        ),
        "essai",
    ),
    (
        variables_mal_rangees,
        avec_variable("essai", introspection_data=("/paquet/variables/essai.py", "", 1)),
        "essai",
    ),
    (variables_inutiles, avec_variable("essai"), "essai"),
    (enumerations_mal_ecrites, lambda: [EnumerationFautive], "SousSeuil"),
    (enumerations_mal_ecrites, lambda: [EnumerationFautive], "p5_et_plus"),
    (enumerations_mal_ecrites, lambda: [EnumerationFautive], "aucune : apostrophe"),
    (enumerations_mal_ecrites, lambda: [EnumerationFautive], "autre : sans majuscule"),
    (litteraux, formule("return m('x', p) * 0.95 + 1 - 0"), "essai.py:5 : 0.95"),
    (litteraux, formule("return m('x', p) * PART", "PART = 0.95"), "essai.py:2 : 0.95"),
    (litteraux, formule("return part(m)", "def part(m): return m * 0.95"), "essai.py:2 : 0.95"),
    (choix_hors_de_selon, formule("return numpy.where(m('x', p) > 0, 1, 0)"), "where"),
    (choix_hors_de_selon, formule("return where(m('x', p) > 0, 1, 0)"), "where"),
    (choix_hors_de_selon, formule("return numpy.select([m('x', p)], [1])"), "select"),
    (fichiers_sans_question, lambda: {"essai.py": "import numpy\n"}, "essai.py"),
    (cas_mal_ranges, lambda: ["contrat/aide_due.yaml"], "à ranger dans montant/"),
    (cas_mal_ranges, lambda: ["contrat/carence.yaml"], "à ranger dans eligibilite/"),
    (adresses_mal_formees, ecrit([{"lien": "http://ameli.fr/medecin"}]), "http://ameli.fr"),
    (adresses_mal_formees, ecrit([{"lien": "https://ameli.fr/med ecin"}]), "med ecin"),
    (adresses_mal_formees, ecrit([{"lien": "https://ameli.fr/medecin…"}]), "medecin…"),
    (adresses_mal_formees, ecrit({"metadata": {"href": "https://ameli/..."}}), "https://ameli"),
    (adresses_mal_formees, ecrit({"url": "ameli.fr/medecin"}), "« ameli.fr/medecin »"),
    (adresses_mal_formees, ecrit({"note": "Voir http://ameli.fr."}), "« http://ameli.fr »"),
    (liens_casses, ecrit("[ici](docs/perdu.md)"), "docs/perdu.md"),
    (liens_casses, ecrit("[là](../README.md)", "docs/adr/essai.md"), "docs/adr/essai.md"),
    (liens_casses, ecrit("# Titre\n[ici](#titre-perdu)"), "#titre-perdu"),
    (liens_casses, ecrit("[ici](docs/population.md#perdu)"), "docs/population.md#perdu"),
    (liens_casses, ecrit("[ici](http://openfisca.org)"), "http://openfisca.org"),
    (liens_casses, ecrit("[ici](https://openfisca.org/…)"), "https://openfisca.org/…"),
    (liens_casses, ecrit("[ici](https://openfisca.org/a b)"), "https://openfisca.org/a b"),
    (liens_casses, ecrit("Voir <http://openfisca.org>."), "« http://openfisca.org »"),
    (liens_casses, ecrit("[dehors](../ailleurs.md)"), "../ailleurs.md"),
    (liens_casses, ecrit("[ici]()"), "«  »"),
    (liens_casses, ecrit("[ici][x]\n\n[x]: perdu.md"), "perdu.md"),
]


@pytest.mark.parametrize(("controle", "sujet", "lieu"), PLANTEES)
def test_chaque_controle_trouve_la_faute_plantee(
    controle: Callable[..., list[str]], sujet: Callable[[], Any], lieu: str
) -> None:
    fautes = controle(sujet())
    assert any(lieu in faute for faute in fautes), fautes


def test_chaque_controle_a_sa_faute_plantee() -> None:
    controles = {*DES_LOIS, *DES_VARIABLES, *DES_FORMULES, *(controle for controle, _ in AUTRES)}
    assert {getattr(controle, "func", controle) for controle, _, _ in PLANTEES} == controles


@pytest.mark.parametrize("chemin", ["contrat.duree", "contrat", ""])
def test_une_validite_vaut_pour_tout_ce_qui_est_dessous(chemin: str) -> None:
    loi = avec_validite(chemin, "2024-07-01")()
    assert not any("contrat.duree" in faute for faute in mal_datees(loi) + expirees(loi))
    assert not any("contrat/duree.yaml" in faute for faute in absentes(loi))


@pytest.mark.parametrize(
    ("dite", "jour", "expire"),
    [
        ("2023-06-30", date(2026, 6, 30), False),
        ("2023-06-29", date(2026, 6, 30), True),
        ("2024-02-29", date(2027, 2, 28), False),
        ("2024-02-29", date(2027, 3, 1), True),
    ],
)
def test_une_validite_expire_au_bout_de_trois_ans(dite: str, jour: date, expire: bool) -> None:
    fautes = validites_expirees(avec_validite("contrat.duree", dite)(), jour)
    assert [faute.partition(" : ")[0] for faute in fautes] == ["contrat.duree"] * expire


def test_une_valeur_annoncee_est_confirmee_par_son_annonce() -> None:
    annonce = {VALIDITE: "2023-04-30", "annonce_le": "2023-04-30"}
    assert not any("duree" in f for f in mal_datees(avec_metadonnee("contrat.duree", **annonce)()))


def test_une_valeur_nulle_ou_a_venir_n_a_pas_a_etre_confirmee() -> None:
    nulle = avec_valeur("contrat.duree", None)()
    assert not any("contrat/duree.yaml" in faute for faute in absentes(nulle))
    loi = avec_validite("contrat.duree", "2023-05-01")()
    noeud_de(loi, "contrat.duree").values_list[0].instant_str = "2027-01-01"
    assert mal_datees(loi) == []


def test_ce_que_les_controles_lisent_est_bien_la() -> None:
    assert len(tables(BASE.parameters)) >= 20
    assert {"eligibilite.secteur", "patientele.pmt.p30"} <= {
        t.name for t in tables(BASE.parameters)
    }
    assert len(BASE.variables) > 100
    assert len(FORMULES) > 30
    assert {"README.md", "docs/population.md"} <= set(DOCUMENTS)
    assert "montant/aide_due.yaml" in CAS
    assert len(set(chaque_adresse())) >= 15


def chaque_adresse() -> list[str]:
    return [adresse for contenu in DONNEES.values() for adresse in adresses(contenu)]


def test_les_liens_justes_sont_laisses() -> None:
    texte = """
# Un titre : `code` et [lien](https://openfisca.org)

[a](README.md) [b](docs/) [c](#un-titre--code-et-lien) [d](README.md#licence "Licence")
<https://openfisca.org/doc/?a=1#b>, https://openfisca.org. `[e](perdu.md)`

```sh
curl http://localhost:5000/[f](perdu.md)
```
"""
    assert liens_casses({**DOCUMENTS, "ESSAI.md": texte}) == []
    assert len(cibles(texte)) == 7
