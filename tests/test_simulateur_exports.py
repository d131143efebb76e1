"""What can be saved of a result: the same figures, in files that others read."""

import csv
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from icalendar import Calendar

from openfisca_assistant_medical.contrats import etablir_sous
from openfisca_assistant_medical.web.lois import convention, reglement
from openfisca_assistant_medical.web.simulateur.exemples import EXEMPLES, exemple
from openfisca_assistant_medical.web.simulateur.exports import FORMATS, sans_formule
from openfisca_assistant_medical.web.simulateur.saisie import analyser
from tests.simulateur import SIMPLE, client, poster

# Generalist, 1 ETP, signed on 2023-09-10, PMT of 1300 for 1560. Third year: PMT 130 of the 260 to
# gain, PFA 30 of 100, none below its start: the best rate, 0.5. Fourth: PMT 250/260 = 96 % >= 95 %.
ATTENDUS = {
    "Règlement arbitral de 2023": [36_000, 27_000, 21_000 * 0.5, 21_000, 21_000],
    "Convention de 2024": [36_000, 28_000, 22_000 * 0.5, 22_000, 22_000],
}
CAMILLE = "generaliste_deux_lois"


def telecharger(format_: str, saisie: dict[str, str]) -> bytes:
    reponse = client().post(f"/export/{format_}", data=saisie)
    assert reponse.status_code == 200
    nom = f"aide-assistant-medical.{format_}"
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="{nom}"'
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.content_type == FORMATS[format_].genre
    return reponse.data


def tableau(saisie: dict[str, str]) -> list[dict[str, str]]:
    texte = telecharger("csv", saisie).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


def label(nom: str) -> str:
    return str(convention().systeme.variables[nom].label)


# --- JSON -----------------------------------------------------------------------------------------


def test_le_json_est_le_rapport_de_contrats() -> None:
    saisie = exemple(CAMILLE)
    lois = [(loi.description, loi.systeme) for loi in (reglement(), convention())]
    recu = json.loads(telecharger("json", saisie))
    assert recu == json.loads(json.dumps(etablir_sous(lois, analyser(saisie)[0], None)))
    dus = [a["aide_due"] for a in recu["medecins"][0]["resultats"][1]["annees"]]
    assert dus == ATTENDUS["Convention de 2024"]


# --- CSV ------------------------------------------------------------------------------------------


def test_le_csv_a_les_deux_lois_annee_par_annee() -> None:
    lignes = tableau(exemple(CAMILLE))
    for loi, attendus in ATTENDUS.items():
        siennes = [ligne for ligne in lignes if ligne["Loi"] == loi]
        assert [ligne["Année"] for ligne in siennes] == [str(an) for an in range(2023, 2028)]
        dus = [float(ligne[label("aide_due")].replace(",", ".")) for ligne in siennes]
        assert dus == attendus
    troisieme = lignes[2]
    assert troisieme[label("part_aide_versee")] == "0,5"
    assert troisieme[label("aide_due")] == "10500,00"
    assert troisieme[label("date_anniversaire")] == "10/09/2025"
    assert troisieme[label("part_aide_hypothese")] == "oui"
    assert troisieme[label("option_etp")] == "1 ETP"


def test_le_csv_garde_le_signe_d_un_trop_verse() -> None:
    """Ended on 2025-12-31, once 183 of the 365 days of year 2 were run, which was paid ahead."""
    saisie = exemple("contrat_resilie")
    (deuxieme,) = [
        ligne
        for ligne in tableau(saisie)
        if ligne["Loi"] == "Convention de 2024" and ligne["Année"] == "2025"
    ]
    # 28 000 × 183 / 365 = 14 038,36, less the 28 000 paid: a number, with no apostrophe before it.
    assert deuxieme[label("aide_due")] == "14038,36"
    assert deuxieme[label("solde")] == "-13961,64"


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_aucun_texte_du_csv_ne_peut_etre_une_formule(debut: str) -> None:
    assert sans_formule(f"{debut}cmd|' /C calc'!A0").startswith("'")
    assert sans_formule("Secteur 1") == "Secteur 1"


# --- Tests of OpenFisca ---------------------------------------------------------------------------


def test_le_yaml_a_un_essai_par_loi() -> None:
    essais = yaml.safe_load(telecharger("yaml", exemple(CAMILLE)))
    assert len(essais) == 2
    for essai, (loi, attendus) in zip(essais, ATTENDUS.items(), strict=True):
        assert essai["name"].endswith(loi)
        assert list(essai["output"]["aide_due"].values()) == attendus
        assert essai["input"]["date_signature"] == "2023-09-10"
    assert "reforms" not in essais[0]
    assert essais[1]["reforms"] == convention().description["reformes"]
    assert b"&id" not in telecharger("yaml", exemple(CAMILLE))


def rejouer(chemins: list[Path]) -> tuple[int, str]:
    commande = [str(Path(sys.executable).parent / "openfisca"), "test", *map(str, chemins)]
    resultat = subprocess.run(
        [*commande, "-c", "openfisca_assistant_medical"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return resultat.returncode, resultat.stdout


@pytest.mark.long
def test_openfisca_rejoue_les_essais_et_voit_un_chiffre_change(tmp_path: Path) -> None:
    for nom in EXEMPLES:
        (tmp_path / f"{nom}.yaml").write_bytes(telecharger("yaml", exemple(nom)))
    chemins = sorted(tmp_path.glob("*.yaml"))
    code, dit = rejouer(chemins)
    assert code == 0, dit
    assert f"{2 * len(EXEMPLES)} passed" in dit
    faux = tmp_path / f"{CAMILLE}.yaml"
    faux.write_text(faux.read_text("utf-8").replace("2025: 11000.0", "2025: 11000.01"), "utf-8")
    code, dit = rejouer([faux])
    assert code != 0
    assert "1 failed" in dit


# --- Agenda ---------------------------------------------------------------------------------------


def evenements(saisie: dict[str, str]) -> dict[str, Any]:
    agenda = Calendar.from_ical(telecharger("ics", saisie))
    return {str(e["summary"]): e["dtstart"].dt for e in agenda.walk("VEVENT")}


def test_l_agenda_a_les_jours_des_versements_de_la_convention() -> None:
    """Signed on 2024-07-01: paid within two months, then the advance of year 3 on 2026-09-01."""
    jours = evenements(SIMPLE)
    assert jours["Assistant médical : Signature du contrat d’aide"] == date(2024, 7, 1)
    acompte = next(titre for titre in jours if "Acompte de la 3e année" in titre)
    assert jours[acompte] == date(2026, 9, 1)


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_un_formulaire_fautif_ne_donne_pas_de_fichier(format_: str) -> None:
    poster(f"/export/{format_}", {"zone": "zip"}, 422)


def test_un_format_inconnu_est_refuse() -> None:
    assert "csv, ics, json, yaml" in client().post("/export/pdf", data=SIMPLE).text
    assert client().post("/export/pdf", data=SIMPLE).status_code == 404


def test_un_medecin_non_eligible_a_des_fichiers_a_zero() -> None:
    saisie = SIMPLE | {"secteur_conventionnel": "secteur_3"}
    lignes = tableau(saisie)
    assert {ligne[label("aide_due")] for ligne in lignes} == {"0,00"}
    assert lignes[0][label("motif_ineligibilite")] == "Secteur conventionnel non éligible"
    assert telecharger("ics", saisie).startswith(b"BEGIN:VCALENDAR")
