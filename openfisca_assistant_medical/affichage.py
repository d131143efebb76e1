"""What the command line shows of a result: French money and dates, tables, notes.

The functions take the report of `contrats`: whatever is shown is in it.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from openfisca_assistant_medical import nomenclatures
from openfisca_assistant_medical.droit import AUCUN_JOUR
from openfisca_assistant_medical.textes import reserves

Resultat = dict[str, Any]
Note = dict[str, Any]
_LARGEUR_LIBRE = 1_000
JAMAIS = str(AUCUN_JOUR)  # in ISO, as results have it
_ETROITE, _INSECABLE = "\u202f", "\u00a0"
# The registers write « 12 500 € » with a plain space.
_MILLIERS = re.compile(r"(?<=\d) (?=\d{3}\b)")
_FRANCAIS = str.maketrans({",": _ETROITE, ".": ",", "-": "−"})
_TEXTES = {
    "aucun": "–",
    "avenant_7": "Avenant 7",
    "reglement_arbitral_2023": "Règl. 2023",
    "convention_2024": "Conv. 2024",
}
_REMEDES = {
    "aucun_texte": "L’aide existe depuis l’avenant 7. Remède : vérifier la date de signature.",
    "specialite_exclue": "Cette spécialité n’ouvre pas droit à l’aide ; rien n’y remédie.",
    "honoraires_cliniques": "Cette spécialité n’y a droit que si les honoraires cliniques, hors "
    "CCAM, forment la part minimale des honoraires sans dépassement sur douze mois. Remède : "
    "faire vérifier cette part par la CPAM.",
    "secteur": "Il faut exercer en secteur 1, ou en secteur 2 avec l’OPTAM. Remède : adhérer à "
    "l’OPTAM avant de signer.",
    "patientele_insuffisante": "La patientèle de départ doit atteindre le 30e percentile de la "
    "spécialité. Remède : signer une fois ce seuil atteint ; une première installation, un "
    "handicap ou une longue maladie en dispensent.",
    "exercice_isole": "L’avenant 7 demandait un exercice regroupé, ou une zone sous-dense. "
    "Remède : déclarer l’exercice regroupé s’il l’est ; le règlement arbitral ne le demande plus.",
    "option_fermee": "L’option ne pouvait être souscrite le jour de la signature. Remède : "
    "choisir une option ouverte ce jour-là ; celle de 1/2 ETP l’est toujours.",
    "carence": "La fin d’un contrat précédent impose un délai. Remède : signer à partir du {}.",
}
_SIGNES = {
    "?": "« ? » inconnue, supposée favorable",
    "*": "« * » fondée sur une hypothèse",
    "~": "« ~ » fondée sur un objectif estimé",
}
_DECISION = "decision_cpn"
_COTES = ("Base", "Convention")  # the two laws that --comparer sets side by side
# Further assumptions of an estimate, by the variable that says each, whose reserve tells it.
HYPOTHESES_DE_L_ESTIMATION = {
    "demi_etp": "estimation_a_demi_etp",
    "sous_la_convention": "estimation_sous_la_convention",
}
_OPTIONS = {
    "tiers_etp": "elle ne se garde que si elle est celle de la signature",
    "un_etp": "le texte de ces années ne l’ouvre qu’en zone sous-dense",
    "": "il faut à la fois la convention de 2024, la médecine générale, une ZIP, un contrat à "
    "1 ETP antérieur, tous ses objectifs atteints et la troisième année de contrat",
}
SECRETAIRE_NON_REMPLACE = (
    "Rien n’est payé : le secrétaire devenu assistant n’est pas remplacé à temps, ou à temps de "
    "travail égal."
)
_VERSEMENTS_COLLECTIFS = "Ses versements ne sont pas datés par la source."
_COLLECTIF = "l’aide du contrat collectif va à la société."
_NOMS = {
    "patient": "patient",
    "medecin": "médecin",
    "year": "an",
    "prorogation": "prorogation",
    "heure": "heure",
    "semaine": "semaine",
    "bloc": "bloc",
}
_MANQUES = {
    "observe": "{compte} observée",
    "objectif": "objectif de {compte}",
    "depart": "{compte} de départ",
    "percentile": "30e percentile de {compte}, non publié",
}


def euros(montant: float) -> str:
    """An amount in euros the French way, with no space where a line may break."""
    return f"{montant + 0.0:,.2f}".translate(_FRANCAIS) + f"{_INSECABLE}€"


def jour(iso: str | None) -> str:
    """An ISO date as 10/09/2024; a dash where there is none."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else "–"


