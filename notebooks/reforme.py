"""A reform written in YAML, on a synthetic population: its cost, who wins, a chart.

`marimo edit notebooks/reforme.py` opens it; `python notebooks/reforme.py` runs it.
"""

import marimo

app = marimo.App(width="medium", app_title="Essayer une réforme")


@app.cell
def _():
    import marimo as mo

    from openfisca_assistant_medical.population import comparer, engendrer

    return comparer, engendrer, mo


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Essayer une réforme

    Une réforme qui ne change que des chiffres s’écrit en YAML : des chemins, des dates, des
    valeurs. Celle-ci relève de 10 % l’aide à partir de la troisième année, à partir de 2027.
    Changer le texte, et tout se recalcule. `assistant-medical differences` montre les chemins.

    La population est **synthétique** : aucun de ces contrats n’existe, et les montants ne disent
    rien de la dépense réelle.
    """)


@app.cell
def _(mo):
    texte = mo.ui.code_editor(
        language="yaml",
        value="""\
titre: Hausse de 10 % de l’aide à partir de la troisième année
hypothese: true
sur: [convention_2024]
valeurs:
  aide.montant.demi_etp.par_defaut.rang_3_et_plus: {2027-01-01: 12_100}
  aide.montant.demi_etp.p90_p95.rang_3_et_plus: {2027-01-01: 14_300}
  aide.montant.un_etp.par_defaut.rang_3_et_plus: {2027-01-01: 24_200}
  aide.montant.un_etp.p90_p95.rang_3_et_plus: {2027-01-01: 28_600}
  aide.montant.un_et_demi_etp.par_defaut.rang_3_et_plus: {2027-01-01: 36_300}
  aide.montant.un_et_demi_etp.p90_p95.rang_3_et_plus: {2027-01-01: 42_900}
  aide.montant.deux_etp.par_defaut.rang_3_et_plus: {2027-01-01: 48_400}
  aide.montant.deux_etp.p90_p95.rang_3_et_plus: {2027-01-01: 57_200}
""",
    )
    texte
    return (texte,)


@app.cell
def _(engendrer):
    annees = range(2026, 2030)
    contrats = engendrer(2_000, 1)
    return annees, contrats


@app.cell
def _(annees, comparer, contrats, texte):
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as dossier:
        reforme = Path(dossier) / "reforme.yaml"
        reforme.write_text(texte.value, "utf-8")
        resultat = comparer(
            contrats,
            annees,
            lois=("convention_2024", f"convention_2024+{reforme}"),
            lectures=False,
        )
    reference, variante = resultat.lois
    return reference, resultat, variante


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## Ce qu’elle coûte, par année où commence l’année de contrat""")


@app.cell
def _(resultat, variante):
    cout = resultat.compute_pivot_table("aide_due", "annee", loi=variante, difference=True)
    cout
    return (cout,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## Qui gagne, selon l’option""")


@app.cell
def _(resultat):
    gagnants = resultat.compute_winners_losers(dimension="option_etp_initiale")
    gagnants
    return (gagnants,)


@app.cell
def _(cout):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.add_subplot()
    axes.bar([str(annee) for annee in cout["annee"].to_pylist()], cout["aide_due"].to_numpy() / 1e6)
    axes.set_ylabel("millions d’euros")
    axes.set_title("Ce que la réforme ajoute à l’aide due", loc="left")
    figure
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## Et ensuite

    Le même calcul, sur une vraie table et avec un rapport que l’on peut diffuser :

    ```sh
    assistant-medical simuler contrats.parquet --annees 2026-2029 \\
      --reforme reforme.yaml --sortie resultat
    assistant-medical rapport resultat
    ```
    """)


if __name__ == "__main__":
    app.run()
