"""What the matrix links: registers, figures of the laws, rules, readings and test cases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfisca_core.parameters import Parameter

from openfisca_assistant_medical import textes
from openfisca_assistant_medical.doutes import presenter
from openfisca_assistant_medical.droit.formules import lire_formule
from openfisca_assistant_medical.droit.reforme import lire_dossier
from openfisca_assistant_medical.reforms import registre
from openfisca_assistant_medical.reforms.lectures import LECTURES
from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem, lieu
from openfisca_assistant_medical.textes import Disposition, Source
from openfisca_assistant_medical.tracabilite.matrice.cas import Cas, dossier_des_cas, lire_cas

_PAQUET = Path(__file__).parents[2]
_BASE, _CONVENTION = "base", "convention_2024"
_LECTURES = "lectures"
_SUFFIXES = (".csv", ".json", ".yaml")
# Folders of reference data, which carry provisions without computing.
REPERTOIRES = ("recrutement/",)


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A value of a parameter at one date."""

    parametre: str
    depuis: str
    valeur: Any
    lois: tuple[str, ...]
    references: tuple[dict[str, Any], ...]
    confiance: str | None
    fichier: str
    description: str
    unite: str | None

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources that it cites."""
        return tuple(textes.sources_de(self.references))


@dataclass(frozen=True, slots=True)
class Regle:
    """A variable, with the figures or tables that its formulas read and the variables they ask."""

    variable: str
    label: str
    lieu: str | None
    calculee: bool
    lit: tuple[str, ...] = ()
    demande: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doute:
    """A reading; an executable one has an alternative that a reform puts in its place."""

    id: str
    executable: bool
    sources: tuple[str, ...]
    question: str
    retenue: str
    autre: str


@dataclass(frozen=True, slots=True)
class Donnees:
    """All that the matrix links; a copy with a fault planted makes a report that shows it."""

    sources: dict[str, Source]
    dispositions: dict[str, Disposition]
    doutes: tuple[Doute, ...]
    chiffres: tuple[Chiffre, ...]
    regles: tuple[Regle, ...]
    cas: tuple[Cas, ...]
    tests: str | None
    # Files of data of the package, by their path in it; those of `REPERTOIRES` are to be claimed.
    fichiers: tuple[str, ...] = ()


def recueillir(tests: Path | None = None) -> Donnees:
    """What the registers, the laws and the test cases hold.

    Args:
        tests: folder of the test cases; None = those of the package, or of its checkout.

    Raises:
        CasIllisibles: the folder given does not exist, or a file of tests cannot be read.
    """
    base = CountryTaxBenefitSystem()
    lois: dict[str, Any] = {_BASE: base}
    for nom, classe in _reformes().items():
        lois[nom] = classe(lois[_sous(nom)])
    chiffres = tuple(_chiffres(lois))
    regles = tuple(_regles(lois.values()))
    dossier = dossier_des_cas(tests)
    cas = () if dossier is None else tuple(lire_cas(dossier, {r.variable for r in regles}))
    return Donnees(
        sources=textes.sources(),
        dispositions=textes.dispositions(),
        doutes=tuple(_doutes(base)),
        chiffres=chiffres,
        regles=regles,
        cas=cas,
        tests=dossier.resolve().name if dossier is not None and cas else None,
        fichiers=tuple(_fichiers()),
    )


def _fichiers() -> Iterator[str]:
    chemins = (f for suffixe in _SUFFIXES for f in _PAQUET.rglob(f"*{suffixe}"))
    return iter(sorted(chemin.relative_to(_PAQUET).as_posix() for chemin in chemins))


def _reformes() -> dict[str, Any]:
    """Reforms that are no reading, by name: the convention, then each after the one below it."""
    noms = [nom for nom in registre.connues() if not nom.startswith(f"{_LECTURES}.")]
    noms.sort(key=lambda nom: nom != _CONVENTION)
    return {nom: registre.trouver(nom) for nom in noms}


def _sous(loi: str) -> str:
    """Name of the law that a reform lies over: an assumption lies over the reform it is of."""
    return loi.rpartition(".")[0] or (_BASE if loi == _CONVENTION else _CONVENTION)


def _dessous(loi: str) -> set[str]:
    """Names of the laws below a reform that lies over the convention: their figures are theirs."""
    dessous = set()
    while loi not in (_BASE, _CONVENTION):
        loi = _sous(loi)
        dessous.add(loi)
    return dessous


def _chiffres(lois: dict[str, Any]) -> Iterator[Chiffre]:
    """Values of the laws by path and date; the same one under two laws is one figure."""
    connus: dict[tuple[str, str, Any], tuple[Any, list[str]]] = {}
    for loi, systeme in lois.items():
        dessous = _dessous(loi)
        for feuille in _feuilles(systeme.parameters):
            for datee in feuille.values_list:
                cle = feuille.name, datee.instant_str, datee.value
                if cle not in connus or dessous.isdisjoint(connus[cle][1]):
                    connus.setdefault(cle, (feuille, []))[1].append(loi)
    # A law laid over another says in its own file what it changes.
    dossiers = {nom: classe.dossier for nom, classe in _reformes().items()}
    surcouches = {
        loi: {f.name: f for f in _feuilles(lire_dossier(dossier))}
        for loi, dossier in dossiers.items()
        if dossier is not None
    }
    for (chemin, depuis, valeur), (feuille, noms) in sorted(connus.items(), key=lambda c: c[0][:2]):
        ecrite = surcouches.get(noms[0], {}).get(chemin, feuille)
        yield Chiffre(
            parametre=chemin,
            depuis=depuis,
            valeur=valeur,
            lois=tuple(noms),
            references=tuple(feuille.metadata.get("reference", {}).get(depuis, ())),
            confiance=feuille.metadata.get("confiance", {}).get(depuis),
            fichier=Path(ecrite.file_path).relative_to(_PAQUET).as_posix(),
            description=feuille.description,
            unite=feuille.metadata.get("unit"),
        )


def _feuilles(racine: Any) -> Iterator[Any]:
    return (noeud for noeud in racine.get_descendants() if isinstance(noeud, Parameter))


def _regles(systemes: Iterable[Any]) -> Iterator[Regle]:
    par_nom: dict[str, list[Any]] = {}
    for systeme in systemes:
        for nom, variable in systeme.variables.items():
            par_nom.setdefault(nom, []).append(variable)
    for nom, variables in sorted(par_nom.items()):
        formules = {formule for variable in variables for formule in variable.formulas.values()}
        lus = [lire_formule(formule) for formule in formules]
        yield Regle(
            variable=nom,
            label=variables[0].label,
            lieu=lieu(variables[0]),
            calculee=bool(formules),
            lit=tuple(sorted({chemin for chemins, _ in lus for chemin in chemins})),
            demande=tuple(sorted({autre for _, autres in lus for autre in autres})),
        )


def _doutes(base: Any) -> Iterator[Doute]:
    """Readings: those that a reform changes, then those that are only written down."""
    for nom in dict.fromkeys([*LECTURES, *textes.lectures()]):
        dite = presenter(base, nom)
        yield Doute(
            nom,
            nom in LECTURES,
            tuple(dict.fromkeys(_sources(base, nom))),
            dite["question"],
            dite["retenue"],
            dite["autre"],
        )


def _sources(base: Any, lecture: str) -> Iterator[str]:
    """Sources that a reading cites, on either side."""
    inscrite = textes.lectures().get(lecture)
    if inscrite is not None:
        # It cites an id and, after it, a place: "S003 partie III".
        cites = (*inscrite.sources, *inscrite.sources_de_l_autre)
        yield from (cite.split()[0] for cite in cites)
    else:
        metadonnees = base.parameters.lectures.children[lecture].metadata
        for references in metadonnees["reference"].values():
            yield from textes.sources_de(references)
        yield from textes.sources_de(metadonnees.get("sources_de_l_autre", ()))
