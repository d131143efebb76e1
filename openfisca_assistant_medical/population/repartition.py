"""Spreading the parts of a table over processes of this machine, or of a cluster."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
_ATTENTE = 20  # seconds to reach a scheduler, then its first worker
_VEILLE = 1  # second between two looks at the process that asked
_SUIVIS: set[int] = set()


class RepartitionImpossible(RuntimeError):
    """Workers that are not there, or that died; the message says what to do."""


def repartir(
    tache: Callable[[T], Any],
    taches: Sequence[T],
    *,
    travailleurs: int = 1,
    dask: str | None = None,
) -> Iterator[Any]:
    """Results of a task for each of its arguments, as they come, in no order.

    Args:
        tache: function of a module; with several workers, it and its arguments are pickled.
        taches: its arguments.
        travailleurs: processes of this machine; 1 = this one, without joblib.
        dask: address of a Dask scheduler, which takes the place of the processes of this machine.

    Raises:
        RepartitionImpossible: no such scheduler, no worker, or workers that died.
        Exception: the first that a task raises; the others are given up.
    """
    if not taches:
        return
    if dask is not None:
        yield from _sur_dask(tache, taches, dask)
    elif travailleurs == 1 or len(taches) == 1:
        yield from map(tache, taches)
    else:
        yield from _en_processus(tache, taches, min(travailleurs, len(taches)))


def _en_processus(tache: Callable[[T], Any], taches: Sequence[T], nombre: int) -> Iterator[Any]:
    from joblib import parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        with parallel_config(backend="loky", n_jobs=nombre, inner_max_num_threads=1):
            yield from _donner(partial(_tant_que_vit, os.getpid(), tache), taches)
    except TerminatedWorkerError:
        raise RepartitionImpossible(
            "Un processus de calcul s’est arrêté, faute de mémoire le plus souvent. Ce qui est "
            "fini est gardé. Remède : relancer la même commande, avec moins de travailleurs."
        ) from None


def _tant_que_vit(parent: int, tache: Callable[[T], Any], argument: T) -> Any:
    """Do a task in a process that ends with the one that asked, killed or not.

    Workers of loky wait for ever for what a process that was killed will no longer ask.
    """
    if parent not in _SUIVIS:
        _SUIVIS.add(parent)
        threading.Thread(target=_suivre, args=(parent,), daemon=True).start()
    return tache(argument)


def _suivre(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_VEILLE)
    os._exit(1)


def _sur_dask(tache: Callable[[T], Any], taches: Sequence[T], adresse: str) -> Iterator[Any]:
    from openfisca_assistant_medical.population.extras import exiger

    with exiger("cluster"):
        from distributed.scheduler import KilledWorker
        from joblib import parallel_config

    with _client(adresse) as client:
        try:
            with parallel_config(backend="dask", client=client):
                yield from _donner(tache, taches)
        except (KilledWorker, TimeoutError) as erreur:
            raise RepartitionImpossible(
                f"Grappe {adresse} : les travailleurs se sont arrêtés ({erreur}). Ce qui est fini "
                "est gardé. Remède : vérifier leur mémoire, puis relancer la même commande."
            ) from None


@contextmanager
def _client(adresse: str) -> Iterator[Any]:
    from distributed import Client

    nouveau: Callable[..., Any] = Client
    try:
        client = nouveau(adresse, timeout=_ATTENTE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as erreur:
        raise RepartitionImpossible(
            f"Grappe : aucun ordonnanceur à l’adresse « {adresse} » ({erreur}). Remède : lancer "
            "« dask scheduler », et donner l’adresse qu’il affiche, comme tcp://127.0.0.1:8786."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_ATTENTE)
        except TimeoutError:
            raise RepartitionImpossible(
                f"Grappe {adresse} : aucun travailleur. Remède : en lancer, « dask worker "
                f"{adresse} --nthreads 1 »."
            ) from None
        yield client


def _donner(tache: Callable[[T], Any], taches: Sequence[T]) -> Iterator[Any]:
    from joblib import Parallel, delayed

    # One task at a time: a task is long, and what it gives is kept as soon as it is there.
    parallele = Parallel(batch_size=1, return_as="generator_unordered")
    yield from parallele(delayed(tache)(argument) for argument in taches)
