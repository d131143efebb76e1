"""What the fuzzing found, and what is known to go wrong, tried again at each door."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

import fuzz.session
from fuzz.corpus import TROUVAILLES, Entree, fichiers, lire_le_corpus, poser
from fuzz.portes import PORTES, Porte
from fuzz.session import chercher, juger, reduire, semences_de, surveiller
from fuzz.verdict import Manquement, Verdict, refuse, verifier_les_nombres, verifier_une_annee
from openfisca_assistant_medical.situations.valeurs import LECTEURS

RACINE = Path(__file__).parents[1]
CORPUS = lire_le_corpus()
# Doors whose entries take some milliseconds each.
VITES = ("lien", "api")


def ecarts(entrees: list[Entree]) -> dict[str, Any]:
    """What the entries give other than expected."""
    donnes = {}
    for entree in entrees:
        try:
            donne = juger(PORTES[entree.porte].essayer, entree.octets).en_clair()
        except Manquement as manquement:
            donne = {"manquement": str(manquement)}
        if donne != entree.attendu:
            donnes[f"{entree.porte}/{entree.nom}"] = donne
    return donnes


def test_l_index_dit_chaque_fichier_et_ce_qu_il_doit_donner() -> None:
    assert sorted((e.porte, e.nom) for e in CORPUS) == sorted(fichiers())
    assert {e.porte for e in CORPUS} == set(PORTES)
    assert not [*TROUVAILLES.glob("*")]  # what was found is mended, then kept under a name
    for entree in CORPUS:
        assert entree.pourquoi, entree
        assert entree.attendu.keys() in ({"attendu"}, {"attendu", "lieu"}), entree
        assert ("lieu" in entree.attendu) == (entree.attendu["attendu"] == "refusé"), entree
        assert len(entree.octets) < 20_000, entree
    # Each door has what it takes, and what it refuses.
    for porte in PORTES:
        assert {e.attendu["attendu"] for e in CORPUS if e.porte == porte} == {"accepté", "refusé"}


@pytest.mark.parametrize("porte", VITES)
def test_une_partie_du_corpus_est_rejouee(porte: str) -> None:
    assert ecarts([e for e in CORPUS if e.porte == porte]) == {}


@pytest.mark.long
@pytest.mark.parametrize("porte", [nom for nom in PORTES if nom not in VITES])
def test_le_reste_du_corpus_est_rejoue(porte: str) -> None:
    assert ecarts([e for e in CORPUS if e.porte == porte]) == {}


@pytest.mark.long
@pytest.mark.parametrize("porte", PORTES)
def test_une_courte_session_ne_trouve_rien(porte: str) -> None:
    bilan = chercher(PORTES[porte], 600, 1, semences_de(porte), au_plus=25)
    assert bilan.trouvaille is None
    assert bilan.entrees == 25


@pytest.mark.long
def test_une_faute_mise_dans_le_paquet_est_trouvee(monkeypatch: pytest.MonkeyPatch) -> None:
    lire = LECTEURS[bool]

    def fautive(variable: Any, valeur: Any) -> Any:
        if valeur == "":
            return 1 // 0
        return lire(variable, valeur)

    monkeypatch.setitem(LECTEURS, bool, fautive)
    porte = replace(PORTES["situation"], tirer=lambda: st.just(b"rqth_ou_ald: ''\nzone: zip\n"))
    trouvee = chercher(porte, 600, 1, [], au_plus=3).trouvaille
    assert trouvee is not None
    assert trouvee.genre == "code 1 de la commande calculer"
    assert b"rqth_ou_ald" in trouvee.octets
    assert b"zone" not in trouvee.octets  # what has no part in it is taken out


# --- The engine, at doors of its own --------------------------------------------------------------


def une_porte(essayer: Any) -> Porte:
    return Porte("essai", "", essayer, lambda: st.binary(max_size=20))


def _sans_croix(octets: bytes) -> Verdict:
    if b"x" in octets:
        raise KeyError("croix")
    return Verdict(True)


def _qui_dort(octets: bytes) -> Verdict:
    if octets:
        time.sleep(600)
    return Verdict(True)


def _qui_meurt(octets: bytes) -> Verdict:
    if octets:
        import os

        os.abort()
    return Verdict(True)


def test_une_exception_est_un_manquement_qui_dit_d_ou_elle_vient() -> None:
    with pytest.raises(Manquement) as vu:
        juger(_sans_croix, b"x")
    assert vu.value.genre == "KeyError dans test_fuzz.py:_sans_croix"
    assert juger(_sans_croix, b"") == Verdict(True)


def test_une_graine_donne_les_memes_entrees_et_la_faute_devient_petite() -> None:
    porte = une_porte(_sans_croix)
    semences = [b"une ligne\ndeux x ici\ntrois"]
    un, autre = (chercher(porte, 600, 5, semences, au_plus=400) for _ in range(2))
    assert un == autre
    assert un.trouvaille is not None
    assert un.trouvaille.octets == b"x"
    assert reduire(porte, b"a\nbxc\n", "KeyError dans test_fuzz.py:_sans_croix") == b"x"


@pytest.mark.long
@pytest.mark.parametrize(
    ("essayer", "genre"),
    [(_qui_dort, "plus de 0.5 s pour une entrée"), (_qui_meurt, "processus mort")],
)
def test_ce_qui_ne_rend_pas_la_main_est_trouve(essayer: Any, genre: str) -> None:
    trouvee = surveiller(une_porte(essayer), 600, 1, semences=[b"abc"], limite=0.5).trouvaille
    assert trouvee is not None
    assert trouvee.genre == genre
    assert trouvee.octets


@pytest.mark.parametrize(
    ("message", "genre"),
    [
        ("Ligne 2 : 'NoneType' object is not subscriptable ; attendu : x", "mots du programme"),
        ("Ligne 2 : mauvais.", "refus sans remède"),
        ("x" * 200_000 + " attendu", "démesuré"),
    ],
)
def test_un_refus_qui_n_en_est_pas_un(message: str, genre: str) -> None:
    with pytest.raises(Manquement, match=genre):
        refuse(message, "ligne 2", b"NoneTyp")
    with pytest.raises(Manquement, match="sans lieu"):
        refuse("Attendu : ce qui est attendu.", "", b"")
    # What people wrote may be said again to them, and nothing beside it.
    assert not refuse("reçu « __x__ »\u202f; attendu : y", "tout", b"a__x__b").accepte
    with pytest.raises(Manquement, match="mots du programme"):
        refuse("reçu « __x__ » ; attendu : __call__", "tout", b"a__x__b")


def test_un_resultat_qui_ne_peut_pas_etre() -> None:
    with pytest.raises(Manquement, match="medecins/0"):
        verifier_les_nombres({"medecins": [float("nan")]})
    for maximale, due in ((1_000, 1_001), (1_000, -1), (float("inf"), 0)):
        with pytest.raises(Manquement):
            verifier_une_annee(maximale, due, "2025")
    verifier_une_annee(1_000, 1_000, "2025")


def test_une_trouvaille_est_ecrite_a_cote(tmp_path: Path) -> None:
    ecrit = poser(b"\x00", "csv", "Erreur « É » dans a.py:b", tmp_path / "ici")
    assert ecrit.read_bytes() == b"\x00"
    assert ecrit.name == "csv-erreur-e-dans-a-py-b.octets"
    assert list(ecrit.parent.iterdir()) == [ecrit]


def test_rejouer_dit_ce_qui_differe(monkeypatch: pytest.MonkeyPatch) -> None:
    faux = Entree("lien", "x", b"zz=1", {"attendu": "accepté"}, "un paramètre inconnu")
    monkeypatch.setattr(fuzz.session, "lire_le_corpus", lambda: [faux])
    ((porte, nom, detail),) = fuzz.session.rejouer()
    assert (porte, nom) == ("lien", "x")
    assert "refusé" in detail


@pytest.mark.long
def test_la_commande_dit_ses_portes_et_son_code() -> None:
    def lancer(*arguments: str) -> subprocess.CompletedProcess[str]:
        commande = [sys.executable, "-m", "fuzz", *arguments]
        return subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)

    mauvaise = lancer("porte")
    assert mauvaise.returncode == 2
    bonne = lancer("lien", "--secondes", "0.1", "--graine", "3")
    assert bonne.returncode == 0, bonne.stderr
    assert bonne.stdout.startswith("lien : ")