def pourcent(part: float) -> str:
    """A share as a percentage, to four figures."""
    return f"{100 * part:.4g}".translate(_FRANCAIS) + f"{_INSECABLE}%"


def libelle(enumeration: str, nom: str) -> str:
    """Label of a member of an Enum of the model."""
    texte: str = getattr(nomenclatures, enumeration)[nom].value
    return texte


def majuscule(texte: str) -> str:
    """A text at the start of a sentence."""
    return texte[:1].upper() + texte[1:]


def minuscule(texte: str) -> str:
    """A label inside a sentence: its first letter only, « PMT » stays."""
    return texte if texte[1:2].isupper() else texte[:1].lower() + texte[1:]


def en_mots(valeur: Any, unite: str | None = None) -> str:
    """A value as people write it: amounts, shares, days, yes and no, counts with their unit."""
    if valeur is None:
        return "–"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, str):
        return _jour_ou_mot(valeur)
    if unite == "currency":
        return euros(valeur)
    if unite == "/1":
        return pourcent(valeur)
    if unite == "month":
        return f"{valeur:g}{_INSECABLE}mois"
    nombre = f"{valeur:,.12g}".translate(_FRANCAIS)
    if unite == "etp":
        return f"{nombre}{_INSECABLE}ETP"
    nom = _NOMS.get(unite or "")
    return nombre if nom is None else f"{nombre}{_INSECABLE}{nom if abs(valeur) < 2 else nom + 's'}"


def _jour_ou_mot(texte: str) -> str:
    try:
        return "aucune date" if texte == JAMAIS else jour(texte)
    except ValueError:
        return texte


def suite(annees: Iterable[int]) -> str:
    """Years in words: « 2024 », « 2024 et 2025 », « 2024 à 2026 »."""
    liste = sorted(annees)
    if len(liste) > 2 and liste[-1] - liste[0] == len(liste) - 1:
        return f"{liste[0]} à {liste[-1]}"
    return " et ".join(filter(None, (", ".join(map(str, liste[:-1])), str(liste[-1]))))


# --- Notes ----------------------------------------------------------------------------------------


def notes(resultat: Resultat) -> list[Note]:
    """What must be said under a result: `{"code", "annees", "texte"}`, in reading order."""
    if not resultat["eligible"]:
        motif = resultat["motif_ineligibilite"]
        return [noter(motif, [], _REMEDES[motif].format(jour(resultat["date_fin_carence"])))]
    return [
        *_notes_du_contrat(resultat),
        *_notes_du_montant(resultat),
        *_notes_de_l_estimation(resultat),
        *_notes_de_la_part(resultat),
        *_notes_du_versement(resultat),
    ]


def sans_contrat_individuel() -> list[Note]:
    """What is said of a doctor who is in a collective contract alone."""
    return [noter("sans_contrat_individuel", [], f"Aucun contrat individuel : {_COLLECTIF}")]


def versements_collectifs(seul: bool) -> list[Note]:
    """What a calendar says of a collective contract, whether it is the only one of a doctor."""
    note = sans_contrat_individuel()[0]
    if not seul:
        note = noter("contrat_collectif", [], majuscule(_COLLECTIF))
    return [{**note, "texte": f"{note['texte']} {_VERSEMENTS_COLLECTIFS}"}]


def resiliation_apres_le_terme(resiliation: str, fin: str) -> Note:
    """What is said of a termination that comes once the contract is over."""
    return noter(
        "resiliation_apres_le_terme",
        [],
        f"La résiliation du {jour(resiliation)} n’a pas d’effet : le contrat a pris fin le",
        f"{jour(fin)}, à son terme.",
    )


def option_inaccessible(option: str, annees: Iterable[int] = ()) -> str:
    """Why an option pays nothing, and in which years where they have to be said."""
    dites = f" ({suite(annees)})" if annees else ""
    return (
        f"L’option {libelle('OptionETP', option)} n’est pas accessible et rien n’est payé{dites} : "
        f"{_OPTIONS.get(option, _OPTIONS[''])}."
    )


