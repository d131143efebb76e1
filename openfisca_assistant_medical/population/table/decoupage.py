"""Where the records of a CSV end, and which of them cannot be cut into cells.

A piece of the file is looked at as an array of bytes, a few passes for all its records.
"""

from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

ENREGISTREMENT = 2**20  # bytes of a record, at most
_MONTRES = 80
_FIN, _RETOUR, _GUILLEMET = ord("\n"), ord("\r"), ord('"')
Places = NDArray[numpy.intp]
_HORS_DE_L_ASCII = 0x80
REMEDE_UTF8 = "attendu : un texte en UTF-8. Remède : enregistrer le fichier en CSV UTF-8."


@dataclass(frozen=True)
class Forme:
    """How a file is written."""

    noms: list[str]
    separateur: str
    lignes: int  # of the header


@dataclass(frozen=True)
class Morceau:
    """A piece of the file, cut into records.

    Attributes:
        octets: from the beginning of its first record to the end of the last.
        debuts, fins: of the records, empty lines left out; `fins` are places of line ends.
        lignes: line of each record in the file.
        raisons: reason, by index of record, of those that cannot be cut into cells.
        sur_plusieurs_lignes: a cell holds a line end.
    """

    octets: bytes
    debuts: Places
    fins: Places
    lignes: NDArray[numpy.int64]
    raisons: dict[int, str]
    sur_plusieurs_lignes: bool

    def extrait(self, rang: int) -> str:
        """The beginning of a record, as a message shows it."""
        debut, fin = int(self.debuts[rang]), int(self.fins[rang])
        texte = self.octets[debut : min(fin, debut + _MONTRES)].decode("utf-8", "replace")
        return texte.rstrip("\r\n")

    def octets_sans(self, mauvais: NDArray[numpy.bool_]) -> bytes:
        """The bytes of the other records."""
        if not mauvais.any():
            return self.octets
        bords = numpy.flatnonzero(numpy.diff(numpy.concatenate([[True], mauvais, [True]])))
        suites = zip(bords[::2], bords[1::2] - 1, strict=True)  # runs of good records
        return b"".join(self.octets[self.debuts[un] : self.fins[autre] + 1] for un, autre in suites)


def decouper(octets: bytes, forme: Forme, ligne: int) -> tuple[Morceau, bytes]:
    """The records of a piece that starts at line `ligne`, and the beginning of the next one."""
    vue = numpy.frombuffer(octets, numpy.uint8)
    ouvert = None
    if b'"' in octets:  # 1 within quotes, for each byte; it wraps at 256, which is even
        ouvert = numpy.cumsum(vue == _GUILLEMET, dtype=numpy.uint8) & 1
    toutes = numpy.flatnonzero(vue == _FIN)
    fins = toutes if ouvert is None else toutes[ouvert[toutes] == 0]
    fin = int(fins[-1]) + 1 if len(fins) else 0
    debuts = numpy.concatenate([[0], fins[:-1] + 1]) if len(fins) else fins
    lignes = ligne + numpy.searchsorted(toutes, debuts)
    separateurs = numpy.flatnonzero(vue[:fin] == ord(forme.separateur))
    if ouvert is not None:
        separateurs = separateurs[ouvert[separateurs] == 0]
    bornes = numpy.searchsorted(separateurs, numpy.append(debuts, fin))
    cellules = numpy.diff(bornes) + 1
    longueurs = fins - debuts
    vides = (longueurs == 0) | ((longueurs == 1) & (vue[debuts] == _RETOUR))
    if vides.any():
        debuts, fins = debuts[~vides], fins[~vides]
        lignes, cellules = lignes[~vides], cellules[~vides]
    raisons = _nombres_de_cellules(cellules, forme, debuts, fins, octets)
    if ouvert is not None:
        raisons |= _guillemets_mal_places(vue[:fin], fins, ord(forme.separateur))
    if b"\r" in octets:
        raisons |= _retours_seuls(vue[:fin], fins)
    if not octets.isascii():
        raisons |= _hors_de_l_utf8(octets, debuts, fins)
    longs = numpy.flatnonzero(fins - debuts > ENREGISTREMENT)
    raisons |= {int(rang): "enregistrement de plus de 1 Mo." for rang in longs}
    morceau = Morceau(octets[:fin], debuts, fins, lignes, raisons, len(fins) < len(toutes))
    return morceau, octets[fin:]


def _nombres_de_cellules(
    cellules: Places, forme: Forme, debuts: Places, fins: Places, octets: bytes
) -> dict[int, str]:
    raisons = {}
    for rang in numpy.flatnonzero(cellules != len(forme.noms)).tolist():
        nombre, dedans = int(cellules[rang]), octets.count(b"\n", debuts[rang], fins[rang])
        suite = f" (elle s’étend sur {dedans + 1} lignes, à cause d’un guillemet)" if dedans else ""
        raisons[rang] = (
            f"{nombre} cellule(s){suite}, mais l’en-tête en a {len(forme.noms)}. Remède : une "
            "cellule par colonne, entre guillemets si son texte contient le séparateur ou un "
            "guillemet, qui se double alors."
        )
    return raisons


def _guillemets_mal_places(vue: Any, fins: Places, separateur: int) -> dict[int, str]:
    """A quote opens a cell, closes one, or is doubled."""
    places = numpy.flatnonzero(vue == _GUILLEMET)
    ouvrants, fermants = places[::2], places[1::2]
    avant = numpy.where(ouvrants > 0, vue[ouvrants - 1], _FIN)
    apres = vue[fermants + 1]
    bien = numpy.isin(avant, (separateur, _FIN, _GUILLEMET))
    mal = [
        ouvrants[~bien],
        fermants[~numpy.isin(apres, (separateur, _FIN, _RETOUR, _GUILLEMET))],
    ]
    raison = (
        "guillemet au milieu d’une cellule. Remède : mettre la cellule entre guillemets et doubler "
        'celui de son texte (""), ou le retirer.'
    )
    return dict.fromkeys(numpy.searchsorted(fins, numpy.concatenate(mal)).tolist(), raison)


def _retours_seuls(vue: Any, fins: Places) -> dict[int, str]:
    places = numpy.flatnonzero(vue == _RETOUR)
    seuls = places[vue[places + 1] != _FIN]
    raison = "retour chariot seul dans la ligne. Remède : finir les lignes par LF ou CRLF."
    rangs = numpy.searchsorted(fins, seuls)
    return dict.fromkeys(rangs[rangs < len(fins)].tolist(), raison)


def _hors_de_l_utf8(octets: bytes, debuts: Places, fins: Places) -> dict[int, str]:
    """Told at one go where there is none; else record after record, of those that may have some."""
    try:
        str(memoryview(octets)[: fins[-1] if len(fins) else 0], "utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return {}
    raisons = {}
    places = numpy.flatnonzero(numpy.frombuffer(octets, numpy.uint8) >= _HORS_DE_L_ASCII)
    for rang in numpy.unique(numpy.searchsorted(fins, places)).tolist():
        try:
            if rang < len(fins):
                octets[debuts[rang] : fins[rang]].decode("utf-8")
        except UnicodeDecodeError:
            raisons[rang] = f"un octet n’est pas de l’UTF-8 ; {REMEDE_UTF8}"
    return raisons
