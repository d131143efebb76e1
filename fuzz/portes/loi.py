"""Names and paths of the command line: of a law, of reforms, of a table."""

from hypothesis import strategies as st

from fuzz.portes.commande import lancer
from fuzz.verdict import Verdict, exiger, lire_json, refuse, verifier_un_rapport
from openfisca_assistant_medical.reforms.registre import connues

_OPTIONS = {
    "reforme": ("calculer", "--exemple", "senior", "--json", "--reforme"),
    "loi": ("differences", "--json", "--entre", "base"),
    "situation": ("calculer", "--json"),
    "table": ("simuler", "--annees", "2024", "--json"),
    "annees": ("calculer", "--exemple", "senior", "--json", "--annees"),
}
MOTS = (
    *("base", "convention_2024", "lectures.p95_inclus", "objectifs_estimes", "+", ".", "..", "//"),
    *("openfisca_assistant_medical.reforms.convention_2024.convention_2024", "os", "os.path.join"),
    *(
        ".yaml",
        ".csv",
        ".csv.gz",
        ".parquet",
        ".sql",
        "duckdb:",
        "?SELECT 1",
        "x" * 300,
        "2020-2030",
    ),
)


def essayer(octets: bytes) -> Verdict:
    """The option of the first line, with the rest as its value."""
    option, _, reste = octets.partition(b"\n")
    nom = option.decode("latin-1").strip()
    # No argument of a command holds what follows a NUL.
    valeur = reste.decode("utf-8", "surrogateescape").partition("\0")[0].removesuffix("\n")
    if valeur.lstrip().startswith("-"):  # another option, or the standard input
        valeur = f"./{valeur}"
    nom = nom if nom in _OPTIONS else "reforme"
    code, sortie, erreur = lancer(*_OPTIONS[nom], valeur)
    if code == 2:
        return refuse(erreur, nom, octets)
    rapport = lire_json(sortie)
    if nom in ("reforme", "situation", "annees"):
        verifier_un_rapport(rapport)
    exiger(rapport, "rapport vide")
    return Verdict(True)


@st.composite
def noms(draw: st.DrawFn) -> bytes:
    """Names made of known parts."""
    parties = st.sampled_from((*MOTS, *connues()))
    return "".join(
        (draw(st.sampled_from(sorted(_OPTIONS))), "\n", *draw(st.lists(parties, max_size=5)))
    ).encode()


def tirer() -> st.SearchStrategy[bytes]:
    """Names by their structure."""
    return noms()