def decidee(cas: str) -> bool:
    """Whether the commission set the part, by its case: no table, and no estimate, did."""
    return cas == _DECISION


def notes_de_comparaison(avant: Resultat, apres: Resultat) -> list[Note]:
    """What must be said of the difference between two results."""
    paires = zip(avant["annees"], apres["annees"], strict=True)
    seules = [
        une["annee"]
        for une, autre in paires
        if bool(une["rang_annee_contrat"]) != bool(autre["rang_annee_contrat"])
    ]
    if not seules:
        return []
    texte = f"Écart ({suite(seules)}) : le contrat ne court que sous l’une des deux lois."
    return [noter("terme_different", seules, texte)]


def noter(code: str, annees: list[int], *phrases: str) -> Note:
    """A note, from its sentences, or pieces of them."""
    return {"code": code, "annees": annees, "texte": " ".join(phrases)}


def _ouvertes(resultat: Resultat) -> list[Resultat]:
    return [annee for annee in resultat["annees"] if annee["droit_ouvert"]]


def _notes_du_contrat(resultat: Resultat) -> Iterator[Note]:
    if not resultat["eligibilite_connue"]:
        yield noter(
            "eligibilite_inconnue",
            [],
            "L’éligibilité suppose l’activité minimale atteinte, ce qu’on ne peut pas vérifier :",
            "le compte de départ ou le 30e percentile de la spécialité manque.",
            "À demander à la CPAM.",
        )
    if not resultat["remplacement_secretaire_conforme"]:
        yield noter(
            "secretaire_non_remplace",
            [],
            SECRETAIRE_NON_REMPLACE,
            "Le délai court du recrutement de l’assistant ou, s’il n’est pas donné, de la "
            "signature.",
            "Remède : donner à la CPAM la preuve de son remplacement.",
        )
    if resultat["sans_terme"]:
        texte = "Le contrat se poursuit au-delà des années montrées : voir l’option --annees."
        yield noter("suite", [], texte)


def _notes_du_montant(resultat: Resultat) -> Iterator[Note]:
    fermees: dict[str, list[int]] = {}
    for annee in resultat["annees"]:
        if annee["rang_annee_contrat"] and not annee["option_accessible"]:
            fermees.setdefault(annee["option_etp"], []).append(annee["annee"])
    for option, annees in fermees.items():
        yield noter("option_inaccessible", annees, option_inaccessible(option, annees))
    if annees := [a["annee"] for a in resultat["annees"] if a["aide_maximale_plancher"]]:
        yield noter(
            "plancher",
            annees,
            f"≥ : le maximum est un plancher ({suite(annees)}), car un compte ou un percentile",
            "qui fixe la tranche n’est pas connu. Demander à la CPAM la tranche de patientèle.",
        )


def _notes_de_l_estimation(resultat: Resultat) -> Iterator[Note]:
    estimees = [
        annee
        for annee in _ouvertes(resultat)
        if annee["estimation"] and not decidee(annee["cas_modulation"])
    ]
    if estimees:
        annees = [annee["annee"] for annee in estimees]
        gain = estimees[0]["estimation"]  # read at the signature: the same every year
        yield noter(
            "estimation",
            annees,
            f"Estimation : l’objectif de PMT de {suite(annees)} ({gain['patients_en_plus']}",
            f"patients en plus, de {gain['au_moins']} à {gain['au_plus']} selon les courbes",
            "possibles) vient d’une courbe calibrée sur un seul point publié, et non du texte.",
            *_hypotheses(gain["hypotheses"]),
            _ce_qui_est_estime(estimees),
            "À demander à la CPAM.",
        )


def _hypotheses(noms: list[str]) -> Iterator[str]:
    """What the register says of each further assumption of an estimate."""
    variables = {HYPOTHESES_DE_L_ESTIMATION[nom] for nom in noms}
    return (reserve.texte for reserve in reserves() if reserve.variable in variables)


def _ce_qui_est_estime(estimees: list[Resultat]) -> str:
    parts = [annee["annee"] for annee in estimees if annee["estimation"]["part_estimee"]]
    if not parts:
        return "Aucun montant montré n’en dépend."
    return (
        f"Sont aussi des estimations la part, le dû et le solde de {suite(parts)}, et avec eux "
        "les totaux, ce qui est versé et le reste à charge."
    )


