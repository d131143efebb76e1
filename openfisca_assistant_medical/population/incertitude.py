"""Assumptions on what is not known: read from a file, turned into values of draws.

`hypotheses/tirages.yaml` says at its top what each field means, and is what is supposed by default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_assistant_medical.mots import proche
from openfisca_assistant_medical.situations.erreurs import montrer
from openfisca_assistant_medical.situations.fichier import analyser

ROLES = ("objectif_pmt", "objectif_pfa", "croissance_pmt", "croissance_pfa", "recours")
_PARAMETRES = {
    "uniforme": ("de", "a"),
    "triangulaire": ("de", "mode", "a"),
    "normale": ("moyenne", "ecart_type"),
}
_TEXTES = ("libelle", "pourquoi")


class HypothesesRefusees(ValueError):
    """A file of assumptions that cannot be used; the message says where, what and the remedy."""


@dataclass(frozen=True)
class Hypothese:
    """One assumption.

    Attributes:
        role: what its value does, one of `ROLES`.
        libelle: in words.
        loi: name of the distribution; `parametres`: its numbers, in the order of the name.
        dispersion: standard deviation of what each contract adds of its own.
        variantes: for `recours`, whether it leaves the reference law alone.
        sources: ids of the register; `pourquoi`: where the numbers come from.
    """

    role: str
    libelle: str
    loi: str
    parametres: tuple[float, ...]
    dispersion: float
    variantes: bool
    sources: tuple[str, ...]
    pourquoi: str

    def quantiles(self, rangs: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
        """Values at probabilities strictly between 0 and 1, same shape."""
        return numpy.asarray(self._distribution().ppf(rangs), dtype=numpy.float64)

    def en_clair(self) -> dict[str, Any]:
        """The same as the fields of a file."""
        champs = {
            "role": self.role,
            "libelle": self.libelle,
            "loi": self.loi,
            **dict(zip(_PARAMETRES[self.loi], self.parametres, strict=True)),
            "dispersion": self.dispersion,
            "variantes": self.variantes,
            "sources": list(self.sources),
            "pourquoi": self.pourquoi,
        }
        vides = {nom for nom in ("dispersion", "variantes", "sources") if not champs[nom]}
        return {nom: valeur for nom, valeur in champs.items() if nom not in vides}

    def rang(self, valeur: float) -> float:
        """Probability of being at most a value: its place in a range that takes its own place."""
        return float(self._distribution().cdf(valeur))

    def _distribution(self) -> Any:
        from scipy import stats

        if self.loi == "normale":
            return stats.norm(*self.parametres)
        de, a = self.parametres[0], self.parametres[-1]
        if self.loi == "uniforme":
            return stats.uniform(de, a - de)
        return stats.triang((self.parametres[1] - de) / (a - de), de, a - de)


def lire_les_tirages(
    source: str | PathLike[str] | Sequence[Mapping[str, Any]] | None = None,
) -> list[Hypothese]:
    """The assumptions of a file, or as `Hypothese.en_clair` gives them; None = those by default.

    Raises:
        HypothesesRefusees: the file cannot be read, or one of its fields cannot be used.
    """
    lignes: Any = source
    if source is None or isinstance(source, str | PathLike):
        ressource: Any = files(__package__) / "hypotheses" / "tirages.yaml"
        lu = ressource if source is None else Path(source)
        try:
            lignes = analyser(lu.read_bytes(), str(source or ressource.name)).get("hypotheses")
        except (OSError, ValueError) as erreur:
            raise HypothesesRefusees(f"Hypothèses « {source} » : illisibles. {erreur}") from None
    if not isinstance(lignes, list) or not lignes:
        raise HypothesesRefusees(
            "Hypothèses : attendu une liste « hypotheses », d’une hypothèse au moins."
        )
    lues = [_lire(rang, ligne) for rang, ligne in enumerate(lignes, start=1)]
    doubles = [h.role for rang, h in enumerate(lues) if h.role in {a.role for a in lues[:rang]}]
    if doubles:
        raise HypothesesRefusees(
            f"Hypothèses : le rôle « {doubles[0]} » est donné deux fois ; attendu : une hypothèse "
            "par rôle."
        )
    return lues


def _lire(rang: int, ligne: Any) -> Hypothese:
    if not isinstance(ligne, dict):
        raise HypothesesRefusees(f"Hypothèse {rang} : reçu {montrer(ligne)} ; attendu des champs.")
    role = _parmi(ligne.get("role"), ROLES, f"Hypothèse {rang}, role")
    ici = f"Hypothèse « {role} »"
    loi = _parmi(ligne.get("loi"), tuple(_PARAMETRES), f"{ici}, loi")
    connus = ("role", "loi", "dispersion", "variantes", "hypothese", "sources", *_TEXTES)
    for champ in ligne:
        _parmi(champ, (*connus, *_PARAMETRES[loi]), f"{ici}, champ")
    nombres = tuple(_nombre(ligne.get(nom), f"{ici}, {nom}") for nom in _PARAMETRES[loi])
    if loi == "normale" and nombres[1] <= 0:
        raise HypothesesRefusees(f"{ici}, ecart_type : reçu {nombres[1]} ; attendu plus que 0.")
    if loi != "normale" and not (nombres[0] < nombres[-1] and list(nombres) == sorted(nombres)):
        attendu = " < ".join(_PARAMETRES[loi]) if loi == "uniforme" else "de ≤ mode ≤ a, de < a"
        raise HypothesesRefusees(f"{ici} : reçu {nombres} ; attendu {attendu}.")
    if role == "recours" and nombres[0] < 0:
        champ = _PARAMETRES[loi][0]
        raise HypothesesRefusees(f"{ici}, {champ} : reçu {nombres[0]} ; attendu 0 au moins.")
    dispersion = _nombre(ligne.get("dispersion", 0), f"{ici}, dispersion")
    if dispersion < 0 or (dispersion and not role.startswith("croissance")):
        raise HypothesesRefusees(
            f"{ici}, dispersion : reçu {dispersion} ; attendu 0 au moins, pour une croissance."
        )
    sources = ligne.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(s, str) for s in sources):
        raise HypothesesRefusees(f"{ici}, sources : attendu une liste d’identifiants.")
    libelle, pourquoi = (str(ligne.get(nom) or "") for nom in _TEXTES)
    if not pourquoi:
        raise HypothesesRefusees(f"{ici}, pourquoi : attendu d’où viennent les nombres.")
    variantes = ligne.get("variantes", False)
    if not isinstance(variantes, bool) or (variantes and role != "recours"):
        raise HypothesesRefusees(f"{ici}, variantes : attendu true ou false, pour recours seul.")
    return Hypothese(
        role, libelle or role, loi, nombres, dispersion, variantes, tuple(sources), pourquoi
    )


def _parmi(recu: Any, admis: tuple[str, ...], ici: str) -> str:
    if isinstance(recu, str) and recu in admis:
        return recu
    raise HypothesesRefusees(
        f"{ici} : reçu {montrer(recu)} ; attendu {', '.join(admis)}{proche(str(recu), admis)}."
    )


def _nombre(recu: Any, ici: str) -> float:
    if isinstance(recu, (int, float)) and not isinstance(recu, bool) and abs(recu) < 1e6:
        return float(recu)
    raise HypothesesRefusees(f"{ici} : reçu {montrer(recu)} ; attendu un nombre.")


def rangs(tirages: int, hypotheses: int, graine: int) -> NDArray[numpy.float64]:
    """A Latin hypercube: probabilities, shape (draws, assumptions), in each slice of 1/n once."""
    alea = numpy.random.default_rng(graine)
    tranches = alea.permuted(numpy.tile(numpy.arange(tirages), (hypotheses, 1)), axis=1).T
    dans_la_tranche = alea.uniform(0.01, 0.99, size=(tirages, hypotheses))
    return numpy.asarray((tranches + dans_la_tranche) / tirages)
