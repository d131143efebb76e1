"""A table of contracts under one law, or under several that are compared.

`comparer` goes through the table part by part, block by block, and keeps sums: the memory is that
of a block, whatever the number of rows. What is finished stays in a folder beside the result, from
which the same call goes on after an interruption; see `reprise`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
from openfisca_core.indexed_enums import EnumArray

from openfisca_assistant_medical.annees import ANNEES_DITES, AnneeRefusee, verifier_les_annees
from openfisca_assistant_medical.population import enregistrement
from openfisca_assistant_medical.population.avancement import Suivi
from openfisca_assistant_medical.population.calcul import TAILLE_DU_BLOC, calculer
from openfisca_assistant_medical.population.cellules import MICRO, Cellules, faire_place, fusionner
from openfisca_assistant_medical.population.comparaison import Resultat
from openfisca_assistant_medical.population.empreintes import empreinte, versions
from openfisca_assistant_medical.population.incertitude import lire_les_tirages
from openfisca_assistant_medical.population.lois import LOIS, nom_de_loi
from openfisca_assistant_medical.population.repartition import repartir
from openfisca_assistant_medical.population.reprise import (
    Chantier,
    Lectures,
    Partie,
    SimulationRefusee,
    ecrire_erreurs,
)
from openfisca_assistant_medical.population.table.refus import ErreurDeLigne, TableRefusee
from openfisca_assistant_medical.population.table.tables import (
    MODES,
    Partition,
    Table,
    ouvrir,
)
from openfisca_assistant_medical.population.tirages import Tirages, tirer
from openfisca_assistant_medical.population.traitement import (
    Demande,
    Loi,
    connaitre,
    systeme_des_entrees,
    taille_permise,
    traiter,
)


def simuler(
    source: Any,
    annees: Iterable[int],
    *,
    loi: str = "convention_2024",
    variables: Sequence[str] = ("aide_maximale", "aide_due"),
    ignorer: Iterable[str] = (),
    erreurs: str = "arreter",
    taille: int = TAILLE_DU_BLOC,
) -> Any:
    """Variables of each contract of a table, under one law.

    Args:
        source: see `tables.ouvrir`.
        annees: calendar years in which the contract years start.
        loi: its name, as `lois.loi` takes it.
        variables: what to give.
        ignorer: columns of the table to leave out.
        erreurs: "arreter" (refuse the table) or "isoler" (leave bad rows out).
        taille: rows computed together; changes nothing but memory and speed.

    Returns:
        A pyarrow table, one row a contract: ligne, identifiant where the table has one, poids, then
        each variable, `variable_2025` for a yearly one, `variable_2025-03` for a monthly one.

    Raises:
        TableRefusee, ReformeInconnue, ColonneRefusee: see their messages.
        SimulationRefusee: years or options.
    """
    import pyarrow as pa

    choisies = _annees(annees)
    _verifier(erreurs, taille)
    systeme = Loi(loi).systeme
    with TemporaryDirectory() as dossier:
        table = ouvrir(source, dossier=dossier, ignorer=ignorer)
        _refuser_une_table_vide(table)
        table.verifier_colonnes(systeme)
        tables = []
        for partition in table.partitions():
            for bloc in table.blocs(partition, systeme, taille=taille, erreurs=erreurs):
                colonnes: dict[str, Any] = {"ligne": pa.array(bloc.lignes)}
                if bloc.identifiants is not None:
                    colonnes["identifiant"] = bloc.identifiants
                colonnes["poids"] = pa.array(bloc.poids)
                lues = calculer(systeme, bloc.colonnes, variables, choisies)
                for (nom, periode), valeurs in lues.items():
                    colonnes[nom if periode is None else f"{nom}_{periode}"] = _en_arrow(valeurs)
                tables.append(pa.table(colonnes))
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _en_arrow(valeurs: Any) -> Any:
    """A column of results: days as date32, Enums as a dictionary of names."""
    import pyarrow as pa

    if isinstance(valeurs, EnumArray):
        noms = [membre.name for membre in valeurs.possible_values]
        codes = numpy.asarray(valeurs.view(numpy.ndarray), numpy.int32)
        return pa.DictionaryArray.from_arrays(codes, noms)
    return pa.array(numpy.ascontiguousarray(valeurs))


def comparer(
    source: Any,
    annees: Iterable[int],
    *,
    lois: Sequence[str] = LOIS,
    sortie: str | Path | None = None,
    erreurs: str = "arreter",
    lectures: bool = True,
    taille: int | None = None,
    travailleurs: int = 1,
    dask: str | None = None,
    detail: bool = False,
    ignorer: Iterable[str] = (),
    remplacer: bool = False,
    tirages: int = 0,
    graine: int = 0,
    hypotheses: Any = None,
    suivi: Suivi | None = None,
    commande: str | None = None,
) -> Resultat:
    """What laws cost, and change, over a table of contracts.

    Args:
        source: see `tables.ouvrir`.
        annees: calendar years in which the contract years start.
        lois: names, as `lois.loi` takes them, the first the reference.
        sortie: folder of the result, made whole or not at all; None = nothing is kept. An
            interrupted run leaves `sortie.partiel`, from which the same call goes on.
        erreurs: "arreter" (refuse the table at the first block with bad rows) or "isoler".
        lectures: also compute the other readings of the register.
        taille: rows computed together; by default, what fits in some 700 MB.
        travailleurs: processes of this machine.
        dask: address of a Dask scheduler instead.
        detail: also write the amounts of each contract year.
        ignorer: columns of the table to leave out.
        remplacer: replace a result already in `sortie`.
        tirages: draws over what is not known, see `tirages`; 0 = none.
        graine: their seed.
        hypotheses: file of their assumptions; None = those by default.
        suivi: called with the rows done and their number.
        commande: what was typed, for the record.

    Raises:
        TableRefusee, ReformeInconnue, HypothesesRefusees: see their messages.
        SimulationRefusee: years, options or folder; RepartitionImpossible: workers.
    """
    if sortie is None:
        if detail:
            raise SimulationRefusee("--detail : il faut un dossier. Remède : donner --sortie.")
        with TemporaryDirectory() as dossier:
            return comparer(
                source, annees, lois=lois, sortie=Path(dossier) / "resultat", erreurs=erreurs,
                lectures=lectures, taille=taille, travailleurs=travailleurs, dask=dask,
                ignorer=ignorer, tirages=tirages, graine=graine, hypotheses=hypotheses,
                suivi=suivi, commande=commande,
            )  # fmt: skip
    choisies = _annees(annees)
    demandee = taille  # by default, it follows from the years: not a difference to be told
    if taille is None:
        taille = taille_permise(choisies, lectures=lectures)
    _verifier(erreurs, taille, travailleurs)
    tires = Tirages(tirages, graine, lire_les_tirages(hypotheses)) if tirages else None
    connues = [connaitre(Loi(nom)) for nom in _distinctes(lois)]
    chantier = Chantier(Path(sortie), remplacer)
    depart = time.monotonic()
    try:
        table = ouvrir(source, dossier=_dossier_de_la_source(chantier), ignorer=ignorer)
        _refuser_une_table_vide(table)
        table.verifier_colonnes(systeme_des_entrees(connues))
        options = {
            "annees": choisies,
            "erreurs": erreurs,
            "lectures": lectures,
            "taille": taille,
            "detail": detail,
            "ignorer": sorted(ignorer),
            **({} if tires is None else tires.en_clair()),
        }
        entree = table.empreinte()
        chantier.reconnaitre(
            {
                "table": entree,
                "lois": [list(loi.cle) for loi in connues],
                "versions": versions(),
                "parties": empreinte([partie.nombre for partie in table.partitions()]),
                **options,
                "taille": demandee,
            }
        )
        demande = Demande(
            table,
            tuple(choisies),
            tuple(loi.cle for loi in connues),
            erreurs,
            lectures,
            taille,
            _dossier_du_detail(chantier) if detail else None,
        )
        _calculer_ce_qui_manque(chantier, demande, travailleurs, dask, suivi)
        tirees = tires and tirer(
            table, choisies, demande.lois, tires, erreurs=erreurs, travailleurs=travailleurs,
            dask=dask, suivi=_en_lignes(suivi, table.nombre),
        )  # fmt: skip
        resultat = _conclure(chantier, demande, table, tires, tirees)
        enregistrement.enregistrer(
            chantier.resultat,
            source=source,
            entree=entree,
            table=table,
            lois=connues,
            options=options,
            commande=commande,
            duree=time.monotonic() - depart,
        )
    except TableRefusee:
        chantier.refuser()
        raise
    except BaseException:
        chantier.interrompre()
        raise
    chantier.publier()
    return resultat


def _en_lignes(suivi: Suivi | None, nombre: int) -> Suivi | None:
    """Parts of draws, told as rows of the table."""
    if suivi is None:
        return None
    return lambda faites, total: suivi(nombre * faites // total, nombre)


def _annees(annees: Iterable[int]) -> list[int]:
    try:
        demandees = verifier_les_annees(annees)
    except AnneeRefusee as refus:
        raise SimulationRefusee(str(refus)) from None
    if not demandees:
        raise SimulationRefusee(
            f"Années : reçu aucune ; attendu : une au moins, {ANNEES_DITES}, comme 2024."
        )
    return demandees


def _verifier(erreurs: str, taille: int, travailleurs: int = 1) -> None:
    if erreurs not in MODES:
        raise SimulationRefusee(f"--erreurs : reçu « {erreurs} » ; attendu : {' ou '.join(MODES)}.")
    if taille < 1:
        raise SimulationRefusee(f"taille : reçu {taille} ; attendu : 1 au moins.")
    if travailleurs < 1:
        raise SimulationRefusee(f"--travailleurs : reçu {travailleurs} ; attendu : 1 au moins.")


def _refuser_une_table_vide(table: Table) -> None:
    if not table.nombre:
        raise TableRefusee(f"{table.titre} : aucun contrat. Remède : une ligne au moins.")


def _distinctes(lois: Sequence[str]) -> list[str]:
    noms = [nom_de_loi(nom) for nom in lois]
    if not noms or len(set(noms)) < len(noms):
        raise SimulationRefusee(
            f"Lois : reçu {', '.join(noms) or 'aucune'} ; attendu : des lois distinctes, la "
            "première servant de référence."
        )
    return noms


def _dossier_de_la_source(chantier: Chantier) -> Path:
    """Where a source that is no Parquet is laid as one, for workers to share."""
    dossier = chantier.dossier / "source"
    dossier.mkdir(exist_ok=True)
    return dossier


def _dossier_du_detail(chantier: Chantier) -> Path:
    dossier = chantier.resultat.absolute() / "contrats"
    dossier.mkdir(exist_ok=True)
    return dossier


def _calculer_ce_qui_manque(
    chantier: Chantier,
    demande: Demande,
    travailleurs: int,
    dask: str | None,
    suivi: Suivi | None,
) -> None:
    faites = chantier.faites()
    partitions = demande.table.partitions()
    manquantes = [partition for partition in partitions if partition.index not in faites]
    total, lignes = demande.table.nombre, {p.index: p.nombre for p in partitions}
    if faites - lignes.keys():
        raise SimulationRefusee(
            f"« {chantier.dossier} » contient des parties que la table n’a pas. Remède : le "
            "supprimer, et relancer la commande."
        )
    avance = sum(lignes[index] for index in faites)

    def dire(nombre: int) -> None:
        nonlocal avance
        avance += nombre
        if suivi is not None:
            suivi(min(avance, total), total)

    if suivi is not None:
        suivi(avance, total)
    ici = dask is None and (travailleurs == 1 or len(manquantes) <= 1)
    # A block at a time here, a part at a time from elsewhere.
    tache: Callable[[Partition], Partie] = partial(traiter, demande, suivi=dire if ici else None)
    for partie in repartir(tache, manquantes, travailleurs=travailleurs, dask=dask):
        chantier.deposer(partie)
        if not ici:
            dire(lignes[partie.index])


def _conclure(
    chantier: Chantier, demande: Demande, table: Table, tires: Tirages | None, tirages: Any
) -> Resultat:
    """Add the parts up, in the order of the table: the same sums whoever computed them."""
    lectures: Lectures = {}
    erreurs: list[ErreurDeLigne] = []
    lignes, poids = 0, 0

    def cellules() -> Iterable[Cellules]:
        nonlocal lignes, poids
        for partie in chantier.parties():
            for cle, sommes in partie.lectures.items():
                deja = lectures.setdefault(cle, [0, 0, 0])
                lectures[cle] = [a + b for a, b in zip(deja, sommes, strict=True)]
            erreurs.extend(partie.erreurs)
            lignes, poids = lignes + partie.lignes, poids + partie.poids
            yield partie.cellules

    sommes = fusionner(cellules())
    description = {
        "lois": [cle[0] for cle in demande.lois],
        "annees": list(demande.annees),
        "lectures": demande.lectures,
        "lignes": lignes,
        "contrats": poids / MICRO,
        "lignes_ecartees": len({erreur.ligne for erreur in erreurs}),
        "synthetique": bool(table.metadonnees.get("synthetique", False)),
        "source": table.metadonnees,
        "tirages": None if tires is None else tires.en_clair(),
    }
    resultat = Resultat(
        sommes.droits,
        sommes.caisse,
        sommes.ecarts,
        sommes.variations,
        _table_des_lectures(lectures) if demande.lectures else None,
        tirages,
        description,
    )
    for brouillon in chantier.resultat.rglob(".*"):  # of workers that were killed
        brouillon.unlink(missing_ok=True)
    faire_place()
    resultat.ecrire(chantier.resultat)
    faire_place()
    ecrire_erreurs(chantier.resultat / "erreurs.csv", erreurs)
    return resultat


def _table_des_lectures(lectures: Lectures) -> Any:
    """Cost of each reading: loi, lecture, annee, lignes and contrats it touches, ecart (€)."""
    import pyarrow as pa

    lignes = sorted(lectures.items())
    mot = pa.dictionary(pa.int32(), pa.string())
    return pa.table(
        {
            "loi": pa.array([loi for (loi, _, _), _ in lignes], pa.string()).cast(mot),
            "lecture": pa.array([nom for (_, nom, _), _ in lignes], pa.string()).cast(mot),
            "annee": pa.array([annee for (_, _, annee), _ in lignes], pa.int32()),
            "lignes": pa.array([sommes[0] for _, sommes in lignes], pa.int64()),
            "contrats": pa.array([sommes[1] / MICRO for _, sommes in lignes], pa.float64()),
            "ecart": pa.array([sommes[2] / MICRO for _, sommes in lignes], pa.float64()),
        }
    )