def _notes_de_la_part(resultat: Resultat) -> Iterator[Note]:
    parts: dict[tuple[str, float], list[int]] = {}
    inconnus: dict[str, list[int]] = {}
    for annee in _ouvertes(resultat):
        cas, part = annee["cas_modulation"], annee["part_aide_versee"]
        if annee["inconnus"]:
            inconnus.setdefault(_manques(annee), []).append(annee["annee"])
        elif part < 1 or decidee(cas):
            parts.setdefault((cas, part), []).append(annee["annee"])
    for (cas, part), annees in parts.items():
        raison = minuscule(libelle("CasModulation", cas))
        texte = f"Part de {pourcent(part)} ({suite(annees)}), au titre de : {raison}."
        yield noter("modulation", annees, texte)
    for manques, annees in inconnus.items():
        texte = f"Part supposée favorable ({suite(annees)}), faute de connaître : {manques}."
        yield noter("part_inconnue", annees, texte, "À demander à la CPAM.")
    if annees := [a["annee"] for a in _ouvertes(resultat) if _suppose_la_table(a)]:
        yield noter(
            "hypothese_modulation",
            annees,
            f"Hypothèse ({suite(annees)}) : la table de modulation d’avant la convention de 2024",
            "n’a pas été trouvée (lecture modulation_avant_2024).",
        )


def _manques(annee: Resultat) -> str:
    inconnus = annee["inconnus"]
    return ", ".join(_MANQUES[i["manque"]].format(compte=i["compte"].upper()) for i in inconnus)


def _notes_du_versement(resultat: Resultat) -> Iterator[Note]:
    ouvertes = _ouvertes(resultat)
    if entamees := [a["annee"] for a in ouvertes if a["fraction_annee_couverte"] < 1]:
        texte = f"Contrat résilié : l’aide de {suite(entamees)} est réduite aux jours courus."
        yield noter("resiliation", entamees, texte)
    if dus := [annee for annee in ouvertes if annee["recuperation"] > 0]:
        sommes = ", ".join(f"{euros(a['recuperation'])} pour {a['annee']}" for a in dus)
        yield noter(
            "recuperation",
            [annee["annee"] for annee in dus],
            f"Trop-versé que la CPAM récupère : {sommes}.",
            "Les circonstances exceptionnelles relèvent de la commission paritaire nationale",
            "(CPN).",
        )


# --- Tables ---------------------------------------------------------------------------------------


def afficher(console: Console, rapport: dict[str, Any]) -> None:
    """Show a whole report, doctor by doctor."""
    seule = len(rapport["lois"]) == 1
    noms = ("Loi appliquée",) if seule else _COTES
    for nom, loi in zip(noms, rapport["lois"], strict=True):
        paragraphe(console, f"{nom} : {loi['nom']}.")
    for medecin in rapport["medecins"]:
        resultats = medecin["resultats"]
        console.print()
        resiliation = medecin["situation"].get("date_resiliation", {}).get("ETERNITY")
        paragraphe(console, _titre(medecin), style="bold")
        if medecin["contrat"]["date_signature"] is None:
            paragraphe(console, resultats[0]["notes"][0]["texte"], retrait="- ")
            continue
        for nom, resultat in zip(noms, resultats, strict=True):
            style = "green" if resultat["eligible"] else "red"
            dit = ("" if seule else f"{nom} : ") + verdict(resultat, resiliation)
            paragraphe(console, dit, style=style)
        console.print()
        if any(resultat["eligible"] for resultat in resultats):
            if seule:
                _annees(console, resultats[0])
                _caisse(console, resultats[0])
            else:
                _comparaison(console, medecin)
            _cout(console, resultats)
            console.print()
        _toutes_les_notes(console, medecin)
    for cabinet in rapport.get("cabinets", ()):
        _contrat_collectif(console, cabinet)


def _titre(medecin: dict[str, Any]) -> str:
    contrat = medecin["contrat"]
    if contrat["date_signature"] is None:
        return f"{medecin['id']} : {libelle('Specialite', contrat['specialite'])}"
    return (
        f"{medecin['id']} : {libelle('Specialite', contrat['specialite'])}, "
        f"{libelle('OptionETP', contrat['option_etp_initiale'])}, "
        f"contrat signé le {jour(contrat['date_signature'])}, "
        f"{minuscule(libelle('Zone', contrat['zone']))}"
    )


