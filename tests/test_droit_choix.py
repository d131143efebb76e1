"""The first line of a table that fits, for a few rows and for many."""

from typing import Any

import numpy
import pytest
from openfisca_core.indexed_enums import EnumArray

from openfisca_assistant_medical.droit import AUCUN_JOUR, meme_nom, selon
from openfisca_assistant_medical.droit.choix import Membres
from openfisca_assistant_medical.nomenclatures import OptionETP, OptionETPAvenant, Zone

# On either side of the number of rows from which lines are laid under a mask of bits.
NOMBRES = (1, 3, 1_999, 2_000, 4_001)


def tirer(nombre: int) -> tuple[Any, Any, Any, Any]:
    alea = numpy.random.default_rng(nombre)
    une, autre = alea.random(nombre) < 0.5, alea.random(nombre) < 0.01
    entiers = alea.integers(-(2**31), 2**31, nombre).astype(numpy.int32)
    reels = alea.choice([0.0, -0.0, 0.95, -1e300, numpy.inf, numpy.nan], nombre)
    return une, autre, entiers, reels


@pytest.mark.parametrize("nombre", NOMBRES)
def test_la_premiere_ligne_qui_convient_l_emporte(nombre: int) -> None:
    une, autre, entiers, reels = tirer(nombre)
    partout, nulle_part = numpy.ones(nombre, bool), numpy.zeros(nombre, bool)
    jours = entiers.astype("datetime64[D]")
    for lignes, sinon in (
        ([(une, entiers), (autre, 0)], 7),
        ([(autre, 5), (une, entiers)], entiers[::-1]),
        ([(une, 0.0), (autre, reels)], 1.0),
        ([(une, reels), (autre, 1)], reels[::-1]),
        ([(une, autre), (autre, True)], False),
        ([(une, False)], autre),
        ([(une, jours)], AUCUN_JOUR),
        ([(une, AUCUN_JOUR), (autre, numpy.datetime64("1970-01-01"))], jours),
        ([(partout, entiers), (une, 3)], 1),
        ([(nulle_part, entiers)], reels),
    ):
        # Row by row, as one reads a table.
        attendues = [
            next(
                (v[i] if numpy.ndim(v) else v for condition, v in lignes if condition[i]),
                sinon[i] if numpy.ndim(sinon) else sinon,
            )
            for i in range(nombre)
        ]
        obtenues = selon(*lignes, sinon=sinon)
        numpy.testing.assert_array_equal(obtenues, numpy.array(attendues, obtenues.dtype))


@pytest.mark.parametrize("nombre", NOMBRES)
def test_une_copie_masquee_ne_sert_que_quelques_medecins(
    nombre: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    appels = []
    copier = numpy.copyto
    monkeypatch.setattr(numpy, "copyto", lambda *a, **k: (appels.append(nombre), copier(*a, **k)))
    selon((numpy.ones(nombre, bool), 1), sinon=0)
    assert appels == [nombre] * (nombre < 2_000)


@pytest.mark.parametrize("nombre", NOMBRES)
def test_les_lignes_d_un_enum(nombre: int) -> None:
    une, autre, *_ = tirer(nombre)
    obtenues = selon((une, Zone.zip), (autre, Zone.hors_zone), sinon=Zone.zac)
    attendus = [
        "zip" if u else "hors_zone" if a else "zac" for u, a in zip(une, autre, strict=True)
    ]
    assert isinstance(obtenues, EnumArray)
    assert obtenues.decode_to_str().tolist() == attendus
    encore = selon((autre, obtenues), sinon=Zone.zip).decode_to_str().tolist()
    assert encore == [m if a else "zip" for m, a in zip(attendus, autre, strict=True)]


def test_un_masque_qu_on_partage_n_est_pas_change() -> None:
    commun = numpy.broadcast_to(numpy.True_, 3_000)
    valeurs = numpy.arange(3_000)
    assert selon((commun, valeurs), sinon=0).tolist() == list(range(3_000))
    assert selon((~commun, 1), sinon=valeurs).tolist() == list(range(3_000))
    assert valeurs.tolist() == list(range(3_000))


def test_des_membres_se_comparent_comme_dans_core() -> None:
    codes = numpy.array([0, 2, 1, 2], dtype=Zone.indices.dtype)
    membres, temoin = Membres(codes, Zone), EnumArray(codes, Zone)
    for autre in (Zone.zip, Zone.zac, OptionETP.un_etp, 2, "zip", None, temoin):
        assert numpy.array_equal(membres == autre, temoin == autre), autre
        assert numpy.array_equal(membres != autre, temoin != autre), autre
    assert (membres == Zone.zip).tolist() == [False, True, False, True]
    assert type(membres == Zone.zip) is numpy.ndarray
    assert (membres[1:3] == Zone.zac).tolist() == [False, True]


@pytest.mark.parametrize("nombre", [3, 3_000])
def test_le_membre_de_meme_nom(nombre: int) -> None:
    noms = ["sans_avenant", "deux_etp", "tiers_etp"] * (nombre // 3)
    initiales = OptionETP.encode(numpy.array(["demi_etp"] * nombre))
    obtenus = meme_nom(OptionETPAvenant.encode(numpy.array(noms)), OptionETP, sinon=initiales)
    attendus = ["demi_etp", "deux_etp", "tiers_etp"] * (nombre // 3)
    assert obtenus.decode_to_str().tolist() == attendus
