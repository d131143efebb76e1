"""What is read from a synthetic population, beside the figures that it was held to."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy
import pyarrow as pa
from numpy.typing import NDArray

from openfisca_assistant_medical.nomenclatures import OptionETP
from openfisca_assistant_medical.population import arrow
from openfisca_assistant_medical.population.hypotheses import lire_hypotheses
from openfisca_assistant_medical.population.synthese.engendrement import DemandeRefusee
from openfisca_assistant_medical.population.synthese.latente import (
    GENERALISTE,
    NIVEAUX,
    SPECIALITES,
    Choix,
    Lois,
    Reels,
    lois_des_comptes,
)
from openfisca_assistant_medical.population.synthese.signatures import cumul_publie, signatures

ERREURS_TYPES = 4
Ligne = dict[str, Any]


def origine(observe: Ligne) -> Ligne:
    """Day, source and reason of an entry of the assumptions."""
    return {
        "date": observe.get("date"),
        "source": observe.get("source") or observe.get("hors_registre"),
        "pourquoi": observe["pourquoi"],
    }


def en_numpy(colonne: Any) -> NDArray[Any]:
    """A column as an array: days as days, the codes of a coded one.

    Raises:
        DemandeRefusee: a cell is empty, as none is in a synthetic population.
    """
    if colonne.null_count:
        raise DemandeRefusee(
            "calage : des cellules de la table sont vides. Remède : donner la table d’engendrer ou "
            "de ecrire_population, telle quelle."
        )
    entier = colonne.combine_chunks()
    if pa.types.is_dictionary(entier.type):
        entier = entier.indices
    if pa.types.is_date32(entier.type):
        return arrow.en_numpy(entier.view(pa.int32())).astype("datetime64[D]")
    return arrow.en_numpy(entier)


class Mesure:
    """A population, and what is read from it more than once."""

    def __init__(self, table: pa.Table, mention: Ligne) -> None:
        self.table, self.graine = table, int(mention["graine"])
        self.lois: Lois = lois_des_comptes()
        self.hypotheses = lire_hypotheses()
        fin = date.fromisoformat(mention["derniere_signature"])
        self.fin, self.courbe = fin, signatures(fin)
        self.jours = self.colonne("date_signature")
        self.specialite = self.colonne("specialite")
        self.texte = self.lois.texte(self.jours)
        nouveau = self.colonne("date_installation") > numpy.datetime64("1970-01-01")
        self.nouveau: Choix = nouveau
        self.anciens: Choix = ~nouveau & (self.specialite == GENERALISTE)
        self.departs_anciens = self.colonne("patientele_mt_initiale")[self.anciens]

    def colonne(self, nom: str) -> NDArray[Any]:
        """A column; the codes of a coded one."""
        return en_numpy(self.table.column(nom))

    def avant(self, jour: str) -> Choix:
        """Contracts signed by the end of a day."""
        return self.jours <= numpy.datetime64(jour)

    def signatures(self) -> Iterator[Ligne]:
        """Contracts signed by each date."""
        nombre = len(self.jours)
        for observe in self.hypotheses["contrats_cumules"][1:]:
            if date.fromisoformat(observe["date"]) <= self.fin:
                yield {
                    "cible": "Contrats signés",
                    "unite": "contrats",
                    **origine(observe),
                    "publie": float(observe["valeur"]),
                    "atteint": float(self.avant(observe["date"]).mean() * self.courbe.total),
                    # Ranks are spread evenly: the gap is of some rows.
                    "tolerance": self.courbe.total * (3 + numpy.log(nombre)) / nombre,
                }

    def parts(self) -> Iterator[Ligne]:
        """Who signed, where, for what."""
        hypotheses = self.hypotheses
        options, zones = self.colonne("option_etp_initiale"), self.colonne("zone")
        series: list[tuple[str, Choix, list[Ligne]]] = [
            ("Généralistes", self.specialite == GENERALISTE, hypotheses["generalistes"]),
            ("En zone sous-dense", zones > 0, hypotheses["sous_dense"]),
        ]
        for nom, observes in hypotheses["autres_specialites"].items():
            code = SPECIALITES.index(nom)
            series.append((f"Spécialité {nom}", self.specialite == code, observes))
        for nom, observes in hypotheses["options"].items():
            option: Any = OptionETP.__members__[nom]
            series.append((option.value, options == option.index, observes))
        for titre, choix, observes in series:
            for observe in observes:
                yield self.part(titre, choix, self.avant(observe["date"]), observe)
        nouveaux = hypotheses["nouveaux_installes"]
        parmi = (self.specialite == GENERALISTE) & self.avant(nouveaux["date"])
        publie = nouveaux["contrats"] / nouveaux["sur"]
        titre = "Nouvellement installés, des généralistes"
        yield self.part(titre, self.nouveau, parmi, {**nouveaux, "part": publie})

    def part(self, titre: str, choix: Choix, parmi: Choix, observe: Ligne) -> Ligne:
        """A share of some rows."""
        nombre = int(parmi.sum())
        publie = observe.get("part")
        if publie is None:
            publie = cumul_publie(observe) / self.courbe_a(observe["date"])
        erreur = (publie * (1 - publie) / max(nombre, 1)) ** 0.5
        return {
            "cible": titre,
            "unite": "part",
            **origine(observe),
            "publie": publie,
            "atteint": float(choix[parmi].mean()) if nombre else None,
            "tolerance": observe.get("arrondi", 0) + ERREURS_TYPES * erreur,
        }

    def courbe_a(self, jour: str) -> float:
        """Contracts that the curve has signed by the end of a day, be it after the last one."""
        return signatures(max(self.fin, date.fromisoformat(jour))).cumul(jour)

    def etude(self) -> Choix:
        """General practitioners of the study of 48 months."""
        bornes = self.hypotheses["pmt_de_depart"]
        debut = numpy.datetime64(bornes["du"])
        return self.anciens & (self.jours >= debut) & self.avant(bornes["au"])

    def au_rang(self, entree: str, rang: int, choix: Choix) -> Reels:
        """Counts at the end of a contract year, NaN beyond the years given."""
        millesimes = self.jours[choix].astype("datetime64[Y]").astype(int) + 1970
        resultat = numpy.full(len(millesimes), numpy.nan)
        for millesime in numpy.unique(millesimes):
            nom = f"{entree}_{millesime + rang - 1}"
            if nom in self.table.column_names:
                ici = millesimes == millesime
                valeurs = self.colonne(nom)[choix][ici]
                resultat[ici] = numpy.where(valeurs >= 0, valeurs, numpy.nan)
        return resultat

    def patients(self) -> Iterator[Ligne]:
        """Patients of the study at the start, and what they gained."""
        etude = self.etude()
        pmt, pfa = (self.colonne(f"{e}_initiale")[etude] for e in ("patientele_mt", "file_active"))
        gain = self.au_rang("patientele_mt", 4, etude) - pmt
        bas = pmt < self.lois.percentile("pmt", 0, GENERALISTE, NIVEAUX["p50"])
        yield self.moyenne("PMT de départ des premiers généralistes", "pmt_de_depart", pmt)
        yield self.moyenne("Leur gain de PMT à 48 mois", "gain_pmt_48_mois", gain)
        titre = "Leur gain de PMT à 48 mois, départ entre P30 et P50"
        yield self.moyenne(titre, "gain_pmt_48_mois_p30_p50", gain[bas])
        hausse = (self.au_rang("file_active", 4, etude) - pfa) / (pfa.mean() if len(pfa) else 1)
        titre = "Leur hausse de PFA à 48 mois"
        yield {**self.moyenne(titre, "gain_pfa_48_mois", hausse), "unite": "part"}

    def moyenne(self, titre: str, cle: str, valeurs: Reels) -> Ligne:
        """A mean, beside a published one."""
        publiee = self.hypotheses[cle]
        nombre = len(valeurs)
        erreur = float(valeurs.std() / nombre**0.5) if nombre else 0.0
        return {
            "cible": titre,
            "unite": "patients",
            **origine({"date": publiee.get("au"), **publiee}),
            "publie": publiee["valeur"],
            "atteint": float(valeurs.mean()) if nombre else None,
            "tolerance": publiee.get("arrondi", 0.5) + ERREURS_TYPES * erreur,
        }