def verdict(resultat: Resultat, resiliation: str | None = None) -> str:
    """One sentence: eligible or not, why, until when.

    Args:
        resultat: eligibility and term of the contract.
        resiliation: day on which the contract was terminated, if it was.
    """
    if not resultat["eligible"]:
        return f"Non éligible : {libelle('MotifIneligibilite', resultat['motif_ineligibilite'])}."
    reserve = "" if resultat["eligibilite_connue"] else ", sous réserve de l’activité minimale"
    fin = resultat["date_fin_contrat"]
    terme = f"terme du contrat le {jour(fin)}" if fin else "contrat sans terme"
    if resiliation is not None and resiliation < (fin or JAMAIS):
        terme = f"contrat résilié le {jour(resiliation)}"
    return f"Éligible à l’aide{reserve} ; {terme}."


def _table(console: Console, *colonnes: str) -> Table:
    marge = (0, 0, 0, 2 if console.width > 90 else 0)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=marge)
    for rang, colonne in enumerate(colonnes):
        table.add_column(colonne, justify="right" if rang else "left", no_wrap=True)
    return table


def imprimer(console: Console, table: Table) -> None:
    """Print a table whole: a terminal too narrow wraps its lines, and no amount loses a digit."""
    largeur = console.width
    libre = console.options.update(max_width=_LARGEUR_LIBRE)
    console.width = max(largeur, Measurement.get(console, libre, table).maximum)
    console.print(table)
    console.width = largeur


def _maximum(montant: float, plancher: bool) -> str:
    return (f"≥{_INSECABLE}" if plancher else "") + euros(montant)


def _maximum_de(annee: Resultat) -> str:
    return _maximum(annee["aide_maximale"], annee["aide_maximale_plancher"])


def _maximum_total(resultat: Resultat) -> str:
    plancher = any(annee["aide_maximale_plancher"] for annee in resultat["annees"])
    return _maximum(resultat["total"]["aide_maximale"], plancher)


def _part(annee: Resultat) -> str:
    if not annee["droit_ouvert"]:
        return "–"
    return pourcent(annee["part_aide_versee"]) + _doute(annee)


def _doute(annee: Resultat) -> str:
    doute = "?" if not annee["part_aide_connue"] else "*" if _suppose_la_table(annee) else ""
    estimee = annee["estimation"] and annee["estimation"]["part_estimee"]
    return doute + ("~" if estimee else "")


def _suppose_la_table(annee: Resultat) -> bool:
    """Whether the part of a year rests on a table of modulation that was not found."""
    return bool(annee["part_aide_hypothese"] and not decidee(annee["cas_modulation"]))


def _debut(annee: Resultat) -> str:
    return jour(annee["date_anniversaire"]) if annee["date_anniversaire"] else str(annee["annee"])


def _texte(annee: Resultat) -> str:
    return _TEXTES[annee["texte_annee"]]


def _annees(console: Console, resultat: Resultat) -> None:
    table = _table(
        console, "Année de\ncontrat", "Rang", "Maximum", "Part", "Dû", "Acompte", "Solde"
    )
    for annee in resultat["annees"]:
        table.add_row(
            f"{_debut(annee)}\n{_texte(annee)}",
            str(annee["rang_annee_contrat"] or "–"),
            _maximum_de(annee),
            _part(annee),
            euros(annee["aide_due"]),
            f"{euros(annee['acompte'])}\n{jour(annee['date_versement_acompte'])}",
            f"{euros(annee['solde'])}\n{jour(annee['date_versement_solde'])}",
        )
    total = resultat["total"]
    table.add_section()
    montants = (euros(total[nom]) for nom in ("aide_due", "acompte", "solde"))
    table.add_row("Total", "", _maximum_total(resultat), "", *montants, style="bold")
    imprimer(console, table)


def _caisse(console: Console, resultat: Resultat) -> None:
    versements = ", ".join(
        f"{euros(montant)} en {annee}" for annee, montant in resultat["depense_annuelle"].items()
    )
    console.print()
    paragraphe(console, f"Versé par année civile : {versements}.")


