"""What `assistant-medical calculer` shows of the collective contract of a practice."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from openfisca_assistant_medical import contrats_collectifs as collectifs
from openfisca_assistant_medical.affichage import euros, jour
from openfisca_assistant_medical.cli import main
from openfisca_assistant_medical.contrats import etablir
from openfisca_assistant_medical.lois import ReformeInconnue, lois
from openfisca_assistant_medical.situations import analyser
from openfisca_assistant_medical.tracabilite.verification import a_verifier

NOMS = ["convention_2024", "aide_collective_2026"]
LOI = [mot for nom in NOMS for mot in ("--reforme", nom)]


def medecin(**champs: Any) -> dict[str, Any]:
    return {
        "specialite": "generaliste",
        "secteur_conventionnel": "secteur_1",
        "aide_collective_date_adhesion": "2026-11-02",
        "aide_collective_associe": "associe",
        "aide_collective_pmt_initiale": 1000,
        "aide_collective_pfa_initiale": 1500,
        **champs,
    }


def groupe(cabinet: dict[str, Any] | None = None, **medecins: Any) -> dict[str, Any]:
    contrat = {
        "aide_collective_date_signature": "2026-11-02",
        "aide_collective_societe": "scm",
        "aide_collective_etp_demandes": 1,
        **(cabinet or {}),
    }
    tous = medecins or {"Alix": medecin(), "Bo": medecin()}
    return {"medecins": tous, "cabinets": {"Tilleuls": {"membres": list(tous), **contrat}}}


MOITIE = {
    "aide_collective_pmt_observee": {2028: 1130},
    "aide_collective_pfa_observee": {2028: 1511},
}


ATTEINT = {
    "aide_collective_pmt_observee": {"year:2026:5": 1130},
    "aide_collective_pfa_observee": {"year:2026:5": 1555},
}


def resultat(brut: dict[str, Any], annees: range | None = None) -> dict[str, Any]:
    ((lu,),) = ([c["resultats"][0] for c in etablir(brut, NOMS, False, annees)["cabinets"]],)
    return lu


def codes(brut: dict[str, Any]) -> list[str]:
    return [note["code"] for note in resultat(brut)["notes"]]


@pytest.fixture
def lancer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on a situation at 80 columns; gives its code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")

    def _lancer(brut: dict[str, Any], *arguments: str) -> tuple[int, str, str]:
        entree = json.dumps(brut).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(entree)))
        code = main(["calculer", "-", *arguments])
        sorties = capsys.readouterr()
        return code, sorties.out, sorties.err

    return _lancer


def simple(texte: str) -> str:
    return re.sub(r"\s+", " ", texte)


# --- The report -----------------------------------------------------------------------------------


def test_le_rapport_donne_le_contrat_annee_par_annee() -> None:
    rapport = etablir(groupe(Alix=medecin(**MOITIE), Bo=medecin(**MOITIE)), NOMS, False, None)
    assert list(rapport) == ["format", "version", "lois", "medecins", "cabinets"]
    (cabinet,) = rapport["cabinets"]
    assert list(cabinet) == ["id", "membres", "situation", "source", "resultats"]
    assert (cabinet["id"], cabinet["membres"]) == ("Tilleuls", ["Alix", "Bo"])
    assert cabinet["source"] == "secondaire"
    assert cabinet["situation"]["aide_collective_societe"] == {"ETERNITY": "scm"}
    (lu,) = cabinet["resultats"]
    assert set(lu) == {"loi", *collectifs.CONTRAT, "adhesions", "annees", "total", "notes"}
    assert set(lu["annees"][0]) == {"annee", *collectifs.ANNEE, "adherents", "installes"}
    assert set(lu["adhesions"][0]) == {"medecin", *collectifs.ADHESION}
    assert [annee["annee"] for annee in lu["annees"]] == [2026, 2027, 2028, 2029, 2030]
    # 260 gained of 260 in PMT, 22 of 110 in PFA: 22 000 × 22 / 110.
    assert [annee["due"] for annee in lu["annees"]] == [38_000, 28_000, 4_400, 22_000, 22_000]
    assert lu["total"] == {"maximale": 132_000, "due": 114_400}
    assert lu["annees"][2]["part_hypothese"] is True
    assert lu["annees"][2]["taux_pfa"] == 0.2
    assert lu["annees"][1]["pmt_groupe"] is None
    assert lu["annees"][1]["objectif_pmt"] == 2_260
    assert json.loads(json.dumps(rapport, allow_nan=False)) == rapport


def test_ce_qui_n_est_pas_connu_est_nul() -> None:
    lu = resultat(
        groupe({"aide_collective_societe": "non_declaree"}, Alix=medecin(
            aide_collective_pmt_initiale=-1
        ))
    )  # fmt: skip
    assert lu["pmt_moyenne"] is None
    assert lu["date_resiliation"] is None
    assert lu["annees"][0]["objectif_pmt"] is None
    assert lu["adhesions"][0]["date_sortie"] is None
    assert lu["adhesions"][0]["fin_carence"] == "2033-11-02"
    # A rate is no count: 0 is one.
    assert lu["annees"][0]["taux_pmt"] == 0
    # A year without a contract has nothing to count.
    avant = resultat(groupe(), range(2025, 2026))["annees"][0]
    assert (avant["rang_annee"], avant["maximale"], avant["due"]) == (0, 0, 0)
    comptes = ("depart_pmt", "gain_pfa", "objectif_pmt", "pmt_groupe", "pfa_groupe", "taux_pfa")
    assert [avant[nom] for nom in comptes] == [None] * len(comptes)


def test_les_annees_demandees_valent_pour_le_cabinet() -> None:
    lu = resultat(groupe(), range(2025, 2028))
    assert [(a["annee"], a["due"]) for a in lu["annees"]] == [
        (2025, 0), (2026, 38_000), (2027, 28_000)
    ]  # fmt: skip
    refuse = resultat(groupe({"aide_collective_date_signature": "2026-02-24"}))
    assert [a["annee"] for a in refuse["annees"]] == [2026]


def test_sans_contrat_collectif_le_rapport_n_en_dit_rien() -> None:
    individuel = {**medecin(), "date_signature": "2024-07-01"}
    brut = {nom: v for nom, v in individuel.items() if not nom.startswith("aide_collective_")}
    for noms in ([], NOMS):
        assert "cabinets" not in etablir(brut, noms, False, None)


def test_un_medecin_sans_contrat_individuel_n_a_rien_de_du() -> None:
    rapport = etablir(groupe(), NOMS, False, None)
    for lu in rapport["medecins"]:
        assert lu["contrat"]["date_signature"] is None
        (sien,) = lu["resultats"]
        assert [annee["annee"] for annee in sien["annees"]] == [2026]
        assert sien["total"]["aide_due"] == 0
        assert [note["code"] for note in sien["notes"]] == ["sans_contrat_individuel"]


def test_comparer_donne_le_contrat_du_seul_cote_qui_l_a() -> None:
    brut = groupe(Alix=medecin(date_signature="2024-07-01", date_resiliation="2026-11-02"))
    for noms in (NOMS, ["aide_collective_2026"]):
        rapport = etablir(brut, noms, True, None)
        assert [loi["id"] for loi in rapport["lois"]] == [
            "base",
            "convention_2024 + aide_collective_2026",
        ]
        assert len(rapport["medecins"][0]["resultats"]) == 2
        (lu,) = rapport["cabinets"][0]["resultats"]
        assert lu["loi"] == "convention_2024 + aide_collective_2026"


def test_la_reforme_seule_est_refusee_avec_son_remede() -> None:
    with pytest.raises(ReformeInconnue, match="demander d’abord convention_2024, puis aide_coll"):
        lois(["aide_collective_2026"], comparer=False)
    assert lois(["convention_2024", "aide_collective_2026"], comparer=False)


# --- Notes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [
        (groupe({"aide_collective_societe": "sel"}), "societe"),
        (groupe({"aide_collective_date_signature": "2026-02-24"}), "aucun_texte"),
        (groupe(Alix=medecin(specialite="mep")), "aucun_adherent"),
        (groupe(Alix=medecin(specialite="mep")), "adhesion_refusee"),
        (groupe(Alix=medecin(aide_collective_pmt_initiale=774)), "patientele_insuffisante"),
        (groupe({"aide_collective_societe": "non_declaree"}), "eligibilite_inconnue"),
        (groupe(Alix=medecin(aide_collective_associe="non_declare")), "eligibilite_inconnue"),
        (groupe({"aide_collective_etp_demandes": 2.5}), "etp_reduits"),
        (groupe({"aide_collective_etp_demandes": -1}), "etp_inconnus"),
        (groupe(), "part_inconnue"),
        (groupe(Alix=medecin(**MOITIE)), "prorata"),
        (groupe({"aide_collective_date_resiliation": "2027-03-01"}), "resiliation"),
        (
            groupe(
                Alix=medecin(
                    aide_collective_pmt_observee={2027: 700},
                    aide_collective_pfa_observee={2027: 1500},
                )
            ),
            "resiliation_possible",
        ),
        (groupe(Alix=medecin(aide_collective_pmt_observee={2027: 774})), "sous_p30"),
        (groupe(Alix=medecin(date_installation="2026-01-15")), "mediane_inconnue"),
        (
            groupe(Alix=medecin(date_installation="2026-01-15", **MOITIE)),
            "mediane_manquee",
        ),
        (groupe(Alix=medecin(), Bo=medecin(date_signature="2028-03-01")), "cumul_ulterieur"),
        (groupe(Alix=medecin(), Bo=medecin(date_signature="2032-03-01")), "carence_a_declarer"),
        (
            groupe(Alix=medecin(), Bo=medecin(aide_collective_date_adhesion="2031-03-01")),
            "adhesion_sans_effet",
        ),
        (
            groupe(Alix=medecin(), Bo=medecin(aide_collective_date_sortie="2026-11-02")),
            "adhesion_sans_effet",
        ),
        (
            groupe(
                {"aide_collective_etp_avenant": {"year:2028:3": 2}},
                Alix=medecin(**ATTEINT),
                Bo=medecin(**ATTEINT),
            ),
            "etp_ajoutes",
        ),
        (
            groupe(
                {"aide_collective_renouvellements": 1},
                Alix=medecin(
                    aide_collective_pmt_observee={2031: 1260},
                    aide_collective_pfa_observee={2031: 1610},
                ),
            ),
            "renouvellement",
        ),
    ],
)
def test_ce_qu_il_faut_savoir_est_dit(brut: dict[str, Any], attendu: str) -> None:
    dits = codes(brut)
    assert dits[0] == "source_secondaire"
    assert attendu in dits


def test_un_contrat_sans_histoire_n_a_pas_d_autre_note() -> None:
    assert codes(groupe(Alix=medecin(**ATTEINT), Bo=medecin(**ATTEINT))) == ["source_secondaire"]
    # An individual contract signed once the delay is over, or whose delay is given.
    apres = {"date_signature": "2033-11-02"}
    declaree = {
        "date_signature": "2032-03-01",
        "date_resiliation_contrat_precedent": "2031-11-02",
        "carence_applicable": True,
    }
    for contrat in (apres, declaree):
        brut = groupe(Alix=medecin(**ATTEINT), Bo=medecin(**ATTEINT, **contrat))
        assert codes(brut) == ["source_secondaire"]


def textes_de(brut: dict[str, Any]) -> dict[str, str]:
    return {note["code"]: simple(note["texte"]) for note in resultat(brut)["notes"]}


def test_une_note_donne_les_jours_et_le_remede() -> None:
    en_carence = textes_de(groupe(Alix=medecin(), Bo=medecin(date_signature="2032-03-01")))
    assert "Bo signe un contrat individuel pendant la carence" in en_carence["carence_a_declarer"]
    assert "(jusqu’au 02/11/2033) : donner date_resil" in en_carence["carence_a_declarer"]
    cumul = textes_de(groupe(Alix=medecin(), Bo=medecin(date_signature="2028-03-01")))
    assert "le compte jusqu’au 02/11/2031" in cumul["cumul_ulterieur"]
    refus = textes_de(groupe(Alix=medecin(), Bo=medecin(date_signature="2024-07-01")))
    assert ": contrat individuel non clos" in refus["adhesion_refusee"]
    prorata = textes_de(groupe(Alix=medecin(**MOITIE), Bo=medecin(**MOITIE)))["prorata"]
    assert "Part de 20 % (2028), hypothèse" in prorata
    assert "(PMT 100 %, PFA 20 %)" in prorata


def test_le_bulletin_d_avant_la_signature_n_ote_pas_d_etp() -> None:
    ancien = {"date_signature": "2024-07-01", "date_resiliation": "2026-11-02"}
    brut = groupe(
        {"aide_collective_etp_demandes": 2},
        Alix=medecin(),
        Bo=medecin(aide_collective_date_adhesion="2026-10-15", **ancien),
    )
    lu = resultat(brut)
    assert (lu["signataires"], lu["annees"][0]["etp"]) == (2, 2)
    assert lu["adhesions"][1]["entree_effective"] == "2026-11-02"


# --- In a terminal --------------------------------------------------------------------------------


def test_le_tableau_dit_ce_que_dit_le_json(lancer: Any) -> None:
    brut = groupe(Alix=medecin(**MOITIE), Bo=medecin(**MOITIE))
    code, texte, erreurs = lancer(brut, *LOI)
    assert (code, erreurs) == (0, "")
    assert max(map(len, texte.splitlines())) <= 80
    lu = resultat(brut)
    assert "Tilleuls : aide collective, source secondaire ; contrat signé le 02/11/2026" in simple(
        texte
    )
    assert "Éligible à l’aide collective ; fin du contrat le 02/11/2031." in simple(texte)
    lignes = {ligne[:10]: simple(ligne) for ligne in texte.splitlines()}
    for annee in lu["annees"]:
        assert simple(euros(annee["due"])) in lignes[jour(annee["debut_annee"])]
        assert simple(euros(annee["maximale"])) in lignes[jour(annee["debut_annee"])]
    assert "20 %*" in lignes["02/11/2028"]
    totaux = simple(next(x for x in texte.splitlines() if "Total" in x))
    assert simple(euros(132_000)) in totaux
    assert simple(euros(114_400)) in totaux
    assert "contrat signé le 02/11/2026, 2 médecins" in simple(texte)
    assert "Nouveau contrat possible à partir du 02/11/2033 : Alix, Bo." in simple(texte)
    for note in lu["notes"]:
        assert simple(note["texte"]) in simple(texte)
    assert "Alix : Médecine générale (01) - Aucun contrat individuel" in simple(texte)
    assert "« * » fondée sur une hypothèse" in simple(texte)


def test_une_annee_sans_contrat_n_a_rien_a_compter(lancer: Any) -> None:
    code, texte, _ = lancer(groupe(), *LOI, "--annees", "2025-2026")
    ligne = simple(next(x for x in texte.splitlines() if x.startswith("2025 ")))
    assert (code, ligne) == (0, "2025 – 0 0 0,00 € – – 0,00 €")
    assert "0 sur 0" not in simple(texte)


def test_un_refus_est_un_resultat(lancer: Any) -> None:
    code, texte, _ = lancer(groupe({"aide_collective_societe": "sel"}), *LOI)
    assert code == 0
    assert "Non éligible : Société qui ne peut pas signer le contrat collectif." in simple(texte)
    assert "Seules une SCP, une SCM ou une SISA peuvent signer." in simple(texte)
    assert "Maximum" not in texte


def test_la_reforme_manquante_est_dite(lancer: Any) -> None:
    code, texte, erreurs = lancer(groupe())
    assert (code, texte) == (2, "")
    assert "ce champ demande la réforme aide_collective_2026" in simple(erreurs)
    assert "le plus proche" not in simple(erreurs)
    code, texte, erreurs = lancer(groupe(), "--reforme", "aide_collective_2026")
    assert (code, texte) == (2, "")
    assert "Remède : demander d’abord convention_2024, puis aide_collective_2026." in simple(
        erreurs
    )


@pytest.mark.long
def test_les_lectures_disent_que_l_aide_collective_est_a_part(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    fichier = tmp_path / "groupe.json"
    fichier.write_text(json.dumps(groupe()), "utf-8")
    assert main(["lectures", str(fichier), *LOI]) == 0
    dit = simple(capsys.readouterr().out)
    assert "L’aide collective (Tilleuls) n’y est pas" in dit
    assert "aide_collective_…, ne se calculent pas autrement" in dit


def test_les_differences_disent_la_source_et_ne_coupent_pas_les_noms(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lois_ = ["convention_2024", "convention_2024+aide_collective_2026"]
    assert main(["differences", "--entre", *lois_]) == 0
    dit = capsys.readouterr().out
    assert "aide_collective.montant, depuis le 25/02/2026 (MESDOCS, source secondaire)" in dit
    assert "…" not in dit
    premiere = [ligne.split("  ")[1].strip() for ligne in dit.splitlines() if ligne[:2] == "  "]
    assert "aide_collective_plafond_signature" in "".join(premiere)
    assert max(map(len, dit.splitlines())) <= 80


# --- What is written about it ---------------------------------------------------------------------


def test_le_guide_donne_ce_qu_il_dit() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "aide_collective.md").read_text("utf-8")
    (situation,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    troisieme = resultat(analyser(situation.encode(), "groupe.yaml"))["annees"][2]
    assert (troisieme["etp"], troisieme["gain_pmt"], troisieme["gain_pfa"]) == (2.5, 590, 275)
    # 55 000 × 22 / 275
    assert troisieme["due"] == 4_400
    assert "4 400 €" in guide


@pytest.mark.long
def test_ses_chiffres_sont_parmi_ce_qui_est_a_verifier() -> None:
    points = {(p["id"], p["depuis"]): p for p in a_verifier()["points"]}
    montant = points["aide_collective.montant", "2026-02-25"]
    assert (montant["confiance"], montant["poids"]) == ("secondaire", 0)
    assert montant["dispositions"] == ["mesdocs_montants"]
    assert ("aide_collective_prorata", None) in points
