"""Inputs drawn by changing those of the corpus: tokens and lines cut, doubled, taken elsewhere."""

import re
from collections.abc import Sequence

from hypothesis import strategies as st

# What readers are known to stumble on; short first, as drawn inputs shrink towards them.
MOTS = (
    *map(
        str.encode,
        (
            *["", "0", "1", "-1", "null", "true", "~", '""', "[]", "{}", ":", ",", "'", '"', "\n"],
            *["  ", "\t", "&a", "*a", "!!python/object:os.system", "<<", "---", "...", "? ", "- "],
            *["|", ">", "1.9", "1e400", "-0.0", ".inf", ".nan", "NaN", "Infinity", "1_000", "0x10"],
            *["0o7", "1e5", "2147483648", "9" * 25, "9" * 5_000, "9**9**9", "٣", "é", "’", "🩺"],
            *["\u2028", "\u202e", "\x00", "\x1b[2J", "\ufeff", "\\ud800", "%00", "%ff", "+", "%"],
            *["&", "=", ";", "2024", "2024-02-30", "2024-06-22", "9999-12-31", "10000-01-01"],
            *["1899-12-31", "0001", "ETERNITY", "year:2024:2", "year:2017:1000000", "year:2024-03"],
            *["month:2024-03", "/", "../..", "medecins", "cabinets", "membres", "metadata", "unit"],
            *["children", "__class__"],
        ),
    ),
    *[b"\xff", b"\xed\xa0\x80", b"\xc3"],
)
_JETONS = re.compile(rb"[\w.\-\x80-\xff]+|\s+|.", re.S)


@st.composite
def changer(draw: st.DrawFn, semences: Sequence[bytes], mots: Sequence[str]) -> bytes:
    """A seed after a few changes.

    Args:
        draw: of Hypothesis.
        semences: inputs of the corpus.
        mots: words of the door, beside those of every door.
    """
    connus = (*MOTS, *(mot.encode() for mot in mots))
    octets = draw(st.sampled_from(semences))
    for _ in range(draw(st.integers(0, 4))):
        jetons = _JETONS.findall(octets)
        debut = draw(st.integers(0, len(jetons)))
        fin = min(len(jetons), debut + draw(st.integers(0, 6)))
        mis: Sequence[bytes]
        geste = draw(st.sampled_from(("couper", "mettre", "doubler", "greffer", "octet")))
        if geste == "couper":
            mis = ()
        elif geste == "mettre":
            mis, fin = (draw(st.sampled_from(connus)),), min(fin, debut + 1)
        elif geste == "doubler":
            mis = jetons[debut:fin] * draw(st.integers(2, 30))
        elif geste == "greffer":
            lignes = draw(st.sampled_from(semences)).splitlines(keepends=True) or [b""]
            mis, fin = (draw(st.sampled_from(lignes)),), debut
        else:
            mis, fin = (bytes([draw(st.integers(0, 255))]),), min(fin, debut + 1)
        octets = b"".join((*jetons[:debut], *mis, *jetons[fin:]))
    return octets