def _cout(console: Console, resultats: list[Resultat]) -> None:
    """What the assistant costs and what the aid leaves to pay; only the years with a cost."""
    rangees = zip(*(resultat["annees"] for resultat in resultats), strict=True)
    if not (connues := [annees for annees in rangees if annees[0]["reste_a_charge_connu"]]):
        return
    # Under two laws, what is due is in the table above.
    titres = ["Dû", "Reste à\ncharge", "Part\ncouverte"]
    if len(resultats) > 1:
        titres = [
            titre for cote in _COTES for titre in (f"{cote}\nreste à charge", "part\ncouverte")
        ]
    table = _table(console, "Année de\ncontrat", "Coût", *titres)
    for annees in connues:
        debut = next((annee for annee in annees if annee["date_anniversaire"]), annees[0])
        dus = [euros(annee["aide_due"]) for annee in annees] if len(annees) == 1 else []
        restes = [cellule for annee in annees for cellule in _reste_et_part(annee)]
        table.add_row(_debut(debut), euros(debut["cout_employeur_annuel"]), *dus, *restes)
    console.print()
    paragraphe(console, "Coût de l’assistant", style="bold")
    imprimer(console, table)
    if any(annee["reste_a_charge"] < 0 for annees in connues for annee in annees):
        paragraphe(console, "Un reste à charge négatif est un excédent : l’aide dépasse le coût.")


def _reste_et_part(annee: Resultat) -> tuple[str, str]:
    doute = _doute(annee) if annee["droit_ouvert"] else ""
    return euros(annee["reste_a_charge"]), pourcent(annee["part_du_cout_couverte"]) + doute


def _comparaison(console: Console, medecin: dict[str, Any]) -> None:
    gauche, droite = medecin["resultats"]
    lignes = medecin["comparaison"]
    titres = [titre for cote in _COTES for titre in (f"{cote}\nmaximum", "dû")]
    table = _table(console, "Année de\ncontrat", *titres, "Écart")
    for avant, apres, ligne in zip(
        gauche["annees"], droite["annees"], lignes["annees"], strict=True
    ):
        debut = avant if avant["rang_annee_contrat"] else apres
        table.add_row(
            f"{_debut(debut)}\nrang {debut['rang_annee_contrat'] or '–'}",
            *_maximum_et_du(avant),
            *_maximum_et_du(apres),
            euros(ligne["ecart"]),
        )
    table.add_section()
    sommes = [
        cellule
        for resultat in (gauche, droite)
        for cellule in (_maximum_total(resultat), euros(resultat["total"]["aide_due"]))
    ]
    table.add_row("Total", *sommes, euros(lignes["total"]["ecart"]), style="bold")
    imprimer(console, table)
    console.print()
    caisse = _table(console, "Versé en", *_COTES, "Écart")
    for annee, ligne in lignes["depense_annuelle"].items():
        caisse.add_row(annee, *(euros(montant) for montant in ligne.values()))
    imprimer(console, caisse)


def _maximum_et_du(annee: Resultat) -> tuple[str, str]:
    return (
        f"{_maximum_de(annee)}\n{_texte(annee)}",
        f"{euros(annee['aide_due'])}\n{_part(annee)}",
    )


def _contrat_collectif(console: Console, cabinet: dict[str, Any]) -> None:
    """The collective contract of a practice, under each law that has it."""
    for resultat in cabinet["resultats"]:
        console.print()
        titre = (
            f"{cabinet['id']} : aide collective, source secondaire ; contrat signé le "
            f"{jour(resultat['date_signature'])}, {en_mots(len(cabinet['membres']), 'medecin')}"
        )
        paragraphe(console, titre, style="bold")
        style = "green" if resultat["eligible"] else "red"
        paragraphe(console, _verdict_collectif(resultat), style=style)
        console.print()
        if resultat["eligible"]:
            _annees_collectives(console, resultat)
            console.print()
        for note in resultat["notes"]:
            paragraphe(console, note["texte"], retrait="- ")
        for carence in _carences(resultat):
            paragraphe(console, carence, retrait="- ")
        parts = "".join(_part_collective(annee) for annee in resultat["annees"])
        if legende := [sens for signe, sens in _SIGNES.items() if signe in parts]:
            paragraphe(console, f"Part : {' ; '.join(legende)}.", retrait="- ")


def _verdict_collectif(resultat: Resultat) -> str:
    if not resultat["eligible"]:
        return f"Non éligible : {libelle('MotifRefusCollectif', resultat['motif'])}."
    reserve = "" if resultat["eligibilite_connue"] else ", sous réserve de points inconnus"
    fin = resultat["date_resiliation"] or resultat["date_fin"]
    return f"Éligible à l’aide collective{reserve} ; fin du contrat le {jour(fin)}."


def _carences(resultat: Resultat) -> Iterator[str]:
    """From which day each doctor may sign another contract."""
    jours: dict[str, list[str]] = {}
    for adhesion in resultat["adhesions"]:
        if adhesion["fin_carence"]:
            jours.setdefault(adhesion["fin_carence"], []).append(adhesion["medecin"])
    for libre, medecins in sorted(jours.items()):
        yield f"Nouveau contrat possible à partir du {jour(libre)} : {', '.join(medecins)}."


def _annees_collectives(console: Console, resultat: Resultat) -> None:
    table = _table(
        console, "Année de\ncontrat", "Rang", "Adhé-\nrents", "ETP", "Maximum", "PMT", "Part", "Dû"
    )
    for annee in resultat["annees"]:
        table.add_row(
            jour(annee["debut_annee"]) if annee["debut_annee"] else str(annee["annee"]),
            str(annee["rang_annee"] or "–"),
            str(len(annee["adherents"])),
            en_mots(annee["etp"]) + ("" if annee["etp_connus"] else "?"),
            euros(annee["maximale"]),
            _pmt_du_groupe(annee),
            _part_collective(annee),
            euros(annee["due"]),
        )
    total = resultat["total"]
    table.add_section()
    sommes = euros(total["maximale"]), "", "", euros(total["due"])
    table.add_row("Total", "", "", "", *sommes, style="bold")
    imprimer(console, table)


def _pmt_du_groupe(annee: Resultat) -> str:
    if not annee["rang_annee"]:
        return "–"
    return f"{en_mots(annee['pmt_groupe'])}\nsur {en_mots(annee['objectif_pmt'])}"


def _part_collective(annee: Resultat) -> str:
    if not annee["droit_ouvert"]:
        return "–"
    doute = "?" if not annee["part_connue"] else "*" if annee["part_hypothese"] else ""
    return pourcent(annee["part_versee"]) + doute


def _toutes_les_notes(console: Console, medecin: dict[str, Any]) -> None:
    """The notes, once each; with their law when they are not true of both."""
    resultats = medecin["resultats"]
    for note in (medecin["comparaison"] or {}).get("notes", ()):
        paragraphe(console, note["texte"], retrait="- ")
    dites: dict[str, list[str]] = {}
    for cote, resultat in zip(_COTES, resultats, strict=False):
        for note in resultat["notes"]:
            dites.setdefault(note["texte"], []).append(cote)
    for texte, cotes in dites.items():
        prefixe = f"{cotes[0]} : " if len(cotes) < len(resultats) else ""
        paragraphe(console, prefixe + texte, retrait="- ")
    parts = "".join(_part(annee) for resultat in resultats for annee in resultat["annees"])
    if legende := [sens for signe, sens in _SIGNES.items() if signe in parts]:
        paragraphe(console, f"Part : {' ; '.join(legende)}.", retrait="- ")


def paragraphe(console: Console, texte: str, retrait: str = "", style: str = "") -> None:
    """A paragraph, cut where French allows it: `textwrap` keeps no-break spaces together."""
    console.print(Text(couper(texte, console.width, retrait), style=style), soft_wrap=True)


def couper(texte: str, largeur: int, retrait: str = "") -> str:
    """A paragraph in lines of a width: rich would break at a no-break space."""
    return textwrap.fill(
        insecable(texte),
        width=max(largeur, 20),
        initial_indent=retrait,
        subsequent_indent=" " * len(retrait),
        break_on_hyphens=False,
    )


def insecable(texte: str) -> str:
    """A text with no-break spaces where French has them."""
    return _MILLIERS.sub(_ETROITE, re.sub(r" (?=[:;?!»%€])|(?<=[«≥]) ", _INSECABLE, texte))
